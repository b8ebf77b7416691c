// What `npm run load` promises, decided from what was measured.
import type { StreamResult } from "./protocol.ts";

export interface Measured {
  steady: Record<string, StreamResult>;
  overload: Record<string, StreamResult>;
  recovery: Record<string, StreamResult>;
  /** MiB of memory that the app's process occupied in the steady phase, in order. */
  resident: number[];
  steadySeconds: number;
  /** Probes in the overload phase: ms, or undefined for one that was not answered. */
  probes: (number | undefined)[];
  isAlive: boolean;
}

export interface Verdict {
  promise: string;
  kept: boolean;
  /** What was seen. */
  seen: string;
}

/** Shorter runs end while the process still warms up. */
const shortestForMemory = 120;
const mostGrowth = 0.15;
const longestAnswer = 8_000;
const longestRecovery = 10;

export function judge(measured: Measured): Verdict[] {
  const { steady, overload, recovery, probes } = measured;
  const errors = outcomesBut(steady, [...success, "409 slot_taken"]);
  const strange = outcomesBut(overload, [...success, "409 slot_taken", "503 overloaded"]);
  const withoutHeader = sum(overload, ({ refusalsWithoutRetryAfter }) => refusalsWithoutRetryAfter);
  const slowest = Math.max(...Object.values(overload).map(({ latencies }) => percentile(latencies, 0.99)));
  const recovered = secondsToRecover(steady, recovery);
  const growth = growthOf(measured.resident);
  const silent = probes.filter((ms) => ms === undefined).length;
  return [
    { promise: "no error under the usual load", kept: errors === "", seen: errors || "none" },
    {
      promise: "memory stays flat",
      kept: measured.steadySeconds < shortestForMemory || growth <= mostGrowth,
      seen:
        measured.steadySeconds < shortestForMemory
          ? `not judged in less than ${shortestForMemory} s`
          : `${(growth * 100).toFixed(1)} % from the second quarter to the last`,
    },
    {
      promise: "the app survives overload",
      kept: measured.isAlive,
      seen: measured.isAlive ? "it did" : "it died",
    },
    {
      promise: "overload is answered with 503 and nothing else",
      kept: strange === "",
      seen: strange || `${share(overload, "503 overloaded")} were`,
    },
    {
      promise: "each 503 has Retry-After",
      kept: withoutHeader === 0,
      seen: `${withoutHeader} without it`,
    },
    {
      promise: `admitted requests are answered within ${longestAnswer / 1000} s (99 %)`,
      kept: slowest <= longestAnswer,
      seen: `${(slowest / 1000).toFixed(2)} s`,
    },
    {
      promise: "probes are answered under overload",
      kept: probes.length > 0 && silent === 0,
      seen: `${probes.length - silent} of ${probes.length}, the slowest in ${Math.max(...probes.map((ms) => ms ?? 0)).toFixed(0)} ms`,
    },
    {
      promise: `as before the overload within ${longestRecovery} s`,
      kept: recovered !== undefined && recovered <= longestRecovery,
      seen: recovered === undefined ? "not while measured" : `${recovered} s`,
    },
  ];
}

const success = ["200", "201"];

function outcomesBut(streams: Record<string, StreamResult>, expected: readonly string[]): string {
  return Object.entries(streams)
    .flatMap(([name, { outcomes }]) =>
      Object.entries(outcomes)
        .filter(([outcome]) => !expected.includes(outcome))
        .map(([outcome, count]) => `${count} × ${outcome} (${name})`),
    )
    .join(", ");
}

function sum(streams: Record<string, StreamResult>, of: (stream: StreamResult) => number): number {
  return Object.values(streams).reduce((total, stream) => total + of(stream), 0);
}

/** Of all that was sent, in percent. */
export function share(streams: Record<string, StreamResult>, ...outcomes: string[]): string {
  const count = sum(streams, (stream) => outcomes.reduce((n, one) => n + (stream.outcomes[one] ?? 0), 0));
  return `${((100 * count) / sum(streams, ({ sent }) => sent)).toFixed(1)} %`;
}

/**
 * Seconds after the overload until each stream is as before: from then on all of its requests succeed, and the 95th
 * percentile of three seconds out of four is at most twice that of the worst usual second. undefined: never.
 */
export function secondsToRecover(
  before: Record<string, StreamResult>,
  after: Record<string, StreamResult>,
): number | undefined {
  const each = Object.entries(after).map(([name, { seconds }]) => {
    const usual = before[name]!.seconds.map(({ p95 }) => p95).sort((a, b) => a - b);
    const limit = 2 * percentile(usual, 0.95);
    const isUsual = seconds.map(({ p95, success }) => success === 1 && p95 <= limit);
    const from = isUsual.findIndex((_, index) => {
      const rest = seconds.slice(index);
      const usualOnes = isUsual.slice(index).filter(Boolean).length;
      return isUsual[index] && rest.every(({ success }) => success === 1) && usualOnes >= rest.length * 0.75;
    });
    return from < 0 ? undefined : from;
  });
  return each.includes(undefined) ? undefined : Math.max(...(each as number[]));
}

/** Of sorted values; 0 when there are none. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** By which part the last quarter's median lies above that of the second: the first one is for warming up. */
export function growthOf(resident: readonly number[]): number {
  const quarter = Math.floor(resident.length / 4);
  if (quarter === 0) return 0;
  const median = (values: readonly number[]) =>
    percentile(
      [...values].sort((a, b) => a - b),
      0.5,
    );
  return median(resident.slice(-quarter)) / median(resident.slice(quarter, 2 * quarter)) - 1;
}
