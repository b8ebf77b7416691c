import { couponShares } from "#rules/couponShares.ts";
import { addMoney, type Money } from "#rules/money.ts";
import type { PriceLine, PriceTerms } from "#rules/priceLines.ts";
import type { EpochMs, Minutes } from "#scheduling/units.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { OfferedService } from "../slots/queries.ts";
import { findCoupon, pricedWith } from "./priceTerms.ts";

/** A coupon that is used once for several sessions. */
export interface AppliedCoupon {
  id: string;
  /** The sum of the prices that it is applied to. */
  before: Money;
}

/** One of several sessions. */
interface Wanted {
  service: OfferedService;
  duration: Minutes;
  add_recording: boolean;
  /** Left out if the sessions are in the order of their starts. */
  startsAt?: EpochMs;
}

interface PricedSession {
  lines: PriceLine[];
  total: Money;
  hasCoupon: boolean;
}

export interface TogetherPrice {
  /** Of each session, in the order in which they were given. */
  prices: PricedSession[];
  total: Money;
  coupon: AppliedCoupon | null;
}

/** Whose coupon is meant, and who wants to use it. */
export interface AskedCoupon {
  mentorId: string;
  studentId: string;
  code: string | undefined;
}

/**
 * What several sessions cost together: a coupon is applied to the sum of those whose service it is for, and each has its part.
 * Final under the mentor's lock only.
 * @param credit whether sessions of a package pay for them, so that only recordings are left
 * @throws Refusal `validation_failed`, `coupon_not_found`, `coupon_not_usable`
 */
export async function priceTogether(
  tx: Pick<SystemTx, "client">,
  { code, ...asking }: AskedCoupon,
  wanted: readonly Wanted[],
  { credit }: Pick<PriceTerms, "credit">,
): Promise<TogetherPrice> {
  const offers = { couponId: null, purchaseId: null, credit };
  const priceOf = ({ service, duration, add_recording }: Wanted, coupon?: PriceTerms["coupon"]) =>
    pricedWith(service, { minutes: duration, addRecording: add_recording }, { ...offers, coupon });
  const prices = wanted.map((each): PricedSession => ({ ...priceOf(each), hasCoupon: false }));
  const totalNow = () => prices.map(({ total }) => total).reduce(addMoney);
  if (code === undefined) return { prices, total: totalNow(), coupon: null };

  const services = wanted.map(({ service }) => service.id);
  const coupon = await findCoupon(tx, { ...asking, code, services, areTogether: true });
  const covered = [...wanted.keys()]
    .filter((index) => coupon.isFor(services[index]!))
    .sort((one, other) => (wanted[one]!.startsAt ?? 0) - (wanted[other]!.startsAt ?? 0));
  const before = covered.map((index) => prices[index]!.total);
  const sum = before.reduce(addMoney);
  // Where nothing is to be paid, there is nothing to use a coupon for.
  if (sum.minor === 0) return { prices, total: totalNow(), coupon: null };
  const shares = couponShares(before, coupon.discount);
  for (const [place, index] of covered.entries()) {
    const priced = priceOf(wanted[index]!, { kind: "amount", amount: shares[place]! });
    prices[index] = { ...priced, hasCoupon: true };
  }
  return { prices, total: totalNow(), coupon: { id: coupon.id, before: sum } };
}
