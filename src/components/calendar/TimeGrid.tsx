import { type CSSProperties, useEffect, useRef } from "react";
import { cn } from "@/lib/classNames";
import { formatTime } from "@/lib/time";
import type { Calendar } from "../../../contract/calendar";
import { type CalendarSession, extraHours, firstBusyPart, hoursOf } from "./calendarLayout";
import { DayColumn, DayNote } from "./DayColumn";

type TimeGridProps = {
  calendar: Calendar;
  sessions: readonly CalendarSession[];
  today: string;
  now: Date;
};

/** A day or a week by the hour. */
export function TimeGrid({ calendar, sessions, today, now }: TimeGridProps) {
  const { days, timezone } = calendar;
  const isWeek = days.length > 1;
  const scroller = useRef<HTMLElement>(null);
  const first = days[0]?.date;
  const part = firstBusyPart(days, sessions);
  // Once for each week or day that is shown: not when a session arrives while somebody looks.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const box = scroller.current;
    if (box) box.scrollTop = part * box.scrollHeight;
  }, [first]);
  // The hours at the side are those of a day like most.
  const usual = days.find((day) => extraHours(day) === 0) ?? days[0];
  const grid = (
    <section
      ref={scroller}
      aria-label={isWeek ? "Week" : "Day"}
      // A scrolled box must be within reach of the keyboard, with or without sessions in it.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
      tabIndex={0}
      style={{ "--day-height": "96rem" } as CSSProperties}
      className={cn(
        "rounded-card border border-line bg-paper",
        isWeek
          ? "max-sm:px-4 sm:grid sm:max-h-[min(72dvh,50rem)] sm:grid-cols-[3.75rem_repeat(7,minmax(0,1fr))] sm:overflow-y-auto"
          : "grid max-h-[min(72dvh,50rem)] grid-cols-[3.75rem_minmax(0,1fr)] overflow-y-auto",
      )}
    >
      <div aria-hidden className={cn("text-xs text-ink-soft tabular-nums", isWeek && "max-sm:hidden")}>
        {isWeek && <div className="sticky top-0 z-20 h-18 border-b border-line bg-paper" />}
        <div className="relative h-(--day-height)">
          {usual &&
            hoursOf(usual)
              .slice(1)
              .map(({ instant, part: top }) => (
                <span
                  key={instant}
                  className="absolute right-2 -translate-y-1/2 whitespace-nowrap"
                  style={{ top: `${top * 100}%` }}
                >
                  {formatTime(instant, usual.timezone).replace(/:00/, "")}
                </span>
              ))}
        </div>
      </div>
      {days.map((day) => (
        <DayColumn
          key={day.date}
          day={day}
          sessions={sessions}
          usualZone={timezone}
          isToday={day.date === today}
          now={now}
          listsWhenNarrow={isWeek}
        />
      ))}
    </section>
  );
  if (isWeek || !days[0]) return grid;
  return (
    <>
      <DayNote day={days[0]} usualZone={timezone} className="mb-2 text-sm" />
      {grid}
    </>
  );
}
