import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { textLimits } from "#rules/limits.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { reasonField } from "#words/reasons.ts";
import { reschedule } from "#words/sessionPage.ts";
import { MoveScope } from "@/features/bookings/series/MoveScope.tsx";
import { RefusedMoves } from "@/features/bookings/series/RefusedMoves.tsx";
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
  startsAt: EpochMs;
  refusal: ApiProblem | null;
  isMoving: boolean;
  onBack: () => void;
  /** @param withLater whether the later sessions of its series move too */
  onConfirm: (reason: string, withLater: boolean) => void;
};

/** The old and the new time, in both time zones, before the session is rescheduled. */
export function RescheduleConfirm(props: RescheduleConfirmProps) {
  const { side, startsAt, refusal, isMoving, onBack, onConfirm } = props;
  const { booking, timeZone, other } = side;
  const [reason, setReason] = useState("");
  const [withLater, setWithLater] = useState(false);
  const clocks = { timeZone, mentorTimeZone: other.timeZone, mentorName: other.name };
  return (
    <>
      <DialogBody>
        <StepHeading>{reschedule.confirmStep}</StepHeading>
        {refusal?.said.refused_sessions ? (
          <RefusedMoves sessions={refusal.said.refused_sessions} timeZone={timeZone} />
        ) : (
          refusal && (
            <Alert tone="bad" className="mb-5">
              {refusal.detail}
            </Alert>
          )
        )}
        <dl className="mb-5 grid gap-3 sm:grid-cols-2">
          <div className="rounded-control border border-dashed border-line-strong px-4 py-3">
            <dt className="text-sm font-semibold text-ink-soft">{reschedule.from}</dt>
            <dd>
              <BothTimes {...clocks} startsAt={parseInstant(booking.starts_at)} />
            </dd>
          </div>
          <div className="rounded-control border border-primary bg-primary-soft px-4 py-3">
            <dt className="text-sm font-semibold text-primary-text">{reschedule.to}</dt>
            <dd>
              <BothTimes {...clocks} startsAt={startsAt} className="text-ink" />
            </dd>
          </div>
        </dl>
        {booking.series_id !== null && !side.access.token && (
          <MoveScope
            booking={booking}
            seriesId={booking.series_id}
            value={withLater}
            onChange={setWithLater}
          />
        )}
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
          {booking.status === "pending" ? reschedule.requestStays : reschedule.sessionStays}
        </p>
      </DialogBody>
      <DialogFooter>
        <div className="flex gap-2">
          <Button
            variant="ghost"
            size="icon"
            onClick={onBack}
            disabled={isMoving}
            aria-label={controls.back}
            className="border-line"
          >
            <ArrowLeft aria-hidden className="size-5" />
          </Button>
          <Button pending={isMoving} onClick={() => onConfirm(reason.trim(), withLater)} className="flex-1">
            {reschedule.confirm}
          </Button>
        </div>
      </DialogFooter>
    </>
  );
}
