import { describe, expect, it } from "vitest";
import type { PackagePurchase, Quote } from "#contract/offers.ts";
import type { Service } from "#contract/services.ts";
import { moneyOf } from "#rules/money.ts";
import { asMinutes } from "#scheduling/units.ts";
import { ApiProblem } from "@/lib/api.ts";
import { askedOffers, takesCode } from "./askedOffers.ts";
import { type Choice, choicesOf } from "./bookingStep.ts";
import { isOfferRefusal, packageFor, sentenceOf, shownLines } from "./shownPrice.ts";

const [choice] = choicesOf({
  id: "service",
  durations: [{ minutes: asMinutes(60), price: 2000 }],
  recording_price: 300,
  currency: "INR",
} as Service) as [Choice];
const inr = (amount: number) => moneyOf(amount, "INR");

describe("the lines on the page", () => {
  const quote: Quote = {
    lines: [
      { kind: "session", amount: 2000 },
      { kind: "coupon", amount: -500 },
    ],
    total: 1500,
    currency: "INR",
    refund_tiers: [],
  };

  it("are the quoted ones while they add up to the total", () => {
    expect(shownLines(quote, inr(1500), choice, false)).toBe(quote.lines);
  });

  it("are those of the list price without a quote", () => {
    expect(shownLines(undefined, inr(2300), choice, true)).toEqual([
      { kind: "session", amount: 2000 },
      { kind: "recording", amount: 300 },
    ]);
  });

  it("are one line of a total that is neither: the API has named a new price", () => {
    expect(shownLines(quote, inr(1600), choice, false)).toEqual([{ kind: "session", amount: 1600 }]);
  });
});

describe("what is sent", () => {
  it("has the code as typed, also an unchecked one, and not where a package leaves nothing to pay", () => {
    expect(askedOffers({ couponCode: " save " })).toEqual({ coupon_code: "save" });
    expect(askedOffers({ couponCode: " " })).toEqual({});
    expect(askedOffers({ couponCode: "save", packageId: "p" })).toEqual({ package_purchase_id: "p" });
    expect(askedOffers({ couponCode: "save", packageId: "p", addRecording: true })).toEqual({
      coupon_code: "save",
      package_purchase_id: "p",
    });
    expect(takesCode({ packageId: "p" })).toBe(false);
  });
});

describe("the package that pays", () => {
  const bought = (change: Partial<PackagePurchase>) =>
    ({
      id: "p",
      expert_id: "mentor",
      service_id: "service",
      minutes: 60,
      state: "active",
      sessions_left: 1,
      expires_at: "2027-01-01T00:00:00.000Z",
      ...change,
    }) as PackagePurchase;

  it("is for this service and length, has a session left, and ends first", () => {
    const early = bought({ id: "early", expires_at: "2026-12-01T00:00:00.000Z" });
    expect(packageFor([bought({}), early], "mentor", choice)).toBe(early);
    const others: Partial<PackagePurchase>[] = [
      { expert_id: "another" },
      { service_id: "another" },
      { minutes: asMinutes(30) },
      { state: "unpaid" },
      { sessions_left: 0 },
    ];
    for (const other of others) expect(packageFor([bought(other)], "mentor", choice)).toBeUndefined();
  });
});

it("a refusal is the code's sentence, and known as that of an offer", () => {
  const refused = new ApiProblem("coupon_not_usable", {
    status: 422,
    detail: "General.",
    errors: [{ field: "coupon_code", message: "This coupon has expired." }],
  });
  expect(sentenceOf(refused)).toBe("This coupon has expired.");
  expect(sentenceOf(new ApiProblem("network", { status: 0, detail: "Offline." }))).toBe("Offline.");
  expect(sentenceOf(null)).toBeUndefined();
  expect(isOfferRefusal(refused)).toBe(true);
  expect(isOfferRefusal(new ApiProblem("price_mismatch", { status: 422, detail: "" }))).toBe(false);
});
