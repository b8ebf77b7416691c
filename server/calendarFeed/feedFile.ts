import { hash } from "node:crypto";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies, TypedApp } from "../platform/http/route.ts";
import { limitTo } from "../platform/limits/limits.ts";
import { feedTokenHash } from "./feedToken.ts";
import { readFeed, writeFeed } from "./writeFeed.ts";

/**
 * Serves feeds to calendar programs, which know nothing but the address. Whatever else is asked for gets the same 404.
 * The route's pattern, not the address, is what logs and metrics contain.
 */
export function feedFile(app: TypedApp, { database, now, publicUrl }: Dependencies & { publicUrl: string }) {
  app.get<{ Params: { file: string } }>("/calendar/:file", {
    schema: { hide: true },
    onRequest: limitTo(app, "calendar-feed"),
    handler: async (request, reply) => {
      const userId = await findOwner(database, request.params.file);
      if (!userId) throw new Refusal("not_found");
      const entries = await database.asUser(userId, (tx) => readFeed(tx, userId, { now: now(), publicUrl }));
      const file = writeFeed(entries);
      // Weak: a response may be compressed.
      const etag = `W/"${hash("sha256", file, "base64url").slice(0, 27)}"`;
      reply
        .header("etag", etag)
        .header("cache-control", "private, no-cache")
        .header("x-robots-tag", "noindex");
      if (isKnown(request.headers["if-none-match"], etag)) return reply.status(304).send();
      return reply
        .type("text/calendar; charset=utf-8")
        .header("content-disposition", 'inline; filename="matepeak.ics"')
        .send(file);
    },
  });
}

async function findOwner(database: Database, file: string): Promise<string | null> {
  const token = file.endsWith(".ics") ? file.slice(0, -".ics".length) : "";
  const tokenHash = feedTokenHash(token);
  if (!tokenHash) return null;
  const { rows } = await database.asSystem("a feed's token says whose it is", null, ({ client }) =>
    client.query<{ owner: string | null }>({
      name: "calendar_feed_owner",
      text: "select private.calendar_feed_owner($1) as owner",
      values: [tokenHash],
    }),
  );
  return rows[0]?.owner ?? null;
}

/** RFC 9110, 13.1.2: compared weakly. */
function isKnown(seen: string | undefined, etag: string): boolean {
  const tags = seen?.match(/"[^"]*"|^\s*\*\s*$/g) ?? [];
  return tags.some((tag) => tag.trim() === "*" || etag.endsWith(tag));
}
