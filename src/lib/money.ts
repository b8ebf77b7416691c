import { decimalOf, digitsOf, type Money } from "#rules/money.ts";
import { defaultLocale } from "#words/language.ts";
import { free } from "#words/money.ts";

const formats = new Map<string, Intl.NumberFormat>();

/** '₹1,50,000', '₹499.50' or 'Free'. */
export function formatMoney(money: Money): string {
  return money.minor === 0 ? free : formatAmount(money);
}

/** The same, but null for a price of zero: for sentences that have a separate wording for it. */
export function formatPrice(money: Money): string | null {
  return money.minor === 0 ? null : formatAmount(money);
}

/** The same, but zero stays a number: for the lines of a total. */
export function formatAmount(money: Money): string {
  const { currency } = money;
  let format = formats.get(currency);
  if (!format) {
    const digits = digitsOf(currency);
    format = new Intl.NumberFormat(defaultLocale, {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      trailingZeroDisplay: "stripIfInteger",
    });
    formats.set(currency, format);
  }
  return format.format(decimalOf(money));
}
