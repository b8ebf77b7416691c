import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../platform/config.ts";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { migrate } from "../migrate.ts";
import { readCatalogue } from "./catalogue.ts";
import { checkDistribution, describeRefusals, distribute } from "./distribute.ts";
import { moveFunctions } from "./functions.ts";
import { placementOf, profiles } from "./placement.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const columns =
  "id uuid not null default private.uuid_v7(), expert_id uuid not null, primary key (id, expert_id)";
const twins: [change: string, refusal: string][] = [
  [
    "create table public.goals (id uuid primary key, expert_id uuid)",
    "public.goals: expert_id decides on the machine, and may be null.",
  ],
  [
    "create table public.goals (id uuid primary key, expert_id uuid generated always as (null::uuid) stored not null)",
    "public.goals: expert_id decides on the machine, and is generated.",
  ],
  [
    `create table public.goals (${columns}, place integer generated always as identity)`,
    "public.goals: place is numbered, and as integer has no range for each machine.",
  ],
  [
    `create table public.goals (${columns}, place serial)`,
    "public.goals: place is numbered, and as integer has no range for each machine.",
  ],
  [
    `create table public.goals (${columns}, title text unique)`,
    "public.goals: The key goals_title_key (title) is without expert_id, and no machine sees all rows.",
  ],
  [
    "create unique index one_seat on public.bookings (occupancy_id, user_id)",
    "public.bookings: The key one_seat (occupancy_id, user_id) is without expert_id, and no machine sees all rows.",
  ],
  [
    `create table public.goals (${columns}, during tstzrange, exclude using gist (expert_id with <>, during with &&))`,
    "public.goals: The key goals_expert_id_during_excl (expert_id, during) is without expert_id, and no machine sees all rows.",
  ],
  [
    `create table public.goals (${columns}, booking_id uuid references public.bookings (id))`,
    "public.goals: The reference goals_booking_id_fkey to public.bookings is without the mentor, so its two rows may be on two machines.",
  ],
  [
    `create table public.goals (${columns}, booking_id uuid,
       foreign key (booking_id, expert_id) references public.bookings (id, expert_id) on update cascade)`,
    "public.goals: The reference goals_booking_id_expert_id_fkey to public.bookings changes keys, which decide on the machine.",
  ],
  [
    `create table public.goals (${columns}, booking_id uuid,
       foreign key (booking_id, expert_id) references public.bookings (id, expert_id) on delete set default)`,
    "public.goals: The reference goals_booking_id_expert_id_fkey to public.bookings sets a default beside the mentor.",
  ],
  [
    "create schema other; create table other.goals (id uuid primary key); " +
      "alter table public.bookings add column goal_id uuid references other.goals",
    "public.bookings: The reference bookings_goal_id_fkey to other.goals leaves the schema.",
  ],
  [
    "alter table auth.users add constraint users_number unique (email); " +
      "alter table public.reviews add column email text references auth.users (email)",
    "public.reviews: The reference reviews_email_fkey to auth.users is followed by a clean-up, which needs an id.",
  ],
  [
    `create policy ${"a".repeat(59)} on public.reviews using (exists (select from public.bookings b where b.id = booking_id))`,
    `public.reviews: The policy ${"a".repeat(59)} asks a table, and its name is too long for a function that does so.`,
  ],
  [
    "create function private.f() returns trigger language plpgsql as 'begin perform tg_table_name; return new; end'; " +
      "create trigger reviews_99_f before insert on public.reviews for each row execute function private.f()",
    "public.reviews: The trigger reviews_99_f asks for the name of its table, which is another one on each machine.",
  ],
];

describe("distributing the schema on Citus", () => {
  it("finds every table and refuses none", async () => {
    const { tables, refusals } = await checkDistribution(db.owner);
    expect(tables).toBeGreaterThan(80);
    expect(refusals).toEqual([]);
  });

  it.each(twins)("refuses: %s", async (change, refusal) => {
    await db.owner.query("begin");
    try {
      await db.owner.query(change);
      expect(describeRefusals((await checkDistribution(db.owner)).refusals)).toBe(refusal);
    } finally {
      await db.owner.query("rollback");
    }
  });

  it("places with their mentor all tables that have one, except the two that lead from a name to a mentor", async () => {
    const tables = await readCatalogue(db.owner);
    const apart = tables.filter(
      (table) => table.columns.some(({ name }) => name === "expert_id") && placementOf(table) !== "mentor",
    );
    expect(apart.map(({ name }) => name)).toEqual(["private.payment_orders", "public.former_usernames"]);
  });

  it("lets no other version of the app change what is distributed; twin: what is not, it does", async () => {
    const other = await openTestDatabase();
    const change =
      "update private.schema_migrations set checksum = repeat('0', 64) where name = 'schema/slots/logic.sql'";
    try {
      await other.owner.query(change);
      expect(await migrate(other.owner)).toEqual(["schema/slots/logic.sql"]);
      await other.owner.query(change);
      await other.owner.query("create function private.book_sessions_of() returns void language sql as ''");
      await expect(migrate(other.owner)).rejects.toThrow(
        "This database is distributed, and another version cannot change it.",
      );
    } finally {
      await other.drop();
    }
  });

  it("changes nothing on a PostgreSQL without Citus", async () => {
    await expect(distribute(db.owner, { shards: 32, log: () => undefined })).rejects.toThrow(
      "This database has no extension citus; nothing was changed.",
    );
  });
});

it("rewrites the functions that it means to, and sends the names of their constraints as hints, too", async () => {
  const { owner } = db;
  const { after } = await moveFunctions(owner, await readCatalogue(owner));
  const rewritten = after.filter((statement) => statement.startsWith("CREATE"));
  expect(rewritten.length).toBeGreaterThan(100);
  const claim = rewritten.find((statement) => statement.includes(" FUNCTION private.claim_events("));
  expect(claim).not.toMatch(/skip locked/);
  expect(rewritten.join("\n")).not.toMatch(/\bselect from\b|constraint = '\w+'(?!, hint)/);
});

/** Joins of a mentor's table by an id alone, in queries that are built. */
const joinsWithoutMentor = (source: string, isOfMentor: (table: string) => boolean) =>
  [...source.matchAll(/Join\("(\w+) as \w+", "\w+\.id", "\w+\.\w+"\)/g)].flatMap(([join, table = ""]) =>
    isOfMentor(table) ? [join] : [],
  );

it("joins of two tables of a mentor name the mentor, as Citus joins them on their machine only then", async () => {
  const names = (await readCatalogue(db.owner))
    .filter((table) => placementOf(table) === "mentor" && table.name !== profiles)
    .map(({ name }) => name.replace("public.", ""));
  const isOfMentor = (table: string) => names.includes(table);
  const paths = globSync("server/**/*.ts", { cwd: projectRoot }).filter((path) => !path.endsWith(".test.ts"));
  const found = paths.flatMap((path) =>
    joinsWithoutMentor(readFileSync(join(projectRoot, path), "utf8"), isOfMentor),
  );
  expect(found).toEqual([]);
  const twin = '.innerJoin("services as s", "s.id", "b.service_id")';
  expect(joinsWithoutMentor(twin, isOfMentor)).toHaveLength(1);
});
