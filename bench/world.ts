// The world that the HTTP parts measure: the whole app on a separate, durable PostgreSQL in a temporary folder, with
// mentors and students that SQL made.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import pg from "pg";
import { buildApp } from "../server/app.ts";
import { type Database, openDatabase } from "../server/platform/database/database.ts";
import { startEmbeddedPostgres } from "../server/postgres/embedded.ts";
import { prepareEmbeddedDatabase } from "../server/postgres/prepareDatabase.ts";
import { liftCaps } from "../server/testing/testDatabase.ts";
import { benchPublicUrl } from "./load/startGenerator.ts";
import { benchSecret } from "./people.ts";

export interface Place {
  /** The schema's owner. */
  owner: pg.Client;
  ownerUrl: string;
  /** Login of the app. */
  appUrl: string;
  database: Database;
  port: number;
  close(): Promise<void>;
}

export interface World extends Place {
  postgresVersion: string;
}

export interface WorldOptions {
  /** Puts something between the app and its database, to look at what passes. */
  wrap?: (database: Database) => Database;
}

export async function openWorld({ wrap = (database) => database }: WorldOptions = {}): Promise<World> {
  const server = await openServer();
  try {
    const place = await openPlace(server, "matepeak", wrap);
    return {
      ...place,
      postgresVersion: server.postgresVersion,
      close: async () => {
        await place.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A durable PostgreSQL in a temporary folder, with a migrated database `matepeak`. */
export interface BenchServer {
  urlsOf(database: string): { ownerUrl: string; appUrl: string; accountsUrl: string };
  postgresVersion: string;
  /** Stops it and removes the folder. */
  stop(): Promise<void>;
}

export async function openServer(): Promise<BenchServer> {
  const { adminUrl, stop } = await startDurablePostgres();
  try {
    const { logins, answer } = await prepareEmbeddedDatabase(adminUrl, async (owner) => {
      // A few people represent many, as their one address does for the limits.
      await liftCaps({ owner });
      return owner.query<{ server_version: string }>("show server_version");
    });
    const inDatabase = (url: string, database: string) =>
      Object.assign(new URL(url), { pathname: `/${database}` }).href;
    return {
      urlsOf: (database) => ({
        ownerUrl: inDatabase(adminUrl, database),
        appUrl: inDatabase(logins.url, database),
        accountsUrl: inDatabase(logins.accountsUrl ?? logins.url, database),
      }),
      postgresVersion: answer.rows[0]?.server_version.split(" ")[0] ?? "",
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** PostgreSQL as in production, in a temporary folder that `stop` removes: a commit is on disk when it is answered. */
export async function startDurablePostgres(): Promise<{ adminUrl: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), "matepeak-bench-"));
  // For PostgreSQL's own user, when we are root.
  chmodSync(dataDir, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDir });
  return {
    adminUrl: postgres.adminUrl,
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The app on one of the server's databases. */
export async function openPlace(
  server: BenchServer,
  name: string,
  wrap: (database: Database) => Database = (database) => database,
): Promise<Place> {
  const { ownerUrl, appUrl, accountsUrl } = server.urlsOf(name);
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const opened = openDatabase({ url: appUrl, accountsUrl });
  const database = wrap(opened);
  const app = await buildApp({
    config: {
      publicUrl: benchPublicUrl,
      // Limits count by address, and all of the load comes from one.
      rateLimit: false,
      trustProxy: false,
      authSecret: benchSecret,
    },
    database,
  });
  return {
    owner,
    ownerUrl,
    appUrl,
    database,
    port: await listen(app),
    close: async () => {
      await app.close();
      await owner.end();
      await opened.close();
    },
  };
}

/** Listens on a free port of this machine and answers it. */
export async function listen(app: Pick<FastifyInstance, "listen">): Promise<number> {
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
}
