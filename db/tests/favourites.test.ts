import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, denied, signedIn, verdict, visitor } from "./actor.ts";
import { insertInto, mentor, otherMentor, otherStudent, plantWorld, student } from "./world.ts";

const most = 200;
const tooMany = "23514 favourite_mentors_at_most_200";
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  // Mentors enough to fill a list twice.
  await db.owner.query(`
    with made as (
      insert into auth.users (name, email) select 'M' || n, 'm' || n || '@example.test' from generate_series(1, 400) n
      returning id
    )
    insert into public.expert_profiles (id, username, full_name, timezone)
      select id, 'm-' || right(id::text, 20), 'Mentor', 'UTC' from made`);
});
afterEach(() => db.owner.query("delete from public.favourite_mentors"));
afterAll(() => db.drop());

const choose = (who: Actor, expert_id = mentor, user_id = who.id, keep = true) =>
  attempt(db.owner, who, insertInto("public.favourite_mentors", { user_id, expert_id }), { keep });
const count = async () => (await db.owner.query("select from public.favourite_mentors")).rowCount;
const fill = (howMany: number) =>
  db.owner.query(
    `insert into public.favourite_mentors (user_id, expert_id)
       select $1, id from public.expert_profiles where username like 'm-%' order by id limit $2`,
    [student, howMany],
  );

it("are added, read and removed only by their student", async () => {
  expect(await choose(signedIn(student))).toBe("1 row");
  expect(await choose(signedIn(student))).toBe("23505 favourite_mentors_pkey");
  expect(await choose(signedIn(otherStudent), mentor, student)).toBe(denied);
  expect(await choose(signedIn(mentor), otherMentor, student)).toBe(denied);
  const see = "select * from public.favourite_mentors";
  const drop = "delete from public.favourite_mentors";
  expect(await attempt(db.owner, signedIn(student), see)).toBe("1 row");
  for (const who of [signedIn(otherStudent), signedIn(mentor)]) {
    expect(await attempt(db.owner, who, see)).toBe("0 rows");
    expect(await attempt(db.owner, who, drop)).toBe("0 rows");
  }
  for (const who of [visitor, app(student), { role: "matepeak_auth" } as Actor]) {
    expect(await attempt(db.owner, who, see)).toBe(denied);
    expect(await choose(who, otherMentor, student)).toBe(denied);
    expect(await attempt(db.owner, who, drop)).toBe(denied);
  }
  const rewrite = "update public.favourite_mentors set created_at = now()";
  expect(await attempt(db.owner, signedIn(student), rewrite)).toBe(denied);
  expect(await attempt(db.owner, signedIn(student), drop)).toBe("1 row");
});

it("go with the mentor", async () => {
  const leaving = "00000000-0000-4000-8000-00000000dead";
  await db.owner.query(`
    insert into auth.users (id, name, email) values ('${leaving}', 'Leaving', 'leaving@example.test');
    insert into public.expert_profiles (id, username, full_name, timezone)
      values ('${leaving}', 'leaving', 'Leaving', 'UTC')`);
  await choose(signedIn(student), leaving);
  await choose(signedIn(student));
  await db.owner.query(`delete from auth.users where id = '${leaving}'`);
  expect(await count()).toBe(1);
});

it("are at most 200; the same one again is no more", async () => {
  await fill(most);
  expect(await choose(signedIn(student))).toBe(tooMany);
  expect(await choose(signedIn(otherStudent))).toBe("1 row");
  const [known] = (await db.owner.query("select expert_id from public.favourite_mentors limit 1")).rows;
  const again = `insert into public.favourite_mentors (user_id, expert_id)
    values ('${student}', '${known.expert_id}') on conflict do nothing`;
  expect(await attempt(db.owner, signedIn(student), again)).toBe("0 rows");
});

/** Ten connections, each with one favourite more. */
async function rush(): Promise<string[]> {
  const { rows } = await db.owner.query<{ id: string }>(
    "select id from public.expert_profiles where username like 'm-%' order by id desc limit 10",
  );
  const insert = "insert into public.favourite_mentors (user_id, expert_id) values ($1, $2)";
  return Promise.all(
    rows.map(({ id }) =>
      verdict(db.database.asUser(student, ({ client }) => client.query(insert, [student, id]))),
    ),
  );
}

it("are at most 200, also with concurrent inserts", async () => {
  await fill(most - 1);
  expect((await rush()).sort()).toEqual(["1 row", ...Array.from({ length: 9 }, () => tooMany)]);
  expect(await count()).toBe(most);
});

it("would be more without the limit's place in line", async () => {
  await fill(most - 1);
  const { rows } = await db.owner.query<{ body: string }>(
    "select pg_get_functiondef('private.limit_favourites()'::regprocedure) as body",
  );
  const lock = /perform pg_advisory_xact_lock\(.*\);/;
  expect(rows[0]?.body).toMatch(lock);
  // Counts as before, but takes its time between the count and the insert.
  await db.owner.query(
    String(rows[0]?.body).replace(lock, "").replace("return new;", "perform pg_sleep(0.3); return new;"),
  );
  await rush();
  expect(await count()).toBeGreaterThan(most);
});
