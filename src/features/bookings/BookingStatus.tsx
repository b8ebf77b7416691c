import { CircleCheck, CircleX, Hourglass } from "lucide-react";
import type { Booking, BookingStatus as Status } from "#contract/bookings.ts";
import { statusTones, statusWords } from "@/lib/words.ts";
import { Badge } from "@/ui/Badge.tsx";

const icons = {
  pending: Hourglass,
  confirmed: CircleCheck,
  completed: CircleCheck,
  cancelled: CircleX,
} as const satisfies Record<Status, typeof Hourglass>;

/** A booking's status in its student's words. */
export function BookingStatus({ booking }: { booking: Pick<Booking, "status" | "mentor"> }) {
  const Icon = icons[booking.status];
  return (
    <Badge tone={statusTones[booking.status]}>
      <Icon aria-hidden />
      {statusWords(booking)}
    </Badge>
  );
}
