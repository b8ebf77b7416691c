import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const form = /^matepeak-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;

/** The suffix of a backup's folder until it is complete. */
export const unfinished = ".unfinished";

/** Sorts by time. `made_at` is ISO 8601 in UTC with milliseconds; not every file system allows colons. */
export function folderName(made_at: string): string {
  return `matepeak-${made_at.replaceAll(/[:.]/g, "-")}`;
}

/** The names of the complete backups in a folder, newest first. */
export async function listBackups(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .filter((name) => form.test(name))
    .sort()
    .reverse();
}

/** Removes all but the newest `keep` backups and returns the removed names. Leaves other files alone. */
export async function removeOldBackups(parent: string, keep: number): Promise<string[]> {
  const old = (await listBackups(parent)).slice(keep);
  for (const name of old) await rm(join(parent, name), { recursive: true, force: true });
  return old;
}
