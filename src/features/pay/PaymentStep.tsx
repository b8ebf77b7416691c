import { useQuery } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import { useEffect, useId, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { Payment } from "#contract/payments.ts";
import { parseInstant } from "#scheduling/units.ts";
import { payOver, payPage, refundTerms } from "#words/payments.ts";
import { bookedWith } from "#words/sessions.ts";
import { BookedTogether } from "@/features/baskets/BookedTogether.tsx";
import { basketQuery } from "@/features/baskets/queries.ts";
import { seriesQuery } from "@/features/bookings/series/queries.ts";
import { SeriesPlace } from "@/features/bookings/series/SeriesPlace.tsx";
import { BookingPrice } from "@/features/payments/BookingPrice.tsx";
import { RefundTerms } from "@/features/payments/RefundTerms.tsx";
import { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link, Navigate } from "@/lib/router/router.tsx";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { PayForm } from "./PayForm.tsx";
import { Lapsed, Late, Over, Processing } from "./PayOutcome.tsx";
import type { PayView } from "./payView.ts";
import { closeRazorpay } from "./razorpay.ts";
import { usePayment } from "./usePayment.ts";
import { usePaymentDocument } from "./usePaymentDocument.ts";

type PaymentStepProps = { bookingId: string; userId: string; hasReturned: boolean; expectsPayment: boolean };

/** Pays for a held booking, or says what has become of it. Everything is read from the server, so it survives the tab. */
export function PaymentStep({ bookingId, userId, hasReturned, expectsPayment }: PaymentStepProps) {
  const [hasPaidHere, setHasPaidHere] = useState(expectsPayment);
  const { booking, payment, view, isChecking, refresh, take } = usePayment(bookingId, {
    hasReturned,
    expectsPayment: hasPaidHere,
  });
  const needsDocument = usePaymentDocument({
    page: paths.pay(bookingId),
    hasReturned,
    needsScript: view?.name === "pay" && payment.data?.provider !== "sandbox",
  });
  const isHeld = view?.name !== "lapsed";
  useEffect(() => {
    if (!isHeld) closeRazorpay();
  }, [isHeld]);
  const tried = async (isPaid: boolean) => {
    setHasPaidHere(isPaid);
    await refresh();
  };
  const timeZone = useViewerTimeZone();
  const basketId = payment.data?.basket?.id;
  const basket = useQuery({ ...basketQuery(basketId ?? ""), enabled: basketId !== undefined });
  // Of a session that is paid by itself.
  const seriesId = payment.data && basketId === undefined ? booking.data?.series_id : null;
  const series = useQuery({ ...seriesQuery(seriesId ?? ""), enabled: Boolean(seriesId) });
  // All that is paid for, or held by the payment, is shown before it is made.
  const isComplete = view?.name !== "pay" || (basket.isEnabled ? basket.data : !seriesId || series.data);
  if (booking.data && payment.data && view && isComplete) {
    if (booking.data.expert_id === userId) return <Navigate to={paths.session(bookingId)} replace />;
    const shown = { booking: booking.data, payment: payment.data, timeZone };
    if (needsDocument) return <PageLoading />;
    if (isChecking && view.name === "pay") return <Processing />;
    switch (view.name) {
      case "pay":
        return (
          <Paying
            {...shown}
            together={basket.data?.bookings}
            holds={heldTogether(basket.data?.bookings ?? series.data?.sessions)}
            view={view}
            onPayment={take}
            onDoubt={refresh}
            onTried={tried}
          />
        );
      case "processing":
        return <Processing />;
      case "paid":
      case "reserved":
        return <Navigate to={paths.bookingSuccess(bookingId)} replace />;
      case "lapsed":
        return <Lapsed {...shown} />;
      case "late":
        return <Late {...shown} />;
      case "over":
        return <Over {...shown} />;
      default:
        return view satisfies never;
    }
  }
  const error = booking.error ?? payment.error ?? basket.error ?? series.error;
  if (!error) return <PageLoading />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) {
    return <NothingToPay bookingId={booking.data?.id} />;
  }
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={payPage.title} />
      <ProblemState
        title={payPage.failed}
        error={error}
        onRetry={() =>
          void Promise.all([
            booking.refetch(),
            payment.refetch(),
            ...(basketId ? [basket.refetch()] : []),
            ...(seriesId ? [series.refetch()] : []),
          ])
        }
      />
    </div>
  );
}

type PayingProps = {
  booking: Booking;
  payment: Payment;
  /** All that is paid together. */
  together: Booking[] | undefined;
  /** How many sessions are given up together if it is not made. */
  holds: number;
  timeZone: string;
  view: Extract<PayView, { name: "pay" }>;
  onPayment: (payment: Payment) => void;
  onDoubt: () => Promise<void>;
  onTried: (isPaid: boolean) => Promise<void>;
};

function Paying({
  booking,
  payment,
  together,
  holds,
  timeZone,
  view,
  onPayment,
  onDoubt,
  onTried,
}: PayingProps) {
  const now = useNow();
  const id = useId();
  const { mentor } = booking;
  const isRequest = payment.capture === "manual";
  return (
    <div className="page max-w-4xl py-10 sm:py-12">
      <PageHeading
        title={
          payment.basket
            ? payPage.titleTogether(payment.basket.sessions)
            : isRequest
              ? payPage.titleReserve
              : payPage.title
        }
      />
      <p className="mt-2 max-w-prose text-lg text-ink-soft">
        {withElements(isRequest ? payPage.leadReserve : payPage.lead, {
          mentor: <bdi>{firstName(mentor.full_name)}</bdi>,
        })}
      </p>
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_21rem]">
        <Card className="p-5">
          <section aria-labelledby={`${id}-summary`}>
            <h2 id={`${id}-summary`} className="text-sm font-semibold text-ink-soft">
              {payPage.summary}
            </h2>
            {together ? (
              <BookedTogether bookings={together} timeZone={timeZone} />
            ) : (
              <>
                <p className="mt-1 text-heading">
                  {withElements(bookedWith, {
                    service: booking.service_title,
                    other: <bdi>{mentor.full_name}</bdi>,
                  })}
                </p>
                <BothTimes
                  startsAt={parseInstant(booking.starts_at)}
                  timeZone={timeZone}
                  mentorTimeZone={booking.mentor_timezone}
                  mentorName={firstName(mentor.full_name)}
                  className="mt-2"
                />
                {booking.series_id !== null && (
                  <div className="mt-2">
                    <SeriesPlace booking={booking} seriesId={booking.series_id} timeZone={timeZone} />
                    <p className="text-sm text-ink-soft">{payPage.oneByOne}</p>
                  </div>
                )}
              </>
            )}
            <ViewerZoneNote className="mt-2" />
          </section>
          {!together && (
            <section aria-label={payPage.price} className="mt-4 border-t border-line pt-4">
              <BookingPrice booking={booking} showsFee />
            </section>
          )}
        </Card>
        <div className="lg:sticky lg:top-24 lg:row-span-2">
          <PayForm
            booking={booking}
            payment={payment}
            holds={holds}
            view={view}
            onPayment={onPayment}
            onDoubt={onDoubt}
            onTried={onTried}
          />
        </div>
        <section aria-labelledby={`${id}-terms`} className="px-1">
          <h2 id={`${id}-terms`} className="mb-2 font-bold">
            {refundTerms.title}
          </h2>
          {together && <p className="mb-2">{payPage.eachByItself}</p>}
          <RefundTerms booking={together?.[0] ?? booking} timeZone={timeZone} now={now} />
        </section>
      </div>
    </div>
  );
}

/** The first payment of a series holds all of its sessions; later each is by itself, as in `private.held_together`. */
function heldTogether(sessions: readonly Pick<Booking, "awaits_payment">[] = []): number {
  return sessions.every(({ awaits_payment }) => awaits_payment) ? Math.max(sessions.length, 1) : 1;
}

function NothingToPay({ bookingId }: { bookingId: string | undefined }) {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={payOver.title} className="sr-only" />
      <EmptyState Icon={Wallet} title={payOver.title}>
        <Link to={bookingId ? paths.session(bookingId) : paths.sessions()} className={buttonVariants()}>
          {payOver.session}
        </Link>
      </EmptyState>
    </div>
  );
}
