import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";

const GIB = 2 ** 30;
/** A whole run fills about a third of it. */
const neededBytes = 3 * GIB;
/** Linux's file system in memory. */
const sharedMemory = "/dev/shm";
const prefix = "matepeak-tests-";

/**
 * Lets this process and its children keep temporary files in memory, if the machine has room for them and TMPDIR is not set.
 * Each test file clones and drops a database of some thousand files, for which ext4 needs more time than the tests do: it
 * searches past every recently deleted inode for a free one.
 */
export function keepTemporaryFilesInMemory(): void {
  if (process.env.TMPDIR || !hasRoom()) return;
  removeAbandoned();
  const folder = mkdtempSync(join(sharedMemory, `${prefix}${process.pid}-`));
  // PostgreSQL runs as another user if this process is root.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
}

function hasRoom(): boolean {
  if (process.platform !== "linux" || process.availableMemory() < 2 * neededBytes) return false;
  try {
    accessSync(sharedMemory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(sharedMemory);
    return bavail * bsize >= neededBytes;
  } catch {
    return false;
  }
}

/** Removes what runs have left behind that were killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(sharedMemory).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length).split("-")[0]);
    if (!isRunning(pid)) rmSync(join(sharedMemory, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
