import type { z } from "zod";
import { currencies, isSameMoney, type Money, moneyOfMinor } from "#rules/money.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { type Bounds, usualBounds } from "../../platform/http/fetchBounded.ts";
import { attemptLifeMs } from "../attemptLife.ts";
import { all, andThen, done, readOrders, refusedForAmount, unknown } from "../outcome.ts";
import type { NewOrder, Outcome, PaymentProvider, ProviderOrder } from "../provider.ts";
import { openRazorpayApi, type RazorpayApi } from "./api.ts";
import * as shapes from "./shapes.ts";
import { razorpayTransfers } from "./transfers.ts";
import { readRazorpayWebhook } from "./webhook.ts";

export interface RazorpayOptions {
  keyId: string;
  keySecret: string;
  webhookSecret: string;
  /** Where Razorpay is; Razorpay itself if left out. */
  address?: string;
  bounds?: Bounds;
}

/**
 * How long Razorpay waits before it gives an uncaptured payment back by itself, in minutes; it has no call for that. A request
 * waits 48 hours for its mentor. `refund_speed: normal` costs nothing; the docs name 3 days in one place and 5 in another as
 * the longest wait. https://razorpay.com/docs/payments/payments/capture-settings/api/
 */
const uncapturedLife = (49 * HOUR_MS) / MINUTE_MS;

/**
 * A bank may answer late. What arrives within the hour is captured, so that it is judged: the hold is over, but the time may
 * still be free. What arrives later is not captured, and goes back without the fee that a refund of a captured payment costs.
 */
const automaticCapture = HOUR_MS / MINUTE_MS;

type OrderShape = z.output<typeof shapes.order>;
type PaymentShape = z.output<typeof shapes.payment>;

export function openRazorpay(options: RazorpayOptions): PaymentProvider {
  const {
    keyId,
    keySecret,
    webhookSecret,
    address = "https://api.razorpay.com/v1",
    bounds = usualBounds,
  } = options;
  const api = openRazorpayApi({ keyId, keySecret, address, bounds });

  async function fetchOrder(orderId: string): Promise<Outcome<ProviderOrder>> {
    const [order, payments] = await Promise.all([
      api.call({ path: ["orders", orderId], shape: shapes.order }),
      paymentsOf(api, orderId),
    ]);
    return andThen(order, (found) => withAttempts(api, found, payments));
  }

  return {
    name: "razorpay",
    transfers: razorpayTransfers(api),
    fetchOrder,

    /** There is no idempotency header for orders, but they can be found by their receipt, which is our id. */
    async createOrder(order) {
      const earlier = await ordersOf(api, order.paymentId);
      if (earlier.kind !== "done") return earlier;
      const [first] = earlier.value;
      if (first) return isOf(first, order.amount) ? fetchOrder(first.id) : refusedForAmount(first.id);
      const created = await api.call({ path: ["orders"], shape: shapes.order, body: newOrder(order) });
      if (created.kind !== "done") return created;
      // Another process may have done the same at the same moment: both then take the first of the two.
      const both = await ordersOf(api, order.paymentId);
      const taken = both.kind === "done" ? both.value[0] : undefined;
      return withAttempts(api, taken ?? created.value, done([]));
    },

    checkout: async (orderId) => done({ provider: "razorpay", key_id: keyId, order_id: orderId }),

    /** Orders at Razorpay stay payable. */
    closeOrder: async () => done(null),

    async capture({ attemptId, amount }) {
      const { minor, currency } = amount;
      const captured = await api.call({
        path: ["payments", attemptId, "capture"],
        shape: shapes.payment,
        body: { amount: minor, currency },
      });
      if (captured.kind === "done") return done(null);
      if (captured.kind === "unknown") return captured;
      // A second capture is refused, though the first has done it.
      const paid = await api.call({ path: ["payments", attemptId], shape: shapes.payment });
      if (paid.kind === "unknown") return paid;
      return paid.kind === "done" && paid.value.captured && isOf(paid.value, amount) ? done(null) : captured;
    },

    /** Nothing to call: the order was created with the time after which Razorpay lets go of what was not captured. */
    release: async () => done(null),

    async refund({ refundId, attemptId, amount }) {
      const path = ["payments", attemptId, "refunds"];
      const earlier = await api.collect(path, shapes.refund);
      if (earlier.kind !== "done") return earlier;
      const same = earlier.value.map(shapes.refundOf).find((each) => each.reference === refundId);
      if (same) return isSameMoney(same.amount, amount) ? done(same) : refusedForAmount(same.id);
      const made = await api.call({
        path: ["payments", attemptId, "refund"],
        shape: shapes.refund,
        body: { amount: amount.minor, speed: "normal", notes: { reference: refundId } },
        headers: { "x-refund-idempotency": refundId },
      });
      return andThen(made, (refund) => done(shapes.refundOf(refund)));
    },

    async *listOrders(range) {
      yield* readOrders(await changedOrders(api, range), fetchOrder);
    },

    /** Razorpay lists them by the day, on the clock of India. https://razorpay.com/docs/api/settlements/fetch-recon/ */
    async *listSettlements({ from, to }) {
      for (const { year, month, day } of indianDays(from, to)) {
        const lines = await api.collect(["settlements", "recon", "combined"], shapes.settled, {
          year,
          month,
          day,
        });
        if (lines.kind !== "done") throw new Error(`The settlements could not be listed: ${lines.message}`);
        for (const line of lines.value) {
          const attempt = shapes.settledAttemptOf(line);
          if (attempt && attempt.settledAt >= from && attempt.settledAt <= to) yield attempt;
        }
      }
    },

    readWebhook: (request) => readRazorpayWebhook(request, webhookSecret),
  };
}

function newOrder({ paymentId, amount, capture, description }: NewOrder): object {
  return {
    amount: amount.minor,
    currency: amount.currency,
    receipt: paymentId,
    notes: { description: noteOf(description) },
    payment: {
      capture,
      capture_options: {
        ...(capture === "automatic" ? { automatic_expiry_period: automaticCapture } : {}),
        manual_expiry_period: capture === "automatic" ? automaticCapture : uncapturedLife,
        refund_speed: "normal",
      },
    },
  };
}

/** What a value of `notes` may be: at most 256 characters, of the Basic Multilingual Plane to be safe, so that no title stops a payment. */
function noteOf(text: string): string {
  return text.replace(/[\u{10000}-\u{10FFFF}]/gu, "").slice(0, 256);
}

/** The orders of one payment, the first of them first. There is more than one only if two processes created it at once. */
async function ordersOf(api: RazorpayApi, paymentId: string): Promise<Outcome<OrderShape[]>> {
  const found = await api.collect(["orders"], shapes.order, { receipt: paymentId });
  return andThen(found, (orders) =>
    done(
      orders
        .filter(({ receipt }) => receipt === paymentId)
        .sort((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1)),
    ),
  );
}

function paymentsOf(api: RazorpayApi, orderId: string): Promise<Outcome<PaymentShape[]>> {
  return api.list(["orders", orderId, "payments"], shapes.payment);
}

async function withAttempts(
  api: RazorpayApi,
  order: OrderShape,
  payments: Outcome<PaymentShape[]>,
): Promise<Outcome<ProviderOrder>> {
  if (payments.kind !== "done") return payments;
  // What Razorpay gives back because it was not captured was never ours: that is no refund, but a release.
  const captured = payments.value.filter(({ captured: isCaptured }) => isCaptured);
  const [refunds, disputes] = await Promise.all([
    Promise.all(captured.map(({ id }) => api.collect(["payments", id, "refunds"], shapes.refund))),
    disputesSince(api, captured),
  ]);
  const refunded = all(refunds);
  if (refunded.kind !== "done") return refunded;
  if (disputes.kind !== "done") return disputes;
  const about = { refunds: refunded.value.flat(), disputes: disputes.value };
  return done({
    id: order.id,
    reference: order.receipt,
    amount: moneyOfMinor(order.amount, order.currency),
    state: order.status === "paid" ? "closed" : "open",
    attempts: payments.value.map((payment) => shapes.attemptOf(payment, about)),
  });
}

/** Disputes can be listed by their time alone. An account that may not list them has none as far as we can see. */
async function disputesSince(
  api: RazorpayApi,
  payments: readonly PaymentShape[],
): Promise<Outcome<z.output<typeof shapes.dispute>[]>> {
  if (payments.length === 0) return done([]);
  const from = Math.min(...payments.map(({ created_at }) => created_at)) / 1000;
  const found = await api.collect(["disputes"], shapes.dispute, { from });
  return found.kind === "refused" ? done([]) : found;
}

/**
 * The ids of orders that were created, tried, captured, refunded or disputed in this time. Lists go by the time of creation, and
 * an attempt is captured some time after it was made. The account may have orders in currencies that are not the app's: left out.
 */
async function changedOrders(
  api: RazorpayApi,
  range: { from: number; to: number },
): Promise<Outcome<Set<string>>> {
  const to = Math.floor(range.to / 1000);
  const within = { from: Math.floor(range.from / 1000), to };
  const orders = await api.collect(["orders"], shapes.orderListed, within);
  if (orders.kind !== "done") return orders;
  const sinceCreated = { from: Math.floor((range.from - attemptLifeMs) / 1000), to };
  const payments = await api.collect(["payments"], shapes.paymentListed, sinceCreated);
  if (payments.kind !== "done") return payments;
  const refunds = await api.collect(["refunds"], shapes.ofPayment, within);
  if (refunds.kind !== "done") return refunds;
  const disputes = await api.collect(["disputes"], shapes.ofPayment, within);
  if (disputes.kind === "unknown") return disputes;
  const ids = new Set(orders.value.filter(isOurs).map(({ id }) => id));
  for (const payment of payments.value) if (payment.order_id && isOurs(payment)) ids.add(payment.order_id);
  const refundsAndDisputes = [...refunds.value, ...(disputes.kind === "done" ? disputes.value : [])];
  for (const id of new Set(refundsAndDisputes.map(({ payment_id }) => payment_id))) {
    const payment = await api.call({ path: ["payments", id], shape: shapes.paymentListed });
    if (payment.kind !== "done") return unknown(`payment ${id}: ${payment.message}`);
    if (payment.value.order_id && isOurs(payment.value)) ids.add(payment.value.order_id);
  }
  return done(ids);
}

/** India has had one offset since 1945. */
const indianOffsetMs = 5.5 * HOUR_MS;

function* indianDays(from: number, to: number) {
  const dayOf = (at: number) => Math.floor((at + indianOffsetMs) / DAY_MS);
  for (let count = dayOf(from); count <= dayOf(to); count++) {
    const date = new Date(count * DAY_MS);
    yield { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }
}

function isOurs({ currency }: { currency: string }): boolean {
  return currencies.some((each) => each === currency);
}

function isOf(given: { amount: number; currency: string }, amount: Money): boolean {
  return isSameMoney(moneyOfMinor(given.amount, given.currency), amount);
}
