import type { WorkerEvents } from "graphile-worker";
import type { Pool, PoolClient } from "pg";
import type { Log } from "./queueLogger.ts";

/** How often it is looked whether somebody has died, ms. */
const usualPause = 5_000;
/** A worker that has only just begun may not have said that it lives, s. */
const grace = 5;
/** Keeps the locks of this file apart from other advisory locks. */
const lockSeed = 7_741_820;
/** The lock that says "this worker lives". */
const lockOf = (worker: string) => `hashtextextended(${worker}, ${lockSeed})`;

const freeTheDead = `
  select graphile_worker.force_unlock_workers(array_agg(worker)) as done, array_agg(worker) as dead
  from (
    select distinct locked_by as worker from graphile_worker._private_jobs
    where locked_at < now() - interval '${grace} seconds'
  ) holders
  where pg_try_advisory_xact_lock(${lockOf("worker")})`;

/**
 * Gives jobs of killed workers back to the queue, which on its own would wait four hours for them. Each worker of this
 * process holds an advisory lock for as long as the process lives: PostgreSQL takes it away from who is killed. Every
 * `pause` ms, and at once at the start, jobs are freed whose worker's lock is free. A job that is freed wrongly (the
 * connection that holds the locks broke) runs twice, which every job bears. Answers how to stop.
 */
export function keepWorkerLives(
  queue: Pool,
  events: WorkerEvents,
  log: Log,
  pause = usualPause,
): () => Promise<void> {
  const workers = new Set<string>();
  const said = new Set<string>();
  let session: PoolClient | undefined;
  let stopped = false;

  async function openSession(): Promise<PoolClient> {
    const client = await queue.connect();
    said.clear();
    client.on("error", () => {
      if (session === client) closeSession();
    });
    return client;
  }

  /** A connection may only be released once, and its error may still come after that. */
  function closeSession(): void {
    const closed = session;
    session = undefined;
    closed?.release(true);
  }

  async function look(): Promise<void> {
    try {
      session ??= await openSession();
      // A connection that nothing is asked on is given up as silent; and one that is lost has lost the locks.
      await session.query("select");
      for (const worker of workers) {
        if (said.has(worker)) continue;
        await session.query(`select pg_advisory_lock(${lockOf("$1")})`, [worker]);
        said.add(worker);
      }
      // On another connection than the one with the locks, for which none of its own would be taken.
      const { rows } = await queue.query<{ dead: string[] | null }>(freeTheDead);
      if (rows[0]?.dead) log.warn({ workers: rows[0].dead }, "Freed the jobs of workers that died");
    } catch (error) {
      closeSession();
      log.warn({ err: error }, "Jobs of killed workers are not looked for: the database is out of reach");
    }
  }

  let looking = Promise.resolve();
  const lookNext = () => {
    looking = looking.then(() => (stopped ? undefined : look()));
  };
  const add = (worker: string) => {
    workers.add(worker);
    lookNext();
  };
  // Most jobs are taken in the name of the pool, some in that of one of its workers.
  events.on("pool:create", ({ workerPool }) => add(workerPool.id));
  events.on("worker:create", ({ worker }) => add(worker.workerId));
  lookNext();
  const timer = setInterval(lookNext, pause);
  return async () => {
    stopped = true;
    clearInterval(timer);
    await looking;
    // Its locks go with the connection.
    closeSession();
  };
}
