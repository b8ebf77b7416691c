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
  private readonly open: Intervals;
  private readonly blocked: Intervals;
  /** With the buffers of the asked session added: its bare self must not overlap these. */
  private readonly busy: Intervals;
  private readonly joinable: number[];
  private openAt = 0;
  private blockedAt = 0;
  private busyAt = 0;
  private joinableAt = 0;

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
    this.lastDay = localDayAt(schedule.timezone, query.now) + schedule.booking_window_days;
    this.lastDayEnds =
      this.lastDay * DAY_MS - MARGIN > until
        ? Number.POSITIVE_INFINITY
        : startOfDay(schedule.timezone, this.lastDay + 1);

    this.windows = windowsBetween(schedule.windows, this.table, from, lastEnd);
    this.open = closed(tidyIntervals(this.windows.slice()));
    this.blocked = closed(blockedBetween(schedule.blocked_dates, this.table, from, lastEnd));
    this.busy = closed(busyBetween(schedule, taken, from, lastEnd));
    this.sessions = explain ? sessionsBetween(taken, from, lastEnd) : null;
    this.joinable = joinableStarts(taken, query, from, until);
    for (const start of this.joinable) insertInterval(this.windows, start, start + 1);
    this.joinable.push(Number.POSITIVE_INFINITY);
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
    // The fields and list entries are read into locals once: this loop runs for every start of every mentor.
    const { sessionMs, earliest, lastDayEnds, open, blocked, busy, joinable, limits } = this;
    let { openAt, blockedAt, busyAt, joinableAt } = this;
    for (let start = first; start < last; start += step) {
      const end = start + sessionMs;
      while (blocked[blockedAt + 1]! <= start) blockedAt += 2;
      while (joinable[joinableAt]! < start) joinableAt += 1;
      while (open[openAt + 1]! <= start) openAt += 2;
      while (busy[busyAt + 1]! <= start) busyAt += 2;

      let code = FREE;
      if (start < earliest) code = start < this.now ? PAST : NOTICE;
      else if (start >= lastDayEnds && this.localDay(start) > this.lastDay) code = WINDOW;
      else if (blocked[blockedAt]! < end) code = BLOCKED;
      // A group session that stands is joined as it is: hours, buffers and limits were looked at when it was made.
      else if (joinable[joinableAt] === start) code = FREE;
      else if (open[openAt]! > start || open[openAt + 1]! < end) code = OUTSIDE_HOURS;
      else if (busy[busyAt]! < end) code = this.collision(start, end);
      else if (limits !== null) code = this.limit(start, limits);

      if (codes !== null) {
        starts.push(start);
        codes.push(code);
      } else if (code === FREE) starts.push(start);
    }
    this.openAt = openAt;
    this.blockedAt = blockedAt;
    this.busyAt = busyAt;
    this.joinableAt = joinableAt;
  }

  private collision(start: number, end: number): number {
    return this.sessions !== null && !overlapsAny(this.sessions, start, end) ? BUFFER : TAKEN;
  }

  private limit(start: number, limits: BookingLimits): number {
    const day = this.localDay(start);
    if (limits.isDayFull(day)) return DAY_LIMIT;
    return limits.isWeekFull(day) ? WEEK_LIMIT : FREE;
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
  const starts: number[] = [];
  const service = query.service_id ?? null;
  if (service === null) return starts;
  for (const { service_id, starts_at, ends_at, seats_taken, capacity } of taken) {
    if (service_id !== service || starts_at < from || starts_at >= until) continue;
    if (ends_at - starts_at === query.duration * MINUTE_MS && seats_taken < capacity) starts.push(starts_at);
  }
  return starts.sort((a, b) => a - b);
}

function closed(tidy: Intervals): Intervals {
  tidy.push(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return tidy;
}
