import type { z } from "zod";
import type { Booking, createBooking } from "#contract/bookings.ts";
import { parseTime } from "#scheduling/dates.ts";
import type { AskedStarts } from "#scheduling/neededRange.ts";
import { judgeStart, type Occupancy, type Schedule } from "#scheduling/slots.ts";
import { addMs, asMinutes, type EpochMs, epochMs, type Minutes, parseInstant } from "#scheduling/units.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { dateErrors } from "#words/fields.ts";
import { startRefusals } from "#words/slots.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refusalFromDatabase, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { forMove, type MentorSchedule, readSchedule, scheduleForId } from "../slots/queries.ts";
import { type SuggestionRequest, suggestSlots } from "../slots/suggestSlots.ts";

/** The body of a request to book, as the route has parsed it. */
export type BookingRequest = z.output<typeof createBooking>;

/** A time as requested, to book or to move to. */
export type RequestedStart = Pick<
  BookingRequest,
  "scheduled_date" | "scheduled_time" | "timezone" | "starts_at"
>;

/** What a booking takes from its request; what is left out comes from the account and the mentor's zone. */
export function askedFor(
  request: Pick<
    BookingRequest,
    "message" | "add_recording" | "user_name" | "user_email" | "user_phone" | "timezone"
  >,
  caller: Pick<Identity, "name" | "email">,
  { timezone }: Pick<Schedule, "timezone">,
) {
  return {
    message: request.message || null,
    add_recording: request.add_recording ?? false,
    user_name: request.user_name ?? caller.name,
    user_email: request.user_email ?? caller.email,
    user_phone: request.user_phone ?? null,
    student_timezone: request.timezone ?? timezone,
  };
}

/** Whether the student has agreed to be named to others, where there are others. */
export function showsName(
  { shows_name = false }: Pick<BookingRequest, "shows_name">,
  { capacity }: { capacity: number },
): boolean {
  return shows_name && capacity > 1;
}

/**
 * Locks the mentor and reads the schedule around the requested time. Both statements are sent together; PostgreSQL runs the
 * second one once it has the lock, so it sees every earlier change.
 * @throws Refusal `mentor_not_found`
 */
export async function readLocked(
  tx: SystemTx,
  expertId: string,
  wanted: RequestedStart,
): Promise<MentorSchedule> {
  const [, read] = await Promise.all([
    lockSchedule(tx, expertId),
    readSchedule(tx.client, expertId, requestedStarts(wanted)),
  ]);
  return read;
}

/** The contract has validated the time. */
function minuteOf(scheduled_time: string): Minutes {
  return parseTime(scheduled_time) ?? asMinutes(0);
}

/** What is known of the start without the mentor's zone: with an instant or a zone, all of it. */
export function requestedStarts({
  scheduled_date,
  scheduled_time,
  timezone,
  starts_at,
}: RequestedStart): AskedStarts {
  if (starts_at === undefined && timezone === undefined) return { from: scheduled_date, to: scheduled_date };
  const from =
    starts_at === undefined
      ? instantOf(timezone ?? "UTC", scheduled_date, minuteOf(scheduled_time))
      : parseInstant(starts_at);
  return { from: epochMs(from), until: epochMs(from + 1) };
}

/**
 * Returns the requested instant; `starts_at` must match the date and time.
 * @throws Refusal `validation_failed`
 */
export function resolveStart(wanted: RequestedStart, mentorZone: string): EpochMs {
  const zone = wanted.timezone ?? mentorZone;
  const startsAt =
    wanted.starts_at === undefined
      ? instantOf(zone, wanted.scheduled_date, minuteOf(wanted.scheduled_time))
      : parseInstant(wanted.starts_at);
  const local = wallClockOf(zone, startsAt);
  if (local.date === wanted.scheduled_date && local.time === wanted.scheduled_time) return startsAt;
  throw wanted.starts_at === undefined
    ? refuseField("scheduled_time", dateErrors.skippedByClocks)
    : refuseField("starts_at", dateErrors.instantDiffers);
}

/** Lets the engine that offers times judge the start. @throws Refusal `slot_taken`, `slot_unavailable` */
export function requireFree(
  schedule: Schedule,
  taken: readonly Occupancy[],
  start: Parameters<typeof judgeStart>[2],
): void {
  const verdict = judgeStart(schedule, taken, start);
  if (verdict === "free") return;
  const isFull = taken.some(
    ({ joinUntil, startsAt, serviceId }) =>
      joinUntil !== undefined &&
      startsAt === start.startsAt &&
      serviceId === start.serviceId &&
      start.now < joinUntil,
  );
  const detail = startRefusals[isFull ? "taken" : verdict];
  if (isFull || verdict === "taken" || verdict === "buffer") throw new Refusal("slot_taken", { detail });
  throw new Refusal("slot_unavailable", { detail, errors: [{ field: "scheduled_time", message: detail }] });
}

/** Lets the engine judge the new start of a booking. @throws Refusal `slot_taken`, `slot_unavailable` */
export function requireMovable(
  read: MentorSchedule,
  { starts_at, duration, service_id: serviceId }: Pick<Booking, "starts_at" | "duration" | "service_id">,
  startsAt: EpochMs,
  now: EpochMs,
): void {
  const ofService = { ...read, schedule: scheduleForId(read, serviceId) };
  const query = { from: startsAt, until: addMs(startsAt, 1), duration, now, serviceId };
  const { schedule, taken } = forMove(ofService, parseInstant(starts_at), query);
  requireFree(schedule, taken, { startsAt, duration, now, serviceId });
}

/** Adds other free times to a refusal of the time. Call it after the transaction. */
export async function addAlternatives(
  error: unknown,
  { database, now }: Dependencies,
  wanted: RequestedStart,
  session: Pick<SuggestionRequest, "mentorId" | "session_type" | "service_id" | "duration" | "leaving">,
): Promise<unknown> {
  const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
  if (refusal?.code !== "slot_taken" && refusal?.code !== "slot_unavailable") return error;
  const next_slots = await suggestSlots(
    database.public,
    {
      ...session,
      timezone: wanted.timezone,
      date: wanted.scheduled_date,
      minuteOfDay: minuteOf(wanted.scheduled_time),
    },
    now(),
  );
  return new Refusal(refusal.code, { ...refusal.details, next_slots });
}
