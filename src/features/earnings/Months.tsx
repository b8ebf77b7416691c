import { lazy, Suspense } from "react";
import type { Earnings } from "#contract/earnings.ts";
import { earningsChart } from "#words/earnings.ts";
import { formatter } from "@/lib/time.ts";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { shownAmount } from "./amounts.ts";

const MonthChart = lazy(() => import("./MonthChart.tsx"));

/** The last twelve months as a chart, which loads later, and as a table. */
export function Months({ earnings: { months, currency } }: { earnings: Earnings }) {
  const shown = (amount: number) => shownAmount(amount, currency);
  const total = months.reduce((sum, { net }) => sum + Math.round(net * 100), 0) / 100;
  return (
    <section aria-labelledby="months">
      <SectionHeading id="months" title={earningsChart.title} />
      <p className="mb-4 text-ink-soft">{earningsChart.summary(shown(total))}</p>
      <Card className="p-4 sm:p-6">
        <Suspense fallback={<Skeleton className="h-[220px] w-full" />}>
          <MonthChart months={months} currency={currency} />
        </Suspense>
        <details className="mt-3">
          <summary className="tap inline-block cursor-pointer py-2 font-semibold text-primary-text underline decoration-1 underline-offset-4">
            {earningsChart.asTable}
          </summary>
          <div className="mt-2">
            <table className="w-full text-left text-sm tabular-nums">
              <thead>
                <tr className="border-b border-line text-ink-soft">
                  <th scope="col" className="py-2 pr-3 font-semibold">
                    {earningsChart.month}
                  </th>
                  {[earningsChart.earned, earningsChart.fee, earningsChart.paidOut].map((head) => (
                    <th key={head} scope="col" className="py-2 pl-3 text-right font-semibold">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {[...months].reverse().map(({ month, net, fee, paid_out }) => (
                  <tr key={month} className="border-b border-line last:border-b-0">
                    <th scope="row" className="py-2 pr-3 font-semibold whitespace-nowrap">
                      {formatter({ month: "short", year: "numeric", timeZone: "UTC" }).format(
                        new Date(`${month}-01T00:00Z`),
                      )}
                    </th>
                    {[net, fee, paid_out].map((amount, index) => (
                      <td key={`${month} ${String(index)}`} className="py-2 pl-3 text-right">
                        {shown(amount)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      </Card>
    </section>
  );
}
