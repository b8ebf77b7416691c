/** What is taken, as a booking sees it that is about to move. */
import type { Occupancy } from "./availability.ts";

/**
 * The taken time without one seat in the session that starts at `startsAt` (epoch ms): one's own old time does not
 * stand in one's own way, but the others who sit in the same session do. Sessions of one mentor never overlap, so the
 * start tells which it is.
 */
export function withoutSeat(taken: readonly Occupancy[], startsAt: number): Occupancy[] {
  return taken.flatMap((session) => {
    if (session.starts_at !== startsAt) return [session];
    return session.seats_taken > 1 ? [{ ...session, seats_taken: session.seats_taken - 1 }] : [];
  });
}
