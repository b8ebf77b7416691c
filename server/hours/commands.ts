import { sql } from "kysely";
import type { z } from "zod";
import type {
  AvailabilitySlot,
  BlockedDate,
  createAvailabilitySlot,
  createBlockedDate,
  createTimezonePeriod,
  HoursChange,
  replaceWeek,
  TimezonePeriod,
  unblockQuery,
  updateAvailabilitySlot,
} from "#contract/hours.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { dateErrors } from "#words/fields.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { changeHours, type HoursEdit } from "./changeHours.ts";
import {
  listOwnBlockedDates,
  listOwnSlots,
  periodColumns,
  presentBlockedDate,
  presentPeriod,
  presentSlot,
  slotColumns,
} from "./queries.ts";

// Every change of the hours can throw `not_a_mentor` or `hours_changed`, see changeHours.ts.

/** Adds a weekly or a dated window. @throws Refusal `duplicate_window` */
export async function addSlot(
  dependencies: Dependencies,
  edit: HoursEdit,
  window: z.output<typeof createAvailabilitySlot>,
): Promise<AvailabilitySlot & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    const row = await tx.db
      .insertInto("availability_slots")
      .values({
        expert_id: edit.caller.id,
        day_of_week: window.day_of_week ?? null,
        specific_date: window.specific_date ?? null,
        is_recurring: window.specific_date == null,
        start_time: window.start_time,
        end_time: window.end_time,
        replaces_weekly: window.replaces_weekly ?? false,
      })
      .returning(slotColumns)
      .executeTakeFirstOrThrow();
    return presentSlot(row);
  });
  return { ...result, ...change };
}

/** Changes a window; a weekly one stays weekly, a dated one dated. @throws Refusal `availability_slot_not_found` */
export async function changeSlot(
  dependencies: Dependencies,
  edit: HoursEdit,
  id: string,
  wish: z.output<typeof updateAvailabilitySlot>,
): Promise<AvailabilitySlot & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    const current = await tx.db
      .selectFrom("availability_slots")
      .select(slotColumns)
      .where("id", "=", id)
      .where("expert_id", "=", edit.caller.id)
      .forUpdate()
      .executeTakeFirst();
    if (!current) throw new Refusal("availability_slot_not_found");
    if (current.is_recurring && wish.specific_date !== undefined) {
      throw refuseField("specific_date", dateErrors.weeklyHaveNoDate);
    }
    if (!current.is_recurring && wish.day_of_week !== undefined) {
      throw refuseField("day_of_week", dateErrors.datedHaveNoWeekday);
    }
    if (Object.keys(wish).length === 0) return presentSlot(current);
    const row = await tx.db
      .updateTable("availability_slots")
      .set(wish)
      .where("id", "=", id)
      .returning(slotColumns)
      .executeTakeFirstOrThrow();
    return presentSlot(row);
  });
  return { ...result, ...change };
}

/** @throws Refusal `availability_slot_not_found` */
export async function removeSlot(
  dependencies: Dependencies,
  edit: HoursEdit,
  id: string,
): Promise<HoursChange> {
  const { change } = await changeHours(dependencies, edit, async (tx) => {
    const removed = await tx.db
      .deleteFrom("availability_slots")
      .where("id", "=", id)
      .where("expert_id", "=", edit.caller.id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new Refusal("availability_slot_not_found");
  });
  return change;
}

/** Replaces all weekly hours; dated ones stay. Returns all hours. */
export async function setWeek(
  dependencies: Dependencies,
  edit: HoursEdit,
  { recurringSlots }: z.output<typeof replaceWeek>,
): Promise<{ data: AvailabilitySlot[] } & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    const expert_id = edit.caller.id;
    await tx.db
      .deleteFrom("availability_slots")
      .where("expert_id", "=", expert_id)
      .where("is_recurring", "=", true)
      .execute();
    if (recurringSlots.length > 0) {
      await tx.db
        .insertInto("availability_slots")
        .values(recurringSlots.map((window) => ({ ...window, expert_id, is_recurring: true })))
        .execute();
    }
    return listOwnSlots(tx, expert_id);
  });
  return { data: result, ...change };
}

/** Adds a whole mentor-local day off. @throws Refusal `date_already_blocked` */
export async function blockDate(
  dependencies: Dependencies,
  edit: HoursEdit,
  { date, reason }: z.output<typeof createBlockedDate>,
): Promise<BlockedDate & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    const row = await tx.db
      .insertInto("blocked_dates")
      .values({ expert_id: edit.caller.id, date, reason: reason || null })
      .returning(["id", "expert_id", "date", "created_at"])
      .executeTakeFirstOrThrow();
    return presentBlockedDate({ ...row, reason: reason || null });
  });
  return { ...result, ...change };
}

/** Adds all days of a range as days off; existing ones keep their reason. Returns the whole range. */
export async function blockRange(
  dependencies: Dependencies,
  edit: HoursEdit,
  { date, end_date, reason }: z.output<typeof createBlockedDate> & { end_date: LocalDate },
): Promise<{ data: BlockedDate[] } & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    await sql`
      insert into blocked_dates (expert_id, date, reason)
      select ${edit.caller.id}, day::date, ${reason || null}
      from generate_series(${date}::date, ${end_date}::date, interval '1 day') as day
      on conflict do nothing`.execute(tx.db);
    const own = await listOwnBlockedDates(tx);
    return own.filter((day) => day.date >= date && day.date <= end_date);
  });
  return { data: result, ...change };
}

/** @throws Refusal `blocked_date_not_found` */
export async function unblockDate(
  dependencies: Dependencies,
  edit: HoursEdit,
  id: string,
): Promise<HoursChange> {
  const { change } = await changeHours(dependencies, edit, async (tx) => {
    const removed = await tx.db
      .deleteFrom("blocked_dates")
      .where("id", "=", id)
      .where("expert_id", "=", edit.caller.id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new Refusal("blocked_date_not_found");
  });
  return change;
}

/** Deletes all days off of a range. */
export async function unblockRange(
  dependencies: Dependencies,
  edit: HoursEdit,
  { from, to }: z.output<typeof unblockQuery>,
): Promise<HoursChange> {
  const { change } = await changeHours(dependencies, edit, (tx) =>
    tx.db
      .deleteFrom("blocked_dates")
      .where("expert_id", "=", edit.caller.id)
      .where("date", ">=", from)
      .where("date", "<=", to)
      .execute(),
  );
  return change;
}

/** Adds a travel period. @throws Refusal `timezone_periods_overlap` */
export async function addPeriod(
  dependencies: Dependencies,
  edit: HoursEdit,
  period: z.output<typeof createTimezonePeriod>,
): Promise<TimezonePeriod & HoursChange> {
  const { result, change } = await changeHours(dependencies, edit, async (tx) => {
    const row = await tx.db
      .insertInto("timezone_periods")
      .values({ expert_id: edit.caller.id, ...period })
      .returning(periodColumns)
      .executeTakeFirstOrThrow();
    return presentPeriod(row);
  });
  return { ...result, ...change };
}

/** @throws Refusal `timezone_period_not_found` */
export async function removePeriod(
  dependencies: Dependencies,
  edit: HoursEdit,
  id: string,
): Promise<HoursChange> {
  const { change } = await changeHours(dependencies, edit, async (tx) => {
    const removed = await tx.db
      .deleteFrom("timezone_periods")
      .where("id", "=", id)
      .where("expert_id", "=", edit.caller.id)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new Refusal("timezone_period_not_found");
  });
  return change;
}
