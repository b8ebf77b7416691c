import { Check } from "lucide-react";
import { cn } from "@/lib/classNames";

type ExpertiseChipsProps = { names: readonly string[]; chosen: string; onChoose: (name: string) => void };

/** Chosen chips are pressed, show a tick, and choose nothing when pressed again. */
export function ExpertiseChips({ names, chosen, onChoose }: ExpertiseChipsProps) {
  if (names.length === 0) return null;
  return (
    <fieldset className="mt-4">
      <legend className="sr-only">Expertise</legend>
      <div className="flex flex-wrap gap-2">
        {names.map((name) => {
          const pressed = name === chosen;
          return (
            <button
              key={name}
              type="button"
              aria-pressed={pressed}
              onClick={() => onChoose(pressed ? "" : name)}
              className={cn(
                "inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full border px-3.5 py-1 text-sm font-semibold transition-colors pointer-coarse:min-h-11",
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
