import type pg from "pg";
import type { Database } from "../platform/database/database.ts";

/**
 * The same database for a further process of the app, in which something happens before each command: between what the app
 * has judged and what it writes. A statement's name tells which command it is.
 */
export function beforeCommands(
  database: Database,
  happens: (name: string | undefined) => Promise<unknown>,
): Database {
  const query = async (statement: pg.QueryConfig) => {
    await happens(statement.name);
    return database.commands.query(statement);
  };
  return { ...database, commands: { query: query as pg.Pool["query"] } };
}
