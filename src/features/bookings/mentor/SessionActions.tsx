import { Check, CheckCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingStatus, StatusAction } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";
import { sessionSteps } from "#words/sessions.ts";
import { StepButtons, type StepOffer } from "@/features/bookings/StepButtons.tsx";

/** The buttons of a session in each status; `StepButtons` disables those that are not open. */
export const mentorOffers: Readonly<Record<BookingStatus, readonly StepOffer<StatusAction>[]>> = {
  pending: [
    { action: "confirm", text: sessionSteps.approve, Icon: Check, variant: "primary" },
    { action: "decline", text: sessionSteps.decline, Icon: X, variant: "secondary" },
  ],
  confirmed: [
    { action: "complete", text: sessionSteps.complete, Icon: CheckCheck, variant: "secondary" },
    { action: "cancel", text: sessionSteps.cancel, Icon: X, variant: "secondary" },
  ],
  completed: [],
  cancelled: [],
};

type SessionActionsProps = {
  booking: Booking;
  now: Date;
  /** The step being taken. */
  pending: StatusAction | null;
  onStep: (action: StatusAction) => void;
  /** More buttons, before the reasons. */
  children?: ReactNode;
};

/** The mentor's steps; none while there is a no-show report. */
export function SessionActions(props: SessionActionsProps) {
  const { status, no_show } = props.booking;
  return <StepButtons {...props} as="mentor" offers={holdsUp(no_show) ? [] : mentorOffers[status]} />;
}
