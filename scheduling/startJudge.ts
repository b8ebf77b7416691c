/**
 * The one place that decides whether a start may be offered and booked. `slots.ts` asks it for every start there is;
 * finding, explaining and checking slots are three readings of its answer, so they cannot disagree.
 */
import {
  blockedBetween,
  type Occupancy,
  type Schedule,
  type SlotQuery,
  windowsBetween,
} from "./availability.ts";
import { BookingLimits } from "./bookingLimits.ts";
import { type Intervals, insertInterval, overlapsAny, tidyIntervals } from "./interval.ts";
import { DAY_MS, localDayAt, MINUTE_MS, startOfDay } from "./zonedTime.ts";
import { offsetIn, type ZoneTable, zoneTable } from "./zoneTable.ts";

/** In the order in which they are looked at: the first that applies is the answer. */
export const VERDICTS = [
  "free",
  "past",
  "notice",
  "window",
  "blocked",
  "outside_hours",
  "taken",
  "buffer",
  "day_limit",
  "week_limit",
] as const;

/** Index into `VERDICTS`: the hot path hands numbers around, not strings. */
const FREE = 0;
const PAST = 1;
const NOTICE = 2;
const WINDOW = 3;
const BLOCKED = 4;
const OUTSIDE_HOURS = 5;
const TAKEN = 6;
const BUFFER = 7;
const DAY_LIMIT = 8;
const WEEK_LIMIT = 9;

/** Room for the zone table around the range: the longest offsets and the days a window may reach over. */
const MARGIN = 5 * DAY_MS;

export class StartJudge {
  /** The windows of starts, ascending: the mentor's, and for each session one may join, just its start. */
  readonly windows: Intervals;

  private readonly sessionMs: number;
  private readonly now: number;
  private readonly earliest: number;
  private readonly table: ZoneTable;
  private readonly lastDay: number;
  /** No start before this lies past `lastDay`. */
  private readonly lastDayEnds: number;
  private readonly limits: BookingLimits | null;
  /** The sessions without buffers, wanted only to tell `taken` from `buffer`. */
  private readonly sessions: Intervals | null;

  // Ascending lists closed by Infinity, each with the index of the first entry that is not over yet.
  private readonly open: readonly number[];
  private readonly blocked: readonly number[];
  /** With the buffers of the asked session added: its bare self must not overlap these. */
  private readonly busy: readonly number[];
  private readonly joinable: readonly number[];
  private openAt = 0;
  private blockedAt = 0;
  private busyAt = 0;
  private joinableAt = 0;

  /** No later start before this has another verdict than the last one; see `judge`. */
  private holdsUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param from first start that will be asked about, epoch ms
   * @param until all starts lie before it
   * @param explain whether `taken` and `buffer` shall be told apart
   */
  constructor(
    schedule: Schedule,
    taken: readonly Occupancy[],
    query: SlotQuery,
    from: number,
    until: number,
    explain: boolean,
  ) {
    this.sessionMs = query.duration * MINUTE_MS;
    this.now = query.now;
    this.earliest = earliestStart(schedule, query.now);
    const lastEnd = until + this.sessionMs;
    this.table = zoneTable(schedule.timezone, from - MARGIN, lastEnd + MARGIN);
    const covered = query.now >= this.table.from && query.now < this.table.until;
    const today = covered ? this.localDay(query.now) : localDayAt(schedule.timezone, query.now);
    this.lastDay = today + schedule.booking_window_days;
    this.lastDayEnds =
      this.lastDay * DAY_MS - MARGIN > until
        ? Number.POSITIVE_INFINITY
        : startOfDay(schedule.timezone, this.lastDay + 1);

    this.windows = windowsBetween(schedule.windows, this.table, from, lastEnd);
    this.open = closed(tidyIntervals(this.windows.slice()));
    this.blocked = closed(blockedBetween(schedule.blocked_dates, this.table, from, lastEnd));
    this.busy = closed(busyBetween(schedule, taken, from, lastEnd));
    this.sessions = explain ? sessionsBetween(taken, from, lastEnd) : null;
    const joinable = joinableStarts(taken, query, from, until);
    for (const start of joinable) insertInterval(this.windows, start, start + 1);
    this.joinable = closed(joinable);
    this.limits =
      schedule.max_per_day === null && schedule.max_per_week === null
        ? null
        : new BookingLimits(schedule, taken, this.table, from, until);
  }

  /**
   * Judges the starts `first`, `first + step`, … before `last` (epoch ms), none of them earlier than any judged
   * before. With `codes`, every start and its verdict (an index into `VERDICTS`) are added to the two lists; without,
   * only the free starts are.
   */
  judgeGrid(first: number, last: number, step: number, starts: number[], codes: number[] | null): void {
    let start = first;
    while (start < last) {
      const code = this.judge(start);
      const stop = Math.min(this.holdsUntil, last);
      const wanted = codes !== null || code === FREE;
      if (wanted) {
        do {
          starts.push(start);
          if (codes !== null) codes.push(code);
          start += step;
        } while (start < stop);
      } else {
        do start += step;
        while (start < stop);
      }
    }
  }

  /**
   * The verdict on one start. Every rule forbids whole stretches of starts, so a verdict stays the same until the
   * next edge of the rules looked at on the way to it; `holdsUntil` is set to that edge, and starts before it need
   * not be judged again. Grids are whole milliseconds, so "later than x" is "x + 1 or later".
   */
  private judge(start: number): number {
    const end = start + this.sessionMs;
    if (start < this.earliest) {
      const past = start < this.now;
      this.holdsUntil = past ? this.now : this.earliest;
      return past ? PAST : NOTICE;
    }

    let holdsUntil = this.lastDayEnds;
    if (start >= holdsUntil) {
      // Clocks set back over midnight show the last day again after the next has begun: ask for each start.
      holdsUntil = start;
      this.holdsUntil = start;
      if (this.localDay(start) > this.lastDay) return WINDOW;
    }

    const { blocked } = this;
    let at = this.blockedAt;
    while (blocked[at + 1]! <= start) at += 2;
    this.blockedAt = at;
    if (blocked[at]! < end) {
      this.holdsUntil = Math.min(holdsUntil, blocked[at + 1]!);
      return BLOCKED;
    }
    holdsUntil = Math.min(holdsUntil, this.firstBeyond(blocked[at]!));

    // A group session that stands is joined as it is: hours, buffers and limits were looked at when it was made.
    const { joinable } = this;
    while (joinable[this.joinableAt]! < start) this.joinableAt += 1;
    const joined = joinable[this.joinableAt]!;
    if (joined === start) {
      this.holdsUntil = start;
      return FREE;
    }
    return this.judgeInHours(start, end, Math.min(holdsUntil, joined));
  }

  /** The rest of `judge`, for starts that join nothing: open time, taken time, limits. */
  private judgeInHours(start: number, end: number, heldUntil: number): number {
    const { open, busy } = this;
    let at = this.openAt;
    while (open[at + 1]! <= start) at += 2;
    this.openAt = at;
    if (open[at]! > start || open[at + 1]! < end) {
      this.holdsUntil = Math.min(heldUntil, open[at]! > start ? open[at]! : open[at + 1]!);
      return OUTSIDE_HOURS;
    }
    const holdsUntil = Math.min(heldUntil, this.firstBeyond(open[at + 1]!));

    at = this.busyAt;
    while (busy[at + 1]! <= start) at += 2;
    this.busyAt = at;
    if (busy[at]! < end) {
      // Whether the session or only a buffer collides is asked for each start.
      this.holdsUntil = this.sessions === null ? Math.min(holdsUntil, busy[at + 1]!) : start;
      return this.sessions !== null && !overlapsAny(this.sessions, start, end) ? BUFFER : TAKEN;
    }
    this.holdsUntil = Math.min(holdsUntil, this.firstBeyond(busy[at]!));
    if (this.limits === null) return FREE;

    this.holdsUntil = start; // Days and weeks are asked for each start.
    const day = this.localDay(start);
    if (this.limits.isDayFull(day)) return DAY_LIMIT;
    return this.limits.isWeekFull(day) ? WEEK_LIMIT : FREE;
  }

  /** The first start (whole ms) whose session ends after `edge`. */
  private firstBeyond(edge: number): number {
    return Math.floor(edge - this.sessionMs) + 1;
  }

  private localDay(instant: number): number {
    return Math.floor((instant + offsetIn(this.table, instant)) / DAY_MS);
  }
}

/** The first instant that is neither past nor too soon, epoch ms. */
export function earliestStart(schedule: Schedule, now: number): number {
  return now + Math.max(0, schedule.minimum_notice) * MINUTE_MS;
}

function busyBetween(
  schedule: Schedule,
  taken: readonly Occupancy[],
  from: number,
  until: number,
): Intervals {
  // [start - before, end + after) meets [busy_from, busy_until) iff [start, end) meets this.
  const beforeMs = schedule.buffer_before * MINUTE_MS;
  const afterMs = schedule.buffer_after * MINUTE_MS;
  const busy: Intervals = [];
  for (const { busy_from, busy_until } of taken) {
    if (!(busy_from < busy_until)) continue;
    const paddedFrom = busy_from - afterMs;
    const paddedUntil = busy_until + beforeMs;
    if (paddedUntil > from && paddedFrom < until) busy.push(paddedFrom, paddedUntil);
  }
  return tidyIntervals(busy);
}

function sessionsBetween(taken: readonly Occupancy[], from: number, until: number): Intervals {
  const sessions: Intervals = [];
  for (const occupancy of taken) {
    if (occupancy.ends_at > from && occupancy.starts_at < until) {
      sessions.push(occupancy.starts_at, occupancy.ends_at);
    }
  }
  return tidyIntervals(sessions);
}

function joinableStarts(
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
  until: number,
): number[] {
  const service = query.service_id ?? null;
  const starts: number[] = [];
  if (service === null) return starts;
  for (const { service_id, starts_at, ends_at, seats_taken, capacity } of taken) {
    if (service_id !== service || starts_at < from || starts_at >= until) continue;
    if (ends_at - starts_at === query.duration * MINUTE_MS && seats_taken < capacity) starts.push(starts_at);
  }
  return starts.sort((a, b) => a - b);
}

const NONE: readonly number[] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Closes a list by Infinity, so that cursors need no bounds check. */
function closed(list: Intervals): readonly number[] {
  if (list.length === 0) return NONE;
  list.push(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return list;
}
