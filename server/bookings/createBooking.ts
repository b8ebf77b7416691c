import type { Booking } from "#contract/bookings.ts";
import { approvalOf, isConfirmedInstantly } from "#rules/approval.ts";
import { hasLink } from "#rules/meetingPlaces.ts";
import { type EpochMs, epochMs } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { offerRefusals } from "#words/refusals.ts";
import { asksForOffers, findOffers, noOffers, pricedWith, type UsableOffers } from "../offers/priceTerms.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { Refusal, refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { type IdempotentRequest, onceOnly } from "../platform/idempotency.ts";
import { setOrigin } from "../platform/limits/origin.ts";
import { requirePrice } from "../services/requirePrice.ts";
import { findOffer, type MentorSchedule, type OfferedService, scheduleFor } from "../slots/queries.ts";
import type { Booker, Judged } from "./bookJudged.ts";
import { placeOf } from "./presentPlace.ts";
import { type BookingRow, presentBooking } from "./queries.ts";
import {
  addAlternatives,
  askedFor,
  type BookingRequest,
  readLocked,
  requireFree,
  resolveStart,
  showsName,
} from "./requestedStart.ts";

/**
 * Books a session: the engine that offered the start judges it again, by a schedule in memory that must still be the current
 * one when the booking is written (bookJudged.ts), or else under the mentor's lock. The constraint of the table `occupancies`
 * has the last word.
 * A coupon and a session of a package are counted under the lock, so such a booking takes the second way.
 * @throws Refusal `coupon_not_found`, `coupon_not_usable`, `package_not_usable`, `mentor_not_found`, `slot_taken`, `slot_unavailable`, `price_mismatch`, `validation_failed`,
 * `own_session`, `too_many_requests_open`, `too_many_sessions_ahead`, `address_not_confirmed`
 * @param origin the network that the request comes from, see limits/origin.ts
 */
export async function createBooking(
  { database, now, booker }: Dependencies & { booker: Booker },
  caller: Identity,
  request: BookingRequest,
  idempotency: IdempotentRequest | undefined,
  origin?: string,
): Promise<Booking> {
  if (request.expert_id === caller.id) throw new Refusal("own_session");
  if (!asksForOffers(request)) {
    const judgeNow = (read: MentorSchedule) => judge(read, request, now());
    const booked = await booker.book({ caller, request, idempotency, origin, judge: judgeNow });
    if (booked) return booked;
  }
  return onceOnly(database, caller, idempotency, "the slot engine has judged this start", async (tx) => {
    const [read] = await Promise.all([readLocked(tx, request.expert_id, request), setOrigin(tx, origin)]);
    const offers = await usableOffers(tx, caller, read, request);
    return insertBooking(tx, caller, request, read, judge(read, request, now(), offers), offers);
  }).catch(async (error: unknown) => {
    const refusal = await addAlternatives(error, { database, now }, request, {
      mentorId: request.expert_id,
      duration: request.duration,
      session_type: request.session_type,
      service_id: request.service_id,
    });
    throw refusal instanceof Refusal && refusal.code === "slot_taken"
      ? await addOwnHold(database, caller, request, refusal)
      : refusal;
  });
}

/**
 * Books time that is held for the caller, whose booking takes over the hold (private.take_offered_time). The mentor is locked.
 * @throws Refusal as `createBooking`, but for the time
 */
export async function bookHeld(
  tx: SystemTx,
  caller: Identity,
  read: MentorSchedule,
  request: BookingRequest,
): Promise<Booking> {
  const offers = await usableOffers(tx, caller, read, request);
  return insertBooking(tx, caller, request, read, agreeOn(read, request, offers), offers);
}

async function usableOffers(
  tx: SystemTx,
  caller: Identity,
  read: MentorSchedule,
  request: BookingRequest,
): Promise<UsableOffers> {
  if (!asksForOffers(request)) return noOffers;
  return findOffers(tx, {
    ...request,
    mentorId: request.expert_id,
    studentId: caller.id,
    service: chooseService(read.services, request),
  });
}

/** Adds the caller's own booking that holds the time and is not paid yet. */
async function addOwnHold(
  database: Dependencies["database"],
  caller: Identity,
  { expert_id, scheduled_date, scheduled_time, timezone, starts_at, duration }: BookingRequest,
  refusal: Refusal,
): Promise<Refusal> {
  const [own] = await database.asUser(caller.id, async ({ last }) => {
    const { rows } = await last.client.query<{ id: string }>(
      `select b.id from bookings b,
         lateral (select coalesce($3::timestamptz, ($4::date + $5::time) at time zone coalesce($6, b.mentor_timezone)) as start) asked
       where b.user_id = $1 and b.expert_id = $2 and b.status = 'pending' and b.status_when_paid is not null
         and b.expires_at > now() and b.starts_at < asked.start + make_interval(mins => $7) and b.ends_at > asked.start
       order by b.starts_at limit 1`,
      [caller.id, expert_id, starts_at, scheduled_date, scheduled_time, timezone, duration],
    );
    return rows;
  });
  return own ? new Refusal("slot_taken", { ...refusal.details, booking_id: own.id }) : refusal;
}

function judge(read: MentorSchedule, request: BookingRequest, now: EpochMs, offers = noOffers): Judged {
  const agreed = agreeOn(read, request, offers);
  const { startsAt, service } = agreed;
  requireFree(scheduleFor(read.schedule, service), read.taken, {
    startsAt,
    duration: request.duration,
    now,
    serviceId: service.id,
  });
  return agreed;
}

/** The session and its price, which the student knows. @throws Refusal `price_mismatch`, `validation_failed` */
function agreeOn(read: MentorSchedule, request: BookingRequest, offers: UsableOffers): Judged {
  const service = chooseService(read.services, request);
  const { duration: minutes, add_recording: addRecording = false } = request;
  const { total: price, lines } = pricedWith(service, { minutes, addRecording }, offers);
  requirePrice(price, request.total_amount);
  const startsAt = resolveStart(request, read.schedule.timezone);
  const approval = approvalOf(read.mentor, service);
  return { startsAt, service, price, lines, approval };
}

function chooseService(services: OfferedService[], request: BookingRequest): OfferedService {
  const { service, isTypeOffered } = findOffer(services, request);
  if (service) return service;
  if (isTypeOffered) throw refuseField("duration", offerRefusals.length);
  const field = request.service_id === undefined ? "session_type" : "service_id";
  throw refuseField(field, offerRefusals.service);
}

type InsertedRow = Omit<
  BookingRow,
  | "service_title"
  | "username"
  | "full_name"
  | "headline"
  | "room_url"
  | "room_note"
  | "programme_id"
  | "no_show"
  | "review"
>;

async function insertBooking(
  tx: SystemTx,
  caller: Identity,
  request: BookingRequest,
  read: MentorSchedule,
  { startsAt, service, approval }: Judged,
  offers: UsableOffers,
): Promise<Booking> {
  const { mentor, schedule } = read;
  const local = wallClockOf(schedule.timezone, epochMs(startsAt));
  const asked = askedFor(request, caller, schedule);
  const met = approval === "approve_first" && (await hasMet(tx, caller, request.expert_id));
  const { rows } = await tx.client.query<InsertedRow>({
    name: "insert_booking",
    text: `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status, message, add_recording, user_name, user_email, user_phone, student_timezone,
             coupon_id, package_purchase_id, shows_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
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
      isConfirmedInstantly(approval, met) ? "confirmed" : "pending",
      asked.message,
      asked.add_recording,
      asked.user_name,
      asked.user_email,
      asked.user_phone,
      asked.student_timezone,
      offers.couponId,
      offers.purchaseId,
      showsName(request, service),
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
    // A session of a programme is booked with the others.
    programme_id: null,
    no_show: null,
    ...(await readRoom(tx, row)),
    review: null,
  });
}

/** Whether these two have had a session that took place. */
export async function hasMet(tx: SystemTx, caller: Identity, expertId: string): Promise<boolean> {
  const met = await tx.db
    .selectFrom("bookings")
    .select("id")
    .where("expert_id", "=", expertId)
    .where("user_id", "=", caller.id)
    .where("status", "=", "completed")
    .limit(1)
    .executeTakeFirst();
  return met !== undefined;
}

/** The mentor's room, which the student sees once the session is confirmed. */
async function readRoom(tx: SystemTx, { status, expert_id, meeting_place }: InsertedRow) {
  const room =
    status === "confirmed" && hasLink(placeOf(meeting_place)?.kind)
      ? await tx.db
          .selectFrom("mentor_rooms")
          .select(["meeting_url as room_url", "meeting_note as room_note"])
          .where("expert_id", "=", expert_id)
          .executeTakeFirst()
      : undefined;
  return room ?? { room_url: null, room_note: null };
}
