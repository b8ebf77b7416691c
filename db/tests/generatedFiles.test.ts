import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { describeSchema } from "../describeSchema.ts";
import { describeTypes } from "../describeTypes.ts";

let db: TestDatabase;
/** As the last test has left it. */
let schema: string;
beforeAll(async () => {
  db = await openTestDatabase();
  schema = await describeSchema(db.owner);
});
afterAll(() => db.drop());

const committed = (name: string) => readFile(new URL(`../${name}`, import.meta.url), "utf8");

it("schema.snapshot.sql is what the migrations make (else: npm run db:generate)", async () => {
  expect(schema).toBe(await committed("schema.snapshot.sql"));
});

it("types.gen.ts is what the migrations make (else: npm run db:generate)", async () => {
  expect(await describeTypes(db.ownerUrl)).toBe(await committed("types.gen.ts"));
});

it.each([
  "alter table public.bookings alter column message set not null",
  "alter table public.bookings alter column status set default 'confirmed'",
  "alter table public.bookings drop constraint bookings_not_own_session",
  "alter table public.bookings disable row level security",
  "alter policy bookings_read_party on public.bookings using (true)",
  "drop trigger bookings_20_prepare on public.bookings",
  "drop index public.idx_bookings_user_id",
  "grant update (total_amount) on public.bookings to authenticated",
  "grant execute on function public.lock_booking(uuid,uuid) to anon",
  "alter function public.lock_booking(uuid,uuid) security invoker",
  "alter function public.lock_booking(uuid,uuid) reset search_path",
  "comment on table public.bookings is 'Something else'",
])("a change shows in the description: %s", async (change) => {
  const before = schema;
  await db.owner.query(change);
  schema = await describeSchema(db.owner);
  expect(schema).not.toBe(before);
});
