import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const form = /^matepeak-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;

/** What the folder of a backup is called until it is whole. */
export const unfinished = ".unfinished";

/** Sorts like time. `made_at` is ISO 8601 in UTC with milliseconds; colons are not for every file system. */
export function folderName(made_at: string): string {
  return `matepeak-${made_at.replaceAll(/[:.]/g, "-")}`;
}

/** The whole backups below a folder, the newest first, by name. */
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

/** Removes all but the newest `keep` backups; answers the names that went. Nothing else in the folder is touched. */
export async function removeOldBackups(parent: string, keep: number): Promise<string[]> {
  const old = (await listBackups(parent)).slice(keep);
  for (const name of old) await rm(join(parent, name), { recursive: true, force: true });
  return old;
}
