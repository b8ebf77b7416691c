import { cn } from "@/lib/classNames.ts";
import type { FreeSlot } from "./bookingStep.ts";
import { TimeFace, timeClasses } from "./TimeFace.tsx";
import { timeTexts } from "./timeTexts.ts";

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
  const { startsAt, seats_left: seatsLeft } = slot;
  const { day, ...texts } = timeTexts(
    startsAt,
    clocks.timeZone,
    slot.mentor_timezone ?? clocks.mentorTimeZone,
  );
  return (
    <button
      type="button"
      aria-pressed={selected}
      data-starts-at={startsAt}
      onClick={() => onSelect(slot)}
      className={cn(timeClasses(selected), className)}
    >
      <TimeFace
        {...texts}
        day={withDay ? day : null}
        mentorName={clocks.mentorName}
        seatsLeft={seatsLeft}
        selected={selected}
      />
    </button>
  );
}
