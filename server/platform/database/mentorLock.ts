import type { UserTx } from "./database.ts";

/**
 * Locks the caller's mentor row until the transaction ends. It is the first lock in the lock order, so that edits and
 * bookings of one schedule follow one another. Returns false if the caller is not a mentor.
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
