import { afterAll, beforeAll, expect, it } from "vitest";
import { type Partitioned, partition } from "../../server/postgres/partition/partition.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { app, attempt, ledgerFaults, signedIn, taken } from "./actor.ts";
import { bookingRequest, insertInto, mentor, otherStudent, plantWorld, student } from "./world.ts";

let db: TestDatabase;
let before: Record<string, unknown[]>;
let after: Record<string, unknown[]>;
let done: Partitioned;

const ask = (changes: Record<string, unknown> = {}) => insertInto("public.bookings", bookingRequest(changes));

/** What must be the same: the rows, and everything that protects them. */
const looks: Record<string, string> = {
  bookings: "select to_jsonb(b) from public.bookings b order by id",
  occupancies: "select to_jsonb(o) from public.occupancies o order by id",
  events: "select to_jsonb(e) from public.booking_events e order by id",
  policies: `select schemaname, tablename, policyname, roles, cmd, qual, with_check from pg_policies
    where schemaname in ('private', 'public') order by 1, 2, 3`,
  triggers:
    "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal and tgparentid = 0 order by 1",
  functions: `select oid::regprocedure::text, prosrc, proacl::text, obj_description(oid) from pg_proc
    where pronamespace in ('private'::regnamespace, 'public'::regnamespace) order by 1`,
  grants: `select c.oid::regclass::text, c.relacl::text, a.attname, a.attacl::text, col_description(c.oid, a.attnum), a.attnotnull
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace in ('private'::regnamespace, 'public'::regnamespace) and c.relkind in ('r', 'p', 'S')
      and not c.relispartition order by 1, 3`,
  checks: `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
    where contype in ('c', 'x') and conparentid = 0 and not exists (select from pg_class c where c.oid = conrelid and relispartition)
    order by 1, 2`,
  references: `select conrelid::regclass::text || '.' || conname as name, pg_get_constraintdef(oid) from pg_constraint
    where contype = 'f' and conparentid = 0 order by 1`,
};

async function lookAtAll(): Promise<Record<string, unknown[]>> {
  const seen: Record<string, unknown[]> = {};
  for (const [name, query] of Object.entries(looks)) seen[name] = (await db.owner.query(query)).rows;
  return seen;
}

beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  expect(await attempt(db.owner, signedIn(student), ask(), { keep: true })).toBe("1 row");
  expect(
    await attempt(
      db.owner,
      app(otherStudent),
      ask({ user_id: otherStudent, scheduled_time: "12:00", status: "confirmed" }),
      { keep: true },
    ),
  ).toBe("1 row");
  await db.owner.query("update public.bookings set status = 'cancelled' where user_id = $1", [student]);
  before = await lookAtAll();
  done = await partition(db.owner, { parts: 4 });
  after = await lookAtAll();
});
afterAll(() => db.drop());

it("counts what it has moved, and says which reference it had to drop", () => {
  expect(done).toEqual({
    // 4 each by hash, 25 months and what is later.
    partitions: 4 + 4 + 26,
    rows: { "public.occupancies": 1, "public.bookings": 2, "public.booking_events": 3 },
    dropped: ["public.notifications.notifications_booking_id_fkey"],
  });
});

it.each(Object.keys(looks).filter((name) => name !== "references"))("keeps the %s", (name) => {
  expect(after[name]).toEqual(before[name]);
});

it("keeps all other references", () => {
  expect(after.references).toEqual(
    before.references?.filter(
      (row) => (row as { name: string }).name !== "notifications.notifications_booking_id_fkey",
    ),
  );
});

it("keeps rows of a mentor in one partition, and the history in months", async () => {
  const { rows } = await db.owner.query(
    `select (select count(distinct tableoid)::int from public.bookings where expert_id = $1) as bookings,
       (select count(*)::int from public.booking_events where tableoid::regclass::text
          = 'months.booking_events_y' || to_char(now() at time zone 'UTC', 'YYYY') || 'm' || to_char(now() at time zone 'UTC', 'MM')) as events`,
    [mentor],
  );
  expect(rows).toEqual([{ bookings: 1, events: 3 }]);
});

it("books as before: taken time is refused, and each step is in the history", async () => {
  expect(await attempt(db.owner, signedIn(student), ask({ scheduled_time: "12:30" }), { keep: true })).toBe(
    taken,
  );
  expect(await attempt(db.owner, signedIn(student), ask(), { keep: true })).toBe("1 row");
  expect(await ledgerFaults(db.owner)).toEqual([]);
  const { rows } = await db.owner.query("select count(*)::int as n from public.booking_events");
  expect(rows).toEqual([{ n: 4 }]);
});

it("twin: without the constraint the time would be taken twice", async () => {
  await db.owner.query("begin");
  await db.owner.query("alter table public.occupancies drop constraint occupancies_no_overlap");
  await db.owner.query(
    "insert into public.occupancies (expert_id, starts_at, ends_at, during, state) select expert_id, starts_at, ends_at, during, state from public.occupancies",
  );
  expect(await ledgerFaults(db.owner)).not.toEqual([]);
  await db.owner.query("rollback");
});

it("divides no table twice", async () => {
  await expect(partition(db.owner)).rejects.toThrow(
    "This database is partitioned already; nothing was changed.",
  );
});

it("lets no role reach a partition by its name", async () => {
  for (const actor of [signedIn(mentor), app(mentor)])
    expect(await attempt(db.owner, actor, "select from part_0.bookings")).toBe("42501");
});
