import { cleanLine } from "#contract/text.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { type GroupEntry, groupEvent } from "../bookings/groupEntry.ts";
import { contentLine } from "../calendarEntries/contentLines.ts";
import { type CalendarSession, calendarOf, event, sessionEvent } from "../calendarEntries/sessionEntry.ts";
import { zoneWriter } from "../calendarEntries/zoneComponent.ts";

interface Mailbox {
  /** "" if unknown. */
  name: string;
  address: string;
}

/** A calendar part (RFC 5546, 6047): `content` is the text/calendar body, `method` its parameter. */
export interface Invitation {
  method: "REQUEST" | "CANCEL";
  content: string;
}

/**
 * Returns what puts a session into the recipient's calendar, updates it or takes it out; undefined for a session that no
 * calendar has yet: while it waits for the mentor's answer, and when it was cancelled without having been agreed.
 *
 * The recipient is the only attendee, so no address reaches another person. They have agreed to the session here,
 * so they are invited as having accepted, and no reply is asked for: it would go to the address that sends mail.
 * The mentor of a group is invited to the whole session: each mail about a seat updates one entry.
 * @param session.wasAgreed whether it was confirmed before it was cancelled; says nothing of other sessions
 */
export function invitationOf(
  session: CalendarSession & { wasAgreed: boolean; group: GroupEntry | null },
  recipient: Mailbox & { role: BookingRole },
  organizer: Mailbox,
  publicUrl: string,
): Invitation | undefined {
  if (session.status === "pending" || (session.status === "cancelled" && !session.wasAgreed))
    return undefined;
  // Calendars refuse an invitation to a meeting of one's own.
  if (organizer.address.toLowerCase() === recipient.address.toLowerCase()) return undefined;
  const entry =
    recipient.role === "mentor" && session.group
      ? groupEvent(session.group, publicUrl)
      : sessionEvent(session, recipient.role, publicUrl);
  const method = entry.status === "CANCELLED" ? "CANCEL" : "REQUEST";
  const zone = zoneWriter(entry.timezone, entry.startsAt, entry.endsAt);
  const people = [
    contentLine("ORGANIZER", addressOf(organizer), nameOf(organizer)),
    contentLine("ATTENDEE", addressOf(recipient), {
      ...nameOf(recipient),
      CUTYPE: "INDIVIDUAL",
      ROLE: "REQ-PARTICIPANT",
      PARTSTAT: "ACCEPTED",
      RSVP: "FALSE",
    }),
  ];
  const components = [...zone.lines, ...event(entry, zone, people)];
  return { method, content: calendarOf([contentLine("METHOD", method)], components) };
}

/** RFC 6068: what would end the address or change it is percent-encoded; nothing else, since programs compare the text. */
function addressOf({ address }: Mailbox): string {
  return `mailto:${address.replace(/[%?#\s"<>]/gu, (character) => encodeURIComponent(character))}`;
}

function nameOf({ name, address }: Mailbox): { CN: string } {
  return { CN: cleanLine(name).trim() || address };
}
