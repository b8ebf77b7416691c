import { Check } from "lucide-react";
import { cn } from "@/lib/classNames.ts";
import type { StepName } from "./bookingStep.ts";

const steps: readonly { name: StepName; label: string }[] = [
  { name: "service", label: "Session" },
  { name: "time", label: "Time" },
  { name: "details", label: "Details" },
];

export function StepProgress({ current }: { current: StepName }) {
  const at = steps.findIndex(({ name }) => name === current);
  return (
    <ol aria-label="Steps" className="short:hidden flex gap-2 border-b border-line px-4 py-2.5 sm:px-6">
      {steps.map(({ name, label }, index) => (
        <li key={name} aria-current={index === at ? "step" : undefined} className="min-w-0 flex-1 text-sm">
          <span
            className={cn(
              "block h-1.5 rounded-full transition-colors",
              index <= at ? "bg-primary" : "bg-sunken",
            )}
          />
          <span
            className={cn(
              "mt-1.5 flex items-center gap-1 leading-tight",
              index === at ? "font-semibold text-ink" : "text-ink-soft",
            )}
          >
            {index < at && <Check aria-hidden className="size-4 shrink-0 text-good" />}
            {index < at && <span className="sr-only">Done: </span>}
            {label}
          </span>
        </li>
      ))}
    </ol>
  );
}
