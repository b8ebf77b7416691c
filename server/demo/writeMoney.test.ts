import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSandbox } from "../payments/sandbox/sandboxProvider.ts";
import { describeOrder } from "../payments/settle.ts";
import { runJobs } from "../testing/jobs.ts";
import { testSecret } from "../testing/testApp.ts";
import { openTestDatabase, type TestDatabase } from "../testing/testDatabase.ts";
import { personOf } from "./people.ts";
import { removeDemoData } from "./removeDemoData.ts";
import { seedDemoData } from "./seedDemoData.ts";

let db: TestDatabase;
const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await db.owner.query(text, values)).rows as Row[];

/** Everything about money that names a demo person, and all that the sandbox knows. */
const moneyTables = [
  ...[
    "payments",
    "payment_attempts",
    "refunds",
    "money_events",
    "documents",
    "payouts",
    "coupons",
    "packages",
  ],
].map((name) => `public.${name}`);
const ownTables = [
  ...["payment_orders", "ledger_transfers", "ledger_accounts", "payout_runs", "payout_accounts"],
  ...["sandbox_orders", "sandbox_attempts", "sandbox_refunds", "document_series"],
].map((name) => `private.${name}`);
async function filled(): Promise<string[]> {
  const found: string[] = [];
  for (const table of [...moneyTables, ...ownTables])
    if ((await rows(`select from ${table} limit 1`)).length > 0) found.push(table);
  return found;
}

describe("the demo's money", () => {
  beforeAll(async () => {
    db = await openTestDatabase();
    await seedDemoData(db.owner, { wanted: true, payments: { feeBasisPoints: 1_000, secret: testSecret } });
  });
  afterAll(() => db.drop());

  it("has a payment in every state", async () => {
    const statuses = await rows<{ payment_status: string }>(
      "select distinct payment_status from bookings order by 1",
    );
    expect(statuses.map(({ payment_status }) => payment_status)).toEqual([
      "completed",
      "failed",
      "partially_refunded",
      "pending",
      "refunded",
    ]);
    const states = await rows<{ state: string }>("select distinct state from payments order by 1");
    expect(states.map(({ state }) => state)).toEqual(["authorized", "captured", "open", "released"]);
    expect(await rows("select from bookings where payment_status = 'free' and total_minor > 0")).toEqual([]);
    const held = await rows(
      "select from bookings where status = 'pending' and status_when_paid is not null and expires_at > now()",
    );
    expect(held).toHaveLength(2);
    expect(await rows("select from payments where attention is not null")).toEqual([]);
  });

  it("has earnings that are held, paused, earned and paid out, over more than a month", async () => {
    const asha = personOf("asha").id;
    const [sums] = await rows<Record<string, number>>(
      `select private.balance_of($1, 'mentor', $1, 'INR') as earned,
         (select sum(balance_minor) from private.ledger_accounts where expert_id = $1 and kind = 'escrow')::integer as held,
         (select count(*) from bookings b where b.expert_id = $1 and private.is_paused($1, b.id))::integer as paused,
         (select sum(amount_minor) from payouts where expert_id = $1 and state = 'paid')::integer as paid,
         (select count(distinct date_trunc('month', created_at)) from private.ledger_transfers
          where expert_id = $1 and kind in ('earned', 'payout_paid'))::integer as months`,
      asha,
    );
    for (const [what, amount] of Object.entries(sums ?? {})) expect(amount, what).toBeGreaterThan(0);
    expect(
      await rows("select from private.ledger_transfers where created_at > now() + interval '1 second'"),
    ).toEqual([]);
  });

  it("agrees with the ledger and with the sandbox, to the paisa", async () => {
    const provider = openSandbox({
      database: db.database,
      secret: testSecret,
      publicUrl: "http://127.0.0.1:9",
    });
    const orders = await rows<{ order_id: string }>("select order_id from private.payment_orders");
    expect(orders.length).toBeGreaterThan(40);
    for (const { order_id } of orders) {
      const order = await provider.fetchOrder(order_id);
      if (order.kind !== "done") throw new Error(order.message);
      const [compared] = await rows<{ faults: string[] }>(
        "select faults from private.compare_order('sandbox', $1)",
        describeOrder(order.value),
      );
      expect(compared?.faults).toEqual([]);
    }
    expect(await rows("select * from private.money_troubles()")).toEqual([]);
    // The twin: a paisa that is missing is found.
    await db.owner.query("begin");
    await rows("update payment_attempts set captured_minor = captured_minor + 1 where state = 'captured'");
    const [fault] = await rows<{ faults: string[] }>(
      `select private.book_faults(o.expert_id, o.payment_id) as faults
       from private.payment_orders o join payments p on p.id = o.payment_id where p.state = 'captured' limit 1`,
    );
    await db.owner.query("rollback");
    expect(fault?.faults).toContain("captured");
  });

  it("sends no mail, and its jobs change nothing", async () => {
    const state = "select md5(string_agg(p::text, ',' order by p.id)) as state from payments p";
    const before = await rows(state);
    const provider = openSandbox({
      database: db.database,
      secret: testSecret,
      publicUrl: "http://127.0.0.1:9",
    });
    await runJobs(db, { provider });
    expect(await rows(state)).toEqual(before);
    // Of the bookings the report of a no-show alone is new, with or without payments.
    const mails = await rows<{ content: string }>("select content::text as content from private.deliveries");
    expect(mails.filter(({ content }) => /refund|paid|payout|receipt/i.test(content))).toEqual([]);
  });

  it("is removed with the demo", async () => {
    expect(await filled()).toEqual([...moneyTables, ...ownTables]);
    expect(await removeDemoData(db.owner)).toMatchObject({ is: "removed" });
    expect(await filled()).toEqual([]);
  });
});

it("without payments there is none of it", async () => {
  db = await openTestDatabase();
  await seedDemoData(db.owner, { wanted: true });
  expect(await filled()).toEqual([]);
  expect(await rows("select from bookings where payment_status <> 'free'")).toEqual([]);
  await db.drop();
});
