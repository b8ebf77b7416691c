import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { errors } from "#contract/errors.ts";
import { openTestApp, type TestApp } from "../../testing/testApp.ts";
import { anyone } from "./authority.ts";

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

it("lists the status of a response without a body where the client's copy is current", async () => {
  const mentor = await test.makeMentor();
  const query = "from=2026-01-01&to=2026-01-02&duration=60";
  const path = `/mentors/${mentor.id}/slots?${query}`;
  const { headers } = (await test.visitor("GET", path)).expect(200);
  const current = await test.visitor("GET", path, undefined, { "if-none-match": String(headers.etag) });
  expect(current.expect(304).text).toBe("");
  const { paths } = (await test.visitor("GET", "/openapi.json")).json as {
    paths: Record<string, { get?: { responses: Record<string, unknown> } }>;
  };
  expect(paths["/api/v1/mentors/{mentor}/slots"]?.get?.responses["304"]).toEqual({
    description: "The copy named by If-None-Match is current",
  });
});

it("notices a status that the document does not list (twin)", async () => {
  const other = await openTestApp({
    extend: (app) => {
      app.get("/api/v1/created", {
        schema: { response: { 200: z.null() } },
        preHandler: anyone,
        handler: async (_request, reply) => {
          reply.code(201 as 200);
          return null;
        },
      });
    },
  });
  await other.visitor("GET", "/created");
  await expect(other.close()).rejects.toThrow("GET /api/v1/created 201");
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
