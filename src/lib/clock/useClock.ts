import { useEffect, useState } from "react";
import { serverClock, serverNow } from "./serverClock.ts";
import { settleClock } from "./settleClock.ts";

/** Timers take no longer waits than this kindly, and a clock that was set meanwhile is noticed. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 20;

/**
 * The present by the server's clock, renewed whenever `untilNext` says that it makes a difference, when the server says that
 * the device's clock is wrong, and as soon as a tab that slept is looked at again: nothing is counted, so nothing drifts.
 * @param untilNext milliseconds from an instant (epoch ms) to the next one that matters
 */
export function useClock(untilNext: (now: number) => number): Date {
  const [now, setNow] = useState(serverNow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every renewal sets the next timer.
  useEffect(() => {
    const renew = () => {
      settleClock();
      setNow(serverNow());
    };
    const wait = Math.max(SHORTEST_WAIT_MS, Math.min(untilNext(serverClock.now()), LONGEST_WAIT_MS));
    const timer = setTimeout(renew, wait);
    const renewInSight = () => !document.hidden && renew();
    document.addEventListener("visibilitychange", renewInSight);
    const unsubscribe = serverClock.subscribe(renew);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", renewInSight);
      unsubscribe();
    };
  }, [now, untilNext]);
  return now;
}
