import { EventEmitter } from "node:events";
import { run, type WorkerEvents } from "graphile-worker";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../platform/clock.ts";
import { queueLogger } from "../platform/queue/queueLogger.ts";
import { holdWorkerLocks } from "../platform/queue/workerHeartbeat.ts";
import { allowQueue } from "../testing/jobs.ts";
import { openTestApp, type TestApp, testMailConfig } from "../testing/testApp.ts";
import { startWorker } from "./startWorker.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
  await allowQueue(test.db);
});
afterAll(() => test.close());

const jobs = () =>
  test.db.owner.query<{ locked_by: string | null }>("select locked_by from graphile_worker.jobs");
const holders = async () => [...new Set((await jobs()).rows.map((row) => row.locked_by))].sort();
/** As a worker leaves them that was killed, or that is at work. */
const hold = (worker: string, since: string) =>
  test.db.owner.query(
    "update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - $2::interval",
    [worker, since],
  );

const enqueueTwo = () =>
  test.db.owner.query(
    `select private.enqueue('notify_booking_event', jsonb_build_object(
       'event_id', 0, 'mentor_id', '00000000-0000-4000-8000-000000000000')) from generate_series(1, 2)`,
  );

/** Waits until so many locks are held: of each worker, and of the runner that it is part of. */
const locksHeld = (many: number) =>
  expect
    .poll(
      async () =>
        (
          await test.db.owner.query(
            `select from pg_locks where locktype = 'advisory'
               and database = (select oid from pg_database where datname = current_database())`,
          )
        ).rowCount,
      { timeout: 10_000 },
    )
    .toBe(many);

it("a job that takes long stays with the runner that is at it", async () => {
  await enqueueTwo();
  const events = new EventEmitter() as WorkerEvents;
  const stopLives = holdWorkerLocks(test.db.database.queue, events, test.app.log, 50);
  const work = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const runner = await run({
    events,
    pgPool: test.db.database.queue,
    taskList: {
      notify_booking_event: () => {
        begun.resolve();
        return work.promise;
      },
    },
    concurrency: 1,
    noHandleSignals: true,
    logger: queueLogger(test.app.log),
  });
  try {
    await begun.promise;
    await locksHeld(2);
    const atWork = await holders();
    await test.db.owner.query(
      `update graphile_worker._private_jobs set locked_at = now() - interval '1 hour' where locked_by is not null`,
    );
    // A dead worker's job beside it is freed by the same look: so it did look.
    await test.db.owner.query(
      `update graphile_worker._private_jobs set locked_by = 'worker-dead', locked_at = now() - interval '1 hour'
       where id = (select min(id) from graphile_worker._private_jobs where locked_by is null)`,
    );
    await expect.poll(holders, { timeout: 10_000 }).not.toContain("worker-dead");
    expect(await holders()).toEqual(atWork);
    expect(atWork).toHaveLength(2);
  } finally {
    work.resolve();
    await runner.stop();
    await stopLives();
  }
});

it("jobs of a worker that lives stay its own; when it is gone, the next look frees them", async () => {
  await enqueueTwo();
  const events = new EventEmitter() as WorkerEvents;
  const stopFirst = holdWorkerLocks(test.db.database.queue, events, test.app.log, 50);
  events.emit("worker:create", { worker: { workerId: "worker-one" } } as never);
  await locksHeld(1);

  await hold("worker-one", "1 hour");
  // A dead worker's job beside it is freed by the same look: so it did look.
  await test.db.owner.query(
    `update graphile_worker._private_jobs set locked_by = 'worker-dead'
     where id = (select min(id) from graphile_worker._private_jobs)`,
  );
  await expect.poll(holders, { timeout: 10_000 }).toEqual([null, "worker-one"]);
  const stopSecond = holdWorkerLocks(
    test.db.database.queue,
    new EventEmitter() as WorkerEvents,
    test.app.log,
    50,
  );
  await stopFirst();
  await expect.poll(holders, { timeout: 10_000 }).toEqual([null]);

  // A worker that has only just started has time to take its lock.
  await hold("worker-new", "0 seconds");
  await stopSecond();
  expect(await holders()).toEqual(["worker-new"]);
});

it("a worker immediately runs the jobs of a killed one", async () => {
  await hold("worker-dead", "10 seconds");
  const worker = startWorker({ database: test.db.database, now: systemClock }, testMailConfig, test.app.log);
  await expect.poll(async () => (await jobs()).rowCount, { timeout: 20_000 }).toBe(0);
  await worker.stop();
});

it("a connection that breaks after it was let go breaks nothing else", async () => {
  const events = new EventEmitter() as WorkerEvents;
  const { queue } = test.db.database;
  let session: PoolClient | undefined;
  const note = (client: PoolClient) => {
    session ??= client;
  };
  queue.on("acquire", note);
  const stopLives = holdWorkerLocks(queue, events, test.app.log, 50);
  await expect.poll(() => session).toBeDefined();
  queue.off("acquire", note);
  await stopLives();
  // The message of a server that is shut down while the connection is being closed.
  expect(() => session?.emit("error", new Error("terminating connection"))).not.toThrow();
});
