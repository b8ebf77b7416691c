import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { PayoutRun } from "#contract/payouts.ts";
import { adminPayouts } from "#words/adminPayouts.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { api } from "@/lib/api.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button } from "@/ui/Button.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { BankFileDialog } from "./BankFileDialog.tsx";
import { amountText } from "./moneyQueries.ts";
import { act } from "./queries.ts";
import { ReasonedDialog } from "./ReasonedDialog.tsx";
import { RunPayoutList } from "./RunPayoutList.tsx";

type RunState = keyof typeof adminPayouts.states;
type Asking = "approve" | "file" | "cancel" | "results";

const tones = {
  filling: "neutral",
  approval: "accent",
  ready: "primary",
  sent: "accent",
  done: "good",
  cancelled: "neutral",
} as const;

/** A run, what is to be done with it next, and its payouts. */
export function PayoutRunItem({ run, me }: { run: PayoutRun; me: Me }) {
  const timeZone = useViewerTimeZone();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [isOpen, setOpen] = useState(false);
  const state = stateOf(run);
  const isOwn = run.created_by === me.id;
  const advice = adviceOf(state, isOwn);
  const people = [
    adminPayouts.by(run.created_by_name ?? adminPayouts.unnamed),
    run.approved_at && adminPayouts.approvedBy(run.approved_by_name ?? adminPayouts.unnamed),
  ];
  return (
    <div className="min-w-0 flex-1 space-y-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="font-semibold">{adminPayouts.run(formatDayAndTime(run.created_at, timeZone))}</h3>
          <p className="text-sm tabular-nums">
            {adminPayouts.summary(run.payouts, amountText(run.total, run.currency))}
            {run.paid > 0 && ` · ${adminPayouts.paid(amountText(run.paid, run.currency))}`}
          </p>
          <p className="text-sm text-ink-soft">{people.filter(Boolean).join(", ")}</p>
        </div>
        <Badge tone={tones[state]}>{adminPayouts.states[state]}</Badge>
      </div>
      {advice && <p>{advice}</p>}
      <div className="flex flex-wrap gap-2">
        {state === "approval" && (
          <Button size="sm" disabled={isOwn} onClick={() => setAsking("approve")}>
            {adminPayouts.approve}
          </Button>
        )}
        {state === "ready" && run.payouts > 0 && (
          <Button size="sm" onClick={() => setAsking("file")}>
            {adminPayouts.file}
          </Button>
        )}
        {state === "sent" && (
          <>
            <Button size="sm" onClick={() => setAsking("results")}>
              {adminPayouts.readFile}
            </Button>
            <Button variant="secondary" size="sm" onClick={() => setAsking("file")}>
              {adminPayouts.fileAgain}
            </Button>
          </>
        )}
        {(state === "approval" || state === "ready") && (
          <Button variant="secondary" size="sm" onClick={() => setAsking("cancel")}>
            {adminPayouts.cancel}
          </Button>
        )}
        <Button variant="ghost" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {adminPayouts.showPayouts}
        </Button>
      </div>
      {isOpen && <RunPayoutList runId={run.id} />}
      {asking && <RunDialog asking={asking} run={run} me={me} onClose={() => setAsking(null)} />}
    </div>
  );
}

function RunDialog({
  asking,
  run,
  me,
  onClose,
}: {
  asking: Asking;
  run: PayoutRun;
  me: Me;
  onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const { withProof, proofDialog } = useProof(me);
  const address = `payout-runs/${run.id}`;
  const refresh = () => queryClient.invalidateQueries({ queryKey: adminKeys.all });
  if (asking === "results") return <BankFileDialog address={address} onRead={refresh} onClose={onClose} />;
  /** Whether it was done: a person who does not prove who they are has cancelled it. */
  async function take(step: "approve" | "cancel", reason: string): Promise<boolean> {
    const isDone = await withProof(async () => {
      await act(`${address}/${step}`, { reason });
      return true;
    });
    if (!isDone) return false;
    toast.success(step === "approve" ? adminPayouts.approved : adminPayouts.cancelled);
    await refresh();
    return true;
  }
  async function download(): Promise<void> {
    const file = await withProof(() => api.file(`/api/v1/admin/${address}/file`, undefined, "POST"));
    if (!file) return;
    saveFile(file, `payouts-${run.id}.csv`);
    await refresh();
  }
  const fileText = run.exported_at === null ? adminPayouts.fileText : adminPayouts.fileAgainText;
  return (
    <>
      {asking === "file" ? (
        <ConfirmDialog
          title={adminPayouts.fileTitle}
          keepLabel={adminPayouts.keep}
          confirmLabel={adminPayouts.fileConfirm}
          onClose={onClose}
          onConfirm={download}
        >
          <p>{fileText}</p>
        </ConfirmDialog>
      ) : (
        <ReasonedDialog
          title={adminPayouts[`${asking}Title`]}
          text={
            asking === "approve"
              ? adminPayouts.approveText(amountText(run.total, run.currency))
              : adminPayouts.cancelText
          }
          confirmLabel={adminPayouts[`${asking}Confirm`]}
          onClose={onClose}
          onConfirm={(reason) => take(asking, reason)}
        />
      )}
      {proofDialog}
    </>
  );
}

function stateOf(run: PayoutRun): RunState {
  if (run.cancelled_at !== null) return "cancelled";
  if (run.filled_at === null) return "filling";
  if (run.exported_at !== null) return run.open_payouts > 0 ? "sent" : "done";
  return run.needs_approval ? "approval" : "ready";
}

function adviceOf(state: RunState, isOwn: boolean): string | null {
  const { nextSteps } = adminPayouts;
  if (state === "approval") return isOwn ? nextSteps.ownApproval : nextSteps.approval;
  return state === "ready" || state === "sent" ? nextSteps[state] : null;
}
