import type { Me } from "#contract/accounts.ts";
import type { PayoutAccount } from "#contract/payouts.ts";
import { linkedAccountForm, payoutAccountCard } from "#words/earnings.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { saveLinkedAccount } from "./api.ts";

type LinkedAccountDialogProps = { me: Me; onSaved: (account: PayoutAccount) => void; onClose: () => void };

/** Takes the mentor's account at the payment provider. One that is stored is not shown again. */
export function LinkedAccountDialog({ me, onSaved, onClose }: LinkedAccountDialogProps) {
  const { withProof, proofDialog } = useProof(me);
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { account: "" },
    save: async ({ account }: { account: string }) => {
      const saved = await withProof(() => saveLinkedAccount(account));
      if (saved) onSaved(saved);
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <>
      <Dialog open onClose={onClose} title={linkedAccountForm.title}>
        <form onSubmit={submit} noValidate className={dialogColumn}>
          <DialogBody>
            <div className="space-y-5">
              {problem && <Alert tone="bad">{problem}</Alert>}
              <p>{linkedAccountForm.text}</p>
              <Field
                label={linkedAccountForm.account}
                hint={linkedAccountForm.accountHint}
                error={errors.account?.message}
                required
              >
                {(control) => (
                  <Input
                    {...control}
                    {...register("account", { required: payoutAccountCard.missing })}
                    autoComplete="off"
                    spellCheck={false}
                    autoFocus
                  />
                )}
              </Field>
            </div>
          </DialogBody>
          <DialogActions>
            <Button variant="ghost" onClick={onClose}>
              {payoutAccountCard.cancel}
            </Button>
            <Button type="submit" pending={isSubmitting}>
              {payoutAccountCard.save}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
      {proofDialog}
    </>
  );
}
