import { isSameMoney, type Money } from "#rules/money.ts";
import { bookTogether } from "#words/baskets.ts";
import { cn } from "@/lib/classNames.ts";
import { formatAmount } from "@/lib/money.ts";
import type { TogetherPrice } from "./togetherPrice.ts";

/** The prices of several sessions and what they add up to. @param props.dueNow what is paid now, if it is not all */
export function PriceSum({ lines, total, dueNow }: TogetherPrice & { dueNow?: Money }) {
  return (
    <dl className="mt-3 space-y-1 border-t border-line pt-3 tabular-nums">
      {lines.map(({ label, amount }) => (
        <Line key={label} label={label} amount={formatAmount(amount)} />
      ))}
      <Line
        label={bookTogether.total}
        amount={formatAmount(total)}
        className="mt-2 border-t border-line pt-2 font-bold"
      />
      {dueNow && !isSameMoney(dueNow, total) && (
        <Line label={bookTogether.now} amount={formatAmount(dueNow)} />
      )}
    </dl>
  );
}

function Line({ label, amount, className }: { label: string; amount: string; className?: string }) {
  return (
    <div className={cn("flex justify-between gap-4", className)}>
      <dt className="min-w-0 wrap-anywhere">{label}</dt>
      <dd className="shrink-0">{amount}</dd>
    </div>
  );
}
