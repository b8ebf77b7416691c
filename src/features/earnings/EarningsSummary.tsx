import type { Earnings } from "#contract/earnings.ts";
import { earningsPage } from "#words/earnings.ts";
import { cn } from "@/lib/classNames.ts";
import { Card } from "@/ui/Card.tsx";
import { shownAmount } from "./amounts.ts";

/** The numbers that matter, the one that can be paid out first. */
export function EarningsSummary({ earnings }: { earnings: Earnings }) {
  const { currency, balance, held, held_net, on_its_way, paid_this_year, payout_minimum } = earnings;
  const { in_packages, in_packages_net } = earnings;
  const shown = (amount: number) => shownAmount(amount, currency);
  const figures = [
    {
      label: earningsPage.balance,
      amount: balance,
      note: balance < payout_minimum ? earningsPage.belowLeast(shown(payout_minimum)) : null,
    },
    { label: earningsPage.held, amount: held, note: held > 0 ? earningsPage.heldNet(shown(held_net)) : null },
    ...(in_packages > 0
      ? [
          {
            label: earningsPage.inPackages,
            amount: in_packages,
            note: earningsPage.heldNet(shown(in_packages_net)),
          },
        ]
      : []),
    { label: earningsPage.onItsWay, amount: on_its_way, note: null },
    { label: earningsPage.paidThisYear, amount: paid_this_year, note: null },
  ];
  return (
    <Card className="overflow-clip">
      <dl className="grid grid-cols-2 gap-px bg-line *:last:odd:col-span-2 lg:grid-flow-col lg:auto-cols-fr lg:grid-cols-none lg:*:last:odd:col-span-1">
        {figures.map(({ label, amount, note }, index) => (
          <div key={label} className="flex flex-col bg-surface p-4 sm:p-5">
            <dt className="text-sm font-semibold text-ink-soft">{label}</dt>
            <dd
              className={cn(
                "mt-1 text-xl font-bold tracking-tight tabular-nums sm:text-2xl",
                index === 0 && amount > 0 && "text-good",
              )}
            >
              {shown(amount)}
            </dd>
            {note && <dd className="mt-1 text-sm text-ink-soft">{note}</dd>}
          </div>
        ))}
      </dl>
    </Card>
  );
}
