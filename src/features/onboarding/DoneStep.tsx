import { CircleCheck } from "lucide-react";
import { controls } from "#words/controls.ts";
import { Link } from "@/lib/router/router.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { StepHeading } from "./StepFrame.tsx";

type DoneStepProps = {
  title: string;
  text: string;
  change: { to: string; label: string };
  onNext: () => void;
};

/** A step that is done. The workspace has the full editor. */
export function DoneStep({ title, text, change, onNext }: DoneStepProps) {
  return (
    <Card className="p-4 sm:p-6">
      <StepHeading
        title={title}
        lead={
          <span className="inline-flex items-start gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
            {text}
          </span>
        }
      />
      <div className="flex flex-wrap gap-3">
        <Button size="lg" onClick={onNext} className="max-sm:w-full">
          {controls.continue}
        </Button>
        <Link
          to={change.to}
          className={buttonVariants({ variant: "secondary", size: "lg", className: "max-sm:w-full" })}
        >
          {change.label}
        </Link>
      </div>
    </Card>
  );
}
