import { useRef } from "react";
import type { TimezonePeriod } from "#contract/hours.ts";
import type { OwnHours } from "#contract/ownHours.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { travel } from "#words/hours.ts";
import { dateRange } from "#words/times.ts";
import { formatDate } from "@/lib/time.ts";
import { Card } from "@/ui/Card.tsx";
import { RemovableList } from "@/ui/RemovableList.tsx";
import { addTravel, removeTravel } from "./api.ts";
import { HoursSection } from "./HoursSection.tsx";
import { TravelForm } from "./TravelForm.tsx";
import { useHoursRemoval } from "./useHoursRemoval.ts";

type TravelsProps = { mentorId: string; hours: OwnHours; today: LocalDate };

/** Days in other time zones, where the hours keep their times of day. Past trips are left out. */
export function Travels({ mentorId, hours, today }: TravelsProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const ahead = hours.timezone_periods.filter((period) => period.ends_on >= today);
  const removal = useHoursRemoval<TimezonePeriod>({
    mentorId,
    hours,
    remove: ({ id }, options) => removeTravel(id, options),
    restore: ({ starts_on, ends_on, timezone }, options) =>
      addTravel({ starts_on, ends_on, timezone }, options),
    removedMessage: travel.removed,
    onRemoved: () => heading.current?.focus(),
  });
  const remove = (id: string) => {
    const period = ahead.find((each) => each.id === id);
    if (period) removal.mutate(period);
  };
  return (
    <HoursSection id="travel" title={travel.title} lead={travel.lead} headingRef={heading}>
      <Card>
        <TravelForm mentorId={mentorId} hours={hours} today={today} />
        <RemovableList
          label={travel.title}
          items={ahead.map((period) => ({
            id: period.id,
            removeLabel: travel.remove(placeOf(period), datesOf(period)),
            content: (
              <>
                <p className="font-semibold">{placeOf(period)}</p>
                <p className="text-sm text-ink-soft">{datesOf(period)}</p>
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

function placeOf({ timezone }: TimezonePeriod): string {
  return timezone.replaceAll("_", " ");
}

function datesOf({ starts_on, ends_on }: TimezonePeriod): string {
  return starts_on === ends_on
    ? formatDate(starts_on, "full")
    : dateRange(formatDate(starts_on, "short"), formatDate(ends_on, "full"));
}
