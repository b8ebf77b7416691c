import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { type MoneyWorld, openMoneyWorld, type PaidBooking } from "../testing/moneyWorld.ts";
import { whileRewritten } from "../testing/rewriteFunction.ts";
import { describeOrder } from "./settle.ts";

let world: MoneyWorld;
beforeAll(async () => {
  world = await openMoneyWorld(3);
});
afterAll(async () => {
  expect(await moneyFaults(world.test.db.owner)).toEqual([]);
  await world.close();
});

async function bookMany(count: number): Promise<PaidBooking[]> {
  const made: PaidBooking[] = [];
  for (let number = 0; number < count; number++) made.push(await world.book());
  return made;
}

/** private.settle_captures(), with what the provider would say, or something else. */
async function settleTogether(bookings: readonly PaidBooking[], changed: object = {}): Promise<string[]> {
  const captures = bookings.map(({ key, orderId }) => ({
    mentor: key.mentorId,
    payment: key.paymentId,
    order: orderId,
    attempt: `pay_of_${orderId}`,
    amount: world.provider.orderOf(key.paymentId).amount.minor,
    currency: "INR",
    fee: null,
    ...changed,
  }));
  const [answer] = await world.rows<{ payment_ids: string[] }>(
    `select s.payment_ids from (
       select array_agg(c.mentor) as mentors, array_agg(c.payment) as payments, array_agg(c.order) as orders,
         array_agg(c.attempt) as attempts, array_agg(c.amount) as amounts, array_agg(c.currency) as currencies,
         array_agg(c.fee) as fees
       from json_to_recordset($1) c (mentor uuid, payment uuid, "order" text, attempt text, amount bigint, currency text, fee bigint)
     ) c, private.settle_captures(c.mentors, c.payments, c.orders, c.attempts, c.amounts, c.currencies,
       array_fill('upi'::text, array[cardinality(c.mentors)]), c.fees, array_fill(now(), array[cardinality(c.mentors)])) s`,
    JSON.stringify(captures),
  );
  return answer?.payment_ids ?? [];
}

/** All that a payment has changed, without ids and times. */
async function traceOf({ id, key }: PaidBooking): Promise<unknown> {
  const [found] = await world.rows<{ trace: unknown }>(
    `select json_build_object(
       'booking', (select json_build_array(b.status, b.payment_status, b.status_when_paid, b.expires_at, b.revision, b.meeting_place)
         from bookings b where b.id = $1),
       'seat', (select json_build_array(o.state, o.expires_at, o.seats_taken) from occupancies o join bookings b on b.occupancy_id = o.id
         where b.id = $1),
       'payment', (select to_jsonb(p) - 'id' - 'booking_id' - 'expert_id' - 'accepted_attempt_id' - 'due_at' - 'created_at' - 'updated_at'
         || jsonb_build_object('accepted', p.accepted_attempt_id is not null) from payments p where p.id = $2),
       'attempts', (select json_agg(to_jsonb(a) - 'id' - 'expert_id' - 'payment_id' - 'attempt_id' - 'created_at' - 'updated_at')
         from payment_attempts a where a.payment_id = $2),
       'transfers', (select json_agg(json_build_array(t.kind, t.from_kind, t.to_kind, t.currency, t.amount_minor,
           t.reference = p.accepted_attempt_id, t.from_owner = t.expert_id) order by t.kind)
         from private.ledger_transfers t join payments p on p.id = $2
         where t.reference = p.accepted_attempt_id),
       'balances', (select json_agg(json_build_array(a.kind, a.currency, a.balance_minor, a.version)) from private.ledger_accounts a
         where a.owner_id in ($1, $2)),
       'money', (select json_agg(to_jsonb(e) - 'id' - 'expert_id' - 'payment_id' - 'booking_id' - 'created_at' - 'notify_at'
         || jsonb_build_object('due', e.notify_at = e.created_at, 'booking', e.booking_id = $1)) from money_events e where e.payment_id = $2),
       'steps', (select json_agg(json_build_array(e.kind, e.actor, e.from_status, e.to_status, e.reason) order by e.id)
         from booking_events e where e.booking_id = $1),
       'receipt', (select json_agg(to_jsonb(d) - 'id' - 'expert_id' - 'payment_id' - 'booking_id' - 'reference_id' - 'issued_at' - 'number'
           - 'number_in_series' || jsonb_build_object('content', jsonb_set(d.content #- '{session,starts_at}' #- '{payment,at}',
             '{payment,reference}', to_jsonb(d.content #>> '{payment,reference}' = a.attempt_id)),
             'about', d.reference_id = $2, 'number', d.number like '%' || lpad(d.number_in_series::text, 6, '0')))
         from documents d join payment_attempts a on a.payment_id = d.payment_id where d.payment_id = $2)) as trace`,
    id,
    key.paymentId,
  );
  return found?.trace;
}

const neverAlone = ["private.settle_payment", "perform private.lock_mentor(mentor);"] as const;

it("captures of one moment are booked with one call, as they are alone", async () => {
  const bookings = await bookMany(9);
  const alone = await world.book();
  const { amount } = world.provider.orderOf(alone.key.paymentId);
  for (const { orderId } of [...bookings, alone]) {
    world.provider.pay(orderId, { fee: { ...amount, minor: 2_000 as never } });
  }
  await whileRewritten(world.test.db, [...neverAlone], "raise exception 'alone';", async () => {
    expect(await Promise.all(bookings.map((booking) => world.sync(booking)))).toEqual(
      bookings.map(() => "captured"),
    );
  });
  await world.rows(
    "select private.settle_payment($1, $2, $3, null)",
    alone.key.mentorId,
    alone.key.paymentId,
    describeOrder(world.provider.orderOf(alone.key.paymentId)),
  );
  const expected = await traceOf(alone);
  for (const booking of bookings) expect(await traceOf(booking)).toEqual(expected);
  expect(expected).toMatchObject({
    booking: ["confirmed", "completed", null, null, expect.any(Number), null],
    seat: ["booked", null, 1],
    payment: { state: "captured", accepted: true },
    transfers: [
      ["captured", "provider", "escrow", "INR", 200_000, true, true],
      expect.arrayContaining(["provider_fee"]),
    ],
    balances: [["escrow", "INR", 200_000, 1]],
    receipt: [{ kind: "receipt", series: "TR", total_minor: 200_000, about: true, number: true }],
  });
});

it.each([
  ["with others", () => undefined],
  // Two attempts are no plain capture.
  ["alone", ({ orderId }: PaidBooking) => world.provider.fail(orderId)],
])("the open pages of both hear of a session that is paid: booked %s", async (_how, arrange) => {
  const booking = await world.book();
  arrange(booking);
  world.provider.pay(booking.orderId);
  const heard: string[] = [];
  world.test.db.database.onAnnouncement((channel, payload) => heard.push(`${channel} ${payload}`));
  await world.sync(booking);
  const [row] = await world.rows<{ user_id: string }>(
    "select user_id from bookings where id = $1",
    booking.id,
  );
  expect(heard).toEqual(
    expect.arrayContaining([
      `availability ${booking.key.mentorId}`,
      `person ${booking.key.mentorId} bookings`,
      `person ${row?.user_id} bookings`,
    ]),
  );
});

it("a payment that is reported twice in one call is booked once", async () => {
  const booking = await world.book();
  expect(await settleTogether([booking, booking])).toEqual([booking.key.paymentId]);
});

it("their receipts have consecutive numbers for each mentor, with those that were issued alone", async () => {
  const bookings = await bookMany(12);
  for (const { orderId } of bookings) world.provider.pay(orderId);
  await Promise.all(bookings.map((booking) => world.sync(booking)));
  const series = await world.rows<{ gaps: number; last: boolean; ordered: boolean }>(
    `select max(d.number_in_series) - count(*)::integer as gaps, max(d.number_in_series) = s.last_number as last,
       bool_and(d.issued_at <= s.last_issued_at) as ordered
     from documents d join private.document_series s on s.issuer_id = d.expert_id and s.series = d.series
     group by d.expert_id, s.last_number`,
  );
  expect(series).toEqual(Array.from({ length: 3 }, () => ({ gaps: 0, last: true, ordered: true })));
});

it.each<[string, object, ((booking: PaidBooking) => Promise<unknown>)?]>([
  ["a rupee", { amount: 100 }],
  ["another currency", { currency: "USD" }],
  ["another order", { order: "order_of_someone_else" }],
  ["a lapsed hold", {}, (booking) => world.lapse(booking)],
  ["a cancelled one", {}, (booking) => world.step(booking, "student", "cancelled")],
  [
    "a failed attempt before it",
    {},
    (booking) => {
      world.provider.fail(booking.orderId);
      return world.sync(booking);
    },
  ],
  ["a payment that was captured already", {}, (booking) => settleTogether([booking])],
  ["a deleted student", {}, ({ id }) => close(id)],
])("does not take %s", async (_what, changed, arrange) => {
  const booking = await world.book();
  await arrange?.(booking);
  const before = await traceOf(booking);
  expect(await settleTogether([booking], changed)).toEqual([]);
  expect(await traceOf(booking)).toEqual(before);
  await world.rows("delete from private.closed_accounts");
});

const close = (booking: string) =>
  world.rows(
    "insert into private.closed_accounts (user_id, why, step) select user_id, 'deleted', 'cancelling' from bookings where id = $1",
    booking,
  );

it("does not wait for a mentor who is locked, and settles the payments of the others", async () => {
  const [first, second] = await bookMany(2);
  if (!first || !second) throw new Error("Nothing is booked.");
  const other = new pg.Client({ connectionString: world.test.db.ownerUrl });
  await other.connect();
  try {
    await other.query("begin");
    await other.query("select private.lock_mentor($1)", [first.key.mentorId]);
    expect(await settleTogether([first, second])).toEqual([second.key.paymentId]);
    await other.query("rollback");
  } finally {
    await other.end();
  }
  world.provider.pay(first.orderId);
  expect(await world.sync(first)).toBe("captured");
});

it("twin: without its look at the price, a rupee pays for a session", async () => {
  const booking = await world.book();
  const line = "and p.amount_minor = c.amount and p.currency = c.currency";
  await whileRewritten(world.test.db, ["private.settle_captures", line], "", async () => {
    expect(await settleTogether([booking], { amount: 100 })).toEqual([booking.key.paymentId]);
  });
});
