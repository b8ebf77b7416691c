import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { findSlots, judgeStart, type Occupancy, type Schedule, type Wait } from "./slots.ts";
import { addMs, asMinutes, type EpochMs, HOUR_MS, MINUTE_MS, parseInstant } from "./units.ts";

const day = "2026-12-01";
const at = (time: string): EpochMs => parseInstant(`${day}T${time}:00Z`);
const now = parseInstant("2026-11-30T12:00:00Z");

const schedule = (changes: Partial<Schedule> = {}): Schedule => ({
  timezone: "UTC",
  windows: [{ day_of_week: null, specific_date: localDate(day), start_time: "09:00", end_time: "13:00" }],
  blocked_dates: [],
  slot_interval: asMinutes(30),
  buffer_before: asMinutes(0),
  buffer_after: asMinutes(0),
  minimum_notice: asMinutes(0),
  booking_window_days: 60,
  max_per_day: null,
  max_per_week: null,
  ...changes,
});

const wait = (from: string, changes: Partial<Wait> = {}): Wait => ({
  serviceId: "talk",
  duration: asMinutes(60),
  from: at(from),
  until: addMs(at(from), 1),
  passed: [],
  opensByBooking: true,
  openingNotice: asMinutes(0),
  ...changes,
});

const session = (from: string, minutes = 60, changes: Partial<Occupancy> = {}): Occupancy => ({
  startsAt: at(from),
  endsAt: addMs(at(from), minutes * MINUTE_MS),
  busyFrom: at(from),
  busyUntil: addMs(at(from), minutes * MINUTE_MS),
  serviceId: "talk",
  capacity: 1,
  seatsTaken: 1,
  ...changes,
});

function offered(of: Schedule, taken: readonly Occupancy[] = [], { minutes = 60, serviceId = "talk" } = {}) {
  const query = { from: at("00:00"), until: at("23:00"), duration: asMinutes(minutes), now, serviceId };
  return findSlots(of, taken, query).map((start) => new Date(start).toISOString().slice(11, 16));
}

describe("a free start that a person waits for", () => {
  it("is taken for everyone else, with all that overlaps it", () => {
    expect(offered(schedule({ waits: [wait("10:00")] }))).toEqual(["09:00", "11:00", "11:30", "12:00"]);
  });

  it("is taken with the mentor's buffers around it", () => {
    const buffers = { buffer_after: asMinutes(30) };
    expect(offered(schedule({ ...buffers, waits: [wait("10:00")] }))).toEqual(["11:30", "12:00"]);
  });

  it("is taken for other lengths and services, too", () => {
    const waits = [wait("10:00")];
    expect(offered(schedule({ waits }), [], { minutes: 30, serviceId: "other" })).not.toContain("10:30");
  });

  it("is free again where those who wait have passed it", () => {
    const all = offered(schedule());
    expect(offered(schedule({ waits: [wait("10:00", { passed: [at("10:00")] })] }))).toEqual(all);
  });

  it("is free when it is too soon for an offer, and one minute before that is not", () => {
    const asked = { startsAt: at("10:00"), duration: asMinutes(60), serviceId: "talk" };
    const judge = (minutes: number) =>
      judgeStart(schedule({ waits: [wait("10:00")] }), [], {
        ...asked,
        now: addMs(at("10:00"), -minutes * MINUTE_MS),
      });
    expect(judge(9)).toBe("free");
    expect(judge(10)).toBe("taken");
  });
});

describe("what is waited for and not free takes nothing from anyone", () => {
  it("a time that another session has in part", () => {
    const taken = [session("10:00", 30)];
    expect(offered(schedule({ waits: [wait("10:00")] }), taken, { minutes: 30 })).toEqual(
      offered(schedule(), taken, { minutes: 30 }),
    );
  });

  it("a service without hours, and a mentor who has paused", () => {
    const waits = [wait("10:00", { opensByBooking: false })];
    expect(offered(schedule({ waits }))).toEqual(offered(schedule()));
    expect(offered(schedule({ waits, accepting_bookings: false }))).toEqual([]);
  });

  it("days on which nothing is free", () => {
    const taken = [session("09:00", 240)];
    const waits = [wait("00:00", { until: addMs(at("00:00"), 24 * HOUR_MS) })];
    expect(offered(schedule({ waits }), taken)).toEqual([]);
    expect(offered(schedule({ waits: [], max_per_day: 1 }), taken)).toEqual([]);
  });
});

describe("a cap", () => {
  const monday = addMs(at("10:00"), -24 * HOUR_MS);
  const bothDays = {
    windows: [day, "2026-11-30"].map((date) => ({
      day_of_week: null,
      specific_date: localDate(date),
      start_time: "09:00",
      end_time: "13:00",
    })),
  };
  const waits = [wait("10:00", { from: monday, until: addMs(monday, 1) })];
  const early = parseInstant("2026-11-29T12:00:00Z");
  const judge = (changes: Partial<Schedule>, startsAt: EpochMs) =>
    judgeStart(schedule({ ...bothDays, waits, ...changes }), [], {
      startsAt,
      duration: asMinutes(60),
      serviceId: "talk",
      now: early,
    });

  it("of a day is reached by a time that is kept for those who wait", () => {
    expect(judge({ max_per_day: 3 }, addMs(monday, 2 * HOUR_MS))).toBe("day_limit");
    expect(judge({ max_per_day: 3 }, at("12:00"))).toBe("free");
  });

  it("of a week, too", () => {
    expect(judge({ max_per_week: 3 }, at("12:00"))).toBe("week_limit");
  });

  it("twin: without a cap only the time itself is kept", () => {
    expect(judge({}, addMs(monday, 2 * HOUR_MS))).toBe("free");
    expect(judge({}, monday)).toBe("taken");
  });
});

it("the seats of a group session that a person waits for are all kept", () => {
  const group = session("10:00", 60, { serviceId: "yoga", capacity: 4, seatsTaken: 2 });
  const yoga = { serviceId: "yoga" };
  expect(offered(schedule(), [group], yoga)).toContain("10:00");
  expect(offered(schedule({ waits: [wait("10:00", yoga)] }), [group], yoga)).not.toContain("10:00");
});
