import { Check, CheckCheck, X } from "lucide-react";
import { type ComponentType, type ReactNode, useId } from "react";
import { factsOf } from "@/components/sessions/bookingFacts";
import { Button } from "@/components/ui/Button";
import type { Booking, BookingStatus } from "../../../contract/bookings";
import { type BookingAction, decideStep } from "../../../scheduling/bookingState";
import { stepRefusalWords } from "./stepSentences";

type Offer = {
  action: BookingAction;
  words: string;
  Icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  variant: "primary" | "secondary";
};

/** What a mentor may be looking for on a session in each status. */
const offers: Readonly<Record<BookingStatus, readonly Offer[]>> = {
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
  pending: BookingAction | null;
  onStep: (action: BookingAction) => void;
  /** What else there is to press, before the reasons. */
  children?: ReactNode;
};

/** The mentor's steps. One that is not open stays in sight and says why. */
export function SessionActions({ booking, now, pending, onStep, children }: SessionActionsProps) {
  const id = useId();
  const steps = offers[booking.status].map((offer) => {
    const decision = decideStep(offer.action, "mentor", factsOf(booking), now.getTime());
    return { ...offer, reason: decision.ok ? null : stepRefusalWords(offer.action, decision.why) };
  });
  const reasons = [...new Set(steps.flatMap(({ reason }) => reason ?? []))];
  const reasonId = (reason: string) => `${id}-${reasons.indexOf(reason)}`;
  return (
    <>
      {steps.map(({ action, words, Icon, variant, reason }) => (
        <Button
          key={action}
          size="sm"
          variant={reason ? "secondary" : variant}
          // Not `disabled`: a keyboard must be able to reach the reason.
          aria-disabled={reason ? true : undefined}
          aria-describedby={reason ? reasonId(reason) : undefined}
          pending={pending === action}
          onClick={() => !reason && !pending && onStep(action)}
        >
          <Icon aria-hidden className="size-4" />
          {words}
          <span className="sr-only"> session with {booking.user_name}</span>
        </Button>
      ))}
      {children}
      {reasons.map((reason) => (
        <p key={reason} id={reasonId(reason)} className="w-full text-sm text-ink-soft">
          {reason}
        </p>
      ))}
    </>
  );
}
