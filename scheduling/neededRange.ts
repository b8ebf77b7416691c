/**
 * What must be loaded of a mentor to judge some starts. Every reader of a schedule uses this range instead of a margin of
 * its own: what is not loaded is judged as if it were free.
 */

import { addDays, epochDay } from "./dates.ts";
import { OFFSET_REACH_MS, WEEK_REACH_MS, ZONE_SLACK_MS } from "./margins.ts";
import type { Schedule } from "./schedule.ts";
import { addMs, DAY_MS, type EpochMs, type LocalDate, MINUTE_MS, type Minutes } from "./units.ts";
import { formatDate, startOfDay } from "./zonedTime.ts";

/** Starts in [from, until); or on local dates, both included, of a zone or, without one, of any zone. */
export type AskedStarts =
  | { readonly from: EpochMs; readonly until: EpochMs }
  | { readonly from: LocalDate; readonly to: LocalDate; readonly timezone?: string | undefined };

export interface NeededRange {
  /** The starts in question lie in [from, until). */
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** Their sessions end by then. */
  readonly lastEnd: EpochMs;
  /** On any mentor's clock, both included: dated hours and days off of these dates matter. */
  readonly firstDate: LocalDate;
  readonly lastDate: LocalDate;
  /** Travel that ended before this date does not matter, except travel that decides today's date. */
  readonly firstJourney: LocalDate;
}

/**
 * @param longest the longest session that may be asked about
 * @throws RangeError for an unknown zone
 */
export function neededRange(asked: AskedStarts, longest: Minutes): NeededRange {
  const { from, until } = startsOf(asked);
  const lastEnd = addMs(until, longest * MINUTE_MS);
  const firstDay = Math.floor((from - OFFSET_REACH_MS) / DAY_MS);
  return {
    from,
    until,
    lastEnd,
    // Hours that run past midnight belong to the day before.
    firstDate: formatDate(epochDay(firstDay - 1)),
    lastDate: formatDate(epochDay(Math.floor((lastEnd + OFFSET_REACH_MS) / DAY_MS))),
    // The sessions that limits count were on the mentor's clock of their own day.
    firstJourney: formatDate(epochDay(Math.floor((from - WEEK_REACH_MS - ZONE_SLACK_MS) / DAY_MS))),
  };
}

/** The instants [from, until) in which the starts asked about lie. Errors as `neededRange`. */
export function startsOf(asked: AskedStarts): { from: EpochMs; until: EpochMs } {
  if (!("to" in asked)) return { from: asked.from, until: asked.until };
  const { from, to, timezone } = asked;
  const slack = timezone === undefined ? OFFSET_REACH_MS : 0;
  return {
    from: addMs(startOfDay(timezone ?? "UTC", from), -slack),
    until: addMs(startOfDay(timezone ?? "UTC", addDays(to, 1)), slack),
  };
}

/**
 * The range of which every occupancy must be known whose busy time overlaps it. Without a schedule it is
 * wide enough for any settings a mentor may have; with one, just as wide as its settings need.
 */
export function occupancyRange(
  query: { readonly from: EpochMs; readonly until: EpochMs; readonly duration: Minutes },
  schedule?: Pick<Schedule, "buffer_before" | "buffer_after" | "max_per_day" | "max_per_week">,
): { from: EpochMs; until: EpochMs } {
  const lastEnd = addMs(query.until, query.duration * MINUTE_MS);
  if (schedule === undefined) {
    return { from: addMs(query.from, -WEEK_REACH_MS), until: addMs(lastEnd, WEEK_REACH_MS) };
  }
  const limited = schedule.max_per_day !== null || schedule.max_per_week !== null;
  return {
    from: addMs(query.from, -Math.max(limited ? WEEK_REACH_MS : 0, schedule.buffer_before * MINUTE_MS)),
    until: addMs(lastEnd, Math.max(limited ? WEEK_REACH_MS : 0, schedule.buffer_after * MINUTE_MS)),
  };
}
