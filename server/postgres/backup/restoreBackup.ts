import { createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Client } from "pg";
import { readMigrations } from "../../../db/schemaFiles.ts";
import { migrate } from "../migrate.ts";
import { BackupError } from "./backupError.ts";
import { copyIn } from "./copyStreams.ts";
import { differences, type Fingerprint, takeFingerprint, writeValuesAlike } from "./fingerprint.ts";
import { fingerprintOf, type KeptTable, type Manifest, readManifest, verifyFiles } from "./manifest.ts";
import { leftOut, readTables, type Table } from "./tables.ts";

/** The loaded rows differ from the backup; the transaction was rolled back. */
export class BackupDiffers extends BackupError {
  override name = "BackupDiffers";
  readonly found: Fingerprint;
  readonly lines: readonly string[];

  constructor(found: Fingerprint, lines: readonly string[]) {
    super(`The restored rows are not those of the backup: ${lines.join("; ")}.`);
    this.found = found;
    this.lines = lines;
  }
}

/**
 * Restores a backup into an empty database: the tables by the same migrations, then the rows in one transaction, which is
 * committed only if PostgreSQL's counts, sums and digests match the manifest. Then the migrations that are newer than the
 * backup and the logic of this code are applied. `owner` may create schemas and roles.
 * @throws BackupError if the target is not empty, a file is damaged or missing, or the backup is from newer code
 */
export async function restoreBackup(owner: Client, folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  await verifyFiles(folder, manifest);
  await requireKnownMigrations(manifest);
  await requireEmpty(owner);
  const last = manifest.migrations.at(-1)?.name ?? "";
  await migrate(owner, { last });
  await owner.query("begin");
  try {
    await writeValuesAlike(owner);
    const tables = await readTables(owner);
    requireSameTables(tables, manifest);
    await load(owner, folder, manifest);
    const found = await takeFingerprint(owner, tables);
    const lines = differences(fingerprintOf(manifest), found);
    if (lines.length > 0) throw new BackupDiffers(found, lines);
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback").catch(() => undefined);
    throw error;
  }
  await migrate(owner);
  await owner.query("analyze");
  return manifest;
}

async function requireKnownMigrations({ migrations }: Manifest): Promise<void> {
  const known = new Map((await readMigrations()).map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of migrations) {
    if (known.get(name) === checksum) continue;
    throw new BackupError(
      `The backup was made by another version of MatePeak (migration ${name}): restore it with that one.`,
    );
  }
}

async function requireEmpty(owner: Client): Promise<void> {
  const { rowCount } = await owner.query(
    "select from pg_namespace where nspname in ('private', 'graphile_worker') or to_regclass('auth.users') is not null",
  );
  if (rowCount)
    throw new BackupError("The target is not empty. A backup is restored into a new database only.");
}

/** Also a guard, because names from the manifest become SQL below. */
function requireSameTables(tables: readonly Table[], manifest: Manifest): void {
  const found = new Map(tables.map(({ name, columns }) => [name, columns]));
  for (const { name, columns } of manifest.tables) {
    const there = found.get(name);
    const odd = columns.find((column) => !there?.includes(column));
    if (!there || odd) throw new BackupError(`${odd ? `${name}.${odd}` : name} has no place in the schema.`);
    found.delete(name);
  }
  const [missing] = found.keys();
  if (missing) throw new BackupError(`${missing} is missing in the backup.`);
}

async function load(owner: Client, folder: string, { tables, sequences }: Manifest): Promise<void> {
  // Migrations may have written rows, which the backup contains too.
  await owner.query(`truncate ${[...tables.map(({ name }) => name), ...leftOut].join(", ")}`);
  // Without our triggers, which have run when the rows were first written. Constraints and foreign keys are checked again.
  await switchTriggers(owner, tables, "disable");
  await owner.query("set constraints all deferred");
  for (const table of tables) await loadTable(owner, folder, table);
  await owner.query("set constraints all immediate");
  await switchTriggers(owner, tables, "enable");
  for (const [name, { last_value, is_called }] of Object.entries(sequences)) {
    await owner.query("select setval($1::regclass, $2::bigint, $3)", [name, last_value, is_called]);
  }
}

async function switchTriggers(
  owner: Client,
  tables: readonly KeptTable[],
  to: "disable" | "enable",
): Promise<void> {
  for (const { name } of tables) await owner.query(`alter table ${name} ${to} trigger user`);
}

async function loadTable(owner: Client, folder: string, { name, columns, file }: KeptTable): Promise<void> {
  await pipeline(
    createReadStream(join(folder, file)),
    createGunzip(),
    copyIn(owner, `copy ${name} (${columns.join(", ")}) from stdin`),
  );
}
