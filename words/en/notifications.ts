/** The text of each notification: in the inbox, and in every other message about the same event. */
import type { BookingRole } from "#rules/bookingState.ts";

interface AboutService {
  /** The recipient's. */
  role: BookingRole;
  /** The other person's name. */
  counterpart: string;
  service_title: string;
}

interface AboutSession extends AboutService {
  /** A date and time on the recipient's clock, as in all facts below. */
  starts_at: string;
}

const nameOf = ({ role, counterpart }: AboutService) =>
  counterpart || (role === "student" ? "Your mentor" : "A student");
const titleOf = ({ service_title }: AboutService) => `“${service_title}”`;
const sessionOf = (facts: AboutSession) => `${titleOf(facts)} on ${facts.starts_at}`;

export const notificationSentences = {
  booking_requested: (facts: AboutSession) => `${nameOf(facts)} requested ${sessionOf(facts)}.`,
  booking_booked: (facts: AboutSession) =>
    facts.role === "student"
      ? `${nameOf(facts)} accepted: ${sessionOf(facts)} is booked.`
      : `${nameOf(facts)} booked ${sessionOf(facts)}.`,
  booking_confirmed: (facts: AboutSession) => `${nameOf(facts)} confirmed ${sessionOf(facts)}.`,
  booking_declined: (facts: AboutSession) => `${nameOf(facts)} declined ${sessionOf(facts)}.`,
  booking_cancelled: (facts: AboutSession) => `${nameOf(facts)} cancelled ${sessionOf(facts)}.`,
  booking_rescheduled: (facts: AboutSession & { from_starts_at: string }) =>
    `${nameOf(facts)} rescheduled ${titleOf(facts)} from ${facts.from_starts_at} to ${facts.starts_at}.`,
  booking_reminder: (facts: AboutSession) =>
    `${titleOf(facts)} with ${nameOf(facts)} starts on ${facts.starts_at}.`,
  booking_completed: (facts: AboutSession) =>
    `${titleOf(facts)} with ${nameOf(facts)} on ${facts.starts_at} is marked as completed.`,
  booking_expired: (facts: AboutSession) =>
    facts.role === "student"
      ? `${nameOf(facts)} didn’t reply in time, so your request for ${sessionOf(facts)} has expired.`
      : `The request from ${nameOf(facts)} for ${sessionOf(facts)} has expired.`,
  time_request_opened: (facts: AboutService) =>
    `${nameOf(facts)} requested another time for ${titleOf(facts)}.`,
  time_request_proposed: (facts: AboutService) =>
    `${nameOf(facts)} suggested other times for ${titleOf(facts)}.`,
  time_request_declined: (facts: AboutService) =>
    `${nameOf(facts)} can’t make the times you suggested for ${titleOf(facts)}.`,
  time_request_withdrawn: (facts: AboutService) =>
    `${nameOf(facts)} withdrew the time request for ${titleOf(facts)}.`,
  time_request_expired: (facts: AboutService) =>
    facts.role === "student"
      ? `Your time request to ${nameOf(facts)} for ${titleOf(facts)} has expired.`
      : `The time request from ${nameOf(facts)} for ${titleOf(facts)} has expired.`,
  alert_fired: (facts: AboutSession) =>
    `${nameOf(facts)} has a free time for ${titleOf(facts)}: ${facts.starts_at}.`,
  review_written: (facts: AboutSession) => `${nameOf(facts)} reviewed ${sessionOf(facts)}.`,
  review_answered: (facts: AboutSession) => `${nameOf(facts)} replied to your review of ${titleOf(facts)}.`,
  no_show_claimed: (facts: AboutSession & { answer_until: string }) =>
    `${nameOf(facts)} reported you as a no-show for ${sessionOf(facts)}. Please reply by ${facts.answer_until}.`,
  no_show_agreed: (facts: AboutSession) => `${nameOf(facts)} confirmed missing ${sessionOf(facts)}.`,
  no_show_disputed: (facts: AboutSession) =>
    `${nameOf(facts)} disputed your no-show report for ${sessionOf(facts)}, so the session counts as held.`,
  no_show_withdrawn: (facts: AboutSession) =>
    `${nameOf(facts)} withdrew the no-show report for ${sessionOf(facts)}.`,
  no_show_unanswered: (facts: AboutSession & { claimed_by: BookingRole }) =>
    facts.claimed_by === facts.role
      ? `${nameOf(facts)} didn’t reply in time, so ${sessionOf(facts)} is recorded as missed by them.`
      : `You didn’t reply to ${nameOf(facts)} in time, so ${sessionOf(facts)} is recorded as missed by you.`,
};
