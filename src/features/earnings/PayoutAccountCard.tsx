import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Landmark } from "lucide-react";
import { useState } from "react";
import type { Me } from "#contract/accounts.ts";
import type { PayoutAccount } from "#contract/payouts.ts";
import { linkedAccountForm, payoutAccountCard } from "#words/earnings.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { formatShortDay } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { payoutAccountQuery } from "./queries.ts";

const BankDialog = lazyPart(() => import("./BankDialog.tsx").then((file) => file.BankDialog));
const LinkedAccountDialog = lazyPart(() =>
  import("./LinkedAccountDialog.tsx").then((file) => file.LinkedAccountDialog),
);
const RemoveAccountDialog = lazyPart(() =>
  import("./RemoveAccountDialog.tsx").then((file) => file.RemoveAccountDialog),
);

/** The account that payouts go to, by its last digits, and how to change it. */
export function PayoutAccountCard({ me, timeZone }: { me: Me; timeZone: string }) {
  const account = useQuery(payoutAccountQuery(me.id));
  if (account.isPending) return <Skeleton className="h-24 w-full" />;
  if (!account.data)
    return <ProblemState title={payoutAccountCard.failed} error={account.error} onRetry={account.refetch} />;
  return <Shown me={me} account={account.data} timeZone={timeZone} />;
}

function Shown({ me, account, timeZone }: { me: Me; account: PayoutAccount; timeZone: string }) {
  const [open, setOpen] = useState<"change" | "remove" | "link" | "unlink" | null>(null);
  const queryClient = useQueryClient();
  const now = useNow();
  const { bank, linked, can_link, usable_from } = account;
  const isLater = usable_from !== null && Date.parse(usable_from) > now.getTime();
  const close = () => setOpen(null);
  const end = (message: string) => (changed: PayoutAccount) => {
    queryClient.setQueryData(payoutAccountQuery(me.id).queryKey, changed);
    toast.success(message);
    close();
  };
  return (
    <Card className="flex flex-wrap items-center justify-between gap-4 p-4 sm:p-6">
      <div className="flex min-w-0 items-start gap-3">
        <Landmark aria-hidden className="mt-0.5 size-5 shrink-0 text-ink-soft" />
        <div className="min-w-0">
          <h2 className="font-semibold">{payoutAccountCard.title}</h2>
          {bank && <p className="text-ink-soft">{payoutAccountCard.bank(bank)}</p>}
          {linked && <p className="text-ink-soft">{payoutAccountCard.linked(linked)}</p>}
          {!bank && !linked && <p className="text-ink-soft">{payoutAccountCard.none}</p>}
          {isLater && (
            <p className="text-sm text-ink-soft">
              {payoutAccountCard.usableFrom(formatShortDay(usable_from, timeZone))}
            </p>
          )}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button variant={bank || linked ? "secondary" : "primary"} onClick={() => setOpen("change")}>
          {bank ? payoutAccountCard.change : payoutAccountCard.add}
        </Button>
        {bank && (
          <Button variant="ghost" onClick={() => setOpen("remove")}>
            {payoutAccountCard.remove}
          </Button>
        )}
        {can_link && (
          <Button variant="secondary" onClick={() => setOpen("link")}>
            {linked ? linkedAccountForm.change : linkedAccountForm.link}
          </Button>
        )}
        {linked && (
          <Button variant="ghost" onClick={() => setOpen("unlink")}>
            {linkedAccountForm.remove}
          </Button>
        )}
      </div>
      {open === "change" && <BankDialog me={me} onSaved={end(payoutAccountCard.saved)} onClose={close} />}
      {open === "remove" && (
        <RemoveAccountDialog me={me} kind="bank" onRemoved={end(payoutAccountCard.removed)} onClose={close} />
      )}
      {open === "link" && (
        <LinkedAccountDialog me={me} onSaved={end(linkedAccountForm.saved)} onClose={close} />
      )}
      {open === "unlink" && (
        <RemoveAccountDialog
          me={me}
          kind="linked"
          onRemoved={end(linkedAccountForm.removed)}
          onClose={close}
        />
      )}
    </Card>
  );
}
