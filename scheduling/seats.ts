/** What is taken, as a booking sees it that is about to move. */

import type { Occupancy } from "./availability.ts";
import type { EpochMs } from "./units.ts";

/**
 * The taken time without one seat in the session that starts at `startsAt`: one's own old time does not
 * stand in one's own way, but the others who sit in the same session do. Sessions of one mentor never overlap, so the
 * start tells which it is.
 */
export function withoutSeat(taken: readonly Occupancy[], startsAt: EpochMs): Occupancy[] {
  return taken.flatMap((session) => {
    if (session.startsAt !== startsAt) return [session];
    return session.seatsTaken > 1 ? [{ ...session, seatsTaken: session.seatsTaken - 1 }] : [];
  });
}
