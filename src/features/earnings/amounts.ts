import { moneyOf } from "#rules/money.ts";
import { formatAmount } from "@/lib/money.ts";

/** An amount of the API as it is shown. */
export function shownAmount(amount: number, currency: string): string {
  return formatAmount(moneyOf(amount, currency));
}
