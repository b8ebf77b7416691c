import type { Task, TaskList } from "graphile-worker";
import { z } from "zod";
import type { ForgetAccount } from "../auth/forgetAccount.ts";
import { abortableSleep } from "../platform/abortableSleep.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { sliceSizes } from "../platform/queue/slices.ts";
import { type DeletionSizes, deletionSizes, goOnWithDeletion } from "./deletion.ts";

const payloadOf = z.object({ user_id: z.uuid() });

/** A deletion uses at most a third of a connection's time. */
const restFactor = 2;

export function personalDataTasks(
  { database, forgetAccount }: Pick<Dependencies, "database"> & { forgetAccount?: ForgetAccount },
  sizes: DeletionSizes = deletionSizes,
): TaskList {
  const enqueue = (userId: string, waitMs: number) =>
    database.asSystem("a deletion goes on later", null, ({ client }) =>
      client.query(
        "select private.enqueue('delete_account', $1, 'delete_account:' || $2::text, now() + $3 * interval '1 millisecond')",
        [{ user_id: userId }, userId, waitMs],
      ),
    );
  const deleteAccount: Task = async (payload, { abortSignal }) => {
    const { user_id } = payloadOf.parse(payload);
    let begunAt = performance.now();
    const rest = async () => {
      await abortableSleep((performance.now() - begunAt) * restFactor, abortSignal);
      if (abortSignal.aborted) throw new Stopping();
      begunAt = performance.now();
    };
    try {
      const waitMs = await goOnWithDeletion(database, user_id, rest, sizes, forgetAccount);
      if (waitMs !== undefined) await enqueue(user_id, waitMs);
    } catch (error) {
      if (!(error instanceof Stopping)) throw error;
      // The next worker goes on.
      await enqueue(user_id, 0);
    }
  };
  return {
    delete_account: deleteAccount,
    // A net below the job's own attempts, of which none is left after some days of failures.
    continue_deletions: async () => {
      await database.asSystem("deletions are of many people", null, ({ client }) =>
        client.query("select private.continue_deletions($1)", [sliceSizes.plain]),
      );
    },
  };
}

/** The worker is stopping. */
class Stopping extends Error {}
