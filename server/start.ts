import { setTimeout as sleep } from "node:timers/promises";
import { type AppOptions, buildApp } from "./app.ts";
import { demoLogins, demoPassword } from "./demo/people.ts";
import { seedDemoData } from "./demo/seedDemoData.ts";
import { startWorker } from "./jobs/startWorker.ts";
import { systemClock } from "./platform/clock.ts";
import { type Config, isOpenToOthers, readConfig } from "./platform/config.ts";
import { type DatabaseOptions, openDatabase } from "./platform/database/database.ts";
import { listen } from "./platform/http/listen.ts";
import { loggerOptions } from "./platform/loggerOptions.ts";
import { measureProcess, openMetrics } from "./platform/metrics/metrics.ts";
import { StartupError } from "./platform/startupError.ts";
import { stopOnSignal } from "./platform/stopOnSignal.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./postgres/embedded.ts";
import { prepareEmbeddedDatabase, prepareGivenDatabase } from "./postgres/prepareDatabase.ts";
import { watchZoneRules } from "./postgres/zoneRules.ts";

interface OpenServer extends Pick<DatabaseOptions, "url" | "accountsUrl" | "queueUrl"> {
  /** Whether the database holds the demo people. */
  holdsDemo: boolean;
  /** Starts an embedded database again whose process is gone. Returns how to end that. */
  keepRunning?: EmbeddedPostgres["keepRunning"];
  stop(): Promise<void>;
}

/**
 * Starts everything: database, migrations, demo data, web app and API. Ctrl-C or SIGTERM stops it in the reverse
 * order. @throws StartupError with the one line to print
 */
export async function start(
  env: NodeJS.ProcessEnv,
  options: Pick<AppOptions, "passwords"> = {},
): Promise<void> {
  const config = readConfig(env);
  if (isOpenToOthers(config) && config.demoData) {
    throw new StartupError(
      `DEMO_DATA=on is refused with ${openTo(config)}: everyone knows the demo's password.`,
    );
  }
  const server = await openServer(config);
  try {
    if (server.holdsDemo && isOpenToOthers(config)) {
      throw new StartupError(
        `The database holds the demo people, whose password everyone knows, and is refused with ${openTo(config)}: remove them with npm run demo:remove, use another DATA_DIR or database, or serve this machine only.`,
      );
    }
    const database = openDatabase({ ...server, onIdleError: () => undefined });
    await database.checkRoles();
    const metrics = openMetrics();
    measureProcess(metrics);
    const app = await buildApp({ ...options, config, database, metrics, logger: loggerOptions(config) });
    await listen(app, config);
    const worker = config.worker ? startWorker({ database, now: systemClock }, app.log, metrics) : undefined;
    const stopZoneRules = watchZoneRules(database, app.log);
    let stopWatching: (() => Promise<void>) | undefined;
    const stopping = stopOnSignal(async (cause) => {
      stopZoneRules();
      app.stopBeingReady();
      await stopWatching?.();
      if (cause === "SIGTERM") await sleep(config.drainSeconds * 1000);
      await app.close();
      await worker?.stop();
      await database.close();
      await server.stop();
    }, app.log);
    stopWatching = server.keepRunning?.({
      log: app.log,
      giveUp: (error) =>
        stopping.fail(error, "The embedded PostgreSQL cannot be started again: the app stops"),
    });
    announce(config, server.holdsDemo);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function openTo({ host, publicUrl }: Config): string {
  return `HOST=${host} and PUBLIC_URL=${publicUrl}`;
}

async function openServer(config: Config): Promise<OpenServer> {
  const { databaseUrl, dataDir, demoData } = config;
  if (databaseUrl) {
    const holdsDemo = await prepareGivenDatabase(databaseUrl, (owner) =>
      seedDemoData(owner, { wanted: demoData ?? false }),
    );
    return { url: databaseUrl, holdsDemo, stop: async () => undefined };
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const { logins, answer: holdsDemo } = await prepareEmbeddedDatabase(postgres.adminUrl, (owner) =>
      seedDemoData(owner, { wanted: demoData ?? !isOpenToOthers(config) }),
    );
    return { ...logins, holdsDemo, keepRunning: postgres.keepRunning, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

function announce({ publicUrl, demoData }: Config, holdsDemo: boolean): void {
  const lines = [`MatePeak is ready at ${publicUrl}`, `API reference at ${publicUrl}/api/docs`];
  if (holdsDemo) {
    lines.push("", `Demo logins, all with the password ${demoPassword} (everyone knows it: demo only):`);
    for (const { email, role } of demoLogins) lines.push(`  ${email.padEnd(20)} ${role}`);
  } else if (demoData) {
    lines.push(
      "",
      "DEMO_DATA=on has no effect on this database: it holds other people, or the demo was removed from it.",
    );
  }
  process.stdout.write(`\n${lines.join("\n")}\n\n`);
}
