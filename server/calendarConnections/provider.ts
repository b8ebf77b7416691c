import type { EpochMs } from "#scheduling/units.ts";

/**
 * What the app asks of a place that has calendars: a CalDAV server, Google, Microsoft, or a feed. Every call may take seconds
 * and fails with a `CalendarProblem`; none is made inside a transaction, a booking or a query of free times.
 */
export interface CalendarProvider {
  listCalendars(login: Login, signal: AbortSignal): Promise<RemoteCalendar[]>;
  /** All of a calendar, or what has changed since `calendar.state`. An event that cannot be read is busy, or left out, never an error. */
  readBusy(login: Login, calendar: KnownCalendar, reach: Reach, signal: AbortSignal): Promise<BusyChanges>;
  /** The address of the account that a login with tokens is for. */
  accountOf?(login: Login, signal: AbortSignal): Promise<string>;
  /** Only of providers whose calendars can be written. */
  readonly entries?: EntryWriter;
  /** Only of providers that make rooms for video calls with entries. */
  readonly rooms?: RoomMaker;
  /** Only of providers that report changes. */
  readonly watcher?: CalendarWatcher;
}

/** Lets a provider report at once that a calendar has changed. It does not say what has: the calendar is read. */
export interface CalendarWatcher {
  /** Renews a channel before it ends, or opens another. */
  watch(
    login: Login,
    calendar: RemoteId,
    known: PushChannel | null,
    target: PushTarget,
    signal: AbortSignal,
  ): Promise<OpenChannel>;
  /** A channel that is gone has ended. */
  end(login: Login, channel: PushChannel, signal: AbortSignal): Promise<void>;
}

/** By what a provider knows that it is to report changes. */
export interface PushChannel {
  id: string;
  /** Of providers that want it to end the channel. */
  resource: string | null;
}

/** Where changes are to be reported, and what shows that a report is genuine. */
interface PushTarget {
  address: string;
  secret: string;
}

interface OpenChannel extends PushChannel {
  endsAt: EpochMs;
  /** False: it is the known one, with its secret. */
  isNew: boolean;
}

/** Writes sessions to a calendar. */
export interface EntryWriter {
  /**
   * Creates the entry, or changes the one that is known. Twice is once: the provider finds it again by its UID.
   * @throws CalendarProblem `changed_elsewhere` if it is no longer as `known` says
   */
  put(
    login: Login,
    calendar: RemoteId,
    entry: CalendarEntry,
    known: KnownEntry | null,
    signal: AbortSignal,
  ): Promise<WrittenEntry>;
  /** An entry that is gone already is removed. */
  remove(login: Login, calendar: RemoteId, known: KnownEntry, signal: AbortSignal): Promise<void>;
  /** Null: its owner has deleted it. */
  read(
    login: Login,
    calendar: RemoteId,
    known: KnownEntry,
    signal: AbortSignal,
  ): Promise<EntryElsewhere | null>;
}

/** Makes rooms for video calls, each with the entry of a session. */
export interface RoomMaker {
  /**
   * The address of the room of the entry with this UID; the entry is created if it is not there, and else stays as it is. Twice
   * is once.
   */
  make(login: Login, calendar: RemoteId, entry: RoomEntry, signal: AbortSignal): Promise<string>;
  /** Null: there is none. */
  read(login: Login, calendar: RemoteId, uid: string, signal: AbortSignal): Promise<string | null>;
  /** One that is gone is removed. @param withEntry also the entry, which nothing else has written */
  remove(
    login: Login,
    calendar: RemoteId,
    { uid, withEntry }: { uid: string; withEntry: boolean },
    signal: AbortSignal,
  ): Promise<void>;
}

export type RoomEntry = Pick<CalendarEntry, "uid" | "title" | "startsAt" | "endsAt" | "timezone">;

/** How a connection is signed in to. */
export interface Login {
  connectionId: string;
  serverUrl: string | null;
  username: string | null;
  secret: LoginSecret;
  /** Stores tokens that the provider has renewed. @param granted null: it has not said what they allow, so it is what it was */
  save(secret: LoginSecret, endsAt: EpochMs | null, granted: Granted | null): Promise<void>;
}

/** What a vendor has said that a login allows, which may be less than was asked for. */
export interface Granted {
  /** In the vendor's own terms. */
  scopes: readonly string[];
  mayRead: boolean;
  mayWrite: boolean;
}

/** What is sealed of a connection. */
export type LoginSecret =
  | { kind: "password"; password: string }
  | { kind: "address"; url: string }
  | TokenSecret;

/** Of a vendor at which its owner has signed in (oauth.ts). */
export interface TokenSecret {
  kind: "tokens";
  accessToken: string;
  accessEndsAt: EpochMs;
  refreshToken: string;
  /** When the refresh token will end, if that is known. */
  loginEndsAt: EpochMs | null;
}

/** A calendar's name at its provider. */
export interface RemoteId {
  remoteId: string;
}

export interface RemoteCalendar extends RemoteId {
  name: string;
  /** '#rrggbb'. */
  color: string | null;
  /** IANA. */
  timezone: string | null;
  isWritable: boolean;
  /** Whether it is likely to say when its owner is busy: not a calendar of holidays or birthdays. */
  countsAsBusy: boolean;
  /** The account's own, of one that has such a calendar. */
  isMain?: boolean;
}

export interface KnownCalendar extends RemoteId {
  timezone: string | null;
  /** From the last read; null for all of it. */
  state: SyncState | null;
  /** The etags of what was read, by ref. */
  etags: ReadonlyMap<string, string | null>;
}

/** How far a calendar was read, in the provider's own terms: a sync token, a ctag, an ETag. */
export type SyncState = Readonly<Record<string, string>>;

/** For what time, and on which clocks, events are expanded. */
export interface Reach {
  from: EpochMs;
  until: EpochMs;
  /** IANA zone of the person: floating times are read on its clock. */
  personZone: string;
  /** What is left of the time in which calendar data may be read, ms: one amount for all calendars of a connection. */
  effort?: { leftMs: number };
}

export interface BusyChanges {
  /** Whether `objects` is all there is; otherwise what has changed. */
  isFull: boolean;
  objects: BusyObject[];
  /** Refs of what is gone, if it is not all that was read. */
  removed: string[];
  state: SyncState | null;
  /** UIDs, or names, of events that could not be read. */
  unreadable: string[];
}

/** An event, with all its occurrences that are busy. */
export interface BusyObject {
  ref: string;
  etag: string | null;
  uid: string | null;
  busy: BusyInterval[];
}

/** [startsAt, endsAt). */
export interface BusyInterval {
  startsAt: EpochMs;
  endsAt: EpochMs;
  isAllDay: boolean;
  title: string | null;
}

/** A session as it is written to a calendar. */
export interface CalendarEntry {
  uid: string;
  title: string;
  description: string;
  /** An address, or where to meet. */
  location: string | null;
  startsAt: EpochMs;
  endsAt: EpochMs;
  /** IANA zone in which its owner reads it. */
  timezone: string;
  isTentative: boolean;
  /** The session's page. */
  page: string;
  /** When what it says changed last. */
  changedAt: EpochMs;
  /** Counts up with every change (RFC 5545, SEQUENCE). */
  sequence: number;
}

export interface KnownEntry {
  ref: string;
  etag: string | null;
}

interface WrittenEntry extends KnownEntry {
  /** By which other readers of the calendar know it: a provider that gives its own UIDs says which. */
  uid: string;
}

interface EntryElsewhere {
  etag: string | null;
  /** Null: that cannot be told. */
  startsAt: EpochMs | null;
  endsAt: EpochMs | null;
}

const calendarProblems = [
  "login_refused",
  "forbidden",
  "not_found",
  "unreachable",
  "too_slow",
  "limited",
  "failing",
  "unreadable",
  "too_large",
  "address_private",
  "changed_elsewhere",
] as const;
export type CalendarProblemCode = (typeof calendarProblems)[number];

/** Why a provider did not do what was asked. */
export class CalendarProblem extends Error {
  readonly code: CalendarProblemCode;
  /** What the provider said itself. Contains no secret. */
  readonly detail: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    code: CalendarProblemCode,
    { detail = null, retryAfterMs = null }: { detail?: string | null; retryAfterMs?: number | null } = {},
  ) {
    super(detail === null ? code : `${code}: ${detail}`);
    this.name = "CalendarProblem";
    this.code = code;
    this.detail = detail;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Null for what is a fault of ours. */
export function asCalendarProblem(error: unknown): CalendarProblem | null {
  if (error instanceof CalendarProblem) return error;
  const isTimeout = error instanceof Error && ["TimeoutError", "AbortError"].includes(error.name);
  return isTimeout ? new CalendarProblem("too_slow") : null;
}
