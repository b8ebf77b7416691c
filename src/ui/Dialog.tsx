import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import {
  type ComponentProps,
  type CSSProperties,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { controls } from "#words/controls.ts";
import { cn } from "@/lib/classNames.ts";
import { firstViewId, hasFirstView } from "@/lib/firstView.ts";
import { buttonVariants } from "./Button.tsx";
import { useVisibleHeight } from "./useVisibleHeight.ts";

export const DialogClose = Radix.Close;

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** `lg` also keeps its height, for contents that come in steps. */
  size?: "md" | "lg";
  /** A `DialogBody` and a `DialogFooter`, or a form around the two with `className={dialogColumn}`. */
  children: ReactNode;
} & Pick<ComponentProps<typeof Radix.Content>, "onOpenAutoFocus" | "onCloseAutoFocus">;

/** The scrim and the frame of a dialog. It does not rise where it replaces the document's own picture of itself. */
export const dialogScrim = "fixed inset-0 z-40 bg-scrim backdrop-blur-[2px]";
export function dialogFrame(size: "md" | "lg"): string {
  return cn(
    "fixed inset-x-0 top-0 z-50 flex h-(--visible) flex-col overflow-clip bg-paper shadow-sheet outline-none sm:inset-x-auto sm:top-1/2 sm:left-1/2 sm:max-h-[min(calc(var(--visible)-2rem),54rem)] sm:w-[calc(100vw-2rem)] sm:-translate-1/2 sm:rounded-card sm:border sm:border-line",
    size === "lg" ? "sm:h-[min(calc(var(--visible)-2rem),46rem)] sm:max-w-3xl" : "sm:h-auto sm:max-w-lg",
  );
}
export const dialogTitle = "text-heading";
export const dialogClose = cn(buttonVariants({ variant: "ghost", size: "icon" }), "-mr-2");

/** Classes for an element between the dialog and its body and footer; keeps the footer at the bottom. */
export const dialogColumn = "flex min-h-0 flex-1 flex-col";

/**
 * A sheet that fills the phone, a dialog on wider screens. The scrim is our own: Radix's `Overlay` locks scrolling with an
 * injected <style>, which the CSP refuses; styles.css does it with `:has([data-dialog-scrim])`.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  size = "md",
  children,
  ...focus
}: DialogProps) {
  const visibleHeight = useVisibleHeight(open);
  const [isDrawn] = useState(hasFirstView);
  // Radix returns the focus only to its own `Trigger`; here any button may open the dialog.
  const opener = useRef<Element | null>(null);
  // Runs before an effect in the dialog can take the focus.
  useLayoutEffect(() => {
    if (open) opener.current = document.activeElement;
  }, [open]);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        {open && <div data-dialog-scrim className={cn(dialogScrim, !isDrawn && "animate-fade")} />}
        <Radix.Content
          onCloseAutoFocus={(event) => {
            focus.onCloseAutoFocus?.(event);
            if (event.defaultPrevented || !(opener.current instanceof HTMLElement)) return;
            event.preventDefault();
            opener.current.focus();
          }}
          {...(description === undefined && { "aria-describedby": undefined })}
          onInteractOutside={keepOpen}
          style={{ "--visible": visibleHeight } as CSSProperties}
          className={cn(dialogFrame(size), !isDrawn && "motion-safe:animate-rise")}
        >
          <DialogHeader
            close={
              <Radix.Close className={dialogClose}>
                <CloseLabel />
              </Radix.Close>
            }
          >
            <Radix.Title className={dialogTitle}>{title}</Radix.Title>
            {description && (
              <Radix.Description className="text-sm text-ink-soft">{description}</Radix.Description>
            )}
          </DialogHeader>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function DialogHeader({ close, children }: { close: ReactNode; children: ReactNode }) {
  return (
    <header className="flex items-center gap-3 border-b border-line px-4 py-2.5 short:py-1 sm:px-6 sm:py-3.5">
      <div className="min-w-0 flex-1">{children}</div>
      {close}
    </header>
  );
}

export function CloseLabel() {
  return (
    <>
      <X aria-hidden className="size-5" />
      <span className="sr-only">{controls.close}</span>
    </>
  );
}

/** The scrolling part. Its padding leaves room for focus rings at the edge. */
export function DialogBody({ children }: { children: ReactNode }) {
  return (
    <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-5 sm:px-6">
      {children}
    </div>
  );
}

/** Stays at the bottom, above the phone's keyboard. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <footer className="border-t border-line bg-surface px-4 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] short:py-2 sm:px-6">
      {children}
    </footer>
  );
}

/** A click on a toast, or on the view that lies over the dialog, must not close the dialog as a click outside it would. */
function keepOpen(event: Event & { detail: { originalEvent: Event } }): void {
  const { target } = event.detail.originalEvent;
  if (target instanceof Element && target.closest(`[data-sonner-toaster], #${firstViewId}`))
    event.preventDefault();
}
