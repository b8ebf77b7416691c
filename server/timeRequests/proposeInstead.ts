import type { z } from "zod";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { proposeInstead as proposeInput, TimeRequest } from "#contract/timeRequests.ts";
import { isSameMoney } from "#rules/money.ts";
import { priceOf } from "#rules/price.ts";
import { withoutSeat } from "#scheduling/seats.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { constraintDetails } from "#words/errors.ts";
import { declinedForOtherTimes, proposalRefusals } from "#words/refusals.ts";
import { requireStep } from "../bookings/changeStatus.ts";
import { inJudgedTransaction } from "../bookings/judgedTransaction.ts";
import { roleIn } from "../bookings/party.ts";
import { type FoundBooking, findBooking, findBookingById } from "../bookings/queries.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type OfferedService, readSchedule } from "../slots/queries.ts";
import { spanOf, writeProposals } from "./commands.ts";
import { expiryOf, rejectUnbookable } from "./proposedStarts.ts";
import { findRequest } from "./queries.ts";

/**
 * Suggests other times instead of a booking request, which is declined and replaced by a time request. Its own
 * time becomes free, so it is in no start's way, but it is no other time either.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden`, `invalid_transition`, `service_not_found`,
 * `price_mismatch`, `validation_failed`
 */
export async function proposeInstead(
  { database, now }: Dependencies,
  caller: Identity,
  bookingId: string,
  { starts_at, message }: z.output<typeof proposeInput>,
): Promise<TimeRequest> {
  const starts = starts_at.map(parseInstant);
  // A booking's mentor never changes; everything else is read again.
  const known = await database.asUser(caller.id, (tx) => findBookingById(tx.last, bookingId));
  if (!known) throw new Refusal("booking_not_found");
  const replacement = { expert_id: known.expert_id, replaces_booking_id: bookingId };
  const reason = "opens a time request for the student";
  const about = { reason, caller, mentorId: known.expert_id };
  await inJudgedTransaction(database, about, async (tx, lockAt) => {
    const [read, booking] = await Promise.all([
      readSchedule(tx.client, known.expert_id, spanOf(starts)),
      findBooking(tx, known),
    ]);
    if (!booking) throw new Refusal("booking_not_found");
    requireStep("decline", roleIn(booking, caller), bookingFactsOf(booking), now());
    requireOffer(read.services, booking);
    rejectSameTime(starts, booking);
    const taken = withoutSeat(read.taken, parseInstant(booking.starts_at));
    rejectUnbookable(starts, { schedule: read.schedule, taken }, { duration: booking.duration, now: now() });
    await Promise.all([
      lockAt(read.revision),
      tx.client.query("select private.propose_instead($1, $2, $3, $4, $5)", [
        known.expert_id,
        bookingId,
        new Date(expiryOf(starts, now())),
        message || null,
        declinedForOtherTimes,
      ]),
      writeProposals(tx.last, { ...replacement, by: "mentor", round: 1, starts }),
    ]);
  });
  const request = await database.asSystem(reason, caller.id, (tx) => findRequest(tx.last, replacement));
  if (!request) throw new Refusal("booking_not_found");
  return request;
}

function rejectSameTime(starts: readonly EpochMs[], { starts_at }: Booking): void {
  const index = starts.indexOf(parseInstant(starts_at));
  if (index >= 0) throw refuseField(`starts_at.${index}`, proposalRefusals.sameTime);
}

/** Rejects times that the student could not accept because the price is no longer the one they were shown. */
function requireOffer(services: readonly OfferedService[], booking: FoundBooking): void {
  const service = services.find(({ id }) => id === booking.service_id);
  if (!service) throw new Refusal("service_not_found");
  const now = priceOf(service, { minutes: booking.duration, addRecording: booking.add_recording });
  if (now.ok && isSameMoney(now.price, booking.price)) return;
  throw new Refusal("price_mismatch", { detail: constraintDetails.priceChangedSinceRequest });
}
