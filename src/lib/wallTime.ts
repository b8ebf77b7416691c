/** Converts local times to instants. Separate from time.ts, which the booking route loads. */
import { DAY_MS, type EpochMs, epochMs, type LocalDate } from "#scheduling/units.ts";
import { wallClock } from "./time.ts";

/**
 * The instant of a local date and time in a zone. Like the API it uses Temporal's `compatible`: the first of
 * two repeated times, and a skipped time moved on by the gap.
 */
export function instantAt(date: LocalDate, time: string, timeZone: string): EpochMs {
  const wall = Date.parse(`${date}T${time}:00Z`);
  const before = wall - offsetMs(wall - DAY_MS, timeZone);
  const after = wall - offsetMs(wall + DAY_MS, timeZone);
  const shows = (instant: number) => {
    const clock = wallClock(new Date(instant), timeZone);
    return clock.date === date && clock.time === time;
  };
  const found = [before, after].sort((one, other) => one - other).find(shows) ?? before;
  return epochMs(found);
}

function offsetMs(instant: number, timeZone: string): number {
  const { date, time } = wallClock(new Date(instant), timeZone);
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / 60_000) * 60_000;
}
