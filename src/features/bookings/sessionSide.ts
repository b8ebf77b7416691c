import type { Booking } from "#contract/bookings.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { firstName } from "@/lib/names.ts";
import type { SessionAccess } from "@/lib/sessionAccess.ts";

/** A session as one of its two people sees it. */
export type SessionSide = {
  booking: Booking;
  role: BookingRole;
  access: SessionAccess;
  /** The zone in which the reader sees times. */
  timeZone: string;
  /** The person on the other side, as `SessionTimes` and `DateTimeSelection` take it. */
  other: { name: string; fullName: string; timeZone: string };
};

export function sideOf(
  booking: Booking,
  role: BookingRole,
  access: SessionAccess,
  viewerTimeZone: string,
): SessionSide {
  const isMentor = role === "mentor";
  const fullName = isMentor ? booking.user_name : booking.mentor.full_name;
  return {
    booking,
    role,
    access,
    // A mentor sees sessions in the zone of the weekly hours, as in the workspace.
    timeZone: isMentor ? booking.mentor_timezone : viewerTimeZone,
    other: {
      name: firstName(fullName),
      fullName,
      timeZone: isMentor ? booking.student_timezone : booking.mentor_timezone,
    },
  };
}
