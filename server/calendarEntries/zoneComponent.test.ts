import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, type EpochMs, epochMs, HOUR_MS, MINUTE_MS, parseInstant } from "#scheduling/units.ts";
import { adoptZoneTable, zoneTable } from "#scheduling/zoneTable.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { openTestDatabase, type TestDatabase } from "../testing/testDatabase.ts";
import { calendarOf } from "./sessionEntry.ts";
import { zoneWriter } from "./zoneComponent.ts";

const firstYear = 2025;
const lastYear = 2031;
const years = Array.from({ length: lastYear - firstYear + 1 }, (_, i) => firstYear + i);

function fileWith(timezone: string, instants: readonly EpochMs[]): string {
  const writer = zoneWriter(timezone, instants[0] as EpochMs, instants.at(-1) as EpochMs);
  const events = instants.flatMap((at) => [
    "BEGIN:VEVENT",
    ...writer.instants({ DTSTART: at, DTEND: epochMs(at + HOUR_MS) }),
    "END:VEVENT",
  ]);
  return calendarOf([], [...writer.lines, ...events]);
}

/** Around each change of the clock, at its very instant, and in every month. */
function instantsIn(zone: string, year: number): EpochMs[] {
  const begin = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const { changes } = zoneTable(zone, begin, end);
  const near = [-DAY_MS, -4 * HOUR_MS, -90 * MINUTE_MS, -MINUTE_MS, 0, 30 * MINUTE_MS, 4 * HOUR_MS, DAY_MS];
  const around = changes.filter((at) => at >= begin && at < end).flatMap((at) => near.map((by) => at + by));
  const monthly = Array.from({ length: 12 }, (_, month) => Date.UTC(year, month, 1 + month * 2, 9, 45));
  return [...around, ...monthly].toSorted((one, other) => one - other).map(epochMs);
}

describe("in every zone of the tz database", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.drop());

  it("a program that knows only the file reads each instant", async () => {
    const { rows } = await test.owner.query<{ timezone: string }>("select timezone from private.zone_rules");
    expect(rows.length).toBeGreaterThan(590);
    const inUtc = new Set<string>();
    let own = 0;
    for (const { timezone } of rows) {
      for (const year of years) {
        const instants = instantsIn(timezone, year);
        const { calendar, events } = readCalendarFile(fileWith(timezone, instants));
        const label = `${timezone} ${year}`;
        expect(
          events.map(({ start }) => start),
          label,
        ).toEqual(instants);
        expect(
          events.map(({ end }) => end - HOUR_MS),
          label,
        ).toEqual(instants);
        const component = calendar.getFirstSubcomponent("vtimezone");
        if (component) {
          expect(component.getFirstPropertyValue("tzid"), label).toBe(timezone);
          // An observance that recurs by dates would be ignored by Outlook.
          expect(component.toString(), label).not.toContain("RDATE");
          own += 1;
        } else if (!isUniversal(timezone)) inUtc.add(timezone);
      }
    }
    expect(own).toBeGreaterThan(3_500);
    // Clock changes by the moon, by other rules than "the second Sunday", or new ones of these years.
    expect([...inUtc].filter((name) => name.startsWith("Africa/")).sort()).toEqual([
      "Africa/Cairo",
      "Africa/Casablanca",
      "Africa/El_Aaiun",
    ]);
    expect(inUtc.size).toBeLessThan(40);
  }, 120_000);
});

function isUniversal(timezone: string): boolean {
  return /^(Etc\/|UTC|UCT|GMT|Zulu|Universal|Greenwich)/.test(timezone);
}

describe("a VTIMEZONE", () => {
  const july = parseInstant("2027-07-01T10:00:00Z");
  const linesOf = (zone: string, at = july) => zoneWriter(zone, at, epochMs(at + HOUR_MS)).lines;

  it("does not depend on how far back the zone's rules were needed before", () => {
    // Kathmandu was 5 hours, 41 minutes and 16 seconds ahead until 1920.
    zoneTable("Asia/Kathmandu", Date.UTC(1900, 0, 1), Date.UTC(2040, 0, 1));
    const at = epochMs(Date.UTC(2026, 10, 5));
    expect(zoneWriter("Asia/Kathmandu", at, at).lines).not.toEqual([]);
  });

  it("has one observance where the clock never changes", () => {
    expect(linesOf("Asia/Kathmandu")).toEqual([
      "BEGIN:VTIMEZONE",
      "TZID:Asia/Kathmandu",
      "BEGIN:STANDARD",
      "DTSTART:19700101T000000",
      "TZOFFSETFROM:+0545",
      "TZOFFSETTO:+0545",
      "END:STANDARD",
      "END:VTIMEZONE",
    ]);
    expect(linesOf("Asia/Kolkata")).toContain("TZOFFSETTO:+0530");
  });

  it("has a yearly rule each way where it does, also by half an hour", () => {
    expect(linesOf("Europe/Dublin")).toEqual([
      "BEGIN:VTIMEZONE",
      "TZID:Europe/Dublin",
      "BEGIN:DAYLIGHT",
      "DTSTART:20260329T010000",
      "TZOFFSETFROM:+0000",
      "TZOFFSETTO:+0100",
      "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
      "END:DAYLIGHT",
      "BEGIN:STANDARD",
      "DTSTART:20261025T020000",
      "TZOFFSETFROM:+0100",
      "TZOFFSETTO:+0000",
      "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
      "END:STANDARD",
      "END:VTIMEZONE",
    ]);
    expect(linesOf("Australia/Lord_Howe")).toEqual(
      expect.arrayContaining(["TZOFFSETFROM:+1030", "TZOFFSETTO:+1100", "TZOFFSETFROM:+1100"]),
    );
    expect(linesOf("America/New_York")).toContain("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU");
  });

  it.each(["Africa/Casablanca", "Asia/Gaza", "UTC", "Etc/GMT+5", "Mars/Olympus_Mons"])(
    "is left out for %s, and the times are in UTC",
    (zone) => {
      const writer = zoneWriter(zone, july, july);
      expect(writer.lines).toEqual([]);
      expect(writer.instants({ DTSTART: july })).toEqual(["DTSTART:20270701T100000Z"]);
    },
  );

  it("does not name a wall clock that is shown twice", () => {
    const writer = zoneWriter("Europe/Berlin", july, july);
    for (const at of ["2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"]) {
      expect(writer.instants({ DTSTART: parseInstant(at) })).toEqual([`DTSTART:${at.replace(/[-:]/g, "")}`]);
    }
  });

  describe("by rules that the installation has and this runtime does not", () => {
    afterEach(() => adoptZoneTable("Europe/Berlin", null));

    it("follows them", () => {
      const always = { changes: [Infinity], offsets: [3 * HOUR_MS], wallChanges: [Infinity] };
      adoptZoneTable("Europe/Berlin", { from: Date.UTC(2000), until: Date.UTC(2100), ...always });
      expect(linesOf("Europe/Berlin").filter((line) => line.startsWith("TZOFFSET"))).toEqual([
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0300",
      ]);
      expect(readCalendarFile(fileWith("Europe/Berlin", [july])).events[0]?.start).toBe(july);
    });
  });

  it("that is wrong is noticed by the parser of these tests", () => {
    const file = fileWith("Europe/Dublin", [july]);
    const wrong = file.replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0200");
    expect(readCalendarFile(file).events[0]?.start).toBe(july);
    expect(readCalendarFile(wrong).events[0]?.start).toBe(july - HOUR_MS);
    expect(() => readCalendarFile(file.replace("TZID:Europe/Dublin", "TZID:Other"))).toThrow("No VTIMEZONE");
  });
});
