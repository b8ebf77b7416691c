import type { ReactNode } from "react";
import { DialogFooter } from "./Dialog.tsx";

/** The footer of a dialog that asks: what leaves it first, then what goes on. Not in Dialog.tsx, which the booking loads. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <DialogFooter>
      <div className="flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{children}</div>
    </DialogFooter>
  );
}
