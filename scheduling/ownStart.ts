/** A time that the mentor chooses: only their other sessions stop it, but they should know what else it meets. */

import type { Occupancy } from "./availability.ts";
import { blockingSessions } from "./explain.ts";
import { overlapsAny } from "./interval.ts";
import type { Schedule } from "./schedule.ts";
import { sessionsOutsideHours } from "./sessionsOutsideHours.ts";
import type { Verdict } from "./slots.ts";
import { addMs, type EpochMs, MINUTE_MS, type Minutes } from "./units.ts";
import { openTime } from "./zoneCalendar.ts";

export interface OwnStart {
  readonly startsAt: EpochMs;
  readonly verdict: Extract<Verdict, "free" | "past" | "taken" | "buffer" | "blocked" | "outside_hours">;
  /** It has passed, or another session is in the way: it cannot be scheduled. */
  readonly isRefused: boolean;
}

/**
 * Judges a start of any minute. Notice, window and limits do not count: they are about what students ask for.
 * @param taken at least the occupancies around the start, without a session that is moved to it
 * @throws RangeError for an unknown zone or a malformed row
 */
export function judgeOwnStart(
  schedule: Schedule,
  taken: readonly Occupancy[],
  { startsAt, duration, now }: { startsAt: EpochMs; duration: Minutes; now: EpochMs },
): OwnStart {
  const endsAt = addMs(startsAt, duration * MINUTE_MS);
  const judged = (verdict: OwnStart["verdict"], isRefused = false) => ({ startsAt, verdict, isRefused });
  if (startsAt <= now) return judged("past", true);
  const inTheWay = blockingSessions(schedule, taken, { startsAt, duration });
  const isAt = (busy: Occupancy) => busy.startsAt < endsAt && startsAt < busy.endsAt;
  const verdictOf = (busy: readonly Occupancy[]) => (busy.some(isAt) ? "taken" : "buffer");
  const sessions = inTheWay.filter(({ isElsewhere }) => !isElsewhere);
  if (sessions.length > 0) return judged(verdictOf(sessions), true);
  if (overlapsAny(openTime(schedule, startsAt, endsAt).off, startsAt, endsAt)) return judged("blocked");
  if (sessionsOutsideHours(schedule, [{ startsAt, endsAt }]).length > 0) return judged("outside_hours");
  return judged(inTheWay.length > 0 ? verdictOf(inTheWay) : "free");
}
