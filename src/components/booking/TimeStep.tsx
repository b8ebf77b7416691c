import { useState } from "react";
import { Alert } from "@/components/ui/Alert";
import { Button } from "@/components/ui/Button";
import { DialogBody } from "@/components/ui/Dialog";
import type { ApiProblem } from "@/lib/api";
import { wallClock } from "@/lib/time";
import { setViewerTimeZone, useViewerTimeZone } from "@/lib/viewerTimeZone";
import { firstName } from "@/lib/words";
import type { Mentor } from "../../../contract/mentors";
import { BothTimesInShort } from "./BothTimes";
import type { BookingStep } from "./bookingStep";
import { DateTimeSelection } from "./DateTimeSelection";
import { monthOf } from "./freeTimes";
import { StepFooter } from "./StepFooter";
import { StepHeading } from "./StepHeading";
import { TimeButton } from "./TimeButton";
import { useFreeTimes } from "./useFreeTimes";

type TimeStepProps = {
  mentor: Mentor;
  step: Extract<BookingStep, { name: "time" }>;
  /** Why the time chosen before cannot be had. */
  refusal: ApiProblem | null;
  /** The time that was refused. */
  refusedAt: string | null;
  onSelect: (startsAt: string) => void;
  onContinue: () => void;
  onBack: () => void;
};

/** Step 2: fetches what is free for `DateTimeSelection` and keeps the chosen time honest while others book. */
export function TimeStep({ mentor, step, refusal, refusedAt, onSelect, onContinue, onBack }: TimeStepProps) {
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
  const mentorName = firstName(mentor.full_name);
  const clocks = { timeZone, mentorTimeZone: mentor.timezone, mentorName };

  const showDay = (next: string) => {
    setDay({ date: next, timeZone });
    freeTimes.showMonth(monthOf(next));
  };
  const select = (next: { starts_at: string }) => {
    showDay(wallClock(next.starts_at, timeZone).date);
    onSelect(next.starts_at);
  };

  return (
    <>
      <DialogBody>
        <StepHeading>When suits you?</StepHeading>
        {(refusal || isGone) && (
          <Alert tone="warning" className="mb-5" title="Somebody has just taken this time">
            <p>
              Nothing you have typed is lost.{" "}
              {refusal?.nextSlots.length ? "These are free next:" : "Please choose another time."}
            </p>
            {refusal && refusal.nextSlots.length > 0 && (
              <ul className="mt-3 flex flex-wrap gap-2">
                {refusal.nextSlots.slice(0, 6).map((slot) => (
                  <li key={slot.starts_at}>
                    <TimeButton
                      {...clocks}
                      slot={inZone(slot, timeZone)}
                      selected={isSame(slot.starts_at, startsAt)}
                      onSelect={select}
                      withDay
                    />
                  </li>
                ))}
              </ul>
            )}
          </Alert>
        )}
        <DateTimeSelection
          {...clocks}
          freeTimes={freeTimes}
          onTimeZoneChange={setViewerTimeZone}
          date={date}
          onDateChange={showDay}
          selected={startsAt}
          onSelect={select}
        />
      </DialogBody>
      <StepFooter
        choice={step.choice}
        total={null}
        onBack={onBack}
        action={
          <Button onClick={onContinue} disabled={!startsAt} className="flex-1">
            Continue
          </Button>
        }
      >
        {startsAt ? (
          <BothTimesInShort {...clocks} startsAt={startsAt} />
        ) : (
          <p className="text-sm text-ink-soft">Choose a time to go on.</p>
        )}
      </StepFooter>
    </>
  );
}

function isSame(one: string, other: string | null): boolean {
  return other !== null && Date.parse(one) === Date.parse(other);
}

function inZone<T extends { starts_at: string }>(
  slot: T,
  timeZone: string,
): T & { date: string; time: string } {
  return { ...slot, ...wallClock(slot.starts_at, timeZone) };
}
