import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, book, denied, signedIn, visitor } from "./actor.ts";
import { mentor, otherStudent, plantWorld, student } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await book(db.owner);
  await db.owner.query(`
    insert into auth.accounts (user_id, account_id, provider_id, password) values ('${student}', 'a', 'b', 'hash');
    insert into private.idempotency_keys (user_id, key, request_hash) values ('${student}', 'key', 'hash')`);
});
afterAll(() => db.drop());

const trial = (who: Actor, text: string) => attempt(db.owner, who, text);

const clients: [string, Actor][] = [
  ["a visitor", visitor],
  ["a student", signedIn(student)],
  ["a mentor", signedIn(mentor)],
];
const everyoneElse: [string, Actor][] = [
  ...clients,
  ["the app", app(student)],
  ["Supabase's service role without its bypass", { role: "service_role" }],
];

describe.each(["users", "sessions", "accounts", "verifications", "two_factors", "passkeys"])(
  "auth.%s",
  (table) => {
    it.each(everyoneElse)("is out of reach for %s", async (_name, who) => {
      expect(await trial(who, `select * from auth.${table}`)).toBe(denied);
      expect(await trial(who, `select id from auth.${table}`)).toBe(denied);
      expect(await trial(who, `insert into auth.${table} default values`)).toBe(denied);
      expect(await trial(who, `update auth.${table} set id = id`)).toBe(denied);
      expect(await trial(who, `delete from auth.${table}`)).toBe(denied);
    });
  },
);

it("the accounts library reaches accounts and nothing else", async () => {
  const library: Actor = { role: "matepeak_auth" };
  expect(await trial(library, "select password from auth.accounts")).toBe("1 row");
  for (const table of ["bookings", "profiles", "expert_profiles", "occupancies", "blocked_dates"]) {
    expect(await trial(library, `select from public.${table}`)).toBe(denied);
  }
  expect(await trial(library, "select from private.idempotency_keys")).toBe(denied);
});

describe("the private schema", () => {
  it.each([...clients, ["the accounts library", { role: "matepeak_auth" } as Actor] as const])(
    "is closed to %s",
    async (_name, who) => {
      for (const table of ["idempotency_keys", "schema_migrations"]) {
        expect(await trial(who, `select from private.${table}`)).toBe(denied);
        expect(await trial(who, `delete from private.${table}`)).toBe(denied);
      }
    },
  );

  it("shows the app the caller's keys only", async () => {
    const read = "select key, request_hash, body from private.idempotency_keys";
    expect(await trial(app(student), read)).toBe("1 row");
    expect(await trial(app(otherStudent), read)).toBe("0 rows");
    const answer = "update private.idempotency_keys set body = '{}'";
    expect(await trial(app(student), answer)).toBe("1 row");
    expect(await trial(app(otherStudent), answer)).toBe("0 rows");
    const claim = `insert into private.idempotency_keys (user_id, key, request_hash) values ('${student}', 'k', 'h')`;
    expect(await trial(app(student), claim)).toBe("1 row");
    expect(await trial(app(otherStudent), claim)).toBe(denied);
    expect(await trial(app(student), "update private.idempotency_keys set request_hash = 'x'")).toBe(denied);
    expect(await trial(app(student), "delete from private.idempotency_keys")).toBe(denied);
    expect(await trial(app(student), "select from private.schema_migrations")).toBe(denied);
  });

  const functions = [
    "expire_requests(null)",
    "instant_of('2040-01-01', '10:00', 'UTC')",
    "is_timezone('UTC')",
    "is_booking_step('pending', 'confirmed')",
    "take_seat(null, null, null, null, null, null, null, null)",
  ];
  it.each(functions)("private.%s cannot be called", async (call) => {
    for (const [, who] of everyoneElse) expect(await trial(who, `select private.${call}`)).toBe(denied);
  });

  it("lets only the app lock a mentor", async () => {
    const lock = `select private.lock_mentor('${mentor}')`;
    expect(await trial(app(student), lock)).toBe("1 row");
    for (const [, who] of clients) expect(await trial(who, lock)).toBe(denied);
  });
});

describe("the ledger", () => {
  it.each(everyoneElse.slice(0, 4))("shows %s what is taken, but not by whom", async (_name, who) => {
    expect(await trial(who, "select * from public.occupancies")).toBe("1 row");
    const { rows } = await db.owner.query<{ column_name: string }>(
      "select column_name from information_schema.columns where table_name = 'occupancies' order by 1",
    );
    expect(rows.map(({ column_name }) => column_name)).toEqual(
      "capacity created_at during ends_at expert_id expires_at id join_until judged_revision programme_id seats_taken service_id starts_at state".split(
        " ",
      ),
    );
  });

  it.each(everyoneElse)("is not written by %s", async (_name, who) => {
    expect(await trial(who, "insert into public.occupancies default values")).toBe(denied);
    expect(await trial(who, "update public.occupancies set state = 'booked'")).toBe(denied);
    expect(await trial(who, "delete from public.occupancies")).toBe(denied);
  });
});

it.each(everyoneElse)("%s creates nothing and takes on no role", async (_name, who) => {
  for (const attack of [
    "create table public.mine (id int)",
    "create function public.mine() returns int language sql as 'select 1'",
    "create schema mine",
    "create role mine",
    "alter table public.bookings disable row level security",
    "alter table public.bookings disable trigger all",
    "drop table public.booking_events",
    "create policy open on public.bookings using (true)",
  ]) {
    expect(await trial(who, attack), attack).toBe(denied);
  }
});

it("the app's login takes on visitors and signed-in people, and no stronger role", async () => {
  const { database } = db;
  const asked = await database.asSystem("a test", student, ({ client }) =>
    client.query("select current_user as who, session_user as login, auth.uid() as id"),
  );
  expect(asked.rows).toEqual([{ who: "matepeak_app", login: "matepeak_app", id: student }]);
  for (const role of ["matepeak_auth", "service_role", "postgres"]) {
    const become = database.asSystem("a test", null, ({ client }) => client.query(`set local role ${role}`));
    await expect(become).rejects.toMatchObject({ code: denied });
  }
});
