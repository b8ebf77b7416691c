import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { availabilityAlert, availabilityAlertList, type CreateAvailabilityAlert } from "#contract/alerts.ts";
import { notificationPage } from "#contract/notifications.ts";
import { addMs, DAY_MS } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import { dateIn, readSlots } from "../testing/booking.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
});
/** One hour a day, five days from now taken. */
beforeEach(async () => {
  mentor = await test.makeMentor({ name: "Asha Rao", windows: daily("10:00", "11:00") });
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

const day = (days: number) => dateIn(mentor, days);
function waiting(changes: Partial<CreateAvailabilityAlert> = {}): CreateAvailabilityAlert {
  return {
    expert_id: mentor.id,
    service_id: mentor.services[0]?.id ?? "",
    duration: 60,
    from: day(5),
    to: day(5),
    timezone: mentor.profile.timezone,
    ...changes,
  };
}
const wait = async (who: Person, changes?: Partial<CreateAvailabilityAlert>) =>
  (await who.call("POST", "/availability-alerts", waiting(changes))).expect(201).read(availabilityAlert);
const alerts = async (who: Person) =>
  (await who.call("GET", "/availability-alerts")).read(availabilityAlertList).data;
const fired = async (who: Person) =>
  (await who.call("GET", "/notifications"))
    .read(notificationPage)
    .data.filter(({ kind }) => kind === "alert_fired");
const jobsWaiting = async () =>
  (await test.db.owner.query("select from graphile_worker.jobs where task_identifier = 'check_alerts'"))
    .rowCount;

/** Another student takes the only time of that day. */
async function fill(days = 5) {
  const [slot] = await readSlots(other.call, mentor, { from: day(days) });
  if (!slot) throw new Error("That day is full already.");
  const body = {
    expert_id: mentor.id,
    session_type: "oneOnOneSession",
    duration: 60,
    total_amount: 2000,
    scheduled_date: slot.date,
    scheduled_time: slot.time,
  };
  return (await other.call("POST", "/bookings", body)).expect(201).json as { id: string };
}

describe("is fired once by", () => {
  const openings: [string, () => Promise<() => Promise<unknown>>][] = [
    [
      "a cancellation",
      async () => {
        const { id } = await fill();
        return () => other.call("POST", `/bookings/${id}/cancel`);
      },
    ],
    [
      "a decline",
      async () => {
        const { id } = await fill();
        return () => mentor.call("POST", `/bookings/${id}/decline`);
      },
    ],
    [
      "new weekly hours",
      async () => {
        await fill();
        return () => mentor.call("PUT", "/availability-slots", { recurringSlots: daily("10:00", "13:00") });
      },
    ],
    [
      "dated hours",
      async () => {
        await fill();
        return () =>
          mentor.call("POST", "/availability-slots", {
            specific_date: day(5),
            start_time: "18:00",
            end_time: "19:00",
          });
      },
    ],
    [
      "a day that is no longer blocked",
      async () => {
        const { id } = (await mentor.call("POST", "/blocked-dates", { date: day(5) })).expect(201).json as {
          id: string;
        };
        return () => mentor.call("DELETE", `/blocked-dates/${id}`);
      },
    ],
    [
      "a shorter notice",
      async () => {
        await mentor.call("PATCH", "/mentors/me", { minimum_notice: 10 * 24 * 60 });
        return () => mentor.call("PATCH", "/mentors/me", { minimum_notice: 0 });
      },
    ],
  ];
  it.each(openings)("%s", async (_name, close) => {
    const open = await close();
    await wait(student);
    await runJobs(test.db);
    expect(await fired(student)).toEqual([]);
    await open();
    await runJobs(test.db);
    const [told, ...more] = await fired(student);
    expect(more).toEqual([]);
    expect(told?.facts).toMatchObject({
      role: "student",
      counterpart: "Asha Rao",
      mentor_username: mentor.profile.username,
      from_date: day(5),
      to_date: day(5),
      duration: 60,
    });
    expect(await alerts(student)).toMatchObject([{ status: "fired" }]);
    await runTask(test.db, "check_alerts", { mentor_id: mentor.id });
    expect(await fired(student)).toHaveLength(1);
  });
});

it("a service that is offered again opens what was freed while it was not", async () => {
  const service = `/mentors/me/services/${mentor.services[0]?.id}`;
  const { id } = await fill();
  await wait(student);
  await mentor.call("PATCH", service, { enabled: false });
  await mentor.call("POST", `/bookings/${id}/decline`);
  await runJobs(test.db);
  expect(await fired(student)).toEqual([]);
  await mentor.call("PATCH", service, { enabled: true });
  await runJobs(test.db);
  expect(await fired(student)).toHaveLength(1);
});

it("a session that is moved away opens its old time", async () => {
  const { id } = await fill();
  await wait(student);
  const [free] = await readSlots(other.call, mentor, { from: day(6) });
  const moved = await other.call("POST", `/bookings/${id}/reschedule`, {
    scheduled_date: free?.date,
    scheduled_time: free?.time,
  });
  moved.expect(200);
  await runJobs(test.db);
  expect(await fired(student)).toHaveLength(1);
});

it("is not fired by time on another day, too short a time, or another mentor's", async () => {
  await fill();
  await wait(student);
  await mentor.call("POST", "/availability-slots", {
    specific_date: day(6),
    start_time: "18:00",
    end_time: "20:00",
  });
  await mentor.call("POST", "/availability-slots", {
    specific_date: day(5),
    start_time: "18:00",
    end_time: "18:30",
  });
  const another = await test.makeMentor();
  await another.call("POST", "/availability-slots", {
    specific_date: day(5),
    start_time: "18:00",
    end_time: "20:00",
  });
  await runJobs(test.db);
  expect(await fired(student)).toEqual([]);
  expect(await alerts(student)).toMatchObject([{ status: "active" }]);
});

it("the days are in the student's time zone", async () => {
  // 10:00 in Kolkata is the evening before in Los Angeles.
  await fill();
  await wait(student, { timezone: "America/Los_Angeles", from: day(4), to: day(4) });
  (await student.call("POST", "/availability-alerts", waiting({ timezone: "America/Los_Angeles" }))).problem(
    "times_already_free",
  );
});

it("is rejected for free times, past days, the mentor's own times, and duplicates", async () => {
  const free = (await student.call("POST", "/availability-alerts", waiting())).problem("times_already_free");
  expect(free.next_slots?.[0]).toMatchObject({ date: day(5), time: "10:00" });
  await fill();
  const alert = await wait(student);
  (await student.call("POST", "/availability-alerts", waiting())).problem("availability_alert_exists");
  await wait(other);
  (await student.call("POST", "/availability-alerts", waiting({ from: day(-3), to: day(-2) }))).problem(
    "validation_failed",
  );
  (await student.call("POST", "/availability-alerts", waiting({ from: day(5), to: day(100) }))).problem(
    "validation_failed",
  );
  (await mentor.call("POST", "/availability-alerts", waiting())).problem("own_session");
  (await test.visitor("POST", "/availability-alerts", waiting())).problem("unauthenticated");
  (await other.call("DELETE", `/availability-alerts/${alert.id}`)).problem("availability_alert_not_found");
  (await student.call("DELETE", `/availability-alerts/${alert.id}`)).expect(204);
  expect(await alerts(student)).toEqual([]);
});

it("changes of a mentor without alerts enqueue nothing; with alerts, one job at a time", async () => {
  await runJobs(test.db);
  const { id } = await fill();
  await mentor.call("PUT", "/availability-slots", { recurringSlots: daily("10:00", "11:00") });
  expect(await jobsWaiting()).toBe(0);
  await wait(student);
  await mentor.call("PUT", "/availability-slots", { recurringSlots: daily("10:00", "11:00") });
  await other.call("POST", `/bookings/${id}/cancel`);
  expect(await jobsWaiting()).toBe(1);
  await runJobs(test.db);
});

it("parallel changes and parallel jobs notify each person once", async () => {
  const crowd = await test.signUpCrowd(10);
  const { id } = await fill();
  await Promise.all(crowd.map((person) => wait(person)));
  await Promise.all([
    other.call("POST", `/bookings/${id}/cancel`),
    ...[14, 15, 16, 17, 18].map((hour) =>
      mentor.call("POST", "/availability-slots", {
        specific_date: day(5),
        start_time: `${hour}:00`,
        end_time: `${hour + 1}:00`,
      }),
    ),
  ]);
  for (let again = 0; again < 6; again++) {
    await test.db.owner.query("select private.enqueue('check_alerts', $1)", [
      JSON.stringify({ mentor_id: mentor.id }),
    ]);
  }
  await Promise.all([runJobs(test.db, { concurrency: 4 }), runJobs(test.db, { concurrency: 4 })]);
  for (const person of crowd) expect(await fired(person)).toHaveLength(1);
});

it("an alert set while the time is being freed is not missed, whichever comes first", async () => {
  for (let round = 0; round < 8; round++) {
    const { id } = await fill();
    const [waited] = await Promise.all([
      student.call("POST", "/availability-alerts", waiting()),
      other.call("POST", `/bookings/${id}/cancel`),
    ]);
    await runJobs(test.db);
    // Either it was already free, or it became free and was notified.
    if (waited.status === 409) waited.problem("times_already_free");
    else {
      expect(await alerts(student)).toMatchObject([{ status: "fired" }]);
      await student.call("DELETE", `/availability-alerts/${(waited.json as { id: string }).id}`);
    }
  }
});

it("time alone opens days too: the hourly look finds that the window has moved on", async () => {
  let now = systemClock();
  await mentor.call("PATCH", "/mentors/me", { booking_window_days: 4 });
  await wait(student);
  await runTask(test.db, "check_all_alerts", {}, { now: () => now });
  expect(await fired(student)).toEqual([]);
  now = addMs(now, 2 * DAY_MS);
  await runTask(test.db, "check_all_alerts", {}, { now: () => now });
  expect(await fired(student)).toHaveLength(1);
});

it("expires when its days are over", async () => {
  await fill();
  const alert = await wait(student);
  await test.db.owner.query(
    "update availability_alerts set from_date = from_date - 9, to_date = to_date - 9 where id = $1",
    [alert.id],
  );
  await runTask(test.db, "expire_alerts");
  expect(await alerts(student)).toMatchObject([{ status: "expired" }]);
});

it("is written by the app only", async () => {
  await fill();
  const { id } = await wait(student);
  for (const attack of [
    `update availability_alerts set to_date = to_date + 1 where id = '${id}'`,
    `insert into availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
     select user_id, expert_id, service_id, duration, from_date, to_date + 1, timezone from availability_alerts`,
  ]) {
    await expect(test.db.as(student.id, (client) => client.query(attack))).rejects.toMatchObject({
      code: "42501",
    });
  }
  const seen = await test.db.as(other.id, (client) => client.query("select from availability_alerts"));
  expect(seen.rowCount).toBe(0);
});
