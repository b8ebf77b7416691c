import type { FastifyError } from "fastify";
import { z } from "zod";
import { findRenamed } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies, TypedApp } from "../platform/http/route.ts";

const movedPermanently = { 308: z.null().describe("The mentor has another username now: see Location") };

/**
 * Redirects from a mentor's former username to the current one, on every route with a mentor in its path. It is only looked
 * up if no mentor has the username, so other requests cost nothing.
 */
export function redirectRenamed(app: TypedApp, { database }: Pick<Dependencies, "database">): void {
  app.addHook("onRoute", ({ url, schema }) => {
    if (url.split("/").includes(":mentor")) Object.assign(schema?.response ?? {}, movedPermanently);
  });
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const { mentor } = (request.params ?? {}) as { mentor?: unknown };
    if (!(error instanceof Refusal) || error.code !== "mentor_not_found" || typeof mentor !== "string")
      throw error;
    const renamed = await findRenamed(database.public, mentor);
    if (renamed === undefined) throw error;
    const [path = "", query] = request.url.split("?", 2);
    const pattern = String(request.routeOptions.url).split("/");
    const address = path
      .split("/")
      .map((segment, index) => (pattern[index] === ":mentor" ? renamed : segment))
      .join("/");
    return reply.redirect(query === undefined ? address : `${address}?${query}`, 308);
  });
}
