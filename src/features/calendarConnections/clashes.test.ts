import { expect, test } from "vitest";
import { DAY_MS, parseInstant } from "#scheduling/units.ts";
import { clashesWith, monthsAround } from "./clashes.ts";

const event = (calendar: string, starts_at: string, ends_at: string) => ({
  calendar,
  starts_at,
  ends_at,
  is_all_day: false,
  calendar_id: "00000000-0000-7000-8000-000000000001",
  title: null,
});
const at = parseInstant("2026-11-30T10:00:00Z");

test("a time clashes with what overlaps it, not with what touches it; a calendar is named once", () => {
  const busy = [
    event("before", "2026-11-30T09:00:00Z", "2026-11-30T10:00:00Z"),
    event("work", "2026-11-30T09:30:00Z", "2026-11-30T10:15:00Z"),
    event("work", "2026-11-30T10:20:00Z", "2026-11-30T10:30:00Z"),
    event("home", "2026-11-29T00:00:00Z", "2026-12-02T00:00:00Z"),
    event("after", "2026-11-30T10:30:00Z", "2026-11-30T11:00:00Z"),
  ];
  expect(clashesWith(busy, at, at + 30 * 60_000)).toEqual(["work", "home"]);
});

test("the days that are asked for hold a session to its end", () => {
  const { start, end } = monthsAround(at);
  expect(Date.parse(start)).toBeLessThanOrEqual(at);
  expect(Date.parse(end)).toBeGreaterThanOrEqual(at + DAY_MS);
});
