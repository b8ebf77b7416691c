import type { IncomingHttpHeaders } from "node:http";
import { unnamedPerson } from "#words/supabase.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Identities, Identity } from "../../platform/http/identity.ts";
import { openIdentityCache } from "../../platform/http/identityCache.ts";
import type { LiveFeed } from "../../platform/live/feed.ts";
import type { ReadAccessToken } from "./accessToken.ts";
import type { LoginCookie } from "./loginCookie.ts";

/** What a request proves by itself. */
interface ProvenLogin {
  userId: string;
  loginId: string;
  /** Epoch ms. */
  provedAt: number;
  /** Epoch ms. */
  expiresAt: number;
}

interface Sources {
  database: Database;
  readToken: ReadAccessToken;
  cookie: LoginCookie;
  feed: Pick<LiveFeed, "subscribe">;
}

export interface SupabaseIdentities extends Identities {
  /** Returns the person of a login that counts: it is open at Supabase, and the account is here. */
  find(login: ProvenLogin): Promise<Identity | null>;
  /** A login that has ended counts for nothing at once, in every process. */
  end(loginId: string): void;
}

/**
 * Whom a request belongs to: by the bearer token that supabase-js sends, or by our cookie. A token stays valid until it
 * expires although its login has ended, so the database is asked for the login, at most every half a minute for each: for so long
 * a login that has ended at Supabase is accepted, which nothing announces.
 */
export function openSupabaseIdentities({ database, readToken, cookie, feed }: Sources): SupabaseIdentities {
  const cache = openIdentityCache<{ identity: Identity; expiresAt: number }>(
    feed,
    ({ expiresAt }) => expiresAt > Date.now(),
  );

  async function prove({ authorization, cookie: header }: IncomingHttpHeaders): Promise<ProvenLogin | null> {
    const token = /^bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    return (token === undefined ? null : await readToken(token)) ?? cookie.read(header);
  }

  async function find({ userId, loginId, provedAt }: ProvenLogin): Promise<Identity | null> {
    if (cache.hasEnded(loginId)) return null;
    const [open] = await readOpen([loginId]);
    if (open?.person !== userId) return null;
    if (!open.hasSettings) await createSettings(userId, open.name);
    return { id: userId, email: open.email, name: open.name ?? unnamedPerson, loginId, provedAt };
  }

  async function readOpen(loginIds: readonly string[]) {
    const { rows } = await database.asSystem("accounts are Supabase's", null, ({ client }) =>
      client.query<{
        login: string;
        person: string;
        email: string;
        name: string | null;
        hasSettings: boolean;
      }>('select login, person, email, name, has_settings as "hasSettings" from private.open_logins($1)', [
        loginIds,
      ]),
    );
    return rows;
  }

  /** Supabase created the account: its settings here begin with the first request. */
  async function createSettings(id: string, name: string | null): Promise<void> {
    await database.asUser(id, (tx) =>
      tx.db
        .insertInto("profiles")
        .values({ id, full_name: name })
        .onConflict((conflict) => conflict.column("id").doNothing())
        .execute(),
    );
  }

  return {
    read: ({ headers }) =>
      cache.read(headers, async () => {
        const login = await prove(headers);
        const identity = login && (await find(login));
        return identity && { identity, expiresAt: login.expiresAt };
      }),
    find,
    forget: cache.forget,
    end(loginId) {
      cache.end(loginId);
      database.announce([{ channel: "login", id: loginId }]);
    },
    async readLive(loginIds) {
      return new Set((await readOpen(loginIds)).map(({ login }) => login));
    },
  };
}
