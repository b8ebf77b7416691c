import type { FastifyError } from "fastify";
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
    const { rows } = await database.public.query<{ username: string }>(
      `select p.username from former_usernames f join expert_profiles p on p.id = f.expert_id
       where f.username = $1 and f.held_until > now()`,
      [mentor.toLowerCase().replaceAll("\0", "?")],
    );
    if (!rows[0]) throw error;
    const [path = "", query] = request.url.split("?", 2);
    const address = path.replace(/(\/mentors\/)[^/]+/, (_, before: string) => before + rows[0]?.username);
    return reply.redirect(query === undefined ? address : `${address}?${query}`, 308);
  });
}
