import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { savedAvailabilitySlot, savedBlockedDates, savedTimezonePeriod, savedWeek } from "#contract/hours.ts";
import { savedMentor } from "#contract/mentors.ts";
import { dayExplanation, hoursPreview, ownHours } from "#contract/ownHours.ts";
import { slotAnswer } from "#contract/slots.ts";
import { addDays, localDate } from "#scheduling/dates.ts";
import { askSlots, book, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

// A Sunday evening in India, years ahead of the database's own clock, which therefore minds no booking.
const now = Date.parse("2035-03-04T12:00:00Z");
const monday = localDate("2035-03-05");

let test: TestApp;
let student: Person;
beforeAll(async () => {
  test = await openTestApp({ now: () => now });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const timesOf = async (mentor: Mentor, from: string, to = from) =>
  (await readSlots(test.visitor, mentor, { from, to })).map(({ time }) => time);

async function readOwn(mentor: Mentor) {
  return (await mentor.call("GET", "/mentors/me/hours")).read(ownHours);
}

describe("dated hours", () => {
  it("add to the week's, or replace them by a switch", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "11:00") });
    const dated = { specific_date: monday, start_time: "14:00", end_time: "15:00" };
    const added = (await mentor.call("POST", "/availability-slots", dated)).read(savedAvailabilitySlot);
    expect(added.replaces_weekly).toBe(false);
    expect(await timesOf(mentor, monday)).toEqual(["09:00", "09:30", "10:00", "14:00"]);
    const patch = { replaces_weekly: true };
    await mentor.call("PATCH", `/availability-slots/${added.id}`, patch);
    expect(await timesOf(mentor, monday)).toEqual(["14:00"]);
    expect(await timesOf(mentor, addDays(monday, 7))).toEqual(["09:00", "09:30", "10:00"]);
  });

  it("alone can replace: a weekly window cannot", async () => {
    const mentor = await test.makeMentor();
    const weekly = { day_of_week: 1, start_time: "20:00", end_time: "21:00", replaces_weekly: true };
    const refused = (await mentor.call("POST", "/availability-slots", weekly)).problem("validation_failed");
    expect(refused.errors?.[0]?.field).toBe("replaces_weekly");
    const { slots } = await readOwn(mentor);
    const patched = await mentor.call("PATCH", `/availability-slots/${slots[0]?.id}`, {
      replaces_weekly: true,
    });
    expect(patched.problem("validation_failed").errors?.[0]?.field).toBe("replaces_weekly");
  });
});

describe("days off", () => {
  it("come in ranges, and what is blocked already is kept", async () => {
    const mentor = await test.makeMentor();
    await mentor.call("POST", "/blocked-dates", { date: addDays(monday, 1), reason: "A wedding" });
    const range = { date: monday, end_date: addDays(monday, 3), reason: "Holiday" };
    const { data } = (await mentor.call("POST", "/blocked-dates", range)).expect(201).read(savedBlockedDates);
    expect(data.map(({ date, reason }) => [date, reason])).toEqual([
      [monday, "Holiday"],
      [addDays(monday, 1), "A wedding"],
      [addDays(monday, 2), "Holiday"],
      [addDays(monday, 3), "Holiday"],
    ]);
    expect(await timesOf(mentor, monday, addDays(monday, 3))).toEqual([]);
    const query = `from=${addDays(monday, 1)}&to=${addDays(monday, 9)}`;
    (await mentor.call("DELETE", `/blocked-dates?${query}`)).expect(204);
    expect((await readOwn(mentor)).blocked_dates.map(({ date }) => date)).toEqual([monday]);
  });

  it("are at most 366 in one call, the last not before the first", async () => {
    const mentor = await test.makeMentor();
    const block = (end_date: string) => mentor.call("POST", "/blocked-dates", { date: monday, end_date });
    (await block(addDays(monday, 365))).expect(201);
    (await block(addDays(monday, 366))).problem("validation_failed");
    (await block(addDays(monday, -1))).problem("validation_failed");
  });
});

describe("travel", () => {
  it("moves the hours of its days into the other zone, and nothing else", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const period = { starts_on: monday, ends_on: addDays(monday, 1), timezone: "Europe/London" };
    (await mentor.call("POST", "/timezone-periods", period)).expect(201).read(savedTimezonePeriod);
    const starts = await readSlots(test.visitor, mentor, { from: monday, to: addDays(monday, 2) });
    expect(starts.map(({ starts_at, mentor_timezone }) => [starts_at, mentor_timezone])).toEqual([
      ["2035-03-05T09:00:00.000Z", "Europe/London"],
      ["2035-03-06T09:00:00.000Z", "Europe/London"],
      ["2035-03-07T03:30:00.000Z", undefined],
    ]);
  });

  it("is on the clock that a booking shows its mentor, and booking keeps no time that is not offered", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const period = { starts_on: monday, ends_on: monday, timezone: "America/New_York" };
    (await mentor.call("POST", "/timezone-periods", period)).expect(201);
    const [start] = await readSlots(test.visitor, mentor, { from: monday });
    expect(start?.starts_at).toBe("2035-03-05T14:00:00.000Z");
    const made = await book(student, mentor, start?.starts_at ?? "");
    expect([made.mentor_timezone, made.scheduled_date, made.scheduled_time, made.starts_at]).toEqual([
      "America/New_York",
      monday,
      "09:00",
      "2035-03-05T14:00:00.000Z",
    ]);
    const atHome = await student.call("POST", "/bookings", {
      expert_id: mentor.id,
      session_type: "oneOnOneSession",
      scheduled_date: monday,
      scheduled_time: "09:00",
      duration: 60,
      total_amount: 2000,
    });
    atHome.problem("slot_unavailable");
    const booked = await test.visitor("GET", `/mentors/${mentor.id}/booked-slots?date=${monday}`);
    expect(booked.json).toMatchObject([{ scheduled_time: "09:00", duration: 60 }]);
  });

  it("has one zone a day", async () => {
    const mentor = await test.makeMentor();
    const period = { starts_on: monday, ends_on: addDays(monday, 5), timezone: "Asia/Tokyo" };
    const add = (change = {}) => mentor.call("POST", "/timezone-periods", { ...period, ...change });
    (await add()).expect(201);
    (await add({ starts_on: addDays(monday, 5), ends_on: addDays(monday, 9) })).problem(
      "timezone_periods_overlap",
    );
    (await add({ starts_on: addDays(monday, 6), ends_on: addDays(monday, 9) })).expect(201);
    (await add({ ends_on: addDays(monday, -1) })).problem("validation_failed");
    (await add({ timezone: "Mars/Olympus" })).problem("validation_failed");
  });
});

describe("two tabs", () => {
  const week = { recurringSlots: daily("10:00", "12:00", [1]) };
  const seeing = (revision: number) => ({ "if-match": `"${revision}"` });

  it("the second is rejected, and nothing of the first is lost", async () => {
    const mentor = await test.makeMentor();
    const { hours_revision: seen } = await readOwn(mentor);
    const first = await mentor.call("PUT", "/availability-slots", week, seeing(seen));
    const { hours_revision } = first.read(savedWeek);
    expect(first.headers.etag).toBe(`"${hours_revision}"`);
    expect(hours_revision).toBeGreaterThan(seen);
    (await mentor.call("PUT", "/availability-slots", { recurringSlots: [] }, seeing(seen))).problem(
      "hours_changed",
    );
    expect(await timesOf(mentor, monday)).toEqual(["10:00", "10:30", "11:00"]);
    (await mentor.call("PUT", "/availability-slots", { recurringSlots: [] }, seeing(hours_revision))).expect(
      200,
    );
  });

  it("is rejected after every kind of change, by every kind of change", async () => {
    const mentor = await test.makeMentor();
    const slot = (await readOwn(mentor)).slots[0]?.id ?? "";
    const dayOff = { date: addDays(monday, 20) };
    const away = { starts_on: "2036-01-01", ends_on: "2036-01-02", timezone: "Asia/Tokyo" };
    const changes: [Parameters<Mentor["call"]>[0], string, unknown?][] = [
      ["PATCH", `/availability-slots/${slot}`, { end_time: "16:00" }],
      ["POST", "/availability-slots", { specific_date: monday, start_time: "20:00", end_time: "21:00" }],
      ["POST", "/blocked-dates", dayOff],
      ["POST", "/blocked-dates", { date: "2036-02-01", end_date: "2036-02-03" }],
      ["POST", "/timezone-periods", away],
      ["PATCH", "/mentors/me", { buffer_after: 15 }],
      ["DELETE", "/blocked-dates?from=2036-02-01&to=2036-02-03"],
      ["DELETE", `/availability-slots/${slot}`],
    ];
    for (const [method, path, body] of changes) {
      const { hours_revision: seen } = await readOwn(mentor);
      const stale = await mentor.call(method, path, body, seeing(seen - 1));
      stale.problem("hours_changed");
      expect((await readOwn(mentor)).hours_revision).toBe(seen);
      const answer = await mentor.call(method, path, body, seeing(seen));
      expect([path, answer.status < 300]).toEqual([path, true]);
      const next = (await readOwn(mentor)).hours_revision;
      expect(next).toBeGreaterThan(seen);
      expect(answer.headers.etag).toBe(`"${next}"`);
    }
    // The twin: other changes are not counted.
    const { hours_revision } = await readOwn(mentor);
    await mentor.call("PATCH", "/mentors/me", { bio: "Changed" });
    await book(student, mentor, "2035-03-06T05:00:00Z");
    expect((await readOwn(mentor)).hours_revision).toBe(hours_revision);
  });

  it("at the same moment: one saves, the others are rejected", async () => {
    const mentor = await test.makeMentor();
    const { hours_revision } = await readOwn(mentor);
    const answers = await Promise.all(
      [9, 10, 11, 12, 13].map((hour) =>
        mentor.call(
          "PUT",
          "/availability-slots",
          { recurringSlots: daily(`${hour}:00`.padStart(5, "0"), "20:00", [1]) },
          seeing(hours_revision),
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
    // The twin: without the header the last one wins in silence.
    const blind = await Promise.all([1, 2].map(() => mentor.call("PUT", "/availability-slots", week)));
    expect(blind.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("explains the form of If-Match", async () => {
    const mentor = await test.makeMentor();
    for (const wrong of ["7", '"7', 'w/"7"']) {
      const answer = await mentor.call("PUT", "/availability-slots", week, { "if-match": wrong });
      expect(answer.problem("validation_failed").errors?.[0]?.field).toBe("if-match");
    }
  });
});

describe("booked sessions outside of new hours", () => {
  it("are named by every change and never touched", async () => {
    const mentor = await test.makeMentor();
    const made = await book(student, mentor, `${monday}T05:00:00Z`); // 10:30
    const named = [{ booking_id: made.id, starts_at: made.starts_at, student_name: "Student 1" }];
    const week = await mentor.call("PUT", "/availability-slots", { recurringSlots: daily("12:00", "17:00") });
    expect(week.read(savedWeek).outside_sessions).toMatchObject(named);
    const wide = { specific_date: monday, start_time: "10:00", end_time: "12:00" };
    const added = (await mentor.call("POST", "/availability-slots", wide)).read(savedAvailabilitySlot);
    expect(added.outside_sessions).toEqual([]);
    const off = await mentor.call("POST", "/blocked-dates", { date: monday, end_date: monday });
    expect(off.read(savedBlockedDates).outside_sessions).toMatchObject(named);
    await mentor.call("DELETE", `/blocked-dates?from=${monday}&to=${monday}`);
    const moved = await mentor.call("PATCH", "/mentors/me", { timezone: "Europe/London" });
    expect(moved.read(savedMentor).outside_sessions).toMatchObject(named);
    expect((await readOwn(mentor)).outside_sessions).toMatchObject(named);
    const kept = await student.call("GET", `/bookings/${made.id}`);
    expect(kept.json).toMatchObject({
      starts_at: made.starts_at,
      status: "pending",
      mentor_timezone: "Asia/Kolkata",
    });
  });

  it("are not those that were cancelled or have begun", async () => {
    const mentor = await test.makeMentor();
    const made = await book(student, mentor, `${monday}T05:00:00Z`);
    // Behind the app's clock, for which a request made now has run out years ago.
    await test.db.owner.query("update bookings set status = 'cancelled' where id = $1", [made.id]);
    const week = await mentor.call("PUT", "/availability-slots", { recurringSlots: [] });
    expect(week.read(savedWeek).outside_sessions).toEqual([]);
  });
});

describe("a preview", () => {
  const ask = (mentor: Mentor, wish: object) =>
    mentor.call("POST", "/availability/preview", { from: monday, to: monday, duration: 60, ...wish });

  it("shows what students would be offered and who would lie outside, and writes nothing", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "12:00") });
    const made = await book(student, mentor, `${monday}T03:30:00Z`); // 09:00
    const before = await readOwn(mentor);
    const rows = await test.countRows();
    const wish = {
      windows: [{ day_of_week: 1, start_time: "10:00", end_time: "13:00" }],
      settings: { slot_interval: 60 },
    };
    const preview = (await ask(mentor, wish)).read(hoursPreview);
    expect(preview.days.flatMap(({ slots }) => slots.map(({ time }) => time))).toEqual([
      "10:00",
      "11:00",
      "12:00",
    ]);
    expect(preview.outside_sessions.map(({ booking_id }) => booking_id)).toEqual([made.id]);
    expect(await readOwn(mentor)).toEqual(before);
    expect(await test.countRows()).toEqual(rows);
  });

  it("without wishes is what students see", async () => {
    const mentor = await test.makeMentor();
    const { outside_sessions, ...preview } = (await ask(mentor, {})).read(hoursPreview);
    expect(outside_sessions).toEqual([]);
    expect(preview).toEqual((await askSlots(test.visitor, mentor, { from: monday })).read(slotAnswer));
  });

  it("includes days off and travel, and rejects invalid ones", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const away = { starts_on: monday, ends_on: monday, timezone: "Europe/London" };
    const there = (await ask(mentor, { timezone_periods: [away] })).read(hoursPreview);
    expect(there.days[0]?.slots[0]?.starts_at).toBe("2035-03-05T09:00:00.000Z");
    const off = (await ask(mentor, { blocked_dates: [monday] })).read(hoursPreview);
    expect(off.days).toEqual([{ date: monday, slots: [], reason: "blocked" }]);
    (await ask(mentor, { timezone_periods: [away, away] })).problem("timezone_periods_overlap");
    (await ask(mentor, { to: addDays(monday, 62) })).problem("validation_failed");
  });
});

describe("why there are no slots", () => {
  const explain = async (mentor: Mentor, date = monday, duration = 60) =>
    (await mentor.call("GET", `/mentors/me/explanation?date=${date}&duration=${duration}`)).read(
      dayExplanation,
    );
  const reasonOf = async (mentor: Mentor, date: string, duration = 60) => {
    const { days } = (await askSlots(test.visitor, mentor, { from: date, duration })).read(slotAnswer);
    const own = await explain(mentor, localDate(date), duration);
    expect(own.reason ?? undefined).toBe(days[0]?.reason);
    return own.reason;
  };

  it("shows the mentor which session blocks each start", async () => {
    const mentor = await test.makeMentor({
      windows: daily("09:00", "13:00"),
      settings: { buffer_after: 30 },
    });
    const made = await book(student, mentor, `${monday}T05:00:00Z`); // 10:30 to 11:30
    const { starts, summary, free, reason } = await explain(mentor);
    expect(
      starts.map(({ time, verdict, sessions }) => [time, verdict, sessions.map((one) => one.booking_id)]),
    ).toEqual([
      ["09:00", "free", []],
      ["09:30", "buffer", [made.id]],
      ["10:00", "taken", [made.id]],
      ["10:30", "taken", [made.id]],
      ["11:00", "taken", [made.id]],
      ["11:30", "buffer", [made.id]],
      ["12:00", "free", []],
      ["12:30", "outside_hours", []],
    ]);
    expect(starts[1]?.sessions[0]).toMatchObject({ student_name: "Student 1", status: "pending" });
    expect([free, reason, summary]).toEqual([2, null, "2 of 8 times are free."]);
  });

  it("names the connected calendar that makes a start busy, its title only if it is stored", async () => {
    const mentor = await test.makeMentor({
      windows: daily("09:00", "11:00"),
      settings: { buffer_before: 0 },
    });
    await addBusyTime(mentor, "Work", null, `[${monday}T03:30Z,${monday}T04:30Z)`); // 9:00 to 10:00
    const half = await explain(mentor);
    expect(half.starts.map(({ time, verdict, events }) => [time, verdict, events])).toMatchObject([
      ["09:00", "taken", [{ calendar: "Work", title: null, starts_at: `${monday}T03:30:00.000Z` }]],
      ["09:30", "taken", [{ calendar: "Work", title: null, ends_at: `${monday}T04:30:00.000Z` }]],
      ["10:00", "free", []],
      ["10:30", "outside_hours", []],
    ]);
    await addBusyTime(mentor, "Home", "Dentist", `[${monday}T04:30Z,${monday}T05:30Z)`);
    const full = await explain(mentor, monday, 30);
    expect(full.starts.at(-1)?.events).toMatchObject([{ calendar: "Home", title: "Dentist" }]);
    expect([full.free, full.reason, full.summary]).toEqual([
      0,
      "full",
      "Every time on this day is taken. You’re busy in: Work, Home.",
    ]);
  });

  it("gives students and mentor the same reason", async () => {
    const mentor = await test.makeMentor({
      windows: daily("09:00", "10:00", [1, 2, 3, 4]),
      settings: { max_per_week: 1, booking_window_days: 20, minimum_notice: 0 },
    });
    expect(await reasonOf(mentor, monday)).toBeNull();
    await book(student, mentor, `${monday}T03:30:00Z`);
    expect(await reasonOf(mentor, monday)).toBe("full");
    expect(await reasonOf(mentor, addDays(monday, 1))).toBe("limit");
    expect(await reasonOf(mentor, addDays(monday, 5))).toBe("no_hours");
    expect(await reasonOf(mentor, addDays(monday, 7), 90)).toBe("too_short");
    expect(await reasonOf(mentor, addDays(monday, 21))).toBe("beyond_window");
    expect(await reasonOf(mentor, addDays(monday, -3))).toBe("past");
    await mentor.call("POST", "/blocked-dates", { date: addDays(monday, 8), reason: "A wedding" });
    expect(await reasonOf(mentor, addDays(monday, 8))).toBe("blocked");
    expect((await explain(mentor, addDays(monday, 8))).summary).toBe("You have this day off: A wedding.");
    await mentor.call("PATCH", "/mentors/me", { minimum_notice: 20 * 1440 });
    expect(await reasonOf(mentor, addDays(monday, 9))).toBe("notice");
  });

  it("never shows students the reason for a day off", async () => {
    const mentor = await test.makeMentor();
    await mentor.call("POST", "/blocked-dates", { date: monday, reason: "A wedding" });
    const answer = await askSlots(test.visitor, mentor, { from: monday });
    expect(answer.read(slotAnswer).days).toEqual([{ date: monday, slots: [], reason: "blocked" }]);
    expect(answer.text).not.toContain("wedding");
  });

  it("follows the mentor's travels", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const away = { starts_on: monday, ends_on: monday, timezone: "America/New_York" };
    await mentor.call("POST", "/timezone-periods", away);
    const { timezone, starts } = await explain(mentor);
    expect(timezone).toBe("America/New_York");
    expect(starts.map(({ time, starts_at }) => [time, starts_at])).toEqual([
      ["09:00", "2035-03-05T14:00:00.000Z"],
      ["09:30", "2035-03-05T14:30:00.000Z"],
    ]);
  });
});

/** As a read of a connected calendar leaves it. */
async function addBusyTime(mentor: Mentor, calendar: string, title: string | null, during: string) {
  await test.db.owner.query(
    `with made as (
       insert into calendar_connections (user_id, kind, name, credential)
         values ($1, 'feed', $2, decode(repeat('00', 40), 'hex')) returning id),
     listed as (
       insert into connected_calendars (connection_id, user_id, remote_id, name, is_writable, counts_as_busy)
         select id, $1, 'feed', $2, false, true from made returning id),
     read as (
       insert into connected_objects (calendar_id, ref, user_id) select id, 'a', $1 from listed returning calendar_id)
     insert into connected_events (calendar_id, ref, user_id, during, is_all_day, title)
       select calendar_id, 'a', $1, $4, false, $3 from read`,
    [mentor.id, calendar, title, during],
  );
  await test.db.owner.query("select private.refresh_busy_times($1)", [mentor.id]);
}
