import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingEvents } from "#contract/bookings.ts";
import { coupon } from "#contract/offers.ts";
import { payment } from "#contract/payments.ts";
import { bookAny, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { buyPackage } from "../testing/packages.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

// Student and mentor cancel at once. The policy gives back half of what a student cancels now, and everything if the mentor
// does: whichever commits first, everything goes back, once.

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let student: Person;
let stranger: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  [student, stranger] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(async () => {
  expect(await moneyFaults(test.db.owner)).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  provider.faults.clear();
  provider.refundsAtOnce = true;
  mentor = await test.makeMentor({
    settings: { instant_confirm: true },
    services: [{ recording_price: 250 }],
  });
  await rows(
    "update services set refund_full_cutoff = 43200, refund_partial_cutoff = 60, refund_partial_percent = 50 where expert_id = $1",
    mentor.id,
  );
});

const rows = async <Row extends object>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query<Row>(text, values)).rows;
const jobs = () => runJobs(test.db, { provider });
const readPayment = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}/payment`)).expect(200).read(payment);
const cancel = (who: Person, { id }: Pick<Booking, "id">, reason?: string) =>
  who.call("POST", `/bookings/${id}/cancel`, reason ? { reason } : undefined);
const historyOf = async ({ id }: Pick<Booking, "id">) =>
  (await student.call("GET", `/bookings/${id}/events`)).expect(200).read(bookingEvents).data;
const cancellations = async (session: Pick<Booking, "id">) =>
  (await historyOf(session)).filter(({ kind }) => kind === "cancelled").map(({ actor }) => actor);
const refundsOf = ({ id }: Pick<Booking, "id">) =>
  rows<{ amount: number; why: string }>(
    `select r.amount_minor::float / 100 as amount, r.why from refunds r join payments p on p.id = r.payment_id
     where p.booking_id = $1 order by r.id`,
    id,
  );

async function pay(held: Booking): Promise<Booking> {
  (await student.call("POST", `/bookings/${held.id}/payment/checkout`)).expect(200);
  provider.pay(provider.orderOf((await readPayment(held)).id).id);
  (await student.call("POST", `/bookings/${held.id}/payment/refresh`)).expect(200);
  return held;
}
const paid = async () => pay(await bookAny(student, mentor));

/** The cancellation was made so long ago. */
const letPass = (session: Pick<Booking, "id">, seconds: number) =>
  rows(
    "update booking_events set created_at = created_at - make_interval(secs => $2) where booking_id = $1",
    session.id,
    seconds,
  );

/** Two transactions: the second waits for what the first has locked, and goes on when that is committed. */
async function inOrder(first: Person, second: Person, { id }: Pick<Booking, "id">) {
  const { database, owner } = test.db;
  const text = "select status from change_booking_status($1, $2, 'cancelled')";
  const values = [mentor.id, id];
  const [isDone, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const one = database.asUser(first.id, async ({ client }) => {
    await client.query(text, values);
    isDone.resolve();
    await mayEnd.promise;
  });
  await isDone.promise;
  const other = database.asUser(second.id, ({ client }) => client.query(text, values));
  const settled = Promise.allSettled([one, other]);
  for (let tries = 0; tries < 200; tries++) {
    const { rows: waiting } = await owner.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    if (waiting.length > 0) break;
    await sleep(5);
  }
  mayEnd.resolve();
  return (await settled).map(({ status }) => status);
}

const window = ["private.join_cancellation", "interval '60 seconds'"] as const;

describe("a paid session that both cancel", () => {
  it("goes back entirely when the student's cancellation commits just before the mentor's", async () => {
    const session = await paid();
    expect(await inOrder(student, mentor, session)).toEqual(["fulfilled", "fulfilled"]);
    await jobs();
    expect(await refundsOf(session)).toEqual([
      { amount: 1000, why: "mentor_cancelled" },
      { amount: 1000, why: "mentor_cancelled" },
    ]);
    expect(await readPayment(session)).toMatchObject({ payment_status: "refunded", refunded: 2000 });
    expect(await cancellations(session)).toEqual(["student", "mentor"]);
  });

  it("goes back entirely when the mentor's commits first, and the student's is refused", async () => {
    const session = await paid();
    expect(await inOrder(mentor, student, session)).toEqual(["fulfilled", "rejected"]);
    await jobs();
    expect(await refundsOf(session)).toEqual([{ amount: 2000, why: "mentor_cancelled" }]);
    expect(await cancellations(session)).toEqual(["mentor"]);
  });

  it("twin: without the minute, half of it is kept", async () => {
    await whileRewritten(test.db, window, "interval '0 seconds'", async () => {
      const session = await paid();
      expect(await inOrder(student, mentor, session)).toEqual(["fulfilled", "rejected"]);
      expect(await readPayment(session)).toMatchObject({ refunded: 1000 });
    });
  });

  it("by ten calls of each at once: everything goes back, once", async () => {
    for (let round = 0; round < 6; round++) {
      const session = await paid();
      const people = Array.from({ length: 20 }, (_, at) => ((at + round) % 2 ? mentor : student));
      const answers = await Promise.all(people.map((who) => cancel(who, session)));
      for (const answer of answers) if (answer.status !== 200) answer.problem("invalid_transition");
      const accepted = (who: Person) =>
        answers.filter(({ status }, at) => people[at] === who && status === 200).length;
      // A mentor who was first is not accepted again.
      const [first] = await cancellations(session);
      expect([accepted(student), accepted(mentor)]).toEqual(first === "student" ? [1, 10] : [0, 1]);
      await jobs();
      expect((await refundsOf(session)).reduce((sum, { amount }) => sum + amount, 0)).toBe(2000);
      expect(await readPayment(session)).toMatchObject({ payment_status: "refunded" });
      expect((await cancellations(session)).filter((actor) => actor === "mentor")).toHaveLength(1);
    }
  });

  it("has the answer of an ordinary cancellation, and its reason and refund are told the student once", async () => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    const answer = (await cancel(mentor, session, "Ill in bed")).expect(200).read(booking);
    expect(answer).toEqual((await mentor.call("GET", `/bookings/${session.id}`)).read(booking));
    expect(answer).toMatchObject({ status: "cancelled", payment_status: "refund_pending" });
    (await cancel(mentor, session, "Ill in bed")).expect(200);
    await jobs();
    const told = await rows<{ by: string; reason: string | null; amount: number }>(
      `select e.actor as by, m.content -> 'facts' ->> 'reason' as reason,
         (m.content -> 'facts' -> 'money' ->> 'amount')::float as amount
       from private.deliveries m join booking_events e on substr(m.occasion, 9) = 'booking_event:' || e.id
       where e.booking_id = $1 and m.user_id = $2 and m.kind = 'booking_cancelled' order by e.id`,
      session.id,
      student.id,
    );
    expect(told).toEqual([
      { by: "student", reason: null, amount: 1000 },
      { by: "mentor", reason: "Ill in bed", amount: 1000 },
    ]);
  });

  it("goes back also by a plain update of the mentor's, the guide's way to cancel", async () => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    const update = () =>
      test.db.database.asUser(mentor.id, ({ client }) =>
        client.query("update bookings set status = 'cancelled' where id = $1", [session.id]),
      );
    await update();
    await update();
    expect((await readPayment(session)).refunds.map(({ amount }) => amount)).toEqual([1000, 1000]);
  });

  it("goes back although the student's part has failed, which is repeated as ever", async () => {
    provider.refundsAtOnce = false;
    const session = await paid();
    (await cancel(student, session)).expect(200);
    await jobs();
    provider.settleRefunds("failed");
    (await student.call("POST", `/bookings/${session.id}/payment/refresh`)).expect(200);
    (await cancel(mentor, session)).expect(200);
    expect(await refundsOf(session)).toEqual([
      { amount: 1000, why: "mentor_cancelled" },
      { amount: 1000, why: "mentor_cancelled" },
    ]);
  });
});

describe("after the minute", () => {
  it.each([
    [59, 200],
    [60, 409],
  ])("%i seconds later the mentor's cancellation has the answer %i", async (seconds, status) => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    await letPass(session, seconds - 0.5 + (status === 409 ? 0.5 : 0) - (status === 200 ? 1 : 0));
    const answer = await cancel(mentor, session);
    if (status === 409) answer.problem("invalid_transition");
    else answer.expect(200);
    expect(await refundsOf(session)).toHaveLength(status === 200 ? 2 : 1);
  });

  it("the database refuses it too, and a plain update changes nothing", async () => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    await letPass(session, 60);
    await expect(
      test.db.database.asUser(mentor.id, ({ client }) =>
        client.query("select from change_booking_status($1, $2, 'cancelled')", [mentor.id, session.id]),
      ),
    ).rejects.toMatchObject({ constraint: "bookings_step_allowed" });
    await test.db.database.asUser(mentor.id, ({ client }) =>
      client.query("update bookings set status = 'cancelled' where id = $1", [session.id]),
    );
    expect(await refundsOf(session)).toHaveLength(1);
  });

  it("and within it a student cannot repeat a cancellation, nor a stranger", async () => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    (await cancel(student, session)).problem("invalid_transition");
    (await cancel(stranger, session)).problem("booking_not_found");
    (await mentor.call("POST", `/bookings/${session.id}/decline`)).problem("invalid_transition");
    expect(await refundsOf(session)).toHaveLength(1);
  });

  it("and once the session would have begun it is too late", async () => {
    const session = await paid();
    (await cancel(student, session)).expect(200);
    await rows("set session_replication_role = replica");
    await rows(
      "update bookings set starts_at = now(), ends_at = now() + interval '1 hour' where id = $1",
      session.id,
    );
    await rows("reset session_replication_role");
    (await cancel(mentor, session)).problem("invalid_transition");
    expect(await refundsOf(session)).toHaveLength(1);
  });
});

describe("offers of a session that both cancel", () => {
  const buy = async () => (await buyPackage(provider, student, mentor)).id;
  async function take(fields: Record<string, unknown>): Promise<Booking> {
    const [slot] = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
    return (await student.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? "", fields)))
      .expect(201)
      .read(booking);
  }
  const stateOf = async (purchase: string) =>
    (
      await rows<{ credits: number; money: number; escrow: number; days: number; reminders: number }>(
        `select
           (select coalesce(sum(balance_minor), 0)::int from private.ledger_accounts
              where owner_id = g.id and kind = 'credits') as credits,
           (select coalesce(sum(balance_minor), 0)::int from private.ledger_accounts
              where owner_id = g.id and kind = 'package_money') as money,
           (select coalesce(sum(balance_minor), 0)::int from private.ledger_accounts
              where expert_id = g.expert_id and kind = 'escrow') as escrow,
           round(extract(epoch from g.expires_at - now()) / 86400)::int as days,
           (select count(*)::int from money_events e join payments p on p.id = e.payment_id
              where p.package_purchase_id = g.id and e.kind = 'expiring') as reminders
         from package_purchases g where g.id = $1`,
        purchase,
      )
    )[0];

  it("a session of a package comes back, with its money, and the recording's price", async () => {
    const purchase = await buy();
    const session = await pay(
      await take({ package_purchase_id: purchase, add_recording: true, total_amount: 250 }),
    );
    expect(await inOrder(student, mentor, session)).toEqual(["fulfilled", "fulfilled"]);
    (await cancel(mentor, session)).expect(200);
    await jobs();
    expect(await stateOf(purchase)).toMatchObject({ credits: 3, money: 400_000, escrow: 0 });
    expect(await readPayment(session)).toMatchObject({ refunded: 250, payment_status: "refunded" });
  });

  it("a session of a package without a payment of its own shows as refunded", async () => {
    const purchase = await buy();
    const session = await take({ package_purchase_id: purchase, total_amount: 0 });
    expect((await cancel(student, session)).read(booking).payment_status).toBe("completed");
    expect((await cancel(mentor, session)).expect(200).read(booking).payment_status).toBe("refunded");
    expect(await stateOf(purchase)).toMatchObject({ credits: 3, money: 400_000, escrow: 0 });
    expect(await cancellations(session)).toEqual(["student", "mentor"]);
  });

  it("what the student's cancellation gave back can be used for at least thirty days, as if the mentor's had", async () => {
    await rows("update services set refund_full_cutoff = 60 where expert_id = $1", mentor.id);
    const purchase = await buy();
    const session = await take({ package_purchase_id: purchase, total_amount: 0 });
    await rows("update package_purchases set expires_at = now() + interval '1 day' where id = $1", purchase);
    (await cancel(student, session)).expect(200);
    expect(await stateOf(purchase)).toMatchObject({ credits: 3, days: 1, reminders: 1 });
    for (let time = 0; time < 3; time++) (await cancel(mentor, session)).expect(200);
    expect(await stateOf(purchase)).toMatchObject({ credits: 3, days: 30, reminders: 2 });
  });

  it("a coupon's use comes back", async () => {
    const made = (await mentor.call("POST", "/mentors/me/coupons", { code: "ALLOFIT", percent: 100 }))
      .expect(201)
      .read(coupon);
    const uses = async () =>
      (await rows("select from coupon_uses where coupon_id = $1 and given_back_at is null", made.id)).length;
    const session = await take({ coupon_code: made.code, total_amount: 0 });
    (await cancel(student, session)).expect(200);
    expect(await uses()).toBe(1);
    (await cancel(mentor, session)).expect(200);
    expect(await uses()).toBe(0);
    expect(await cancellations(session)).toEqual(["student", "mentor"]);
  });

  it("what had everything back from the student's cancellation has no second event", async () => {
    await rows("update services set refund_full_cutoff = 60 where expert_id = $1", mentor.id);
    const session = await paid();
    (await cancel(student, session)).expect(200);
    (await cancel(mentor, session)).expect(200);
    expect(await cancellations(session)).toEqual(["student"]);
    expect(await refundsOf(session)).toEqual([{ amount: 2000, why: "mentor_cancelled" }]);
  });
});
