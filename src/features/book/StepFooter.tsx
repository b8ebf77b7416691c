import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import type { Money } from "#rules/money.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { formatMoney } from "@/lib/money.ts";
import { Button } from "@/ui/Button.tsx";
import { DialogFooter } from "@/ui/Dialog.tsx";
import type { Choice } from "./bookingStep.ts";

type StepFooterProps = {
  choice: Choice | null;
  total: Money | null;
  /** The chosen time on both clocks, or what is missing. */
  children?: ReactNode;
  /** Repeats what the step shows, in one line, and only where the step has one column. */
  brief?: ReactNode;
  onBack?: () => void;
  onBackIntent?: () => void;
  /** The button to the next step. */
  action: ReactNode;
};

/** The summary and the button to the next step, always in view. */
export function StepFooter({
  choice,
  total,
  children,
  brief,
  onBack,
  onBackIntent,
  action,
}: StepFooterProps) {
  return (
    <DialogFooter>
      <div className="flex flex-col gap-3 short:flex-row short:items-center sm:flex-row sm:items-center">
        {/* Hidden on a phone with its keyboard open, to leave room for the text. */}
        <div className="min-w-0 flex-1 max-sm:short:hidden">
          {brief && <p className="truncate leading-snug md:hidden">{brief}</p>}
          {choice && !brief && (
            <p className="leading-snug">
              <strong className="font-bold">{formatMoney(total ?? choice.price)}</strong>
              <span className="text-ink-soft">
                {" "}
                · {choice.service.title}, {sessionLength(choice.minutes)}
              </span>
            </p>
          )}
          {children}
        </div>
        <div className="flex gap-2">
          {onBack && (
            <Button
              variant="ghost"
              size="icon"
              onClick={onBack}
              onPointerEnter={onBackIntent}
              onFocus={onBackIntent}
              aria-label={controls.back}
              className="border-line"
            >
              <ArrowLeft aria-hidden className="size-5" />
            </Button>
          )}
          {action}
        </div>
      </div>
    </DialogFooter>
  );
}
