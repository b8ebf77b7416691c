import pg from "pg";
import type { TestApp } from "../../server/testing/testApp.ts";
import type { World } from "../world.ts";

/** A table under row level security, as the catalogue describes it. */
interface Table {
  name: string;
  /** Visitors may read it, because its rows are public. */
  is_public: boolean;
  insertable: string[] | null;
  updatable: string | null;
  deletable: boolean;
}

/** A policy that lets signed-in people through on a condition. */
interface Policy {
  table: string;
  policy: string;
  command: "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "ALL";
  has_using: boolean;
  has_check: boolean;
}

const readTables = `
  select format('%I.%I', n.nspname, c.relname) as name,
    has_table_privilege('anon', c.oid, 'select')
      and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*')
                  and (p.polroles @> array[0::oid] or p.polroles @> array['anon'::regrole::oid])) as is_public,
    (select array_agg(quote_ident(attname)) from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped
       and has_column_privilege('authenticated', c.oid, attnum, 'insert')) as insertable,
    (select min(quote_ident(attname)) from pg_attribute a where attrelid = c.oid and attnum > 0 and not attisdropped
       and has_column_privilege('authenticated', c.oid, attnum, 'update')) as updatable,
    has_table_privilege('authenticated', c.oid, 'delete') as deletable
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relrowsecurity and has_schema_privilege('authenticated', n.oid, 'usage')
    and has_any_column_privilege('authenticated', c.oid, 'select, insert, update')
  order by 1`;

const readPolicies = `
  select format('%I.%I', schemaname, tablename) as table, policyname as policy, cmd as command,
    qual is not null as has_using, with_check is not null as has_check
  from pg_policies
  where 'authenticated' = any(roles) and coalesce(qual, with_check) <> 'true' order by 1, 2`;

export interface Reached {
  attempts: number;
  /** What a stranger got at: "update public.bookings". */
  reached: string[];
  policies: number;
  /** Policies whose absence makes no difference. */
  unnoticed: string[];
}

/** Creates a row of everything that belongs to a person. */
async function fill({ db }: TestApp, world: World): Promise<void> {
  const { student, mentor } = world;
  const room = { meeting_url: "https://meet.example.com/me" };
  (await mentor.call("PUT", "/mentors/me/room", room)).expect(200);
  const { id } = await world.agreedSession();
  (await mentor.call("PUT", `/bookings/${id}/meeting`, room)).expect(200);
  (await student.call("PUT", `/me/favourites/${mentor.id}`)).expect(204);
  (await student.call("DELETE", `/bookings/${id}/link`)).expect(204);
  (await student.call("POST", "/me/calendar-feed")).expect(201);
  const note = { body: "Likes charts.", revision: 0 };
  (await mentor.call("PUT", `/mentors/me/students/${student.id}/note`, note)).expect(200);
  (await mentor.call("PUT", `/reviews/${(await world.reviewed()).id}/reply`, { reply: "!" })).expect(204);
  (await student.call("PATCH", "/me", { timezone: "Asia/Tokyo" })).expect(200);
  await world.timeRequest();
  await world.alertId();
  await world.blockedDateId();
  await world.periodId();
  (await mentor.call("PUT", "/mentors/me/tax", { enabled: false })).expect(200);
  (await student.call("PUT", "/me/billing", { name: "Ravi" })).expect(200);
  await world.receiptId();
  // The receipt's payment has no refund yet.
  await db.owner.query(
    `insert into refunds (expert_id, payment_id, attempt_id, amount_minor, currency, why)
       select expert_id, payment_id, id, 1, currency, 'administrator' from payment_attempts;
     insert into money_events (expert_id, user_id, payment_id, kind, amount_minor, currency)
       select expert_id, user_id, id, 'paid', 1, currency from payments`,
  );
  // What the worker would write.
  await db.owner.query(
    "insert into notifications (user_id, kind, dedupe_key) values ($1, 'booking_booked', 'one')",
    [student.id],
  );
}

/**
 * What a signed-in stranger would get at in the database itself, table by table, if there were no triggers; then the same
 * with each policy weakened to "true". All in a transaction that is rolled back.
 */
export async function reachDirectly(test: TestApp, world: World): Promise<Reached> {
  const { db } = test;
  await fill(test, world);
  const { rows: tables } = await db.owner.query<Table>(readTables);
  const { rows: policies } = await db.owner.query<Policy>(readPolicies);
  const seen: Reached = { attempts: 0, reached: [], policies: policies.length, unnoticed: [] };
  await db.owner.query("begin");
  for (const table of tables) {
    for (const command of commands) {
      if (!isGranted(table, command)) continue;
      seen.attempts++;
      if (await reaches(db.owner, world.stranger.id, table, command))
        seen.reached.push(`${command.toLowerCase()} ${table.name}`);
    }
  }
  for (const { table: name, policy, command, has_using, has_check } of policies) {
    const table = tables.find((one) => one.name === name);
    const clauses = `${has_using ? "using (true)" : ""} ${has_check ? "with check (true)" : ""}`;
    await db.owner.query("savepoint weakened");
    await db.owner.query(`alter policy ${policy} on ${name} ${clauses}`);
    let noticed = false;
    for (const one of command === "ALL" ? commands : [command])
      if (table && isGranted(table, one)) noticed ||= await reaches(db.owner, world.stranger.id, table, one);
    if (!noticed) seen.unnoticed.push(`${policy} of ${name}`);
    await db.owner.query("rollback to savepoint weakened");
  }
  await db.owner.query("rollback");
  return seen;
}

const commands = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;
type Command = (typeof commands)[number];

/** Whether there is anything to try: what is not granted to signed-in people needs no policy, what is public has none. */
function isGranted({ is_public, insertable, updatable, deletable }: Table, command: Command): boolean {
  switch (command) {
    case "SELECT":
      return !is_public;
    case "INSERT":
      return insertable !== null;
    case "UPDATE":
      return updatable !== null;
    case "DELETE":
      return deletable;
  }
}

/** Rows that do not belong to a person; $1 is their id. */
const ofOthers = (name: string) =>
  `${name} t where coalesce(to_jsonb(t) ->> 'user_id', to_jsonb(t) ->> 'id', '') <> $1`;

/** Tries as the person, and takes everything back. */
async function reaches(owner: pg.Client, person: string, table: Table, command: Command): Promise<boolean> {
  const { rows: samples } = await owner.query<{ row: object }>(
    `select to_jsonb(t) as row from ${ofOthers(table.name)} limit 1`,
    [person],
  );
  await owner.query("savepoint attempt");
  try {
    // Without triggers, so that only grants and policies apply.
    await owner.query(
      `select set_config('session_replication_role', 'replica', true),
         set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)`,
      [JSON.stringify({ sub: person, role: "authenticated" })],
    );
    switch (command) {
      case "SELECT": {
        const { rows } = await owner.query(`select from ${ofOthers(table.name)} limit 1`, [person]);
        return rows.length > 0;
      }
      case "INSERT": {
        const columns = table.insertable?.join(", ");
        await owner.query(
          `insert into ${table.name} (${columns}) select ${columns} from jsonb_populate_record(null::${table.name}, $1)`,
          [samples[0]?.row],
        );
        return true;
      }
      // Without a condition: only the policy decides which rows are affected.
      case "UPDATE": {
        const { rowCount } = await owner.query(`update ${table.name} set ${table.updatable} = default`);
        return rowCount !== 0;
      }
      case "DELETE": {
        const { rowCount } = await owner.query(`delete from ${table.name}`);
        return rowCount !== 0;
      }
    }
  } catch (error) {
    // An attempt that anything but missing rights stops has passed the rights.
    const isDenied = error instanceof pg.DatabaseError && error.code === "42501";
    return !isDenied;
  } finally {
    await owner.query("rollback to savepoint attempt");
  }
}
