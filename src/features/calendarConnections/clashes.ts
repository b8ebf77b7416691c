/** Which of the viewer's own calendars are busy at a time. */
import type { OwnBusyTimes } from "#contract/calendarConnections.ts";
import { DAY_MS, type EpochMs } from "#scheduling/units.ts";

/** How many days are asked for at once: the times of a month on the page are two requests at most. */
const spanMs = 31 * DAY_MS;

/** The span of days that an instant is in, the same for all instants in it; a day longer, for what ends after it. */
export function monthsAround(instant: EpochMs): { start: string; end: string } {
  const start = Math.floor(instant / spanMs) * spanMs;
  return {
    start: new Date(start).toISOString(),
    end: new Date(start + spanMs + DAY_MS).toISOString(),
  };
}

/** The names of the calendars that are busy in [from, until), each once. */
export function clashesWith(busy: OwnBusyTimes["data"], from: number, until: number): string[] {
  const clashing = busy.filter(
    ({ starts_at, ends_at }) => Date.parse(starts_at) < until && from < Date.parse(ends_at),
  );
  return [...new Set(clashing.map(({ calendar }) => calendar))];
}
