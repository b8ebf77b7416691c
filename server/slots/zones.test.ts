import { afterAll, beforeAll, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import { slotAnswer } from "#contract/slots.ts";
import { askSlots, bookingOf, readSlots } from "../testing/booking.ts";
import { daily, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

// Clock changes by the rules of today: Los Angeles 11 March and 4 November 2035, Berlin 25 March and 28 October.
let now = Date.parse("2035-03-04T12:00:00Z");
let test: TestApp;
let student: Person;
beforeAll(async () => {
  test = await openTestApp({ now: () => now });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const timesOf = (slots: { time: string }[]) => slots.map(({ time }) => time);

it("shows a viewer in Kathmandu a Kolkata mentor's hours a quarter of an hour later", async () => {
  const mentor = await test.makeMentor({ windows: daily("09:00", "11:00") });
  const answer = await askSlots(test.visitor, mentor, { from: "2035-03-05", timezone: "Asia/Kathmandu" });
  const { timezone, mentor_timezone, days } = answer.read(slotAnswer);
  expect([timezone, mentor_timezone]).toEqual(["Asia/Kathmandu", "Asia/Kolkata"]);
  expect(timesOf(days[0]?.slots ?? [])).toEqual(["09:15", "09:45", "10:15"]);
  expect(days[0]?.slots[0]?.starts_at).toBe("2035-03-05T03:30:00.000Z");
});

it("lists slots under the viewer's date, on either side of the date line", async () => {
  const mentor = await test.makeMentor({ timezone: "Asia/Tokyo", windows: daily("08:00", "10:00", [1]) });
  const ask = (timezone: string) =>
    readSlots(test.visitor, mentor, { from: "2035-03-04", to: "2035-03-06", timezone, duration: 60 });
  const seen = async (timezone: string) => (await ask(timezone)).map(({ date, time }) => `${date} ${time}`);
  expect(await seen("Asia/Tokyo")).toEqual(["2035-03-05 08:00", "2035-03-05 08:30", "2035-03-05 09:00"]);
  expect(await seen("America/Los_Angeles")).toEqual([
    "2035-03-04 15:00",
    "2035-03-04 15:30",
    "2035-03-04 16:00",
  ]);
  expect(await seen("Pacific/Kiritimati")).toEqual([
    "2035-03-05 13:00",
    "2035-03-05 13:30",
    "2035-03-05 14:00",
  ]);
  expect(await seen("Pacific/Pago_Pago")).toEqual([
    "2035-03-04 12:00",
    "2035-03-04 12:30",
    "2035-03-04 13:00",
  ]);
  const instants = (await ask("Asia/Tokyo")).map(({ starts_at }) => starts_at);
  for (const zone of ["America/Los_Angeles", "Pacific/Kiritimati"]) {
    expect((await ask(zone)).map(({ starts_at }) => starts_at)).toEqual(instants);
  }
});

it("offers each instant once, in requests of any days", async () => {
  const mentor = await test.makeMentor({ windows: daily("00:00", "24:00") });
  const timezone = "America/Los_Angeles";
  const whole = await readSlots(test.visitor, mentor, { from: "2035-03-09", to: "2035-03-13", timezone });
  const pieces: typeof whole = [];
  for (const day of ["09", "10", "11", "12", "13"]) {
    pieces.push(...(await readSlots(test.visitor, mentor, { from: `2035-03-${day}`, timezone })));
  }
  expect(pieces).toEqual(whole);
  expect(new Set(whole.map(({ starts_at }) => starts_at)).size).toBe(whole.length);
  // The Sunday of the clock change has 23 hours.
  expect(whole.filter(({ date }) => date === "2035-03-11").length).toBe(46);
});

it("keeps a Berlin mentor's hours at their wall clock over the clock change", async () => {
  const mentor = await test.makeMentor({ timezone: "Europe/Berlin", windows: daily("09:00", "10:00") });
  const slots = await readSlots(test.visitor, mentor, {
    from: "2035-03-24",
    to: "2035-03-26",
    timezone: "Asia/Kolkata",
  });
  expect(slots.map(({ date, time }) => `${date} ${time}`)).toEqual([
    ...["2035-03-24 13:30", "2035-03-25 12:30", "2035-03-26 12:30"],
  ]);
});

it("books a start in the hour that the mentor's clock skips only as it is shown after the gap", async () => {
  const mentor = await test.makeMentor({ timezone: "Europe/Berlin", windows: daily("01:00", "05:00") });
  const slots = await readSlots(test.visitor, mentor, { from: "2035-03-25", duration: 30 });
  expect(timesOf(slots)).toEqual(["01:00", "01:30", "03:00", "03:30", "04:00", "04:30"]);
  const skipped = { ...bookingOf(mentor, "2035-03-25T01:30:00Z", { duration: 30 }), scheduled_time: "02:30" };
  const refusal = (await student.call("POST", "/bookings", skipped)).problem("validation_failed");
  expect(refusal.errors).toEqual([
    { field: "scheduled_time", message: "The clocks skip this time on that day." },
  ]);
  // The same in the viewer's zone, for a mentor in a zone without clock changes.
  const indian = await test.makeMentor({ windows: daily("00:00", "24:00") });
  const viewers = { ...skipped, expert_id: indian.id, timezone: "Europe/Berlin" };
  (await student.call("POST", "/bookings", viewers)).problem("validation_failed");
});

it("distinguishes the two halves of the viewer's repeated hour by starts_at", async () => {
  now = Date.parse("2035-10-20T12:00:00Z");
  const mentor = await test.makeMentor({ windows: daily("00:00", "24:00") });
  const timezone = "Europe/Berlin";
  const slots = await readSlots(test.visitor, mentor, { from: "2035-10-28", timezone, duration: 30 });
  const repeated = slots.filter(({ time }) => time === "02:30");
  expect(repeated.map(({ starts_at }) => starts_at)).toEqual([
    "2035-10-28T00:30:00.000Z",
    "2035-10-28T01:30:00.000Z",
  ]);
  const [first, second] = repeated as [(typeof repeated)[0], (typeof repeated)[0]];
  const ask = async (starts_at?: string) => {
    const body = bookingOf(mentor, first.starts_at, { duration: 30, timezone });
    return student.call("POST", "/bookings", starts_at ? { ...body, starts_at } : body);
  };
  const made = (await ask(second.starts_at)).expect(201).read(booking);
  expect(made).toMatchObject({
    starts_at: second.starts_at,
    scheduled_time: "07:00",
    student_timezone: timezone,
  });
  // Without the instant the first half is meant.
  expect((await ask()).expect(201).read(booking).starts_at).toBe(first.starts_at);
  (await ask(second.starts_at)).problem("slot_taken");
});

it("books both halves of the hour that the mentor's clock repeats", async () => {
  now = Date.parse("2035-10-20T12:00:00Z");
  const mentor = await test.makeMentor({
    timezone: "America/Los_Angeles",
    windows: daily("01:00", "03:00", [0]),
  });
  const slots = await readSlots(test.visitor, mentor, { from: "2035-11-04", duration: 30 });
  expect(timesOf(slots)).toEqual(["01:00", "01:30", "01:00", "01:30", "02:00", "02:30"]);
  const made = [];
  for (const { starts_at } of slots) {
    const body = { ...bookingOf(mentor, starts_at, { duration: 30 }), starts_at };
    made.push((await student.call("POST", "/bookings", body)).expect(201).read(booking));
  }
  expect(made.map(({ starts_at }) => starts_at)).toEqual(slots.map(({ starts_at }) => starts_at));
  expect(made.map(({ scheduled_time }) => scheduled_time)).toEqual(timesOf(slots));
});
