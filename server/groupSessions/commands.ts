import type { z } from "zod";
import type {
  GroupSession,
  moveGroupSession,
  scheduleGroupSessions,
  updateGroupSession,
} from "#contract/groupSessions.ts";
import type { Service } from "#contract/services.ts";
import { numberLimits } from "#rules/limits.ts";
import { addDays, dayOf, parseTime } from "#scheduling/dates.ts";
import { blockingSessions } from "#scheduling/explain.ts";
import type { Schedule } from "#scheduling/schedule.ts";
import { seriesStarts } from "#scheduling/series.ts";
import type { Occupancy } from "#scheduling/slots.ts";
import {
  addMs,
  asMinutes,
  DAY_MS,
  type EpochMs,
  type LocalDate,
  MINUTE_MS,
  type Minutes,
  parseInstant,
} from "#scheduling/units.ts";
import { zoneOnDate } from "#scheduling/zoneCalendar.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { groupRefusals, offerRefusals, programmeRefusals, proposalRefusals } from "#words/refusals.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { listServices } from "../services/queries.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { readSchedule } from "../slots/queries.ts";
import { findGroupSession, findGroupSessions } from "./queries.ts";

type PlannedSessions = Omit<z.output<typeof scheduleGroupSessions>, "late_join_minutes">;

export const reasonForSeats =
  "seats and times in the ledger are written by functions only, which check the mentor";

/**
 * Schedules group sessions: all of them or none. The mentor may choose any time, as long as no other session is in the way.
 * @throws Refusal `not_a_mentor`, `validation_failed`, `slot_taken`
 */
export async function scheduleSessions(
  { database, now }: Dependencies,
  caller: Identity,
  request: z.output<typeof scheduleGroupSessions>,
): Promise<GroupSession[]> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await lockSchedule(tx, caller.id, "not_a_mentor");
    const { service, seats, starts, decideMinutes } = await planSessions(tx, caller, request, now());
    requireTimeToDecide(seats, addMs(starts[0]!, -decideMinutes * MINUTE_MS), now());
    const { rows } = await tx.client.query<{ id: string }>(
      `select private.schedule_group_sessions($1, $2, $3, $4, $5, $6, $7, $8) as id`,
      [
        caller.id,
        service.id,
        starts.map((start) => new Date(start)),
        request.duration,
        seats.capacity,
        seats.min_attendees,
        decideMinutes,
        request.late_join_minutes ?? service.late_join_minutes,
      ],
    );
    return findGroupSessions(
      tx.client,
      caller.id,
      rows.map(({ id }) => id),
    );
  });
}

/**
 * What a mentor wants to schedule: the service, its seats, and the starts, of which there is at least one, ascending.
 * @throws Refusal `slot_taken`, `validation_failed`
 */
export async function planSessions(tx: SystemTx, caller: Identity, request: PlannedSessions, now: EpochMs) {
  const [service] = await listServices(tx.db, caller.id, { serviceId: request.service_id });
  if (!service) throw refuseField("service_id", offerRefusals.service);
  const seats = seatsOf(service, request);
  const starts = await weeklyStarts(tx, caller, request, now);
  return { service, seats, starts, decideMinutes: request.decide_minutes ?? service.decide_minutes };
}

/** A session that is decided before anyone knows of it would be cancelled at once. @throws Refusal `validation_failed` */
export function requireTimeToDecide(
  { min_attendees }: { min_attendees: number },
  decideAt: EpochMs,
  now: EpochMs,
): void {
  if (min_attendees > 1 && decideAt <= now)
    throw refuseField("decide_minutes", groupRefusals.decidedTooEarly);
}

/**
 * The starts of one date or of weekly ones, which are ahead and have no other session in their way.
 * @throws Refusal `slot_taken`, `validation_failed`
 */
async function weeklyStarts(
  tx: SystemTx,
  caller: Identity,
  request: PlannedSessions,
  now: EpochMs,
): Promise<EpochMs[]> {
  const { schedule, taken } = await readSchedule(tx.client, caller.id, {
    from: request.scheduled_date,
    to: addDays(request.scheduled_date, (request.weeks - 1) * 7 + 1),
  });
  const weekly = seriesStarts(schedule, {
    date: request.scheduled_date,
    minuteOfDay: parseTime(request.scheduled_time) ?? asMinutes(0),
    everyWeeks: 1,
    sessions: request.weeks,
  });
  const skipped = new Set(request.skipped_dates);
  const starts = weekly.filter((_, week) => !skipped.has(addDays(request.scheduled_date, week * 7)));
  if (starts.length === 0) throw refuseField("skipped_dates", groupRefusals.noDates);
  requireAhead(starts, now);
  requireRoom(starts, request.duration, schedule, taken);
  return starts;
}

/** @throws Refusal `validation_failed` */
function seatsOf(service: Service, request: PlannedSessions) {
  if (service.session_type !== "groupSession") throw refuseField("service_id", groupRefusals.noGroup);
  if (!service.durations.some(({ minutes }) => minutes === request.duration)) {
    throw refuseField("duration", offerRefusals.length);
  }
  const capacity = request.capacity ?? service.capacity;
  if (capacity < 2) throw refuseField("capacity", groupRefusals.oneSeat);
  const min_attendees = request.min_attendees ?? Math.min(service.min_attendees, capacity);
  if (min_attendees > capacity) throw refuseField("min_attendees", groupRefusals.minimumAboveSeats);
  return { capacity, min_attendees };
}

function requireAhead(starts: readonly EpochMs[], now: EpochMs): void {
  for (const start of starts) {
    if (start <= now) throw refuseField("scheduled_date", proposalRefusals.past);
    if (start > now + numberLimits.bookingWindowDays.max * DAY_MS)
      throw refuseField("scheduled_date", proposalRefusals.tooFarAhead);
  }
}

/** The constraint of the ledger has the last word; this names the times. @throws Refusal `slot_taken` */
function requireRoom(
  starts: readonly EpochMs[],
  duration: Minutes,
  schedule: Schedule,
  taken: readonly Occupancy[],
): void {
  const sessions = taken.filter(({ isElsewhere }) => !isElsewhere);
  const inTheWay = starts.filter(
    (startsAt) => blockingSessions(schedule, sessions, { startsAt, duration }).length > 0,
  );
  if (inTheWay.length === 0) return;
  throw new Refusal("slot_taken", {
    detail: groupRefusals.taken(inTheWay.length),
    taken_starts: inTheWay.map((start) => new Date(start).toISOString()),
  });
}

/** @throws Refusal `group_session_not_found`, `invalid_transition`, `seats_taken`, `validation_failed` */
export async function changeSession(
  { database, now }: Dependencies,
  caller: Identity,
  id: string,
  change: z.output<typeof updateGroupSession>,
): Promise<GroupSession> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await lockSchedule(tx, caller.id, "not_a_mentor");
    const session = await requireOwn(tx, caller, id);
    if (session.programme) throw new Refusal("invalid_transition", { detail: programmeRefusals.terms });
    const capacity = change.capacity ?? session.capacity;
    requireSeats(capacity, session.seats_taken);
    const minimum = change.min_attendees ?? session.min_attendees;
    if (change.min_attendees !== undefined && minimum > capacity)
      throw refuseField("min_attendees", groupRefusals.minimumAboveSeats);
    const attendees = await countAttendees(tx, caller, id);
    requireNotMissed({ ...session, min_attendees: minimum, attendees }, change, now());
    await tx.client.query("select private.change_group_session($1, $2, $3, $4, $5, $6)", [
      caller.id,
      id,
      change.capacity,
      change.min_attendees,
      change.decide_minutes,
      change.late_join_minutes,
    ]);
    return requireOwn(tx, caller, id);
  });
}

/** @throws Refusal `seats_taken` */
export function requireSeats(capacity: number, taken: number): void {
  if (capacity >= taken) return;
  throw new Refusal("seats_taken", {
    errors: [{ field: "capacity", message: groupRefusals.seatsTaken(taken) }],
  });
}

/** Those whom the decision counts (private.decide_group_sessions): no requests, and no seats that are offered to those who wait. */
async function countAttendees(tx: SystemTx, caller: Identity, id: string): Promise<number> {
  const { rows } = await tx.client.query<{ count: number }>(
    `select count(*) from bookings b
       join group_sessions g on g.occupancy_id = b.occupancy_id and g.expert_id = b.expert_id
     where g.id = $1 and g.expert_id = $2
       and (b.status = 'confirmed' or (b.status = 'pending' and b.status_when_paid = 'confirmed'))`,
    [id, caller.id],
  );
  return rows[0]?.count ?? 0;
}

/**
 * A mentor who wants to cancel a session says so; a changed number must not do it a minute later.
 * @throws Refusal `validation_failed`
 */
function requireNotMissed(
  { state, starts_at, decide_at, min_attendees, attendees }: GroupSession & { attendees: number },
  change: z.output<typeof updateGroupSession>,
  now: EpochMs,
): void {
  if (state !== "open" || min_attendees === 1 || attendees >= min_attendees) return;
  const decideAt =
    change.decide_minutes === undefined
      ? parseInstant(decide_at)
      : parseInstant(starts_at) - change.decide_minutes * MINUTE_MS;
  if (decideAt > now) return;
  throw change.decide_minutes === undefined
    ? refuseField("min_attendees", groupRefusals.decidedNow)
    : refuseField("decide_minutes", groupRefusals.decidedTooEarly);
}

/** Returns how many seats were freed. @throws Refusal `group_session_not_found`, `invalid_transition` */
export async function cancelSession(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  said: string | undefined,
): Promise<number> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await requireOwn(tx, caller, id);
    return callForSeats(tx, "select private.cancel_group_session($1, $2, $3) as seats", [
      caller.id,
      id,
      said || null,
    ]);
  });
}

/** @throws Refusal `group_session_not_found`, `invalid_transition`, `slot_taken`, `validation_failed` */
export function moveSession(
  dependencies: Dependencies,
  caller: Identity,
  id: string,
  { scheduled_date, scheduled_time, reason: said }: z.output<typeof moveGroupSession>,
): Promise<GroupSession> {
  const startOn = (schedule: Schedule) => {
    const zone = zoneOnDate(schedule, dayOf(scheduled_date));
    return instantOf(zone, scheduled_date, parseTime(scheduled_time) ?? asMinutes(0));
  };
  return moveOn(dependencies, caller, id, { date: scheduled_date, startOn, said });
}

/** As `moveSession`, to an instant. */
export function moveSessionTo(
  dependencies: Dependencies,
  caller: Identity,
  id: string,
  { startsAt, reason: said }: { startsAt: EpochMs; reason: string | undefined },
): Promise<GroupSession> {
  // In no zone of the mentor is it another date than the one before or after.
  const { date } = wallClockOf("UTC", startsAt);
  return moveOn(dependencies, caller, id, { date, startOn: () => startsAt, said });
}

interface Move {
  date: LocalDate;
  startOn(schedule: Schedule): EpochMs;
  said: string | undefined;
}

function moveOn(
  { database, now }: Dependencies,
  caller: Identity,
  id: string,
  { date, startOn, said }: Move,
): Promise<GroupSession> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await lockSchedule(tx, caller.id, "not_a_mentor");
    const session = await requireOwn(tx, caller, id);
    const { schedule, taken } = await readSchedule(tx.client, caller.id, {
      from: addDays(date, -1),
      to: addDays(date, 2),
    });
    const start = startOn(schedule);
    requireAhead([start], now());
    const own = parseInstant(session.starts_at);
    const decideMs = own - parseInstant(session.decide_at);
    if (session.state === "open" && session.min_attendees > 1 && start - decideMs <= now())
      throw refuseField("scheduled_date", groupRefusals.movedTooClose);
    requireRoom(
      [start],
      session.duration,
      schedule,
      taken.filter(({ startsAt }) => startsAt !== own),
    );
    await tx.client.query("select private.move_group_session($1, $2, $3, $4)", [
      caller.id,
      id,
      new Date(start),
      said || null,
    ]);
    return requireOwn(tx, caller, id);
  });
}

/** Returns how many people it was sent to. @throws Refusal `group_session_not_found`, `invalid_transition` */
export async function messageSession(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  message: string,
): Promise<number> {
  return database.asSystem(reasonForSeats, caller.id, async (tx) => {
    await requireOwn(tx, caller, id);
    return callForSeats(tx, "select private.message_group($1, $2, $3) as seats", [caller.id, id, message]);
  });
}

/** Calls a function of the database that changes something for all, and returns for how many seats. */
export async function callForSeats(tx: SystemTx, text: string, values: unknown[]): Promise<number> {
  const { rows } = await tx.last.client.query<{ seats: number }>(text, values);
  return rows[0]?.seats ?? 0;
}

async function requireOwn(tx: SystemTx, caller: Identity, id: string): Promise<GroupSession> {
  const session = await findGroupSession(tx.client, caller.id, id);
  if (session?.state === "cancelled") throw new Refusal("invalid_transition", { detail: groupRefusals.over });
  if (!session) throw new Refusal("group_session_not_found");
  return session;
}
