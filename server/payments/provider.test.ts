import { randomUUID } from "node:crypto";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import { razorpayKeys, startRazorpayServer } from "../testing/razorpayServer.ts";
import { openSandboxSide } from "../testing/sandboxSide.ts";
import { startStripeServer, stripeKeys } from "../testing/stripeServer.ts";
import { type Fault, impatientMs } from "../testing/vendorServer.ts";
import type {
  NewOrder,
  Outcome,
  PaymentProvider,
  ProviderName,
  ProviderOrder,
  SettledAttempt,
} from "./provider.ts";
import { openRazorpay } from "./razorpay/razorpay.ts";
import { openStripe } from "./stripe/stripe.ts";

/** A provider as the tests see it, and what happens on its other side. */
interface Side {
  provider: PaymentProvider;
  pay(orderId: string, how?: { state?: "created" | "authorized" | "failed" }): Awaitable<string>;
  orders(): Awaitable<{ id: string }[]>;
  refundsOf(attemptId: string): Awaitable<{ amount: number }[]>;
  finishRefund(refundId: string, state: "done" | "failed"): Awaitable<void>;
  dispute(attemptId: string, state: "open" | "won" | "lost"): Awaitable<void>;
  deliveries(): Awaitable<{ body: Buffer; headers: Record<string, string> }[]>;
  /** Pays out to the platform's bank what was captured. */
  settle(): Awaitable<unknown>;
  /** What the tests look for in messages. */
  secrets: readonly string[];
}
type Awaitable<T> = T | Promise<T>;

/** A vendor's server, which can misbehave on the wire. */
interface Wire extends Side {
  misbehave(fault: Fault, only?: RegExp): void;
  creation: RegExp;
  refunding: RegExp;
  capturing: RegExp;
}

const clock = () => epochMs(Date.now());

const razorpay = await startRazorpayServer();
const stripe = await startStripeServer();
const sandbox = await openSandboxSide();
afterAll(() => Promise.all([razorpay.close(), stripe.close(), sandbox.close()]));

const wires = {
  razorpay: {
    ...razorpay,
    provider: openRazorpay({ ...razorpayKeys, address: razorpay.address, bounds: razorpay.bounds }),
    deliveries: () => [...razorpay.deliveries],
    finishRefund: (id, state) => razorpay.finishRefund(id, state === "done" ? "processed" : "failed"),
    secrets: [
      razorpayKeys.keySecret,
      razorpayKeys.webhookSecret,
      Buffer.from(`${razorpayKeys.keyId}:${razorpayKeys.keySecret}`).toString("base64"),
    ],
    creation: /^POST \/orders$/,
    refunding: /^POST .*\/refund$/,
    capturing: /^POST .*\/capture$/,
  },
  stripe: {
    ...stripe,
    provider: openStripe({ ...stripeKeys, address: stripe.address, bounds: stripe.bounds, now: clock }),
    deliveries: () => [...stripe.deliveries],
    finishRefund: (id, state) => stripe.finishRefund(id, state === "done" ? "succeeded" : "failed"),
    dispute: (id, state) => stripe.dispute(id, state === "open" ? "needs_response" : state),
    secrets: [stripeKeys.secretKey, stripeKeys.webhookSecret],
    creation: /^POST \/payment_intents$/,
    refunding: /^POST \/refunds$/,
    capturing: /^POST .*\/capture$/,
  },
} satisfies Partial<Record<ProviderName, Wire>>;
const sides: Record<ProviderName, Side> = { ...wires, sandbox };

const price = moneyOf(1500, "INR");

function newOrder(more: Partial<NewOrder> = {}): NewOrder {
  const payer = { name: "Asha Rao", email: "asha@example.com" };
  return {
    paymentId: randomUUID(),
    amount: price,
    capture: "automatic",
    description: "Mock interview",
    payer,
    ...more,
  };
}

function doneBy<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== "done") throw new Error(`${outcome.kind}: ${outcome.message}`);
  return outcome.value;
}

/** Everything that providers have said in this file. */
const messages: string[] = [];
function said<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.kind !== "done") messages.push(JSON.stringify(outcome));
  return outcome;
}

/** What the tests of one provider need. */
function about({ provider, pay, orders, secrets }: Side) {
  async function paid(more: Partial<NewOrder> = {}): Promise<{ order: ProviderOrder; attemptId: string }> {
    const order = doneBy(await provider.createOrder(newOrder(more)));
    return { order, attemptId: await pay(order.id) };
  }
  async function onlyAttempt(orderId: string) {
    const [attempt, ...others] = doneBy(await provider.fetchOrder(orderId)).attempts;
    expect(others).toEqual([]);
    if (!attempt) throw new Error("There is no attempt.");
    return attempt;
  }
  const countOrders = async () => (await orders()).length;
  const ordersSince = async (count: number) => (await countOrders()) - count;

  afterEach(() => expect(messages.filter((each) => secrets.some((it) => each.includes(it)))).toEqual([]));
  return { paid, onlyAttempt, countOrders, ordersSince };
}

describe.each(Object.entries(sides))("%s", (_name, side) => {
  const { provider } = side;
  const { paid, onlyAttempt, countOrders, ordersSince } = about(side);

  it("creates one order for one payment, however often it is asked", async () => {
    const before = await countOrders();
    const wanted = newOrder();
    const first = doneBy(await provider.createOrder(wanted));
    expect(first).toEqual({
      id: expect.any(String),
      reference: wanted.paymentId,
      amount: price,
      state: "open",
      attempts: [],
    });
    expect(doneBy(await provider.createOrder(wanted))).toEqual(first);
    await side.pay(first.id);
    const again = doneBy(await provider.createOrder(wanted));
    expect(again).toMatchObject({ id: first.id, state: "closed", attempts: [{ state: "captured" }] });
    expect(await ordersSince(before)).toBe(1);
    // The twin: another payment gets another order.
    expect(doneBy(await provider.createOrder(newOrder())).id).not.toBe(first.id);
  });

  it("takes the same order when two processes create it at once", async () => {
    const wanted = newOrder();
    const [one, other] = await Promise.all([provider.createOrder(wanted), provider.createOrder(wanted)]);
    expect(doneBy(one).id).toBe(doneBy(other).id);
  });

  it("gives a payment no second order over another amount", async () => {
    const wanted = newOrder();
    const first = doneBy(await provider.createOrder(wanted));
    const other = said(await provider.createOrder({ ...wanted, amount: moneyOf(1, "INR") }));
    expect(other).toMatchObject({ kind: "refused", code: "other_amount" });
    const renamed = await provider.createOrder({ ...wanted, description: "Renamed" });
    expect(doneBy(renamed).id).toBe(first.id);
  });

  it("refuses an amount below the least that can be paid", async () => {
    const before = await countOrders();
    expect(said(await provider.createOrder(newOrder({ amount: moneyOf(0.01, "INR") })))).toMatchObject({
      kind: "refused",
    });
    expect(await ordersSince(before)).toBe(0);
  });

  it("reports attempts with method, fee and failure", async () => {
    const { id } = doneBy(await provider.createOrder(newOrder()));
    const failed = await side.pay(id, { state: "failed" });
    expect(await onlyAttempt(id)).toMatchObject({
      id: failed,
      state: "failed",
      amount: price,
      fee: null,
      failure: { code: expect.stringMatching(/declined/), message: expect.stringMatching(/declined/) },
    });
    const captured = await side.pay(id);
    const { attempts, state } = doneBy(await provider.fetchOrder(id));
    expect(state).toBe("closed");
    expect(attempts.find((attempt) => attempt.id === captured)).toMatchObject({
      state: "captured",
      amount: price,
      method: expect.stringMatching(/^(upi|card)$/),
      fee: { minor: expect.any(Number), currency: "INR" },
      failure: null,
      dispute: null,
      refunds: [],
    });
    expect(attempts.find((attempt) => attempt.id === failed)).toMatchObject({ state: "failed" });
  });

  it("shows an attempt that is under way", async () => {
    const { id } = doneBy(await provider.createOrder(newOrder()));
    await side.pay(id, { state: "created" });
    expect(await onlyAttempt(id)).toMatchObject({ state: "created", amount: price });
  });

  it("knows no order that does not exist", async () => {
    for (const id of ["order_doesNotExist", "../payments", "pi_doesNotExist"]) {
      expect(said(await provider.fetchOrder(id))).toMatchObject({ kind: "refused" });
    }
    expect(said(await provider.fetchOrder("pi_doesNotExist"))).toMatchObject({ code: "not_found" });
  });

  it("captures what was authorized, once, and only the whole of it", async () => {
    const { order, attemptId } = await paid({ capture: "manual" });
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "authorized", amount: price });
    const request = { orderId: order.id, attemptId, amount: price };
    const part = said(await provider.capture({ ...request, amount: moneyOf(1, "INR") }));
    expect(part).toMatchObject({ kind: "refused" });
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "authorized" });
    expect(await provider.capture(request)).toEqual({ kind: "done", value: null });
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "captured", amount: price });
    expect(await provider.capture(request)).toEqual({ kind: "done", value: null });
    const other = said(await provider.capture({ ...request, amount: moneyOf(1, "INR") }));
    expect(other).toMatchObject({ kind: "refused" });
  });

  it("does not capture what failed", async () => {
    const { id } = doneBy(await provider.createOrder(newOrder({ capture: "manual" })));
    const attemptId = await side.pay(id, { state: "failed" });
    const captured = said(await provider.capture({ orderId: id, attemptId, amount: price }));
    expect(captured).toMatchObject({ kind: "refused" });
  });

  it("refunds once for one id", async () => {
    const { order, attemptId } = await paid();
    const request = { refundId: randomUUID(), attemptId, amount: moneyOf(500, "INR") };
    const made = doneBy(await provider.refund(request));
    expect(made).toEqual({
      id: expect.any(String),
      reference: request.refundId,
      amount: request.amount,
      state: "pending",
    });
    expect(doneBy(await provider.refund(request))).toEqual(made);
    expect(await side.refundsOf(attemptId)).toHaveLength(1);
    await side.finishRefund(made.id, "done");
    expect(await onlyAttempt(order.id)).toMatchObject({
      state: "captured",
      amount: price,
      refunds: [{ id: made.id, reference: request.refundId, state: "done" }],
    });
    // The twin: another id is another refund.
    doneBy(await provider.refund({ ...request, refundId: randomUUID() }));
    expect(await side.refundsOf(attemptId)).toHaveLength(2);
    const other = said(await provider.refund({ ...request, amount: moneyOf(501, "INR") }));
    expect(other).toMatchObject({ kind: "refused", code: "other_amount" });
  });

  it("stays captured when everything is refunded", async () => {
    const { order, attemptId } = await paid();
    doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: price }));
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "captured", refunds: [{ amount: price }] });
  });

  it("reports a refund that failed", async () => {
    const { order, attemptId } = await paid();
    const made = doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: price }));
    await side.finishRefund(made.id, "failed");
    expect(await onlyAttempt(order.id)).toMatchObject({
      state: "captured",
      refunds: [{ id: made.id, state: "failed" }],
    });
  });

  it("refuses to refund more than was captured", async () => {
    const { attemptId } = await paid();
    const refund = (amount: number) =>
      provider.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(amount, "INR") });
    expect(said(await refund(1501))).toMatchObject({ kind: "refused" });
    doneBy(await refund(1000));
    expect(said(await refund(501))).toMatchObject({ kind: "refused" });
    doneBy(await refund(500));
    expect(said(await refund(100))).toMatchObject({ kind: "refused" });
    expect((await side.refundsOf(attemptId)).map(({ amount }) => amount)).toEqual([100_000, 50_000]);
  });

  it("reports disputes and how they end", async () => {
    const { order, attemptId } = await paid();
    for (const state of ["open", "won", "lost"] as const) {
      await side.dispute(attemptId, state);
      expect(await onlyAttempt(order.id)).toMatchObject({ state: "captured", dispute: state });
    }
    expect(await onlyAttempt((await paid()).order.id)).toMatchObject({ dispute: null });
  });

  it("lists the orders of a time, with those that were refunded in it", async () => {
    const { order, attemptId } = await paid();
    const range = { from: epochMs(Date.now() - 60_000), to: epochMs(Date.now() + 60_000) };
    doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(100, "INR") }));
    const listed: ProviderOrder[] = [];
    for await (const each of provider.listOrders(range)) listed.push(each);
    expect(listed.find(({ id }) => id === order.id)).toMatchObject({ attempts: [{ refunds: [{}] }] });
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set((await side.orders()).map(({ id }) => id)));
    expect(listed).toHaveLength(await countOrders());
    const earlier = { from: epochMs(range.from - 1e9), to: epochMs(range.from - 1e8) };
    for await (const each of provider.listOrders(earlier)) throw new Error(`There was ${each.id}.`);
  });

  it("gives the page what it needs, and no secret key", async () => {
    const order = doneBy(await provider.createOrder(newOrder()));
    const checkout = doneBy(await provider.checkout(order.id));
    expect(checkout.provider).toBe(provider.name);
    expect(side.secrets.filter((secret) => JSON.stringify(checkout).includes(secret))).toEqual([]);
  });

  it("closes an order without an error, also twice", async () => {
    const order = doneBy(await provider.createOrder(newOrder()));
    expect(await provider.closeOrder(order.id)).toEqual({ kind: "done", value: null });
    expect(await provider.closeOrder(order.id)).toEqual({ kind: "done", value: null });
    const { order: held } = await paid({ capture: "manual" });
    expect(await provider.closeOrder(held.id)).toEqual({ kind: "done", value: null });
    expect(await onlyAttempt(held.id)).toMatchObject({ state: "authorized" });
  });

  it("takes a genuine webhook, whatever it is about, and finds its order", async () => {
    const first = (await side.deliveries()).length;
    const { order, attemptId } = await paid();
    const made = doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: price }));
    await side.finishRefund(made.id, "done");
    await side.dispute(attemptId, "open");
    const delivered = (await side.deliveries()).slice(first);
    expect(delivered.length).toBeGreaterThanOrEqual(4);
    const verdicts = delivered.map((each) => provider.readWebhook({ ...each, receivedAt: clock() }));
    for (const verdict of verdicts) {
      expect(verdict).toEqual({
        kind: "genuine",
        eventId: expect.any(String),
        type: expect.any(String),
        orderId: order.id,
      });
    }
    expect(new Set(verdicts.map((each) => each.kind === "genuine" && each.eventId)).size).toBe(
      delivered.length,
    );
  });

  it("refuses a forged webhook: every bit of the body and the signature counts", async () => {
    await paid();
    const genuine = (await side.deliveries()).at(-1);
    if (!genuine) throw new Error("Nothing was delivered.");
    const read = (body: Buffer, headers: Record<string, string>) =>
      provider.readWebhook({ body, headers, receivedAt: clock() });
    for (let bit = 0; bit < genuine.body.length * 8; bit += 37) {
      const body = Buffer.from(genuine.body);
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(read(body, genuine.headers)).toEqual({ kind: "refused", why: "forged" });
    }
    const [header = "", signature = ""] =
      Object.entries(genuine.headers).find(([key]) => key.includes("signature")) ?? [];
    for (const other of [
      "",
      "x",
      signature.slice(0, -1),
      `${signature}0`,
      signature.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      "0".repeat(64),
      "t=1,v1=",
      "t=1,v1",
      signature.replace(/.$/, "é"),
    ]) {
      expect(read(genuine.body, { ...genuine.headers, [header]: other })).toEqual({
        kind: "refused",
        why: "forged",
      });
    }
    const { [header]: _, ...unsigned } = genuine.headers;
    expect(read(genuine.body, unsigned)).toEqual({ kind: "refused", why: "forged" });
    expect(read(Buffer.concat([genuine.body, Buffer.from(" ")]), genuine.headers)).toMatchObject({
      why: "forged",
    });
    // The twin: the same bytes are genuine, also a second time.
    for (let count = 0; count < 2; count++) {
      expect(read(genuine.body, genuine.headers)).toMatchObject({ kind: "genuine" });
    }
  });

  it("lists what was paid out, attempt by attempt, with the fee, in its time", async () => {
    const byHand = await paid({ capture: "manual" });
    const captured = await paid();
    const unpaid = doneBy(await provider.createOrder(newOrder()));
    await side.pay(unpaid.id, { state: "failed" });
    await side.settle();
    const listed = async (from: number, to: number) => {
      const all: SettledAttempt[] = [];
      for await (const each of provider.listSettlements({ from: epochMs(from), to: epochMs(to) }))
        all.push(each);
      return all;
    };
    const [from, to] = [Date.now() - DAY_MS, Date.now() + DAY_MS];
    const all = await listed(from, to);
    const { fee } = await onlyAttempt(captured.order.id);
    expect(fee).not.toBeNull();
    const found = all.find(({ attemptId }) => attemptId === captured.attemptId);
    expect(found).toEqual({
      orderId: captured.order.id,
      attemptId: captured.attemptId,
      settlementId: expect.any(String),
      settledAt: expect.any(Number),
      amount: price,
      fee,
    });
    const attempts = all.map(({ attemptId }) => attemptId);
    expect(new Set(attempts).size).toBe(attempts.length);
    for (const { order } of [byHand, { order: unpaid }])
      expect(all.map(({ orderId }) => orderId)).not.toContain(order.id);
    expect(await listed(from - 30 * DAY_MS, from - 10 * DAY_MS)).toEqual([]);
    // The twin: what is captured later is paid out later.
    expect(
      await provider.capture({ orderId: byHand.order.id, attemptId: byHand.attemptId, amount: price }),
    ).toMatchObject({
      kind: "done",
    });
    await side.settle();
    expect((await listed(from, to)).map(({ attemptId }) => attemptId)).toContain(byHand.attemptId);
  });
});

describe.each(Object.entries(wires))("%s on the wire", (_name, side: Wire) => {
  const { provider } = side;
  const { paid, onlyAttempt, countOrders, ordersSince } = about(side);

  it("captures once when the answer to the first call is lost", async () => {
    const { order, attemptId } = await paid({ capture: "manual" });
    const request = { orderId: order.id, attemptId, amount: price };
    side.misbehave("fail_after", side.capturing);
    expect(said(await provider.capture(request))).toMatchObject({ kind: "unknown" });
    expect(await provider.capture(request)).toEqual({ kind: "done", value: null });
  });

  it("captures after an error that prevented it", async () => {
    const { order, attemptId } = await paid({ capture: "manual" });
    const request = { orderId: order.id, attemptId, amount: price };
    side.misbehave("fail_before", side.capturing);
    expect(said(await provider.capture(request))).toMatchObject({ kind: "unknown" });
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "authorized" });
    expect(await provider.capture(request)).toEqual({ kind: "done", value: null });
    expect(await onlyAttempt(order.id)).toMatchObject({ state: "captured" });
  });

  it("finds what another call did, if the answer is lost", async () => {
    const before = await countOrders();
    const wanted = newOrder();
    side.misbehave("fail_after", side.creation);
    expect(said(await provider.createOrder(wanted))).toMatchObject({ kind: "unknown" });
    const order = doneBy(await provider.createOrder(wanted));
    expect(await ordersSince(before)).toBe(1);
    const attemptId = await side.pay(order.id);
    const request = { refundId: randomUUID(), attemptId, amount: price };
    side.misbehave("fail_after", side.refunding);
    expect(said(await provider.refund(request))).toMatchObject({ kind: "unknown" });
    expect(doneBy(await provider.refund(request)).reference).toBe(request.refundId);
    expect(await side.refundsOf(attemptId)).toHaveLength(1);
  });

  it.each<Fault>(["fail_before", "close_before", "too_many_before"])(
    "does later what %s prevented",
    async (fault) => {
      const before = await countOrders();
      const wanted = newOrder();
      side.misbehave(fault, side.creation);
      expect(said(await provider.createOrder(wanted))).toMatchObject({ kind: "unknown" });
      expect(await ordersSince(before)).toBe(0);
      const order = doneBy(await provider.createOrder(wanted));
      const attemptId = await side.pay(order.id);
      const request = { refundId: randomUUID(), attemptId, amount: price };
      side.misbehave(fault, side.refunding);
      expect(said(await provider.refund(request))).toMatchObject({ kind: "unknown" });
      expect(await side.refundsOf(attemptId)).toEqual([]);
      doneBy(await provider.refund(request));
      expect([await ordersSince(before), (await side.refundsOf(attemptId)).length]).toEqual([1, 1]);
    },
  );

  it.each<Fault>([
    "stall",
    "stall_in_body",
    "nonsense",
    "other_shape",
    "huge",
    "close_after",
    "redirect",
    "fail_after",
  ])("does not know how a call ended with %s, in time, and does it once", async (fault) => {
    const before = await countOrders();
    const wanted = newOrder();
    const started = performance.now();
    side.misbehave(fault, side.creation);
    expect(said(await provider.createOrder(wanted))).toMatchObject({ kind: "unknown" });
    expect(performance.now() - started).toBeLessThan(impatientMs + 2_000);
    const order = doneBy(await provider.createOrder(wanted));
    expect(await ordersSince(before)).toBe(1);
    const attemptId = await side.pay(order.id);
    const request = { refundId: randomUUID(), attemptId, amount: price };
    side.misbehave(fault, side.refunding);
    expect(said(await provider.refund(request))).toMatchObject({ kind: "unknown" });
    doneBy(await provider.refund(request));
    expect(await side.refundsOf(attemptId)).toHaveLength(1);
    side.misbehave(fault);
    expect(said(await provider.fetchOrder(order.id))).toMatchObject({ kind: "unknown" });
    expect(doneBy(await provider.fetchOrder(order.id)).state).toBe("closed");
  });

  it("is done again as soon as the server behaves: no fault is left over", async () => {
    doneBy(await provider.createOrder(newOrder()));
  });

  it.each<Fault>(["fail_before", "nonsense", "other_shape", "stall", "too_many_before"])(
    "gives no list at all when a list ends with %s",
    async (fault) => {
      await paid();
      await side.settle();
      const range = { from: epochMs(Date.now() - 60_000), to: epochMs(Date.now() + 60_000) };
      side.misbehave(fault);
      await expect(provider.listOrders(range)[Symbol.asyncIterator]().next()).rejects.toThrow(/listed/);
      side.misbehave(fault);
      await expect(provider.listSettlements(range)[Symbol.asyncIterator]().next()).rejects.toThrow(/listed/);
    },
  );
});

describe("a signature of Stripe", () => {
  const { provider } = wires.stripe;

  it.each([
    [299, "genuine"],
    [301, "stale"],
    [86_400, "stale"],
  ])("of %i s ago is %s", (age, verdict) => {
    stripe.pay(stripe.orders().find(({ status }) => status === "requires_payment_method")?.id ?? "");
    // On the clock of the app, which a test may have stopped.
    const at = Date.now() - 864e6;
    stripe.deliverAt(at - age * 1000);
    const [delivery] = stripe.deliveries.slice(-1);
    if (!delivery) throw new Error("Nothing was delivered.");
    const read = (headers: Record<string, string>) =>
      provider.readWebhook({ body: delivery.body, headers, receivedAt: epochMs(at) });
    expect(read(delivery.headers)).toMatchObject(
      verdict === "genuine" ? { kind: "genuine" } : { kind: "refused", why: "stale" },
    );
    // A newer time with the same signature is forged, not stale.
    const renewed = (delivery.headers["stripe-signature"] ?? "").replace(
      /^t=\d+/,
      `t=${Math.floor(at / 1000) + 1}`,
    );
    expect(read({ "stripe-signature": renewed })).toEqual({ kind: "refused", why: "forged" });
  });
});

describe("what is said", () => {
  it("was said: there were messages to look at", () => {
    expect(messages.length).toBeGreaterThan(20);
  });
});
