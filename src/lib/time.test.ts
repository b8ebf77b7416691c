import { describe, expect, it } from "vitest";
import { addDays, formatMinutes, offsetLabel, sameClock, timeZones, wallClock, zoneLabel } from "./time.ts";

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
