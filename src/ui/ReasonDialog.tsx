import { type ReactNode, useRef } from "react";
import { textLimits } from "#rules/limits.ts";
import { reasonField } from "#words/reasons.ts";
import { Alert } from "./Alert.tsx";
import { Button } from "./Button.tsx";
import { Dialog, DialogBody, DialogClose, dialogColumn } from "./Dialog.tsx";
import { DialogActions } from "./DialogActions.tsx";
import { Field } from "./Field.tsx";
import { Textarea } from "./Textarea.tsx";
import { useSavingForm } from "./useSavingForm.ts";

type ReasonDialogProps = {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** First name of the person who gets the message. */
  recipient: string;
  keepLabel: string;
  confirmLabel: string;
  /** "danger" by default. */
  confirmVariant?: "danger" | "primary";
  onClose: () => void;
  /** @throws ApiProblem */
  onConfirm: (reason: string) => Promise<void>;
  /** Moves the focus afterwards, if the element that opened the dialog may be gone. */
  focusAfter: () => void;
};

/** Asks before a step that affects another person, with room for a message to them. */
export function ReasonDialog(props: ReasonDialogProps) {
  const isDone = useRef(false);
  const { register, submit, problem, formState } = useSavingForm<{ reason: string }>({
    defaultValues: { reason: "" },
    save: async ({ reason }) => {
      await props.onConfirm(reason.trim());
      isDone.current = true;
      props.onClose();
    },
  });
  const { errors, isSubmitting } = formState;
  return (
    <Dialog
      open
      onClose={() => !isSubmitting && props.onClose()}
      title={props.title}
      onClosed={(returnFocus) => (isDone.current ? props.focusAfter() : returnFocus())}
    >
      <form onSubmit={submit} noValidate className={dialogColumn}>
        <DialogBody>
          <div className="space-y-5">
            {problem && <Alert tone="bad">{problem}</Alert>}
            <div>{props.children}</div>
            <Field label={reasonField.label(props.recipient)} error={errors.reason?.message} optional>
              {(control) => <Textarea {...control} {...register("reason")} maxLength={textLimits.reason} />}
            </Field>
          </div>
        </DialogBody>
        <DialogActions>
          <DialogClose disabled={isSubmitting}>{props.keepLabel}</DialogClose>
          <Button type="submit" variant={props.confirmVariant ?? "danger"} pending={isSubmitting}>
            {props.confirmLabel}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
