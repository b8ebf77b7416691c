import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goOnWithDeletion } from "../../server/personalData/deletion.ts";
import { openDatabase } from "../../server/platform/database/database.ts";
import { migrate } from "../../server/postgres/migrate.ts";
import { openSupabaseProject, type SupabaseProject } from "../../server/testing/supabaseProject.ts";
import { describeSchema } from "../describeSchema.ts";
import {
  type Actor,
  attempt,
  book,
  changeStatus,
  denied,
  signedIn,
  taken,
  tryToBook,
  visitor,
} from "./actor.ts";
import { requestRoles, rules } from "./rules.ts";
import {
  bookingRequest,
  insertInto,
  mentor,
  otherStudent,
  plantUser,
  plantWorld,
  stranger,
  student,
} from "./world.ts";

let project: SupabaseProject;
/** PostgREST's connection. */
let rest: pg.Client;
let authBefore: string;
let applied: string[];
beforeAll(async () => {
  project = await openSupabaseProject();
  authBefore = await describeSchema(project.admin, ["auth"]);
  applied = await migrate(project.owner);
  await plantWorld(project.admin);
  rest = new pg.Client({ connectionString: project.restUrl });
  await rest.connect();
});
afterAll(async () => {
  await rest?.end();
  await project?.stop();
});

const serviceRole: Actor = { role: "service_role" };

it("every migration applies as the project's owner, who is no superuser", async () => {
  expect(applied[0]).toBe("0001_baseline.sql");
  expect(await migrate(project.owner)).toEqual([]);
});

it("nothing in auth was touched", async () => {
  const sections = (text: string) => text.slice(text.indexOf("schema auth"));
  expect(sections(await describeSchema(project.admin, ["auth"]))).toBe(sections(authBefore));
});

it("an extension that was there stays where it was, a missing one joins it", async () => {
  const { rows } = await project.admin.query(
    `select extname, extnamespace::regnamespace::text as schema from pg_extension
     where extname <> 'plpgsql' order by extname`,
  );
  expect(rows).toEqual([
    { extname: "btree_gist", schema: "extensions" },
    { extname: "pg_trgm", schema: "extensions" },
    { extname: "pgcrypto", schema: "extensions" },
  ]);
});

describe("Supabase's default privileges open nothing", () => {
  it.each(rules)("$name", async ({ offenders }) => {
    const { rows } = await project.admin.query(offenders, [["private", "public"], requestRoles]);
    expect(rows).toEqual([]);
  });

  it("though they are at work", async () => {
    await project.owner.query("begin");
    await project.owner.query(
      "create table public.mine (id int); create function public.mine() returns int language sql as 'select 1'",
    );
    const broken = [];
    for (const { name, offenders } of rules) {
      const { rowCount } = await project.owner.query(offenders, [["private", "public"], requestRoles]);
      if (rowCount) broken.push(name);
    }
    await project.owner.query("rollback");
    expect(broken).toEqual(
      expect.arrayContaining([
        "every right has a policy",
        "no other role has any right, and a visitor only reads",
        "a function runs for those it was granted to, and for no other role by default",
      ]),
    );
  });

  it("not to the service key either, which passes by the policies", async () => {
    for (const table of ["bookings", "booking_events", "profiles", "occupancies"]) {
      expect(await attempt(rest, serviceRole, `select from public.${table}`)).toBe(denied);
      expect(await attempt(rest, serviceRole, `delete from public.${table}`)).toBe(denied);
    }
    expect(await attempt(rest, serviceRole, "select public.my_blocked_dates()")).toBe(denied);
  });
});

describe("through PostgREST's login", () => {
  const ask = (changes = {}, who: Actor = signedIn(student)) =>
    attempt(
      rest,
      who,
      insertInto("public.bookings", bookingRequest({ scheduled_time: "15:00", ...changes })),
    );

  it("a student books once, at the service's price, and the time is taken", async () => {
    const booked = await book(rest);
    expect(Number(booked.total_amount)).toBe(900.5);
    expect(booked.status).toBe("pending");
    expect(await tryToBook(rest, { user_id: otherStudent, scheduled_time: "10:30" })).toBe(taken);
    expect(await attempt(rest, signedIn(otherStudent), "select * from public.bookings")).toBe("0 rows");
    expect(await attempt(rest, signedIn(student), "select * from public.booking_events")).toBe("1 row");
    expect(await changeStatus(rest, signedIn(mentor), booked.id, "confirmed")).toBe("1 row");
    expect(await changeStatus(rest, signedIn(student), booked.id, "cancelled")).toBe("1 row");
    expect(await tryToBook(rest, { user_id: otherStudent, scheduled_time: "10:30" })).toBe("1 row");
  });

  it.each([
    { total_amount: 0 },
    { status: "confirmed" },
    { starts_at: "2040-06-04T04:30:00Z" },
    { expires_at: null },
    { user_id: otherStudent },
  ])("a student does not send %o", async (changes) => {
    expect(await ask(changes)).toBe(denied);
  });

  it("a visitor books nothing and reads no booking", async () => {
    expect(await ask({}, visitor)).toBe(denied);
    expect(await attempt(rest, visitor, "select * from public.bookings")).toBe(denied);
    expect(await attempt(rest, visitor, "select reason from public.blocked_dates")).toBe(denied);
    expect(await attempt(rest, visitor, "select * from public.expert_profiles")).toBe("2 rows");
  });

  it.each([
    "delete from public.bookings",
    "update public.bookings set total_amount = 0",
    "update public.expert_profiles set verified = true",
    "insert into public.occupancies default values",
    "update public.booking_events set reason = 'x'",
    "select setval('public.booking_events_id_seq', 1)",
    "select private.expire_requests(null)",
    "select * from auth.users",
    "select * from private.idempotency_keys",
  ])("no signed-in person may: %s", async (statement) => {
    for (const who of [student, mentor]) expect(await attempt(rest, signedIn(who), statement)).toBe(denied);
  });
});

describe("the app with the owner's DATABASE_URL", () => {
  it("steps down to each of its roles and works", async () => {
    const database = openDatabase({ url: project.ownerUrl });
    try {
      const visitors = await database.public.query<{ who: string }>("select current_user as who");
      expect(visitors.rows).toEqual([{ who: "anon" }]);
      const who = await database.asSystem("a test", student, async ({ client }) => {
        await client.query("select private.lock_mentor($1)", [mentor]);
        const row = bookingRequest({
          scheduled_time: "18:00",
          starts_at: "2040-06-04T12:30:00Z",
          status: "confirmed",
        });
        const { text, values } = insertInto("public.bookings", row);
        await client.query(text, values);
        return client.query("select current_user as who");
      });
      expect(who.rows).toEqual([{ who: "matepeak_app" }]);
      const own = await database.asUser(student, ({ client }) =>
        client.query("select status from public.bookings where scheduled_time = '18:00'"),
      );
      expect(own.rows).toEqual([{ status: "confirmed" }]);
    } finally {
      await database.close();
    }
  });
});

it("an account without bookings can be deleted by Supabase's own Auth, one with bookings cannot", async () => {
  const leaver = "00000000-0000-4000-8000-0000000000ee";
  await plantUser(project.admin, leaver, "leaver");
  await project.admin.query("insert into public.profiles (id) values ($1)", [leaver]);
  await project.admin.query("set role supabase_auth_admin");
  try {
    const { rowCount } = await project.admin.query("delete from auth.users where id = any ($1)", [
      [leaver, stranger],
    ]);
    expect(rowCount).toBe(2);
    await expect(
      project.admin.query("delete from auth.users where id = $1", [otherStudent]),
    ).rejects.toMatchObject({
      constraint: "bookings_user_id_fkey",
    });
  } finally {
    await project.admin.query("reset role");
  }
});

it("an account is deleted as far as it is ours, and its logins are left to the platform", async () => {
  const leaver = "00000000-0000-4000-8000-0000000000ed";
  await plantUser(project.admin, leaver, "leaver2");
  const booked = await book(rest, {
    user_id: leaver,
    scheduled_time: "20:00",
    user_name: "Zebulon",
    message: "Zebulon",
  });
  const database = openDatabase({ url: project.ownerUrl });
  try {
    await database.asSystem("a test", leaver, ({ client }) =>
      client.query("select private.request_deletion()"),
    );
    expect(await tryToBook(rest, { user_id: leaver, scheduled_time: "22:00" })).toBe("23514 accounts_open");
    const go = async () => undefined;
    const sizes = { cancelled: 10, erased: 10, patience: 0 };
    expect(await goOnWithDeletion(database, leaver, go, sizes)).toBeUndefined();
  } finally {
    await database.close();
  }
  const { rows } = await project.admin.query(
    "select status, user_name, message from bookings where id = $1",
    [booked.id],
  );
  expect(rows).toEqual([{ status: "cancelled", user_name: "deleted person", message: null }]);
  const { rows: closed } = await project.admin.query(
    "select step, address from private.closed_accounts where user_id = $1",
    [leaver],
  );
  expect(closed).toEqual([{ step: "done", address: null }]);
});
