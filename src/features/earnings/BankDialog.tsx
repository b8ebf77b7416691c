import type { Me } from "#contract/accounts.ts";
import type { PayoutAccount } from "#contract/payouts.ts";
import { payoutAccountCard } from "#words/earnings.ts";
import { useProof } from "@/features/accounts/settings/useProof.tsx";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { saveBankAccount } from "./api.ts";

type BankDialogProps = { me: Me; onSaved: (account: PayoutAccount) => void; onClose: () => void };

/** Takes bank details. Those that are stored are not shown again. */
export function BankDialog({ me, onSaved, onClose }: BankDialogProps) {
  const { withProof, proofDialog } = useProof(me);
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { holder: "", account_number: "", ifsc: "" },
    save: async (details: { holder: string; account_number: string; ifsc: string }) => {
      const account = await withProof(() => saveBankAccount(details));
      if (account) onSaved(account);
    },
  });
  const { errors, isSubmitting } = formState;
  const required = { required: payoutAccountCard.missing };
  return (
    <>
      <Dialog open onClose={onClose} title={payoutAccountCard.dialog}>
        <form onSubmit={submit} noValidate className={dialogColumn}>
          <DialogBody>
            <div className="space-y-5">
              {problem && <Alert tone="bad">{problem}</Alert>}
              <Field
                label={payoutAccountCard.holder}
                hint={payoutAccountCard.holderHint}
                error={errors.holder?.message}
                required
              >
                {(control) => (
                  <Input {...control} {...register("holder", required)} autoComplete="off" autoFocus />
                )}
              </Field>
              <Field label={payoutAccountCard.accountNumber} error={errors.account_number?.message} required>
                {(control) => (
                  <Input
                    {...control}
                    {...register("account_number", required)}
                    inputMode="numeric"
                    autoComplete="off"
                  />
                )}
              </Field>
              <Field
                label={payoutAccountCard.ifsc}
                hint={payoutAccountCard.ifscHint}
                error={errors.ifsc?.message}
                required
              >
                {(control) => (
                  <Input
                    {...control}
                    {...register("ifsc", required)}
                    autoComplete="off"
                    autoCapitalize="characters"
                    spellCheck={false}
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
