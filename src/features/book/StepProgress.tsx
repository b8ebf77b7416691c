import { Check } from "lucide-react";
import { bookingDialog } from "#words/book.ts";
import { cn } from "@/lib/classNames.ts";
import type { StepName } from "./bookingStep.ts";

const steps = ["service", "time", "details"] as const satisfies StepName[];

export function StepProgress({ current }: { current: (typeof steps)[number] }) {
  const at = steps.indexOf(current);
  return (
    <ol
      aria-label={bookingDialog.steps}
      className="short:hidden flex gap-2 border-b border-line px-4 py-2.5 sm:px-6"
    >
      {steps.map((name, index) => (
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
            {index < at && <span className="sr-only">{bookingDialog.done}</span>}
            {bookingDialog[name]}
          </span>
        </li>
      ))}
    </ol>
  );
}
