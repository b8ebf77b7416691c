/** How long verdicts on a mentor's starts stay valid while the schedule is unchanged and only time passes. */

import type { Occupancy, SlotQuery } from "./availability.ts";
import type { Schedule } from "./schedule.ts";
import { judgeSlots } from "./slots.ts";
import { earliestOpening, earliestStart } from "./startJudge.ts";
import { addMs, type EpochMs, epochMs } from "./units.ts";
import { mentorZoneAt } from "./zoneCalendar.ts";
import { localDayAt, offsetMsAt } from "./zonedTime.ts";

/**
 * The last instant, not after `latest`, at which every start in the range has the verdict it has now, and
 * every day of the viewer the same reason why nothing is free on it. A start is past, or too soon, from the millisecond
 * after it has been reached; the booking window moves on with the mentor's date.
 * @param query its range is whole days of the viewer
 */
export function validUntil(
  schedule: Schedule,
  taken: readonly Occupancy[],
  query: SlotQuery,
  viewerZone: string,
  latest: EpochMs,
): EpochMs {
  const { now } = query;
  const mentorZone = mentorZoneAt(schedule, now);
  const isOneDay = (instant: number) =>
    mentorZoneAt(schedule, instant) === mentorZone &&
    sharesDay(mentorZone, now, instant) &&
    sharesDay(viewerZone, now, instant);
  let last = latest;
  // The exact end of a date is worth no more than a good guess: it comes once a day.
  while (last > now && !isOneDay(last)) last = addMs(now, Math.floor((last - now) / 2));
  const leads = new Set([now, earliestStart(schedule, now), earliestOpening(schedule, now)]);
  for (const earliest of leads) {
    const lead = earliest - now;
    const [next] = judgeSlots(schedule, taken, {
      ...query,
      from: epochMs(Math.max(query.from, now + lead)),
      until: epochMs(Math.min(query.until, last + lead + 1)),
    });
    if (next) last = epochMs(Math.min(last, next.startsAt - lead));
  }
  for (const { joinUntil } of taken)
    if (joinUntil !== undefined && joinUntil > now) last = epochMs(Math.min(last, joinUntil - 1));
  return last;
}

/** Whether a clock shows one date all the way from an instant to another, less than a day later. */
function sharesDay(timezone: string, from: number, to: number): boolean {
  return (
    offsetMsAt(timezone, from) === offsetMsAt(timezone, to) &&
    localDayAt(timezone, from) === localDayAt(timezone, to)
  );
}
