import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { asMinutes } from "#scheduling/units.ts";
import { BookingPrice } from "./BookingPrice.tsx";
import { hasPayment } from "./hasPayment.ts";

const booking = {
  total_amount: 2300,
  currency: "INR",
  duration: asMinutes(60),
  add_recording: true,
  price_lines: null,
  payment_status: "completed",
} as Booking;
/** Name and amount of each line, in order. */
const linesOf = (change: Partial<Booking>, showsFee = false) =>
  [
    ...renderToStaticMarkup(
      <BookingPrice booking={{ ...booking, ...change }} showsFee={showsFee} />,
    ).matchAll(/<dt[^>]*>(.*?)<\/dt><dd[^>]*>(.*?)<\/dd>/g),
  ].map(([, name = "", amount]) => [name.replace(/<\/?span>/g, ""), amount]);

it("has a line for each part of the price, and their sum", () => {
  const price_lines: Booking["price_lines"] = [
    { kind: "session", amount: 2000 },
    { kind: "recording", amount: 300 },
    { kind: "coupon", amount: -575 },
  ];
  expect(linesOf({ price_lines, total_amount: 1725 }, true)).toEqual([
    ["Session, 60 min", "₹2,000"],
    ["Recording", "₹300"],
    ["Coupon", "-₹575"],
    ["Booking fee", "None"],
    ["Total", "₹1,725"],
  ]);
});

it("is a single line for a booking from before lines were kept", () => {
  expect(linesOf({})).toEqual([
    ["Session with recording, 60 min", "₹2,300"],
    ["Total", "₹2,300"],
  ]);
  expect(linesOf({ add_recording: false })[0]).toEqual(["Session, 60 min", "₹2,300"]);
});

it("a package pays for a session that has no payment of its own", () => {
  const price_lines: Booking["price_lines"] = [
    { kind: "session", amount: 2000 },
    { kind: "credit", amount: -2000 },
  ];
  const paid = { ...booking, price_lines, total_amount: 0 };
  expect(hasPayment(paid)).toBe(false);
  expect(hasPayment(booking)).toBe(true);
});
