import { CircleCheck } from "lucide-react";
import { Link } from "react-router";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { StepHeading } from "./StepFrame.tsx";

type DoneStepProps = {
  title: string;
  words: string;
  change: { to: string; words: string };
  onNext: () => void;
};

/** A step that needs nothing more here; the workspace has the whole editor for it. */
export function DoneStep({ title, words, change, onNext }: DoneStepProps) {
  return (
    <Card className="p-4 sm:p-6">
      <StepHeading
        title={title}
        lead={
          <span className="inline-flex items-start gap-2">
            <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
            {words}
          </span>
        }
      />
      <div className="flex flex-wrap gap-3">
        <Button size="lg" onClick={onNext} className="max-sm:w-full">
          Go on
        </Button>
        <Link
          to={change.to}
          className={buttonVariants({ variant: "secondary", size: "lg", className: "max-sm:w-full" })}
        >
          {change.words}
        </Link>
      </div>
    </Card>
  );
}
