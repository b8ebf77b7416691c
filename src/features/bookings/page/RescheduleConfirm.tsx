import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { reasonField } from "#words/reasons.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { Alert } from "@/ui/Alert.tsx";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/ui/Dialog.tsx";
import { Field } from "@/ui/Field.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { Textarea } from "@/ui/Textarea.tsx";

type RescheduleConfirmProps = {
  side: SessionSide;
  startsAt: string;
  refusal: ApiProblem | null;
  isMoving: boolean;
  onBack: () => void;
  onConfirm: (reason: string) => void;
};

/** From when to when, on both clocks, once more before it is done. */
export function RescheduleConfirm(props: RescheduleConfirmProps) {
  const { side, startsAt, refusal, isMoving, onBack, onConfirm } = props;
  const { booking, timeZone, other } = side;
  const [reason, setReason] = useState("");
  const clocks = { timeZone, mentorTimeZone: other.timeZone, mentorName: other.name };
  return (
    <>
      <DialogBody>
        <StepHeading>Move it to this time?</StepHeading>
        {refusal && (
          <Alert tone="bad" className="mb-5">
            {refusal.detail}
          </Alert>
        )}
        <dl className="mb-5 grid gap-3 sm:grid-cols-2">
          <div className="rounded-control border border-dashed border-line-strong px-4 py-3">
            <dt className="text-sm font-semibold text-ink-soft">From</dt>
            <dd>
              <BothTimes {...clocks} startsAt={booking.starts_at} />
            </dd>
          </div>
          <div className="rounded-control border border-primary bg-primary-soft px-4 py-3">
            <dt className="text-sm font-semibold text-primary-text">To</dt>
            <dd>
              <BothTimes {...clocks} startsAt={startsAt} className="text-ink" />
            </dd>
          </div>
        </dl>
        <Field label={reasonField.label(other.name)} optional>
          {(control) => (
            <Textarea
              {...control}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
              maxLength={textLimits.reason}
            />
          )}
        </Field>
        <p className="mt-4 text-ink-soft">
          {booking.status === "pending"
            ? "It stays a request. The old time becomes free for others."
            : "It stays confirmed, at the same price. The old time becomes free for others."}
        </p>
      </DialogBody>
      <DialogFooter>
        <div className="flex gap-2">
          <Button
            variant="ghost"
            size="icon"
            onClick={onBack}
            disabled={isMoving}
            aria-label="Back"
            className="border-line"
          >
            <ArrowLeft aria-hidden className="size-5" />
          </Button>
          <Button pending={isMoving} onClick={() => onConfirm(reason.trim())} className="flex-1">
            Move session
          </Button>
        </div>
      </DialogFooter>
    </>
  );
}
