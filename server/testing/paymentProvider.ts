import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { addMoney, isSameMoney, type Money, moneyOfMinor, subtractMoney } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import type {
  Attempt,
  NewOrder,
  Outcome,
  PaymentProvider,
  ProviderOrder,
  ProviderRefund,
  SettledAttempt,
  WebhookRequest,
} from "../payments/provider.ts";

type Stored<T> = { -readonly [Key in keyof T]: T[Key] };
type StoredAttempt = Stored<Omit<Attempt, "refunds">> & { refunds: Stored<ProviderRefund>[] };
interface StoredOrder extends Omit<Stored<ProviderOrder>, "attempts"> {
  capture: NewOrder["capture"];
  attempts: StoredAttempt[];
}

/** How a call misbehaves: no answer although it was done, or not done, or refused. */
type Fault = "unknown_after" | "unknown_before" | "refused";
type CallName = "createOrder" | "fetchOrder" | "checkout" | "closeOrder" | "capture" | "release" | "refund";

/** A payment provider in memory, called through the same interface as the real ones. Its payers are the test. */
export interface TestProvider extends PaymentProvider {
  readonly orders: ReadonlyMap<string, StoredOrder>;
  orderOf(paymentId: string): StoredOrder;
  /** The payer pays: authorized, and captured if the order is captured automatically. */
  pay(orderId: string, options?: { amount?: Money; fee?: Money }): StoredAttempt;
  fail(orderId: string, message?: string): StoredAttempt;
  authorize(orderId: string): StoredAttempt;
  /** Refunds are done at once unless this is false; then `settleRefunds` does it. */
  refundsAtOnce: boolean;
  settleRefunds(state: "done" | "failed"): void;
  /** The next calls of this name misbehave, in this order. */
  faults: Map<CallName, Fault[]>;
  calls: { name: CallName; at: number }[];
  /** What `listSettlements` has: what was paid out to our bank. */
  readonly settlements: SettledAttempt[];
  webhook(orderId: string, type?: string): { body: string; headers: Record<string, string> };
}

const secret = "a secret of webhooks for tests";

export function openTestProvider(): TestProvider {
  const orders = new Map<string, StoredOrder>();
  const faults = new Map<CallName, Fault[]>();
  const calls: TestProvider["calls"] = [];
  let count = 0;
  const nextId = (kind: string) => `${kind}_${++count}_${randomBytes(6).toString("hex")}`;

  async function call<T>(name: CallName, work: () => Outcome<T>): Promise<Outcome<T>> {
    calls.push({ name, at: Date.now() });
    await new Promise((resolve) => setImmediate(resolve));
    const fault = faults.get(name)?.shift();
    if (fault === "refused") return { kind: "refused", code: "refused", message: "The bank said no." };
    if (fault === "unknown_before") return { kind: "unknown", message: "No answer." };
    const outcome = work();
    return fault === "unknown_after" ? { kind: "unknown", message: "No answer." } : outcome;
  }
  const done = <T>(value: T): Outcome<T> => ({ kind: "done", value: structuredClone(value) });
  const refuse = (code: string): Outcome<never> => ({ kind: "refused", code, message: code });
  const find = (orderId: string): StoredOrder => {
    const order = orders.get(orderId);
    if (!order) throw new Error(`There is no order ${orderId}.`);
    return order;
  };
  const findAttempt = (attemptId: string) =>
    [...orders.values()].flatMap(({ attempts }) => attempts).find(({ id }) => id === attemptId);
  const add = (order: StoredOrder, state: Attempt["state"], amount = order.amount): StoredAttempt => {
    const attempt: StoredAttempt = {
      id: nextId("pay"),
      state,
      amount,
      method: "upi",
      fee: null,
      failure: null,
      dispute: null,
      createdAt: epochMs(Date.now()),
      refunds: [],
    };
    order.attempts.push(attempt);
    return attempt;
  };

  const provider: TestProvider = {
    name: "sandbox",
    orders,
    faults,
    calls,
    refundsAtOnce: true,
    transfers: null,
    orderOf(paymentId) {
      const order = [...orders.values()].find(({ reference }) => reference === paymentId);
      if (!order) throw new Error(`There is no order for ${paymentId}.`);
      return order;
    },
    pay(orderId, { amount, fee } = {}) {
      const order = find(orderId);
      const attempt = add(order, order.capture === "automatic" ? "captured" : "authorized", amount);
      attempt.fee = fee ?? null;
      return attempt;
    },
    fail(orderId, message = "The bank declined it.") {
      const attempt = add(find(orderId), "failed");
      attempt.failure = { code: "declined", message };
      return attempt;
    },
    authorize: (orderId) => add(find(orderId), "authorized"),
    settleRefunds(state) {
      for (const { attempts } of orders.values()) {
        for (const { refunds } of attempts) {
          for (const refund of refunds) if (refund.state === "pending") refund.state = state;
        }
      }
    },
    webhook(orderId, type = "order.changed") {
      const body = JSON.stringify({ id: nextId("evt"), type, order_id: orderId });
      return { body, headers: { "content-type": "application/json", "test-signature": sign(body) } };
    },
    createOrder: ({ paymentId, amount, capture }) =>
      call("createOrder", () => {
        const known = [...orders.values()].find(({ reference }) => reference === paymentId);
        if (known) return done(known);
        const order: StoredOrder = {
          id: nextId("order"),
          reference: paymentId,
          amount,
          state: "open",
          capture,
          attempts: [],
        };
        orders.set(order.id, order);
        return done(order);
      }),
    fetchOrder: (orderId) =>
      call("fetchOrder", () => (orders.has(orderId) ? done(find(orderId)) : refuse("not_found"))),
    checkout: (orderId) =>
      call("checkout", () => done({ provider: "sandbox", url: `/sandbox-checkout/${orderId}` } as const)),
    closeOrder: (orderId) =>
      call("closeOrder", () => {
        find(orderId).state = "closed";
        return done(null);
      }),
    capture: ({ attemptId, amount }) =>
      call("capture", () => {
        const attempt = findAttempt(attemptId);
        if (attempt?.state === "captured") return done(null);
        if (attempt?.state !== "authorized" || !isSameMoney(attempt.amount, amount))
          return refuse("not_authorized");
        attempt.state = "captured";
        return done(null);
      }),
    release: ({ attemptId }) =>
      call("release", () => {
        const attempt = findAttempt(attemptId);
        if (attempt?.state === "released") return done(null);
        if (attempt?.state !== "authorized") return refuse("not_authorized");
        attempt.state = "released";
        return done(null);
      }),
    refund: ({ refundId, attemptId, amount }) =>
      call("refund", () => {
        const attempt = findAttempt(attemptId);
        if (attempt?.state !== "captured") return refuse("not_captured");
        const known = attempt.refunds.find(({ reference }) => reference === refundId);
        if (known) return done(known);
        const zero = moneyOfMinor(0, amount.currency);
        const refunded = attempt.refunds
          .filter(({ state }) => state !== "failed")
          .reduce((sum, refund) => addMoney(sum, refund.amount), zero);
        if (amount.minor > subtractMoney(attempt.amount, refunded).minor) return refuse("too_much");
        const refund: ProviderRefund = {
          id: nextId("rfnd"),
          reference: refundId,
          amount,
          state: provider.refundsAtOnce ? "done" : "pending",
        };
        attempt.refunds.push(refund);
        return done(refund);
      }),
    settlements: [],
    async *listSettlements({ from, to }) {
      yield* structuredClone(
        provider.settlements.filter(({ settledAt }) => settledAt >= from && settledAt <= to),
      );
    },
    async *listOrders() {
      yield* structuredClone([...orders.values()]);
    },
    readWebhook: ({ body, headers }: WebhookRequest) => {
      const text = Buffer.from(body).toString();
      const given = Buffer.from(String(headers["test-signature"] ?? ""), "hex");
      const expected = Buffer.from(sign(text), "hex");
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        return { kind: "refused", why: "forged" };
      const { id, type, order_id } = JSON.parse(text) as { id: string; type: string; order_id: string };
      return { kind: "genuine", eventId: id, type, orderId: order_id };
    },
  };
  return provider;
}

function sign(body: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}
