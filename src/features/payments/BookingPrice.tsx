import type { Booking } from "#contract/bookings.ts";
import { moneyOf } from "#rules/money.ts";
import { sessionLength } from "#words/durations.ts";
import { payPage } from "#words/payments.ts";
import { formatAmount } from "@/lib/money.ts";

/** The lines of a booking's price, which add up to its total. */
export function BookingPrice({ booking }: { booking: Booking }) {
  const total = moneyOf(booking.total_amount, booking.currency);
  const line = booking.add_recording ? payPage.sessionWithRecording : payPage.sessionLine;
  return (
    <dl className="tabular-nums">
      <div className="flex justify-between gap-4">
        <dt>{line(sessionLength(booking.duration))}</dt>
        <dd>{formatAmount(total)}</dd>
      </div>
      <div className="mt-2 flex justify-between gap-4 border-t border-line pt-2 font-bold">
        <dt>{payPage.total}</dt>
        <dd>{formatAmount(total)}</dd>
      </div>
    </dl>
  );
}
