import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { CreateBooking } from "#contract/bookings.ts";
import { mulberry32 } from "#scheduling/testing/workloads.ts";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import { addDays, formatTime, wallClockOf } from "#scheduling/zonedTime.ts";
import {
  type BenchMentor,
  type BenchStudent,
  makeMentors,
  makeStudents,
  plantSessions,
  sessionMinutes,
  sessionPrice,
} from "../people.ts";
import { rawRequest } from "./startGenerator.ts";

const zone = "Asia/Kolkata";
const opensAt = 9;
const hoursADay = 10;
const bookableDays = 58;
const pastDays = 60;

/** Without them an answer is sent as it is, which no browser asks for. */
const browserHeaders = { Accept: "*/*", "Accept-Encoding": "gzip, deflate, br, zstd" };

/** People enough for a busy afternoon: mentors open every day from 9 to 19, with some history, and students. */
export class Town {
  private readonly mentors: BenchMentor[];
  private readonly students: BenchStudent[];
  private booked = 0;
  private readonly today = wallClockOf(zone, epochMs(Date.now())).date;

  private constructor(mentors: BenchMentor[], students: BenchStudent[]) {
    this.mentors = mentors;
    this.students = students;
  }

  /** @param bookings how many can be made, each by another student */
  static async build(owner: pg.Client, bookings: number): Promise<Town> {
    const hours = { days: [0, 1, 2, 3, 4, 5, 6], start: "09:00", end: "19:00" };
    const students: BenchStudent[] = [];
    while (students.length < bookings) students.push(...(await makeStudents(owner, 10_000)));
    const town = new Town(await makeMentors(owner, 400, hours), students);
    await town.plantHistory(owner);
    await owner.query("vacuum analyze");
    return town;
  }

  /** A session a day and mentor in the past: no plan is made for empty tables. */
  private async plantHistory(owner: pg.Client): Promise<void> {
    const hour = 3_600_000;
    const noon = Math.floor(Date.now() / hour) * hour;
    for (let day = 1; day <= pastDays; day++) {
      const sessions = this.mentors.map((mentor, index) => ({
        mentor,
        student: this.students[(index + day * 7) % this.students.length]!,
        startsAt: noon - day * 24 * hour,
        minutes: sessionMinutes,
      }));
      await plantSessions(owner, sessions);
    }
  }

  /** That many more requests, each to book another free hour, of another student; neighbours are of different mentors. */
  bookings(count: number): string[] {
    const from = this.booked;
    this.booked += count;
    if (this.booked > Math.min(this.students.length, this.mentors.length * bookableDays * hoursADay))
      throw new Error("The town has not so many hours or students.");
    return Array.from({ length: count }, (_, index) => {
      const turn = from + index;
      const mentor = this.mentors[turn % this.mentors.length]!;
      const student = this.students[turn]!;
      const place = Math.floor(turn / this.mentors.length);
      const body = {
        expert_id: mentor.id,
        session_type: "oneOnOneSession",
        scheduled_date: addDays(this.today, 1 + (place % bookableDays)),
        scheduled_time: formatTime(asMinutes((opensAt + Math.floor(place / bookableDays)) * 60)),
        timezone: zone,
        duration: sessionMinutes,
        total_amount: sessionPrice,
        user_name: "Student",
        user_email: "student@example.com",
      } satisfies CreateBooking;
      return rawRequest("POST", "/api/v1/bookings", {
        headers: { Authorization: `Bearer ${student.token}`, "Idempotency-Key": randomUUID() },
        body,
      });
    });
  }

  /**
   * What visitors read, as their browsers do: of ten requests six for a month of free times, as the page requests it, three for
   * a day, and one for the document of a mentor's page with its first free times. In no order: bookings go from mentor to
   * mentor, and readers who followed them would find all that has changed in one bunch.
   */
  reads(): string[] {
    return shuffled(this.readsByMentor());
  }

  private readsByMentor(): string[] {
    return this.mentors.flatMap(({ id, username, serviceId }, index) => {
      const path = (from: string, to: string) =>
        `/api/v1/mentors/${id}/slots?from=${from}&to=${to}&duration=${sessionMinutes}&timezone=${zone}`;
      const day = addDays(this.today, 1 + (index % 28));
      const month = path(addDays(this.today, 1), addDays(this.today, 31));
      const page = `/mentors/${username}?book=time&service=${serviceId}&minutes=${sessionMinutes}`;
      // A page for every third mentor.
      const paths = [month, path(day, day), month, ...(index % 3 === 0 ? [page] : [])];
      return paths.map((one) => rawRequest("GET", one, { headers: browserHeaders }));
    });
  }
}

/** Always the same, of the same list. */
function shuffled<T>(list: readonly T[]): T[] {
  const random = mulberry32(1);
  return list
    .map((value) => ({ value, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
