import type { TaskList } from "graphile-worker";
import { z } from "zod";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { inSlices, slicedTask, sliceSizes } from "../platform/queue/slices.ts";
import { leaveWaitlists } from "./leaveWaitlists.ts";
import { offerTimes } from "./offerTimes.ts";

const mentorPayload = z.object({ mentor_id: z.uuid() });
const personPayload = z.object({ user_id: z.uuid() });
const overlapPayload = z.object({
  mentor_id: z.uuid(),
  user_id: z.uuid(),
  starts_at: z.iso.datetime({ offset: true }),
  ends_at: z.iso.datetime({ offset: true }),
});

const reason = "a queue is made of many people";
/** Before every id. */
const noId = "00000000-0000-0000-0000-000000000000";

/**
 * `offer_waitlist` is enqueued once per mentor by everything that can free time (private.enqueue_waitlist), and for the moment
 * in which each offer lapses.
 */
export function waitlistTasks({ database, now }: Dependencies, sizes = sliceSizes): TaskList {
  return {
    offer_waitlist: async (payload) => {
      const { mentor_id } = mentorPayload.parse(payload);
      await database.asSystem(reason, null, (tx) => offerTimes(tx, mentor_id, now()));
    },
    offer_all_waitlists: slicedTask(
      database,
      { task: "offer_all_waitlists", reason: "the booking windows have moved on" },
      async (runSlice) => {
        let after = noId;
        for (let found = sizes.withEffects; found >= sizes.withEffects; ) {
          const mentors = await runSlice((tx) => enqueueOffers(tx, sizes.withEffects, after));
          found = mentors.length;
          after = mentors.at(-1) ?? after;
        }
      },
    ),
    leave_overlapping: async (payload) => {
      const { mentor_id, user_id, starts_at, ends_at } = overlapPayload.parse(payload);
      await database.asSystem(reason, null, ({ client }) =>
        client.query("select private.leave_overlapping_elsewhere($1, $2, $3, $4)", [
          mentor_id,
          user_id,
          starts_at,
          ends_at,
        ]),
      );
    },
    leave_waitlists: (payload) => leaveWaitlists(database, personPayload.parse(payload).user_id),
    delete_waitlist_entries: inSlices(
      database,
      { task: "delete_waitlist_entries", reason: "these have ended long ago" },
      "select private.delete_waitlist_entries($1) as count",
      sizes.changed,
    ),
  };
}

/** Enqueues the look at the next mentors with a queue, in the order of their ids, and returns these. */
async function enqueueOffers({ client }: SystemTx, most: number, after: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id, private.enqueue('offer_waitlist', jsonb_build_object('mentor_id', id), 'offer_waitlist:' || id)
     from private.mentors_with_waits($1, $2) id order by id`,
    [most, after],
  );
  return rows.map(({ id }) => id);
}
