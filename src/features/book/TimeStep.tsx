import { Suspense, useState } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import { timeStep } from "#words/book.ts";
import { controls } from "#words/controls.ts";
import { useMe } from "@/features/accounts/me.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { monthOf } from "@/lib/months.ts";
import { firstName } from "@/lib/names.ts";
import { wallClock } from "@/lib/time.ts";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { BothTimesInShort } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody } from "@/ui/Dialog.tsx";
import { PartLoading } from "@/ui/PageLoading.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { withElements } from "@/ui/withElements.tsx";
import type { Aside, BookingStep } from "./bookingStep.ts";
import { DateTimeSelection } from "./DateTimeSelection.tsx";
import { TimeUnavailable } from "./lazyTimeUnavailable.ts";
import { RequestNote } from "./RequestNote.tsx";
import { StepFooter } from "./StepFooter.tsx";
import type { TimeAside } from "./timeAsides.ts";
import { useFreeTimes } from "./useFreeTimes.ts";

type TimeStepProps = {
  mentor: Mentor;
  Aside: TimeAside;
  step: Extract<BookingStep, { name: "time" }>;
  /** The mentor is looking at their own times. */
  isPreview: boolean;
  /** Why the time chosen before was refused. */
  refusal: ApiProblem | null;
  /** The time that was refused. */
  refusedAt: EpochMs | null;
  onSelect: (startsAt: EpochMs) => void;
  onOpenAside: (aside: Aside) => void;
  /** Closes the aside. */
  onReturn: () => void;
  /** Changes the other times in the basket; no time is chosen any more. */
  onAlso: (also: string) => void;
  onContinue: () => void;
  onBack: () => void;
  /** Called when the pointer or the focus reaches the button. */
  onBackIntent: () => void;
};

/** Step 2: loads the times for `DateTimeSelection`, and drops the chosen one when it is no longer available. */
export function TimeStep(props: TimeStepProps) {
  const { mentor, Aside, step, isPreview, refusal, refusedAt, onSelect, onOpenAside, onContinue, onBack } =
    props;
  const { data: me } = useMe();
  const mark = (startsAt: EpochMs) => (
    <Suspense fallback={null}>
      <Aside name="clash" startsAt={startsAt} duration={step.choice.minutes} />
    </Suspense>
  );
  const timeZone = useViewerTimeZone();
  const [day, setDay] = useState<{ date: LocalDate; timeZone: string } | null>(null);
  const selectedDate = step.startsAt && wallClock(step.startsAt, timeZone).date;
  // A date is another day in another zone, so a change of zone goes back to the day of the chosen time.
  const date = day?.timeZone === timeZone ? day.date : selectedDate;
  const freeTimes = useFreeTimes(mentor, step.choice, timeZone, date);

  const slotsThatDay = selectedDate ? freeTimes.days.get(selectedDate) : undefined;
  const isKnownDay =
    selectedDate !== null && monthOf(selectedDate) === freeTimes.month && freeTimes.status === "ready";
  const isTaken = isKnownDay && !slotsThatDay?.some(({ startsAt }) => startsAt === step.startsAt);
  const startsAt = isTaken || step.startsAt === refusedAt ? null : step.startsAt;
  const unavailable = refusal ? refusedAt : isTaken ? step.startsAt : null;
  const [overlaps, setOverlaps] = useState(false);
  const hasSeveral = step.also.includes(" ");
  const mentorName = firstName(mentor.full_name);
  const clocks = { timeZone, mentorTimeZone: mentor.timezone, mentorName };

  const isEmptyDay = (day: LocalDate) =>
    monthOf(day) === freeTimes.month && freeTimes.status === "ready" && !freeTimes.days.has(day);
  const showDay = (next: LocalDate) => {
    setDay({ date: next, timeZone });
    freeTimes.showMonth(monthOf(next));
  };
  const select = (next: { startsAt: EpochMs }) => {
    showDay(wallClock(next.startsAt, timeZone).date);
    onSelect(next.startsAt);
  };

  const choiceOf = { mentor, choice: step.choice, onBack: props.onReturn };
  if (step.aside && !isPreview) {
    return (
      <Suspense fallback={<PartLoading />}>
        {step.aside.name === "ask" ? (
          <Aside name="ask" {...choiceOf} />
        ) : (
          <Aside name="wait" {...choiceOf} date={step.aside.day} onSelect={select} />
        )}
      </Suspense>
    );
  }
  return (
    <>
      <DialogBody>
        <StepHeading>{timeStep.title}</StepHeading>
        <RequestNote mentor={mentor} choice={step.choice} className="mb-5" />
        {unavailable && (
          <Suspense fallback={null}>
            <TimeUnavailable
              {...clocks}
              mentor={mentor}
              choice={step.choice}
              unavailable={unavailable}
              refusal={refusal}
              keeps="details"
              Aside={Aside}
              selected={startsAt}
              onSelect={select}
            />
          </Suspense>
        )}
        <DateTimeSelection
          {...clocks}
          mark={me ? mark : undefined}
          freeTimes={freeTimes}
          onTimeZoneChange={setViewerTimeZone}
          date={date}
          onDateChange={showDay}
          selected={startsAt}
          onSelect={select}
          onWait={(day) => onOpenAside({ name: "wait", day })}
        />
        {!isPreview && (
          <OtherOptions
            onRequest={() => onOpenAside({ name: "ask" })}
            onWait={() => onOpenAside({ name: "wait", day: date && isEmptyDay(date) ? date : null })}
          />
        )}
      </DialogBody>
      <StepFooter
        choice={step.choice}
        total={null}
        onBack={onBack}
        onBackIntent={props.onBackIntent}
        action={
          <Button
            onClick={onContinue}
            disabled={(!startsAt && !hasSeveral) || overlaps || isPreview}
            className="flex-1"
          >
            {controls.continue}
          </Button>
        }
      >
        {isPreview ? (
          <p className="text-sm text-ink-soft">{timeStep.preview}</p>
        ) : startsAt ? (
          <BothTimesInShort {...clocks} startsAt={startsAt} />
        ) : (
          !hasSeveral && <p className="text-sm text-ink-soft">{timeStep.missing}</p>
        )}
        {!isPreview && (startsAt || step.also) && (
          <Suspense fallback={null}>
            <Aside
              name="several"
              {...choiceOf}
              {...{ startsAt, timeZone }}
              also={step.also}
              onAlso={(also) => {
                // The day stays open for the next time.
                if (date) showDay(date);
                props.onAlso(also);
              }}
              onOverlap={setOverlaps}
              onRepeat={() => onOpenAside({ name: "series" })}
            />
          </Suspense>
        )}
      </StepFooter>
    </>
  );
}

/** For students whom none of the times suits. */
function OtherOptions({ onRequest, onWait }: { onRequest: () => void; onWait: () => void }) {
  return (
    <p className="mt-6 border-t border-line pt-3 text-sm text-ink-soft">
      {withElements(timeStep.otherOptions, {
        request: (
          <Button variant="link" size="inline" onClick={onRequest}>
            {timeStep.request}
          </Button>
        ),
        wait: (
          <Button variant="link" size="inline" onClick={onWait}>
            {timeStep.wait}
          </Button>
        ),
      })}
    </p>
  );
}
