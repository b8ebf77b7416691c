import type { AdminPayment } from "#contract/reconciliation.ts";
import { admin } from "#words/administration.ts";
import { adminPaymentPage } from "#words/adminMoney.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { amountText } from "./moneyQueries.ts";
import { ReasonField, reasonRules } from "./ReasonField.tsx";

type RefundByHandDialogProps = {
  payment: AdminPayment;
  onClose: () => void;
  /** Returns whether it was done. @throws ApiProblem */
  onConfirm: (refund: { amount: number; reason: string }) => Promise<boolean>;
};

/** Asks how much goes back, and why. */
export function RefundByHandDialog({ payment, onClose, onConfirm }: RefundByHandDialogProps) {
  const { refundable, currency } = payment;
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { amount: String(refundable), reason: "" },
    save: async ({ amount, reason }: { amount: string; reason: string }) => {
      if (await onConfirm({ amount: numberOf(amount), reason: reason.trim() })) onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={adminPaymentPage.refundTitle}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <p>{adminPaymentPage.refundText(amountText(refundable, currency))}</p>
            <Field label={adminPaymentPage.refundAmount} error={formState.errors.amount?.message} required>
              {(control) => (
                <Input
                  {...control}
                  {...register("amount", {
                    validate: (amount) => numberOf(amount) > 0 || adminPaymentPage.amountMissing,
                  })}
                  inputMode="decimal"
                  autoComplete="off"
                />
              )}
            </Field>
            <ReasonField
              registered={register("reason", reasonRules)}
              error={formState.errors.reason?.message}
            />
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{admin.keep}</DialogClose>
          <Button type="submit" variant="danger" pending={formState.isSubmitting}>
            {adminPaymentPage.refundConfirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** "1,500.50" as it is written in India or elsewhere. */
function numberOf(text: string): number {
  return Number(text.replaceAll(",", "").trim() || Number.NaN);
}
