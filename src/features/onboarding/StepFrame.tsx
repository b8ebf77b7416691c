import { type BaseSyntheticEvent, type ReactNode, useEffect, useRef } from "react";
import { controls } from "#words/controls.ts";
import { stepButtons } from "#words/onboarding.ts";
import { Alert } from "@/ui/Alert.tsx";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";

/** The step that was shown last. The first step of a visit does not take the focus. */
let settled: string | null = null;

type StepHeadingProps = { title: string; lead: ReactNode };

/** Takes the focus after another step, so that keyboards and screen readers continue at the new one. */
export function StepHeading({ title, lead }: StepHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (settled !== null && settled !== title) {
      heading.current?.focus({ preventScroll: true });
      const isLow = (heading.current?.getBoundingClientRect().top ?? 0) > window.innerHeight / 2;
      heading.current?.scrollIntoView({ block: isLow ? "start" : "nearest" });
      announce(title);
    }
    settled = title;
  }, [title]);
  return (
    <>
      <h2 ref={heading} tabIndex={-1} className="scroll-mt-24 text-heading">
        {title}
      </h2>
      <p className="mt-1 mb-6 text-ink-soft">{lead}</p>
    </>
  );
}

type StepFormProps = StepHeadingProps & {
  form: {
    submit: (event?: BaseSyntheticEvent) => Promise<void>;
    problem: string | null;
    formState: { isSubmitting: boolean };
  };
  saveLabel: string;
  /** null for a required step. */
  onSkip: (() => void) | null;
  children: ReactNode;
};

/** One step that is a form. */
export function StepForm({ title, lead, form, saveLabel, onSkip, children }: StepFormProps) {
  const { isSubmitting } = form.formState;
  return (
    <Card className="p-4 sm:p-6">
      <StepHeading title={title} lead={lead} />
      <form onSubmit={form.submit} noValidate className="space-y-6">
        {form.problem && <Alert tone="bad">{form.problem}</Alert>}
        {children}
        <div className="flex flex-wrap gap-3">
          <Button type="submit" size="lg" pending={isSubmitting} className="max-sm:w-full">
            {isSubmitting ? controls.saving : saveLabel}
          </Button>
          {onSkip && (
            <Button variant="ghost" size="lg" onClick={onSkip} className="max-sm:w-full">
              {stepButtons.skip}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
