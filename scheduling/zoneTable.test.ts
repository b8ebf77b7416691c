import { describe, expect, it } from "vitest";
import { ZONES } from "./testing/comparison.ts";
import { isTimeZone, offsetIn, resolveTimeZone, zoneTable } from "./zoneTable.ts";

const YEAR = 366 * 86_400_000;

describe("isTimeZone", () => {
  it("covers every zone of the runtime, and links", () => {
    expect(ZONES.filter((zone) => !isTimeZone(zone))).toEqual([]);
    for (const link of ["UTC", "GMT", "Asia/Calcutta", "Asia/Kolkata", "US/Eastern", "Etc/GMT+5"]) {
      expect(isTimeZone(link)).toBe(true);
    }
  });

  it.each([
    "+05:30",
    "-08",
    "+0530",
    "Z",
    "",
    " ",
    "Foo/Bar",
    "Asia",
    "UTC+1",
    "GMT+5",
    "Asia/Kolkata ",
    "Asia/Kolkata\0",
    "2026-01-01T00:00[Asia/Kolkata]",
    "../etc/passwd",
    "__proto__",
    "constructor",
    "UTC[u-ca=iso8601]",
  ])("refuses %j", (name) => {
    expect(isTimeZone(name)).toBe(false);
    expect(() => zoneTable(name, 0, 1)).toThrow(RangeError);
  });

  it("finds the spelling of the tz database and leaves links alone", () => {
    expect(resolveTimeZone("asia/KOLKATA")).toBe("Asia/Kolkata");
    expect(resolveTimeZone("Asia/Calcutta")).toBe("Asia/Calcutta");
    expect(resolveTimeZone("Nowhere/At_All")).toBeNull();
  });
});

describe("zoneTable", () => {
  it("serves one table to all spellings", () => {
    expect(zoneTable("EUROPE/london", 0, 1)).toBe(zoneTable("Europe/London", 0, 1));
  });

  it("uses the existing table and extends it when needed", async () => {
    // A module of its own, with tables that no other test has used.
    const ownModule = "./zoneTable.ts?own";
    const { zoneTable }: typeof import("./zoneTable.ts") = await import(ownModule);
    const early = Date.UTC(1950, 0, 1);
    const small = zoneTable("Europe/Rome", 0, 1);
    expect(zoneTable("Europe/Rome", 10, YEAR)).toBe(small);
    const grown = zoneTable("Europe/Rome", early, early + 1);
    expect(grown.from).toBeLessThanOrEqual(early);
    expect(grown.until).toBeGreaterThanOrEqual(small.until);
    expect(small.from).toBeGreaterThan(early); // A caller that holds the old table is not affected.
  });

  it("stays bounded for questions ages apart", () => {
    for (const year of [-100_000, 0, 1970, 9999, 200_000]) {
      const at = Date.UTC(2000, 0, 1) + (year - 2000) * 31_556_952_000;
      const table = zoneTable("America/New_York", at, at + 1);
      expect(table.changes.length).toBeLessThan(500);
      expect(offsetIn(table, at)).toBeLessThan(0);
    }
    expect(() => zoneTable("America/New_York", 0, 9e15)).toThrow(RangeError);
    expect(() => zoneTable("America/New_York", Number.NaN, 1)).toThrow(RangeError);
  });

  it("holds a zone without clock changes", () => {
    expect(zoneTable("UTC", 0, YEAR).offsets).toEqual([0]);
  });
});
