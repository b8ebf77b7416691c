// The twin of server/worker.ts: gives the queue's library the pool itself, as the library means it to be used.

import { run } from "graphile-worker";
import { taskList } from "../../server/jobs/tasks.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { openDatabase } from "../../server/platform/database/database.ts";
import { queueLogger } from "../../server/platform/queue/queueLogger.ts";
import { prepareGivenDatabase } from "../../server/postgres/prepareDatabase.ts";

const url = process.env.DATABASE_URL ?? "";
await prepareGivenDatabase(url, async () => undefined);
const database = openDatabase({ url });
const runner = await run({
  pgPool: database.queue,
  taskList: taskList({ database, now: systemClock, secret: "none" }),
  concurrency: 4,
  noHandleSignals: true,
  logger: queueLogger(),
});
process.stdout.write("The worker is ready\n");
await runner.promise;
