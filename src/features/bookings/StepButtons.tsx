import { type ComponentType, type ReactNode, useId } from "react";
import { bookingFactsOf } from "#contract/bookingFacts.ts";
import type { Booking } from "#contract/bookings.ts";
import { type BookingAction, type BookingRole, decideStep } from "#rules/bookingState.ts";
import { fromDate } from "#scheduling/units.ts";
import { stepRefusals } from "#words/bookings.ts";
import { Button } from "@/ui/Button.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";

export type StepOffer<Action extends BookingAction> = {
  action: Action;
  text: { label: string; full: (name: string) => string };
  Icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  variant: "primary" | "secondary";
};

type StepButtonsProps<Action extends BookingAction> = {
  booking: Booking;
  as: BookingRole;
  offers: readonly StepOffer<Action>[];
  now: Date;
  /** The step being taken. */
  pending: BookingAction | null;
  onStep: (action: Action) => void;
  size?: "sm" | "md";
  /** More buttons, before the reasons. */
  children?: ReactNode;
};

/** Steps of a booking as buttons. A step that is not open is disabled, with the reason below the buttons. */
export function StepButtons<Action extends BookingAction>(props: StepButtonsProps<Action>) {
  const { booking, as: role, offers, now, pending, onStep, size = "sm" } = props;
  const id = useId();
  const steps = offers.map((offer) => {
    const decision = decideStep(offer.action, role, bookingFactsOf(booking), fromDate(now));
    return { ...offer, reason: decision.ok ? null : stepRefusals[decision.why](offer.action, booking) };
  });
  const reasons = [...new Set(steps.flatMap(({ reason }) => reason ?? []))];
  const reasonId = (reason: string) => `${id}-${reasons.indexOf(reason)}`;
  const otherName = role === "mentor" ? booking.user_name : booking.mentor.full_name;
  return (
    <>
      {steps.map(({ action, text, Icon, variant, reason }) => (
        <Button
          key={action}
          size={size}
          variant={reason ? "secondary" : variant}
          // Not `disabled`: a keyboard must be able to reach the reason.
          aria-disabled={reason ? true : undefined}
          aria-describedby={reason ? reasonId(reason) : undefined}
          pending={pending === action}
          onClick={() => !reason && !pending && onStep(action)}
        >
          <Icon aria-hidden className="size-4" />
          <ShortLabel short={text.label} full={text.full(otherName)} />
        </Button>
      ))}
      {props.children}
      {reasons.map((reason) => (
        <p key={reason} id={reasonId(reason)} className="w-full text-sm text-ink-soft">
          {reason}
        </p>
      ))}
    </>
  );
}
