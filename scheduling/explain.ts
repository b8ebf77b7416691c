/** Why a day has no free start, and which sessions a start collides with: readings of the judge's verdicts. */

import type { Occupancy } from "./availability.ts";
import { overlapsAny } from "./interval.ts";
import type { Schedule } from "./schedule.ts";
import { isPaused, type Verdict } from "./slots.ts";
import { type EpochMs, MINUTE_MS, type Minutes } from "./units.ts";
import { zoneCalendarOf } from "./zoneCalendar.ts";

/**
 * 'blocked' (a day off), 'full' (all is taken), 'no_hours', 'notice' (too soon to book), 'beyond_window' (too far
 * ahead), 'limit' (no more sessions that day or week), 'past', 'too_short' (no stretch is as long as the session),
 * 'paused' (no new bookings at all).
 */
export const DAY_REASONS = [
  "blocked",
  "full",
  "no_hours",
  "notice",
  "beyond_window",
  "limit",
  "past",
  "too_short",
  "paused",
] as const;
export type DayReason = (typeof DAY_REASONS)[number];

/** The reason that a verdict gives for a day without a free start; the one a mentor can change most easily comes first. */
const VERDICT_TO_REASON: readonly (readonly [Verdict, DayReason])[] = [
  ["day_limit", "limit"],
  ["week_limit", "limit"],
  ["taken", "full"],
  ["buffer", "full"],
  ["blocked", "blocked"],
  ["notice", "notice"],
  ["window", "beyond_window"],
  ["past", "past"],
  ["outside_hours", "too_short"],
];

/**
 * Why nothing is free in [from, until), a day of the viewer.
 * @param verdicts of every start in it, none of them 'free'; none at all on a day without starts
 */
export function dayReason(
  schedule: Schedule,
  verdicts: ReadonlySet<Verdict>,
  { from, until, now }: { readonly from: EpochMs; readonly until: EpochMs; readonly now: EpochMs },
): DayReason {
  if (isPaused(schedule)) return until <= now ? "past" : "paused";
  for (const [verdict, reason] of VERDICT_TO_REASON) if (verdicts.has(verdict)) return reason;
  if (until <= now) return "past";
  const calendar = zoneCalendarOf(schedule, from, until);
  if (calendar.localDay(from) > calendar.localDay(now) + schedule.booking_window_days) return "beyond_window";
  // The viewer's day begins and ends at other instants than the mentor's: what holds at its middle holds for the day.
  const middle = (from + until) / 2;
  const off = calendar.blockedBetween(schedule.blocked_dates, from, until);
  return overlapsAny(off, middle, middle + 1) ? "blocked" : "no_hours";
}

/** The sessions that a start collides with, itself or by a buffer, as in `StartJudge`. */
export function blockingSessions<O extends Occupancy>(
  schedule: Pick<Schedule, "buffer_before" | "buffer_after">,
  taken: readonly O[],
  { startsAt, duration }: { readonly startsAt: EpochMs; readonly duration: Minutes },
): O[] {
  const from = startsAt - schedule.buffer_before * MINUTE_MS;
  const until = startsAt + (duration + schedule.buffer_after) * MINUTE_MS;
  return taken.filter(
    ({ busyFrom, busyUntil }) => busyFrom < busyUntil && busyFrom < until && from < busyUntil,
  );
}
