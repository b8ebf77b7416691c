import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingPage } from "#contract/bookings.ts";
import { checkout, type Payment, payment, paymentPage } from "#contract/payments.ts";
import { windowMs } from "#rules/windows.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { book, bookAny, bookingOf, letLapse, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let rival: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  [student, rival] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());
beforeEach(() => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
});

const read = async ({ id }: Pick<Booking, "id">, who = student) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const readPayment = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const refresh = async ({ id }: Pick<Booking, "id">): Promise<Payment> =>
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200).read(payment);
const openOrder = async (held: Pick<Booking, "id">) => {
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200).read(checkout);
  return provider.orderOf((await readPayment(held)).id);
};
const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];

const lapse = (held: Booking) => letLapse(test.db, held);

/** Accounts of a booking's money and the sums over all transfers. */
async function ledgerOf({ id }: Pick<Booking, "id">) {
  const found = await rows<{ kind: string; balance: number }>(
    `select a.kind, a.balance_minor as balance from private.ledger_accounts a
     where a.owner_id in ($1, (select p.id from payments p where p.booking_id = $1)) and a.balance_minor > 0`,
    id,
  );
  return Object.fromEntries(found.map(({ kind, balance }) => [kind, balance]));
}

describe("a paid booking", () => {
  it("holds its time until it is paid, and is confirmed by the payment", async () => {
    const held = await bookAny(student, mentor);
    expect(held).toMatchObject({ status: "pending", payment_status: "pending", awaits_payment: true });
    expect(Date.parse(held.expires_at ?? "") - Date.now()).toBeGreaterThan(11 * 60_000);
    const mentors = (await mentor.call("GET", "/bookings?as=mentor")).read(bookingPage).data;
    expect(mentors.map(({ id }) => id)).not.toContain(held.id);

    const order = await openOrder(held);
    expect(order.amount.minor).toBe(held.total_amount * 100);
    expect(await refresh(held)).toMatchObject({ state: "open", awaits_payment: true, more_time: true });
    provider.pay(order.id);
    expect(await refresh(held)).toMatchObject({
      state: "captured",
      payment_status: "completed",
      held_until: null,
    });
    expect(await read(held)).toMatchObject({
      status: "confirmed",
      payment_status: "completed",
      awaits_payment: false,
    });
    expect(await ledgerOf(held)).toEqual({ escrow: order.amount.minor });
    const kinds = await rows<{ kind: string }>(
      "select kind from booking_events where booking_id = $1 order by id",
      held.id,
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(["held", "created"]);
    // A second answer of the provider changes nothing.
    await refresh(held);
    expect(await ledgerOf(held)).toEqual({ escrow: order.amount.minor });
  });

  it("is not bookable by others while it is held, and is again once it lapses", async () => {
    const held = await bookAny(student, mentor);
    const taken = await rival.call("POST", "/bookings", bookingOf(mentor, held.starts_at));
    taken.problem("slot_taken");
    await lapse(held);
    expect(await read(held)).toMatchObject({
      status: "cancelled",
      payment_status: "failed",
      awaits_payment: true,
    });
    (await rival.call("POST", "/bookings", bookingOf(mentor, held.starts_at))).expect(201);
  });

  it("that failed can be paid on the same order", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.fail(order.id, "Insufficient funds");
    expect(await refresh(held)).toMatchObject({
      payment_status: "failed",
      failure: "Insufficient funds",
      state: "open",
    });
    expect((await openOrder(held)).id).toBe(order.id);
    provider.pay(order.id);
    expect(await refresh(held)).toMatchObject({ payment_status: "completed", failure: null });
  });

  it("paid late takes its time again if that is free", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    await lapse(held);
    provider.pay(order.id);
    const paid = await refresh(held);
    expect(paid).toMatchObject({ payment_status: "completed", closed_because: null });
    expect(Date.parse(paid.lapsed_at ?? "")).toBeGreaterThan(Date.parse(held.created_at));
    expect(await read(held)).toMatchObject({ status: "confirmed", awaits_payment: false });
    await runJobs(test.db, { provider });
    expect(await ledgerOf(held)).toEqual({ escrow: order.amount.minor });
  });

  it("paid late goes back entirely if its time is taken", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    await lapse(held);
    (await rival.call("POST", "/bookings", bookingOf(mentor, held.starts_at))).expect(201);
    provider.pay(order.id);
    expect(await refresh(held)).toMatchObject({
      payment_status: "refund_pending",
      was_late: true,
      closed_because: "taken",
    });
    expect(await read(held)).toMatchObject({ status: "cancelled" });
    await runJobs(test.db, { provider });
    const after = await readPayment(held);
    expect(after).toMatchObject({ payment_status: "refunded", refunds: [{ state: "done", why: "late" }] });
    expect(await ledgerOf(held)).toEqual({});
  });

  it("paid twice sends the second one back", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.pay(order.id);
    provider.pay(order.id);
    await refresh(held);
    await runJobs(test.db, { provider });
    expect(await readPayment(held)).toMatchObject({
      payment_status: "completed",
      refunds: [{ why: "surplus", state: "done", amount: held.total_amount }],
    });
    expect(await ledgerOf(held)).toEqual({ escrow: order.amount.minor });
  });

  it("is not confirmed by another amount, which goes back", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    provider.pay(order.id, { amount: { ...order.amount, minor: 100 as typeof order.amount.minor } });
    await refresh(held);
    expect(await read(held)).toMatchObject({ status: "pending", awaits_payment: true });
    await runJobs(test.db, { provider });
    expect((await readPayment(held)).refunds).toMatchObject([
      { why: "wrong_amount", state: "done", amount: 1 },
    ]);
    const [flag] = await rows<{ attention: string }>(
      "select attention from payments where booking_id = $1",
      held.id,
    );
    expect(flag?.attention).toContain("wrong_amount");
  });

  it("is named to its student who wants the same time again, and not to others", async () => {
    const held = await bookAny(student, mentor);
    const again = bookingOf(mentor, held.starts_at);
    const fromNepal = bookingOf(mentor, held.starts_at, { timezone: "Asia/Kathmandu" });
    for (const wanted of [again, fromNepal, { ...again, starts_at: held.starts_at }]) {
      const refused = (await student.call("POST", "/bookings", wanted)).problem("slot_taken");
      expect(refused.booking_id).toBe(held.id);
    }
    const other = (await rival.call("POST", "/bookings", again)).problem("slot_taken");
    expect(other).not.toHaveProperty("booking_id");
    await lapse(held);
    const taken = await book(rival, mentor, held.starts_at);
    const refused = (await student.call("POST", "/bookings", again)).problem("slot_taken");
    expect(refused).not.toHaveProperty("booking_id");
    (await rival.call("POST", `/bookings/${taken.id}/cancel`)).expect(200);
  });

  it("is in its student’s list of payments, page by page, but not once it was released unpaid", async () => {
    const payer = await test.signUp("A payer");
    const listed = async (query = "") =>
      (await payer.call("GET", `/payments${query}`)).expect(200).read(paymentPage);
    expect(await listed()).toEqual({ data: [], next_cursor: null });
    const held = [await bookAny(payer, mentor), await bookAny(payer, mentor), await bookAny(payer, mentor)];
    const first = await listed("?limit=2");
    const second = await listed(`?limit=2&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ booking_id }) => booking_id)).toEqual(
      held.map(({ id }) => id).reverse(),
    );
    expect(second.next_cursor).toBeNull();
    expect(first.data[0]).toMatchObject({ mentor_name: mentor.profile.full_name, booking_status: "pending" });
    for (const each of held) await lapse(each);
    expect((await listed()).data).toEqual([]);
    (await payer.call("GET", "/payments?cursor=x")).problem("validation_failed");
    (await test.visitor("GET", "/payments")).problem("unauthenticated");
  });

  it("gets five more minutes once", async () => {
    const held = await bookAny(student, mentor);
    const more = (await student.call("POST", `/bookings/${held.id}/payment/more-time`))
      .expect(200)
      .read(payment);
    expect(Date.parse(more.held_until ?? "") - Date.parse(held.expires_at ?? "")).toBe(5 * 60_000);
    expect(more.more_time).toBe(false);
    (await student.call("POST", `/bookings/${held.id}/payment/more-time`)).problem("more_time_used");
  });

  it("cancelled by its student while it is paid goes back and is never confirmed", async () => {
    const held = await bookAny(student, mentor);
    const order = await openOrder(held);
    (await student.call("POST", `/bookings/${held.id}/cancel`)).expect(200);
    provider.pay(order.id);
    await runJobs(test.db, { provider });
    expect(await read(held)).toMatchObject({ status: "cancelled" });
    expect(await readPayment(held)).toMatchObject({
      payment_status: "refunded",
      refunds: [{ why: "unwanted" }],
    });
  });

  it("cannot be confirmed by its mentor before it is paid", async () => {
    const held = await bookAny(student, mentor);
    (await mentor.call("POST", `/bookings/${held.id}/confirm`)).problem("invalid_transition");
  });

  it("is found by its order only: another booking's order pays nothing", async () => {
    const [cheap, dear] = [await bookAny(student, mentor), await bookAny(student, mentor)];
    const order = await openOrder(cheap);
    const key = await readPayment(dear);
    await expect(
      rows(
        "select private.settle_payment($1, $2, $3, false)",
        mentor.id,
        key.id,
        JSON.stringify({
          id: order.id,
          reference: key.id,
          amount_minor: order.amount.minor,
          currency: "INR",
          attempts: [],
        }),
      ),
    ).rejects.toThrow("another order");
  });
});

describe("a cancellation", () => {
  async function paid() {
    const held = await bookAny(student, mentor);
    provider.pay((await openOrder(held)).id);
    await refresh(held);
    return held;
  }
  const startIn = async ({ id }: Booking, hours: number) => {
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set starts_at = now() + $2 * interval '1 hour', ends_at = now() + $2 * interval '1 hour' + duration * interval '1 minute' where id = $1",
      id,
      hours,
    );
    await rows("reset session_replication_role");
  };

  it.each([
    ["in time, everything", 30, 1],
    ["later, half", 5, 0.5],
    ["in the last hours, nothing", 1, 0],
  ])("by the student %s", async (_when, hours, share) => {
    const session = await paid();
    await startIn(session, hours);
    expect((await readPayment(session)).refund_now).toBe(session.total_amount * share);
    const cancelled = (await student.call("POST", `/bookings/${session.id}/cancel`))
      .expect(200)
      .read(booking);
    expect(cancelled.payment_status).toBe(share === 0 ? "completed" : "refund_pending");
    await runJobs(test.db, { provider });
    const after = await readPayment(session);
    expect(after.refunded).toBe(session.total_amount * share);
    expect(after.payment_status).toBe({ 1: "refunded", 0.5: "partially_refunded", 0: "completed" }[share]);
  });

  it("by the mentor, everything, even in the last minute", async () => {
    const session = await paid();
    await startIn(session, 0.1);
    (await mentor.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    await runJobs(test.db, { provider });
    expect(await readPayment(session)).toMatchObject({
      payment_status: "refunded",
      refunds: [{ why: "mentor_cancelled", state: "done" }],
    });
  });

  it("whose refund is not clear is repeated under the same id, and paid once", async () => {
    const session = await paid();
    provider.faults.set("refund", ["unknown_after"]);
    (await student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    await expect(runJobs(test.db, { provider })).rejects.toThrow("No answer");
    await rows("update graphile_worker._private_jobs set run_at = now()");
    await rows("update graphile_worker._private_jobs set last_error = null");
    await runJobs(test.db, { provider });
    const order = provider.orderOf((await readPayment(session)).id);
    expect(order.attempts[0]?.refunds).toHaveLength(1);
    expect(await readPayment(session)).toMatchObject({ payment_status: "refunded" });
  });

  it("whose refund fails is shown as still owed", async () => {
    const session = await paid();
    provider.refundsAtOnce = false;
    (await student.call("POST", `/bookings/${session.id}/cancel`)).expect(200);
    await runJobs(test.db, { provider });
    expect(await refresh(session)).toMatchObject({
      payment_status: "refund_pending",
      refunds: [{ state: "sent" }],
    });
    provider.settleRefunds("failed");
    expect(await refresh(session)).toMatchObject({
      payment_status: "refund_pending",
      refunds: [{ state: "failed" }],
    });
    expect(await ledgerOf(session)).toEqual({ refunds_payable: session.total_amount * 100 });
  });
});

describe("a session that the mentor approves", () => {
  let careful: Mentor;
  beforeAll(async () => {
    careful = await test.makeMentor({ settings: { instant_confirm: false } });
  });
  async function requested() {
    const [slot] = await readSlots(student.call, careful);
    const held = (await student.call("POST", "/bookings", bookingOf(careful, slot?.starts_at ?? "")))
      .expect(201)
      .read(booking);
    const order = await openOrder(held);
    const attempt = provider.pay(order.id);
    expect(attempt.state).toBe("authorized");
    expect(await refresh(held)).toMatchObject({ state: "authorized", payment_status: "pending" });
    return { held, attempt };
  }

  it("is reserved when booking and charged when confirmed", async () => {
    const { held, attempt } = await requested();
    const request = await read(held, careful);
    expect(request).toMatchObject({ status: "pending", awaits_payment: false });
    const until = Math.min(Date.now() + windowMs("requestAnswer"), Date.parse(request.starts_at));
    expect(Math.abs(Date.parse(request.expires_at ?? "") - until)).toBeLessThan(MINUTE_MS);
    (await careful.call("POST", `/bookings/${held.id}/confirm`)).expect(200);
    await runJobs(test.db, { provider });
    expect(attempt.state).toBe("captured");
    expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
  });

  it.each([
    [
      "its student withdraws",
      "student_cancelled",
      (id: string) => student.call("POST", `/bookings/${id}/cancel`),
    ],
    ["its mentor declines", "declined", (id: string) => careful.call("POST", `/bookings/${id}/decline`)],
    [
      "expires",
      "expired",
      async (id: string) => {
        await letLapse(test.db, { id, expert_id: careful.id });
      },
    ],
  ] as const)("that was charged too early goes back entirely when %s", async (_how, why, end) => {
    const { held, attempt } = await requested();
    // In the provider's dashboard, for example.
    attempt.state = "captured";
    await refresh(held);
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set refund_full_cutoff = 100000, refund_partial_cutoff = 100000 where id = $1",
      held.id,
    );
    await rows("reset session_replication_role");
    expect((await readPayment(held)).refund_now).toBe(held.total_amount);
    await end(held.id);
    await runJobs(test.db, { provider });
    expect(await readPayment(held)).toMatchObject({
      payment_status: "refunded",
      refunded: held.total_amount,
      refunds: [{ why, state: "done" }],
    });
    expect(await ledgerOf(held)).toEqual({});
  });

  it("by the same policy gets nothing back once the mentor has agreed (twin)", async () => {
    const { held } = await requested();
    (await careful.call("POST", `/bookings/${held.id}/confirm`)).expect(200);
    await runJobs(test.db, { provider });
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set refund_full_cutoff = 100000, refund_partial_cutoff = 100000 where id = $1",
      held.id,
    );
    await rows("reset session_replication_role");
    expect((await readPayment(held)).refund_now).toBe(0);
    (await student.call("POST", `/bookings/${held.id}/cancel`)).expect(200);
    await runJobs(test.db, { provider });
    expect(await readPayment(held)).toMatchObject({ payment_status: "completed", refunds: [] });
  });

  it("is released when declined, and a failed release is repeated", async () => {
    const { held, attempt } = await requested();
    provider.faults.set("release", ["unknown_before"]);
    (await careful.call("POST", `/bookings/${held.id}/decline`)).expect(200);
    await expect(runJobs(test.db, { provider })).rejects.toThrow("No answer");
    expect(await readPayment(held)).toMatchObject({ payment_status: "refund_pending" });
    await rows("update graphile_worker._private_jobs set run_at = now(), last_error = null");
    await runJobs(test.db, { provider });
    expect(attempt.state).toBe("released");
    expect(await readPayment(held)).toMatchObject({ payment_status: "refunded", state: "released" });
    expect(await ledgerOf(held)).toEqual({});
  });
});
