import { useEffect, useState } from "react";

/** Timers take no longer waits than this kindly, and a clock that was set meanwhile is noticed. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 20;

/**
 * The present, renewed whenever `untilNext` says that it makes a difference, and as soon as a tab that slept is looked at
 * again: nothing is counted, so nothing drifts.
 * @param untilNext milliseconds from an instant (epoch ms) to the next one that matters
 */
export function useClock(untilNext: (now: number) => number): Date {
  const [now, setNow] = useState(() => new Date());
  // biome-ignore lint/correctness/useExhaustiveDependencies: every renewal sets the next timer.
  useEffect(() => {
    const renew = () => setNow(new Date());
    const wait = Math.max(SHORTEST_WAIT_MS, Math.min(untilNext(Date.now()), LONGEST_WAIT_MS));
    const timer = setTimeout(renew, wait);
    const renewInSight = () => !document.hidden && renew();
    document.addEventListener("visibilitychange", renewInSight);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", renewInSight);
    };
  }, [now, untilNext]);
  return now;
}
