import { describe, expect, it } from "vitest";
import type { CalendarBooking, CalendarDay } from "#contract/calendar.ts";
import { localDate } from "#scheduling/dates.ts";
import {
  datesOf,
  extraHours,
  firstSessionPart,
  hoursOf,
  placeSessions,
  sessionsOf,
  shownHours,
  stepDate,
} from "./calendarLayout.ts";
import { lookOf, peopleOf, seatsOf } from "./sessionLook.ts";

const day = (
  date: string,
  starts_at: string,
  ends_at: string,
  open: CalendarDay["open"] = [],
): CalendarDay => ({
  date: localDate(date),
  timezone: "America/New_York",
  starts_at,
  ends_at,
  open,
  is_off: false,
});
const booking = (starts_at: string, ends_at: string, changes: Partial<CalendarBooking> = {}) =>
  ({
    id: starts_at,
    service_id: "s",
    starts_at,
    ends_at,
    capacity: 1,
    no_show: null,
    ...changes,
  }) as CalendarBooking;

const june = day("2035-06-04", "2035-06-04T04:00:00.000Z", "2035-06-05T04:00:00.000Z");
const spring = day("2035-03-11", "2035-03-11T05:00:00.000Z", "2035-03-12T04:00:00.000Z");
const autumn = day("2035-11-04", "2035-11-04T04:00:00.000Z", "2035-11-05T05:00:00.000Z");

describe("the dates of a view", () => {
  it("are a day, a week from the locale's first weekday, or the days of a month", () => {
    expect(datesOf("day", localDate("2026-11-26"), 1)).toEqual(["2026-11-26"]);
    expect(datesOf("week", localDate("2026-11-26"), 1)[0]).toBe("2026-11-23");
    expect(datesOf("week", localDate("2026-11-22"), 1)[0]).toBe("2026-11-16");
    expect(datesOf("week", localDate("2026-11-22"), 0)).toEqual(
      expect.arrayContaining(["2026-11-22", "2026-11-28"]),
    );
    const february = datesOf("month", localDate("2028-02-17"), 1);
    expect([february[0], february.at(-1), february.length]).toEqual(["2028-02-01", "2028-02-29", 29]);
  });

  it("step to the previous and the next", () => {
    expect(stepDate("day", localDate("2026-12-31"), 1)).toBe("2027-01-01");
    expect(stepDate("week", localDate("2026-11-26"), -1)).toBe("2026-11-19");
    expect(stepDate("month", localDate("2026-12-31"), 1)).toBe("2027-01-01");
    expect(stepDate("month", localDate("2026-01-31"), 1)).toBe("2026-02-01");
    expect(stepDate("month", localDate("2026-03-31"), -1)).toBe("2026-02-01");
  });
});

describe("sessions", () => {
  it("take their part of the day, and of two days when they last over midnight", () => {
    const noon = sessionsOf([booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z")]);
    expect(placeSessions(june, noon)[0]?.place).toEqual({ top: 0.5, height: expect.closeTo(1 / 24) });
    const late = sessionsOf([booking("2035-06-05T03:30:00.000Z", "2035-06-05T04:30:00.000Z")]);
    expect(placeSessions(june, late)[0]).toMatchObject({ continues: { before: false, after: true } });
    expect(placeSessions(june, late)[0]?.place.height).toBeCloseTo(0.5 / 24);
    const nextDay = day("2035-06-05", june.ends_at, "2035-06-06T04:00:00.000Z");
    expect(placeSessions(nextDay, late)[0]).toMatchObject({ place: { top: 0 }, continues: { before: true } });
  });

  it("that end as a day begins are not in it", () => {
    const before = sessionsOf([booking("2035-06-04T03:00:00.000Z", june.starts_at)]);
    expect(placeSessions(june, before)).toEqual([]);
  });

  it("of a group are one", () => {
    const seat = (id: string) => booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z", { id });
    const other = booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z", { service_id: "t" });
    expect(sessionsOf([seat("a"), seat("b"), other]).map(({ bookings }) => bookings.length)).toEqual([2, 1]);
  });

  it("leave a short one no more room than there is before the next", () => {
    const [short, next] = placeSessions(
      june,
      sessionsOf([
        booking("2035-06-04T16:00:00.000Z", "2035-06-04T16:05:00.000Z"),
        booking("2035-06-04T16:15:00.000Z", "2035-06-04T16:20:00.000Z"),
      ]),
    );
    expect(short?.room).toBeCloseTo(0.25 / 24);
    expect(next?.room).toBeNull();
  });
});

describe("a group's block", () => {
  const seat = (id: string, status: CalendarBooking["status"]) =>
    booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z", {
      id,
      status,
      capacity: 5,
      user_name: `${id} Rao`,
    });
  const block = (...statuses: CalendarBooking["status"][]) => {
    const [session] = sessionsOf(statuses.map((status, index) => seat("ABC"[index] ?? "", status)));
    if (!session) throw new Error("Nothing to look at.");
    return session;
  };

  it("shows how many seats are taken and by whom", () => {
    expect(seatsOf(block("confirmed", "confirmed"))).toBe("2 of 5 seats");
    expect(peopleOf(block("confirmed", "confirmed", "confirmed"))).toBe("A Rao and 2 others");
    expect(seatsOf({ ...block("confirmed"), capacity: 1 })).toBeNull();
  });

  it("does not hide a request behind a confirmed seat", () => {
    expect(lookOf(block("pending", "confirmed")).text).toBe("Confirmed, 1 request");
    expect(lookOf(block("pending", "pending")).text).toBe("2 requests");
    expect(lookOf(block("pending")).text).toBe("Request");
    expect(lookOf(block("completed", "completed")).text).toBe("Completed");
  });
});

describe("a session with a no-show report", () => {
  type Claim = NonNullable<CalendarBooking["no_show"]>;
  const look = (...claims: (Pick<Claim, "claimed_by" | "state"> | null)[]) => {
    const [session] = sessionsOf(
      claims.map((no_show, index) =>
        booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z", {
          id: String(index),
          status: "confirmed",
          capacity: 5,
          no_show: no_show as Claim | null,
        }),
      ),
    );
    if (!session) throw new Error("Nothing to look at.");
    const { text, needsAnswer } = lookOf(session);
    return { text, needsAnswer };
  };

  it("asks the mentor to reply, even if another seat has none, and shows what is settled", () => {
    const asked = { claimed_by: "student", state: "open" } as const;
    expect(look(asked)).toEqual({ text: "Needs your reply", needsAnswer: true });
    expect(look(null, asked)).toEqual({ text: "Needs your reply", needsAnswer: true });
    expect(look({ claimed_by: "mentor", state: "open" }).text).toBe("Awaiting a reply");
    expect(look({ claimed_by: "mentor", state: "unanswered" }).text).toBe("No-show");
    expect(look({ claimed_by: "mentor", state: "agreed" }, null).text).toBe("Confirmed");
    expect(look({ claimed_by: "student", state: "disputed" }).text).toBe("Confirmed");
  });
});

describe("a day on which the clocks change", () => {
  it("has 23 or 25 hours, and positions account for them", () => {
    expect([hoursOf(june), hoursOf(spring), hoursOf(autumn)].map(({ length }) => length)).toEqual([
      24, 23, 25,
    ]);
    expect([extraHours(june), extraHours(spring), extraHours(autumn)]).toEqual([0, -1, 1]);
    // Noon in New York, after the change: eleven hours have passed in spring, thirteen in autumn.
    const noons = [
      [spring, "2035-03-11T16:00:00.000Z", 11 / 23],
      [autumn, "2035-11-04T17:00:00.000Z", 13 / 25],
    ] as const;
    for (const [each, instant, part] of noons) {
      const hour = hoursOf(each).find((one) => one.instant === instant);
      expect(hour?.part).toBeCloseTo(part);
    }
  });
});

describe("the hours that are shown", () => {
  const at = (from: string, until: string) => ({
    starts_at: `2035-06-${from}:00.000Z`,
    ends_at: `2035-06-${until}:00.000Z`,
  });
  // The day begins at 04:00Z: 13:00Z is nine o'clock there.
  const open = [at("04T13:00", "04T21:00")];
  const hours = ({ from, until }: { from: number; until: number }) => [from * 24, until * 24];

  it("are those from the first to the last that is open or booked, with a little closed time around", () => {
    const [from, until] = hours(shownHours([{ ...june, open }], []));
    expect(from).toBeCloseTo(8.5);
    expect(until).toBeCloseTo(17.5);
  });

  it("hold every session, also those before and after the hours", () => {
    const early = sessionsOf([booking("2035-06-04T04:15:00.000Z", "2035-06-04T05:00:00.000Z")]);
    expect(hours(shownHours([{ ...june, open }], early))[0]).toBe(0);
    const late = sessionsOf([booking("2035-06-05T03:30:00.000Z", "2035-06-05T04:30:00.000Z")]);
    expect(hours(shownHours([{ ...june, open }], late))[1]).toBe(24);
  });

  it("are office hours when nothing is open and nothing booked", () => {
    expect(hours(shownHours([june], []))).toEqual([8, 18]);
  });

  it("open at the earliest session of all days", () => {
    expect(firstSessionPart([{ ...june, open }], [])).toBeNull();
    const booked = sessionsOf([
      booking("2035-06-04T20:00:00.000Z", "2035-06-04T21:00:00.000Z"),
      booking("2035-06-04T16:00:00.000Z", "2035-06-04T17:00:00.000Z"),
    ]);
    expect(firstSessionPart([{ ...june, open }], booked)).toBeCloseTo(12 / 24);
  });
});
