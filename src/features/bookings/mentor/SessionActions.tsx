import { Check, CheckCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingStatus, StatusAction } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { StepButtons, type StepOffer } from "@/features/bookings/StepButtons.tsx";

/** What a mentor may be looking for on a session in each status. */
export const mentorOffers: Readonly<Record<BookingStatus, readonly StepOffer<StatusAction>[]>> = {
  pending: [
    { action: "confirm", words: "Confirm", Icon: Check, variant: "primary" },
    { action: "decline", words: "Decline", Icon: X, variant: "secondary" },
  ],
  confirmed: [
    { action: "complete", words: "Mark as completed", Icon: CheckCheck, variant: "secondary" },
    { action: "cancel", words: "Cancel", Icon: X, variant: "secondary" },
  ],
  completed: [],
  cancelled: [],
};

type SessionActionsProps = {
  booking: Booking;
  now: Date;
  /** The step that is on its way. */
  pending: StatusAction | null;
  onStep: (action: StatusAction) => void;
  /** What else there is to press, before the reasons. */
  children?: ReactNode;
};

/** The mentor's steps; none while somebody is said not to have come. */
export function SessionActions(props: SessionActionsProps) {
  const { status, no_show } = props.booking;
  return <StepButtons {...props} as="mentor" offers={holdsUp(no_show) ? [] : mentorOffers[status]} />;
}
