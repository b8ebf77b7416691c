import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { payment } from "#contract/payments.ts";
import { moneyOfMinor } from "#rules/money.ts";
import { book, bookAny, bookingOf, dateIn, letLapse, moveTo, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

/**
 * The races of payments and refunds, by their numbers. `here`: a test below. Otherwise the file that has it, and its name
 * there.
 */
const races: readonly [number, string, "here" | [file: string, name: string]][] = [
  [1, "the browser's return and the webhook arrive together", "here"],
  [2, "a webhook comes three times, shuffled, or a refund before its capture", "here"],
  [3, "a hold expires, then the capture arrives and the time is free", "here"],
  [4, "a hold expires, then the capture arrives and the time is taken", "here"],
  [5, "the student cancels while the capture is on its way", "here"],
  [6, "student and mentor cancel at once", "here"],
  [
    7,
    "an administrator and the policy refund at once",
    [
      "server/reconciliation/reconciliation.test.ts",
      "and one by policy at once send back exactly what was paid",
    ],
  ],
  [
    8,
    "the provider does not answer to a refund",
    [
      "server/payments/payToBook.test.ts",
      "whose refund is not clear is repeated under the same id, and paid once",
    ],
  ],
  [
    9,
    "a refund fails later",
    ["server/payments/payToBook.test.ts", "whose refund fails is shown as still owed"],
  ],
  [10, "amount or currency differ from the order's", "here"],
  [
    11,
    "the order of one booking comes with another booking",
    ["server/payments/payToBook.test.ts", "is found by its order only: another booking's order pays nothing"],
  ],
  [
    12,
    "a payout is requested twice, or succeeds, fails and succeeds",
    ["server/payouts/payouts.test.ts", "requested twice at once is requested once"],
  ],
  [
    12,
    "a payout is requested twice, or succeeds, fails and succeeds",
    [
      "server/payouts/payouts.test.ts",
      "succeeds once: success, then failed, then success again has one effect",
    ],
  ],
  [13, "a paid session is moved and cancelled at once, or two move to one time", "here"],
  [14, "many buy the last seats of a group", "here"],
  [15, "a held seat runs out while it is paid", "here"],
];

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let group: Mentor;
let student: Person;
let rival: Person;
let crowd: Person[];
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  group = await test.makeMentor({
    services: [{ session_type: "groupSession", capacity: 2, instant_confirm: true }],
  });
  crowd = await test.signUpCrowd(12);
  [student, rival] = crowd as [Person, Person];
});
afterAll(() => test.close());
beforeEach(() => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
});

const read = async ({ id }: Pick<Booking, "id">, who = student) =>
  (await who.call("GET", `/bookings/${id}`)).expect(200).read(booking);
const readPayment = async ({ id }: Pick<Booking, "id">, who = student) =>
  (await who.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const refresh = ({ id }: Pick<Booking, "id">, who = student) =>
  who.call("POST", `/bookings/${id}/payment/refresh`);
const openOrder = async (held: Pick<Booking, "id">, who = student) => {
  (await who.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  return provider.orderOf((await readPayment(held, who)).id);
};
const tell = (orderId: string, { body, headers } = provider.webhook(orderId)) =>
  test.app.inject({ method: "POST", url: "/api/v1/webhooks/sandbox", payload: body, headers });
const jobs = () => runJobs(test.db, { provider });
const freeStart = async (of: Mentor, index = 0) => {
  const slots = await readSlots(student.call, of, { from: dateIn(of, 3), to: dateIn(of, 9) });
  return slots[index]?.starts_at ?? "";
};
async function paid(who = student) {
  const held = await bookAny(who, mentor);
  provider.pay((await openOrder(held, who)).id);
  (await refresh(held, who)).expect(200);
  return held;
}

/** How often something is in the ledger and in the history of a booking. */
async function countsOf({ id }: Pick<Booking, "id">) {
  const { rows } = await test.db.owner.query<
    Record<"captured" | "confirmed" | "receipts" | "refunds", number>
  >(
    `select
       (select count(*)::int from private.ledger_transfers t join payment_attempts a on a.id = t.reference
          where a.payment_id = p.id and t.kind = 'captured') as captured,
       (select count(*)::int from booking_events e where e.booking_id = p.booking_id and e.kind = 'created') as confirmed,
       (select count(*)::int from documents d where d.payment_id = p.id and d.kind = 'receipt') as receipts,
       (select count(*)::int from refunds r where r.payment_id = p.id) as refunds
     from payments p where p.booking_id = $1`,
    [id],
  );
  return rows[0];
}
const once = { captured: 1, confirmed: 1, receipts: 1, refunds: 0 };

it("every race has a test, which exists", async () => {
  expect([...new Set(races.map(([number]) => number))]).toEqual(
    Array.from({ length: 15 }, (_, at) => at + 1),
  );
  const own = await readFile(new URL(import.meta.url), "utf8");
  for (const [number, sentence, where] of races) {
    const [file, name] = where === "here" ? [undefined, `${number}: ${sentence}`] : where;
    const text = file ? await readFile(new URL(`../../${file}`, import.meta.url), "utf8") : own;
    expect(text, name).toContain(`it("${name}`);
  }
});

describe("race", () => {
  it("1: the browser's return and the webhook arrive together", async () => {
    const held = await bookAny(student, mentor);
    const { id } = await openOrder(held);
    provider.pay(id);
    await Promise.all([refresh(held), tell(id), tell(id).then(jobs), refresh(held), refresh(held)]);
    await jobs();
    expect(await countsOf(held)).toEqual(once);
    expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
  });

  it("2: a webhook comes three times, shuffled, or a refund before its capture", async () => {
    const held = await bookAny(student, mentor);
    const { id, amount } = await openOrder(held);
    const captured = provider.webhook(id, "captured");
    const attempt = provider.pay(id);
    // At the provider the refund is made before the app has heard of the capture.
    attempt.refunds.push({ id: `rfnd_${id}`, reference: null, amount, state: "done" });
    const refunded = provider.webhook(id, "refunded");
    for (const event of [refunded, captured, refunded, captured, refunded, captured]) await tell(id, event);
    await jobs();
    expect(await countsOf(held)).toEqual({ ...once, refunds: 1 });
    expect(await readPayment(held)).toMatchObject({ payment_status: "refunded" });
  });

  it("3: a hold expires, then the capture arrives and the time is free", async () => {
    const held = await bookAny(student, mentor);
    const { id } = await openOrder(held);
    provider.pay(id);
    await letLapse(test.db, held);
    await Promise.all([refresh(held), refresh(held)]);
    expect(await countsOf(held)).toEqual(once);
    expect(await read(held)).toMatchObject({ status: "confirmed", payment_status: "completed" });
  });

  it("4: a hold expires, then the capture arrives and the time is taken", async () => {
    const held = await bookAny(student, mentor);
    const { id } = await openOrder(held);
    provider.pay(id);
    await letLapse(test.db, held);
    provider.refundsAtOnce = false;
    // The capture and the other booking at once: either has the time, and no one pays for nothing.
    const [, other] = await Promise.all([
      refresh(held),
      rival.call("POST", "/bookings", bookingOf(mentor, held.starts_at)),
    ]);
    await jobs();
    const after = await readPayment(held);
    if (other.status === 201) {
      expect(after).toMatchObject({ payment_status: "refund_pending", was_late: true });
      expect(after.refunds).toMatchObject([{ state: "sent", why: "late" }]);
      provider.settleRefunds("done");
      await refresh(held);
      expect(await readPayment(held)).toMatchObject({
        payment_status: "refunded",
        refunds: [{ state: "done" }],
      });
    } else expect(after).toMatchObject({ payment_status: "completed", refunds: [] });
  });

  it("5: the student cancels while the capture is on its way", async () => {
    const held = await bookAny(student, mentor);
    const { id, amount } = await openOrder(held);
    provider.pay(id);
    await Promise.all([refresh(held), student.call("POST", `/bookings/${held.id}/cancel`), tell(id)]);
    await jobs();
    expect(await read(held)).toMatchObject({ status: "cancelled" });
    const after = await readPayment(held);
    expect(after.payment_status).toBe("refunded");
    expect(after.refunded * 100).toBe(amount.minor);
  });

  it("6: student and mentor cancel at once", async () => {
    for (const people of [
      [student, mentor],
      [mentor, student],
    ]) {
      const session = await paid();
      await test.db.owner.query(
        "update payments set polls = 20, poll_at = now() + interval '6 hours' where booking_id = $1",
        [session.id],
      );
      // The student is entitled to a half, and to everything because the mentor cancels.
      await test.db.owner.query("set session_replication_role = replica");
      await test.db.owner.query("update bookings set refund_full_cutoff = 100000 where id = $1", [
        session.id,
      ]);
      await test.db.owner.query("reset session_replication_role");
      expect(await readPayment(session)).toMatchObject({ refund_now: session.total_amount / 2 });
      const answers = await Promise.all(
        people.map((who) => who.call("POST", `/bookings/${session.id}/cancel`)),
      );
      expect(answers[people.indexOf(mentor)]?.status).toBe(200);
      // Asked about soon, in case the worker that sends it is killed before it notes the outcome.
      const { rows: polls } = await test.db.owner.query(
        "select polls, poll_at <= now() + interval '1 minute' as soon from payments where booking_id = $1",
        [session.id],
      );
      expect(polls).toEqual([{ polls: 0, soon: true }]);
      await jobs();
      const after = await readPayment(session);
      expect(after).toMatchObject({ payment_status: "refunded", refunded: session.total_amount });
      expect(new Set(after.refunds.map(({ why }) => why))).toEqual(new Set(["mentor_cancelled"]));
      const atProvider = provider.orderOf(after.id).attempts.flatMap(({ refunds }) => refunds);
      expect(atProvider.reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(session.total_amount * 100);
    }
  });

  it("10: amount or currency differ from the order's", async () => {
    const held = await bookAny(student, mentor);
    const { id, amount } = await openOrder(held);
    provider.pay(id, { amount: { ...amount, minor: (amount.minor - 1) as typeof amount.minor } });
    await Promise.all([refresh(held), refresh(held)]);
    await jobs();
    expect(await read(held)).toMatchObject({ status: "pending", awaits_payment: true });
    expect(await countsOf(held)).toMatchObject({ confirmed: 0, receipts: 0, refunds: 1 });
    const seen = async () =>
      (
        await test.db.owner.query(
          `select b.status, b.status_when_paid, p.attention from bookings b join payments p on p.booking_id = b.id where b.id = $1`,
          [held.id],
        )
      ).rows;
    const unpaid = { status: "pending", status_when_paid: "confirmed" };
    expect(await seen()).toEqual([{ ...unpaid, attention: expect.stringContaining("wrong_amount") }]);

    // Another currency than the order's goes back in that currency, and its message says so.
    const foreign = await bookAny(student, mentor);
    const order = await openOrder(foreign);
    provider.pay(order.id, { amount: moneyOfMinor(123_450, "USD") });
    await Promise.all([refresh(foreign), refresh(foreign)]);
    await jobs();
    expect(await read(foreign)).toMatchObject({ status: "pending", awaits_payment: true });
    expect(await countsOf(foreign)).toMatchObject({ confirmed: 0, receipts: 0, refunds: 1 });
    expect(order.attempts[0]?.refunds).toMatchObject([{ amount: { minor: 123_450, currency: "USD" } }]);
    expect(await readPayment(foreign)).toMatchObject({
      refunded: 0,
      refunds: [{ amount: 1234.5, currency: "USD", state: "done" }],
    });
    const { rows: said } = await test.db.owner.query(
      `select n.kind, n.payload ->> 'currency' as currency, (n.payload ->> 'amount')::float as amount from notifications n
       where n.booking_id = $1 order by n.kind`,
      [foreign.id],
    );
    expect(said).toEqual(
      ["payment_late", "refund_done"].map((kind) => ({ kind, currency: "USD", amount: 1234.5 })),
    );
  });

  it("13: a paid session is moved and cancelled at once, or two move to one time", async () => {
    const [moved, other] = [await paid(), await paid(rival)];
    const goal = await freeStart(mentor, 2);
    const move = (who: Person, { id }: Booking) =>
      who.call("POST", `/bookings/${id}/reschedule`, moveTo(mentor, Date.parse(goal)));
    const answers = await Promise.all([move(student, moved), move(rival, other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const starts = [(await read(moved)).starts_at, (await read(other, rival)).starts_at];
    expect(starts.filter((at) => at === goal)).toHaveLength(1);
    for (const each of [moved, other]) expect(await countsOf(each)).toEqual(once);

    const next = await freeStart(mentor, 3);
    const [winner, who] = starts[0] === goal ? [moved, student] : [other, rival];
    await Promise.all([
      who.call("POST", `/bookings/${winner.id}/reschedule`, moveTo(mentor, Date.parse(next))),
      who.call("POST", `/bookings/${winner.id}/cancel`),
    ]);
    await jobs();
    expect(await read(winner, who)).toMatchObject({ status: "cancelled" });
    expect(await readPayment(winner, who)).toMatchObject({
      payment_status: "refunded",
      refunded: winner.total_amount,
    });
  });

  it("14: many buy the last seats of a group", async () => {
    const start = await freeStart(group);
    const answers = await Promise.all(
      crowd.map((who) => who.call("POST", "/bookings", bookingOf(group, start))),
    );
    const held = answers.flatMap((answer, at) =>
      answer.status === 201 ? [{ who: crowd[at]!, seat: answer.read(booking) }] : [],
    );
    expect(held).toHaveLength(2);
    for (const { who, seat } of held) provider.pay((await openOrder(seat, who)).id);
    await Promise.all(held.map(({ who, seat }) => refresh(seat, who)));
    for (const { seat } of held) expect(await countsOf(seat)).toEqual(once);
  });

  it("15: a held seat runs out while it is paid", async () => {
    const start = await freeStart(group, 1);
    const [first, second, third, fourth] = crowd as [Person, Person, Person, Person];
    const late = await book(first, group, start);
    const later = await book(second, group, start);
    for (const [seat, who] of [
      [late, first],
      [later, second],
    ] as const) {
      provider.pay((await openOrder(seat, who)).id);
      await letLapse(test.db, seat);
    }
    // One of the two seats is bought by another, so one of the two payments is in time and one goes back.
    await book(third, group, start);
    await Promise.all([refresh(late, first), refresh(later, second)]);
    await jobs();
    const ends = [await readPayment(late, first), await readPayment(later, second)];
    expect(ends.map(({ payment_status }) => payment_status).sort()).toEqual(["completed", "refunded"]);
    (await fourth.call("POST", "/bookings", bookingOf(group, start))).problem("slot_taken");
  });

  it("afterwards the ledger adds up", async () => {
    expect(await moneyFaults(test.db.owner)).toEqual([]);
  });
});
