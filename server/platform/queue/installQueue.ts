import { runMigrations } from "graphile-worker";
import type { Client, Pool } from "pg";
import { queueRole } from "../database/queueRole.ts";
import { queueLogger } from "./queueLogger.ts";

/**
 * Creates or upgrades the queue's schema as its role. `owner` owns the app's schema and may act as that role. The right to
 * create a schema belongs to the database and is not part of a dump or clone, so it is granted every time.
 */
export async function installQueue(owner: Client): Promise<void> {
  const database = owner.escapeIdentifier(owner.database ?? "");
  await owner.query(`grant create on database ${database} to ${queueRole}`);
  await owner.query(`set role ${queueRole}`);
  try {
    await runMigrations({ pgPool: poolOfOne(owner), logger: queueLogger() });
  } finally {
    await owner.query("reset role");
  }
}

/** Wraps the owner's connection as the pool that the library expects: it takes one client, queries it and releases it. */
function poolOfOne(client: Client): Pool {
  const borrowed = { query: client.query.bind(client), release: () => undefined };
  const listeners = () => [() => undefined];
  return { connect: async () => borrowed, listeners, options: { max: 10 } } as unknown as Pool;
}
