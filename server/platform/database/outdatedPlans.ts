import pg from "pg";
import type { BoundedPool } from "./boundedPool.ts";

/**
 * Whether a prepared statement's rows no longer have the types that they had when it was prepared: a migration has
 * changed a column, perhaps of a newer process while this one still runs. The connection refuses the statement for good.
 */
export function isPlanOutdated(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && error.code === "0A000" && error.routine === "RevalidateCachedQuery"
  );
}

/** Runs single statements on the pool; on new connections if a plan is outdated. */
export function withCurrentPlans(pool: BoundedPool): Pick<pg.Pool, "query"> {
  const query = async (...asked: Parameters<pg.Pool["query"]>) => {
    try {
      return await pool.query(...asked);
    } catch (error) {
      if (!isPlanOutdated(error)) throw error;
      pool.renew();
      return await pool.query(...asked);
    }
  };
  return { query: query as unknown as pg.Pool["query"] };
}
