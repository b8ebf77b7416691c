import type { Booking } from "#contract/bookings.ts";
import type { JoinFacts } from "#rules/joining.ts";

/** What decides when one can walk in. */
export function joinFactsOf(booking: Booking): JoinFacts {
  return {
    status: booking.status,
    starts_at: Date.parse(booking.starts_at),
    ends_at: Date.parse(booking.ends_at),
    hasLink: booking.meeting_url !== null,
  };
}
