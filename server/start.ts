import type { Client } from "pg";
import { type Config, isOpenToOthers, readConfig } from "./platform/config.ts";
import { StartupError } from "./platform/startupError.ts";
import { startEmbeddedPostgres } from "./postgres/embedded.ts";
import {
  compareGivenDatabase,
  prepareEmbeddedDatabase,
  prepareGivenDatabase,
} from "./postgres/prepareDatabase.ts";
import type { OpenServer, ServeOptions } from "./serve.ts";

/**
 * Starts everything: database, migrations, demo data, web app and API. Ctrl-C or SIGTERM stops it in the reverse
 * order. @throws StartupError with the one line to print
 */
export async function start(env: NodeJS.ProcessEnv, options: ServeOptions = {}): Promise<void> {
  const config = readConfig(env);
  if (isOpenToOthers(config) && config.demoData) {
    throw new StartupError(
      `DEMO_DATA=on is refused with ${openTo(config)}: everyone knows the demo's password.`,
    );
  }
  if (config.givenDatabase && !config.givenDatabase.ownerUrl && config.demoData) {
    throw new StartupError(
      "DEMO_DATA=on is refused with MIGRATE=off: only a start that migrates creates it.",
    );
  }
  const server = await openServer(config);
  try {
    if (server.holdsDemo && isOpenToOthers(config)) {
      throw new StartupError(
        `The database holds the demo people, whose password everyone knows, and is refused with ${openTo(config)}: remove them with npm run demo:remove, use another DATA_DIR or database, or serve this machine only.`,
      );
    }
    // The app takes half a second to load: not before it is known that it can start.
    const { serve } = await import("./serve.ts");
    await serve(config, server, options);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function openTo({ host, publicUrl }: Config): string {
  return `HOST=${host} and PUBLIC_URL=${publicUrl}`;
}

async function openServer(config: Config): Promise<OpenServer> {
  const { givenDatabase, dataDir, demoData } = config;
  if (givenDatabase) {
    const { ownerUrl, urls } = givenDatabase;
    const holdsDemo =
      ownerUrl === undefined
        ? await compareGivenDatabase(urls, findDemoMentors)
        : await prepareGivenDatabase(ownerUrl, (owner) => seedDemo(owner, config, demoData ?? false));
    // Another URL may lead to another database, which was not migrated.
    if (ownerUrl !== undefined && ownerUrl !== urls.url)
      await compareGivenDatabase(urls, async () => undefined);
    return { ...urls, holdsDemo, stop: async () => undefined };
  }
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const { logins, answer: holdsDemo } = await prepareEmbeddedDatabase(postgres.adminUrl, (owner) =>
      seedDemo(owner, config, demoData ?? !isOpenToOthers(config)),
    );
    return { ...logins, holdsDemo, keepRunning: postgres.keepRunning, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function findDemoMentors(visitor: Client): Promise<boolean> {
  const { holdsDemoMentors } = await import("./demo/seedDemoData.ts");
  return holdsDemoMentors(visitor);
}

/** Returns whether the database holds the demo people. */
async function seedDemo(owner: Client, config: Config, wanted: boolean): Promise<boolean> {
  const { seedDemoData } = await import("./demo/seedDemoData.ts");
  const { payments, feeBasisPoints, authSecret: secret } = config;
  return seedDemoData(owner, {
    wanted,
    payments: payments === "sandbox" ? { feeBasisPoints, secret } : null,
  });
}
