import { randomUUIDv7 } from "node:crypto";
import type { RefusedSession } from "#contract/slots.ts";
import { type Approval, approvalOf, isConfirmedInstantly } from "#rules/approval.ts";
import type { Money } from "#rules/money.ts";
import type { JudgedSession } from "#scheduling/series.ts";
import type { EpochMs, Minutes } from "#scheduling/units.ts";
import { mentorZoneReader } from "#scheduling/zoneCalendar.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { offerRefusals, togetherRefusals } from "#words/refusals.ts";
import { hasMet } from "../bookings/createBooking.ts";
import { askedFor, showsName } from "../bookings/requestedStart.ts";
import type { PriceDependencies } from "../offers/priceDependencies.ts";
import { noOffers, type UsableOffers } from "../offers/priceTerms.ts";
import { type AppliedCoupon, priceTogether, type TogetherPrice } from "../offers/priceTogether.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { refuseField } from "../platform/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import { setOrigin } from "../platform/limits/origin.ts";
import { requirePrice } from "../services/requirePrice.ts";
import { lockSchedule } from "../slots/lockSchedule.ts";
import { findOffer, type MentorSchedule, type OfferedService, readSchedule } from "../slots/queries.ts";
import { judgeAll, presentJudged, requireNoneRefused, startsAround } from "./judgeTogether.ts";

/** One of the sessions, as it is asked for. */
export interface WantedBooking {
  session_type: OfferedService["session_type"];
  service_id?: string | undefined;
  duration: Minutes;
  add_recording: boolean;
  startsAt: EpochMs;
}

/** What is said once, about all of them. */
export interface TogetherRequest {
  expert_id: string;
  message?: string | undefined;
  user_name?: string | undefined;
  user_email?: string | undefined;
  user_phone?: string | undefined;
  timezone?: string | undefined;
  shows_name?: boolean | undefined;
  coupon_code?: string | undefined;
  total_amount: number;
}

/** A session whose service is known. */
interface ChosenBooking extends WantedBooking {
  service: OfferedService;
}

interface PricedBooking extends ChosenBooking {
  price: Money;
  /** Whether the coupon lowers its price. */
  hasCoupon: boolean;
  approval: Approval;
}

/** All that is known before anything is written, under the mentor's lock. */
export interface JudgedTogether {
  read: MentorSchedule;
  sessions: PricedBooking[];
  total: Money;
  coupon: AppliedCoupon | null;
  /** Of each session. */
  statuses: ("pending" | "confirmed")[];
  /** Whether something is paid through the app. */
  isPaid: boolean;
}

/** @throws Refusal `validation_failed` @param at the path of the session in the request, such as "slots.0." */
export function offeredFor(
  { services }: Pick<MentorSchedule, "services">,
  asked: Pick<WantedBooking, "session_type" | "service_id" | "duration">,
  at = "",
): OfferedService {
  const { service, isTypeOffered } = findOffer(services, asked);
  if (service) return service;
  if (isTypeOffered) throw refuseField(`${at}duration`, offerRefusals.length);
  const field = asked.service_id === undefined ? "session_type" : "service_id";
  throw refuseField(`${at}${field}`, offerRefusals.service);
}

/**
 * Locks the mentor, reads the schedule once and judges all sessions together.
 * @param offersFor the package that pays, of the service of the first session
 * @throws Refusal `mentor_not_found`, `validation_failed`, `coupon_not_found`, `coupon_not_usable`, `price_mismatch`, `slot_taken`,
 * `slot_unavailable`
 */
export async function judgeLocked(
  tx: SystemTx,
  { now, collects }: PriceDependencies,
  caller: Identity,
  request: TogetherRequest,
  wanted: readonly WantedBooking[],
  {
    origin,
    at,
    offersFor,
  }: {
    origin: string | undefined;
    /** The path of a session in the request. */
    at: (index: number) => string;
    offersFor?: (service: OfferedService) => Promise<UsableOffers>;
  },
): Promise<JudgedTogether> {
  const askedAt = now();
  const [, read] = await Promise.all([
    lockSchedule(tx, request.expert_id),
    readSchedule(
      tx.client,
      request.expert_id,
      startsAround(
        wanted.map(({ startsAt }) => startsAt),
        askedAt,
      ),
    ),
    setOrigin(tx, origin),
  ]);
  const chosen = wanted.map((each, index) => ({ ...each, service: offeredFor(read, each, at(index)) }));
  const { credit = false } = (await offersFor?.(chosen[0]!.service)) ?? noOffers;
  const asked = { mentorId: request.expert_id, studentId: caller.id, code: request.coupon_code };
  const priced = await priceTogether(tx, asked, chosen, { credit });
  const judged = await completeJudged(tx, { collects }, caller, request, { read, chosen, priced });
  requireAllFree(judgeAll(read, judged.sessions, askedAt), request.timezone ?? read.schedule.timezone);
  return judged;
}

/**
 * What is to be written of sessions that can be booked: their prices, who confirms them, and whether they are paid for.
 * @throws Refusal `price_mismatch`, `coupon_not_usable`, `validation_failed`
 */
export async function completeJudged(
  tx: SystemTx,
  { collects }: Pick<PriceDependencies, "collects">,
  caller: Identity,
  request: TogetherRequest,
  {
    read,
    chosen,
    priced: { prices, total, coupon },
  }: { read: MentorSchedule; chosen: readonly ChosenBooking[]; priced: TogetherPrice },
): Promise<JudgedTogether> {
  requirePrice(total, request.total_amount);
  const sessions = chosen.map((each, index): PricedBooking => {
    const { total: price, hasCoupon } = prices[index]!;
    return { ...each, price, hasCoupon, approval: approvalOf(read.mentor, each.service) };
  });
  const isPaid = collects && total.minor > 0;
  if (isPaid && sessions.some(({ price }) => price.minor === 0)) {
    if (coupon) throw refuseField("coupon_code", togetherRefusals.couponTooLarge, "coupon_not_usable");
    throw refuseField("total_amount", togetherRefusals.mixed);
  }
  const isKnown =
    sessions.some(({ approval }) => approval === "approve_first") &&
    (await hasMet(tx, caller, request.expert_id));
  const statuses = sessions.map(({ approval }) =>
    isConfirmedInstantly(approval, isKnown) ? ("confirmed" as const) : ("pending" as const),
  );
  return { read, sessions, total, coupon, statuses, isPaid };
}

/** @throws Refusal `slot_taken`, `slot_unavailable` */
function requireAllFree(judged: readonly JudgedSession[], zone: string): void {
  const refused = judged.flatMap((session, index): RefusedSession[] =>
    session.verdict === "free" ? [] : [presentJudged(session, index, zone)],
  );
  requireNoneRefused(refused, togetherRefusals.taken);
}

/**
 * Writes the bookings with one statement: the constraint on taken time refuses all of them, or none.
 * @param group what they belong to; the rows of it are written already
 */
export async function insertTogether(
  tx: SystemTx,
  caller: Identity,
  request: TogetherRequest,
  { read, sessions, coupon, statuses }: JudgedTogether,
  group: { seriesId: string | null; basketId: string | null; purchaseId?: string | undefined },
): Promise<void> {
  const { schedule } = read;
  const zoneOf = mentorZoneReader(schedule);
  const asked = askedFor(request, caller, schedule);
  const rows = sessions.map(({ service, duration, startsAt, add_recording, hasCoupon }, index) => {
    const { date, time } = wallClockOf(zoneOf(startsAt), startsAt);
    return {
      service_id: service.id,
      session_type: service.session_type,
      scheduled_date: date,
      scheduled_time: time,
      duration,
      starts_at: new Date(startsAt),
      add_recording,
      has_coupon: hasCoupon,
      shows_name: showsName(request, service),
      status: statuses[index],
      place: group.seriesId === null ? null : index + 1,
    };
  });
  await tx.client.query({
    name: "insert_bookings_together",
    text: `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
             starts_at, status, message, add_recording, user_name, user_email, user_phone, student_timezone,
             package_purchase_id, series_id, series_place, basket_id, coupon_id, shows_name)
           select $1, $2, s.service_id, s.session_type, s.scheduled_date, s.scheduled_time, s.duration, s.starts_at, s.status, $4,
             s.add_recording, $5, $6, $7, $8, $9, $10, s.place, $11, case when s.has_coupon then $12::uuid end,
             s.shows_name
           from jsonb_to_recordset($3) s (
             service_id uuid, session_type text, scheduled_date date, scheduled_time text, duration integer,
             starts_at timestamptz, status text, add_recording boolean, has_coupon boolean,
             shows_name boolean, place integer)
           order by s.starts_at`,
    values: [
      caller.id,
      request.expert_id,
      JSON.stringify(rows),
      asked.message,
      asked.user_name,
      asked.user_email,
      asked.user_phone,
      asked.student_timezone,
      group.purchaseId ?? null,
      group.seriesId,
      group.basketId,
      coupon?.id ?? null,
    ],
  });
  if (group.basketId !== null) {
    await tx.client.query("select private.open_basket($1, $2)", [request.expert_id, group.basketId]);
  }
}

/** Writes the row of a basket and returns its id. */
export async function insertBasket(
  tx: SystemTx,
  caller: Identity,
  { expert_id }: TogetherRequest,
  { total, coupon }: Pick<JudgedTogether, "total" | "coupon">,
  seriesId: string | null,
): Promise<string> {
  const id = randomUUIDv7();
  await tx.client.query({
    name: "insert_basket",
    text: `insert into baskets (id, expert_id, user_id, series_id, total_minor, currency, before_coupon_minor)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      id,
      expert_id,
      caller.id,
      seriesId,
      total.minor,
      total.currency,
      // That of a series is in its own row.
      seriesId === null ? (coupon?.before.minor ?? null) : null,
    ],
  });
  return id;
}
