import { describe, expect, it } from "vitest";
import { sessionsOutside } from "./sessionsOutsideHours.ts";
import { type HoursWindow, type WeekForm, weekdays } from "./weekForm.ts";

function week(hours: Partial<Record<(typeof weekdays)[number], HoursWindow[]>>): WeekForm {
  return { days: weekdays.map((day) => ({ windows: hours[day] ?? [] })) };
}

/** 2026-11-24 is a Tuesday. */
function session(time: string, duration = 60, date = "2026-11-24") {
  return { scheduled_date: date, scheduled_time: time, duration };
}

describe("sessionsOutside", () => {
  it("keeps what lies in the hours to the minute", () => {
    const hours = week({ Tuesday: [{ start: "09:00", end: "12:00" }] });
    expect(sessionsOutside([session("09:00"), session("11:00")], hours, [])).toEqual([]);
    expect(sessionsOutside([session("08:45"), session("11:15")], hours, [])).toHaveLength(2);
  });

  it("reads windows that touch as one stretch", () => {
    const hours = week({
      Tuesday: [
        { start: "11:00", end: "13:00" },
        { start: "09:00", end: "11:00" },
      ],
    });
    expect(sessionsOutside([session("10:30")], hours, [])).toEqual([]);
  });

  it("knows hours that run over midnight", () => {
    const hours = week({ Monday: [{ start: "22:00", end: "02:00" }] });
    expect(sessionsOutside([session("01:00"), session("23:30", 60, "2026-11-23")], hours, [])).toEqual([]);
    expect(sessionsOutside([session("01:30")], hours, [])).toHaveLength(1);
  });

  it("counts dated hours too", () => {
    const dated = [{ date: "2026-11-24", start: "18:00", end: "00:00" }];
    expect(sessionsOutside([session("23:00")], week({}), dated)).toEqual([]);
    expect(sessionsOutside([session("23:00", 60, "2026-11-25")], week({}), dated)).toHaveLength(1);
  });
});
