import type { FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../errors.ts";
import type { Identities, Identity } from "./identity.ts";

/** Gives every request `identity()`, read at most once, and turns away writes that another site's page sends. */
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
      // Cookies travel by themselves, bearer tokens do not: only the former can be abused by another site.
      if (request.headers.cookie && comesFromElsewhere(request, publicUrl)) {
        throw new Refusal("forbidden", { detail: "This request comes from another site." });
      }
    });
  },
);

/**
 * A page names the person it was opened for in the header `For-User`: meanwhile somebody else may have signed in in
 * another tab, with the same cookie. What the page asks for is then done for nobody.
 * @throws Refusal `another_user`
 */
function requireNamed({ headers }: FastifyRequest, identity: Identity | null): Identity | null {
  const named = headers["for-user"];
  if (identity && named !== undefined && named !== identity.id) throw new Refusal("another_user");
  return identity;
}

/** Browsers say where a write comes from; scripts say nothing and have no cookies to be abused. */
function comesFromElsewhere({ headers, host }: FastifyRequest, publicUrl: string): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (origin === undefined) return site === "cross-site" || site === "same-site";
  return origin !== publicUrl && !(URL.canParse(origin) && new URL(origin).host === host);
}

declare module "fastify" {
  interface FastifyRequest {
    identity(): Promise<Identity | null>;
  }
}
