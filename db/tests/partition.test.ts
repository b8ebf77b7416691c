import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DAY_MS, epochMs } from "#scheduling/units.ts";
import { occasionOf } from "../../server/mail/occasion.ts";
import { type Partitioned, partition } from "../../server/postgres/partition/partition.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { app, attempt, ledgerFaults, signedIn, taken } from "./actor.ts";
import { bookingRequest, insertInto, mentor, otherStudent, plantWorld, student } from "./world.ts";

let db: TestDatabase;
let before: Record<string, unknown[]>;
let after: Record<string, unknown[]>;
let done: Partitioned;

/** How many months begin after a time. */
const monthsSince = (at: number) => {
  const [then, now] = [new Date(at), new Date()];
  return (now.getUTCFullYear() - then.getUTCFullYear()) * 12 + now.getUTCMonth() - then.getUTCMonth();
};

const ask = (changes: Record<string, unknown> = {}) => insertInto("public.bookings", bookingRequest(changes));

const ageOf = (months: number) => epochMs(Date.now() - months * 31 * DAY_MS);
const monthOf = (relation: string, at: number) => {
  const [year, month] = new Date(at).toISOString().split("-");
  return `month_${year}_${month}.${relation}`;
};
/** A message that was written so many months ago, about something of so many. */
const tell = (name: string, written: number, happened = written) =>
  db.owner.query(
    `insert into public.notifications (user_id, kind, dedupe_key, created_at) values ($1, 'booking_created', $2, $3)`,
    [student, occasionOf(ageOf(happened), name), new Date(ageOf(written))],
  );
const post = (name: string, ended: number, { isWaiting = false } = {}) =>
  db.owner.query(
    `insert into private.deliveries
       (channel, user_id, kind, occasion, content, is_urgent, expires_at, state, ended_at)
     values ('email', $1, 'booking_created', $2, '{}', false, now() + interval '1 day', $3, $4)`,
    [
      student,
      occasionOf(ageOf(ended), name),
      isWaiting ? "waiting" : "sent",
      isWaiting ? null : new Date(ageOf(ended)),
    ],
  );

/** What must be the same: the rows, and everything that protects them. */
const looks: Record<string, string> = {
  bookings: "select to_jsonb(b) from public.bookings b order by id",
  occupancies: "select to_jsonb(o) from public.occupancies o order by id",
  events: "select to_jsonb(e) from public.booking_events e order by id",
  notifications: "select to_jsonb(n) from public.notifications n order by id",
  deliveries: "select to_jsonb(d) from private.deliveries d order by id",
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
  await tell("old", 10);
  await tell("late", 6, 10);
  await tell("kept by a later one", 9);
  await tell("later", 0, 9);
  await post("old", 10);
  await post("kept by one that waits", 9);
  await post("waits", 9, { isWaiting: true });
  before = await lookAtAll();
  done = await partition(db.owner, { parts: 4 });
  after = await lookAtAll();
});
afterAll(() => db.drop());

it("counts what it has moved, and says which reference it had to drop", () => {
  expect(done).toEqual({
    // 4 each by hash; of the others 25 months and the rest, of messages also the months before.
    partitions: 4 + 4 + 26 + 2 * (monthsSince(ageOf(10)) + 26),
    rows: {
      "public.occupancies": 1,
      "public.bookings": 2,
      "public.booking_events": 3,
      "public.notifications": 4,
      "private.deliveries": 3,
    },
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
          = to_char(now() at time zone 'UTC', '"month_"YYYY_MM".booking_events"')) as events`,
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
    "This database is partitioned already, for two years; nothing was changed.",
  );
});

it("makes the months that are missing when it is called again, and moves into them what was in none", async () => {
  const last = monthOf("notifications", Date.UTC(new Date().getUTCFullYear() + 2, new Date().getUTCMonth()));
  await db.owner.query(`drop table ${last}`);
  const [, year, month] = last.split(/[_.]/);
  const key = `${year}-${month}:moved`;
  await db.owner.query(
    "insert into public.notifications (user_id, kind, dedupe_key) values ($1, 'booking_created', $2)",
    [student, key],
  );
  const where = async () => {
    const { rows } = await db.owner.query(
      "select tableoid::regclass::text as part from public.notifications where dedupe_key = $1",
      [key],
    );
    return rows[0]?.part;
  };
  expect(await where()).toBe("month_others.notifications");
  expect(await partition(db.owner)).toEqual({
    partitions: 1,
    rows: { "public.booking_events": 0, "public.notifications": 1, "private.deliveries": 0 },
    dropped: [],
  });
  expect(await where()).toBe(last);
  await db.owner.query("delete from public.notifications where dedupe_key = $1", [key]);
  const now = await lookAtAll();
  for (const protects of ["policies", "triggers", "functions", "grants", "checks", "references"])
    expect(now[protects]).toEqual(after[protects]);
  const { rows } = await db.owner.query(
    "select count(*)::int as n from pg_class where relname = 'notifications_user_id_dedupe_key_key' and relnamespace = 'month_others'::regnamespace",
  );
  expect(rows).toEqual([{ n: 1 }]);
});

it("lets no role reach a partition by its name", async () => {
  for (const actor of [signedIn(mentor), app(mentor)])
    expect(await attempt(db.owner, actor, "select from part_0.bookings")).toBe("42501");
});

describe("messages", () => {
  const occasion = occasionOf(ageOf(0), "one occasion");
  const writeNotification = {
    text: "select private.write_notifications(array[$1]::uuid[], '{booking_created}', array[$2], array['{}'::jsonb], '{null}', '{null}') as n",
    values: [student, occasion],
  };
  const writeDelivery = {
    text: `select private.write_deliveries(array[$1]::uuid[], '{null}', '{booking_created}', array[$2], array['{}'::jsonb], '{null}',
      '{f}', '{null}', array[now() + interval '1 day']) as n`,
    values: [student, occasion],
  };
  const parts = async (table: string, where: string) => {
    const { rows } = await db.owner.query<{ part: string }>(
      `select distinct tableoid::regclass::text as part from ${table} where ${where} order by 1`,
    );
    return rows.map(({ part }) => part);
  };
  const namesIn = async (table: string, key: string) => {
    const { rows } = await db.owner.query<{ name: string }>(
      `select substr(${key}, 9) as name from ${table} where split_part(${key}, ':', 2) <> 'one occasion' order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  it("are in the months of what they are about", async () => {
    expect(await parts("public.notifications", "dedupe_key like '%:old'")).toEqual([
      monthOf("notifications", ageOf(10)),
    ]);
    expect(await parts("private.deliveries", "occasion like '%:waits'")).toEqual([
      monthOf("deliveries", ageOf(9)),
    ]);
  });

  it.each([
    ["inbox", writeNotification],
    ["mail", writeDelivery],
  ])("are written once: 20 at once, %s", async (_channel, statement) => {
    const clients = Array.from({ length: 20 }, () => new pg.Client({ connectionString: db.ownerUrl }));
    try {
      await Promise.all(clients.map((client) => client.connect()));
      const written = await Promise.all(
        clients.map(async (client) => (await client.query<{ n: number }>(statement)).rows[0]?.n),
      );
      expect(written.toSorted()).toEqual([...Array(19).fill(0), 1]);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  it.each([
    ["public.notifications", "notifications_user_id_dedupe_key_key", "dedupe_key"],
    ["private.deliveries", "deliveries_once", "occasion"],
  ])("twin: %s would be written twice without the key", async (table, key, column) => {
    await db.owner.query("begin");
    await db.owner.query(`alter table ${table} drop constraint ${key}`);
    const columns = table.startsWith("public")
      ? "user_id, kind, dedupe_key"
      : "channel, user_id, kind, occasion, content, is_urgent, expires_at";
    const copy = `insert into ${table} (${columns}) select ${columns} from ${table} where ${column} = $1`;
    expect((await db.owner.query(copy, [occasion])).rowCount).toBe(1);
    await db.owner.query("rollback");
    await expect(db.owner.query(copy, [occasion])).rejects.toMatchObject({ constraint: key });
  });

  it("are read by their person, and deleted", async () => {
    const read = {
      text: "update public.notifications set read_at = now() where dedupe_key = $1",
      values: [occasion],
    };
    expect(await attempt(db.owner, signedIn(otherStudent), read)).toBe("0 rows");
    expect(await attempt(db.owner, signedIn(student), read, { keep: true })).toBe("1 row");
    const remove = "delete from public.notifications where dedupe_key = $1";
    expect((await db.owner.query(remove, [occasion])).rowCount).toBe(1);
    expect((await db.owner.query(remove, [occasion])).rowCount).toBe(0);
  });

  it("of a worker that was killed are sent by the next one, and once", async () => {
    const claim = async () => {
      const { rows } = await db.owner.query<{ id: string; attempt: number }>(
        "select id, attempt from private.claim_deliveries(10, interval '1 hour')",
      );
      return rows;
    };
    const end = async ({ id, attempt }: { id: string; attempt: number }) =>
      (await db.owner.query("select private.end_delivery($1, $2, 'sent') as done", [id, attempt])).rows[0]
        .done;
    await db.owner.query("update private.deliveries set due_at = 'infinity' where occasion like '%:waits'");
    const [killed, ...others] = await claim();
    expect(killed?.attempt).toBe(1);
    expect([others, await claim()]).toEqual([[], []]);
    await db.owner.query("update private.deliveries set due_at = now() where id = $1", [killed?.id]);
    const [next] = await claim();
    expect(next).toEqual({ id: killed?.id, attempt: 2 });
    expect(await Promise.all([end({ ...next, attempt: 1 } as never), end(next as never)])).toEqual([
      false,
      true,
    ]);
    await db.owner.query("update private.deliveries set due_at = now() where state <> 'waiting'");
    expect(await claim()).toEqual([]);
  });

  it("are removed by month, when nothing in it is kept", async () => {
    const clean = async (of: string) =>
      (await db.owner.query(`select private.delete_old_${of}(100) as n`)).rows[0].n;
    const sizeOf = async (part: string) =>
      (await db.owner.query("select pg_relation_size($1) > 0 as is_used", [part])).rows[0].is_used;
    const old = monthOf("notifications", ageOf(10));
    const reader = new pg.Client({ connectionString: db.ownerUrl });
    await reader.connect();
    await reader.query(`begin; select from ${old}`);
    // While a month is in use it stays, and no one waits for it. What is much too old goes by itself.
    await clean("notifications");
    expect(await sizeOf(old)).toBe(true);
    await reader.query("rollback");
    await reader.end();
    await clean("notifications");
    expect(await namesIn("public.notifications", "dedupe_key")).toEqual(["later"]);
    expect(await sizeOf(old)).toBe(false);
    await clean("deliveries");
    expect(await namesIn("private.deliveries", "occasion")).toEqual(["waits"]);
    expect(await sizeOf(monthOf("deliveries", ageOf(10)))).toBe(false);
  });
});
