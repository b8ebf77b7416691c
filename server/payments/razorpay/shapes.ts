/** What we read of Razorpay's objects. What they hold besides is ignored; what is not as expected makes the call `unknown`. */
import { z } from "zod";
import { type Money, moneyOfMinor } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { disputeOf } from "../outcome.ts";
import type { Attempt, ProviderRefund, ProviderTransfer, SettledAttempt } from "../provider.ts";

const amount = z.int().min(0);
/** Any: what was paid in another than ours is sent back. */
const currency = z.string().regex(/^[A-Z]{3}$/);
const seconds = z
  .int()
  .min(0)
  .transform((value) => epochMs(value * 1000));
/** Without notes it is an empty list. */
const notes = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).transform(() => ({}))]);

export const order = z.object({
  id: z.string().min(1),
  amount,
  currency,
  receipt: z.string().nullable(),
  status: z.enum(["created", "attempted", "paid"]),
  created_at: seconds,
});

export const payment = z.object({
  id: z.string().min(1),
  amount,
  currency,
  status: z.enum(["created", "authorized", "captured", "refunded", "failed"]),
  captured: z.boolean().nullable(),
  order_id: z.string().nullish(),
  method: z.string().nullish(),
  /** With the tax on it. */
  fee: amount.nullish(),
  error_code: z.string().nullish(),
  error_description: z.string().nullish(),
  error_reason: z.string().nullish(),
  created_at: seconds,
});

export const refund = z.object({
  id: z.string().min(1),
  amount,
  currency,
  payment_id: z.string(),
  status: z.enum(["created", "pending", "processed", "failed"]),
  notes,
});

export const dispute = z.object({
  payment_id: z.string(),
  status: z.enum(["open", "under_review", "won", "lost", "closed"]),
  amount_deducted: amount.nullish(),
});

const transferStatus = z.enum([
  "created",
  "pending",
  "processed",
  "failed",
  "reversed",
  "partially_reversed",
]);

export const transfer = z
  .object({
    id: z.string().min(1),
    amount,
    currency,
    notes,
    /** One name in the answers, another in the description of the entity. */
    status: transferStatus.optional(),
    transfer_status: transferStatus.optional(),
    error: z.object({ description: z.string().nullish() }).nullish(),
  })
  .refine((value) => value.status ?? value.transfer_status, "has no status");

export const reversal = z.object({ id: z.string().min(1), amount, notes });

/** A line of the settlements' reconciliation: a payment, a refund, a transfer or an adjustment. */
export const settled = z.object({
  entity_id: z.string(),
  type: z.string(),
  amount,
  /** With the tax on it. */
  fee: amount,
  currency,
  settled: z.boolean(),
  settled_at: seconds.nullish(),
  settlement_id: z.string().nullish(),
  order_id: z.string().nullish(),
});

/** What a list of the daily check needs: whose it is, and whether the app can have made it. */
export const orderListed = z.object({ id: z.string(), currency: z.string() });
export const paymentListed = z.object({ order_id: z.string().nullish(), currency: z.string() });
export const ofPayment = z.object({ payment_id: z.string() });

/** @param about what was refunded, and disputed, of this payment or of others */
export function attemptOf(
  paid: z.output<typeof payment>,
  about: { refunds: z.output<typeof refund>[]; disputes: z.output<typeof dispute>[] },
): Attempt {
  return {
    id: paid.id,
    state: stateOf(paid),
    amount: moneyOfMinor(paid.amount, paid.currency),
    method: paid.method ?? null,
    fee: paid.fee == null ? null : moneyOfMinor(paid.fee, paid.currency),
    failure: paid.error_code
      ? { code: paid.error_reason ?? paid.error_code, message: paid.error_description ?? paid.error_code }
      : null,
    dispute: disputeOf(about.disputes.filter((each) => each.payment_id === paid.id).map(disputeState)),
    createdAt: paid.created_at,
    refunds: about.refunds.filter((each) => each.payment_id === paid.id).map(refundOf),
  };
}

/** null: a line of another kind, or of another product, or not paid out yet. */
export function settledAttemptOf(line: z.output<typeof settled>): SettledAttempt | null {
  const { settled_at, settlement_id, order_id } = line;
  if (line.type !== "payment" || !line.settled || settled_at == null || !settlement_id || !order_id)
    return null;
  return {
    orderId: order_id,
    attemptId: line.entity_id,
    settlementId: settlement_id,
    settledAt: settled_at,
    amount: moneyOfMinor(line.amount, line.currency),
    fee: moneyOfMinor(line.fee, line.currency),
  };
}

/** `refunded` is also what was authorized and not captured in time; `captured` tells the two apart. */
function stateOf({ status, captured }: z.output<typeof payment>): Attempt["state"] {
  if (status !== "refunded") return status;
  return captured ? "captured" : "released";
}

function disputeState({ status, amount_deducted }: z.output<typeof dispute>): "open" | "won" | "lost" {
  switch (status) {
    case "open":
    case "under_review":
      return "open";
    case "lost":
      return "lost";
    case "won":
      return "won";
    case "closed":
      return amount_deducted ? "lost" : "won";
    default:
      return status satisfies never;
  }
}

export function refundOf(given: z.output<typeof refund>): ProviderRefund {
  const state = { created: "pending", pending: "pending", processed: "done", failed: "failed" } as const;
  return {
    id: given.id,
    reference: referenceOf(given.notes),
    amount: moneyOfMinor(given.amount, given.currency),
    state: state[given.status],
  };
}

export function transferOf(given: z.output<typeof transfer>): ProviderTransfer {
  const states = {
    created: "pending",
    pending: "pending",
    processed: "done",
    failed: "failed",
    reversed: "reversed",
    // What was taken back of it is known from the reversals.
    partially_reversed: "done",
  } as const;
  const sent: Money = moneyOfMinor(given.amount, given.currency);
  const state = states[given.status ?? given.transfer_status ?? "pending"];
  const failure = given.error?.description;
  return { id: given.id, state, amount: sent, ...(failure ? { failure } : {}) };
}

/** Our id of a refund, a payout or a reversal. */
export function referenceOf(given: Readonly<Record<string, unknown>>): string | null {
  return typeof given.reference === "string" ? given.reference : null;
}
