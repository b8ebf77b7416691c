// The true limit: the rate is raised step by step until a promise breaks.
import { percentile } from "./promises.ts";
import type { StreamResult } from "./protocol.ts";

/** Parts of the goal, in order. */
export const stepFactors: readonly number[] = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3];

/**
 * What 99 of 100 answers must keep at a rate that counts as within the limit, ms. Beyond that queues grow for minutes that are
 * still short in a step of seconds.
 */
export const stepPromise: Record<string, number> = { bookings: 250, reads: 100 };

/** Why this rate is above the limit; undefined if it is not. */
export function beyondLimit(streams: Record<string, StreamResult>): string | undefined {
  for (const [name, { sent, latencies }] of Object.entries(streams)) {
    if (latencies.length < sent) return `${sent - latencies.length} of ${sent} ${name} failed`;
    const p99 = percentile(latencies, 0.99);
    const longest = stepPromise[name] ?? 0;
    if (p99 > longest) return `99 % of the ${name} took up to ${p99.toFixed(0)} ms`;
  }
  return undefined;
}
