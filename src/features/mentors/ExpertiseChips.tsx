import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { mentorSearch } from "#words/mentorSearch.ts";
import { cn } from "@/lib/classNames.ts";
import { Skeleton } from "@/ui/Skeleton.tsx";

type ExpertiseChipsProps = {
  names: readonly string[];
  /** The names are loading: placeholders keep their space, so that the layout does not shift. */
  isPending: boolean;
  chosen: string;
  onChoose: (name: string) => void;
};

/** One row that scrolls on a phone, with room at its ends for the focus ring; wraps on wider windows. */
const row =
  "mt-3 -mx-1 flex gap-2 p-1 max-sm:-mx-4 max-sm:overflow-x-auto max-sm:px-4 max-sm:[scrollbar-width:none] sm:flex-wrap";
const placeholders = ["w-20", "w-28", "w-24", "w-32", "w-20", "w-24", "w-28", "w-24"];

/** Filters by one field of expertise. Pressing the chosen chip clears the filter. */
export function ExpertiseChips({ names, isPending, chosen, onChoose }: ExpertiseChipsProps) {
  const chips = useRef<HTMLDivElement>(null);
  const isLoaded = names.length > 0;
  useEffect(() => {
    if (!isLoaded || chosen === "") return;
    chips.current
      ?.querySelector("[aria-pressed=true]")
      ?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isLoaded, chosen]);
  if (isPending && !isLoaded) {
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
  if (!isLoaded) return null;
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{mentorSearch.expertise}</legend>
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
