import { randomUUIDv7 } from "node:crypto";
import type { Booking } from "#contract/bookings.ts";
import { type Approval, isConfirmedInstantly } from "#rules/approval.ts";
import type { Money } from "#rules/money.ts";
import type { PriceLine } from "#rules/priceLines.ts";
import { addMs, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { mentorZoneAt } from "#scheduling/zoneCalendar.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { openBatches } from "../platform/database/batches.ts";
import { type RecordValue, recordLiteral } from "../platform/database/recordLiteral.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { IdempotentRequest } from "../platform/idempotency.ts";
import type { MentorSchedule, OfferedService } from "../slots/queries.ts";
import { atRevision, isInDoubt, openJudging, unlessRefused } from "./atRevision.ts";
import type { Collecting } from "./collecting.ts";
import { type BookingRow, presentBooking } from "./queries.ts";
import { askedFor, type BookingRequest, requestedStarts, showsName } from "./requestedStart.ts";

/** A start that the engine has judged free, and what the booking costs and means. */
export interface Judged {
  startsAt: EpochMs;
  service: OfferedService;
  price: Money;
  /** What the price is made of. */
  lines: readonly PriceLine[];
  approval: Approval;
}

interface JudgedBooking {
  caller: Identity;
  request: BookingRequest;
  idempotency: IdempotentRequest | undefined;
  origin: string | undefined;
  /** Judges the time by a schedule. @throws Refusal if it is not free */
  judge(read: MentorSchedule): Judged;
}

export interface Booker {
  /**
   * Books a session with one call, if the time is free by a schedule in memory that is still the current one. Returns
   * undefined whenever that is in doubt: then the time must be judged under the mentor's lock, and a refusal is only final
   * there.
   */
  book(booking: JudgedBooking): Promise<Booking | undefined>;
}

/** The attributes of the type private.judged_booking, in order. */
export const judgedAttributes = [
  "expert_id",
  "judged_revision",
  "id",
  "user_id",
  "service_id",
  "session_type",
  "scheduled_date",
  "scheduled_time",
  "duration",
  "starts_at",
  "ends_at",
  "status",
  "message",
  "total_minor",
  "currency",
  "add_recording",
  "user_name",
  "user_email",
  "user_phone",
  "student_timezone",
  "mentor_timezone",
  "cancel_cutoff",
  "reschedule_cutoff",
  "occupancy_id",
  "busy_from",
  "busy_until",
  "capacity",
  "origin",
  "idempotency_key",
  "request_hash",
  "response",
  "status_when_paid",
  "refund_full_cutoff",
  "refund_partial_cutoff",
  "refund_partial_percent",
  "fee_basis_points",
  "payment_id",
  "price_lines",
  "shows_name",
] as const;
type JudgedRow = Record<(typeof judgedAttributes)[number], RecordValue>;

interface Row {
  booking_id: string;
  is_known: boolean;
  created_at: Date;
  expires_at: Date | null;
  room_url: string | null;
  room_note: string | null;
  meeting_place: unknown;
  /** Of a group whose mentor has set one. */
  meeting_url: string | null;
  meeting_note: string | null;
}

/** In place of what the call returns, until it has. */
const notYetKnown = {
  created_at: new Date(0),
  updated_at: new Date(0),
  expires_at: null,
  room_url: null,
  room_note: null,
  meeting_place: null,
  meeting_url: null,
  meeting_note: null,
};

const statement = {
  name: "book_sessions",
  text: "select * from private.book_sessions($1::private.judged_booking[])",
};
/** On many machines: runs on the one that has the mentor. */
const statementOfMentor = {
  name: "book_sessions_of",
  text: "select * from private.book_sessions_of($2, $1::private.judged_booking[])",
};

export function openBooker(
  dependencies: Dependencies & Partial<Collecting>,
  judging = openJudging(dependencies),
): Booker {
  const { database, collecting = null } = dependencies;
  const { turns, schedules } = judging;
  const literalOf = (row: JudgedRow) => recordLiteral(judgedAttributes.map((name) => row[name]));
  const batches = openBatches<JudgedRow, Row | undefined>(async (bookings) => {
    const values = [bookings.map(literalOf)];
    const { rows } = await database.commands.query<Row>({ ...statement, values });
    const byId = new Map(rows.map((row) => [row.booking_id, row]));
    return bookings.map(({ id }) => byId.get(String(id)));
  });
  const send = async (booking: JudgedRow): Promise<Row | undefined> => {
    if (!database.isDistributed()) return batches.send(booking);
    const values = [[literalOf(booking)], booking.expert_id];
    return (await database.commands.query<Row>({ ...statementOfMentor, values })).rows[0];
  };

  async function attempt(booking: JudgedBooking): Promise<Booking | "again" | undefined> {
    const { request, caller } = booking;
    const read = await schedules.read(request.expert_id, requestedStarts(request));
    if (!read) return undefined;
    const judged = unlessRefused(() => booking.judge(read));
    // Whether a first booking is approved depends on earlier sessions of these two.
    if (!judged || judged.approval === "approve_first") return undefined;
    const made = describe(booking, read, judged, collecting);
    const row = await send(made.judgedRow).catch((error: unknown) => {
      schedules.drop(read);
      if (isInDoubt(error)) return null;
      throw error;
    });
    if (row === undefined) {
      schedules.drop(read);
      return "again";
    }
    if (row === null || row.is_known) return undefined;
    schedules.take(read, made.session);
    database.announce([
      { channel: "availability", id: request.expert_id },
      { channel: "person", id: request.expert_id, about: "bookings" },
      { channel: "person", id: caller.id, about: "bookings" },
    ]);
    return presentBooking({ ...made.row, ...row, updated_at: row.created_at });
  }

  return {
    book: (booking) => turns.take(booking.request.expert_id, () => atRevision(() => attempt(booking))),
  };
}

function describe(
  { caller, request, idempotency, origin }: JudgedBooking,
  { mentor, schedule, revision }: MentorSchedule,
  { startsAt, service, price, lines, approval }: Judged,
  collecting: Collecting["collecting"],
) {
  const id = randomUUIDv7();
  const zone = mentorZoneAt(schedule, startsAt);
  const { date, time } = wallClockOf(zone, startsAt);
  const endsAt = addMs(startsAt, request.duration * MINUTE_MS);
  const busyFrom = addMs(startsAt, -schedule.buffer_before * MINUTE_MS);
  const busyUntil = addMs(endsAt, schedule.buffer_after * MINUTE_MS);
  const firstStatus = isConfirmedInstantly(approval, false) ? "confirmed" : "pending";
  const isPaid = collecting !== null && price.minor > 0;
  const row = {
    id,
    user_id: caller.id,
    expert_id: mentor.id,
    service_id: service.id,
    session_type: service.session_type,
    scheduled_date: date,
    scheduled_time: time,
    duration: request.duration,
    starts_at: new Date(startsAt),
    ends_at: new Date(endsAt),
    status: isPaid ? "pending" : firstStatus,
    payment_status: isPaid ? "pending" : "free",
    status_when_paid: isPaid ? firstStatus : null,
    refund_full_cutoff: service.refund_full_cutoff,
    refund_partial_cutoff: service.refund_partial_cutoff,
    refund_partial_percent: service.refund_partial_percent,
    total_minor: price.minor,
    currency: price.currency,
    // The session alone has no lines.
    price_lines: request.add_recording
      ? lines.map(({ kind, amount }) => ({ kind, amount_minor: amount.minor }))
      : null,
    ...askedFor(request, caller, schedule),
    mentor_timezone: zone,
    meeting_url: null,
    meeting_note: null,
    series_id: null,
    series_place: null,
    programme_id: null,
    basket_id: null,
    cancel_cutoff: service.cancel_cutoff,
    reschedule_cutoff: service.reschedule_cutoff,
    service_title: service.title,
    username: mentor.username,
    full_name: mentor.full_name,
    headline: mentor.headline,
    no_show: null,
    review: null,
  };
  const judgedRow: JudgedRow = {
    ...row,
    price_lines: row.price_lines && JSON.stringify(row.price_lines),
    judged_revision: revision,
    occupancy_id: randomUUIDv7(),
    busy_from: new Date(busyFrom),
    busy_until: new Date(busyUntil),
    capacity: service.capacity,
    origin: origin ?? null,
    idempotency_key: idempotency?.key ?? null,
    request_hash: idempotency?.fingerprint ?? null,
    response: idempotency ? responseText(row) : null,
    fee_basis_points: isPaid ? collecting.feeBasisPoints : 0,
    payment_id: isPaid ? randomUUIDv7() : null,
    shows_name: showsName(request, service),
  };
  const session = {
    startsAt,
    endsAt,
    busyFrom,
    busyUntil,
    serviceId: service.id,
    capacity: service.capacity,
    seatsTaken: 1,
  };
  return { row, judgedRow, session };
}

/** The response as far as the app knows it; the call adds the rest. */
function responseText(row: Omit<BookingRow, keyof typeof notYetKnown>): string {
  const {
    created_at,
    updated_at,
    expires_at,
    meeting_url,
    meeting_note,
    meeting_from,
    meeting_place,
    ...known
  } = presentBooking({ ...row, ...notYetKnown });
  return JSON.stringify(known);
}
