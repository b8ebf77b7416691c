import { randomUUID, timingSafeEqual } from "node:crypto";
import { randomPKCECodeVerifier, randomState } from "openid-client";
import { z } from "zod";
import {
  type CalendarPermission,
  type CalendarReturn,
  type CalendarVendor,
  calendarPermissions,
  calendarVendors,
} from "#rules/calendarSignIn.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { calendarHomes } from "#words/calendarConnections.ts";
import { Refusal, refusalFromDatabase } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { openSealer } from "../platform/sealed.ts";
import { openLogin, type SealedLogin } from "./login.ts";
import { type Redeemed, SignInRefused } from "./oauth.ts";
import { CalendarProblem, type CalendarProvider, type Login, type RemoteCalendar } from "./provider.ts";
import { storableScopes } from "./storable.ts";
import { listedCalendars, type Syncing } from "./sync.ts";

/** How long a person may take at the vendor. */
export const signInLastsMs = 15 * MINUTE_MS;
const reason = "only the app opens and seals the logins of connections";

/** What a browser keeps while its person is at the vendor. */
const begun = z.object({
  vendor: z.enum(calendarVendors),
  state: z.string(),
  verifier: z.string(),
  userId: z.uuid(),
  /** A login that has ended meanwhile, or is another person's, connects nothing. */
  loginId: z.string(),
  connectionId: z.uuid().nullable(),
  account: z.string().nullable(),
  permission: z.enum(calendarPermissions),
  at: z.number(),
});
type Begun = z.infer<typeof begun>;

export interface CalendarSignIn {
  /**
   * Where the browser goes, and what it keeps. What a known connection may do is asked for again, so that nothing is lost by
   * signing in again; to write is asked for mentors alone. @throws Refusal `not_found`, `calendar_connection_not_found`
   */
  begin(
    vendor: CalendarVendor,
    identity: Identity,
    wish: { connectionId: string | null; permission: CalendarPermission },
  ): Promise<{ url: string; kept: string }>;
  /** Connects the calendars of the account with which the person has signed in. Never throws for what may go wrong there. */
  end(
    vendor: CalendarVendor,
    identity: Identity | null,
    kept: string,
    search: string,
  ): Promise<CalendarReturn>;
}

interface SignInOptions {
  /** The accounts' secret. */
  secret: string;
  /** Without a slash at the end. */
  publicUrl: string;
}

const callbackPath = (vendor: CalendarVendor) => `/api/v1/me/calendar-connections/${vendor}/callback`;

/** Signing in at a vendor (RFC 6749, RFC 7636), in which the browser's cookie ties what comes back to the login that has asked. */
export function openSignIn(
  syncing: Pick<Syncing, "database" | "now" | "oauth" | "providers" | "logins">,
  { secret, publicUrl }: SignInOptions,
): CalendarSignIn {
  const sealer = openSealer(secret, "calendar sign-in v1");
  const { database, now, oauth, providers } = syncing;
  const redirectUriOf = (vendor: CalendarVendor) => `${publicUrl}${callbackPath(vendor)}`;

  function open(kept: string): Begun | null {
    try {
      return begun.parse(JSON.parse(sealer.open(Buffer.from(kept, "base64url"))));
    } catch {
      return null;
    }
  }

  return {
    begin: async (vendor, identity, { connectionId, permission: wished }) => {
      const server = oauth[vendor];
      if (!server) throw new Refusal("not_found");
      const known = connectionId === null ? null : await find(identity, { id: connectionId, kind: vendor });
      if (connectionId !== null && !known) throw new Refusal("calendar_connection_not_found");
      const writes = known?.may_write === true || (wished === "write" && (await isMentor(identity)));
      const asked = {
        permission: writes ? ("write" as const) : ("read" as const),
        state: randomState(),
        verifier: randomPKCECodeVerifier(),
        account: known?.username ?? null,
      };
      const keeping: Begun = {
        ...asked,
        vendor,
        userId: identity.id,
        loginId: identity.loginId,
        connectionId,
        at: now(),
      };
      return {
        url: await server.signInUrl({
          ...asked,
          redirectUri: redirectUriOf(vendor),
          isIncremental: known !== null && writes,
        }),
        kept: sealer.seal(JSON.stringify(keeping)).toString("base64url"),
      };
    },

    end: async (vendor, identity, kept, search) => {
      const [server, provider, asked] = [oauth[vendor], providers[vendor], open(kept)];
      if (!server || !provider || !asked || !identity) return { result: "expired" };
      const isOurs =
        asked.vendor === vendor &&
        asked.userId === identity.id &&
        asked.loginId === identity.loginId &&
        now() - asked.at <= signInLastsMs &&
        isSame(new URLSearchParams(search).get("state") ?? "", asked.state);
      if (!isOurs) return { result: "expired" };
      try {
        const redeemed = await server.redeem(search, { ...asked, redirectUri: redirectUriOf(vendor) });
        return await connect(provider, identity, asked, redeemed);
      } catch (error) {
        return resultOf(error);
      }
    },
  };

  async function connect(
    provider: CalendarProvider,
    identity: Identity,
    { vendor, connectionId, permission }: Begun,
    { secret: secretOfLogin, granted, subject }: Redeemed,
  ): Promise<CalendarReturn> {
    const id = randomUUID();
    const login: Login = {
      connectionId: id,
      serverUrl: null,
      username: null,
      secret: secretOfLogin,
      save: async () => {},
    };
    const signal = AbortSignal.timeout(MINUTE_MS);
    const account = await accountOf(provider, login, signal);
    const meant = connectionId === null ? null : await find(identity, { id: connectionId, kind: vendor });
    // An address may change, and an app's registration, with which the subject does.
    if (meant && meant.account_id !== subject && meant.username !== account)
      return { result: "other_account" };
    const calendars = await provider.listCalendars(login, signal);
    if (calendars.length === 0) throw new CalendarProblem("not_found");
    // The same account again is the same connection: what its calendars are for stays.
    const before = meant ?? (await find(identity, { kind: vendor, subject, username: account }));
    if (before?.may_write && !granted.mayWrite && (await works(provider, identity, before.id))) {
      return { result: "kept" };
    }
    const endsAt = secretOfLogin.loginEndsAt === null ? null : new Date(secretOfLogin.loginEndsAt);
    const seal = (connection: string) => syncing.logins.seal(login.secret, connection);
    const grant = JSON.stringify({
      account_id: subject,
      scopes: storableScopes(granted),
      may_write: granted.mayWrite,
    });
    const isChanged =
      before !== null &&
      (await database.asSystem(reason, identity.id, async ({ last }) => {
        const { rowCount } = await last.client.query(
          "select from private.change_login($1, $2, $3, $4, $5, $6)",
          [before.id, identity.id, seal(before.id), endsAt, account, grant],
        );
        return rowCount !== 0;
      }));
    if (!isChanged) {
      await database.asSystem(reason, identity.id, ({ last }) =>
        last.client.query("select private.connect_calendars($1, $2, $3, $4, null, $5, $6, $7, $8, $9)", [
          id,
          identity.id,
          vendor,
          calendarHomes[vendor].name,
          account,
          seal(id),
          endsAt,
          listedCalendars(calendars),
          grant,
        ]),
      );
    }
    const mayWriteNow = granted.mayWrite && !(isChanged && before?.may_write);
    if (mayWriteNow && permission === "write")
      await receiveSessions(identity, isChanged ? before.id : id, calendars);
    // What could be written before and cannot be any more is said, whatever was asked for.
    if (!granted.mayWrite && (permission === "write" || before?.may_write === true))
      return { result: "read_only", missing: ["write"] };
    if (!isChanged) return { result: "connected" };
    return { result: mayWriteNow ? "writable" : "renewed" };
  }

  /** Whether the login that a connection has is still accepted. @throws CalendarProblem if that cannot be told */
  async function works(provider: CalendarProvider, { id: userId }: Identity, id: string): Promise<boolean> {
    const { rows } = await database.asSystem(reason, userId, ({ last }) =>
      last.client.query<SealedLogin>("select * from private.sealed_login($1, $2)", [id, userId]),
    );
    const [sealed] = rows;
    if (!sealed) return false;
    try {
      await accountOf(provider, openLogin(syncing, sealed), AbortSignal.timeout(MINUTE_MS));
      return true;
    } catch (error) {
      if (error instanceof CalendarProblem && error.code === "login_refused") return false;
      throw error;
    }
  }

  /** Who allows sessions to be written wants them in the account's own calendar, unless another one has them already. */
  async function receiveSessions(
    { id: userId }: Identity,
    connection: string,
    calendars: readonly RemoteCalendar[],
  ): Promise<void> {
    const main = calendars.find(({ isMain, isWritable }) => isMain && isWritable);
    if (!main) return;
    await database.asUser(userId, ({ client }) =>
      client.query(
        `select choose_connected_calendar(k.id, null, true) from connected_calendars k
         where k.connection_id = $1 and k.remote_id = $2 and k.is_writable
           and not exists (select from connected_calendars r where r.user_id = k.user_id and r.receives_sessions)`,
        [connection, main.remoteId],
      ),
    );
  }

  async function isMentor({ id: userId }: Identity): Promise<boolean> {
    const { rowCount } = await database.asUser(userId, ({ client }) =>
      client.query("select from expert_profiles where id = $1", [userId]),
    );
    return rowCount === 1;
  }

  /** By its id, or by the account. */
  async function find(
    { id: userId }: Identity,
    {
      id = null,
      kind,
      subject = null,
      username = null,
    }: { id?: string | null; kind: CalendarVendor; subject?: string | null; username?: string | null },
  ): Promise<KnownConnection | null> {
    const { rows } = await database.asUser(userId, ({ client }) =>
      client.query<KnownConnection>(
        `select id, username, account_id, may_write from calendar_connections
         where user_id = $1 and kind = $2 and (id = $3 or account_id = $4 or username = $5)
         order by account_id is distinct from $4, created_at limit 1`,
        [userId, kind, id, subject, username],
      ),
    );
    return rows[0] ?? null;
  }
}

interface KnownConnection {
  id: string;
  username: string | null;
  account_id: string | null;
  may_write: boolean | null;
}

async function accountOf(provider: CalendarProvider, login: Login, signal: AbortSignal): Promise<string> {
  if (!provider.accountOf) throw new Error("Of a login with tokens the account can be read.");
  return provider.accountOf(login, signal);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function resultOf(error: unknown): CalendarReturn {
  if (error instanceof SignInRefused) {
    switch (error.reason) {
      case "denied":
        return { result: "denied" };
      case "permissions":
        return { result: "permissions", missing: [...error.missing] };
      case "not_ours":
        return { result: "expired" };
      default:
        return error.reason satisfies never;
    }
  }
  if (error instanceof CalendarProblem)
    return { result: error.code === "not_found" ? "no_calendars" : "failed" };
  if (refusalFromDatabase(error)?.code === "cap_reached") return { result: "too_many" };
  throw error;
}
