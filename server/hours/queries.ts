import { type Kysely, sql } from "kysely";
import type { Availability, AvailabilitySlot, BlockedDate, TimezonePeriod } from "#contract/hours.ts";
import { schedulingSettings } from "#contract/mentors.ts";
import type { OwnHours } from "#contract/ownHours.ts";
import type { EpochMs, LocalDate } from "#scheduling/units.ts";
import type { DB } from "../../db/types.gen.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { mentorIdOf } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import { readOutsideSessions } from "./outsideSessions.ts";

export const slotColumns = [
  "id",
  "expert_id",
  "day_of_week",
  "start_time",
  "end_time",
  "is_recurring",
  "specific_date",
  "replaces_weekly",
  "created_at",
  "updated_at",
] as const;

export const periodColumns = ["id", "expert_id", "starts_on", "ends_on", "timezone", "created_at"] as const;

/** Returns a mentor's weekly hours, and the dated hours and days off between two mentor-local dates. */
export async function readAvailability(
  db: Kysely<DB>,
  mentor: string,
  range: { start_date: LocalDate; end_date: LocalDate },
): Promise<Availability> {
  const profile = await db
    .selectFrom("expert_profiles")
    .select(["id", "timezone"])
    .where("id", "=", mentorIdOf(mentor))
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
  const periods = await db
    .selectFrom("timezone_periods")
    .select(periodColumns)
    .where("expert_id", "=", profile.id)
    .where("starts_on", "<=", range.end_date)
    .where("ends_on", ">=", range.start_date)
    .orderBy("starts_on")
    .execute();
  return {
    timezone: profile.timezone,
    recurringSlots: windows.filter((row) => row.is_recurring).map(presentSlot),
    specificSlots: windows.filter((row) => !row.is_recurring).map(presentSlot),
    blockedDates: blocked.map((row) => presentBlockedDate({ ...row, reason: null })),
    timezonePeriods: periods.map(presentPeriod),
  };
}

/** Returns all of the caller's hours: weekly ones, then dated ones by date. */
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

/** Returns the caller's days off, with reasons. */
export async function listOwnBlockedDates(tx: UserTx): Promise<BlockedDate[]> {
  const { rows } = await sql<Omit<BlockedDate, "created_at"> & { created_at: Date }>`
    select id, expert_id, date, reason, created_at from my_blocked_dates()`.execute(tx.db);
  return rows.map(presentBlockedDate);
}

/** Returns the caller's travel periods, earliest first. */
export async function listOwnPeriods(tx: UserTx, expertId: string): Promise<TimezonePeriod[]> {
  const rows = await tx.db
    .selectFrom("timezone_periods")
    .select(periodColumns)
    .where("expert_id", "=", expertId)
    .orderBy("starts_on")
    .execute();
  return rows.map(presentPeriod);
}

/**
 * Returns all of the caller's hours.
 * @param now epoch ms
 * @throws Refusal `not_a_mentor`
 */
export async function readOwnHours(database: Database, userId: string, now: EpochMs): Promise<OwnHours> {
  return database.asUser(userId, async (tx) => {
    const { hours_revision, data: slots } = await withRevision(tx, userId, () => listOwnSlots(tx, userId));
    const { timezone, ...settings } = await readOwnSettings(tx, userId);
    return {
      hours_revision,
      timezone,
      settings,
      slots,
      blocked_dates: await listOwnBlockedDates(tx),
      timezone_periods: await listOwnPeriods(tx, userId),
      outside_sessions: await readOutsideSessions(tx, userId, now),
    };
  });
}

/** Returns the caller's scheduling settings and zone. @throws Refusal `not_a_mentor` */
export async function readOwnSettings(
  tx: UserTx,
  userId: string,
): Promise<OwnHours["settings"] & { timezone: string }> {
  const row = await tx.db
    .selectFrom("expert_profiles")
    .select([...schedulingSettings.keyof().options, "timezone"])
    .where("id", "=", userId)
    .executeTakeFirst();
  if (!row) throw new Refusal("not_a_mentor");
  return row;
}

/**
 * Returns a list with its revision. The revision is read first: if the hours change in between, it is too old, and saving
 * with it is rejected.
 */
export async function withRevision<T>(
  tx: UserTx,
  userId: string,
  list: () => Promise<T[]>,
): Promise<{ hours_revision: number; data: T[] }> {
  return { hours_revision: await readRevision(tx, userId), data: await list() };
}

/** Returns 0 for non-mentors: a new mentor's hours start with this revision. */
export async function readRevision(tx: UserTx, expertId: string): Promise<number> {
  const row = await tx.db
    .selectFrom("expert_profiles")
    .select("hours_revision")
    .where("id", "=", expertId)
    .executeTakeFirst();
  return row?.hours_revision ?? 0;
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

export function presentPeriod<Row extends Stamped & Omit<TimezonePeriod, "created_at">>(row: Row) {
  return { ...row, created_at: row.created_at.toISOString() };
}
