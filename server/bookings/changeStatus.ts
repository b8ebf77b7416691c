import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import type { ErrorCode } from "#contract/errors.ts";
import { paymentStatus } from "#contract/payments.ts";
import {
  type BookingAction,
  type BookingFacts,
  type BookingRole,
  type BookingStatus,
  decideStep,
  type StatusAction,
  type StepRefusal,
} from "#rules/bookingState.ts";
import { joinsCancellation } from "#rules/joinedCancellation.ts";
import { type EpochMs, fromDate } from "#scheduling/units.ts";
import { stepRefusals } from "#words/bookings.ts";
import type { Database, UserTx } from "../platform/database/database.ts";
import { type BookingKey, findBookingKey } from "../platform/database/directory.ts";
import { Refusal } from "../platform/errors.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { atRevision, isInDoubt, type Judging } from "./atRevision.ts";
import { holdsUpSql } from "./noShow/queries.ts";
import { type CallingParty, type Party, roleIn } from "./party.ts";
import { type FoundBooking, findBooking, findBookingById, meetingOf, withoutExtras } from "./queries.ts";

type LockedBooking = BookingFacts & { expert_id: string; studentCancelledAt: EpochMs | null };
interface LockedRow
  extends Omit<LockedBooking, "startsAt" | "endsAt" | "expiresAt" | "hasNoShow" | "studentCancelledAt"> {
  starts_at: Date;
  ends_at: Date;
  expires_at: Date | null;
  has_no_show: boolean;
  awaits_payment: boolean;
  student_cancelled_at: Date | null;
}

const refusalCodes: Partial<Record<StepRefusal, ErrorCode>> = {
  cutoff_passed: "cutoff_passed",
  not_yours_to_take: "forbidden",
};

/**
 * Changes a booking's status, as its student or its mentor: judged by the booking as it was read, without a lock, and written
 * by one call if the booking is still at that revision; otherwise read and judged again. A mentor's cancellation is accepted
 * also just after the student's.
 * @throws Refusal `booking_not_found` (also for a stranger), `forbidden`, `invalid_transition`, `cutoff_passed`
 */
export async function transitionBooking(
  dependencies: Dependencies & { judging: Judging },
  caller: CallingParty,
  id: string,
  action: StatusAction,
  reason?: string,
): Promise<Booking> {
  const { database, now, judging } = dependencies;
  let known = caller.booking;
  const changed = await atRevision(async () => {
    const booking = known ?? (await database.asUser(caller.id, (tx) => findBookingById(tx.last, id)));
    known = undefined;
    if (!booking) throw new Refusal("booking_not_found");
    const role = roleIn(booking, caller);
    // Who has cancelled it, and when, is read under the lock.
    if (action === "cancel" && role === "mentor" && booking.status === "cancelled") return undefined;
    const to = requireStep(action, role, bookingFactsOf(booking), now());
    const { turns, schedules } = judging;
    return turns.take(booking.expert_id, async () => {
      const outcome = await changeJudged(database, caller, booking, to, reason);
      // Most steps change the mentor's times.
      schedules.forget(booking.expert_id);
      return outcome;
    });
  });
  return changed ?? transitionLocked(dependencies, caller, id, action, reason);
}

interface ChangedRow {
  updated_at: Date;
  payment_status: string;
  room_url: string | null;
  room_note: string | null;
  meeting_place: unknown;
  /** Of a group whose mentor has set one. */
  meeting_url: string | null;
  meeting_note: string | null;
  announcements: string;
}

/** Writes a step that was judged by this booking. @returns "again" if the booking is another one by now */
async function changeJudged(
  database: Database,
  caller: Party,
  found: FoundBooking,
  to: BookingStatus,
  reason: string | undefined,
): Promise<Booking | "again" | undefined> {
  const answer = await database.commands
    .query<ChangedRow>({
      name: "change_judged_status",
      text: "select * from private.change_judged_status($1, $2, $3, $4, $5, $6)",
      values: [caller.id, found.expert_id, found.id, found.revision, to, reason || null],
    })
    .catch((error: unknown) => {
      if (isInDoubt(error)) return undefined;
      throw error;
    });
  if (!answer) return undefined;
  const [row] = answer.rows;
  if (!row) return "again";
  database.announceCollected(row.announcements);
  return {
    ...withoutExtras(found),
    status: to,
    expires_at: null,
    updated_at: row.updated_at.toISOString(),
    payment_status: paymentStatus.parse(row.payment_status),
    // A request has no link of its own, and a cancelled session no link at all.
    ...(to !== "completed" && meetingOf(row)),
  };
}

/** The same under the mentor's lock: for a booking that changes faster than it can be judged. */
async function transitionLocked(
  { database, now }: Dependencies,
  caller: Party,
  id: string,
  action: StatusAction,
  reason?: string,
): Promise<Booking> {
  return database.asUser(caller.id, async (tx) => {
    const key = await findBookingKey(tx, id);
    const locked = key && (await lockBooking(tx, key));
    if (!locked) throw new Refusal("booking_not_found");
    const role = roleIn(locked, caller);
    const to = joinsCancellation(action, role, locked, now())
      ? "cancelled"
      : requireStep(action, role, locked, now());
    // Sent together: if the change fails, the read fails too.
    const [, changed] = await Promise.all([
      tx.client.query("select id from change_booking_status($1, $2, $3, $4)", [
        key.expert_id,
        id,
        to,
        reason || null,
      ]),
      findBooking(tx.last, key),
    ]);
    if (!changed) throw new Error("A changed booking was not found again.");
    return withoutExtras(changed);
  });
}

/**
 * The status to which the step leads.
 * @throws Refusal `forbidden`, `cutoff_passed`, `invalid_transition`
 */
export function requireStep(
  action: BookingAction,
  role: BookingRole,
  booking: BookingFacts,
  now: EpochMs,
): BookingStatus {
  const decision = decideStep(action, role, booking, now);
  if (decision.ok) return decision.to;
  throw new Refusal(refusalCodes[decision.why] ?? "invalid_transition", {
    detail: stepRefusals[decision.why](action, booking),
  });
}

async function lockBooking(tx: UserTx, { id, expert_id }: BookingKey): Promise<LockedBooking | undefined> {
  const { rows } = await tx.client.query<LockedRow>(
    `select expert_id, status, starts_at, ends_at, expires_at, cancel_cutoff, reschedule_cutoff,
       status_when_paid is not null as awaits_payment, ${holdsUpSql("b")} as has_no_show,
       (select max(e.created_at) from booking_events e
        where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'cancelled' and e.actor = 'student')
         as student_cancelled_at
     from lock_booking($1, $2) b`,
    [expert_id, id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { starts_at, ends_at, expires_at, has_no_show, awaits_payment, student_cancelled_at, ...rest } = row;
  return {
    ...rest,
    startsAt: fromDate(starts_at),
    endsAt: fromDate(ends_at),
    expiresAt: expires_at && fromDate(expires_at),
    hasNoShow: has_no_show,
    awaitsPayment: awaits_payment,
    studentCancelledAt: student_cancelled_at && fromDate(student_cancelled_at),
  };
}
