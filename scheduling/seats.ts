/** Taken time with a seat more or less. */

import type { Occupancy } from "./availability.ts";
import type { Schedule } from "./schedule.ts";
import { addMs, type EpochMs, MINUTE_MS, type Minutes } from "./units.ts";

interface Session {
  readonly startsAt: EpochMs;
  readonly duration: Minutes;
  readonly serviceId: string | null;
  readonly capacity: number;
}

/** The time that a session takes with the mentor's buffers, with one of its seats taken. */
export function withBuffers(
  { buffer_before, buffer_after }: Pick<Schedule, "buffer_before" | "buffer_after">,
  { startsAt, duration, serviceId, capacity }: Session,
): Occupancy {
  const endsAt = addMs(startsAt, duration * MINUTE_MS);
  return {
    startsAt,
    endsAt,
    busyFrom: addMs(startsAt, -buffer_before * MINUTE_MS),
    busyUntil: addMs(endsAt, buffer_after * MINUTE_MS),
    serviceId,
    capacity,
    seatsTaken: 1,
  };
}

/**
 * The taken time without one seat in the session that starts at `startsAt`: a booking's old time does not block its new
 * one, but other bookings of the same session do, and so does a session that the mentor scheduled. Sessions of one mentor never overlap, so the start identifies it.
 */
export function withoutSeat(taken: readonly Occupancy[], startsAt: EpochMs): Occupancy[] {
  return taken.flatMap((session) => {
    if (session.startsAt !== startsAt || session.isElsewhere) return [session];
    const stays = session.seatsTaken > 1 || session.joinUntil !== undefined;
    return stays ? [{ ...session, seatsTaken: session.seatsTaken - 1 }] : [];
  });
}

/** The taken time, in the order of its starts, with one more seat in the session that starts then, or with that session. */
export function withSeat(taken: readonly Occupancy[], session: Occupancy): Occupancy[] {
  const joined = taken.findIndex(
    ({ startsAt, isElsewhere }) => startsAt === session.startsAt && !isElsewhere,
  );
  const found = taken[joined];
  if (found) return taken.with(joined, { ...found, seatsTaken: found.seatsTaken + 1 });
  const place = taken.findIndex(({ startsAt }) => startsAt >= session.startsAt);
  return taken.toSpliced(place === -1 ? taken.length : place, 0, session);
}
