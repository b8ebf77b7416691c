import { performance } from "node:perf_hooks";
import { abortableSleep } from "../platform/abortableSleep.ts";

/** Returns a function that returns at most so many times per second, evenly spread. */
export function openPace(perSecond: number): (signal: AbortSignal) => Promise<void> {
  const gap = 1_000 / perSecond;
  let next = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    const now = performance.now();
    const turn = Math.max(now, next);
    next = turn + gap;
    if (turn > now) await abortableSleep(turn - now, signal);
  };
}
