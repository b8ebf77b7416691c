import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { BackupError } from "./backupError.ts";
import type { Fingerprint } from "./fingerprint.ts";
import { leftOut } from "./tables.ts";

export const manifestName = "manifest.json";

const keptTable = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  file: z.string().regex(/^[\w.-]+$/),
  /** Of the compressed file. */
  bytes: z.int(),
  sha256: z.string(),
  rows: z.int(),
  sums: z.record(z.string(), z.string()),
  checksum: z.string(),
});

const sqlFile = z.object({ name: z.string(), checksum: z.string() });

/** Describes a backup: enough to check every file, and the database restored from them. */
const manifest = z.object({
  format: z.literal(1),
  /** ISO 8601, UTC: the moment of the snapshot. */
  made_at: z.string(),
  /** As PostgreSQL reports it. */
  server_version: z.string(),
  database_bytes: z.int(),
  migrations: z.array(sqlFile),
  /** The logic files at that time. A restore applies those of the restoring code. */
  logic: z.array(sqlFile),
  /** Text of db/describeSchema.ts. */
  schema: z.string(),
  /** In the order in which they can be loaded. */
  tables: z.array(keptTable),
  sequences: z.record(z.string(), z.object({ last_value: z.string(), is_called: z.boolean() })),
});
export type Manifest = z.infer<typeof manifest>;
export type KeptTable = z.infer<typeof keptTable>;

/**
 * Returns the manifest without the rows of older backups that are never restored.
 * @throws BackupError if the folder is not a complete backup of a known format
 */
export async function readManifest(folder: string): Promise<Manifest> {
  try {
    const written = manifest.parse(JSON.parse(await readFile(join(folder, manifestName), "utf8")));
    return { ...written, tables: written.tables.filter(({ name }) => !leftOut.includes(name)) };
  } catch (error) {
    throw new BackupError(`${folder} is not a backup that can be read.`, { cause: error });
  }
}

/** Reads every file once. @throws BackupError naming the first that is missing or damaged */
export async function verifyFiles(folder: string, { tables }: Manifest): Promise<void> {
  for (const { file, sha256 } of tables) {
    const hash = createHash("sha256");
    try {
      await pipeline(createReadStream(join(folder, file)), hash);
    } catch (error) {
      throw new BackupError(`${file} of the backup cannot be read.`, { cause: error });
    }
    if (hash.digest("hex") !== sha256) throw new BackupError(`${file} of the backup is damaged.`);
  }
}

/** The fingerprint that a database restored from this backup must have. */
export function fingerprintOf({ tables, sequences }: Manifest): Fingerprint {
  const kept = tables.map(({ name, rows, sums, checksum }) => [name, { rows, sums, checksum }]);
  return { tables: Object.fromEntries(kept), sequences };
}
