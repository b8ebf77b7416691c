/** From the clock on the wall to an instant. Kept apart from time.ts, which the booking route loads. */
import { DAY_MS } from "#scheduling/units.ts";
import { wallClock } from "./time.ts";

/**
 * The instant at which a zone's clock shows a date and a time, ISO 8601 UTC. A repeated time is the first of the two, a
 * skipped one is moved on by the gap, as the API has it (Temporal's `compatible`).
 */
export function instantAt(date: string, time: string, timeZone: string): string {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const before = wall - offsetMs(wall - DAY_MS, timeZone);
  const after = wall - offsetMs(wall + DAY_MS, timeZone);
  const shows = (instant: number) => {
    const clock = wallClock(new Date(instant), timeZone);
    return clock.date === date && clock.time === time;
  };
  const found = [before, after].sort((one, other) => one - other).find(shows) ?? before;
  return new Date(found).toISOString();
}

function offsetMs(instant: number, timeZone: string): number {
  const { date, time } = wallClock(new Date(instant), timeZone);
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / 60_000) * 60_000;
}
