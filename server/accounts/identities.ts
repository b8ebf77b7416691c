import { hash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type pg from "pg";
import { LruMap } from "toad-cache";
import type { Identities, Identity } from "../platform/http/identity.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Accounts } from "./accounts.ts";

/** ms; so long a session that has ended lives on at most, in a process that cannot hear of it. */
const rememberedFor = 30_000;
const rememberedAtMost = 10_000;

interface Sources {
  accounts: Accounts;
  /** Connections of the accounts library. */
  pool: pg.Pool;
  feed: LiveFeed;
}

/**
 * Remembers for half a minute whom a credential belongs to: the library verifies and signs several times for each
 * request, which costs more than all the rest of it. What this process changes is forgotten at once, and so is a session
 * that ends anywhere: the database says so.
 */
export function openIdentities({ accounts, pool, feed }: Sources): Identities {
  const known = new LruMap<Identity>(rememberedAtMost, rememberedFor);
  // Longer than an answer that was on its way when the session ended is remembered.
  const ended = new LruMap<true>(rememberedAtMost, 2 * rememberedFor);
  let changes = 0;
  const forget = () => {
    changes += 1;
    known.clear();
  };
  let isListening = false;
  const listen = () => {
    if (isListening) return;
    isListening = true;
    feed.subscribe("session", anyId, (about) => {
      if (about === "everything") forget();
      else ended.set(about, true);
    });
  };
  return {
    async read(request) {
      const { cookie, authorization } = request.headers;
      if (!cookie && !authorization) return null;
      const key = hash("sha256", `${authorization ?? ""}\n${cookie ?? ""}`, "base64");
      const remembered = known.get(key);
      if (remembered && !ended.get(remembered.sessionId)) return remembered;
      listen();
      const changesBefore = changes;
      const session = await accounts.api.getSession({ headers: toWebHeaders(request) });
      if (!session) return null;
      const { id, email, name } = session.user;
      const identity = { id, email, name, sessionId: session.session.id };
      // Not what was read while somebody signed out.
      if (changes === changesBefore) known.set(key, identity);
      return identity;
    },
    forget,
    async readLive(sessionIds) {
      const { rows } = await pool.query<{ id: string }>(
        "select id from auth.sessions where id = any ($1) and expires_at > now()",
        [sessionIds],
      );
      return new Set(rows.map(({ id }) => id));
    },
  };
}

export function toWebHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}
