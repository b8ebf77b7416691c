import type { z } from "zod";
import type { Booking, createBooking as createBookingInput } from "../../contract/bookings.ts";
import { parseTime } from "../../scheduling/calendar.ts";
import { priceOf, sameAmount } from "../../scheduling/price.ts";
import { judgeStart, type Verdict } from "../../scheduling/slots.ts";
import { instantOf, wallClockOf } from "../../scheduling/zonedTime.ts";
import type { Identity } from "../auth/identity.ts";
import type { SystemTx } from "../database.ts";
import { Refusal, refusalFromDatabase, refuseField } from "../errors.ts";
import { type IdempotentRequest, onceOnly } from "../idempotency.ts";
import type { Services } from "../route.ts";
import { findOffer, type MentorSchedule, type OfferedService, readSchedule } from "../slots/queries.ts";
import { suggestSlots } from "../slots/suggestSlots.ts";
import { type BookingRow, presentBooking } from "./queries.ts";

export type BookingRequest = z.output<typeof createBookingInput>;

/**
 * Books a session: the same engine that offered the start judges it again under the mentor's lock, and the ledger's
 * constraint has the last word.
 * @throws Refusal `mentor_not_found`, `slot_taken`, `slot_unavailable`, `price_mismatch`, `validation_failed`,
 * `own_session`
 */
export async function createBooking(
  { database, now }: Services,
  caller: Identity,
  request: BookingRequest,
  idempotency: IdempotentRequest | undefined,
): Promise<Booking> {
  if (request.expert_id === caller.id) throw new Refusal("own_session");
  return onceOnly(database, caller, idempotency, "the slot engine has judged this start", async (tx) => {
    await lockSchedule(tx, request.expert_id);
    // Read after the lock: what was true before waiting for it may no longer be.
    const start = await judge(tx, request, now());
    return insertBooking(tx, caller, request, start);
  }).catch(async (error: unknown) => {
    throw await withSuggestions(error, { database, now }, request);
  });
}

interface JudgedStart {
  startsAt: number;
  read: MentorSchedule;
  service: OfferedService;
}

async function lockSchedule(tx: SystemTx, expertId: string): Promise<void> {
  const { rows } = await tx.client.query<{ found: boolean }>({
    name: "lock_schedule",
    text: "select private.lock_schedule($1) as found",
    values: [expertId],
  });
  if (!rows[0]?.found) throw new Refusal("mentor_not_found");
}

async function judge(tx: SystemTx, request: BookingRequest, now: number): Promise<JudgedStart> {
  const around = Date.parse(request.starts_at ?? `${request.scheduled_date}T${request.scheduled_time}Z`);
  const read = await readSchedule(tx.client, request.expert_id, { from: around, until: around + 1 });
  const service = chooseService(read.services, request);
  checkPrice(service, request);
  const startsAt = resolveStart(request, read.schedule.timezone);
  const verdict = judgeStart(read.schedule, read.taken, {
    startsAt,
    duration: request.duration,
    now,
    serviceId: service.id,
  });
  if (verdict !== "free") throw refusalOf(verdict);
  return { startsAt, read, service };
}

function chooseService(services: OfferedService[], request: BookingRequest): OfferedService {
  const { service, isTypeOffered } = findOffer(services, request);
  if (service) return service;
  if (isTypeOffered) throw refuseField("duration", "The mentor does not offer this service in this length.");
  const field = request.service_id === undefined ? "session_type" : "service_id";
  throw refuseField(field, "The mentor does not offer this service.");
}

function checkPrice(service: OfferedService, request: BookingRequest): void {
  const price = priceOf(service, { minutes: request.duration, addRecording: request.add_recording ?? false });
  if (!price.ok) throw refuseField(price.field, "This service has no recording.");
  if (sameAmount(price.amount, request.total_amount)) return;
  throw new Refusal("price_mismatch", {
    detail: `The price is ${price.amount} ${service.currency}.`,
    errors: [{ field: "total_amount", message: `The price is ${price.amount} ${service.currency}.` }],
    expected_amount: price.amount,
    currency: service.currency,
  });
}

/** The instant that is asked for, epoch ms; `starts_at` must say the same as date and time do. */
function resolveStart(request: BookingRequest, mentorZone: string): number {
  const zone = request.timezone ?? mentorZone;
  const startsAt =
    request.starts_at === undefined
      ? instantOf(zone, request.scheduled_date, parseTime(request.scheduled_time) ?? 0)
      : Date.parse(request.starts_at);
  const local = wallClockOf(zone, startsAt);
  if (local.date === request.scheduled_date && local.time === request.scheduled_time) return startsAt;
  throw request.starts_at === undefined
    ? refuseField("scheduled_time", "The clocks skip this time on that day.")
    : refuseField("starts_at", "This is not the instant of the date and time.");
}

const sentences: Readonly<Record<Exclude<Verdict, "free" | "taken" | "buffer"> | "off_grid", string>> = {
  past: "This time has passed.",
  notice: "The mentor needs more notice than that.",
  window: "The mentor does not take bookings that far ahead yet.",
  blocked: "The mentor is not available on that day.",
  outside_hours: "This session would run past the mentor's hours.",
  off_grid: "The mentor does not offer this time.",
  day_limit: "The mentor takes no more sessions on that day.",
  week_limit: "The mentor takes no more sessions in that week.",
};

function refusalOf(verdict: Exclude<Verdict, "free"> | "off_grid"): Refusal {
  if (verdict === "taken" || verdict === "buffer") return new Refusal("slot_taken");
  const detail = sentences[verdict];
  return new Refusal("slot_unavailable", { detail, errors: [{ field: "scheduled_time", message: detail }] });
}

type InsertedRow = Omit<BookingRow, "service_title" | "username" | "full_name" | "headline">;

async function insertBooking(
  tx: SystemTx,
  caller: Identity,
  request: BookingRequest,
  { startsAt, read, service }: JudgedStart,
): Promise<Booking> {
  const { mentor, schedule } = read;
  const local = wallClockOf(schedule.timezone, startsAt);
  const instant = service.instant_confirm ?? mentor.instant_confirm;
  const { rows } = await tx.client.query<InsertedRow>({
    name: "insert_booking",
    text: `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status, message, add_recording, user_name, user_email, user_phone, student_timezone)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
           returning *`,
    values: [
      caller.id,
      request.expert_id,
      service.id,
      service.session_type,
      local.date,
      local.time,
      request.duration,
      new Date(startsAt),
      instant ? "confirmed" : "pending",
      request.message || null,
      request.add_recording ?? false,
      request.user_name ?? caller.name,
      request.user_email ?? caller.email,
      request.user_phone ?? null,
      request.timezone ?? schedule.timezone,
    ],
  });
  const [row] = rows;
  if (!row) throw new Error("The inserted booking was not returned.");
  return presentBooking({
    ...row,
    service_title: service.title,
    username: mentor.username,
    full_name: mentor.full_name,
    headline: mentor.headline,
  });
}

/** Adds other free times to a refusal that is about the time, once the transaction is over. */
async function withSuggestions(
  error: unknown,
  { database, now }: Services,
  request: BookingRequest,
): Promise<unknown> {
  const refusal = error instanceof Refusal ? error : refusalFromDatabase(error);
  if (refusal?.code !== "slot_taken" && refusal?.code !== "slot_unavailable") return error;
  const next_slots = await suggestSlots(
    database.public,
    {
      mentorId: request.expert_id,
      session_type: request.session_type,
      service_id: request.service_id,
      duration: request.duration,
      timezone: request.timezone,
      date: request.scheduled_date,
      minuteOfDay: parseTime(request.scheduled_time) ?? 0,
    },
    now(),
  );
  return new Refusal(refusal.code, { ...refusal.details, next_slots });
}
