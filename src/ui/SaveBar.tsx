import { PencilLine } from "lucide-react";
import { controls } from "#words/controls.ts";
import { unsaved } from "#words/forms.ts";
import { cn } from "@/lib/classNames.ts";
import { Button } from "./Button.tsx";

type SaveBarProps = {
  isDirty: boolean;
  isSaving: boolean;
  /** A warning beside the button. */
  note?: string | undefined;
  /** 'Save weekly hours' */
  saveLabel: string;
  onDiscard: () => void;
};

/** Classes for the parent of a `SaveBar`: focused controls scroll clear of the bar. */
export const saveBarOffset =
  "[&_:is(button,input,select,textarea)]:scroll-mt-24 [&_:is(button,input,select,textarea)]:scroll-mb-44";

/** The end of a form. It sticks to the window while there are unsaved changes. */
export function SaveBar({ isDirty, isSaving, note, saveLabel, onDiscard }: SaveBarProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-end gap-x-3 gap-y-1.5 rounded-b-card border-t px-4 py-3 transition-colors sm:px-6",
        isDirty
          ? "sticky bottom-0 z-10 border-accent bg-accent-soft pb-[max(0.75rem,env(safe-area-inset-bottom))]"
          : "border-line",
      )}
    >
      <p role="status" className="mr-auto flex items-center gap-2 font-semibold">
        {isDirty && (
          <>
            <PencilLine aria-hidden className="size-4 shrink-0" />
            <span>
              {unsaved.note}
              {note && <span className="block text-sm font-normal">{note}</span>}
            </span>
          </>
        )}
      </p>
      <div className="flex gap-3 max-sm:w-full">
        {isDirty && (
          <Button variant="secondary" onClick={onDiscard} disabled={isSaving}>
            {controls.discard}
          </Button>
        )}
        <Button
          type="submit"
          variant={isDirty ? "primary" : "secondary"}
          pending={isSaving}
          className="max-sm:flex-1"
        >
          {isSaving ? controls.saving : saveLabel}
        </Button>
      </div>
    </div>
  );
}
