import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rewriteFunction } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { attempt, book, signedIn } from "./actor.ts";
import { mentor, otherMentor, personalService, plantWorld, student } from "./world.ts";

const waited = "55P03";

let db: TestDatabase;
let booking: pg.Client;
let requestId: string;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  requestId = (await book(db.owner)).id;
  await db.owner.query("set lock_timeout = '100ms'");
  booking = new pg.Client({ connectionString: db.ownerUrl });
  await booking.connect();
});
/** Another student's booking is being checked and holds the mentor's lock. */
beforeEach(async () => {
  await booking.query("begin");
  await booking.query("select private.lock_mentor($1)", [mentor]);
});
afterEach(() => booking.query("rollback"));
afterAll(async () => {
  await booking.end();
  await db.drop();
});

const edits = {
  availability_slots: `insert into public.availability_slots (expert_id, day_of_week, start_time, end_time)
                       values ('%', 1, '09:00', '17:00')`,
  blocked_dates: "insert into public.blocked_dates (expert_id, date) values ('%', '2040-06-04')",
  timezone_periods: `insert into public.timezone_periods (expert_id, starts_on, ends_on, timezone)
                     values ('%', '2040-06-04', '2040-06-05', 'Europe/London')`,
  services: "insert into public.services (expert_id, session_type, title) values ('%', 'chatAdvice', 'Chat')",
  service_durations: `update public.service_durations set price_minor = 1
                      where service_id = '${personalService}' and minutes = 60`,
  bookings: "update public.bookings set status = 'confirmed'",
};
const counted: ReadonlySet<string> = new Set(["availability_slots", "blocked_dates", "timezone_periods"]);
const edit = (who: string, table: keyof typeof edits) =>
  attempt(db.owner, signedIn(who), edits[table].replace("%", who));

describe.each(Object.keys(edits) as (keyof typeof edits)[])("the mentor's own change of %s", (table) => {
  it("waits for the booking that is being judged", async () => {
    expect(await edit(mentor, table)).toBe(waited);
  });

  it("would not without its trigger", async () => {
    const guards = [`${table}_05_lock_schedule`, ...(counted.has(table) ? [`${table}_81_count_insert`] : [])];
    const turn = (how: "disable" | "enable") =>
      guards.map((guard) => `alter table public.${table} ${how} trigger ${guard}`).join("; ");
    await db.owner.query(turn("disable"));
    // Counting a change waits as well, but later than the lock order allows.
    const restore = await rewriteFunction(
      db,
      "private.announce_availability",
      "update public.schedule_revisions set revision = revision + 1 where expert_id = mentor;",
      "",
    );
    expect(await edit(mentor, table)).toBe("1 row");
    await db.owner.query(turn("enable"));
    await restore();
  });

  it("waits for no booking with another mentor", async () => {
    expect(await edit(otherMentor, table)).not.toBe(waited);
  });
});

it("a change of the mentor's rules waits as well", async () => {
  const change = "update public.expert_profiles set buffer_after = 30";
  expect(await attempt(db.owner, signedIn(mentor), change)).toBe(waited);
});

it.each([
  "select public.lock_booking(private.mentor_of_booking($1), $1)",
  "select public.change_booking_status(private.mentor_of_booking($1), $1, 'cancelled')",
])("a student's step waits in the mentor's line too: %s", async (text) => {
  expect(await attempt(db.owner, signedIn(student), { text, values: [requestId] })).toBe(waited);
});

it("a student's step does not wait for bookings of the student's own as a mentor", async () => {
  await booking.query("rollback; begin");
  await booking.query("select private.lock_mentor($1)", [otherMentor]);
  const { id } = await book(db.owner, { user_id: otherMentor, scheduled_time: "15:00" });
  const cancel = {
    text: "select public.change_booking_status(private.mentor_of_booking($1), $1, 'cancelled')",
    values: [id],
  };
  expect(await attempt(db.owner, signedIn(otherMentor), cancel)).toBe("1 row");
});

it("reading waits for no lock", async () => {
  for (const table of ["bookings", "occupancies", "availability_slots", "expert_profiles"]) {
    expect(await attempt(db.owner, signedIn(student), `select from public.${table}`)).not.toBe(waited);
  }
});
