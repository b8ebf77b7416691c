/** A booking of the API in the terms of the rules. */

import type { BookingFacts } from "#rules/bookingState.ts";
import type { JoinFacts } from "#rules/joining.ts";
import { hasLink } from "#rules/meetingPlaces.ts";
import { type AfterSessionFacts, holdsUp, type NoShowClaim } from "#rules/noShow.ts";
import { parseInstant } from "#scheduling/units.ts";
import type { Booking } from "./bookings.ts";

/** For `decideStep`. */
export function bookingFactsOf(booking: Booking): BookingFacts {
  return {
    status: booking.status,
    startsAt: parseInstant(booking.starts_at),
    endsAt: parseInstant(booking.ends_at),
    expiresAt: booking.expires_at === null ? null : parseInstant(booking.expires_at),
    cancel_cutoff: booking.cancel_cutoff,
    reschedule_cutoff: booking.reschedule_cutoff,
    hasNoShow: holdsUp(booking.no_show),
    awaitsPayment: booking.awaits_payment,
    movesForAll: booking.programme_id !== null,
  };
}

/** For `decideJoining`. */
export function joinFactsOf(booking: Booking): JoinFacts {
  return {
    status: booking.status,
    startsAt: parseInstant(booking.starts_at),
    endsAt: parseInstant(booking.ends_at),
    hasLink: booking.meeting_url !== null,
    isElsewhere: !hasLink(booking.meeting_place?.kind),
  };
}

/** For `decideClaim`. */
export function afterSessionFactsOf(booking: Booking): AfterSessionFacts {
  return { status: booking.status, endsAt: parseInstant(booking.ends_at), claim: noShowClaimOf(booking) };
}

/** For `decideAnswer`, `decideWithdrawal` and `statusOf`. */
export function noShowClaimOf({ no_show: claim }: Pick<Booking, "no_show">): NoShowClaim | null {
  return (
    claim && {
      claimedBy: claim.claimed_by,
      state: claim.state,
      answerUntil: parseInstant(claim.answer_until),
    }
  );
}
