import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import {
  type Actor,
  actAs,
  app,
  attempt,
  type Booked,
  book,
  changeStatus,
  denied,
  signedIn,
  visitor,
} from "./actor.ts";
import {
  bookingRequest,
  insertInto,
  mentor,
  otherMentor,
  otherStudent,
  plantWorld,
  student,
} from "./world.ts";

let db: TestDatabase;
let booking: Booked;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  booking = await book(db.owner);
});
afterAll(() => db.drop());

const trial = (who: Actor, text: string, values?: unknown[]) =>
  attempt(db.owner, who, values ? { text, values } : text);

const parties: [string, Actor][] = [
  ["its student", signedIn(student)],
  ["its mentor", signedIn(mentor)],
  ["the app for its student", app(student)],
  ["the app for its mentor", app(mentor)],
];
const strangers: [string, Actor][] = [
  ["another student", signedIn(otherStudent)],
  ["another mentor", signedIn(otherMentor)],
  ["the app for another student", app(otherStudent)],
  ["a signed-in caller without an id", { role: "authenticated" }],
  ["the app without a caller", { role: "matepeak_app" }],
];
const outsiders: [string, Actor][] = [
  ["a visitor", visitor],
  ["the accounts library", { role: "matepeak_auth" }],
  ["Supabase's service role without its bypass", { role: "service_role" }],
];
const allRoles = [...parties, ...strangers, ...outsiders];

describe.each(["bookings", "booking_events"])("reading %s", (table) => {
  const read = `select * from public.${table}`;
  it.each(parties)("%s may", async (_name, who) => {
    expect(await trial(who, read)).toBe("1 row");
  });
  it.each(strangers)("%s sees nothing", async (_name, who) => {
    expect(await trial(who, read)).toBe("0 rows");
  });
  it.each(outsiders)("%s may not", async (_name, who) => {
    expect(await trial(who, read)).toBe(denied);
  });
});

describe("asking for a session", () => {
  const ask = (who: Actor, changes = {}) =>
    attempt(
      db.owner,
      who,
      insertInto("public.bookings", bookingRequest({ scheduled_time: "15:00", ...changes })),
    );

  it("students may, for themselves", async () => {
    expect(await ask(signedIn(student))).toBe("1 row");
    expect(await ask(signedIn(otherStudent), { user_id: otherStudent })).toBe("1 row");
  });

  it.each([
    ["a student", signedIn(otherStudent)],
    ["a mentor", signedIn(mentor)],
    ["the app", app(otherStudent)],
    ["a signed-in caller without an id", { role: "authenticated" } as Actor],
  ])("%s may not, for another student", async (_name, who) => {
    expect(await ask(who)).toBe(denied);
  });

  it.each(outsiders)("%s may not", async (_name, who) => {
    expect(await ask(who)).toBe(denied);
  });

  it.each([
    ["total_amount", 0],
    ["currency", "INR"],
    ["status", "confirmed"],
    ["starts_at", "2040-06-04T04:30:00Z"],
    ["ends_at", "2040-06-04T05:30:00Z"],
    ["expires_at", null],
    ["occupancy_id", null],
    ["mentor_timezone", "UTC"],
    ["revision", 7],
    ["id", "00000000-0000-4000-8000-000000000999"],
    ["created_at", "2020-01-01"],
    ["updated_at", "2020-01-01"],
  ])("a student never sets %s, not even to what it would be", async (column, value) => {
    expect(await ask(signedIn(student), { [column]: value })).toBe(denied);
  });

  it.each([
    ["total_amount", 0],
    ["currency", "INR"],
    ["ends_at", "2040-06-04T05:30:00Z"],
    ["expires_at", null],
    ["occupancy_id", null],
    ["mentor_timezone", "UTC"],
    ["id", "00000000-0000-4000-8000-000000000999"],
  ])("not even the app sets %s", async (column, value) => {
    expect(await ask(app(student), { [column]: value })).toBe(denied);
  });
});

describe("changing a booking by a plain update", () => {
  const confirm = "update public.bookings set status = 'confirmed'";

  it("its mentor may approve or decline", async () => {
    expect(await trial(signedIn(mentor), confirm)).toBe("1 row");
  });

  it("its mentor may take allowed steps only", async () => {
    const complete = "update public.bookings set status = 'completed'";
    expect(await trial(signedIn(mentor), complete)).toBe("23514 bookings_step_allowed");
    const invent = "update public.bookings set status = 'paid'";
    expect(await trial(signedIn(mentor), invent)).toBe("23514 bookings_status_known");
  });

  it.each([
    ["its student", signedIn(student)],
    ["another student", signedIn(otherStudent)],
    ["another mentor", signedIn(otherMentor)],
  ])("%s changes nothing", async (_name, who) => {
    expect(await trial(who, confirm)).toBe("0 rows");
  });

  it.each([...outsiders, ["the app", app(mentor)] as const])("%s may not", async (_name, who) => {
    expect(await trial(who, confirm)).toBe(denied);
  });

  it("no role changes anything else", async () => {
    const { rows } = await db.owner.query<{ column_name: string }>(
      `select column_name from information_schema.columns
       where table_schema = 'public' and table_name = 'bookings' and column_name <> 'status'`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { column_name } of rows) {
      const change = `update public.bookings set ${column_name} = ${column_name}`;
      for (const who of [signedIn(mentor), signedIn(student), app(student)]) {
        expect(await trial(who, change), `${who.role} ${column_name}`).toBe(denied);
      }
    }
  });

  it("no role moves a booking to another mentor or student while approving it", async () => {
    const give = `update public.bookings set status = 'confirmed', expert_id = '${otherMentor}'`;
    expect(await trial(signedIn(mentor), give)).toBe(denied);
  });
});

describe("what no role may do", () => {
  it.each(allRoles)("%s deletes no booking", async (_name, who) => {
    expect(await trial(who, "delete from public.bookings")).toBe(denied);
    expect(await trial(who, "truncate public.bookings cascade")).toBe(denied);
  });

  it.each(allRoles)("%s writes no history", async (_name, who) => {
    const add = `insert into public.booking_events (booking_id, kind, actor, to_status)
                 values ('${booking.id}', 'confirmed', 'mentor', 'confirmed')`;
    expect(await trial(who, add)).toBe(denied);
    expect(await trial(who, "update public.booking_events set reason = 'x'")).toBe(denied);
    expect(await trial(who, "delete from public.booking_events")).toBe(denied);
    expect(await trial(who, "select setval('public.booking_events_id_seq', 1)")).toBe(denied);
  });
});

describe("lock_booking", () => {
  const lock = (who: Actor) =>
    trial(who, "select * from public.lock_booking(private.mentor_of_booking($1), $1)", [booking.id]);

  it.each([
    ["its student", signedIn(student)],
    ["its mentor", signedIn(mentor)],
  ])("answers %s", async (_name, who) => {
    expect(await lock(who)).toBe("1 row");
  });
  it.each([
    ["another student", signedIn(otherStudent)],
    ["another mentor", signedIn(otherMentor)],
    ["a signed-in caller without an id", { role: "authenticated" } as Actor],
  ])("answers %s nothing", async (_name, who) => {
    expect(await lock(who)).toBe("0 rows");
  });
  it.each([...outsiders, ["the app", app(student)] as const])("is not for %s", async (_name, who) => {
    expect(await lock(who)).toBe(denied);
  });
});

describe("change_booking_status", () => {
  const step = (who: Actor, to: string) =>
    trial(who, "select * from public.change_booking_status(private.mentor_of_booking($1), $1, $2)", [
      booking.id,
      to,
    ]);

  it("lets its student cancel, and nothing else", async () => {
    expect(await step(signedIn(student), "cancelled")).toBe("1 row");
    for (const to of ["confirmed", "completed", "pending"])
      expect(await step(signedIn(student), to)).toBe(denied);
  });
  it("lets its mentor confirm and decline", async () => {
    expect(await step(signedIn(mentor), "confirmed")).toBe("1 row");
    expect(await step(signedIn(mentor), "cancelled")).toBe("1 row");
  });
  it.each([
    ["another student", signedIn(otherStudent)],
    ["another mentor", signedIn(otherMentor)],
  ])("does nothing for %s", async (_name, who) => {
    expect(await step(who, "cancelled")).toBe("0 rows");
  });
  it.each([...outsiders, ["the app", app(student)] as const])("is not for %s", async (_name, who) => {
    expect(await step(who, "cancelled")).toBe(denied);
  });
  it("returns nothing for a missing booking", async () => {
    const nowhere = "00000000-0000-4000-8000-000000000999";
    expect(await changeStatus(db.owner, signedIn(student), nowhere, "cancelled")).toBe("0 rows");
  });
});

it("a caller's own temporary types do not run inside our functions", async () => {
  await actAs(db.owner, signedIn(student), async () => {
    // With pg_temp searched first, `caller uuid` in the trigger that writes the history would mean this domain and run
    // its check as the owner.
    await db.owner.query(`
      create function pg_temp.overheard(pg_catalog.uuid) returns boolean language plpgsql as
        $$ begin raise exception 'ran as %', current_user; end $$;
      create domain pg_temp.uuid as pg_catalog.uuid check (pg_temp.overheard(value))`);
    const cancel = `select id from public.change_booking_status(
      '${mentor}'::pg_catalog.uuid, '${booking.id}'::pg_catalog.uuid, 'cancelled')`;
    await db.owner.query("savepoint before");
    expect((await db.owner.query(cancel)).rowCount).toBe(1);
    await db.owner.query(`
      rollback to before;
      reset role; alter function private.record_booking_event() set search_path = ''; set local role authenticated`);
    await expect(db.owner.query(cancel)).rejects.toThrow(/ran as (?!authenticated)/);
  });
});
