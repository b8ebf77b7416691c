import { randomUUID, timingSafeEqual } from "node:crypto";
import { randomPKCECodeVerifier, randomState } from "openid-client";
import { z } from "zod";
import { type CalendarReturn, type CalendarVendor, calendarVendors } from "#rules/calendarSignIn.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { calendarHomes } from "#words/calendarConnections.ts";
import { Refusal, refusalFromDatabase } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { openSealer } from "../platform/sealed.ts";
import { SignInRefused } from "./oauth.ts";
import { CalendarProblem, type CalendarProvider, type Login, type TokenSecret } from "./provider.ts";
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
  at: z.number(),
});
type Begun = z.infer<typeof begun>;

export interface CalendarSignIn {
  /** Where the browser goes, and what it keeps. @throws Refusal `not_found`, `calendar_connection_not_found` */
  begin(
    vendor: CalendarVendor,
    identity: Identity,
    connectionId: string | null,
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
    begin: async (vendor, identity, connectionId) => {
      const server = oauth[vendor];
      if (!server) throw new Refusal("not_found");
      const known = connectionId === null ? null : await find(identity, { id: connectionId, kind: vendor });
      if (connectionId !== null && !known) throw new Refusal("calendar_connection_not_found");
      const asked = {
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
        url: await server.signInUrl({ ...asked, redirectUri: redirectUriOf(vendor) }),
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
        const tokens = await server.redeem(search, { ...asked, redirectUri: redirectUriOf(vendor) });
        return await connect(vendor, provider, identity, asked, tokens);
      } catch (error) {
        return resultOf(error);
      }
    },
  };

  async function connect(
    vendor: CalendarVendor,
    provider: CalendarProvider,
    identity: Identity,
    { connectionId, account: meant }: Begun,
    secretOfLogin: TokenSecret,
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
    if (meant !== null && account !== meant && (await find(identity, { id: connectionId, kind: vendor }))) {
      return { result: "other_account" };
    }
    const calendars = await provider.listCalendars(login, signal);
    if (calendars.length === 0) throw new CalendarProblem("not_found");
    const seal = (connection: string) => syncing.logins.seal(login.secret, connection);
    const endsAt = secretOfLogin.loginEndsAt === null ? null : new Date(secretOfLogin.loginEndsAt);
    // The same account again is the same connection: what its calendars are for stays.
    const before = await find(identity, { kind: vendor, username: account });
    if (before) {
      const { rowCount } = await database.asSystem(reason, identity.id, ({ last }) =>
        last.client.query("select from private.change_login($1, $2, $3, $4)", [
          before.id,
          identity.id,
          seal(before.id),
          endsAt,
        ]),
      );
      if (rowCount) return { result: "renewed" };
    }
    await database.asSystem(reason, identity.id, ({ last }) =>
      last.client.query("select private.connect_calendars($1, $2, $3, $4, null, $5, $6, $7, $8)", [
        id,
        identity.id,
        vendor,
        calendarHomes[vendor].name,
        account,
        seal(id),
        endsAt,
        listedCalendars(calendars),
      ]),
    );
    return { result: "connected" };
  }

  async function find(
    { id: userId }: Identity,
    {
      id = null,
      kind,
      username = null,
    }: { id?: string | null; kind: CalendarVendor; username?: string | null },
  ): Promise<{ id: string; username: string | null } | undefined> {
    if (id === null && username === null) return undefined;
    const { rows } = await database.asUser(userId, ({ client }) =>
      client.query<{ id: string; username: string | null }>(
        `select id, username from calendar_connections
         where user_id = $1 and kind = $2 and ($3::uuid is null or id = $3) and ($4::text is null or username = $4)
         order by created_at limit 1`,
        [userId, kind, id, username],
      ),
    );
    return rows[0];
  }
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
