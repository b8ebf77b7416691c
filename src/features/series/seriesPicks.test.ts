import { expect, it } from "vitest";
import type { SeriesCheck } from "#contract/series.ts";
import { localDate } from "#scheduling/dates.ts";
import { addMs, asMinutes, DAY_MS, parseInstant } from "#scheduling/units.ts";
import {
  clockNotes,
  mostSessions,
  noPicks,
  overlaps,
  packageForAll,
  rowsOf,
  startsOf,
  withoutStarts,
  withReplacement,
  withTick,
} from "./seriesPicks.ts";

const day = localDate("2026-12-15");

type Session = SeriesCheck["sessions"][number];

function session(place: number, start: string, more: Partial<Session> = {}): Session {
  return {
    place,
    starts_at: start,
    verdict: null,
    substitutes: [],
    scheduled_date: day,
    scheduled_time: "19:00",
    mentor_timezone: "Asia/Kolkata",
    date: day,
    time: "14:30",
    moves_for_student: false,
    moves_for_mentor: false,
    ...more,
  };
}

const monday = "2026-12-07T13:30:00.000Z";
const nextMonday = "2026-12-14T13:30:00.000Z";
const tuesday = "2026-12-15T13:30:00.000Z";
const substitutes = [{ starts_at: tuesday, date: day, time: "14:30" }];
const dates = [session(1, monday), session(2, nextMonday, { verdict: "taken", substitutes })];
const picks = noPicks("a", 2);

it("books what is free and ticked; a taken date only with a substitute", () => {
  expect(rowsOf(dates, picks).map(({ state }) => state)).toEqual(["free", "open"]);
  expect(startsOf(rowsOf(dates, picks))).toEqual([parseInstant(monday)]);

  const replaced = withReplacement(picks, 2, tuesday);
  expect(rowsOf(dates, replaced).map(({ state }) => state)).toEqual(["free", "replaced"]);
  expect(startsOf(rowsOf(dates, replaced))).toEqual([monday, tuesday].map(parseInstant));

  const fewer = withTick(replaced, 1, false);
  expect(startsOf(rowsOf(dates, fewer))).toEqual([parseInstant(tuesday)]);
  expect(rowsOf(dates, withTick(fewer, 1, true))).toEqual(rowsOf(dates, replaced));
});

it("drops a substitute that loses its tick, or was taken meanwhile, and keeps everything else", () => {
  const replaced = withTick(withReplacement(picks, 2, tuesday), 1, false);
  expect(withTick(replaced, 2, false).instead).toEqual({});
  expect(withoutStarts(replaced, ["2026-12-15T13:30:00Z"])).toEqual({ ...replaced, instead: {} });
  expect(withoutStarts(replaced, [monday])).toEqual(replaced);
});

it("does not offer a substitute at the time of another session of the series", () => {
  const rows = rowsOf(dates, withReplacement(picks, 2, tuesday));
  const half = addMs(parseInstant(tuesday), 30 * 60_000);
  expect(overlaps(rows, 1, half, asMinutes(60))).toBe(true);
  expect(overlaps(rows, 1, half, asMinutes(30))).toBe(false);
  // Its own time is no obstacle.
  expect(overlaps(rows, 2, parseInstant(tuesday), asMinutes(60))).toBe(false);
});

it("offers as many sessions as the mentor can be booked for", () => {
  const start = parseInstant(monday);
  expect(mostSessions(start, "weekly", addMs(start, 21 * DAY_MS))).toBe(4);
  expect(mostSessions(start, "two_weeks", addMs(start, 21 * DAY_MS))).toBe(2);
  expect(mostSessions(start, "weekly", addMs(start, 3000 * DAY_MS))).toBe(52);
});

it("says at which date a clock changes, and only there", () => {
  const winter = { time: "13:30" };
  const away = { mentor_timezone: "Europe/London", scheduled_time: "19:00" };
  const notes = clockNotes([
    session(1, monday),
    session(2, nextMonday, winter),
    session(3, tuesday, winter),
    session(4, tuesday, { ...winter, ...away }),
    session(5, tuesday, { ...winter, ...away, scheduled_time: "18:00" }),
  ]);
  expect([...notes]).toEqual([
    [2, "student"],
    [4, "travel"],
    [5, "mentor"],
  ]);
});

it("uses the package that ends first of those with a session for each date", () => {
  const [soon, later, latest] = [{ sessions_left: 1 }, { sessions_left: 5 }, { sessions_left: 8 }];
  expect(packageForAll([soon, later, latest], 1)).toBe(soon);
  expect(packageForAll([soon, later, latest], 4)).toBe(later);
  // Too few in any: what is said is about the one that comes closest.
  expect(packageForAll([soon, later], 8)).toBe(later);
  expect(packageForAll([], 2)).toBeUndefined();
});
