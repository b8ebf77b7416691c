import { ChevronLeft, ChevronRight, type LucideIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { LocalDate } from "#scheduling/units.ts";
import { monthCalendar } from "#words/book.ts";
import { dateAfterKey, weeksOf } from "@/lib/monthGrid.ts";
import { addMonths, monthOf } from "@/lib/months.ts";
import { firstWeekday, formatMonth, formatWeekday, todayIn } from "@/lib/time.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { DayCell } from "./DayCell.tsx";
import { bookablePart } from "./freeTimes.ts";
import type { FreeTimes } from "./useFreeTimes.ts";

type MonthCalendarProps = {
  freeTimes: FreeTimes;
  timeZone: string;
  date: LocalDate | null;
  onDateChange: (date: LocalDate) => void;
  /** Called when the pointer or the focus reaches the days. */
  onDateIntent?: () => void;
};

/**
 * One month as a grid with arrow keys (WAI-ARIA APG, date picker dialog), in calendar dates, which have no zone. Written by
 * hand because react-day-picker with date-fns is 19 kB gzip, a sixth of what the booking route loads (decision 0007).
 */
export function MonthCalendar({ freeTimes, timeZone, date, onDateChange, onDateIntent }: MonthCalendarProps) {
  const { bookable, days, month, showMonth } = freeTimes;
  const [walkedTo, setWalkedTo] = useState<LocalDate | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const captionId = useId();
  const weekday = firstWeekday();
  const weeks = weeksOf(month, weekday);
  const tabStop = tabStopOf(freeTimes, walkedTo ?? date);
  useMonthAnnouncement(freeTimes);

  useEffect(() => {
    if (walkedTo) grid.current?.querySelector<HTMLElement>(`[data-date="${walkedTo}"]`)?.focus();
  }, [walkedTo]);

  const walk = (event: KeyboardEvent) => {
    const next = dateAfterKey(event.key, tabStop, weekday, bookable);
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    setWalkedTo(next);
    showMonth(monthOf(next));
  };
  const turnMonths = (count: number) => {
    setWalkedTo(null);
    showMonth(addMonths(month, count));
  };

  return (
    <>
      <div className="mb-2 flex items-center gap-1.5">
        <p id={captionId} aria-live="polite" className="mr-auto pl-1 text-lg font-bold">
          {formatMonth(month)}
        </p>
        <MonthButton
          label={monthCalendar.previous}
          Icon={ChevronLeft}
          isPossible={bookablePart(addMonths(month, -1), bookable) !== null}
          onClick={() => turnMonths(-1)}
        />
        <MonthButton
          label={monthCalendar.next}
          Icon={ChevronRight}
          isPossible={bookablePart(addMonths(month, 1), bookable) !== null}
          onClick={() => turnMonths(1)}
        />
      </div>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what a grid is made of (APG).
        role="grid"
        aria-labelledby={captionId}
        onKeyDown={walk}
        onPointerEnter={onDateIntent}
        onFocus={onDateIntent}
        className="w-full table-fixed border-collapse"
      >
        <thead>
          <tr>
            {Array.from({ length: 7 }, (_, index) => (weekday + index) % 7).map((day) => (
              <th key={day} scope="col" className="h-9 text-sm font-semibold text-ink-soft">
                <span aria-hidden>{formatWeekday(day, "short").slice(0, 2)}</span>
                <span className="sr-only">{formatWeekday(day, "long")}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, row) => (
            <tr key={week.find(Boolean)}>
              {week.map((day, column) =>
                day === null ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an empty cell has nothing but its place.
                  <td key={`${row} ${column}`} />
                ) : (
                  <DayCell
                    key={day}
                    date={day}
                    free={days.get(day)?.length ?? 0}
                    status={freeTimes.status}
                    isToday={day === todayIn(timeZone)}
                    isSelected={day === date}
                    isTabStop={day === tabStop}
                    isOutside={day < bookable.from || day > bookable.to}
                    onChoose={() => {
                      setWalkedTo(null);
                      onDateChange(day);
                    }}
                  />
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

type MonthButtonProps = { label: string; Icon: LucideIcon; isPossible: boolean; onClick: () => void };

/** `aria-disabled`, because `disabled` would drop the focus on reaching the last month. */
function MonthButton({ label, Icon, isPossible, onClick }: MonthButtonProps) {
  return (
    <Button
      variant="secondary"
      size="icon"
      aria-label={label}
      aria-disabled={!isPossible || undefined}
      onClick={() => isPossible && onClick()}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}

/** The one day of the shown month in the tab order. */
function tabStopOf({ month, days, bookable }: FreeTimes, wanted: LocalDate | null): LocalDate {
  if (wanted && monthOf(wanted) === month) return wanted;
  const firstFree = [...days.keys()].filter((date) => monthOf(date) === month).sort()[0];
  return firstFree ?? bookablePart(month, bookable)?.from ?? month;
}

/** The caption is a live region; this adds how many days are available, once they have loaded. */
function useMonthAnnouncement({ month, days, status }: FreeTimes): void {
  const free = [...days.keys()].filter((date) => monthOf(date) === month).length;
  const announcedMonth = useRef(month);
  useEffect(() => {
    if (status !== "ready" || announcedMonth.current === month) return;
    announcedMonth.current = month;
    announce(monthCalendar.loaded(formatMonth(month), free));
  }, [month, free, status]);
}
