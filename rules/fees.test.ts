import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { feeOf, mentorShareOf, shareOfPackage } from "./fees.ts";
import { type Money, moneyOfMinor } from "./money.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");
const amounts = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(inr);
const basisPoints = fc.integer({ min: 0, max: 10_000 });

describe("the fee", () => {
  it.each([
    [200_000, 1000, 20_000],
    [5, 1000, 1],
    [4, 1000, 0],
    [1, 10_000, 1],
    [1, 0, 0],
    [0, 1000, 0],
    [99_999, 1, 10],
  ])("of %i paise at %i basis points is %i", (minor, share, fee) => {
    expect(feeOf(inr(minor), share).minor).toBe(fee);
  });

  it("and the mentor's share add up, and neither is negative", () => {
    fc.assert(
      fc.property(amounts, basisPoints, (amount, share) => {
        const fee = feeOf(amount, share).minor;
        const rest = mentorShareOf(amount, share).minor;
        expect(fee + rest).toBe(amount.minor);
        expect(Math.min(fee, rest)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("grows with the amount and with the share", () => {
    fc.assert(
      fc.property(amounts, amounts, basisPoints, basisPoints, (one, other, share, otherShare) => {
        const [less, more] = one.minor < other.minor ? [one, other] : [other, one];
        const [low, high] = share < otherShare ? [share, otherShare] : [otherShare, share];
        expect(feeOf(less, low).minor).toBeLessThanOrEqual(feeOf(more, high).minor);
      }),
    );
  });

  it.each([-1, 10_001, 0.5, Number.NaN])("of %d basis points is a mistake", (share) => {
    expect(() => feeOf(inr(1), share)).toThrow(RangeError);
  });
});

describe("the money of a package", () => {
  const packages = fc.tuple(amounts, fc.integer({ min: 1, max: 50 }));
  const sharesOf = (total: Money, sessions: number) =>
    Array.from({ length: sessions }, (_, index) => shareOfPackage(total, sessions, index + 1).minor);

  it("is equal in all sessions but the last, which has the remainder", () => {
    expect(sharesOf(inr(1000), 3)).toEqual([333, 333, 334]);
    expect(sharesOf(inr(2), 3)).toEqual([0, 0, 2]);
    expect(sharesOf(inr(7), 1)).toEqual([7]);
  });

  it("adds up", () => {
    fc.assert(
      fc.property(packages, ([total, sessions]) => {
        const shares = sharesOf(total, sessions);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total.minor);
        expect(new Set(shares.slice(0, -1)).size).toBeLessThanOrEqual(1);
        expect(shares.at(-1)! - shares[0]!).toBeLessThan(sessions);
      }),
    );
  });

  it.each([0, 4, 1.5])("has no session %d of 3", (ordinal) => {
    expect(() => shareOfPackage(inr(1000), 3, ordinal)).toThrow(RangeError);
  });
});
