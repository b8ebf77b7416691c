import { runOnce } from "graphile-worker";
import type { EpochMs } from "#scheduling/units.ts";
import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { taskList } from "../jobs/tasks.ts";
import { type Meetings, noMeetings } from "../meetings/makers.ts";
import { notifyOfEvents } from "../notifications/eventNotifier.ts";
import type { PaymentProvider } from "../payments/provider.ts";
import { systemClock } from "../platform/clock.ts";
import { queueRole } from "../platform/database/queueRole.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import { queueLogger } from "../platform/queue/queueLogger.ts";
import { testSecret } from "./testApp.ts";
import type { TestDatabase } from "./testDatabase.ts";

/** Grants the queue's role the right in this database that a clone of the template lacks. */
export async function allowQueue({ owner }: TestDatabase): Promise<void> {
  await owner.query(
    `grant create on database ${owner.escapeIdentifier(owner.database ?? "")} to ${queueRole}`,
  );
}

export interface RunOptions {
  now?: () => EpochMs;
  concurrency?: number;
  provider?: PaymentProvider | null;
  connecting?: Connecting | null;
  meetings?: Meetings;
  metrics?: Metrics;
}

/** Writes the messages about bookings and runs all jobs that are due. @throws if one of them failed */
export async function runJobs(
  db: TestDatabase,
  {
    now = systemClock,
    concurrency = 4,
    provider = null,
    connecting = null,
    meetings = noMeetings,
    metrics,
  }: RunOptions = {},
): Promise<void> {
  await allowQueue(db);
  const dependencies = { database: db.database, now, secret: testSecret };
  // A job may enqueue another one, and the end of a job is recorded a moment later.
  for (let left = 1; left > 0; ) {
    left = await notifyOfEvents(dependencies);
    await runOnce({
      pgPool: db.database.queue,
      taskList: taskList(dependencies, provider, connecting, meetings, metrics),
      concurrency,
      noHandleSignals: true,
      logger: queueLogger(),
    });
    const { rows } = await db.owner.query<{ task: string; last_error: string | null }>(
      // Of a job that is still locked, the end of this run is not recorded yet: its error is of an earlier one.
      `select task_identifier as task, case when locked_at is null then last_error end as last_error
       from graphile_worker.jobs
       where run_at <= now() or last_error is not null`,
    );
    const failed = rows.filter(({ last_error }) => last_error !== null);
    if (failed.length > 0) throw new Error(`Jobs failed: ${JSON.stringify(failed)}`);
    left += rows.length;
  }
}

/** Enqueues a job, as a trigger or the clock would, and runs all jobs that are due. */
export async function runTask(
  db: TestDatabase,
  task: string,
  payload: unknown = {},
  options?: RunOptions,
): Promise<void> {
  await db.owner.query("select private.enqueue($1, $2)", [task, JSON.stringify(payload)]);
  await runJobs(db, options);
}
