import { CalendarClock, X } from "lucide-react";
import type { BookingAction } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { sessionSteps } from "#words/sessions.ts";
import { mentorOffers } from "@/features/bookings/mentor/SessionActions.tsx";
import type { StepOffer } from "@/features/bookings/StepButtons.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";

type Offer = StepOffer<BookingAction>;

const reschedule: Offer = {
  action: "reschedule",
  text: sessionSteps.reschedule,
  Icon: CalendarClock,
  variant: "secondary",
};

/** The buttons on the page of a session; `StepButtons` disables those that are not open. */
export function offersFor({ booking, role, access }: SessionSide): readonly Offer[] {
  // A held time is released where it is paid.
  if (booking.awaits_payment) return [];
  if (booking.status === "completed" || booking.status === "cancelled" || holdsUp(booking.no_show)) return [];
  const isRequest = booking.status === "pending";
  // The page says who moves a session of a programme.
  const moves = booking.programme_id === null ? [reschedule] : [];
  if (role === "student") {
    const text = isRequest ? sessionSteps.withdraw : sessionSteps.cancelSession;
    return [...moves, { action: "cancel", text, Icon: X, variant: "secondary" }];
  }
  // A link can cancel and reschedule; approving a request requires a login.
  if (access.token) {
    const text = isRequest ? sessionSteps.decline : sessionSteps.cancel;
    return [...moves, { action: "cancel", text, Icon: X, variant: "secondary" }];
  }
  const [first, ...others] = mentorOffers[booking.status];
  return first ? [first, ...moves, ...others] : moves;
}
