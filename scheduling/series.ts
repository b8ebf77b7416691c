/**
 * Sessions that repeat at the same time of the mentor's clock. A date has the zone that is in force on it, so a series keeps
 * its hour over clock changes and on journeys; for a student elsewhere the hour may change.
 */

import type { Occupancy } from "./availability.ts";
import { addDays, dayOf } from "./dates.ts";
import type { Schedule } from "./schedule.ts";
import { withBuffers, withSeat } from "./seats.ts";
import { findSlots, judgeStart, type Verdict } from "./slots.ts";
import { addMs, DAY_MS, type EpochMs, type LocalDate, type Minutes } from "./units.ts";
import { zoneOnDate } from "./zoneCalendar.ts";
import { instantOf } from "./zonedTime.ts";

export interface Recurrence {
  /** The first session on the mentor's calendar. */
  readonly date: LocalDate;
  /** Of the mentor's clock. */
  readonly minuteOfDay: Minutes;
  readonly everyWeeks: 1 | 2;
  readonly sessions: number;
}

export interface SeriesTerms {
  readonly duration: Minutes;
  readonly now: EpochMs;
  readonly serviceId: string;
  /** Seats per session. */
  readonly capacity: number;
}

export interface JudgedSession {
  readonly startsAt: EpochMs;
  /** 'free', or why it cannot be booked: as `judgeStart`, with the earlier free sessions of the series taken. */
  readonly verdict: Verdict | "off_grid";
  /** Free starts that are closest to one that is not, the closest first. */
  readonly substitutes: readonly EpochMs[];
}

/** How many substitutes are named, and how far from the wanted start they may lie. */
export const substitutes = { most: 3, withinMs: 3 * DAY_MS } as const;

/** The starts of a series, ascending; a time that a clock change skips or repeats as `instantOf`. */
export function seriesStarts(
  schedule: Pick<Schedule, "timezone" | "zone_periods">,
  { date, minuteOfDay, everyWeeks, sessions }: Recurrence,
): EpochMs[] {
  return Array.from({ length: sessions }, (_, place) => {
    const day = addDays(date, place * everyWeeks * 7);
    return instantOf(zoneOnDate(schedule, dayOf(day)), day, minuteOfDay);
  });
}

/** One of the sessions that are judged together, with the schedule of its service. */
export interface WantedSession extends SeriesTerms {
  readonly schedule: Schedule;
  readonly startsAt: EpochMs;
}

/**
 * Judges the sessions of a series together: each by the engine that judges a single one, the free ones before it taken. So
 * buffers and the limits of days and weeks hold between them too.
 * @param taken at least the occupancies around all starts, as far as substitutes may lie
 * @param starts ascending
 */
export function judgeSeries(
  schedule: Schedule,
  taken: readonly Occupancy[],
  starts: readonly EpochMs[],
  terms: SeriesTerms,
): JudgedSession[] {
  return judgeTogether(
    taken,
    starts.map((startsAt) => ({ schedule, startsAt, ...terms })),
  );
}

/** The same for sessions of several services and lengths. @param wanted in the order of their starts */
export function judgeTogether(
  taken: readonly Occupancy[],
  wanted: readonly WantedSession[],
): JudgedSession[] {
  let held = taken;
  const judged = wanted.map((session) => {
    const { schedule } = session;
    const verdict = judgeStart(schedule, held, session);
    if (verdict === "free") held = withSeat(held, withBuffers(schedule, session));
    return { session, verdict };
  });
  const all = held;
  // A group session that the series takes a seat in has others left.
  const own = new Set(
    judged.filter(({ verdict }) => verdict === "free").map(({ session }) => session.startsAt),
  );
  return judged.map(({ session, verdict }) => ({
    startsAt: session.startsAt,
    verdict,
    substitutes: verdict === "free" ? [] : closestFree(session.schedule, all, session.startsAt, session, own),
  }));
}

function closestFree(
  schedule: Schedule,
  taken: readonly Occupancy[],
  wanted: EpochMs,
  { duration, now, serviceId }: SeriesTerms,
  own: ReadonlySet<EpochMs>,
): EpochMs[] {
  const query = {
    from: addMs(wanted, -substitutes.withinMs),
    until: addMs(wanted, substitutes.withinMs + 1),
    duration,
    now,
    serviceId,
  };
  const distance = (start: EpochMs) => Math.abs(start - wanted);
  return findSlots(schedule, taken, query)
    .filter((start) => !own.has(start))
    .toSorted((one, other) => distance(one) - distance(other))
    .slice(0, substitutes.most);
}
