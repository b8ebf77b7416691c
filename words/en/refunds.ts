/** What students get back when they cancel. */
import type { RefundTier } from "#rules/refundPolicy.ts";
import { beforeStart } from "./bookings.ts";

/** @param tiers what the policy refunds, as `refundTiers` returns them */
export function refundPolicy(tiers: readonly Pick<RefundTier, "kind" | "percent" | "cutoff">[]): string {
  const parts = tiers.flatMap(({ kind, percent, cutoff }) => {
    if (cutoff === null) return [];
    return kind === "full"
      ? `Cancel until ${beforeStart(cutoff)} for a full refund`
      : `until ${beforeStart(cutoff)} to get ${percent}% back`;
  });
  return `${parts.join(", or ")}. No refund after that.`;
}

/** A tier of the policy in a word, for the picture of its times. */
export const tierNames = {
  full: () => "Full refund",
  partial: (percent: number) => `${percent}% back`,
  none: () => "No refund",
} satisfies Record<RefundTier["kind"], (percent: number) => string>;
