import { expect, it } from "vitest";
import { beyondLimit, stepFactors, stepPromise } from "./limit.ts";
import { processSeconds } from "./processTimes.ts";
import type { StreamResult } from "./protocol.ts";

function stream(sent: number, latencies: number[]): StreamResult {
  return { sent, outcomes: {}, latencies, refusals: [], refusalsWithoutRetryAfter: 0, seconds: [] };
}

const quick = Array.from({ length: 100 }, (_, index) => index);

it("a rate is within the limit while every request succeeds in time", () => {
  expect(beyondLimit({ bookings: stream(100, quick), reads: stream(100, quick) })).toBeUndefined();
});

it("twin: one refusal, or slow bookings or reads, are beyond it", () => {
  expect(beyondLimit({ bookings: stream(101, quick), reads: stream(100, quick) })).toBe(
    "1 of 101 bookings failed",
  );
  const slow = (name: string) => quick.map((ms) => (ms < 90 ? ms : stepPromise[name]! + 1));
  expect(beyondLimit({ bookings: stream(100, slow("bookings")) })).toContain("bookings took up to 251 ms");
  expect(beyondLimit({ reads: stream(100, slow("reads")) })).toContain("reads took up to 101 ms");
});

it("steps rise, and one of them is the goal", () => {
  expect([...stepFactors].sort((a, b) => a - b)).toEqual(stepFactors);
  expect(stepFactors).toContain(1);
});

it("counts the processor time of a process", () => {
  const before = processSeconds(process.pid);
  const start = process.cpuUsage();
  // Of its own processor time, which a busy machine may give it late.
  while (process.cpuUsage(start).user < 150_000);
  const used = processSeconds(process.pid) - before;
  if (process.platform === "linux") expect(used).toBeGreaterThan(0.05);
  else expect(used).toBeNaN();
});
