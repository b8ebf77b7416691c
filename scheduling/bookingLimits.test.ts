import { describe, expect, it } from "vitest";
import { BookingLimits } from "./bookingLimits.ts";
import { mentor, session } from "./testing/examples.ts";
import { zoneCalendarOf } from "./zoneCalendar.ts";
import { parseDate } from "./zonedTime.ts";

describe("BookingLimits", () => {
  const from = Date.parse("2026-03-06T00:00Z");
  const until = Date.parse("2026-03-11T00:00Z");
  const calendar = zoneCalendarOf({ timezone: "Asia/Kathmandu" }, from, until);
  const limits = (settings: { max_per_day?: number; max_per_week?: number }, starts: string[]) =>
    new BookingLimits(
      mentor({ timezone: "Asia/Kathmandu", windows: [], ...settings }),
      starts.map((start) => session(start, 30)),
      calendar,
      from,
      until,
    );
  const day = (date: string) => parseDate(date)!;

  it("counts by the mentor's date, not by UTC's", () => {
    const daily = limits({ max_per_day: 1 }, ["2026-03-07T18:30Z"]); // 00:15 on the 8th.
    expect(daily.isDayFull(day("2026-03-07"))).toBe(false);
    expect(daily.isDayFull(day("2026-03-08"))).toBe(true);
    expect(daily.isWeekFull(day("2026-03-08"))).toBe(false);
  });

  it("counts weeks from Monday to Sunday", () => {
    const weekly = limits({ max_per_week: 2 }, [
      "2026-03-02T06:00Z",
      "2026-03-08T06:00Z",
      "2026-03-09T06:00Z",
    ]);
    expect(weekly.isWeekFull(day("2026-03-06"))).toBe(true);
    expect(weekly.isWeekFull(day("2026-03-08"))).toBe(true);
    expect(weekly.isWeekFull(day("2026-03-09"))).toBe(false);
    expect(weekly.isDayFull(day("2026-03-08"))).toBe(false);
  });

  it("does not count what is busy in a connected calendar", () => {
    const elsewhere = { ...session("2026-03-08T06:00Z", 30), isElsewhere: true } as const;
    const settings = mentor({ timezone: "Asia/Kathmandu", windows: [], max_per_day: 1 });
    const daily = new BookingLimits(settings, [elsewhere], calendar, from, until);
    expect(daily.isDayFull(day("2026-03-08"))).toBe(false);
  });

  it("ignores sessions of other weeks and takes a limit of none as closed", () => {
    expect(
      limits({ max_per_week: 1 }, ["2025-03-06T06:00Z", "2027-03-06T06:00Z"]).isWeekFull(day("2026-03-06")),
    ).toBe(false);
    expect(limits({ max_per_day: 0 }, []).isDayFull(day("2026-03-06"))).toBe(true);
  });
});
