import { type CSSProperties, useEffect } from "react";
import type { Calendar } from "#contract/calendar.ts";
import type { OwnBusyTimes } from "#contract/calendarConnections.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { views } from "#words/calendar.ts";
import { cn } from "@/lib/classNames.ts";
import { formatTime } from "@/lib/time.ts";
import {
  type CalendarSession,
  extraHours,
  firstSessionPart,
  hoursOf,
  type ShownHours,
  shownHours,
} from "./calendarLayout.ts";
import { DayColumn, DayNote } from "./DayColumn.tsx";
import { MoreSessions } from "./MoreSessions.tsx";
import { PEEK_PX, useHiddenSessions } from "./useHiddenSessions.ts";

type TimeGridProps = {
  calendar: Calendar;
  sessions: readonly CalendarSession[];
  /** In the mentor's calendars elsewhere. */
  busy: OwnBusyTimes["data"];
  /** Scheduled, and without a booking. */
  groups: readonly GroupSession[];
  today: LocalDate;
  now: Date;
};

/** The dates above a week, px: `h-18`. */
const HEAD_PX = 72;

/**
 * An hour is as tall as lets everything shown fit into the frame, within what can be read. `svh`: it must not change while
 * a phone's address bar comes and goes.
 */
function gridHeights({ from, until }: ShownHours, isWeek: boolean): CSSProperties {
  const hours = (until - from) * 24;
  return {
    "--frame": "min(72svh, 50rem)",
    "--hour": `clamp(2.5rem, (var(--frame) - ${isWeek ? HEAD_PX + 2 : 2}px) / ${hours}, 4rem)`,
    "--day-height": "calc(var(--hour) * 24)",
    "--hidden-before": `calc(var(--hour) * ${from * 24})`,
    "--shown-height": `calc(var(--hour) * ${hours})`,
  } as CSSProperties;
}

/** A day or a week by the hour. */
export function TimeGrid({ calendar, sessions, busy, groups, today, now }: TimeGridProps) {
  const { days, timezone } = calendar;
  const isWeek = days.length > 1;
  const first = days[0]?.date;
  const blocks = [...sessions, ...groups];
  const shown = shownHours(days, blocks);
  const part = firstSessionPart(days, blocks);
  const { scroller, hidden, reveal } = useHiddenSessions();
  // Once for each week or day that is shown, not when a session arrives meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const head = isWeek ? HEAD_PX : 0;
    const perPart = (box.scrollHeight - head) / (shown.until - shown.from);
    box.scrollTop = part === null ? 0 : (part - shown.from) * perPart - PEEK_PX;
  }, [first]);
  // The hours at the side are those of a day without a clock change, if there is one.
  const usual = days.find((day) => extraHours(day) === 0) ?? days[0];
  const grid = (
    <div className="relative">
      <section
        ref={scroller}
        aria-label={isWeek ? views.week : views.day}
        // A scrolled box must be within reach of the keyboard, with or without sessions in it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
        tabIndex={0}
        style={gridHeights(shown, isWeek)}
        className={cn(
          "rounded-card border border-line bg-paper",
          isWeek
            ? "max-sm:px-4 sm:grid sm:max-h-(--frame) sm:grid-cols-[3.75rem_repeat(7,minmax(0,1fr))] sm:overflow-y-auto"
            : "grid max-h-(--frame) grid-cols-[3.75rem_minmax(0,1fr)] overflow-y-auto",
        )}
      >
        <div aria-hidden className={cn("text-xs text-ink-soft tabular-nums", isWeek && "max-sm:hidden")}>
          {isWeek && <div data-head className="sticky top-0 z-20 h-18 border-b border-line bg-paper" />}
          <div className="relative h-(--shown-height) overflow-y-clip">
            {usual &&
              hoursOf(usual)
                .filter(({ part: top }) => top > shown.from && top < shown.until)
                .map(({ instant, part: top }) => (
                  <span
                    key={instant}
                    className="absolute right-2 -translate-y-1/2 whitespace-nowrap"
                    style={{ top: `${((top - shown.from) / (shown.until - shown.from)) * 100}%` }}
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
            busy={busy}
            groups={groups}
            usualZone={timezone}
            isToday={day.date === today}
            now={now}
            listsWhenNarrow={isWeek}
          />
        ))}
      </section>
      <MoreSessions hidden={hidden} reveal={reveal} isBelowHead={isWeek} />
    </div>
  );
  if (isWeek || !days[0]) return grid;
  return (
    <>
      <DayNote day={days[0]} usualZone={timezone} className="mb-2 text-sm" />
      {grid}
    </>
  );
}
