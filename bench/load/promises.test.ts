import { describe, expect, it } from "vitest";
import { growthOf, judge, type Measured, percentile, secondsToRecover } from "./promises.ts";
import type { StreamResult } from "./protocol.ts";

const fine = { p95: 20, success: 1 };

function stream(outcomes: Record<string, number>, change: Partial<StreamResult> = {}): StreamResult {
  const sent = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const seconds = Array.from({ length: 20 }, () => fine);
  return {
    sent,
    outcomes,
    latencies: [10, 20],
    refusals: [],
    refusalsWithoutRetryAfter: 0,
    seconds,
    ...change,
  };
}

const good: Measured = {
  steady: { bookings: stream({ 201: 990, "409 slot_taken": 1 }), "slot reads": stream({ 200: 10_000 }) },
  overload: { bookings: stream({ 201: 100, "503 overloaded": 900 }) },
  recovery: { bookings: stream({ 201: 100 }) },
  resident: Array.from({ length: 40 }, (_, index) => (index < 10 ? 100 + index * 10 : 200)),
  steadySeconds: 300,
  probes: [5, 10],
  isAlive: true,
};

const broken = (change: Partial<Measured>) =>
  judge({ ...good, ...change })
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise);

describe("promises", () => {
  it("are all kept by a good run, in which another client may have been quicker", () => {
    expect(broken({})).toEqual([]);
  });

  it.each([
    ["no error", { steady: { bookings: stream({ 201: 999, "500 internal": 1 }) } }],
    ["no error", { steady: { bookings: stream({ 201: 999, "503 overloaded": 1 }) } }],
    ["no error", { steady: { bookings: stream({ 201: 999, cut: 1 }) } }],
    ["memory", { resident: Array.from({ length: 40 }, (_, index) => 100 + index * 5) }],
    ["survives", { isAlive: false }],
    ["with 503 and nothing else", { overload: { bookings: stream({ 201: 9, lost: 1 }) } }],
    ["Retry-After", { overload: { bookings: stream({ 201: 9 }, { refusalsWithoutRetryAfter: 1 }) } }],
    ["answered within", { overload: { bookings: stream({ 201: 9 }, { latencies: [10, 9000] }) } }],
    ["probes", { probes: [5, undefined] }],
    ["probes", { probes: [] }],
    [
      "as before",
      { recovery: { bookings: stream({ 201: 9 }, { seconds: Array(20).fill({ p95: 90, success: 1 }) }) } },
    ],
  ] satisfies [string, Partial<Measured>][])(
    "%s: its twin breaks this promise and no other",
    (words, change) => {
      const found = broken(change);
      expect(found).toHaveLength(1);
      expect(found[0]).toContain(words);
    },
  );

  it("do not judge memory in a run that is too short", () => {
    expect(broken({ steadySeconds: 20, resident: [100, 200, 300, 400] })).toEqual([]);
  });
});

it("recovery is counted from the last second slower than before the overload", () => {
  const after = (bad: number) => ({
    bookings: stream(
      { 201: 1 },
      {
        seconds: Array.from({ length: 20 }, (_, index) => (index < bad ? { p95: 900, success: 0.5 } : fine)),
      },
    ),
  });
  expect(secondsToRecover({ bookings: stream({}) }, after(0))).toBe(0);
  expect(secondsToRecover({ bookings: stream({}) }, after(4))).toBe(4);
  expect(secondsToRecover({ bookings: stream({}) }, after(20))).toBeUndefined();
});

it("percentiles and growth", () => {
  expect(percentile([], 0.5)).toBe(0);
  expect([0.5, 0.95, 1].map((part) => percentile([1, 2, 3, 4], part))).toEqual([2, 4, 4]);
  expect(growthOf([50, 100, 100, 110])).toBeCloseTo(0.1);
});
