import { useState } from "react";
import type { BankOutcomes } from "#contract/payouts.ts";
import { admin } from "#words/administration.ts";
import { adminPayouts } from "#words/adminPayouts.ts";
import { toast } from "@/lib/toast.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Input } from "@/ui/Input.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { act } from "./queries.ts";

type BankFileDialogProps = { address: string; onRead: () => Promise<unknown>; onClose: () => void };

/** Reads the bank's results. Lines that cannot be used keep the dialog open, so that they can be put right. */
export function BankFileDialog({ address, onRead, onClose }: BankFileDialogProps) {
  const [rejected, setRejected] = useState<BankOutcomes["data"]>([]);
  const { register, submit, problem, formState } = useSavingForm<{ csv: FileList | null }>({
    defaultValues: { csv: null },
    save: async ({ csv }) => {
      const { data } = (await act(`${address}/results`, {
        csv: (await csv?.item(0)?.text()) ?? "",
      })) as BankOutcomes;
      toast.success(
        adminPayouts.readDone(
          data.filter(({ outcome }) => outcome !== "unchanged" && outcome !== "rejected").length,
        ),
      );
      await onRead();
      const failed = data.filter(({ outcome }) => outcome === "rejected");
      setRejected(failed);
      if (failed.length === 0) onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={adminPayouts.readFileTitle}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <p>{adminPayouts.readFileText}</p>
            <Field label={adminPayouts.chooseFile} error={formState.errors.csv?.message} required>
              {(control) => (
                <Input
                  {...control}
                  {...register("csv", {
                    validate: (csv) => Boolean(csv?.length) || adminPayouts.fileMissing,
                  })}
                  type="file"
                  accept=".csv,text/csv"
                />
              )}
            </Field>
            {rejected.length > 0 && (
              <Alert tone="warning" title={adminPayouts.rejected(rejected.length)}>
                <ul>
                  {rejected.map(({ line, problem: why }) => (
                    <li key={line}>{adminPayouts.rejectedLine(line, why ?? "")}</li>
                  ))}
                </ul>
              </Alert>
            )}
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{admin.keep}</DialogClose>
          <Button type="submit" pending={formState.isSubmitting}>
            {adminPayouts.read}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
