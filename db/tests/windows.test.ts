import { afterAll, beforeAll, expect, it } from "vitest";
import { windowHours } from "#rules/windows.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

/** Windows of rules/windows.ts that a function of the database enforces; the others are the app's alone. */
const enforced: readonly (readonly [keyof typeof windowHours, string])[] = [
  ["requestAnswer", "private.prepare_booking"],
  ["noShowReport", "private.prepare_no_show_claim"],
  ["noShowAnswer", "private.prepare_no_show_claim"],
  ["completion", "private.complete_held_sessions"],
  ["completion", "private.mentors_with_held_sessions"],
  ["reviewChange", "private.review_is_open"],
  ["unconfirmedReview", "private.review_opens_at"],
];

/** The intervals of whole hours or days that a function names, in hours. */
function hoursIn(source: string): number[] {
  const named = source.matchAll(/interval '(\d+) (hour|day)s?'/g);
  return [...named].map(([, count, unit]) => Number(count) * (unit === "day" ? 24 : 1));
}

it.each(enforced)("%s is the interval of %s", async (window, name) => {
  const { rows } = await db.owner.query<{ source: string }>(
    "select pg_get_functiondef(p.oid) as source from pg_proc p where p.oid = any (select to_regproc($1)::oid)",
    [name],
  );
  expect(rows).toHaveLength(1);
  expect(hoursIn(rows[0]?.source ?? "")).toContain(windowHours[window]);
});

it("twin: another interval is another number", () => {
  expect(hoursIn("now() + interval '47 hours', interval '2 days', interval '1 minute'")).toEqual([47, 48]);
});
