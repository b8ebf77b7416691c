import { useRef } from "react";
import type { OwnHours } from "#contract/ownHours.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { daysOff } from "#words/hours.ts";
import { dateRange } from "#words/times.ts";
import { formatDate } from "@/lib/time.ts";
import { Card } from "@/ui/Card.tsx";
import { RemovableList } from "@/ui/RemovableList.tsx";
import { blockDates, unblockDates } from "./api.ts";
import { DaysOffForm } from "./DaysOffForm.tsx";
import { type DaysOffRange, rangesOf } from "./daysOff.ts";
import { HoursSection } from "./HoursSection.tsx";
import { useHoursRemoval } from "./useHoursRemoval.ts";

type DaysOffProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Whole days without sessions, single ones or ranges. Past days are left out. */
export function DaysOff({ mentorId, hours, today }: DaysOffProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const ranges = rangesOf(hours.blocked_dates.filter((day) => day.date >= today));
  const removal = useHoursRemoval<DaysOffRange>({
    mentorId,
    hours,
    remove: ({ from, to }, options) => unblockDates(from, to, options),
    restore: ({ from, to, reason }, options) => blockDates({ date: from, end_date: to, reason }, options),
    removedMessage: daysOff.removed,
    onRemoved: () => heading.current?.focus(),
  });
  const remove = (id: string) => {
    const range = ranges.find((each) => each.id === id);
    if (range) removal.mutate(range);
  };
  return (
    <HoursSection id="days-off" title={daysOff.title} lead={daysOff.lead} headingRef={heading}>
      <Card>
        <DaysOffForm mentorId={mentorId} hours={hours} today={today} />
        <RemovableList
          label={daysOff.title}
          items={ranges.map((range) => ({
            id: range.id,
            removeLabel: daysOff.remove(datesOf(range)),
            content: (
              <>
                <p className="font-semibold">{datesOf(range)}</p>
                {range.reason && <p className="text-sm text-ink-soft">{range.reason}</p>}
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

function datesOf({ from, to }: DaysOffRange): string {
  if (from === to) return formatDate(from, "full");
  return dateRange(formatDate(from, "short"), formatDate(to, "full"));
}
