import { Suspense, useId, useRef, useState } from "react";
import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import { availableTimes } from "#words/book.ts";
import { serviceFailures } from "#words/bookingService.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { lazyPart } from "@/lib/lazyPart.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { TimeZonePicker } from "@/ui/TimeZonePicker.tsx";
import type { FreeSlot } from "./bookingStep.ts";
import { DayTimes } from "./DayTimes.tsx";
import { MonthCalendar } from "./MonthCalendar.tsx";
import { NextFreeTimes } from "./NextFreeTimes.tsx";
import type { Clocks } from "./TimeItems.tsx";
import type { FreeTimes } from "./useFreeTimes.ts";

/** Loads when the pointer or the focus is on its way to a day. */
const NoTimesThatDay = lazyPart(() => import("./NoTimesThatDay.tsx").then((file) => file.NoTimesThatDay));

export type DateTimeSelectionProps = {
  freeTimes: FreeTimes;
  timeZone: string;
  onTimeZoneChange: (timeZone: string) => void;
  mentorTimeZone: string;
  mentorName: string;
  mark?: Clocks["mark"];
  /** The day whose times are shown; viewer-local. */
  date: LocalDate | null;
  onDateChange: (date: LocalDate) => void;
  /** The chosen instant. */
  selected: EpochMs | null;
  onSelect: (slot: FreeSlot) => void;
  /** Offers to wait for a time of a day without available times. */
  onWait?: (date: LocalDate) => void;
};

/** Picks one of the available times, shown in a time zone of the viewer's choice. */
export function DateTimeSelection(props: DateTimeSelectionProps) {
  const { freeTimes, timeZone, onTimeZoneChange, mentorTimeZone, mentorName, date, onDateChange } = props;
  const calendar = useRef<HTMLDivElement>(null);
  const timesId = useId();
  // Only a day that the student picks moves the focus to its times.
  const [chosenByHand, setChosenByHand] = useState<LocalDate | null>(null);
  const travels = [...freeTimes.days.values()].flat().map((slot) => slot.mentor_timezone);
  useZones(...new Set([mentorTimeZone, ...travels.filter((zone) => zone !== undefined)]));

  const chooseDate = (next: LocalDate) => {
    setChosenByHand(next);
    onDateChange(next);
  };
  const backToCalendar = () => {
    setChosenByHand(null);
    calendar.current?.querySelector<HTMLElement>("td button[tabindex='0']")?.focus();
  };

  useFirstViewEnd(freeTimes.status === "failed");
  const slots = date ? (freeTimes.days.get(date) ?? []) : [];
  const isLoading = freeTimes.status === "loading";
  const names = { mentorTimeZone, mentorName, timeZone, mark: props.mark };
  return (
    <div className="space-y-6">
      <TimeZonePicker timeZone={timeZone} mentorTimeZone={mentorTimeZone} onChange={onTimeZoneChange} />
      {freeTimes.status === "failed" && freeTimes.error ? (
        <ProblemState
          title={serviceFailures.availability}
          error={freeTimes.error}
          onRetry={freeTimes.retry}
        />
      ) : (
        <NextFreeTimes {...names} freeTimes={freeTimes} selected={props.selected} onSelect={props.onSelect} />
      )}
      <div className="grid gap-6 md:grid-cols-[20rem_1fr] md:gap-8">
        <div ref={calendar}>
          <MonthCalendar
            freeTimes={freeTimes}
            timeZone={timeZone}
            date={date}
            onDateChange={chooseDate}
            onDateIntent={NoTimesThatDay.preload}
          />
        </div>
        <section aria-labelledby={timesId} className="min-w-0 scroll-mt-4">
          {date && freeTimes.status === "ready" && slots.length === 0 && (
            <Suspense fallback={<Loading>{availableTimes.loading}</Loading>}>
              <NoTimesThatDay
                headingId={timesId}
                date={date}
                reason={freeTimes.reasons.get(date)}
                mentorName={mentorName}
                after={freeTimes.after}
                takeFocus={chosenByHand === date}
                onDateChange={chooseDate}
                onWait={props.onWait}
                onBack={backToCalendar}
              />
            </Suspense>
          )}
          {date && slots.length > 0 && (
            <DayTimes
              {...names}
              headingId={timesId}
              date={date}
              slots={slots}
              selected={props.selected}
              onSelect={props.onSelect}
              takeFocus={chosenByHand === date}
              onBack={backToCalendar}
            />
          )}
          {isLoading && <Loading>{availableTimes.loading}</Loading>}
          {!date && !isLoading && (
            <p
              id={timesId}
              className="rounded-control border border-dashed border-line-strong px-4 py-6 text-center text-ink-soft"
            >
              {availableTimes.pickDay}
            </p>
          )}
        </section>
      </div>
    </div>
  );
}
