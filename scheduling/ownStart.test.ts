import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { judgeOwnStart } from "./ownStart.ts";
import { judgeSlots } from "./slots.ts";
import { proveInEveryZone } from "./testing/comparison.ts";
import { mentor, open, session } from "./testing/examples.ts";
import { asMinutes, parseInstant } from "./units.ts";

const now = parseInstant("2026-03-04T08:00Z"); // A Wednesday.
const schedule = mentor({
  timezone: "UTC",
  windows: [open(3, "09:00-12:00")],
  minimum_notice: asMinutes(1440),
  buffer_before: asMinutes(15),
});
const duration = asMinutes(60);
const judge = (time: string, taken = [session("2026-03-04T10:00Z", 30)], others = {}) =>
  judgeOwnStart({ ...schedule, ...others }, taken, {
    startsAt: parseInstant(`2026-03-04T${time}Z`),
    duration,
    now,
  });

describe("a start that the mentor chooses", () => {
  it.each([
    ["08:00", "past", true],
    ["08:30", "outside_hours", false],
    ["09:00", "free", false],
    ["09:01", "taken", true],
    ["10:15", "taken", true],
    ["10:40", "buffer", true],
    ["10:45", "free", false],
    ["11:01", "outside_hours", false],
    ["20:00", "outside_hours", false],
  ] as const)("at %s is %s, refused: %s", (time, verdict, isRefused) => {
    expect(judge(time)).toMatchObject({ verdict, isRefused });
  });

  it("may be on a day off, or while another calendar is busy", () => {
    const blocked_dates = [localDate("2026-03-04")];
    expect(judge("09:00", [], { blocked_dates })).toMatchObject({ verdict: "blocked", isRefused: false });
    const elsewhere = [{ ...session("2026-03-04T10:00Z", 30), isElsewhere: true as const }];
    expect(judge("09:30", elsewhere)).toMatchObject({ verdict: "taken", isRefused: false });
  });

  it("is free exactly when the engine offers it without the rules for students", () => {
    expect.hasAssertions();
    proveInEveryZone(1000, ({ schedule: all, taken, query }) => {
      const { waits: _kept, ...hours } = all;
      const notice = { minimum_notice: asMinutes(0), opening_notice: asMinutes(0) };
      const rules = { booking_window_days: 730, accepting_bookings: true };
      const relaxed = { ...hours, ...notice, ...rules, max_per_day: null, max_per_week: null };
      for (const { startsAt, verdict } of judgeSlots(relaxed, taken, { ...query, serviceId: null })) {
        if (verdict === "window") continue;
        const own = judgeOwnStart(relaxed, taken, { startsAt, duration: query.duration, now: query.now });
        expect(own.verdict === "free", `${startsAt} ${verdict} ${own.verdict}`).toBe(verdict === "free");
      }
    });
  }, 60_000);
});
