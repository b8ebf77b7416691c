import { CircleCheck, CircleDashed } from "lucide-react";
import { useId } from "react";
import { Link } from "react-router";
import { cn } from "@/lib/classNames.ts";
import { countDone, type SetupStep, type SetupStepId } from "./setupSteps.ts";

type SetupProgressProps = { steps: readonly SetupStep[]; current: SetupStepId };

/** The one list of steps: what is done, what is missing, and where it is put right. */
export function SetupProgress({ steps, current }: SetupProgressProps) {
  const id = useId();
  return (
    <nav aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {countDone(steps)} of {steps.length} done
      </h2>
      <ProgressBar steps={steps} className="mt-2" />
      <StepLinks steps={steps} current={current} className="mt-3 max-lg:hidden" />
      {/* On a narrow window the step itself is what one came for. */}
      <details className="mt-2 lg:hidden">
        <summary className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4">
          All steps
        </summary>
        <StepLinks steps={steps} current={current} className="mt-1" />
      </details>
    </nav>
  );
}

function StepLinks({ steps, current, className }: SetupProgressProps & { className: string }) {
  const hasPage = steps[0]?.isDone;
  return (
    <ol className={cn("space-y-1", className)}>
      {steps.map((step) => (
        <li key={step.id}>
          {hasPage || step.id === "page" ? (
            <Link
              to={step.to}
              aria-current={step.id === current ? "step" : undefined}
              className={cn(
                row,
                "transition-colors hover:bg-sunken",
                step.id === current && "bg-primary-soft font-semibold",
              )}
            >
              <StepWords step={step} />
            </Link>
          ) : (
            <span className={cn(row, "text-ink-soft")}>
              <StepWords step={step} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

const row = "tap flex items-center gap-2.5 rounded-control px-3 py-2";

function StepWords({ step }: { step: SetupStep }) {
  const Icon = step.isDone ? CircleCheck : CircleDashed;
  return (
    <>
      <Icon aria-hidden className={cn("size-5 shrink-0", step.isDone ? "text-good" : "text-ink-soft")} />
      <span className="min-w-0">
        <span className="sr-only">{step.isDone ? "Done: " : "To do: "}</span>
        {step.title}
        {!step.isRequired && <span className="font-normal text-ink-soft"> (optional)</span>}
      </span>
    </>
  );
}

/** For the eyes; the words beside it say the same. */
export function ProgressBar({ steps, className }: { steps: readonly SetupStep[]; className?: string }) {
  return (
    <div aria-hidden className={cn("flex gap-1", className)}>
      {steps.map(({ id, isDone }) => (
        <span key={id} className={cn("h-1.5 flex-1 rounded-full", isDone ? "bg-good" : "bg-line")} />
      ))}
    </div>
  );
}
