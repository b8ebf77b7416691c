import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../testing/testDatabase.ts";
import { isPlanOutdated } from "./outdatedPlans.ts";

let db: TestDatabase;
const person = "00000000-0000-4000-8000-000000000001";
beforeEach(async () => {
  // One connection, so that a statement meets what was prepared before.
  db = await openTestDatabase({ poolSize: 1, longestConnection: 2 });
  await db.owner.query("insert into auth.users (id, name, email) values ($1, 'Asha', 'asha@example.com')", [
    person,
  ]);
  await db.owner.query("insert into profiles (id, full_name) values ($1, 'Asha Rao')", [person]);
});
afterEach(() => db.drop());

const readName = () =>
  db.database.asUser(person, async ({ db }) =>
    db.selectFrom("profiles").select("full_name").where("id", "=", person).executeTakeFirstOrThrow(),
  );
const backend = () =>
  db.database.asUser(person, async ({ client }) => {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return rows[0]?.pid;
  });
/** How often each typed statement has run on the connection of transactions. */
const runsByName = () =>
  db.database.asUser(person, async ({ client }) => {
    const { rows } = await client.query<{ name: string; runs: number }>(
      "select name, generic_plans + custom_plans as runs from pg_prepared_statements where name ~ '_' order by name",
    );
    return new Map(rows.map(({ name, runs }) => [name, runs]));
  });

describe("a typed statement", () => {
  it("is prepared once on a connection, and separately for each role", async () => {
    for (let i = 0; i < 3; i++) await readName();
    await db.database.asSystem("a test", person, async ({ db }) =>
      db.selectFrom("expert_profiles").select("id").execute(),
    );
    await db.database.asUser(person, async ({ db }) =>
      db.selectFrom("expert_profiles").select("id").execute(),
    );
    const runs = await runsByName();
    const asApp = [...runs.keys()].filter((name) => name.startsWith("matepeak_app_"));
    expect(asApp).toHaveLength(1);
    expect(runs.get(asApp[0]!.replace("matepeak_app", "authenticated"))).toBe(1);
    expect([...runs.values()].sort()).toEqual([1, 1, 3]);
  });

  it("of visitors is prepared, too", async () => {
    const read = () => db.database.publicDb.selectFrom("expert_profiles").select("id").execute();
    for (let i = 0; i < 3; i++) await read();
    const { rows } = await db.database.public.query<{ runs: number }>(
      "select generic_plans + custom_plans as runs from pg_prepared_statements where name ~ '^anon_'",
    );
    expect(rows).toEqual([{ runs: 3 }]);
  });

  it("may be sent several times at once", async () => {
    const answers = await db.database.asUser(person, async ({ db }) =>
      Promise.all(
        Array.from({ length: 5 }, () =>
          db.selectFrom("profiles").select("full_name").where("id", "=", person).execute(),
        ),
      ),
    );
    expect(answers.flat()).toHaveLength(5);
  });
});

describe("after a migration has changed a column's type", () => {
  const changeTypes = () =>
    db.owner.query(`
      create domain private.short_name as text constraint short_name_length check (char_length(value) < 200);
      alter table profiles alter column full_name type private.short_name;
      alter table services alter column description type varchar(4000)`);

  it("a running process goes on: in a transaction, and with a visitor's read", async () => {
    const readTexts = () => db.database.publicDb.selectFrom("expert_profiles").select("headline").execute();
    expect(await readName()).toEqual({ full_name: "Asha Rao" });
    await readTexts();
    await changeTypes();
    expect(await readName()).toEqual({ full_name: "Asha Rao" });
    expect(await readTexts()).toEqual([]);
    expect(db.database.retries()).toBe(1);
  });

  it("a connection with the old plan refuses the statement for good: the twin", async () => {
    const read = () => db.owner.query({ name: "old", text: "select full_name from profiles" });
    await read();
    await changeTypes();
    for (let i = 0; i < 2; i++) expect(isPlanOutdated(await read().catch((error) => error))).toBe(true);
  });
});

it("a connection is replaced after some time, and with it the plans made while tables were small", async () => {
  const first = await backend();
  expect(await backend()).toBe(first);
  await expect.poll(backend, { timeout: 5_000 }).not.toBe(first);
});
