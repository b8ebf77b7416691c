import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, attempt, type Booked, book, denied, signedIn, visitor } from "./actor.ts";
import { bookingRequest, insertInto, mentor, otherStudent, plantWorld, student } from "./world.ts";

let db: TestDatabase;
let booking: Booked;
let payment: string;
let refund: string;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await db.owner.query("select private.set_money_settings(true, 'sandbox', 1000)");
  booking = await book(db.owner);
  payment = await only("select id from public.payments");
  await db.owner.query("select private.set_payment_order($1, $2, 'order_1')", [mentor, payment]);
  await db.owner.query("select private.settle_payment($1, $2, $3, false)", [mentor, payment, orderOf()]);
  const attemptId = await only("select id from public.payment_attempts");
  refund = await only(
    `select private.request_refund('${mentor}', '${payment}', '${attemptId}', 100, 'administrator') as id`,
  );
});
afterAll(() => db.drop());

async function only(text: string): Promise<string> {
  const { rows } = await db.owner.query<{ id: string }>(text);
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? "";
}

const orderOf = () =>
  JSON.stringify({
    id: "order_1",
    reference: payment,
    amount_minor: 90_050,
    currency: "INR",
    state: "paid",
    attempts: [
      {
        id: "pay_1",
        state: "captured",
        amount_minor: 90_050,
        currency: "INR",
        created_at: "2026-01-01T00:00:00Z",
        refunds: [],
      },
    ],
  });

const people: [string, Actor][] = [
  ["its student", signedIn(student)],
  ["its mentor", signedIn(mentor)],
  ["another student", signedIn(otherStudent)],
  ["a visitor", visitor],
];
const trial = (who: Actor, text: string) => attempt(db.owner, who, text);

const moneyColumns = {
  payment_status: "'completed'",
  status_when_paid: "null",
  refund_full_cutoff: "0",
  refund_partial_cutoff: "0",
  refund_partial_percent: "100",
  price_lines: `'[{"kind": "session", "minor": 1}]'`,
  fee_basis_points: "0",
  total_minor: "1",
  total_amount: "0.01",
  currency: "'USD'",
  coupon_id: "null",
  package_purchase_id: "null",
};

it("the booking is paid, and a part goes back: there is something to protect", async () => {
  const { rows } = await db.owner.query(
    "select b.status, p.state, r.state as refund from bookings b join payments p on p.booking_id = b.id join refunds r on r.payment_id = p.id",
  );
  expect(rows).toEqual([{ status: expect.any(String), state: "captured", refund: "requested" }]);
});

describe.each(people)("%s", (_name, who) => {
  it.each(Object.entries(moneyColumns))("cannot set a booking's %s", async (column, value) => {
    expect(
      await trial(who, `update public.bookings set ${column} = ${value} where id = '${booking.id}'`),
    ).toBe(denied);
  });

  it.each(Object.entries(moneyColumns))("cannot book with a %s of their own", async (column, value) => {
    const { text, values } = insertInto(
      "public.bookings",
      bookingRequest({ scheduled_time: "15:00", [column]: null }),
    );
    const place = `$${values.length}`;
    expect(
      await attempt(db.owner, who, {
        text: text.replace(`${place})`, `${value})`),
        values: values.slice(0, -1),
      }),
    ).toBe(denied);
  });

  it.each([
    ["public.payments", "state = 'captured'"],
    ["public.payment_attempts", "state = 'captured'"],
    ["public.refunds", "amount_minor = 1"],
    ["public.money_events", "amount_minor = 1"],
    ["public.payouts", "state = 'paid'"],
    ["public.documents", "content = '{}'"],
    ["private.payment_orders", "order_id = 'x'"],
    ["private.payment_events", "verdict = 'genuine'"],
    ["private.ledger_accounts", "balance_minor = 1"],
    ["private.ledger_transfers", "amount_minor = 1"],
    ["private.money_settings", "collects = false"],
  ])("cannot change, add or remove rows of %s", async (table, change) => {
    expect(await trial(who, `update ${table} set ${change}`)).toBe(denied);
    expect(await trial(who, `delete from ${table}`)).toBe(denied);
    expect(await trial(who, `insert into ${table} overriding system value select * from ${table}`)).toBe(
      denied,
    );
    expect(await trial(who, `truncate ${table}`)).toBe(denied);
  });

  it("cannot call what moves money", async () => {
    for (const call of [
      `settle_payment('${mentor}', '${payment}', '${orderOf()}', true)`,
      `set_payment_order('${mentor}', '${payment}', 'order_2')`,
      `accept_payment('${mentor}', '${booking.id}', true, true)`,
      `request_refund('${mentor}', '${payment}', '${payment}', 1, 'administrator')`,
      `note_refund('${mentor}', '${refund}', 'done')`,
      `merge_refund('${mentor}', '${refund}', 'done', null, null)`,
      `refund_no_show('${mentor}', '${booking.id}')`,
      `earn_payments('${mentor}', 10)`,
      `transfer('${mentor}', 'gift', '${payment}', 'provider', '${mentor}', 'mentor', '${mentor}', 'INR', 1)`,
      `set_money_settings(false, null, 0)`,
      `extend_hold('${student}', '${mentor}', '${booking.id}')`,
      "receive_payment_event('sandbox', 'e', 'k', 'order_1', 'genuine', '')",
      "delete_old_payment_events(1)",
      `issue_receipt('${mentor}', '${payment}')`,
      `issue_receipts(array['${mentor}']::uuid[], array['${payment}']::uuid[])`,
      `orders_of(array['${mentor}']::uuid[], array['${payment}']::uuid[])`,
      `settle_captures(array['${mentor}']::uuid[], array['${payment}']::uuid[], '{order}', '{pay}', '{1}', '{INR}', '{upi}', '{0}', array[now()])`,
      `receive_payments(array['${mentor}']::uuid[], array['${payment}']::uuid[], array['${payment}']::uuid[], '{INR}', '{1}', '{0}', array[now()])`,
    ])
      expect([call, await trial(who, `select private.${call}`)]).toEqual([call, denied]);
  });
});

describe("twins: with the right it is no longer denied", () => {
  it.each(["payment_status", "total_minor", "fee_basis_points"])("to set %s", async (column) => {
    await db.owner.query(`grant update (${column}) on public.bookings to authenticated`);
    try {
      const value = moneyColumns[column as keyof typeof moneyColumns];
      const change = `update public.bookings set ${column} = ${value} where id = '${booking.id}'`;
      expect(await trial(signedIn(student), change)).not.toBe(denied);
    } finally {
      await db.owner.query(`revoke update (${column}) on public.bookings from authenticated`);
    }
  });

  it("to call a function", async () => {
    const name = "private.earn_payments(uuid, integer)";
    await db.owner.query(`grant execute on function ${name} to authenticated`);
    try {
      expect(await trial(signedIn(mentor), `select private.earn_payments('${mentor}', 1)`)).toBe("1 row");
    } finally {
      await db.owner.query(`revoke execute on function ${name} from authenticated`);
    }
  });
});
