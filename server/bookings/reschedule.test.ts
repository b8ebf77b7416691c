import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Booking, booking, bookingEvents, type RescheduleBooking } from "#contract/bookings.ts";
import { slotAnswer } from "#contract/slots.ts";
import { book, bookingOf, dateIn, moveBooking, moveTo, readSlots } from "../testing/booking.ts";
import { readCalendarFile } from "../testing/calendarFile.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const HOUR = 3_600_000;
const together = { session_type: "groupSession", title: "Together", capacity: 3 } as const;

let test: TestApp;
let student: Person;
let other: Person;
let mentor: Mentor;
/** 09:00 to 17:00 of a day next week, in the mentor's zone. */
let starts: number[];
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
beforeEach(async () => {
  mentor = await test.makeMentor({ services: [{}, together] });
  const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 7) });
  starts = slots.map(({ starts_at }) => Date.parse(starts_at));
});
afterAll(async () => {
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await test.close();
});

const at = (index: number) => starts[index] ?? 0;
const move = (who: Person, { id }: Pick<Booking, "id">, body: RescheduleBooking, headers = {}) =>
  who.call("POST", `/bookings/${id}/reschedule`, body, headers);
const read = async (id: string) => (await student.call("GET", `/bookings/${id}`)).read(booking);
const history = async (id: string) =>
  (await student.call("GET", `/bookings/${id}/events`)).read(bookingEvents).data;

describe("a booking that moves", () => {
  it("keeps all but its time, and is recorded in history and calendar", async () => {
    const before = await book(student, mentor, at(0), { message: "Help with React" });
    const answer = await move(student, before, { ...moveTo(mentor, at(4)), reason: "A lecture" });
    const { updated_at, ...after } = answer.expect(200).read(booking);
    const startsAt = new Date(at(4)).toISOString();
    expect(updated_at > before.updated_at).toBe(true);
    expect(after).toEqual({
      ...before,
      updated_at: undefined,
      ...moveTo(mentor, at(4)),
      starts_at: startsAt,
      ends_at: new Date(at(4) + HOUR).toISOString(),
    });
    expect(await history(before.id)).toMatchObject([
      { kind: "created", actor: "student", from_starts_at: null, reason: null },
      {
        kind: "rescheduled",
        actor: "student",
        from_status: "pending",
        to_status: "pending",
        from_starts_at: before.starts_at,
        to_starts_at: startsAt,
        reason: "A lecture",
      },
    ]);
    const { text } = await student.call("GET", `/bookings/${before.id}/calendar.ics`);
    expect(text).toContain("SEQUENCE:1");
    expect(readCalendarFile(text).events[0]?.start).toBe(Date.parse(startsAt));
    expect(text.replace(/\r\n[ \t]/g, "")).toContain(`/sessions/${before.id}`);
  });

  it("frees its old time for others and takes the new one from them", async () => {
    const { id } = await book(student, mentor, at(0));
    (await move(student, { id }, moveTo(mentor, at(6)))).expect(200);
    (await other.call("POST", "/bookings", bookingOf(mentor, at(6)))).problem("slot_taken");
    await book(other, mentor, at(0));
  });

  it("may overlap its own old time, and is moved by its mentor as well", async () => {
    const mine = await book(student, mentor, at(2));
    (await mentor.call("POST", `/bookings/${mine.id}/confirm`)).expect(200);
    const after = (await move(mentor, mine, moveTo(mentor, at(3)))).read(booking);
    expect(after).toMatchObject({
      status: "confirmed",
      starts_at: new Date(at(3)).toISOString(),
      expires_at: null,
    });
    expect((await history(mine.id)).at(-1)).toMatchObject({ kind: "rescheduled", actor: "mentor" });
  });

  it("to its own time does nothing, also when repeated", async () => {
    const mine = await book(student, mentor, at(2));
    expect((await move(student, mine, moveTo(mentor, at(2)))).read(booking)).toEqual(mine);
    expect(await history(mine.id)).toHaveLength(1);
  });

  it("accepts the student's wall clock and remembers their zone, but not the mentor's", async () => {
    const mine = await book(student, mentor, at(2));
    const after = (await move(student, mine, moveTo(mentor, at(4), "America/New_York"))).read(booking);
    expect(after).toMatchObject({ ...moveTo(mentor, at(4)), student_timezone: "America/New_York" });
    const again = (await move(mentor, mine, moveTo(mentor, at(5), "Asia/Tokyo"))).read(booking);
    expect(again).toMatchObject({
      student_timezone: "America/New_York",
      mentor_timezone: mentor.profile.timezone,
    });
  });

  it("moves although its service is no longer offered", async () => {
    const mine = await book(student, mentor, at(2));
    (await mentor.call("DELETE", `/mentors/me/services/${mine.service_id}`)).expect(204);
    expect((await move(student, mine, moveTo(mentor, at(5)))).read(booking).total_amount).toBe(
      mine.total_amount,
    );
  });

  it("joins a group session that has room", async () => {
    const wish = { serviceIndex: 1 };
    const mine = await book(student, mentor, at(0), wish);
    const theirs = await book(other, mentor, at(5), wish);
    (await move(student, mine, moveTo(mentor, at(5)))).expect(200);
    expect((await read(mine.id)).starts_at).toBe(theirs.starts_at);
  });

  it("does not count twice against the mentor's limits", async () => {
    const busy = await test.makeMentor({ settings: { max_per_day: 1 } });
    const slots = await readSlots(student.call, busy, { from: dateIn(busy, 7) });
    const mine = await book(student, busy, slots[0]?.starts_at ?? "");
    (await move(student, mine, moveTo(busy, slots[3]?.starts_at ?? ""))).expect(200);
  });
});

describe("a move that is refused leaves the booking as it is", () => {
  it.each([
    ["taken time", () => moveTo(mentor, at(9)), "slot_taken"],
    ["time that overlaps taken time", () => moveTo(mentor, at(8)), "slot_taken"],
    ["a time outside the hours", () => moveTo(mentor, at(0) - 6 * HOUR), "slot_unavailable"],
    ["a time that has passed", () => moveTo(mentor, Date.now() - 48 * HOUR), "slot_unavailable"],
    [
      "a date that does not exist",
      () => ({ scheduled_date: "2027-02-30", scheduled_time: "10:00" }),
      "validation_failed",
    ],
    [
      "an instant that is not its date and time",
      () => ({ ...moveTo(mentor, at(1)), starts_at: new Date(at(2)).toISOString() }),
      "validation_failed",
    ],
    ["a new price", () => ({ ...moveTo(mentor, at(1)), total_amount: 1 }), "validation_failed"],
  ] as const)("%s", async (_name, wanted, code) => {
    const mine = await book(student, mentor, at(2));
    await book(other, mentor, at(9));
    const problem = (await move(student, mine, wanted())).problem(code);
    if (code !== "validation_failed") {
      expect(problem.next_slots).toHaveLength(5);
      // Its own time is free for it, so that is offered as well.
      const offered = problem.next_slots?.map(({ starts_at }) => Date.parse(starts_at)) ?? [];
      for (const start of offered) (await move(student, mine, moveTo(mentor, start))).expect(200);
      (await move(student, mine, moveTo(mentor, at(2)))).expect(200);
    } else expect(await read(mine.id)).toEqual(mine);
  });

  it.each(["cancelled", "completed"])("a %s one", async (status) => {
    const mine = await book(student, mentor, at(2));
    if (status === "cancelled") (await student.call("POST", `/bookings/${mine.id}/cancel`)).expect(200);
    else {
      (await mentor.call("POST", `/bookings/${mine.id}/confirm`)).expect(200);
      await moveBooking(test.db, mine.id, -30);
      (await mentor.call("POST", `/bookings/${mine.id}/complete`)).expect(200);
    }
    (await move(student, mine, moveTo(mentor, at(5)))).problem("invalid_transition");
  });

  it("one that has begun, for both", async () => {
    const mine = await book(student, mentor, at(2));
    await mentor.call("POST", `/bookings/${mine.id}/confirm`);
    await moveBooking(test.db, mine.id, -30);
    for (const who of [student, mentor]) {
      (await move(who, mine, moveTo(mentor, at(5)))).problem("invalid_transition");
    }
  });

  it("another's", async () => {
    const mine = await book(student, mentor, at(2));
    (await move(other, mine, moveTo(mentor, at(5)))).problem("booking_not_found");
    (await other.call("GET", `/bookings/${mine.id}/events`)).problem("booking_not_found");
    (
      await other.call("GET", `/bookings/${mine.id}/slots?from=${dateIn(mentor, 1)}&to=${dateIn(mentor, 2)}`)
    ).problem("booking_not_found");
  });
});

describe("the cut-off", () => {
  it("is the service's when it was booked, binds the student and not the mentor", async () => {
    const strict = await test.makeMentor({
      services: [{ cancel_cutoff: 30 * 1440, reschedule_cutoff: 30 * 1440 }],
    });
    const slots = await readSlots(student.call, strict, { from: dateIn(strict, 7) });
    const mine = await book(student, strict, slots[0]?.starts_at ?? "");
    expect(mine).toMatchObject({ cancel_cutoff: 43_200, reschedule_cutoff: 43_200 });
    const relaxed = { cancel_cutoff: 0, reschedule_cutoff: 0 };
    (await strict.call("PATCH", `/mentors/me/services/${mine.service_id}`, relaxed)).expect(200);

    const wanted = moveTo(strict, slots[4]?.starts_at ?? "");
    expect((await move(student, mine, wanted)).problem("cutoff_passed").detail).toBe(
      "Rescheduling closed 30 days before the session.",
    );
    expect((await student.call("POST", `/bookings/${mine.id}/cancel`)).problem("cutoff_passed").detail).toBe(
      "Cancelling closed 30 days before the session.",
    );
    (await move(strict, mine, wanted)).expect(200);
    (await strict.call("POST", `/bookings/${mine.id}/cancel`)).expect(200);
  });
});

describe("a retried move", () => {
  it("runs once and returns the same response, also for a refusal", async () => {
    const mine = await book(student, mentor, at(2));
    const key = { "idempotency-key": `move-${mine.id}` };
    const first = await move(student, mine, moveTo(mentor, at(5)), key);
    const second = await move(student, mine, moveTo(mentor, at(5)), key);
    expect(second.json).toEqual(first.expect(200).json);
    expect(await history(mine.id)).toHaveLength(2);
    (await move(student, mine, moveTo(mentor, at(6)), key)).problem("idempotency_key_reused");
  });
});

describe("the times it can move to", () => {
  it("are the mentor's free ones around it, its own among them", async () => {
    const mine = await book(student, mentor, at(2));
    await book(other, mentor, at(9));
    const day = dateIn(mentor, 7);
    const ask = async (who: Person) =>
      (await who.call("GET", `/bookings/${mine.id}/slots?from=${day}&to=${day}`))
        .read(slotAnswer)
        .days.flatMap(({ slots }) => slots.map(({ starts_at }) => Date.parse(starts_at)));
    const free = starts.filter((start) => Math.abs(start - at(9)) >= HOUR);
    expect(await ask(student)).toEqual(free);
    expect(await ask(mentor)).toEqual(free);
    const others = await readSlots(other.call, mentor, { from: day });
    expect(others.map(({ starts_at }) => Date.parse(starts_at))).toEqual(
      free.filter((start) => Math.abs(start - at(2)) >= HOUR),
    );
  });
});
