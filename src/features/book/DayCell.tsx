import type { LocalDate } from "#scheduling/units.ts";
import { monthCalendar } from "#words/book.ts";
import { cn } from "@/lib/classNames.ts";
import { formatDate } from "@/lib/time.ts";
import type { FreeTimes } from "./useFreeTimes.ts";

type DayCellProps = {
  date: LocalDate;
  /** How many times are available. */
  free: number;
  status: FreeTimes["status"];
  isToday: boolean;
  isSelected: boolean;
  isTabStop: boolean;
  /** Outside the dates that can be booked. */
  isOutside: boolean;
  onChoose: () => void;
};

/**
 * A day with available times is bold and underlined, so that it does not differ by colour alone. A day without any can
 * still be chosen, because it then shows the next available days.
 */
export function DayCell({
  date,
  isToday,
  isSelected,
  isTabStop,
  isOutside,
  onChoose,
  free,
  status,
}: DayCellProps) {
  const isFree = free > 0;
  const times = isOutside ? "outside" : isFree || status === "ready" ? free : status;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside is what takes the focus (APG).
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the cell of a grid (APG).
      role="gridcell"
      aria-selected={isSelected}
      className="p-0.5 text-center"
    >
      <button
        type="button"
        data-date={date}
        disabled={isOutside}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={monthCalendar.day({ date: formatDate(date), times, isToday, isSelected })}
        onClick={onChoose}
        className={cn(
          "relative mx-auto flex h-11 w-full max-w-12 items-center justify-center rounded-control border tabular-nums transition-colors",
          isToday && !isSelected ? "border-line-strong" : "border-transparent",
          isSelected
            ? "bg-primary font-bold text-on-primary"
            : isFree
              ? "bg-primary-soft font-bold text-primary-text hover:border-primary"
              : "text-ink-soft hover:border-line-strong disabled:border-transparent disabled:opacity-50",
        )}
      >
        {Number(date.slice(8))}
        {isFree && <span aria-hidden className="absolute bottom-1.5 h-1 w-4 rounded-full bg-current" />}
      </button>
    </td>
  );
}
