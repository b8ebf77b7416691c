/** A booking of the API in the terms of the rules, whose instants are epoch ms. */
import type { BookingFacts } from "#rules/bookingState.ts";
import type { JoinFacts } from "#rules/joining.ts";
import { type AfterSessionFacts, holdsUp, type NoShowClaim } from "#rules/noShow.ts";
import type { Booking } from "./bookings.ts";

/** For `decideStep`. */
export function bookingFactsOf(booking: Booking): BookingFacts {
  return {
    status: booking.status,
    starts_at: Date.parse(booking.starts_at),
    ends_at: Date.parse(booking.ends_at),
    expires_at: booking.expires_at === null ? null : Date.parse(booking.expires_at),
    cancel_cutoff: booking.cancel_cutoff,
    reschedule_cutoff: booking.reschedule_cutoff,
    has_no_show: holdsUp(booking.no_show),
  };
}

/** For `decideJoining`. */
export function joinFactsOf(booking: Booking): JoinFacts {
  return {
    status: booking.status,
    starts_at: Date.parse(booking.starts_at),
    ends_at: Date.parse(booking.ends_at),
    hasLink: booking.meeting_url !== null,
  };
}

/** For `decideClaim`. */
export function afterSessionFactsOf(booking: Booking): AfterSessionFacts {
  return { status: booking.status, ends_at: Date.parse(booking.ends_at), claim: noShowClaimOf(booking) };
}

/** For `decideAnswer`, `decideWithdrawal` and `standingOf`. */
export function noShowClaimOf({ no_show: claim }: Pick<Booking, "no_show">): NoShowClaim | null {
  return claim && { ...claim, answer_until: Date.parse(claim.answer_until) };
}
