import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of /proc per second, on every Linux. */
const ticksPerSecond = 100;

/** Fields of /proc/<pid>/stat behind the name, which may contain spaces: state is the first. */
function statOf(pid: number | string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It has ended.
    return undefined;
  }
}

/**
 * Returns the seconds of processor time that a process and its children have used since it started, ended children included:
 * a PostgreSQL server is one process per connection. NaN where there is no /proc.
 */
export function processSeconds(pid: number): number {
  const own = statOf(pid);
  if (!own) return Number.NaN;
  // utime, stime, cutime, cstime
  let ticks = own.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(entry) : undefined;
    if (stat?.[1] === String(pid)) ticks += Number(stat[11]) + Number(stat[12]);
  }
  return ticks / ticksPerSecond;
}
