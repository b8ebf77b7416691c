import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { judgeSlots } from "./slots.ts";
import { proveInEveryZone } from "./testing/comparison.ts";
import { iso, mentor, open } from "./testing/examples.ts";
import { parseInstant } from "./units.ts";
import { mentorDay, mentorZoneAt, openTime, zoneCalendarOf } from "./zoneCalendar.ts";
import { parseDate } from "./zonedTime.ts";

const at = (instant: string) => parseInstant(instant);
const away = (starts_on: string, ends_on: string, timezone: string) => ({
  starts_on: localDate(starts_on),
  ends_on: localDate(ends_on),
  timezone,
});
const from = at("2026-05-01T00:00Z");
const until = at("2026-05-08T00:00Z");

/** Home in India, two days in London. */
const london = {
  timezone: "Asia/Kolkata",
  zone_periods: [away("2026-05-03", "2026-05-04", "Europe/London")],
};

describe("a mentor who travels", () => {
  it("is in the zone of the last date that has begun", () => {
    const zones = ["2026-05-02T18:30Z", "2026-05-02T23:00Z", "2026-05-04T18:30Z"].map((instant) =>
      mentorZoneAt(london, at(instant)),
    );
    // Midnight in India comes first, but the 3rd begins with London's; the 5th begins with India's again.
    expect(zones).toEqual(["Asia/Kolkata", "Europe/London", "Asia/Kolkata"]);
    expect(Object.values(mentorDay(london, localDate("2026-05-03"))).map(iso)).toEqual([
      "2026-05-02T23:00Z",
      "2026-05-03T23:00Z",
    ]);
    expect(Object.values(mentorDay(london, localDate("2026-05-04"))).map(iso)).toEqual([
      "2026-05-03T23:00Z",
      "2026-05-04T18:30Z",
    ]);
  });

  it("keeps hours in the zone of the date on which they begin", () => {
    const windows = [0, 1, 2, 3, 4, 5, 6].map((day) => open(day, "22:00-01:00"));
    const found = openTime(mentor({ ...london, windows }), from, until).open.map(iso);
    expect(found.slice(2, 10)).toEqual([
      ...["2026-05-01T16:30Z", "2026-05-01T19:30Z", "2026-05-02T16:30Z", "2026-05-02T19:30Z"],
      ...["2026-05-03T21:00Z", "2026-05-04T00:00Z", "2026-05-04T21:00Z", "2026-05-05T00:00Z"],
    ]);
  });

  it("has a day off until both its own midnight and the next day have come", () => {
    const off = (...dates: string[]) =>
      openTime(mentor({ ...london, windows: [], blocked_dates: dates.map(localDate) }), from, until).off.map(
        iso,
      );
    // Westwards, the hours between India's midnight and London's belong to the day that ends.
    expect(off("2026-05-02")).toEqual(["2026-05-01T18:30Z", "2026-05-02T23:00Z"]);
    // Eastwards, the next day begins before London's is over.
    expect(off("2026-05-04")).toEqual(["2026-05-03T23:00Z", "2026-05-04T23:00Z"]);
    expect(off("2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05")).toEqual([
      "2026-05-01T18:30Z",
      "2026-05-05T18:30Z",
    ]);
  });

  it("may go on without coming home", () => {
    const zone_periods = [
      away("2026-05-04", "2026-05-05", "Asia/Tokyo"),
      away("2026-05-02", "2026-05-03", "Europe/London"),
    ];
    const calendar = zoneCalendarOf({ timezone: "Asia/Kolkata", zone_periods }, from, until);
    const zones = ["01", "02", "03", "04", "05", "06"].map((day) =>
      calendar.zoneAt(calendar.startOf(parseDate(`2026-05-${day}`)!)),
    );
    expect(zones).toEqual([
      ...["Asia/Kolkata", "Europe/London", "Europe/London", "Asia/Tokyo", "Asia/Tokyo", "Asia/Kolkata"],
    ]);
  });

  it("is refused two zones a day, and days that end before they begin", () => {
    const journey = (...zone_periods: ReturnType<typeof away>[]) =>
      zoneCalendarOf({ ...london, zone_periods }, from, until);
    const first = away("2026-05-02", "2026-05-03", "Europe/London");
    expect(() => journey(first, away("2026-05-03", "2026-05-04", "Asia/Tokyo"))).toThrow(/overlap/);
    expect(() => journey(away("2026-05-04", "2026-05-03", "Asia/Tokyo"))).toThrow(RangeError);
    expect(() => journey(away("2026-05-4", "2026-05-05", "Asia/Tokyo"))).toThrow(RangeError);
  });
});

describe("a mentor who stays", () => {
  it("is in one zone, with an empty list of periods or none", () => {
    for (const clock of [{ timezone: "Asia/Kolkata" }, { timezone: "Asia/Kolkata", zone_periods: [] }]) {
      expect(zoneCalendarOf(clock, from, until).zoneAt(at("1990-01-01T00:00Z"))).toBe("Asia/Kolkata");
      expect(mentorZoneAt(clock, at("1990-01-01T00:00Z"))).toBe("Asia/Kolkata");
    }
  });

  it("has dates beyond the range that the calendar was made for", () => {
    const calendar = zoneCalendarOf({ timezone: "Asia/Kolkata" }, from, until);
    expect(calendar.localDay(at("1990-01-01T18:29Z"))).toBe(parseDate("1990-01-01"));
    expect(calendar.localDay(at("2190-01-01T18:30Z"))).toBe(parseDate("2190-01-02"));
  });

  it("has the same calendar as a mentor who travels within the zone", () => {
    expect.hasAssertions();
    proveInEveryZone(1000, ({ schedule, taken, query }) => {
      const { timezone } = schedule;
      const date = new Date(query.from).toISOString().slice(0, 10);
      const zone_periods = [away(date, date, timezone)];
      expect(judgeSlots({ ...schedule, zone_periods }, taken, query)).toEqual(
        judgeSlots({ ...schedule, zone_periods: [] }, taken, query),
      );
    });
  }, 60_000);
});
