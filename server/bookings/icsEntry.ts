import ical, { ICalEventStatus } from "ical-generator";
import type { Booking } from "#contract/bookings.ts";
import { cleanLine, cleanText } from "#contract/text.ts";
import type { BookingRole, BookingStatus } from "#rules/bookingState.ts";
import type { EntryState } from "./queries.ts";

const eventStatus: Readonly<Record<BookingStatus, ICalEventStatus>> = {
  pending: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
};

/**
 * The booking as an iCalendar file (RFC 5545). Instants are UTC, so that every calendar shows the right hour; the UID
 * stays and SEQUENCE grows, so that a later file updates the entry instead of adding one.
 */
export function calendarEntry(
  booking: Booking & { entry: EntryState },
  reader: BookingRole,
  publicUrl: string,
): string {
  const page = `${publicUrl}/sessions/${booking.id}`;
  const other = reader === "mentor" ? booking.user_name || "a student" : booking.mentor.full_name;
  // No METHOD: it makes the file a message between people, and wants an ORGANIZER with an address (RFC 5546, 3.2).
  const calendar = ical({
    prodId: { company: "MatePeak", product: "Bookings", language: "EN" },
  });
  calendar.createEvent({
    id: `${booking.id}@matepeak`,
    sequence: booking.entry.revision,
    start: new Date(booking.starts_at),
    end: new Date(booking.ends_at),
    stamp: booking.entry.changed_at,
    lastModified: booking.entry.changed_at,
    summary: cleanLine(`${booking.service_title} with ${other}`),
    // Some calendars refuse a file with control characters, and rows may be older than the rule that keeps them out.
    description: cleanText(
      [
        `Mentor: ${booking.mentor.full_name}`,
        `Student: ${booking.user_name}`,
        `Length: ${booking.duration} minutes`,
        ...(booking.message ? [`Purpose: ${booking.message}`] : []),
        ...(booking.meeting_url ? [`Join: ${booking.meeting_url}`] : []),
        ...(booking.meeting_note ? [`To get in: ${booking.meeting_note}`] : []),
        `Details: ${page}`,
      ].join("\n"),
    ),
    ...(booking.meeting_url && { location: booking.meeting_url }),
    url: page,
    status: eventStatus[booking.status],
  });
  return calendar.toString();
}
