import type { UserTx } from "./database.ts";

/**
 * Takes the caller's place in line as a mentor until the transaction ends: first in the lock order, so that two edits
 * of one schedule, or an edit and a booking, follow one another. False for somebody who is no mentor.
 */
export async function lockOwnProfile(tx: UserTx, userId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom("expert_profiles")
    .select("id")
    .where("id", "=", userId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row !== undefined;
}
