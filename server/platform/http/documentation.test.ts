import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { errors } from "#contract/errors.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

it("serves the OpenAPI document that it was made from", async () => {
  const answer = (await test.visitor("GET", "/openapi.json")).expect(200);
  expect(answer.json).toMatchObject({ openapi: "3.1.0", info: { title: "MatePeak" } });
  expect(answer.json).toEqual(JSON.parse(JSON.stringify(test.app.swagger())));
});

it("generates and compresses the OpenAPI document once for all callers", async () => {
  const ask = (headers: Record<string, string>) => test.app.inject({ url: "/api/v1/openapi.json", headers });
  const plain = await ask({});
  const smallest = await ask({ "accept-encoding": "br, gzip" });
  expect(smallest.headers["content-encoding"]).toBe("br");
  expect(brotliDecompressSync(smallest.rawPayload).toString()).toBe(plain.body);
  const zipped = await ask({ "accept-encoding": "gzip" });
  expect(zipped.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(zipped.rawPayload).toString()).toBe(plain.body);
  const { etag } = plain.headers;
  const swagger = vi.spyOn(test.app, "swagger");
  expect((await ask({ "if-none-match": String(etag) })).statusCode).toBe(304);
  expect((await ask({ "accept-encoding": "gzip;q=0" })).headers["content-encoding"]).toBeUndefined();
  expect(swagger).not.toHaveBeenCalled();
});

it("explains each code at the address that problems give as their type", async () => {
  const page = (await test.visitor("GET", "/api/docs/errors")).expect(200);
  expect(page.headers["content-type"]).toContain("text/html");
  for (const [code, { status, title }] of Object.entries(errors)) {
    expect(page.text).toContain(
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td>`,
    );
  }
  const { type } = (await test.visitor("GET", "/me")).problem("unauthenticated");
  expect(type).toBe("/api/docs/errors#unauthenticated");
});

it("shows the reference without asking any other site", async () => {
  const page = (await test.visitor("GET", "/api/docs/")).expect(200);
  expect(page.headers["content-type"]).toContain("text/html");
  expect(String(page.headers["content-security-policy"])).toContain("default-src 'self'");
});

it("protects every response by its headers", async () => {
  for (const path of ["/mentors", "/me", "/nowhere", "/healthz"]) {
    const { headers } = await test.visitor("GET", path);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(String(headers["content-security-policy"])).toContain("frame-ancestors 'none'");
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers["x-powered-by"]).toBeUndefined();
    if (path !== "/healthz") expect(headers["cache-control"]).toBe("no-store");
  }
});
