import type { UserTx } from "./database.ts";

/**
 * Locks the caller's own time as a mentor until the transaction ends. It is the first lock in the lock order, so that edits
 * and bookings of one schedule follow one another. Returns false if the caller is not a mentor.
 */
export async function lockOwnMentor(tx: UserTx): Promise<boolean> {
  const { rows } = await tx.client.query<{ found: boolean }>({
    name: "lock_own_mentor",
    text: "select private.lock_own_mentor() as found",
  });
  return rows[0]?.found ?? false;
}
