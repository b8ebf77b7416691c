import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { slotAnswer } from "#contract/slots.ts";
import { addDays, localDate } from "#scheduling/dates.ts";
import { BoundedPool } from "../platform/database/boundedPool.ts";
import { askSlots, book, dateIn, moveBooking, readSlots } from "../testing/booking.ts";
import { daily, openTestApp, type Person, type TestApp, usualService } from "../testing/testApp.ts";

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

const timesOf = (slots: { time: string }[]) => slots.map(({ time }) => time);

describe("a month of slots", () => {
  it("has every date, and only starts that fit into the hours", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "12:00", [1, 3]) });
    const answer = await askSlots(test.visitor, mentor, { from: monday, to: "2035-04-04" });
    const read = answer.read(slotAnswer);
    expect(read).toMatchObject({ timezone: "Asia/Kolkata", mentor_timezone: "Asia/Kolkata", duration: 60 });
    expect(read.days.map(({ date }) => date)).toEqual(
      Array.from({ length: 31 }, (_, day) => addDays(monday, day)),
    );
    for (const { date, slots } of read.days) {
      const open = [1, 3].includes(new Date(date).getUTCDay());
      expect([date, timesOf(slots)]).toEqual([
        date,
        open ? ["09:00", "09:30", "10:00", "10:30", "11:00"] : [],
      ]);
    }
    expect(read.days[0]?.slots[0]).toEqual({
      time: "09:00",
      starts_at: "2035-03-05T03:30:00.000Z",
      available: true,
    });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  it("is the same by id and by username", async () => {
    const mentor = await test.makeMentor();
    const byId = await askSlots(test.visitor, mentor, { from: monday });
    const query = `from=${monday}&to=${monday}&duration=60`;
    const byName = await test.visitor(
      "GET",
      `/mentors/${mentor.profile.username.toUpperCase()}/slots?${query}`,
    );
    expect(byName.text).toBe(byId.text);
  });

  it("is empty for a mentor without hours", async () => {
    const mentor = await test.makeMentor({ windows: [] });
    const { days } = (await askSlots(test.visitor, mentor, { from: monday, to: "2035-04-04" })).read(
      slotAnswer,
    );
    expect(days.length).toBe(31);
    expect(days.flatMap(({ slots }) => slots)).toEqual([]);
  });

  it("may span 62 days, not 63", async () => {
    const mentor = await test.makeMentor();
    const ask = (days: number) =>
      askSlots(test.visitor, mentor, { from: monday, to: addDays(monday, days - 1) });
    expect((await ask(62)).read(slotAnswer).days.length).toBe(62);
    expect((await ask(63)).problem("validation_failed").errors?.[0]?.field).toBe("to");
  });

  it("costs one statement in every form of the request", async () => {
    const mentor = await test.makeMentor();
    const spy = countStatements();
    await askSlots(test.visitor, mentor, { from: monday, to: "2035-04-04" });
    await askSlots(test.visitor, mentor, { from: monday, include: "all", timezone: "Asia/Kathmandu" });
    await askSlots(test.visitor, mentor, { from: monday, service_id: mentor.services[0]?.id ?? "" });
    expect(spy.count()).toBe(3);
    // The twin: the spy does count a page with more statements.
    await test.visitor("GET", `/mentors/${mentor.id}`);
    expect(spy.count()).toBe(5);
    spy.restore();
  });
});

/** Counts what is sent over the visitors' connections. */
function countStatements(): { count: () => number; restore: () => void } {
  let count = 0;
  const original = BoundedPool.prototype.connect;
  // One checkout of a visitors' connection is one statement, because nothing here holds one for longer. Calls that return
  // a promise come here again with a callback.
  BoundedPool.prototype.connect = function connect(this: BoundedPool, ...args: unknown[]) {
    if (typeof args[0] === "function" && this.options.application_name === "matepeak anon") count += 1;
    return original.apply(this, args as never) as never;
  };
  return {
    count: () => count,
    restore: () => {
      BoundedPool.prototype.connect = original;
    },
  };
}

describe("what is taken away", () => {
  it("a booked hour, and all that would run into it; include=all shows it as taken", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "13:00") });
    await book(student, mentor, `${monday}T05:00:00Z`); // 10:30 to 11:30 in India
    const free = await readSlots(test.visitor, mentor, { from: monday });
    expect(timesOf(free)).toEqual(["09:00", "09:30", "11:30", "12:00"]);
    const all = await readSlots(test.visitor, mentor, { from: monday, include: "all" });
    expect(all.map(({ time, available }) => `${time} ${available ? "free" : "-"}`)).toEqual([
      ...["09:00 free", "09:30 free", "10:00 -", "10:30 -", "11:00 -", "11:30 free", "12:00 free", "12:30 -"],
    ]);
  });

  it("blocked dates, the whole local day", async () => {
    const mentor = await test.makeMentor({ windows: daily("22:00", "02:00", [1]) });
    expect(timesOf(await readSlots(test.visitor, mentor, { from: monday, to: addDays(monday, 1) }))).toEqual([
      ...["22:00", "22:30", "23:00", "23:30", "00:00", "00:30", "01:00"],
    ]);
    await mentor.call("POST", "/blocked-dates", { date: addDays(monday, 1) });
    expect(timesOf(await readSlots(test.visitor, mentor, { from: monday, to: addDays(monday, 1) }))).toEqual([
      ...["22:00", "22:30", "23:00"],
    ]);
  });

  it("the time before the mentor's notice has passed", async () => {
    const mentor = await test.makeMentor({
      windows: daily("00:00", "24:00"),
      settings: { minimum_notice: 240 },
    });
    const [first] = await readSlots(test.visitor, mentor, { from: "2035-03-04", to: monday });
    expect(first?.starts_at).toBe("2035-03-04T16:00:00.000Z");
  });

  it("dates beyond the booking window", async () => {
    const mentor = await test.makeMentor({ settings: { booking_window_days: 3 } });
    const slots = await readSlots(test.visitor, mentor, { from: "2035-03-01", to: "2035-04-01" });
    expect(Array.from(new Set(slots.map(({ date }) => date)))).toEqual([
      "2035-03-05",
      "2035-03-06",
      "2035-03-07",
    ]);
  });

  it("a day and a week that are full", async () => {
    const mentor = await test.makeMentor({ settings: { max_per_day: 1, max_per_week: 2 } });
    await book(student, mentor, `${monday}T05:00:00Z`);
    const dates = async () => {
      const slots = await readSlots(test.visitor, mentor, { from: monday, to: addDays(monday, 8) });
      return Array.from(new Set(slots.map(({ date }) => date.slice(8))));
    };
    expect(await dates()).toEqual(["06", "07", "08", "09", "10", "11", "12", "13"]);
    await book(student, mentor, "2035-03-09T05:00:00Z");
    expect(await dates()).toEqual(["12", "13"]);
  });

  it("the mentor's buffers", async () => {
    const settings = { buffer_before: 15, buffer_after: 30 };
    const mentor = await test.makeMentor({ windows: daily("09:00", "14:00"), settings });
    await book(student, mentor, `${monday}T05:30:00Z`); // 11:00 to 12:00
    expect(timesOf(await readSlots(test.visitor, mentor, { from: monday }))).toEqual(["09:00", "13:00"]);
  });

  it("not what was cancelled, and not a request that ran out", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const times = async () => timesOf(await readSlots(test.visitor, mentor, { from: monday }));
    const first = await book(student, mentor, `${monday}T03:30:00Z`);
    expect(await times()).toEqual([]);
    await test.db.owner.query("update bookings set expires_at = now() - interval '1 second' where id = $1", [
      first.id,
    ]);
    await test.db.owner.query(
      "update occupancies set expires_at = now() - interval '1 second' where expert_id = $1",
      [mentor.id],
    );
    expect(await times()).toEqual(["09:00"]);
    const second = await book(student, mentor, `${monday}T03:30:00Z`);
    expect(await times()).toEqual([]);
    expect((await student.call("GET", `/bookings/${first.id}`)).text).toContain('"status":"cancelled"');
    expect((await student.call("GET", `/bookings/${second.id}`)).text).toContain('"status":"pending"');
  });
});

describe("one service", () => {
  it("is selected by its id; a group session has its free seats", async () => {
    const group = { session_type: "groupSession", capacity: 3, title: "Group" } as const;
    const mentor = await test.makeMentor({ windows: daily("09:00", "11:00"), services: [{}, group] });
    const [single, many] = mentor.services.map(({ id }) => id) as [string, string];
    await book(student, mentor, `${monday}T03:30:00Z`, { serviceIndex: 1 });
    const seats = await readSlots(test.visitor, mentor, { from: monday, service_id: many });
    expect(seats.map(({ time, seats_left }) => [time, seats_left])).toEqual([
      ["09:00", 2],
      ["10:00", 3],
    ]);
    const alone = await readSlots(test.visitor, mentor, { from: monday, service_id: single });
    expect(alone.map(({ time, seats_left }) => [time, seats_left])).toEqual([["10:00", undefined]]);
    const upper = await readSlots(test.visitor, mentor, { from: monday, service_id: many.toUpperCase() });
    expect(upper).toEqual(seats);
  });

  it("must be the mentor's, and have the length", async () => {
    const mentor = await test.makeMentor({ services: [{}, { ...usualService, enabled: false }] });
    const other = await test.makeMentor();
    const ask = (service_id: string, duration = 60) =>
      askSlots(test.visitor, mentor, { from: monday, service_id, duration });
    (await ask(other.services[0]?.id ?? "")).problem("service_not_found");
    (await ask(mentor.services[1]?.id ?? "")).problem("service_not_found");
    const wrongLength = await ask(mentor.services[0]?.id ?? "", 45);
    expect(wrongLength.problem("validation_failed").errors?.[0]?.field).toBe("duration");
  });
});

it("booked-slots list the taken times of a mentor's date, without people", async () => {
  const mentor = await test.makeMentor();
  const booked = await book(student, mentor, `${monday}T05:00:00Z`, { message: "a secret" });
  const ask = (date: string) => test.visitor("GET", `/mentors/${mentor.id}/booked-slots?date=${date}`);
  expect((await ask(monday)).json).toEqual([
    { scheduled_time: "10:30", duration: 60, starts_at: "2035-03-05T05:00:00.000Z" },
  ]);
  expect((await ask(addDays(monday, 1))).json).toEqual([]);
  await moveBooking(test.db, booked.id, 1);
  expect((await ask(addDays(monday, 1))).json).toHaveLength(1);
  expect(dateIn(mentor, 1, now)).toBe(monday);
});
