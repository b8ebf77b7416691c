import type { Booking } from "#contract/bookings.ts";
import { addMoney, moneyOf, moneyOfMinor } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { bookTogether } from "#words/baskets.ts";
import { sessionLength } from "#words/durations.ts";
import { bookedWith } from "#words/sessions.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { withElements } from "@/ui/withElements.tsx";
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
  const { mentor, currency } = bookings[0]!;
  const kinds = [
    ...Map.groupBy(bookings, ({ service_id, duration }) => `${service_id} ${duration}`).values(),
  ];
  const sum = (some: readonly Booking[]) =>
    some
      .map(({ total_amount }) => moneyOf(total_amount, currency))
      .reduce(addMoney, moneyOfMinor(0, currency));
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
          sessions={bookings.map(({ starts_at, mentor_timezone }) => ({
            startsAt: parseInstant(starts_at),
            mentorTimeZone: mentor_timezone,
          }))}
        />
      </div>
      {!isPlain && (
        <PriceSum
          lines={kinds.map((same) => ({
            label: bookTogether.line({
              times: same.length,
              service: same[0]!.service_title,
              length: sessionLength(same[0]!.duration),
            }),
            amount: sum(same),
          }))}
          total={sum(bookings)}
        />
      )}
    </>
  );
}
