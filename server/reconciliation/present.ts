import type { AdminPayment, AdminPaymentSummary, MoneyOverview } from "#contract/reconciliation.ts";
import { decimalOfMinor } from "#rules/money.ts";

/** A row of private.admin_payments() or private.admin_payment(); amounts are minor units. */
export interface PaymentRow {
  id: string;
  contents: Omit<AdminPaymentSummary, "troubles" | "since">;
  kinds: string[];
  since: Date | null;
}

export interface PaymentDetailRow
  extends PaymentRow,
    Pick<
      AdminPayment,
      "attention" | "refundable" | "books" | "attempts" | "refunds" | "transfers" | "events"
    > {}

/** A row of private.money_overview(). */
export interface OverviewRow extends Omit<MoneyOverview, "since"> {
  since: Date | null;
}

/** Instants of JSON that PostgreSQL has made are in its own form. */
function instant<T extends string | null>(text: T): T {
  return (text === null ? null : new Date(text).toISOString()) as T;
}

export function presentPayment({ contents: payment, kinds, since }: PaymentRow): AdminPaymentSummary {
  const { booking, ledger, currency } = payment;
  return {
    ...payment,
    amount: decimalOfMinor(payment.amount, currency),
    captured: decimalOfMinor(payment.captured, currency),
    refunded: decimalOfMinor(payment.refunded, currency),
    created_at: instant(payment.created_at),
    troubles: kinds,
    since: since?.toISOString() ?? null,
    booking: booking && { ...booking, starts_at: instant(booking.starts_at) },
    ledger: {
      held: decimalOfMinor(ledger.held, currency),
      owed: decimalOfMinor(ledger.owed, currency),
      earned_at: instant(ledger.earned_at),
    },
  };
}

export function presentDetail(row: PaymentDetailRow): AdminPayment {
  const { attempts, refunds, transfers, events } = row;
  return {
    ...presentPayment(row),
    attention: row.attention,
    refundable: decimalOfMinor(row.refundable, row.contents.currency),
    books: row.books,
    attempts: attempts.map((attempt) => ({
      ...attempt,
      amount: decimalOfMinor(attempt.amount, attempt.currency),
      captured: decimalOfMinor(attempt.captured, attempt.currency),
      refunded: decimalOfMinor(attempt.refunded, attempt.currency),
      fee: attempt.fee === null ? null : decimalOfMinor(attempt.fee, attempt.currency),
      created_at: instant(attempt.created_at),
      settled_at: instant(attempt.settled_at),
    })),
    refunds: refunds.map((refund) => ({
      ...refund,
      amount: decimalOfMinor(refund.amount, refund.currency),
      requested_at: instant(refund.requested_at),
      settled_at: instant(refund.settled_at),
    })),
    transfers: transfers.map((transfer) => ({
      ...transfer,
      amount: decimalOfMinor(transfer.amount, transfer.currency),
      created_at: instant(transfer.created_at),
    })),
    events: events.map((event) => ({
      ...event,
      amount: decimalOfMinor(event.amount, event.currency),
      created_at: instant(event.created_at),
    })),
  };
}

export function presentOverview({ since, webhooks, checks, ...counts }: OverviewRow): MoneyOverview {
  return {
    ...counts,
    since: since?.toISOString() ?? null,
    webhooks: {
      refused: webhooks.refused,
      latest: webhooks.latest.map((event) => ({ ...event, received_at: instant(event.received_at) })),
    },
    checks: checks.map((check) => ({
      ...check,
      from_at: instant(check.from_at),
      until_at: instant(check.until_at),
      started_at: instant(check.started_at),
      ended_at: instant(check.ended_at),
    })),
  };
}
