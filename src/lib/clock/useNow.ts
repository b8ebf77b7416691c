import { MINUTE_MS } from "#scheduling/units.ts";
import { useClock } from "./useClock.ts";

/** The current time, updated every minute. */
export function useNow(): Date {
  return useClock(untilNextMinute);
}

function untilNextMinute(now: number): number {
  return MINUTE_MS - (now % MINUTE_MS);
}
