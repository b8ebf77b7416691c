import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

/**
 * What holds so that a mentor's rows can live together on any machine (docs/decisions/0040): what has to change then are
 * primary keys, and the references in the two lists below.
 */
const toPeople = [
  "auth.accounts.user_id",
  "auth.passkeys.user_id",
  "auth.sessions.user_id",
  "auth.two_factors.user_id",
  "availability_alerts.user_id",
  "baskets.user_id",
  "billing_details.user_id",
  "booking_link_generations.user_id",
  "bookings.user_id",
  "calendar_connections.user_id",
  "calendar_feeds.user_id",
  "connected_calendars.user_id",
  "connected_events.user_id",
  "connected_objects.user_id",
  "coupon_uses.user_id",
  "documents.user_id",
  "expert_profiles.id",
  "favourite_mentors.user_id",
  "notification_settings.user_id",
  "notifications.user_id",
  "package_purchases.user_id",
  "payments.user_id",
  "private.administrators.user_id",
  "private.closed_accounts.user_id",
  "private.deliveries.user_id",
  "private.idempotency_keys.user_id",
  "private.reminders.user_id",
  "profiles.id",
  "reviews.user_id",
  "series.user_id",
  "student_notes.student_id",
  "time_requests.user_id",
  "waitlist_entries.user_id",
  "waitlist_offers.user_id",
];

/** From a person's rows to a mentor's. */
const fromPeopleToMentors = ["notifications.booking_id", "notifications.request_id"];

/** Names that are looked up before a mentor is known, and numbers of the platform itself. */
const directories = ["documents_platform_number_key", "former_usernames_pkey", "private.payment_orders_pkey"];

const mentorTables = `
  select c.oid, c.oid::regclass::text as name, a.attnum
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'expert_id'
  where n.nspname in ('private', 'public') and c.relkind in ('r', 'p')`;

interface Rule {
  name: string;
  /** Rows are offenders, by `name`. */
  offenders: string;
  known: readonly string[];
  brokenBy: readonly string[];
}

const columnsOf = (key: string, relation: string) =>
  `(select string_agg(a.attname, ', ' order by k.at) from unnest(${key}) with ordinality k (num, at)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.num)`;

const rules: readonly Rule[] = [
  {
    name: "the references to auth.users are listed",
    offenders: `
      select conrelid::regclass || '.' || ${columnsOf("conkey", "conrelid")} as name
      from pg_constraint where contype = 'f' and confrelid = 'auth.users'::regclass`,
    known: toPeople,
    brokenBy: ["alter table public.occupancies add column booked_by uuid references auth.users (id)"],
  },
  {
    name: "a table of a mentor's rows has a unique key of id and mentor",
    offenders: `
      select t.name from (${mentorTables}) t
        join pg_attribute i on i.attrelid = t.oid and i.attname = 'id' and i.atttypid = 'uuid'::regtype
      where not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'u'
        and k.conkey = array[i.attnum, t.attnum])`,
    known: [],
    brokenBy: [
      "alter table public.bookings drop constraint bookings_id_expert_id_key cascade",
      "create table public.groups (id uuid primary key, expert_id uuid references public.expert_profiles (id))",
    ],
  },
  {
    name: "a reference within a mentor's rows names the mentor too",
    offenders: `
      select c.conrelid::regclass || '.' || ${columnsOf("c.conkey", "c.conrelid")} as name
      from pg_constraint c join (${mentorTables}) target on target.oid = c.confrelid
      where c.contype = 'f' and not target.attnum = any (c.confkey)`,
    known: fromPeopleToMentors,
    brokenBy: [
      "alter table public.reviews add column other_booking_id uuid references public.bookings (id)",
      "alter table public.profiles add column favourite_service_id uuid references public.services (id)",
    ],
  },
  {
    name: "every other unique key of a mentor's rows has the mentor in it",
    offenders: `
      select i.indexrelid::regclass::text as name from pg_index i join (${mentorTables}) t on t.oid = i.indrelid
      where (i.indisunique or i.indisexclusion) and not t.attnum = any (i.indkey)
        and not (i.indisprimary and ${columnsOf("i.indkey", "i.indrelid")} = 'id')`,
    known: directories,
    brokenBy: [
      "create unique index one_seat on public.bookings (occupancy_id, user_id)",
      "alter table public.services add unique (title)",
    ],
  },
  {
    name: "no function takes a table's row: what triggers call takes columns",
    offenders: `
      select p.oid::regprocedure::text as name
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace, unnest(p.proargtypes) a join pg_type y on y.oid = a
      where n.nspname in ('private', 'public') and y.typtype = 'c'`,
    known: [],
    brokenBy: ["create function private.f(booking public.bookings) returns int language sql as 'select 1'"],
  },
  {
    name: "a function that is given a booking, or an event or review of one, is given its mentor",
    offenders: `
      select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('private', 'public') and not 'mentor' = any (p.proargnames[1:p.pronargs])
        and exists (select from unnest(p.proargnames[1:p.pronargs]) arg where arg ~ '(^|_)(booking|event|review)(_id)?$')`,
    known: ["private.mentor_of_booking(uuid)"],
    brokenBy: [
      "create function private.f(booking uuid) returns int language sql as 'select 1'",
      "create function private.f(a_booking_id uuid, out mentor uuid) language sql as 'select a_booking_id'",
      "create function private.f(event bigint) returns int language sql as 'select 1'",
    ],
  },
  {
    name: "new rows have time-ordered ids, and logins random ones",
    offenders: `
      select a.attrelid::regclass::text as name
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where n.nspname in ('auth', 'private', 'public') and c.relkind = 'r' and a.attname = 'id'
        and a.atttypid = 'uuid'::regtype and pg_get_expr(d.adbin, d.adrelid) is distinct from 'private.uuid_v7()'
        and not exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum])`,
    known: ["auth.accounts", "auth.passkeys", "auth.sessions", "auth.two_factors", "auth.verifications"],
    brokenBy: ["alter table public.bookings alter column id set default gen_random_uuid()"],
  },
];

describe.each(rules)("$name", ({ offenders, known, brokenBy }) => {
  const find = async () =>
    (await db.owner.query<{ name: string }>(offenders)).rows.map(({ name }) => name).sort();

  it("holds", async () => {
    expect(await find()).toEqual(known);
  });

  it.each(brokenBy)("is broken by: %s", async (change) => {
    await db.owner.query("begin");
    await db.owner.query(change);
    const found = await find();
    await db.owner.query("rollback");
    expect(found).not.toEqual(known);
  });
});

it("private.uuid_v7() makes UUIDs of version 7, in the order of time", async () => {
  const { rows } = await db.owner.query<{ id: string; before: number; after: number }>(
    `select private.uuid_v7() as id, floor(extract(epoch from statement_timestamp()) * 1000)::float8 as before,
       ceil(extract(epoch from clock_timestamp()) * 1000)::float8 as after from generate_series(1, 200)`,
  );
  for (const { id, before, after } of rows) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(after);
  }
  expect(new Set(rows.map(({ id }) => id)).size).toBe(200);
});
