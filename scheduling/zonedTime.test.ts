import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochDay, localDate } from "./dates.ts";
import { PROVE_SEED, ZONES } from "./testing/comparison.ts";
import { asMinutes, DAY_MS, epochMs, type LocalDate } from "./units.ts";
import {
  formatDate,
  instantOf,
  localDayAt,
  offsetMsAt,
  parseDate,
  startOfDay,
  wallClockOf,
  wallClockReader,
} from "./zonedTime.ts";

const MINUTE = 60_000;
const FIRST = Date.UTC(1850, 0, 1);
const LAST = Date.UTC(2200, 0, 1);

/** Every clock change there is between 1850 and 2200, epoch ms; before 1900 offsets have seconds. */
function allChanges(zone: string): number[] {
  const changes: number[] = [];
  let next = new Temporal.ZonedDateTime(BigInt(FIRST) * 1_000_000n, zone).getTimeZoneTransition("next");
  while (next !== null && next.epochMilliseconds < LAST) {
    changes.push(next.epochMilliseconds);
    next = next.getTimeZoneTransition("next");
  }
  return changes;
}

/** Instants of all the ages, half of them within two days of a clock change of the zone. */
function instants(zone: string): fc.Arbitrary<number> {
  const anywhere = fc.integer({ min: FIRST, max: LAST });
  const changes = allChanges(zone);
  if (changes.length === 0) return anywhere;
  const near = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -2880, max: 2880 }), fc.constantFrom(0, -1, 1))
    .map(([change, minutes, ms]) => change + minutes * MINUTE + ms);
  return fc.oneof(anywhere, near);
}

function disagreement(zone: string, instant: number): string | null {
  const zoned = new Temporal.ZonedDateTime(BigInt(instant) * 1_000_000n, zone);
  const plain = zoned.toPlainDateTime();
  const day = parseDate(plain.toPlainDate().toString())!;
  const minute = plain.hour * 60 + plain.minute;
  const wall = wallClockOf(zone, epochMs(instant));
  const expected = [
    zoned.offsetNanoseconds / 1e6,
    plain.toString({ smallestUnit: "minute" }),
    plain.round({ smallestUnit: "minute", roundingMode: "floor" }).toZonedDateTime(zone).epochMilliseconds,
    plain.toPlainDate().toZonedDateTime(zone).epochMilliseconds,
    day,
  ];
  const found = [
    offsetMsAt(zone, instant),
    `${wall.date}T${wall.time}`,
    instantOf(zone, day, asMinutes(minute)),
    startOfDay(zone, day),
    localDayAt(zone, instant),
  ];
  const same = expected.every((value, index) => value === found[index]);
  return same ? null : `${zone} ${zoned.toString()}: ${found.join(", ")} instead of ${expected.join(", ")}`;
}

describe("zoned time", () => {
  it("agrees with Temporal in every zone, from local mean time to 2200", () => {
    for (const [index, zone] of ZONES.entries()) {
      fc.assert(
        fc.property(instants(zone), (instant) => {
          expect(disagreement(zone, instant)).toBeNull();
        }),
        { numRuns: 30, seed: PROVE_SEED + index },
      );
    }
  }, 60_000);

  it("reads many clocks as it reads one, in any order", () => {
    for (const [index, zone] of ZONES.entries()) {
      const read = wallClockReader(zone);
      fc.assert(
        fc.property(instants(zone), fc.integer({ min: 0, max: 3000 }), (instant, minutes) => {
          for (const near of [instant, instant + minutes * MINUTE, instant - 1]) {
            expect(read(near)).toEqual(wallClockOf(zone, epochMs(near)));
          }
        }),
        { numRuns: 10, seed: PROVE_SEED + index },
      );
    }
  }, 60_000);

  it("resolves the wall times around every clock change as Temporal does", () => {
    const wrong: string[] = [];
    for (const zone of ZONES) {
      for (const change of allChanges(zone).filter((instant) => instant < Date.UTC(2040, 0, 1))) {
        const day = localDayAt(zone, change - 1);
        for (const wallDay of [day, day + 1]) {
          const date = formatDate(epochDay(wallDay));
          for (const time of ["00:00", "00:30", "02:15", "23:30"]) {
            const plain = Temporal.PlainDateTime.from(`${date}T${time}`);
            const found = instantOf(
              zone,
              date,
              asMinutes(Number(time.slice(0, 2)) * 60 + Number(time.slice(3))),
            );
            if (found !== plain.toZonedDateTime(zone).epochMilliseconds)
              wrong.push(`${zone} ${date} ${time}`);
          }
          const start = Temporal.PlainDate.from(date).toZonedDateTime(zone).epochMilliseconds;
          if (startOfDay(zone, date) !== start) wrong.push(`${zone} ${date} start of day`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});

describe("known clocks", () => {
  // Sources: the tz database's own comments for each zone (files asia, australasia, northamerica, europe).
  it.each([
    ["Asia/Kolkata", "2026-03-04", 540, "2026-03-04T03:30:00Z"],
    ["Asia/Kathmandu", "2026-03-04", 540, "2026-03-04T03:15:00Z"],
    ["America/New_York", "2026-03-08", 120, "2026-03-08T07:00:00Z"], // 02:00 is skipped: 03:00 EDT.
    ["America/New_York", "2026-03-08", 150, "2026-03-08T07:30:00Z"],
    ["America/New_York", "2026-11-01", 60, "2026-11-01T05:00:00Z"], // 01:00 comes twice: the first, EDT.
    ["America/New_York", "2026-11-01", 120, "2026-11-01T07:00:00Z"],
    ["Europe/London", "2026-03-29", 60, "2026-03-29T01:00:00Z"],
    ["Europe/London", "2026-10-25", 60, "2026-10-25T00:00:00Z"],
    ["Australia/Lord_Howe", "2026-04-05", 90, "2026-04-04T14:30:00Z"], // 01:30 comes twice, half an hour apart.
    ["Australia/Lord_Howe", "2026-10-04", 120, "2026-10-03T15:30:00Z"], // 02:00 becomes 02:30.
    ["Pacific/Apia", "2011-12-29", 1439, "2011-12-30T09:59:00Z"],
    ["Pacific/Apia", "2011-12-30", 540, "2011-12-30T19:00:00Z"], // The day is skipped: 31 December, 09:00.
    ["Pacific/Apia", "2011-12-31", 0, "2011-12-30T10:00:00Z"],
    ["Africa/Casablanca", "2025-02-23", 180, "2025-02-23T03:00:00Z"],
    ["Africa/Casablanca", "2025-04-06", 120, "2025-04-06T02:00:00Z"],
    ["Africa/Monrovia", "1960-01-01", 0, "1960-01-01T00:44:30Z"],
  ])("%s %s, minute %i is %s", (zone, date, minute, instant) => {
    expect(instantOf(zone, localDate(date), asMinutes(minute))).toBe(Date.parse(instant));
  });

  it("cuts seconds off the wall clock", () => {
    expect(wallClockOf("Africa/Monrovia", epochMs(Date.UTC(1960, 0, 1)))).toEqual({
      date: "1959-12-31",
      time: "23:15",
    });
    expect(wallClockOf("Asia/Kathmandu", epochMs(Date.UTC(2026, 0, 1) - 1))).toEqual({
      date: "2026-01-01",
      time: "05:44",
    });
  });

  it("begins a day after the gap that swallows its midnight", () => {
    // Toronto moved its clocks at 23:30 on 30 March 1919; Beirut moves them at midnight.
    expect(startOfDay("America/Toronto", localDate("1919-03-31"))).toBe(Date.parse("1919-03-31T04:30:00Z"));
    expect(startOfDay("Asia/Beirut", localDate("2026-03-29"))).toBe(Date.parse("2026-03-28T22:00:00Z"));
    expect(startOfDay("Pacific/Apia", localDate("2011-12-30"))).toBe(
      startOfDay("Pacific/Apia", localDate("2011-12-31")),
    );
  });

  it("runs minutes past 24:00 into the next day", () => {
    expect(instantOf("Asia/Kolkata", epochDay(20_000), asMinutes(1440))).toBe(
      instantOf("Asia/Kolkata", epochDay(20_001), asMinutes(0)),
    );
    expect(instantOf("UTC", epochDay(20_000), asMinutes(2880))).toBe(20_002 * DAY_MS);
  });

  it("refuses dates and zones that are none", () => {
    expect(() => instantOf("UTC", "2025-02-30" as LocalDate, asMinutes(0))).toThrow(RangeError);
    expect(() => startOfDay("UTC", "tomorrow" as LocalDate)).toThrow(RangeError);
    expect(() => wallClockOf("+05:30", epochMs(0))).toThrow(RangeError);
  });
});
