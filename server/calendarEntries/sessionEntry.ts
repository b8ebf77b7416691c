import { type CalendarFacts, entryOf } from "#contract/calendarEntry.ts";
import type { BookingRole, BookingStatus } from "#rules/bookingState.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { component, contentLine, fileOf, textLine } from "./contentLines.ts";
import { utcText, type ZoneWriter, zoneWriter } from "./zoneComponent.ts";

/** A session as calendars show it. */
export interface CalendarSession extends CalendarFacts {
  /** Grows with every change of what the entry says. */
  revision: number;
  /** When that changed last. */
  changedAt: EpochMs;
  status: BookingStatus;
  mentorTimezone: string;
  studentTimezone: string;
}

/** What an event says (RFC 5545, 3.6.1). */
export interface EventFacts {
  uid: string;
  sequence: number;
  changedAt: EpochMs;
  startsAt: EpochMs;
  endsAt: EpochMs;
  title: string;
  description: string;
  location: string | null;
  /** The session's page. */
  page: string;
  status: "TENTATIVE" | "CONFIRMED" | "CANCELLED";
}

const eventStatus: Readonly<Record<BookingStatus, EventFacts["status"]>> = {
  pending: "TENTATIVE",
  confirmed: "CONFIRMED",
  completed: "CONFIRMED",
  cancelled: "CANCELLED",
};

/** An event in its reader's time zone. */
export interface EntryEvent extends EventFacts {
  timezone: string;
}

/**
 * Returns an iCalendar file (RFC 5545). The UID never changes and SEQUENCE grows, so a later file updates the entry instead of
 * adding another.
 */
export function calendarFile(entry: EntryEvent): string {
  const zone = zoneWriter(entry.timezone, entry.startsAt, entry.endsAt);
  // No METHOD: it would make the file a message between people and require an ORGANIZER with an address (RFC 5546, 3.2).
  return calendarOf([], [...zone.lines, ...event(entry, zone)]);
}

/** @param properties of the calendar, such as METHOD */
export function calendarOf(properties: readonly string[], components: readonly string[]): string {
  const head = [
    contentLine("VERSION", "2.0"),
    contentLine("PRODID", "-//MatePeak//Bookings//EN"),
    contentLine("CALSCALE", "GREGORIAN"),
  ];
  return fileOf(component("VCALENDAR", head, properties, components));
}

/** A booking in the calendar of its student, or, unless it is a seat in a group, of its mentor. */
export function sessionEvent(session: CalendarSession, reader: BookingRole, publicUrl: string): EntryEvent {
  const { bookingId, revision, changedAt, startsAt, endsAt, status } = session;
  return {
    ...entryOf(session, reader, publicUrl),
    uid: sessionUid(bookingId),
    sequence: revision,
    changedAt,
    startsAt,
    endsAt,
    timezone: reader === "mentor" ? session.mentorTimezone : session.studentTimezone,
    status: eventStatus[status],
  };
}

/**
 * By which all calendars know a session, whatever way it gets there.
 * @param id of the booking, or, for its mentor, of the group session
 */
export function sessionUid(id: string): string {
  return `${id}@matepeak`;
}

export function isSessionUid(uid: string): boolean {
  return uid.endsWith("@matepeak");
}

/** @param people ORGANIZER and ATTENDEE of an invitation */
export function event(facts: EventFacts, zone: ZoneWriter, people: readonly string[] = []): string[] {
  const { uid, sequence, changedAt, startsAt, endsAt, title, description, location, page, status } = facts;
  return component("VEVENT", [
    contentLine("UID", uid),
    contentLine("SEQUENCE", String(sequence)),
    contentLine("DTSTAMP", utcText(changedAt)),
    contentLine("LAST-MODIFIED", utcText(changedAt)),
    ...zone.instants({ DTSTART: startsAt, DTEND: endsAt }),
    textLine("SUMMARY", title),
    textLine("DESCRIPTION", description),
    ...(location ? [textLine("LOCATION", location)] : []),
    contentLine("URL", page),
    contentLine("STATUS", status),
    contentLine("TRANSP", status === "CANCELLED" ? "TRANSPARENT" : "OPAQUE"),
    ...people,
  ]);
}
