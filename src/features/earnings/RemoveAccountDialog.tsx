import type { Me } from "#contract/accounts.ts";
import type { PayoutAccount } from "#contract/payouts.ts";
import { linkedAccountForm, payoutAccountCard } from "#words/earnings.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { removeBankAccount, removeLinkedAccount } from "./api.ts";

type RemoveAccountDialogProps = {
  me: Me;
  kind: "bank" | "linked";
  onRemoved: (account: PayoutAccount) => void;
  onClose: () => void;
};

/** Asks before payouts go nowhere any more. */
export function RemoveAccountDialog({ me, kind, onRemoved, onClose }: RemoveAccountDialogProps) {
  const { withProof, proofDialog } = useProof(me);
  const text = kind === "bank" ? payoutAccountCard : linkedAccountForm;
  return (
    <>
      <ConfirmDialog
        title={text.removeTitle}
        keepLabel={payoutAccountCard.keep}
        confirmLabel={text.remove}
        onClose={onClose}
        onConfirm={async () => {
          const account = await withProof(kind === "bank" ? removeBankAccount : removeLinkedAccount);
          if (account) onRemoved(account);
        }}
      >
        <p>{text.removeText}</p>
      </ConfirmDialog>
      {proofDialog}
    </>
  );
}
