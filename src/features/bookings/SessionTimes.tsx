import type { Booking } from "#contract/bookings.ts";
import { sessionTimes } from "#words/sessions.ts";
import { bothTimes } from "#words/times.ts";
import { formatTimeRange, sameDay } from "@/lib/sessionTime.ts";
import { formatLongDay, formatShortDay, sameClock, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "@/ui/withElements.tsx";

type SessionTimesProps = {
  booking: Pick<Booking, "starts_at" | "ends_at">;
  /** The reader's zone. */
  timeZone: string;
  /** The other person, by first name. */
  other: { timeZone: string; name: string };
};

/** When a session is: in the reader's zone, and below it in the other person's if that shows another time. */
export function SessionTimes({ booking, timeZone, other }: SessionTimesProps) {
  const { starts_at, ends_at } = booking;
  useZones(timeZone, other.timeZone);
  const same = sameClock(timeZone, other.timeZone, starts_at);
  return (
    <div className="leading-snug">
      <p className="font-semibold">
        <time dateTime={starts_at}>
          {formatLongDay(starts_at, timeZone)}
          <span className="block tabular-nums">{formatTimeRange(starts_at, ends_at, timeZone)}</span>
        </time>
      </p>
      <p className="mt-0.5 text-sm text-ink-soft">
        {(same ? sessionTimes.forBoth : sessionTimes.yours)(zoneLabel(timeZone, starts_at))}
      </p>
      {!same && (
        <p className="mt-1.5 text-sm text-ink-soft">
          {withElements(bothTimes.theirs, {
            time: (
              <span className="font-semibold text-ink tabular-nums">
                {!sameDay(starts_at, timeZone, other.timeZone) &&
                  `${formatShortDay(starts_at, other.timeZone)}, `}
                {formatTimeRange(starts_at, ends_at, other.timeZone)}
              </span>
            ),
            name: <bdi>{other.name}</bdi>,
            zone: zoneLabel(other.timeZone, starts_at),
          })}
        </p>
      )}
    </div>
  );
}
