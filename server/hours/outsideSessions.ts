import { sql } from "kysely";
import type { OutsideSession } from "#contract/hours.ts";
import { sessionsOutsideHours } from "#scheduling/sessionsOutsideHours.ts";
import type { Schedule } from "#scheduling/slots.ts";
import { type EpochMs, epochMs, fromDate } from "#scheduling/units.ts";
import type { UserTx } from "../platform/database/database.ts";
import { readSchedule } from "../slots/queries.ts";

/** More than any mentor has ahead. */
const maxSessions = 500;

/**
 * Returns the caller's upcoming sessions outside their hours, earliest first.
 * @param change turns the saved hours into the ones to check
 * @param now epoch ms
 */
export async function readOutsideSessions(
  tx: UserTx,
  mentorId: string,
  now: EpochMs,
  change: (saved: Schedule) => Schedule = (saved) => saved,
): Promise<OutsideSession[]> {
  const rows = await tx.db
    .selectFrom("bookings as b")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "b.service_id").onRef("s.expert_id", "=", "b.expert_id"),
    )
    .select(["b.id", "b.starts_at", "b.ends_at", "b.status", "b.user_name", "b.series_id", "s.title"])
    .where("b.expert_id", "=", mentorId)
    .where("b.starts_at", ">", new Date(now))
    .where("b.status", "in", ["pending", "confirmed"])
    .where((eb) => eb.or([eb("b.expires_at", "is", null), eb("b.expires_at", ">", sql<Date>`now()`)]))
    .orderBy("b.starts_at")
    .orderBy("b.id")
    .limit(maxSessions)
    .execute();
  if (rows.length === 0) return [];
  const sessions = rows.map((row) => ({
    row,
    startsAt: fromDate(row.starts_at),
    endsAt: fromDate(row.ends_at),
  }));
  const { schedule } = await readSchedule(tx.client, mentorId, {
    from: epochMs(Math.min(...sessions.map(({ startsAt }) => startsAt))),
    until: epochMs(Math.max(...sessions.map(({ endsAt }) => endsAt))),
  });
  return sessionsOutsideHours(change(schedule), sessions).map(({ row }) => ({
    booking_id: row.id,
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
    status: row.status === "pending" ? "pending" : "confirmed",
    student_name: row.user_name,
    service_title: row.title,
    series_id: row.series_id,
  }));
}
