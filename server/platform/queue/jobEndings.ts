import type { WorkerEvents } from "graphile-worker";
import type { Pool, PoolClient, QueryConfig, QueryResult } from "pg";
import { abortableSleep } from "../abortableSleep.ts";
import { allowSilence } from "../database/boundedPool.ts";
import type { Log } from "./queueLogger.ts";

/** Pauses between attempts to record the end of a job, ms: a restarting database is usually back by then. */
const defaultPauses = [50, 200, 1_000, 3_000];

export interface JobEndings {
  /** The pool to pass to graphile-worker. */
  pool: Pool;
  /** Resolves once the end of every job is recorded or given up. Stops further attempts. */
  settle(): Promise<void>;
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: () => void) => void;

/**
 * Records the end of jobs in place of graphile-worker. Version 0.17 does not await that statement, so a connection
 * lost at this moment is an unhandled rejection, which ends the process. Its settings for batches (`completeJobBatchDelay`)
 * do handle the rejection, but then a single failure shuts its pool down, and two failures at once leave that shutdown
 * waiting forever.
 *
 * The library emits `job:success` or `job:error`, takes a client, and emits `job:complete`, all synchronously. A client
 * taken in between is therefore the one that ends the job, and is replaced by one that retries and never rejects.
 * Both statements (`complete_job`, `fail_job`) may be repeated. `onLost`: the end of a job could not be recorded, so it
 * stays locked; once this runner is replaced, the job is unlocked and runs again.
 */
export function recordJobEndings(
  queue: Pool,
  events: WorkerEvents,
  log: Log,
  { onLost, pauses = defaultPauses }: { onLost: () => void; pauses?: readonly number[] },
): JobEndings {
  const inFlight = new Set<Promise<unknown>>();
  const settling = new AbortController();
  let jobEnds = false;

  events.on("job:success", () => {
    jobEnds = true;
  });
  events.on("job:error", () => {
    jobEnds = true;
  });
  events.on("job:complete", () => {
    jobEnds = false;
  });

  async function record(statement: QueryConfig): Promise<Pick<QueryResult, "rows" | "rowCount">> {
    for (const pause of [...pauses, undefined]) {
      try {
        return await queue.query(statement);
      } catch (error) {
        if (pause === undefined || settling.signal.aborted) {
          log.error({ err: error }, "The end of a job could not be recorded; it will run again");
          break;
        }
        log.warn({ err: error }, "The end of a job could not be recorded yet");
        await abortableSleep(pause, settling.signal);
      }
    }
    onLost();
    return { rows: [], rowCount: 0 };
  }

  const recorder = {
    query: (statement: QueryConfig) => {
      const recording = record(statement).finally(() => inFlight.delete(recording));
      inFlight.add(recording);
      return recording;
    },
    release: () => undefined,
  } as unknown as PoolClient;

  function connect(connected?: Connected): Promise<PoolClient> | undefined {
    if (connected) {
      // The listening client: the library may release it twice when it fails during a shutdown.
      queue.connect((error, client, release) => {
        if (client) allowSilence(client);
        connected(error, client, once(release));
      });
      return undefined;
    }
    if (!jobEnds) return queue.connect();
    jobEnds = false;
    return Promise.resolve(recorder);
  }

  return {
    pool: withConnect(queue, connect),
    settle: async () => {
      settling.abort();
      await Promise.all(inFlight);
    },
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}

/** The pool with another `connect`. */
function withConnect(pool: Pool, connect: (connected?: Connected) => unknown): Pool {
  return new Proxy(pool, {
    get(target, name) {
      if (name === "connect") return connect;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
