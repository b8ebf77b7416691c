import { APIError } from "better-auth/api";
import type { FastifyRequest } from "fastify";
import type pg from "pg";
import type { Identities, Identity } from "../platform/http/identity.ts";
import { openIdentityCache } from "../platform/http/identityCache.ts";
import type { LiveFeed } from "../platform/live/feed.ts";
import type { Accounts } from "./accounts.ts";
import { libraryDecides, openFindLogin } from "./findLogin.ts";

/** ms; the longest time for which a process accepts an ended login. While the feed is silent for longer, nothing is cached. */
const longestSilence = 900;

interface Sources {
  accounts: Accounts;
  /** The secret that the accounts library signs logins with. */
  secret: string;
  /** Connections of the accounts library. */
  pool: pg.Pool;
  feed: Pick<LiveFeed, "subscribe" | "silentFor">;
}

/**
 * Whom a request belongs to, from a cache that changes made by this process clear at once. While the announcements of ended
 * logins cannot be received, each request asks the database.
 */
export function openIdentities({ accounts, secret, pool, feed }: Sources): Identities {
  const opening = openFindLogin(accounts, pool, secret);
  const cache = openIdentityCache<{ identity: Identity }>(feed, () => feed.silentFor() <= longestSilence);
  return {
    read: (request) =>
      cache.read(request.headers, async () => {
        const findLogin = await opening;
        const found = await findLogin(request.headers);
        const identity = found === libraryDecides ? await askLibrary(accounts, request) : found;
        return identity && { identity };
      }),
    forget: cache.forget,
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
