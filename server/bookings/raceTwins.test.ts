import { afterEach, beforeEach, expect, it } from "vitest";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { countDeadlocks, countOverlaps, readLedger, removeGuard, storm, tally } from "../testing/storm.ts";
import { daily, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

// The race of race.test.ts in clones without its guards: what each is worth, and that the race can be lost.

const crowd = 60;

let test: TestApp;
let people: Person[];
let address: string;
beforeEach(async () => {
  test = await openTestApp();
  people = await test.signUpCrowd(crowd);
  address = await test.listen();
});
afterEach(() => test.close());

/** Everybody at one mentor's morning at once: half at nine, half at half past, each for an hour. */
async function race() {
  const mentor = await test.makeMentor({ windows: daily("09:00", "11:00") });
  const slots = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 1) });
  const outcomes = await storm(
    address,
    people.map((person, index) => ({ person, body: bookingOf(mentor, slots[index % 2]?.starts_at ?? "") })),
  );
  const taken = await readLedger(test, mentor.id);
  const deadlocks = await countDeadlocks(test);
  return { codes: tally(outcomes), bookings: taken.length, overlaps: countOverlaps(taken), deadlocks };
}

it("with both guards one of them wins, in peace", async () => {
  const found = await race();
  expect(found).toEqual({
    codes: { created: 1, slot_taken: crowd - 1 },
    bookings: 1,
    overlaps: 0,
    deadlocks: 0,
  });
});

it("without the constraint and without the lock the time is sold many times over", async () => {
  await removeGuard.constraint(test);
  await removeGuard.lock(test);
  const found = await race();
  expect(found.bookings).toBeGreaterThan(1);
  expect(found.overlaps).toBeGreaterThan(0);
});

it("with the constraint alone it is sold once, and nobody sees a fault", async () => {
  await removeGuard.lock(test);
  const found = await race();
  expect(found).toMatchObject({ bookings: 1, overlaps: 0, codes: { created: 1 } });
  // Inserts that wait for each other may die as deadlocks: those are tried again, or the person is asked to.
  expect(
    Object.keys(found.codes).filter((code) => !["created", "slot_taken", "overloaded"].includes(code)),
  ).toEqual([]);
});

it("with the lock alone the app sells it once, but a client of the database may sell it again", async () => {
  await removeGuard.constraint(test);
  const found = await race();
  expect(found).toEqual({
    codes: { created: 1, slot_taken: crowd - 1 },
    bookings: 1,
    overlaps: 0,
    deadlocks: 0,
  });
  const { rows } = await test.db.owner.query<{ expert_id: string; user_id: string }>(
    "select expert_id, user_id from bookings",
  );
  const columns = "expert_id, session_type, scheduled_date, scheduled_time, duration";
  const insert = (person: Person | undefined) =>
    test.db.as(
      person?.id ?? null,
      (client) =>
        client.query(
          `insert into bookings (user_id, ${columns}) values ($1, $2, 'oneOnOneSession', $3, '09:00', 60)`,
          [person?.id, rows[0]?.expert_id, new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)],
        ),
      { keep: true },
    );
  await insert(people[0]);
  await insert(people[1]);
  expect(countOverlaps(await readLedger(test, rows[0]?.expert_id ?? ""))).toBe(1);
});
