import { Suspense, useState } from "react";
import { PartLoading } from "@/components/layout/PageLoading";
import { Button } from "@/components/ui/Button";
import { DialogBody } from "@/components/ui/Dialog";
import type { ApiProblem } from "@/lib/api";
import { wallClock } from "@/lib/time";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/viewerTimeZone";
import { firstName } from "@/lib/words";
import type { Mentor } from "../../../contract/mentors";
import { BothTimesInShort } from "./BothTimes";
import type { Aside, BookingStep } from "./bookingStep";
import { DateTimeSelection } from "./DateTimeSelection";
import { isSame, monthOf } from "./freeTimes";
import { LostTime } from "./lazyParts";
import { RequestNote } from "./RequestNote";
import { StepFooter } from "./StepFooter";
import { StepHeading } from "./StepHeading";
import { AskForTime, WaitForTimes } from "./timeAsides";
import { useFreeTimes } from "./useFreeTimes";

type TimeStepProps = {
  mentor: Mentor;
  step: Extract<BookingStep, { name: "time" }>;
  /** A mentor looks at his own times. */
  isPreview: boolean;
  /** Why the time chosen before cannot be had. */
  refusal: ApiProblem | null;
  /** The time that was refused. */
  refusedAt: string | null;
  onSelect: (startsAt: string) => void;
  onStepAside: (aside: Aside) => void;
  /** From what takes the place of the times to the times. */
  onReturn: () => void;
  onContinue: () => void;
  onBack: () => void;
};

/** Step 2: fetches what is free for `DateTimeSelection` and keeps the chosen time honest while others book. */
export function TimeStep(props: TimeStepProps) {
  const { mentor, step, isPreview, refusal, refusedAt, onSelect, onStepAside, onContinue, onBack } = props;
  const timeZone = useViewerTimeZone();
  const [day, setDay] = useState<{ date: string; timeZone: string } | null>(null);
  const selectedDate = step.startsAt && wallClock(step.startsAt, timeZone).date;
  // A date means another day in another zone: then the chosen time says which day to show, if there is one.
  const date = day?.timeZone === timeZone ? day.date : selectedDate;
  const freeTimes = useFreeTimes(mentor, step.choice, timeZone, date);

  const slotsThatDay = selectedDate ? freeTimes.days.get(selectedDate) : undefined;
  const isKnownDay =
    selectedDate !== null && monthOf(selectedDate) === freeTimes.month && freeTimes.status === "ready";
  const isGone = isKnownDay && !slotsThatDay?.some(({ starts_at }) => isSame(starts_at, step.startsAt));
  const startsAt = isGone || step.startsAt === refusedAt ? null : step.startsAt;
  const lost = refusal ? refusedAt : isGone ? step.startsAt : null;
  const mentorName = firstName(mentor.full_name);
  const clocks = { timeZone, mentorTimeZone: mentor.timezone, mentorName };

  const isEmptyDay = (day: string) =>
    monthOf(day) === freeTimes.month && freeTimes.status === "ready" && !freeTimes.days.has(day);
  const showDay = (next: string) => {
    setDay({ date: next, timeZone });
    freeTimes.showMonth(monthOf(next));
  };
  const select = (next: { starts_at: string }) => {
    showDay(wallClock(next.starts_at, timeZone).date);
    onSelect(next.starts_at);
  };

  const choiceOf = { mentor, choice: step.choice, onBack: props.onReturn };
  if (step.aside && !isPreview) {
    return (
      <Suspense fallback={<PartLoading />}>
        {step.aside.name === "ask" ? (
          <AskForTime {...choiceOf} />
        ) : (
          <WaitForTimes {...choiceOf} date={step.aside.day} onSelect={select} />
        )}
      </Suspense>
    );
  }
  return (
    <>
      <DialogBody>
        <StepHeading>When suits you?</StepHeading>
        <RequestNote mentor={mentor} choice={step.choice} className="mb-5" />
        {lost && (
          <Suspense fallback={null}>
            <LostTime
              {...clocks}
              mentor={mentor}
              choice={step.choice}
              lost={lost}
              refusal={refusal}
              kept="Nothing you have typed is lost."
              selected={startsAt}
              onSelect={select}
            />
          </Suspense>
        )}
        <DateTimeSelection
          {...clocks}
          freeTimes={freeTimes}
          onTimeZoneChange={setViewerTimeZone}
          date={date}
          onDateChange={showDay}
          selected={startsAt}
          onSelect={select}
          onWait={(day) => onStepAside({ name: "wait", day })}
        />
        {!isPreview && (
          <OtherWays
            onAsk={() => onStepAside({ name: "ask" })}
            onWait={() => onStepAside({ name: "wait", day: date && isEmptyDay(date) ? date : null })}
          />
        )}
      </DialogBody>
      <StepFooter
        choice={step.choice}
        total={null}
        onBack={onBack}
        action={
          <Button onClick={onContinue} disabled={!startsAt || isPreview} className="flex-1">
            Continue
          </Button>
        }
      >
        {isPreview ? (
          <p className="text-sm text-ink-soft">A preview of your own page: you can’t book yourself.</p>
        ) : startsAt ? (
          <BothTimesInShort {...clocks} startsAt={startsAt} />
        ) : (
          <p className="text-sm text-ink-soft">Choose a time to go on.</p>
        )}
      </StepFooter>
    </>
  );
}

/** For whom none of the offered times fits. */
function OtherWays({ onAsk, onWait }: { onAsk: () => void; onWait: () => void }) {
  return (
    <p className="mt-6 flex flex-wrap items-center gap-x-1 border-t border-line pt-3 text-sm text-ink-soft">
      <span className="mr-1">None of these fit?</span>
      <Button variant="link" size="inline" onClick={onAsk}>
        Ask for another time
      </Button>
      <span>or</span>
      <Button variant="link" size="inline" onClick={onWait}>
        be told when more opens
      </Button>
    </p>
  );
}
