import { describe, expect, it } from "vitest";
import { localDate } from "./dates.ts";
import { findSlots, judgeSlots, judgeStart, type Schedule, seatsLeft } from "./slots.ts";
import { iso, mentor, open, session } from "./testing/examples.ts";
import { addMs, asMinutes, type EpochMs, epochMs, type LocalDate, parseInstant } from "./units.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;

/** A query for all starts between two ISO instants, a day before unless given. */
function between(from: string, until: string, duration: number, now?: string) {
  const start = parseInstant(from);
  return {
    from: start,
    until: parseInstant(until),
    duration: asMinutes(duration),
    now: now ? parseInstant(now) : addMs(start, -DAY),
  };
}

describe("known results", () => {
  // One-hour sessions from one window on the day, each row worked out by hand. Sources of the clock changes: the tz
  // database, files northamerica (Energy Policy Act of 2005), europe (Directive 2000/84/EC), australasia, africa.
  const NEW_YORK = "America/New_York";
  const LORD_HOWE = "Australia/Lord_Howe";
  const CASABLANCA = "Africa/Casablanca";
  it.each<[string, string, string, string, number, string[]]>([
    ["no changes, +05:30", "Asia/Kolkata", "2026-03-04", "09:00-12:00", 60, ["03:30", "04:30", "05:30"]],
    ["no changes, +05:45", "Asia/Kathmandu", "2026-03-04", "09:00-11:00", 60, ["03:15", "04:15"]],
    [
      "spring: 02:00 is 03:00",
      NEW_YORK,
      "2026-03-08",
      "00:00-06:00",
      60,
      ["05:00", "06:00", "07:00", "08:00", "09:00"],
    ],
    ["begins in the gap", NEW_YORK, "2026-03-08", "02:00-05:00", 60, ["07:00", "08:00"]],
    ["ends in the gap", NEW_YORK, "2026-03-08", "01:30-02:30", 60, ["06:30"]],
    ["lies in the gap: both ends are 03:00", NEW_YORK, "2026-03-08", "02:00-03:00", 60, []],
    ["crosses the gap backwards", NEW_YORK, "2026-03-08", "02:45-03:15", 60, []],
    [
      "autumn: 01:00 comes twice",
      NEW_YORK,
      "2026-11-01",
      "00:00-04:00",
      60,
      ["04:00", "05:00", "06:00", "07:00", "08:00"],
    ],
    ["both hours of 01:00", NEW_YORK, "2026-11-01", "01:00-02:00", 60, ["05:00", "06:00"]],
    ["after the change", NEW_YORK, "2026-11-01", "02:00-04:00", 60, ["07:00", "08:00"]],
    ["spring", "Europe/London", "2026-03-29", "00:00-03:00", 60, ["00:00", "01:00"]],
    ["autumn", "Europe/London", "2026-10-25", "00:00-03:00", 60, ["23:00", "00:00", "01:00", "02:00"]],
    [
      "half an hour more",
      LORD_HOWE,
      "2026-04-05",
      "01:00-03:00",
      30,
      ["14:00", "14:30", "15:00", "15:30", "16:00"],
    ],
    ["half an hour less", LORD_HOWE, "2026-10-04", "01:00-03:00", 30, ["14:30", "15:00", "15:30"]],
    ["Ramadan begins", CASABLANCA, "2025-02-23", "01:00-04:00", 60, ["00:00", "01:00", "02:00", "03:00"]],
    ["Ramadan ends", CASABLANCA, "2025-04-06", "01:00-04:00", 60, ["01:00", "02:00"]],
  ])("%s (%s %s, %s)", (_what, timezone, date, hours, duration, expected) => {
    const schedule = mentor({ timezone, windows: [open(date, hours)], slot_interval: duration });
    const noon = parseInstant(`${date}T12:00Z`);
    const query = {
      from: addMs(noon, -2 * DAY),
      until: addMs(noon, 2 * DAY),
      duration: asMinutes(duration),
      now: addMs(noon, -3 * DAY),
    };
    expect(findSlots(schedule, [], query).map((start) => iso(start).slice(11, 16))).toEqual(expected);
  });

  it("Asia/Kolkata, Wednesday 09-17: 15 starts for an hour on the half-hour grid", () => {
    const schedule = mentor({ timezone: "Asia/Kolkata", windows: [open(3, "09:00-17:00")] });
    const starts = findSlots(schedule, [], between("2026-03-01T00:00Z", "2026-03-08T00:00Z", 60));
    expect(starts).toHaveLength(15);
    expect(iso(starts[0]!)).toBe("2026-03-04T03:30Z"); // 09:00
    expect(iso(starts[14]!)).toBe("2026-03-04T10:30Z"); // 16:00
  });

  it("Pacific/Apia, which had no 30 December 2011", () => {
    const schedule = mentor({ timezone: "Pacific/Apia", windows: [open("2011-12-29", "22:00-02:00")] });
    const query = between("2011-12-28T10:00Z", "2012-01-02T00:00Z", 60, "2011-12-29T12:00Z"); // Thursday, 02:00.
    const everyHour = { ...schedule, slot_interval: asMinutes(60) };
    const hours = ["2011-12-30T08:00Z", "2011-12-30T09:00Z", "2011-12-30T10:00Z", "2011-12-30T11:00Z"];
    expect(findSlots(everyHour, [], query).map(iso)).toEqual(hours);
    // Tomorrow is a day that does not come: the window of days closes with Thursday.
    expect(findSlots({ ...everyHour, booking_window_days: 1 }, [], query).map(iso)).toEqual(
      hours.slice(0, 2),
    );
    expect(findSlots({ ...everyHour, blocked_dates: [localDate("2011-12-30")] }, [], query).map(iso)).toEqual(
      hours,
    );
    expect(findSlots({ ...everyHour, blocked_dates: [localDate("2011-12-31")] }, [], query).map(iso)).toEqual(
      hours.slice(0, 2),
    );
  });
});

describe("the guide's test cases", () => {
  const schedule = mentor({ timezone: "Asia/Kolkata", windows: [open("2026-03-04", "09:00-17:00")] });
  const day = (duration: number) => between("2026-03-03T18:30Z", "2026-03-04T18:30Z", duration);
  const kolkata = (epochMs: number) => iso(epochMs + 330 * MINUTE).slice(11, 16);

  it("4: an hour booked at 14:00 takes 13:30 and 14:30, and leaves 13:00 and 15:00", () => {
    const taken = [session("2026-03-04T08:30Z", 60)];
    const offered = findSlots(schedule, taken, day(60)).map(kolkata);
    expect(offered).not.toContain("13:30");
    expect(offered).not.toContain("14:00");
    expect(offered).not.toContain("14:30");
    expect(offered).toEqual(expect.arrayContaining(["13:00", "15:00"]));
    expect(offered).toHaveLength(15 - 3);
    const asked = { startsAt: parseInstant("2026-03-04T09:00Z"), duration: asMinutes(60), now: day(60).now };
    expect(judgeStart(schedule, taken, asked)).toBe("taken");
  });

  it("5: short sessions find more room than long ones", () => {
    const taken = [session("2026-03-04T08:30Z", 60)];
    const short = findSlots(schedule, taken, day(30)).map(kolkata);
    const long = findSlots(schedule, taken, day(90)).map(kolkata);
    expect(short).toEqual(expect.arrayContaining(["13:30", "15:00", "16:30"]));
    expect(short).toHaveLength(16 - 2);
    expect(long).toEqual([
      "09:00",
      "09:30",
      "10:00",
      "10:30",
      "11:00",
      "11:30",
      "12:00",
      "12:30",
      "15:00",
      "15:30",
    ]);
  });

  it("2 and 3: no hours and a blocked date leave nothing", () => {
    expect(findSlots({ ...schedule, windows: [] }, [], day(60))).toEqual([]);
    expect(findSlots({ ...schedule, blocked_dates: [localDate("2026-03-04")] }, [], day(60))).toEqual([]);
  });
});

describe("hours", () => {
  const timezone = "UTC";
  const found = (schedule: Schedule, duration: number) =>
    findSlots(schedule, [], between("2026-03-01T00:00Z", "2026-03-15T00:00Z", duration)).map(iso);

  it("that touch or overlap are one stretch, each with its own grid, equal starts once", () => {
    const windows = [
      open("2026-03-04", "09:00-10:00"),
      open("2026-03-04", "10:00-11:15"),
      open("2026-03-04", "09:30-10:20"),
    ];
    const times = found(mentor({ timezone, windows }), 60).map((start) => start.slice(11, 16));
    expect(times).toEqual(["09:00", "09:30", "10:00"]);
    const odd = [open("2026-03-04", "09:10-10:10"), open("2026-03-04", "09:00-11:00")];
    expect(found(mentor({ timezone, windows: odd }), 60).map((start) => start.slice(11, 16))).toEqual([
      "09:00",
      "09:10",
      "09:30",
      "09:40",
      "10:00",
    ]);
  });

  it("run over midnight, and sessions with them", () => {
    const overnight = mentor({ timezone, windows: [open("2026-03-04", "23:00-01:00")] });
    expect(found(overnight, 60)).toEqual(["2026-03-04T23:00Z", "2026-03-04T23:30Z", "2026-03-05T00:00Z"]);
    const split = mentor({
      timezone,
      windows: [open("2026-03-04", "23:00-24:00"), open("2026-03-05", "00:00-01:00")],
    });
    expect(found(split, 60)).toEqual(found(overnight, 60));
  });

  it("with the same end as start are a whole day", () => {
    const hourly = { timezone, slot_interval: asMinutes(60) };
    expect(found(mentor({ ...hourly, windows: [open("2026-03-04", "09:00-09:00")] }), 60)).toHaveLength(24);
    expect(found(mentor({ ...hourly, windows: [open("2026-03-04", "00:00-00:00")] }), 60)).toHaveLength(24);
    expect(found(mentor({ ...hourly, windows: [open("2026-03-04", "00:00-24:00")] }), 60)).toHaveLength(24);
  });

  it("of a date come besides those of its weekday", () => {
    const windows = [open(3, "09:00-10:00"), open("2026-03-04", "14:00-15:00")];
    expect(found(mentor({ timezone, windows }), 60)).toEqual([
      "2026-03-04T09:00Z",
      "2026-03-04T14:00Z",
      "2026-03-11T09:00Z",
    ]);
  });

  it("are not moved by a booking", () => {
    const schedule = mentor({ timezone, windows: [open("2026-03-04", "09:00-12:00")] });
    const query = between("2026-03-04T00:00Z", "2026-03-05T00:00Z", 30);
    const starts = findSlots(schedule, [session("2026-03-04T09:40Z", 25)], query).map((start) =>
      iso(start).slice(11, 16),
    );
    expect(starts).toEqual(["09:00", "10:30", "11:00", "11:30"]);
  });
});

describe("blocked dates", () => {
  const windows = [open("2026-03-04", "22:00-02:00")];
  const query = between("2026-03-04T00:00Z", "2026-03-06T00:00Z", 60);

  it("take the sessions that run into them from the evening before", () => {
    const schedule = mentor({ timezone: "UTC", windows, blocked_dates: [localDate("2026-03-05")] });
    expect(findSlots(schedule, [], query).map(iso)).toEqual([
      "2026-03-04T22:00Z",
      "2026-03-04T22:30Z",
      "2026-03-04T23:00Z",
    ]);
  });

  it("end at midnight", () => {
    const schedule = mentor({ timezone: "UTC", windows, blocked_dates: [localDate("2026-03-04")] });
    expect(findSlots(schedule, [], query).map(iso)).toEqual([
      "2026-03-05T00:00Z",
      "2026-03-05T00:30Z",
      "2026-03-05T01:00Z",
    ]);
  });
});

describe("verdicts", () => {
  const schedule = mentor({
    timezone: "UTC",
    windows: [open(3, "09:00-12:00"), open(4, "09:00-12:00"), open(6, "09:00-11:00")],
    slot_interval: asMinutes(60),
    minimum_notice: asMinutes(90),
    buffer_before: asMinutes(15),
    blocked_dates: [localDate("2026-03-12")],
    booking_window_days: 8,
    max_per_day: 2,
    max_per_week: 3,
  });
  const taken = [
    session("2026-03-04T10:00Z", 60),
    session("2026-03-05T07:00Z", 30),
    session("2026-03-05T08:00Z", 30),
    session("2026-03-11T09:00Z", 60),
  ];

  it("name the first reason", () => {
    const query = between("2026-03-04T00:00Z", "2026-03-20T00:00Z", 60, "2026-03-04T08:30Z");
    const verdicts = judgeSlots(schedule, taken, query).map(
      (slot) => `${iso(slot.startsAt)} ${slot.verdict}`,
    );
    expect(verdicts).toEqual([
      "2026-03-04T09:00Z notice",
      "2026-03-04T10:00Z taken",
      "2026-03-04T11:00Z buffer",
      "2026-03-05T09:00Z day_limit",
      "2026-03-05T10:00Z day_limit",
      "2026-03-05T11:00Z day_limit",
      "2026-03-07T09:00Z week_limit",
      "2026-03-07T10:00Z week_limit",
      "2026-03-11T09:00Z taken",
      "2026-03-11T10:00Z buffer",
      "2026-03-11T11:00Z free",
      "2026-03-12T09:00Z blocked",
      "2026-03-12T10:00Z blocked",
      "2026-03-12T11:00Z blocked",
      "2026-03-14T09:00Z window",
      "2026-03-14T10:00Z window",
      "2026-03-18T09:00Z window",
      "2026-03-18T10:00Z window",
      "2026-03-18T11:00Z window",
      "2026-03-19T09:00Z window",
      "2026-03-19T10:00Z window",
      "2026-03-19T11:00Z window",
    ]);
  });

  it("distinguish the past, closing time and invalid starts", () => {
    const ask = (start: string, duration: number, now = "2026-03-03T00:00Z") =>
      judgeStart(schedule, [], {
        startsAt: parseInstant(start),
        duration: asMinutes(duration),
        now: parseInstant(now),
      });
    expect(ask("2026-03-04T09:00Z", 60)).toBe("free");
    expect(ask("2026-03-04T09:00Z", 60, "2026-03-04T09:00:00.001Z")).toBe("past");
    expect(ask("2026-03-04T09:00Z", 60, "2026-03-04T07:30Z")).toBe("free");
    expect(ask("2026-03-04T09:00Z", 60, "2026-03-04T07:30:00.001Z")).toBe("notice");
    expect(ask("2026-03-04T11:00Z", 61)).toBe("outside_hours");
    expect(ask("2026-03-04T09:30Z", 60)).toBe("off_grid");
    expect(ask("2026-03-04T12:00Z", 60)).toBe("off_grid");
    expect(ask("2026-03-06T09:00Z", 60)).toBe("off_grid");
  });

  it("go by the date the clock shows, also when it is set back over midnight", () => {
    // Goose Bay, 7 November 2010: at 00:01 (03:01 UTC) it became 23:01 of the 6th again (tz database, northamerica).
    const gooseBay = mentor({
      timezone: "America/Goose_Bay",
      windows: [open("2010-11-06", "23:00-01:00")],
      booking_window_days: 0,
    });
    const query = between("2010-11-06T12:00Z", "2010-11-08T00:00Z", 30, "2010-11-06T12:00Z");
    expect(judgeSlots(gooseBay, [], query).map((slot) => `${iso(slot.startsAt)} ${slot.verdict}`)).toEqual([
      "2010-11-07T02:00Z free", // 23:00
      "2010-11-07T02:30Z free", // 23:30
      "2010-11-07T03:00Z window", // 00:00
      "2010-11-07T03:30Z free", // 23:30 again
      "2010-11-07T04:00Z window", // 00:00 again
      "2010-11-07T04:30Z window", // 00:30
    ]);
  });

  it("let a session begin at this very instant", () => {
    const now = parseInstant("2026-03-04T09:00Z");
    expect(
      judgeStart({ ...schedule, minimum_notice: asMinutes(0) }, [], {
        startsAt: now,
        duration: asMinutes(60),
        now,
      }),
    ).toBe("free");
  });
});

describe("group sessions", () => {
  const schedule = mentor({
    timezone: "UTC",
    windows: [open("2026-03-04", "09:00-11:00")],
    slot_interval: asMinutes(60),
    buffer_before: asMinutes(30),
    buffer_after: asMinutes(30),
    max_per_day: 1,
  });
  const query = { ...between("2026-03-04T00:00Z", "2026-03-05T00:00Z", 60), serviceId: "yoga" };
  const yoga = { serviceId: "yoga", capacity: 3, seatsTaken: 2, before: 30, after: 30 };

  it("with seats left are offered, off the grid and outside of the hours too", () => {
    for (const startsAt of ["2026-03-04T09:00Z", "2026-03-04T10:10Z", "2026-03-04T20:00Z"]) {
      const taken = [session(startsAt, 60, yoga)];
      expect(findSlots(schedule, taken, query).map(iso)).toEqual([startsAt]);
      const asked = { startsAt: parseInstant(startsAt), duration: asMinutes(60), now: query.now };
      expect(judgeStart(schedule, taken, { ...asked, serviceId: "yoga" })).toBe("free");
      expect(judgeStart(schedule, taken, { ...asked, serviceId: "chess" })).not.toBe("free");
      expect(judgeStart(schedule, taken, asked)).not.toBe("free");
      expect(seatsLeft(taken, "yoga", parseInstant(startsAt), asMinutes(60))).toBe(1);
    }
  });

  it("that are full, of another length or in the past are not", () => {
    const full = [session("2026-03-04T09:00Z", 60, { ...yoga, seatsTaken: 3 })];
    expect(findSlots(schedule, full, query)).toEqual([]);
    expect(seatsLeft(full, "yoga", full[0]!.startsAt, asMinutes(60))).toBe(0);
    const longer = [session("2026-03-04T09:00Z", 90, yoga)];
    expect(findSlots(schedule, longer, query)).toEqual([]);
    expect(seatsLeft(longer, "yoga", longer[0]!.startsAt, asMinutes(60))).toBeNull();
    const past = [session("2026-03-04T09:00Z", 60, yoga)];
    expect(findSlots(schedule, past, { ...query, now: parseInstant("2026-03-04T09:01Z") })).toEqual([]);
    expect(findSlots({ ...schedule, blocked_dates: [localDate("2026-03-04")] }, past, query)).toEqual([]);
    expect(seatsLeft(past, null, past[0]!.startsAt, asMinutes(60))).toBeNull();
    expect(seatsLeft([], "yoga", epochMs(0), asMinutes(60))).toBeNull();
  });
});

describe("nonsense", () => {
  const schedule = mentor({ timezone: "UTC", windows: [open(3, "09:00-12:00")] });
  const query = between("2026-03-04T00:00Z", "2026-03-05T00:00Z", 60);

  it("is refused by name", () => {
    const refuse = (settings: Partial<Schedule>, asked: Partial<typeof query> = {}) =>
      expect(() => findSlots({ ...schedule, ...settings }, [], { ...query, ...asked }));
    refuse({ slot_interval: asMinutes(0) }).toThrow(/slot_interval/);
    refuse({ slot_interval: asMinutes(7.5) }).toThrow(/slot_interval/);
    refuse({ buffer_before: asMinutes(-1) }).toThrow(/Buffers/);
    refuse({}, { duration: asMinutes(0) }).toThrow(/duration/);
    // No constructor makes this one.
    refuse({}, { until: Number.POSITIVE_INFINITY as EpochMs }).toThrow(/instants/);
    refuse({ timezone: "+05:30" }).toThrow(/time zone/);
    refuse({ windows: [open(3, "9:00-12:00")] }).toThrow(/9:00/);
    refuse({ blocked_dates: ["2025-02-30" as LocalDate] }).toThrow(/2025-02-30/);
  });

  it("is not an empty or reversed range", () => {
    expect(findSlots(schedule, [], { ...query, until: query.from })).toEqual([]);
    expect(findSlots(schedule, [], { ...query, until: epochMs(query.from - DAY) })).toEqual([]);
  });
});
