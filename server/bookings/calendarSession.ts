import { calendarFactsOf } from "#contract/calendarEntry.ts";
import { fromDate } from "#scheduling/units.ts";
import type { CalendarSession } from "../calendarEntries/sessionEntry.ts";
import type { FoundBooking } from "./queries.ts";

/** Returns what calendars show of a booking. */
export function calendarSessionOf(booking: FoundBooking): CalendarSession {
  return {
    ...calendarFactsOf(booking),
    revision: booking.entry.revision,
    changedAt: fromDate(booking.entry.changed_at),
    status: booking.status,
    mentorTimezone: booking.mentor_timezone,
    studentTimezone: booking.student_timezone,
  };
}
