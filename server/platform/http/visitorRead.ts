import type { FastifyRequest } from "fastify";
import type { Database } from "../database/database.ts";
import type { PublicReads } from "../database/replica.ts";

/**
 * Reads what a visitor may see a moment late: on the replica, if there is one. A request with a login is of someone who may
 * have written just now and is to see it, so it is read on the primary.
 */
export function visitorRead<T>(
  database: Pick<Database, "public" | "publicDb" | "replica">,
  { headers: { authorization, cookie } }: Pick<FastifyRequest, "headers">,
  work: (reads: PublicReads) => Promise<T>,
): Promise<T> {
  const mayHaveWritten = authorization !== undefined || cookie !== undefined;
  return database.replica && !mayHaveWritten ? database.replica.read(work) : work(database);
}
