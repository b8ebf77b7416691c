import { createHash, type Hash } from "node:crypto";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Client } from "pg";
import { describeSchema } from "../../../db/describeSchema.ts";
import type { SqlFile } from "../../../db/schemaFiles.ts";
import { migrationLock } from "../migrate.ts";
import { BackupError } from "./backupError.ts";
import { copyOut } from "./copyStreams.ts";
import { takeFingerprint, writeValuesAlike } from "./fingerprint.ts";
import { type KeptTable, type Manifest, manifestName } from "./manifest.ts";
import { folderName, unfinished } from "./retention.ts";
import { keptColumns, readTables, type Table } from "./tables.ts";

export interface Backup {
  folder: string;
  manifest: Manifest;
}

export interface BackupOptions {
  /** Called when the snapshot is taken and before the first row is read. */
  onSnapshot?: () => Promise<void>;
}

/**
 * Writes a snapshot of the database into a new folder below `parent`, while the app keeps running. `client` owns the
 * schema and is in no transaction. The folder gets its final name only when everything in it is on the disk.
 * @throws BackupError if the database is not MatePeak's
 */
export async function writeBackup(
  client: Client,
  parent: string,
  { onSnapshot = async () => undefined }: BackupOptions = {},
): Promise<Backup> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  // Prevents migrations between reading the schema and the last row.
  await client.query("select pg_advisory_lock_shared($1)", [migrationLock]);
  try {
    return await writeState(client, parent, await describeSchema(client), onSnapshot);
  } finally {
    await client.query("select pg_advisory_unlock_shared($1)", [migrationLock]).catch(() => undefined);
  }
}

async function writeState(
  client: Client,
  parent: string,
  schema: string,
  onSnapshot: () => Promise<void>,
): Promise<Backup> {
  await client.query("begin isolation level repeatable read read only");
  try {
    await writeValuesAlike(client);
    const facts = await readFacts(client);
    await onSnapshot();
    const folder = join(parent, folderName(facts.made_at));
    const partial = `${folder}${unfinished}`;
    await mkdir(partial, { mode: 0o700 });
    try {
      const manifest = await writeFiles(client, partial, { ...facts, schema });
      await syncFolder(partial);
      await rename(partial, folder);
      await syncFolder(parent);
      return { folder, manifest };
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  } finally {
    await client.query("rollback").catch(() => undefined);
  }
}

type Facts = Pick<Manifest, "made_at" | "server_version" | "database_bytes" | "migrations" | "logic">;

async function readFacts(client: Client): Promise<Facts> {
  const known = await client.query(
    "select from pg_class where oid = to_regclass('private.schema_migrations')",
  );
  if (known.rowCount === 0)
    throw new BackupError("This database is empty: MatePeak has not started on it yet.");
  const { rows } = await client.query<{ made_at: Date; server_version: string; bytes: string }>(
    `select now() as made_at, current_setting('server_version') as server_version,
       pg_database_size(current_database())::text as bytes`,
  );
  const [facts] = rows;
  if (!facts) throw new BackupError("The database does not respond.");
  const files = await client.query<Pick<SqlFile, "name" | "checksum">>(
    'select name, checksum from private.schema_migrations order by name collate "C"',
  );
  const isLogic = ({ name }: Pick<SqlFile, "name">) => name.includes("/");
  return {
    made_at: facts.made_at.toISOString(),
    server_version: facts.server_version,
    database_bytes: Number(facts.bytes),
    migrations: files.rows.filter((file) => !isLogic(file)),
    logic: files.rows.filter(isLogic),
  };
}

async function writeFiles(
  client: Client,
  folder: string,
  facts: Facts & Pick<Manifest, "schema">,
): Promise<Manifest> {
  const tables = await readTables(client);
  const files: Pick<KeptTable, "file" | "bytes" | "sha256" | "rows">[] = [];
  for (const table of tables) files.push(await writeTable(client, folder, table));
  // Counted by the server, independently of the rows that were received, which would reveal a lost row.
  const { tables: counted, sequences } = await takeFingerprint(client, tables);
  const kept = tables.map(({ name, columns }, index): KeptTable => {
    const [file, fingerprint] = [files[index], counted[name]];
    if (!file || !fingerprint || file.rows !== fingerprint.rows) {
      throw new BackupError(`${name} was not read completely.`);
    }
    return { name, columns, ...file, ...fingerprint };
  });
  const manifest: Manifest = { format: 1, ...facts, tables: kept, sequences };
  const file = await open(join(folder, manifestName), "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return manifest;
}

async function writeTable(
  client: Client,
  folder: string,
  table: Table,
): Promise<Pick<KeptTable, "file" | "bytes" | "sha256" | "rows">> {
  const file = `${table.name.replaceAll('"', "")}.copy.gz`;
  const path = join(folder, file);
  const handle = await open(path, "wx", 0o600);
  const rows = copyOut(client, `copy (select ${keptColumns(table)} from ${table.name}) to stdout`);
  const hash = createHash("sha256");
  // The stream closes the file; `flush` writes it to the disk before that.
  await pipeline(rows, createGzip(), hashing(hash), handle.createWriteStream({ flush: true }));
  const { size } = await stat(path);
  return { file, bytes: size, sha256: hash.digest("hex"), rows: rows.rows };
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

/** Makes file names survive a power cut, where the system can. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
