import { addDays, localDate } from "../dates.ts";
import { findSlots, publicTime } from "../slots.ts";
import { addMs, asMinutes } from "../units.ts";
import type { Engine } from "./comparison.ts";

/** The mistakes of other booking products. Each must be seen, or the comparison above proves nothing. */
export const brokenEngines: Record<string, Engine> = {
  "ignores the buffers": (schedule, taken, query) =>
    findSlots({ ...schedule, buffer_before: asMinutes(0), buffer_after: asMinutes(0) }, taken, query),
  "swaps the buffers": (schedule, taken, query) =>
    findSlots(
      { ...schedule, buffer_before: schedule.buffer_after, buffer_after: schedule.buffer_before },
      taken,
      query,
    ),
  "uses one offset for the whole range": (schedule, taken, query) => {
    const offset =
      Temporal.Instant.fromEpochMilliseconds(query.from).toZonedDateTimeISO(schedule.timezone)
        .offsetNanoseconds / 1e6;
    const shifted = taken.map((row) => ({
      ...row,
      startsAt: addMs(row.startsAt, offset),
      endsAt: addMs(row.endsAt, offset),
      busyFrom: addMs(row.busyFrom, offset),
      busyUntil: addMs(row.busyUntil, offset),
    }));
    const { from, until, now } = query;
    const local = {
      ...query,
      from: addMs(from, offset),
      until: addMs(until, offset),
      now: addMs(now, offset),
    };
    return findSlots({ ...schedule, timezone: "UTC" }, shifted, local).map((start) => addMs(start, -offset));
  },
  "ignores the notice": (schedule, taken, query) =>
    findSlots({ ...schedule, minimum_notice: asMinutes(0) }, taken, query),
  "offers a day too far ahead": (schedule, taken, query) =>
    findSlots({ ...schedule, booking_window_days: schedule.booking_window_days + 1 }, taken, query),
  "ignores blocked dates": (schedule, taken, query) =>
    findSlots({ ...schedule, blocked_dates: [] }, taken, query),
  "forgets the evening before a blocked date": (schedule, taken, query) =>
    findSlots({ ...schedule, blocked_dates: [] }, taken, query).filter((start) => {
      const shown = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(schedule.timezone);
      return !schedule.blocked_dates.includes(localDate(shown.toPlainDate().toString()));
    }),
  "never joins a group session": (schedule, taken, query) =>
    findSlots(schedule, taken, { ...query, serviceId: null }),
  "joins full group sessions": (schedule, taken, query) =>
    findSlots(
      schedule,
      taken.map((row) => ({ ...row, capacity: row.capacity + 1 })),
      query,
    ),
  "is one too generous with the daily limit": (schedule, taken, query) =>
    findSlots(
      { ...schedule, max_per_day: schedule.max_per_day === null ? null : schedule.max_per_day + 1 },
      taken,
      query,
    ),
  "ignores the weekly limit": (schedule, taken, query) =>
    findSlots({ ...schedule, max_per_week: null }, taken, query),
  "forgets windows that run over midnight": (schedule, taken, query) => {
    const windows = schedule.windows.filter((row) => row.end_time > row.start_time);
    return findSlots({ ...schedule, windows }, taken, query);
  },
  "adds dated hours that replace the week's": (schedule, taken, query) => {
    const windows = schedule.windows.map((row) => ({ ...row, replaces_weekly: false }));
    return findSlots({ ...schedule, windows }, taken, query);
  },
  "ignores those who wait": (schedule, taken, query) => findSlots({ ...schedule, waits: [] }, taken, query),
  "lets others reach a cap before those who wait": (schedule, taken, query) => {
    const { waits: _asked, ...rest } = schedule;
    if (schedule.accepting_bookings === false) return [];
    const known = publicTime(schedule, taken, query).map(({ isKept: _kept, ...row }) => row);
    return findSlots(rest, known, query);
  },
  "never travels": (schedule, taken, query) => findSlots({ ...schedule, zone_periods: [] }, taken, query),
  "comes home a day early": (schedule, taken, query) => {
    const zone_periods = (schedule.zone_periods ?? [])
      .filter((period) => period.starts_on < period.ends_on)
      .map((period) => ({ ...period, ends_on: addDays(period.ends_on, -1) }));
    return findSlots({ ...schedule, zone_periods }, taken, query);
  },
  "moves the grid behind each booking": (schedule, taken, query) => {
    const ends = taken.map((row) => row.busyUntil).filter((end) => end >= query.from && end < query.until);
    return [...new Set([...findSlots(schedule, taken, query), ...ends])].sort((a, b) => a - b);
  },
};
