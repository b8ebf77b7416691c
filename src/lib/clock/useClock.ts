import { useEffect, useState } from "react";
import { serverClock, serverNow } from "./serverClock.ts";
import { settleClock } from "./settleClock.ts";

/** Longest timer, so that a clock that was set in the meantime is noticed. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 20;

/**
 * The current time by the server's clock, updated whenever `untilNext` requires it, after each correction of the
 * clock, and when a tab becomes visible again. Nothing is counted, so nothing drifts.
 * @param untilNext milliseconds from an instant (epoch ms) to the next one that matters
 */
export function useClock(untilNext: (now: number) => number): Date {
  const [now, setNow] = useState(serverNow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every update sets the next timer.
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
