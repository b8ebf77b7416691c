import { useClock } from "./useClock.ts";

const MINUTE_MS = 60_000;

/** The present minute, renewed as the clock turns. */
export function useNow(): Date {
  return useClock(untilNextMinute);
}

function untilNextMinute(now: number): number {
  return MINUTE_MS - (now % MINUTE_MS);
}
