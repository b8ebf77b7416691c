import type { z } from "zod";
import type { DayExplanation, explanationQuery } from "#contract/ownHours.ts";
import { blockingSessions, dayReason } from "#scheduling/explain.ts";
import { judgeSlots, type Occupancy } from "#scheduling/slots.ts";
import { addMs, DAY_MS, type EpochMs, formatInstant, parseInstant } from "#scheduling/units.ts";
import { mentorDay, mentorZoneAt } from "#scheduling/zoneCalendar.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { readOwnBusyTimes } from "../calendarConnections/queries.ts";
import type { UserTx } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { findService, readSchedule } from "../slots/queries.ts";
import { daySummary } from "./daySummary.ts";
import { listOwnBlockedDates, readOwnSettings } from "./queries.ts";

type InTheWay = DayExplanation["starts"][number]["sessions"][number];
type EventInTheWay = DayExplanation["starts"][number]["events"][number];

/**
 * Returns every start of one of the caller's days with the engine's verdict and the sessions, and events of connected calendars, in the way.
 * @throws Refusal `not_a_mentor`, `service_not_found`, `validation_failed`
 */
export async function explainDay(
  { database, now: clock }: Dependencies,
  caller: Identity,
  { date, duration, service_id }: z.output<typeof explanationQuery>,
): Promise<DayExplanation> {
  return database.asUser(caller.id, async (tx) => {
    await readOwnSettings(tx, caller.id);
    const asked = { from: date, to: date };
    const { schedule, taken, services } = await readSchedule(tx.client, caller.id, asked);
    const service = findService(services, { service_id, duration });
    const day = { ...mentorDay(schedule, date), now: clock() };
    const judged = judgeSlots(schedule, taken, { ...day, duration, serviceId: service?.id ?? null });
    const sessions = await readSessions(tx, caller.id, taken);

    const events = taken.some(({ isElsewhere }) => isElsewhere) ? await readEvents(tx, day) : [];

    const starts = judged.map(({ startsAt, verdict }) => {
      const isTaken = verdict === "taken" || verdict === "buffer";
      const blocking = isTaken ? blockingSessions(schedule, taken, { startsAt, duration }) : [];
      return {
        time: wallClockOf(mentorZoneAt(schedule, startsAt), startsAt).time,
        starts_at: formatInstant(startsAt),
        verdict,
        sessions: blocking.flatMap((busy) => (busy.isElsewhere ? [] : (sessions.get(busy.startsAt) ?? []))),
        events: isTaken
          ? blockingSessions(schedule, events, { startsAt, duration }).map(({ event }) => event)
          : [],
      };
    });
    const free = starts.filter(({ verdict }) => verdict === "free").length;
    const reason = free > 0 ? null : dayReason(schedule, new Set(judged.map(({ verdict }) => verdict)), day);
    const off = reason === "blocked" ? await listOwnBlockedDates(tx) : [];
    const blockedReason = off.find((each) => each.date === date)?.reason ?? null;
    return {
      date,
      timezone: mentorZoneAt(schedule, day.from),
      duration,
      free,
      reason,
      summary: daySummary({
        free,
        starts: starts.length,
        reason,
        duration,
        blockedReason,
        calendars: [...new Set(starts.flatMap((start) => start.events.map(({ calendar }) => calendar)))],
        schedule,
      }),
      starts,
    };
  });
}

interface BusyEvent extends Occupancy {
  event: EventInTheWay;
}

/** Returns the events of the caller's connected calendars around a day: as far as buffers and a session reach. */
async function readEvents(
  tx: UserTx,
  { from, until }: { from: EpochMs; until: EpochMs },
): Promise<BusyEvent[]> {
  const around = { start: formatInstant(addMs(from, -DAY_MS)), end: formatInstant(addMs(until, DAY_MS)) };
  const events = await readOwnBusyTimes(tx, around);
  return events.map(({ calendar_id: _, ...event }) => {
    const [startsAt, endsAt] = [parseInstant(event.starts_at), parseInstant(event.ends_at)];
    return {
      startsAt,
      endsAt,
      busyFrom: startsAt,
      busyUntil: endsAt,
      serviceId: null,
      capacity: 1,
      seatsTaken: 1,
      isElsewhere: true,
      event,
    };
  });
}

/** Returns the bookings of the taken time by start, epoch ms: sessions never overlap, but a group has several bookings. */
async function readSessions(
  tx: UserTx,
  mentorId: string,
  taken: readonly Occupancy[],
): Promise<ReadonlyMap<number, InTheWay[]>> {
  if (taken.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom("bookings")
    .select(["id", "user_name", "status", "starts_at", "ends_at"])
    .where("expert_id", "=", mentorId)
    .where(
      "starts_at",
      "in",
      [...new Set(taken.map(({ startsAt }) => startsAt))].map((at) => new Date(at)),
    )
    .where("status", "in", ["pending", "confirmed", "completed"])
    .orderBy("starts_at")
    .orderBy("created_at")
    .execute();
  const sessions = rows.map((row) => ({
    booking_id: row.id,
    student_name: row.user_name,
    status: row.status as InTheWay["status"],
    starts_at: row.starts_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
  }));
  return Map.groupBy(sessions, ({ starts_at }) => Date.parse(starts_at));
}
