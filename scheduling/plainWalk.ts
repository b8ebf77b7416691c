/**
 * The free starts of a plain schedule, in one walk without lists in between. A schedule is plain when only hours, days off
 * and taken time decide about its starts, in ascending order, and hours neither touch each other nor reach midnight. All
 * others are left to the judge (`startJudge.ts`); prove/zones compares the two.
 */

import type { Occupancy, SlotQuery } from "./availability.ts";
import { dayOfWeek, epochDay, minutesOf, parseDate } from "./dates.ts";
import { DATE_REACH_MS } from "./margins.ts";
import type { AvailabilityWindow, Schedule } from "./schedule.ts";
import { DAY_MS, type LocalDate, MINUTE_MS } from "./units.ts";
import { changesUpTo, instantIn, offsetIn, type ZoneTable, zoneTable } from "./zoneTable.ts";

/** What the walk needs of a plain schedule. */
export interface PlainSchedule {
  readonly table: ZoneTable;
  /** Epoch days of the range, `lastDay` included. */
  readonly firstDay: number;
  readonly lastDay: number;
  /**
   * Hours as ms of the day: [index of the weekday's first row or -1, for Sunday to Saturday; start, end, index of the
   * next row or -1; …].
   */
  readonly weekly: readonly number[];
  /** [epoch day, start, end, …], ascending by day. */
  readonly dated: readonly number[];
  /** Days off, as epoch days. */
  readonly off: readonly number[];
}

/**
 * The free starts in [from, query.until), ascending, or null if the schedule is not plain: then the judge decides.
 * @param from epoch ms, not before the first start that the notice allows
 * @throws RangeError for an unknown zone
 */
export function plainStarts(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
): number[] | null {
  const plain = readPlain(schedule, taken, query, from);
  return plain === null ? null : walk(plain, schedule, taken, query, from);
}

/** Null for a schedule that is not plain, or has a malformed row; the judge names it. Parameters as `plainStarts`. */
export function readPlain(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
): PlainSchedule | null {
  const { max_per_day, max_per_week, zone_periods, blocked_dates, timezone, windows } = schedule;
  if (max_per_day !== null || max_per_week !== null) return null;
  if (zone_periods !== undefined && zone_periods.length > 0) return null;
  if (mayJoin(taken, query.serviceId)) return null;
  const lastEnd = query.until + query.duration * MINUTE_MS;
  const table = zoneTable(timezone, from - DATE_REACH_MS, lastEnd + DATE_REACH_MS);
  if (!liesInBookingWindow(table, schedule, query)) return null;
  const lastStart = Math.ceil(query.until) - 1;
  const firstDay = Math.floor((from + offsetIn(table, from)) / DAY_MS);
  const lastDay = Math.floor((lastStart + offsetIn(table, lastStart)) / DAY_MS);
  if (!isPlainClock(table, firstDay, lastDay)) return null;
  const weekly = [-1, -1, -1, -1, -1, -1, -1];
  const dated = readHours(windows, weekly);
  const off = blocked_dates.length === 0 ? NONE : epochDays(blocked_dates);
  return dated === null || off === null ? null : { table, firstDay, lastDay, weekly, dated, off };
}

/** Whether the service may have a group session with seats left, which is offered whatever the hours are. */
function mayJoin(taken: readonly Occupancy[], serviceId: string | null | undefined): boolean {
  if (serviceId === null || serviceId === undefined) return false;
  for (const row of taken) if (row.serviceId === serviceId && row.seatsTaken < row.capacity) return true;
  return false;
}

/** As in the judge: no start of the range lies past the last day that can be booked, whatever the zone. */
function liesInBookingWindow(table: ZoneTable, schedule: Schedule, { now, until }: SlotQuery): boolean {
  if (!(now >= table.from && now < table.until)) return false;
  const today = Math.floor((now + offsetIn(table, now)) / DAY_MS);
  return (today + schedule.booking_window_days) * DAY_MS - DATE_REACH_MS > until;
}

/**
 * Whether every clock change around these days lies well within one day. Then dates follow each other, and hours that end
 * before midnight are instants between the start of their date and the next: no session touches another date than its own,
 * so a day off is a day without hours.
 */
function isPlainClock({ wallChanges, offsets }: ZoneTable, firstDay: number, lastDay: number): boolean {
  // Two days more on both sides: further away, no offset makes hours of a date meet the range.
  const latest = (lastDay + 3) * DAY_MS;
  let previous = Number.NEGATIVE_INFINITY;
  for (let i = changesUpTo(wallChanges, (firstDay - 2) * DAY_MS); wallChanges[i]! < latest; i++) {
    const shift = Math.abs(offsets[i + 1]! - offsets[i]!);
    const day = Math.floor((wallChanges[i]! - shift) / DAY_MS);
    // An end of hours that is skipped moves on by the shift and must not reach the next date.
    if (day === previous || wallChanges[i]! + shift > (day + 1) * DAY_MS) return false;
    previous = day;
  }
  return true;
}

/** Steps through each day's hours and the taken time side by side. Null if hours or taken time turn out not to ascend. */
export function walk(
  { table, firstDay, lastDay, weekly, dated, off }: PlainSchedule,
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  from: number,
): number[] | null {
  const lastStart = Math.ceil(query.until) - 1;
  const step = schedule.slot_interval * MINUTE_MS;
  const length = query.duration * MINUTE_MS;
  const before = schedule.buffer_before * MINUTE_MS;
  const after = schedule.buffer_after * MINUTE_MS;
  const { wallChanges, offsets } = table;
  const starts: number[] = [];
  let change = changesUpTo(wallChanges, firstDay * DAY_MS);
  let weekday = dayOfWeek(epochDay(firstDay));
  let d = 0;
  const count = taken.length;
  let b = -1;
  let busyFrom = Number.NEGATIVE_INFINITY;
  let busyUntil = Number.NEGATIVE_INFINITY;
  let reached = Number.NEGATIVE_INFINITY;
  for (let day = firstDay; day <= lastDay; day++) {
    const midnight = day * DAY_MS;
    while (wallChanges[change]! <= midnight) change += 1;
    const steady = wallChanges[change]! >= midnight + DAY_MS;
    const offset = offsets[change]!;
    const isOff = off.length > 0 && off.includes(day);
    let w = isOff ? -1 : weekly[weekday]!;
    weekday = weekday === 6 ? 0 : weekday + 1;
    while (d < dated.length && (dated[d]! < day || (isOff && dated[d] === day))) d += 3;
    for (;;) {
      let opens: number;
      let closes: number;
      if (w >= 0) {
        opens = midnight + weekly[w]!;
        closes = midnight + weekly[w + 1]!;
        w = weekly[w + 2]!;
      } else if (d < dated.length && dated[d] === day) {
        opens = midnight + dated[d + 1]!;
        closes = midnight + dated[d + 2]!;
        d += 3;
      } else break;
      let start: number;
      let end: number;
      if (steady) {
        start = opens - offset;
        end = closes - offset;
      } else {
        start = instantIn(table, opens);
        end = instantIn(table, closes);
        if (start >= end) continue; // A clock change skips all of it.
      }
      if (start <= reached) return null;
      reached = end;
      if (start < from) start += Math.ceil((from - start) / step) * step;
      const last = end - length < lastStart ? end - length : lastStart;
      while (start <= last) {
        while (busyUntil <= start) {
          b += 1;
          if (b >= count) {
            busyFrom = Number.POSITIVE_INFINITY;
            busyUntil = Number.POSITIVE_INFINITY;
            break;
          }
          const row = taken[b]!;
          const nextFrom = row.busyFrom - after;
          if (nextFrom < busyFrom || !(row.busyFrom < row.busyUntil)) return null;
          busyFrom = nextFrom;
          busyUntil = row.busyUntil + before;
        }
        const lastFree = busyFrom - length;
        if (lastFree < start) {
          do start += step;
          while (start < busyUntil && start <= last);
        } else {
          const stop = lastFree < last ? lastFree : last;
          do {
            starts.push(start);
            start += step;
          } while (start <= stop);
        }
      }
    }
  }
  return isAscending(taken, Math.max(b, 0)) ? starts : null;
}

/** Of the rows that the walk has not reached: one out of order could lie anywhere. */
function isAscending(taken: readonly Occupancy[], begin: number): boolean {
  for (let i = begin + 1; i < taken.length; i++)
    if (!(taken[i]!.busyFrom >= taken[i - 1]!.busyFrom)) return false;
  return true;
}

const NONE: readonly number[] = [];

function epochDays(dates: readonly LocalDate[]): number[] | null {
  const days: number[] = [];
  for (const date of dates) {
    const day = parseDate(date);
    if (day === null) return null;
    days.push(day);
  }
  return days;
}

/**
 * Adds the rows of weekdays to `weekly` and returns those of dates. Null for hours that touch, overlap, reach midnight (the
 * next date's may begin there) or replace the week's, and for dates that do not ascend.
 */
function readHours(rows: readonly AvailabilityWindow[], weekly: number[]): readonly number[] | null {
  let dated: number[] | null = null;
  let latest = Number.POSITIVE_INFINITY;
  // Backwards: rows usually ascend, and then each is put in front of those of its weekday.
  for (let index = rows.length - 1; index >= 0; index--) {
    const row = rows[index]!;
    const start = minutesOf(row.start_time) * MINUTE_MS;
    const end = minutesOf(row.end_time) * MINUTE_MS;
    if (start < 0 || end <= start || end >= DAY_MS) return null;
    const weekday = row.day_of_week;
    if (row.specific_date === null) {
      if (weekday === null || !(weekday >= 0 && weekday <= 6 && weekday % 1 === 0)) return null;
      if (!insertHours(weekly, weekday, start, end)) return null;
    } else {
      const day = parseDate(row.specific_date);
      if (day === null || weekday !== null || row.replaces_weekly || day > latest) return null;
      latest = day;
      dated ??= [];
      dated.push(end, start, day);
    }
  }
  return dated === null ? NONE : dated.reverse();
}

/** Adds a row to the ascending hours of a weekday. Returns false for one that touches or overlaps another. */
function insertHours(weekly: number[], weekday: number, start: number, end: number): boolean {
  let link = weekday;
  let next = weekly[link]!;
  while (next >= 0 && weekly[next]! < start) {
    if (weekly[next + 1]! >= start) return false;
    link = next + 2;
    next = weekly[link]!;
  }
  if (next >= 0 && weekly[next]! <= end) return false;
  weekly[link] = weekly.length;
  weekly.push(start, end, next);
  return true;
}
