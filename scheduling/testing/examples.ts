/** Short ways to write down mentors, sessions and instants in tests. */

import type { Occupancy } from "../availability.ts";
import type { AvailabilityWindow, Schedule } from "../schedule.ts";

const MINUTE = 60_000;

/** A mentor with the defaults of the design ("Time"), except what is given. */
export function mentor(settings: Partial<Schedule> & Pick<Schedule, "timezone" | "windows">): Schedule {
  return {
    blocked_dates: [],
    slot_interval: 30,
    buffer_before: 0,
    buffer_after: 0,
    minimum_notice: 0,
    booking_window_days: 60,
    max_per_day: null,
    max_per_week: null,
    ...settings,
  };
}

/** A window on a date ('2026-03-08') or a weekday (0 is Sunday): `open("2026-03-08", "09:00-17:00")`. */
export function open(day: string | number, hours: string): AvailabilityWindow {
  const [start_time = "", end_time = ""] = hours.split("-");
  return typeof day === "number"
    ? { day_of_week: day, specific_date: null, start_time, end_time }
    : { day_of_week: null, specific_date: day, start_time, end_time };
}

/** A 1:1 session from an ISO instant; buffers in minutes. */
export function session(
  startsAt: string,
  minutes: number,
  rest: Partial<Occupancy> & { before?: number; after?: number } = {},
): Occupancy {
  const { before = 0, after = 0, ...fields } = rest;
  const starts_at = Date.parse(startsAt);
  const ends_at = starts_at + minutes * MINUTE;
  return {
    starts_at,
    ends_at,
    busy_from: starts_at - before * MINUTE,
    busy_until: ends_at + after * MINUTE,
    service_id: null,
    capacity: 1,
    seats_taken: 1,
    ...fields,
  };
}

/** Epoch ms -> '2026-03-08T07:00Z'. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/:00\.000Z$/, "Z");
}
