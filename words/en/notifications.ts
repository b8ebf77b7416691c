/** The text of each notification: in the inbox, and in every other message about the same event. */
import type { BookingRole } from "#rules/bookingState.ts";
import type { RefundReason } from "#rules/refundPolicy.ts";

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

interface AboutPayment extends AboutService {
  /** Of the session; left out: it is for a package. */
  starts_at?: string | undefined;
  /** Of the package. */
  sessions?: number | undefined;
  /** Of one payment for several; `starts_at` is the first one's. */
  together?: number | undefined;
  /** "₹2,000", as in all facts below. */
  amount: string;
}

interface OfMentor {
  amount: string;
}

/** In place of a name, to the mentor of a group session. */
export const everyone = "everyone";

const nameOf = ({ role, counterpart }: AboutService) =>
  counterpart || (role === "student" ? "Your mentor" : "A student");
const titleOf = ({ service_title }: AboutService) => `“${service_title}”`;
/** How many sessions: "1 session". */
const sessionCount = (count: number) => (count === 1 ? "1 session" : `${count} sessions`);
/** The session, or the sessions of a package. */
const sessionOf = (facts: Omit<AboutPayment, "amount">) =>
  facts.sessions === undefined
    ? facts.together === undefined
      ? `${titleOf(facts)} on ${facts.starts_at}`
      : `${sessionCount(facts.together)} of ${titleOf(facts)}, the first on ${facts.starts_at}`
    : `${sessionCount(facts.sessions)} of ${titleOf(facts)}`;

interface AboutConnection {
  connection: string;
}

/** What old busy times mean for a mentor; nothing if they decide no offered time. */
interface OfOffering extends AboutConnection {
  offering?: "continues" | "pauses" | undefined;
}

/** Why a payment buys nothing and goes back, at the end of a sentence. */
const lateReasons: Record<RefundReason, string> = {
  late: "it arrived after the time was no longer held, and the time is taken",
  wrong_amount: "it wasn’t the amount of the price",
  unwanted: "the booking had been cancelled",
  cancelled: "the session was cancelled",
  no_show: "the session didn’t take place",
  other: "it wasn’t needed",
};

const latePackageReasons: Record<RefundReason, string> = {
  ...lateReasons,
  late: "the package can’t be used any more",
  unwanted: "the purchase had been given up",
};

interface AboutSeries extends AboutSession {
  /** How many sessions it is about. */
  sessions: number;
  last_starts_at: string;
}

const seriesOf = (facts: AboutSeries) =>
  `${sessionCount(facts.sessions)} of ${titleOf(facts)} from ${facts.starts_at} to ${facts.last_starts_at}`;
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const seriesSteps = {
  confirmed: (name: string, sessions: string) => `${name} confirmed ${sessions}.`,
  declined: (name: string, sessions: string) => `${name} declined ${sessions}.`,
  cancelled: (name: string, sessions: string) => `${name} cancelled ${sessions}.`,
  rescheduled: (name: string, sessions: string) => `${name} rescheduled ${sessions}.`,
  expired: (_name: string, sessions: string) => `The request for ${sessions} has expired.`,
};

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
  series_requested: (facts: AboutSeries) => `${nameOf(facts)} requested ${seriesOf(facts)}.`,
  series_booked: (facts: AboutSeries) =>
    facts.role === "student"
      ? `${upperFirst(seriesOf(facts))} with ${nameOf(facts)} are booked.`
      : `${nameOf(facts)} booked ${seriesOf(facts)}.`,
  series_changed: (facts: AboutSeries & { change: keyof typeof seriesSteps }) =>
    seriesSteps[facts.change](nameOf(facts), seriesOf(facts)),
  series_lapsed: (facts: AboutSession) =>
    facts.role === "student"
      ? `${sessionOf(facts)} with ${nameOf(facts)} wasn’t paid for in time, so it isn’t booked any more.`
      : `${nameOf(facts)} didn’t pay for ${sessionOf(facts)} in time, so your time is free again.`,
  group_cancelled: (facts: AboutSession) =>
    `Too few people signed up for ${sessionOf(facts)}, so it’s cancelled.`,
  group_confirmed: (facts: AboutSession) => `${sessionOf(facts)} takes place: enough people have signed up.`,
  group_message: (facts: AboutSession) =>
    facts.role === "student"
      ? `${nameOf(facts)} wrote to everyone in ${sessionOf(facts)}.`
      : `You wrote to everyone in ${sessionOf(facts)}.`,
  meeting_fell_back: (facts: AboutSession & { has_link: boolean }) =>
    facts.has_link
      ? `The video link for ${sessionOf(facts)} with ${nameOf(facts)} couldn’t be made. Use the mentor’s own link instead.`
      : `The video link for ${sessionOf(facts)} with ${nameOf(facts)} couldn’t be made, and there’s no other link yet.`,
  meeting_restored: (facts: AboutSession) =>
    `${sessionOf(facts)} with ${nameOf(facts)} has its video link now. It replaces the mentor’s own link.`,
  meeting_changed: (facts: AboutSession) =>
    `The video link for ${sessionOf(facts)} with ${nameOf(facts)} has changed. The old one doesn’t work any more.`,
  entry_moved: (facts: AboutSession & { calendar: string; moved_to: string }) =>
    `You moved ${sessionOf(facts)} with ${nameOf(facts)} to ${facts.moved_to} in “${facts.calendar}”. Tell us whether to reschedule it or put it back.`,
  entry_deleted: (facts: AboutSession & { calendar: string }) =>
    `You deleted ${sessionOf(facts)} with ${nameOf(facts)} from “${facts.calendar}”. Tell us whether to cancel it, put it back or leave it out.`,
  group_entry_moved: (facts: AboutSession & { calendar: string; moved_to: string }) =>
    `You moved ${sessionOf(facts)} to ${facts.moved_to} in “${facts.calendar}”. Tell us whether to move it for everyone or put it back.`,
  group_entry_deleted: (facts: AboutSession & { calendar: string }) =>
    `You deleted ${sessionOf(facts)} from “${facts.calendar}”. Tell us whether to cancel it for everyone, put it back or leave it out.`,
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
  waitlist_offer: (facts: AboutSession & { expires_at: string; is_final: boolean }) =>
    `${titleOf(facts)} with ${nameOf(facts)}, ${facts.starts_at}, is yours if you want it. It’s kept for you until ${facts.expires_at}.${facts.is_final ? " It can’t be cancelled once it’s booked." : ""}`,
  waitlist_lapsed: (facts: AboutSession & { ended_because: "lapsed" | "cancelled" }) =>
    facts.ended_because === "lapsed"
      ? `Your offer for ${sessionOf(facts)} with ${nameOf(facts)} has ended, and the next person was asked. You’re not on this waitlist any more.`
      : `${sessionOf(facts)} with ${nameOf(facts)} was cancelled, so you’re not on its waitlist any more.`,
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
  payment_received: (facts: AboutPayment) =>
    `You paid ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)}.`,
  payment_failed: (facts: AboutPayment & { held_until?: string | undefined }) =>
    facts.held_until
      ? `Your payment of ${facts.amount} for ${titleOf(facts)} with ${nameOf(facts)} didn’t go through. The time is held for you until ${facts.held_until}.`
      : facts.sessions === undefined
        ? `Your payment of ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)} didn’t go through, so it isn’t booked.`
        : `Your payment of ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)} didn’t go through. You can try again.`,
  payment_due: (facts: AboutPayment & { held_until: string }) =>
    `${sessionOf(facts)} with ${nameOf(facts)} is to be paid for: ${facts.amount} until ${facts.held_until}. After that it isn’t booked any more.`,
  payment_authorized: (facts: AboutPayment) =>
    `${facts.amount} is reserved for ${sessionOf(facts)} until ${nameOf(facts)} answers.`,
  payment_released: (facts: AboutPayment) =>
    `The ${facts.amount} reserved for ${sessionOf(facts)} with ${nameOf(facts)} was released. You weren’t charged.`,
  payment_late: (facts: AboutPayment & { why: RefundReason }) =>
    `We’re refunding your ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)}: ${(facts.sessions === undefined ? lateReasons : latePackageReasons)[facts.why]}.`,
  payment_twice: (facts: AboutPayment) =>
    `You paid twice for ${sessionOf(facts)} with ${nameOf(facts)}. The second ${facts.amount} is on its way back.`,
  refund_requested: (facts: AboutPayment) =>
    `A refund of ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)} is on its way.`,
  refund_done: (facts: AboutPayment) =>
    `${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)} was refunded.`,
  refund_failed: (facts: AboutPayment) =>
    `The refund of ${facts.amount} for ${sessionOf(facts)} with ${nameOf(facts)} didn’t arrive. We’re looking into it; the money is still yours.`,
  dispute_opened: (facts: AboutPayment) =>
    `The bank of ${nameOf(facts)} is disputing the ${facts.amount} paid for ${sessionOf(facts)}.`,
  dispute_won: (facts: AboutPayment) =>
    `The dispute about ${sessionOf(facts)} with ${nameOf(facts)} was decided for you: the ${facts.amount} stays paid.`,
  dispute_lost: (facts: AboutPayment) =>
    `The dispute about ${sessionOf(facts)} with ${nameOf(facts)} was lost: the ${facts.amount} went back to them.`,
  package_sold: (facts: AboutPayment) =>
    `${nameOf(facts)} bought ${sessionOf(facts)} for ${facts.amount}. The money becomes yours session by session.`,
  package_expiring: (facts: AboutPayment & { expires_at: string }) =>
    `${sessionOf(facts)} with ${nameOf(facts)} can be booked until ${facts.expires_at}. After that they expire.`,
  earned: ({ amount, count }: OfMentor & { count: number }) =>
    count === 0
      ? `You earned ${amount} from an expired package.`
      : `You earned ${amount} from ${sessionCount(count)}.`,
  fee_returned: (facts: AboutPayment) =>
    `We gave back ${facts.amount} of our fee for ${sessionOf(facts)} with ${nameOf(facts)}, which was refunded.`,
  payout_sent: ({ amount, account }: OfMentor & { account?: string | undefined }) =>
    `A payout of ${amount} was sent to your account${account ? ` ending in ${account}` : ""}.`,
  payout_failed: ({ amount, account }: OfMentor & { account?: string | undefined }) =>
    `The payout of ${amount} to your account${account ? ` ending in ${account}` : ""} didn’t arrive. It’s back in your balance.`,
  calendar_broken: ({ connection, offering }: OfOffering) =>
    offering === undefined
      ? `We can’t read “${connection}” any more. It needs you to fix it.`
      : offering === "pauses"
        ? `We can’t read “${connection}” any more. Unless you fix it soon, we stop offering your times, as you chose.`
        : `We can’t read “${connection}” any more. Until you fix it, students could book when you’re busy.`,
  calendar_stale: ({ connection, synced_at, offering }: OfOffering & { synced_at?: string | undefined }) =>
    `${synced_at ? `We haven’t been able to read “${connection}” since ${synced_at}.` : `We haven’t been able to read “${connection}” yet.`}${
      offering === "pauses"
        ? " As you chose, your times aren’t offered until it works again."
        : " Your times are still offered, so a student could book when you’re busy."
    }`,
  calendar_login_ends: ({ connection, ends_at }: AboutConnection & { ends_at: string }) =>
    `Your login to “${connection}” ends on ${ends_at}. Renew it before then.`,
  calendar_missing: ({ connection, calendar }: AboutConnection & { calendar: string }) =>
    `“${calendar}” is gone from “${connection}”. Its busy times still count until you decide.`,
};
