import { describe, expect, it } from "vitest";
import type { AvailabilitySlot } from "#contract/hours.ts";
import {
  nextWindow,
  replaceWeekOf,
  type WeekForm,
  weekFormOf,
  weekPathOf,
  windowEnding,
  windowProblem,
} from "./weekForm.ts";

function slot(day: number | null, start: string, end: string): AvailabilitySlot {
  return {
    day_of_week: day,
    is_recurring: day !== null,
    start_time: start,
    end_time: end,
  } as AvailabilitySlot;
}

const form: WeekForm = weekFormOf([
  slot(1, "09:00", "12:00"),
  slot(1, "13:00", "24:00"),
  slot(3, "22:00", "02:00"),
  slot(null, "08:00", "10:00"),
]);

describe("the weekly form", () => {
  it("has an entry for every day and omits dated hours", () => {
    expect(form.days.map(({ windows }) => windows.length)).toEqual([0, 2, 0, 1, 0, 0, 0]);
  });

  it("writes midnight as a time field can show it", () => {
    expect(form.days[1]?.windows[1]).toEqual({ start: "13:00", end: "00:00" });
  });

  it("converts back to the whole week", () => {
    expect(replaceWeekOf(form).recurringSlots).toEqual([
      { day_of_week: 1, start_time: "09:00", end_time: "12:00" },
      { day_of_week: 1, start_time: "13:00", end_time: "00:00" },
      { day_of_week: 3, start_time: "22:00", end_time: "02:00" },
    ]);
  });

  it("maps a field of the API to the form", () => {
    expect(weekPathOf("recurringSlots.2.end_time", form)).toBe("days.3.windows.0.end");
    expect(weekPathOf("recurringSlots.1.start_time", form)).toBe("days.1.windows.1.start");
    expect(weekPathOf("recurringSlots.7.start_time", form)).toBeNull();
    expect(weekPathOf("recurringSlots", form)).toBeNull();
  });
});

describe("windowEnding", () => {
  it.each([
    ["09:00", "17:00", null],
    ["22:00", "02:00", "nextDay"],
    ["22:00", "00:00", "midnight"],
    ["00:00", "00:00", "wholeDay"],
    ["09:00", "09:00", "sameTimeNextDay"],
    ["", "09:00", null],
  ])("%s to %s", (start, end, ending) => {
    expect(windowEnding({ start, end })).toBe(ending);
  });
});

describe("nextWindow", () => {
  it("follows the last window of the day if there is room", () => {
    expect(nextWindow([])).toEqual({ start: "09:00", end: "17:00" });
    expect(nextWindow([{ start: "09:00", end: "12:30" }])).toEqual({ start: "13:30", end: "14:30" });
    expect(nextWindow([{ start: "22:00", end: "00:00" }])).toEqual({ start: "", end: "" });
  });
});

describe("windowProblem", () => {
  const twice = [
    { start: "09:00", end: "12:00" },
    { start: "09:00", end: "12:00" },
  ];

  it("reports the second of two equal windows", () => {
    expect(windowProblem(twice, 0)).toBeNull();
    expect(windowProblem(twice, 1)).toBe("These hours are already set for this day.");
  });
});
