import { admin } from "#words/administration.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { ReasonField, reasonRules } from "./ReasonField.tsx";

type ReasonedDialogProps = {
  title: string;
  text: string;
  confirmLabel: string;
  onClose: () => void;
  /** Resolves to false if it was not done after all: the dialog stays. @throws ApiProblem */
  onConfirm: (reason: string) => Promise<unknown>;
};

/** Asks for the reason that the log keeps. */
export function ReasonedDialog({ title, text, confirmLabel, onClose, onConfirm }: ReasonedDialogProps) {
  const { register, submit, problem, formState } = useSavingForm({
    defaultValues: { reason: "" },
    save: async ({ reason }: { reason: string }) => {
      if ((await onConfirm(reason.trim())) !== false) onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <p>{text}</p>
            <ReasonField
              registered={register("reason", reasonRules)}
              error={formState.errors.reason?.message}
            />
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose>{admin.keep}</DialogClose>
          <Button type="submit" variant="danger" pending={formState.isSubmitting}>
            {confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
