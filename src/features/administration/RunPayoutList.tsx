import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { RunPayouts } from "#contract/payouts.ts";
import { adminPayouts } from "#words/adminPayouts.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { AdminList } from "./AdminList.tsx";
import { amountText } from "./moneyQueries.ts";
import { PayoutResultDialog } from "./PayoutResultDialog.tsx";
import { listQuery } from "./queries.ts";

type RunPayout = RunPayouts["data"][number];

const tones = {
  requested: "neutral",
  sent: "accent",
  paid: "good",
  failed: "bad",
  reversed: "bad",
} as const;

/** The payouts of a run, and what the bank did with each. */
export function RunPayoutList({ runId }: { runId: string }) {
  const address = `payout-runs/${runId}/payouts`;
  const list = useInfiniteQuery(listQuery<RunPayouts>(address));
  const [settling, setSettling] = useState<RunPayout | null>(null);
  return (
    <>
      <AdminList<RunPayout> list={list} none={adminPayouts.noPayouts}>
        {(payout) => <PayoutRow payout={payout} onSettle={() => setSettling(payout)} />}
      </AdminList>
      {settling && (
        <PayoutResultDialog
          address={`${address}/${settling.id}/result`}
          payout={settling}
          onClose={() => setSettling(null)}
        />
      )}
    </>
  );
}

function PayoutRow({ payout, onSettle }: { payout: RunPayout; onSettle: () => void }) {
  const timeZone = useViewerTimeZone();
  const { mentor_name, amount, currency, state, paid_to, reference, failure, settled_at, requested_at } =
    payout;
  const facts = [
    formatDayAndTime(settled_at ?? requested_at, timeZone),
    paid_to && adminPayouts.bank(paid_to),
    reference && adminPayouts.reference(reference),
    failure,
  ];
  return (
    <>
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <bdi className="font-semibold">{mentor_name ?? adminPayouts.unnamed}</bdi>
          <span className="tabular-nums">{amountText(amount, currency)}</span>
        </p>
        <p className="text-sm text-ink-soft break-words">{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <Badge tone={tones[state]}>{adminPayouts.payoutStates[state]}</Badge>
      {(state === "sent" || state === "paid") && (
        <Button variant="secondary" size="sm" onClick={onSettle}>
          {state === "sent" ? adminPayouts.enter : adminPayouts.returned}
        </Button>
      )}
    </>
  );
}
