import { CircleCheck, CircleDot, CircleX, Hourglass, type LucideIcon, UserX } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import type { BookingRole, BookingStatus } from "#rules/bookingState.ts";
import { bookingStatuses } from "#words/bookings.ts";
import { sessionStatuses } from "#words/sessions.ts";
import { noShowStatus } from "@/features/bookings/noShow/noShowStatus.ts";
import { firstName } from "@/lib/names.ts";
import { Badge } from "@/ui/Badge.tsx";
import { hasExpired, isInProgress } from "./sessionGroups.ts";

const looks = {
  pending: { Icon: Hourglass, tone: "accent" },
  confirmed: { Icon: CircleCheck, tone: "good" },
  completed: { Icon: CircleCheck, tone: "neutral" },
  cancelled: { Icon: CircleX, tone: "bad" },
} as const satisfies Record<BookingStatus, { Icon: LucideIcon; tone: string }>;

type SessionStatusProps = { booking: Booking; as: BookingRole; now: Date };

/** The status as text with an icon; the colour only repeats it. */
export function SessionStatus({ booking, as, now }: SessionStatusProps) {
  const { Icon, tone, text } = statusOf(booking, as, now.getTime());
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {text}
    </Badge>
  );
}

function statusOf(booking: Booking, as: BookingRole, now: number) {
  const noShow = noShowStatus(booking, as, now);
  if (noShow) return { ...noShow, Icon: noShow.tone === "bad" ? UserX : Hourglass };
  if (booking.awaits_payment) {
    return booking.status === "cancelled" || hasExpired(booking, now)
      ? ({ Icon: CircleX, tone: "neutral", text: sessionStatuses.notPaid } as const)
      : { ...looks.pending, text: sessionStatuses.toPay };
  }
  if (hasExpired(booking, now)) {
    return { Icon: CircleX, tone: "neutral", text: sessionStatuses.expired } as const;
  }
  const look = looks[booking.status];
  if (isInProgress(booking, now)) return { ...look, Icon: CircleDot, text: sessionStatuses.inProgress };
  if (booking.status === "confirmed" && Date.parse(booking.ends_at) <= now)
    return { ...look, text: as === "mentor" ? sessionStatuses.overForMentor : sessionStatuses.over };
  if (booking.status === "pending" && as === "mentor") return { ...look, text: sessionStatuses.awaitingYou };
  return { ...look, text: bookingStatuses[booking.status](firstName(booking.mentor.full_name)) };
}
