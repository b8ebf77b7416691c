/** The slot engine's verdicts on a start and a day, for students and for the mentor. */

import type { DayReason } from "#scheduling/explain.ts";
import type { Verdict } from "#scheduling/slots.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { count } from "./language.ts";

/** Why a start cannot be booked. `off_grid`: the mentor has no such start, or no longer. */
export const startRefusals = {
  taken: "That time was just taken.",
  buffer: "That time is too close to a session that was just booked.",
  past: "That time has passed.",
  notice: "That’s too short notice for this mentor.",
  window: "The mentor isn’t taking bookings that far ahead yet.",
  blocked: "The mentor is away on that day.",
  outside_hours: "This session would run past the mentor’s hours.",
  off_grid: "The mentor no longer offers this time.",
  day_limit: "The mentor is fully booked that day.",
  week_limit: "The mentor is fully booked that week.",
  paused: "The mentor isn’t taking new bookings right now.",
} satisfies Record<Exclude<Verdict, "free"> | "off_grid", string>;

/** Why a day has no free time. @param mentor first name */
export const emptyDays = {
  blocked: (mentor: string) => `${mentor} is away on this day.`,
  full: () => "All times on this day are taken.",
  no_hours: (mentor: string) => `${mentor} has no hours on this day.`,
  notice: () => "Too short notice for this day.",
  beyond_window: (mentor: string) => `${mentor} isn’t taking bookings that far ahead yet.`,
  limit: (mentor: string) => `${mentor} is fully booked that day.`,
  past: () => "The times on this day have passed.",
  too_short: () => "No gap is long enough for this session. A shorter one may fit.",
  paused: (mentor: string) => `${mentor} isn’t taking new bookings right now.`,
} satisfies Record<DayReason, (mentor: string) => string>;

/** A start in the mentor's own view of a day, as a label. */
export const ownStarts = {
  free: "Free",
  taken: "Taken",
  buffer: "Buffer around a session",
  past: "Has passed",
  notice: "Within your minimum notice",
  window: "Beyond your booking window",
  blocked: "Day off",
  outside_hours: "Outside your hours",
  day_limit: "Daily limit reached",
  week_limit: "Weekly limit reached",
  paused: "Not taking new bookings",
} satisfies Record<Verdict, string>;

/** A day in the mentor's own view. */
export const ownDays = {
  allFree: (starts: number) => `All ${starts} times are free.`,
  someFree: (free: number, starts: number) => `${free} of ${starts} times are free.`,
  blocked: "You have this day off.",
  blockedBecause: (reason: string) => `You have this day off: ${reason}.`,
  full: "Every time on this day is taken.",
  fullBecause: (calendars: readonly string[]) =>
    `Every time on this day is taken. You’re busy in: ${calendars.join(", ")}.`,
  no_hours: "You have no hours on this day.",
  notice: (minutes: Minutes) =>
    `What’s left of this day is within your minimum notice of ${duration(minutes)}.`,
  beyond_window: (days: number) =>
    `This day is beyond your booking window of ${count(days, { one: "day", other: "days" })}.`,
  limit: "Your daily or weekly limit is reached.",
  past: "The times on this day have passed.",
  too_short: (minutes: Minutes) => `No gap in your hours on this day is as long as ${duration(minutes)}.`,
  paused: "You aren’t taking new bookings. You can resume them on your profile page.",
};
