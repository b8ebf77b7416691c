import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type EpochMs, type LocalDate, parseInstant } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { reschedule } from "#words/sessionPage.ts";
import { DateTimeSelection } from "@/features/book/DateTimeSelection.tsx";
import { nextFreeOf, TimeUnavailableAlert } from "@/features/book/TimeUnavailable.tsx";
import { useFreeTimesFrom } from "@/features/book/useFreeTimes.ts";
import { useLiveAvailability } from "@/features/book/useLiveAvailability.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { monthOf } from "@/lib/months.ts";
import { wallClock } from "@/lib/time.ts";
import { BothTimes, BothTimesInShort } from "@/ui/BothTimes.tsx";
import { Button } from "@/ui/Button.tsx";
import { DialogBody, DialogFooter } from "@/ui/Dialog.tsx";
import { StepHeading } from "@/ui/StepHeading.tsx";
import { sessionTimesQuery } from "./queries.ts";

type RescheduleTimesProps = {
  side: SessionSide;
  startsAt: EpochMs | null;
  refusal: ApiProblem | null;
  onTimeZoneChange: (timeZone: string) => void;
  onSelect: (startsAt: EpochMs) => void;
  onContinue: (startsAt: EpochMs) => void;
};

/** The default of a mentor, until the profile is loaded. */
const USUAL_WINDOW_DAYS = 60;

/** The times the session can move to, below its current time. */
export function RescheduleTimes(props: RescheduleTimesProps) {
  const { side, startsAt, refusal, onTimeZoneChange, onSelect, onContinue } = props;
  const { booking, access, timeZone, other } = side;
  const current = parseInstant(booking.starts_at);
  const mentor = useQuery(mentorQuery(booking.mentor.username));
  useLiveAvailability(booking.expert_id);
  const [day, setDay] = useState<{ date: LocalDate; timeZone: string } | null>(null);
  // In another zone a date is another day: there, the day of the chosen time is shown.
  const date =
    day?.timeZone === timeZone ? day.date : startsAt === null ? null : wallClock(startsAt, timeZone).date;
  const freeTimes = useFreeTimesFrom(
    {
      windowDays: mentor.data?.booking_window_days ?? USUAL_WINDOW_DAYS,
      query: (range) =>
        sessionTimesQuery(
          access,
          { mentorId: booking.expert_id, role: side.role },
          { ...range, timezone: timeZone },
        ),
      // Free as far as the API is concerned, but it is the time to be changed.
      omit: current,
    },
    timeZone,
    date,
  );
  const clocks = { timeZone, mentorTimeZone: other.timeZone, mentorName: other.name };
  const isUnchanged = startsAt === current;

  const showDay = (next: LocalDate) => {
    setDay({ date: next, timeZone });
    freeTimes.showMonth(monthOf(next));
  };
  const select = (slot: { startsAt: EpochMs }) => {
    showDay(wallClock(slot.startsAt, timeZone).date);
    onSelect(slot.startsAt);
  };

  return (
    <>
      <DialogBody>
        <StepHeading>{reschedule.timeStep}</StepHeading>
        <div className="mb-5 rounded-control border border-line bg-surface px-4 py-3">
          <h4 className="text-sm font-semibold text-ink-soft">{reschedule.current}</h4>
          <BothTimes {...clocks} startsAt={current} />
        </div>
        {refusal && (
          <TimeUnavailableAlert
            {...clocks}
            nextSlots={nextFreeOf(refusal, timeZone)}
            title={refusal.detail}
            keeps="reschedule"
            selected={startsAt}
            onSelect={select}
          />
        )}
        <DateTimeSelection
          {...clocks}
          freeTimes={freeTimes}
          onTimeZoneChange={onTimeZoneChange}
          date={date}
          onDateChange={showDay}
          selected={startsAt}
          onSelect={select}
        />
      </DialogBody>
      <DialogFooter>
        <div className="flex flex-col gap-3 sm:flex-row sm:items-center">
          <div className="min-w-0 flex-1">
            {startsAt && !isUnchanged ? (
              <BothTimesInShort {...clocks} startsAt={startsAt} />
            ) : (
              <p className="text-sm text-ink-soft">
                {isUnchanged ? reschedule.unchanged : reschedule.choose}
              </p>
            )}
          </div>
          <Button
            onClick={() => startsAt && onContinue(startsAt)}
            disabled={!startsAt || isUnchanged}
            className="sm:min-w-40"
          >
            {controls.continue}
          </Button>
        </div>
      </DialogFooter>
    </>
  );
}
