import { describe, expect, it } from "vitest";
import { asMinutes, type LocalDate } from "#scheduling/units.ts";
import {
  datesOf,
  minimumProblem,
  type ScheduleForm,
  scheduleOf,
  takenDates,
  weeksProblem,
} from "./groupForm.ts";

const form: ScheduleForm = {
  service_id: "s",
  duration: "60",
  scheduled_date: "2026-03-17",
  scheduled_time: "18:00",
  weeks: "3",
  skipped_dates: [],
  capacity: "8",
  min_attendees: "3",
  decide_minutes: "1440",
  late_join_minutes: "0",
};
const dates = ["2026-03-17", "2026-03-24", "2026-03-31"] as LocalDate[];

describe("a weekly schedule", () => {
  it("has its dates, and none while something is missing", () => {
    expect(datesOf(form)).toEqual(dates);
    expect(datesOf({ ...form, scheduled_date: "" })).toEqual([]);
    expect(datesOf({ ...form, weeks: "0" })).toEqual([]);
    expect(datesOf({ ...form, weeks: "53" })).toEqual([]);
    expect(weeksProblem("52")).toBe(true);
  });

  it("names the taken dates by the mentor's clock, also after it has changed", () => {
    const taken = takenDates(dates, "18:00", "Europe/London", [
      "2026-03-24T18:00:00Z",
      "2026-03-31T17:00:00Z",
    ]);
    expect([...taken]).toEqual(dates.slice(1));
    expect(takenDates(dates, "19:00", "Europe/London", ["2026-03-24T18:00:00Z"]).size).toBe(0);
  });

  it("is sent without dates that are no longer in it", () => {
    const skipped_dates = ["2026-03-24", "2026-04-07"] as LocalDate[];
    expect(scheduleOf({ ...form, skipped_dates })).toMatchObject({
      weeks: 3,
      skipped_dates: ["2026-03-24"],
      decide_minutes: asMinutes(1440),
    });
    expect(scheduleOf(form)).not.toHaveProperty("skipped_dates");
  });

  it("has a minimum within its seats", () => {
    expect(minimumProblem("8", form)).toBe(true);
    for (const wrong of ["0", "9", "two"]) expect(minimumProblem(wrong, form)).not.toBe(true);
  });
});
