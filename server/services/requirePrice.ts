import { decimalOf, isSameMoney, type Money, parseMoney } from "#rules/money.ts";
import { offerRefusals } from "#words/refusals.ts";
import { Refusal } from "../platform/errors.ts";

/**
 * @param asked the amount that the client has shown, major units
 * @throws Refusal `price_mismatch` with the right price
 */
export function requirePrice(price: Money, asked: number): void {
  const shown = parseMoney(asked, price.currency);
  if (shown && isSameMoney(shown, price)) return;
  const expected = decimalOf(price);
  const detail = offerRefusals.price(`${expected} ${price.currency}`);
  throw new Refusal("price_mismatch", {
    detail,
    errors: [{ field: "total_amount", message: detail }],
    expected_amount: expected,
    currency: price.currency,
  });
}
