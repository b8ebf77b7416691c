import { Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatShortDay, formatTime } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { type Choice, submitLabel } from "./bookingStep.ts";
import { ContactFields } from "./ContactFields.tsx";
import { LostTime } from "./lazyLostTime.ts";
import { OrderSummary } from "./OrderSummary.tsx";
import { RefusalAlert } from "./RefusalAlert.tsx";
import { RequestNote } from "./RequestNote.tsx";
import { StepFooter } from "./StepFooter.tsx";
import type { BookingDetails } from "./useBookingDraft.ts";
import { type DetailsFormProps, useDetailsForm } from "./useDetailsForm.ts";
import { useStillFree } from "./useStillFree.ts";

type BookingConfirmationProps = DetailsFormProps & {
  mentor: Mentor;
  choice: Choice;
  startsAt: string;
  timeZone: string;
  total: number;
  isSubmitting: boolean;
  isSignedOut: boolean;
  onSubmit: (details: BookingDetails) => void;
  onBack: () => void;
  /** Another time, chosen here because the first is gone. */
  onSelect: (startsAt: string) => void;
};

/** Step 3: who books and why, what it costs, and the button that books. */
export function BookingConfirmation(props: BookingConfirmationProps) {
  const { mentor, choice, startsAt, timeZone, total, refusal, isSubmitting, isSignedOut } = props;
  const form = useDetailsForm(props);
  const recordingPrice = choice.service.recording_price;
  const mentorName = firstName(mentor.full_name);
  const stillFree = useStillFree(mentor, choice, startsAt, timeZone);
  // A try without an answer may have booked it: then trying again is what finds out.
  const isLost = stillFree?.isFree === false && !isSubmitting && !refusal?.isTemporary;
  return (
    <form onSubmit={form.handleSubmit(props.onSubmit)} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>Almost there</StepHeading>
        <div className="grid gap-6 md:grid-cols-[1fr_18rem] md:items-start">
          <div className="space-y-5">
            {isLost && (
              <Suspense fallback={null}>
                <LostTime
                  {...{ mentor, choice, timeZone, mentorName }}
                  mentorTimeZone={mentor.timezone}
                  lost={startsAt}
                  refusal={null}
                  nextSlots={stillFree.next}
                  kept="Nothing you have typed is lost."
                  selected={null}
                  onSelect={(slot) => props.onSelect(slot.starts_at)}
                />
              </Suspense>
            )}
            <RequestNote mentor={mentor} choice={choice} />
            <RefusalAlert refusal={refusal} currency={choice.service.currency} />
            <ContactFields form={form} mentorName={mentorName} />
            {recordingPrice !== null && (
              <Checkbox
                {...form.register("addRecording")}
                label={`Add a recording for ${formatMoney(recordingPrice, choice.service.currency)}`}
                detail="You get the video to watch again afterwards."
              />
            )}
          </div>
          <OrderSummary
            mentor={mentor}
            choice={choice}
            startsAt={startsAt}
            timeZone={timeZone}
            total={total}
            addRecording={props.draft.addRecording ?? false}
          />
        </div>
      </DialogBody>
      <StepFooter
        choice={choice}
        total={total}
        brief={
          <>
            <strong className="font-bold">{formatMoney(total, choice.service.currency)}</strong> ·{" "}
            {formatShortDay(startsAt, timeZone)}, {formatTime(startsAt, timeZone)}
          </>
        }
        {...(!isSubmitting && { onBack: props.onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {isSubmitting ? "Processing..." : submitLabel(mentor, choice.service)}
          </Button>
        }
      >
        {isSignedOut && <p className="mt-1 text-sm font-semibold">Next you choose a password, or sign in.</p>}
      </StepFooter>
    </form>
  );
}
