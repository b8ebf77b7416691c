/**
 * The gate of the waitlist: freed time belongs first to those who wait for it. A start that is free and waited for is as
 * good as taken for everyone else until it was offered; a job then holds it for the next in the queue, or the queue is empty
 * and the start is public. Nothing is kept back that could not be offered.
 */

import type { Occupancy, SlotQuery } from "./availability.ts";
import { WEEK_REACH_MS } from "./margins.ts";
import type { Schedule, Wait } from "./schedule.ts";
import { withBuffers } from "./seats.ts";
import { asMinutes, type EpochMs, epochMs, MINUTE_MS, type Minutes } from "./units.ts";

/** With less time to answer, the queue is not asked: the time is public. */
export const leastOfferMinutes = asMinutes(10);

type FindSlots = (schedule: Schedule, taken: readonly Occupancy[], query: SlotQuery) => EpochMs[];

/** The starts in a range that can be offered to a person who waits. */
export function offerableStarts(
  schedule: Schedule,
  taken: readonly Occupancy[],
  wait: Wait,
  { from, until, now }: { readonly from: number; readonly until: number; readonly now: EpochMs },
  find: FindSlots,
): EpochMs[] {
  const { serviceId, duration, passed } = wait;
  const query = {
    from: epochMs(Math.max(from, wait.from)),
    until: epochMs(Math.min(until, wait.until)),
    duration,
    now,
    serviceId,
  };
  if (!(query.from < query.until)) return [];
  const { waits: _others, ...own } = schedule;
  const ofService = {
    ...own,
    opening_notice: wait.openingNotice,
    ...(!wait.opensByBooking && { windows: [] }),
  };
  return find(ofService, taken, query).filter(
    (start) =>
      now + (noticeBefore(schedule, taken, wait, start) + leastOfferMinutes) * MINUTE_MS <= start &&
      !passed.includes(start),
  );
}

/** How long before the start of a session for a person who waits it can be booked. */
export function noticeBefore(
  { minimum_notice }: Pick<Schedule, "minimum_notice">,
  taken: readonly Occupancy[],
  wait: Wait,
  start: EpochMs,
): Minutes {
  const joined = sessionAt(taken, wait, start);
  // What its mentor scheduled can be joined without notice.
  if (joined?.joinUntil !== undefined) return asMinutes(0);
  return asMinutes(Math.max(0, minimum_notice, joined ? 0 : wait.openingNotice));
}

/** The taken time as it is for everyone who does not wait: with what is free and waited for. */
export function withWaits(
  schedule: Schedule,
  taken: readonly Occupancy[],
  { from, until, duration, now }: SlotQuery,
  find: FindSlots,
): readonly Occupancy[] {
  const { waits = [], buffer_before, buffer_after, max_per_day, max_per_week } = schedule;
  if (waits.length === 0) return taken;
  const buffers = (buffer_before + buffer_after) * MINUTE_MS;
  const isLimited = max_per_day !== null || max_per_week !== null;
  const kept = new Map<string, Occupancy>();
  const full = new Set<Occupancy>();
  for (const wait of waits) {
    // Those that a session of the query could meet; under a cap, those of the same week.
    const atLeast = isLimited ? WEEK_REACH_MS : 0;
    const range = {
      from: from - Math.max(wait.duration * MINUTE_MS + buffers, atLeast),
      until: until + Math.max(duration * MINUTE_MS + buffers, atLeast),
      now,
    };
    for (const startsAt of offerableStarts(schedule, taken, wait, range, find)) {
      const joined = sessionAt(taken, wait, startsAt);
      if (joined) full.add(joined);
      else kept.set(`${startsAt} ${wait.duration}`, keptTime(schedule, startsAt, wait));
    }
  }
  if (kept.size === 0 && full.size === 0) return taken;
  const sessions = taken.map((row) => (full.has(row) ? { ...row, seatsTaken: row.capacity } : row));
  return [...sessions, ...kept.values()].sort((one, other) => one.busyFrom - other.busyFrom);
}

/** The group session with seats left that a start would join. */
function sessionAt(taken: readonly Occupancy[], wait: Wait, startsAt: number): Occupancy | undefined {
  const endsAt = startsAt + wait.duration * MINUTE_MS;
  return taken.find(
    (row) =>
      row.serviceId === wait.serviceId &&
      row.startsAt === startsAt &&
      row.endsAt === endsAt &&
      row.seatsTaken < row.capacity,
  );
}

function keptTime(schedule: Schedule, startsAt: EpochMs, { duration }: Wait): Occupancy {
  return {
    ...withBuffers(schedule, { startsAt, duration, serviceId: null, capacity: 1 }),
    isElsewhere: true,
    isKept: true,
  };
}
