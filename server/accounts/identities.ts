import { hash } from "node:crypto";
import { APIError } from "better-auth/api";
import type { FastifyRequest } from "fastify";
import type pg from "pg";
import { LruMap } from "toad-cache";
import type { Identities, Identity } from "../platform/http/identity.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";
import type { Accounts } from "./accounts.ts";
import { libraryDecides, openFindLogin } from "./findLogin.ts";

/** ms; the longest time for which a process accepts an ended login. While the feed is silent for longer, nothing is cached. */
const longestSilence = 900;
const cacheMs = 30_000;
const maxCached = 10_000;

interface Sources {
  accounts: Accounts;
  /** The secret that the accounts library signs logins with. */
  secret: string;
  /** Connections of the accounts library. */
  pool: pg.Pool;
  feed: Pick<LiveFeed, "subscribe" | "silentFor">;
}

/**
 * Caches for half a minute whom a credential belongs to. Changes made by this process clear the cache at once, and the
 * database announces every login that ends in any process. While the announcements cannot be received, each request asks
 * the database.
 */
export function openIdentities({ accounts, secret, pool, feed }: Sources): Identities {
  const opening = openFindLogin(accounts, pool, secret);
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
      if (remembered && !ended.get(remembered.loginId) && feed.silentFor() <= longestSilence)
        return remembered;
      listen();
      const changesBefore = changes;
      const findLogin = await opening;
      const found = await findLogin(request.headers);
      const identity = found === libraryDecides ? await askLibrary(accounts, request) : found;
      // Don't cache what was read during a sign-out.
      if (identity && changes === changesBefore) known.set(key, identity);
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

async function askLibrary(
  accounts: Accounts,
  request: Pick<FastifyRequest, "headers">,
): Promise<Identity | null> {
  const login = await accounts.api.getSession({ headers: toWebHeaders(request) }).catch(endedMeanwhile);
  if (!login) return null;
  const { id, email, name } = login.user;
  return { id, email, name, loginId: login.session.id };
}

/** A login that ends while the library prolongs it is none; the library throws for it. */
function endedMeanwhile(error: unknown): null {
  if (error instanceof APIError && error.statusCode === 401) return null;
  throw error;
}

export function toWebHeaders(request: Pick<FastifyRequest, "headers">): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string") headers.set(name, value);
    else for (const one of value ?? []) headers.append(name, one);
  }
  return headers;
}
