import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { quietUntil } from "./quietHours.ts";

const at = (instant: string) => epochMs(Date.parse(instant));
const night = { from: "22:00", until: "07:30", timezone: "Asia/Kathmandu" };

describe("quiet hours", () => {
  it.each([
    ["the evening before", "2026-12-01T16:15:00Z", "2026-12-02T01:45:00Z"],
    ["after midnight", "2026-12-01T20:00:00Z", "2026-12-02T01:45:00Z"],
    ["their last minute", "2026-12-02T01:44:59Z", "2026-12-02T01:45:00Z"],
    ["their end", "2026-12-02T01:45:00Z", undefined],
    ["the day", "2026-12-01T08:00:00Z", undefined],
  ])("over midnight: %s", (_, now, end) => {
    expect(quietUntil(at(now), night)).toBe(end && at(end));
  });

  it("within a day end on that day", () => {
    const nap = { from: "13:00", until: "14:00", timezone: "UTC" };
    expect(quietUntil(at("2026-12-01T13:20:00Z"), nap)).toBe(at("2026-12-01T14:00:00Z"));
    expect(quietUntil(at("2026-12-01T14:20:00Z"), nap)).toBeUndefined();
  });

  it("that end in the hour that a clock change skips end after it", () => {
    const early = { from: "22:00", until: "02:30", timezone: "Europe/Berlin" };
    expect(quietUntil(at("2026-03-28T23:00:00Z"), early)).toBe(at("2026-03-29T01:30:00Z"));
  });

  it("always end in the future, within a day and two hours, when the clock shows their end or it was skipped", () => {
    const clock = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      const minutes = quarter * 15;
      return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    });
    const zone = fc.constantFrom("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/St_Johns");
    const instant = fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z") });
    fc.assert(
      fc.property(clock, clock, zone, instant, (from, until, timezone, now) => {
        fc.pre(from !== until);
        const end = quietUntil(epochMs(now), { from, until, timezone });
        if (end === undefined) return;
        expect(end).toBeGreaterThan(now - 3_600_000);
        expect(end).toBeLessThan(now + 26 * 3_600_000);
        expect(wallClockOf(timezone, end).time >= until || until > "22").toBe(true);
      }),
    );
  });
});
