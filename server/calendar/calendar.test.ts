import { afterAll, beforeAll, expect, it } from "vitest";
import { type Calendar, calendar } from "#contract/calendar.ts";
import { addDays } from "#scheduling/dates.ts";
import { type LocalDate, parseInstant } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { book, dateIn, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

async function read(mentor: Mentor, from: string, to = from): Promise<Calendar> {
  return (await mentor.call("GET", `/mentors/me/calendar?from=${from}&to=${to}`)).read(calendar);
}

it("shows hours within their dates, also over midnight, and days off", async () => {
  const mentor = await test.makeMentor({ windows: daily("22:00", "02:00") });
  const [first, second, third] = [1, 2, 3].map((days) => dateIn(mentor, days)) as [
    LocalDate,
    LocalDate,
    LocalDate,
  ];
  await mentor.call("POST", "/blocked-dates", { date: third });
  const { days, timezone } = await read(mentor, first, third);
  expect(timezone).toBe("Asia/Kolkata");
  const wallOf = (instant: string) => wallClockOf("Asia/Kolkata", parseInstant(instant));
  expect(
    days.map(({ date, is_off, open }) => [
      date,
      is_off,
      open.map(({ starts_at, ends_at }) => `${wallOf(starts_at).time}-${wallOf(ends_at).time}`),
    ]),
  ).toEqual([
    [first, false, ["00:00-02:00", "22:00-00:00"]],
    [second, false, ["00:00-02:00", "22:00-00:00"]],
    [third, true, []],
  ]);
  expect(days[0]?.ends_at).toBe(days[1]?.starts_at);
});

it("has days of 23 and 25 hours where the clocks change, and another clock while the mentor travels", async () => {
  const mentor = await test.makeMentor({ timezone: "America/New_York" });
  await mentor.call("POST", "/timezone-periods", {
    starts_on: "2035-06-04",
    ends_on: "2035-06-05",
    timezone: "Europe/London",
  });
  const hours = async (date: string) => {
    const [day] = (await read(mentor, date)).days;
    return (Date.parse(day!.ends_at) - Date.parse(day!.starts_at)) / 3_600_000;
  };
  expect(await hours("2035-03-11")).toBe(23);
  expect(await hours("2035-11-04")).toBe(25);
  const { days } = await read(mentor, "2035-06-03", "2035-06-06");
  expect(days.map(({ timezone }) => timezone)).toEqual([
    "America/New_York",
    "Europe/London",
    "Europe/London",
    "America/New_York",
  ]);
});

it("has the sessions that touch these days, a group's all, called-off ones not", async () => {
  const mentor = await test.makeMentor({
    windows: daily("00:00", "24:00"),
    settings: { instant_confirm: true },
    services: [{}, { session_type: "groupSession", title: "Group", capacity: 3 }],
  });
  const day = dateIn(mentor, 5);
  const at = (date: string, time: string) => `${date}T${time}:00+05:30`;
  const late = await book(student, mentor, at(addDays(day, -1), "23:30"));
  const called = await book(student, mentor, at(day, "05:00"));
  await student.call("POST", `/bookings/${called.id}/cancel`);
  const one = await book(student, mentor, at(day, "10:00"), { serviceIndex: 1 });
  const two = await book(other, mentor, at(day, "10:00"), { serviceIndex: 1 });
  await book(student, mentor, at(addDays(day, 1), "00:00"));
  const { sessions } = await read(mentor, day);
  expect(sessions.map(({ id, capacity }) => [id, capacity])).toEqual([
    [late.id, 1],
    [one.id, 3],
    [two.id, 3],
  ]);
});

it("is open where slots are offered", async () => {
  const mentor = await test.makeMentor({ timezone: "Europe/Berlin", windows: daily("09:00", "12:30") });
  const day = dateIn(mentor, 2);
  const [shown] = (await read(mentor, day)).days;
  const offered = await readSlots(test.visitor, mentor, { from: day, duration: 30 });
  expect(shown?.open[0]?.starts_at).toBe(offered[0]?.starts_at);
  expect(Date.parse(shown?.open[0]?.ends_at ?? "")).toBe(
    Date.parse(offered.at(-1)?.starts_at ?? "") + 30 * 60_000,
  );
});

it("requires a valid number of days", async () => {
  const mentor = await test.makeMentor();
  for (const [from, to] of [
    ["2035-01-01", "2035-04-01"],
    ["2035-01-02", "2035-01-01"],
  ]) {
    const answer = await mentor.call("GET", `/mentors/me/calendar?from=${from}&to=${to}`);
    expect(answer.problem("validation_failed").errors?.[0]?.field).toBe("to");
  }
});
