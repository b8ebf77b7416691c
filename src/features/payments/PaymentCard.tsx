import { useQuery } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { moneyOf } from "#rules/money.ts";
import { paymentWindows } from "#rules/paymentWindows.ts";
import { MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { documentLinks } from "#words/documentLinks.ts";
import { hold, paidBy, paymentCard, refundTerms } from "#words/payments.ts";
import { BookingDocuments } from "@/features/documents/BookingDocuments.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { formatAmount } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import type { SessionAccess } from "@/lib/sessionAccess.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { BookingPrice } from "./BookingPrice.tsx";
import { refundNow } from "./CancelRefund.tsx";
import { HoldCountdown } from "./HoldCountdown.tsx";
import { hasDocuments } from "./hasDocuments.ts";
import { hasPayment } from "./hasPayment.ts";
import { PaymentBadge } from "./PaymentBadge.tsx";
import { paymentQuery } from "./queries.ts";
import { RefundList } from "./RefundList.tsx";
import { RefundTerms } from "./RefundTerms.tsx";

type PaymentCardProps = { booking: Booking; role: BookingRole; access: SessionAccess; timeZone: string };

/**
 * The payment of a session as one of its two people sees it, and what its price was made of. A session that a package or a
 * coupon pays for has lines and no payment; nothing for one that is not paid through the app.
 */
export function PaymentCard(props: PaymentCardProps) {
  const { booking } = props;
  const isPaid = hasPayment(booking);
  const payment = useQuery({ ...paymentQuery(props.access), enabled: isPaid });
  if (!isPaid) {
    return (
      booking.price_lines?.some(({ amount }) => amount < 0) && (
        <Card className="space-y-4 p-4 sm:p-5">
          <h2 className="text-heading">{paymentCard.title}</h2>
          <BookingPrice booking={booking} />
        </Card>
      )
    );
  }
  return (
    <Card className="space-y-4 p-4 sm:p-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-heading">{paymentCard.title}</h2>
        {payment.data && <PaymentBadge payment={payment.data} />}
      </div>
      {payment.data ? (
        <Contents {...props} payment={payment.data} />
      ) : payment.isError ? (
        <p role="alert" className="flex flex-wrap items-center gap-3">
          {paymentCard.failed}
          <Button variant="secondary" size="sm" onClick={() => payment.refetch()}>
            {controls.tryAgain}
          </Button>
        </p>
      ) : (
        <Skeleton className="h-16" />
      )}
    </Card>
  );
}

function Contents({ payment, booking, role, access, timeZone }: PaymentCardProps & { payment: Payment }) {
  const now = useNow();
  const amount = formatAmount(moneyOf(payment.amount, payment.currency));
  const mayCancel = payment.refund_now > 0 || payment.state === "authorized";
  const isAhead = booking.status === "confirmed" && parseInstant(booking.starts_at) > now.getTime();
  return (
    <>
      <div>
        <p className="text-title tabular-nums">{amount}</p>
        <p className="text-ink-soft">{stateText(payment, booking, role, timeZone)}</p>
      </div>
      {booking.price_lines && (
        <div className="border-t border-line pt-4">
          <BookingPrice booking={booking} />
        </div>
      )}
      {payment.held_until !== null && role === "student" && (
        <div className="flex flex-wrap items-center justify-between gap-4 rounded-control bg-primary-soft p-4">
          <p className="leading-tight">
            <span className="block text-sm font-semibold text-ink-soft">{hold.label}</span>
            <HoldCountdown
              until={parseInstant(payment.held_until)}
              className="block text-heading tabular-nums"
            />
          </p>
          {!access.token && (
            <Link to={paths.pay(booking.id)} className={buttonVariants()}>
              {paymentCard.payNow}
            </Link>
          )}
        </div>
      )}
      {payment.refunds.length > 0 && (
        <div className="border-t border-line pt-4">
          <h3 className="mb-2 font-bold">{paymentCard.refunds}</h3>
          <RefundList refunds={payment.refunds} timeZone={timeZone} />
        </div>
      )}
      {/* A signed link shows a session, but not whom the papers name. */}
      {!access.token && hasDocuments(payment) && (
        <div className="border-t border-line pt-4">
          <h3 className="mb-2 font-bold">{documentLinks.title}</h3>
          <BookingDocuments bookingId={booking.id} reader={role} timeZone={timeZone} />
        </div>
      )}
      {role === "student" && payment.state === "captured" && isAhead && (
        <div className="border-t border-line pt-4">
          <h3 className="mb-2 font-bold">{refundTerms.title}</h3>
          {mayCancel && <p className="mb-2 font-semibold">{refundNow(payment)}</p>}
          <RefundTerms booking={booking} timeZone={timeZone} now={now} />
        </div>
      )}
    </>
  );
}

function stateText(payment: Payment, booking: Booking, role: BookingRole, timeZone: string): string | null {
  if (payment.state === "released" || (payment.state === "authorized" && payment.closed_because !== null))
    return paymentCard.released;
  if (payment.state === "authorized") {
    return role === "student"
      ? paymentCard.reserved({ mentor: firstName(booking.mentor.full_name) })
      : paymentCard.reservedForMentor({ student: firstName(booking.user_name) });
  }
  if (payment.held_until !== null) return paymentCard.held;
  if (payment.paid_at === null) return null;
  const on = formatDayAndTime(payment.paid_at, timeZone);
  const paid =
    payment.method === null
      ? paymentCard.paidOn({ on })
      : paymentCard.paidByOn({ on, method: paidBy[payment.method] ?? payment.method });
  if (role === "student" || booking.status === "cancelled") return paid;
  const dueAt = parseInstant(booking.ends_at) + paymentWindows.dispute * MINUTE_MS;
  return `${paid} ${paymentCard.creditedOn({ on: formatDayAndTime(new Date(dueAt), timeZone) })}`;
}
