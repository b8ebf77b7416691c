import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { controls } from "#words/controls.ts";
import { Button } from "./Button.tsx";
import { DialogFooter } from "./Dialog.tsx";

type AsideFooterProps = { onBack: () => void; isDisabled?: boolean; children?: ReactNode };

/** Footer of what replaces the times: back to them, and the next step. */
export function AsideFooter({ onBack, isDisabled = false, children }: AsideFooterProps) {
  return (
    <DialogFooter>
      <div className="flex gap-2 sm:justify-end">
        <Button variant="secondary" onClick={onBack} disabled={isDisabled}>
          <ArrowLeft aria-hidden className="size-5" />
          <span className="max-[24rem]:sr-only">{controls.back}</span>
        </Button>
        {children}
      </div>
    </DialogFooter>
  );
}
