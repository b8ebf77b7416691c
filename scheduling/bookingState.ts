/**
 * The life of a booking as data: which step leads where, and who may take it when. The database holds the same table
 * (`private.is_booking_step`) as the last word; a test compares the two.
 */

export type BookingStatus = "pending" | "confirmed" | "completed" | "cancelled";
export type BookingRole = "student" | "mentor";
export type BookingAction = "confirm" | "decline" | "complete" | "cancel";

interface Step {
  from: readonly BookingStatus[];
  to: BookingStatus;
  by: readonly BookingRole[];
  /** Relative to the start of the session. */
  when: "before_start" | "after_start" | "any_time";
}

export const bookingSteps: Readonly<Record<BookingAction, Step>> = {
  confirm: { from: ["pending"], to: "confirmed", by: ["mentor"], when: "before_start" },
  decline: { from: ["pending"], to: "cancelled", by: ["mentor"], when: "any_time" },
  complete: { from: ["confirmed"], to: "completed", by: ["mentor"], when: "after_start" },
  cancel: {
    from: ["pending", "confirmed"],
    to: "cancelled",
    by: ["student", "mentor"],
    when: "before_start",
  },
};

export interface BookingFacts {
  status: BookingStatus;
  /** Epoch ms. */
  starts_at: number;
  /** Epoch ms; only a pending booking has one. */
  expires_at: number | null;
}

export type StepDecision = { ok: true; to: BookingStatus } | { ok: false; why: StepRefusal };
export type StepRefusal =
  | "not_yours_to_take"
  | "wrong_status"
  | "already_started"
  | "not_started"
  | "expired";

/** May `role` take `action` on this booking at `now` (epoch ms)? */
export function decideStep(
  action: BookingAction,
  role: BookingRole,
  booking: BookingFacts,
  now: number,
): StepDecision {
  const step = bookingSteps[action];
  if (!step.by.includes(role)) return { ok: false, why: "not_yours_to_take" };
  if (!step.from.includes(booking.status)) return { ok: false, why: "wrong_status" };
  if (booking.expires_at !== null && booking.expires_at <= now) return { ok: false, why: "expired" };
  const started = booking.starts_at <= now;
  if (step.when === "before_start" && started) return { ok: false, why: "already_started" };
  if (step.when === "after_start" && !started) return { ok: false, why: "not_started" };
  return { ok: true, to: step.to };
}

/** The steps `role` may take now: what a page offers as buttons. */
export function stepsOpenTo(role: BookingRole, booking: BookingFacts, now: number): BookingAction[] {
  const actions = Object.keys(bookingSteps) as BookingAction[];
  return actions.filter((action) => decideStep(action, role, booking, now).ok);
}
