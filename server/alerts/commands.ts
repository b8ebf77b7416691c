import type { z } from "zod";
import type { AvailabilityAlert, createAvailabilityAlert } from "#contract/alerts.ts";
import { countLimits } from "#rules/limits.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { dateErrors } from "#words/fields.ts";
import { inJudgedTransaction } from "../bookings/judgedTransaction.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { offeredSlots, readSchedule } from "../slots/queries.ts";
import { readAlert } from "./queries.ts";

/**
 * Creates an alert for free times on some days. Written under the mentor's lock at the revision that was judged: later
 * changes of the schedule see the alert, and earlier ones are seen here.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `own_session`, `times_already_free`,
 * `availability_alert_exists`, `validation_failed`
 */
export async function createAlert(
  { database, now }: Dependencies,
  caller: Identity,
  asked: z.output<typeof createAvailabilityAlert>,
): Promise<AvailabilityAlert> {
  if (asked.expert_id === caller.id) throw new Refusal("own_session");
  if (asked.to < wallClockOf(asked.timezone, now()).date) throw refuseField("to", dateErrors.over);
  const reason = "the slot engine says that there is nothing yet";
  const about = { reason, caller, mentorId: asked.expert_id };
  const id = await inJudgedTransaction(database, about, async (tx, lockAt) => {
    const read = await readSchedule(tx.client, asked.expert_id, asked);
    const { days } = offeredSlots(read, { ...asked, include: "available" }, now());
    const free = days.flatMap(({ date, slots }) => slots.map((slot) => ({ date, ...slot })));
    if (free.length > 0) {
      throw new Refusal("times_already_free", { next_slots: free.slice(0, countLimits.freeTimesNamed) });
    }
    const made = tx.last.db
      .insertInto("availability_alerts")
      .values({
        user_id: caller.id,
        expert_id: asked.expert_id,
        service_id: asked.service_id,
        duration: asked.duration,
        from_date: asked.from,
        to_date: asked.to,
        timezone: asked.timezone,
      })
      .returning("id");
    const [, alert] = await Promise.all([lockAt(read.revision), made.executeTakeFirstOrThrow()]);
    return alert.id;
  });
  return database.asSystem(reason, caller.id, (tx) => readAlert(tx.last, id));
}

/** Deletes an alert. @throws Refusal `availability_alert_not_found` */
export async function deleteAlert(database: Database, caller: Identity, id: string): Promise<void> {
  await database.asUser(caller.id, async (tx) => {
    const dropped = await tx.db.deleteFrom("availability_alerts").where("id", "=", id).executeTakeFirst();
    if (dropped.numDeletedRows === 0n) throw new Refusal("availability_alert_not_found");
  });
}
