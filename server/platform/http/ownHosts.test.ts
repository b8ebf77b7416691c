import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "#contract/errors.ts";
import { captureLog } from "../../testing/logCapture.ts";
import { sendRaw } from "../../testing/rawHttp.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";

const log = captureLog("error");
let test: TestApp;
let address: string;
let port: string;
beforeAll(async () => {
  test = await openTestApp({ publicUrl: "https://book.example.org", logger: log.options });
  address = await test.listen();
  port = new URL(address).port;
});
afterAll(() => test.close());

const ask = (path: string, host: string | undefined, version = "1.1") =>
  sendRaw(address, `GET ${path} HTTP/${version}\r\n${host === undefined ? "" : `Host: ${host}\r\n`}\r\n`);

describe("our own hosts are served:", () => {
  it.each([
    "book.example.org",
    "BOOK.example.org",
    "book.example.org:443",
    "localhost:PORT",
    "127.0.0.1:PORT",
    "[::1]:PORT",
  ])("%s", async (host) => {
    const answer = await ask("/api/v1/mentors", host.replace("PORT", port));
    expect(answer.expect(200).status).toBe(200);
  });
});

describe("a host that is not ours is refused:", () => {
  const foreign: [host: string, code: ErrorCode][] = [
    ["evil.example", "unknown_host"],
    ["book.example.org.evil.example", "unknown_host"],
    ["book.example.org:444", "unknown_host"],
    ["localhost", "unknown_host"],
    ["localhost:1", "unknown_host"],
    ["10.1.2.3:PORT", "unknown_host"],
    ["[::2]:PORT", "unknown_host"],
    ["", "malformed_request"],
    ["a b", "malformed_request"],
    ["[", "malformed_request"],
    ["book.example.org@evil.example", "malformed_request"],
    ["book.example.org/evil", "malformed_request"],
    ["localhost:99999999", "malformed_request"],
  ];
  it.each(foreign)("%s", async (host, code) => {
    for (const path of [
      "/",
      "/api/v1/mentors",
      "/api/auth/get-session",
      "/api/v1/openapi.json",
      "/nowhere",
    ]) {
      (await ask(path, host.replace("PORT", port))).problem(code);
    }
    expect(log.text()).toBe("");
  });

  it("none at all, or two", async () => {
    (await ask("/api/auth/get-session", undefined)).problem("malformed_request");
    (await ask("/api/auth/get-session", undefined, "1.0")).problem("malformed_request");
    (await ask("/api/auth/get-session", "book.example.org\r\nHost: evil.example")).problem(
      "malformed_request",
    );
    expect(log.text()).toBe("");
  });
});

it("probes are served under any name, because load balancers call by address", async () => {
  for (const path of ["/healthz", "/readyz"]) {
    for (const host of ["10.1.2.3", "evil.example", "", undefined]) {
      expect((await ask(path, host)).status).toBe(200);
    }
  }
});

it.each([
  "///",
  "//[",
  "/\\",
  "//a:b",
  "//:80",
  "//evil.example/",
  "/\\evil.example",
  "/..//x",
  "/.//x?next=//[",
  "/api//v1/me",
])("GET %s leads nowhere", async (path) => {
  (await ask(path, `localhost:${port}`)).problem("not_found");
  expect(log.text()).toBe("");
});
