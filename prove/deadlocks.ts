import type { TestApp } from "../server/testing/testApp.ts";

/**
 * Deadlocks that the server has counted in this database. A backend reports what it counted at the latest when it ends,
 * so the app's idle connections are closed; its pools open new ones.
 */
export async function countDeadlocks({ db }: TestApp): Promise<number> {
  const others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  await db.owner.query(
    `select pg_terminate_backend(pid, 5000) ${others} and backend_type = 'client backend'`,
  );
  await db.owner.query("select pg_stat_clear_snapshot()");
  const { rows } = await db.owner.query<{ deadlocks: number }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? -1;
}
