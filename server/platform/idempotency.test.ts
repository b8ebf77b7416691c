import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking } from "#contract/bookings.ts";
import type { Answer } from "../testing/answer.ts";
import { book, bookingOf, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let student: Person;
let other: Person;
beforeAll(async () => {
  test = await openTestApp();
  [student, other] = (await test.signUpCrowd(2)) as [Person, Person];
});
afterAll(() => test.close());

const keyed = (key: string) => ({ "idempotency-key": key });

async function firstSlot(mentor: Mentor): Promise<string> {
  return (await readSlots(student.call, mentor))[0]?.starts_at ?? "";
}

async function count(app: TestApp, table: "bookings" | "occupancies", mentor: Mentor): Promise<number> {
  const counted = await app.db.owner.query<{ count: number }>(
    `select count(*) from ${table} where expert_id = $1`,
    [mentor.id],
  );
  return counted.rows[0]?.count ?? -1;
}

/** A problem without the parts that differ in every response. */
function withoutRequestId(answer: Answer): unknown {
  const { request_id: _, ...rest } = answer.problem();
  return rest;
}

describe("one key", () => {
  it("books once, even if the request is repeated, and returns an identical response", async () => {
    const mentor = await test.makeMentor();
    const body = bookingOf(mentor, await firstSlot(mentor), { message: "again" });
    const first = (await student.call("POST", "/bookings", body, keyed("a"))).expect(201);
    const second = (await student.call("POST", "/bookings", body, keyed("a"))).expect(201);
    expect(second.text).toBe(first.text);
    expect(second.read(booking).message).toBe("again");
    expect(await count(test, "bookings", mentor)).toBe(1);
  });

  it("returns the first response even when the booking has changed since", async () => {
    const mentor = await test.makeMentor();
    const body = bookingOf(mentor, await firstSlot(mentor));
    const first = (await student.call("POST", "/bookings", body, keyed("b"))).read(booking);
    (await student.call("POST", `/bookings/${first.id}/cancel`)).expect(200);
    const again = (await student.call("POST", "/bookings", body, keyed("b"))).expect(201);
    expect(again.read(booking)).toEqual(first);
    expect(await count(test, "bookings", mentor)).toBe(1);
  });

  it("for another request is an error, and books nothing", async () => {
    const mentor = await test.makeMentor();
    const slots = await readSlots(student.call, mentor);
    (
      await student.call("POST", "/bookings", bookingOf(mentor, slots[0]?.starts_at ?? ""), keyed("c"))
    ).expect(201);
    const body = bookingOf(mentor, slots[5]?.starts_at ?? "");
    (await student.call("POST", "/bookings", body, keyed("c"))).problem("idempotency_key_reused");
    expect(await count(test, "bookings", mentor)).toBe(1);
    // The first request is still remembered.
    const again = bookingOf(mentor, slots[0]?.starts_at ?? "");
    (await student.call("POST", "/bookings", again, keyed("c"))).expect(201);
  });

  it("remembers a refusal, also once the time is free again", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "10:00") });
    const start = await firstSlot(mentor);
    const theirs = await book(other, mentor, start);
    const body = bookingOf(mentor, start);
    const refused = await student.call("POST", "/bookings", body, keyed("d"));
    refused.problem("slot_taken");
    (await other.call("POST", `/bookings/${theirs.id}/cancel`)).expect(200);
    const again = await student.call("POST", "/bookings", body, keyed("d"));
    again.problem("slot_taken");
    expect(await count(test, "bookings", mentor)).toBe(1);
    // The twin: without the key, or under a new one, the time is there to be booked.
    (await student.call("POST", "/bookings", body, keyed("d2"))).expect(201);
  });

  it("remembers a refusal word for word", async () => {
    const mentor = await test.makeMentor();
    const body = bookingOf(mentor, await firstSlot(mentor), { total_amount: 5 });
    const refused = await student.call("POST", "/bookings", body, keyed("e"));
    refused.problem("price_mismatch");
    await mentor.call("PATCH", `/mentors/me/services/${mentor.services[0]?.id}`, {
      durations: [{ minutes: 60, price: 5 }],
    });
    const again = await student.call("POST", "/bookings", body, keyed("e"));
    expect(withoutRequestId(again)).toEqual(withoutRequestId(refused));
  });

  it("remembers also what only the database refused", async () => {
    const mentor = await test.makeMentor({
      services: [{ session_type: "groupSession", title: "G", capacity: 9 }],
    });
    const start = await firstSlot(mentor);
    const seat = await book(student, mentor, start);
    const body = bookingOf(mentor, start);
    (await student.call("POST", "/bookings", body, keyed("seat"))).problem("already_booked");
    (await student.call("POST", `/bookings/${seat.id}/cancel`)).expect(200);
    (await student.call("POST", "/bookings", body, keyed("seat"))).problem("already_booked");
    (await student.call("POST", "/bookings", body, keyed("another"))).expect(201);
  });

  it("belongs to one person", async () => {
    const mentor = await test.makeMentor();
    const slots = await readSlots(student.call, mentor);
    const mine = bookingOf(mentor, slots[0]?.starts_at ?? "");
    const theirs = bookingOf(mentor, slots[5]?.starts_at ?? "");
    (await student.call("POST", "/bookings", mine, keyed("f"))).expect(201);
    const made = (await other.call("POST", "/bookings", theirs, keyed("f"))).expect(201).read(booking);
    expect(made.user_id).toBe(other.id);
    expect(await count(test, "bookings", mentor)).toBe(2);
  });

  it("of a request that could not be read is not used up", async () => {
    const mentor = await test.makeMentor();
    const body = bookingOf(mentor, await firstSlot(mentor));
    const poor = { ...body, duration: "long" };
    (await student.call("POST", "/bookings", poor, keyed("g"))).problem("validation_failed");
    (await student.call("POST", "/bookings", body, keyed("g"))).expect(201);
  });
});
