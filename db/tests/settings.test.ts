import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scheduleStatements } from "../../server/slots/queries.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { mentor, plantWorld } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

const columnsSql = `
  select array_agg(attname::text order by attname) as columns from pg_attribute
  where attrelid = 'public.expert_profiles'::regclass and attnum > 0 and not attisdropped`;

async function readColumns(): Promise<string[]> {
  return (await db.owner.query<{ columns: string[] }>(columnsSql)).rows[0]?.columns ?? [];
}

/** The columns of a profile that count as scheduling settings. */
async function settings(columns: readonly string[]): Promise<string[]> {
  const { rows } = await db.owner.query<{ name: string }>(
    "select jsonb_object_keys(private.settings_of(jsonb_object_agg(name, 0))) as name from unnest($1::text[]) name",
    [columns],
  );
  return rows.map(({ name }) => name).sort();
}

/** How much a change of the mentor's row adds to the two revisions; everything is rolled back. */
async function countsOf(change: string): Promise<{ times: number; hours: number }> {
  const look = async () =>
    (
      await db.owner.query<{ times: string; hours: number }>(
        `select r.revision as times, p.hours_revision as hours
         from public.expert_profiles p join public.schedule_revisions r on r.expert_id = p.id where p.id = $1`,
        [mentor],
      )
    ).rows[0];
  await db.owner.query("begin");
  try {
    const before = await look();
    await db.owner.query(change);
    const after = await look();
    return {
      times: Number(after?.times) - Number(before?.times),
      hours: Number(after?.hours) - Number(before?.hours),
    };
  } finally {
    await db.owner.query("rollback");
  }
}

const set = (change: string) => `update public.expert_profiles set ${change} where id = '${mentor}'`;

describe("a scheduling setting", () => {
  it("is every column of a profile that is not listed as something else", async () => {
    expect(await settings(await readColumns())).toEqual([
      "accepting_bookings",
      "booking_window_days",
      "buffer_after",
      "buffer_before",
      "full_name",
      "headline",
      "hidden_because",
      "id",
      "instant_confirm",
      "max_per_day",
      "max_per_week",
      "minimum_notice",
      "slot_interval",
      "timezone",
      "username",
    ]);
  });

  it("is every column that the schedule's statement reads, but for who is confirmed instantly", async () => {
    const read = [...scheduleStatements.id.text.matchAll(/\bp\.(\w+)/g)].map(([, column = ""]) => column);
    const others = [...new Set(read)].filter((column) => column !== "approve_first_timers");
    expect(others).toContain("accepting_bookings");
    expect(await settings(others)).toEqual(others.sort());
  });

  it.each([
    "slot_interval = 45",
    "buffer_before = 15",
    "buffer_after = 15",
    "minimum_notice = 60",
    "booking_window_days = 30",
    "max_per_day = 3",
    "max_per_week = 9",
    "timezone = 'Europe/Paris'",
    "hidden_because = 'suspended'",
  ])("counts as a change of times and hours: %s", async (change) => {
    expect(await countsOf(set(change))).toEqual({ times: 1, hours: 1 });
  });

  it.each([
    "accepting_bookings = false",
    "instant_confirm = true",
    "username = 'another-name'",
    "headline = 'Another'",
  ])("counts as a change of times alone: %s", async (change) => {
    expect(await countsOf(set(change))).toEqual({ times: 1, hours: 0 });
  });

  it("counts from the day it is added, without a word in any trigger", async () => {
    const added = `alter table public.expert_profiles add column series_length integer not null default 1; ${set("series_length = 4")}`;
    expect(await countsOf(added)).toEqual({ times: 1, hours: 1 });
  });
});

describe("twins", () => {
  it.each([
    "bio = 'Another'",
    "listed = false",
    "approve_first_timers = true",
    "slot_interval = slot_interval",
  ])("counts as nothing: %s", async (change) => {
    expect(await countsOf(set(change))).toEqual({ times: 0, hours: 0 });
  });

  it("a setting that is listed as something else is missed", async () => {
    await db.owner.query("begin");
    await db.owner.query(`create or replace function private.settings_of(profile jsonb) returns jsonb
      language sql immutable return profile - 'buffer_before'`);
    expect(await settings(await readColumns())).not.toContain("buffer_before");
    await db.owner.query("rollback");
  });

  it("the list names columns that exist", async () => {
    const columns = await readColumns();
    const { rows } = await db.owner.query<{ source: string }>(
      "select prosrc as source from pg_proc where oid = 'private.settings_of(jsonb)'::regprocedure",
    );
    const named = [...(rows[0]?.source ?? "").matchAll(/'(\w+)'/g)].map(([, column]) => column);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((column) => !columns.includes(column ?? ""))).toEqual([]);
  });
});
