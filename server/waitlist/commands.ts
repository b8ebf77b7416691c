import type { z } from "zod";
import type { joinWaitlist as joinWaitlistInput, WaitlistEntry } from "#contract/waitlist.ts";
import { countLimits } from "#rules/limits.ts";
import type { AskedStarts } from "#scheduling/neededRange.ts";
import { findSlots } from "#scheduling/slots.ts";
import {
  addMs,
  type EpochMs,
  fromDate,
  type LocalDate,
  type Minutes,
  parseInstant,
} from "#scheduling/units.ts";
import { addDays, startOfDay, wallClockOf } from "#scheduling/zonedTime.ts";
import { dateErrors } from "#words/fields.ts";
import { offerRefusals } from "#words/refusals.ts";
import { inJudgedTransaction } from "../bookings/judgedTransaction.ts";
import type { Database, SystemTx } from "../platform/database/database.ts";
import { findWaitlistMentor } from "../platform/database/directory.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type MentorSchedule, readSchedule, scheduleForId } from "../slots/queries.ts";
import { readEntry } from "./queries.ts";

type JoinRequest = z.output<typeof joinWaitlistInput>;

/** What is waited for, as it is stored. */
interface Target {
  kind: JoinRequest["kind"];
  serviceId: string;
  duration: Minutes;
  from: EpochMs;
  until: EpochMs;
  groupSessionId: string | null;
  dates: { from: LocalDate; to: LocalDate } | null;
}

/**
 * Joins a queue: for a time that is not free. Written under the mentor's lock at the revision that was judged, so later changes
 * of the schedule see who waits, and earlier ones are seen here.
 * @throws Refusal `mentor_not_found`, `service_not_found`, `group_session_not_found`, `own_session`, `times_already_free`,
 * `waitlist_entry_exists`, `already_booked`, `cap_reached`, `validation_failed`
 */
export async function joinWaitlist(
  { database, now }: Dependencies,
  caller: Identity,
  mentorId: string,
  request: JoinRequest,
): Promise<WaitlistEntry> {
  if (mentorId === caller.id) throw new Refusal("own_session");
  const reason = "the slot engine says that there is nothing free yet";
  const id = await inJudgedTransaction(database, { reason, caller, mentorId }, async (tx, lockAt) => {
    const target = await targetOf(tx, mentorId, request, now());
    const asked: AskedStarts = { from: target.from, until: target.until };
    const read = await readSchedule(tx.client, mentorId, asked);
    requireOffered(read, target);
    rejectFree(read, target, request.timezone, now());
    const joined = tx.last.db
      .insertInto("waitlist_entries")
      .values({
        user_id: caller.id,
        expert_id: mentorId,
        service_id: target.serviceId,
        duration: target.duration,
        kind: target.kind,
        group_session_id: target.groupSessionId,
        from_date: target.dates?.from ?? null,
        to_date: target.dates?.to ?? null,
        timezone: request.timezone,
        starts_from: new Date(target.from),
        starts_until: new Date(target.until),
      })
      .returning("id");
    const [, entry] = await Promise.all([lockAt(read.revision), joined.executeTakeFirstOrThrow()]);
    return entry.id;
  });
  return database.asSystem(reason, caller.id, (tx) => readEntry(tx.last, id, now()));
}

async function targetOf(tx: SystemTx, mentorId: string, request: JoinRequest, now: EpochMs): Promise<Target> {
  switch (request.kind) {
    case "slot": {
      const from = parseInstant(request.starts_at);
      if (from <= now) throw refuseField("starts_at", dateErrors.over);
      return ofStart("slot", request.service_id, request.duration, from, null);
    }
    case "days": {
      const { from, to, timezone, service_id, duration } = request;
      if (to < wallClockOf(timezone, now).date) throw refuseField("to", dateErrors.over);
      return {
        kind: "days",
        serviceId: service_id,
        duration,
        from: startOfDay(timezone, from),
        until: startOfDay(timezone, addDays(to, 1)),
        groupSessionId: null,
        dates: { from, to },
      };
    }
    case "group": {
      const { rows } = await tx.client.query<{ service_id: string; duration: Minutes; starts_at: Date }>(
        `select service_id, (extract(epoch from ends_at - starts_at) / 60)::integer as duration, starts_at
         from group_sessions where id = $1 and expert_id = $2 and state <> 'cancelled' and starts_at > now()
           and programme_id is null`,
        [request.group_session_id, mentorId],
      );
      const [session] = rows;
      if (!session) throw new Refusal("group_session_not_found");
      const from = fromDate(session.starts_at);
      return ofStart("group", session.service_id, session.duration, from, request.group_session_id);
    }
    default:
      return request satisfies never;
  }
}

function ofStart(
  kind: "slot" | "group",
  serviceId: string,
  duration: Minutes,
  from: EpochMs,
  groupSessionId: string | null,
): Target {
  return { kind, serviceId, duration, from, until: addMs(from, 1), groupSessionId, dates: null };
}

function requireOffered({ services }: MentorSchedule, { serviceId, duration }: Target): void {
  const service = services.find(({ id }) => id === serviceId);
  if (!service) throw new Refusal("service_not_found");
  if (!service.durations.some(({ minutes }) => minutes === duration))
    throw refuseField("duration", offerRefusals.length);
}

/** @throws Refusal `times_already_free` with the first free times */
function rejectFree(read: MentorSchedule, target: Target, timezone: string, now: EpochMs): void {
  const { from, until, duration, serviceId } = target;
  const schedule = scheduleForId(read, serviceId);
  const free = findSlots(schedule, read.taken, { from, until, duration, now, serviceId });
  if (free.length === 0) return;
  throw new Refusal("times_already_free", {
    next_slots: free.slice(0, countLimits.freeTimesNamed).map((start) => ({
      ...wallClockOf(timezone, start),
      starts_at: new Date(start).toISOString(),
      available: true,
    })),
  });
}

const reasonToLeave = "queues and holds are changed by functions only, which check the person";

/** Leaves a queue; what was offered goes to the next. @throws Refusal `waitlist_entry_not_found` */
export async function leaveWaitlist(
  database: Database,
  caller: Pick<Identity, "id">,
  id: string,
): Promise<void> {
  const done = await database.asSystem(reasonToLeave, caller.id, async (tx) => {
    const mentorId = await findWaitlistMentor(tx.client, id);
    if (!mentorId) return false;
    return call(tx, "select private.leave_waitlist($1, $2) as done", [mentorId, id]);
  });
  if (!done) throw new Refusal("waitlist_entry_not_found");
}

/** Passes what is offered to the next. @throws Refusal `waitlist_offer_not_found`, `waitlist_offer_closed` */
export async function passOffer(database: Database, caller: Pick<Identity, "id">, id: string): Promise<void> {
  const done = await database.asSystem(reasonToLeave, caller.id, async (tx) => {
    const mentorId = await findWaitlistMentor(tx.client, id);
    if (!mentorId) throw new Refusal("waitlist_offer_not_found");
    return call(tx, "select private.pass_offer($1, $2) as done", [mentorId, id]);
  });
  if (!done) throw new Refusal("waitlist_offer_closed");
}

async function call(tx: SystemTx, text: string, values: unknown[]): Promise<boolean> {
  const { rows } = await tx.last.client.query<{ done: boolean }>(text, values);
  return rows[0]?.done ?? false;
}
