/** Positions in a mentor's calendar. Instants are ISO 8601 text, dates are those on the mentor's clock. */

import type { CalendarBooking, CalendarDay } from "#contract/calendar.ts";
import { addDays } from "#scheduling/dates.ts";
import { HOUR_MS, type LocalDate } from "#scheduling/units.ts";
import { weekStart, weeksOf } from "@/lib/monthGrid.ts";
import { monthOf } from "@/lib/months.ts";

export type CalendarView = "day" | "week" | "month";

/** A session with the bookings of one or several students, drawn as one block. */
export type CalendarSession = {
  key: string;
  starts_at: string;
  ends_at: string;
  /** At least one; the first decides how the block looks. */
  bookings: readonly [CalendarBooking, ...CalendarBooking[]];
  /** Seats: 1 for a 1:1 session. */
  capacity: number;
};

type Span = Pick<CalendarSession, "starts_at" | "ends_at">;

/** Parts of a day from its beginning: 0 to 1. */
export type Place = { top: number; height: number };

export type Placed = {
  session: CalendarSession;
  place: Place;
  /** From its top to that of the next one: a block may grow to this height for its text. Null for the last. */
  room: number | null;
  continues: { before: boolean; after: boolean };
};

/** The dates of a view around a date. A month has whole weeks of its own days only. */
export function datesOf(view: CalendarView, date: LocalDate, firstWeekday: number): LocalDate[] {
  switch (view) {
    case "day":
      return [date];
    case "week": {
      const first = weekStart(date, firstWeekday);
      return Array.from({ length: 7 }, (_, index) => addDays(first, index));
    }
    case "month":
      return weeksOf(monthOf(date), firstWeekday)
        .flat()
        .filter((each) => each !== null);
    default:
      return view satisfies never;
  }
}

/** The date that the same view shows one step earlier or later. */
export function stepDate(view: CalendarView, date: LocalDate, direction: 1 | -1): LocalDate {
  switch (view) {
    case "day":
      return addDays(date, direction);
    case "week":
      return addDays(date, 7 * direction);
    case "month":
      return direction === 1 ? monthOf(addDays(monthOf(date), 32)) : monthOf(addDays(monthOf(date), -1));
    default:
      return view satisfies never;
  }
}

/** Bookings of one service at one time form one session. */
export function sessionsOf(bookings: readonly CalendarBooking[]): CalendarSession[] {
  const groups = Map.groupBy(bookings, ({ service_id, starts_at, ends_at }) =>
    [service_id, starts_at, ends_at].join(" "),
  );
  return Array.from(groups, ([key, [first, ...others]]) => {
    if (!first) throw new Error("A group without a booking.");
    const { starts_at, ends_at, capacity } = first;
    return { key, starts_at, ends_at, capacity, bookings: [first, ...others] };
  });
}

/** The sessions that touch a day, cut to it. @param sessions in the order of time */
export function placeSessions(day: CalendarDay, sessions: readonly CalendarSession[]): Placed[] {
  const placed = sessions.flatMap((session) => {
    const place = placeOf(day, session);
    return place ? [{ session, place }] : [];
  });
  return placed.map(({ session, place }, index) => {
    const next = placed[index + 1];
    return {
      session,
      place,
      room: next ? next.place.top - place.top : null,
      continues: {
        before: Date.parse(session.starts_at) < Date.parse(day.starts_at),
        after: Date.parse(session.ends_at) > Date.parse(day.ends_at),
      },
    };
  });
}

/** The part of a day that a stretch of time takes; null if they do not overlap. */
export function placeOf(day: CalendarDay, stretch: { starts_at: string; ends_at: string }): Place | null {
  const from = Math.max(0, partOf(day, stretch.starts_at));
  const until = Math.min(1, partOf(day, stretch.ends_at));
  return from < until ? { top: from, height: until - from } : null;
}

/** How much of a day has passed at an instant; below 0 before it and above 1 after it. */
export function partOf(day: CalendarDay, instant: string): number {
  const from = Date.parse(day.starts_at);
  return (Date.parse(instant) - from) / (Date.parse(day.ends_at) - from);
}

/**
 * The hours of a day as instants: 23 or 25 of them if the clocks change. (A half-hour change moves the later ones off the
 * full hour, as their labels show.)
 */
export function hoursOf(day: CalendarDay): { instant: string; part: number }[] {
  const from = Date.parse(day.starts_at);
  const count = Math.ceil((Date.parse(day.ends_at) - from) / HOUR_MS);
  return Array.from({ length: count }, (_, hour) => {
    const instant = new Date(from + hour * HOUR_MS).toISOString();
    return { instant, part: partOf(day, instant) };
  });
}

/** Hours in a day beyond 24: 0 on all but the days on which the clocks change. */
export function extraHours(day: CalendarDay): number {
  return (Date.parse(day.ends_at) - Date.parse(day.starts_at)) / HOUR_MS - 24;
}

/** Hours of a day, in parts of it: from 0 to 1. */
export type ShownHours = { from: number; until: number };

const HOUR = 1 / 24;
/** Closed time shown around open hours: enough to see that it is closed, and for the label of the first hour. */
const MARGIN = HOUR / 2;
/** If nothing is open or booked: eight in the morning to six in the evening. */
const OFFICE_HOURS: ShownHours = { from: 8 * HOUR, until: 18 * HOUR };

/**
 * The full hours from the first to the last that is open or booked on one of these days, so that closed nights take no
 * room. Every session lies within them.
 */
export function shownHours(days: readonly CalendarDay[], sessions: readonly Span[]): ShownHours {
  const places = placesOf(days, [...days.flatMap(({ open }) => open), ...sessions]);
  if (places.length === 0) return OFFICE_HOURS;
  const first = Math.min(...places.map(({ top }) => top));
  const last = Math.max(...places.map(({ top, height }) => top + height));
  return {
    from: Math.max(0, Math.floor(first / HOUR + 1e-6) * HOUR - MARGIN),
    until: Math.min(1, Math.ceil(last / HOUR - 1e-6) * HOUR + MARGIN),
  };
}

/** Where the earliest session of these days starts, in parts of a day: a grid that is too tall scrolls there at first. */
export function firstSessionPart(days: readonly CalendarDay[], sessions: readonly Span[]): number | null {
  const tops = placesOf(days, sessions).map(({ top }) => top);
  return tops.length > 0 ? Math.min(...tops) : null;
}

function placesOf(
  days: readonly CalendarDay[],
  stretches: readonly { starts_at: string; ends_at: string }[],
): Place[] {
  return days.flatMap((day) => stretches.flatMap((stretch) => placeOf(day, stretch) ?? []));
}
