import type { Booking } from "#contract/bookings.ts";
import { formatTimeRange, sameDay } from "@/lib/sessionTime.ts";
import { formatLongDay, formatShortDay, sameClock, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";

type SessionTimesProps = {
  booking: Pick<Booking, "starts_at" | "ends_at">;
  /** The zone of the person who reads this. */
  timeZone: string;
  /** The other one's clock: 'for Asha'. */
  other: { timeZone: string; name: string };
};

/** When a session is, on the reader's clock first and on the other one's below it where the two differ. */
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
        {same
          ? `For both of you (${zoneLabel(timeZone, starts_at)})`
          : `Your time (${zoneLabel(timeZone, starts_at)})`}
      </p>
      {!same && (
        <p className="mt-1.5 text-sm text-ink-soft">
          <span className="font-semibold text-ink tabular-nums">
            {!sameDay(starts_at, timeZone, other.timeZone) &&
              `${formatShortDay(starts_at, other.timeZone)}, `}
            {formatTimeRange(starts_at, ends_at, other.timeZone)}
          </span>{" "}
          for <bdi>{other.name}</bdi> ({zoneLabel(other.timeZone, starts_at)})
        </p>
      )}
    </div>
  );
}
