import ical, { ICalEventStatus } from "ical-generator";
import type { Booking } from "#contract/bookings.ts";
import { cleanLine, cleanText } from "#contract/text.ts";
import type { BookingRole, BookingStatus } from "#rules/bookingState.ts";
import { entryLines, entryTitle } from "#words/calendarEntry.ts";
import type { EntryState } from "./queries.ts";

const eventStatus: Readonly<Record<BookingStatus, ICalEventStatus>> = {
  pending: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
};

/**
 * Returns the booking as an iCalendar file (RFC 5545). Instants are UTC, so every calendar shows the right time. The UID
 * never changes and SEQUENCE grows, so a later file updates the entry instead of adding another.
 */
export function calendarEntry(
  booking: Booking & { entry: EntryState },
  reader: BookingRole,
  publicUrl: string,
): string {
  const page = `${publicUrl}/sessions/${booking.id}`;
  const other = reader === "mentor" ? booking.user_name || undefined : booking.mentor.full_name;
  // No METHOD: it would make the file a message between people and require an ORGANIZER with an address (RFC 5546, 3.2).
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
    summary: cleanLine(entryTitle(booking.service_title, other)),
    // Some calendars reject control characters, which rows older than the rule against them may contain.
    description: cleanText(
      [
        entryLines.mentor(booking.mentor.full_name),
        entryLines.student(booking.user_name),
        entryLines.length(booking.duration),
        ...(booking.message ? [entryLines.message(booking.message)] : []),
        ...(booking.meeting_url ? [entryLines.join(booking.meeting_url)] : []),
        ...(booking.meeting_note ? [entryLines.note(booking.meeting_note)] : []),
        entryLines.details(page),
      ].join("\n"),
    ),
    ...(booking.meeting_url && { location: booking.meeting_url }),
    url: page,
    status: eventStatus[booking.status],
  });
  return calendar.toString();
}
