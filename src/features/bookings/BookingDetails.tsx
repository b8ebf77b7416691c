import { CalendarDays, Clock, Tag, Video } from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import { sessionLength } from "#words/durations.ts";
import { sessionTypes } from "#words/services.ts";
import { bookingDetails, sessionTimes } from "#words/sessions.ts";
import { bothTimes } from "#words/times.ts";
import { firstName } from "@/lib/names.ts";
import { formatLongDay, formatTime, sameClock, zoneLabel } from "@/lib/time.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { shownPrice } from "./shownPrice.ts";

/** What was booked, when in both time zones, its length and price. */
export function BookingDetails({ booking }: { booking: Booking }) {
  const timeZone = useViewerTimeZone();
  const { starts_at, ends_at, mentor_timezone: mentorTimeZone } = booking;
  const mentor = firstName(booking.mentor.full_name);
  useZones(timeZone, mentorTimeZone);
  const same = sameClock(timeZone, mentorTimeZone, starts_at);
  const price = <strong className="font-bold">{shownPrice(booking)}</strong>;
  return (
    <dl className="divide-y divide-line">
      <Detail Icon={Video} name={bookingDetails.session}>
        <strong className="font-bold">{booking.service_title}</strong>
        <span className="block text-ink-soft">
          {withElements(bookingDetails.typeWith, {
            type: sessionTypes[booking.session_type],
            name: <bdi>{booking.mentor.full_name}</bdi>,
          })}
        </span>
      </Detail>
      <Detail Icon={CalendarDays} name={bookingDetails.when}>
        <strong className="font-bold">
          {formatLongDay(starts_at, timeZone)}, {formatTime(starts_at, timeZone)} –{" "}
          {formatTime(ends_at, timeZone)}
        </strong>
        <span className="block text-ink-soft">
          {(same ? sessionTimes.forBoth : sessionTimes.yours)(zoneLabel(timeZone, starts_at))}
        </span>
        {!same && (
          <span className="mt-1 block text-ink-soft">
            {bothTimes.theirs({
              time: `${formatLongDay(starts_at, mentorTimeZone)}, ${formatTime(starts_at, mentorTimeZone)}`,
              name: mentor,
              zone: zoneLabel(mentorTimeZone, starts_at),
            })}
          </span>
        )}
        <ViewerZoneNote className="mt-2" />
      </Detail>
      <Detail Icon={Clock} name={bookingDetails.length}>
        {sessionLength(booking.duration)}
      </Detail>
      <Detail Icon={Tag} name={bookingDetails.price}>
        {booking.add_recording ? withElements(bookingDetails.withRecording, { price }) : price}
      </Detail>
    </dl>
  );
}

type DetailProps = {
  Icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  name: string;
  children: ReactNode;
};

function Detail({ Icon, name, children }: DetailProps) {
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
