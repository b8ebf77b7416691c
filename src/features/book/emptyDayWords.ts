import type { EmptyDayReason } from "#contract/slots.ts";

/** Why a day has no free time, as a student reads it. @param mentor first name */
export function emptyDayWords(reason: EmptyDayReason, mentor: string): string {
  switch (reason) {
    case "blocked":
      return `${mentor} is away on this day.`;
    case "full":
      return "All times on this day are taken.";
    case "no_hours":
      return `${mentor} takes no sessions on this day.`;
    case "notice":
      return `${mentor} needs more notice than is left for this day.`;
    case "beyond_window":
      return `${mentor} does not take bookings that far ahead yet.`;
    case "limit":
      return `${mentor} takes no more sessions on this day.`;
    case "past":
      return "The times of this day have passed.";
    case "too_short":
      return "No stretch of this day is long enough. A shorter session may fit.";
    case "paused":
      return `${mentor} isn’t taking new bookings right now.`;
    default:
      return reason satisfies never;
  }
}
