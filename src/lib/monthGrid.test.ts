import { describe, expect, it } from "vitest";
import { localDate } from "#scheduling/dates.ts";
import { dateAfterKey, weeksOf } from "./monthGrid.ts";

const bookable = { from: localDate("2026-11-22"), to: localDate("2027-03-31") };
const press = (key: string, date: string, firstWeekday = 1) =>
  dateAfterKey(key, localDate(date), firstWeekday, bookable);

describe("the weeks of a month", () => {
  it("start on the reader's first day of the week", () => {
    const monday = weeksOf(localDate("2026-11-01"), 1);
    expect(monday).toHaveLength(6);
    expect(monday[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    const sunday = weeksOf(localDate("2026-11-01"), 0);
    expect(sunday).toHaveLength(5);
    expect(sunday[4]).toEqual(["2026-11-29", "2026-11-30", null, null, null, null, null]);
  });

  it("contain each date once, also in a leap February", () => {
    expect(weeksOf(localDate("2028-02-01"), 1).flat().filter(Boolean)).toHaveLength(29);
  });
});

describe("the keys of the grid", () => {
  it("move by day, week and month", () => {
    expect(press("ArrowRight", "2026-11-30")).toBe("2026-12-01");
    expect(press("ArrowLeft", "2026-12-01")).toBe("2026-11-30");
    expect(press("ArrowDown", "2026-12-28")).toBe("2027-01-04");
    expect(press("ArrowUp", "2027-01-04")).toBe("2026-12-28");
    expect(press("PageDown", "2026-12-15")).toBe("2027-01-15");
    expect(press("PageUp", "2027-01-15")).toBe("2026-12-15");
  });

  it("move to the ends of the week", () => {
    expect([press("Home", "2026-12-02"), press("End", "2026-12-02")]).toEqual(["2026-11-30", "2026-12-06"]);
    expect([press("Home", "2026-12-02", 0), press("End", "2026-12-02", 0)]).toEqual([
      "2026-11-29",
      "2026-12-05",
    ]);
  });

  it("move to the last day of a shorter month", () => {
    expect(press("PageDown", "2027-01-31")).toBe("2027-02-28");
  });

  it("stay within the bookable dates, and ignore other keys", () => {
    expect(press("PageUp", "2026-12-10")).toBe("2026-11-22");
    expect(press("ArrowDown", "2027-03-30")).toBe("2027-03-31");
    expect(press("Enter", "2026-12-10")).toBeNull();
  });
});
