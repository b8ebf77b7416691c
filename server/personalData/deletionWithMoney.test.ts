import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { checkout } from "#contract/payments.ts";
import { bookingOf, dateIn, letLapse, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { rewriteFunction } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, password, type TestApp } from "../testing/testApp.ts";
import { goOnWithDeletion } from "./deletion.ts";

let test: TestApp;
let provider: TestProvider;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
});
afterAll(() => test.close());
beforeEach(() => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
});

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];
const run = () => runJobs(test.db, { provider });

interface Deal {
  mentor: Mentor;
  student: Person;
  session: Booking;
  orderId: string;
}

/** A session that is held and not paid yet. */
async function hold({ instant = true } = {}): Promise<Deal> {
  const mentor = await test.makeMentor({ settings: { instant_confirm: instant } });
  const student = await test.signUp("Zebulon Quist");
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
  const asked = bookingOf(mentor, slots[0]?.starts_at ?? "");
  const session = (await student.call("POST", "/bookings", asked)).expect(201).read(booking);
  (await student.call("POST", `/bookings/${session.id}/payment/checkout`)).expect(200).read(checkout);
  const [found] = await rows<{ id: string }>("select id from payments where booking_id = $1", session.id);
  return { mentor, student, session, orderId: provider.orderOf(found?.id ?? "").id };
}

/** A session whose hold has ended without a payment. */
async function lapsed(): Promise<Deal> {
  const deal = await hold();
  await letLapse(test.db, deal.session);
  return deal;
}

/** The same as hold(), after its student has paid or reserved the price. */
async function paid(options?: { instant?: boolean }): Promise<Deal> {
  const deal = await hold(options);
  provider.pay(deal.orderId);
  await hear(deal);
  return deal;
}

/** A webhook arrives, and its job asks the provider. */
async function hear({ orderId }: Pick<Deal, "orderId">): Promise<void> {
  const { body, headers } = provider.webhook(orderId);
  const answer = await test.app.inject({
    method: "POST",
    url: "/api/v1/webhooks/sandbox",
    headers,
    payload: body,
  });
  expect(answer.statusCode).toBe(200);
  await run();
}

/** Deletes an account to the end; messages are not waited for. */
async function leave({ id, call }: Person): Promise<void> {
  (await call("POST", "/me/delete", { confirmed: true, password })).expect(202);
  await goOnWithDeletion(test.db.database, id, async () => {}, { cancelled: 3, erased: 5, patience: 0 });
  expect(await rows("select step from private.closed_accounts where user_id = $1", id)).toEqual([
    { step: expect.stringMatching(/^(forgetting|done)$/) },
  ]);
  await run();
}

async function stateOf({ session }: Pick<Deal, "session">) {
  const [state] = await rows<object>(
    `select b.status, b.payment_status, p.state, p.closed_because, p.captured_minor, p.refunded_minor,
       (select coalesce(json_agg(json_build_object('why', r.why, 'state', r.state, 'amount', r.amount_minor)), '[]')
        from refunds r where r.payment_id = p.id) as refunds
     from bookings b join payments p on p.booking_id = b.id where b.id = $1`,
    session.id,
  );
  return state;
}

async function balances({ mentor }: Pick<Deal, "mentor">) {
  const found = await rows<{ kind: string; balance: number }>(
    "select kind, sum(balance_minor)::int as balance from private.ledger_accounts where expert_id = $1 and balance_minor > 0 group by kind",
    mentor.id,
  );
  return Object.fromEntries(found.map(({ kind, balance }) => [kind, balance]));
}

describe.each(["student", "mentor"] as const)("when the %s leaves", (side) => {
  it("what is held and not paid ends: its order is closed, and money that comes anyway goes back", async () => {
    const deal = await hold();
    await leave(deal[side]);
    expect(await stateOf(deal)).toMatchObject({
      status: "cancelled",
      payment_status: "failed",
      state: "closed",
      closed_because: "cancelled",
    });
    expect(provider.orders.get(deal.orderId)?.state).toBe("closed");
    provider.pay(deal.orderId);
    await hear(deal);
    expect(await stateOf(deal)).toMatchObject({
      status: "cancelled",
      payment_status: "refunded",
      refunds: [{ why: "unwanted", state: "done", amount: 200_000 }],
    });
    expect(await balances(deal)).toEqual({});
  });

  it("a hold that has lapsed is not revived by a late payment", async () => {
    const deal = await lapsed();
    await leave(deal[side]);
    provider.pay(deal.orderId);
    await hear(deal);
    expect(await stateOf(deal)).toMatchObject({
      status: "cancelled",
      payment_status: "refunded",
      refunds: [{ why: "late", state: "done", amount: 200_000 }],
    });
  });

  it("what is reserved is released", async () => {
    const deal = await paid({ instant: false });
    expect(await stateOf(deal)).toMatchObject({ status: "pending", state: "authorized" });
    await leave(deal[side]);
    expect(await stateOf(deal)).toMatchObject({
      status: "cancelled",
      state: "released",
      payment_status: "refunded",
      captured_minor: 0,
    });
    expect(provider.orders.get(deal.orderId)?.attempts).toMatchObject([{ state: "released" }]);
  });

  it("what is paid for a coming session goes back", async () => {
    const deal = await paid();
    await leave(deal[side]);
    const why = side === "student" ? "student_cancelled" : "mentor_cancelled";
    expect(await stateOf(deal)).toMatchObject({
      status: "cancelled",
      payment_status: "refunded",
      refunds: [{ why, state: "done", amount: 200_000 }],
    });
    expect(await balances(deal)).toEqual({});
  });

  it("a refund that is requested is still sent, and one that is sent still arrives", async () => {
    const deal = await paid();
    provider.refundsAtOnce = false;
    (await deal.student.call("POST", `/bookings/${deal.session.id}/cancel`)).expect(200);
    expect(await stateOf(deal)).toMatchObject({ refunds: [{ state: "requested" }] });
    await leave(deal[side]);
    expect(await stateOf(deal)).toMatchObject({
      payment_status: "refund_pending",
      refunds: [{ state: "sent" }],
    });
    provider.settleRefunds("done");
    await hear(deal);
    expect(await stateOf(deal)).toMatchObject({ payment_status: "refunded", refunds: [{ state: "done" }] });
    expect(await balances(deal)).toEqual({});
  });
});

describe("within the last hours", () => {
  async function soon(): Promise<Deal> {
    const deal = await paid();
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set starts_at = now() + interval '5 hours', ends_at = now() + interval '6 hours' where id = $1",
      deal.session.id,
    );
    await rows("reset session_replication_role");
    return deal;
  }

  it("a student who leaves gets back what the session's terms say", async () => {
    const deal = await soon();
    await leave(deal.student);
    expect(await stateOf(deal)).toMatchObject({
      payment_status: "partially_refunded",
      refunds: [{ why: "student_cancelled", state: "done", amount: 100_000 }],
    });
    expect(await balances(deal)).toEqual({ escrow: 100_000 });
  });

  it("a student whose mentor leaves gets everything back", async () => {
    const deal = await soon();
    await leave(deal.mentor);
    expect(await stateOf(deal)).toMatchObject({
      payment_status: "refunded",
      refunds: [{ why: "mentor_cancelled", state: "done", amount: 200_000 }],
    });
  });
});

it("a late payment to a suspended mentor goes back too", async () => {
  const deal = await lapsed();
  await rows("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", deal.mentor.id);
  await rows("update expert_profiles set hidden_because = 'suspended' where id = $1", deal.mentor.id);
  provider.pay(deal.orderId);
  await hear(deal);
  expect(await stateOf(deal)).toMatchObject({
    status: "cancelled",
    refunds: [{ why: "late", state: "done" }],
  });
});

it("what is paid while the deletion goes on is sent back, and the session cancelled", async () => {
  const deal = await hold();
  (await deal.student.call("POST", "/me/delete", { confirmed: true, password })).expect(202);
  provider.pay(deal.orderId);
  await hear(deal);
  expect(await stateOf(deal)).toMatchObject({ payment_status: "refunded", status: "cancelled" });
});

describe("a mentor who has earned money and leaves", () => {
  it("is credited when the session is over, and keeps the payout details until everything is paid", async () => {
    const deal = await paid();
    await rows(
      "insert into private.payout_accounts (expert_id, bank_sealed, bank_hint, usable_from) values ($1, 'x', '1234', now())",
      deal.mentor.id,
    );
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set starts_at = now() - interval '100 hours', ends_at = now() - interval '99 hours', status = 'completed' where id = $1",
      deal.session.id,
    );
    await rows(
      "update payments set due_at = now() - interval '1 hour' where booking_id = $1",
      deal.session.id,
    );
    await rows("reset session_replication_role");
    await leave(deal.mentor);
    expect(await stateOf(deal)).toMatchObject({
      status: "completed",
      payment_status: "completed",
      refunds: [],
    });
    await rows("select private.earn_payments($1, 10)", deal.mentor.id);
    expect(await balances(deal)).toEqual({ mentor: 180_000 });
    const details = "select from private.payout_accounts where expert_id = $1";
    await rows("select private.forget_payout_accounts(10)");
    expect(await rows(details, deal.mentor.id)).toHaveLength(1);
    expect(await rows("select * from private.mentors_to_pay(null, 1000) as id")).toContainEqual({
      id: deal.mentor.id,
    });
    await rows(
      "select private.transfer($1, 'payout', $2, 'mentor', $1, 'bank', $1, 'INR', 180000)",
      deal.mentor.id,
      deal.session.id,
    );
    await rows("select private.forget_payout_accounts(10)");
    expect(await rows(details, deal.mentor.id)).toHaveLength(0);
  });
});

describe("what a provider says about a deleted person", () => {
  const words = async ({ session }: Deal) =>
    rows<{ text: string }>(
      `select text from payments p, lateral (
         select convert_from(e.body, 'UTF8') as text from private.payment_events e
           join private.payment_orders o on o.order_id = e.order_id where o.payment_id = p.id
         union all select a.failure_message from payment_attempts a where a.payment_id = p.id
         union all select r.failure from refunds r where r.payment_id = p.id
         union all select m.detail from money_events m where m.payment_id = p.id and m.kind in ('failed', 'refund_failed')
       ) said where p.booking_id = $1 and text <> ''`,
      session.id,
    );

  async function hearMore(deal: Deal): Promise<void> {
    provider.fail(deal.orderId, "Zebulon has no money.");
    provider.refundsAtOnce = false;
    provider.settleRefunds("failed");
    await hear(deal);
  }

  async function leftWithRefundUnderWay(): Promise<Deal> {
    const deal = await paid();
    provider.refundsAtOnce = false;
    await leave(deal.student);
    expect(await words(deal)).toEqual([]);
    return deal;
  }

  it("is not stored in words after the erasure", async () => {
    const deal = await leftWithRefundUnderWay();
    await hearMore(deal);
    expect(await stateOf(deal)).toMatchObject({ refunds: [{ state: "failed" }] });
    expect(await words(deal)).toEqual([]);
  });

  it.each([
    ["private.settle_payment", "if is_wordless then", "if false then"],
    ["private.receive_payment_event", "then '' else raw end", "then raw else raw end"],
  ])("twin: without its line in %s it is", async (name, line, replacement) => {
    const restore = await rewriteFunction(test.db, name, line, replacement);
    try {
      const deal = await leftWithRefundUnderWay();
      await hearMore(deal);
      expect(await words(deal)).not.toEqual([]);
    } finally {
      await restore();
    }
  });
});
