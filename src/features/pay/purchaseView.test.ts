import { describe, expect, it } from "vitest";
import type { PackagePurchase, PurchasePayment } from "#contract/offers.ts";
import { purchaseViewOf } from "./purchaseView.ts";

const open = { state: "open", is_underway: false, failure: null, refunded: 0, amount: 4000 } as const;
const viewOf = (
  payment: Partial<PurchasePayment>,
  state: PackagePurchase["state"] = "unpaid",
  expects = false,
) => purchaseViewOf({ state }, { ...open, ...payment }, expects);

describe("what the page of a package’s payment shows", () => {
  it.each([
    ["nothing paid yet", {}, "unpaid", "pay"],
    ["a failed attempt", { failure: "Declined" }, "unpaid", "pay"],
    ["an attempt under way", { is_underway: true }, "unpaid", "processing"],
    ["a payment whose purchase is not read again yet", { state: "captured" }, "unpaid", "processing"],
    ["a payment", { state: "captured" }, "active", "bought"],
    ["a package whose sessions are used up or expired", { state: "captured" }, "expired", "bought"],
    ["a refund of a part", { state: "captured", refunded: 1000 }, "active", "bought"],
    ["a refund of everything", { state: "captured", refunded: 4000 }, "refunded", "over"],
    ["a purchase that was given up", { state: "closed" }, "lapsed", "over"],
  ] as const)("%s", (_, payment, state, view) => {
    expect(viewOf(payment, state)).toBe(view);
  });

  it("waits for a payment that succeeded as far as the browser knows, unless it failed after all", () => {
    expect(viewOf({}, "unpaid", true)).toBe("processing");
    expect(viewOf({ failure: "Declined" }, "unpaid", true)).toBe("pay");
  });
});
