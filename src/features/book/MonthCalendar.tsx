import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { dateAfterKey, weeksOf } from "@/lib/monthGrid.ts";
import { addMonths, monthOf } from "@/lib/months.ts";
import { firstWeekday, formatMonth, formatWeekday, todayIn } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
import { announce } from "@/ui/Announcer.tsx";
import { Button } from "@/ui/Button.tsx";
import { DayCell } from "./DayCell.tsx";
import { bookablePart } from "./freeTimes.ts";
import type { FreeTimes } from "./useFreeTimes.ts";

type MonthCalendarProps = {
  freeTimes: FreeTimes;
  timeZone: string;
  date: string | null;
  onDateChange: (date: string) => void;
};

/**
 * One month as a grid for the arrow keys (WAI-ARIA APG, date picker dialog). All in calendar dates, which have no zone to go
 * wrong by. Made by hand: react-day-picker and its date-fns weigh 19 kB gzip, a ninth of the booking route's budget.
 */
export function MonthCalendar({ freeTimes, timeZone, date, onDateChange }: MonthCalendarProps) {
  const { bookable, days, month, showMonth } = freeTimes;
  const [walkedTo, setWalkedTo] = useState<string | null>(null);
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
  const leaf = (count: number) => {
    setWalkedTo(null);
    showMonth(addMonths(month, count));
  };

  return (
    <>
      <div className="mb-2 flex items-center gap-1.5">
        <p id={captionId} aria-live="polite" className="mr-auto pl-1 text-lg font-bold">
          {formatMonth(month)}
        </p>
        <Leaf
          label="Previous month"
          possible={bookablePart(addMonths(month, -1), bookable) !== null}
          onLeaf={() => leaf(-1)}
        />
        <Leaf
          label="Next month"
          possible={bookablePart(addMonths(month, 1), bookable) !== null}
          onLeaf={() => leaf(1)}
        />
      </div>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table is what a grid is made of (APG).
        role="grid"
        aria-labelledby={captionId}
        onKeyDown={walk}
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
                  // biome-ignore lint/suspicious/noArrayIndexKey: an empty cell has no other name than its place.
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

type LeafProps = { label: "Previous month" | "Next month"; possible: boolean; onLeaf: () => void };

/** `aria-disabled`, because a disabled button would drop the focus of the person who has just leafed to the last month. */
function Leaf({ label, possible, onLeaf }: LeafProps) {
  const Icon = label === "Next month" ? ChevronRight : ChevronLeft;
  return (
    <Button
      variant="secondary"
      size="icon"
      aria-label={label}
      aria-disabled={!possible || undefined}
      onClick={() => possible && onLeaf()}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}

/** The one day of the shown month that Tab stops at. */
function tabStopOf({ month, days, bookable }: FreeTimes, wanted: string | null): string {
  if (wanted && monthOf(wanted) === month) return wanted;
  const firstFree = [...days.keys()].filter((date) => monthOf(date) === month).sort()[0];
  return firstFree ?? bookablePart(month, bookable)?.from ?? month;
}

/** The caption itself is a live region; this adds what came for the month, once it has come. */
function useMonthAnnouncement({ month, days, status }: FreeTimes): void {
  const free = [...days.keys()].filter((date) => monthOf(date) === month).length;
  const said = useRef(month);
  useEffect(() => {
    if (status !== "ready" || said.current === month) return;
    said.current = month;
    announce(`${formatMonth(month)}: ${free === 0 ? "no days" : countWords(free, "day")} with free times`);
  }, [month, free, status]);
}
