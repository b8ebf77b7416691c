import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problem as problemShape } from "../../contract/problem.ts";
import { openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

/** Sends bytes that no HTTP client would and reads all that comes back. */
async function sendRaw(address: string, bytes: string): Promise<{ head: string; body: string }> {
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    answer += chunk;
  });
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  return { head, body };
}

describe("a request that is", () => {
  let address: string;
  beforeAll(async () => {
    address = await test.listen();
  });

  it.each([
    [
      "a head that is too long",
      `GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
      413,
    ],
    ["too long in its address", `GET /${"x".repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 413],
    ["no HTTP at all", "hello there\r\n\r\n", 400],
  ])("%s is answered with a problem, too", async (_what, bytes, status) => {
    const { head, body } = await sendRaw(address, bytes);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain("application/problem+json");
    expect(problemShape.parse(JSON.parse(body)).status).toBe(status);
  });
});
