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

/** What stands beside the files of a backup: enough to check every file, and what they make of a database. */
const manifest = z.object({
  format: z.literal(1),
  /** ISO 8601, UTC: the moment whose state this is. */
  made_at: z.string(),
  /** PostgreSQL's own word for its version. */
  server_version: z.string(),
  database_bytes: z.int(),
  migrations: z.array(sqlFile),
  /** The logic files at that moment. A restore applies those of the restoring code. */
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
 * Without what older backups have and no restore takes.
 * @throws BackupError if the folder is not a whole backup of a known format
 */
export async function readManifest(folder: string): Promise<Manifest> {
  try {
    const written = manifest.parse(JSON.parse(await readFile(join(folder, manifestName), "utf8")));
    return { ...written, tables: written.tables.filter(({ name }) => !leftOut.includes(name)) };
  } catch (error) {
    throw new BackupError(`${folder} is not a backup that can be read.`, { cause: error });
  }
}

/** Reads every file once. @throws BackupError naming the first that is missing or not what was written */
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

/** What the manifest promises of the database that is made of it. */
export function fingerprintOf({ tables, sequences }: Manifest): Fingerprint {
  const kept = tables.map(({ name, rows, sums, checksum }) => [name, { rows, sums, checksum }]);
  return { tables: Object.fromEntries(kept), sequences };
}
