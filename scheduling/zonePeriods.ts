/**
 * Travel: dates on which a mentor's wall clock is meant in another zone (docs/decisions/0010). A date begins with its
 * midnight in the zone in force on it and lasts until the next date begins; hours and days off of a date are meant in
 * the zone of that date, both ends.
 */

import { blockedBetween, blockedDay, windowsBetween } from "./availability.ts";
import { type Intervals, insertInterval, tidyIntervals } from "./interval.ts";
import { DATE_REACH_MS } from "./margins.ts";
import type { AvailabilityWindow, Schedule, ZonePeriod } from "./schedule.ts";
import { DAY_MS, type EpochMs } from "./units.ts";
import { localDayAt, parseDate, startOfDay } from "./zonedTime.ts";
import { zoneTable } from "./zoneTable.ts";

type Clock = Pick<Schedule, "timezone" | "zone_periods">;

/** Dates that follow one another in one zone. */
interface Stretch {
  /** Epoch days, both included; the first and the last stretch are endless. */
  readonly firstDay: number;
  readonly lastDay: number;
  /** When the first day begins, epoch ms. */
  readonly startsAt: number;
  readonly timezone: string;
}

/** What of the calendar depends on where the mentor is; for mentors who never travel see `travelOf`. */
export class Travel {
  /** Ascending by date, without gaps. */
  private readonly stretches: readonly Stretch[];

  /** @throws RangeError for periods that overlap or whose dates are none */
  constructor({ timezone, zone_periods = [] }: Clock) {
    const periods = zone_periods.map(parsePeriod).sort((one, other) => one.firstDay - other.firstDay);
    const stretches: Stretch[] = [];
    let next = Number.NEGATIVE_INFINITY;
    const add = (firstDay: number, lastDay: number, zone: string) => {
      const startsAt = firstDay === Number.NEGATIVE_INFINITY ? firstDay : startOfDay(zone, firstDay);
      stretches.push({ firstDay, lastDay, startsAt, timezone: zone });
      next = lastDay + 1;
    };
    for (const { firstDay, lastDay, timezone: zone } of periods) {
      if (firstDay < next) throw new RangeError("timezone_periods: two of them overlap");
      if (firstDay > next) add(next, firstDay - 1, timezone);
      add(firstDay, lastDay, zone);
    }
    add(next, Number.POSITIVE_INFINITY, timezone);
    this.stretches = stretches;
  }

  /** The zone in force at an instant, epoch ms: that of the last date that has begun. */
  zoneAt(instant: number): string {
    let zone = this.stretches[0]!.timezone;
    for (const { startsAt, timezone } of this.stretches) if (startsAt <= instant) zone = timezone;
    return zone;
  }

  /** The zone in force on a date, as an epoch day. */
  zoneOn(day: number): string {
    return this.stretches.find(({ lastDay }) => day <= lastDay)!.timezone;
  }

  /** When a date begins, epoch ms. */
  startOf(day: number): EpochMs {
    return startOfDay(this.zoneOn(day), day);
  }

  /** The epoch day that the mentor's clock shows at an instant. */
  localDay(instant: number): number {
    return localDayAt(this.zoneAt(instant), instant);
  }

  /** As `windowsBetween` of availability.ts. */
  windowsBetween(rows: readonly AvailabilityWindow[], from: number, until: number): Intervals {
    const all: Intervals = [];
    for (const { firstDay, lastDay, timezone } of this.stretches) {
      if (firstDay * DAY_MS - DATE_REACH_MS >= until || lastDay * DAY_MS + DATE_REACH_MS <= from) continue;
      const table = zoneTable(timezone, from - DATE_REACH_MS, until + DATE_REACH_MS);
      const windows = windowsBetween(rows, table, from, until, firstDay, lastDay);
      for (let i = 0; i < windows.length; i += 2) insertInterval(all, windows[i]!, windows[i + 1]!);
    }
    return all;
  }

  /** As `blockedBetween` of availability.ts. A day off lasts until both its own midnight and the next date have come. */
  blockedBetween(dates: readonly string[], from: number, until: number): Intervals {
    const blocked: Intervals = [];
    for (const date of dates) {
      const day = blockedDay(date);
      if (day * DAY_MS + DATE_REACH_MS <= from || day * DAY_MS - DATE_REACH_MS >= until) continue;
      const zone = this.zoneOn(day);
      insertInterval(
        blocked,
        startOfDay(zone, day),
        Math.max(startOfDay(zone, day + 1), this.startOf(day + 1)),
      );
    }
    return tidyIntervals(blocked);
  }
}

/** The travels of a mentor; null for one without any, whose calendar needs one zone table only. */
export function travelOf(schedule: Clock): Travel | null {
  const { zone_periods } = schedule;
  return zone_periods === undefined || zone_periods.length === 0 ? null : new Travel(schedule);
}

/** A mentor's open time and days off in [from, until), epoch ms, as tidy lists; open time does not heed days off. */
export function openTime(
  schedule: Schedule,
  from: number,
  until: number,
): { open: Intervals; off: Intervals } {
  const travel = travelOf(schedule);
  const table = zoneTable(schedule.timezone, from - DATE_REACH_MS, until + DATE_REACH_MS);
  const windows = travel
    ? travel.windowsBetween(schedule.windows, from, until)
    : windowsBetween(schedule.windows, table, from, until);
  const off = travel
    ? travel.blockedBetween(schedule.blocked_dates, from, until)
    : blockedBetween(schedule.blocked_dates, table, from, until);
  return { open: tidyIntervals(windows), off };
}

/** The zone in which the mentor lives at an instant, epoch ms. */
export function mentorZoneAt(schedule: Clock, instant: number): string {
  return travelOf(schedule)?.zoneAt(instant) ?? schedule.timezone;
}

/** The instants at which a mentor's date begins and the next one does. @throws RangeError for no date */
export function mentorDay(schedule: Clock, date: string): { from: EpochMs; until: EpochMs } {
  const day = parseDate(date);
  if (day === null) throw new RangeError(`Not a date: ${date}`);
  const travel = travelOf(schedule);
  const startOf = (each: number) => travel?.startOf(each) ?? startOfDay(schedule.timezone, each);
  return { from: startOf(day), until: startOf(day + 1) };
}

function parsePeriod({ starts_on, ends_on, timezone }: ZonePeriod) {
  const firstDay = parseDate(starts_on);
  const lastDay = parseDate(ends_on);
  if (firstDay === null || lastDay === null || lastDay < firstDay) {
    throw new RangeError(`timezone_periods: malformed row: ${starts_on} to ${ends_on}`);
  }
  return { firstDay, lastDay, timezone };
}
