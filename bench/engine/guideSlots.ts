/**
 * The algorithm of the guide's `getAvailableTimeSlots`, day by day, as one writes it with a date library: the weekday's
 * windows, is the date blocked, the bookings of the date, a slot every interval, filter. The guide has no zones; here
 * each slot is a Temporal.ZonedDateTime, so that the answers can be compared.
 */
import type { AvailabilityWindow, Occupancy, Schedule } from "#scheduling/slots.ts";
import type { Workload } from "#scheduling/testing/workloads.ts";

export function guideSlots({ schedule, taken, query }: Workload): number[] {
  const starts: number[] = [];
  const until = dateAt(query.until, schedule.timezone);
  let date = dateAt(query.from, schedule.timezone);
  while (Temporal.PlainDate.compare(date, until) < 0) {
    const slots = availableTimeSlots(schedule, taken, date, query.duration);
    starts.push(...slots.filter((slot) => slot.available).map((slot) => slot.start.epochMilliseconds));
    date = date.add({ days: 1 });
  }
  return starts;
}

interface TimeSlot {
  start: Temporal.ZonedDateTime;
  available: boolean;
}

function availableTimeSlots(
  schedule: Schedule,
  taken: readonly Occupancy[],
  date: Temporal.PlainDate,
  duration: number,
): TimeSlot[] {
  if (schedule.blocked_dates.some((blocked) => blocked === date.toString())) return [];
  const booked = taken
    .map((row) => ({
      start: zoned(row.busyFrom, schedule.timezone),
      end: zoned(row.busyUntil, schedule.timezone),
    }))
    .filter(({ start }) => start.toPlainDate().equals(date));
  return schedule.windows
    .filter((window) =>
      window.specific_date === null
        ? window.day_of_week === date.dayOfWeek % 7
        : window.specific_date === date.toString(),
    )
    .flatMap((window) => timeSlots(schedule, window, date, duration))
    .map((start) => {
      const end = start.add({ minutes: duration });
      const clash = booked.some((other) => isBefore(start, other.end) && isBefore(other.start, end));
      return { start, available: !clash };
    });
}

function timeSlots(
  { timezone, slot_interval }: Schedule,
  window: AvailabilityWindow,
  date: Temporal.PlainDate,
  duration: number,
): Temporal.ZonedDateTime[] {
  const opens = date.toZonedDateTime({ timeZone: timezone, plainTime: window.start_time });
  const closes = date.toZonedDateTime({ timeZone: timezone, plainTime: window.end_time });
  const starts: Temporal.ZonedDateTime[] = [];
  for (
    let start = opens;
    !isBefore(closes, start.add({ minutes: duration }));
    start = start.add({ minutes: slot_interval })
  ) {
    starts.push(start);
  }
  return starts;
}

function isBefore(one: Temporal.ZonedDateTime, other: Temporal.ZonedDateTime): boolean {
  return Temporal.ZonedDateTime.compare(one, other) < 0;
}

function zoned(epochMs: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timezone);
}

function dateAt(epochMs: number, timezone: string): Temporal.PlainDate {
  return zoned(epochMs, timezone).toPlainDate();
}
