import type { Task, TaskList } from "graphile-worker";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { inMentorSlices, inSlices, slicedTask, sliceSizes } from "../platform/queue/slices.ts";

/** What each clean-up function is for is its comment in db/schema. Each handles a limited number of rows. */
export function cleanUpTasks({ database }: Pick<Dependencies, "database">, sizes = sliceSizes): TaskList {
  const slices = (task: string, reason: string, most: number) =>
    inSlices(database, { task, reason }, `select private.${task}($1) as count`, most);
  const plain = (task: string, reason: string) => slices(task, reason, sizes.plain);
  const perMentor = (task: string, reason: string, mentors: string, statement: string): Task =>
    inMentorSlices(database, { task, reason }, { mentors, statement }, sizes);
  const completeHeldSessions = slicedTask(
    database,
    { task: "complete_held_sessions", reason: "ended sessions belong to many mentors" },
    async (runSlice) => {
      let after: HeldSession | undefined;
      for (let found = sizes.withEffects; found >= sizes.withEffects; ) {
        const sessions = await runSlice((tx) => readHeldSessions(tx, sizes.withEffects, after));
        const byMentor = Map.groupBy(
          sessions.filter(({ can_complete }) => can_complete),
          ({ mentor_id }) => mentor_id,
        );
        for (const [mentor, ended] of byMentor) {
          await runSlice(({ client }) =>
            client.query("select private.complete_held_sessions($1, $2)", [
              mentor,
              ended.map(({ booking_id }) => booking_id),
            ]),
          );
        }
        found = sessions.length;
        after = sessions.at(-1);
      }
    },
  );
  return {
    free_lapsed_time: perMentor(
      "free_lapsed_time",
      "expired time belongs to many mentors",
      "select private.mentors_with_expired_time($1) as id",
      "select private.sweep_mentor($1, $2) as count",
    ),
    decide_group_sessions: perMentor(
      "decide_group_sessions",
      "the seats of a group session belong to many people",
      "select private.mentors_with_groups_to_decide($1) as id",
      "select private.decide_group_sessions($1, $2) as count",
    ),
    complete_held_sessions: completeHeldSessions,
    expire_no_show_claims: slices(
      "expire_no_show_claims",
      "unanswered reports belong to many people",
      sizes.withEffects,
    ),
    cancel_abandoned_bookings: perMentor(
      "cancel_abandoned_bookings",
      "the guide's daily clean-up",
      "select private.mentors_with_abandoned_bookings($1) as id",
      "select private.cancel_abandoned_bookings($1, $2) as count",
    ),
    remove_past_blocked_dates: perMentor(
      "remove_past_blocked_dates",
      "the guide's weekly clean-up",
      "select private.mentors_with_past_blocked_dates($1) as id",
      "select private.remove_past_blocked_dates($1, $2) as count",
    ),
    archive_old_bookings: slices("archive_old_bookings", "the guide's monthly clean-up", sizes.changed),
    delete_idempotency_keys: plain("delete_idempotency_keys", "keys are kept for a day"),
    delete_call_counts: plain("delete_call_counts", "counts whose window is over"),
    follow_removals: slices(
      "follow_removals",
      "what referred to removed rows belongs to many people",
      sizes.withEffects,
    ),
    delete_expired_logins: slices(
      "delete_expired_logins",
      "only the owner of the logins may remove what has expired",
      sizes.changed,
    ),
    delete_booking_origins: plain("delete_booking_origins", "networks are known until the session begins"),
    delete_old_notifications: plain("delete_old_notifications", "inboxes keep half a year"),
    delete_old_deliveries: plain("delete_old_deliveries", "mails are remembered for three months"),
    delete_old_payment_events: plain("delete_old_payment_events", "webhooks are kept for three months"),
  };
}

/** Of private.held_sessions(). */
interface HeldSession {
  mentor_id: string;
  booking_id: string;
  /** As text: a Date loses the microseconds. */
  ends_at: string;
  can_complete: boolean;
}

async function readHeldSessions(
  { client }: SystemTx,
  most: number,
  after: HeldSession | undefined,
): Promise<HeldSession[]> {
  const [call, values] = after
    ? ["private.held_sessions($1, $2, $3)", [most, after.ends_at, after.booking_id]]
    : ["private.held_sessions($1)", [most]];
  const { rows } = await client.query<HeldSession>(
    `select mentor_id, booking_id, ends_at::text, can_complete from ${call}`,
    values,
  );
  return rows;
}
