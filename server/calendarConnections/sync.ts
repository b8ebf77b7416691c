import { needsOwner } from "#rules/calendarHealth.ts";
import { calendarLimits, textLimits } from "#rules/limits.ts";
import { addMs, DAY_MS, fromDate, MINUTE_MS } from "#scheduling/units.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { Connecting } from "./connectionKinds.ts";
import { openLogin } from "./login.ts";
import {
  asCalendarProblem,
  type BusyChanges,
  CalendarProblem,
  type CalendarProvider,
  type KnownCalendar,
  type Login,
  type Reach,
  type RemoteCalendar,
  type SyncState,
} from "./provider.ts";
import { keepChannels } from "./pushChannels.ts";
import { storableCalendars, storableChanges, storableTitle } from "./storable.ts";

/** Busy times are kept from yesterday to beyond the furthest time that can be booked. */
const reachDays = { before: 1, after: 420 } as const;
/** Of a read that succeeded until the next one; the jitter keeps the connections of one moment apart. */
const everyMs = 3 * MINUTE_MS;
const jitterMs = MINUTE_MS;
/** After failures in a row: 1, 2, 4 … minutes. */
const longestPauseMs = 30 * MINUTE_MS;
/** Everything of a calendar is read once a day: what a provider forgot to report is found then. */
const wholeEveryMs = DAY_MS;
/** Less than a lease. */
const longestSyncMs = 4 * MINUTE_MS;

const reason = "connections are read for many people";

export interface Syncing extends Dependencies, Connecting {
  metrics?: Pick<Metrics, "calendarReads"> | undefined;
  /** Told of a fault of ours, which its owner can do nothing about. */
  onFault(error: unknown, connectionId: string): void;
}

interface Lease {
  id: string;
  user_id: string;
  kind: string;
  server_url: string | null;
  username: string | null;
  credential: Buffer;
  shows_titles: boolean;
  lease: string;
  failures: number;
  person_zone: string;
}

interface CalendarRow {
  id: string;
  remote_id: string;
  timezone: string | null;
  sync_state: SyncState | null;
  read_fully_at: Date | null;
  objects: Record<string, string | null> | null;
  /** Refs of what we have written since the last read. */
  unread: string[] | null;
}

export type SyncOutcome = "done" | "failed" | "lost" | "not_due";

/**
 * Reads one connection that is due, or a certain one. Another worker that holds it does so instead. Nothing is locked while the
 * provider is asked: the lease is compared with each write, so that what comes late is not taken.
 */
export async function syncNext(syncing: Syncing, onlyOne: string | null = null): Promise<SyncOutcome> {
  const { database } = syncing;
  const { rows } = await database.asSystem(reason, null, ({ last }) =>
    last.client.query<Lease>("select * from private.lease_connection($1, $2)", [
      calendarLimits.readsPerHost,
      onlyOne,
    ]),
  );
  const [lease] = rows;
  if (!lease) return "not_due";
  const problem = await problemOf(syncing, lease);
  const outcome = (one: SyncOutcome, counted: string = one) => {
    syncing.metrics?.calendarReads.inc({ kind: lease.kind, outcome: counted });
    return one;
  };
  if (problem === "lost") return outcome("lost");
  const pause = problem ? pauseAfter(lease.failures, problem) : everyMs + Math.random() * jitterMs;
  const { rows: ended } = await database.asSystem(reason, null, ({ last }) =>
    last.client.query<{ held: boolean }>(
      "select private.end_sync($1, $2, $3 * interval '1 millisecond', $4, $5, $6) as held",
      [
        lease.id,
        lease.lease,
        Math.round(pause),
        problem?.code ?? null,
        problem?.detail?.slice(0, textLimits.providerMessage) ?? null,
        needsOwner(problem?.code ?? null),
      ],
    ),
  );
  if (!ended[0]?.held) return outcome("lost");
  return problem ? outcome("failed", problem instanceof OwnFault ? "fault" : problem.code) : outcome("done");
}

/** A fault of ours is reported, and ends the lease like one of the provider: the next read may go well. */
class OwnFault extends CalendarProblem {
  constructor() {
    super("unreadable");
  }
}

/** Why a connection could not be read, if it could not. */
async function problemOf(syncing: Syncing, lease: Lease): Promise<CalendarProblem | "lost" | null> {
  try {
    return (await readConnection(syncing, lease)) ? null : "lost";
  } catch (error) {
    const problem = asCalendarProblem(error);
    if (problem) return problem;
    syncing.onFault(error, lease.id);
    return new OwnFault();
  }
}

/** In ms. A provider that names a time is not asked before it. */
export function pauseAfter(failures: number, { retryAfterMs }: CalendarProblem): number {
  const usual = Math.min(2 ** Math.min(failures, 10) * MINUTE_MS, longestPauseMs);
  return Math.max(usual, retryAfterMs ?? 0);
}

/** False if the lease was lost. @throws CalendarProblem */
async function readConnection(syncing: Syncing, lease: Lease): Promise<boolean> {
  const provider = syncing.providers[lease.kind];
  if (!provider) throw new CalendarProblem("failing", { detail: "not set up here" });
  const signal = AbortSignal.timeout(longestSyncMs);
  const login = openLogin(syncing, lease);
  const reach = reachFrom(syncing, lease);
  const wholeBefore = syncing.now() - wholeEveryMs;
  const isWhole = ({ read_fully_at: at }: CalendarRow) => at === null || fromDate(at) < wholeBefore;
  let calendars = await readCalendars(syncing, lease);
  if (calendars.length === 0 || calendars.some(isWhole)) {
    await saveList(syncing, lease.id, await provider.listCalendars(login, signal));
    calendars = await readCalendars(syncing, lease);
  }
  for (const calendar of calendars) {
    const known = knownOf(calendar, isWhole(calendar));
    const changes = await readOrMissing(syncing, { provider, login, lease, known, reach, signal });
    if (changes && !(await saveChanges(syncing, lease, calendar, changes))) return false;
  }
  if (provider.watcher) await keepChannels(syncing, { lease, login, watcher: provider.watcher, signal });
  return true;
}

interface Reading {
  provider: CalendarProvider;
  login: Login;
  lease: Lease;
  known: KnownCalendar;
  reach: Reach;
  signal: AbortSignal;
}

/** Null for a calendar that its provider does not list any more: what was busy stays until its owner decides. */
async function readOrMissing(
  syncing: Syncing,
  { provider, login, lease, known, reach, signal }: Reading,
): Promise<BusyChanges | null> {
  try {
    return await provider.readBusy(login, known, reach, signal);
  } catch (error) {
    if (!(error instanceof CalendarProblem) || error.code !== "not_found") throw error;
    const listed = await provider.listCalendars(login, signal);
    if (listed.some(({ remoteId }) => remoteId === known.remoteId)) throw error;
    await saveList(syncing, lease.id, listed);
    return null;
  }
}

function reachFrom({ now }: Syncing, { person_zone: personZone }: Lease): Reach {
  return {
    from: addMs(now(), -reachDays.before * DAY_MS),
    until: addMs(now(), reachDays.after * DAY_MS),
    personZone,
    effort: { leftMs: calendarLimits.readingMs },
  };
}

async function readCalendars({ database }: Syncing, { id }: Lease): Promise<CalendarRow[]> {
  const { rows } = await database.asSystem(reason, null, ({ last }) =>
    last.client.query<CalendarRow>(
      `select k.id, k.remote_id, k.timezone, k.sync_state, k.read_fully_at,
         (select json_object_agg(o.ref, o.etag) from connected_objects o where o.calendar_id = k.id) as objects,
         (select array_agg(o.ref) from connected_objects o where o.calendar_id = k.id and o.awaits_read) as unread
       from connected_calendars k where k.connection_id = $1 and k.missing_since is null order by k.id`,
      [id],
    ),
  );
  return rows;
}

function knownOf({ remote_id, timezone, sync_state, objects }: CalendarRow, isWhole: boolean): KnownCalendar {
  return {
    remoteId: remote_id,
    timezone,
    state: isWhole ? null : sync_state,
    etags: new Map(Object.entries(objects ?? {})),
  };
}

/** As private.list_connected_calendars() takes them. */
export function listedCalendars(calendars: readonly RemoteCalendar[]): string {
  return JSON.stringify(
    storableCalendars(calendars).map(({ remoteId, name, color, timezone, isWritable, countsAsBusy }) => ({
      remote_id: remoteId,
      name,
      color,
      timezone,
      is_writable: isWritable,
      counts_as_busy: countsAsBusy,
    })),
  );
}

async function saveList({ database }: Syncing, id: string, calendars: RemoteCalendar[]): Promise<void> {
  await database.asSystem(reason, null, ({ last }) =>
    last.client.query("select private.list_connected_calendars($1, $2)", [id, listedCalendars(calendars)]),
  );
}

async function saveChanges(
  { database, now }: Syncing,
  { id, lease, shows_titles }: Lease,
  calendar: CalendarRow,
  changes: BusyChanges,
): Promise<boolean> {
  const { isFull, objects, removed: reported, state } = storableChanges(changes);
  const read = new Set(objects.map(({ ref }) => ref));
  // What was made and deleted since the last read is not always reported.
  const removed = [...reported, ...(calendar.unread ?? []).filter((ref) => !read.has(ref))];
  // The usual read finds nothing; there is then nothing to write either.
  if (!isFull && objects.length === 0 && removed.length === 0 && sameState(state, calendar.sync_state))
    return true;
  const events = objects.flatMap(({ ref, busy }) => busy.map((interval) => ({ ref, ...interval })));
  const { rows } = await database.asSystem(reason, null, ({ last }) =>
    last.client.query<{ held: boolean }>(
      `select private.write_connected_calendar(
         $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) as held`,
      [
        id,
        lease,
        calendar.id,
        objects.map(({ ref }) => ref),
        objects.map(({ etag }) => etag),
        objects.map(({ uid }) => uid),
        removed,
        isFull,
        events.map(({ ref }) => ref),
        events.map(({ startsAt }) => new Date(startsAt)),
        events.map(({ endsAt }) => new Date(endsAt)),
        events.map(({ isAllDay }) => isAllDay),
        events.map(({ title }) => (shows_titles ? storableTitle(title) : null)),
        state === null ? null : JSON.stringify(state),
        new Date(addMs(now(), reachDays.after * DAY_MS)),
      ],
    ),
  );
  return rows[0]?.held ?? false;
}

function sameState(one: SyncState | null, other: SyncState | null): boolean {
  return (
    JSON.stringify(Object.entries(one ?? {}).sort()) === JSON.stringify(Object.entries(other ?? {}).sort())
  );
}
