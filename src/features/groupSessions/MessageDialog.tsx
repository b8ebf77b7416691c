import type { GroupSession } from "#contract/groupSessions.ts";
import { textLimits } from "#rules/limits.ts";
import { controls } from "#words/controls.ts";
import { groupForms } from "#words/groupSessions.ts";
import { Alert } from "@/ui/Alert.tsx";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "@/ui/Dialog.tsx";
import { DialogActions } from "@/ui/DialogActions.tsx";
import { Field } from "@/ui/Field.tsx";
import { Textarea } from "@/ui/Textarea.tsx";
import { useSavingForm } from "@/ui/useSavingForm.ts";
import { messageGroup } from "./api.ts";

type MessageDialogProps = {
  session: GroupSession;
  onSent: (people: number) => Promise<void>;
  onClose: () => void;
};

/** Writes to everyone with a confirmed seat. */
export function MessageDialog({ session, onSent, onClose }: MessageDialogProps) {
  const { register, submit, problem, formState } = useSavingForm<{ message: string }>({
    defaultValues: { message: "" },
    save: async ({ message }) => onSent((await messageGroup(session.id, message.trim())).seats),
    draftKey: `group-message.${session.id}`,
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog open onClose={() => !isSubmitting && onClose()} title={groupForms.messageTitle}>
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <p>{groupForms.messageLead(session.seats_taken)}</p>
            <Field label={groupForms.message} error={errors.message?.message} required>
              {(control) => (
                <Textarea
                  {...control}
                  {...register("message", {
                    validate: (text) => text.trim() !== "" || groupForms.messageMissing,
                  })}
                  maxLength={textLimits.reason}
                />
              )}
            </Field>
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose disabled={isSubmitting}>{controls.cancel}</DialogClose>
          <Button type="submit" pending={isSubmitting}>
            {groupForms.send}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
