import { EventEmitter } from "node:events";
import { type Runner, run, type WorkerEvents } from "graphile-worker";
import { openForgetAccount } from "../auth/forgetAccount.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { type MailConfig, startMail } from "../mail/startMail.ts";
import { openGoogleMeet } from "../meetings/googleMeet.ts";
import { openMeetings } from "../meetings/makers.ts";
import { startEventNotifier } from "../notifications/eventNotifier.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Config } from "../platform/config.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { openFeed } from "../platform/live/feed.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { recordJobEndings } from "../platform/queue/jobEndings.ts";
import { type Log, queueLogger } from "../platform/queue/queueLogger.ts";
import { holdWorkerLocks } from "../platform/queue/workerHeartbeat.ts";
import { crontab, taskList } from "./tasks.ts";

export interface Worker {
  /** Takes no more jobs and waits for the running ones. */
  stop(): Promise<void>;
}

const concurrency = 4;
/** Pauses between attempts to restart after the database was unreachable, ms. */
const shortestPause = 500;
const longestPause = 30_000;
/** A runner that has had nothing but errors for this long is replaced, ms. */
const maxErrorMs = 4_000;

/**
 * Runs jobs, writes the messages about bookings and sends mails until stopped. Any number of processes may do so at once: the
 * database gives each job and each mail to one of them. Losing the
 * database ends a runner, not the worker, which starts a new runner when the database is back.
 */
export function startWorker(
  dependencies: Dependencies,
  config: MailConfig & Partial<Pick<Config, "meetings" | "supabase">>,
  log: Log,
  metrics?: Metrics,
  provider: PaymentProvider | null = null,
  connecting: Connecting | null = null,
): Worker {
  const googleMeet = connecting ? openGoogleMeet(dependencies.database, connecting) : {};
  const meetings = openMeetings(config.meetings, config.authSecret, undefined, googleMeet);
  const stopping = new AbortController();
  let runner: Runner | undefined;

  async function work(): Promise<void> {
    let pause = shortestPause;
    while (!stopping.signal.aborted) {
      const events: WorkerEvents = new EventEmitter();
      if (metrics) countJobs(events, metrics);
      const releaseWorkerLocks = holdWorkerLocks(dependencies.database.queue, events, log);
      const endings = recordJobEndings(dependencies.database.queue, events, log, {
        // Rejects if it is already stopping.
        onLost: () => void runner?.stop("the end of a job is not recorded").catch(() => undefined),
      });
      try {
        runner = await run({
          events,
          pgPool: endings.pool,
          taskList: taskList(
            { ...dependencies, secret: config.authSecret, forgetAccount: openForgetAccount(config) },
            provider,
            connecting,
            meetings,
            metrics,
          ),
          crontab,
          concurrency,
          // New jobs are announced; polling finds postponed ones and those whose announcement was lost.
          pollInterval: 5_000,
          noHandleSignals: true,
          logger: queueLogger(log),
        });
        if (stopping.signal.aborted) await runner.stop();
        pause = shortestPause;
        restartWhenStuck(runner, events);
        await runner.promise;
      } catch (error) {
        log.warn({ err: error }, "The job queue is out of reach");
      } finally {
        // Before the locks are released: otherwise these jobs would be taken for those of killed workers.
        await endings.settle();
        await releaseWorkerLocks();
      }
      runner = undefined;
      await abortableSleep(pause, stopping.signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  const feed = openFeed(dependencies.database, log);
  const notifier = startEventNotifier({ ...dependencies, feed }, log, metrics);
  const mail = startMail({ database: dependencies.database, feed }, config, log, metrics);
  const working = work();
  return {
    stop: async () => {
      stopping.abort();
      await notifier.stop();
      await mail.stop();
      await feed.close();
      // Rejects if the runner has already ended; its promise has settled then.
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
 * Stops a runner that only gets errors, so that a new one replaces it: if the first query of a runner fails,
 * graphile-worker 0.17 caches the failure and never recovers, even when the database is back.
 */
function restartWhenStuck(runner: Runner, events: WorkerEvents): void {
  let failingSince: number | undefined;
  const succeed = () => {
    failingSince = undefined;
  };
  events.on("worker:getJob:empty", succeed);
  events.on("job:start", succeed);
  events.on("worker:getJob:error", () => {
    failingSince ??= performance.now();
    if (performance.now() - failingSince < maxErrorMs) return;
    succeed();
    // Rejects if it is already stopping.
    runner.stop("nothing but errors").catch(() => undefined);
  });
}
