import pg from "pg";
import type { CreateBooking } from "#contract/bookings.ts";
import type { Person, TestApp } from "../../server/testing/testApp.ts";
import { codeOf } from "../rounds.ts";

export interface Attempt {
  person: Person;
  body: CreateBooking;
}

export interface Outcome extends Attempt {
  status: number;
  /** The problem's code; "created" for a booking. */
  code: string;
}

/** All attempts concurrently over real HTTP, each on its own connection as far as the machine allows. */
export async function storm(attempts: readonly Attempt[]): Promise<Outcome[]> {
  return Promise.all(
    attempts.map(async ({ person, body }) => {
      const answer = await person.call("POST", "/bookings", body);
      return { person, body, status: answer.status, code: codeOf(answer) };
    }),
  );
}

export interface TakenTime {
  from: number;
  until: number;
  seats: number;
}

/** Returns the ledger of one mentor, buffers included, ordered by time. */
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

/** Inserts as a database client without the app: as a signed-in person, under row level security. */
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
