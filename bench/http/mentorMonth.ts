// The screen that is measured: one month of a mentor of Asia/Kolkata, Mon-Fri 09-17 on a 30-min grid, 80 busy.

import { mulberry32 } from "#scheduling/testing/workloads.ts";
import { asMinutes, epochMs, type LocalDate } from "#scheduling/units.ts";
import { addDays, instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import {
  type BenchMentor,
  makeMentors,
  makeStudents,
  type PlannedSession,
  plantSessions,
} from "../people.ts";
import type { Place } from "../world.ts";

export const zone = "Asia/Kolkata";
const busySessions = 80;
const days = 31;

export interface MonthScreen {
  mentors: BenchMentor[];
  /** The dates of the month, from tomorrow. */
  dates: LocalDate[];
  monthPath(mentor: BenchMentor, by?: "id" | "username"): string;
  dayPath(mentor: BenchMentor, by?: "id" | "username"): string;
}

/** Mentors with such a month, in a world that has many more. */
export async function plantMonths(world: Place, count: number): Promise<MonthScreen> {
  const hours = { days: [1, 2, 3, 4, 5], start: "09:00", end: "17:00" };
  const mentors = await makeMentors(world.owner, count, hours);
  await makeMentors(world.owner, 1000, hours);
  const students = await makeStudents(world.owner, 10);
  const random = mulberry32(20_260_301);
  const today = wallClockOf(zone, epochMs(Date.now())).date;
  const dates = Array.from({ length: days }, (_, index) => addDays(today, index + 1));
  const sessions: PlannedSession[] = [];
  for (const mentor of mentors) {
    const cells = Array.from({ length: days * 16 }, (_, cell) => ({ cell, order: random() }));
    const chosen = cells.sort((a, b) => a.order - b.order).slice(0, busySessions);
    for (const { cell } of chosen) {
      const startsAt = instantOf(zone, dates[Math.floor(cell / 16)]!, asMinutes(540 + (cell % 16) * 30));
      sessions.push({ mentor, student: students[cell % students.length]!, startsAt, minutes: 30 });
    }
  }
  await plantSessions(world.owner, sessions);
  await world.owner.query("vacuum analyze");
  const path = (mentor: BenchMentor, by: "id" | "username", from: LocalDate, to: LocalDate) =>
    `/api/v1/mentors/${mentor[by]}/slots?from=${from}&to=${to}&duration=60&timezone=${zone}&service_id=${mentor.serviceId}`;
  const weekday = dates.find((date) => new Date(date).getUTCDay() === 3)!;
  return {
    mentors,
    dates,
    monthPath: (mentor, by = "id") => path(mentor, by, dates[0]!, dates.at(-1)!),
    dayPath: (mentor, by = "id") => path(mentor, by, weekday, weekday),
  };
}
