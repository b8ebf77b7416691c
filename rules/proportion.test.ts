import fc from "fast-check";
import { expect, it } from "vitest";
import { moneyOfMinor } from "./money.ts";
import { proportionOf } from "./proportion.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");

it.each([
  [1, 1, 2, 1],
  [1, 49, 100, 0],
  [3, 1, 2, 2],
  [199, 50, 100, 100],
  [0, 1, 3, 0],
  [Number.MAX_SAFE_INTEGER, 9999, 10_000, 9_006_298_534_815_517],
])("%i × %i/%i is %i", (minor, part, whole, expected) => {
  expect(proportionOf(inr(minor), part, whole).minor).toBe(expected);
});

it("is within half a minor unit of the fraction, and half goes up", () => {
  const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  const shares = fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 20_000 }))
    .filter(([part, whole]) => part <= whole);
  fc.assert(
    fc.property(amount, shares, (minor, [part, whole]) => {
      const error =
        2n *
        (BigInt(proportionOf(inr(minor), part, whole).minor) * BigInt(whole) - BigInt(minor) * BigInt(part));
      expect(error > -BigInt(whole) && error <= BigInt(whole)).toBe(true);
    }),
  );
});

it("twin: a product of doubles is not exact", () => {
  expect(Math.round((Number.MAX_SAFE_INTEGER * 9999) / 10_000)).not.toBe(9_006_298_534_815_517);
});

it("of a negative amount or by a negative part is a mistake", () => {
  expect(() => proportionOf(inr(-1), 1, 2)).toThrow(RangeError);
  expect(() => proportionOf(inr(1), -1, 2)).toThrow(RangeError);
});
