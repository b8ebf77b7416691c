/**
 * What a value may be: lengths of texts, ranges of numbers, how many of something. Schemas, forms and the database's
 * CHECK constraints hold the same figures; db/tests/limits.test.ts compares the latter. How often a call may be made is
 * in rateLimits.ts, how long something stays open in windows.ts.
 */
import { asMinutes } from "#scheduling/units.ts";

/** Most characters, counted as JavaScript does: never fewer than the database counts. */
export const textLimits = {
  personName: 120,
  headline: 160,
  bio: 5000,
  /** One field of expertise, one language. */
  tag: 40,
  serviceTitle: 120,
  serviceDescription: 2000,
  /** A student's message with a booking or a time request. */
  bookingMessage: 2000,
  /** The reason for declining, cancelling, rescheduling, a day off or a no-show report. */
  reason: 500,
  meetingUrl: 500,
  meetingNote: 200,
  /** What a service calls a meeting. */
  meetingRef: 200,
  reviewComment: 2000,
  reviewReply: 2000,
  studentNote: 10_000,
  phone: 32,
  /** RFC 5321: 64 before the @, 254 in all. */
  email: 254,
  emailLocalPart: 64,
  timeZone: 64,
  /** An id or a username in an address; longer ones exist nowhere. */
  mentorKey: 64,
  search: 100,
  idempotencyKey: 255,
  cursor: 200,
  ifMatch: 1000,
  loginToken: 200,
  /** A code by e-mail as it is typed or pasted. */
  typedCode: 40,
  /** Any text or token that the accounts library is sent. */
  accountField: 4000,
  /** One part of what a browser returns for a passkey, in base64url. */
  webAuthnField: 10_000,
  passkeyName: 80,
  /** Of a person or a firm on a document. */
  postalAddress: 300,
  /** Rule 46 of the CGST Rules. */
  documentNumber: 16,
  calendarName: 200,
  connectionName: 100,
  calendarServer: 500,
  /** With its port. */
  calendarHost: 300,
  eventTitle: 200,
  /** What a calendar provider says about a failure. */
  providerMessage: 300,
  /** What Microsoft asks of the address of a subscription; a real one has some hundred. */
  validationToken: 4000,
  /** The bank's results of a payout run, as CSV. */
  bankFile: 500_000,
} as const;

const HOUR = 60;
const DAY = 24 * HOUR;

/** Smallest and largest value, both included. */
export const numberLimits = {
  sessionMinutes: { min: asMinutes(5), max: asMinutes(8 * HOUR) },
  slotIntervalMinutes: { min: asMinutes(5), max: asMinutes(8 * HOUR) },
  bufferMinutes: { min: asMinutes(0), max: asMinutes(4 * HOUR) },
  minimumNoticeMinutes: { min: asMinutes(0), max: asMinutes(90 * DAY) },
  bookingWindowDays: { min: 1, max: 730 },
  sessionsPerDay: { min: 1, max: 100 },
  sessionsPerWeek: { min: 1, max: 500 },
  /** How long before the start a student may cancel or move at the latest, or gets money back. */
  cutoffMinutes: { min: asMinutes(0), max: asMinutes(30 * DAY) },
  seats: { min: 1, max: 500 },
  /** How long before its start it is decided whether a group session takes place. */
  decideMinutes: { min: asMinutes(0), max: asMinutes(30 * DAY) },
  /** How long after its start a group session can be joined. */
  lateJoinMinutes: { min: asMinutes(0), max: asMinutes(8 * HOUR) },
  /** Of one length or of the recording, in major units. */
  price: { min: 0, max: 10_000_000 },
  stars: { min: 1, max: 5 },
  /** 0 is Sunday. */
  dayOfWeek: { min: 0, max: 6 },
  passwordCharacters: { min: 8, max: 128 },
  usernameCharacters: { min: 3, max: 30 },
  pageSize: { min: 1, max: 100 },
  /** Sessions of a series. */
  seriesSessions: { min: 2, max: 52 },
  /** Times of one mentor that are booked together. */
  basketSlots: { min: 2, max: 10 },
} as const;

/** A smaller balance is not paid out through the bank; major units. */
export const leastPayout = 100;

/** How many at most. */
export const countLimits = {
  /** Reminders of one session. */
  reminders: 4,
  /** What Zoom reports of one session. */
  joinEvents: 200,
  expertise: 12,
  languages: 8,
  /** Viewer-local dates that one question about times, or one alert, may span. */
  slotDays: 62,
  blockedDaysAtOnce: 366,
  /** Group sessions that a mentor schedules at once. */
  groupSessionsAtOnce: 52,
  /** The next group sessions of a mentor that are listed. */
  groupSessionsListed: 200,
  /** The latest programmes of a mentor that are listed. */
  programmesListed: 50,
  /** The latest series of a person that are listed. */
  seriesListed: 50,
  /** A person's places in queues that are listed. */
  waitlistListed: 100,
  /** A person's alerts that are listed. */
  alertsListed: 100,
  /** Free times that are named to a person who wants to wait for one. */
  freeTimesNamed: 5,
  /** Starts that one party may propose in a round. */
  proposedTimes: 3,
  /** Proposals and counter-proposals of one request for a time. */
  proposalRounds: 20,
  /** Zones that one question may name. */
  zonesAtOnce: 20,
  /** Mentors whose changes one live stream reports. */
  followedMentors: 20,
  notificationsAtOnce: 100,
  /** Favourite mentors of one person. */
  favourites: 200,
  /** People of a group session who are named in its mentor's calendar: the first who booked. */
  namesInEntry: 50,
  /** Sessions in a calendar feed, per side: the latest. */
  feedSessions: 1000,
  /** Passkeys of one person. */
  passkeys: 20,
  /** Ways to reach a passkey (USB, NFC, …) that a browser may name. */
  passkeyTransports: 10,
  /** Recovery codes that are made at a time. */
  recoveryCodes: 10,
  /** Of a draft of the hours. More than can be saved, so that only saving reports a cap. */
  previewedWindows: 2000,
  previewedBlockedDates: 2000,
  previewedTimezonePeriods: 400,
} as const;

/** What is read of a calendar elsewhere. More is refused, or is busy time without an end, as the comment says. */
export const calendarLimits = {
  /** Characters of one file; a larger one is refused. */
  characters: 20_000_000,
  /** Events in one file, and objects of a calendar; one with more is refused. */
  events: 50_000,
  /** Calendars, and whatever else a CalDAV server lists with them. */
  calendarsOfServer: 1_000,
  /**
   * Occurrences of a rule in 24 hours: twice an hour. One that repeats more often, or that takes more steps to expand, is
   * busy all of the time.
   */
  occurrencesInADay: 48,
  ruleSteps: 20_000,
  /** Occurrences of all events of a file. After them, every series is busy all of the time. */
  occurrences: 200_000,
  /** Series of a file that may take too many steps, before none is expanded any more. */
  failures: 50,
  /** Of all calendars of a connection together, in one read, ms. Then the connection is too large. */
  readingMs: 20_000,
  /** Connections of one host that are read at once, by all workers together. */
  readsPerHost: 2,
  title: 200,
} as const;

/**
 * How much one person may have open or ahead. "Unconfirmed": the e-mail address of the account is not confirmed. A
 * newcomer is unconfirmed and has never had a session with this mentor that took place.
 */
export const openCaps = {
  requests_with_mentor: 5,
  requests: 15,
  sessions_ahead_with_mentor: 30,
  sessions_ahead_with_mentor_newcomer: 5,
  newcomer_times_from_network: 10,
  time_requests: 15,
  time_requests_unconfirmed: 6,
  /** Places in queues. */
  waitlist_entries: 30,
  waitlist_entries_with_mentor: 10,
} as const;

/** How much one person may own; of a mentor unless noted. */
export const ownedCaps = {
  weekly_windows: 84,
  dated_windows: 1000,
  blocked_dates: 1100,
  timezone_periods: 200,
  /** Deleted ones do not count. */
  services: 30,
  /** Of one service. */
  service_durations: 8,
  /** Of one student. */
  active_alerts: 50,
  /** Of one person, a student too. */
  calendar_connections: 10,
} as const;
