import { useRef } from "react";
import { Card } from "@/components/ui/Card";
import { formatClock } from "@/lib/sessionTime";
import { formatDate } from "@/lib/time";
import { addHours, removeHours } from "@/services/mentorService";
import type { AvailabilitySlot } from "../../../contract/availability";
import { ExtraHoursForm } from "./ExtraHoursForm";
import { HoursSection } from "./HoursSection";
import { RemovableList } from "./RemovableList";
import { useRemoval } from "./useRemoval";
import { endWords, timeFieldOf } from "./weekForm";

type ExtraHoursProps = { mentorId: string; slots: readonly AvailabilitySlot[]; today: string };

/** Windows on single dates, on top of the weekly hours. Those that have passed are not shown. */
export function ExtraHours({ mentorId, slots, today }: ExtraHoursProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const dated = slots.filter((slot) => slot.specific_date !== null && slot.specific_date >= today);
  const removal = useRemoval<AvailabilitySlot>({
    mentorId,
    remove: ({ id }) => removeHours(id),
    restore: ({ specific_date, start_time, end_time }) => addHours({ specific_date, start_time, end_time }),
    doneWords: "The extra hours are removed.",
    onRemoved: () => heading.current?.focus(),
  });
  const remove = (id: string) => {
    const slot = dated.find((each) => each.id === id);
    if (slot) removal.mutate(slot);
  };
  return (
    <HoursSection
      id="extra-hours"
      title="Extra hours on single dates"
      lead="They are added to your weekly hours. To work less on a date, take it off below."
      headingRef={heading}
    >
      <Card>
        <ExtraHoursForm mentorId={mentorId} today={today} />
        <RemovableList
          label="Extra hours"
          items={dated.map((slot) => ({
            id: slot.id,
            name: `extra hours on ${formatDate(slot.specific_date ?? "")}, ${wordsOf(slot)}`,
            content: (
              <>
                <p className="font-semibold">{formatDate(slot.specific_date ?? "", "full")}</p>
                <p className="text-sm text-ink-soft tabular-nums">{wordsOf(slot)}</p>
              </>
            ),
          }))}
          removingId={removal.isPending ? removal.variables.id : undefined}
          onRemove={remove}
        />
      </Card>
    </HoursSection>
  );
}

function wordsOf({ start_time: start, end_time: end }: AvailabilitySlot): string {
  const ends = endWords({ start, end: timeFieldOf(end) });
  return `${formatClock(start)} to ${formatClock(end)}${ends ? ` (${ends.toLowerCase()})` : ""}`;
}
