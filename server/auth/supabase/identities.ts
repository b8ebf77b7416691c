import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { LruMap } from "toad-cache";
import { unnamedPerson } from "#words/supabase.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Identities, Identity } from "../../platform/http/identity.ts";
import { anyId, type LiveFeed } from "../../platform/live/feed.ts";
import type { ReadAccessToken } from "./accessToken.ts";
import type { LoginCookie } from "./loginCookie.ts";

/** How long a login that has ended at Supabase is accepted at most, ms: nothing announces it. */
const cacheMs = 30_000;
const maxCached = 10_000;

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
 * expires although its login has ended, so the database is asked for the login, at most every half a minute for each.
 */
export function openSupabaseIdentities({ database, readToken, cookie, feed }: Sources): SupabaseIdentities {
  const known = new LruMap<{ identity: Identity; expiresAt: number }>(maxCached, cacheMs);
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

  async function prove({ authorization, cookie: header }: IncomingHttpHeaders): Promise<ProvenLogin | null> {
    const token = /^bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    return (token === undefined ? null : await readToken(token)) ?? cookie.read(header);
  }

  async function find({ userId, loginId, provedAt }: ProvenLogin): Promise<Identity | null> {
    if (ended.get(loginId)) return null;
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
    async read({ headers }) {
      if (!headers.cookie && !headers.authorization) return null;
      const key = hash("sha256", `${headers.authorization ?? ""}\n${headers.cookie ?? ""}`, "base64");
      const remembered = known.get(key);
      if (remembered && remembered.expiresAt > Date.now() && !ended.get(remembered.identity.loginId))
        return remembered.identity;
      listen();
      const changesBefore = changes;
      const login = await prove(headers);
      const identity = login && (await find(login));
      // Don't cache what was read during a sign-out.
      if (identity && changes === changesBefore) known.set(key, { identity, expiresAt: login.expiresAt });
      return identity;
    },
    find,
    forget,
    end(loginId) {
      ended.set(loginId, true);
      database.announce([{ channel: "login", id: loginId }]);
    },
    async readLive(loginIds) {
      return new Set((await readOpen(loginIds)).map(({ login }) => login));
    },
  };
}
