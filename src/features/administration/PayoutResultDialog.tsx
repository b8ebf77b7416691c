import { useQueryClient } from "@tanstack/react-query";
import type { PayoutResult, RunPayouts } from "#contract/payouts.ts";
import { admin } from "#words/administration.ts";
import { adminPayouts } from "#words/adminPayouts.ts";
import { adminKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { Select } from "@/ui/Select.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { amountText } from "./moneyQueries.ts";
import { act } from "./queries.ts";
import { ReasonField, reasonRules } from "./ReasonField.tsx";

type Result = PayoutResult["result"];
type PayoutResultDialogProps = { address: string; payout: RunPayouts["data"][number]; onClose: () => void };

/** Asks what the bank did with a payout. One that was paid can only have come back. */
export function PayoutResultDialog({ address, payout, onClose }: PayoutResultDialogProps) {
  const queryClient = useQueryClient();
  const { mentor_name, amount, currency, state } = payout;
  const choices: Result[] = state === "paid" ? ["returned"] : ["paid", "failed"];
  const { register, submit, problem, formState, watch } = useSavingForm({
    defaultValues: { result: choices[0] ?? "paid", reference: "", reason: "" },
    save: async ({ result, reference, reason }: { result: Result; reference: string; reason: string }) => {
      const { outcome } = (await act(
        address,
        result === "paid" ? { result, reference } : { result, reason: reason.trim() },
      )) as { outcome: string };
      toast.success(outcome === "unchanged" ? adminPayouts.unchanged : adminPayouts.saved);
      await queryClient.invalidateQueries({ queryKey: adminKeys.all });
      onClose();
    },
  });
  const { errors, isSubmitting } = formState;
  const title = adminPayouts.resultTitle(mentor_name ?? adminPayouts.unnamed, amountText(amount, currency));
  return (
    <Dialog open onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <Field label={adminPayouts.result} error={errors.result?.message} required>
              {(control) => (
                <Select {...control} {...register("result")}>
                  {choices.map((choice) => (
                    <option key={choice} value={choice}>
                      {adminPayouts.results[choice]}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            {watch("result") === "paid" ? (
              <Field label={adminPayouts.bankReference} error={errors.reference?.message} required>
                {(control) => (
                  <Input
                    {...control}
                    {...register("reference", { required: adminPayouts.referenceMissing })}
                    autoComplete="off"
                    spellCheck={false}
                  />
                )}
              </Field>
            ) : (
              <ReasonField registered={register("reason", reasonRules)} error={errors.reason?.message} />
            )}
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{admin.keep}</DialogClose>
          <Button type="submit" pending={isSubmitting}>
            {adminPayouts.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
