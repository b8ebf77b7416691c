import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { ownSchemas } from "../describeSchema.ts";
import { requestRoles, rules } from "./rules.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

const offenders = async (query: string) => (await db.owner.query(query, [ownSchemas, requestRoles])).rows;

/** Looks at the schema after a change that is then taken back. */
async function withChange<T>(change: string, look: () => Promise<T>): Promise<T> {
  await db.owner.query("begin");
  try {
    await db.owner.query(change);
    return await look();
  } finally {
    await db.owner.query("rollback");
  }
}

describe.each(rules)("$name", ({ offenders: query, brokenBy }) => {
  it("holds", async () => {
    expect(await offenders(query)).toEqual([]);
  });

  it.each(brokenBy)("is broken by: %s", async (change) => {
    expect(await withChange(change, () => offenders(query))).not.toEqual([]);
  });
});

describe("the names of the guide", () => {
  /** backend-integration-guide.md, "Database Schema" and "Database Indexes". */
  const columns = {
    bookings: {
      id: "uuid",
      user_id: "uuid",
      expert_id: "uuid",
      session_type: "text",
      scheduled_date: "date",
      scheduled_time: "text",
      duration: "integer",
      status: "text",
      message: "text",
      total_amount: "numeric",
      created_at: "timestamp with time zone",
      updated_at: "timestamp with time zone",
    },
    availability_slots: {
      id: "uuid",
      expert_id: "uuid",
      day_of_week: "integer",
      start_time: "text",
      end_time: "text",
      is_recurring: "boolean",
      specific_date: "date",
      created_at: "timestamp with time zone",
      updated_at: "timestamp with time zone",
    },
    blocked_dates: {
      id: "uuid",
      expert_id: "uuid",
      date: "date",
      reason: "text",
      created_at: "timestamp with time zone",
    },
  };
  const indexes = {
    idx_bookings_user_id: "bookings (user_id",
    idx_bookings_expert_id: "bookings (expert_id",
    idx_bookings_scheduled_date: "bookings (scheduled_date",
    idx_availability_slots_expert_id: "availability_slots (expert_id",
    idx_availability_slots_day_of_week: "availability_slots (day_of_week",
    idx_blocked_dates_expert_id: "blocked_dates (expert_id",
    idx_blocked_dates_date: "blocked_dates (date",
  };

  async function readColumns(table: string) {
    const { rows } = await db.owner.query<{ column_name: string; data_type: string }>(
      "select column_name, data_type from information_schema.columns where table_schema = 'public' and table_name = $1",
      [table],
    );
    return Object.fromEntries(rows.map(({ column_name, data_type }) => [column_name, data_type]));
  }

  async function readIndexes() {
    const { rows } = await db.owner.query<{ indexname: string; on_what: string }>(
      `select indexname, substring(indexdef from 'ON public\\.(.*)') as on_what from pg_indexes
       where schemaname = 'public'`,
    );
    return new Map(rows.map(({ indexname, on_what }) => [indexname, on_what.replace(" USING btree", "")]));
  }

  it.each(Object.entries(columns))("%s has the columns", async (table, expected) => {
    expect(await readColumns(table)).toMatchObject(expected);
  });

  it("bookings refer to users and mentors", async () => {
    const { rows } = await db.owner.query(
      `select pg_get_constraintdef(oid) as definition from pg_constraint
       where conname in ('bookings_user_id_fkey', 'bookings_expert_id_fkey') order by conname`,
    );
    expect(rows.map(({ definition }) => definition)).toEqual([
      "FOREIGN KEY (expert_id) REFERENCES expert_profiles(id)",
      "FOREIGN KEY (user_id) REFERENCES auth.users(id)",
    ]);
  });

  it.each(Object.entries(indexes))("%s is there", async (name, expected) => {
    expect((await readIndexes()).get(name)?.slice(0, expected.length)).toBe(expected);
  });

  it("are missed when they change", async () => {
    const renamed = await withChange("alter table public.bookings rename message to note", () =>
      readColumns("bookings"),
    );
    expect(renamed).not.toMatchObject(columns.bookings);
    const dropped = await withChange("drop index public.idx_blocked_dates_date", readIndexes);
    expect(dropped.has("idx_blocked_dates_date")).toBe(false);
  });
});
