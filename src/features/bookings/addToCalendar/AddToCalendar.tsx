import { CalendarPlus } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { addToCalendar } from "#words/addToCalendar.ts";
import { Button } from "@/ui/Button.tsx";
import { AddToCalendarDialog } from "./lazyAddToCalendarDialog.ts";

type AddToCalendarProps = {
  booking: Booking;
  as: BookingRole;
  /** Of a signed link that opened the session. */
  token?: string | undefined;
  variant?: "primary" | "secondary" | "ghost";
  size?: "sm" | "md" | "lg";
  className?: string;
  /** Whether the calendars are offered at once. */
  startsOpen?: boolean;
  /** Instead of the usual label. */
  children?: ReactNode;
};

/** A button that offers calendars for a session. */
export function AddToCalendar({
  booking,
  as,
  token,
  variant = "secondary",
  size = "md",
  className,
  startsOpen = false,
  children = addToCalendar.title,
}: AddToCalendarProps) {
  const [isOpen, setIsOpen] = useState(startsOpen);
  return (
    <>
      <Button
        variant={variant}
        size={size}
        className={className}
        onClick={() => setIsOpen(true)}
        onPointerEnter={AddToCalendarDialog.preload}
        onFocus={AddToCalendarDialog.preload}
      >
        <CalendarPlus aria-hidden className={size === "sm" ? "size-4" : "size-5"} />
        {children}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <AddToCalendarDialog booking={booking} as={as} token={token} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
