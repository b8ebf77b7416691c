import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { hoursPreview } from "#contract/ownHours.ts";
import { addDays, localDate } from "#scheduling/dates.ts";
import { occupancyRange } from "#scheduling/neededRange.ts";
import { asMinutes, epochMs } from "#scheduling/units.ts";
import { book, bookingOf, readSlots } from "../testing/booking.ts";
import { daily, openTestApp, type Person, type TestApp, usualService } from "../testing/testApp.ts";
import { readSchedule } from "./queries.ts";

// A Sunday, years ahead of the database's own clock, which therefore minds no booking.
const now = Date.parse("2035-03-04T00:00:00Z");
const monday = localDate("2035-03-05");

let test: TestApp;
let students: Person[];
beforeAll(async () => {
  test = await openTestApp({ now: () => now });
  students = await test.signUpCrowd(4);
});
afterAll(() => test.close());

const group = { ...usualService, session_type: "groupSession", capacity: 5 } as const;

describe("a group session that the mentor's hours no longer contain", () => {
  it.each([
    "Pacific/Auckland",
    "Pacific/Kiritimati",
    "Asia/Kolkata",
    "Etc/UTC",
    "America/Los_Angeles",
    "Pacific/Pago_Pago",
    "Etc/GMT+12",
  ])("is offered and can be joined by date and time, in %s", async (timezone) => {
    const mentor = await test.makeMentor({ timezone, services: [group], windows: daily("09:00", "17:00") });
    const [first, second, third] = students as [Person, Person, Person];
    const question = { from: "2035-03-12", duration: 60, service_id: mentor.services[0]?.id ?? "" };
    const at14 = (await readSlots(test.visitor, mentor, question)).find(({ time }) => time === "14:00");
    await book(first, mentor, at14?.starts_at ?? "", { starts_at: at14?.starts_at ?? "" });
    await mentor.call("PUT", "/availability-slots", { recurringSlots: daily("09:00", "12:00") });

    const joined = (await readSlots(test.visitor, mentor, question)).find(({ time }) => time === "14:00");
    expect(joined).toMatchObject({ starts_at: at14?.starts_at, seats_left: 4, available: true });
    const byWallClock = bookingOf(mentor, joined?.starts_at ?? "");
    const answer = await second.call("POST", "/bookings", byWallClock);
    expect(answer.expect(201).read(booking).starts_at).toBe(at14?.starts_at);
    // The same in the time zone of a viewer on the other side of the world.
    const far = { ...bookingOf(mentor, joined?.starts_at ?? "", { timezone: "Pacific/Honolulu" }) };
    expect((await third.call("POST", "/bookings", far)).expect(201).read(booking).starts_at).toBe(
      at14?.starts_at,
    );
  });
});

describe("limits per week", () => {
  it("count the sessions of an earlier day of the week in the zone the mentor was in then", async () => {
    // Monday 00:30 in Tokyo is Sunday at home: another week.
    const mentor = await test.makeMentor({
      timezone: "America/Los_Angeles",
      windows: daily("00:00", "24:00"),
      settings: { max_per_week: 1 },
    });
    const travel = { starts_on: monday, ends_on: monday, timezone: "Asia/Tokyo" };
    (await mentor.call("POST", "/timezone-periods", travel)).expect(201);
    const [student] = students as [Person];
    await book(student, mentor, "2035-03-04T15:30:00Z", { starts_at: "2035-03-04T15:30:00Z" });
    const week = { from: addDays(monday, 1), to: addDays(monday, 7), timezone: "America/Los_Angeles" };
    const free = await readSlots(test.visitor, mentor, week);
    expect(free[0]?.date).toBe(addDays(monday, 7));
    const sunday = { from: addDays(monday, 6), timezone: "America/Los_Angeles" };
    expect(await readSlots(test.visitor, mentor, sunday)).toEqual([]);
  });

  it("need the journeys of the whole week, also those that are over", async () => {
    const mentor = await test.makeMentor();
    const today = new Date().toISOString().slice(0, 10);
    await test.db.owner.query(
      "insert into timezone_periods (expert_id, starts_on, ends_on, timezone) values ($1, $2, $2, 'Asia/Tokyo')",
      [mentor.id, addDays(localDate(today), -6)],
    );
    const read = await readSchedule(test.db.database.public, mentor.id, {
      from: localDate(today),
      to: localDate(today),
    });
    expect(read.schedule.zone_periods).toHaveLength(1);
  });

  it("are tried out before they are saved, with all sessions of the week", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "17:00") });
    const [student] = students as [Person];
    await book(student, mentor, `${monday}T04:30:00Z`, { starts_at: `${monday}T04:30:00Z` });
    const saturday = addDays(monday, 5);
    const wish = { from: saturday, to: saturday, duration: 60, settings: { max_per_week: 1 } };
    const answer = await mentor.call("POST", "/availability/preview", wish);
    const [day] = answer.expect(200).read(hoursPreview).days;
    expect(day?.slots).toEqual([]);
  });
});

it("the statement reads what the engine needs, and not much more", async () => {
  const mentor = await test.makeMentor({
    windows: daily("00:00", "24:00"),
    settings: { buffer_before: 60, buffer_after: 30 },
  });
  const [student] = students as [Person];
  const starts = Array.from(
    { length: 10 },
    (_, index) => Date.parse(`${monday}T00:00:00Z`) + index * 10_800_000,
  );
  for (const start of starts)
    await book(student, mentor, start, { starts_at: new Date(start).toISOString() });
  const asked = { from: epochMs(starts[4]!), until: epochMs(starts[5]! + 1) };
  const read = await readSchedule(test.db.database.public, mentor.id, asked);
  const needed = occupancyRange({ ...asked, duration: asMinutes(480) }, read.schedule);
  const everything = await readSchedule(test.db.database.public, mentor.id, {
    from: epochMs(starts[0]! - 86_400_000),
    until: epochMs(starts[9]! + 86_400_000),
  });
  expect(everything.taken.length).toBe(10);
  expect(read.taken).toEqual(
    everything.taken.filter((row) => row.busyFrom < needed.until && row.busyUntil > needed.from),
  );
});
