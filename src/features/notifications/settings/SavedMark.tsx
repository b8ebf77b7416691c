import { Check } from "lucide-react";
import { notificationSettings } from "#words/notificationSettings.ts";

/** Beside what was changed. Screen readers hear the announcement instead. */
export function SavedMark({ isShown }: { isShown: boolean }) {
  return (
    isShown && (
      <span
        aria-hidden
        className="inline-flex items-center gap-1 text-sm font-semibold text-good motion-safe:animate-fade"
      >
        <Check className="size-4" />
        <span>{notificationSettings.saved}</span>
      </span>
    )
  );
}
