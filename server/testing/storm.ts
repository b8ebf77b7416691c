import pg from "pg";
import type { CreateBooking } from "../../contract/bookings.ts";
import { problem } from "../../contract/problem.ts";
import type { Person, TestApp } from "./testApp.ts";

export interface Attempt {
  person: Person;
  body: CreateBooking;
}

export interface Outcome extends Attempt {
  status: number;
  /** The problem's code; "created" for a booking. */
  code: string;
}

/** All attempts at once over real HTTP, each on its own connection as far as the machine allows. */
export async function storm(address: string, attempts: readonly Attempt[]): Promise<Outcome[]> {
  return Promise.all(
    attempts.map(async ({ person, body }) => {
      const answer = await fetch(`${address}/api/v1/bookings`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${person.token}` },
        body: JSON.stringify(body),
      });
      const text: unknown = await answer.json();
      const code = answer.status === 201 ? "created" : problem.parse(text).code;
      return { person, body, status: answer.status, code };
    }),
  );
}

export function tally(outcomes: readonly { code: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code } of outcomes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/** Deadlocks that the server has counted in this database. Backends report when they are idle: waits for that. */
export async function countDeadlocks({ db }: TestApp): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await db.owner.query("select pg_stat_clear_snapshot()");
  const { rows } = await db.owner.query<{ deadlocks: number }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return rows[0]?.deadlocks ?? -1;
}

export interface TakenTime {
  from: number;
  until: number;
  seats: number;
}

/** The ledger of one mentor, buffers included, in the order of time. */
export async function readLedger({ db }: TestApp, mentorId: string): Promise<TakenTime[]> {
  const { rows } = await db.owner.query<{ from: Date; until: Date; seats: number }>(
    `select lower(during) as from, upper(during) as until, seats_taken as seats
     from occupancies where expert_id = $1 order by during`,
    [mentorId],
  );
  return rows.map(({ from, until, seats }) => ({ from: from.getTime(), until: until.getTime(), seats }));
}

export function countOverlaps(taken: readonly TakenTime[]): number {
  return taken.filter((one, index) =>
    taken.some((other, at) => at > index && one.from < other.until && other.from < one.until),
  ).length;
}

/** Inserts like a client of the database that knows nothing of the app: as a signed-in person, under row level security. */
export async function insertDirectly(ownerUrl: string, { person, body }: Attempt): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const claims = JSON.stringify({ sub: person.id, role: "authenticated" });
    await client.query("begin");
    await client.query(
      "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)",
      [claims],
    );
    await client.query(
      `insert into bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration)
       values ($1, $2, $3, $4, $5, $6)`,
      [person.id, body.expert_id, body.session_type, body.scheduled_date, body.scheduled_time, body.duration],
    );
    await client.query("commit");
    return "created";
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.constraint ?? error.code ?? "unknown") : "unknown";
  } finally {
    await client.end();
  }
}

/** Takes the guards away that the race must not get past. Only in a clone that is thrown away. */
export const removeGuard = {
  constraint: ({ db }: TestApp) =>
    db.owner.query("alter table occupancies drop constraint occupancies_no_overlap"),
  lock: async ({ db }: TestApp) => {
    await db.owner.query(
      `create or replace function private.lock_mentor(mentor uuid) returns boolean language sql security definer
       set search_path = pg_catalog, pg_temp
       as $$ select exists (select from public.expert_profiles where id = mentor) $$`,
    );
    const { rows } = await db.owner.query<{ source: string }>(
      "select pg_get_functiondef('private.prepare_booking()'::regprocedure) as source",
    );
    const source = rows[0]?.source ?? "";
    // A moment's pause where the lock stood, so that the others come in between on any machine.
    const unlocked = source.replace(
      /(where id = new\.expert_id) for no key update;/,
      "$1; perform pg_catalog.pg_sleep(0.5);",
    );
    if (unlocked === source)
      throw new Error("The trigger locks the mentor in words that this test does not know.");
    await db.owner.query(unlocked);
  },
};
