import type { ReactNode } from "react";
import type { EpochMs } from "#scheduling/units.ts";
import { cn } from "@/lib/classNames.ts";
import type { FreeSlot } from "./bookingStep.ts";
import { TimeFace, timeClasses } from "./TimeFace.tsx";
import { timeTexts } from "./timeTexts.ts";

export type Clocks = {
  timeZone: string;
  mentorTimeZone: string;
  mentorName: string;
  /** At a time that clashes with a calendar of the viewer. */
  mark?: ((startsAt: EpochMs) => ReactNode) | undefined;
};

type TimeProps = Clocks & {
  /** The chosen start. */
  selected: EpochMs | null;
  onSelect: (slot: FreeSlot) => void;
  withDay?: boolean;
  /** Fills the cell of a grid. */
  fill?: boolean;
};

/** List items, each with a button that chooses an available start. */
export function TimeItems({ slots, ...props }: TimeProps & { slots: readonly FreeSlot[] }) {
  return slots.map((slot) => (
    <li key={slot.startsAt}>
      <TimeButton {...props} slot={slot} />
    </li>
  ));
}

/** The viewer's time in large, and the mentor's time and date below where they differ. */
function TimeButton({ slot, selected, onSelect, withDay, fill, ...clocks }: TimeProps & { slot: FreeSlot }) {
  const { startsAt, seats_left: seatsLeft } = slot;
  const { day, ...texts } = timeTexts(
    startsAt,
    clocks.timeZone,
    slot.mentor_timezone ?? clocks.mentorTimeZone,
  );
  const isSelected = startsAt === selected;
  return (
    <button
      type="button"
      aria-pressed={isSelected}
      data-starts-at={startsAt}
      onClick={() => onSelect(slot)}
      className={cn(timeClasses(isSelected), fill && "h-full w-full")}
    >
      <TimeFace
        {...texts}
        day={withDay ? day : null}
        mentorName={clocks.mentorName}
        seatsLeft={seatsLeft}
        selected={isSelected}
      />
      {clocks.mark?.(startsAt)}
    </button>
  );
}
