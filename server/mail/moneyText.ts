import type { SessionMoney } from "#contract/notifications.ts";
import { digitsOf, type Money, moneyOf } from "#rules/money.ts";
import { refundTiers } from "#rules/refundPolicy.ts";
import type { Words } from "#words/languages.ts";

/** "₹2,000" or "₹499.50". */
export function amountText({ language: { defaultLocale } }: Words, amount: number, currency: string): string {
  const digits = Number.isInteger(amount) ? 0 : digitsOf(currency);
  return new Intl.NumberFormat(defaultLocale, {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount);
}

/** What a mail about a session says about its payment. */
export function moneySentence(words: Words, { state, amount, currency, policy }: SessionMoney): string {
  return words.mailMoney.sessionMoney[state](
    amountText(words, amount, currency),
    policy && tiersOf(policy, moneyOf(amount, currency)),
  );
}

function tiersOf(
  { full_cutoff, partial_cutoff, partial_percent }: NonNullable<SessionMoney["policy"]>,
  total: Money,
) {
  return refundTiers(
    { fullCutoff: full_cutoff, partialCutoff: partial_cutoff, partialPercent: partial_percent },
    total,
  );
}
