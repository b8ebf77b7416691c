import type { NotificationContent } from "#contract/notifications.ts";
import type { BookingActor } from "#rules/bookingState.ts";
import type { EpochMs, Minutes } from "#scheduling/units.ts";
import type { Language } from "#words/languages.ts";
import type { AccountMail } from "./accountMail.ts";

/** All that one mail is made of; `renderMail` reads nothing else. */
export type MailInput = {
  recipient: {
    /** "" if unknown. */
    name: string;
    /** IANA name; UTC stands in for one that is unknown here. */
    timezone: string;
    language: Language;
  };
  /** Of the installation, without a slash at the end. */
  publicUrl: string;
  links: MailLinks;
} & (SessionMail | AccountContent);

/** The session as it is booked: its length, and the other person's clock. */
export interface SessionContext {
  session?: { startsAt: EpochMs; endsAt: EpochMs; counterpartTimezone: string } | undefined;
}

/** A mail about a session, a request, an alert, money or a calendar connection. */
type SessionMail = NotificationContent &
  SessionContext & {
    /** Who did it. Left out: the other person, or the platform where the kind says so (an expiry, a reminder). */
    by?: BookingActor | undefined;
    /** Of a reminder: how long before the start it was due. */
    leadMinutes?: Minutes | undefined;
  };

type Content<Mail> = Mail extends unknown ? Omit<Mail, "to" | "userId" | "name"> : never;
/** A mail about an account, which may be about an address whose owner never asked for anything. */
export type AccountContent = Content<AccountMail>;

/** Absolute addresses. What is left out is not offered. */
export interface MailLinks {
  /** The page that the mail is about: the session, the request, the account. */
  see?: string | undefined;
  /** Rescheduling the session. */
  move?: string | undefined;
  cancel?: string | undefined;
  join?: string | undefined;
  /** Passing an offer of the waitlist on, and leaving the waitlist. */
  pass?: string | undefined;
  leave?: string | undefined;
  /** Paying for the session, on its own page. */
  pay?: string | undefined;
  /** Writing or reading the review. */
  review?: string | undefined;
  calendar?: { google: string; outlook: string; ics: string } | undefined;
  /** What the recipient wants to be notified of. */
  settings?: string | undefined;
  /** Ends mails of this topic. */
  unsubscribe?: string | undefined;
}

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}
