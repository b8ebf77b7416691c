import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "#contract/errors.ts";
import { sendRaw } from "../../testing/rawHttp.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";

let test: TestApp;
let address: string;
let host: string;
beforeAll(async () => {
  test = await openTestApp({ clientLimits: { headTime: 400, sweepEvery: 50 } });
  address = await test.listen();
  host = new URL(address).host;
});
afterAll(() => test.close());

type Row = [what: string, bytes: (host: string) => string, code: ErrorCode];

const unreadable: Row[] = [
  [
    "a head that is too long",
    (at) => `GET /healthz HTTP/1.1\r\nHost: ${at}\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
    "body_too_large",
  ],
  [
    "too long in its address",
    (at) => `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: ${at}\r\n\r\n`,
    "body_too_large",
  ],
  ["no HTTP at all", () => "hello there\r\n\r\n", "malformed_request"],
  ["a head that never ends", (at) => `GET / HTTP/1.1\r\nHost: ${at}\r\n`, "request_timeout"],
  ["a stray percent sign", (at) => `GET /%zz HTTP/1.1\r\nHost: ${at}\r\n\r\n`, "malformed_request"],
  [
    "a body of two lengths",
    (at) =>
      `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${at}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
    "malformed_request",
  ],
  [
    "a body over the limit",
    (at) =>
      `POST /api/auth/sign-in/email HTTP/1.1\r\nHost: ${at}\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n{`,
    "body_too_large",
  ],
  ["without a host", () => "GET /api/v1/me HTTP/1.1\r\n\r\n", "malformed_request"],
];

describe("a request that is", () => {
  it.each(unreadable)(
    "%s is answered with a problem and the headers of any other answer",
    async (_what, bytes, code) => {
      const answer = await sendRaw(address, bytes(host));
      const { request_id } = answer.problem(code);
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-request-id": request_id,
      });
      expect(answer.headers["strict-transport-security"]).toBeUndefined();
    },
  );

  it("with an unknown Expect header is answered as usual", async () => {
    const answer = await sendRaw(
      address,
      `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nExpect: a miracle\r\n\r\n`,
    );
    expect(answer.status).toBe(200);
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });
});
