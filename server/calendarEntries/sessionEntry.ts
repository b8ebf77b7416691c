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

/**
 * Returns the session as an iCalendar file (RFC 5545) in its reader's time zone. The UID never changes and SEQUENCE grows, so a
 * later file updates the entry instead of adding another.
 */
export function calendarFile(session: CalendarSession, reader: BookingRole, publicUrl: string): string {
  const zone = zoneWriter(zoneOf(session, reader), session.startsAt, session.endsAt);
  // No METHOD: it would make the file a message between people and require an ORGANIZER with an address (RFC 5546, 3.2).
  return calendarOf([], [...zone.lines, ...sessionEvent(session, reader, zone, publicUrl)]);
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

export function zoneOf(session: CalendarSession, reader: BookingRole): string {
  return reader === "mentor" ? session.mentorTimezone : session.studentTimezone;
}

/** @param people ORGANIZER and ATTENDEE of an invitation */
export function sessionEvent(
  session: CalendarSession,
  reader: BookingRole,
  zone: ZoneWriter,
  publicUrl: string,
  people: readonly string[] = [],
): string[] {
  const { bookingId, revision, changedAt, startsAt, endsAt, status } = session;
  const facts = {
    ...entryOf(session, reader, publicUrl),
    uid: sessionUid(bookingId),
    sequence: revision,
    changedAt,
    startsAt,
    endsAt,
    status: eventStatus[status],
  };
  return event(facts, zone, people);
}

/** By which all calendars know a session, whatever way it gets there. */
export function sessionUid(bookingId: string): string {
  return `${bookingId}@matepeak`;
}

export function isSessionUid(uid: string): boolean {
  return uid.endsWith("@matepeak");
}

/** @param people as for `sessionEvent` */
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
