import type { z } from "zod";
import type { Booking } from "#contract/bookings.ts";
import type { acceptWaitlistOffer } from "#contract/waitlist.ts";
import { formatInstant, fromDate, type Minutes } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { waitlistRefusals } from "#words/refusals.ts";
import { bookHeld } from "../bookings/createBooking.ts";
import { readLocked } from "../bookings/requestedStart.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { findWaitlistMentor } from "../platform/database/directory.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import { setOrigin } from "../platform/limits/origin.ts";
import { isFinalSql } from "./queries.ts";

interface OpenOffer {
  id: string;
  expert_id: string;
  service_id: string;
  starts_at: Date;
  /** The person's, of the place in the queue. */
  timezone: string;
  duration: Minutes;
  state: string;
  is_final: boolean;
  booking_id: string | null;
}

/**
 * Books what is held for the caller: the booking takes over the hold in one transaction under the mentor's lock. The time was
 * judged when it was offered, and is the caller's since; the price and the mentor's terms are those of now. An unpaid booking
 * leaves the offer open: it is accepted when it is paid, and ends with the hold.
 * @throws Refusal `waitlist_offer_not_found`, `waitlist_offer_closed`, `price_mismatch`, and what `createBooking` throws
 */
export async function acceptOffer(
  { database }: Dependencies,
  caller: Identity,
  id: string,
  request: z.output<typeof acceptWaitlistOffer>,
  idempotency: IdempotentRequest | undefined,
  origin: string | undefined,
): Promise<Booking> {
  return onceOnly(database, caller, idempotency, "the time is held for the caller", async (tx) => {
    const mentorId = await findWaitlistMentor(tx.client, id);
    const before = mentorId && (await readOffer(tx, mentorId, id));
    if (!before) throw new Refusal("waitlist_offer_not_found");
    const startsAt = fromDate(before.starts_at);
    const starts_at = formatInstant(startsAt);
    const timezone = request.timezone ?? before.timezone;
    const { date, time } = wallClockOf(timezone, startsAt);
    const wanted = { scheduled_date: date, scheduled_time: time, timezone, starts_at };
    const [read] = await Promise.all([readLocked(tx, before.expert_id, wanted), setOrigin(tx, origin)]);
    // What has lapsed was ended with the lock.
    const offer = await readOffer(tx, before.expert_id, id);
    if (offer?.state !== "open" || offer.booking_id !== null) throw new Refusal("waitlist_offer_closed");
    const service = read.services.find((each) => each.id === offer.service_id);
    if (!service) throw new Refusal("service_not_found");
    if (offer.is_final && !request.agrees_final) throw refuseField("agrees_final", waitlistRefusals.isFinal);
    const { agrees_final: _agreed, ...given } = request;
    return bookHeld(tx, caller, read, {
      ...given,
      ...wanted,
      expert_id: offer.expert_id,
      service_id: offer.service_id,
      session_type: service.session_type,
      duration: offer.duration,
    });
  });
}

async function readOffer(tx: SystemTx, mentorId: string, id: string): Promise<OpenOffer | undefined> {
  const { rows } = await tx.client.query<OpenOffer>(
    `select o.id, e.timezone, o.expert_id, o.service_id, o.starts_at, o.state, ${isFinalSql} as is_final, o.booking_id,
       (extract(epoch from o.ends_at - o.starts_at) / 60)::integer as duration
     from waitlist_offers o join waitlist_entries e on e.id = o.entry_id and e.expert_id = o.expert_id
       join services s on s.id = o.service_id and s.expert_id = o.expert_id
     where o.id = $1 and o.expert_id = $2`,
    [id, mentorId],
  );
  return rows[0];
}
