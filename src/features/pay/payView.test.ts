import { describe, expect, it } from "vitest";
import type { Payment } from "#contract/payments.ts";
import { payViewOf } from "./payView.ts";

const now = Date.parse("2027-02-01T10:00:00Z");
const open = {
  state: "open",
  held_until: "2027-02-01T10:05:00Z",
  closed_because: null,
  is_underway: false,
  failure: null,
  refunded: 0,
} as Payment;
const nameOf = (payment: Partial<Payment>, status: "pending" | "confirmed" | "cancelled", expects = false) =>
  payViewOf({ ...open, ...payment }, { status, awaits_payment: false }, expects, now).name;

describe("what the page of a payment shows", () => {
  it.each([
    ["an open hold", {}, "pending", "pay"],
    ["a hold that has just ended", { held_until: "2027-02-01T10:00:00Z" }, "pending", "lapsed"],
    [
      "a hold that the server has ended",
      { state: "closed", closed_because: "lapsed", held_until: null },
      "cancelled",
      "lapsed",
    ],
    ["an attempt under way", { is_underway: true }, "pending", "processing"],
    ["a failed attempt", { failure: "Declined" }, "pending", "pay"],
    ["a payment", { state: "captured", held_until: null }, "confirmed", "paid"],
    [
      "a payment whose booking is not read again yet",
      { state: "captured", held_until: null },
      "cancelled",
      "paid",
    ],
    ["a reservation", { state: "authorized", held_until: null }, "pending", "reserved"],
    ["a reservation that is being charged", { state: "authorized", held_until: null }, "confirmed", "paid"],
    [
      "a reservation of a declined request",
      { state: "authorized", closed_because: "cancelled" },
      "cancelled",
      "over",
    ],
    ["a released reservation", { state: "released" }, "cancelled", "over"],
    ["money that came too late", { state: "closed", closed_because: "taken" }, "cancelled", "late"],
    [
      "a hold that its student released",
      { state: "closed", closed_because: "cancelled" },
      "cancelled",
      "over",
    ],
    ["a refunded session", { state: "captured", refunded: 1500 }, "cancelled", "over"],
  ] as const)("%s", (_, payment, status, view) => {
    expect(nameOf(payment as Partial<Payment>, status)).toBe(view);
  });

  it("waits until the booking of a payment is read again", () => {
    const stale = { status: "pending", awaits_payment: true } as const;
    expect(payViewOf({ ...open, state: "captured" }, stale, false, now).name).toBe("processing");
    expect(payViewOf({ ...open, state: "authorized" }, stale, false, now).name).toBe("processing");
  });

  it("waits for a payment that succeeded as far as the browser knows, unless it failed after all", () => {
    expect(nameOf({}, "pending", true)).toBe("processing");
    expect(nameOf({ failure: "Declined" }, "pending", true)).toBe("pay");
    expect(nameOf({ held_until: "2027-02-01T09:59:00Z" }, "pending", true)).toBe("lapsed");
  });
});
