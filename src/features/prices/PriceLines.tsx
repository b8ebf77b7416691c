import type { ReactNode } from "react";
import type { PriceLine } from "#contract/priceLine.ts";
import { moneyOf } from "#rules/money.ts";
import { priceLineNames, priceLines } from "#words/prices.ts";
import { formatAmount } from "@/lib/money.ts";

type PriceLinesProps = {
  lines: readonly PriceLine[];
  total: number;
  currency: string;
  /** What the session is called, with its length. */
  session: string;
  /** Before a payment: that nothing is added to the price. */
  showsFee?: boolean;
  /** Beside the name of the coupon's line. */
  couponCode?: string | undefined;
};

/** The lines of a price and what they add up to. */
export function PriceLines({ lines, total, currency, session, showsFee, couponCode }: PriceLinesProps) {
  const amountOf = (amount: number) => formatAmount(moneyOf(amount, currency));
  return (
    <dl className="space-y-1 tabular-nums">
      {lines.map(({ kind, amount }) => (
        <Line key={kind} amount={amountOf(amount)}>
          {priceLineNames[kind](session)}
          {kind === "coupon" && couponCode && <> {couponCode}</>}
        </Line>
      ))}
      {showsFee && <Line amount={priceLines.noFee}>{priceLines.fee}</Line>}
      <div className="mt-2 flex justify-between gap-4 border-t border-line pt-2 font-bold">
        <dt>{priceLines.total}</dt>
        <dd>{amountOf(total)}</dd>
      </div>
    </dl>
  );
}

function Line({ amount, children }: { amount: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="min-w-0 wrap-anywhere">{children}</dt>
      <dd className="shrink-0">{amount}</dd>
    </div>
  );
}
