import type { Database, SystemTx } from "../platform/database/database.ts";
import { sqlState } from "../platform/database/database.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import type { Party } from "./party.ts";

/** Locks the mentor, if the schedule is still at this revision; the work begins again if it is not. */
type LockAtRevision = (revision: number) => Promise<unknown>;

const serializationFailure = "40001";

/**
 * Runs work that judges by a mentor's schedule before it writes. It reads without a lock, and sends the lock together with
 * what it writes, so that others of the mentor never wait for the judging. A schedule that changes each time it is judged is
 * locked from the beginning.
 */
export async function inJudgedTransaction<T>(
  { asSystem }: Pick<Database, "asSystem">,
  { reason, caller, mentorId }: { reason: string; caller: Party; mentorId: string },
  work: (tx: SystemTx, lockAt: LockAtRevision) => Promise<T>,
): Promise<T> {
  try {
    return await asSystem(reason, caller.id, (tx) =>
      work(tx, (revision) =>
        tx.client.query({
          name: "require_revision",
          text: "select private.require_revision($1, $2)",
          values: [mentorId, revision],
        }),
      ),
    );
  } catch (error) {
    if (sqlState(error) !== serializationFailure) throw error;
  }
  return asSystem(reason, caller.id, async (tx) => {
    await lockSchedule(tx, mentorId);
    return work(tx, async () => undefined);
  });
}
