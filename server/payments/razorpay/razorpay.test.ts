import { createHash, createHmac, randomUUID } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { razorpayKeys, startRazorpayServer } from "../../testing/razorpayServer.ts";
import type { NewOrder, Outcome, SettledAttempt, Transfers } from "../provider.ts";
import { openRazorpay, type RazorpayOptions } from "./razorpay.ts";

const server = await startRazorpayServer();
afterAll(server.close);

const open = (more: Partial<RazorpayOptions> = {}) =>
  openRazorpay({ ...razorpayKeys, address: server.address, ...more });
const provider = open();
const transfers = provider.transfers as Transfers;
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
  return { orderId: id, attemptId: server.pay(id) };
}

const lastCall = (method: string) => {
  const call = server.calls.filter((each) => each.method === method).at(-1);
  if (!call) throw new Error(`There was no ${method}.`);
  return { ...call, json: JSON.parse(call.body || "{}") as unknown };
};

describe("an order", () => {
  it.each([
    ["automatic", { automatic_expiry_period: 60, manual_expiry_period: 60, refund_speed: "normal" }],
    ["manual", { manual_expiry_period: 2940, refund_speed: "normal" }],
  ] as const)("says how long a payment may wait: %s capture", async (capture, options) => {
    const order = newOrder({ capture, description: `🎉${"x".repeat(300)}` });
    doneBy(await provider.createOrder(order));
    expect(lastCall("POST").json).toEqual({
      amount: 150_000,
      currency: "INR",
      receipt: order.paymentId,
      notes: { description: "x".repeat(256) },
      payment: { capture, capture_options: options },
    });
  });

  it("is not confused with one of another product whose receipt holds our id", async () => {
    const order = newOrder();
    server.createForeignOrder({ receipt: `x${order.paymentId}` });
    const created = doneBy(await provider.createOrder(order));
    expect(created).toMatchObject({ reference: order.paymentId, amount: price });
  });

  it("shows what Razorpay gave back because it was not captured as released, with no refund of ours", async () => {
    const { orderId, attemptId } = await paid({ capture: "manual" });
    expect(await provider.release({ orderId, attemptId, amount: price })).toMatchObject({ kind: "done" });
    server.letGo(attemptId);
    expect(doneBy(await provider.fetchOrder(orderId)).attempts).toMatchObject([
      { state: "released", amount: price, refunds: [] },
    ]);
  });

  it("shows every refund of an attempt, also more than fit on a page", async () => {
    const { orderId, attemptId } = await paid();
    for (let count = 0; count < 105; count++) {
      doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(2, "INR") }));
    }
    const [attempt] = doneBy(await provider.fetchOrder(orderId)).attempts;
    expect(new Set(attempt?.refunds.map(({ id }) => id)).size).toBe(105);
  });

  it("is read although the account may not list disputes", async () => {
    const { orderId } = await paid();
    const refusal = { error: { code: "BAD_REQUEST_ERROR", description: "Not available for your account" } };
    server.answerOnce(400, refusal, /disputes/);
    expect(doneBy(await provider.fetchOrder(orderId)).attempts).toMatchObject([{ dispute: null }]);
    server.misbehave("fail_before", /disputes/);
    expect(await provider.fetchOrder(orderId)).toMatchObject({ kind: "unknown" });
  });
});

describe("a refund", () => {
  it("carries our id as idempotency key and as reference", async () => {
    const { attemptId } = await paid();
    const refundId = randomUUID();
    doneBy(await provider.refund({ refundId, attemptId, amount: price }));
    expect(lastCall("POST")).toMatchObject({
      headers: { "x-refund-idempotency": refundId },
      json: { amount: 150_000, notes: { reference: refundId } },
    });
  });

  it("is made once when two processes ask for it at once: the key counts", async () => {
    const { attemptId } = await paid();
    const request = { refundId: randomUUID(), attemptId, amount: moneyOf(100, "INR") };
    const made = await Promise.all([1, 2, 3].map(() => provider.refund(request)));
    expect(new Set(made.map((each) => doneBy(each).id)).size).toBe(1);
    expect(server.refundsOf(attemptId)).toHaveLength(1);
  });
});

describe("a wrong key", () => {
  it("is no judgement on what was asked", async () => {
    const stranger = open({ keySecret: "another secret of some length" });
    expect(await stranger.createOrder(newOrder())).toEqual({
      kind: "unknown",
      message: "Razorpay answered with status 401: Authentication failed",
    });
  });
});

describe("an error", () => {
  it.each([
    [400, "GATEWAY_ERROR", "unknown"],
    [400, "SERVER_ERROR", "unknown"],
    [400, "BAD_REQUEST_ERROR", "refused"],
    [404, "BAD_REQUEST_ERROR", "refused"],
    [409, "BAD_REQUEST_ERROR", "unknown"],
    [502, "GATEWAY_ERROR", "unknown"],
  ])("with status %i and code %s leaves the call %s", async (status, code, kind) => {
    server.answerOnce(status, { error: { code, description: "Something", reason: "some_reason" } });
    const outcome = await provider.fetchOrder("order_1");
    expect(outcome).toMatchObject(kind === "refused" ? { kind, code: "some_reason" } : { kind });
  });

  it("does not repeat our secret, should Razorpay do so", async () => {
    const { keyId, keySecret } = razorpayKeys;
    const basic = Buffer.from(`${keyId}:${keySecret}`).toString("base64");
    const description = `Unknown: ${keySecret}, Basic ${basic} ${"x".repeat(1000)}`;
    server.answerOnce(400, { error: { code: "BAD_REQUEST_ERROR", description } });
    const outcome = await provider.fetchOrder("order_1");
    expect(outcome).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(/^Unknown: \[secret\], Basic \[secret\] x+…$/),
    });
    expect(JSON.stringify(outcome).length).toBeLessThan(400);
  });
});

describe("payouts by Route", () => {
  const account = "acc_mentor1";

  it("transfers once for one id, and reports how it went", async () => {
    const { attemptId } = await paid();
    const request = { payoutId: randomUUID(), attemptId, account, amount: moneyOf(1000, "INR") };
    server.misbehave("fail_after", /^POST .*transfers/);
    expect(await transfers.transfer(request)).toMatchObject({ kind: "unknown" });
    const made = doneBy(await transfers.transfer(request));
    expect(made).toEqual({ id: expect.any(String), state: "pending", amount: request.amount });
    expect(server.transfers().filter(({ source }) => source === attemptId)).toHaveLength(1);
    for (const [status, state] of [
      ["processed", "done"],
      ["failed", "failed"],
      ["reversed", "reversed"],
    ] as const) {
      server.finishTransfer(made.id, status);
      expect(doneBy(await transfers.fetchTransfer(made.id))).toMatchObject({ state });
    }
    const other = await transfers.transfer({ ...request, amount: moneyOf(1, "INR") });
    expect(other).toMatchObject({ kind: "refused", code: "other_amount" });
    expect(await transfers.fetchTransfer("trf_doesNotExist")).toMatchObject({ code: "not_found" });
  });

  it("refuses what Route does not do", async () => {
    const { attemptId } = await paid();
    const transfer = (more: object) =>
      transfers.transfer({ payoutId: randomUUID(), attemptId, account, amount: price, ...more });
    expect(await transfer({})).toMatchObject({ kind: "refused" });
    expect(await transfer({ amount: moneyOf(1, "INR"), account: "mentor" })).toMatchObject({
      kind: "refused",
    });
    doneBy(await transfer({ amount: moneyOf(1, "INR") }));
    doneBy(await provider.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(1, "INR") }));
    expect(await transfer({ amount: moneyOf(1, "INR") })).toMatchObject({ kind: "refused" });
  });

  it("takes back once for one id", async () => {
    const { attemptId } = await paid();
    const request = { payoutId: randomUUID(), attemptId, account, amount: moneyOf(1000, "INR") };
    const made = doneBy(await transfers.transfer(request));
    const reversal = { reversalId: randomUUID(), transferId: made.id, amount: moneyOf(400, "INR") };
    expect(await transfers.reverse(reversal)).toMatchObject({ kind: "refused" });
    server.finishTransfer(made.id, "processed");
    server.misbehave("fail_after", /^POST .*reversals/);
    expect(await transfers.reverse(reversal)).toMatchObject({ kind: "unknown" });
    doneBy(await transfers.reverse(reversal));
    expect(server.reversals().map(({ amount }) => amount)).toEqual([40_000]);
    expect(doneBy(await transfers.fetchTransfer(made.id))).toMatchObject({ state: "done" });
    const more = { ...reversal, reversalId: randomUUID(), amount: moneyOf(601, "INR") };
    expect(await transfers.reverse(more)).toMatchObject({ kind: "refused" });
    doneBy(await transfers.reverse({ ...more, amount: moneyOf(600, "INR") }));
    expect(doneBy(await transfers.fetchTransfer(made.id))).toMatchObject({ state: "reversed" });
  });
});

describe("the daily list", () => {
  it("has orders that were captured in the time, though they were created before", async () => {
    let now = Date.now() - 10 * 86_400_000;
    const slow = await startRazorpayServer({ now: () => now });
    const late = open({ address: slow.address });
    const order = doneBy(await late.createOrder(newOrder({ capture: "manual" })));
    const attemptId = slow.pay(order.id);
    const old = doneBy(await late.createOrder(newOrder()));
    const oldAttempt = slow.pay(old.id);
    now += 2 * 86_400_000;
    doneBy(await late.capture({ orderId: order.id, attemptId, amount: price }));
    const list = async (from: number, to: number) => {
      const ids: string[] = [];
      for await (const { id } of late.listOrders({ from: epochMs(from), to: epochMs(to) })) ids.push(id);
      return ids;
    };
    expect(new Set(await list(now - 3_600_000, now))).toEqual(new Set([order.id, old.id]));
    now += 6 * 86_400_000;
    expect(await list(now - 3_600_000, now)).toEqual([]);
    doneBy(await late.refund({ refundId: randomUUID(), attemptId: oldAttempt, amount: price }));
    expect(await list(now - 3_600_000, now)).toEqual([old.id]);
    slow.dispute(attemptId, "open");
    expect(new Set(await list(now - 3_600_000, now))).toEqual(new Set([old.id, order.id]));
    await slow.close();
  });

  it("leaves out orders in currencies that are not the app's", async () => {
    const other = await startRazorpayServer();
    const shared = open({ address: other.address });
    const ours = doneBy(await shared.createOrder(newOrder()));
    other.createForeignOrder({ currency: "USD" });
    const ids: string[] = [];
    const range = { from: epochMs(Date.now() - 60_000), to: epochMs(Date.now() + 60_000) };
    for await (const { id } of shared.listOrders(range)) ids.push(id);
    expect(ids).toEqual([ours.id]);
    await other.close();
  });
});

describe("the settlements", () => {
  const list = async (of: typeof provider, from: number, to: number) => {
    const found: SettledAttempt[] = [];
    for await (const each of of.listSettlements({ from: epochMs(from), to: epochMs(to) })) found.push(each);
    return found;
  };
  const hour = 3_600_000;

  it("are those of the days in India, with payments alone, also more than fit on a page", async () => {
    // Half past one in the night in India, and still the day before in UTC.
    let now = Date.UTC(2026, 10, 20, 20);
    const other = await startRazorpayServer({ now: () => now });
    const shared = open({ address: other.address });
    const attempts: string[] = [];
    for (let count = 0; count < 103; count++) {
      const order = doneBy(await shared.createOrder(newOrder()));
      attempts.push(other.pay(order.id));
    }
    const refund = { refundId: randomUUID(), attemptId: attempts[0] ?? "", amount: price };
    other.finishRefund(doneBy(await shared.refund(refund)).id, "processed");
    const first = other.settle();
    const found = await list(shared, now, now);
    expect(new Set(found.map(({ attemptId }) => attemptId))).toEqual(new Set(attempts));
    expect(found).toHaveLength(attempts.length);
    expect(new Set(found.map(({ settlementId }) => settlementId))).toEqual(new Set([first]));
    const days = other.calls
      .filter(({ path }) => path[0] === "settlements")
      .map(({ query }) => query.get("day"));
    expect(new Set(days)).toEqual(new Set(["21"]));
    expect(await list(shared, now - 2 * hour, now - hour)).toEqual([]);
    now += 72 * hour;
    expect(await list(shared, now - 2 * hour, now)).toEqual([]);
    expect(await list(shared, now - 80 * hour, now)).toHaveLength(attempts.length);
    await other.close();
  });

  it("that are not settled yet, or of another product, are left out", async () => {
    const line = {
      type: "payment",
      amount: 1,
      fee: 0,
      currency: "INR",
      settled: true,
      settled_at: 1_790_000_000,
    };
    const items = [
      {
        ...line,
        entity_id: "pay_held",
        settled: false,
        settled_at: null,
        settlement_id: null,
        order_id: "order_1",
      },
      { ...line, entity_id: "pay_link", settlement_id: "setl_1", order_id: null },
      { ...line, entity_id: "adj_1", type: "adjustment", settlement_id: "setl_1", order_id: "order_1" },
      { ...line, entity_id: "pay_ours", settlement_id: "setl_1", order_id: "order_1" },
    ];
    server.answerOnce(200, { entity: "collection", count: items.length, items }, /settlements/);
    const found = await list(provider, 1_790_000_000_000 - 1, 1_790_000_000_000);
    expect(found.map(({ attemptId }) => attemptId)).toEqual(["pay_ours"]);
  });
});

describe("a webhook", () => {
  const sign = (body: Buffer) => createHmac("sha256", razorpayKeys.webhookSecret).update(body).digest("hex");
  const read = (text: string, headers: Record<string, string> = {}) => {
    const body = Buffer.from(text, "latin1");
    return provider.readWebhook({
      body,
      headers: { "x-razorpay-signature": sign(body), ...headers },
      receivedAt: epochMs(Date.now()),
    });
  };

  it.each([
    "",
    "[]",
    "{",
    '"text"',
    "null",
    '{"event":1,"payload":{}}',
    '{"event":"payment.captured"}',
    "\xff{}",
  ])("that is signed but makes no sense is unreadable: %j", (body) => {
    expect(read(body)).toEqual({ kind: "refused", why: "unreadable" });
  });

  it("about something else than an order names none", () => {
    const body = '{"event":"settlement.processed","payload":{"settlement":{"entity":{"id":"setl_1"}}}}';
    expect(read(body, { "x-razorpay-event-id": "1" })).toEqual({
      kind: "genuine",
      eventId: "1",
      type: "settlement.processed",
      orderId: null,
    });
  });

  it("whose id was lost on the way is named by its body", () => {
    const body = '{"event":"order.paid","payload":{"order":{"entity":{"id":"order_1"}}}}';
    const eventId = createHash("sha256").update(body).digest("hex");
    for (const headers of [
      undefined,
      { "x-razorpay-event-id": "" },
      { "x-razorpay-event-id": "x".repeat(101) },
    ]) {
      expect(read(body, headers)).toMatchObject({ kind: "genuine", eventId, orderId: "order_1" });
    }
  });
});
