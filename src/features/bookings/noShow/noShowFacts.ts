import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { type AfterSessionFacts, type NoShowClaim, type NoShowStanding, standingOf } from "#rules/noShow.ts";

/** What the rules need of a claim. */
export function claimOf({ no_show: claim }: Pick<Booking, "no_show">): NoShowClaim | null {
  return claim && { ...claim, answer_until: Date.parse(claim.answer_until) };
}

export function afterFactsOf(booking: Booking): AfterSessionFacts {
  return { status: booking.status, ends_at: Date.parse(booking.ends_at), claim: claimOf(booking) };
}

export function noShowStanding(booking: Pick<Booking, "no_show">, now: number): NoShowStanding {
  return standingOf(claimOf(booking), now);
}

/** Whether `role` is asked: the other side says that he did not come, and there is still time to answer. */
export function awaitsAnswerOf(booking: Pick<Booking, "no_show">, role: BookingRole, now: number): boolean {
  return noShowStanding(booking, now) === "open" && booking.no_show?.claimed_by !== role;
}
