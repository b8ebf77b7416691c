import { z } from "zod";
import { textLimits } from "#rules/limits.ts";
import {
  bookFaults,
  findingKinds,
  moneyEventKinds,
  moneyTroubles,
  paymentStates,
  paymentStatuses,
  refundStates,
  refundWhys,
} from "#rules/paymentState.ts";
import { fieldErrors, numberErrors } from "#words/fields.ts";
import { withRequiredReason } from "./administration.ts";
import { cursorQuery, decimalAmount, line, uuid } from "./primitives.ts";

const amount = z.number().describe("In major units of the currency.");
const provider = z.enum(["sandbox", "razorpay", "stripe"]);

const summary = {
  id: uuid,
  mentor_id: uuid,
  student_id: uuid,
  package_purchase_id: uuid.nullable().describe("What was paid for, if it is not a booking."),
  provider,
  order_id: z.string().nullable().describe("The provider's; null before the student began to pay."),
  capture: z.enum(["automatic", "manual"]),
  state: z.enum(paymentStates),
  closed_because: z.string().nullable(),
  amount,
  currency: z.string(),
  captured: amount,
  refunded: amount,
  created_at: z.string(),
  troubles: z
    .array(z.string())
    .describe(`What disagrees, such as ${moneyTroubles.join(", ")}; empty if all is well.`),
  since: z.string().nullable(),
  booking: z
    .object({
      id: uuid,
      status: z.string(),
      payment_status: z.enum(paymentStatuses),
      starts_at: z.string(),
      title: z.string(),
      student_name: z.string(),
      mentor_name: z.string(),
    })
    .nullable(),
  ledger: z.object({
    held: amount.describe("For the booking, until it is the mentor's or goes back."),
    owed: amount.describe("To be sent back to the student."),
    earned_at: z.string().nullable().describe("When it was credited to the mentor."),
  }),
};

export const adminPayments = z
  .object({ data: z.array(z.object(summary)), next_cursor: z.string().nullable() })
  .meta({ id: "AdminPayments" });
export type AdminPayments = z.infer<typeof adminPayments>;
export type AdminPaymentSummary = AdminPayments["data"][number];

export const adminPayment = z
  .object({
    ...summary,
    attention: z.string().nullable().describe("What an administrator can mark as settled."),
    refundable: amount.describe("What is left to be sent back by hand."),
    books: z.array(z.enum(bookFaults)).describe("Where the ledger has another amount than the payment."),
    attempts: z.array(
      z.object({
        id: uuid,
        attempt_id: z.string().describe("The provider's id."),
        state: z.string(),
        amount,
        currency: z.string(),
        captured: amount,
        refunded: amount,
        method: z.string().nullable(),
        fee: amount.nullable(),
        failure: z.string().nullable(),
        dispute: z.enum(["open", "won", "lost"]).nullable(),
        verdict: z.string().nullable(),
        created_at: z.string(),
        settlement_id: z
          .string()
          .nullable()
          .describe("The provider's payout to our bank that has it; null until it is known."),
        settled_at: z.string().nullable(),
      }),
    ),
    refunds: z.array(
      z.object({
        id: uuid,
        amount,
        currency: z.string(),
        why: z.enum(refundWhys),
        state: z.enum(refundStates),
        failure: z.string().nullable(),
        provider_refund_id: z.string().nullable(),
        requested_at: z.string(),
        settled_at: z.string().nullable(),
        can_retry: z.boolean(),
      }),
    ),
    transfers: z.array(
      z.object({
        id: uuid,
        kind: z.string(),
        from: z.string(),
        to: z.string(),
        amount,
        currency: z.string(),
        created_at: z.string(),
      }),
    ),
    events: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(moneyEventKinds),
        amount,
        currency: z.string(),
        detail: z.string().nullable(),
        created_at: z.string(),
      }),
    ),
  })
  .meta({ id: "AdminPayment" });
export type AdminPayment = z.infer<typeof adminPayment>;

export const moneyOverview = z
  .object({
    orphaned: z.int().describe("Captured payments with neither a booking nor a refund for ten minutes."),
    refunds_overdue: z.int(),
    attention: z.int().describe("Payments that need an administrator, these included."),
    since: z.string().nullable(),
    webhooks: z.object({
      refused: z.int().describe("In the last 24 hours."),
      latest: z.array(
        z.object({
          id: uuid,
          provider,
          verdict: z.enum(["forged", "stale", "unreadable", "unknown_order"]),
          kind: z.string().nullable(),
          order_id: z.string().nullable(),
          received_at: z.string(),
        }),
      ),
    }),
    checks: z.array(
      z.object({
        id: uuid,
        provider,
        state: z.enum(["running", "done", "failed"]),
        from_at: z.string(),
        until_at: z.string(),
        started_at: z.string(),
        ended_at: z.string().nullable(),
        orders: z.int(),
        put_right: z.int(),
        differing: z.int(),
        failure: z.string().nullable(),
        findings: z.array(
          z.object({
            kind: z.enum(findingKinds),
            order_id: z.string(),
            mentor_id: uuid.nullable(),
            payment_id: uuid.nullable(),
            put_right: z.boolean(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "MoneyOverview" });
export type MoneyOverview = z.infer<typeof moneyOverview>;
export type Finding = MoneyOverview["checks"][number]["findings"][number];

export const adminPaymentsQuery = z.object({
  show: z.enum(["attention", "all"]).default("attention"),
  q: line(textLimits.search)
    .optional()
    .describe("Id of the booking, the payment, the student or the order, or the student's name or address."),
  ...cursorQuery,
});

export const paymentParams = z.object({ mentor_id: uuid, payment_id: uuid });
export const refundParams = paymentParams.extend({ refund_id: uuid });

const { reason } = withRequiredReason.shape;
export const refundByHand = z.strictObject({
  amount: decimalAmount.refine((value) => value > 0, numberErrors.aboveZero),
  refundable: decimalAmount.describe("What was left when the administrator decided."),
  reason,
});
export const settledAttention = z.strictObject({
  attention: line(textLimits.reason)
    .min(1, fieldErrors.missing)
    .describe("As it was read: what was added since stays."),
  reason,
});
