import { randomUUID } from "node:crypto";
import type { CreateBooking } from "#contract/bookings.ts";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import { addDays, formatTime, wallClockOf } from "#scheduling/zonedTime.ts";
import { rawRequest } from "../load/startGenerator.ts";
import {
  type BenchMentor,
  type BenchStudent,
  makeMentors,
  makeStudents,
  sessionMinutes,
  sessionPrice,
} from "../people.ts";
import type { Place } from "../world.ts";

const zone = "Asia/Kolkata";
const bookableDays = 58;

/** Free hours of many mentors, handed out once each: neighbours in the list are of different mentors. */
export class FreeSlots {
  readonly mentors: BenchMentor[];
  readonly students: BenchStudent[];
  private readonly firstDate = addDays(wallClockOf(zone, epochMs(Date.now())).date, 1);
  private next = 0;

  private constructor(mentors: BenchMentor[], students: BenchStudent[]) {
    this.mentors = mentors;
    this.students = students;
  }

  /** @param students neighbours in the list are of different students */
  static async prepare(world: Pick<Place, "owner">, mentors: number, students: number): Promise<FreeSlots> {
    const hours = { days: [0, 1, 2, 3, 4, 5, 6], start: "00:00", end: "24:00" };
    return new FreeSlots(
      await makeMentors(world.owner, mentors, hours),
      await makeStudents(world.owner, students),
    );
  }

  /** The first dates of these hours, 31 of them. */
  month(): { firstDate: string; lastDate: string } {
    return { firstDate: this.firstDate, lastDate: addDays(this.firstDate, 30) };
  }

  /** That many requests to book an hour that was not requested before, each with an Idempotency-Key, as the web app sends. */
  take(count: number): string[] {
    return Array.from({ length: count }, () => {
      const { student, body } = this.takeOne();
      return rawRequest("POST", "/api/v1/bookings", {
        headers: { Authorization: `Bearer ${student.token}`, "Idempotency-Key": randomUUID() },
        body,
      });
    });
  }

  /** Who books what: an hour that was not requested before. */
  takeOne(): { student: BenchStudent; mentor: BenchMentor; startsAt: Date; body: CreateBooking } {
    const turn = this.next++;
    const mentor = this.mentors[turn % this.mentors.length]!;
    const hour = Math.floor(turn / this.mentors.length);
    const student = this.students[turn % this.students.length]!;
    if (hour >= bookableDays * 24) throw new Error("All prepared times are used up.");
    const body = {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      scheduled_date: addDays(this.firstDate, Math.floor(hour / 24)),
      scheduled_time: formatTime(asMinutes((hour % 24) * 60)),
      timezone: zone,
      duration: sessionMinutes,
      total_amount: sessionPrice,
      user_name: "Student",
      user_email: "student@example.com",
    } satisfies CreateBooking;
    // Asia/Kolkata is 5:30 ahead of UTC all year.
    const startsAt = new Date(`${body.scheduled_date}T${body.scheduled_time}+05:30`);
    return { student, mentor, startsAt, body };
  }
}
