import { Alert } from "@/components/ui/Alert";
import type { NextSlot } from "@/lib/api";
import { wallClock } from "@/lib/time";
import type { FreeSlot } from "./bookingStep";
import { type Clocks, TimeButton } from "./TimeButton";

type TimeGoneProps = Clocks & {
  /** What the refusal offers instead. */
  nextSlots: readonly NextSlot[];
  title?: string;
  /** What is not lost. */
  kept: string;
  selected: string | null;
  onSelect: (slot: FreeSlot) => void;
};

/** The chosen time cannot be had any more: says so and offers the nearest others. */
export function TimeGone({
  nextSlots,
  title = "Somebody has just taken this time",
  kept,
  selected,
  onSelect,
  ...clocks
}: TimeGoneProps) {
  return (
    <Alert tone="warning" className="mb-5" title={title}>
      <p>
        {kept} {nextSlots.length ? "These are free next:" : "Please choose another time."}
      </p>
      {nextSlots.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-2">
          {nextSlots.slice(0, 6).map((slot) => (
            <li key={slot.starts_at}>
              <TimeButton
                {...clocks}
                slot={{ ...slot, ...wallClock(slot.starts_at, clocks.timeZone) }}
                selected={isSame(slot.starts_at, selected)}
                onSelect={onSelect}
                withDay
              />
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

/** Whether two texts say the same instant. */
export function isSame(one: string, other: string | null): boolean {
  return other !== null && Date.parse(one) === Date.parse(other);
}
