import { readFileSync } from "node:fs";
import type pg from "pg";

/** Nanoseconds that each of PostgreSQL's connections but the owner's has run so far, by process id. */
async function readTimes(owner: pg.Client): Promise<Map<number, number>> {
  const { rows } = await owner.query<{ pid: number }>(
    "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  return new Map(
    rows.map(({ pid }) => [pid, Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ", 1)[0])]),
  );
}

/** µs of processor time that PostgreSQL's connections need for the work, kernel included. Linux only. */
export async function postgresCpu(owner: pg.Client, work: () => Promise<unknown>): Promise<number> {
  const before = await readTimes(owner);
  await work();
  let total = 0;
  for (const [pid, time] of await readTimes(owner)) total += time - (before.get(pid) ?? 0);
  return total / 1000;
}
