import { describe, expect, it } from "vitest";
import { localDate } from "#scheduling/dates.ts";
import { asMinutes, parseInstant } from "#scheduling/units.ts";
import { addMonths, monthOf } from "@/lib/months.ts";
import { bookablePart, byPartOfDay, freeSlotsOf, merge } from "./freeTimes.ts";

const slot = (starts_at: string, time: string) => ({
  date: localDate(starts_at.slice(0, 10)),
  time,
  startsAt: parseInstant(starts_at),
  available: true,
});

describe("months", () => {
  it("runs over the end of a year, both ways", () => {
    expect(addMonths(localDate("2026-11-22"), 2)).toBe("2027-01-01");
    expect(addMonths(localDate("2026-01-31"), -1)).toBe("2025-12-01");
    expect(monthOf(localDate("2026-11-22"))).toBe("2026-11-01");
  });

  it("starts at the first bookable date and ends with the month", () => {
    const bookable = { from: localDate("2026-11-22"), to: localDate("2027-01-21") };
    expect(bookablePart(localDate("2026-11-01"), bookable)).toEqual({
      from: localDate("2026-11-22"),
      to: localDate("2026-11-30"),
    });
    expect(bookablePart(localDate("2026-12-01"), bookable)).toEqual({
      from: localDate("2026-12-01"),
      to: localDate("2026-12-31"),
    });
    expect(bookablePart(localDate("2027-01-01"), bookable)).toEqual({
      from: localDate("2027-01-01"),
      to: localDate("2027-01-31"),
    });
    expect(bookablePart(localDate("2027-02-01"), bookable)).toBeNull();
    expect(bookablePart(localDate("2026-10-01"), bookable)).toBeNull();
  });
});

describe("free times", () => {
  it("leaves out unavailable times, and is empty before the response", () => {
    const taken = { time: "09:00", starts_at: "2026-11-24T09:00:00Z", available: false };
    const days = [
      { date: localDate("2026-11-24"), slots: [taken, { ...taken, time: "10:00", available: true }] },
    ];
    const answer = { timezone: "UTC", mentor_timezone: "UTC", duration: asMinutes(60), days };
    expect(freeSlotsOf(answer).map(({ date, time }) => `${date} ${time}`)).toEqual(["2026-11-24 10:00"]);
    expect(freeSlotsOf(undefined)).toEqual([]);
  });

  it("merges responses by instant, earliest first", () => {
    const late = slot("2026-11-25T09:00:00Z", "09:00");
    const early = slot("2026-11-24T09:00:00Z", "09:00");
    expect(merge([[late], [early, late]])).toEqual([early, late]);
  });

  it("keeps both halves of an hour that a clock change repeats", () => {
    const summer = slot("2026-10-25T00:30:00Z", "02:30");
    const winter = slot("2026-10-25T01:30:00Z", "02:30");
    expect(byPartOfDay(merge([[winter, summer]]))).toEqual([{ part: "morning", slots: [summer, winter] }]);
  });

  it("splits a day at noon and at five", () => {
    const slots = ["00:00", "11:59", "12:00", "16:59", "17:00", "23:30"].map((time) =>
      slot(`2026-11-24T${time}:00Z`, time),
    );
    expect(byPartOfDay(slots).map(({ part, slots: { length } }) => `${part} ${length}`)).toEqual([
      "morning 2",
      "afternoon 2",
      "evening 2",
    ]);
  });
});
