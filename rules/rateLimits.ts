/** How often each call may be made. docs/limits.md repeats this table, and a test compares the two. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export interface RateLimit {
  max: number;
  /** Length of the window in seconds. It is fixed: it begins with the first call that is counted. */
  seconds: number;
  /** How calls are grouped for counting. An address is one IPv4 address or one IPv6 network (/64). */
  by: "address" | "account" | "address and account" | "device and account";
  /** Counted for all app processes in the database, or in the memory of each process. */
  counted: "in the database" | "per process";
  /** What is counted, for the documentation. */
  what: string;
}

const shared = "in the database";
const local = "per process";

export const rateLimits = {
  api: { max: 3000, seconds: MINUTE, by: "address", counted: local, what: "all API calls together" },

  "sign-in-address": {
    max: 60,
    seconds: MINUTE,
    by: "address",
    counted: shared,
    what: "sign-in from devices that have not signed in to the account before",
  },
  "sign-in-guesses": {
    max: 5,
    seconds: MINUTE,
    by: "address and account",
    counted: shared,
    what: "sign-in to one account from such devices, from one address",
  },
  "sign-in-guesses-hour": {
    max: 20,
    seconds: HOUR,
    by: "address and account",
    counted: shared,
    what: "sign-in to one account from such devices, from one address",
  },
  "sign-in-account-hour": {
    max: 100,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "sign-in to one account from such devices, from all addresses",
  },
  "sign-in-device": {
    max: 10,
    seconds: MINUTE,
    by: "device and account",
    counted: shared,
    what: "sign-in from a device that has signed in to the account before",
  },
  "sign-in-device-hour": {
    max: 40,
    seconds: HOUR,
    by: "device and account",
    counted: shared,
    what: "sign-in from a device that has signed in to the account before",
  },
  "password-check": {
    max: 10,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "account changes that ask for the current password, and first codes of an authenticator app",
  },
  "code-address": {
    max: 30,
    seconds: HOUR,
    by: "address",
    counted: shared,
    what: "asking for a code by e-mail",
  },
  "code-stranger": {
    max: 5,
    seconds: HOUR,
    by: "address and account",
    counted: shared,
    what: "a code for one account, asked for by devices that have not signed in to it before, from one address",
  },
  "code-strangers": {
    max: 10,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "the same, from all addresses",
  },
  "code-strangers-day": {
    max: 20,
    seconds: 24 * HOUR,
    by: "account",
    counted: shared,
    what: "the same, from all addresses",
  },
  "code-device": {
    max: 10,
    seconds: HOUR,
    by: "device and account",
    counted: shared,
    what: "a code, asked for by a device that has signed in to the account before",
  },
  "code-device-day": {
    max: 20,
    seconds: 24 * HOUR,
    by: "device and account",
    counted: shared,
    what: "a code, asked for by a device that has signed in to the account before",
  },
  "own-code": {
    max: 10,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "a code for confirming or changing the own address",
  },
  "own-code-day": {
    max: 20,
    seconds: 24 * HOUR,
    by: "account",
    counted: shared,
    what: "a code for confirming or changing the own address",
  },
  "own-code-check": {
    max: 60,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "entering such a code",
  },
  "sign-up": { max: 30, seconds: HOUR, by: "address", counted: shared, what: "sign-up" },
  accounts: { max: 120, seconds: MINUTE, by: "address", counted: local, what: "other account calls" },

  "own-data": {
    max: 10,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "downloading one's own data",
  },

  book: { max: 20, seconds: HOUR, by: "account", counted: shared, what: "booking" },
  "book-address": { max: 120, seconds: HOUR, by: "address", counted: shared, what: "booking" },
  reschedule: { max: 120, seconds: HOUR, by: "address", counted: shared, what: "rescheduling a session" },
  ask: { max: 20, seconds: HOUR, by: "account", counted: shared, what: "asking for a time" },
  "ask-address": { max: 120, seconds: HOUR, by: "address", counted: shared, what: "asking for a time" },
  alert: { max: 30, seconds: HOUR, by: "account", counted: shared, what: "availability alerts" },
  waitlist: { max: 60, seconds: HOUR, by: "account", counted: shared, what: "joining waitlists" },
  "group-message": {
    max: 20,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "messages to everyone in a group session",
  },
  favourite: { max: 300, seconds: HOUR, by: "account", counted: local, what: "adding a favourite mentor" },
  own: {
    max: 300,
    seconds: 10 * MINUTE,
    by: "account",
    counted: local,
    what: "changes of a mentor's own page, services, hours, days off and travel, and of details for documents",
  },

  mentors: { max: 240, seconds: MINUTE, by: "address", counted: local, what: "searching mentors" },
  mentor: { max: 240, seconds: MINUTE, by: "address", counted: local, what: "mentor pages and their hours" },
  usernames: {
    max: 60,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "checking whether a username is free",
  },
  reviews: { max: 240, seconds: MINUTE, by: "address", counted: local, what: "reading reviews" },
  slots: {
    max: 240,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "free times of a mentor, by size",
  },
  "series-check": {
    max: 600,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "checking the dates of a series, by their number",
  },
  "booking-slots": {
    max: 240,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "free times for rescheduling a session, by size",
  },
  hours: {
    max: 240,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "previews and explanations of a mentor's own hours, by size, and checks of times for group sessions",
  },
  "calendar-feed": {
    max: 600,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "reading calendar feeds",
  },
  "document-pdf": {
    max: 60,
    seconds: 10 * MINUTE,
    by: "account",
    counted: local,
    what: "documents as PDF",
  },
  "statement-csv": {
    max: 60,
    seconds: 10 * MINUTE,
    by: "account",
    counted: local,
    what: "statements of earnings as CSV",
  },
  "payout-account": {
    max: 20,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "changes of where payouts go",
  },
  "calendar-connection": {
    max: 60,
    seconds: HOUR,
    by: "account",
    counted: shared,
    what: "making, testing, changing and reading calendar connections",
  },
  "calendar-feed-change": {
    max: 30,
    seconds: HOUR,
    by: "account",
    counted: local,
    what: "creating a calendar feed, or a new address for it",
  },
  live: {
    max: 120,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "opening a stream of live updates",
  },
  quotes: {
    max: 60,
    seconds: 10 * MINUTE,
    by: "address",
    counted: shared,
    what: "asking what a session costs with a coupon",
  },
  payments: {
    max: 120,
    seconds: 10 * MINUTE,
    by: "address",
    counted: local,
    what: "paying for a booking",
  },
  webhooks: {
    max: 6_000,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "webhooks of payment providers, of Zoom and of calendars",
  },
  "sandbox-checkout": {
    max: 240,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "the checkout page of the sandbox",
  },
  unsubscribe: {
    max: 240,
    seconds: MINUTE,
    by: "address",
    counted: local,
    what: "ending the mails of a topic by a link",
  },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof rateLimits;

/** Streams of live updates that may be open in one process, per address and in all. */
export const openStreams = { perAddress: 30, inAll: 10_000 } as const;

/**
 * Characters of a response with free times per counted call. A month of half-hour starts is one unit, the largest
 * response (`countLimits.slotDays` days of starts every 5 minutes, 1.3 million characters) is 20.
 */
const slotAnswerUnit = 65_536;

/** Returns how many calls a response of this length counts for. */
export function slotAnswerUnits(length: number): number {
  return Math.max(1, Math.ceil(length / slotAnswerUnit));
}
