import Fastify from "fastify";
import { openConnecting } from "./calendarConnections/connectionKinds.ts";
import { startWorker } from "./jobs/startWorker.ts";
import { openConfiguredProvider } from "./payments/startPayments.ts";
import { systemClock } from "./platform/clock.ts";
import { readConfig } from "./platform/config.ts";
import { openDatabase } from "./platform/database/database.ts";
import { RequestLines } from "./platform/http/requestLog.ts";
import { openWorkerProbes } from "./platform/http/workerProbes.ts";
import { loggerOptions } from "./platform/loggerOptions.ts";
import { openMetrics } from "./platform/metrics/metrics.ts";
import { StartupError } from "./platform/startupError.ts";
import { stopOnSignal } from "./platform/stopOnSignal.ts";
import { compareGivenDatabase, prepareGivenDatabase } from "./postgres/prepareDatabase.ts";
import { watchZoneRules } from "./postgres/zoneRules.ts";

/** Runs only the jobs, for installations with several processes on one DATABASE_URL. */
async function startAlone(env: NodeJS.ProcessEnv): Promise<void> {
  const config = readConfig(env);
  if (!config.givenDatabase) {
    throw new StartupError(
      "DATABASE_URL must be set: with its own database, npm start does the jobs itself.",
    );
  }
  const { ownerUrl, urls } = config.givenDatabase;
  if (ownerUrl !== undefined) await prepareGivenDatabase(ownerUrl, async () => undefined);
  if (ownerUrl !== urls.url) await compareGivenDatabase(urls, async () => undefined);
  const database = openDatabase(urls);
  await database.checkRoles();
  // The same log format as the app's; it listens only with a port of its own.
  const app = Fastify({ logger: loggerOptions(config), logController: new RequestLines() });
  const { log } = app;
  const metrics = openMetrics();
  const provider = await openConfiguredProvider(config, database);
  const connecting = openConnecting(config);
  const worker = startWorker({ database, now: systemClock }, config, log, metrics, provider, connecting);
  const stopWatching = watchZoneRules(database, log);
  stopOnSignal(async () => {
    stopWatching();
    await app.close();
    await worker.stop();
    await database.close();
  }, log);
  await openWorkerProbes(app, { config, database, metrics });
  log.info("The worker is ready");
}

try {
  await startAlone(process.env);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`The worker did not start: ${error.message}\n`);
  process.exit(1);
}
