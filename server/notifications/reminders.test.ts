import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { notificationPage } from "#contract/notifications.ts";
import { epochMs, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { bookAny, dateIn, readSlots } from "../testing/booking.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { sendReminders } from "./reminders.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let booking: Booking;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.db.owner.query("delete from private.reminders; delete from private.deliveries");
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  [student] = (await test.signUpCrowd(1)) as [Person];
  booking = await bookAny(student, mentor);
  await runJobs(test.db);
});

const armed = async () => {
  const { rows } = await test.db.owner.query<{ user_id: string; lead: number }>(
    "select user_id, lead from private.reminders order by lead desc, user_id",
  );
  return rows.map(({ user_id, lead }) => [user_id === student.id ? "student" : "mentor", lead]);
};
const sendAt = (at: number) => sendReminders({ database: test.db.database, now: () => epochMs(at) });
const hoursBefore = (hours: number, { starts_at }: Pick<Booking, "starts_at"> = booking) =>
  Date.parse(starts_at) - hours * HOUR_MS;
const reminded = async () => {
  const { rows } = await test.db.owner.query<{ occasion: string }>(
    "select occasion from private.deliveries where kind = 'booking_reminder' order by occasion",
  );
  return rows.length;
};
const setMinutes = (body: object) => student.call("PATCH", "/me/notification-settings", body);

/** Sets when the session was agreed. */
const agreeAt = (at: number) =>
  test.db.owner.query("update booking_events set created_at = $1, notified_at = null where booking_id = $2", [
    new Date(at),
    booking.id,
  ]);

describe("reminders of a session", () => {
  it("come a day and an hour before, for both people, once", async () => {
    await agreeAt(hoursBefore(60));
    await runJobs(test.db);
    expect((await armed()).sort()).toEqual([
      ["mentor", 1440],
      ["mentor", 60],
      ["student", 1440],
      ["student", 60],
    ]);
    await sendAt(hoursBefore(24) - MINUTE_MS);
    expect(await reminded()).toBe(0);
    await sendAt(hoursBefore(24));
    expect(await reminded()).toBe(2);
    // The clock jumps back and forth.
    await sendAt(hoursBefore(30));
    await sendAt(hoursBefore(23));
    expect(await reminded()).toBe(2);
    await sendAt(hoursBefore(1) + MINUTE_MS);
    expect(await reminded()).toBe(4);
    const inbox = (await student.call("GET", "/notifications")).read(notificationPage);
    expect(inbox.data.map(({ kind }) => kind)).toEqual(["booking_reminder", "booking_reminder"]);
  });

  it("come to the mentor of a group once, to each attendee about their seat", async () => {
    const open = await openGroup(test, { people: 3 });
    await test.db.owner.query(
      "update booking_events set created_at = created_at - interval '10 days' where expert_id = $1",
      [open.mentor.id],
    );
    await runJobs(test.db);
    await sendAt(hoursBefore(1, open.session) + MINUTE_MS);
    const inbox = async (person: Person) =>
      (await person.call("GET", "/notifications"))
        .read(notificationPage)
        .data.filter(({ kind }) => kind === "booking_reminder").length;
    expect(await inbox(open.mentor)).toBe(1);
    for (const person of open.people) expect(await inbox(person)).toBe(1);
  });

  it("are not for the past: a booking that was made after their time has none for it", async () => {
    await agreeAt(hoursBefore(20));
    await runJobs(test.db);
    expect((await armed()).map(([, lead]) => lead)).toEqual([60, 60]);
  });

  it("that are late by more than half of their lead are dropped", async () => {
    await agreeAt(hoursBefore(60));
    await runJobs(test.db);
    await sendAt(hoursBefore(12) + MINUTE_MS);
    expect(await reminded()).toBe(0);
    await sendAt(hoursBefore(0.5) - MINUTE_MS);
    expect(await reminded()).toBe(2);
    expect(await armed()).toEqual([]);
  });

  it("move with the session, and end with it", async () => {
    await agreeAt(hoursBefore(200));
    await runJobs(test.db);
    const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 8), to: dateIn(mentor, 8) });
    const moved = await student.call("POST", `/bookings/${booking.id}/reschedule`, {
      starts_at: slots[0]?.starts_at,
      scheduled_date: slots[0]?.date,
      scheduled_time: slots[0]?.time,
    });
    const later = moved.expect(200).json as Booking;
    await runJobs(test.db);
    const { rows } = await test.db.owner.query<{ due_at: Date }>(
      "select distinct due_at from private.reminders order by due_at",
    );
    expect(rows.map(({ due_at }) => due_at.getTime())).toEqual([
      hoursBefore(24, later),
      hoursBefore(1, later),
    ]);
    await sendAt(hoursBefore(24));
    expect(await reminded()).toBe(0);
    (await mentor.call("POST", `/bookings/${booking.id}/cancel`)).expect(200);
    await runJobs(test.db);
    expect(await armed()).toEqual([]);
  });

  it("are dropped if the session was cancelled and its messages are not written yet", async () => {
    await agreeAt(hoursBefore(60));
    await runJobs(test.db);
    (await mentor.call("POST", `/bookings/${booking.id}/cancel`)).expect(200);
    await sendAt(hoursBefore(24));
    expect(await reminded()).toBe(0);
  });

  it("are none for a request", async () => {
    const strict = await test.makeMentor({ settings: { instant_confirm: false } });
    await test.db.owner.query("delete from private.reminders");
    const asked = await bookAny(student, strict);
    expect(asked.status).toBe("pending");
    await runJobs(test.db);
    expect(await armed()).toEqual([]);
  });

  it("come when the person wants them, also for sessions that were booked before", async () => {
    await agreeAt(hoursBefore(200));
    await runJobs(test.db);
    (await setMinutes({ reminder_leads: [2880, 30] })).expect(200);
    expect((await armed()).filter(([who]) => who === "student").map(([, lead]) => lead)).toEqual([2880, 30]);
    expect((await armed()).filter(([who]) => who === "mentor").map(([, lead]) => lead)).toEqual([1440, 60]);
    (await setMinutes({ reminder_leads: [] })).expect(200);
    expect((await armed()).map(([who]) => who)).toEqual(["mentor", "mentor"]);
  });

  it("are sent once by two workers at the same time", async () => {
    await agreeAt(hoursBefore(60));
    await runJobs(test.db);
    await Promise.all([sendAt(hoursBefore(24)), sendAt(hoursBefore(24)), sendAt(hoursBefore(24))]);
    expect(await reminded()).toBe(2);
  });
});
