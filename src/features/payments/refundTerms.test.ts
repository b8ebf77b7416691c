import { describe, expect, it } from "vitest";
import { asMinutes } from "#scheduling/units.ts";
import { refundTermsOf } from "./refundTerms.ts";

const booking = {
  starts_at: "2027-02-03T10:00:00Z",
  total_amount: 2000,
  currency: "INR",
  cancel_cutoff: asMinutes(0),
  refund_full_cutoff: asMinutes(1440),
  refund_partial_cutoff: asMinutes(120),
  refund_partial_percent: 50,
};
const termsOf = (changes: Partial<typeof booking>, now = "2027-02-01T00:00:00Z") =>
  refundTermsOf({ ...booking, ...changes }, Date.parse(now)).map(({ kind, amount, until }) => [
    kind,
    amount.minor / 100,
    new Date(until).toISOString(),
  ]);

describe("the refunds that can still be had", () => {
  it("are those of the policy, each with its instant", () => {
    expect(termsOf({})).toEqual([
      ["full", 2000, "2027-02-02T10:00:00.000Z"],
      ["partial", 1000, "2027-02-03T08:00:00.000Z"],
    ]);
  });

  it("leave out what is over", () => {
    expect(termsOf({}, "2027-02-02T10:00:00Z")).toEqual([["partial", 1000, "2027-02-03T08:00:00.000Z"]]);
    expect(termsOf({}, "2027-02-03T08:00:00Z")).toEqual([]);
  });

  it("end when the student can no longer cancel", () => {
    expect(termsOf({ cancel_cutoff: asMinutes(240) })).toEqual([
      ["full", 2000, "2027-02-02T10:00:00.000Z"],
      ["partial", 1000, "2027-02-03T06:00:00.000Z"],
    ]);
    expect(termsOf({ cancel_cutoff: asMinutes(1440) })).toEqual([["full", 2000, "2027-02-02T10:00:00.000Z"]]);
  });
});
