import { describe, expect, it } from "vitest";
import { blockedBetween, windowsBetween } from "./availability.ts";
import { localDate } from "./dates.ts";
import type { AvailabilityWindow } from "./schedule.ts";
import { iso, open } from "./testing/examples.ts";
import type { LocalDate } from "./units.ts";
import { zoneTable } from "./zoneTable.ts";

const from = Date.parse("2026-03-07T00:00Z");
const until = Date.parse("2026-03-10T00:00Z");
const newYork = zoneTable("America/New_York", from - 1e9, until + 1e9);

const windows = (...rows: AvailabilityWindow[]) => windowsBetween(rows, newYork, from, until).map(iso);

describe("windowsBetween", () => {
  it("turns both ends into instants, with the offset each has", () => {
    expect(windows(open("2026-03-08", "01:00-03:30"))).toEqual(["2026-03-08T06:00Z", "2026-03-08T07:30Z"]);
    expect(windows(open("2026-03-07", "22:00-06:00"))).toEqual(["2026-03-08T03:00Z", "2026-03-08T10:00Z"]);
  });

  it("sorts windows of weekdays and dates, whatever the order of the rows", () => {
    const rows = [
      open("2026-03-09", "08:00-09:00"),
      open("2026-03-08", "08:00-09:00"),
      open(0, "05:00-06:00"),
      open(1, "09:00-10:00"),
    ];
    expect(windows(...rows).filter((_, index) => index % 2 === 0)).toEqual([
      "2026-03-08T09:00Z",
      "2026-03-08T12:00Z",
      "2026-03-09T12:00Z",
      "2026-03-09T13:00Z",
    ]);
  });

  it("finds the window that began the evening before the range", () => {
    const rows = [open(5, "18:00-20:00")]; // Friday, until 01:00 UTC on Saturday.
    expect(windows(...rows)).toEqual(["2026-03-06T23:00Z", "2026-03-07T01:00Z"]);
    expect(windows(open(5, "12:00-11:00"))).toEqual(["2026-03-06T17:00Z", "2026-03-07T16:00Z"]);
  });

  it("leaves out what a clock change leaves empty", () => {
    expect(windows(open("2026-03-08", "02:00-03:00"), open("2026-03-08", "02:45-03:15"))).toEqual([]);
  });

  it.each<Partial<AvailabilityWindow>>([
    { day_of_week: 7 },
    { day_of_week: -1 },
    { day_of_week: 1.5 },
    { day_of_week: Number.NaN },
    { day_of_week: null },
    { specific_date: localDate("2026-03-08") },
    { day_of_week: null, specific_date: "2026-02-30" as LocalDate },
    { start_time: "24:00" },
    { start_time: "09:00:00" },
    { end_time: "25:00" },
  ])("refuses a row with %j, naming it", (fields) => {
    const row = { ...open(1, "09:00-17:00"), ...fields };
    const named = expect.objectContaining({ message: expect.stringContaining(JSON.stringify(row)) });
    expect(() => windows(row)).toThrow(named);
    expect(() => windows(row)).toThrow(RangeError);
  });
});

describe("blockedBetween", () => {
  it("takes local days, 23 hours long when the clock goes forward, and joins neighbours", () => {
    expect(blockedBetween([localDate("2026-03-08")], newYork, from, until).map(iso)).toEqual([
      "2026-03-08T05:00Z",
      "2026-03-09T04:00Z",
    ]);
    expect(
      blockedBetween(
        [localDate("2026-03-08"), localDate("2026-03-07"), localDate("2026-03-08")],
        newYork,
        from,
        until,
      ).map(iso),
    ).toEqual(["2026-03-07T05:00Z", "2026-03-09T04:00Z"]);
  });

  it("skips dates far away and refuses those that are none", () => {
    expect(blockedBetween([localDate("2020-01-01"), localDate("9999-12-31")], newYork, from, until)).toEqual(
      [],
    );
    expect(() => blockedBetween(["2026-3-8" as LocalDate], newYork, from, until)).toThrow(/2026-3-8/);
  });
});
