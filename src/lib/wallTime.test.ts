import { describe, expect, it } from "vitest";
import { localDate } from "#scheduling/dates.ts";
import { asMinutes, formatInstant } from "#scheduling/units.ts";
import { instantOf } from "#scheduling/zonedTime.ts";
import { instantAt } from "./wallTime.ts";

describe("a local time becomes an instant", () => {
  it.each([
    ["2026-11-24", "14:30", "Asia/Kolkata", "2026-11-24T09:00:00.000Z"],
    ["2026-11-24", "00:00", "Asia/Kathmandu", "2026-11-23T18:15:00.000Z"],
    ["2026-11-24", "23:59", "Pacific/Kiritimati", "2026-11-24T09:59:00.000Z"],
    // The clocks go back: of the two 01:30 it is the first.
    ["2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
    // The clocks go forward: 02:30 is skipped and becomes 03:30.
    ["2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
    ["2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00.000Z"],
  ])("%s %s in %s", (date, time, zone, instant) => {
    expect(formatInstant(instantAt(localDate(date), time, zone))).toBe(instant);
  });

  it("as on the server, for every hour of a year in a few zones", () => {
    for (const zone of [
      "Europe/London",
      "America/Sao_Paulo",
      "Asia/Tehran",
      "Pacific/Apia",
      "Australia/Lord_Howe",
    ]) {
      for (let hour = 0; hour < 365 * 24; hour += 5) {
        const wall = new Date(Date.UTC(2026, 0, 1, hour, 30)).toISOString();
        const [date, time] = [wall.slice(0, 10), wall.slice(11, 16)];
        const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
        expect(instantAt(localDate(date), time, zone), `${wall} ${zone}`).toBe(
          instantOf(zone, localDate(date), asMinutes(minute)),
        );
      }
    }
  });
});
