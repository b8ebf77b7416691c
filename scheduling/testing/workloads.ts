/** The four pieces of work of the design's "Pace", built from a fixed seed so that every run measures the same. */

import type { Occupancy, SlotQuery } from "../availability.ts";
import { epochDay } from "../dates.ts";
import type { AvailabilityWindow, Schedule } from "../schedule.ts";
import { asMinutes, type EpochDay, epochMs, MINUTE_MS } from "../units.ts";
import { formatDate, instantOf, parseDate, startOfDay } from "../zonedTime.ts";

export interface Workload {
  readonly schedule: Schedule;
  readonly taken: readonly Occupancy[];
  readonly query: SlotQuery;
}

const SEED = 20_260_301;

/** A day: Asia/Kolkata, Mon-Fri 09-17, 60 min on a 30-min grid, 3 busy. */
export function buildDay(): Workload {
  const day = parseDate("2026-03-04")!; // A Wednesday.
  return officeHours(day, 1, 3, mulberry32(SEED));
}

/** A month of the same mentor, 80 busy. */
export function buildMonth(): Workload {
  return officeHours(parseDate("2026-03-01")!, 31, 80, mulberry32(SEED + 1));
}

/** 90 days over a clock change: America/New_York, 3 windows a day, 6 dates, 10 blocked, 15-min grid, 500 busy. */
export function buildQuarter(): Workload {
  const random = mulberry32(SEED + 2);
  const timezone = "America/New_York";
  const first = parseDate("2026-02-01")!;
  const windows: AvailabilityWindow[] = [];
  for (let weekday = 0; weekday < 7; weekday++) {
    windows.push(recurring(weekday, "08:00", "11:30"), recurring(weekday, "12:30", "16:00"));
    windows.push(recurring(weekday, "17:00", "20:00"));
  }
  for (let i = 0; i < 6; i++) {
    const specific_date = formatDate(epochDay(first + 7 + i * 13));
    windows.push({ day_of_week: null, specific_date, start_time: "21:00", end_time: "23:00" });
  }
  const blocked_dates = Array.from({ length: 10 }, (_, i) => formatDate(epochDay(first + 3 + i * 9)));
  const schedule = {
    ...settings(timezone, windows),
    blocked_dates,
    slot_interval: asMinutes(15),
    booking_window_days: 120,
  };
  return {
    schedule,
    taken: busyTimes(timezone, first, 90, 500, 8, 20, 15, random),
    query: queryDays(timezone, first, 90, 60),
  };
}

/** 1,000 mentors of ten zones, 14 days, 40 busy each. */
export function buildMarketplace(): Workload[] {
  const zones = [
    "Asia/Kolkata",
    "America/New_York",
    "Europe/London",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Asia/Singapore",
    "America/Sao_Paulo",
    "Africa/Lagos",
  ];
  const random = mulberry32(SEED + 3);
  const first = parseDate("2026-03-02")!;
  return Array.from({ length: 1000 }, (_, i) => {
    const timezone = zones[i % zones.length]!;
    const opens = 6 + Math.floor(random() * 5);
    const windows: AvailabilityWindow[] = [];
    for (let weekday = 1; weekday <= 5; weekday++) {
      windows.push(
        recurring(weekday, hour(opens), hour(opens + 4)),
        recurring(weekday, hour(opens + 5), hour(opens + 9)),
      );
    }
    return {
      schedule: settings(timezone, windows),
      taken: busyTimes(timezone, first, 14, 40, opens, opens + 9, 30, random),
      query: queryDays(timezone, first, 14, 60),
    };
  });
}

function officeHours(first: EpochDay, days: number, busy: number, random: () => number): Workload {
  const timezone = "Asia/Kolkata";
  const windows = [1, 2, 3, 4, 5].map((weekday) => recurring(weekday, "09:00", "17:00"));
  return {
    schedule: settings(timezone, windows),
    taken: busyTimes(timezone, first, days, busy, 9, 17, 30, random),
    query: queryDays(timezone, first, days, 60),
  };
}

function settings(timezone: string, windows: readonly AvailabilityWindow[]): Schedule {
  return {
    timezone,
    windows,
    blocked_dates: [],
    slot_interval: asMinutes(30),
    buffer_before: asMinutes(0),
    buffer_after: asMinutes(0),
    minimum_notice: asMinutes(0),
    booking_window_days: 60,
    max_per_day: null,
    max_per_week: null,
  };
}

function recurring(day_of_week: number, start_time: string, end_time: string): AvailabilityWindow {
  return { day_of_week, specific_date: null, start_time, end_time };
}

function hour(value: number): string {
  return `${String(value).padStart(2, "0")}:00`;
}

/** Asked at the beginning of the range. */
function queryDays(timezone: string, first: EpochDay, days: number, duration: number): SlotQuery {
  const from = startOfDay(timezone, first);
  return {
    from,
    until: startOfDay(timezone, epochDay(first + days)),
    duration: asMinutes(duration),
    now: from,
  };
}

/** `count` sessions of one or two grid steps that do not overlap, ascending as the database gives them. */
function busyTimes(
  timezone: string,
  first: EpochDay,
  days: number,
  count: number,
  opens: number,
  closes: number,
  grid: number,
  random: () => number,
): Occupancy[] {
  const cells = ((closes - opens) * 60) / grid;
  const used = new Set<number>();
  const taken: Occupancy[] = [];
  while (taken.length < count) {
    const day = Math.floor(random() * days);
    const length = 1 + Math.floor(random() * 2);
    const cell = Math.floor(random() * (cells - length + 1));
    const keys = Array.from({ length }, (_, i) => day * 1000 + cell + i);
    if (keys.some((key) => used.has(key))) continue;
    for (const key of keys) used.add(key);
    const startsAt = instantOf(timezone, epochDay(first + day), asMinutes(opens * 60 + cell * grid));
    const endsAt = startsAt + length * grid * MINUTE_MS;
    taken.push({
      startsAt,
      endsAt: epochMs(endsAt),
      busyFrom: startsAt,
      busyUntil: epochMs(endsAt),
      serviceId: null,
      capacity: 1,
      seatsTaken: 1,
    });
  }
  return taken.sort((a, b) => a.startsAt - b.startsAt);
}

/** Tommy Ettinger's mulberry32 (public domain): small, and the same numbers on every machine. */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
