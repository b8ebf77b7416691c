import { setTimeout as sleep } from "node:timers/promises";
import type { TestApp } from "../server/testing/testApp.ts";

/**
 * Deadlocks that the server has counted in this database. A backend reports what it counted at the latest when it ends,
 * so the app's idle connections are closed; its pools open new ones.
 */
export async function countDeadlocks({ db }: TestApp): Promise<number> {
  const { rows: ended } = await db.owner.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  // PostgreSQL's own wait looks ten times a second, at one backend after the other.
  const left = "select from pg_stat_activity where pid = any ($1)";
  const until = performance.now() + 5_000;
  while ((await db.owner.query(left, [ended.map(({ pid }) => pid)])).rowCount !== 0) {
    if (performance.now() > until) throw new Error("A backend that was terminated does not end.");
    await sleep(5);
  }
  await db.owner.query("select pg_stat_clear_snapshot()");
  const { rows } = await db.owner.query<{ deadlocks: number }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? -1;
}
