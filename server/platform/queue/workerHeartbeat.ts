import type { WorkerEvents } from "graphile-worker";
import type { Pool, PoolClient } from "pg";
import type { Log } from "./queueLogger.ts";

// graphile-worker 0.17 (pinned in package.json) has no API for this: the statement below reads its internal table
// `_private_jobs`. workerHeartbeat.test.ts fails if an upgrade changes that table.

/** How often dead workers are looked for, ms. */
const defaultInterval = 5_000;
/** A new worker may not hold its lock yet, s. */
const grace = 5;
/** Keeps these locks apart from other advisory locks. */
const lockSeed = 7_741_820;
/** The lock that a living worker holds. */
const lockOf = (worker: string) => `hashtextextended(${worker}, ${lockSeed})`;

const unlockDeadWorkers = `
  select graphile_worker.force_unlock_workers(array_agg(worker)) as done, array_agg(worker) as dead
  from (
    select distinct locked_by as worker from graphile_worker._private_jobs
    where locked_at < now() - interval '${grace} seconds'
  ) holders
  where pg_try_advisory_xact_lock(${lockOf("worker")})`;

/**
 * Returns jobs of killed workers to the queue, which would otherwise keep them locked for four hours. Each worker of this
 * process holds an advisory lock, which PostgreSQL releases when the process dies. Every `interval` ms, and once at the
 * start, jobs are unlocked whose worker's lock is free. A job unlocked by mistake (the connection with the locks broke)
 * runs twice, which every job tolerates. Returns a function that stops this.
 */
export function holdWorkerLocks(
  queue: Pool,
  events: WorkerEvents,
  log: Log,
  interval = defaultInterval,
): () => Promise<void> {
  const workers = new Set<string>();
  const locked = new Set<string>();
  let connection: PoolClient | undefined;
  let stopped = false;

  async function openConnection(): Promise<PoolClient> {
    const client = await queue.connect();
    locked.clear();
    client.on("error", () => {
      if (connection === client) closeConnection();
    });
    return client;
  }

  /** A connection may be released only once, and its error event may still follow. */
  function closeConnection(): void {
    const closed = connection;
    connection = undefined;
    closed?.release(true);
  }

  async function check(): Promise<void> {
    try {
      connection ??= await openConnection();
      // Keeps the connection from being closed as silent, and detects a lost one, which has lost its locks.
      await connection.query("select");
      for (const worker of workers) {
        if (locked.has(worker)) continue;
        await connection.query(`select pg_advisory_lock(${lockOf("$1")})`, [worker]);
        locked.add(worker);
      }
      // On another connection: the one that holds the locks could take them again.
      const { rows } = await queue.query<{ dead: string[] | null }>(unlockDeadWorkers);
      if (rows[0]?.dead) log.warn({ workers: rows[0].dead }, "Freed the jobs of workers that died");
    } catch (error) {
      closeConnection();
      log.warn({ err: error }, "Jobs of killed workers are not looked for: the database is out of reach");
    }
  }

  let checking = Promise.resolve();
  const scheduleCheck = () => {
    checking = checking.then(() => (stopped ? undefined : check()));
  };
  const add = (worker: string) => {
    workers.add(worker);
    scheduleCheck();
  };
  // Most jobs are locked in the name of the pool, some in that of one of its workers.
  events.on("pool:create", ({ workerPool }) => add(workerPool.id));
  events.on("worker:create", ({ worker }) => add(worker.workerId));
  scheduleCheck();
  const timer = setInterval(scheduleCheck, interval);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await checking;
    // Closing the connection releases the locks.
    closeConnection();
  };
}
