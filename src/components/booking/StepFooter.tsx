import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { DialogFooter } from "@/components/ui/Dialog";
import { formatMoney } from "@/lib/money";
import { formatMinutes } from "@/lib/time";
import type { Choice } from "./bookingStep";

type StepFooterProps = {
  choice: Choice | null;
  total: number | null;
  /** The chosen time on both clocks, or what is still missing. */
  children?: ReactNode;
  onBack?: () => void;
  /** The one button that goes on. */
  action: ReactNode;
};

/** The summary and the way on, always in sight. */
export function StepFooter({ choice, total, children, onBack, action }: StepFooterProps) {
  return (
    <DialogFooter>
      <div className="flex flex-col gap-3 short:flex-row short:items-center sm:flex-row sm:items-center">
        <div className="min-w-0 flex-1">
          {choice && (
            <p className="leading-snug">
              <strong className="font-bold">
                {formatMoney(total ?? choice.price, choice.service.currency)}
              </strong>
              <span className="text-ink-soft">
                {" "}
                · {choice.service.title}, {formatMinutes(choice.minutes)}
              </span>
            </p>
          )}
          {children}
        </div>
        <div className="flex gap-2">
          {onBack && (
            <Button variant="ghost" size="icon" onClick={onBack} aria-label="Back" className="border-line">
              <ArrowLeft aria-hidden className="size-5" />
            </Button>
          )}
          {action}
        </div>
      </div>
    </DialogFooter>
  );
}
