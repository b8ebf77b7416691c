import { MINUTE_MS } from "#scheduling/units.ts";
import { useClock } from "./useClock.ts";

/** The present minute, renewed as the clock turns. */
export function useNow(): Date {
  return useClock(untilNextMinute);
}

function untilNextMinute(now: number): number {
  return MINUTE_MS - (now % MINUTE_MS);
}
