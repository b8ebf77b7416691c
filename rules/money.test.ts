import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMoney,
  decimalOf,
  isSameMoney,
  moneyOf,
  moneyOfMinor,
  parseMoney,
  subtractMoney,
} from "./money.ts";

/** Whole paise, up to the largest price a hundred times over. */
const paise = fc.integer({ min: 0, max: 100_000_000_000 });
/** '1234.05' of 123405 paise. */
const written = (minor: number) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
const inr = (minor: number) => moneyOf(Number(written(minor)), "INR");

describe("a decimal amount", () => {
  it("is whole minor units, and the same decimal again", () => {
    fc.assert(
      fc.property(paise, (minor) => {
        const money = inr(minor);
        expect(money).toEqual({ minor, currency: "INR" });
        expect(decimalOf(money)).toBe(Number(written(minor)));
      }),
    );
  });

  it("of a client that adds in binary fractions is taken for what it means", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (one, other) => {
          const sum = Number(written(one)) + Number(written(other));
          expect(parseMoney(sum, "INR")).toEqual({ minor: one + other, currency: "INR" });
        },
      ),
    );
  });

  it("with a third decimal is no amount of INR", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 1, max: 9 }),
        (minor, third) => {
          expect(parseMoney(Number(`${written(minor)}${third}`), "INR")).toBeNull();
        },
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300])("%s is none", (decimal) => {
    expect(parseMoney(decimal, "INR")).toBeNull();
    expect(() => moneyOf(decimal, "INR")).toThrow(RangeError);
  });

  it("of another currency is refused", () => {
    expect(parseMoney(1, "USD")).toBeNull();
  });

  it.each([
    ["USD", 200_000, 2000],
    ["JPY", 200_000, 200_000],
    ["KWD", 200_005, 200.005],
    // Intl shows these without decimals.
    ["HUF", 200_000, 2000],
    ["IDR", 200_000, 2000],
  ])("of %s that was captured all the same has its own minor units", (currency, minor, decimal) => {
    expect(decimalOf(moneyOfMinor(minor, currency))).toBe(decimal);
    expect(moneyOf(decimal, currency)).toEqual({ minor, currency });
  });

  it.each(["", "inr", "RUPEES", "J"])("of %j is none", (currency) => {
    expect(() => moneyOfMinor(1, currency)).toThrow(RangeError);
    expect(() => moneyOf(1, currency)).toThrow(RangeError);
  });
});

describe("sums", () => {
  it("are exact, in any order and back", () => {
    fc.assert(
      fc.property(paise, paise, (one, other) => {
        const sum = addMoney(inr(one), inr(other));
        expect(sum.minor).toBe(one + other);
        expect(isSameMoney(sum, addMoney(inr(other), inr(one)))).toBe(true);
        expect(isSameMoney(subtractMoney(sum, inr(other)), inr(one))).toBe(true);
      }),
    );
  });

  it("twin: the same sum of decimals is not", () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(decimalOf(addMoney(moneyOf(0.1, "INR"), moneyOf(0.2, "INR")))).toBe(0.3);
  });

  it("of two currencies are a mistake", () => {
    const foreign = moneyOf(100, "USD");
    expect(() => addMoney(inr(100), foreign)).toThrow(RangeError);
    expect(isSameMoney(inr(100), foreign)).toBe(false);
  });
});
