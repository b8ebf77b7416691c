import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { moneyOf } from "#rules/money.ts";
import { epochMs } from "#scheduling/units.ts";
import { runJobs } from "../../testing/jobs.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import type { NewOrder, Outcome, ProviderOrder } from "../provider.ts";
import { openSandbox, type Sandbox } from "./sandboxProvider.ts";

let db: TestDatabase;
let sandbox: Sandbox;
let atOnce: Sandbox;
beforeAll(async () => {
  db = await openTestDatabase();
  const options = {
    database: db.database,
    secret: "a secret of thirty-two characters",
    publicUrl: "http://127.0.0.1:9",
  };
  sandbox = openSandbox(options);
  atOnce = openSandbox({ ...options, refundSeconds: 0 });
});
afterAll(() => db.drop());

const price = moneyOf(1500, "INR");
const newOrder = (more: Partial<NewOrder> = {}): NewOrder => ({
  paymentId: randomUUID(),
  amount: price,
  capture: "automatic",
  description: "Mock interview · Asha Rao",
  payer: { name: "Ravi", email: "ravi@example.com" },
  ...more,
});

function resultOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== "done") throw new Error(`${outcome.kind}: ${outcome.message}`);
  return outcome.value;
}
const refusedAs = (code: string) => ({ kind: "refused", code, message: expect.any(String) });
const create = async (more?: Partial<NewOrder>) => resultOf(await sandbox.createOrder(newOrder(more)));
const fetchOrder = async ({ id }: Pick<ProviderOrder, "id">) => resultOf(await sandbox.fetchOrder(id));
const statesOf = async (order: ProviderOrder) => (await fetchOrder(order)).attempts.map(({ state }) => state);
async function paid(more?: Partial<NewOrder>) {
  const order = await create(more);
  resultOf(await sandbox.payer.pay(order.id));
  const [attempt] = (await fetchOrder(order)).attempts;
  if (!attempt) throw new Error("There is no attempt.");
  return { order, attemptId: attempt.id };
}
/** What is enqueued about an order, in the order of the events. */
async function webhooksOf({ id }: ProviderOrder) {
  const { rows } = await db.owner.query<{ type: string; event: string; delay: number }>(
    `select j.payload ->> 'type' as type, j.payload ->> 'id' as event,
       round(extract(epoch from j.run_at - j.created_at))::integer as delay
     from graphile_worker._private_jobs j where j.payload ->> 'order_id' = $1 order by j.id`,
    [id],
  );
  return rows;
}
async function makeDue(): Promise<void> {
  await db.owner.query("update graphile_worker._private_jobs set run_at = now() where run_at > now()");
}

describe("an order", () => {
  it("is created once for a payment, also by two processes at once", async () => {
    const wanted = newOrder();
    const made = await Promise.all(Array.from({ length: 8 }, () => sandbox.createOrder(wanted)));
    expect(new Set(made.map((outcome) => resultOf(outcome).id)).size).toBe(1);
    expect(resultOf(made[0]!)).toEqual({
      id: expect.stringMatching(/^order_[0-9a-f]{32}$/),
      reference: wanted.paymentId,
      amount: price,
      state: "open",
      attempts: [],
    });
    expect((await create()).id).not.toBe(resultOf(made[0]!).id);
  });

  it("is refused over another amount, and below a rupee", async () => {
    const wanted = newOrder();
    resultOf(await sandbox.createOrder(wanted));
    expect(await sandbox.createOrder({ ...wanted, amount: moneyOf(1, "INR") })).toEqual(
      refusedAs("other_amount"),
    );
    expect(await sandbox.createOrder(newOrder({ amount: moneyOf(0.99, "INR") }))).toEqual(
      refusedAs("amount_too_small"),
    );
  });

  it("that does not exist is not found", async () => {
    expect(await sandbox.fetchOrder("order_none")).toEqual(refusedAs("not_found"));
    expect(await sandbox.payer.find("order_none")).toBeNull();
    expect(await sandbox.payer.pay("order_none")).toEqual(refusedAs("not_found"));
    expect(await sandbox.closeOrder("order_none")).toEqual(refusedAs("not_found"));
  });

  it("has a checkout page", async () => {
    const { id } = await create();
    expect(await sandbox.checkout(id)).toEqual({
      kind: "done",
      value: { provider: "sandbox", url: `/sandbox-checkout/${id}` },
    });
  });

  it("is unknown, not refused, if the database fails", async () => {
    const outcome = await sandbox.createOrder(newOrder({ description: "\0" }));
    expect(outcome).toMatchObject({ kind: "unknown" });
  });
});

describe("paying", () => {
  it("captures once, with method and fee, and closes the order", async () => {
    const { order } = await paid();
    expect(await fetchOrder(order)).toMatchObject({
      state: "closed",
      attempts: [{ state: "captured", amount: price, method: "upi", fee: moneyOf(0, "INR"), failure: null }],
    });
    expect(await sandbox.payer.pay(order.id)).toEqual(refusedAs("order_paid"));
    const byCard = await create();
    await sandbox.payer.pay(byCard.id, { method: "card" });
    expect((await fetchOrder(byCard)).attempts).toMatchObject([{ method: "card", fee: moneyOf(30, "INR") }]);
  });

  it("happens once, however many tabs pay at the same moment", async () => {
    const order = await create();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => sandbox.payer.pay(order.id)));
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(1);
    expect(await statesOf(order)).toEqual(["captured"]);
  });

  it("is possible on the same order after it has failed", async () => {
    const order = await create();
    resultOf(await sandbox.payer.fail(order.id));
    expect(await fetchOrder(order)).toMatchObject({
      state: "open",
      attempts: [{ state: "failed", fee: null, failure: { code: "payment_declined" } }],
    });
    resultOf(await sandbox.payer.pay(order.id));
    expect(await statesOf(order)).toEqual(["failed", "captured"]);
    expect(await sandbox.payer.fail(order.id)).toEqual(refusedAs("order_paid"));
  });

  it("twice makes two attempts", async () => {
    const order = await create();
    resultOf(await sandbox.payer.pay(order.id, { times: 2 }));
    expect(await statesOf(order)).toEqual(["captured", "captured"]);
  });

  it("is refused on a closed order, unless it is to be too late", async () => {
    const order = await create();
    expect(await sandbox.closeOrder(order.id)).toEqual({ kind: "done", value: null });
    expect(await sandbox.closeOrder(order.id)).toEqual({ kind: "done", value: null });
    expect(await sandbox.payer.pay(order.id)).toEqual(refusedAs("order_closed"));
    expect(await sandbox.payer.fail(order.id)).toEqual(refusedAs("order_closed"));
    expect(await statesOf(order)).toEqual([]);
    resultOf(await sandbox.payer.pay(order.id, { tooLate: true }));
    expect(await statesOf(order)).toEqual(["captured"]);
  });

  it("may begin now and succeed later, although the order was closed or paid meanwhile", async () => {
    const [closed, paidMeanwhile] = [await create(), await create()];
    for (const { id } of [closed, paidMeanwhile]) {
      resultOf(await sandbox.payer.pay(id, { afterSeconds: 900, manner: "none" }));
    }
    await sandbox.closeOrder(closed.id);
    resultOf(await sandbox.payer.pay(paidMeanwhile.id));
    await runJobs(db, { provider: sandbox });
    expect(await statesOf(closed)).toEqual(["created"]);
    await makeDue();
    await runJobs(db, { provider: sandbox });
    expect(await statesOf(closed)).toEqual(["captured"]);
    expect(await statesOf(paidMeanwhile)).toEqual(["captured", "captured"]);
  });
});

describe("an order that is captured by hand", () => {
  it("is authorized, and captured whole and once", async () => {
    const { order, attemptId } = await paid({ capture: "manual" });
    const request = { orderId: order.id, attemptId, amount: price };
    expect(await statesOf(order)).toEqual(["authorized"]);
    expect((await fetchOrder(order)).attempts[0]?.fee).toBeNull();
    expect(await sandbox.capture({ ...request, amount: moneyOf(1, "INR") })).toEqual(
      refusedAs("other_amount"),
    );
    expect(await sandbox.capture({ ...request, orderId: (await create()).id })).toEqual(
      refusedAs("not_found"),
    );
    expect(await sandbox.refund({ refundId: randomUUID(), attemptId, amount: price })).toEqual(
      refusedAs("not_captured"),
    );
    expect(await statesOf(order)).toEqual(["authorized"]);
    expect(await sandbox.capture(request)).toEqual({ kind: "done", value: null });
    expect(await sandbox.capture(request)).toEqual({ kind: "done", value: null });
    expect(await statesOf(order)).toEqual(["captured"]);
    expect(await sandbox.release(request)).toEqual(refusedAs("not_authorized"));
  });

  it("is released once, and not captured afterwards", async () => {
    const { order, attemptId } = await paid({ capture: "manual" });
    const request = { orderId: order.id, attemptId, amount: price };
    expect(await sandbox.release(request)).toEqual({ kind: "done", value: null });
    expect(await sandbox.release(request)).toEqual({ kind: "done", value: null });
    expect(await sandbox.capture(request)).toEqual(refusedAs("not_authorized"));
    expect(await statesOf(order)).toEqual(["released"]);
  });

  it("is either captured or released, if both are asked at once", async () => {
    for (let round = 0; round < 10; round++) {
      const { order, attemptId } = await paid({ capture: "manual" });
      const request = { orderId: order.id, attemptId, amount: price };
      const [captured, released] = await Promise.all([sandbox.capture(request), sandbox.release(request)]);
      expect([captured.kind, released.kind].sort()).toEqual(["done", "refused"]);
      expect(await statesOf(order)).toEqual([captured.kind === "done" ? "captured" : "released"]);
    }
  });
});

describe("a refund", () => {
  it("is made once for one id, under way first and done later", async () => {
    const { order, attemptId } = await paid();
    const request = { refundId: randomUUID(), attemptId, amount: moneyOf(500, "INR") };
    const made = await Promise.all(Array.from({ length: 6 }, () => sandbox.refund(request)));
    const first = resultOf(made[0]!);
    expect(first).toEqual({
      id: expect.stringMatching(/^rfnd_/),
      reference: request.refundId,
      amount: request.amount,
      state: "pending",
    });
    expect(made).toEqual(made.map(() => ({ kind: "done", value: first })));
    expect(await sandbox.refund({ ...request, amount: moneyOf(501, "INR") })).toEqual(
      refusedAs("other_amount"),
    );
    await makeDue();
    await runJobs(db, { provider: sandbox });
    expect((await fetchOrder(order)).attempts).toMatchObject([
      { state: "captured", refunds: [{ id: first.id, state: "done" }] },
    ]);
    expect(resultOf(await sandbox.refund(request)).state).toBe("done");
  });

  it("is never more than what is left, also when many are asked at once", async () => {
    const { order, attemptId } = await paid();
    const ask = (rupees: number) =>
      sandbox.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(rupees, "INR") });
    expect(await ask(1501)).toEqual(refusedAs("too_much"));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => ask(400)));
    expect(outcomes.filter(({ kind }) => kind === "done")).toHaveLength(3);
    expect(await ask(301)).toEqual(refusedAs("too_much"));
    resultOf(await ask(300));
    expect((await fetchOrder(order)).attempts[0]?.refunds.map(({ amount }) => amount.minor).sort()).toEqual([
      30_000, 40_000, 40_000, 40_000,
    ]);
  });

  it("of nothing, or of less than that, is refused", async () => {
    const { attemptId } = await paid();
    for (const amount of [0, -5]) {
      expect(
        await sandbox.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(amount, "INR") }),
      ).toEqual(refusedAs("amount_too_small"));
    }
  });

  it("that failed no longer counts", async () => {
    const { order, attemptId } = await paid();
    resultOf(await sandbox.payer.setRefunds(order.id, true));
    const ask = () => atOnce.refund({ refundId: randomUUID(), attemptId, amount: price });
    expect(resultOf(await ask()).state).toBe("failed");
    resultOf(await sandbox.payer.setRefunds(order.id, false));
    expect(resultOf(await ask()).state).toBe("done");
    expect(await ask()).toEqual(refusedAs("too_much"));
  });
});

describe("a dispute", () => {
  it("is opened and decided, and keeps its money from being refunded", async () => {
    const { order, attemptId } = await paid();
    const refund = () => atOnce.refund({ refundId: randomUUID(), attemptId, amount: moneyOf(1, "INR") });
    expect(await sandbox.payer.dispute(order.id, "won")).toEqual(refusedAs("not_disputed"));
    resultOf(await sandbox.payer.dispute(order.id, "open"));
    expect(await sandbox.payer.dispute(order.id, "open")).toEqual(refusedAs("nothing_to_dispute"));
    expect((await fetchOrder(order)).attempts[0]).toMatchObject({ state: "captured", dispute: "open" });
    expect(await refund()).toEqual(refusedAs("disputed"));
    resultOf(await sandbox.payer.dispute(order.id, "lost"));
    expect((await fetchOrder(order)).attempts[0]?.dispute).toBe("lost");
    expect(await refund()).toEqual(refusedAs("disputed"));
    resultOf(await sandbox.payer.dispute(order.id, "won"));
    resultOf(await refund());
  });

  it("needs a payment", async () => {
    expect(await sandbox.payer.dispute((await create()).id, "open")).toEqual(refusedAs("nothing_to_dispute"));
  });
});

describe("a transfer", () => {
  it("moves captured money once, which is then not refunded before it was taken back", async () => {
    const { attemptId } = await paid();
    const { transfers } = sandbox;
    if (!transfers) throw new Error("There are no transfers.");
    const request = { payoutId: randomUUID(), attemptId, account: "acc_1", amount: moneyOf(1000, "INR") };
    const moved = resultOf(await transfers.transfer(request));
    expect(moved).toEqual({ id: expect.stringMatching(/^trf_/), state: "done", amount: request.amount });
    expect(resultOf(await transfers.transfer(request))).toEqual(moved);
    expect(await transfers.transfer({ ...request, account: "acc_2" })).toEqual(refusedAs("other_amount"));
    expect(await transfers.transfer({ ...request, payoutId: randomUUID() })).toEqual(refusedAs("too_much"));
    const refund = { refundId: randomUUID(), attemptId, amount: price };
    expect(await sandbox.refund(refund)).toEqual(refusedAs("too_much"));
    const reversal = { reversalId: randomUUID(), transferId: moved.id, amount: request.amount };
    const reversed = resultOf(await transfers.reverse(reversal));
    expect(resultOf(await transfers.reverse(reversal))).toEqual(reversed);
    expect(await transfers.reverse({ ...reversal, reversalId: randomUUID() })).toEqual(refusedAs("too_much"));
    expect(resultOf(await transfers.fetchTransfer(moved.id)).state).toBe("reversed");
    resultOf(await sandbox.refund(refund));
    expect(await transfers.fetchTransfer("trf_none")).toEqual(refusedAs("not_found"));
  });
});

describe("the orders that changed in a time", () => {
  const list = async (from: number, to: number) => {
    const listed: ProviderOrder[] = [];
    for await (const order of sandbox.listOrders({ from: epochMs(from), to: epochMs(to) }))
      listed.push(order);
    return listed;
  };
  const idsOf = (orders: readonly ProviderOrder[]) => orders.map(({ id }) => id).sort();

  it("are all listed once, whatever their number", async () => {
    await sleep(10);
    const from = Date.now() - 1;
    const made = await Promise.all(Array.from({ length: 230 }, () => create()));
    const { order: refunded, attemptId } = await paid();
    resultOf(await atOnce.refund({ refundId: randomUUID(), attemptId, amount: price }));
    const listed = await list(from, Date.now() + 1_000);
    expect(idsOf(listed)).toEqual(idsOf([...made, refunded]));
    expect(listed.find(({ id }) => id === refunded.id)).toEqual(await fetchOrder(refunded));
    expect(await list(from - 1e9, from - 1e8)).toEqual([]);
  });
});

describe("webhooks are enqueued with the change they are about", () => {
  const pay = async (manner: "normal" | "late" | "twice" | "out_of_order" | "none") => {
    const order = await create();
    resultOf(await sandbox.payer.pay(order.id, { manner }));
    return webhooksOf(order);
  };
  const [authorized, captured] = ["payment.authorized", "payment.captured"];

  it("one for each change", async () => {
    expect(await pay("normal")).toMatchObject([
      { type: authorized, delay: 0 },
      { type: captured, delay: 0 },
    ]);
  });
  it("two minutes late", async () => {
    expect(await pay("late")).toMatchObject([
      { type: authorized, delay: 120 },
      { type: captured, delay: 120 },
    ]);
  });
  it("twice, with the same id", async () => {
    const sent = await pay("twice");
    expect(sent.map(({ type }) => type)).toEqual([authorized, authorized, captured, captured]);
    expect(new Set(sent.map(({ event }) => event)).size).toBe(2);
  });
  it("out of order", async () => {
    expect(await pay("out_of_order")).toMatchObject([
      { type: authorized, delay: 10 },
      { type: captured, delay: 0 },
    ]);
  });
  it("not at all", async () => {
    expect(await pay("none")).toEqual([]);
  });
  it("and none for what was refused", async () => {
    const { order } = await paid();
    const before = await webhooksOf(order);
    await sandbox.payer.pay(order.id, { manner: "twice" });
    expect(await webhooksOf(order)).toEqual(before);
  });
});
