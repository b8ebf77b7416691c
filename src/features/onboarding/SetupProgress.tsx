import { CircleCheck, CircleDashed } from "lucide-react";
import { useId } from "react";
import { setup } from "#words/onboarding.ts";
import { cn } from "@/lib/classNames.ts";
import { Link } from "@/lib/router/router.tsx";
import { countDone, type SetupStep, type SetupStepId } from "./setupSteps.ts";

type SetupProgressProps = { steps: readonly SetupStep[]; current: SetupStepId };

/** Links to all steps, and which of them are done. */
export function SetupProgress({ steps, current }: SetupProgressProps) {
  const id = useId();
  return (
    <nav aria-labelledby={id}>
      <h2 id={id} className="font-semibold">
        {setup.progress(countDone(steps), steps.length)}
      </h2>
      <ProgressBar steps={steps} className="mt-2" />
      <StepLinks steps={steps} current={current} className="mt-3 max-lg:hidden" />
      {/* In a narrow window the list would push the step down. */}
      <details className="mt-2 lg:hidden">
        <summary className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4">
          {setup.allSteps}
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
              <StepTitle step={step} />
            </Link>
          ) : (
            <span className={cn(row, "text-ink-soft")}>
              <StepTitle step={step} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

const row = "tap flex items-center gap-2.5 rounded-control px-3 py-2";

function StepTitle({ step }: { step: SetupStep }) {
  const Icon = step.isDone ? CircleCheck : CircleDashed;
  return (
    <>
      <Icon aria-hidden className={cn("size-5 shrink-0", step.isDone ? "text-good" : "text-ink-soft")} />
      <span className="min-w-0">
        <span className="sr-only">{step.isDone ? setup.done : setup.toDo}</span> {step.title}{" "}
        {!step.isRequired && <span className="font-normal text-ink-soft">{setup.optional}</span>}
      </span>
    </>
  );
}

/** Hidden from screen readers: the text beside it has the same information. */
export function ProgressBar({ steps, className }: { steps: readonly SetupStep[]; className?: string }) {
  return (
    <div aria-hidden className={cn("flex gap-1", className)}>
      {steps.map(({ id, isDone }) => (
        <span key={id} className={cn("h-1.5 flex-1 rounded-full", isDone ? "bg-good" : "bg-line")} />
      ))}
    </div>
  );
}
