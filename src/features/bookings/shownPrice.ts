import type { Booking } from "#contract/bookings.ts";
import { moneyOf } from "#rules/money.ts";
import { priceLineNames } from "#words/prices.ts";
import { formatMoney } from "@/lib/money.ts";

/** What a session costs, in a word. A session that a package pays for is not free. */
export function shownPrice({
  total_amount,
  currency,
  price_lines,
}: Pick<Booking, "total_amount" | "currency" | "price_lines">): string {
  const isPackages = total_amount === 0 && price_lines?.some(({ kind }) => kind === "credit");
  return isPackages ? priceLineNames.credit() : formatMoney(moneyOf(total_amount, currency));
}
