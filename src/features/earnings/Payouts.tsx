import { useInfiniteQuery } from "@tanstack/react-query";
import type { Payout } from "#contract/payouts.ts";
import { payoutList } from "#words/earnings.ts";
import { formatShortDay } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { shownAmount } from "./amounts.ts";
import { payoutsQuery } from "./queries.ts";

const tones = {
  requested: "neutral",
  sent: "accent",
  paid: "good",
  failed: "bad",
  reversed: "neutral",
} as const;

/** The mentor's payouts, newest first. */
export function Payouts({ userId, timeZone }: { userId: string; timeZone: string }) {
  const list = useInfiniteQuery(payoutsQuery(userId));
  const payouts = (list.data?.pages ?? []).flatMap(({ data }) => data);
  return (
    <section aria-labelledby="payouts">
      <SectionHeading id="payouts" title={payoutList.title} />
      {list.isPending && <Skeleton className="mt-3 h-20 w-full" />}
      {list.isError && !list.data && (
        <ProblemState title={payoutList.title} error={list.error} onRetry={list.refetch} />
      )}
      {list.data && payouts.length === 0 && <p className="text-ink-soft">{payoutList.none}</p>}
      {payouts.length > 0 && <p className="text-sm text-ink-soft">{payoutList.invoices}</p>}
      {payouts.length > 0 && (
        <Card className="mt-3">
          <ul data-sessions className="divide-y divide-line">
            {payouts.map((payout) => (
              <PayoutItem key={payout.id} payout={payout} timeZone={timeZone} />
            ))}
          </ul>
        </Card>
      )}
      <ShowMore list={list} label={payoutList.more} />
    </section>
  );
}

function PayoutItem({ payout, timeZone }: { payout: Payout; timeZone: string }) {
  const { amount, reversed, currency, state, reference, paid_to, requested_at, settled_at } = payout;
  return (
    <li tabIndex={-1} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 p-4">
      <div className="min-w-0">
        <p className="font-semibold">{formatShortDay(settled_at ?? requested_at, timeZone)}</p>
        {paid_to && <p className="text-sm text-ink-soft">{payoutList.to(paid_to)}</p>}
        {reference && <p className="text-sm break-all text-ink-soft">{payoutList.reference(reference)}</p>}
        {reversed > 0 && state !== "reversed" && (
          <p className="text-sm text-ink-soft">{payoutList.reversed(shownAmount(reversed, currency))}</p>
        )}
      </div>
      <div className="text-right">
        <p className="font-semibold tabular-nums">{shownAmount(amount, currency)}</p>
        <Badge tone={tones[state]} className="mt-1">
          {payoutList.states[state]}
        </Badge>
      </div>
    </li>
  );
}
