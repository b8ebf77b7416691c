import { runMigrations } from "graphile-worker";
import type { Client, Pool } from "pg";
import { queueRole } from "../database/queueRole.ts";
import { queueLogger } from "./queueLogger.ts";

/**
 * Makes or upgrades the queue's own schema, in the name of its role. `owner` owns our schema and may act as that role.
 * The right to make a schema is this database's, and is not kept by a dump or a clone: it is given each time.
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

/** The owner's connection, where the library wants a pool: it takes one client, asks it, and lets it go. */
function poolOfOne(client: Client): Pool {
  const borrowed = { query: client.query.bind(client), release: () => undefined };
  const heard = () => [() => undefined];
  return { connect: async () => borrowed, listeners: heard, options: { max: 10 } } as unknown as Pool;
}
