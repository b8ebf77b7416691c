import { confirmAddress } from "#words/codes.ts";
import { toast } from "@/lib/toast.ts";
import { Button } from "@/ui/Button.tsx";
import { Dialog, DialogBody, DialogFooter, dialogColumn } from "@/ui/Dialog.tsx";
import { ConfirmAddressFields } from "./ConfirmAddressFields.tsx";
import { useConfirmAddress } from "./useConfirmAddress.ts";

/** Asks for the code that confirms the own address. */
export function ConfirmAddressDialog({ email, onClose }: { email: string; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} onClosed={focusAfter} title={confirmAddress.title}>
      <ConfirmForm email={email} onConfirmed={onClose} />
    </Dialog>
  );
}

function ConfirmForm({ email, onConfirmed }: { email: string; onConfirmed: () => void }) {
  const form = useConfirmAddress(() => {
    toast.success(confirmAddress.confirmed);
    onConfirmed();
  });
  return (
    <form onSubmit={form.submit} noValidate className={dialogColumn}>
      <DialogBody>
        <ConfirmAddressFields email={email} form={form} />
      </DialogBody>
      <DialogFooter>
        <div className="flex sm:justify-end">
          <Button type="submit" pending={form.formState.isSubmitting} className="flex-1 sm:flex-none">
            {confirmAddress.submit}
          </Button>
        </div>
      </DialogFooter>
    </form>
  );
}

/** Once the address is confirmed, the button that opened the dialog is gone. */
function focusAfter(returnFocus: () => void): void {
  returnFocus();
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}
