import { X } from "lucide-react";
import {
  type ComponentProps,
  type CSSProperties,
  createContext,
  type ReactNode,
  use,
  useId,
  useState,
} from "react";
import { createPortal } from "react-dom";
import { controls } from "#words/controls.ts";
import { cn } from "@/lib/classNames.ts";
import { hasFirstView } from "@/lib/firstView.ts";
import { Button, buttonVariants } from "./Button.tsx";
import { useModal } from "./useModal.ts";
import { useVisibleHeight } from "./useVisibleHeight.ts";

type DialogProps = {
  open: boolean;
  /** Called by Escape, the scrim and the buttons that close the dialog. */
  onClose: () => void;
  /** Moves the focus after the dialog has closed; otherwise it returns to the element that had it before. */
  onClosed?: (returnFocus: () => void) => void;
  title: ReactNode;
  description?: ReactNode;
  /** `lg` also keeps its height, for contents that come in steps. */
  size?: "md" | "lg";
  /** A `DialogBody` and a `DialogFooter`, or a form around the two with `className={dialogColumn}`. */
  children: ReactNode;
};

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

const CloseContext = createContext<() => void>(() => undefined);

/** A sheet that fills the phone, a dialog on wider screens. styles.css locks the page behind it. */
export function Dialog({ open, ...props }: DialogProps) {
  return open && createPortal(<OpenDialog {...props} />, document.body);
}

function OpenDialog({
  onClose,
  onClosed,
  title,
  description,
  size = "md",
  children,
}: Omit<DialogProps, "open">) {
  const id = useId();
  const { dialog, first } = useModal(onClose, onClosed);
  const visibleHeight = useVisibleHeight();
  const [isDrawn] = useState(hasFirstView);
  return (
    <>
      {/* For the pointer only: Escape and the button do the same. */}
      <div
        data-dialog-scrim
        aria-hidden
        onClick={onClose}
        className={cn(dialogScrim, !isDrawn && "animate-fade")}
      />
      <div
        ref={dialog}
        role="dialog"
        aria-modal
        aria-labelledby={`${id}title`}
        aria-describedby={description ? `${id}description` : undefined}
        style={{ "--visible": visibleHeight } as CSSProperties}
        className={cn(dialogFrame(size), !isDrawn && "motion-safe:animate-rise")}
      >
        <DialogHeader
          close={
            <button ref={first} type="button" onClick={onClose} className={dialogClose}>
              <CloseLabel />
            </button>
          }
        >
          <h2 id={`${id}title`} className={dialogTitle}>
            {title}
          </h2>
          {description && (
            <p id={`${id}description`} className="text-sm text-ink-soft">
              {description}
            </p>
          )}
        </DialogHeader>
        <CloseContext value={onClose}>{children}</CloseContext>
      </div>
    </>
  );
}

/** A button that closes the dialog that it is in. */
export function DialogClose(props: Omit<ComponentProps<typeof Button>, "onClick">) {
  return <Button variant="secondary" {...props} onClick={use(CloseContext)} />;
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
