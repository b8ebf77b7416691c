/** What we read of Stripe's objects. What they hold besides is ignored; what is not as expected makes the call `unknown`. */
import { z } from "zod";
import { type Money, moneyOfMinor } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { disputeOf } from "../outcome.ts";
import type { Attempt, ProviderRefund, SettledAttempt } from "../provider.ts";

const amount = z.int().min(0);
/** Stripe writes currencies in lower case. Any: what was paid in another than ours is sent back. */
const currency = z
  .string()
  .toUpperCase()
  .regex(/^[A-Z]{3}$/);
const metadata = z.record(z.string(), z.string()).nullish();
/** An object's id, or the object itself where a call asked for it. */
const idOf = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

export const intent = z.object({
  object: z.literal("payment_intent"),
  id: z.string().min(1),
  amount,
  amount_capturable: amount,
  amount_received: amount,
  currency,
  status: z.enum([
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "canceled",
    "succeeded",
  ]),
  client_secret: z.string().nullable(),
  latest_charge: idOf.nullable(),
  metadata,
});

export const charge = z.object({
  object: z.literal("charge"),
  id: z.string().min(1),
  amount,
  amount_captured: amount,
  currency,
  status: z.enum(["succeeded", "pending", "failed"]),
  captured: z.boolean(),
  refunded: z.boolean(),
  disputed: z.boolean(),
  created: z
    .int()
    .min(0)
    .transform((value) => epochMs(value * 1000)),
  failure_code: z.string().nullish(),
  failure_message: z.string().nullish(),
  payment_method_details: z.object({ type: z.string() }).nullish(),
  balance_transaction: z.union([z.string(), z.object({ fee: amount, currency: z.string() })]).nullish(),
});

export const refund = z.object({
  object: z.literal("refund"),
  id: z.string().min(1),
  amount,
  currency,
  charge: idOf.nullable(),
  status: z.enum(["pending", "requires_action", "succeeded", "failed", "canceled"]),
  failure_reason: z.string().nullish(),
  metadata,
});

export const dispute = z.object({
  object: z.literal("dispute"),
  id: z.string().min(1),
  charge: idOf,
  status: z.string(),
});

export const payout = z.object({
  id: z.string().min(1),
  status: z.string(),
  /** Of what a person has paid out by hand Stripe does not say which charges are in it. */
  automatic: z.boolean(),
  arrival_date: z
    .int()
    .min(0)
    .transform((value) => epochMs(value * 1000)),
});

/** A movement of the balance: charges, refunds, fees and the payout itself. */
export const balanceEntry = z.object({
  id: z.string().min(1),
  type: z.string(),
  amount: z.int(),
  fee: z.int(),
  currency,
  source: z.unknown(),
});

/** What lists need: of which order something is, and whether the app can have made it. */
export const intentListed = z.object({ id: z.string(), currency: z.string(), metadata });
export const ofIntent = z.object({ id: z.string(), payment_intent: idOf.nullish() });

/** null: no charge, or one of another product. */
export function settledAttemptOf(
  entry: z.output<typeof balanceEntry>,
  { id, arrival_date }: z.output<typeof payout>,
): SettledAttempt | null {
  if (entry.type !== "charge" && entry.type !== "payment") return null;
  const { data: source } = ofIntent.safeParse(entry.source);
  if (!source?.payment_intent) return null;
  return {
    orderId: source.payment_intent,
    attemptId: source.id,
    settlementId: id,
    settledAt: arrival_date,
    amount: moneyOfMinor(entry.amount, entry.currency),
    fee: moneyOfMinor(entry.fee, entry.currency),
  };
}

export function isClosed({ status }: z.output<typeof intent>): boolean {
  return status === "succeeded" || status === "canceled" || status === "requires_capture";
}

export function attemptOf(
  paid: z.output<typeof charge>,
  of: z.output<typeof intent>,
  about: { refunds: z.output<typeof refund>[]; disputes: z.output<typeof dispute>[] },
): Attempt {
  const state = stateOf(paid, of);
  return {
    id: paid.id,
    state,
    amount: moneyOfMinor(state === "captured" ? paid.amount_captured : paid.amount, paid.currency),
    method: paid.payment_method_details?.type ?? null,
    fee: feeOf(paid),
    failure: paid.failure_code
      ? { code: paid.failure_code, message: paid.failure_message ?? paid.failure_code }
      : null,
    dispute: disputeOf(about.disputes.filter((each) => each.charge === paid.id).map(disputeState)),
    createdAt: paid.created,
    // Stripe writes a refund for what it lets go of; that money was never ours.
    refunds:
      state === "captured" ? about.refunds.filter((each) => each.charge === paid.id).map(refundOf) : [],
  };
}

function stateOf(
  { status, captured, refunded }: z.output<typeof charge>,
  of: z.output<typeof intent>,
): Attempt["state"] {
  switch (status) {
    case "failed":
      return "failed";
    case "pending":
      return "created";
    case "succeeded":
      if (captured) return "captured";
      return refunded || of.status === "canceled" ? "released" : "authorized";
    default:
      return status satisfies never;
  }
}

/** The fee is in the currency of the account; in another than the payment's it cannot be set against it. */
function feeOf({ balance_transaction: entry, currency: paidIn }: z.output<typeof charge>): Money | null {
  if (!entry || typeof entry === "string" || entry.currency.toUpperCase() !== paidIn) return null;
  return moneyOfMinor(entry.fee, paidIn);
}

/** A warning or an inquiry takes no money; it is open until it is closed. */
function disputeState({ status }: z.output<typeof dispute>): "open" | "won" | "lost" {
  if (status === "lost") return "lost";
  return status === "won" || status === "warning_closed" || status === "prevented" ? "won" : "open";
}

export function refundOf(given: z.output<typeof refund>): ProviderRefund {
  const states = {
    pending: "pending",
    requires_action: "pending",
    succeeded: "done",
    failed: "failed",
    canceled: "failed",
  } as const;
  return {
    id: given.id,
    reference: given.metadata?.reference ?? null,
    amount: moneyOfMinor(given.amount, given.currency),
    state: states[given.status],
    ...(given.failure_reason ? { failure: given.failure_reason } : {}),
  };
}
