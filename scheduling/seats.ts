/** Taken time for a booking that is about to move. */

import type { Occupancy } from "./availability.ts";
import type { EpochMs } from "./units.ts";

/**
 * The taken time without one seat in the session that starts at `startsAt`: a booking's old time does not block its new
 * one, but other bookings of the same session do. Sessions of one mentor never overlap, so the start identifies it.
 */
export function withoutSeat(taken: readonly Occupancy[], startsAt: EpochMs): Occupancy[] {
  return taken.flatMap((session) => {
    if (session.startsAt !== startsAt) return [session];
    return session.seatsTaken > 1 ? [{ ...session, seatsTaken: session.seatsTaken - 1 }] : [];
  });
}
