import { hash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type pg from "pg";
import { LruMap } from "toad-cache";
import type { Identities, Identity } from "../platform/http/identity.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Accounts } from "./accounts.ts";

/** ms; the longest time for which a process without database notifications accepts an ended login. */
const cacheMs = 30_000;
const maxCached = 10_000;

interface Sources {
  accounts: Accounts;
  /** Connections of the accounts library. */
  pool: pg.Pool;
  feed: LiveFeed;
}

/**
 * Caches for half a minute whom a credential belongs to: for each request, the library verifies and signs several times,
 * which costs more than the rest of the request. Changes made by this process clear the cache at once, and the database
 * announces every login that ends in any process.
 */
export function openIdentities({ accounts, pool, feed }: Sources): Identities {
  const known = new LruMap<Identity>(maxCached, cacheMs);
  // Longer than the cache time of a response that was on its way when the login ended.
  const ended = new LruMap<true>(maxCached, 2 * cacheMs);
  let changes = 0;
  const forget = () => {
    changes += 1;
    known.clear();
  };
  let isListening = false;
  const listen = () => {
    if (isListening) return;
    isListening = true;
    feed.subscribe("login", anyId, (about) => {
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
      if (remembered && !ended.get(remembered.loginId)) return remembered;
      listen();
      const changesBefore = changes;
      const login = await accounts.api.getSession({ headers: toWebHeaders(request) });
      if (!login) return null;
      const { id, email, name } = login.user;
      const identity = { id, email, name, loginId: login.session.id };
      // Don't cache what was read during a sign-out.
      if (changes === changesBefore) known.set(key, identity);
      return identity;
    },
    forget,
    async readLive(loginIds) {
      const { rows } = await pool.query<{ id: string }>(
        "select id from auth.sessions where id = any ($1) and expires_at > now()",
        [loginIds],
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
