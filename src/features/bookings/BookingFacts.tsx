import { CalendarDays, Clock, Tag, Video } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import { moneyOf } from "#rules/money.ts";
import { sessionLength } from "#words/durations.ts";
import { sessionTypes } from "#words/services.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatLongDay, formatTime, sameClock, zoneLabel } from "@/lib/time.ts";
import { firstName } from "@/lib/words.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { ViewerZoneNote } from "./ViewerZoneNote.tsx";

/** What, when on both clocks, how long, how much. */
export function BookingFacts({ booking }: { booking: Booking }) {
  const timeZone = useViewerTimeZone();
  const { starts_at: startsAt, ends_at: endsAt, mentor_timezone: mentorTimeZone } = booking;
  const mentor = firstName(booking.mentor.full_name);
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, startsAt);
  return (
    <dl className="divide-y divide-line">
      <Fact Icon={Video} name="Session">
        <strong className="font-bold">{booking.service_title}</strong>
        <span className="block text-ink-soft">
          {sessionTypes[booking.session_type]} with <bdi>{booking.mentor.full_name}</bdi>
        </span>
      </Fact>
      <Fact Icon={CalendarDays} name="Date and time">
        <strong className="font-bold">
          {formatLongDay(startsAt, timeZone)}, {formatTime(startsAt, timeZone)} –{" "}
          {formatTime(endsAt, timeZone)}
        </strong>
        <span className="block text-ink-soft">
          {same ? "for both of you" : "your time"} ({zoneLabel(timeZone, startsAt)})
        </span>
        {!same && (
          <span className="mt-1 block text-ink-soft">
            {formatLongDay(startsAt, mentorTimeZone)}, {formatTime(startsAt, mentorTimeZone)} for {mentor} (
            {zoneLabel(mentorTimeZone, startsAt)})
          </span>
        )}
        <ViewerZoneNote className="mt-2" />
      </Fact>
      <Fact Icon={Clock} name="Length">
        {sessionLength(booking.duration)}
      </Fact>
      <Fact Icon={Tag} name="Price">
        <strong className="font-bold">{formatMoney(moneyOf(booking.total_amount, booking.currency))}</strong>
        {booking.add_recording && <span className="text-ink-soft"> including the recording</span>}
      </Fact>
    </dl>
  );
}

type FactProps = {
  Icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  name: string;
  children: ReactNode;
};

function Fact({ Icon, name, children }: FactProps) {
  return (
    <div className="relative py-4 pl-10">
      <dt className="text-sm text-ink-soft">
        <Icon aria-hidden className="absolute top-4.5 left-0 size-6 text-primary-text" />
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
