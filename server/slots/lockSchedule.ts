import type { SystemTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/errors.ts";

/**
 * Locks the mentor: the first lock in the lock order.
 * @param ifNone the refusal when there is no such mentor
 * @throws Refusal `mentor_not_found`, `not_a_mentor`
 */
export async function lockSchedule(
  tx: SystemTx,
  expertId: string,
  ifNone: "mentor_not_found" | "not_a_mentor" = "mentor_not_found",
): Promise<void> {
  const { rows } = await tx.client.query<{ found: boolean }>({
    name: "lock_schedule",
    text: "select private.lock_schedule($1) as found",
    values: [expertId],
  });
  if (!rows[0]?.found) throw new Refusal(ifNone);
}
