import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import type { Mentor } from "#contract/mentors.ts";
import { approvalOf, isConfirmedInstantly } from "#rules/approval.ts";
import { approvals, changePolicy } from "#words/bookings.ts";
import { sessionLength } from "#words/durations.ts";
import { formatMoney } from "@/lib/money.ts";
import { wallClock, zoneLabel } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { BothTimesInShort } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { Checkbox } from "@/ui/Checkbox.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { isSame } from "./freeTimes.ts";
import { RebookTimes } from "./RebookTimes.tsx";
import { RefusalAlert } from "./RefusalAlert.tsx";
import { sameTimeAgain } from "./rebookTimes.ts";
import { StepFooter } from "./StepFooter.tsx";
import { LostTime } from "./TimeGone.tsx";
import { isSlotRefusal, shownTotal, useBookingSubmission } from "./useBookingSubmission.ts";

type RebookFormProps = {
  booking: Booking;
  mentor: Mentor;
  choice: Choice;
  /** Free times of the weeks ahead, earliest first. */
  slots: readonly FreeSlot[];
  /** The last date of which `slots` knows; a refusal may offer a later time. */
  knownUntil: string;
  timeZone: string;
};

/** What will be booked, when and for how much, and the click that books it. */
export function RebookForm(props: RebookFormProps) {
  const { booking, mentor, choice, slots, timeZone } = props;
  const submission = useBookingSubmission(mentor, usePlace(), () => undefined);
  const { refusal, refusedAt, isSubmitting } = submission;
  // Suggested once: a time that is taken meanwhile must not turn into another one under somebody's finger.
  const [suggested] = useState(() => sameTimeAgain(slots, booking.starts_at, timeZone));
  const [chosen, setChosen] = useState(suggested?.starts_at ?? null);
  const mayRecord = choice.service.recording_price !== null;
  const [addRecording, setAddRecording] = useState(booking.add_recording && mayRecord);

  const isRefused = isSlotRefusal(refusal);
  const isKnown = chosen !== null && wallClock(chosen, timeZone).date <= props.knownUntil;
  const isGone = isKnown && !slots.some(({ starts_at }) => isSame(starts_at, chosen));
  const startsAt = isGone || chosen === refusedAt ? null : chosen;
  const lost = isRefused ? refusedAt : isGone && !isSubmitting ? chosen : null;
  const mentorName = firstName(mentor.full_name);
  const clocks = { timeZone, mentorTimeZone: mentor.timezone, mentorName };
  const total = shownTotal(choice, addRecording, refusal);
  const approval = approvalOf(mentor, choice.service);
  const isInstant = isConfirmedInstantly(approval, booking.status === "completed");

  const choose = (next: { starts_at: string }) => {
    // A new price stays said; a time that was refused may have become free again.
    if (isRefused) submission.forgetRefusal();
    setChosen(next.starts_at);
  };
  const book = () => {
    if (!startsAt) return;
    const { user_name: name, user_email: email, user_phone: phone } = booking;
    const details = { name, email, phone: phone ?? "", message: "", addRecording };
    void submission.submit({ choice, startsAt, timeZone, details });
  };
  return (
    <>
      <DialogBody>
        <StepHeading>The same again?</StepHeading>
        <p className="-mt-2 mb-4">
          <strong className="font-bold">{choice.service.title}</strong>, {sessionLength(choice.minutes)}, with{" "}
          <bdi>{mentor.full_name}</bdi>
        </p>
        {lost && (
          <LostTime
            {...clocks}
            mentor={mentor}
            choice={choice}
            lost={lost}
            refusal={isRefused ? refusal : null}
            kept="Nothing has been booked yet."
            selected={startsAt}
            onSelect={choose}
          />
        )}
        {!isRefused && refusal && (
          <div className="mb-5">
            <RefusalAlert refusal={refusal} currency={choice.service.currency} />
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
                // Another sum than the one that was refused.
                submission.forgetRefusal();
                setAddRecording(event.target.checked);
              }}
              label={`Add a recording for ${formatMoney(choice.service.recording_price ?? 0, choice.service.currency)}`}
            />
          </div>
        )}
        <p className="mt-5 text-sm text-ink-soft">
          {approvals[isInstant ? "instant" : approval](mentorName)}.{" "}
          {!isInstant && "The time is held for you until then. "}
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
              ? "Processing..."
              : isInstant
                ? `Book for ${formatMoney(total, choice.service.currency)}`
                : `Send request for ${formatMoney(total, choice.service.currency)}`}
          </Button>
        }
      >
        {startsAt ? (
          <BothTimesInShort {...clocks} startsAt={startsAt} />
        ) : (
          <p className="text-sm text-ink-soft">Choose a time in {zoneLabel(timeZone)}.</p>
        )}
      </StepFooter>
    </>
  );
}

/** A booking that stands on a page that is not its own: it leaves by going somewhere, and has no step to go back to. */
function usePlace() {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  return {
    here: pathname + search,
    leave: (path: string) => void navigate(path),
    leaveForNow: (path: string) => void navigate(path),
    goBack: () => undefined,
  };
}
