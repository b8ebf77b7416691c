import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { isPaymentDueLater } from "#rules/seriesPayment.ts";
import { parseInstant } from "#scheduling/units.ts";
import { awaitsReplyOf, noShowStatusOf } from "@/features/bookings/noShow/noShowStatus.ts";

export type SessionGroups = {
  /** Held for the reader until they are paid for; the first to be released comes first. */
  toPay: Booking[];
  /** The reader was reported as a no-show and can still reply; the first to close comes first. */
  toAnswer: Booking[];
  /** Awaiting the mentor's reply, in the order of their sessions. */
  requests: Booking[];
  /** Confirmed and not over; the next one comes first. */
  upcoming: Booking[];
  /** Over, but not yet marked as completed by the mentor; the oldest first. */
  toComplete: Booking[];
  /** Completed, expired or cancelled; the latest first. */
  past: Booking[];
};

/**
 * @param bookings latest start first, as the API lists them
 * @param reader which of the two people reads
 * @param now epoch ms
 */
export function groupSessions(bookings: readonly Booking[], reader: BookingRole, now: number): SessionGroups {
  const groups: SessionGroups = {
    toPay: [],
    toAnswer: [],
    requests: [],
    upcoming: [],
    toComplete: [],
    past: [],
  };
  for (const booking of bookings) {
    const group = groupOf(booking, reader, now);
    if (group) groups[group].push(booking);
  }
  groups.toPay.sort((one, other) => expiryOf(one) - expiryOf(other));
  groups.toAnswer.sort((one, other) => closingOf(one) - closingOf(other));
  groups.requests.sort(
    (one, other) => one.starts_at.localeCompare(other.starts_at) || expiryOf(one) - expiryOf(other),
  );
  groups.upcoming.reverse();
  groups.toComplete.reverse();
  return groups;
}

/** Whether a request has expired: its time is free again, even before the clean-up job removes it. @param now epoch ms */
export function hasExpired(booking: Booking, now: number): boolean {
  return booking.status === "pending" && expiryOf(booking) <= now;
}

export function isInProgress(booking: Booking, now: number): boolean {
  return (
    booking.status === "confirmed" &&
    Date.parse(booking.starts_at) <= now &&
    Date.parse(booking.ends_at) > now
  );
}

/** Whether it is a session of a series that is paid one by one, and will only be asked for. @param now epoch ms */
export function isDueLater({ awaits_payment, starts_at, expires_at }: Booking, now: number): boolean {
  return awaits_payment && isPaymentDueLater(parseInstant(starts_at), expires_at, now);
}

/** null: a hold that ended without any money, which was never a session. */
function groupOf(booking: Booking, reader: BookingRole, now: number): keyof SessionGroups | null {
  if (booking.awaits_payment) {
    if (booking.status === "pending" && !hasExpired(booking, now))
      return isDueLater(booking, now) ? "upcoming" : "toPay";
    return booking.payment_status === "pending" || booking.payment_status === "failed" ? null : "past";
  }
  if (awaitsReplyOf(booking, reader, now)) return "toAnswer";
  // Whatever its status: the reader has nothing to do.
  if (noShowStatusOf(booking, now) !== "none") return "past";
  switch (booking.status) {
    case "pending":
      return hasExpired(booking, now) ? "past" : "requests";
    case "confirmed":
      return Date.parse(booking.ends_at) > now ? "upcoming" : "toComplete";
    case "completed":
    case "cancelled":
      return "past";
    default:
      return booking.status satisfies never;
  }
}

function closingOf({ no_show }: Booking): number {
  return Date.parse(no_show?.answer_until ?? "");
}

/** When a request expires: at the start of its session at the latest. */
function expiryOf(booking: Booking): number {
  return Math.min(Date.parse(booking.expires_at ?? booking.starts_at), Date.parse(booking.starts_at));
}
