import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { book, changeStatus, ledgerFaults, letExpire, signedIn, taken, tryToBook } from "./actor.ts";
import {
  forgetBookings,
  groupSeats,
  mentor,
  otherStudent,
  plantUser,
  plantWorld,
  stranger,
  student,
} from "./world.ts";

const fourth = "00000000-0000-4000-8000-0000000000cc";
const guests = [student, otherStudent, stranger] as const;
const together = { session_type: "groupSession" };

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await plantUser(db.owner, fourth, "fourth");
});
afterEach(async () => {
  expect(await ledgerFaults(db.owner)).toEqual([]);
  await forgetBookings(db.owner);
});
afterAll(() => db.drop());

const join = (user_id: string, changes = {}) => tryToBook(db.owner, { user_id, ...together, ...changes });

async function sessions() {
  const { rows } = await db.owner.query<{ seats_taken: number; state: string; expires: boolean }>(
    "select seats_taken, state, expires_at is not null as expires from public.occupancies order by starts_at",
  );
  return rows;
}

describe("a group session", () => {
  it(`seats exactly ${groupSeats}`, async () => {
    for (const guest of guests) expect(await join(guest)).toBe("1 row");
    expect(await join(fourth)).toBe(taken);
    expect(await sessions()).toEqual([{ seats_taken: groupSeats, state: "requested", expires: true }]);
  });

  it("has one seat for each person", async () => {
    expect(await join(student)).toBe("1 row");
    expect(await join(student)).toBe("23505 bookings_one_seat_each");
    expect(await sessions()).toEqual([{ seats_taken: 1, state: "requested", expires: true }]);
  });

  it("cannot be overfilled even by its owner", async () => {
    for (const guest of guests) await join(guest);
    await expect(
      db.owner.query("update public.occupancies set seats_taken = seats_taken + 1"),
    ).rejects.toMatchObject({ constraint: "occupancies_seats_within_capacity" });
  });

  it("shares its time with nothing else", async () => {
    await join(student);
    expect(await join(otherStudent, { scheduled_time: "10:30" })).toBe(taken);
    expect(await join(otherStudent, { session_type: "oneOnOneSession" })).toBe(taken);
    expect(await join(otherStudent, { session_type: "oneOnOneSession", duration: 30 })).toBe(taken);
  });

  it("gives one seat back when one guest cancels", async () => {
    const bookings = [];
    for (const user_id of guests) bookings.push(await book(db.owner, { user_id, ...together }));
    await changeStatus(db.owner, signedIn(student), bookings[0]!.id, "cancelled");
    expect((await sessions())[0]).toMatchObject({ seats_taken: 2 });
    expect(await join(fourth)).toBe("1 row");
    expect(await join(student)).toBe(taken);
  });

  it("gives its time back when the last guest cancels", async () => {
    const first = await book(db.owner, together);
    const second = await book(db.owner, { user_id: otherStudent, ...together });
    await changeStatus(db.owner, signedIn(student), first.id, "cancelled");
    await changeStatus(db.owner, signedIn(otherStudent), second.id, "cancelled");
    expect(await sessions()).toEqual([]);
    expect(await join(fourth, { session_type: "oneOnOneSession" })).toBe("1 row");
  });

  it("gives back the seat of a request that ran out, and keeps the others", async () => {
    const first = await book(db.owner, together);
    for (const guest of [otherStudent, stranger]) await join(guest);
    await letExpire(db.owner, first.id);
    expect(await join(fourth)).toBe("1 row");
    expect((await sessions())[0]).toMatchObject({ seats_taken: 3 });
  });

  it("is booked as soon as one seat is confirmed, and no longer runs out", async () => {
    const first = await book(db.owner, together);
    await join(otherStudent);
    await changeStatus(db.owner, signedIn(mentor), first.id, "confirmed");
    expect(await sessions()).toEqual([{ seats_taken: 2, state: "booked", expires: false }]);
  });

  it("takes further requests once it is booked, and stays booked", async () => {
    const first = await book(db.owner, together);
    await changeStatus(db.owner, signedIn(mentor), first.id, "confirmed");
    const second = await book(db.owner, { user_id: otherStudent, ...together });
    expect(await sessions()).toEqual([{ seats_taken: 2, state: "booked", expires: false }]);
    await letExpire(db.owner, second.id);
    expect(await join(stranger)).toBe("1 row");
    expect(await sessions()).toEqual([{ seats_taken: 2, state: "booked", expires: false }]);
  });

  it("runs out with its requests again once the only confirmed guest has left", async () => {
    const first = await book(db.owner, together);
    const second = await book(db.owner, { user_id: otherStudent, ...together });
    await changeStatus(db.owner, signedIn(mentor), first.id, "confirmed");
    await changeStatus(db.owner, signedIn(student), first.id, "cancelled");
    expect(await sessions()).toEqual([{ seats_taken: 1, state: "requested", expires: true }]);
    await letExpire(db.owner, second.id);
    expect(await join(fourth, { session_type: "oneOnOneSession" })).toBe("1 row");
  });

  it("runs out with the latest of the requests that are left", async () => {
    const first = await book(db.owner, together);
    const second = await book(db.owner, { user_id: otherStudent, ...together });
    await changeStatus(db.owner, signedIn(otherStudent), second.id, "cancelled");
    const { rows } = await db.owner.query("select expires_at from public.occupancies");
    expect(rows).toEqual([{ expires_at: first.expires_at }]);
  });
});
