import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { retention } from "#rules/windows.ts";
import { runTask } from "../testing/jobs.ts";
import { openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());
beforeEach(() => test.db.owner.query("delete from private.payment_events"));

const rows = async <Row>(text: string, ...values: unknown[]) =>
  (await test.db.owner.query(text, values)).rows as Row[];

/** An event of each kind on both sides of an age. */
async function plant(verdict: string, age: string, isProcessed = true): Promise<void> {
  await rows(
    `insert into private.payment_events (provider, event_id, order_id, verdict, body, received_at, processed_at)
     select 'sandbox', $1 || ' ' || side, 'order', $1, 'words', at, case when $3 then at end
     from (values ('older', now() - $2::interval - interval '1 minute'), ('younger', now() - $2::interval + interval '1 minute'))
       planted (side, at)`,
    verdict,
    age,
    isProcessed,
  );
}

async function left() {
  await runTask(test.db, "delete_old_payment_events");
  const found = await rows<{ id: string; body: string }>(
    "select event_id as id, convert_from(body, 'UTF8') as body from private.payment_events order by event_id",
  );
  return Object.fromEntries(found.map(({ id, body }) => [id, body]));
}

it.each(["genuine", "unknown_order"])(
  "a webhook that is %s loses its body after a month",
  async (verdict) => {
    await plant(verdict, retention.paymentEventBody);
    expect(await left()).toEqual({ [`${verdict} older`]: "", [`${verdict} younger`]: "words" });
  },
);

it.each(["genuine", "unknown_order"])("one that is %s is forgotten after three months", async (verdict) => {
  await plant(verdict, retention.paymentEvent);
  expect(await left()).toEqual({ [`${verdict} younger`]: "" });
});

it.each(["forged", "stale", "unreadable"])("one that is %s is forgotten after a week", async (verdict) => {
  await plant(verdict, retention.refusedPaymentEvent);
  expect(await left()).toEqual({ [`${verdict} younger`]: "words" });
});

it("one that was never processed stays as it came", async () => {
  await plant("genuine", retention.paymentEvent, false);
  expect(await left()).toEqual({ "genuine older": "words", "genuine younger": "words" });
});

it("of a refused one, 4 kB are kept; of a genuine one everything", async () => {
  const body = Buffer.alloc(10_000, "x");
  for (const [id, verdict] of [
    [null, "forged"],
    ["evt_1", "genuine"],
  ])
    await rows(
      "select private.receive_payment_event('sandbox', $1, 'paid', 'order', $2, $3)",
      id,
      verdict,
      body,
    );
  expect(await rows("select octet_length(body) as length from private.payment_events order by 1")).toEqual([
    { length: 4_096 },
    { length: 10_000 },
  ]);
});
