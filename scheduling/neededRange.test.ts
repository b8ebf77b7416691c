import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { neededRange, occupancyRange, startsOf } from "./neededRange.ts";
import { mentor } from "./testing/examples.ts";
import { asMinutes, epochMs, parseInstant } from "./units.ts";
import { addDays, startOfDay } from "./zonedTime.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

describe("neededRange", () => {
  it("takes instants as they are, and the days of a zone from its midnight to its midnight", () => {
    const from = parseInstant("2026-03-04T10:00Z");
    expect(startsOf({ from, until: epochMs(from + 1) })).toEqual({ from, until: from + 1 });
    expect(
      startsOf({ from: localDate("2026-03-04"), to: localDate("2026-03-05"), timezone: "Pacific/Auckland" }),
    ).toEqual({
      from: parseInstant("2026-03-03T11:00Z"),
      until: parseInstant("2026-03-05T11:00Z"),
    });
  });

  it("spans a date in every zone there is when none is given", () => {
    for (const date of ["2026-03-29", "2026-11-01", "2011-12-30"]) {
      const any = startsOf({ from: localDate(date), to: localDate(date) });
      for (const zone of Intl.supportedValuesOf("timeZone")) {
        expect(startOfDay(zone, localDate(date))).toBeGreaterThanOrEqual(any.from);
        expect(startOfDay(zone, addDays(localDate(date), 1))).toBeLessThanOrEqual(any.until);
      }
    }
  });

  it("names the dates on which hours may begin that reach the starts", () => {
    const asked = { from: localDate("2026-03-04"), to: localDate("2026-03-05"), timezone: "UTC" };
    expect(neededRange(asked, asMinutes(480))).toEqual({
      from: parseInstant("2026-03-04T00:00Z"),
      until: parseInstant("2026-03-06T00:00Z"),
      lastEnd: parseInstant("2026-03-06T00:00Z") + 8 * HOUR,
      firstDate: "2026-03-02",
      lastDate: "2026-03-07",
      firstJourney: "2026-02-20",
    });
  });
});

describe("occupancyRange", () => {
  const query = {
    from: parseInstant("2026-03-04T00:00Z"),
    until: parseInstant("2026-03-05T00:00Z"),
    duration: asMinutes(60),
  };
  it("is as wide as the settings need", () => {
    const schedule = mentor({
      timezone: "UTC",
      windows: [],
      buffer_before: asMinutes(10),
      buffer_after: asMinutes(20),
    });
    expect(occupancyRange(query, schedule)).toEqual({
      from: query.from - 10 * MINUTE,
      until: query.until + 80 * MINUTE,
    });
    const wide = { from: query.from - 10 * DAY, until: query.until + 60 * MINUTE + 10 * DAY };
    expect(occupancyRange(query, { ...schedule, max_per_week: 5 })).toEqual(wide);
    expect(occupancyRange(query)).toEqual(wide);
  });
});
