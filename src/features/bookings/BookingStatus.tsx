import { CircleCheck, CircleX, Hourglass } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingStatus as Status } from "#rules/bookingState.ts";
import { bookingStatuses } from "#words/bookings.ts";
import { firstName, statusTones } from "@/lib/words.ts";
import { Badge } from "@/ui/Badge.tsx";

const icons = {
  pending: Hourglass,
  confirmed: CircleCheck,
  completed: CircleCheck,
  cancelled: CircleX,
} as const satisfies Record<Status, typeof Hourglass>;

/** A booking's status as its student reads it. */
export function BookingStatus({ booking }: { booking: Pick<Booking, "status" | "mentor"> }) {
  const Icon = icons[booking.status];
  return (
    <Badge tone={statusTones[booking.status]}>
      <Icon aria-hidden />
      {bookingStatuses[booking.status](firstName(booking.mentor.full_name))}
    </Badge>
  );
}
