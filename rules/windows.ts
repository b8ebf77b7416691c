/**
 * How long something stays open, in hours. The database enforces these windows with intervals of its own, which
 * db/tests/windows.test.ts compares; code and pages take them from here.
 */
import { asMinutes, HOUR_MS, type Minutes } from "#scheduling/units.ts";

export const windowHours = {
  /** How long a booking request waits for the mentor's reply; at most until its start. */
  requestAnswer: 48,
  /** How long a time request, or a proposal, waits for a reply. */
  timeRequestAnswer: 48,
  /** From the end of a session: either party can report that the other did not attend. */
  noShowReport: 72,
  /** From the report: the other party can reply; then the report is final. */
  noShowAnswer: 48,
  /** From the end: the session completes by itself, unless a no-show was reported. */
  completion: 24,
  /** From the first version of a review: its student can change it. */
  reviewChange: 14 * 24,
  /** From the end: a student without a confirmed e-mail address can review the session. */
  unconfirmedReview: 24,
  /** From the end: the mentor's room is shown with the booking. */
  mentorRoom: 24,
  /** From the end: a link opens the booking without a login. */
  bookingLink: 30 * 24,
  /** From the start: a session is in the calendar feeds of both people. */
  calendarFeed: 90 * 24,
  /** From the start: what is left in a connected calendar of a cancelled session is removed. */
  sessionEntry: 31 * 24,
  /** From its occasion: a mail is tried again until it is sent. */
  delivery: 24,
} as const;

export function windowMs(name: keyof typeof windowHours): number {
  return windowHours[name] * HOUR_MS;
}

export function windowMinutes(name: keyof typeof windowHours): Minutes {
  return asMinutes(windowHours[name] * 60);
}

export function windowDays(name: keyof typeof windowHours): number {
  return windowHours[name] / 24;
}

/** After how long the clean-up jobs of the database remove or archive what is over: PostgreSQL's intervals. */
export const retention = {
  /** Completed sessions leave the lists; they stay in the archive. */
  completedBooking: "6 months",
  /** The guide's daily sweep of pending bookings, a last net below `requestAnswer`. */
  pendingBooking: "7 days",
  alert: "180 days",
  notification: "180 days",
  /** Where inboxes are divided by month: rows that something later in their month kept from being removed with it. */
  notificationInMonths: "240 days",
  /** What is left of a mail after it was sent: that it was. */
  delivery: "90 days",
  /** As `notificationInMonths`. */
  deliveryInMonths: "150 days",
  localMail: "30 days",
  /** A webhook that was processed; its body for a shorter time. */
  paymentEvent: "90 days",
  paymentEventBody: "30 days",
  /** A webhook that was forged, stale or unreadable. */
  refusedPaymentEvent: "7 days",
  reconciliation: "400 days",
  idempotencyKey: "1 day",
  /** A username that a mentor gave up stays reserved. */
  formerUsername: "1 year",
} as const;
