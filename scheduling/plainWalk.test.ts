import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { plainStarts, readPlain } from "./plainWalk.ts";
import type { Schedule } from "./schedule.ts";
import { findSlots, type Occupancy, type SlotQuery } from "./slots.ts";
import { judgedFree } from "./testing/brokenWalks.ts";
import { mentor, open, session } from "./testing/examples.ts";
import { asMinutes, parseInstant } from "./units.ts";

const NEW_YORK = "America/New_York";
const usual = mentor({
  timezone: NEW_YORK,
  windows: [open(0, "09:00-12:00"), open(0, "13:00-17:00"), open("2026-03-08", "18:00-20:00")],
});
// A Sunday on which the clock is put forward.
const sunday: SlotQuery = {
  from: parseInstant("2026-03-08T05:00Z"),
  until: parseInstant("2026-03-09T04:00Z"),
  duration: asMinutes(60),
  now: parseInstant("2026-03-07T05:00Z"),
};
const taken = [session("2026-03-08T14:00Z", 30), session("2026-03-08T18:00Z", 60, { before: 15 })];

const isPlain = (
  schedule: Partial<Schedule> = {},
  sessions: readonly Occupancy[] = taken,
  query: Partial<SlotQuery> = {},
) =>
  plainStarts({ ...usual, ...schedule }, sessions, { ...sunday, ...query }, query.from ?? sunday.from) !==
  null;

describe("a plain schedule", () => {
  it("has the starts that the judge finds free", () => {
    const starts = plainStarts(usual, taken, sunday, sunday.from);
    expect(starts).toEqual(judgedFree(usual, taken, sunday));
    expect(starts?.length).toBe(9);
    expect(findSlots(usual, taken, sunday)).toEqual(starts);
  });

  it("may have buffers, a notice, days off, hours in any order and full group sessions", () => {
    expect(
      isPlain({ buffer_before: asMinutes(15), buffer_after: asMinutes(30), minimum_notice: asMinutes(120) }),
    ).toBe(true);
    expect(isPlain({ blocked_dates: [localDate("2026-03-08"), localDate("2026-03-11")] })).toBe(true);
    expect(
      isPlain({ windows: [open(0, "13:00-17:00"), open(1, "09:00-10:00"), open(0, "09:00-12:00")] }),
    ).toBe(true);
    const full = session("2026-03-08T18:00Z", 60, { serviceId: "yoga", capacity: 3, seatsTaken: 3 });
    expect(isPlain({}, [full], { serviceId: "yoga" })).toBe(true);
  });

  it("may be asked about months after now", () => {
    expect(isPlain({}, taken, { now: parseInstant("2026-01-20T05:00Z") })).toBe(true);
  });
});

describe("the judge decides about", () => {
  it.each<[string, Partial<Schedule>]>([
    ["a limit per day", { max_per_day: 3 }],
    ["a limit per week", { max_per_week: 3 }],
    [
      "travel",
      {
        zone_periods: [
          { starts_on: localDate("2026-05-01"), ends_on: localDate("2026-05-02"), timezone: "UTC" },
        ],
      },
    ],
    ["a booking window that may end in the range", { booking_window_days: 4 }],
    ["hours that touch", { windows: [open(0, "09:00-12:00"), open(0, "12:00-17:00")] }],
    ["hours that overlap", { windows: [open(0, "10:00-12:00"), open(0, "09:00-17:00")] }],
    ["hours that a date's overlap", { windows: [open(0, "09:00-12:00"), open("2026-03-08", "11:00-14:00")] }],
    ["hours that end at midnight", { windows: [open(0, "20:00-24:00")] }],
    ["hours that run past midnight", { windows: [open(0, "20:00-02:00")] }],
    [
      "hours that replace the week's",
      { windows: [{ ...open("2026-03-08", "09:00-10:00"), replaces_weekly: true }] },
    ],
    [
      "dates that do not ascend",
      { windows: [open("2026-03-09", "09:00-10:00"), open("2026-03-08", "09:00-10:00")] },
    ],
  ])("%s", (_, schedule) => {
    expect(isPlain(schedule)).toBe(false);
    expect(findSlots({ ...usual, ...schedule }, taken, sunday)).toEqual(
      judgedFree({ ...usual, ...schedule }, taken, sunday),
    );
  });

  it("group sessions with seats left", () => {
    const group = session("2026-03-08T18:00Z", 60, { serviceId: "yoga", capacity: 3, seatsTaken: 2 });
    expect(isPlain({}, [group], { serviceId: "yoga" })).toBe(false);
    expect(isPlain({}, [group], { serviceId: "chess" })).toBe(true);
  });

  it("taken time out of order, wherever it lies", () => {
    expect(isPlain({}, taken.toReversed())).toBe(false);
    const later = [session("2026-03-20T14:00Z", 60), session("2026-03-08T14:00Z", 60)];
    expect(isPlain({}, [...taken, ...later])).toBe(false);
    expect(isPlain({}, [session("2026-03-08T14:00Z", 0)])).toBe(false);
  });

  // Clock changes as in the tz database, files northamerica, australasia and antarctica.
  it.each([
    ["a date that is skipped", "Pacific/Apia", "2011-12-30"],
    ["a midnight that is repeated", "America/Sao_Paulo", "2018-02-17"],
    ["a change of three hours that ends near midnight", "Antarctica/Casey", "2010-03-05"],
  ])("%s", (_, timezone, date) => {
    const from = parseInstant(`${date}T00:00Z`);
    const query = { from, until: parseInstant(`${date}T23:00Z`), duration: asMinutes(60), now: from };
    expect(readPlain({ ...usual, timezone }, [], query, from)).toBeNull();
  });

  it("a malformed row, which the judge names", () => {
    const windows = [open(0, "9:00-12:00")];
    expect(isPlain({ windows })).toBe(false);
    expect(() => findSlots({ ...usual, windows }, taken, sunday)).toThrow(
      /availability_slots: malformed row/,
    );
    const blocked_dates = ["2026-02-30" as ReturnType<typeof localDate>];
    expect(isPlain({ blocked_dates })).toBe(false);
    expect(() => findSlots({ ...usual, blocked_dates }, taken, sunday)).toThrow(/blocked_dates: not a date/);
  });
});
