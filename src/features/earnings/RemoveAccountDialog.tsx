import type { Me } from "#contract/accounts.ts";
import type { PayoutAccount } from "#contract/payouts.ts";
import { payoutAccountCard } from "#words/earnings.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { ConfirmDialog } from "@/ui/ConfirmDialog.tsx";
import { removeBankAccount } from "./api.ts";

type RemoveBankDialogProps = {
  me: Me;
  onRemoved: (account: PayoutAccount) => void;
  onClose: () => void;
};

export function RemoveBankDialog({ me, onRemoved, onClose }: RemoveBankDialogProps) {
  const { withProof, proofDialog } = useProof(me);
  return (
    <>
      <ConfirmDialog
        title={payoutAccountCard.removeTitle}
        keepLabel={payoutAccountCard.keep}
        confirmLabel={payoutAccountCard.remove}
        onClose={onClose}
        onConfirm={async () => {
          const account = await withProof(removeBankAccount);
          if (account) onRemoved(account);
        }}
      >
        <p>{payoutAccountCard.removeText}</p>
      </ConfirmDialog>
      {proofDialog}
    </>
  );
}
