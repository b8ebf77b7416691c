import { setTimeout as sleep } from "node:timers/promises";
import { type Client, type ClientBase, DatabaseError } from "pg";
import { baseline, readLogic, readMigrations, type SqlFile } from "../../db/schemaFiles.ts";
import { installQueue } from "../platform/queue/installQueue.ts";
import { StartupError } from "../platform/startupError.ts";
import { writeZoneRules } from "./zoneRules.ts";

/** Our own lock id: one app process migrates, while the others and backups wait. */
export const migrationLock = 7_420_113;

interface SchemaFiles {
  migrations: SqlFile[];
  logic: SqlFile[];
}

interface Options {
  /** Stops after this migration: a backup is loaded into the tables that it was taken from, and the logic comes later. */
  last?: string;
  /** Tests can replace the project's files. */
  files?: SchemaFiles;
}

export async function readSchemaFiles(): Promise<SchemaFiles> {
  return { migrations: await readMigrations(), logic: await readLogic() };
}

/**
 * Applies the migrations that this database has not seen, in name order, then the logic files that have changed, all in one
 * transaction. After a migration every logic file is applied: it may have dropped what other files define. `client` is
 * the owner of the schema. Returns the names of what was applied. A migration that changed after it was applied is
 * refused: migrations go forward only.
 */
export async function migrate(client: Client, { last, files }: Options = {}): Promise<string[]> {
  await client.query("select pg_advisory_lock($1)", [migrationLock]);
  try {
    await prepareRecords(client);
    const { migrations, logic } = await findPending(client, files ?? (await readSchemaFiles()), last);
    await applyTogether(client, migrations, logic);
    // The queue's migrations come with its library.
    await installQueue(client);
    if (last === undefined) await writeZoneRules(client);
    return [...migrations, ...logic].map(({ name }) => name);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]);
  }
}

/** Where it is kept which files were applied. */
async function prepareRecords(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from pg_class where oid = to_regclass('private.schema_migrations')",
  );
  if (rowCount) return;
  await client.query(`
    create schema if not exists private;
    create table if not exists private.schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now());
    alter table private.schema_migrations enable row level security;
    comment on table private.schema_migrations is 'Which migrations this database has seen.';`);
}

/** Returns those of the files that are to be applied. */
async function findPending(
  client: Client,
  files: SchemaFiles,
  last: string | undefined,
): Promise<SchemaFiles> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from private.schema_migrations",
  );
  const seen = new Map(rows.map((row) => [row.name, row.checksum]));
  if (seen.size > 0 && !seen.has(baseline)) {
    throw new StartupError("This database was created by an older version that cannot be upgraded.");
  }
  const isChanged = ({ name, checksum }: SqlFile) => seen.get(name) !== checksum;
  const altered = files.migrations.find((file) => seen.has(file.name) && isChanged(file));
  if (altered) throw new StartupError(`Migration ${altered.name} was changed after it was applied.`);
  const migrations = files.migrations.filter(({ name }) => !seen.has(name) && (!last || name <= last));
  // Of an older process that starts while a newer version serves: its functions would replace the newer ones.
  const isOlder = [...seen.keys()].some((name) => isNewer(files, name));
  if (isOlder && migrations.length > 0) throw new StartupError(strange);
  if (isOlder || last !== undefined) return { migrations, logic: [] };
  return { migrations, logic: migrations.length > 0 ? files.logic : files.logic.filter(isChanged) };
}

const strange = "The database has migrations that this version does not know, and lacks others that it does.";

/** Whether `name` is a migration of a newer version than `files`. */
const isNewer = ({ migrations }: SchemaFiles, name: string): boolean =>
  /^\d/.test(name) && !migrations.some((file) => file.name === name);

/**
 * Compares the database with the files of this version, for a process that must not migrate. `client` may act as the app.
 * A database that a newer version has migrated will do: both serve at the same time while processes are replaced.
 * @throws StartupError that says what to run
 */
export async function checkMigrated(client: ClientBase, files?: SchemaFiles): Promise<void> {
  const { migrations, logic } = files ?? (await readSchemaFiles());
  const applied = await client
    .query<{ name: string; checksum: string }>("select name, checksum from private.applied_migrations()")
    .catch((error: unknown) => {
      if (error instanceof DatabaseError && absent.has(error.code ?? "")) return { rows: [] };
      throw error;
    });
  const seen = new Map(applied.rows.map(({ name, checksum }) => [name, checksum]));
  const isServedByNewer = [...seen.keys()].some((name) => isNewer({ migrations, logic }, name));
  const pending = [
    ...migrations.filter(({ name }) => !seen.has(name)),
    ...logic.filter(({ name, checksum }) => !isServedByNewer && seen.get(name) !== checksum),
  ];
  const [first] = pending;
  if (first) throw new StartupError(`The database lacks ${first.name}: run npm run migrate first.`);
}

/** No such schema, or function, or no right to use the schema yet: nothing was ever migrated. */
const absent = new Set(["3F000", "42883", "42501"]);

/** Returns only the functions, because triggers and policies of one file call those of another. */
const functionsOf = ({ sql }: SqlFile): string =>
  (sql.match(/^create or replace function [\s\S]+?^ *\$\$;$/gm) ?? []).join("\n");

/** Its policies and functions are not those of the files any more (docs/decisions/0077). */
async function refuseDistributed(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from pg_proc where pronamespace = 'private'::regnamespace and proname = 'book_sessions_of'",
  );
  if (rowCount) throw new StartupError("This database is distributed, and another version cannot change it.");
}

/** Longer than an ordinary transaction, shorter than PostgreSQL's deadlock_timeout: no serving process is ever the victim. */
const lockTimeout = "500ms";
/** ms */
const longestPause = 1_000;
const maxAttempts = 120;

/**
 * All in one transaction. Other processes may be serving: every table is locked before anything is done, and where that takes
 * long, all locks are released and it is tried again, because a transaction may hold what is waited for and wait for what is held.
 */
async function applyTogether(client: Client, migrations: SqlFile[], logic: SqlFile[]): Promise<void> {
  if (migrations.length === 0 && logic.length === 0) return;
  await refuseDistributed(client);
  let applying = "";
  const apply = async (file: SqlFile) => {
    applying = file.name;
    await client.query(file.sql);
    await client.query(
      `insert into private.schema_migrations (name, checksum) values ($1, $2)
       on conflict (name) do update set checksum = excluded.checksum, applied_at = now()`,
      [file.name, file.checksum],
    );
  };
  await beginWithLocks(client);
  try {
    for (const file of migrations) await apply(file);
    applying = "the functions of the logic files";
    // Bodies may call functions that are defined later, and the queue's.
    await client.query(`set local check_function_bodies = off; ${logic.map(functionsOf).join("\n")}`);
    for (const file of logic) await apply(file);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw new StartupError(`${applying} could not be applied: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws StartupError when a table is in use all the time, by a backup for instance */
async function beginWithLocks(client: Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await client.query("begin");
    try {
      const { rows } = await client.query<{ tables: string | null }>(ownTables);
      const tables = rows[0]?.tables;
      await client.query(`set local lock_timeout = '${lockTimeout}'`);
      if (tables) await client.query(`lock table ${tables} in access exclusive mode`);
      await client.query("set local lock_timeout = 0");
      return;
    } catch (error) {
      await client.query("rollback");
      const isLate = error instanceof DatabaseError && error.code === lockNotAvailable;
      if (!isLate) throw error;
      if (attempt === maxAttempts)
        throw new StartupError(`The tables are in use and could not be locked: ${error.message}`, {
          cause: error,
        });
      await sleep(Math.min(longestPause, 50 * attempt) * (0.5 + Math.random() / 2));
    }
  }
}

const lockNotAvailable = "55P03";

/** Everything that the files here may change; the queue's tables are its library's. */
const ownTables = `
  select string_agg(c.oid::regclass::text, ', ' order by n.nspname, c.relname) as tables
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'private', 'auth') and c.relkind in ('r', 'p')
    and pg_has_role(current_user, c.relowner, 'usage')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')`;
