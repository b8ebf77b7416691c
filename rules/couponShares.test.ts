import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { couponShares } from "./couponShares.ts";
import { moneyOfMinor } from "./money.ts";
import { type CouponDiscount, discountOf } from "./priceLines.ts";
import { proportionOf } from "./proportion.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");
const sumOf = (amounts: readonly { minor: number }[]) => amounts.reduce((sum, { minor }) => sum + minor, 0);
const percent = (basisPoints: number): CouponDiscount => ({ kind: "percentage", basisPoints });
const off = (minor: number): CouponDiscount => ({ kind: "amount", amount: inr(minor) });

const price = fc.integer({ min: 0, max: 1_000_000_000 });
const prices = fc.array(price, { minLength: 1, maxLength: 52 });
const coupons = fc.oneof(fc.integer({ min: 100, max: 10_000 }).map(percent), price.map(off));

describe("the shares of a coupon", () => {
  it("are by proportion of the prices", () => {
    expect(couponShares([inr(2000), inr(1000), inr(1000)], off(1000)).map(({ minor }) => minor)).toEqual([
      500, 250, 250,
    ]);
    expect(couponShares([inr(1), inr(1), inr(1)], off(2)).map(({ minor }) => minor)).toEqual([1, 0, 1]);
    expect(couponShares([inr(0), inr(0)], percent(5000)).map(({ minor }) => minor)).toEqual([0, 0]);
  });

  it("add up to the discount of the sum to the paisa, and none is negative or more than its price", () => {
    fc.assert(
      fc.property(prices, coupons, (minors, coupon) => {
        const shares = couponShares(minors.map(inr), coupon);
        expect(sumOf(shares)).toBe(discountOf(coupon, inr(sumOf(minors.map(inr)))).minor);
        for (const [index, { minor }] of shares.entries()) {
          expect(minor).toBeGreaterThanOrEqual(0);
          expect(minor).toBeLessThanOrEqual(minors[index]!);
        }
      }),
    );
  });

  it("are less than one minor unit from the exact part", () => {
    fc.assert(
      fc.property(prices, coupons, (minors, coupon) => {
        const whole = sumOf(minors.map(inr));
        fc.pre(whole > 0);
        const all = BigInt(discountOf(coupon, inr(whole)).minor);
        for (const [index, { minor }] of couponShares(minors.map(inr), coupon).entries()) {
          const error = BigInt(minor) * BigInt(whole) - all * BigInt(minors[index]!);
          expect(error > -BigInt(whole) && error < BigInt(whole)).toBe(true);
        }
      }),
    );
  });

  it("twin: parts that are rounded each by itself do not add up", () => {
    const each = [inr(1), inr(1), inr(1)].map(({ minor }) => proportionOf(inr(2), minor, 3));
    expect(sumOf(each)).not.toBe(2);
  });
});
