import { CircleCheck, CircleDot, CircleX, Hourglass, UserX } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { bookingStatuses } from "#words/bookings.ts";
import { noShowStatus } from "@/features/bookings/noShow/noShowStatus.ts";
import { firstName, statusTones } from "@/lib/words.ts";
import { Badge } from "@/ui/Badge.tsx";
import { hasLapsed, isUnderWay } from "./sessionGroups.ts";

const icons = {
  pending: Hourglass,
  confirmed: CircleCheck,
  completed: CircleCheck,
  cancelled: CircleX,
} as const;

type SessionStatusProps = { booking: Booking; as: BookingRole; now: Date };

/** The status in words and with a sign of its own; the colour only repeats it. */
export function SessionStatus({ booking, as, now }: SessionStatusProps) {
  const noShow = noShowStatus(booking, as, now.getTime());
  if (noShow) {
    const Sign = noShow.tone === "bad" ? UserX : Hourglass;
    return (
      <Badge tone={noShow.tone}>
        <Sign aria-hidden />
        {noShow.text}
      </Badge>
    );
  }
  const lapsed = hasLapsed(booking, now.getTime());
  const underWay = isUnderWay(booking, now.getTime());
  const Icon = lapsed ? CircleX : underWay ? CircleDot : icons[booking.status];
  return (
    <Badge tone={lapsed ? "neutral" : statusTones[booking.status]}>
      <Icon aria-hidden />
      {lapsed ? "Not answered in time" : underWay ? "Under way now" : words(booking, as, now)}
    </Badge>
  );
}

function words(booking: Booking, as: BookingRole, now: Date): string {
  const isOver = Date.parse(booking.ends_at) <= now.getTime();
  if (booking.status === "confirmed" && isOver)
    return as === "mentor" ? "Held, not marked as completed" : "Held";
  if (as === "mentor" && booking.status === "pending") return "Awaiting your reply";
  return bookingStatuses[booking.status](firstName(booking.mentor.full_name));
}
