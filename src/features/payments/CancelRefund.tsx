import { useQuery } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { moneyOf } from "#rules/money.ts";
import { cancelRefund } from "#words/payments.ts";
import { formatAmount } from "@/lib/money.ts";
import type { SessionAccess } from "@/lib/sessionAccess.ts";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { hasPayment } from "./hasPayment.ts";
import { paymentQuery } from "./queries.ts";

type CancelRefundProps = { booking: Booking; access: SessionAccess };

/** What the student gets back if they cancel now, as the server computes it. Nothing for a session without a payment. */
export function CancelRefund({ booking, access }: CancelRefundProps) {
  const isPaid = hasPayment(booking) && !booking.awaits_payment;
  // What is returned changes with time.
  const payment = useQuery({ ...paymentQuery(access), enabled: isPaid, refetchOnMount: "always" });
  if (!isPaid || payment.isError) return null;
  return (
    <div className="mt-3 rounded-control bg-sunken px-3.5 py-2.5 font-semibold">
      {payment.data ? <p>{refundNow(payment.data)}</p> : <Skeleton className="h-6 w-56" />}
    </div>
  );
}

/** "Cancel now: ₹1,500 of ₹2,000 refunded." */
export function refundNow(payment: Payment): string {
  const format = (amount: number) => formatAmount(moneyOf(amount, payment.currency));
  if (payment.state === "authorized") return cancelRefund.reserved(format(payment.amount));
  if (payment.refund_now === 0) return cancelRefund.nothing;
  if (payment.refund_now === payment.amount) return cancelRefund.everything(format(payment.amount));
  return cancelRefund.part(format(payment.refund_now), format(payment.amount));
}
