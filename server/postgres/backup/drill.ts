import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { describeSchema } from "../../../db/describeSchema.ts";
import { readLogic, type SqlFile } from "../../../db/schemaFiles.ts";
import { startThrowawayPostgres } from "../embedded.ts";
import { prepareEmbeddedDatabase } from "../prepareDatabase.ts";
import { differences, type Fingerprint, takeFingerprint, writeValuesAlike } from "./fingerprint.ts";
import { fingerprintOf, type Manifest, readManifest } from "./manifest.ts";
import { embeddedUrl, withClient, withNewEmbedded } from "./places.ts";
import { BackupDiffers, restoreBackup } from "./restoreBackup.ts";
import { readTables } from "./tables.ts";
import { type Check, tryRestored } from "./tryRestored.ts";

export interface Drill {
  manifest: Manifest;
  /** The fresh server's own figures after the restore. */
  found: Fingerprint;
  /** Rows, sums, digests and sequences that differ from the backup's. */
  differences: readonly string[];
  checks: readonly Check[];
  restoreSeconds: number;
}

export interface DrillOptions {
  /** Called between the restore and the checks. */
  onRestored?: (owner: Client) => Promise<void>;
}

export function passed({ differences: lines, checks }: Drill): boolean {
  return lines.length === 0 && checks.every(({ holds }) => holds);
}

/**
 * Restores a backup into a fresh PostgreSQL in a temporary folder, which is removed afterwards, and checks that it is
 * complete and usable. Does not use the database that was backed up.
 * @throws BackupError if the backup cannot be restored at all
 */
export async function drill(
  folder: string,
  { onRestored = async () => undefined }: DrillOptions = {},
): Promise<Drill> {
  const server = await startThrowawayPostgres();
  try {
    const startedAt = performance.now();
    const found = await withNewEmbedded(server.adminUrl, async (owner) => {
      await restoreBackup(owner, folder);
      const seconds = (performance.now() - startedAt) / 1000;
      await onRestored(owner);
      return { fingerprint: await lookAt(owner), seconds };
    }).catch(async (error: unknown) => {
      if (!(error instanceof BackupDiffers)) throw error;
      return { fingerprint: error.found, seconds: (performance.now() - startedAt) / 1000 };
    });
    const manifest = await readManifest(folder);
    const lines = differences(fingerprintOf(manifest), found.fingerprint);
    // With wrong rows, starting the app would show nothing.
    const checks = lines.length > 0 ? [] : await tryServer(server.adminUrl, manifest);
    return { manifest, found: found.fingerprint, differences: lines, checks, restoreSeconds: found.seconds };
  } finally {
    await server.stop();
  }
}

async function lookAt(owner: Client): Promise<Fingerprint> {
  await owner.query("begin isolation level repeatable read read only");
  try {
    await writeValuesAlike(owner);
    return await takeFingerprint(owner, await readTables(owner));
  } finally {
    await owner.query("rollback");
  }
}

/** The remaining steps are those of `npm start`: migrations newer than the backup, logins, the app. */
async function tryServer(adminUrl: string, manifest: Manifest): Promise<Check[]> {
  return withClient(embeddedUrl(adminUrl), async (owner) => {
    const { rows } = await owner.query<{ server_version: string }>("show server_version");
    const described = await describeSchema(owner);
    const checks = [sameSchema(manifest, rows[0]?.server_version ?? "", await readLogic(), described)];
    const { logins } = await prepareEmbeddedDatabase(adminUrl, async () => undefined);
    const snapshot = await readFile(new URL("../../../db/schema.snapshot.sql", import.meta.url), "utf8");
    const isSnapshot = (await describeSchema(owner)) === snapshot;
    checks.push({
      what: "migrated, the schema is db/schema.snapshot.sql",
      seen: isSnapshot ? "the same" : "another",
      holds: isSnapshot,
    });
    return [...checks, ...(await tryRestored(owner, logins))];
  });
}

/**
 * Whether the schemas can be compared: major versions describe the same schema differently, and a restore applies the
 * logic of its own code. Otherwise our own snapshot has to do.
 */
function sameSchema(
  { server_version, schema, logic }: Manifest,
  here: string,
  ownLogic: readonly SqlFile[],
  described: string,
): Check {
  const what = "the schema is the one backed up (constraints, policies, grants, triggers)";
  const major = (version: string) => version.split(".")[0];
  if (major(server_version) !== major(here)) {
    return { what, seen: `not compared: PostgreSQL ${server_version} and ${here}`, holds: true };
  }
  const backedUp = new Map(logic.map(({ name, checksum }) => [name, checksum]));
  const newer = ownLogic.find(({ name, checksum }) => backedUp.get(name) !== checksum);
  if (newer) return { what, seen: `not compared: ${newer.name} is of another version`, holds: true };
  return { what, seen: described === schema ? "the same" : "another", holds: described === schema };
}
