import { useRef } from "react";
import { Card } from "@/components/ui/Card";
import { formatDate } from "@/lib/time";
import { blockDate, unblockDate } from "@/services/mentorService";
import type { BlockedDate } from "../../../contract/availability";
import { DayOffForm } from "./DayOffForm";
import { HoursSection } from "./HoursSection";
import { RemovableList } from "./RemovableList";
import { useRemoval } from "./useRemoval";

type DaysOffProps = { mentorId: string; daysOff: readonly BlockedDate[]; today: string };

/** Whole days without sessions. Those that have passed are not shown. */
export function DaysOff({ mentorId, daysOff, today }: DaysOffProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const ahead = daysOff.filter((day) => day.date >= today);
  const removal = useRemoval<BlockedDate>({
    mentorId,
    remove: ({ id }) => unblockDate(id),
    restore: ({ date, reason }) => blockDate({ date, reason }),
    doneWords: "The day is free for sessions again.",
    onRemoved: () => heading.current?.focus(),
  });
  const remove = (id: string) => {
    const day = ahead.find((each) => each.id === id);
    if (day) removal.mutate(day);
  };
  return (
    <HoursSection
      id="days-off"
      title="Days off"
      lead="On these dates nothing can be booked, from midnight to midnight in your zone."
      headingRef={heading}
    >
      <Card>
        <DayOffForm mentorId={mentorId} today={today} />
        <RemovableList
          label="Days off"
          items={ahead.map((day) => ({
            id: day.id,
            name: `day off on ${formatDate(day.date)}`,
            content: (
              <>
                <p className="font-semibold">{formatDate(day.date, "full")}</p>
                {day.reason && <p className="text-sm text-ink-soft">{day.reason}</p>}
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
