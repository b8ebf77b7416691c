import { lazy, Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { detailsStep, submitLabels } from "#words/bookDetails.ts";
import { ShownPlace } from "@/features/meetings/ShownPlace.tsx";
import { formatMoney, formatPrice } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { DialogBody, dialogColumn } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { Choice } from "./bookingStep.ts";
import { ContactFields } from "./ContactFields.tsx";
import { TimeUnavailable } from "./lazyTimeUnavailable.ts";
import { OfferFields } from "./OfferFields.tsx";
import { OrderSummary } from "./OrderSummary.tsx";
import { RefusalAlert } from "./RefusalAlert.tsx";
import { RequestNote } from "./RequestNote.tsx";
import { StepFooter } from "./StepFooter.tsx";
import { isOfferRefusal } from "./shownPrice.ts";
import type { BookingDetails } from "./useBookingDraft.ts";
import { type DetailsFormProps, useDetailsForm } from "./useDetailsForm.ts";
import { usePriceOffers } from "./usePriceOffers.ts";
import { useStillFree } from "./useStillFree.ts";

/** Group sessions only. */
const GroupTerms = lazy(() => import("@/features/groupSessions/GroupTerms.tsx"));

type BookingConfirmationProps = DetailsFormProps & {
  mentor: Mentor;
  choice: Choice;
  startsAt: EpochMs;
  timeZone: string;
  isSubmitting: boolean;
  isSignedOut: boolean;
  onSubmit: (details: BookingDetails) => void;
  onBack: () => void;
  /** Chooses another time, because the first is no longer available. */
  onSelect: (startsAt: EpochMs) => void;
};

/** Step 3: who books and why, the price, and the button that books. */
export function BookingConfirmation(props: BookingConfirmationProps) {
  const { mentor, choice, startsAt, timeZone, isSubmitting, isSignedOut } = props;
  const form = useDetailsForm(props);
  const offers = usePriceOffers({ mentor, choice, form, refusal: props.refusal });
  const { total, refusal } = offers;
  const { recordingPrice } = choice.prices;
  const mentorName = firstName(mentor.full_name);
  const stillFree = useStillFree(mentor, choice, startsAt, timeZone);
  // An attempt without a response may have booked the time itself; trying again finds out.
  const isUnavailable = stillFree?.isFree === false && !isSubmitting && !refusal?.isTemporary;
  const submit = (typed: BookingDetails) => {
    if (!offers.code.isAgreed()) return;
    const details = offers.agreed(typed);
    // The next step may send them again.
    props.onDraftChange(details);
    props.onSubmit(details);
  };
  return (
    <form onSubmit={form.handleSubmit(submit)} noValidate className={dialogColumn}>
      <DialogBody>
        <StepHeading>{detailsStep.title}</StepHeading>
        <div className="grid gap-6 md:grid-cols-[1fr_18rem] md:items-start">
          <div className="space-y-5">
            {isUnavailable && (
              <Suspense fallback={null}>
                <TimeUnavailable
                  {...{ mentor, choice, timeZone, mentorName }}
                  mentorTimeZone={mentor.timezone}
                  unavailable={startsAt}
                  refusal={null}
                  nextSlots={stillFree.next}
                  keeps="details"
                  selected={null}
                  onSelect={(slot) => props.onSelect(slot.startsAt)}
                />
              </Suspense>
            )}
            <RequestNote mentor={mentor} choice={choice} />
            {!isOfferRefusal(refusal) && <RefusalAlert refusal={refusal} hasCode={offers.code.isApplied} />}
            <ShownPlace mentorId={mentor.id} mentorName={mentorName} serviceId={choice.service.id} />
            <ContactFields form={form} mentorName={mentorName} />
            {choice.service.capacity > 1 && (
              <Suspense fallback={null}>
                <GroupTerms
                  mentorId={mentor.id}
                  service={choice.service}
                  {...{ startsAt, timeZone }}
                  nameField={form.register("showsName")}
                />
              </Suspense>
            )}
            {recordingPrice !== null && (
              <Checkbox
                {...form.register("addRecording")}
                label={detailsStep.addRecording(formatPrice(recordingPrice))}
                detail={detailsStep.recordingDetail}
              />
            )}
            <OfferFields {...{ form, offers, isSignedOut, timeZone }} />
          </div>
          <OrderSummary
            mentor={mentor}
            choice={choice}
            startsAt={startsAt}
            timeZone={timeZone}
            offers={offers}
          />
        </div>
      </DialogBody>
      <StepFooter
        choice={choice}
        total={total}
        brief={
          <>
            <strong className="font-bold">{formatMoney(total)}</strong> ·{" "}
            {formatDayAndTime(startsAt, timeZone)}
          </>
        }
        {...(!isSubmitting && { onBack: props.onBack })}
        action={
          <Button type="submit" pending={isSubmitting} className="flex-1">
            {isSubmitting ? detailsStep.processing : submitLabels[approvalOf(mentor, choice.service)]}
          </Button>
        }
      >
        {isSignedOut && <p className="mt-1 text-sm font-semibold">{detailsStep.accountNext}</p>}
      </StepFooter>
    </form>
  );
}
