import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { startStripeServer, stripeKeys } from "../../testing/stripeServer.ts";
import type { NewOrder, Outcome, SettledAttempt } from "../provider.ts";
import { openStripe, type StripeOptions } from "./stripe.ts";

const server = await startStripeServer();
afterAll(server.close);

const clock = () => epochMs(Date.now());
const open = (more: Partial<StripeOptions> = {}) =>
  openStripe({ ...stripeKeys, address: server.address, now: clock, ...more });
const provider = open();
const price = moneyOf(1500, "INR");

const newOrder = (more: Partial<NewOrder> = {}): NewOrder => ({
  paymentId: randomUUID(),
  amount: price,
  capture: "automatic",
  description: "Mock interview",
  payer: { name: "Asha Rao", email: "asha@example.com" },
  ...more,
});

function doneBy<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== "done") throw new Error(`${outcome.kind}: ${outcome.message}`);
  return outcome.value;
}

async function paid(more: Partial<NewOrder> = {}) {
  const { id } = doneBy(await provider.createOrder(newOrder(more)));
  return { orderId: id, attemptId: server.pay(id), amount: price };
}

const lastPost = () => {
  const call = server.calls.filter(({ method }) => method === "POST").at(-1);
  return { key: call?.headers["idempotency-key"], form: Object.fromEntries(new URLSearchParams(call?.body)) };
};
const creation = /^POST \/payment_intents$/;

describe("an order", () => {
  it.each(["automatic", "manual"] as const)(
    "is a PaymentIntent for a card with %s capture",
    async (capture) => {
      const order = newOrder({ capture });
      doneBy(await provider.createOrder(order));
      expect(lastPost()).toEqual({
        key: `order-${order.paymentId}`,
        form: {
          amount: "150000",
          currency: "inr",
          capture_method: capture,
          "allowed_payment_method_types[0]": "card",
          description: "Mock interview",
          "metadata[payment_id]": order.paymentId,
        },
      });
    },
  );

  it("takes the next key when the first has an error for an answer, but no order", async () => {
    const before = server.orders().length;
    const order = newOrder();
    const failure = { error: { type: "api_error", message: "An unknown error occurred" } };
    // As after an error that the server remembers, though nothing was created.
    server.answerOnce(500, failure, creation, { "idempotent-replayed": "true" });
    const created = doneBy(await provider.createOrder(order));
    expect(created.reference).toBe(order.paymentId);
    expect(lastPost().key).toBe(`order-${order.paymentId}-2`);
    expect(server.orders().length - before).toBe(1);
    for (let count = 0; count < 5; count++) {
      server.answerOnce(500, failure, creation, { "idempotent-replayed": "true" });
    }
    expect(await provider.createOrder(newOrder())).toMatchObject({ kind: "unknown" });
  });

  it("is cancelled by closing it, and cannot be paid then", async () => {
    const { id } = doneBy(await provider.createOrder(newOrder()));
    server.misbehave("fail_after", /cancel$/);
    expect(await provider.closeOrder(id)).toMatchObject({ kind: "unknown" });
    expect(await provider.closeOrder(id)).toEqual({ kind: "done", value: null });
    expect(doneBy(await provider.fetchOrder(id)).state).toBe("closed");
    expect(() => server.pay(id)).toThrow(/canceled/);
  });

  it("shows the fee only if it is in the currency of the payment", async () => {
    const { orderId, attemptId } = await paid();
    server.settleIn(attemptId, "usd");
    expect(doneBy(await provider.fetchOrder(orderId)).attempts).toMatchObject([{ fee: null }]);
  });

  it("shows every attempt, also more than fit on a page", async () => {
    const { id } = doneBy(await provider.createOrder(newOrder()));
    for (let count = 0; count < 105; count++) server.pay(id, { state: "failed" });
    const { attempts } = doneBy(await provider.fetchOrder(id));
    expect(new Set(attempts.map((attempt) => attempt.id)).size).toBe(105);
  });
});

describe("an authorized attempt", () => {
  it("is let go of, once, with no refund of ours", async () => {
    const request = await paid({ capture: "manual" });
    server.misbehave("fail_after", /cancel$/);
    expect(await provider.release(request)).toMatchObject({ kind: "unknown" });
    expect(await provider.release(request)).toEqual({ kind: "done", value: null });
    expect(doneBy(await provider.fetchOrder(request.orderId))).toMatchObject({
      state: "closed",
      attempts: [{ state: "released", amount: price, refunds: [] }],
    });
    expect(await provider.capture(request)).toMatchObject({ kind: "refused" });
  });

  it("is not let go of once it is captured", async () => {
    const request = await paid({ capture: "manual" });
    doneBy(await provider.capture(request));
    expect(await provider.release(request)).toMatchObject({ kind: "refused" });
    expect(doneBy(await provider.fetchOrder(request.orderId)).attempts).toMatchObject([
      { state: "captured" },
    ]);
  });

  it("is captured once when two processes do it at once", async () => {
    const request = await paid({ capture: "manual" });
    const both = await Promise.all([provider.capture(request), provider.capture(request)]);
    expect(both).toEqual([
      { kind: "done", value: null },
      { kind: "done", value: null },
    ]);
  });
});

describe("the settlements", () => {
  it("are the charges of automatic payouts that have arrived, also more than fit on a page", async () => {
    const other = await startStripeServer();
    const shared = open({ address: other.address });
    const list = async () => {
      const found: SettledAttempt[] = [];
      const range = { from: epochMs(Date.now() - 60_000), to: epochMs(Date.now() + 60_000) };
      for await (const each of shared.listSettlements(range)) found.push(each);
      return found;
    };
    const attempts: string[] = [];
    for (let count = 0; count < 103; count++) {
      const { id } = doneBy(await shared.createOrder(newOrder()));
      attempts.push(other.pay(id));
    }
    const refund = { refundId: randomUUID(), attemptId: attempts[0] ?? "", amount: price };
    other.finishRefund(doneBy(await shared.refund(refund)).id, "succeeded");
    other.settle({ status: "in_transit" });
    expect(await list()).toEqual([]);
    const payout = other.settle();
    const found = await list();
    expect(new Set(found.map(({ attemptId }) => attemptId))).toEqual(new Set(attempts));
    expect(found).toHaveLength(attempts.length);
    expect(found[0]).toMatchObject({
      settlementId: payout,
      amount: price,
      fee: { minor: 4_700, currency: "INR" },
    });
    // Of a payout by hand Stripe does not say what is in it.
    const { id } = doneBy(await shared.createOrder(newOrder()));
    other.pay(id);
    other.settle({ automatic: false });
    expect(await list()).toHaveLength(attempts.length);
    await other.close();
  });

  it("in another currency than the payment's are told in that currency", async () => {
    const other = await startStripeServer();
    const shared = open({ address: other.address });
    const { id } = doneBy(await shared.createOrder(newOrder()));
    other.settleIn(other.pay(id), "usd");
    other.settle();
    const range = { from: epochMs(Date.now() - 60_000), to: epochMs(Date.now() + 60_000) };
    for await (const each of shared.listSettlements(range))
      expect(each).toMatchObject({ amount: { currency: "USD" }, fee: { currency: "USD" } });
    await other.close();
  });
});

describe("a refund", () => {
  it("carries our id as idempotency key and as reference", async () => {
    const { attemptId } = await paid();
    const refundId = randomUUID();
    doneBy(await provider.refund({ refundId, attemptId, amount: price }));
    expect(lastPost()).toEqual({
      key: `refund-${refundId}`,
      form: { charge: attemptId, amount: "150000", "metadata[reference]": refundId },
    });
  });

  it("is made once when two processes ask for it at once, and when the key is forgotten", async () => {
    const { attemptId } = await paid();
    const request = { refundId: randomUUID(), attemptId, amount: moneyOf(100, "INR") };
    const made = await Promise.all([1, 2, 3].map(() => provider.refund(request)));
    server.forgetKeys();
    made.push(await provider.refund(request));
    expect(new Set(made.map((each) => doneBy(each).id)).size).toBe(1);
    expect(server.refundsOf(attemptId)).toHaveLength(1);
  });
});

describe("an error", () => {
  const answer = (more: object) => ({
    error: { type: "invalid_request_error", message: "Something", ...more },
  });

  it.each([
    [400, "refused"],
    [402, "refused"],
    [401, "unknown"],
    [403, "unknown"],
    [409, "unknown"],
    [424, "unknown"],
    [429, "unknown"],
    [503, "unknown"],
  ])("with status %i leaves the call %s", async (status, kind) => {
    server.answerOnce(status, answer({ code: "some_code" }));
    const outcome = await provider.fetchOrder("pi_1");
    expect(outcome).toMatchObject(kind === "refused" ? { kind, code: "some_code" } : { kind });
  });

  it("with a status of success or none of its own is no answer", async () => {
    server.answerOnce(500, {});
    expect(await provider.fetchOrder("pi_1")).toMatchObject({ kind: "unknown" });
    server.answerOnce(500, server.orders()[0] ?? {});
    expect(await provider.fetchOrder("pi_1")).toMatchObject({ kind: "unknown" });
    server.answerOnce(200, answer({}));
    expect(await provider.fetchOrder("pi_1")).toMatchObject({ kind: "unknown" });
  });

  it("does not repeat a wrong key: that is one of ours too", async () => {
    const secretKey = "sk_live_anotherKeyOfOurs";
    const outcome = await open({ secretKey }).createOrder(newOrder());
    expect(outcome).toEqual({
      kind: "unknown",
      message: "Stripe answered with status 401: Invalid API Key provided: Bearer [secret]",
    });
  });
});

it("lists orders that were captured or refunded in the time, and none in other currencies", async () => {
  let now = Date.now() - 10 * 86_400_000;
  const slow = await startStripeServer({ now: () => now });
  const late = open({ address: slow.address });
  const order = doneBy(await late.createOrder(newOrder()));
  const attemptId = slow.pay(order.id);
  now += 6 * 86_400_000;
  const waiting = doneBy(await late.createOrder(newOrder({ capture: "manual" })));
  const authorized = slow.pay(waiting.id);
  now += 2 * 86_400_000;
  doneBy(await late.capture({ orderId: waiting.id, attemptId: authorized, amount: price }));
  slow.createForeignOrder("usd");
  const list = async () => {
    const ids: string[] = [];
    const range = { from: epochMs(now - 3_600_000), to: epochMs(now) };
    for await (const { id } of late.listOrders(range)) ids.push(id);
    return ids;
  };
  expect(await list()).toEqual([waiting.id]);
  now += 2 * 86_400_000;
  expect(await list()).toEqual([]);
  doneBy(await late.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(100, "INR") }));
  expect(await list()).toEqual([order.id]);
  await slow.close();
});

describe("a webhook", () => {
  const read = (text: string) => {
    const body = Buffer.from(text);
    const secret = stripeKeys.webhookSecret;
    const header = server.sign(body);
    return open({ webhookSecret: secret }).readWebhook({
      body,
      headers: { "stripe-signature": header },
      receivedAt: clock(),
    });
  };

  it.each([
    "[]",
    "{",
    '"text"',
    "null",
    '{"id":"evt_1"}',
    '{"object":"v2.core.event","id":"evt_1","type":"x"}',
  ])("that is signed but makes no sense is unreadable: %j", (body) => {
    expect(read(body)).toEqual({ kind: "refused", why: "unreadable" });
  });

  it("about something else than an order names none", () => {
    const body = { id: "evt_1", type: "payout.paid", data: { object: { object: "payout", id: "po_1" } } };
    expect(read(JSON.stringify(body))).toEqual({
      kind: "genuine",
      eventId: "evt_1",
      type: "payout.paid",
      orderId: null,
    });
  });

  it("may hold the order in full", () => {
    const object = { object: "charge", id: "ch_1", payment_intent: { id: "pi_1", object: "payment_intent" } };
    const body = { id: "evt_1", type: "charge.succeeded", data: { object } };
    expect(read(JSON.stringify(body))).toMatchObject({ orderId: "pi_1" });
  });
});
