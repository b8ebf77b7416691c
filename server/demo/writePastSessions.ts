import { randomUUID } from "node:crypto";
import type { Insertable, Kysely } from "kysely";
import { sql } from "kysely";
import { decimalOf } from "#rules/money.ts";
import { priceOf } from "#rules/price.ts";
import { asMinutes, epochMs, MINUTE_MS } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { BookingEvents, Bookings, DB, Occupancies } from "../../db/types.gen.ts";
import { demoPricesOf } from "./demoPrices.ts";
import type { DemoSeat } from "./demoTypes.ts";
import { personOf } from "./people.ts";
import type { PlacedSession } from "./placeSessions.ts";
import { type SeatStep, seatHistory } from "./seatHistory.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

interface Rows {
  occupancies: Insertable<Occupancies>[];
  bookings: Insertable<Bookings>[];
  events: Insertable<BookingEvents>[];
}

/**
 * Writes sessions that are over. The ledger's triggers rightly reject them, so they are off in this transaction, and the
 * rows are written in their final state. Constraints apply as always.
 */
export async function writePastSessions(
  db: Kysely<DB>,
  sessions: readonly PlacedSession[],
  services: ServiceIds,
): Promise<void> {
  const rows: Rows = { occupancies: [], bookings: [], events: [] };
  for (const placed of sessions) addSession(rows, placed, services);
  rows.events.sort((a, b) => Number(a.created_at) - Number(b.created_at));

  await switchTriggers(db, "disable");
  await db.insertInto("occupancies").values(rows.occupancies).execute();
  await db.insertInto("bookings").values(rows.bookings).execute();
  // The inbox gets no messages about them.
  const events = rows.events.map((event) => ({ ...event, notified_at: event.created_at }));
  await db.insertInto("booking_events").values(events).execute();
  await switchTriggers(db, "enable");
}

/** `user` leaves foreign keys on. Owning the tables is enough: no superuser is needed. */
async function switchTriggers(db: Kysely<DB>, how: "enable" | "disable"): Promise<void> {
  for (const table of ["occupancies", "bookings", "booking_events"]) {
    await sql`alter table ${sql.table(table)} ${sql.raw(how)} trigger user`.execute(db);
  }
}

function addSession(rows: Rows, placed: PlacedSession, services: ServiceIds): void {
  const { session, mentor, service, startsAt, endsAt } = placed;
  const occupancyId = randomUUID();
  const service_id = services.get(serviceName(mentor.handle, service.key));
  if (!service_id) throw new Error(`The service ${service.title} was not written.`);
  const seats = session.seats.map((seat, index) => ({ seat, steps: seatHistory(placed, seat, index) }));
  const held = seats.filter(({ seat }) => holdsTime(seat));
  if (held.length > 0) {
    const { buffer_before = 0, buffer_after = 0 } = mentor.settings;
    const from = new Date(startsAt - buffer_before * MINUTE_MS).toISOString();
    const until = new Date(endsAt + buffer_after * MINUTE_MS).toISOString();
    rows.occupancies.push({
      id: occupancyId,
      expert_id: personOf(mentor.handle).id,
      service_id,
      starts_at: new Date(startsAt),
      ends_at: new Date(endsAt),
      during: `[${from},${until})`,
      state: "booked",
      capacity: service.capacity ?? 1,
      seats_taken: held.length,
      created_at: new Date(held[0]?.steps[0]?.at ?? startsAt),
    });
  }
  for (const { seat, steps } of seats) {
    const booking = bookingRow(placed, seat, steps, service_id, holdsTime(seat) ? occupancyId : null);
    rows.bookings.push(booking);
    rows.events.push(...steps.map((step) => eventRow(booking, step)));
  }
}

function holdsTime({ outcome }: DemoSeat): boolean {
  return outcome === "completed" || outcome === "confirmed";
}

function bookingRow(
  { session, mentor, service, startsAt, endsAt }: PlacedSession,
  seat: DemoSeat,
  steps: readonly SeatStep[],
  service_id: string,
  occupancy_id: string | null,
) {
  const student = personOf(seat.student);
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) throw new Error("Every booking was made.");
  const local = wallClockOf(mentor.timezone, epochMs(startsAt));
  const add_recording = seat.addRecording ?? false;
  const price = priceOf(demoPricesOf(service), {
    minutes: asMinutes(session.minutes),
    addRecording: add_recording,
  });
  if (!price.ok) throw new Error(`${service.title} has no such ${price.field}.`);
  return {
    id: randomUUID(),
    user_id: student.id,
    expert_id: personOf(mentor.handle).id,
    service_id,
    occupancy_id,
    session_type: service.session_type,
    scheduled_date: local.date,
    scheduled_time: local.time,
    duration: asMinutes(session.minutes),
    status: last.to_status,
    message: seat.message,
    total_minor: price.price.minor,
    total_amount: decimalOf(price.price),
    currency: price.price.currency,
    add_recording,
    user_name: student.full_name,
    user_email: student.email,
    starts_at: new Date(startsAt),
    ends_at: new Date(endsAt),
    student_timezone: student.timezone,
    mentor_timezone: mentor.timezone,
    revision: steps.length - 1,
    created_at: new Date(first.at),
    updated_at: new Date(last.at),
  };
}

function eventRow(booking: ReturnType<typeof bookingRow>, step: SeatStep): Insertable<BookingEvents> {
  const { kind, actor, from_status, to_status, reason, at } = step;
  const actors = { student: booking.user_id, mentor: booking.expert_id, system: null };
  return {
    booking_id: booking.id,
    expert_id: booking.expert_id,
    kind,
    actor,
    actor_id: actors[actor],
    from_status,
    to_status,
    reason,
    created_at: new Date(at),
  };
}
