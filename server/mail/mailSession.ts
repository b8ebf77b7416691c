import { epochMs } from "#scheduling/units.ts";
import { type GroupEntry, readGroupEntries } from "../bookings/groupEntry.ts";
import { placeOf, presentPlace } from "../bookings/presentPlace.ts";
import type { CalendarSession } from "../calendarEntries/sessionEntry.ts";
import type { Queryable } from "../platform/database/database.ts";

/** A session as it is now. */
export interface MailSession extends CalendarSession {
  mentorId: string;
  studentId: string;
  /** The mentor's own form of the link, if it differs. */
  hostUrl: string | null;
  /** The generation of each person's links to it. */
  mentorLink: number;
  studentLink: number;
  /** It is, or was, more than a request. */
  wasAgreed: boolean;
  /** Whose seat it is, or was: what its mentor's calendar has. */
  group: GroupEntry | null;
  /** A session of a programme, which only its mentor moves, for everyone. */
  movesForAll: boolean;
}

/** Of private.mail_sessions(). */
interface MailSessionRow {
  booking_id: string;
  mentor_id: string;
  student_id: string;
  status: MailSession["status"];
  revision: number;
  changed_at: Date;
  starts_at: Date;
  ends_at: Date;
  duration: MailSession["duration"];
  service_title: string;
  message: string | null;
  student_name: string;
  mentor_name: string;
  student_timezone: string;
  mentor_timezone: string;
  meeting_url: string | null;
  meeting_note: string | null;
  meeting_place: unknown;
  host_url: string | null;
  student_phone: string | null;
  student_link: number;
  mentor_link: number;
  was_agreed: boolean;
  group_session_id: string | null;
  moves_for_all: boolean;
}

/** Reads sessions; those that do not exist are left out. */
export async function readMailSessions(
  database: Queryable,
  bookings: readonly { id: string; mentor_id: string }[],
): Promise<Map<string, MailSession>> {
  if (bookings.length === 0) return new Map();
  const { rows } = await database.query<MailSessionRow>({
    name: "mail_sessions",
    text: `select m.*, g.programme_id is not null as moves_for_all from private.mail_sessions($1, $2) m
             left join group_sessions g on g.id = m.group_session_id and g.expert_id = m.mentor_id`,
    values: [bookings.map(({ mentor_id }) => mentor_id), bookings.map(({ id }) => id)],
  });
  const groups = await readGroupEntries(
    database,
    rows.flatMap(({ group_session_id: id, mentor_id: mentorId }) => (id === null ? [] : { id, mentorId })),
  );
  return new Map(
    rows.map((row) => [row.booking_id, sessionOf(row, groups.get(row.group_session_id ?? "") ?? null)]),
  );
}

function sessionOf(row: MailSessionRow, group: GroupEntry | null): MailSession {
  const place = placeOf(row.meeting_place);
  return {
    bookingId: row.booking_id,
    mentorId: row.mentor_id,
    studentId: row.student_id,
    status: row.status,
    revision: row.revision,
    changedAt: epochMs(row.changed_at.getTime()),
    startsAt: epochMs(row.starts_at.getTime()),
    endsAt: epochMs(row.ends_at.getTime()),
    duration: row.duration,
    serviceTitle: row.service_title,
    message: row.message,
    studentName: row.student_name,
    mentorName: row.mentor_name,
    studentTimezone: row.student_timezone,
    mentorTimezone: row.mentor_timezone,
    meetingUrl: row.meeting_url,
    meetingNote: row.meeting_note,
    place: place && presentPlace(place),
    hostUrl: row.host_url,
    studentPhone: row.student_phone,
    studentLink: row.student_link,
    mentorLink: row.mentor_link,
    wasAgreed: row.was_agreed,
    group,
    movesForAll: row.moves_for_all,
  };
}
