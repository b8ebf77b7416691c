import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Booking, bookingPage } from "#contract/bookings.ts";
import { bookAny } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

const copies = 130;

let test: TestApp;
let mentor: Mentor;
let student: Person;
let first: Booking;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor();
  [student] = (await test.signUpCrowd(1)) as [Person];
  first = await bookAny(student, mentor);
  // Cancelled bookings of the very same start, far more than a page; the rules are looked away from for that.
  const columns = `user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, total_minor,
    total_amount, currency, user_name, user_email, starts_at, ends_at, student_timezone, mentor_timezone`;
  await test.db.owner.query("set session_replication_role = replica");
  await test.db.owner.query(
    `insert into bookings (id, status, ${columns})
     select gen_random_uuid(), 'cancelled', ${columns} from bookings, generate_series(1, ${copies}) where id = $1`,
    [first.id],
  );
  await test.db.owner.query("reset session_replication_role");
});
afterAll(() => test.close());

async function readAll(who: Person, query: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  let cursor: string | null = null;
  do {
    const after: string = cursor ? `&cursor=${cursor}` : "";
    const page = (await who.call("GET", `/bookings?${query}${after}`)).read(bookingPage);
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
    pages += 1;
  } while (cursor);
  return { ids, pages };
}

it.each([
  ["as=student", copies + 1],
  ["as=mentor", copies + 1],
  ["as=student&status=cancelled", copies],
  ["as=student&status=pending", 1],
  ["as=student&status=completed", 0],
])("?%s comes page by page, each booking once, though all starts are equal", async (query, expected) => {
  const who = query.startsWith("as=mentor") ? mentor : student;
  for (const limit of [1 + Math.ceil(expected / 3), 100]) {
    const { ids, pages } = await readAll(who, `${query}&limit=${limit}`);
    expect(ids.length).toBe(expected);
    expect(new Set(ids).size).toBe(expected);
    expect(pages).toBe(Math.max(1, Math.ceil(expected / limit)));
  }
});

it("has 20 bookings per page by default, latest start first", async () => {
  const made = await bookAny(student, mentor);
  const page = (await student.call("GET", "/bookings")).read(bookingPage);
  expect(page.data).toHaveLength(20);
  expect(page.data.map(({ starts_at }) => starts_at)).toEqual(
    page.data.map(({ starts_at }) => starts_at).sort((a, b) => b.localeCompare(a)),
  );
  expect(page.data[0]?.id).toBe(made.id);
});

it("is empty for the role that one does not have, and for strangers", async () => {
  const [stranger] = (await test.signUpCrowd(1)) as [Person];
  for (const [who, role] of [
    [student, "mentor"],
    [mentor, "student"],
    [stranger, "student"],
    [stranger, "mentor"],
  ] as const) {
    expect((await readAll(who, `as=${role}`)).ids).toEqual([]);
  }
});

it("a forged cursor shows no other person's bookings", async () => {
  const [stranger] = (await test.signUpCrowd(1)) as [Person];
  const cursor = Buffer.from(JSON.stringify(["2999-01-01T00:00:00Z", randomUUID()])).toString("base64url");
  expect((await stranger.call("GET", `/bookings?cursor=${cursor}`)).read(bookingPage).data).toEqual([]);
});
