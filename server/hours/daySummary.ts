import type { DayReason } from "#scheduling/explain.ts";
import type { Schedule } from "#scheduling/slots.ts";

interface DayFacts {
  free: number;
  starts: number;
  /** Null when something is free. */
  reason: DayReason | null;
  /** Minutes. */
  duration: number;
  /** The mentor's own words for the day off. */
  blockedReason: string | null;
  schedule: Schedule;
}

/** A day in one sentence, for its mentor. */
export function daySummary({ free, starts, reason, duration, blockedReason, schedule }: DayFacts): string {
  switch (reason) {
    case null:
      return free === starts ? `All ${starts} times are free.` : `${free} of ${starts} times are free.`;
    case "blocked":
      return blockedReason ? `You have this day off: ${blockedReason}.` : "You have this day off.";
    case "full":
      return "Every time on this day is taken.";
    case "no_hours":
      return "You have no hours on this day.";
    case "notice":
      return `What is left of this day begins sooner than your minimum notice of ${lengthWords(schedule.minimum_notice)}.`;
    case "beyond_window":
      return `This day is more than ${schedule.booking_window_days} days ahead, which is as far as students may book.`;
    case "limit":
      return "You take no more sessions then: the limit of the day or the week is reached.";
    case "past":
      return "This day's times have passed.";
    case "too_short":
      return `No stretch of your hours on this day is as long as ${lengthWords(duration)}.`;
    case "paused":
      return "You are not taking new bookings. Resume them on your profile page.";
    default:
      return reason satisfies never;
  }
}

/** 90 -> '1 h 30 min', 2880 -> '2 days'. */
function lengthWords(minutes: number): string {
  if (minutes >= 1440 && minutes % 1440 === 0) return minutes === 1440 ? "1 day" : `${minutes / 1440} days`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(" ");
}
