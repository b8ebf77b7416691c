import { useRef } from "react";
import type { AvailabilitySlot } from "#contract/hours.ts";
import type { OwnHours } from "#contract/ownHours.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { datedHours, windowEndings } from "#words/hours.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatDate } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Card } from "@/ui/Card.tsx";
import { RemovableList } from "@/ui/RemovableList.tsx";
import { addHours, removeHours } from "./api.ts";
import { DatedHoursForm } from "./DatedHoursForm.tsx";
import { HoursSection } from "./HoursSection.tsx";
import { useHoursRemoval } from "./useHoursRemoval.ts";
import { timeFieldOf, windowEnding } from "./weekForm.ts";

type DatedHoursProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Windows on single dates, in addition to the weekly hours or instead of them. Past dates are left out. */
export function DatedHours({ mentorId, hours, today }: DatedHoursProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const dated = hours.slots.flatMap((slot) => {
    const { specific_date } = slot;
    return specific_date !== null && specific_date >= today ? [{ ...slot, specific_date }] : [];
  });
  const removal = useHoursRemoval<AvailabilitySlot>({
    mentorId,
    hours,
    remove: ({ id }, options) => removeHours(id, options),
    restore: ({ specific_date, start_time, end_time, replaces_weekly }, options) =>
      addHours({ specific_date, start_time, end_time, replaces_weekly }, options),
    removedMessage: datedHours.removed,
    onRemoved: () => heading.current?.focus(),
  });
  const remove = (id: string) => {
    const slot = dated.find((each) => each.id === id);
    if (slot) removal.mutate(slot);
  };
  const replaced = new Set(dated.filter((slot) => slot.replaces_weekly).map((slot) => slot.specific_date));
  return (
    <HoursSection id="extra-hours" title={datedHours.title} lead={datedHours.lead} headingRef={heading}>
      <Card>
        <DatedHoursForm mentorId={mentorId} hours={hours} today={today} />
        <RemovableList
          label={datedHours.title}
          items={dated.map((slot) => ({
            id: slot.id,
            removeLabel: datedHours.remove(formatDate(slot.specific_date), spanOf(slot)),
            content: (
              <>
                <p className="font-semibold">{formatDate(slot.specific_date, "full")}</p>
                <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-soft tabular-nums">
                  {spanOf(slot)}
                  {replaced.has(slot.specific_date) && <Badge>{datedHours.replacesWeekly}</Badge>}
                </p>
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

function spanOf({ start_time: start, end_time: end }: AvailabilitySlot): string {
  const ending = windowEnding({ start, end: timeFieldOf(end) });
  return ending
    ? datedHours.spanWithEnding(formatClock(start), formatClock(end), windowEndings[ending])
    : datedHours.span(formatClock(start), formatClock(end));
}
