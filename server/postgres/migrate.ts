import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Client } from "pg";
import { installQueue } from "../platform/queue/installQueue.ts";
import { StartupError } from "../platform/startupError.ts";
import { writeZoneRules } from "./zoneRules.ts";

const migrationsFolder = new URL("../../db/migrations/", import.meta.url);
/** Any number that is ours alone: one app process migrates, the others wait for it, and so does a backup. */
export const migrationLock = 7_420_113;
/** From here on changes enqueue jobs, those of later migrations too. */
const queueMigration = "0009_jobs.sql";

/**
 * Applies the migrations that this database has not seen, in name order, each in its own transaction.
 * `client` is the owner of the schema. Answers the names applied. A migration that changed after it was applied is
 * refused: migrations go forward only. `last` is the name after which to stop: a backup is loaded into the schema that it
 * was taken from.
 */
export async function migrate(client: Client, { last }: { last?: string } = {}): Promise<string[]> {
  await client.query("select pg_advisory_lock($1)", [migrationLock]);
  try {
    await client.query(`
      create schema if not exists private;
      create table if not exists private.schema_migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now());
      alter table private.schema_migrations enable row level security;
      comment on table private.schema_migrations is 'Which migrations this database has seen.';`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      "select name, checksum from private.schema_migrations",
    );
    const seen = new Map(rows.map((row) => [row.name, row.checksum]));
    const applied: string[] = [];
    for (const migration of await readMigrations()) {
      if (last !== undefined && migration.name > last) break;
      const checksum = seen.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum) throw new StartupError(`Migration ${migration.name} was changed after it was applied.`);
      await apply(client, migration);
      applied.push(migration.name);
      if (migration.name === queueMigration) await installQueue(client);
    }
    // The queue has migrations of its own, which come with its library.
    if (!applied.includes(queueMigration)) await installQueue(client);
    await writeZoneRules(client);
    return applied;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]);
  }
}

export interface Migration {
  name: string;
  sql: string;
  /** SHA-256 of the file, hexadecimal. */
  checksum: string;
}

/** The migrations of this code, in the order in which they are applied. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(migrationsFolder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, migrationsFolder), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(sql);
    await client.query("insert into private.schema_migrations (name, checksum) values ($1, $2)", [
      name,
      checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new StartupError(`Migration ${name} could not be applied: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
