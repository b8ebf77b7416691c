import type { FastifyError } from "fastify";
import { findRenamed } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies, TypedApp } from "../platform/http/route.ts";

/**
 * Redirects from a mentor's former username to the current one, on every route with a mentor in its path. It is only looked
 * up if no mentor has the username, so other requests cost nothing.
 */
export function redirectRenamed(app: TypedApp, { database }: Pick<Dependencies, "database">): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const { mentor } = (request.params ?? {}) as { mentor?: unknown };
    if (!(error instanceof Refusal) || error.code !== "mentor_not_found" || typeof mentor !== "string")
      throw error;
    const renamed = await findRenamed(database.public, mentor);
    if (renamed === undefined) throw error;
    const [path = "", query] = request.url.split("?", 2);
    const address = path.replace(/(\/mentors\/)[^/]+/, (_, before: string) => before + renamed);
    return reply.redirect(query === undefined ? address : `${address}?${query}`, 308);
  });
}
