import type { EpochMs } from "#scheduling/units.ts";
import { bothTimes, bothTimesShort, dayAndTime } from "#words/times.ts";
import { cn } from "@/lib/classNames.ts";
import { formatShortDay, formatTime, sameClock, wallClock, zoneCity, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "./withElements.tsx";

type BothTimesProps = {
  startsAt: EpochMs;
  timeZone: string;
  mentorTimeZone: string;
  mentorName: string;
  className?: string;
};

/** A start in both people's time zones; only once if both clocks show the same. */
export function BothTimes({ startsAt, timeZone, mentorTimeZone, mentorName, className }: BothTimesProps) {
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, startsAt);
  return (
    <p className={cn("text-sm leading-snug text-ink-soft", className)}>
      {withElements(same ? bothTimes.same : bothTimes.yours, {
        time: <strong className="font-semibold text-ink">{startOn(startsAt, timeZone)}</strong>,
        zone: zoneLabel(timeZone, startsAt),
      })}
      {!same && (
        <span className="mt-0.5 block">
          {withElements(bothTimes.theirs, {
            time: startOn(startsAt, mentorTimeZone),
            name: <bdi>{mentorName}</bdi>,
            zone: zoneLabel(mentorTimeZone, startsAt),
          })}
        </span>
      )}
    </p>
  );
}

/** A shorter form for a phone's footer. */
export function BothTimesInShort({ startsAt, timeZone, mentorTimeZone, mentorName }: BothTimesProps) {
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, startsAt);
  const sameDay = wallClock(startsAt, timeZone).date === wallClock(startsAt, mentorTimeZone).date;
  return (
    <p className="text-sm leading-snug text-ink-soft">
      {withElements(same ? bothTimesShort.same : bothTimesShort.yours, {
        time: <strong className="font-semibold text-ink">{startOn(startsAt, timeZone)}</strong>,
        city: zoneCity(timeZone),
      })}
      {!same && (
        <span className="block">
          {withElements(bothTimesShort.theirs, {
            time: sameDay ? formatTime(startsAt, mentorTimeZone) : startOn(startsAt, mentorTimeZone),
            city: zoneCity(mentorTimeZone),
            name: <bdi>{mentorName}</bdi>,
          })}
        </span>
      )}
    </p>
  );
}

function startOn(startsAt: EpochMs, timeZone: string): string {
  return dayAndTime(formatShortDay(startsAt, timeZone), formatTime(startsAt, timeZone));
}
