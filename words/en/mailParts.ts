/** What mails have around their sentences: links, the facts of a session, and why they were sent. */
import type { BookingRole } from "#rules/bookingState.ts";
import type { Minutes } from "#scheduling/units.ts";
import { duration } from "./durations.ts";
import { brand } from "./layout.ts";

/** The other person if their name is unknown, by their role. */
export const unnamed = {
  student: { inside: "a student", first: "A student" },
  mentor: { inside: "your mentor", first: "Your mentor" },
} satisfies Record<BookingRole, { inside: string; first: string }>;

export const mailSession = {
  /** Below the name of the service. */
  detail: (name: string, minutes: Minutes | undefined) =>
    minutes === undefined ? `with ${name}` : `with ${name} · ${duration(minutes)}`,
  /** In plain text. */
  title: (service: string, name: string) => `${service} with ${name}`,
  length: (minutes: Minutes) => `Length: ${duration(minutes)}`,
  /** Beside a time that is crossed out, because another one replaces it. */
  before: "the old time",
  /** A time that no longer holds, and the one that replaces it, in plain text. */
  was: (time: string) => `Was: ${time}`,
  now: (time: string) => `Now: ${time}`,
};

/** Above what a person wrote about it. */
export const mailQuotes = {
  theirs: (Name: string) => `${Name} wrote:`,
  own: "You wrote:",
  ours: "Reason:",
};

/** In plain text, before an address. */
export const mailAddress = (label: string, url: string) => `${label}: ${url}`;

export const mailLinks = {
  see: "See the session",
  seeAll: "See the sessions",
  seeRequest: "See the request",
  reply: "Reply",
  answer: "Approve or decline",
  decide: "Decide",
  seeTimes: "See the times",
  seeReview: "Read the review",
  review: "Leave a review",
  join: "Join the session",
  move: "Reschedule",
  cancel: "Cancel session",
  withdraw: "Withdraw request",
  book: "Find another time",
  bookThis: "Book this time",
  take: "Take this time",
  pass: "Pass it on",
  leave: "Leave the waitlist",
  account: "Go to your account",
  pay: "Pay now",
  receipt: "See your receipt",
  receipts: "See your receipts",
  creditNote: "See the credit note",
  earnings: "See your earnings",
  packages: "See your packages",
  payments: "See your payments",
  fixCalendar: "Fix it",
  seeCalendars: "See your calendars",
  renewLogin: "Renew it",
  settings: "Notification settings",
  unsubscribe: "Unsubscribe",
};

export const mailCalendar = {
  label: "Add to your calendar",
  google: "Google",
  outlook: "Outlook",
  ics: ".ics file",
};

/** Why the mail was sent. */
export const mailReasons = {
  booking: (name: string) => `You’re getting this e-mail because of a session with ${name} on ${brand}.`,
  payment: (name: string) =>
    `You’re getting this e-mail because of a payment for a session with ${name} on ${brand}.`,
  package: (name: string) =>
    `You’re getting this e-mail because of a package of sessions with ${name} on ${brand}.`,
  earnings: `You’re getting this e-mail because you earn money on ${brand}.`,
  request: (name: string) =>
    `You’re getting this e-mail because of a time request between you and ${name} on ${brand}.`,
  alert: `You’re getting this e-mail because you asked ${brand} to notify you of free times.`,
  waitlist: `You’re getting this e-mail because you’re on a waitlist on ${brand}.`,
  review: `You’re getting this e-mail because of a review on ${brand}.`,
  calendar: `You’re getting this e-mail because you’ve connected a calendar to ${brand}.`,
  code: (site: string) => `You’re getting this e-mail because your address was entered on ${site}.`,
  account: `You’re getting this e-mail because it’s about your ${brand} account.`,
};
