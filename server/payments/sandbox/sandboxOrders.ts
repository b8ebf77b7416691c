import { z } from "zod";
import { moneyOfMinor } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import type { Attempt, ProviderOrder, ProviderRefund } from "../provider.ts";

/** How the app is told of changes. */
export const webhookManners = ["normal", "late", "twice", "out_of_order", "none"] as const;
export type WebhookManner = (typeof webhookManners)[number];
export const payMethods = ["upi", "card"] as const;

const refund = z.object({
  id: z.string(),
  reference: z.string(),
  amount_minor: z.int(),
  currency: z.string(),
  state: z.enum(["pending", "done", "failed"]),
});

const attempt = z.object({
  id: z.string(),
  state: z.enum(["created", "failed", "authorized", "captured", "released"]),
  amount_minor: z.int(),
  currency: z.string(),
  method: z.enum(payMethods),
  fee_minor: z.int().nullable(),
  failure_code: z.string().nullable(),
  failure_message: z.string().nullable(),
  dispute: z.enum(["open", "won", "lost"]).nullable(),
  created_at: z.int(),
  refunds: z.array(refund),
});

/** An order as private.sandbox_order() returns it. */
export const storedOrder = z.object({
  id: z.string(),
  reference: z.string(),
  amount_minor: z.int(),
  currency: z.string(),
  capture: z.enum(["automatic", "manual"]),
  description: z.string(),
  state: z.enum(["open", "closed"]),
  webhooks: z.enum(webhookManners),
  refunds_fail: z.boolean(),
  attempts: z.array(attempt),
});
export type StoredOrder = z.infer<typeof storedOrder>;

/** What has been paid, or was to be: the order takes no other payment. */
const paidStates: ReadonlySet<Attempt["state"]> = new Set(["authorized", "captured", "released"]);

export function isPaid({ attempts }: StoredOrder): boolean {
  return attempts.some(({ state }) => paidStates.has(state));
}

/** An order as the app sees it. */
export function presentOrder(order: StoredOrder): ProviderOrder {
  return {
    id: order.id,
    reference: order.reference,
    amount: moneyOfMinor(order.amount_minor, order.currency),
    state: order.state === "closed" || isPaid(order) ? "closed" : "open",
    attempts: order.attempts.map(presentAttempt),
  };
}

function presentAttempt(stored: z.infer<typeof attempt>): Attempt {
  const { id, state, currency, method, dispute } = stored;
  const { failure_code: code, failure_message: message } = stored;
  return {
    id,
    state,
    amount: moneyOfMinor(stored.amount_minor, currency),
    method,
    fee: stored.fee_minor === null ? null : moneyOfMinor(stored.fee_minor, currency),
    failure: code === null || message === null ? null : { code, message },
    dispute,
    createdAt: epochMs(stored.created_at),
    refunds: stored.refunds.map(presentRefund),
  };
}

function presentRefund({ id, reference, amount_minor, currency, state }: z.infer<typeof refund>) {
  return { id, reference, amount: moneyOfMinor(amount_minor, currency), state } satisfies ProviderRefund;
}
