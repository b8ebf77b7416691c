import { describe, expect, it } from "vitest";
import {
  addDays,
  formatMinutes,
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

describe("clocks", () => {
  it("reads an instant by a zone's clock and calendar", () => {
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

  it("tells the two halves of a repeated hour apart by their offset", () => {
    expect(offsetLabel("Europe/Berlin", "2026-10-25T00:30:00Z")).toBe("GMT+2");
    expect(offsetLabel("Europe/Berlin", "2026-10-25T01:30:00Z")).toBe("GMT+1");
    expect(wallClock("2026-10-25T00:30:00Z", "Europe/Berlin")).toEqual(
      wallClock("2026-10-25T01:30:00Z", "Europe/Berlin"),
    );
  });

  it("says the offset of a time that comes twice, and of no other", () => {
    const [first, second] = ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"];
    const clean = (instant: string, zone: string) =>
      formatTime(instant, zone)
        .replace(/\s/g, " ")
        .replace(/[AP]M/, (half) => half.toLowerCase());
    expect(clean(first, "America/New_York")).toBe("1:00 am (GMT-4)");
    expect(clean(second, "America/New_York")).toBe("1:00 am (GMT-5)");
    expect(clean("2026-11-01T04:59:00Z", "America/New_York")).toBe("12:59 am");
    expect(clean("2026-11-01T07:00:00Z", "America/New_York")).toBe("2:00 am");
    // Half an hour only is repeated on Lord Howe Island.
    expect(clean("2027-04-03T14:30:00Z", "Australia/Lord_Howe")).toBe("1:30 am (GMT+11)");
    expect(clean("2027-04-03T15:00:00Z", "Australia/Lord_Howe")).toBe("1:30 am (GMT+10:30)");
    expect(clean("2027-04-03T14:29:00Z", "Australia/Lord_Howe")).toBe("1:29 am");
  });

  it("shows the times of a zone that this browser does not know under another name, or in UTC", () => {
    expect(formatTime("2026-11-01T05:00:00Z", "Mars/Olympus")).toBe(
      formatTime("2026-11-01T05:00:00Z", "UTC"),
    );
    expect(offsetLabel("Mars/Olympus", "2026-11-01T05:00:00Z")).toBe(offsetLabel("UTC"));
  });

  it("takes no zone of the device that is none", () => {
    for (const reported of ["Etc/Unknown", "", undefined, "Mars/Olympus"]) {
      expect(presentZone(reported)).toBe("UTC");
    }
    expect(presentZone("Asia/Calcutta")).toBe("Asia/Kolkata");
    expect(isTimeZone(presentZone("America/New_York"))).toBe(true);
  });

  it("takes the first English of the browser's languages that is one", () => {
    expect(pickLocale(["de-DE", "en-US"])).toBe("en-US");
    expect(pickLocale(["en-", "english", "en_GB", "en-x", "en-GB"])).toBe("en-GB");
    expect(pickLocale(["*", "xx-invalid-tag-toolongtobeone"])).toBe("en-IN");
    expect(pickLocale(undefined)).toBe("en-IN");
  });

  it("takes no calendar and no digits along with a language, but the habits of clock and week", () => {
    expect(pickLocale(["en-US-u-ca-buddhist"])).toBe("en-US");
    expect(pickLocale(["en-u-nu-thai"])).toBe("en");
    expect(pickLocale(["en-GB-u-ca-islamic-hc-h12-nu-arab"])).toBe("en-GB-u-hc-h12");
    expect(pickLocale(["en-US-u-fw-sat-hc-h23"])).toBe("en-US-u-fw-sat-hc-h23");
    // No clock of ours shows 24:30 or 0:30 pm.
    expect(pickLocale(["en-US-u-hc-h24"])).toBe("en-US");
    expect(pickLocale(["en-GB-t-de-t0-und-x-hc-h23"])).toBe("en-GB");
    const language = pickLocale(["en-US-u-ca-buddhist-hc-h23-nu-thai"]);
    const options = { timeZone: "UTC", dateStyle: "long", timeStyle: "short" } as const;
    expect(formatter(options, language).format(new Date("2026-11-24T14:30:00Z"))).toBe(
      "November 24, 2026 at 14:30",
    );
  });

  it("knows when two zones show the same time, whatever their names", () => {
    expect(sameClock("Asia/Kolkata", "Asia/Colombo", "2026-11-24T00:00:00Z")).toBe(true);
    expect(sameClock("Europe/London", "Africa/Abidjan", "2026-11-24T00:00:00Z")).toBe(true);
    expect(sameClock("Europe/London", "Africa/Abidjan", "2026-07-24T00:00:00Z")).toBe(false);
  });
});

describe("words", () => {
  it("names a zone by city and offset", () => {
    expect(zoneLabel("Asia/Kolkata", "2026-11-24T00:00:00Z")).toBe("Kolkata, GMT+5:30");
    expect(zoneLabel("America/Argentina/Buenos_Aires", "2026-11-24T00:00:00Z")).toBe("Buenos Aires, GMT-3");
    expect(zoneLabel("UTC")).toBe("UTC");
    // Their names have the sign the other way round (POSIX), which only confuses.
    expect(zoneLabel("Etc/GMT+5")).toBe("Fixed offset, GMT-5");
  });

  it("lists every zone once, by its present name", () => {
    const zones = timeZones();
    expect(zones).toContain("Asia/Kolkata");
    expect(zones).not.toContain("Asia/Calcutta");
    expect(new Set(zones).size).toBe(zones.length);
    expect(zones.length).toBeGreaterThan(400);
  });

  it("counts minutes as people do", () => {
    expect([30, 60, 90, 240].map(formatMinutes)).toEqual(["30 min", "60 min", "90 min", "4 h"]);
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  });
});
