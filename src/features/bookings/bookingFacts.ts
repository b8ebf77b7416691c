import type { Booking } from "#contract/bookings.ts";
import type { BookingFacts } from "#rules/bookingState.ts";
import { holdsUp } from "#rules/noShow.ts";

/** What decides which steps are open, in the terms of the state machine. */
export function factsOf(booking: Booking): BookingFacts {
  return {
    status: booking.status,
    starts_at: Date.parse(booking.starts_at),
    ends_at: Date.parse(booking.ends_at),
    expires_at: booking.expires_at ? Date.parse(booking.expires_at) : null,
    cancel_cutoff: booking.cancel_cutoff,
    reschedule_cutoff: booking.reschedule_cutoff,
    has_no_show: holdsUp(booking.no_show),
  };
}
