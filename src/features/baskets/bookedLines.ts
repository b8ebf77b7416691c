import type { Booking } from "#contract/bookings.ts";
import type { PriceLine } from "#contract/priceLine.ts";
import { addMoney, moneyOf, moneyOfMinor } from "#rules/money.ts";
import { bookTogether } from "#words/baskets.ts";
import { sessionLength } from "#words/durations.ts";
import { priceLineNames } from "#words/prices.ts";
import type { TogetherPrice } from "./togetherPrice.ts";

/** What follows the sessions, and what it is called for so many of them. */
const others = {
  credit: bookTogether.credits,
  recording: bookTogether.recordings,
  coupon: priceLineNames.coupon,
  tax: priceLineNames.tax,
} satisfies Record<Exclude<PriceLine["kind"], "session">, (times: number) => string>;

/** Sessions of one service and length each, in the order of their first ones. */
export function kindsOf(bookings: readonly Booking[]): Booking[][] {
  return [...Map.groupBy(bookings, ({ service_id, duration }) => `${service_id} ${duration}`).values()];
}

/** What sessions that were booked together cost, in lines that add up to the total. @param bookings at least one */
export function bookedLines(bookings: readonly Booking[]): TogetherPrice {
  const { currency } = bookings[0]!;
  const sum = (amounts: readonly number[]) =>
    amounts.map((amount) => moneyOf(amount, currency)).reduce(addMoney, moneyOfMinor(0, currency));
  const amountsOf = (some: readonly Booking[], kind: PriceLine["kind"]) =>
    some.flatMap((booking) =>
      (booking.price_lines ?? [{ kind: "session", amount: booking.total_amount }])
        .filter((line) => line.kind === kind)
        .map(({ amount }) => amount),
    );
  const lines = kindsOf(bookings).map((same) => {
    const [first] = same as [Booking];
    const length = sessionLength(first.duration);
    return {
      label: bookTogether.line({ times: same.length, service: first.service_title, length }),
      amount: sum(amountsOf(same, "session")),
    };
  });
  for (const kind of ["credit", "recording", "coupon", "tax"] as const) {
    const amounts = amountsOf(bookings, kind);
    if (amounts.length > 0) lines.push({ label: others[kind](amounts.length), amount: sum(amounts) });
  }
  return { lines, total: sum(bookings.map(({ total_amount }) => total_amount)) };
}
