import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import { partsOfDay } from "#words/book.ts";
import type { FreeSlot } from "./bookingStep.ts";
import { byPartOfDay } from "./freeTimes.ts";
import { type Clocks, TimeItems } from "./TimeItems.tsx";
import { TimesHeading } from "./TimesHeading.tsx";

type DayTimesProps = Clocks & {
  headingId: string;
  date: LocalDate;
  slots: FreeSlot[];
  selected: EpochMs | null;
  onSelect: (slot: FreeSlot) => void;
  takeFocus: boolean;
  onBack: () => void;
};

/** The available times of one day, by the viewer's morning, afternoon and evening. */
export function DayTimes({
  headingId,
  date,
  slots,
  selected,
  onSelect,
  takeFocus,
  onBack,
  ...clocks
}: DayTimesProps) {
  return (
    <>
      <TimesHeading id={headingId} date={date} takeFocus={takeFocus} onBack={onBack} />
      <div className="space-y-4">
        {byPartOfDay(slots).map(({ part, slots: times }) => (
          <div key={part}>
            <h5 className="mb-1.5 text-sm font-semibold text-ink-soft">{partsOfDay[part]}</h5>
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(8.25rem,1fr))] gap-2">
              <TimeItems {...clocks} slots={times} selected={selected} onSelect={onSelect} fill />
            </ul>
          </div>
        ))}
      </div>
    </>
  );
}
