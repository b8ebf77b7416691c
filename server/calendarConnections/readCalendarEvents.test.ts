import { afterEach, describe, expect, it } from "vitest";
import { calendarLimits } from "#rules/limits.ts";
import { addMs, DAY_MS, parseInstant } from "#scheduling/units.ts";
import { adoptZoneTable, zoneTable } from "#scheduling/zoneTable.ts";
import { calendarText } from "./busyTimes/testing/calendarText.ts";
import { CalendarProblem } from "./provider.ts";
import { openEventReader } from "./readCalendarEvents.ts";

const from = parseInstant("2026-11-30T00:00Z");
const reach = {
  from,
  until: addMs(from, 421 * DAY_MS),
  personZone: "Asia/Kolkata",
};
const read = openEventReader({ idle: 1_000 });
const daily = ["UID:daily", "DTSTART:19700105T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"];
const times = (count: number, ...lines: string[]) =>
  calendarText(...Array.from({ length: count }, (_, at) => [`UID:${at}`, ...lines]));
/** Each rule takes steps, and yields almost nothing: a minute and a half of computing in all. */
const hostile = times(
  calendarLimits.events,
  "DTSTART:19700105T090000Z",
  "DURATION:PT1H",
  "RRULE:FREQ=DAILY;BYMONTHDAY=29;BYMONTH=2;BYDAY=MO",
);

describe("calendar data", () => {
  it("is read text by text, and what is no calendar is named", async () => {
    const single = ["UID:single", "DTSTART:20261201T090000Z", "DURATION:PT1H"];
    const unnamed = ["DTSTART:20261201T090000Z", "DURATION:PT1H"];
    const [both, none, third] = await read(
      [calendarText(single, daily), "<html>", calendarText(unnamed, ["UID:odd"])],
      reach,
      null,
    );
    expect(new Set(both?.busy.map(({ uid }) => uid))).toEqual(new Set(["single", "daily"]));
    expect(both?.busy).toHaveLength(422);
    expect(none).toEqual({ busy: [], unreadable: [], refused: "unreadable" });
    expect(third?.busy.map(({ uid }) => uid)).toEqual(["(no UID)"]);
    expect(third?.unreadable).toEqual(["odd"]);
    expect(await read([], reach, null)).toEqual([]);
  });

  it("of fifty thousand series since 1970, each every second, makes all of the time busy", async () => {
    const text = times(
      calendarLimits.events,
      "DTSTART:19700105T090000Z",
      "DURATION:PT1H",
      "RRULE:FREQ=SECONDLY",
    );
    const [all] = await read([text], reach, null);
    expect(all?.busy).toHaveLength(calendarLimits.events);
    expect(all?.busy.at(-1)).toMatchObject({ startsAt: reach.from });
    expect(all?.unreadable).toHaveLength(calendarLimits.events);
  });

  it("that has too many occurrences ends in busy time", async () => {
    const [all] = await read([times(1000, ...daily.slice(1))], reach, null);
    expect(all?.busy.length).toBeLessThan(calendarLimits.occurrences + 2_000);
    expect(all?.busy.at(-1)?.endsAt).toBeGreaterThanOrEqual(reach.until);
  });

  it("of more than 20 MB is refused", async () => {
    const [large] = await read(["x".repeat(calendarLimits.characters + 1)], reach, null);
    expect(large?.refused).toBe("too_large");
  });
});

describe("a file that is made to keep a processor busy", () => {
  it("is given up in time, while the app answers; the next one is read as always", async () => {
    let ticks = 0;
    const ticking = setInterval(() => (ticks += 1), 20);
    const startedAt = performance.now();
    const effort = { leftMs: 1_500 };
    const other = read([calendarText(daily)], reach, null);
    await expect(read([hostile], { ...reach, effort }, null)).rejects.toThrow(CalendarProblem);
    const ms = performance.now() - startedAt;
    clearInterval(ticking);
    expect(ms).toBeLessThan(calendarLimits.readingMs / 2);
    // It would be none if it were computed here.
    expect(ticks).toBeGreaterThan(10);
    expect((await other)[0]?.busy).toHaveLength(421);
    expect((await read([calendarText(daily)], reach, null))[0]?.busy).toHaveLength(421);
  });

  it("has no more time than is left of its connection's", async () => {
    const effort = { leftMs: calendarLimits.readingMs };
    await read([calendarText(daily)], { ...reach, effort }, null);
    expect(effort.leftMs).toBeLessThan(calendarLimits.readingMs);
    expect(effort.leftMs).toBeGreaterThan(0);
    await expect(
      read([calendarText(daily)], { ...reach, effort: { leftMs: 0 } }, null),
    ).rejects.toMatchObject({ code: "too_large", detail: "reading it takes too long" });
  });

  it("or to fill the memory ends its thread alone", async () => {
    const greedy = openEventReader({
      idle: 1_000,
      file: new URL("./testing/greedyWorker.ts", import.meta.url),
      heapMb: 40,
    });
    await expect(greedy(["anything"], reach, null)).rejects.toMatchObject({ code: "too_large" });
  });
});

describe("the clocks of an installation", () => {
  afterEach(() => adoptZoneTable("Asia/Kolkata", null));

  it("hold for floating times, also after they have changed", async () => {
    const floating = calendarText(["UID:a", "DTSTART:20261201T100000", "DURATION:PT1H"]);
    const start = async () => new Date((await read([floating], reach, null))[0]?.busy[0]?.startsAt ?? 0);
    expect(await start()).toEqual(new Date("2026-12-01T04:30Z"));
    adoptZoneTable("Asia/Kolkata", zoneTable("UTC", 0, Date.UTC(2040, 0, 1)));
    expect(await start()).toEqual(new Date("2026-12-01T10:00Z"));
  });
});
