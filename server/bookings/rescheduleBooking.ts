import type { z } from "zod";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking, rescheduleBooking as rescheduleBookingInput } from "#contract/bookings.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { SystemTx } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import type { MentorSchedule } from "../slots/queries.ts";
import type { Judging } from "./atRevision.ts";
import { requireStep } from "./changeStatus.ts";
import { moveJudged } from "./moveJudged.ts";
import { type CallingParty, type Party, roleIn } from "./party.ts";
import { findBooking, findBookingById, withoutExtras } from "./queries.ts";
import { addAlternatives, readLocked, requireMovable, resolveStart } from "./requestedStart.ts";

export type RescheduleRequest = z.output<typeof rescheduleBookingInput>;

/**
 * Moves a booking to another time, as its student or its mentor: judged like a new booking, by a schedule in memory that must
 * still be the current one when the move is written (moveJudged.ts), or else under the mentor's lock; but its own time counts
 * as free. The database takes the new time before it frees the old one; a refusal leaves the booking where it was. Moving it
 * to its own time changes nothing.
 * @throws Refusal `booking_not_found` (also for a stranger), `invalid_transition`, `cutoff_passed`, `slot_taken`,
 * `slot_unavailable`, `validation_failed`
 */
export async function rescheduleBooking(
  dependencies: Dependencies & { judging: Judging },
  caller: CallingParty,
  id: string,
  request: RescheduleRequest,
  idempotency: IdempotentRequest | undefined,
): Promise<Booking> {
  const { database, now } = dependencies;
  const known = caller.booking ?? (await database.asUser(caller.id, (tx) => findBookingById(tx.last, id)));
  if (!known) throw new Refusal("booking_not_found");
  const moved = await moveJudged(dependencies, { caller, booking: known, wanted: request, idempotency });
  if (moved) return moved;
  // A booking's mentor never changes; everything else is read again under the mentor's lock.
  let leaving: Booking = known;
  return onceOnly(database, caller, idempotency, "the slot engine has judged this start", async (tx) => {
    const [read, booking] = await Promise.all([
      readLocked(tx, known.expert_id, request),
      ownBooking(tx, known),
    ]);
    leaving = booking;
    requireStep("reschedule", roleIn(booking, caller), bookingFactsOf(booking), now());
    return moveBooking(tx, caller, booking, read, request, now());
  }).catch(async (error: unknown) => {
    throw await addAlternatives(error, dependencies, request, {
      mentorId: leaving.expert_id,
      duration: leaving.duration,
      session_type: leaving.session_type,
      service_id: leaving.service_id,
      leaving: parseInstant(leaving.starts_at),
    });
  });
}

async function moveBooking(
  tx: SystemTx,
  caller: Party,
  booking: Booking,
  read: MentorSchedule,
  request: RescheduleRequest,
  now: EpochMs,
): Promise<Booking> {
  const { schedule } = read;
  const startsAt = resolveStart(request, schedule.timezone);
  const oldStart = parseInstant(booking.starts_at);
  if (startsAt === oldStart) return booking;
  requireMovable(read, booking, startsAt, now);
  const local = wallClockOf(schedule.timezone, startsAt);
  // Students read about the session in the zone that they chose the time in.
  const studentZone = roleIn(booking, caller) === "student" ? (request.timezone ?? null) : null;
  await tx.client.query({
    name: "move_booking",
    text: "select id from private.move_booking($1, $2, $3, $4, $5, $6, $7)",
    values: [
      booking.expert_id,
      booking.id,
      new Date(startsAt),
      local.date,
      local.time,
      studentZone,
      request.reason || null,
    ],
  });
  return ownBooking(tx, booking);
}

async function ownBooking(tx: SystemTx, booking: BookingKey): Promise<Booking> {
  const found = await findBooking(tx, booking);
  if (!found) throw new Error("A booking that was there is gone.");
  return withoutExtras(found);
}
