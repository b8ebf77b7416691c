/** From the rows a mentor keeps (hours, blocked dates) to instants. Design, "Time"; the rows are wall clock. */

import { type Intervals, insertInterval, tidyIntervals } from "./interval.ts";
import { ZONE_SLACK_MS } from "./margins.ts";
import type { AvailabilityWindow } from "./schedule.ts";
import { DAY_MS, type EpochDay, type EpochMs, type LocalDate, MINUTE_MS, type Minutes } from "./units.ts";
import { parseDate, parseEndTime, parseTime, startOfDayIn } from "./zonedTime.ts";
import { changesUpTo, instantIn, offsetIn, type ZoneTable } from "./zoneTable.ts";

/**
 * Taken time, in any order: a row of occupancies, or time that is busy in a connected calendar. Leave out what must not count
 * (the old time of a booking that moves).
 */
export interface Occupancy {
  /** The session itself. */
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** The session with its buffers: the time that is taken. */
  readonly busyFrom: EpochMs;
  readonly busyUntil: EpochMs;
  readonly serviceId: string | null;
  /** 1 for a 1:1 session. */
  readonly capacity: number;
  readonly seatsTaken: number;
  /** Set for a group session that its mentor scheduled: until then a seat can be taken, whatever hours and notice say. */
  readonly joinUntil?: EpochMs;
  /** Busy in a connected calendar, without buffers of its own: no session, so it counts towards no limit. */
  readonly isElsewhere?: true;
  /** Kept for people who wait, with `isElsewhere`: no session yet, but under a cap it leaves no room for another one. */
  readonly isKept?: true;
}

export interface SlotQuery {
  /** Starts are sought in [from, until). */
  readonly from: EpochMs;
  readonly until: EpochMs;
  readonly duration: Minutes;
  readonly now: EpochMs;
  /** Set, its group sessions that have seats left are offered too. */
  readonly serviceId?: string | null;
}

/** Rows as numbers, three to a row. An end above 1440 lies on the next day. */
interface ParsedWindows {
  /** [index of the next row of the weekday or -1, start minute, end minute, …] */
  readonly recurring: number[];
  /** Index in `recurring` of the first row of each weekday, -1 for none. */
  readonly firstOf: number[];
  /** [epoch day, start minute, end minute, …], the latest day first. */
  readonly dated: number[];
  /** Does any run into the next day? */
  readonly overnight: boolean;
  /** Epoch days on which the weekly rows do not hold; null for none. */
  readonly replaced: ReadonlySet<number> | null;
}

/**
 * Every window that shares time with [from, until), epoch ms, as intervals ascending by start; some that do not may
 * come with them. They may overlap: each is a grid of starts of its own. Windows that a clock change leaves empty
 * are left out.
 * @param table covers two days more than the range on both sides
 * @param earliestDay epoch day; windows that begin on an earlier date are left out, as those after `latestDay` are
 * @throws RangeError naming the row that no CHECK of the database would have let in
 */
export function windowsBetween(
  rows: readonly AvailabilityWindow[],
  table: ZoneTable,
  from: number,
  until: number,
  earliestDay = Number.NEGATIVE_INFINITY,
  latestDay = Number.POSITIVE_INFINITY,
): Intervals {
  const { recurring, firstOf, dated, overnight, replaced } = parseWindows(rows);
  // The day a window belongs to is found with the smallest and largest offset around, to be safe at a clock change.
  const least = Math.min(offsetIn(table, from), offsetIn(table, from - ZONE_SLACK_MS));
  const most = Math.max(offsetIn(table, until), offsetIn(table, until - ZONE_SLACK_MS));
  const firstDay = Math.max(earliestDay, Math.floor((from + least) / DAY_MS) - (overnight ? 1 : 0));
  const lastDay = Math.min(latestDay, Math.ceil((until + most) / DAY_MS) - 1);

  const windows: Intervals = [];
  const { wallChanges, offsets } = table;
  let change = changesUpTo(wallChanges, firstDay * DAY_MS);
  let weekday = (((firstDay + 4) % 7) + 7) % 7;
  let d = dated.length - 3;
  for (let day = firstDay; day <= lastDay; day++) {
    const midnight = day * DAY_MS;
    while (wallChanges[change]! <= midnight) change += 1;
    // A day without a clock change, and the next one, into which windows run, need one offset for all windows.
    const steady = wallChanges[change]! > midnight + ZONE_SLACK_MS;
    const offset = offsets[change]!;
    const first = replaced?.has(day) ? -1 : firstOf[weekday]!;
    for (let i = first; i >= 0; i = recurring[i]!) {
      const start = midnight + recurring[i + 1]! * MINUTE_MS;
      const end = midnight + recurring[i + 2]! * MINUTE_MS;
      if (steady) insertInterval(windows, start - offset, end - offset);
      else insertInterval(windows, instantIn(table, start), instantIn(table, end));
    }
    while (d >= 0 && dated[d]! < day) d -= 3;
    for (; d >= 0 && dated[d] === day; d -= 3) {
      const start = instantIn(table, midnight + dated[d + 1]! * MINUTE_MS);
      insertInterval(windows, start, instantIn(table, midnight + dated[d + 2]! * MINUTE_MS));
    }
    weekday = weekday === 6 ? 0 : weekday + 1;
  }
  return windows;
}

/**
 * The blocked local dates that share time with [from, until), epoch ms, as a tidy list: each from the start of its
 * day to the start of the next. Parameters and errors as for `windowsBetween`.
 */
export function blockedBetween(
  dates: readonly LocalDate[],
  table: ZoneTable,
  from: number,
  until: number,
): Intervals {
  const blocked: Intervals = [];
  for (const date of dates) {
    const midnight = blockedDay(date) * DAY_MS;
    if (midnight + ZONE_SLACK_MS + DAY_MS <= from || midnight - ZONE_SLACK_MS >= until) continue;
    insertInterval(blocked, startOfDayIn(table, midnight), startOfDayIn(table, midnight + DAY_MS));
  }
  return tidyIntervals(blocked);
}

/** @throws RangeError for what is no date, which no CHECK of the database would have let in */
export function blockedDay(date: LocalDate): EpochDay {
  const day = parseDate(date);
  if (day === null) throw new RangeError(`blocked_dates: not a date: ${JSON.stringify(date)}`);
  return day;
}

function parseWindows(rows: readonly AvailabilityWindow[]): ParsedWindows {
  const recurring: number[] = [];
  const firstOf = [-1, -1, -1, -1, -1, -1, -1];
  const dated: number[] = [];
  let overnight = false;
  let replaced: Set<number> | null = null;
  let descending = true;
  // Backwards, because each row is put in front of those of its weekday, and dates are read from the end.
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]!;
    const start = parseTime(row.start_time);
    const end = parseEndTime(row.end_time);
    if (start === null || end === null) throw malformed(row);
    const length = end > start ? end : end + 1440;
    if (length > 1440) overnight = true;
    if (row.specific_date === null) {
      const weekday = row.day_of_week;
      if (weekday === null || !(weekday >= 0 && weekday <= 6 && weekday % 1 === 0)) throw malformed(row);
      recurring.push(firstOf[weekday]!, start, length);
      firstOf[weekday] = recurring.length - 3;
    } else {
      const day = parseDate(row.specific_date);
      if (day === null || row.day_of_week !== null) throw malformed(row);
      if (dated.length > 0 && dated[dated.length - 3]! < day) descending = false;
      dated.push(day, start, length);
      if (row.replaces_weekly) {
        replaced ??= new Set();
        replaced.add(day);
      }
    }
  }
  return { recurring, firstOf, dated: descending ? dated : latestFirst(dated), overnight, replaced };
}

function latestFirst(dated: readonly number[]): number[] {
  const order: number[] = [];
  for (let i = 0; i < dated.length; i += 3) order.push(i);
  order.sort((a, b) => dated[b]! - dated[a]!);
  return order.flatMap((i) => dated.slice(i, i + 3));
}

function malformed(row: AvailabilityWindow): RangeError {
  return new RangeError(`availability_slots: malformed row: ${JSON.stringify(row)}`);
}
