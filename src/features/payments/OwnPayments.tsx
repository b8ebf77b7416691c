import { useInfiniteQuery } from "@tanstack/react-query";
import { Wallet } from "lucide-react";
import type { OwnPayment } from "#contract/payments.ts";
import { moneyOf } from "#rules/money.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { links } from "#words/links.ts";
import { paymentCard, paymentsPage } from "#words/payments.ts";
import { priceLines } from "#words/prices.ts";
import { DocumentsOnDemand } from "@/features/documents/BookingDocuments.tsx";
import { PriceLines } from "@/features/prices/PriceLines.tsx";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { hasDocuments } from "./hasDocuments.ts";
import { PaymentBadge } from "./PaymentBadge.tsx";
import { ownPaymentsQuery } from "./queries.ts";
import { RefundList } from "./RefundList.tsx";

/** A student's payments with their refunds, latest first. */
export function OwnPayments({ userId, timeZone }: { userId: string; timeZone: string }) {
  const list = useInfiniteQuery(ownPaymentsQuery(userId));
  if (list.isPending) {
    return (
      <div role="status" className="space-y-4">
        <span className="sr-only">{paymentsPage.loading}</span>
        <Skeleton className="h-28" />
        <Skeleton className="h-28" />
      </div>
    );
  }
  if (!list.data)
    return <ProblemState title={paymentsPage.failed} error={list.error} onRetry={list.refetch} />;
  const payments = list.data.pages.flatMap(({ data }) => data);
  if (payments.length === 0) {
    return (
      <EmptyState Icon={Wallet} title={paymentsPage.none}>
        <p>{paymentsPage.noneText}</p>
        <Link to={paths.home()} className={buttonVariants()}>
          {links.findMentor}
        </Link>
      </EmptyState>
    );
  }
  return (
    <section aria-label={paymentsPage.title}>
      <ul data-sessions className="space-y-4">
        {payments.map((payment) => (
          <li key={payment.id} tabIndex={-1} className="rounded-card">
            <PaymentItem payment={payment} timeZone={timeZone} />
          </li>
        ))}
      </ul>
      <ShowMore list={list} label={controls.showMore} />
    </section>
  );
}

/** Where what was paid for is. */
function addressOf({ booking_id, package: bought }: OwnPayment): string {
  if (booking_id !== null) return paths.session(booking_id);
  return bought === null ? paths.payments() : paths.pay(bought.purchase_id, "packages");
}

/** Where it can be paid; null: not any more, or not yet. */
function payAddressOf({ booking_id, package: bought, held_until, state }: OwnPayment): string | null {
  if (booking_id !== null) return held_until === null ? null : paths.pay(booking_id);
  return bought !== null && state === "open" ? paths.pay(bought.purchase_id, "packages") : null;
}

function PaymentItem({ payment, timeZone }: { payment: OwnPayment; timeZone: string }) {
  return (
    <Card className="p-4 sm:p-5">
      <article className="space-y-4">
        <div className="flex flex-col gap-2 sm:flex-row sm:items-start sm:justify-between sm:gap-4">
          <div className="min-w-0">
            <h2 className="font-bold">
              <Link
                to={addressOf(payment)}
                className="underline decoration-line-strong decoration-1 underline-offset-4 hover:decoration-2"
              >
                {withElements((parts) => paymentsPage.session({ service: payment.service_title, ...parts }), {
                  mentor: <bdi>{payment.mentor_name}</bdi>,
                })}
              </Link>
            </h2>
            <p className="text-sm text-ink-soft tabular-nums">
              {payment.package !== null
                ? paymentsPage.package({
                    sessions: payment.package.sessions,
                    on: formatDayAndTime(payment.created_at, timeZone),
                  })
                : payment.starts_at !== null && formatDayAndTime(payment.starts_at, timeZone)}
            </p>
          </div>
          <div className="flex shrink-0 items-center justify-between gap-1.5 sm:flex-col sm:items-end">
            <p className="text-heading tabular-nums">
              {formatAmount(moneyOf(payment.amount, payment.currency))}
            </p>
            <PaymentBadge payment={payment} />
          </div>
        </div>
        {payment.price_lines.length > 1 && (
          <details className="text-sm">
            <summary className="tap w-fit cursor-pointer font-semibold text-primary-text">
              {priceLines.show}
            </summary>
            <div className="mt-1 max-w-md">
              <PriceLines
                lines={payment.price_lines}
                session={priceLines.session(sessionLength(payment.duration))}
                total={payment.amount}
                currency={payment.currency}
              />
            </div>
          </details>
        )}
        {payAddressOf(payment) !== null && (
          <Link to={payAddressOf(payment) ?? ""} className={buttonVariants({ size: "sm" })}>
            {paymentCard.payNow}
          </Link>
        )}
        {hasDocuments(payment) && (
          <DocumentsOnDemand
            {...(payment.booking_id === null
              ? { purchaseId: payment.package?.purchase_id ?? "" }
              : { bookingId: payment.booking_id })}
            reader="student"
            timeZone={timeZone}
          />
        )}
        {payment.refunds.length > 0 && (
          <div className="border-t border-line pt-4">
            <RefundList refunds={payment.refunds} timeZone={timeZone} />
          </div>
        )}
      </article>
    </Card>
  );
}
