import type { SendMailOptions } from "nodemailer";
import { calendarLinks } from "#contract/calendarEntry.ts";
import { type NotificationContent, notificationContent } from "#contract/notifications.ts";
import { cleanLine } from "#contract/text.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import type { Topic } from "#rules/topics.ts";
import { brand } from "#words/layout.ts";
import type { BookingLinks } from "../bookings/bookingLink.ts";
import type { Sealer } from "../platform/sealed.ts";
import { type Invitation, invitationOf } from "./invitation.ts";
import type { MailContent } from "./mailContent.ts";
import type { MailInput } from "./mailInput.ts";
import type { MailSession } from "./mailSession.ts";
import { renderMail } from "./renderMail.ts";
import type { UnsubscribeLinks } from "./unsubscribeLink.ts";
import type { WaitlistAction, WaitlistLinks } from "./waitlistLink.ts";

/** What mails are made with. */
export interface Composing {
  /** Without a slash at the end. */
  publicUrl: string;
  /** The platform's own address. */
  from: string;
  links: BookingLinks;
  unsubscribing: UnsubscribeLinks;
  waiting: WaitlistLinks;
  codes: Sealer;
}

/** A mail to be sent. */
export interface Letter {
  /** Of its row: the Message-ID of every copy. */
  id: string;
  userId: string | null;
  address: string;
  kind: string;
  content: MailContent;
  sealedCode: Uint8Array | null;
  session: MailSession | undefined;
  /** All sessions that it is about, if they are several. */
  together?: MailSession[] | undefined;
}

export type ComposedMail = SendMailOptions & { to: { name: string; address: string }; subject: string };

/** Returns the whole mail for nodemailer. @throws if its facts do not fit its kind, or its template does not fit its facts */
export function composeMail(letter: Letter, composing: Composing): ComposedMail {
  const { id, address, content } = letter;
  const { from } = composing;
  const host = from.slice(from.lastIndexOf("@") + 1);
  const thread = content.booking && `<booking-${content.booking.id}@${host}>`;
  const unsubscribe = unsubscribeAddress(letter, composing);
  const { subject, html, text } = renderMail(inputOf(letter, composing, unsubscribe));
  const invitations = invitationsFor(letter, composing);
  return {
    from: { name: brand, address: from },
    to: { name: cleanLine(content.recipient.name), address },
    subject,
    html,
    text,
    ...calendarParts(invitations),
    messageId: `<${id}@${host}>`,
    // All mails about a booking are one thread.
    ...(thread && { inReplyTo: thread, references: thread }),
    headers: {
      // RFC 3834: no out-of-office replies.
      "Auto-Submitted": "auto-generated",
      ...(unsubscribe && {
        "List-Unsubscribe": `<${unsubscribe}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      }),
    },
  };
}

/** Topics whose mails can be ended with one click: what is not about the recipient's own booking. */
const endedByOneClick: ReadonlySet<Topic> = new Set(["alerts", "reviews"]);

function unsubscribeAddress({ userId, content }: Letter, { publicUrl, unsubscribing }: Composing) {
  const { topic } = content;
  if (!userId || !topic || !endedByOneClick.has(topic)) return undefined;
  return `${publicUrl}/unsubscribe/${unsubscribing.sign({ userId, topic })}`;
}

function inputOf(letter: Letter, composing: Composing, unsubscribe: string | undefined): MailInput {
  const { kind, content, sealedCode } = letter;
  const { publicUrl } = composing;
  const { recipient, facts, by, lead_minutes } = content;
  if (content.topic === undefined) {
    const code = sealedCode === null ? {} : { code: composing.codes.open(sealedCode) };
    // Rows without a topic are written by writeAccountMail() only, whose type this is.
    return {
      kind,
      facts,
      ...code,
      recipient,
      publicUrl,
      links: { see: `${publicUrl}/account` },
    } as MailInput;
  }
  const notification = notificationContent.parse({ kind, facts });
  const { role } = notification.facts;
  return {
    ...notification,
    recipient,
    publicUrl,
    ...(by && { by }),
    ...(lead_minutes !== undefined && { leadMinutes: lead_minutes }),
    ...(letter.session && { session: sessionOf(letter.session, role) }),
    links: {
      ...linksOf(letter, notification, composing),
      settings: `${publicUrl}/account#notifications`,
      unsubscribe,
    },
  };
}

function sessionOf({ startsAt, endsAt, studentTimezone, mentorTimezone }: MailSession, role: BookingRole) {
  return { startsAt, endsAt, counterpartTimezone: role === "mentor" ? studentTimezone : mentorTimezone };
}

/** What changes the recipient's calendar. */
const calendarKinds: ReadonlySet<string> = new Set([
  "booking_booked",
  "booking_confirmed",
  "booking_cancelled",
  "booking_rescheduled",
  "group_cancelled",
  "meeting_fell_back",
  "meeting_restored",
  "meeting_changed",
  "series_booked",
  "series_changed",
]);

/** Of the sessions as they are now, even if they have changed since: an old mail must not bring back an old time. */
function invitationsFor(letter: Letter, composing: Composing): Invitation[] {
  const { kind, session, together = session ? [session] : [] } = letter;
  if (!calendarKinds.has(kind)) return [];
  return together.flatMap((each) => invitationFor(each, letter, composing) ?? []);
}

/**
 * One invitation is a part of its own and an attachment: programs look for either. Several are a file each: a message of iTIP
 * is about one UID (RFC 5546, 3.2), and Outlook ignores all but the first event of a file (MS-STANOICAL, 2.2.175). None of them is
 * a part of its own, because a program would take the mail for an invitation to that session alone.
 */
function calendarParts(
  invitations: readonly Invitation[],
): Pick<SendMailOptions, "icalEvent" | "attachments"> {
  const [first, ...others] = invitations;
  if (!first) return {};
  if (others.length === 0) return { icalEvent: { ...first, filename: "invitation.ics" } };
  return {
    attachments: invitations.map(({ method, content }, index) => ({
      filename: `session-${index + 1}.ics`,
      contentType: `text/calendar; charset=utf-8; method=${method}`,
      content,
    })),
  };
}

function invitationFor(
  session: MailSession,
  { userId, address, content }: Letter,
  { from, publicUrl }: Composing,
): Invitation | undefined {
  const role = session.mentorId === userId ? "mentor" : "student";
  const recipient = { name: content.recipient.name, address, role } as const;
  const asHost = <Link extends Pick<MailSession, "hostUrl" | "meetingUrl">>(link: Link) =>
    role === "mentor" && link.hostUrl ? { ...link, meetingUrl: link.hostUrl } : link;
  const shown = { ...asHost(session), group: session.group && asHost(session.group) };
  return invitationOf(shown, recipient, { name: brand, address: from }, publicUrl);
}

const needsLogin: ReadonlySet<string> = new Set(["booking_requested", "entry_moved", "entry_deleted"]);

function linksOf(
  { session, userId }: Letter,
  { kind, facts }: NotificationContent,
  { publicUrl, links, waiting }: Composing,
): MailInput["links"] {
  const { role } = facts;
  if (kind === "waitlist_offer" && userId) {
    // A link can give the place up; to book needs the login, on the page of what is waited for.
    const link = (action: WaitlistAction, id: string) =>
      `${publicUrl}/waitlist#${waiting.sign({ action, id, userId })}`;
    return {
      see: `${publicUrl}/sessions?waiting=${facts.offer_id}`,
      pass: link("pass", facts.offer_id),
      leave: link("leave", facts.entry_id),
    };
  }
  if ("group_session_id" in facts) return { see: `${publicUrl}/mentor/groups/${facts.group_session_id}` };
  const pay = session && `${publicUrl}/bookings/${session.bookingId}/pay`;
  if ("last_starts_at" in facts || ("together" in facts && facts.together !== undefined)) {
    // About all of them, so no link can change the first alone.
    const { series_id } = facts;
    const ofMentor = kind === "series_requested" ? "/mentor/requests" : "/mentor/sessions";
    const list = role === "mentor" ? ofMentor : "/sessions";
    return { see: `${publicUrl}${series_id === undefined ? list : `/sessions/${series_id}?series`}`, pay };
  }
  if (!session) return { see: `${publicUrl}${role === "mentor" ? "/mentor/requests" : "/sessions"}` };
  const isMentor = role === "mentor";
  const token = links.sign({
    bookingId: session.bookingId,
    role,
    userId: isMentor ? session.mentorId : session.studentId,
    generation: isMentor ? session.mentorLink : session.studentLink,
  });
  const page = (step?: string) => `${publicUrl}/manage${step ? `?do=${step}` : ""}#${token}`;
  const { google, outlook } = calendarLinks(session, role, publicUrl);
  const isOpen = session.status === "pending" || session.status === "confirmed";
  return {
    pay,
    // A link can neither approve a request nor answer for a calendar: the login can, on the session's own page.
    see: isMentor && needsLogin.has(kind) ? `${publicUrl}/sessions/${session.bookingId}` : page(),
    ...(isOpen && !session.movesForAll && { move: page("reschedule") }),
    ...(isOpen && { cancel: page("cancel") }),
    ...(session.status === "confirmed" && { calendar: { google, outlook, ics: page("calendar") } }),
    ...(session.status === "confirmed" && session.meetingUrl && { join: page() }),
    ...(kind === "booking_completed" && { review: `${publicUrl}/sessions/${session.bookingId}#review` }),
  };
}
