import { readFile } from "node:fs/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownTables } from "../../server/personalData/ownData.ts";
import { migrate } from "../../server/postgres/migrate.ts";
import { openSupabaseProject, type SupabaseProject } from "../../server/testing/supabaseProject.ts";
import { type Actor, actAs, app, attempt, book, denied, signedIn, visitor } from "./actor.ts";
import {
  bookingRequest,
  insertInto,
  mentor,
  otherMentor,
  otherStudent,
  personalService,
  plantWorld,
  student,
  type Values,
} from "./world.ts";

/** As PostgREST does it: its own login, then the role and the claims of the token. */
let rest: pg.Client;
let project: SupabaseProject;
beforeAll(async () => {
  project = await openSupabaseProject();
  await migrate(project.owner);
  await plantWorld(project.admin);
  await project.admin.query(`
    insert into availability_slots (expert_id, day_of_week, start_time, end_time, is_recurring)
      values ('${mentor}', 1, '09:00', '17:00', true);
    insert into blocked_dates (expert_id, date, reason) values ('${mentor}', '2040-06-11', 'a wedding');
    insert into profiles (id, full_name) select id, 'Person' from auth.users;
    update auth.users set raw_user_meta_data = '{"full_name": "Known at Supabase"}'`);
  rest = new pg.Client({ connectionString: project.restUrl });
  await rest.connect();
  await book(rest);
});
afterAll(async () => {
  await rest?.end();
  await project?.stop();
});

const actors: Record<string, Actor> = {
  visitor,
  "another person": signedIn(otherMentor),
  student: signedIn(student),
  mentor: signedIn(mentor),
  "service key": { role: "service_role" },
};

/** A client's tries on each table of the guide, all about the student's booking and the mentor's offer. */
const tries: Record<string, { insert: (id: string) => Values; update: string; where: string }> = {
  expert_profiles: {
    insert: (id) => ({ id, username: "third", full_name: "A third", timezone: "Asia/Kolkata" }),
    update: "headline = 'Hello'",
    where: `id = '${mentor}'`,
  },
  services: {
    insert: () => ({ expert_id: mentor, session_type: "chatAdvice", title: "Chat" }),
    update: "title = 'Other'",
    where: `expert_id = '${mentor}'`,
  },
  service_durations: {
    insert: () => ({ expert_id: mentor, service_id: personalService, minutes: 45, price_minor: 100 }),
    update: "price_minor = 1",
    where: `expert_id = '${mentor}'`,
  },
  availability_slots: {
    insert: () => ({
      expert_id: mentor,
      day_of_week: 2,
      start_time: "09:00",
      end_time: "10:00",
      is_recurring: true,
    }),
    update: "end_time = '16:00'",
    where: `expert_id = '${mentor}'`,
  },
  blocked_dates: {
    insert: () => ({ expert_id: mentor, date: "2040-06-12" }),
    update: "date = '2040-06-13'",
    where: `expert_id = '${mentor}'`,
  },
  occupancies: {
    insert: () => ({ expert_id: mentor, service_id: personalService, state: "booked", capacity: 1 }),
    update: "seats_taken = 0",
    where: `expert_id = '${mentor}'`,
  },
  bookings: {
    insert: (id) => bookingRequest({ user_id: id, scheduled_time: "15:00" }),
    update: "status = 'confirmed'",
    where: `user_id = '${student}'`,
  },
  profiles: {
    insert: (id) => ({ id, full_name: "Asha" }),
    update: "full_name = 'Asha'",
    where: `id = '${student}'`,
  },
};

async function may(name: string, statement: string | { text: string; values: unknown[] }): Promise<boolean> {
  const actor = actors[name] ?? visitor;
  const outcome = await attempt(rest, actor, statement);
  return /^[1-9]\d* rows?$/.test(outcome);
}

/** As a table of docs/supabase.md. */
async function findRights(): Promise<string> {
  const columns = ["visitor", "another person", "student", "mentor", "service key"];
  const lines = [`| table | ${columns.join(" | ")} |`, `| --- |${" --- |".repeat(columns.length)}`];
  for (const [table, { insert, update, where }] of Object.entries(tries)) {
    const cells = [];
    for (const name of columns) {
      const id = actors[name]?.id ?? student;
      const found = {
        select: await may(name, `select from public.${table} where ${where}`),
        insert: await may(name, insertInto(`public.${table}`, insert(id))),
        update: await may(name, `update public.${table} set ${update} where ${where}`),
        delete: await may(name, `delete from public.${table} where ${where}`),
      };
      const rights = Object.entries(found).flatMap(([right, isAllowed]) => (isAllowed ? [right] : []));
      cells.push(rights.join(", "));
    }
    lines.push(`| \`${table}\` | ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

it("who may do what is what docs/supabase.md says", async () => {
  const page = await readFile(new URL("../../docs/supabase.md", import.meta.url), "utf8");
  expect(page).toContain(await findRights());
});

describe("an anonymous person, who has the role of a signed-in one", () => {
  const id = "00000000-0000-4000-8000-0000000000ac";
  beforeAll(() =>
    project.admin.query(
      "insert into auth.users (id, email, email_confirmed_at, is_anonymous) values ($1, 'a@example.test', now(), true)",
      [id],
    ),
  );
  const as = (statement: string | { text: string; values: unknown[] }, isAnonymous: boolean) =>
    actAs(rest, { role: "authenticated", id }, async () => {
      const claims = { sub: id, role: "authenticated", is_anonymous: isAnonymous };
      await rest.query("select set_config('request.jwt.claims', $1, true)", [JSON.stringify(claims)]);
      const { rowCount } = await rest.query(statement as string);
      return rowCount;
    }).catch((error: pg.DatabaseError) => error.code);

  const writes: [string, { text: string; values: unknown[] }][] = [
    ["books", insertInto("public.bookings", bookingRequest({ user_id: id, scheduled_time: "16:00" }))],
    ["becomes a mentor", insertInto("public.expert_profiles", tries.expert_profiles?.insert(id) ?? {})],
    ["has settings", insertInto("public.profiles", { id, full_name: "A" })],
    ["keeps a favourite", insertInto("public.favourite_mentors", { user_id: id, expert_id: mentor })],
  ];
  it.each(writes)("never %s", async (_, statement) => {
    expect(await as(statement, true)).toBe(denied);
  });
  it.each(writes)("twin: a known person %s", async (_, statement) => {
    expect(await as(statement, false)).toBe(1);
  });

  it("gets no calendar feed", async () => {
    const feed = "select from public.replace_calendar_feed('\\x00'::bytea) at where at is not null";
    expect(await as(feed, true)).toBe(0);
    expect(await as(`select public.replace_calendar_feed(sha256('a'))`, false)).toBe(1);
  });

  it("reads what visitors read", async () => {
    expect(await as("select from public.expert_profiles", true)).toBe(2);
    expect(await as("select from public.bookings", true)).toBe(0);
  });

  it("every table in which signed-in people write has the policy", async () => {
    const { rows } = await project.admin.query(
      `select distinct p.polrelid::regclass::text as name from pg_policy p
       where p.polpermissive and p.polcmd in ('a', '*') and 'authenticated'::regrole = any (p.polroles)
         and p.polrelid::regclass::text not like '%.%' and not exists (
           select from pg_policy r where r.polrelid = p.polrelid and not r.polpermissive and r.polcmd = 'a')`,
    );
    expect(rows).toEqual([]);
  });
});

describe("Realtime's publication", () => {
  it("has the tables that row level security protects, with the columns that people may select", async () => {
    const { rows } = await project.admin.query<{ tablename: string; attnames: string[] }>(
      "select tablename, attnames::text[] from pg_publication_tables where pubname = 'supabase_realtime' order by 1",
    );
    expect(rows.map(({ tablename }) => tablename)).toEqual([
      "availability_slots",
      "blocked_dates",
      "bookings",
      "notifications",
      "occupancies",
    ]);
    for (const { tablename, attnames } of rows) {
      const { rows: hidden } = await project.admin.query(
        `select a.name from unnest($2::text[]) a (name)
         where not has_column_privilege('authenticated', 'public.' || $1, a.name, 'select')`,
        [tablename, attnames],
      );
      expect(hidden).toEqual([]);
    }
    expect(rows.find(({ tablename }) => tablename === "blocked_dates")?.attnames).not.toContain("reason");
  });

  it("no other role reads a column that its policies would hide from all: each table is protected", async () => {
    const { rows } = await project.admin.query(
      `select p.tablename from pg_publication_tables p join pg_class c on c.oid = ('public.' || p.tablename)::regclass
       where p.pubname = 'supabase_realtime' and (not c.relrowsecurity or c.relreplident <> 'd')`,
    );
    expect(rows).toEqual([]);
  });

  it("is left alone by a second migration", async () => {
    expect(await migrate(project.owner)).toEqual([]);
  });
});

describe("what reads accounts works with Supabase's columns", () => {
  it("the name is that of either form, and never the whole row", async () => {
    const { rows } = await project.admin.query(
      "select private.account_name(to_jsonb(u)) as name from auth.users u",
    );
    expect(new Set(rows.map(({ name }) => name))).toEqual(new Set(["Known at Supabase", null]));
    // `u.name` of a table without that column is the row as text in PostgreSQL, passwords and all.
    const { rows: unsafe } = await project.admin.query(
      String.raw`select p.oid::regprocedure::text from pg_proc p
       where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace)
         and p.prosrc ~ 'auth\.users' and p.prosrc ~ '\m(u|su|mu)\.(name|email_verified|image|two_factor_enabled)\M'
         and p.prosrc !~ 'auth\.verifications'`,
    );
    expect(unsafe).toEqual([]);
  });

  it.each(ownTables)("one's own data: %s", async (table) => {
    const read = { text: "select from private.own_data($1, '', 100)", values: [table] };
    for (const who of [student, mentor])
      expect(await attempt(project.owner, app(who), read)).toMatch(/rows?$/);
  });

  it("mails have the address, messages both people, and statements the student", async () => {
    const ask = (text: string, values: unknown[] = []) =>
      actAs(project.owner, app(mentor), async () => (await project.owner.query(text, values)).rows);
    expect(
      await ask("select student_email, mentor_email from private.message_parties($1, $2, $3)", [
        student,
        mentor,
        personalService,
      ]),
    ).toEqual([{ student_email: "student@example.test", mentor_email: "mentor@example.test" }]);
    await ask("select * from private.own_statement(null, null, null, null, 10)");
    await ask("select * from private.claim_deliveries(10, interval '1 minute')");
    await ask("select private.delete_expired_logins(10)");
  });

  it("administrators need the second factor of Supabase, with a login that has passed it", async () => {
    const [weak, strong] = ["00000000-0000-4000-8000-0000000000c1", "00000000-0000-4000-8000-0000000000c2"];
    await project.admin.query("insert into private.administrators (user_id) values ($1)", [mentor]);
    await project.admin.query(
      "insert into auth.sessions (id, user_id, created_at, updated_at, aal) values ($1, $3, now(), now(), 'aal1'), ($2, $3, now(), now(), 'aal2')",
      [weak, strong, mentor],
    );
    const ask = (text: string, values: unknown[]) =>
      actAs(project.owner, app(mentor), async () => (await project.owner.query(text, values)).rows);
    const state = async (login: string) =>
      (await ask("select private.administrator_state($1) as state", [login]))[0]?.state;
    expect(await state(strong)).toBe("needs_two_factor");
    await project.admin.query(
      `insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at)
       values (gen_random_uuid(), $1, 'totp', 'verified', now(), now())`,
      [mentor],
    );
    expect(await state(weak)).toBe("needs_new_login");
    expect(await state(strong)).toBe("ready");
    const people = await ask("select name, email from private.admin_people($1, null, 'supabase', null, 10)", [
      strong,
    ]);
    expect(people).toContainEqual({ name: "Person", email: "student@example.test" });
    expect(
      await ask("select name, two_factor, logins from private.admin_person($1, null, $2)", [strong, mentor]),
    ).toEqual([{ name: "Person", two_factor: true, logins: 2 }]);
    await ask("select * from private.undelivered_mail($1, null, null, 10)", [strong]);
    expect(
      await ask("select private.suspend_person($1, null, $2, 'a reason') as done", [strong, otherStudent]),
    ).toHaveLength(1);
  });
});

it("the tables and columns of the guide are there", async () => {
  const columns: Record<string, string> = {
    bookings:
      "id user_id expert_id session_type scheduled_date scheduled_time duration status message total_amount created_at updated_at",
    availability_slots:
      "id expert_id day_of_week start_time end_time is_recurring specific_date created_at updated_at",
    blocked_dates: "id expert_id date created_at",
  };
  for (const [table, names] of Object.entries(columns))
    expect(
      await attempt(rest, signedIn(student), `select ${names.split(" ").join(", ")} from ${table}`),
    ).toMatch(/rows?$/);
  expect(await attempt(rest, signedIn(mentor), "select reason from public.my_blocked_dates()")).toBe("1 row");
});
