import { cn } from "@/lib/classNames.ts";
import { formatShortDay, formatTime, sameClock, wallClock } from "@/lib/time.ts";
import { countWords } from "@/lib/words.ts";
import type { FreeSlot } from "./bookingStep.ts";

export type Clocks = { timeZone: string; mentorTimeZone: string; mentorName: string };

type TimeButtonProps = Clocks & {
  slot: FreeSlot;
  selected: boolean;
  onSelect: (slot: FreeSlot) => void;
  withDay?: boolean;
  className?: string;
};

/** A free start: the viewer's time large, the mentor's beside it where it differs, his date where that differs too. */
export function TimeButton({ slot, selected, onSelect, withDay, className, ...clocks }: TimeButtonProps) {
  const { timeZone, mentorName } = clocks;
  const { starts_at: startsAt, seats_left: seatsLeft } = slot;
  // Mentors travel: then the clock beside the viewer's is the one that hangs there.
  const mentorTimeZone = slot.mentor_timezone ?? clocks.mentorTimeZone;
  const mentorDate = wallClock(startsAt, mentorTimeZone).date;
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
          {formatTime(startsAt, mentorTimeZone)}
          {mentorDate !== slot.date && ` ${formatShortDay(startsAt, mentorTimeZone)}`} for{" "}
          <bdi>{mentorName}</bdi>
        </span>
      )}
      {seatsLeft !== undefined && (
        <span className={cn("text-xs", !selected && "text-ink-soft")}>
          <span className="sr-only">, </span>
          {countWords(seatsLeft, "seat")} left
        </span>
      )}
    </button>
  );
}
