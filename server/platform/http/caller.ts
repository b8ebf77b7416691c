import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { requestRefusals } from "#words/refusals.ts";
import { Refusal } from "../errors.ts";
import type { Identities, Identity } from "./identity.ts";

/** Adds `request.identity()`, which reads the login at most once, and rejects writes sent by another site's page. */
export const caller = fp<{ identities: Identities; publicUrl: string }>(
  async (app, { identities, publicUrl }) => {
    const known = new WeakMap<object, Promise<Identity | null>>();
    app.decorateRequest("identity", function identity() {
      let reading = known.get(this);
      if (!reading) {
        reading = identities.read(this).then((identity) => requireNamed(this, identity));
        known.set(this, reading);
      }
      return reading;
    });

    app.addHook("onRequest", async (request) => {
      if (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS") return;
      // Browsers attach cookies by themselves but not bearer tokens, so only cookies can be abused by another site.
      if (request.headers.cookie && isCrossSite(request, publicUrl)) {
        throw new Refusal("forbidden", { detail: requestRefusals.otherSite });
      }
    });
  },
);

/**
 * The header `For-User` names the person whose data the page shows. If another person has signed in meanwhile in another
 * tab, which shares the cookie, the request is rejected.
 * @throws Refusal `another_user`
 */
function requireNamed({ headers }: FastifyRequest, identity: Identity | null): Identity | null {
  const named = headers["for-user"];
  if (identity && named !== undefined && named !== identity.id) throw new Refusal("another_user");
  return identity;
}

/** Browsers send the origin of a write. Scripts may not, but they have no cookies to abuse. */
function isCrossSite({ headers, host }: FastifyRequest, publicUrl: string): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (origin === undefined) return site === "cross-site" || site === "same-site";
  return origin !== publicUrl && !(URL.canParse(origin) && new URL(origin).host === host);
}

declare module "fastify" {
  interface FastifyRequest {
    identity(): Promise<Identity | null>;
  }
}
