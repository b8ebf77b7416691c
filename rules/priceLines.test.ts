import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asMinutes } from "#scheduling/units.ts";
import { moneyOfMinor } from "./money.ts";
import { priceOf } from "./price.ts";
import { type PriceTerms, priceLines, taxContained, totalOf } from "./priceLines.ts";

const inr = (minor: number) => moneyOfMinor(minor, "INR");
const plain = { durations: [{ minutes: asMinutes(60), price: inr(200_000) }], recordingPrice: inr(30_000) };
const both = { minutes: asMinutes(60), addRecording: true };

/** Kinds and minor units, with the total last. */
function shape(terms: Partial<PriceTerms>, of = plain) {
  const answer = priceLines(of, { ...both, ...terms });
  if (!answer.ok) return answer.field;
  return [...answer.lines.map(({ kind, amount }) => [kind, amount.minor]), answer.total.minor];
}

describe("the lines of a price", () => {
  it("are session and recording", () => {
    expect(shape({})).toEqual([["session", 200_000], ["recording", 30_000], 230_000]);
    expect(shape({ addRecording: false })).toEqual([["session", 200_000], 200_000]);
  });

  it("name the field that the service does not offer", () => {
    expect(shape({ minutes: asMinutes(45) })).toBe("duration");
    expect(priceLines({ ...plain, recordingPrice: null }, both)).toEqual({
      ok: false,
      field: "add_recording",
    });
  });

  it("have a coupon on session and recording, which takes off no more than they cost", () => {
    expect(shape({ coupon: { kind: "percentage", basisPoints: 1250 } })).toEqual([
      ["session", 200_000],
      ["recording", 30_000],
      ["coupon", -28_750],
      201_250,
    ]);
    expect(shape({ coupon: { kind: "amount", amount: inr(500_000) } })).toContainEqual(["coupon", -230_000]);
    expect(shape({ coupon: { kind: "percentage", basisPoints: 10_000 } }).at(-1)).toBe(0);
  });

  it("round a coupon half up, in the student’s favour", () => {
    const cheap = { durations: [{ minutes: asMinutes(60), price: inr(5) }], recordingPrice: null };
    const terms = { addRecording: false, coupon: { kind: "percentage", basisPoints: 5000 } } as const;
    expect(shape(terms, cheap as unknown as typeof plain)).toEqual([["session", 5], ["coupon", -3], 2]);
  });

  it("have a credit that pays for the session, not for the recording", () => {
    expect(shape({ credit: true })).toEqual([
      ["session", 200_000],
      ["credit", -200_000],
      ["recording", 30_000],
      30_000,
    ]);
    expect(shape({ credit: true, coupon: { kind: "percentage", basisPoints: 5000 } }).slice(2)).toEqual([
      ["recording", 30_000],
      ["coupon", -15_000],
      15_000,
    ]);
    expect(shape({ credit: true, addRecording: false }).at(-1)).toBe(0);
  });

  it("contain the tax, which does not change the total", () => {
    expect(shape({ addRecording: false, tax: { basisPoints: 1800 } })).toEqual([
      ["session", 169_492],
      ["tax", 30_508],
      200_000,
    ]);
  });

  it("of a price of 1 paisa and of the largest", () => {
    const of = (minor: number) => ({
      durations: [{ minutes: asMinutes(60), price: inr(minor) }],
      recordingPrice: inr(minor),
    });
    expect(shape({ tax: { basisPoints: 10_000 } }, of(1))).toEqual([
      ["session", 0],
      ["recording", 1],
      ["tax", 1],
      2,
    ]);
    expect(shape({ tax: { basisPoints: 1800 } }, of(1_000_000_000)).at(-1)).toBe(2_000_000_000);
  });

  const minor = fc.integer({ min: 0, max: 1_000_000_000 });
  const basisPoints = fc.integer({ min: 0, max: 10_000 });
  const coupon = fc.oneof(
    fc.record({ kind: fc.constant("percentage" as const), basisPoints }),
    fc.record({ kind: fc.constant("amount" as const), amount: minor.map(inr) }),
  );
  const cases = fc.record({
    session: minor.map(inr),
    recording: minor.map(inr),
    addRecording: fc.boolean(),
    credit: fc.boolean(),
    coupon: fc.option(coupon, { nil: undefined }),
    tax: fc.option(fc.record({ basisPoints }), { nil: undefined }),
  });

  it("add up to the total, which is between nothing and the list price", () => {
    fc.assert(
      fc.property(cases, ({ session, recording, ...terms }) => {
        const of = { durations: [{ minutes: asMinutes(60), price: session }], recordingPrice: recording };
        const answer = priceLines(of, { minutes: asMinutes(60), ...terms });
        const list = priceOf(of, { minutes: asMinutes(60), addRecording: terms.addRecording });
        if (!answer.ok || !list.ok) throw new Error("No price");
        const { lines, total } = answer;
        expect(totalOf(lines)).toEqual(total);
        expect(total.minor).toBeGreaterThanOrEqual(0);
        expect(total.minor).toBeLessThanOrEqual(list.price.minor);
        // No line changes its sign by rounding.
        for (const { kind, amount } of lines) {
          expect(
            kind === "coupon" || kind === "credit" ? -amount.minor : amount.minor,
          ).toBeGreaterThanOrEqual(0);
        }
        const untaxed = priceLines(of, { minutes: asMinutes(60), ...terms, tax: undefined });
        expect(untaxed).toMatchObject({ ok: true, total });
        if (terms.tax) expect(lines.at(-1)?.amount).toEqual(taxContained(total, terms.tax.basisPoints));
      }),
    );
  });

  it("twin: lines that are each rounded on their own do not add up", () => {
    const tax = (amount: number) => taxContained(inr(amount), 1800).minor;
    expect(tax(4) + tax(4)).not.toBe(tax(8));
  });
});
