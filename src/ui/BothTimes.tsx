import { cn } from "@/lib/classNames.ts";
import { formatShortDay, formatTime, sameClock, wallClock, zoneCity, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";

type BothTimesProps = {
  startsAt: string;
  timeZone: string;
  mentorTimeZone: string;
  mentorName: string;
  className?: string;
};

/** One instant on both people's clocks, each with its zone; once when both show the same. */
export function BothTimes({ startsAt, timeZone, mentorTimeZone, mentorName, className }: BothTimesProps) {
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, startsAt);
  return (
    <p className={cn("text-sm leading-snug text-ink-soft", className)}>
      <strong className="font-semibold text-ink">{dayAndTime(startsAt, timeZone)}</strong>{" "}
      {same ? "for both of you" : "your time"} ({zoneLabel(timeZone, startsAt)})
      {!same && (
        <span className="mt-0.5 block">
          {dayAndTime(startsAt, mentorTimeZone)} for <bdi>{mentorName}</bdi> (
          {zoneLabel(mentorTimeZone, startsAt)})
        </span>
      )}
    </p>
  );
}

/** The same in as few words as a phone's footer has room for. */
export function BothTimesInShort({ startsAt, timeZone, mentorTimeZone, mentorName }: BothTimesProps) {
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, startsAt);
  const sameDay = wallClock(startsAt, timeZone).date === wallClock(startsAt, mentorTimeZone).date;
  return (
    <p className="text-sm leading-snug text-ink-soft">
      <strong className="font-semibold text-ink">{dayAndTime(startsAt, timeZone)}</strong>{" "}
      {zoneCity(timeZone)}
      {same ? ", for both of you" : " (you)"}
      {!same && (
        <span className="block">
          {sameDay ? formatTime(startsAt, mentorTimeZone) : dayAndTime(startsAt, mentorTimeZone)}{" "}
          {zoneCity(mentorTimeZone)} (<bdi>{mentorName}</bdi>)
        </span>
      )}
    </p>
  );
}

function dayAndTime(startsAt: string, timeZone: string): string {
  return `${formatShortDay(startsAt, timeZone)}, ${formatTime(startsAt, timeZone)}`;
}
