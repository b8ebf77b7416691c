import { Suspense, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf, isConfirmedInstantly } from "#rules/approval.ts";
import { decimalOf } from "#rules/money.ts";
import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import { requestNotes, timeStep } from "#words/book.ts";
import { detailsStep } from "#words/bookDetails.ts";
import { changePolicy } from "#words/bookings.ts";
import { rebook } from "#words/rebook.ts";
import { formatPrice } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { navigate } from "@/lib/router/location.ts";
import { useLocation } from "@/lib/router/router.tsx";
import { wallClock } from "@/lib/time.ts";
import { BothTimesInShort } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { expectedPrice } from "./expectedPrice.ts";
import { ConfirmAddressStep } from "./lazySteps.ts";
import { RebookTimes } from "./RebookTimes.tsx";
import { RefusalAlert } from "./RefusalAlert.tsx";
import { sameTimeAgain } from "./rebookTimes.ts";
import { StepFooter } from "./StepFooter.tsx";
import { TimeUnavailable } from "./TimeUnavailable.tsx";
import { totalOf } from "./totals.ts";
import { isSlotRefusal, useBookingSubmission } from "./useBookingSubmission.ts";

type RebookFormProps = {
  booking: Booking;
  mentor: Mentor;
  choice: Choice;
  /** Available times of the coming weeks, earliest first. */
  slots: readonly FreeSlot[];
  /** The last date that `slots` covers; a refusal may offer a later time. */
  knownUntil: LocalDate;
  timeZone: string;
};

/** The session, its time and price, and the button that books it. */
export function RebookForm(props: RebookFormProps) {
  const { booking, mentor, choice, slots, timeZone } = props;
  const submission = useBookingSubmission(mentor, useBookingPlace(), () => undefined);
  const { refusal, refusedAt, isSubmitting } = submission;
  // Kept, so that the suggestion cannot change just as it is clicked.
  const [suggested] = useState(() => sameTimeAgain(slots, booking.starts_at, timeZone));
  const [chosen, setChosen] = useState(suggested?.startsAt ?? null);
  const { recordingPrice } = choice.prices;
  const mayRecord = recordingPrice !== null;
  const [addRecording, setAddRecording] = useState(booking.add_recording && mayRecord);

  const isRefused = isSlotRefusal(refusal);
  const isKnown = chosen !== null && wallClock(chosen, timeZone).date <= props.knownUntil;
  const isTaken = isKnown && !slots.some(({ startsAt }) => startsAt === chosen);
  const startsAt = isTaken || chosen === refusedAt ? null : chosen;
  const unavailable = isRefused ? refusedAt : isTaken && !isSubmitting ? chosen : null;
  const mentorName = firstName(mentor.full_name);
  const clocks = { timeZone, mentorTimeZone: mentor.timezone, mentorName };
  const total = expectedPrice(refusal) ?? totalOf(choice, addRecording);
  const priced = { addRecording, agreedTotal: String(decimalOf(total)) };
  const approval = approvalOf(mentor, choice.service);
  const isInstant = isConfirmedInstantly(approval, booking.status === "completed");

  const choose = (next: { startsAt: EpochMs }) => {
    // A refused time may be available again; the note about a new price stays.
    if (isRefused) submission.clearRefusal();
    setChosen(next.startsAt);
  };
  const book = () => {
    if (!startsAt) return;
    const { user_name: name, user_email: email, user_phone: phone } = booking;
    const details = { name, email, phone: phone ?? "", message: "", ...priced };
    void submission.submit({ choice, startsAt, timeZone, details });
  };
  if (refusal?.code === "address_not_confirmed")
    return (
      <Suspense fallback={null}>
        <ConfirmAddressStep
          {...{ choice, approval, mentorName }}
          details={priced}
          onConfirmed={book}
          onBack={submission.clearRefusal}
        />
      </Suspense>
    );
  return (
    <>
      <DialogBody>
        <StepHeading>{rebook.title}</StepHeading>
        <p className="-mt-2 mb-4">
          {withElements((parts) => rebook.session({ minutes: choice.minutes, ...parts }), {
            service: <strong className="font-bold">{choice.service.title}</strong>,
            mentor: <bdi>{mentor.full_name}</bdi>,
          })}
        </p>
        {unavailable && (
          <TimeUnavailable
            {...clocks}
            mentor={mentor}
            choice={choice}
            unavailable={unavailable}
            refusal={isRefused ? refusal : null}
            keeps="rebook"
            selected={startsAt}
            onSelect={choose}
          />
        )}
        {!isRefused && refusal && (
          <div className="mb-5">
            <RefusalAlert refusal={refusal} />
          </div>
        )}
        <RebookTimes
          {...clocks}
          slots={slots}
          suggested={suggested}
          selected={startsAt}
          moreTimes={{ serviceId: choice.service.id, minutes: choice.minutes }}
          username={mentor.username}
          onSelect={choose}
        />
        {mayRecord && (
          <div className="mt-5">
            <Checkbox
              checked={addRecording}
              onChange={(event) => {
                // The refusal was about another total.
                submission.clearRefusal();
                setAddRecording(event.target.checked);
              }}
              label={detailsStep.addRecording(formatPrice(recordingPrice))}
            />
          </div>
        )}
        <p className="mt-5 text-sm text-ink-soft">
          {approval === "instant" || isInstant ? rebook.instant : requestNotes[approval](mentorName)}{" "}
          {changePolicy(choice.service)}
        </p>
      </DialogBody>
      <StepFooter
        choice={choice}
        total={total}
        action={
          <Button
            pending={isSubmitting}
            disabled={startsAt === null}
            onClick={book}
            className="flex-1 sm:min-w-40"
          >
            {isSubmitting
              ? detailsStep.processing
              : isInstant
                ? rebook.book(formatPrice(total))
                : rebook.request(formatPrice(total))}
          </Button>
        }
      >
        {startsAt ? (
          <BothTimesInShort {...clocks} startsAt={startsAt} />
        ) : (
          <p className="text-sm text-ink-soft">{timeStep.missing}</p>
        )}
      </StepFooter>
    </>
  );
}

/** The dialog opens over any page: it is left by going to another page, and has no earlier step. */
function useBookingPlace() {
  const { pathname, search } = useLocation();
  return {
    here: pathname + search,
    leave: (path: string) => navigate(path),
    leaveTemporarily: (path: string) => navigate(path),
    goBack: () => undefined,
  };
}
