import { setTimeout as sleep } from "node:timers/promises";
import type { Task, TaskList } from "graphile-worker";
import type { SystemTx } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";

/** A clean-up uses at most a sixth of a connection's time. */
const restFactor = 5;

/** What each clean-up function is for is its comment in db/schema; here is how many transactions they take. */
export function cleanUpTasks({ database }: Dependencies): TaskList {
  const once = (reason: string, statement: string) => async () => {
    await database.asSystem(reason, null, ({ client }) => client.query(statement));
  };
  /**
   * Runs one transaction per mentor, because each locks one mentor, and pauses several times as long after each: a backlog
   * from a time without a worker, and its notifications, must not slow down requests.
   */
  const perMentor =
    (reason: string, whose: string, statement: string): Task =>
    async (_payload, { abortSignal }) => {
      const mentors = await database.asSystem(reason, null, (tx) => readIds(tx, whose));
      for (const mentor of mentors) {
        const begunAt = performance.now();
        await database.asSystem(reason, null, ({ client }) => client.query(statement, [mentor]));
        await sleep((performance.now() - begunAt) * restFactor, undefined, { signal: abortSignal }).catch(
          () => {},
        );
        // The worker is stopping; the next one continues.
        if (abortSignal.aborted) return;
      }
    };
  return {
    free_lapsed_time: perMentor(
      "expired time belongs to many mentors",
      "select private.mentors_with_expired_time() as id",
      "select private.sweep_mentor($1)",
    ),
    complete_held_sessions: perMentor(
      "ended sessions belong to many mentors",
      "select private.mentors_with_held_sessions() as id",
      "select private.complete_held_sessions($1)",
    ),
    expire_no_show_claims: once(
      "unanswered reports belong to many people",
      "select private.expire_no_show_claims()",
    ),
    cancel_abandoned_bookings: perMentor(
      "the guide's daily clean-up",
      "select private.mentors_with_abandoned_bookings() as id",
      "select private.cancel_abandoned_bookings($1)",
    ),
    remove_past_blocked_dates: perMentor(
      "the guide's weekly clean-up",
      "select private.mentors_with_past_blocked_dates() as id",
      "select private.remove_past_blocked_dates($1)",
    ),
    archive_old_bookings: once("the guide's monthly clean-up", "select private.archive_old_bookings()"),
    delete_idempotency_keys: once("keys are kept for a day", "select private.delete_idempotency_keys()"),
    delete_call_counts: once("counts whose window is over", "select private.delete_call_counts()"),
    delete_expired_logins: once(
      "only the owner of the logins may remove what has expired",
      "select private.delete_expired_logins()",
    ),
    delete_booking_origins: once(
      "networks are known until the session begins",
      "select private.delete_booking_origins()",
    ),
    delete_old_notifications: once("inboxes keep half a year", "select private.delete_old_notifications()"),
  };
}

async function readIds({ client }: SystemTx, statement: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(statement);
  return rows.map(({ id }) => id);
}
