import { EventEmitter } from "node:events";
import { type Runner, run, type WorkerEvents } from "graphile-worker";
import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Services } from "../platform/http/route.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { recordJobEndings } from "../platform/queue/jobEndings.ts";
import { type Log, queueLogger } from "../platform/queue/queueLogger.ts";
import { keepWorkerLives } from "../platform/queue/workerLives.ts";
import { crontab, taskList } from "./tasks.ts";

export interface Worker {
  /** Lets the jobs at hand finish, and takes no more. */
  stop(): Promise<void>;
}

const concurrency = 4;
/** Between tries to begin again when the database went away, ms. */
const shortestPause = 500;
const longestPause = 30_000;
/** A runner that has found nothing but errors for so long is replaced, ms. */
const patience = 4_000;

/**
 * Works off the queue until it is stopped. Any number of processes may do so at once: the queue hands each job to one.
 * A database that goes away ends a runner, not the worker: it begins again when the database is back.
 */
export function startWorker(services: Services, log: Log, metrics?: Metrics): Worker {
  const stopping = new AbortController();
  let runner: Runner | undefined;

  async function work(): Promise<void> {
    let pause = shortestPause;
    while (!stopping.signal.aborted) {
      const events: WorkerEvents = new EventEmitter();
      if (metrics) countJobs(events, metrics);
      const endLives = keepWorkerLives(services.database.queue, events, log);
      const endings = recordJobEndings(services.database.queue, events, log, {
        // Refused when it is stopping already.
        onLost: () => void runner?.stop("the end of a job is not recorded").catch(() => undefined),
      });
      try {
        runner = await run({
          events,
          pgPool: endings.pool,
          taskList: taskList(services),
          crontab,
          concurrency,
          // New jobs are announced; this is for those that were put off, or whose announcement got lost.
          pollInterval: 5_000,
          noHandleSignals: true,
          logger: queueLogger(log),
        });
        if (stopping.signal.aborted) await runner.stop();
        pause = shortestPause;
        endIfHopeless(runner, events);
        await runner.promise;
      } catch (error) {
        log.warn({ err: error }, "The job queue is out of reach");
      } finally {
        // First: with the locks of these workers gone, the jobs would be taken for those of killed ones.
        await endings.settle();
        await endLives();
      }
      runner = undefined;
      await abortableSleep(pause, stopping.signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  const working = work();
  return {
    stop: async () => {
      stopping.abort();
      // A runner that ended by itself refuses to be stopped; its promise has settled then.
      await runner?.stop().catch(() => undefined);
      await working;
    },
  };
}

function countJobs(events: WorkerEvents, { jobs }: Metrics): void {
  const count = (outcome: string) => (event: { job: { task_identifier: string } }) =>
    jobs.inc({ task: event.job.task_identifier, outcome });
  events.on("job:success", count("done"));
  events.on("job:error", count("failed"));
  events.on("job:failed", count("given_up"));
}

/**
 * A runner whose very first question is cut off never asks it again (graphile-worker 0.17 keeps the failed answer): it
 * would find errors for ever, with the database long back.
 */
function endIfHopeless(runner: Runner, events: WorkerEvents): void {
  let failingSince: number | undefined;
  const succeed = () => {
    failingSince = undefined;
  };
  events.on("worker:getJob:empty", succeed);
  events.on("job:start", succeed);
  events.on("worker:getJob:error", () => {
    failingSince ??= performance.now();
    if (performance.now() - failingSince < patience) return;
    succeed();
    // Refused when it is ending already.
    runner.stop("nothing but errors").catch(() => undefined);
  });
}
