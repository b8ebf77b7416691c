import { type ReactNode, useRef } from "react";
import { Alert } from "./Alert.tsx";
import { Button } from "./Button.tsx";
import { Dialog, DialogBody, DialogClose } from "./Dialog.tsx";
import { DialogActions } from "./DialogActions.tsx";
import { useAction } from "./useAction.ts";

type ConfirmDialogProps = {
  title: string;
  /** What will happen. */
  children: ReactNode;
  confirmLabel: string;
  keepLabel: string;
  onClose: () => void;
  /** The dialog stays open and shows the ApiProblem that this throws. */
  onConfirm: () => Promise<void> | void;
  /** Moves the focus afterwards, if the element that opened the dialog is gone. */
  focusAfter?: () => void;
};

/** A confirmation before something is lost. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  keepLabel,
  onClose,
  ...rest
}: ConfirmDialogProps) {
  const isDone = useRef(false);

  const { run, isPending, problem } = useAction(
    async () => {
      await rest.onConfirm();
      isDone.current = true;
      onClose();
    },
    { inPlace: true },
  );

  return (
    <Dialog
      open
      onClose={() => !isPending && onClose()}
      title={title}
      onClosed={(returnFocus) => (isDone.current && rest.focusAfter ? rest.focusAfter() : returnFocus())}
    >
      <DialogBody>
        {problem && (
          <Alert tone="bad" className="mb-4">
            {problem.detail}
          </Alert>
        )}
        {children}
      </DialogBody>
      <DialogActions>
        <DialogClose disabled={isPending}>{keepLabel}</DialogClose>
        <Button variant="danger" pending={isPending} onClick={run}>
          {confirmLabel}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
