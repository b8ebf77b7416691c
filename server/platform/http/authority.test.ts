import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { anyone, authorities, signedIn } from "./authority.ts";
import type { Identity } from "./identity.ts";
import { problems } from "./problems.ts";

let app: FastifyInstance;
let identity: Identity | null;

async function open(): Promise<FastifyInstance> {
  app = Fastify();
  app.decorateRequest("identity", async () => identity);
  await app.register(problems);
  await app.register(authorities);
  return app;
}
afterEach(() => app.close());

const asha: Identity = { id: "a", name: "Asha", email: "asha@example.com", loginId: "s" };

describe("a route's declaration of who may call it", () => {
  it("`signedIn` rejects visitors and gives the handler the caller", async () => {
    await open();
    app.get("/api/v1/own", { preHandler: signedIn }, async ({ caller }) => caller.id);
    identity = null;
    expect((await app.inject("/api/v1/own")).statusCode).toBe(401);
    identity = asha;
    expect((await app.inject("/api/v1/own")).body).toBe("a");
  });

  it("`anyone` admits visitors", async () => {
    await open();
    app.get("/api/v1/public", { preHandler: anyone }, async () => "public");
    identity = null;
    expect((await app.inject("/api/v1/public")).body).toBe("public");
  });

  it("appears in the route's schema, for the OpenAPI document", async () => {
    await open();
    const own = { summary: "Own" };
    const shared = { summary: "Public" };
    app.get("/api/v1/own", { schema: own, preHandler: [signedIn] }, async () => "");
    app.get("/api/v1/public", { schema: shared, preHandler: anyone }, async () => "");
    expect(own).toMatchObject({ security: [{ session: [] }, { bearer: [] }] });
    expect(shared).toMatchObject({ security: [] });
  });

  it("is required: a route of the API without one is a defect, also with other preHandlers", async () => {
    await open();
    const message = "GET /api/v1/forgotten does not declare who may call it.";
    expect(() => app.get("/api/v1/forgotten", async () => "")).toThrow(message);
    expect(() => app.get("/api/v1/forgotten", { preHandler: async () => undefined }, async () => "")).toThrow(
      message,
    );
    app.get("/healthz", async () => "ok");
  });

  it("is required for `request.caller`: without `signedIn` there is none, even for a signed-in person", async () => {
    await open();
    app.get("/api/v1/public", { preHandler: anyone }, async ({ caller }) => caller.id);
    identity = asha;
    expect((await app.inject("/api/v1/public")).statusCode).toBe(500);
  });
});
