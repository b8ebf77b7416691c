import { CalendarClock, X } from "lucide-react";
import type { BookingAction } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { mentorOffers } from "@/features/bookings/mentor/SessionActions.tsx";
import type { StepOffer } from "@/features/bookings/StepButtons.tsx";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";

type Offer = StepOffer<BookingAction>;

const reschedule: Offer = {
  action: "reschedule",
  words: "Reschedule",
  Icon: CalendarClock,
  variant: "secondary",
};

/** What somebody may be looking for on the page of a session; whether it is open now is another question. */
export function offersFor({ booking, role, access }: SessionSide): readonly Offer[] {
  if (booking.status === "completed" || booking.status === "cancelled" || holdsUp(booking.no_show)) return [];
  const isRequest = booking.status === "pending";
  if (role === "student") {
    const words = isRequest ? "Withdraw request" : "Cancel session";
    return [reschedule, { action: "cancel", words, Icon: X, variant: "secondary" }];
  }
  // A link cancels and moves; what answers a request wants its mentor signed in.
  if (access.token) {
    const words = isRequest ? "Decline" : "Cancel";
    return [reschedule, { action: "cancel", words, Icon: X, variant: "secondary" }];
  }
  const [first, ...others] = mentorOffers[booking.status];
  return first ? [first, reschedule, ...others] : [reschedule];
}
