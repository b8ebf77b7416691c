import { expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { asMinutes } from "#scheduling/units.ts";
import { formatAmount } from "@/lib/money.ts";
import { bookedLines } from "./bookedLines.ts";

const booking = {
  service_id: "one",
  service_title: "Circle",
  duration: asMinutes(60),
  total_amount: 500,
  currency: "INR",
  price_lines: null,
} as Booking;
const shown = (bookings: readonly Booking[]) => {
  const { lines, total } = bookedLines(bookings);
  return [...lines.map(({ label, amount }) => [label, formatAmount(amount)]), ["", formatAmount(total)]];
};

it("has one line for the sessions of a service, and the total", () => {
  const other = { ...booking, service_id: "other", service_title: "Mock interview", total_amount: 800 };
  expect(shown([booking, other, booking])).toEqual([
    ["2 × Circle, 60 min", "₹1,000"],
    ["1 × Mock interview, 60 min", "₹800"],
    ["", "₹1,800"],
  ]);
});

it("shows what a coupon took off all of them in one line, and recordings in another", () => {
  const lowered: Booking = {
    ...booking,
    total_amount: 566.66,
    price_lines: [
      { kind: "session", amount: 500 },
      { kind: "recording", amount: 100 },
      { kind: "coupon", amount: -33.34 },
    ],
  };
  expect(shown([lowered, lowered, booking])).toEqual([
    ["3 × Circle, 60 min", "₹1,500"],
    ["2 × recording", "₹200"],
    ["Coupon", "-₹66.68"],
    ["", "₹1,633.32"],
  ]);
});

it("shows what sessions are worth that a package has paid for, and that it has", () => {
  const covered: Booking = {
    ...booking,
    total_amount: 0,
    price_lines: [
      { kind: "session", amount: 500 },
      { kind: "credit", amount: -500 },
    ],
  };
  expect(shown([covered, covered])).toEqual([
    ["2 × Circle, 60 min", "₹1,000"],
    ["2 × paid with your package", "-₹1,000"],
    ["", "₹0"],
  ]);
});
