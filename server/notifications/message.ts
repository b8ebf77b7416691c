import type { NotificationContent } from "#contract/notifications.ts";
import type { BookingActor, BookingRole } from "#rules/bookingState.ts";
import type { EpochMs, Minutes } from "#scheduling/units.ts";
import { defaultLanguage, type Language } from "#words/languages.ts";
import type { Occasion } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";

/** A person who gets a message, as every channel needs them. */
interface Recipient {
  id: string;
  name: string;
  email: string;
  /** IANA name: the person's own zone or, if unknown, the zone that they last used for this. */
  timezone: string;
  language: Language;
}

/** One message to one person, on every channel that the person wants it on. */
export type Message = NotificationContent & {
  recipient: Recipient;
  /** A message with the same key is delivered to a person only once per channel. */
  dedupeKey: Occasion;
  bookingId?: string;
  /** All bookings that it is about, earliest first, if they are several. */
  together?: string[];
  requestId?: string;
  /** The mentor of the booking. */
  mentorId?: string;
  /** Who did it, if that matters. */
  by?: BookingActor;
  /** Of a reminder: how long before the start it is due. */
  leadMinutes?: Minutes;
  /** What is not urgent waits for the end of the recipient's quiet hours. */
  isUrgent?: boolean;
  /** When what it is about happened, epoch ms; just now if left out. What is old news is not mailed. */
  happenedAt?: EpochMs;
  /** When it has become pointless, epoch ms. */
  expiresAt?: EpochMs;
};

/** Until people can choose a language. */
export function languageOf(_userId: string): Language {
  return defaultLanguage;
}

/** What the source of a message says about the two people and the service. */
export interface Involved {
  student_id: string;
  mentor_id: string;
  service_id: string;
  /** As given with the booking or the request; the account's own name if there is none. */
  student_name?: string;
  student_timezone: string;
}

interface PartyRow {
  student_email: string;
  student_full_name: string | null;
  student_zone: string | null;
  mentor_email: string;
  mentor_name: string;
  mentor_zone: string;
  mentor_username: string;
  service_title: string;
}

/** The facts that all kinds have, and how each side can be reached. */
export interface Parties {
  /** The facts for the side that gets the message. */
  factsFor(role: BookingRole): {
    role: BookingRole;
    counterpart: string;
    service_title: string;
    mentor_username: string;
  };
  recipients: Record<BookingRole, Recipient>;
}

/** Returns undefined if an account or the service was deleted meanwhile. */
export async function readParties(tx: SystemTx, involved: Involved): Promise<Parties | undefined> {
  const { student_id, mentor_id, service_id, student_name, student_timezone } = involved;
  const { rows } = await tx.client.query<PartyRow>("select * from private.message_parties($1, $2, $3)", [
    student_id,
    mentor_id,
    service_id,
  ]);
  const [row] = rows;
  if (!row) return undefined;
  const names: Record<BookingRole, string> = {
    student: student_name ?? row.student_full_name ?? "",
    mentor: row.mentor_name,
  };
  const { service_title, mentor_username } = row;
  return {
    factsFor: (role) => ({ role, counterpart: names[otherRole(role)], service_title, mentor_username }),
    recipients: {
      student: {
        id: student_id,
        name: row.student_full_name ?? names.student,
        email: row.student_email,
        timezone: row.student_zone ?? student_timezone,
        language: languageOf(student_id),
      },
      mentor: {
        id: mentor_id,
        name: names.mentor,
        email: row.mentor_email,
        timezone: row.mentor_zone,
        language: languageOf(mentor_id),
      },
    },
  };
}

/** Names all services of what the message is about, if they are several. */
export function withTitles<Facts extends { service_title: string }>(
  facts: Facts,
  titles: readonly string[] | null,
): Facts {
  return titles && titles.length > 1 ? { ...facts, service_title: titles.join(", ") } : facts;
}

function otherRole(role: BookingRole): BookingRole {
  return role === "student" ? "mentor" : "student";
}
