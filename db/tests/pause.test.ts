import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { app, attempt, signedIn } from "./actor.ts";
import { bookingRequest, insertInto, mentor, plantWorld, student } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await db.owner.query("update public.expert_profiles set accepting_bookings = false where id = $1", [
    mentor,
  ]);
});
afterAll(() => db.drop());

const paused = "23514 bookings_mentor_accepts";

it("a paused mentor cannot be booked with any client; another mentor can (twin)", async () => {
  const { text, values } = insertInto("public.bookings", bookingRequest());
  for (const actor of [signedIn(student), app(student)]) {
    expect(await attempt(db.owner, actor, { text, values })).toBe(paused);
  }
  await db.owner.query("alter table public.bookings disable trigger bookings_30_check_pause");
  expect(await attempt(db.owner, signedIn(student), { text, values })).toBe("1 row");
  await db.owner.query("alter table public.bookings enable trigger bookings_30_check_pause");
});

it("only the mentor pauses and resumes", async () => {
  const resume = {
    text: "update public.expert_profiles set accepting_bookings = true where id = $1",
    values: [mentor],
  };
  expect(await attempt(db.owner, signedIn(student), resume)).toBe("0 rows");
  expect(await attempt(db.owner, signedIn(mentor), resume)).toBe("1 row");
});
