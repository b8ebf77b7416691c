import { Suspense, useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { controls } from "#words/controls.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { monthOf } from "@/lib/months.ts";
import { wallClock } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { BothTimesInShort } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import type { Aside, BookingStep } from "./bookingStep.ts";
import { DateTimeSelection } from "./DateTimeSelection.tsx";
import { isSame } from "./freeTimes.ts";
import { LostTime } from "./lazyLostTime.ts";
import { RequestNote } from "./RequestNote.tsx";
import { StepFooter } from "./StepFooter.tsx";
import type { TimeAsides } from "./timeAsides.ts";
import { useFreeTimes } from "./useFreeTimes.ts";

type TimeStepProps = {
  mentor: Mentor;
  asides: TimeAsides;
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
  const { mentor, asides, step, isPreview, refusal, refusedAt, onSelect, onStepAside, onContinue, onBack } =
    props;
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
          <asides.AskForTime {...choiceOf} />
        ) : (
          <asides.WaitForTimes {...choiceOf} date={step.aside.day} onSelect={select} />
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
            {controls.continue}
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
