import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { blockingSessions, dayReason } from "./explain.ts";
import { sessionsOutsideHours } from "./sessionsOutsideHours.ts";
import { judgeSlots, type Verdict } from "./slots.ts";
import { StartJudge, VERDICTS } from "./startJudge.ts";
import { proveInEveryZone } from "./testing/comparison.ts";
import { mentor, open, session } from "./testing/examples.ts";
import { addMs, asMinutes, DAY_MS, epochMs, MINUTE_MS, parseInstant } from "./units.ts";

const day = parseInstant("2026-03-04T00:00Z"); // A Wednesday.
const schedule = mentor({ timezone: "UTC", windows: [open(3, "09:00-12:00")], booking_window_days: 30 });
const reason = (verdicts: Verdict[], change: Partial<typeof schedule> = {}, from = day, now = day) =>
  dayReason({ ...schedule, ...change }, new Set(verdicts), { from, until: epochMs(from + DAY_MS), now });

describe("dayReason", () => {
  it.each<[string, Verdict[]]>([
    ["limit", ["taken", "day_limit", "past"]],
    ["limit", ["week_limit", "outside_hours"]],
    ["full", ["past", "taken", "outside_hours"]],
    ["full", ["buffer", "notice"]],
    ["blocked", ["past", "blocked"]],
    ["notice", ["past", "notice", "outside_hours"]],
    ["beyond_window", ["window"]],
    ["past", ["past", "outside_hours"]],
    ["too_short", ["outside_hours"]],
  ])("is %s for %j", (expected, verdicts) => {
    expect(reason(verdicts)).toBe(expected);
  });

  it("goes by the calendar on a day without starts", () => {
    expect(reason([])).toBe("no_hours");
    expect(reason([], { blocked_dates: [localDate("2026-03-04")] })).toBe("blocked");
    expect(reason([], { blocked_dates: [localDate("2026-03-05")] })).toBe("no_hours");
    expect(reason([], {}, day, epochMs(day + DAY_MS))).toBe("past");
    expect(reason([], {}, day, epochMs(day - 30 * DAY_MS))).toBe("no_hours");
    expect(reason([], {}, day, epochMs(day - 31 * DAY_MS))).toBe("beyond_window");
  });
});

describe("blockingSessions", () => {
  it("are some exactly when the verdict is taken or buffer", () => {
    expect.hasAssertions();
    proveInEveryZone(1000, ({ schedule: all, taken, query }) => {
      // What is kept for a queue is taken by no session.
      const { waits: _kept, ...schedule } = all;
      for (const { startsAt, verdict } of judgeSlots(schedule, taken, query)) {
        const start = { startsAt, duration: query.duration };
        const names = blockingSessions(schedule, taken, start);
        if (verdict === "taken" || verdict === "buffer") expect(names).not.toEqual([]);
        if (verdict === "day_limit" || verdict === "week_limit") expect(names).toEqual([]);
      }
    });
  }, 60_000);
});

describe("sessionsOutsideHours", () => {
  it("names what runs past the hours or touches a day off", () => {
    const sessions = ["08:30", "09:00", "11:00", "11:30", "12:00"].map((time) =>
      session(`2026-03-04T${time}Z`, 60),
    );
    const names = (change: Partial<typeof schedule> = {}) =>
      sessionsOutsideHours({ ...schedule, ...change }, sessions).map((row) => sessions.indexOf(row));
    expect(names()).toEqual([0, 3, 4]);
    expect(names({ blocked_dates: [localDate("2026-03-04")] })).toEqual([0, 1, 2, 3, 4]);
    expect(names({ windows: [open(3, "08:00-10:00"), open(3, "10:00-12:00")] })).toEqual([3, 4]);
    expect(names({ windows: [] })).toEqual([0, 1, 2, 3, 4]);
    expect(sessionsOutsideHours(schedule, [])).toEqual([]);
  });

  it("agrees with the judge in every zone", () => {
    let outside = 0;
    proveInEveryZone(1500, ({ schedule, query, otherStarts, taken }) => {
      const starts = [...otherStarts, ...taken.map(({ startsAt }) => startsAt)].sort((a, b) => a - b);
      const sessions = starts.map((startsAt) => ({
        startsAt,
        endsAt: addMs(startsAt, query.duration * MINUTE_MS),
      }));
      const noNotice = { minimum_notice: asMinutes(0), opening_notice: asMinutes(0) };
      const ever = { ...schedule, ...noNotice, booking_window_days: 1000 };
      const first = starts[0] ?? epochMs(0);
      const asked = {
        duration: query.duration,
        from: first,
        until: addMs(starts.at(-1) ?? first, 1),
        now: first,
      };
      const judge = new StartJudge(ever, [], asked, asked.from, asked.until, true);
      const isOutside = (start: number) => {
        const codes: number[] = [];
        judge.judgeGrid(start, start + 1, 1, { starts: [], codes });
        return ["outside_hours", "blocked"].includes(VERDICTS[codes[0]!] ?? "");
      };
      const found = sessionsOutsideHours(schedule, sessions);
      expect(found.map(({ startsAt }) => startsAt)).toEqual(starts.filter(isOutside));
      outside += found.length;
    });
    expect(outside).toBeGreaterThan(0);
  }, 60_000);
});
