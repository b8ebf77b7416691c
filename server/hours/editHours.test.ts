import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type AvailabilitySlot,
  availability,
  availabilitySlotList,
  blockedDateList,
  savedAvailabilitySlot,
  savedBlockedDate,
  savedWeek,
} from "#contract/hours.ts";
import { addDays } from "#scheduling/dates.ts";
import { dateIn } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ windows: daily("09:00", "12:00", [1]) });
});
afterAll(() => test.close());

const add = (window: object) => mentor.call("POST", "/availability-slots", window);
const listed = async () => (await mentor.call("GET", "/availability-slots")).read(availabilitySlotList).data;
const brief = ({ day_of_week, specific_date, start_time, end_time }: AvailabilitySlot) =>
  `${day_of_week ?? specific_date} ${start_time}-${end_time}`;

describe("hours", () => {
  it("are read by everyone in the guide's three parts, reasons of days off kept to the mentor", async () => {
    const date = dateIn(mentor, 5);
    await add({ specific_date: date, start_time: "18:00", end_time: "20:00" });
    await add({ specific_date: addDays(date, 90), start_time: "18:00", end_time: "20:00" });
    await mentor.call("POST", "/blocked-dates", { date, reason: "Hospital" });
    const path = `/mentors/${mentor.profile.username}/availability?start_date=${date}&end_date=${addDays(date, 30)}`;
    const read = (await test.visitor("GET", path)).read(availability);
    expect(read.timezone).toBe("Asia/Kolkata");
    expect(read.recurringSlots.map(brief)).toEqual(["1 09:00-12:00"]);
    expect(read.specificSlots.map(brief)).toEqual([`${date} 18:00-20:00`]);
    expect(read.blockedDates.map(({ date: day, reason }) => [day, reason])).toEqual([[date, null]]);
    const own = (await mentor.call("GET", "/blocked-dates")).read(blockedDateList).data;
    expect(own.map(({ reason }) => reason)).toEqual(["Hospital"]);
    const other = await test.makeMentor();
    expect((await other.call("GET", "/blocked-dates")).read(blockedDateList).data).toEqual([]);
  });

  it("are moved, but stay weekly or dated", async () => {
    const [weekly] = await listed();
    const dated = (
      await add({ specific_date: dateIn(mentor, 5), start_time: "18:00", end_time: "20:00" })
    ).read(savedAvailabilitySlot);
    const change = (id: string | undefined, body: object) =>
      mentor.call("PATCH", `/availability-slots/${id}`, body);
    expect(
      brief((await change(weekly?.id, { day_of_week: 2, end_time: "24:00" })).read(savedAvailabilitySlot)),
    ).toBe("2 09:00-24:00");
    expect((await change(weekly?.id, {})).expect(200).read(savedAvailabilitySlot).day_of_week).toBe(2);
    const asDate = await change(weekly?.id, { specific_date: dateIn(mentor, 3) });
    expect(asDate.problem("validation_failed").errors?.[0]?.field).toBe("specific_date");
    const asDay = await change(dated.id, { day_of_week: 3 });
    expect(asDay.problem("validation_failed").errors?.[0]?.field).toBe("day_of_week");
    (await change(dated.id, { specific_date: dateIn(mentor, 6) })).expect(200);
  });

  it("must be for a day or for a date", async () => {
    const times = { start_time: "18:00", end_time: "20:00" };
    for (const window of [times, { ...times, day_of_week: 1, specific_date: dateIn(mentor, 5) }]) {
      expect((await add(window)).problem("validation_failed").errors?.[0]?.field).toBe("day_of_week");
    }
    for (const [field, value] of [
      ["day_of_week", 7],
      ["day_of_week", -1],
      ["day_of_week", 1.5],
      ["start_time", "24:00"],
      ["start_time", "9:00"],
      ["end_time", "25:00"],
    ] as const) {
      const answer = await add({ day_of_week: 1, ...times, [field]: value });
      expect(answer.problem("validation_failed").errors?.[0]?.field).toBe(field);
    }
    expect(await listed()).toHaveLength(1);
  });

  it("of the week are replaced as a whole, dated ones stay; a mistake changes nothing", async () => {
    await add({ specific_date: dateIn(mentor, 5), start_time: "18:00", end_time: "20:00" });
    const put = (recurringSlots: object[]) => mentor.call("PUT", "/availability-slots", { recurringSlots });
    const window = { day_of_week: 5, start_time: "10:00", end_time: "11:00" };
    (await put([window, window])).problem("duplicate_window");
    (await put([window, { ...window, start_time: "x" }])).problem("validation_failed");
    expect((await listed()).map(brief)).toContain("1 09:00-12:00");
    const week = (await put([window, { ...window, start_time: "10:30" }])).read(savedWeek).data;
    expect(week.map(brief)).toEqual(["5 10:00-11:00", "5 10:30-11:00", `${dateIn(mentor, 5)} 18:00-20:00`]);
    expect((await put([])).read(savedWeek).data).toHaveLength(1);
  });

  it("of two weeks sent at the same time are one of the two, never a mixture", async () => {
    const week = (turn: number) => daily(`0${turn % 8}:00`, `1${turn % 8}:00`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        mentor.call("PUT", "/availability-slots", { recurringSlots: week(turn) }),
      ),
    );
    for (const answer of answers) answer.expect(200);
    const left = await listed();
    expect(left).toHaveLength(7);
    expect(new Set(left.map(({ start_time }) => start_time)).size).toBe(1);
  });
});

describe("days off", () => {
  it("are blocked once and freed again", async () => {
    const date = dateIn(mentor, 5);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => mentor.call("POST", "/blocked-dates", { date, reason: "  " })),
    );
    const [made, ...refused] = answers.sort((a, b) => a.status - b.status);
    for (const answer of refused) answer.problem("date_already_blocked");
    const row = made?.expect(201).read(savedBlockedDate);
    expect(row?.reason).toBeNull();
    const other = await test.makeMentor();
    (await other.call("DELETE", `/blocked-dates/${row?.id}`)).problem("blocked_date_not_found");
    (await mentor.call("DELETE", `/blocked-dates/${row?.id}`)).expect(204);
    (await mentor.call("DELETE", `/blocked-dates/${row?.id}`)).problem("blocked_date_not_found");
  });
});
