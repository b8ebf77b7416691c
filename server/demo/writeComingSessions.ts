import { epochMs } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { Queryable } from "../platform/database/database.ts";
import type { BookingKey } from "../platform/database/directory.ts";
import type { DemoSeat } from "./demoTypes.ts";
import { personOf } from "./people.ts";
import type { PlacedSession } from "./placeSessions.ts";
import { confirmsAutomatically } from "./seatHistory.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

/** Books the coming sessions exactly as the app does: same roles, triggers and functions. */
export async function writeComingSessions(
  owner: Queryable,
  sessions: readonly PlacedSession[],
  services: ServiceIds,
): Promise<void> {
  for (const placed of sessions) {
    if (placed.session.scheduled)
      await scheduleGroup(owner, placed, placed.session.scheduled.minimum, services);
    for (const seat of placed.session.seats) await bookSeat(owner, placed, seat, services);
  }
  await owner.query("select set_config('role', 'none', true), set_config('request.jwt.claims', '', true)");
}

/** As its mentor, who lets it be decided a day before, and people in until a quarter of an hour after the start. */
async function scheduleGroup(
  owner: Queryable,
  { session, mentor, service, startsAt }: PlacedSession,
  minimum: number,
  services: ServiceIds,
): Promise<void> {
  const mentorId = personOf(mentor.handle).id;
  await actAs(owner, "matepeak_app", mentorId);
  await owner.query("select private.schedule_group_sessions($1, $2, $3, $4, $5, $6, 1440, 15)", [
    mentorId,
    services.get(serviceName(mentor.handle, service.key)),
    [new Date(startsAt)],
    session.minutes,
    service.capacity,
    minimum,
  ]);
}

async function bookSeat(
  owner: Queryable,
  placed: PlacedSession,
  seat: DemoSeat,
  services: ServiceIds,
): Promise<void> {
  const studentId = personOf(seat.student).id;
  const atOnce = confirmsAutomatically(placed);
  await actAs(owner, "matepeak_app", studentId);
  const booking = await insertBooking(owner, placed, seat, services);
  if (seat.outcome === "confirmed" && !atOnce) {
    await transitionBooking(owner, personOf(placed.mentor.handle).id, booking, "confirmed");
  }
  if (seat.outcome === "cancelled")
    await transitionBooking(owner, studentId, booking, "cancelled", seat.reason);
}

export async function actAs(owner: Queryable, role: string, userId: string): Promise<void> {
  await owner.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
    role,
    JSON.stringify({ sub: userId, role }),
  ]);
}

async function transitionBooking(
  owner: Queryable,
  userId: string,
  booking: BookingKey,
  status: string,
  reason?: string,
): Promise<void> {
  await actAs(owner, "authenticated", userId);
  await owner.query("select from change_booking_status($1, $2, $3, $4)", [
    booking.expert_id,
    booking.id,
    status,
    reason ?? null,
  ]);
}

async function insertBooking(
  owner: Queryable,
  placed: PlacedSession,
  seat: DemoSeat,
  services: ServiceIds,
): Promise<BookingKey> {
  const { session, mentor, service, startsAt } = placed;
  const student = personOf(seat.student);
  const local = wallClockOf(mentor.timezone, epochMs(startsAt));
  const { rows } = await owner.query<BookingKey>(
    `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
       starts_at, status, message, add_recording, user_name, user_email, student_timezone)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     returning id, expert_id`,
    [
      student.id,
      personOf(mentor.handle).id,
      services.get(serviceName(mentor.handle, service.key)),
      service.session_type,
      local.date,
      local.time,
      session.minutes,
      new Date(startsAt),
      confirmsAutomatically(placed) ? "confirmed" : "pending",
      seat.message,
      seat.addRecording ?? false,
      student.full_name,
      student.email,
      student.timezone,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("The demo booking was not returned.");
  return row;
}
