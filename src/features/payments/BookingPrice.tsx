import type { Booking } from "#contract/bookings.ts";
import { sessionLength } from "#words/durations.ts";
import { priceLines } from "#words/prices.ts";
import { PriceLines } from "@/features/prices/PriceLines.tsx";

type BookingPriceProps = { booking: Booking; showsFee?: boolean };

/** The lines of a booking's price, which add up to its total. */
export function BookingPrice({ booking, showsFee = false }: BookingPriceProps) {
  const { total_amount: total, currency, price_lines: lines } = booking;
  // Before lines were kept, a recording was part of one sum.
  const session = booking.add_recording && !lines ? priceLines.sessionWithRecording : priceLines.session;
  return (
    <PriceLines
      lines={lines ?? [{ kind: "session", amount: total }]}
      session={session(sessionLength(booking.duration))}
      {...{ total, currency, showsFee }}
    />
  );
}
