import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { StartupError } from "../platform/startupError.ts";

interface Owner {
  pid: number;
  identity: string;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** The file's text, or null if there is no such file. */
export function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    throw error;
  }
}

/** Whether any process has this id, including one that we may not signal. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

function outputOf(program: string, args: string[]): string {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env }).trim();
  } catch {
    // These programs fail when there is no such process, which empty output means too.
    return "";
  }
}

/** On Linux: boot, and start in clock ticks since; a changed wall clock changes neither. */
function linuxIdentity(pid: number): string | null {
  const stat = readIfPresent(`/proc/${pid}/stat`);
  if (!stat) return null;
  // The second field is the program's name in brackets and may contain anything, so count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return null;
  return `${readIfPresent("/proc/sys/kernel/random/boot_id")?.trim()} ${fields[19]}`;
}

/**
 * Distinguishes this process from an earlier or later one with the same id (its start time, in the system's own
 * notation); null if no such process runs.
 */
export function processIdentity(pid: number): string | null {
  if (process.platform === "linux") return linuxIdentity(pid);
  if (process.platform === "win32") {
    const command = `(Get-Process -Id ${pid}).StartTime.Ticks`;
    return outputOf("powershell.exe", ["-NoProfile", "-Command", command]) || null;
  }
  return outputOf("ps", ["-o", "lstart=", "-p", String(pid)]) || null;
}

/** The process's command line, "" for a zombie or one that has ended, null where the system does not report it. */
export function processCommand(pid: number): string | null {
  if (process.platform === "linux") {
    return readIfPresent(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ") ?? "";
  }
  return process.platform === "win32" ? null : outputOf("ps", ["-o", "command=", "-p", String(pid)]);
}

function parseOwner(text: string | null): Owner | null {
  const [pid, identity] = text?.split("\n") ?? [];
  return pid && identity ? { pid: Number(pid), identity } : null;
}

/** The live process that holds the lock, or null. A process that was killed before it released the lock does not count. */
export function lockHolder(path: string): number | null {
  const owner = parseOwner(readIfPresent(path));
  return owner && processIdentity(owner.pid) === owner.identity ? owner.pid : null;
}

function createLock(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o644, flush: true });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Moves the lock of a process that has ended. Two processes may do this at the same time, and the slower one would move
 * the new lock of the faster one, so the moved file is checked again and put back if its process is alive.
 */
function removeStaleLock(path: string): void {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  if (lockHolder(aside) === null) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/**
 * Takes the lock file for this process until the returned function is called or the process ends for any reason.
 * @throws StartupError with `inUse(pid)` while another live process, or an earlier call in this one, holds it
 */
export function takeLock(path: string, inUse: (pid: number) => string): () => void {
  const text = `${process.pid}\n${processIdentity(process.pid)}\n`;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (createLock(path, text)) {
      return () => {
        if (readIfPresent(path) === text) rmSync(path, { force: true });
      };
    }
    const holder = lockHolder(path);
    if (holder !== null) throw new StartupError(inUse(holder));
    removeStaleLock(path);
  }
  throw new StartupError(`${path} cannot be taken: other processes keep creating it.`);
}
