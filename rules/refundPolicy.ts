/**
 * How much of a payment goes back when a session does not take place. The policy is the service's at the time of booking
 * and is stored with the booking. The SQL twin is `private.refund_minor`; db/tests/moneyRules.test.ts compares the two.
 */
import { addMs, asMinutes, type EpochMs, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { type Money, moneyOfMinor, subtractMoney } from "./money.ts";
import { proportionOf } from "./proportion.ts";

export interface RefundPolicy {
  /** Everything is refunded until so long before the start. */
  fullCutoff: Minutes;
  /** From then on a part, until so long before the start: at most `fullCutoff`. Nothing after that. */
  partialCutoff: Minutes;
  /** A whole number from 0 to 100. */
  partialPercent: number;
}

/** What mentors choose from, besides cut-offs of their own. */
export const refundPresets = {
  flexible: { fullCutoff: asMinutes(120), partialCutoff: asMinutes(0), partialPercent: 50 },
  moderate: { fullCutoff: asMinutes(1440), partialCutoff: asMinutes(120), partialPercent: 50 },
  strict: { fullCutoff: asMinutes(4320), partialCutoff: asMinutes(1440), partialPercent: 50 },
} as const satisfies Record<string, RefundPolicy>;
export type RefundPreset = keyof typeof refundPresets;

/** Of a service that says nothing else; the columns have the same defaults. */
export const defaultRefunds: RefundPolicy = refundPresets.moderate;

/** null: the mentor's own. */
export function presetOf(policy: RefundPolicy): RefundPreset | null {
  const names = Object.keys(refundPresets) as RefundPreset[];
  return names.find((name) => isSamePolicy(refundPresets[name], policy)) ?? null;
}

function isSamePolicy(one: RefundPolicy, other: RefundPolicy): boolean {
  return (
    one.fullCutoff === other.fullCutoff &&
    one.partialCutoff === other.partialCutoff &&
    one.partialPercent === other.partialPercent
  );
}

/** Whose doing it is that the session does not take place; "system": a request that expired, a payment that came too late. */
export const refundFaults = ["student", "mentor", "system"] as const;
type RefundFault = (typeof refundFaults)[number];

/** Why money goes back, as far as messages about it differ. */
export const refundReasons = ["cancelled", "no_show", "late", "wrong_amount", "unwanted", "other"] as const;
export type RefundReason = (typeof refundReasons)[number];

interface RefundFacts {
  paid: Money;
  /** Refunds that are done or on their way. */
  alreadyRefunded: Money;
  policy: RefundPolicy;
  startsAt: EpochMs;
  now: EpochMs;
  fault: RefundFault;
}

/**
 * What is to be refunded now, beyond what was refunded before. The policy applies to what is the student's doing; everything
 * else is refunded in full. If both parties cancel, the larger entitlement wins in either order, because the second one adds
 * what the first left. A part is rounded half up to one minor unit, in the student's favour.
 */
export function refundOf({ paid, alreadyRefunded, policy, startsAt, now, fault }: RefundFacts): Money {
  const percent = fault === "student" ? percentAt(policy, startsAt, now) : 100;
  const left = subtractMoney(proportionOf(paid, percent, 100), alreadyRefunded);
  return left.minor > 0 ? left : moneyOfMinor(0, paid.currency);
}

/** How much is refunded of a session that the student cancels at `now`. */
function percentAt(policy: RefundPolicy, startsAt: EpochMs, now: EpochMs): number {
  if (now < cutoffInstant(startsAt, policy.fullCutoff)) return 100;
  return now < cutoffInstant(startsAt, policy.partialCutoff) ? policy.partialPercent : 0;
}

/** The first instant that is too late. */
export function cutoffInstant(startsAt: EpochMs, cutoff: Minutes): EpochMs {
  return addMs(startsAt, -cutoff * MINUTE_MS);
}

export interface RefundTier {
  kind: "full" | "partial" | "none";
  percent: number;
  amount: Money;
  /** The tier ends so long before the start, see `cutoffInstant`; null: it has no end. */
  cutoff: Minutes | null;
}

/**
 * The policy for pages: what a student who cancels gets back and until when, in the order of time. Tiers that refund the
 * same are one, and a tier without time or money is left out: a policy of one line has one line. The last one is "none".
 */
export function refundTiers(
  { fullCutoff, partialCutoff, partialPercent }: RefundPolicy,
  total: Money,
): RefundTier[] {
  const isAllFull = partialPercent === 100;
  const full: RefundTier = {
    kind: "full",
    percent: 100,
    amount: total,
    cutoff: isAllFull ? partialCutoff : fullCutoff,
  };
  const partial: RefundTier = {
    kind: "partial",
    percent: partialPercent,
    amount: proportionOf(total, partialPercent, 100),
    cutoff: partialCutoff,
  };
  const none: RefundTier = {
    kind: "none",
    percent: 0,
    amount: moneyOfMinor(0, total.currency),
    cutoff: null,
  };
  const hasPartial = !isAllFull && partialPercent > 0 && partialCutoff < fullCutoff;
  return hasPartial ? [full, partial, none] : [full, none];
}
