/** Booked sessions that a mentor's hours no longer contain. They stay booked: this only says which ones they are. */

import { firstEndingAfter, overlapsAny } from "./interval.ts";
import type { Schedule } from "./schedule.ts";
import type { EpochMs } from "./units.ts";
import { openTime } from "./zoneCalendar.ts";

interface Session {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

/**
 * The sessions that do not lie wholly in open time, or touch a day off. The grid, notice, window, buffers and limits
 * decide what may be booked, not what was.
 * @throws RangeError for an unknown zone or a malformed row
 */
export function sessionsOutsideHours<S extends Session>(schedule: Schedule, sessions: readonly S[]): S[] {
  if (sessions.length === 0) return [];
  const from = Math.min(...sessions.map(({ startsAt }) => startsAt));
  const until = Math.max(...sessions.map(({ endsAt }) => endsAt));
  const { open, off } = openTime(schedule, from, until);
  return sessions.filter(({ startsAt, endsAt }) => {
    const at = firstEndingAfter(open, startsAt);
    const isOpen = at < open.length && open[at]! <= startsAt && endsAt <= open[at + 1]!;
    return !isOpen || overlapsAny(off, startsAt, endsAt);
  });
}
