import pg from "pg";
import { afterEach, expect, inject, it } from "vitest";
import { buildApp } from "../app.ts";
import { type Database, openDatabase } from "../platform/database/database.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { bookingOf, readSlots } from "../testing/booking.ts";
import { type Cable, layCable } from "../testing/cable.ts";
import {
  callWith,
  type Mentor,
  openTestApp,
  type Person,
  password,
  type TestApp,
  testConfig,
} from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let app: TypedApp;
let database: Database;
let cable: Cable;

/** A second app on the test's database, at the end of the cable. */
async function open(): Promise<void> {
  // The second app verifies passwords as in production.
  test = await openTestApp({ passwords: "slow" });
  mentor = await test.makeMentor();
  student = await test.signUp("Ravi");
  cable = await layCable(test.db.ownerUrl);
  database = openDatabase({ url: cable.url });
  app = await buildApp({
    config: testConfig,
    database,
  });
}

afterEach(async () => {
  await app.close();
  await database.close();
  cable.pull();
  await test.close();
});

async function tryEverything(): Promise<Record<string, () => ReturnType<Person["call"]>>> {
  const visitor = callWith(app, {});
  const call = callWith(app, { authorization: `Bearer ${student.token}` });
  const [slot] = await readSlots(student.call, mentor);
  const body = bookingOf(mentor, slot?.starts_at ?? "");
  return {
    ready: () => visitor("GET", "/readyz"),
    slots: () =>
      visitor("GET", `/mentors/${mentor.id}/slots?from=${slot?.date}&to=${slot?.date}&duration=60`),
    mentors: () => visitor("GET", "/mentors"),
    "sign in": () => visitor("POST", "/api/auth/sign-in/email", { email: student.email, password }),
    "sign up": () =>
      visitor("POST", "/api/auth/sign-up/email", {
        name: "New",
        email: `n${Date.now()}@example.com`,
        password,
      }),
    session: () => call("GET", "/api/auth/get-session"),
    me: () => call("GET", "/me"),
    bookings: () => call("GET", "/bookings"),
    book: () => call("POST", "/bookings", body, { "idempotency-key": "through the storm" }),
  };
}

/** New connections are rejected, and existing ones are ended. */
async function lockDatabase(locked: boolean): Promise<void> {
  const admin = new pg.Client({ connectionString: inject("postgres").adminUrl });
  await admin.connect();
  const name = new URL(test.db.ownerUrl).pathname.slice(1);
  await admin.query(`alter database ${name} allow_connections ${!locked}`);
  if (locked) {
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'matepeak%'",
      [name],
    );
  }
  await admin.end();
}

it.each([
  ["cannot be reached", () => cable.pull(), () => cable.plug()],
  ["rejects connections", () => lockDatabase(true), () => lockDatabase(false)],
])(
  "while the database %s every response has Retry-After, and then the app continues",
  async (_what, begin, end) => {
    await open();
    const ways = await tryEverything();
    for (const name of ["ready", "slots", "me"]) (await ways[name]?.())?.expect(200);
    await begin();
    for (const [name, ask] of Object.entries(ways)) {
      const answer = await ask();
      expect([name, answer.status]).toEqual([name, 503]);
      answer.problem("database_unavailable");
      expect(answer.headers["retry-after"]).toBe("5");
      (await callWith(app, {})("GET", "/healthz")).expect(200);
    }
    await end();
    for (const [name, ask] of Object.entries(ways)) {
      expect([name, (await ask()).status]).toEqual([name, name === "book" ? 201 : 200]);
    }
  },
);

it("a booking whose connection breaks is not stored, and its key is free", async () => {
  await open();
  const { book } = await tryEverything();
  const before = await test.countRows();
  // Another transaction locks the mentor, so that the booking waits in the middle of its transaction.
  await test.db.owner.query("begin");
  await test.db.owner.query("select from schedule_revisions where expert_id = $1 for update", [mentor.id]);
  const asked = book?.();
  await untilSomebodyWaits();
  cable.pull();
  (await asked)?.problem("database_unavailable");
  await test.db.owner.query("rollback");
  await cable.plug();
  expect((await callWith(app, {})("GET", "/readyz")).status).toBe(200);
  // The server notices the lost client when the lock is granted; until then it holds the key.
  await expect.poll(() => test.countRows(), { timeout: 5000 }).toEqual(before);
  (await book?.())?.expect(201);
});

async function untilSomebodyWaits(): Promise<void> {
  const waits = async () => {
    // Within a transaction, as the owner's connection is, the first look would stay the only one.
    await test.db.owner.query("select pg_stat_clear_snapshot()");
    const { rowCount } = await test.db.owner.query(
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rowCount;
  };
  await expect.poll(waits, { timeout: 5000 }).toBe(1);
}
