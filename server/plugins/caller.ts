import fp from "fastify-plugin";
import type { Accounts } from "../auth/accounts.ts";
import { type Identity, readIdentity } from "../auth/identity.ts";
import { Refusal } from "../errors.ts";

/** Gives every request `identity()`, read at most once, and turns away writes that another site's page sends. */
export const caller = fp<{ accounts: Accounts; publicUrl: string }>(async (app, { accounts, publicUrl }) => {
  const known = new WeakMap<object, Promise<Identity | null>>();
  app.decorateRequest("identity", function identity() {
    let reading = known.get(this);
    if (!reading) {
      reading = readIdentity(accounts, this);
      known.set(this, reading);
    }
    return reading;
  });

  app.addHook("onRequest", async (request) => {
    if (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS") return;
    const { origin, cookie } = request.headers;
    // Cookies travel by themselves, bearer tokens do not: only the former can be abused by another site.
    if (!origin || !cookie || origin === publicUrl) return;
    if (URL.canParse(origin) && new URL(origin).host === request.host) return;
    throw new Refusal("forbidden", { detail: "This request comes from another site." });
  });
});

declare module "fastify" {
  interface FastifyRequest {
    identity(): Promise<Identity | null>;
  }
}
