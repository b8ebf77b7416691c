/**
 * The rules of the design's "Time" written a second time, minute by minute and through Temporal, as plainly as
 * possible. It imports nothing but types: when it and the engine agree, they agree for two different reasons.
 */

import type { Occupancy, SlotQuery } from "../availability.ts";
import type { AvailabilityWindow, Schedule } from "../schedule.ts";

export interface BruteSlot {
  readonly startsAt: number;
  readonly verdict: string;
}

interface OpenWindow {
  readonly start: Temporal.ZonedDateTime;
  readonly startMs: number;
  readonly endMs: number;
}

const MINUTE = 60_000;

/** Every start there is in the range and the first reason that forbids it. For whole-minute clocks (since 1973). */
export function bruteForce(schedule: Schedule, all: readonly Occupancy[], query: SlotQuery): BruteSlot[] {
  const taken = withTimeForWaits(schedule, all, query);
  const windows = openWindows(schedule, query);
  const openMinutes = new Set<number>();
  for (const window of windows) {
    for (let minute = window.startMs; minute < window.endMs; minute += MINUTE) openMinutes.add(minute);
  }

  const slots: BruteSlot[] = [];
  const firstMinute = Math.ceil(query.from / MINUTE) * MINUTE;
  for (let minute = firstMinute; minute < query.until; minute += MINUTE) {
    const isStart = windows.some(
      ({ startMs, endMs }) =>
        startMs <= minute && minute < endMs && ((minute - startMs) / MINUTE) % schedule.slot_interval === 0,
    );
    if (isStart || joinable(taken, query, minute)) {
      slots.push({ startsAt: minute, verdict: judge(schedule, taken, query, openMinutes, minute) });
    }
  }
  return slots;
}

function at(timezone: string, epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timezone);
}

/** The zone in which the wall clock of a date is meant. */
export function zoneOn(schedule: Schedule, date: Temporal.PlainDate): string {
  const day = date.toString();
  const away = schedule.zone_periods?.find(({ starts_on, ends_on }) => starts_on <= day && day <= ends_on);
  return away?.timezone ?? schedule.timezone;
}

/** What the mentor's calendar shows at an instant: in the zone of the last date whose midnight has come. */
function dateAt(schedule: Schedule, epochMs: number): Temporal.PlainDate {
  if (!schedule.zone_periods?.length) return at(schedule.timezone, epochMs).toPlainDate();
  let date = at("UTC", epochMs).toPlainDate().add({ days: 3 });
  while (date.toZonedDateTime(zoneOn(schedule, date)).epochMilliseconds > epochMs) {
    date = date.subtract({ days: 1 });
  }
  return at(zoneOn(schedule, date), epochMs).toPlainDate();
}

function openWindows(schedule: Schedule, query: SlotQuery): OpenWindow[] {
  const windows: OpenWindow[] = [];
  const last = at("UTC", query.until + query.duration * MINUTE)
    .toPlainDate()
    .add({ days: 4 });
  let date = at("UTC", query.from).toPlainDate().subtract({ days: 4 });
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    const timezone = zoneOn(schedule, date);
    for (const row of schedule.windows) {
      if (!holdsOn(row, date, schedule.windows)) continue;
      const start = wallTime(date, row.start_time).toZonedDateTime(timezone, {
        disambiguation: "compatible",
      });
      const end = endOf(row, date).toZonedDateTime(timezone, { disambiguation: "compatible" });
      if (Temporal.ZonedDateTime.compare(start, end) < 0) {
        windows.push({ start, startMs: start.epochMilliseconds, endMs: end.epochMilliseconds });
      }
    }
    date = date.add({ days: 1 });
  }
  return windows;
}

function holdsOn(
  row: AvailabilityWindow,
  date: Temporal.PlainDate,
  all: readonly AvailabilityWindow[],
): boolean {
  if (row.specific_date !== null) return row.specific_date === date.toString();
  if (all.some((other) => other.replaces_weekly && other.specific_date === date.toString())) return false;
  return row.day_of_week === date.dayOfWeek % 7; // Temporal's Sunday is 7.
}

function wallTime(date: Temporal.PlainDate, time: string): Temporal.PlainDateTime {
  return date.toPlainDateTime(Temporal.PlainTime.from(time));
}

function endOf(row: AvailabilityWindow, date: Temporal.PlainDate): Temporal.PlainDateTime {
  const tomorrow = date.add({ days: 1 });
  if (row.end_time === "24:00" || row.end_time === "00:00") return wallTime(tomorrow, "00:00");
  return wallTime(row.end_time <= row.start_time ? tomorrow : date, row.end_time);
}

function joinable(
  taken: readonly Occupancy[],
  query: SlotQuery,
  start: number,
  isScheduled = false,
): boolean {
  return taken.some(
    (other) =>
      query.serviceId !== undefined &&
      query.serviceId !== null &&
      other.serviceId === query.serviceId &&
      other.startsAt === start &&
      other.endsAt === start + query.duration * MINUTE &&
      other.seatsTaken < other.capacity &&
      (!isScheduled || (other.joinUntil !== undefined && query.now < other.joinUntil)),
  );
}

function judge(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  openMinutes: ReadonlySet<number>,
  start: number,
): string {
  const end = start + query.duration * MINUTE;
  const date = dateAt(schedule, start);

  if (joinable(taken, query, start, true)) return "free";
  if (start < query.now) return "past";
  if (start < query.now + schedule.minimum_notice * MINUTE) return "notice";
  const lastDate = dateAt(schedule, query.now).add({ days: schedule.booking_window_days });
  if (Temporal.PlainDate.compare(date, lastDate) > 0) return "window";

  for (const blocked of schedule.blocked_dates) {
    const day = Temporal.PlainDate.from(blocked);
    const next = day.add({ days: 1 });
    const from = day.toZonedDateTime(zoneOn(schedule, day)).epochMilliseconds;
    const until = Math.max(
      next.toZonedDateTime(zoneOn(schedule, day)).epochMilliseconds,
      next.toZonedDateTime(zoneOn(schedule, next)).epochMilliseconds,
    );
    if (from < until && overlap(start, end, from, until)) return "blocked";
  }
  if (joinable(taken, query, start)) return "free";
  if (start < query.now + (schedule.opening_notice ?? 0) * MINUTE) return "notice";

  for (let minute = start; minute < end; minute += MINUTE) {
    if (!openMinutes.has(minute)) return "outside_hours";
  }
  const padFrom = start - schedule.buffer_before * MINUTE;
  const padUntil = end + schedule.buffer_after * MINUTE;
  if (taken.some((other) => overlap(padFrom, padUntil, other.busyFrom, other.busyUntil))) {
    return taken.some((other) => overlap(start, end, other.startsAt, other.endsAt)) ? "taken" : "buffer";
  }

  const sessions = taken.filter(({ isElsewhere }) => !isElsewhere);
  const dates = sessions.map((other) => dateAt(schedule, other.startsAt));
  // Where anything is kept for those who wait, there is no room for others under a cap.
  const kept = taken.filter(({ isKept }) => isKept).map((other) => dateAt(schedule, other.startsAt));
  const onDay = dates.filter((other) => other.equals(date)).length;
  const isDayKept = kept.some((other) => other.equals(date));
  if (schedule.max_per_day !== null && (isDayKept || onDay >= schedule.max_per_day)) return "day_limit";
  const inWeek = dates.filter(
    (other) => other.weekOfYear === date.weekOfYear && other.yearOfWeek === date.yearOfWeek,
  ).length;
  const isWeekKept = kept.some(
    (other) => other.weekOfYear === date.weekOfYear && other.yearOfWeek === date.yearOfWeek,
  );
  if (schedule.max_per_week !== null && (isWeekKept || inWeek >= schedule.max_per_week)) return "week_limit";
  return "free";
}

function overlap(from: number, until: number, otherFrom: number, otherUntil: number): boolean {
  return from < otherUntil && otherFrom < until;
}

/** Every free minute that is waited for is taken, or its group session full, for all others. */
function withTimeForWaits(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
): readonly Occupancy[] {
  const known = [...taken];
  const { waits = [], ...rest } = schedule;
  if (schedule.accepting_bookings === false) return known;
  for (const { serviceId, duration, from, until, passed, opensByBooking, openingNotice } of waits) {
    // Two weeks on each side: longer than a session with its buffers, and than the week of a cap.
    const asked = {
      from: Math.max(from, query.from - 14 * 1440 * MINUTE) as SlotQuery["from"],
      until: Math.min(until, query.until + 14 * 1440 * MINUTE) as SlotQuery["until"],
      duration,
      now: query.now,
      serviceId,
    };
    if (asked.from >= asked.until) continue;
    const windows = opensByBooking ? rest.windows : [];
    const ofService = { ...rest, windows, opening_notice: openingNotice };
    for (const { startsAt, verdict } of bruteForce(ofService, taken, asked)) {
      if (verdict !== "free" || passed.some((start) => start === startsAt)) continue;
      let notice: number = Math.max(schedule.minimum_notice, openingNotice);
      if (joinable(taken, asked, startsAt)) notice = schedule.minimum_notice;
      if (joinable(taken, asked, startsAt, true)) notice = 0;
      if (startsAt < query.now + (notice + 10) * MINUTE) continue;
      if (joinable(taken, asked, startsAt)) {
        known.forEach((row, index) => {
          if (
            row.serviceId === serviceId &&
            row.startsAt === startsAt &&
            row.endsAt === startsAt + duration * MINUTE
          )
            known[index] = { ...row, seatsTaken: row.capacity };
        });
      } else {
        const endsAt = startsAt + duration * MINUTE;
        const kept = {
          startsAt,
          endsAt,
          busyFrom: startsAt - schedule.buffer_before * MINUTE,
          busyUntil: endsAt + schedule.buffer_after * MINUTE,
        } as Pick<Occupancy, "startsAt" | "endsAt" | "busyFrom" | "busyUntil">;
        known.push({ ...kept, serviceId: null, capacity: 1, seatsTaken: 1, isElsewhere: true, isKept: true });
      }
    }
  }
  return known;
}
