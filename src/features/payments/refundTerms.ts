import type { Booking } from "#contract/bookings.ts";
import { type Money, moneyOf } from "#rules/money.ts";
import { cutoffInstant, refundTiers } from "#rules/refundPolicy.ts";
import { asMinutes, type EpochMs, parseInstant } from "#scheduling/units.ts";

/** What a student who cancels gets back until an instant. */
export type RefundTerm = { kind: "full" | "partial"; amount: Money; until: EpochMs };

type Terms = Pick<
  Booking,
  | "starts_at"
  | "total_amount"
  | "currency"
  | "cancel_cutoff"
  | "refund_full_cutoff"
  | "refund_partial_cutoff"
  | "refund_partial_percent"
>;

/**
 * The refunds that can still be had, in the order of time; none if cancelling returns nothing any more. A time at which the
 * student can no longer cancel is none of a refund.
 * @param now epoch ms
 */
export function refundTermsOf(booking: Terms, now: number): RefundTerm[] {
  const total = moneyOf(booking.total_amount, booking.currency);
  const policy = {
    fullCutoff: booking.refund_full_cutoff,
    partialCutoff: booking.refund_partial_cutoff,
    partialPercent: booking.refund_partial_percent,
  };
  const startsAt = parseInstant(booking.starts_at);
  let before = now;
  return refundTiers(policy, total).flatMap(({ kind, amount, cutoff }) => {
    if (kind === "none" || cutoff === null) return [];
    const until = cutoffInstant(startsAt, asMinutes(Math.max(cutoff, booking.cancel_cutoff)));
    if (until <= before) return [];
    before = until;
    return [{ kind, amount, until }];
  });
}
