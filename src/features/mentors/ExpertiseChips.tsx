import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { cn } from "@/lib/classNames.ts";
import { Skeleton } from "@/ui/Skeleton.tsx";

type ExpertiseChipsProps = {
  names: readonly string[];
  /** The names are not known yet: their room is kept, so that nothing below jumps. */
  isPending: boolean;
  chosen: string;
  onChoose: (name: string) => void;
};

/** One row to push along on a phone, with room at its ends for the focus ring; whole on wider windows. */
const row =
  "mt-3 -mx-1 flex gap-2 p-1 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:[scrollbar-width:none] sm:flex-wrap";
const placeholders = ["w-20", "w-28", "w-24", "w-32", "w-20", "w-24", "w-28", "w-24"];

/** Chosen chips are pressed, show a tick, and choose nothing when pressed again. */
export function ExpertiseChips({ names, isPending, chosen, onChoose }: ExpertiseChipsProps) {
  const chips = useRef<HTMLDivElement>(null);
  const isThere = names.length > 0;
  useEffect(() => {
    if (!isThere || chosen === "") return;
    chips.current
      ?.querySelector("[aria-pressed=true]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isThere, chosen]);
  if (isPending && !isThere) {
    return (
      <div aria-hidden className={row}>
        {placeholders.map((width, index) => (
          <Skeleton
            // biome-ignore lint/suspicious/noArrayIndexKey: they never change.
            key={index}
            className={cn("h-9 shrink-0 rounded-full pointer-coarse:h-11", width)}
          />
        ))}
      </div>
    );
  }
  if (!isThere) return null;
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Expertise</legend>
      <div ref={chips} className={row}>
        {names.map((name) => {
          const pressed = name === chosen;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={pressed}
              onClick={() => onChoose(pressed ? "" : name)}
              className={cn(
                "inline-flex min-h-9 max-w-full shrink-0 items-center gap-1.5 rounded-full border px-3.5 py-1 text-sm font-semibold transition-colors pointer-coarse:min-h-11",
                pressed
                  ? "border-transparent bg-primary text-on-primary"
                  : "border-line-strong bg-surface text-ink hover:border-primary hover:bg-primary-soft",
              )}
            >
              {pressed && <Check aria-hidden className="size-4" />}
              {name}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
