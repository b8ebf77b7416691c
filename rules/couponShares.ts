/** What a coupon takes off several sessions that are booked together. */
import { addMoney, type Money, moneyOfMinor, subtractMoney } from "./money.ts";
import { type CouponDiscount, discountOf } from "./priceLines.ts";
import { proportionOf } from "./proportion.ts";

/**
 * A coupon is applied once, to the sum of the prices; each price has its part by proportion. A part is the difference of two
 * roundings of the running sum, so the parts add up to the discount exactly, and none is more than its price. The database
 * computes the same (`private.coupon_share()`), in the order of the starts.
 * @param prices at least one, in the order of the starts
 */
export function couponShares(prices: readonly Money[], coupon: CouponDiscount): Money[] {
  const whole = prices.reduce(addMoney);
  const off = discountOf(coupon, whole);
  let before = moneyOfMinor(0, whole.currency);
  return prices.map((price) => {
    const after = addMoney(before, price);
    const share = subtractMoney(partOf(off, after, whole), partOf(off, before, whole));
    before = after;
    return share;
  });
}

/** Nothing of nothing. */
function partOf(off: Money, part: Money, whole: Money): Money {
  return whole.minor === 0 ? off : proportionOf(off, part.minor, whole.minor);
}
