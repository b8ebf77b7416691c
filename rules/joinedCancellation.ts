import { addMs, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import type { BookingFacts, BookingRole, StatusAction } from "./bookingState.ts";
import { paymentWindows } from "./paymentWindows.ts";

/**
 * Whether a mentor cancels at the same moment as the student, who was first: no step, as the session is cancelled, but it
 * counts, because what goes back may be more. The SQL twin is `private.join_cancellation`.
 */
export function joinsCancellation(
  action: StatusAction,
  role: BookingRole,
  { status, startsAt, studentCancelledAt }: JoinedFacts,
  now: EpochMs,
): boolean {
  return (
    action === "cancel" &&
    role === "mentor" &&
    status === "cancelled" &&
    startsAt > now &&
    studentCancelledAt !== null &&
    now < addMs(studentCancelledAt, paymentWindows.bothCancel * MINUTE_MS)
  );
}

interface JoinedFacts extends Pick<BookingFacts, "status" | "startsAt"> {
  studentCancelledAt: EpochMs | null;
}
