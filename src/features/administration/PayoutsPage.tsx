import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { DuePayouts, PayoutRun } from "#contract/payouts.ts";
import { adminPayouts } from "#words/adminPayouts.ts";
import { adminPaths } from "@/lib/adminPaths.ts";
import { serverNow } from "@/lib/clock/serverClock.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { AdminList } from "./AdminList.tsx";
import { amountText } from "./moneyQueries.ts";
import { PayoutRunItem } from "./PayoutRunItem.tsx";
import { act, listQuery } from "./queries.ts";
import { ReasonedDialog } from "./ReasonedDialog.tsx";

type Due = DuePayouts["data"][number];

/** What mentors are owed, and the runs that pay them through the bank. */
export function PayoutsPage({ me }: { me: Me }) {
  const [isStarting, setStarting] = useState(false);
  const queryClient = useQueryClient();
  const due = useInfiniteQuery(listQuery<DuePayouts>("payouts"));
  const runs = useInfiniteQuery(listQuery<{ data: PayoutRun[]; next_cursor: string | null }>("payout-runs"));
  async function start(reason: string) {
    const { payouts } = (await act("payout-runs", { reason })) as { payouts: number };
    toast.success(adminPayouts.started(payouts));
    await queryClient.invalidateQueries({ queryKey: adminKeys.all });
  }
  return (
    <>
      <section aria-labelledby="due">
        <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
          <div>
            <SectionHeading id="due" title={adminPayouts.due} />
            <p className="text-ink-soft">{adminPayouts.dueLead}</p>
          </div>
          <Button onClick={() => setStarting(true)}>{adminPayouts.start}</Button>
        </div>
        <AdminList<Due> list={due} none={adminPayouts.noneDue}>
          {(row) => <DueRow due={row} />}
        </AdminList>
      </section>
      <section aria-labelledby="runs" className="mt-10">
        <SectionHeading id="runs" title={adminPayouts.runs} />
        <div className="mt-3">
          <AdminList<PayoutRun> list={runs} none={adminPayouts.noRuns}>
            {(run) => <PayoutRunItem run={run} me={me} />}
          </AdminList>
        </div>
      </section>
      <div className="mt-6">
        <ViewerZoneNote />
      </div>
      {isStarting && (
        <ReasonedDialog
          title={adminPayouts.startTitle}
          text={adminPayouts.startText}
          confirmLabel={adminPayouts.startConfirm}
          onClose={() => setStarting(false)}
          onConfirm={start}
        />
      )}
    </>
  );
}

function DueRow({ due }: { due: Due }) {
  const timeZone = useViewerTimeZone();
  const { id, name, balance, currency, bank, linked, payable } = due;
  const accounts = [bank && adminPayouts.bank(bank), linked && adminPayouts.linked(linked)];
  return (
    <>
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <Link
            to={adminPaths.person(id)}
            className="tap font-semibold text-primary-text underline underline-offset-4"
          >
            <bdi>{name ?? adminPayouts.unnamed}</bdi>
          </Link>
          <span className="tabular-nums">{amountText(balance, currency)}</span>
        </p>
        <p className="text-sm text-ink-soft">{accounts.filter(Boolean).join(" · ")}</p>
      </div>
      <Badge tone={payable ? "good" : "neutral"}>
        {payable ? adminPayouts.payable : whyNot(due, timeZone)}
      </Badge>
    </>
  );
}

function whyNot({ has_open, suspended, bank, usable_from }: Due, timeZone: string): string {
  const { notPayable } = adminPayouts;
  if (suspended) return notPayable.suspended;
  if (has_open) return notPayable.has_open;
  if (bank === null) return notPayable.no_bank;
  if (usable_from !== null && Date.parse(usable_from) > serverNow().getTime())
    return notPayable.later(formatDayAndTime(usable_from, timeZone));
  return notPayable.small;
}
