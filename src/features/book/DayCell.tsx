import { cn } from "@/lib/classNames.ts";
import { formatDate } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
import type { FreeTimes } from "./useFreeTimes.ts";

type DayCellProps = {
  date: string;
  /** How many times are free. */
  free: number;
  status: FreeTimes["status"];
  isToday: boolean;
  isSelected: boolean;
  isTabStop: boolean;
  /** Out of what can be booked. */
  isOutside: boolean;
  onChoose: () => void;
};

/**
 * A day with free times is bold with a mark below, one without is plain: never the colour alone. It stays choosable when
 * nothing is free, to be told what is free next; only a day out of range is not.
 */
export function DayCell({
  date,
  isToday,
  isSelected,
  isTabStop,
  isOutside,
  onChoose,
  ...times
}: DayCellProps) {
  const isFree = times.free > 0;
  const name = [
    formatDate(date),
    isOutside ? "not bookable" : timesWords(times),
    isToday && "today",
    isSelected && "selected",
  ];
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
        aria-label={name.filter(Boolean).join(", ")}
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

function timesWords({ free, status }: Pick<DayCellProps, "free" | "status">): string {
  if (free > 0) return countWords(free, "free time");
  if (status === "ready") return "no free times";
  return status === "loading" ? "loading free times" : "free times unknown";
}
