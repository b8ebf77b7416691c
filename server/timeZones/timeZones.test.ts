import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zoneAnswer } from "#contract/timeZones.ts";
import { adoptZoneTable, readZone } from "#scheduling/zoneTable.ts";
import { openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp({ now: () => Date.parse("2026-11-24T12:00:00Z") });
});
afterAll(() => test.close());

const ask = async (names: string) =>
  (await test.visitor("GET", `/time-zones?names=${encodeURIComponent(names)}`)).expect(200).read(zoneAnswer);

describe("the rules of zones", () => {
  it("are each offset with the instant from which it holds", async () => {
    const { until, data, unknown } = await ask("Asia/Kathmandu,Europe/Berlin");
    expect(until).toBe("2030-01-01T00:00:00.000Z");
    expect(unknown).toEqual([]);
    expect(data[0]).toEqual({
      timezone: "Asia/Kathmandu",
      periods: [{ from: "2024-01-01T00:00:00.000Z", utc_offset: 345 }],
    });
    expect(data[1]?.periods.slice(0, 3)).toEqual([
      { from: "2024-01-01T00:00:00.000Z", utc_offset: 60 },
      { from: "2024-03-31T01:00:00.000Z", utc_offset: 120 },
      { from: "2024-10-27T01:00:00.000Z", utc_offset: 60 },
    ]);
    expect(data[1]?.periods).toHaveLength(13);
  });

  it("are those that the server computes with, not those of its Node", async () => {
    const other = readZone("Asia/Dhaka", Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1));
    adoptZoneTable("Africa/Casablanca", other);
    const { data } = await ask("Africa/Casablanca");
    adoptZoneTable("Africa/Casablanca", null);
    expect(data[0]?.periods.at(-1)?.utc_offset).toBe(360);
  });

  it("report names of no zone as unknown", async () => {
    const { data, unknown } = await ask("Mars/Base,asia/kolkata,+05:30,,UTC");
    expect(data.map(({ timezone }) => timezone)).toEqual(["asia/kolkata", "UTC"]);
    expect(unknown).toEqual(["Mars/Base", "+05:30", ""]);
  });

  it("are limited to twenty zones per request", async () => {
    (await test.visitor("GET", `/time-zones?names=${Array(21).fill("UTC").join(",")}`)).expect(422);
    (await test.visitor("GET", "/time-zones")).expect(422);
  });

  it("cover every zone in whole minutes", async () => {
    const zones = Intl.supportedValuesOf("timeZone");
    for (let index = 0; index < zones.length; index += 20) {
      const some = zones.slice(index, index + 20);
      const { data } = await ask(some.join(","));
      for (const { timezone, periods } of data) {
        for (const { from, utc_offset } of periods) {
          const shown = Temporal.Instant.from(from).toZonedDateTimeISO(timezone);
          expect(shown.offsetNanoseconds, timezone).toBe(utc_offset * 60e9);
        }
      }
      expect(data).toHaveLength(some.length);
    }
  });
});
