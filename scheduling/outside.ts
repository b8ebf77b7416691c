/** Booked sessions that a mentor's hours no longer contain. They stay booked: this only says which ones they are. */

import { firstEndingAfter, overlapsAny } from "./interval.ts";
import type { Schedule } from "./schedule.ts";
import { openTime } from "./zonePeriods.ts";

/** Epoch ms. */
interface Session {
  readonly starts_at: number;
  readonly ends_at: number;
}

/**
 * The sessions that do not lie wholly in open time, or touch a day off. The grid, notice, window, buffers and limits
 * decide what may be booked, not what was.
 * @throws RangeError for an unknown zone or a malformed row
 */
export function sessionsOutside<S extends Session>(schedule: Schedule, sessions: readonly S[]): S[] {
  if (sessions.length === 0) return [];
  const from = Math.min(...sessions.map(({ starts_at }) => starts_at));
  const until = Math.max(...sessions.map(({ ends_at }) => ends_at));
  const { open, off } = openTime(schedule, from, until);
  return sessions.filter(({ starts_at, ends_at }) => {
    const at = firstEndingAfter(open, starts_at);
    const isOpen = at < open.length && open[at]! <= starts_at && ends_at <= open[at + 1]!;
    return !isOpen || overlapsAny(off, starts_at, ends_at);
  });
}
