import { availableTimes } from "#words/book.ts";
import { cn } from "@/lib/classNames.ts";
import { formatShortDay, formatTime, sameClock, wallClock } from "@/lib/time.ts";
import { withElements } from "@/ui/withElements.tsx";
import type { FreeSlot } from "./bookingStep.ts";

export type Clocks = { timeZone: string; mentorTimeZone: string; mentorName: string };

type TimeButtonProps = Clocks & {
  slot: FreeSlot;
  selected: boolean;
  onSelect: (slot: FreeSlot) => void;
  withDay?: boolean;
  className?: string;
};

/** An available start: the viewer's time in large, and the mentor's time and date below where they differ. */
export function TimeButton({ slot, selected, onSelect, withDay, className, ...clocks }: TimeButtonProps) {
  const { timeZone, mentorName } = clocks;
  const { startsAt, seats_left: seatsLeft } = slot;
  // The zone the mentor is in at that time, who may be travelling.
  const mentorTimeZone = slot.mentor_timezone ?? clocks.mentorTimeZone;
  const isOtherDate = wallClock(startsAt, mentorTimeZone).date !== slot.date;
  const mentorTime = [
    formatTime(startsAt, mentorTimeZone),
    ...(isOtherDate ? [formatShortDay(startsAt, mentorTimeZone)] : []),
  ].join(" ");
  return (
    <button
      type="button"
      aria-pressed={selected}
      onClick={() => onSelect(slot)}
      className={cn(
        "tap flex flex-col items-start justify-center rounded-control border px-3 py-1.5 text-left leading-snug transition-colors",
        selected
          ? "border-primary bg-primary text-on-primary"
          : "border-line-strong bg-surface hover:border-primary hover:bg-primary-soft",
        className,
      )}
    >
      {withDay && (
        <span className="text-sm font-semibold">
          {formatShortDay(startsAt, timeZone)}
          <span className="sr-only">, </span>
        </span>
      )}
      <span className="font-bold tabular-nums">{formatTime(startsAt, timeZone)}</span>
      {!sameClock(timeZone, mentorTimeZone, startsAt) && (
        <span className={cn("text-xs", !selected && "text-ink-soft")}>
          <span className="sr-only">, </span>
          {withElements(({ mentor }) => availableTimes.forMentor({ time: mentorTime, mentor }), {
            mentor: <bdi>{mentorName}</bdi>,
          })}
        </span>
      )}
      {seatsLeft !== undefined && (
        <span className={cn("text-xs", !selected && "text-ink-soft")}>
          <span className="sr-only">, </span>
          {availableTimes.seatsLeft(seatsLeft)}
        </span>
      )}
    </button>
  );
}
