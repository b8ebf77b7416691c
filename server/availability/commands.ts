import { sql } from "kysely";
import type { z } from "zod";
import type {
  AvailabilitySlot,
  BlockedDate,
  createAvailabilitySlot,
  createBlockedDate,
  replaceWeek,
  updateAvailabilitySlot,
} from "../../contract/availability.ts";
import type { Identity } from "../auth/identity.ts";
import type { Database, UserTx } from "../database.ts";
import { Refusal, refuseField } from "../errors.ts";
import { lockOwnProfile } from "../mentors/queries.ts";
import { listOwnSlots, presentBlockedDate, presentSlot, slotColumns } from "./queries.ts";

/** Adds a weekly or a dated window. @throws Refusal `not_a_mentor`, `duplicate_window` */
export async function addSlot(
  database: Database,
  caller: Identity,
  window: z.output<typeof createAvailabilitySlot>,
): Promise<AvailabilitySlot> {
  return asMentor(database, caller, async (tx) => {
    const row = await tx.db
      .insertInto("availability_slots")
      .values({
        expert_id: caller.id,
        day_of_week: window.day_of_week ?? null,
        specific_date: window.specific_date ?? null,
        is_recurring: window.specific_date == null,
        start_time: window.start_time,
        end_time: window.end_time,
      })
      .returning(slotColumns)
      .executeTakeFirstOrThrow();
    return presentSlot(row);
  });
}

/** Moves a window; a weekly one stays weekly, a dated one dated. @throws Refusal `availability_slot_not_found` */
export async function changeSlot(
  database: Database,
  caller: Identity,
  id: string,
  change: z.output<typeof updateAvailabilitySlot>,
): Promise<AvailabilitySlot> {
  return asMentor(database, caller, async (tx) => {
    const current = await tx.db
      .selectFrom("availability_slots")
      .select(slotColumns)
      .where("id", "=", id)
      .where("expert_id", "=", caller.id)
      .forUpdate()
      .executeTakeFirst();
    if (!current) throw new Refusal("availability_slot_not_found");
    if (current.is_recurring && change.specific_date !== undefined) {
      throw refuseField("specific_date", "Weekly hours have no date. Add dated hours instead.");
    }
    if (!current.is_recurring && change.day_of_week !== undefined) {
      throw refuseField("day_of_week", "Dated hours have no day of the week. Add weekly hours instead.");
    }
    if (Object.keys(change).length === 0) return presentSlot(current);
    const row = await tx.db
      .updateTable("availability_slots")
      .set(change)
      .where("id", "=", id)
      .returning(slotColumns)
      .executeTakeFirstOrThrow();
    return presentSlot(row);
  });
}

/** @throws Refusal `availability_slot_not_found` */
export async function removeSlot(database: Database, caller: Identity, id: string): Promise<void> {
  await asMentor(database, caller, async (tx) => {
    const removed = await tx.db
      .deleteFrom("availability_slots")
      .where("id", "=", id)
      .where("expert_id", "=", caller.id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new Refusal("availability_slot_not_found");
  });
}

/** Replaces all weekly hours at once; dated ones stay. Answers all hours. */
export async function setWeek(
  database: Database,
  caller: Identity,
  { recurringSlots }: z.output<typeof replaceWeek>,
): Promise<AvailabilitySlot[]> {
  return asMentor(database, caller, async (tx) => {
    await tx.db
      .deleteFrom("availability_slots")
      .where("expert_id", "=", caller.id)
      .where("is_recurring", "=", true)
      .execute();
    if (recurringSlots.length > 0) {
      await tx.db
        .insertInto("availability_slots")
        .values(recurringSlots.map((window) => ({ ...window, expert_id: caller.id, is_recurring: true })))
        .execute();
    }
    return listOwnSlots(tx, caller.id);
  });
}

/** Takes one whole mentor-local day off. @throws Refusal `not_a_mentor`, `date_already_blocked` */
export async function blockDate(
  database: Database,
  caller: Identity,
  { date, reason }: z.output<typeof createBlockedDate>,
): Promise<BlockedDate> {
  return asMentor(database, caller, async (tx) => {
    const row = await tx.db
      .insertInto("blocked_dates")
      .values({ expert_id: caller.id, date, reason: reason || null })
      .returning(["id", "expert_id", "date", "created_at"])
      .executeTakeFirstOrThrow();
    return presentBlockedDate({ ...row, reason: reason || null });
  });
}

/** @throws Refusal `blocked_date_not_found` */
export async function unblockDate(database: Database, caller: Identity, id: string): Promise<void> {
  await asMentor(database, caller, async (tx) => {
    const removed = await tx.db
      .deleteFrom("blocked_dates")
      .where("id", "=", id)
      .where("expert_id", "=", caller.id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new Refusal("blocked_date_not_found");
  });
}

/** The caller's own days off, reasons included. */
export async function listOwnBlockedDates(database: Database, caller: Identity): Promise<BlockedDate[]> {
  return database.asUser(caller.id, async (tx) => {
    const { rows } = await sql<Omit<BlockedDate, "created_at"> & { created_at: Date }>`
      select id, expert_id, date, reason, created_at from my_blocked_dates()`.execute(tx.db);
    return rows.map(presentBlockedDate);
  });
}

async function asMentor<T>(
  database: Database,
  caller: Identity,
  work: (tx: UserTx) => Promise<T>,
): Promise<T> {
  return database.asUser(caller.id, async (tx) => {
    if (!(await lockOwnProfile(tx, caller.id))) throw new Refusal("not_a_mentor");
    return work(tx);
  });
}
