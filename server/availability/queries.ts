import type { Kysely } from "kysely";
import type { Availability, AvailabilitySlot, BlockedDate } from "../../contract/availability.ts";
import type { DB } from "../../db/types.gen.ts";
import type { UserTx } from "../database.ts";
import { Refusal } from "../errors.ts";
import { mentorAddress } from "../mentors/queries.ts";

export const slotColumns = [
  "id",
  "expert_id",
  "day_of_week",
  "start_time",
  "end_time",
  "is_recurring",
  "specific_date",
  "created_at",
  "updated_at",
] as const;

/** A mentor's weekly hours, and the dated hours and days off within two mentor-local dates. */
export async function readAvailability(
  db: Kysely<DB>,
  mentor: string,
  range: { start_date: string; end_date: string },
): Promise<Availability> {
  const { column, value } = mentorAddress(mentor);
  const profile = await db
    .selectFrom("expert_profiles")
    .select(["id", "timezone"])
    .where(column, "=", value)
    .executeTakeFirst();
  if (!profile) throw new Refusal("mentor_not_found");
  const windows = await db
    .selectFrom("availability_slots")
    .select(slotColumns)
    .where("expert_id", "=", profile.id)
    .where((eb) =>
      eb.or([
        eb("is_recurring", "=", true),
        eb.and([eb("specific_date", ">=", range.start_date), eb("specific_date", "<=", range.end_date)]),
      ]),
    )
    .orderBy("day_of_week")
    .orderBy("specific_date")
    .orderBy("start_time")
    .execute();
  const blocked = await db
    .selectFrom("blocked_dates")
    .select(["id", "expert_id", "date", "created_at"])
    .where("expert_id", "=", profile.id)
    .where("date", ">=", range.start_date)
    .where("date", "<=", range.end_date)
    .orderBy("date")
    .execute();
  return {
    timezone: profile.timezone,
    recurringSlots: windows.filter((row) => row.is_recurring).map(presentSlot),
    specificSlots: windows.filter((row) => !row.is_recurring).map(presentSlot),
    blockedDates: blocked.map((row) => presentBlockedDate({ ...row, reason: null })),
  };
}

/** All of the caller's hours, weekly first, then dated ones by date. */
export async function listOwnSlots(tx: UserTx, expertId: string): Promise<AvailabilitySlot[]> {
  const rows = await tx.db
    .selectFrom("availability_slots")
    .select(slotColumns)
    .where("expert_id", "=", expertId)
    .orderBy("is_recurring", "desc")
    .orderBy("day_of_week")
    .orderBy("specific_date")
    .orderBy("start_time")
    .execute();
  return rows.map(presentSlot);
}

interface Stamped {
  created_at: Date;
}

export function presentSlot<Row extends Stamped & { updated_at: Date }>(row: Row) {
  return { ...row, created_at: row.created_at.toISOString(), updated_at: row.updated_at.toISOString() };
}

export function presentBlockedDate<Row extends Stamped & Omit<BlockedDate, "created_at">>(row: Row) {
  return { ...row, created_at: row.created_at.toISOString() };
}
