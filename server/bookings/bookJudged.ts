import { randomUUIDv7 } from "node:crypto";
import type { Booking } from "#contract/bookings.ts";
import { type Approval, isConfirmedInstantly } from "#rules/approval.ts";
import type { Money } from "#rules/money.ts";
import { addMs, asMinutes, type EpochMs, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { mentorZoneAt } from "#scheduling/zoneCalendar.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { IdempotentRequest } from "../platform/idempotency.ts";
import type { MentorSchedule, OfferedService } from "../slots/queries.ts";
import { atRevision, isInDoubt, openJudging, unlessRefused } from "./atRevision.ts";
import { openBatches } from "./batches.ts";
import { presentBooking } from "./queries.ts";
import { askedFor, type BookingRequest, requestedStarts } from "./requestedStart.ts";

/** A start that the engine has judged free, and what the booking costs and means. */
export interface Judged {
  startsAt: EpochMs;
  service: OfferedService;
  price: Money;
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

/** One booking for private.book_sessions(), its parameters in order. */
type Values = readonly unknown[];

interface Row {
  place: number;
  is_known: boolean;
  created_at: Date;
  expires_at: Date | null;
  cancel_cutoff: Minutes;
  reschedule_cutoff: Minutes;
  full_name: string;
  headline: string;
  room_url: string | null;
  room_note: string | null;
}

/** In place of what the call returns, until it has. */
const notYetKnown = {
  created_at: new Date(0),
  updated_at: new Date(0),
  expires_at: null,
  cancel_cutoff: asMinutes(0),
  reschedule_cutoff: asMinutes(0),
  full_name: "",
  headline: "",
  room_url: null,
  room_note: null,
};

const parameterCount = 29;
const statement = {
  name: "book_sessions",
  text: `select * from private.book_sessions(${Array.from({ length: parameterCount }, (_, i) => `$${i + 1}`).join(", ")})`,
};

export function openBooker(dependencies: Dependencies, judging = openJudging(dependencies)): Booker {
  const { database } = dependencies;
  const { turns, schedules } = judging;
  const batches = openBatches<Values, Row | undefined>(async (bookings) => {
    const columns = Array.from({ length: parameterCount }, (_, i) => bookings.map((values) => values[i]));
    const { rows } = await database.commands.query<Row>({ ...statement, values: columns });
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return bookings.map((_, i) => byPlace.get(i + 1));
  });

  async function attempt(booking: JudgedBooking): Promise<Booking | "again" | undefined> {
    const { request, caller } = booking;
    const read = await schedules.read(request.expert_id, requestedStarts(request));
    if (!read) return undefined;
    const judged = unlessRefused(() => booking.judge(read));
    // Whether a first booking is approved depends on earlier sessions of these two.
    if (!judged || judged.approval === "approve_first") return undefined;
    const made = describe(booking, read, judged);
    const row = await batches.send(made.values).catch((error: unknown) => {
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
  { startsAt, service, price, approval }: Judged,
) {
  const id = randomUUIDv7();
  const zone = mentorZoneAt(schedule, startsAt);
  const { date, time } = wallClockOf(zone, startsAt);
  const endsAt = addMs(startsAt, request.duration * MINUTE_MS);
  const busyFrom = addMs(startsAt, -schedule.buffer_before * MINUTE_MS);
  const busyUntil = addMs(endsAt, schedule.buffer_after * MINUTE_MS);
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
    status: isConfirmedInstantly(approval, false) ? "confirmed" : "pending",
    total_minor: price.minor,
    currency: price.currency,
    ...askedFor(request, caller, schedule),
    mentor_timezone: zone,
    meeting_url: null,
    meeting_note: null,
    service_title: service.title,
    username: mentor.username,
    no_show: null,
    review: null,
  };
  // The call adds what only the database knows.
  const answer = idempotency && presentBooking({ ...row, ...notYetKnown });
  const values: Values = [
    row.expert_id,
    revision,
    row.user_id,
    row.service_id,
    row.session_type,
    row.scheduled_date,
    row.scheduled_time,
    row.duration,
    row.starts_at,
    row.ends_at,
    new Date(busyFrom),
    new Date(busyUntil),
    row.status,
    row.total_minor,
    row.currency,
    row.message,
    row.add_recording,
    row.user_name,
    row.user_email,
    row.user_phone,
    row.student_timezone,
    row.mentor_timezone,
    service.capacity,
    origin ?? null,
    idempotency?.key ?? null,
    idempotency?.fingerprint ?? null,
    idempotency ? JSON.stringify(answer) : null,
    id,
    randomUUIDv7(),
  ];
  const session = {
    startsAt,
    endsAt,
    busyFrom,
    busyUntil,
    serviceId: service.id,
    capacity: service.capacity,
    seatsTaken: 1,
  };
  return { row, values, session };
}
