import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { composeTables, readLogic, readTables, type SqlFile } from "../schemaFiles.ts";
import { definedIn, definedInCatalogue } from "./logicFiles.ts";

let db: TestDatabase;
let logic: SqlFile[];
/** Functions that a constraint, index or generated column calls, and who is asking: they are part of the tables. */
let inTables: string[];
beforeAll(async () => {
  db = await openTestDatabase();
  logic = await readLogic();
  inTables = definedIn({ sql: await composeTables() });
});
afterAll(() => db.drop());

const twice = (lines: readonly string[]) => lines.filter((line, index) => lines.indexOf(line) !== index);

it("every function, trigger, policy and grant of the catalogue is defined in exactly one file, and the other way round", async () => {
  const defined = [...logic.flatMap(definedIn), ...inTables].sort();
  expect(twice(defined)).toEqual([]);
  expect(defined).toEqual(await definedInCatalogue(db.owner));
});

it("tables.sql files define no trigger and no policy, and the functions that tables need", () => {
  expect(inTables).toEqual([
    "execute on function auth.uid to anon",
    "execute on function auth.uid to authenticated",
    "execute on function auth.uid to matepeak_app",
    "function auth.uid",
    "function private.is_gstin",
    "function private.mentor_search_text",
    "function private.payout_minimum",
    "function private.rating_with_prior",
    "function private.sum_of_lines",
    "function private.uuid_v7",
    "function private.words_for_search",
    "function public.fold_for_search",
  ]);
});

it("a logic file defines the triggers and policies of its own tables", async () => {
  const nounOf = new Map<string, string>();
  for (const { name, sql } of await readTables()) {
    for (const [, table = ""] of sql.matchAll(/create (?:unlogged )?table (\S+)/g))
      nounOf.set(table, dirname(name));
  }
  const strangers = logic.flatMap((file) =>
    definedIn(file)
      .filter((line) => /^(trigger|policy)/.test(line))
      .map((line) => line.split(" on ")[1] ?? "")
      .filter((table) => nounOf.get(table) !== dirname(file.name))
      .map((table) => `${table} in ${file.name}`),
  );
  expect(strangers).toEqual([]);
});

/** The triggers of a file as its headers list them, and as its statements make them: name without the table, and events. */
function triggerLists(sql: string): { listed: string[]; made: string[] } {
  const headers =
    sql.match(/^ *-- Triggers, in the order in which they fire:\n(?: *-- {1,3}(?:\*|\d\d_).*\n)+/gm) ?? [];
  const listed = headers.flatMap((header) => header.match(/\d\d_\w+ \([a-z, ]+\)/g) ?? []);
  const found = sql.matchAll(
    /create or replace trigger [a-z_]+?_(\d\d_\w+)\s+(?:before|after) ((?:insert|update|delete)(?: or \w+)*)/g,
  );
  const made = [...found].map(([, name, events]) => `${name} (${events?.replaceAll(" or ", ", ")})`);
  return { listed, made };
}

it("each table's header lists its triggers in the order in which they fire", () => {
  for (const { sql } of logic) {
    const { listed, made } = triggerLists(sql);
    expect(listed).toEqual(made);
  }
  expect(logic.flatMap(({ sql }) => triggerLists(sql).made).length).toBeGreaterThan(60);
});

describe("twins", () => {
  it.each([
    [
      "create function private.odd() returns int language sql as 'select 1'",
      ["execute on function private.odd to public", "function private.odd"],
    ],
    ["create policy odd on public.reviews using (true)", ["policy odd on public.reviews"]],
    ["grant update (author) on public.reviews to anon", ["update (author) on public.reviews to anon"]],
    ["grant truncate on private.call_counts to public", ["truncate on private.call_counts to public"]],
    [
      "create trigger odd before update on public.reviews for each row execute function private.touch_updated_at()",
      ["trigger odd on public.reviews"],
    ],
  ])("what no file defines is found: %s", async (change, lines) => {
    const before = await definedInCatalogue(db.owner);
    await db.owner.query("begin");
    await db.owner.query(change);
    const after = await definedInCatalogue(db.owner);
    await db.owner.query("rollback");
    expect(after.filter((line) => !before.includes(line))).toEqual(lines);
  });

  it("a trigger that its header does not list is found", () => {
    const sql = `-- Triggers, in the order in which they fire:
-- * before a row: 10_prepare (insert)
create or replace trigger bookings_10_prepare before insert or update on public.bookings`;
    expect(triggerLists(sql)).toEqual({
      listed: ["10_prepare (insert)"],
      made: ["10_prepare (insert, update)"],
    });
  });

  it("what is defined twice is found, also in another way of writing it", () => {
    const sql = `
      grant select (a, b), delete on public.x, public.y to anon;
      -- grant select (a) on public.x to anon;
      grant select (b)
        on public.y to anon, authenticated;
      create or replace function private.f(a int, b text) returns trigger`;
    expect(twice(definedIn({ sql }))).toEqual(["select (b) on public.y to anon"]);
    expect(definedIn({ sql })).toContain("function private.f");
  });
});
