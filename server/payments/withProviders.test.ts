import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { type Checkout, checkout, payment } from "#contract/payments.ts";
import { epochMs } from "#scheduling/units.ts";
import { bookAny, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { razorpayKeys, startRazorpayServer } from "../testing/razorpayServer.ts";
import { startStripeServer, stripeKeys } from "../testing/stripeServer.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import type { Fault } from "../testing/vendorServer.ts";
import type { PaymentProvider } from "./provider.ts";
import { openRazorpay } from "./razorpay/razorpay.ts";
import { openStripe } from "./stripe/stripe.ts";

interface Delivery {
  body: Buffer;
  headers: Record<string, string>;
}

/** A vendor: our provider, and the server that it calls. */
interface Side {
  provider: PaymentProvider;
  server: {
    deliveries: Delivery[];
    pay(orderId: string, how?: { state?: "authorized" | "failed" }): string;
    misbehave(fault: Fault, only?: RegExp): void;
    orders(): { id: string }[];
    refundsOf(attemptId: string): { id: string }[];
    settle(): string;
    changeFee(attemptId: string, fee: number, where: "in the settlement" | "in the payment"): void;
    close(): Promise<void>;
  };
  finishRefund(refundId: string): void;
  /** What the vendor does with an authorized attempt after it was released. */
  letGo(attemptId: string): void;
  creation: RegExp;
  refunding: RegExp;
}

async function openRazorpaySide(): Promise<Side> {
  const server = await startRazorpayServer();
  return {
    provider: openRazorpay({ ...razorpayKeys, address: server.address, bounds: server.bounds }),
    server,
    finishRefund: (id) => server.finishRefund(id, "processed"),
    letGo: server.letGo,
    creation: /^POST \/orders$/,
    refunding: /^POST .*\/refund$/,
  };
}

async function openStripeSide(): Promise<Side> {
  const server = await startStripeServer();
  const now = () => epochMs(Date.now());
  return {
    provider: openStripe({ ...stripeKeys, address: server.address, bounds: server.bounds, now }),
    server,
    finishRefund: (id) => server.finishRefund(id, "succeeded"),
    // Cancelling has done it.
    letGo: () => undefined,
    creation: /^POST \/payment_intents$/,
    refunding: /^POST \/refunds$/,
  };
}

describe.each([
  ["razorpay", openRazorpaySide],
  ["stripe", openStripeSide],
])("bookings paid through %s", (name, openSide) => {
  let side: Side;
  let test: TestApp;
  let mentor: Mentor;
  let careful: Mentor;
  let student: Person;
  beforeAll(async () => {
    side = await openSide();
    const { provider } = side;
    test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
    mentor = await test.makeMentor({ settings: { instant_confirm: true } });
    careful = await test.makeMentor({ settings: { instant_confirm: false } });
    student = await test.signUp("Asha");
  });
  afterAll(async () => {
    await test.close();
    await side.server.close();
  });

  const run = () => runJobs(test.db, { provider: side.provider });
  const read = async (id: string) => (await student.call("GET", `/bookings/${id}`)).expect(200).read(booking);
  const readPayment = async (id: string) =>
    (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
  const openCheckout = async (id: string) => student.call("POST", `/bookings/${id}/payment/checkout`);
  const orderOf = (given: Checkout) => {
    if (given.provider === "sandbox") throw new Error("That is the sandbox.");
    return given.provider === "razorpay" ? given.order_id : (given.client_secret.split("_secret")[0] ?? "");
  };

  async function deliver({ body, headers }: Delivery): Promise<number> {
    const answer = await test.app.inject({
      method: "POST",
      url: `/api/v1/webhooks/${name}`,
      headers: { ...headers, "content-type": "application/json" },
      payload: body,
    });
    return answer.statusCode;
  }
  /** What the vendor has reported since `first`, one after the other. */
  async function deliverSince(first: number, order = (all: Delivery[]) => all): Promise<void> {
    for (const each of order(side.server.deliveries.slice(first))) expect(await deliver(each)).toBe(200);
    await run();
  }
  async function held(of = mentor) {
    // More than a day ahead: a cancellation returns everything.
    const [slot] = await readSlots(student.call, of, { from: dateIn(of, 3) });
    const made = (await student.call("POST", "/bookings", bookingOf(of, slot?.starts_at ?? "")))
      .expect(201)
      .read(booking);
    const orderId = orderOf((await openCheckout(made.id)).expect(200).read(checkout));
    return { id: made.id, orderId, price: made.total_amount, first: side.server.deliveries.length };
  }
  async function paid() {
    const booked = await held();
    const attemptId = side.server.pay(booked.orderId);
    await deliverSince(booked.first);
    return { ...booked, attemptId };
  }

  it("lets the vendor's script run in the document of the payment, and in no other one", async () => {
    const policyOf = async (path: string) => {
      const { headers } = await test.app.inject({ method: "GET", url: path });
      return String(headers["content-security-policy"]);
    };
    expect(await policyOf("/bookings/018f0000-0000-7000-8000-000000000000/pay")).toContain(`${name}.com`);
    for (const path of ["/", "/sessions", "/payments", "/api/v1/mentors"]) {
      expect(await policyOf(path)).not.toContain(`${name}.com`);
    }
  });

  it("are confirmed by what the provider says after a webhook", async () => {
    const { id, price } = await paid();
    expect(await read(id)).toMatchObject({ status: "confirmed", payment_status: "completed" });
    expect(await readPayment(id)).toMatchObject({ provider: name, state: "captured", amount: price });
  });

  it("are refunded through the provider, and that is shown when it is done", async () => {
    const { id, price, attemptId } = await paid();
    const first = side.server.deliveries.length;
    side.server.misbehave("fail_after", side.refunding);
    (await student.call("POST", `/bookings/${id}/cancel`)).expect(200);
    await expect(run()).rejects.toThrow(/status 500/);
    await test.db.owner.query("update graphile_worker._private_jobs set run_at = now(), last_error = null");
    await run();
    expect(await readPayment(id)).toMatchObject({
      payment_status: "refund_pending",
      refunds: [{ state: "sent" }],
    });
    const [refund, ...others] = side.server.refundsOf(attemptId);
    expect(others).toEqual([]);
    side.finishRefund(refund?.id ?? "");
    await deliverSince(first);
    expect(await readPayment(id)).toMatchObject({
      payment_status: "refunded",
      refunded: price,
      refunds: [{ state: "done" }],
    });
  });

  it.each<[string, (all: Delivery[]) => Delivery[]]>([
    ["three times", (all) => [...all, ...all, ...all]],
    ["in the wrong order", (all) => [...all].reverse()],
    ["but for the last", (all) => all.slice(0, -1)],
  ])("end the same when events arrive %s", async (_how, order) => {
    const { id, orderId, first } = await held();
    side.server.pay(orderId, { state: "failed" });
    const attemptId = side.server.pay(orderId);
    await deliverSince(first, order);
    expect(await read(id)).toMatchObject({ status: "confirmed", payment_status: "completed" });
    (await student.call("POST", `/bookings/${id}/cancel`)).expect(200);
    await run();
    side.finishRefund(side.server.refundsOf(attemptId)[0]?.id ?? "");
    await deliverSince(first, order);
    // Of events that are lost, a poll tells.
    (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200);
    expect(await readPayment(id)).toMatchObject({ payment_status: "refunded", state: "captured" });
    expect(side.server.refundsOf(attemptId)).toHaveLength(1);
    const { rows } = await test.db.owner.query<{ sum: string }>(
      "select coalesce(sum(balance_minor), 0) as sum from private.ledger_accounts where owner_id = $1",
      [id],
    );
    expect(Number(rows[0]?.sum)).toBe(0);
  });

  it("are found in what the provider pays out, with the fee that it has kept", async () => {
    const { attemptId } = await paid();
    const settlement = side.server.settle();
    const seen = async () => {
      await runTask(test.db, "reconcile_payments", {}, { provider: side.provider });
      const { rows } = await test.db.owner.query(
        `select p.attention, a.settlement_id, a.fee_minor as fee,
           (select sum(case t.to_kind when 'provider_fees' then t.amount_minor else -t.amount_minor end)::int
            from private.ledger_transfers t where t.expert_id = p.expert_id and t.kind like 'provider_fee%') as booked
         from payment_attempts a join payments p on p.id = a.payment_id where a.attempt_id = $1`,
        [attemptId],
      );
      const { rows: checks } = await test.db.owner.query(
        "select state, failure from private.reconciliations order by id desc limit 1",
      );
      expect(checks).toEqual([{ state: "done", failure: null }]);
      return rows[0] as { attention: string | null; settlement_id: string; fee: number; booked: number };
    };
    const first = await seen();
    expect(first).toMatchObject({ attention: null, settlement_id: settlement });
    side.server.changeFee(attemptId, first.fee + 18, "in the settlement");
    expect(await seen()).toEqual({ ...first, attention: "fee_differs" });
    side.server.changeFee(attemptId, first.fee + 18, "in the payment");
    const [{ id }] = (
      await test.db.owner.query(
        "select p.booking_id as id from payments p join payment_attempts a on a.payment_id = p.id where a.attempt_id = $1",
        [attemptId],
      )
    ).rows as [{ id: string }];
    (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200);
    expect(await seen()).toEqual({ ...first, fee: first.fee + 18, booked: first.booked + 18 });
  });

  it("are not confirmed by a forged webhook", async () => {
    const { id, orderId, first } = await held();
    side.server.pay(orderId);
    for (const { body, headers } of side.server.deliveries.slice(first)) {
      const forged = Buffer.from(body);
      forged[body.length - 3] = (forged[body.length - 3] ?? 0) ^ 1;
      expect(await deliver({ body: forged, headers })).toBe(400);
    }
    await run();
    expect(await read(id)).toMatchObject({ status: "pending", awaits_payment: true });
    await deliverSince(first);
    expect(await read(id)).toMatchObject({ status: "confirmed" });
  });

  it.each<Fault>(["stall", "fail_after", "nonsense", "close_before"])(
    "can be paid for after the provider's %s: on one order",
    async (fault) => {
      const made = await bookAny(student, mentor);
      const before = side.server.orders().length;
      side.server.misbehave(fault, side.creation);
      const started = performance.now();
      (await openCheckout(made.id)).problem("payment_provider_unavailable");
      expect(performance.now() - started).toBeLessThan(5_000);
      const orderId = orderOf((await openCheckout(made.id)).expect(200).read(checkout));
      expect(side.server.orders().length - before).toBe(1);
      side.server.pay(orderId);
      (await student.call("POST", `/bookings/${made.id}/payment/refresh`)).expect(200);
      expect(await read(made.id)).toMatchObject({ status: "confirmed" });
    },
  );

  describe("with the mentor's consent", () => {
    async function requested() {
      const booked = await held(careful);
      const attemptId = side.server.pay(booked.orderId);
      await deliverSince(booked.first);
      expect(await readPayment(booked.id)).toMatchObject({ state: "authorized", payment_status: "pending" });
      return { ...booked, attemptId };
    }

    it("are charged when it is given", async () => {
      const { id } = await requested();
      (await careful.call("POST", `/bookings/${id}/confirm`)).expect(200);
      await run();
      expect(await read(id)).toMatchObject({ status: "confirmed", payment_status: "completed" });
      expect(await readPayment(id)).toMatchObject({ state: "captured" });
    });

    it("are let go of when it is not", async () => {
      const { id, attemptId } = await requested();
      (await careful.call("POST", `/bookings/${id}/decline`)).expect(200);
      await run();
      const first = side.server.deliveries.length;
      side.letGo(attemptId);
      await deliverSince(first);
      expect(await readPayment(id)).toMatchObject({
        state: "released",
        payment_status: "refunded",
        refunds: [],
      });
    });
  });
});
