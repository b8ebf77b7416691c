import { fromDate, parseInstant } from "#scheduling/units.ts";
import type { CalendarSession } from "../calendarEntries/sessionEntry.ts";
import type { FoundBooking } from "./queries.ts";

/** Returns what calendars show of a booking. */
export function calendarSessionOf(booking: Omit<FoundBooking, "revision" | "price">): CalendarSession {
  return {
    bookingId: booking.id,
    revision: booking.entry.revision,
    changedAt: fromDate(booking.entry.changed_at),
    startsAt: parseInstant(booking.starts_at),
    endsAt: parseInstant(booking.ends_at),
    duration: booking.duration,
    status: booking.status,
    mentorTimezone: booking.mentor_timezone,
    studentTimezone: booking.student_timezone,
    serviceTitle: booking.service_title,
    mentorName: booking.mentor.full_name,
    studentName: booking.user_name,
    message: booking.message,
    meetingUrl: booking.meeting_url,
    meetingNote: booking.meeting_note,
  };
}
