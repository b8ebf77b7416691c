import type { preHandlerAsyncHookHandler } from "fastify";
import fp from "fastify-plugin";
import { type Identity, requireIdentity } from "./identity.ts";

/** OpenAPI security requirements, by the names in documentation.ts; each alone is enough, none means any caller. */
type Credentials = Record<string, string[]>[];

const declared = new WeakMap<object, Credentials>();

/** Marks a preHandler as the declaration of who may call a route. */
export function authority(
  credentials: Credentials,
  hook: preHandlerAsyncHookHandler,
): preHandlerAsyncHookHandler {
  declared.set(hook, credentials);
  return hook;
}

const callers = new WeakMap<object, Identity>();

/** Anyone may call the route, visitors included. */
export const anyone = authority([], async () => undefined);

export const loginCredentials: Credentials = [{ session: [] }, { bearer: [] }];

/** Only signed-in people may call the route: the handler finds the person in `request.caller`. */
export const signedIn = authority(loginCredentials, async (request) => {
  callers.set(request, await requireIdentity(request));
});

/**
 * Adds `request.caller`, and requires every documented route to declare who may call it with one of its preHandlers. The
 * OpenAPI document shows the declaration as the route's `security`.
 */
export const authorities = fp(async (app) => {
  app.decorateRequest("caller", {
    getter() {
      const caller = callers.get(this);
      if (!caller) throw new Error("Only routes that declare `signedIn` have a caller.");
      return caller;
    },
  });

  app.addHook("onRoute", ({ method, url, schema, preHandler }) => {
    if (!url.startsWith("/api/v1/") || schema?.hide) return;
    const [security] = [preHandler].flat().flatMap((hook) => {
      const credentials = hook && declared.get(hook);
      return credentials ? [credentials] : [];
    });
    if (!security) throw new Error(`${method} ${url} does not declare who may call it.`);
    Object.assign(schema ?? {}, { security });
  });
});

declare module "fastify" {
  interface FastifyRequest {
    /** The signed-in person, in routes that declare `signedIn`. */
    readonly caller: Identity;
  }
}
