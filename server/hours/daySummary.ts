import type { DayReason } from "#scheduling/explain.ts";
import type { Schedule } from "#scheduling/slots.ts";
import type { Minutes } from "#scheduling/units.ts";
import { ownDays } from "#words/slots.ts";

interface DayFacts {
  free: number;
  starts: number;
  /** Null if something is free. */
  reason: DayReason | null;
  /** Minutes. */
  duration: Minutes;
  /** The mentor's own words for the day off. */
  blockedReason: string | null;
  /** Connected calendars in the way, by name. */
  calendars: readonly string[];
  schedule: Schedule;
}

/** Returns one sentence about a day, for its mentor. */
export function daySummary({
  free,
  starts,
  reason,
  duration,
  blockedReason,
  calendars,
  schedule,
}: DayFacts): string {
  switch (reason) {
    case null:
      return free === starts ? ownDays.allFree(starts) : ownDays.someFree(free, starts);
    case "blocked":
      return blockedReason ? ownDays.blockedBecause(blockedReason) : ownDays.blocked;
    case "full":
      return calendars.length > 0 ? ownDays.fullBecause(calendars) : ownDays.full;
    case "notice":
      return ownDays.notice(schedule.minimum_notice);
    case "beyond_window":
      return ownDays.beyond_window(schedule.booking_window_days);
    case "too_short":
      return ownDays.too_short(duration);
    default:
      return ownDays[reason];
  }
}
