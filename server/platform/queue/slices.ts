import { setTimeout as sleep } from "node:timers/promises";
import type { Task } from "graphile-worker";
import type { Database, SystemTx } from "../database/database.ts";

/** A clean-up uses at most a sixth of a connection's time. */
const restFactor = 5;

/** How many rows one statement of a clean-up handles at most. */
export interface SliceSizes {
  /** Rows that are deleted or looked at, and nothing else. */
  plain: number;
  /** Rows whose new version enters every index, or whose end is announced. */
  changed: number;
  /** Rows with triggers that write more: messages, history, freed time. */
  withEffects: number;
}

export const sliceSizes: SliceSizes = { plain: 2_000, changed: 500, withEffects: 100 };

/** Runs one transaction, then rests several times as long. @throws Stopping when the worker stops meanwhile */
type RunSlice = <T>(work: (tx: SystemTx) => Promise<T>) => Promise<T>;

/** The worker is stopping. */
class Stopping extends Error {}

/**
 * A task of many short transactions: a backlog from a time without a worker, and its notifications, must not slow down
 * requests. It may end after any of them; when the worker stops it enqueues itself, so that the next worker goes on. A
 * worker process runs it once at a time, because a backlog can take longer than the time until it is due again.
 */
export function slicedTask(
  database: Database,
  { task, reason }: { task: string; reason: string },
  work: (runSlice: RunSlice) => Promise<void>,
): Task {
  let isRunning = false;
  return async (_payload, { abortSignal }) => {
    if (isRunning) return;
    isRunning = true;
    try {
      await work(async (slice) => {
        const begunAt = performance.now();
        const result = await database.asSystem(reason, null, slice);
        await sleep((performance.now() - begunAt) * restFactor, undefined, { signal: abortSignal }).catch(
          () => {},
        );
        if (abortSignal.aborted) throw new Stopping();
        return result;
      });
    } catch (error) {
      if (!(error instanceof Stopping)) throw error;
      await database.asSystem(reason, null, ({ client }) =>
        client.query("select private.enqueue($1, job_key => $1)", [task]),
      );
    } finally {
      isRunning = false;
    }
  };
}

/** Repeats a statement that handles at most `most` of the oldest rows ($1) until fewer are left. */
export function inSlices(
  database: Database,
  about: { task: string; reason: string },
  statement: string,
  most: number,
): Task {
  return slicedTask(database, about, async (runSlice) => {
    while ((await runSlice((tx) => countOf(tx, statement, [most]))) >= most);
  });
}

/**
 * Repeats a statement for one mentor ($1) and at most `most` of their rows ($2), until a list of mentors (of at most $1, those
 * of the oldest rows) has nothing left to do. One transaction locks one mentor.
 */
export function inMentorSlices(
  database: Database,
  about: { task: string; reason: string },
  { mentors, statement }: { mentors: string; statement: string },
  sizes: SliceSizes,
): Task {
  return slicedTask(database, about, async (runSlice) => {
    const most = sizes.withEffects;
    for (let handled = 1; handled > 0; ) {
      handled = 0;
      for (const mentor of await runSlice((tx) => readIds(tx, mentors, sizes.plain))) {
        for (let count = most; count >= most; handled += count) {
          count = await runSlice((tx) => countOf(tx, statement, [mentor, most]));
        }
      }
    }
  });
}

async function readIds({ client }: SystemTx, statement: string, most: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(statement, [most]);
  return rows.map(({ id }) => id);
}

/** Runs a statement that returns one number, `count`. */
async function countOf({ client }: SystemTx, statement: string, values: unknown[]): Promise<number> {
  const { rows } = await client.query<{ count: number }>(statement, values);
  return rows[0]?.count ?? 0;
}
