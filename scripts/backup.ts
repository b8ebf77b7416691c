// `npm run backup`, `npm run restore -- <folder>` and `npm run drill`: for the person at the terminal or a timer.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Place, readPlace } from "../server/platform/config.ts";
import { BackupError } from "../server/postgres/backup/backupError.ts";
import { withDatabase, withNewDatabase } from "../server/postgres/backup/places.ts";
import { restoreBackup } from "../server/postgres/backup/restoreBackup.ts";
import { removeOldBackups } from "../server/postgres/backup/retention.ts";
import { type Backup, writeBackup } from "../server/postgres/backup/writeBackup.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run backup  [-- --to <folder>] [--keep <number>]   writes a backup; keeps the newest so many
npm run restore -- <backup>                           into an empty database (DATABASE_URL or a new DATA_DIR)
npm run drill   [-- <backup>]                         restores it, or one made now, into a fresh server and compares`;

const print = (line: string) => process.stdout.write(`${line}\n`);

function readArguments() {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: { to: { type: "string" }, keep: { type: "string" } },
    });
  } catch (error) {
    throw new BackupError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readArguments();
  const [command, folder, ...more] = positionals;
  const place = readPlace(process.env);
  if (command === "backup" && folder === undefined) return backUp(place, values);
  if (command === "restore" && folder !== undefined && more.length === 0) return restore(place, folder);
  if (command === "drill" && more.length === 0) return practise(place, folder);
  throw new BackupError(usage);
}

async function backUp(place: Place, { to, keep }: { to?: string; keep?: string }): Promise<void> {
  const count = keep === undefined ? undefined : Number(keep);
  if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
    throw new BackupError("--keep needs a whole number of at least 1.");
  }
  const parent = to ? resolve(to) : join(place.dataDir, "backups");
  const { folder, manifest } = await withDatabase(place, (owner) => writeBackup(owner, parent));
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  print(`${rows} rows of ${manifest.tables.length} tables as of ${manifest.made_at} are in ${folder}`);
  // Only now: the old ones stay as long as there is no new one.
  const removed = count === undefined ? [] : await removeOldBackups(parent, count);
  for (const name of removed) print(`removed ${name}`);
}

async function restore(place: Place, folder: string): Promise<void> {
  const manifest = await withNewDatabase(place, (owner) => restoreBackup(owner, resolve(folder)));
  print(`The state of ${manifest.made_at} is restored and every row compared. Start the app to serve it.`);
}

async function practise(place: Place, given: string | undefined): Promise<void> {
  if (given !== undefined) return report(resolve(given));
  const parent = await mkdtemp(join(tmpdir(), "matepeak-drill-"));
  try {
    const made: Backup = await withDatabase(place, (owner) => writeBackup(owner, parent));
    await report(made.folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

async function report(folder: string): Promise<void> {
  // Brings the whole app along, which a backup and a restore need not wait for.
  const { drill, passed } = await import("../server/postgres/backup/drill.ts");
  const { describeDrill } = await import("../server/postgres/backup/describeDrill.ts");
  const found = await drill(folder);
  print(describeDrill(found));
  if (!passed(found)) process.exitCode = 1;
}

await runCommand(main);
