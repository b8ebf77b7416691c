import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { recordLiteral } from "./recordLiteral.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await db.owner.query("create type pair as (words text, instant timestamptz, count integer, is_on boolean)");
});
afterAll(() => db.drop());

async function readBack(literals: string[]): Promise<unknown[]> {
  const { rows } = await db.owner.query("select * from unnest($1::pair[])", [literals]);
  return rows;
}

it("is read by PostgreSQL as what was written, also in an array", async () => {
  // PostgreSQL's text cannot contain U+0000, nor half of a surrogate pair.
  const words = fc.string({ unit: "binary" }).map((text) => text.toWellFormed().replaceAll("\0", ""));
  const row = fc.record({
    words: fc.option(fc.oneof(words, fc.constantFrom("", "null", '"', "\\", '(",\\")', "{}", " ", "\n"))),
    instant: fc.option(fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })),
    count: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    is_on: fc.option(fc.boolean()),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), async (rows) => {
      const literals = rows.map(({ words, instant, count, is_on }) =>
        recordLiteral([words, instant, count, is_on]),
      );
      expect(await readBack(literals)).toEqual(rows);
    }),
    { numRuns: 200 },
  );
});

it("would be misread without the escapes (twin)", async () => {
  await expect(readBack(['("a"b")'])).rejects.toThrow("malformed record literal");
});
