/**
 * The states of a booking as data: which step leads where, and who may take it when. The database enforces the same table
 * (`private.is_booking_step`); a test compares the two.
 */

import { addMs, type EpochMs, MINUTE_MS, type Minutes } from "#scheduling/units.ts";

export const bookingStatuses = ["pending", "confirmed", "completed", "cancelled"] as const;
export type BookingStatus = (typeof bookingStatuses)[number];
/** The two sides of a booking, and of a request that may become one. */
export const bookingRoles = ["student", "mentor"] as const;
export type BookingRole = (typeof bookingRoles)[number];
/** Who takes a step. */
export const bookingActors = [...bookingRoles, "system"] as const;
export type BookingActor = (typeof bookingActors)[number];
/** The steps that lead from one status to another. */
export type StatusAction = "confirm" | "decline" | "complete" | "cancel";
export type BookingAction = StatusAction | "reschedule";

/** A service's cut-offs, in minutes before the start. A booking keeps those that applied when it was made. */
export interface ChangePolicy {
  cancel_cutoff: Minutes;
  reschedule_cutoff: Minutes;
}

interface Step {
  from: readonly BookingStatus[];
  /** null: the booking stays as it is. */
  to: BookingStatus | null;
  by: readonly BookingRole[];
  when: "before_start" | "after_end" | "any_time";
  /** Until when a student may take the step; for the mentor only the start counts. */
  cutoff?: keyof ChangePolicy;
}

type StatusStep = Step & { to: BookingStatus };

export const bookingSteps: Readonly<Record<StatusAction, StatusStep> & { reschedule: Step }> = {
  confirm: { from: ["pending"], to: "confirmed", by: ["mentor"], when: "before_start" },
  decline: { from: ["pending"], to: "cancelled", by: ["mentor"], when: "any_time" },
  complete: { from: ["confirmed"], to: "completed", by: ["mentor"], when: "after_end" },
  cancel: {
    from: ["pending", "confirmed"],
    to: "cancelled",
    by: ["student", "mentor"],
    when: "before_start",
    cutoff: "cancel_cutoff",
  },
  reschedule: {
    from: ["pending", "confirmed"],
    to: null,
    by: ["student", "mentor"],
    when: "before_start",
    cutoff: "reschedule_cutoff",
  },
};

export interface BookingFacts extends ChangePolicy {
  status: BookingStatus;
  startsAt: EpochMs;
  endsAt: EpochMs;
  /** Only a pending booking has one. */
  expiresAt: EpochMs | null;
  /** A no-show report blocks completion, see `holdsUp` in noShow.ts. */
  hasNoShow: boolean;
  /** It is not booked before it is paid: until then its student can only cancel it. */
  awaitsPayment: boolean;
  /** A session of a programme: its date is the same for everyone in it. */
  movesForAll: boolean;
}

export type StepDecision = { ok: true; to: BookingStatus } | { ok: false; why: StepRefusal };
export type StepRefusal =
  | "not_yours_to_take"
  | "wrong_status"
  | "already_started"
  | "cutoff_passed"
  | "not_over"
  | "no_show"
  | "not_paid"
  | "moves_for_all"
  | "expired";

/** May `role` take `action` on this booking at `now`? */
export function decideStep(
  action: BookingAction,
  role: BookingRole,
  booking: BookingFacts,
  now: EpochMs,
): StepDecision {
  const step = bookingSteps[action];
  if (!step.by.includes(role)) return { ok: false, why: "not_yours_to_take" };
  if (!step.from.includes(booking.status)) return { ok: false, why: "wrong_status" };
  if (booking.awaitsPayment && action !== "cancel" && action !== "decline")
    return { ok: false, why: "not_paid" };
  if (action === "reschedule" && booking.movesForAll) return { ok: false, why: "moves_for_all" };
  if (booking.expiresAt !== null && booking.expiresAt <= now) return { ok: false, why: "expired" };
  if (step.when === "before_start" && booking.startsAt <= now) return { ok: false, why: "already_started" };
  // A session that has not ended has not been held yet, and completing it allows a review.
  if (step.when === "after_end" && booking.endsAt > now) return { ok: false, why: "not_over" };
  if (step.to === "completed" && booking.hasNoShow) return { ok: false, why: "no_show" };
  if (role === "student" && step.cutoff && now >= deadlineOf(booking, step.cutoff))
    return { ok: false, why: "cutoff_passed" };
  return { ok: true, to: step.to ?? booking.status };
}

/** The instant from which a student may no longer cancel or move. */
export function deadlineOf(
  booking: Pick<BookingFacts, "startsAt" | keyof ChangePolicy>,
  cutoff: keyof ChangePolicy,
): EpochMs {
  return addMs(booking.startsAt, -booking[cutoff] * MINUTE_MS);
}

/** The steps `role` may take now: what a page offers as buttons. */
export function stepsOpenTo(role: BookingRole, booking: BookingFacts, now: EpochMs): BookingAction[] {
  const actions = Object.keys(bookingSteps) as BookingAction[];
  return actions.filter((action) => decideStep(action, role, booking, now).ok);
}
