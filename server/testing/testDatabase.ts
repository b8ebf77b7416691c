import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Database, type DatabaseOptions, openDatabase } from "../platform/database/database.ts";
import { postgresUrls } from "./postgres.ts";
import { templateName } from "./templateName.ts";

export interface TestDatabase {
  database: Database;
  /** The schema's owner: for arranging and for looking behind the policies. */
  owner: pg.Client;
  ownerUrl: string;
  /** Runs statements as a signed-in person or, with null, as a visitor, and rolls them back unless `keep` is set. */
  as<T>(
    userId: string | null,
    work: (client: pg.Client) => Promise<T>,
    options?: { keep?: boolean },
  ): Promise<T>;
  drop(): Promise<void>;
}

/**
 * Lifts the caps on what one person may own or have open, for tests of something else in which a few people act for
 * many. For the same reason `rateLimit` is off in them.
 */
export async function liftCaps({ owner }: Pick<TestDatabase, "owner">, to = 1_000_000): Promise<void> {
  await owner.query(
    "create or replace function private.cap(of_what text) returns integer language sql immutable " +
      `set search_path = pg_catalog, pg_temp as 'select ${to}'`,
  );
}

/** A fresh clone of the migrated template on the run's real PostgreSQL; on a separate disk if a tablespace is named. */
export async function openTestDatabase({
  tablespace = "pg_default",
  template = templateName,
  ...options
}: {
  poolSize?: number;
  longestWait?: number;
  longestConnection?: number;
  tablespace?: string;
  /** From makeTemplate(); the migrated, empty one if left out. */
  template?: string;
} = {}): Promise<TestDatabase> {
  const { adminUrl, appUrl, accountsUrl, queueUrl, socketFolder } = postgresUrls();
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  // As files: page by page through the log takes a third longer.
  await administrator().query(
    `create database ${name} template ${template} strategy file_copy tablespace ${tablespace}`,
  );
  const near = (url: string) => overSocket(inDatabase(url, name), socketFolder);
  const logins = { url: near(appUrl), accountsUrl: near(accountsUrl), queueUrl: near(queueUrl) };
  const opened = await openGivenDatabase(near(adminUrl), { ...logins, ...options });
  return {
    ...opened,
    ownerUrl: inDatabase(adminUrl, name),
    drop: async () => {
      await opened.drop();
      await dropWithRetries(name);
    },
  };
}

/** A database that is there already, and that `drop` only closes. @param ownerUrl as the schema's owner */
export async function openGivenDatabase(
  ownerUrl: string,
  options: DatabaseOptions = { url: ownerUrl },
): Promise<TestDatabase> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  // A busy machine may starve a test for seconds, which is no failure of what it tests.
  const database = openDatabase({ longestWait: 60_000, ...options });
  const clients = new Set<pg.Client>([owner]);
  return {
    database,
    owner,
    ownerUrl,
    as: async (userId, work, { keep = false } = {}) => {
      const client = new pg.Client({ connectionString: ownerUrl });
      await client.connect();
      clients.add(client);
      try {
        const role = userId ? "authenticated" : "anon";
        const claims = JSON.stringify(userId ? { sub: userId, role } : { role });
        await client.query("begin");
        await client.query(
          "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)",
          [role, claims],
        );
        const result = await work(client);
        await client.query(keep ? "commit" : "rollback");
        return result;
      } finally {
        clients.delete(client);
        await client.end();
      }
    },
    drop: async () => {
      await database.close();
      await Promise.all(Array.from(clients, (client) => client.end()));
    },
  };
}

/** Fills a clone of the migrated template once, for many tests to clone. */
export async function makeTemplate(
  fill: (owner: pg.Client) => Promise<void>,
): Promise<{ name: string; drop(): Promise<void> }> {
  const { adminUrl } = postgresUrls();
  const name = `template_${randomUUID().replaceAll("-", "")}`;
  await administrator().query(`create database ${name} template ${templateName}`);
  const owner = new pg.Client({ connectionString: inDatabase(adminUrl, name) });
  await owner.connect();
  try {
    await fill(owner);
  } finally {
    await owner.end();
  }
  return { name, drop: () => dropWithRetries(name) };
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The URL of the same database by the server's socket. */
function overSocket(url: string, folder: string | null | undefined): string {
  const changed = new URL(url);
  if (folder) changed.searchParams.set("host", folder);
  return changed.href;
}

const administrators = new Map<string, pg.Pool>();

/** Creates and drops databases. Its connections don't keep the process alive. */
function administrator(): pg.Pool {
  const { adminUrl, socketFolder } = postgresUrls();
  let pool = administrators.get(adminUrl);
  if (!pool) {
    pool = new pg.Pool({
      connectionString: overSocket(adminUrl, socketFolder),
      max: 2,
      allowExitOnIdle: true,
    });
    // The server has stopped, which is no failure of what is tested.
    pool.on("error", () => {});
    administrators.set(adminUrl, pool);
  }
  return pool;
}

/** Dropping needs a checkpoint of the whole server, which fails while another test has filled its disk. */
async function dropWithRetries(name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await administrator().query(`drop database ${name} with (force)`);
      return;
    } catch (error) {
      if (tries === 60 || !(error instanceof Error) || error.message !== "checkpoint request failed")
        throw error;
      await sleep(500);
    }
  }
}
