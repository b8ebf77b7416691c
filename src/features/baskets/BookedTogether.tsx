import type { Booking } from "#contract/bookings.ts";
import { parseInstant } from "#scheduling/units.ts";
import { bookTogether } from "#words/baskets.ts";
import { sessionLength } from "#words/durations.ts";
import { bookedWith } from "#words/sessions.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "@/ui/withElements.tsx";
import { bookedLines, kindsOf } from "./bookedLines.ts";
import { PriceSum } from "./PriceSum.tsx";
import { SessionTimesList } from "./SessionTimesList.tsx";

type BookedTogetherProps = {
  /** Of one mentor, in the order of their starts. */
  bookings: readonly Booking[];
  timeZone: string;
  /** Without what they cost together. */
  isPlain?: boolean;
};

/** Sessions that were booked together: what they are, when, and the sum of their prices. */
export function BookedTogether({ bookings, timeZone, isPlain = false }: BookedTogetherProps) {
  useZones(timeZone, ...new Set(bookings.map(({ mentor_timezone }) => mentor_timezone)));
  const { mentor } = bookings[0]!;
  const kinds = kindsOf(bookings);
  return (
    <>
      {kinds.map((same) => (
        <p key={same[0]!.id} className="mt-1 text-heading">
          {withElements(bookedWith, {
            service: same[0]!.service_title,
            other: <bdi>{mentor.full_name}</bdi>,
          })}
        </p>
      ))}
      <div className="mt-2">
        <SessionTimesList
          mentorName={mentor.full_name}
          timeZone={timeZone}
          sessions={bookings.map(({ starts_at, mentor_timezone, service_title: service, duration }) => ({
            startsAt: parseInstant(starts_at),
            mentorTimeZone: mentor_timezone,
            what:
              kinds.length > 1 ? bookTogether.what({ service, length: sessionLength(duration) }) : undefined,
          }))}
        />
      </div>
      {!isPlain && <PriceSum {...bookedLines(bookings)} />}
    </>
  );
}
