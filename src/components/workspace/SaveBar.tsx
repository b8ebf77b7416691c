import { PencilLine } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { cn } from "@/lib/classNames";

type SaveBarProps = {
  isDirty: boolean;
  isSaving: boolean;
  /** 'Save weekly hours' */
  saveWords: string;
  onDiscard: () => void;
};

/** The end of a form. While there is something unsaved it says so and stays in sight. */
export function SaveBar({ isDirty, isSaving, saveWords, onDiscard }: SaveBarProps) {
  return (
    <div
      className={cn(
        "flex flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-b-card border-t px-4 py-3 transition-colors sm:px-6",
        isDirty
          ? "sticky bottom-0 z-10 border-accent bg-accent-soft pb-[max(0.75rem,env(safe-area-inset-bottom))]"
          : "border-line",
      )}
    >
      <p role="status" className="mr-auto flex items-center gap-2 font-semibold">
        {isDirty && (
          <>
            <PencilLine aria-hidden className="size-4 shrink-0" />
            Unsaved changes
          </>
        )}
      </p>
      {isDirty && (
        <Button variant="secondary" onClick={onDiscard} disabled={isSaving}>
          Discard<span className="sr-only"> changes</span>
        </Button>
      )}
      <Button type="submit" variant={isDirty ? "primary" : "secondary"} pending={isSaving}>
        {isSaving ? "Saving…" : saveWords}
      </Button>
    </div>
  );
}
