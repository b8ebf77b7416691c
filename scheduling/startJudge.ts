/**
 * The one place that decides whether a start may be offered and booked. `slots.ts` calls it for every start; finding,
 * explaining and checking slots are three readings of its verdicts, so they cannot disagree.
 */

import type { Occupancy, SlotQuery } from "./availability.ts";
import { BookingLimits } from "./bookingLimits.ts";
import { epochDay } from "./dates.ts";
import { appendInterval, type Intervals, insertInterval, overlapsAny, tidyIntervals } from "./interval.ts";
import { DATE_REACH_MS } from "./margins.ts";
import type { Schedule } from "./schedule.ts";
import { addMs, DAY_MS, type EpochDay, type EpochMs, MINUTE_MS } from "./units.ts";
import { type ZoneCalendar, zoneCalendarOf } from "./zoneCalendar.ts";

/** In the order in which they are checked: the first that applies is the verdict. */
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
  "paused",
] as const;

/** Index into `VERDICTS`: the hot path passes numbers, not strings. */
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
/** The calendar does not forbid the start: what is taken decides. */
const UNDECIDED = -1;

/** Lists that the judge adds to. Without `codes` it adds the free starts only. */
export interface JudgedStarts {
  /** Epoch ms. */
  readonly starts: number[];
  /** For each start its verdict, an index into `VERDICTS`. */
  readonly codes: number[] | null;
}

export class StartJudge {
  /** The windows of starts, ascending: the mentor's, and for each session that can be joined, just its start. */
  readonly windows: Intervals;

  private readonly sessionMs: number;
  private readonly now: number;
  private readonly earliest: number;
  private readonly earliestOpening: number;
  private readonly calendar: ZoneCalendar;
  private readonly lastDay: EpochDay;
  /** No start before this lies past `lastDay`. */
  private readonly lastDayEnds: number;
  private readonly limits: BookingLimits | null;
  /** The sessions without buffers, needed only to tell `taken` from `buffer`. */
  private readonly sessions: Intervals | null;

  // Ascending lists that end with Infinity, each with a cursor: the index of the first entry that is not over yet. The first three
  // are intervals of *starts*: a start lies in one iff a session that begins there fits the rule, or breaks it.
  private readonly open: readonly number[];
  private readonly blocked: readonly number[];
  private readonly busy: readonly number[];
  private readonly joinable: readonly number[];
  private openAt = 0;
  private blockedAt = 0;
  private busyAt = 0;
  private joinableAt = 0;

  /** No later start before this has another verdict than the last one; see `judge`. */
  private holdsUntil = Number.NEGATIVE_INFINITY;
  /** No later start before this is forbidden by the calendar, or joins anything. */
  private calendarHoldsUntil = Number.NEGATIVE_INFINITY;

  /**
   * @param from first start that will be judged, epoch ms
   * @param until all starts lie before it
   * @param explain whether to tell `taken` and `buffer` apart
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
    this.earliestOpening = earliestOpening(schedule, query.now);
    const lastEnd = until + this.sessionMs;
    const calendar = zoneCalendarOf(schedule, from, lastEnd);
    this.calendar = calendar;
    this.lastDay = epochDay(calendar.localDay(query.now) + schedule.booking_window_days);
    this.lastDayEnds =
      this.lastDay * DAY_MS - DATE_REACH_MS > until
        ? Number.POSITIVE_INFINITY
        : calendar.earliestEndOf(this.lastDay);

    this.windows = calendar.windowsBetween(schedule.windows, from, lastEnd);
    this.open = withSentinel(startsWithin(this.windows, this.sessionMs));
    const blocked = calendar.blockedBetween(schedule.blocked_dates, from, lastEnd);
    this.blocked = withSentinel(startsTouching(blocked, this.sessionMs));
    this.busy = withSentinel(busyStarts(schedule, taken, this.sessionMs, from, lastEnd));
    this.sessions = explain ? sessionsBetween(taken, from, lastEnd) : null;
    const joinable = joinableStarts(taken, query, from, until);
    for (const start of joinable) insertInterval(this.windows, start, start + 1);
    this.joinable = withSentinel(joinable);
    this.limits =
      schedule.max_per_day === null && schedule.max_per_week === null
        ? null
        : new BookingLimits(schedule, taken, calendar, from, until);
  }

  /**
   * Judges the starts `first`, `first + step`, … before `last` (epoch ms) and adds them to `found`; none of them may be
   * earlier than any judged before.
   */
  judgeGrid(first: number, last: number, step: number, found: JudgedStarts): void {
    const { starts, codes } = found;
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
   * next edge of the rules checked on the way to it; `holdsUntil` is set to that edge, and starts before it need not be
   * judged again.
   */
  private judge(start: number): number {
    if (start >= this.calendarHoldsUntil) {
      const verdict = this.judgeByCalendar(start);
      if (verdict !== UNDECIDED) return verdict;
    }
    const { busy } = this;
    let at = this.busyAt;
    while (busy[at + 1]! <= start) at += 2;
    this.busyAt = at;
    if (busy[at]! <= start) {
      this.holdsUntil = Math.min(this.calendarHoldsUntil, busy[at + 1]!);
      return this.sessions === null ? TAKEN : this.explainTaken(start, this.sessions);
    }
    this.holdsUntil = Math.min(this.calendarHoldsUntil, busy[at]!);
    return this.limits === null ? FREE : this.judgeByLimits(start, this.limits);
  }

  /** The verdict as far as it does not depend on other sessions; sets `calendarHoldsUntil` when it is `UNDECIDED`. */
  private judgeByCalendar(start: number): number {
    if (start < this.earliest) {
      const past = start < this.now;
      this.holdsUntil = past ? this.now : this.earliest;
      return past ? PAST : NOTICE;
    }

    let holdsUntil = this.lastDayEnds;
    if (start >= holdsUntil) {
      // Clocks set back over midnight show the last day again after the next has begun: check each start.
      holdsUntil = start;
      this.holdsUntil = start;
      if (this.calendar.localDay(start) > this.lastDay) return WINDOW;
    }

    const { blocked } = this;
    let at = this.blockedAt;
    while (blocked[at + 1]! <= start) at += 2;
    this.blockedAt = at;
    if (blocked[at]! <= start) {
      this.holdsUntil = Math.min(holdsUntil, blocked[at + 1]!);
      return BLOCKED;
    }
    holdsUntil = Math.min(holdsUntil, blocked[at]!);

    // An existing group session is joined as it is: hours, buffers and limits were checked when it was made.
    const { joinable } = this;
    while (joinable[this.joinableAt]! < start) this.joinableAt += 1;
    const joined = joinable[this.joinableAt]!;
    if (joined === start) {
      this.holdsUntil = start;
      return FREE;
    }
    holdsUntil = Math.min(holdsUntil, joined);

    if (start < this.earliestOpening) {
      this.holdsUntil = Math.min(holdsUntil, this.earliestOpening);
      return NOTICE;
    }

    const { open } = this;
    at = this.openAt;
    while (open[at + 1]! <= start) at += 2;
    this.openAt = at;
    if (open[at]! > start) {
      this.holdsUntil = Math.min(holdsUntil, open[at]!);
      return OUTSIDE_HOURS;
    }
    this.calendarHoldsUntil = Math.min(holdsUntil, open[at + 1]!);
    return UNDECIDED;
  }

  /** Does the session itself collide, or only a buffer? Must be checked for each start. */
  private explainTaken(start: number, sessions: Intervals): number {
    this.holdsUntil = start;
    return overlapsAny(sessions, start, start + this.sessionMs) ? TAKEN : BUFFER;
  }

  /** Days and weeks must be checked for each start. */
  private judgeByLimits(start: number, limits: BookingLimits): number {
    this.holdsUntil = start;
    const day = this.calendar.localDay(start);
    if (limits.isDayFull(day)) return DAY_LIMIT;
    return limits.isWeekFull(day) ? WEEK_LIMIT : FREE;
  }
}

/** The first instant that is neither past nor too soon. */
export function earliestStart(schedule: Schedule, now: EpochMs): EpochMs {
  return addMs(now, Math.max(0, schedule.minimum_notice) * MINUTE_MS);
}

/** The first such instant for a session that joins none. */
export function earliestOpening(schedule: Schedule, now: EpochMs): EpochMs {
  const { minimum_notice, opening_notice = minimum_notice } = schedule;
  return addMs(now, Math.max(0, minimum_notice, opening_notice) * MINUTE_MS);
}

/** The starts whose sessions, with the buffers asked for, would meet taken time. */
function busyStarts(
  schedule: Schedule,
  taken: readonly Occupancy[],
  sessionMs: number,
  from: number,
  until: number,
): Intervals {
  // [start - before, end + after) meets [busyFrom, busyUntil) iff [start, end) meets this.
  const beforeMs = schedule.buffer_before * MINUTE_MS;
  const afterMs = schedule.buffer_after * MINUTE_MS;
  const busy: Intervals = [];
  let isTidy = true;
  for (const { busyFrom, busyUntil } of taken) {
    if (!(busyFrom < busyUntil)) continue;
    const paddedFrom = busyFrom - afterMs;
    const paddedUntil = busyUntil + beforeMs;
    if (paddedUntil <= from || paddedFrom >= until) continue;
    isTidy = appendInterval(busy, firstBeyond(paddedFrom, sessionMs), paddedUntil) && isTidy;
  }
  return isTidy ? busy : tidyIntervals(busy);
}

/** From stretches of time to the starts whose sessions share time with them. Changes the list. */
function startsTouching(time: Intervals, sessionMs: number): Intervals {
  for (let i = 0; i < time.length; i += 2) time[i] = firstBeyond(time[i]!, sessionMs);
  return tidyIntervals(time);
}

/** The starts whose sessions lie wholly in open time: in windows, ascending by start, that touch or overlap. */
function startsWithin(windows: Intervals, sessionMs: number): Intervals {
  const open: Intervals = [];
  for (let w = 0; w < windows.length; ) {
    const from = windows[w]!;
    let until = windows[w + 1]!;
    for (w += 2; w < windows.length && windows[w]! <= until; w += 2) {
      until = Math.max(until, windows[w + 1]!);
    }
    const last = firstBeyond(until, sessionMs);
    if (from < last) open.push(from, last);
  }
  return open;
}

/** The first start whose session ends after `edge`. Grids are whole milliseconds: "later than x" is "x + 1 or later". */
function firstBeyond(edge: number, sessionMs: number): number {
  return Math.floor(edge - sessionMs) + 1;
}

function sessionsBetween(taken: readonly Occupancy[], from: number, until: number): Intervals {
  const sessions: Intervals = [];
  for (const occupancy of taken) {
    if (occupancy.endsAt > from && occupancy.startsAt < until) {
      sessions.push(occupancy.startsAt, occupancy.endsAt);
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
  const service = query.serviceId ?? null;
  const starts: number[] = [];
  if (service === null) return starts;
  for (const { serviceId, startsAt, endsAt, seatsTaken, capacity } of taken) {
    if (serviceId !== service || startsAt < from || startsAt >= until) continue;
    if (endsAt - startsAt === query.duration * MINUTE_MS && seatsTaken < capacity) starts.push(startsAt);
  }
  return starts.sort((a, b) => a - b);
}

const NONE: readonly number[] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Ends a list with Infinity, so that cursors need no bounds check. */
function withSentinel(list: Intervals): readonly number[] {
  if (list.length === 0) return NONE;
  list.push(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return list;
}
