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
  await world.waitlistOffer();
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
       select expert_id, user_id, id, 'paid', 1, currency from payments;
     with run as (insert into private.payout_runs (created_by) select expert_id from payments limit 1 returning id)
       insert into payouts (expert_id, run_id, amount_minor, currency, method)
         select p.expert_id, run.id, 100000, 'INR', 'csv' from run, (select expert_id from payments limit 1) p;
     insert into payout_reversals (expert_id, payout_id, refund_id, amount_minor, currency)
       select r.expert_id, p.id, r.id, 1, r.currency from payouts p join refunds r using (expert_id) limit 1`,
  );
  // As if the agreed session had been paid by both.
  await db.owner.query(
    `with booked as (select * from bookings where id = '${id}'), bought as (
       insert into packages (expert_id, service_id, minutes, sessions, price_minor, valid_days)
         select expert_id, service_id, 60, 2, 100, 30 from booked returning *
     ), purchase as (
       insert into package_purchases (
           expert_id, user_id, package_id, service_id, minutes, sessions, price_minor, currency, valid_days)
         select b.expert_id, b.user_id, p.id, p.service_id, 60, 2, 100, 'INR', 30 from bought p, booked b returning *
     ), code as (
       insert into coupons (expert_id, code, basis_points) select expert_id, 'ALLOFIT', 1000 from booked returning *
     ), used as (
       insert into coupon_uses (booking_id, expert_id, coupon_id, user_id)
         select b.id, b.expert_id, c.id, b.user_id from booked b, code c
     )
     insert into credit_uses (expert_id, booking_id, package_purchase_id, share_minor, currency)
       select b.expert_id, b.id, p.id, 0, 'INR' from booked b, purchase p`,
  );
  // As if the student had connected a calendar, and a session was written there.
  await db.owner.query(
    `insert into calendar_connections (user_id, kind, name, server_url, credential)
         values ('${student.id}', 'caldav', 'Home', 'https://dav.example.com', decode(repeat('00', 29), 'hex'));
     insert into connected_calendars (connection_id, user_id, remote_id, name, is_writable, counts_as_busy)
       select id, user_id, 'one', 'Home', true, true from calendar_connections;
     insert into connected_objects (calendar_id, ref, user_id) select id, 'a', user_id from connected_calendars;
     insert into connected_events (calendar_id, ref, user_id, during, is_all_day)
       select id, 'a', user_id, tstzrange(now(), now() + interval '1 hour'), false from connected_calendars;
     insert into session_entries (booking_id, expert_id, calendar_id)
       select '${id}', '${mentor.id}', id from connected_calendars`,
  );
  // As if sessions took place in person, and this one had been joined.
  await db.owner.query(
    `insert into meeting_places (expert_id, kind, address) values ('${mentor.id}', 'in_person', '12 MG Road');
     insert into join_events (booking_id, expert_id, party, how, at)
       select id, expert_id, 'student', 'button', now() from bookings where id = '${id}'`,
  );
  // As if this session had been one of several seats.
  await db.owner.query(
    `insert into attendances (booking_id, expert_id, state) select id, expert_id, 'present' from bookings where id = '${id}'`,
  );
  await db.owner.query(
    `insert into programmes (expert_id, service_id, title, duration, capacity, price_minor, currency, min_attendees, decide_at)
     select expert_id, service_id, 'Eight weeks', 60, 2, 0, 'INR', 1, starts_at from bookings where id = '${id}'`,
  );
  // As if it had been booked together with others.
  await db.owner.query(
    `with made as (
       insert into series (expert_id, user_id, service_id, duration, pattern, payment)
         select expert_id, user_id, service_id, duration, 'weekly', 'at_once' from bookings where id = '${id}' returning *)
     insert into baskets (expert_id, user_id, series_id, total_minor, currency)
       select expert_id, user_id, id, 100, 'INR' from made`,
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

const hasHiddenColumns = [
  "public.connected_objects",
  "public.calendar_connections",
  "public.payouts",
  "public.payout_reversals",
  "public.session_entries",
];

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
        // A whole row cannot be compared where columns are hidden; the stranger has none of these.
        const { rowCount } = !hasHiddenColumns.includes(table.name)
          ? await owner.query(`select from ${ofOthers(table.name)} limit 1`, [person])
          : await owner.query(`select from ${table.name} limit 1`);
        return rowCount !== 0;
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
