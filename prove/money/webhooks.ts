import { run } from "graphile-worker";
import { taskList } from "../../server/jobs/tasks.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { openDatabase } from "../../server/platform/database/database.ts";
import { queueLogger } from "../../server/platform/queue/queueLogger.ts";
import { allowQueue } from "../../server/testing/jobs.ts";
import type { MoneyWorld } from "../../server/testing/moneyWorld.ts";
import type { Finding } from "../proof.ts";

const copies = 3;
const workers = 8;

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** Many payments, each reported three times, in any order, to a queue with eight workers. */
export async function proveWebhooks(world: MoneyWorld, count: number): Promise<Finding> {
  const { test, provider, rows } = world;
  const bookings = [];
  for (let number = 0; number < count; number++) bookings.push(await world.book());
  const events = bookings.map(({ orderId }) => {
    provider.pay(orderId);
    return provider.webhook(orderId);
  });
  await allowQueue(test.db);
  // Each worker is a process of its own: its connections too.
  const databases = Array.from({ length: workers }, () =>
    openDatabase({ url: test.db.ownerUrl, poolSize: 4 }),
  );
  const runners = await Promise.all(
    databases.map((database) =>
      run({
        pgPool: database.queue,
        taskList: taskList({ database, now: systemClock, secret: "none" }, provider),
        concurrency: 1,
        pollInterval: 200,
        noHandleSignals: true,
        logger: queueLogger(),
      }),
    ),
  );
  const waiting = shuffled(Array.from({ length: copies }, () => events).flat());
  const received = waiting.length;
  let rejected = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let event = waiting.pop(); event; event = waiting.pop()) {
        const answer = await test.app.inject({
          method: "POST",
          url: "/api/v1/webhooks/sandbox",
          payload: event.body,
          headers: event.headers,
        });
        if (answer.statusCode !== 200) rejected += 1;
      }
    }),
  );
  const ids = bookings.map(({ id }) => id);
  const deadline = performance.now() + 120_000;
  const unprocessed = async () => {
    const [row] = await rows<{ n: number }>(
      `select (select count(*) from private.payment_events where processed_at is null)::int
         + (select count(*) from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
            where t.identifier = 'sync_payment')::int as n`,
    );
    return row?.n ?? 0;
  };
  while ((await unprocessed()) > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 200));
  await Promise.all(runners.map((runner) => runner.stop()));
  await Promise.all(databases.map((database) => database.close()));

  const [effects] = await rows<Record<"events" | "confirmed" | "transfers" | "paid" | "booked", number>>(
    `select (select count(*) from private.payment_events)::int as events,
       (select count(*) from bookings where id = any($1) and status = 'confirmed' and payment_status = 'completed')::int as confirmed,
       (select count(*) from private.ledger_transfers where kind = 'captured' and to_owner = any($1))::int as transfers,
       (select count(*) from money_events where booking_id = any($1) and kind = 'paid')::int as paid,
       (select count(*) from booking_events where booking_id = any($1) and kind = 'created')::int as booked`,
    ids,
  );
  const figures = Object.entries(effects ?? {});
  return {
    promise: `${count} payments reported ${copies} times each, shuffled, to ${workers} workers have one effect each`,
    figure: `${received} webhooks, ${rejected} rejected: ${figures.map(([what, n]) => `${n} ${what}`).join(", ")}`,
    holds: rejected === 0 && figures.every(([, n]) => n === count),
  };
}
