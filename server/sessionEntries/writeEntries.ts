import { textLimits } from "#rules/limits.ts";
import { groupEvent, readGroupEntries } from "../bookings/groupEntry.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { openLogin } from "../calendarConnections/login.ts";
import {
  asCalendarProblem,
  type CalendarEntry,
  CalendarProblem,
  type CalendarProblemCode,
  type CalendarProvider,
  type KnownEntry,
  type Login,
  type RemoteId,
} from "../calendarConnections/provider.ts";
import { storableEtag } from "../calendarConnections/storable.ts";
import { pauseAfter } from "../calendarConnections/sync.ts";
import { type EntryEvent, sessionEvent } from "../calendarEntries/sessionEntry.ts";
import { readMailSessions } from "../mail/mailSession.ts";
import type { Database } from "../platform/database/database.ts";

/** Less than a lease, so that what comes late is not sent. */
const longestCallMs = 60_000;

const reason = "sessions are written to calendars of many people";

export type Writing = { database: Database } & Connecting;

/** Of private.take_session_entry(). */
interface TakenEntry {
  /** Of the booking, or of the group session. */
  session_id: string;
  is_group: boolean;
  calendar_id: string;
  act: "check" | "put" | "remove";
  lease: string;
  ref: string | null;
  etag: string | null;
  /** A write was begun whose end is not known. */
  is_in_doubt: boolean;
  suspicions: number;
  failures: number;
  connection_id: string;
  kind: string;
  server_url: string | null;
  username: string | null;
  credential: Buffer;
  remote_id: string;
}

/** What the provider has refused for one entry it does not refuse for all. */
const ofOneEntry: ReadonlySet<CalendarProblemCode> = new Set(["changed_elsewhere", "too_large"]);
/** After these the provider may have done what was asked. */
const mayBeDone: ReadonlySet<CalendarProblemCode> = new Set([
  "unreachable",
  "too_slow",
  "failing",
  "unreadable",
]);

/**
 * Makes a mentor's calendar agree with the mentor's sessions as they are now, one entry after the other, until it does or the
 * provider fails. Nothing is locked while the provider is asked: each entry is leased, and what was done is noted only by the
 * holder of the lease. Returns when there is more to do; null if all agrees.
 */
export async function writeEntries(writing: Writing, mentorId: string): Promise<Date | null> {
  for (;;) {
    const { rows } = await asSystem<TakenEntry>(writing, "select * from private.take_session_entry($1)", [
      mentorId,
    ]);
    const [entry] = rows;
    if (!entry) break;
    await agree(writing, mentorId, entry);
  }
  const { rows } = await asSystem<{ due: Date | null }>(
    writing,
    "select private.session_entries_due($1) as due",
    [mentorId],
  );
  return rows[0]?.due ?? null;
}

function asSystem<Row extends object>({ database }: { database: Database }, text: string, values: unknown[]) {
  return database.asSystem(reason, null, ({ last }) => last.client.query<Row>(text, values));
}

async function agree(writing: Writing, mentorId: string, entry: TakenEntry): Promise<void> {
  const held = [mentorId, entry.session_id, entry.calendar_id, entry.lease];
  try {
    await act(writing, mentorId, entry, held);
  } catch (error) {
    const problem = asCalendarProblem(error);
    if (!problem) throw error;
    // Compared next, unless there is nothing to compare it with.
    if (problem.code === "changed_elsewhere" && entry.ref !== null && entry.act === "put") {
      await asSystem(writing, "select private.suspect_entry($1, $2, $3, $4)", held);
      return;
    }
    await asSystem(
      writing,
      "select private.note_entry_failed($1, $2, $3, $4, $5, $6, $7 * interval '1 millisecond', $8, $9)",
      [
        ...held,
        problem.code,
        problem.detail?.slice(0, textLimits.providerMessage) ?? null,
        Math.round(pauseAfter(entry.failures, problem)),
        entry.act === "put" && !entry.is_in_doubt && !mayBeDone.has(problem.code),
        !ofOneEntry.has(problem.code),
      ],
    );
  }
}

async function act(writing: Writing, mentorId: string, entry: TakenEntry, held: string[]): Promise<void> {
  const { ref, etag } = entry;
  const provider = writing.providers[entry.kind];
  const writer = provider?.entries;
  if (!writer) throw new CalendarProblem("failing", { detail: "not set up here" });
  const login = openLogin(writing, { ...entry, id: entry.connection_id });
  const calendar = { remoteId: entry.remote_id };
  const known = ref === null ? null : { ref, etag };
  if (entry.act === "check" && known) {
    const signal = AbortSignal.timeout(longestCallMs);
    const found = await writer.read(login, calendar, known, signal);
    // With its whole calendar, it was not deleted by itself.
    if (!found) await requireCalendar(provider, login, calendar, signal);
    const startsAt = found?.startsAt ?? null;
    await asSystem(writing, "select private.note_entry_found($1, $2, $3, $4, $5, $6, $7, $8)", [
      ...held,
      entry.suspicions,
      found !== null,
      storableEtag(found?.etag ?? null),
      startsAt === null ? null : new Date(startsAt),
    ]);
    return;
  }
  const event = await readEvent(writing, mentorId, entry);
  const desired: CalendarEntry = { ...event, isTentative: event.status === "TENTATIVE" };
  const startsAt = new Date(event.startsAt);
  const { rows } = await asSystem<{ is_held: boolean }>(
    writing,
    "select private.begin_entry_write($1, $2, $3, $4, $5) as is_held",
    [...held, startsAt],
  );
  if (!rows[0]?.is_held) return;
  const signal = AbortSignal.timeout(longestCallMs);
  if (entry.act === "remove") {
    // Written by a worker that was killed before it knew the name: found, or written, and then removed.
    const there: KnownEntry = known ?? (await writer.put(login, calendar, desired, null, signal));
    await writer.remove(login, calendar, there, signal);
    await asSystem(writing, "select private.note_entry_removed($1, $2, $3, $4)", held);
    return;
  }
  const written = await writer.put(login, calendar, desired, known, signal);
  await asSystem(writing, "select private.note_entry_written($1, $2, $3, $4, $5, $6, $7, $8, $9)", [
    ...held,
    written.ref,
    storableEtag(written.etag),
    written.uid,
    // Of what was written: a later change makes it another one.
    event.sequence,
    startsAt,
  ]);
}

async function requireCalendar(
  provider: CalendarProvider,
  login: Login,
  { remoteId }: RemoteId,
  signal: AbortSignal,
): Promise<void> {
  const calendars = await provider.listCalendars(login, signal);
  if (!calendars.some((calendar) => calendar.remoteId === remoteId)) throw new CalendarProblem("not_found");
}

/** As its mentor reads it. The link that lets the mentor in as the host is not in it: calendars are shared. */
async function readEvent(
  { database, publicUrl }: Writing,
  mentorId: string,
  { session_id: id, is_group }: TakenEntry,
): Promise<EntryEvent> {
  const event = await database.asSystem(reason, null, async ({ last: { client } }) => {
    if (is_group) {
      const group = (await readGroupEntries(client, [{ id, mentorId }])).get(id);
      return group && groupEvent(group, publicUrl);
    }
    const session = (await readMailSessions(client, [{ id, mentor_id: mentorId }])).get(id);
    return session && sessionEvent(session, "mentor", publicUrl);
  });
  if (!event) throw new Error("A session that has an entry is gone.");
  return event;
}

/** Of private.part_from_calendars(). */
export interface Parting {
  connection_id: string;
  kind: string;
  server_url: string | null;
  username: string | null;
  /** Hexadecimal. */
  credential: string;
  entries: { remote_id: string; ref: string; etag: string | null }[];
  until: string;
}

/** Removes coming sessions from the calendars of a connection that has ended. @throws if it has to be tried again */
export async function removeEntries(writing: Writing, parting: Parting, now: Date): Promise<void> {
  if (now >= new Date(parting.until)) return;
  const writer = writing.providers[parting.kind]?.entries;
  if (!writer) return;
  const { connection_id: id, server_url, username } = parting;
  const credential = Buffer.from(parting.credential, "hex");
  const login = openLogin(writing, { id, server_url, username, credential });
  for (const { remote_id, ref, etag } of parting.entries) {
    const signal = AbortSignal.timeout(longestCallMs);
    await writer.remove(login, { remoteId: remote_id }, { ref, etag }, signal);
  }
}
