import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { addMs, type EpochMs, formatInstant, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { mentorZoneAt } from "#scheduling/zoneCalendar.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { Dependencies } from "../platform/http/route.ts";
import type { IdempotentRequest } from "../platform/idempotency.ts";
import type { MentorSchedule } from "../slots/queries.ts";
import { atRevision, isInDoubt, type Judging, unlessRefused } from "./atRevision.ts";
import { requireStep } from "./changeStatus.ts";
import { type Party, roleIn } from "./party.ts";
import { type FoundBooking, findBookingById, withoutExtras } from "./queries.ts";
import { type RequestedStart, requestedStarts, requireMovable, resolveStart } from "./requestedStart.ts";

interface Move {
  caller: Party;
  /** The booking as it was read a moment ago. */
  booking: FoundBooking;
  wanted: RequestedStart & { reason?: string | undefined };
  idempotency: IdempotentRequest | undefined;
}

/** For private.move_judged_booking(). */
interface MovedRow {
  is_known: boolean;
  updated_at: Date;
  announcements: string;
}

/**
 * Moves a booking with one call, if the time is free by a schedule in memory, and schedule and booking are still the current
 * ones. Returns undefined whenever that is in doubt: then the move must be judged under the mentor's lock, and a refusal is
 * only final there.
 */
export async function moveJudged(
  { database, now, judging }: Dependencies & { judging: Judging },
  move: Move,
): Promise<Booking | undefined> {
  const { caller, wanted, idempotency } = move;
  const { schedules, turns } = judging;
  const { id, expert_id } = move.booking;
  let known: FoundBooking | undefined = move.booking;

  async function attempt(): Promise<Booking | "again" | undefined> {
    const booking = known ?? (await database.asUser(caller.id, (tx) => findBookingById(tx.last, id)));
    known = undefined;
    const read = await schedules.read(expert_id, requestedStarts(wanted));
    if (!booking || !read) return undefined;
    // Whose meeting a seat shares at the new time is found there.
    if (booking.session_type === "groupSession" && booking.status === "confirmed") return undefined;
    const startsAt = unlessRefused(() => judgeMove({ ...move, booking }, read, now()));
    if (startsAt === undefined) return undefined;
    const { values, moved } = describe({ ...move, booking }, read, startsAt);
    const answer = await database.commands
      .query<MovedRow>({
        name: "move_judged_booking",
        text: "select * from private.move_judged_booking($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        values: [
          ...values,
          idempotency?.key ?? null,
          idempotency?.fingerprint ?? null,
          idempotency ? JSON.stringify(moved) : null,
        ],
      })
      .catch((error: unknown) => {
        if (isInDoubt(error)) return undefined;
        throw error;
      });
    // Moved or not, the schedule is another one now.
    schedules.drop(read);
    if (!answer) return undefined;
    const [row] = answer.rows;
    if (!row) return "again";
    if (row.is_known) return undefined;
    database.announceCollected(row.announcements);
    return { ...moved, updated_at: row.updated_at.toISOString() };
  }

  return turns.take(expert_id, () => atRevision(attempt));
}

/**
 * Returns the new start; undefined for the booking's own.
 * @throws Refusal if the booking cannot move, or not there
 */
function judgeMove(
  { caller, booking, wanted }: Move,
  read: MentorSchedule,
  now: EpochMs,
): EpochMs | undefined {
  requireStep("reschedule", roleIn(booking, caller), bookingFactsOf(booking), now);
  const startsAt = resolveStart(wanted, read.schedule.timezone);
  const oldStart = parseInstant(booking.starts_at);
  if (startsAt === oldStart) return undefined;
  requireMovable(read, booking, startsAt, now);
  return startsAt;
}

/** What the call is given, and the booking as it will be. The call adds when it was changed. */
function describe(
  { caller, booking, wanted }: Move,
  { schedule, revision }: MentorSchedule,
  startsAt: EpochMs,
) {
  const zone = mentorZoneAt(schedule, startsAt);
  const local = wallClockOf(zone, startsAt);
  // Students read about the session in the zone that they chose the time in.
  const studentZone = roleIn(booking, caller) === "student" ? (wanted.timezone ?? null) : null;
  const starts_at = formatInstant(startsAt);
  const moved: Booking = {
    ...withoutExtras(booking),
    scheduled_date: local.date,
    scheduled_time: local.time,
    starts_at,
    ends_at: formatInstant(addMs(startsAt, booking.duration * MINUTE_MS)),
    mentor_timezone: zone,
    student_timezone: studentZone ?? booking.student_timezone,
    // A request expires at its start at the latest.
    expires_at: booking.expires_at && formatInstant(earlier(parseInstant(booking.expires_at), startsAt)),
  };
  const values = [
    caller.id,
    booking.expert_id,
    revision,
    booking.id,
    booking.revision,
    new Date(startsAt),
    local.date,
    local.time,
    studentZone,
    wanted.reason || null,
  ];
  return { values, moved };
}

function earlier(a: EpochMs, b: EpochMs): EpochMs {
  return a < b ? a : b;
}
