/** Short ways to write down mentors, sessions and instants in tests. */

import type { Occupancy } from "../availability.ts";
import { localDate } from "../dates.ts";
import type { AvailabilityWindow, Schedule } from "../schedule.ts";
import { addMs, MINUTE_MS, type Minutes, parseInstant } from "../units.ts";

/** Minutes as plain numbers. */
type InNumbers<Fields> = {
  [Key in keyof Fields]: Fields[Key] extends Minutes ? number : Fields[Key];
};

/** A mentor with the defaults of the design ("Time"), except what is given. */
export function mentor(
  settings: Partial<InNumbers<Schedule>> & Pick<Schedule, "timezone" | "windows">,
): Schedule {
  const schedule: InNumbers<Schedule> = {
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
  return schedule as Schedule;
}

/** A window on a date ('2026-03-08') or a weekday (0 is Sunday): `open("2026-03-08", "09:00-17:00")`. */
export function open(day: string | number, hours: string): AvailabilityWindow {
  const [start_time = "", end_time = ""] = hours.split("-");
  return typeof day === "number"
    ? { day_of_week: day, specific_date: null, start_time, end_time }
    : { day_of_week: null, specific_date: localDate(day), start_time, end_time };
}

/** A 1:1 session from an ISO instant; buffers in minutes. */
export function session(
  start: string,
  minutes: number,
  rest: Partial<Occupancy> & { before?: number; after?: number } = {},
): Occupancy {
  const { before = 0, after = 0, ...fields } = rest;
  const startsAt = parseInstant(start);
  const endsAt = addMs(startsAt, minutes * MINUTE_MS);
  return {
    startsAt,
    endsAt,
    busyFrom: addMs(startsAt, -before * MINUTE_MS),
    busyUntil: addMs(endsAt, after * MINUTE_MS),
    serviceId: null,
    capacity: 1,
    seatsTaken: 1,
    ...fields,
  };
}

/** Epoch ms -> '2026-03-08T07:00Z'. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/:00\.000Z$/, "Z");
}
