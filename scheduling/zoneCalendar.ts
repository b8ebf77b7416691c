/**
 * A mentor's dates and hours as instants, in one zone or while travelling (docs/decisions/0010). While the mentor
 * travels, a date begins with its midnight in the zone in force on it and lasts until the next date begins; hours and
 * days off of a date are in the zone of that date, both ends.
 */

import { blockedBetween, blockedDay, windowsBetween } from "./availability.ts";
import { dayOf, epochDay, parseDate } from "./dates.ts";
import { type Intervals, insertInterval, tidyIntervals } from "./interval.ts";
import { DATE_REACH_MS } from "./margins.ts";
import type { AvailabilityWindow, Schedule, ZonePeriod } from "./schedule.ts";
import { DAY_MS, type EpochDay, type EpochMs, type LocalDate } from "./units.ts";
import { localDayAt, startOfDay } from "./zonedTime.ts";
import { offsetIn, type ZoneTable, zoneTable } from "./zoneTable.ts";

/** Instants are epoch ms. */
export interface ZoneCalendar {
  zoneAt(instant: number): string;
  /** The first instant of a date. */
  startOf(day: EpochDay): EpochMs;
  /** The date on the mentor's clock. */
  localDay(instant: number): EpochDay;
  /** No instant before this lies on a later date than `day`. */
  earliestEndOf(day: EpochDay): number;
  /** As `windowsBetween` of availability.ts; with `blockedBetween`, for instants of the range given at the start only. */
  windowsBetween(rows: readonly AvailabilityWindow[], from: number, until: number): Intervals;
  /** As `blockedBetween` of availability.ts. */
  blockedBetween(dates: readonly LocalDate[], from: number, until: number): Intervals;
}

type Clock = Pick<Schedule, "timezone" | "zone_periods">;

/**
 * The calendar of a mentor, for hours and days off in [from, until), epoch ms; its dates are right at any instant.
 * @throws RangeError for an unknown zone, and for periods that overlap or whose dates are none
 */
export function zoneCalendarOf(schedule: Clock, from: number, until: number): ZoneCalendar {
  return travels(schedule)
    ? new TravelCalendar(schedule)
    : new SteadyCalendar(schedule.timezone, from, until);
}

/** Of a mentor who stays in one zone. */
class SteadyCalendar implements ZoneCalendar {
  private readonly timezone: string;
  private readonly table: ZoneTable;

  constructor(timezone: string, from: number, until: number) {
    this.timezone = timezone;
    this.table = zoneTable(timezone, from - DATE_REACH_MS, until + DATE_REACH_MS);
  }

  zoneAt(): string {
    return this.timezone;
  }

  startOf(day: EpochDay): EpochMs {
    return startOfDay(this.timezone, day);
  }

  localDay(instant: number): EpochDay {
    const { table } = this;
    if (!(instant >= table.from && instant < table.until)) return localDayAt(this.timezone, instant);
    return epochDay(Math.floor((instant + offsetIn(table, instant)) / DAY_MS));
  }

  earliestEndOf(day: EpochDay): number {
    return this.startOf(epochDay(day + 1));
  }

  windowsBetween(rows: readonly AvailabilityWindow[], from: number, until: number): Intervals {
    return windowsBetween(rows, this.table, from, until);
  }

  blockedBetween(dates: readonly LocalDate[], from: number, until: number): Intervals {
    return blockedBetween(dates, this.table, from, until);
  }
}

/** Dates that follow one another in one zone. */
interface Stretch {
  /** Both included; the first and the last stretch are endless. */
  readonly firstDay: EpochDay;
  readonly lastDay: EpochDay;
  /** When the first day begins, epoch ms. */
  readonly startsAt: number;
  readonly timezone: string;
}

/** Of a mentor who is in other zones for a while. */
class TravelCalendar implements ZoneCalendar {
  /** Ascending by date, without gaps. */
  private readonly stretches: readonly Stretch[];

  constructor({ timezone, zone_periods = [] }: Clock) {
    const periods = zone_periods.map(parsePeriod).sort((one, other) => one.firstDay - other.firstDay);
    const stretches: Stretch[] = [];
    let next = epochDay(Number.NEGATIVE_INFINITY);
    const add = (firstDay: EpochDay, lastDay: EpochDay, zone: string) => {
      const startsAt = firstDay === Number.NEGATIVE_INFINITY ? firstDay : startOfDay(zone, firstDay);
      stretches.push({ firstDay, lastDay, startsAt, timezone: zone });
      next = epochDay(lastDay + 1);
    };
    for (const { firstDay, lastDay, timezone: zone } of periods) {
      if (firstDay < next) throw new RangeError("timezone_periods: two of them overlap");
      if (firstDay > next) add(next, epochDay(firstDay - 1), timezone);
      add(firstDay, lastDay, zone);
    }
    add(next, epochDay(Number.POSITIVE_INFINITY), timezone);
    this.stretches = stretches;
  }

  /** The zone of the last date that has begun. */
  zoneAt(instant: number): string {
    let zone = this.stretches[0]!.timezone;
    for (const { startsAt, timezone } of this.stretches) if (startsAt <= instant) zone = timezone;
    return zone;
  }

  startOf(day: EpochDay): EpochMs {
    return startOfDay(this.zoneOn(day), day);
  }

  localDay(instant: number): EpochDay {
    return localDayAt(this.zoneAt(instant), instant);
  }

  /** No zone is a day ahead of UTC. */
  earliestEndOf(day: EpochDay): number {
    return day * DAY_MS;
  }

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

  /** A day off lasts until both its own midnight and the next date have come. */
  blockedBetween(dates: readonly LocalDate[], from: number, until: number): Intervals {
    const blocked: Intervals = [];
    for (const date of dates) {
      const day = blockedDay(date);
      if (day * DAY_MS + DATE_REACH_MS <= from || day * DAY_MS - DATE_REACH_MS >= until) continue;
      const zone = this.zoneOn(day);
      insertInterval(
        blocked,
        startOfDay(zone, day),
        Math.max(startOfDay(zone, epochDay(day + 1)), this.startOf(epochDay(day + 1))),
      );
    }
    return tidyIntervals(blocked);
  }

  /** The zone in force on a date. */
  private zoneOn(day: EpochDay): string {
    return this.stretches.find(({ lastDay }) => day <= lastDay)!.timezone;
  }
}

/** A mentor's open time and days off in [from, until), epoch ms, as tidy lists; open time includes days off. */
export function openTime(
  schedule: Schedule,
  from: number,
  until: number,
): { open: Intervals; off: Intervals } {
  const calendar = zoneCalendarOf(schedule, from, until);
  return {
    open: tidyIntervals(calendar.windowsBetween(schedule.windows, from, until)),
    off: calendar.blockedBetween(schedule.blocked_dates, from, until),
  };
}

/** Returns a function from instants, epoch ms, to the zone that the mentor is in: for many in a row. */
export function mentorZoneReader(schedule: Clock): (instant: number) => string {
  if (!travels(schedule)) return () => schedule.timezone;
  const calendar = new TravelCalendar(schedule);
  return (instant) => calendar.zoneAt(instant);
}

/** The zone in which the mentor's wall clock of a date is meant. */
export function zoneOnDate({ timezone, zone_periods = [] }: Clock, day: EpochDay): string {
  const away = zone_periods
    .map(parsePeriod)
    .find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
  return away?.timezone ?? timezone;
}

/** The zone that the mentor is in at an instant, epoch ms. */
export function mentorZoneAt(schedule: Clock, instant: number): string {
  return mentorZoneReader(schedule)(instant);
}

/** The instants at which a mentor's date begins and the next one does. */
export function mentorDay(schedule: Clock, date: LocalDate): { from: EpochMs; until: EpochMs } {
  const day = dayOf(date);
  const calendar = zoneCalendarOf(schedule, day * DAY_MS, day * DAY_MS);
  return { from: calendar.startOf(day), until: calendar.startOf(epochDay(day + 1)) };
}

function travels({ zone_periods }: Clock): boolean {
  return zone_periods !== undefined && zone_periods.length > 0;
}

function parsePeriod({ starts_on, ends_on, timezone }: ZonePeriod) {
  const firstDay = parseDate(starts_on);
  const lastDay = parseDate(ends_on);
  if (firstDay === null || lastDay === null || lastDay < firstDay) {
    throw new RangeError(`timezone_periods: malformed row: ${starts_on} to ${ends_on}`);
  }
  return { firstDay, lastDay, timezone };
}
