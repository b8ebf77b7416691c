/** What calendars say about a session: in files, invitations and feeds, and in links that open a calendar on the web. */
import type { BookingRole } from "#rules/bookingState.ts";
import { type EpochMs, formatInstant, type Minutes, parseInstant } from "#scheduling/units.ts";
import { entryLines, entryTitle } from "#words/calendarEntry.ts";
import type { Booking } from "./bookings.ts";
import type { MeetingPlace } from "./meetings.ts";
import { cleanLine, cleanText } from "./text.ts";

export interface CalendarFacts {
  bookingId: string;
  startsAt: EpochMs;
  endsAt: EpochMs;
  duration: Minutes;
  serviceTitle: string;
  mentorName: string;
  /** "" if unknown. */
  studentName: string;
  message: string | null;
  meetingUrl: string | null;
  meetingNote: string | null;
  place: MeetingPlace | null;
  studentPhone: string | null;
}

export function calendarFactsOf(booking: Booking): CalendarFacts {
  return {
    bookingId: booking.id,
    startsAt: parseInstant(booking.starts_at),
    endsAt: parseInstant(booking.ends_at),
    duration: booking.duration,
    serviceTitle: booking.service_title,
    mentorName: booking.mentor.full_name,
    studentName: booking.user_name,
    message: booking.message,
    meetingUrl: booking.meeting_url,
    meetingNote: booking.meeting_note,
    place: booking.meeting_place,
    studentPhone: booking.user_phone,
  };
}

interface Entry {
  title: string;
  /** Lines of text. */
  description: string;
  /** The session's page. */
  page: string;
  /** Where it takes place: the link, or else a number or an address. */
  location: string | null;
}

/** Some calendars reject control characters, which rows older than the rule against them may contain. */
export function entryOf(session: CalendarFacts, reader: BookingRole, publicUrl: string): Entry {
  const page = pageOf(session, publicUrl);
  return {
    page,
    location: locationOf(session, reader),
    title: titleOf(session, reader),
    description: cleanText(
      [
        entryLines.mentor(cleanLine(session.mentorName)),
        entryLines.student(cleanLine(session.studentName)),
        entryLines.length(session.duration),
        ...(session.message ? [entryLines.message(session.message)] : []),
        ...(session.meetingUrl ? [entryLines.join(session.meetingUrl)] : []),
        ...(session.meetingUrl ? [] : placeLines(session, reader)),
        ...(session.meetingNote ? [entryLines.note(session.meetingNote)] : []),
        entryLines.details(page),
      ].join("\n"),
    ),
  };
}

/** A link that was set for one session goes before the place that was agreed. */
function locationOf({ meetingUrl, place, ...session }: CalendarFacts, reader: BookingRole): string | null {
  if (meetingUrl) return meetingUrl;
  if (place?.kind === "phone") return phoneLine({ place, ...session }, reader);
  return place?.address ? cleanLine(place.address.replaceAll(/\s*\n\s*/g, ", ")) : null;
}

function placeLines({ place, ...session }: CalendarFacts, reader: BookingRole): string[] {
  if (place?.kind === "phone") return [entryLines.phone(phoneLine({ place, ...session }, reader))];
  if (!place?.address) return [];
  return [entryLines.place(place.address), ...(place.map_url ? [entryLines.map(place.map_url)] : [])];
}

type Calling = Pick<CalendarFacts, "mentorName" | "studentName" | "studentPhone"> & { place: MeetingPlace };

function phoneLine({ place, mentorName, studentName, studentPhone }: Calling, reader: BookingRole): string {
  const other = cleanLine(reader === "mentor" ? studentName : mentorName);
  const number = place.caller === "student" ? place.phone : studentPhone;
  return place.caller === reader ? entryLines.youCall(other, number) : entryLines.theyCall(other, number);
}

export interface CalendarLinks {
  google: string;
  /** Outlook.com, for personal accounts. */
  outlook: string;
  /** Outlook of an organisation. */
  office: string;
}

/**
 * Returns links that open a new entry in a calendar on the web. They contain neither the student's message nor the mentor's
 * note: an address is kept in histories and logs. What they make is not updated later.
 */
export function calendarLinks(session: CalendarFacts, reader: BookingRole, publicUrl: string): CalendarLinks {
  const title = titleOf(session, reader);
  const details = [
    ...(session.meetingUrl ? [entryLines.join(session.meetingUrl)] : []),
    entryLines.details(pageOf(session, publicUrl)),
  ].join("\n");
  // An address of a place is in the entry, but a number of a person is in no history.
  const location = session.meetingUrl ?? session.place?.address ?? null;
  const [startsAt, endsAt] = [utc(session.startsAt), utc(session.endsAt)];
  const compact = (instant: string) => instant.replace(/[-:]/g, "");
  const outlook = query({
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: title,
    startdt: startsAt,
    enddt: endsAt,
    body: details,
    location,
  });
  return {
    google: `https://calendar.google.com/calendar/render${query({
      action: "TEMPLATE",
      text: title,
      dates: `${compact(startsAt)}/${compact(endsAt)}`,
      details,
      location,
    })}`,
    outlook: `https://outlook.live.com/calendar/0/deeplink/compose${outlook}`,
    office: `https://outlook.office.com/calendar/0/deeplink/compose${outlook}`,
  };
}

function titleOf({ serviceTitle, mentorName, studentName }: CalendarFacts, reader: BookingRole): string {
  const other = reader === "mentor" ? studentName || undefined : mentorName;
  return cleanLine(entryTitle(serviceTitle, other));
}

const pageOf = ({ bookingId }: CalendarFacts, publicUrl: string) => `${publicUrl}/sessions/${bookingId}`;

/** Without fractions of a second, which Outlook does not read. */
const utc = (at: EpochMs) => formatInstant(at).replace(/\.\d+/, "");

/** Spaces as %20: Outlook shows the + of URLSearchParams. */
function query(values: Record<string, string | null>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return `?${given.map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/\p{Cs}/gu, ""))}`).join("&")}`;
}
