import { CircleAlert, CircleCheck, type LucideIcon, Send, Undo2 } from "lucide-react";
import type { Refund } from "#contract/payments.ts";
import { moneyOf } from "#rules/money.ts";
import { refundNext, refunds as words } from "#words/payments.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { withElements } from "@/ui/withElements.tsx";

const icons = {
  requested: { Icon: Undo2, style: "text-accent-text" },
  sent: { Icon: Send, style: "text-accent-text" },
  done: { Icon: CircleCheck, style: "text-good" },
  failed: { Icon: CircleAlert, style: "text-bad" },
} as const satisfies Record<Refund["state"], { Icon: LucideIcon; style: string }>;

type RefundListProps = { refunds: readonly Refund[]; timeZone: string };

/** The refunds of a payment in their true state, and what happens next. */
export function RefundList({ refunds, timeZone }: RefundListProps) {
  return (
    <ul className="space-y-3">
      {refunds.map(({ id, amount, currency, state, requested_at, settled_at }) => {
        const { Icon, style } = icons[state];
        return (
          <li key={id} className="flex gap-3">
            <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${style}`} />
            <div className="min-w-0">
              <p>
                {withElements(words[state], {
                  amount: <strong className="font-bold">{formatMoney(moneyOf(amount, currency))}</strong>,
                })}
              </p>
              <p className="text-sm text-ink-soft">{refundNext[state]}</p>
              <p className="text-sm text-ink-soft tabular-nums">
                {formatDayAndTime(settled_at ?? requested_at, timeZone)}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
