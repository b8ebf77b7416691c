import { describe, expect, it } from "vitest";
import { localDate } from "#scheduling/dates.ts";
import { parseInstant } from "#scheduling/units.ts";
import { adoptZones } from "@/lib/zones/zoneRules.ts";
import {
  addDays,
  formatLongDay,
  formatTime,
  formatter,
  isTimeZone,
  offsetLabel,
  pickLocale,
  presentZone,
  sameClock,
  timeZones,
  wallClock,
  zoneLabel,
} from "./time.ts";
import { instantAt } from "./wallTime.ts";

describe("clocks", () => {
  it("formats an instant in a time zone", () => {
    expect(wallClock("2026-11-24T18:45:00Z", "Asia/Kolkata")).toEqual({ date: "2026-11-25", time: "00:15" });
    expect(wallClock("2026-11-24T04:00:00Z", "America/New_York")).toEqual({
      date: "2026-11-23",
      time: "23:00",
    });
    expect(wallClock("2026-11-24T13:00:00Z", "Australia/Lord_Howe")).toEqual({
      date: "2026-11-25",
      time: "00:00",
    });
  });

  it("distinguishes the two halves of a repeated hour by their offset", () => {
    expect(offsetLabel("Europe/Berlin", "2026-10-25T00:30:00Z")).toBe("GMT+2");
    expect(offsetLabel("Europe/Berlin", "2026-10-25T01:30:00Z")).toBe("GMT+1");
    expect(wallClock("2026-10-25T00:30:00Z", "Europe/Berlin")).toEqual(
      wallClock("2026-10-25T01:30:00Z", "Europe/Berlin"),
    );
  });

  it("adds the offset only to a time that occurs twice", () => {
    const [first, second] = ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"];
    const clean = (instant: string, zone: string) =>
      formatTime(instant, zone)
        .replace(/\s/g, " ")
        .replace(/[AP]M/, (half) => half.toLowerCase());
    expect(clean(first, "America/New_York")).toBe("1:00 am (GMT-4)");
    expect(clean(second, "America/New_York")).toBe("1:00 am (GMT-5)");
    expect(clean("2026-11-01T04:59:00Z", "America/New_York")).toBe("12:59 am");
    expect(clean("2026-11-01T07:00:00Z", "America/New_York")).toBe("2:00 am");
    // On Lord Howe Island only half an hour is repeated.
    expect(clean("2027-04-03T14:30:00Z", "Australia/Lord_Howe")).toBe("1:30 am (GMT+11)");
    expect(clean("2027-04-03T15:00:00Z", "Australia/Lord_Howe")).toBe("1:30 am (GMT+10:30)");
    expect(clean("2027-04-03T14:29:00Z", "Australia/Lord_Howe")).toBe("1:29 am");
  });

  it("shows a zone that is unknown to the browser under its former name, or in UTC", () => {
    expect(formatTime("2026-11-01T05:00:00Z", "Mars/Olympus")).toBe(
      formatTime("2026-11-01T05:00:00Z", "UTC"),
    );
    expect(offsetLabel("Mars/Olympus", "2026-11-01T05:00:00Z")).toBe(offsetLabel("UTC"));
  });

  it("ignores an invalid zone of the device", () => {
    for (const reported of ["Etc/Unknown", "", undefined, "Mars/Olympus"]) {
      expect(presentZone(reported)).toBe("UTC");
    }
    expect(presentZone("Asia/Calcutta")).toBe("Asia/Kolkata");
    expect(isTimeZone(presentZone("America/New_York"))).toBe(true);
  });

  it("picks the first valid English tag of the browser's languages", () => {
    expect(pickLocale(["de-DE", "en-US"])).toBe("en-US");
    expect(pickLocale(["en-", "english", "en_GB", "en-x", "en-GB"])).toBe("en-GB");
    expect(pickLocale(["*", "xx-invalid-tag-toolongtobeone"])).toBe("en-IN");
    expect(pickLocale(undefined)).toBe("en-IN");
  });

  it("drops calendar and digits of a tag, and keeps hour cycle and first day of the week", () => {
    expect(pickLocale(["en-US-u-ca-buddhist"])).toBe("en-US");
    expect(pickLocale(["en-u-nu-thai"])).toBe("en");
    expect(pickLocale(["en-GB-u-ca-islamic-hc-h12-nu-arab"])).toBe("en-GB-u-hc-h12");
    expect(pickLocale(["en-US-u-fw-sat-hc-h23"])).toBe("en-US-u-fw-sat-hc-h23");
    // Hour cycles with 24:30 or 0:30 pm are dropped.
    expect(pickLocale(["en-US-u-hc-h24"])).toBe("en-US");
    expect(pickLocale(["en-GB-t-de-t0-und-x-hc-h23"])).toBe("en-GB");
    const language = pickLocale(["en-US-u-ca-buddhist-hc-h23-nu-thai"]);
    const options = { timeZone: "UTC", dateStyle: "long", timeStyle: "short" } as const;
    expect(formatter(options, language).format(new Date("2026-11-24T14:30:00Z"))).toBe(
      "November 24, 2026 at 14:30",
    );
  });

  it("compares zones by offset, not by name", () => {
    expect(sameClock("Asia/Kolkata", "Asia/Colombo", "2026-11-24T00:00:00Z")).toBe(true);
    expect(sameClock("Europe/London", "Africa/Abidjan", "2026-11-24T00:00:00Z")).toBe(true);
    expect(sameClock("Europe/London", "Africa/Abidjan", "2026-07-24T00:00:00Z")).toBe(false);
  });
});

describe("the server's rules of a zone", () => {
  /** As if the browser were older than a law of 2026 that moves Tijuana's clock ahead permanently. */
  const zone = "America/Tijuana";
  const day = "2026-11-24T07:30:00Z";
  const clock = () => ({ ...wallClock(day, zone), offset: offsetLabel(zone, day) });

  it("replace the browser's own, for display and for input", () => {
    expect(clock()).toEqual({ date: "2026-11-23", time: "23:30", offset: "GMT-8" });
    const periods = [
      { from: "2026-01-01T00:00:00.000Z", utc_offset: -420 },
      { from: "2026-12-01T08:00:00.000Z", utc_offset: -330 },
    ];
    const until = "2030-01-01T00:00:00.000Z";
    adoptZones({ until, data: [{ timezone: zone, periods }], unknown: [] });
    expect(clock()).toEqual({ date: "2026-11-24", time: "00:30", offset: "GMT-7" });
    expect(formatTime(day, zone)).toBe(formatTime("2026-11-24T00:30:00Z", "UTC"));
    expect(formatLongDay(day, zone)).toBe(formatLongDay("2026-11-24T00:30:00Z", "UTC"));
    expect(zoneLabel(zone, "2026-12-24T00:00:00Z")).toBe("Tijuana, GMT-5:30");
    expect(instantAt(localDate("2026-11-24"), "00:30", zone)).toBe(parseInstant("2026-11-24T07:30:00Z"));
    expect(instantAt(localDate("2026-12-24"), "00:30", zone)).toBe(parseInstant("2026-12-24T06:00:00Z"));
  });

  it("leave times before and after them to the browser", () => {
    expect(offsetLabel(zone, "2025-12-31T23:59:00Z")).toBe("GMT-8");
    expect(offsetLabel(zone, "2030-01-01T00:00:00Z")).toBe("GMT-8");
  });

  it("spell Greenwich's offset as the browser's rules do", () => {
    expect(offsetLabel("Europe/London", "2026-12-01T00:00:00Z")).toBe("GMT");
    expect(sameClock("Europe/London", "UTC", "2026-12-01T00:00:00Z")).toBe(true);
  });

  it("format times of a zone that is unknown to the browser", () => {
    const periods = [{ from: "2026-01-01T00:00:00.000Z", utc_offset: 0 }];
    adoptZones({
      until: "2030-01-01T00:00:00.000Z",
      data: [{ timezone: "Mars/Base", periods }],
      unknown: [],
    });
    expect(offsetLabel("Mars/Base", day)).toBe("GMT");
    adoptZones({
      until: "2030-01-01T00:00:00.000Z",
      data: [{ timezone: "Mars/Crater", periods: [{ from: "2026-01-01T00:00:00Z", utc_offset: 65 }] }],
      unknown: [],
    });
    expect(wallClock(day, "Mars/Crater").time).toBe("08:35");
    expect(zoneLabel("Mars/Crater", day)).toBe("Crater, GMT+1:05");
  });
});

describe("names and lists", () => {
  it("names a zone by city and offset", () => {
    expect(zoneLabel("Asia/Kolkata", "2026-11-24T00:00:00Z")).toBe("Kolkata, GMT+5:30");
    expect(zoneLabel("America/Argentina/Buenos_Aires", "2026-11-24T00:00:00Z")).toBe("Buenos Aires, GMT-3");
    expect(zoneLabel("UTC")).toBe("UTC");
    // Their names have the opposite sign (POSIX).
    expect(zoneLabel("Etc/GMT+5")).toBe("Fixed offset, GMT-5");
  });

  it("lists each zone once, by its present name", () => {
    const zones = timeZones();
    expect(zones).toContain("Asia/Kolkata");
    expect(zones).not.toContain("Asia/Calcutta");
    expect(new Set(zones).size).toBe(zones.length);
    expect(zones.length).toBeGreaterThan(400);
  });

  it("adds days across the end of a year", () => {
    expect(addDays(localDate("2026-12-31"), 1)).toBe("2027-01-01");
  });
});
