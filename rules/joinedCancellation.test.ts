import { expect, it } from "vitest";
import { addMs, epochMs, MINUTE_MS } from "#scheduling/units.ts";
import { joinsCancellation } from "./joinedCancellation.ts";

const at = epochMs(Date.UTC(2027, 0, 15, 10));
const facts = { status: "cancelled", startsAt: addMs(at, 60 * MINUTE_MS), studentCancelledAt: at } as const;

it.each([
  ["at once", {}, 0, true],
  ["until a minute later", {}, MINUTE_MS - 1, true],
  ["not after it", {}, MINUTE_MS, false],
  ["not from the start on", { startsAt: addMs(at, 1000) }, 1000, false],
  ["not if the student did not cancel it", { studentCancelledAt: null }, 0, false],
  ["not as long as it is confirmed: that is an ordinary step", { status: "confirmed" }, 0, false],
] as const)("a mentor's cancellation counts beside the student's: %s", (_when, more, later, counts) => {
  const booking = { ...facts, ...more };
  expect(joinsCancellation("cancel", "mentor", booking, addMs(at, later))).toBe(counts);
  expect(joinsCancellation("cancel", "student", booking, addMs(at, later))).toBe(false);
  expect(joinsCancellation("decline", "mentor", booking, addMs(at, later))).toBe(false);
});
