import { useQuery } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { moneyOf } from "#rules/money.ts";
import { paidBy, paidNotes } from "#words/payments.ts";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paymentQuery } from "./queries.ts";

/** On the page after booking: that it is paid with all that was booked with it, or reserved, and that a late payment came in time after all. */
export function PaidNote({ booking }: { booking: Booking }) {
  const { data: payment } = useQuery(paymentQuery({ bookingId: booking.id }));
  if (!payment || (payment.state !== "captured" && payment.state !== "authorized")) return null;
  const amount = formatMoney(moneyOf((payment.basket ?? payment).amount, payment.currency));
  const method = payment.method === null ? null : (paidBy[payment.method] ?? payment.method);
  return (
    <>
      {payment.lapsed_at !== null && <span className="block">{paidNotes.rebooked}</span>}
      <span className="block">
        {payment.state === "authorized" && booking.status === "pending"
          ? paidNotes.reserved({ amount, mentor: firstName(booking.mentor.full_name) })
          : method === null
            ? paidNotes.paid({ amount })
            : paidNotes.paidBy({ amount, method })}
      </span>
    </>
  );
}
