import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type {
  CalendarConnection,
  CalendarTest,
  CreateCalendarConnection,
  updateCalendarConnection,
  updateConnectedCalendar,
} from "#contract/calendarConnections.ts";
import type { ErrorCode } from "#contract/errors.ts";
import { cleanLine } from "#contract/text.ts";
import { textLimits } from "#rules/limits.ts";
import { Refusal } from "../platform/errors.ts";
import {
  CalendarProblem,
  type CalendarProblemCode,
  type Login,
  type LoginSecret,
  type RemoteCalendar,
} from "./provider.ts";
import { readConnections } from "./queries.ts";
import { listedCalendars, type Syncing, syncNext } from "./sync.ts";

/** How long a person waits for a read that they asked for; it goes on after that. */
const patienceMs = 10_000;
const reason = "only the app opens and seals the logins of connections";

/** What was found at an address, without connecting to it. */
export async function testConnection(
  syncing: Syncing,
  wish: CreateCalendarConnection,
): Promise<CalendarTest> {
  try {
    const calendars = await list(syncing, loginOf(wish, ""), wish.kind);
    return { works: true, problem: null, detail: null, calendars: calendars.map(({ name }) => name) };
  } catch (error) {
    if (!(error instanceof CalendarProblem)) throw error;
    return { works: false, problem: error.code, detail: error.detail, calendars: [] };
  }
}

/** Connects what has been found to work. @throws Refusal `calendar_…` with the provider's own words; `cap_reached` */
export async function connect(
  syncing: Syncing,
  caller: string,
  wish: CreateCalendarConnection,
): Promise<CalendarConnection> {
  const { database, logins } = syncing;
  const id = randomUUID();
  const login = orRefuse(() => loginOf(wish, id));
  const calendars = await list(syncing, login, wish.kind).catch(refuse);
  // A feed has a name of its own; a server is known by its address.
  const found = wish.kind === "feed" ? calendars[0]?.name : URL.parse(addressOf(login) ?? "")?.hostname;
  const name = wish.name ?? (cleanLine(found ?? "").trim() || wish.kind);
  await database.asSystem(reason, caller, async ({ client, last }) => {
    await client.query("select private.connect_calendars($1, $2, $3, $4, $5, $6, $7, null, $8, null)", [
      id,
      caller,
      wish.kind,
      name.slice(0, textLimits.connectionName),
      login.serverUrl,
      login.username,
      logins.seal(login.secret, id),
      listedCalendars(calendars),
    ]);
    await last.client.query("select private.note_host($1, $2)", [id, hostOf(login)]);
  });
  return readOne(syncing, caller, id);
}

/** @throws Refusal `calendar_connection_not_found`; `calendar_…` if a new login does not work */
export async function changeConnection(
  syncing: Syncing,
  caller: string,
  id: string,
  { password, url, ...settings }: z.output<typeof updateCalendarConnection>,
): Promise<CalendarConnection> {
  const { database, logins } = syncing;
  const before = await readOne(syncing, caller, id);
  const secret = orRefuse(() => newSecret(before.kind, password, url));
  if (secret) {
    const login: Login = {
      connectionId: id,
      serverUrl: before.server_url,
      username: before.username,
      secret,
      save: async () => {},
    };
    await list(syncing, login, before.kind).catch(refuse);
    await database.asSystem(reason, caller, async ({ client, last }) => {
      await client.query("select private.change_login($1, $2, $3, null, null, null)", [
        id,
        caller,
        logins.seal(secret, id),
      ]);
      await last.client.query("select private.note_host($1, $2)", [id, hostOf(login)]);
    });
  }
  if (Object.keys(settings).length > 0) {
    await database.asUser(caller, ({ db }) =>
      db.updateTable("calendar_connections").set(settings).where("id", "=", id).execute(),
    );
  }
  return readOne(syncing, caller, id);
}

/** All that was read through it is deleted with it. @throws Refusal `calendar_connection_not_found` */
export async function disconnect({ database }: Syncing, caller: string, id: string): Promise<void> {
  const { rowCount } = await database.asUser(caller, ({ client }) =>
    client.query("select from disconnect_calendars($1)", [id]),
  );
  if (rowCount === 0) throw new Refusal("calendar_connection_not_found");
}

/** Reads a connection now; returns what is known of it after ten seconds at most. @throws Refusal `calendar_connection_not_found` */
export async function syncNow(syncing: Syncing, caller: string, id: string): Promise<CalendarConnection> {
  await readOne(syncing, caller, id);
  const reading = readWhenFree(syncing, id);
  const patience = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
  await Promise.race([reading, patience]);
  // What comes later is known by the row.
  reading.catch(() => undefined);
  return readOne(syncing, caller, id);
}

/** A worker that is at it began before the person asked, and may not have seen what they want read: it is waited for. */
async function readWhenFree(syncing: Syncing, id: string): Promise<void> {
  const until = performance.now() + patienceMs;
  while ((await syncNext(syncing, id)) === "not_due" && performance.now() < until) await sleep(200);
}

/** @throws Refusal `connected_calendar_not_found` */
export async function chooseCalendar(
  syncing: Syncing,
  caller: string,
  id: string,
  { counts_as_busy, receives_sessions }: z.output<typeof updateConnectedCalendar>,
): Promise<CalendarConnection> {
  const connection = await syncing.database.asUser(caller, async ({ client }) => {
    await client.query("select from choose_connected_calendar($1, $2, $3)", [
      id,
      counts_as_busy ?? null,
      receives_sessions ?? null,
    ]);
    const { rows } = await client.query<{ connection_id: string }>(
      "select connection_id from connected_calendars where id = $1",
      [id],
    );
    return rows[0]?.connection_id;
  });
  if (connection === undefined) throw new Refusal("connected_calendar_not_found");
  return readOne(syncing, caller, connection);
}

async function readOne(
  { database, now, staleMinutes }: Syncing,
  caller: string,
  id: string,
): Promise<CalendarConnection> {
  const [found] = await database.asUser(caller, (tx) =>
    readConnections(tx, { now: now(), staleMinutes }, id),
  );
  if (!found) throw new Refusal("calendar_connection_not_found");
  return found;
}

async function list({ providers }: Syncing, login: Login, kind: string): Promise<RemoteCalendar[]> {
  const provider = providers[kind];
  if (!provider) throw new CalendarProblem("failing");
  const calendars = await provider.listCalendars(login, AbortSignal.timeout(60_000));
  if (calendars.length === 0) throw new CalendarProblem("not_found");
  return calendars;
}

function refuse(error: unknown): never {
  if (!(error instanceof CalendarProblem)) throw error;
  throw new Refusal(refusals[error.code], error.detail === null ? {} : { detail: error.detail });
}

function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    return refuse(error);
  }
}

const refusals: Readonly<Record<CalendarProblemCode, ErrorCode>> = {
  login_refused: "calendar_login_refused",
  forbidden: "calendar_login_refused",
  not_found: "calendar_not_found",
  unreachable: "calendar_unreachable",
  too_slow: "calendar_unreachable",
  limited: "calendar_unreachable",
  failing: "calendar_unreachable",
  unreadable: "calendar_unreadable",
  too_large: "calendar_too_large",
  address_private: "calendar_address_private",
  changed_elsewhere: "calendar_unreachable",
};

function loginOf(wish: CreateCalendarConnection, connectionId: string): Login {
  const save = async () => {};
  return wish.kind === "caldav"
    ? {
        connectionId,
        serverUrl: withScheme(wish.server_url),
        username: wish.username,
        secret: { kind: "password", password: wish.password },
        save,
      }
    : {
        connectionId,
        serverUrl: null,
        username: null,
        secret: { kind: "address", url: withScheme(wish.url) },
        save,
      };
}

function newSecret(kind: string, password?: string, url?: string): LoginSecret | null {
  if (kind === "caldav" && password !== undefined) return { kind: "password", password };
  if (kind === "feed" && url !== undefined) return { kind: "address", url: withScheme(url) };
  return null;
}

/** People type an address without it. */
function withScheme(address: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  const url = URL.parse(whole);
  if (url?.username !== "" || url.password !== "") throw new CalendarProblem("not_found");
  return whole;
}

function addressOf({ serverUrl, secret }: Login): string | null {
  return secret.kind === "address" ? secret.url : serverUrl;
}

/** With its port. */
function hostOf(login: Login): string | null {
  return URL.parse(addressOf(login) ?? "")?.host.slice(0, textLimits.calendarHost) || null;
}
