import pg, { type ClientBase } from "pg";
import { bookingRequest, insertInto, type Values } from "./world.ts";

type Role = "anon" | "authenticated" | "matepeak_app" | "matepeak_auth" | "service_role";
export interface Actor {
  role: Role;
  /** Who is signed in; left out for a visitor. */
  id?: string;
}

export const visitor: Actor = { role: "anon" };
export const signedIn = (id: string): Actor => ({ role: "authenticated", id });
/** The app's own transactions, on behalf of a person. */
export const app = (id: string): Actor => ({ role: "matepeak_app", id });

/** Runs `work` in a transaction as an actor, and rolls it back if it fails or `keep` is not set. */
export async function actAs<T>(
  client: ClientBase,
  { role, id }: Actor,
  work: () => Promise<T>,
  { keep = false } = {},
): Promise<T> {
  await client.query("begin");
  let outcome = "rollback";
  try {
    const claims = JSON.stringify(id ? { sub: id, role } : { role });
    await client.query("select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)", [
      role,
      claims,
    ]);
    const result = await work();
    if (keep) outcome = "commit";
    return result;
  } finally {
    await client.query(outcome);
  }
}

export interface Statement {
  text: string;
  values?: unknown[];
}

/** The outcome of a statement: "1 row", or the error's code and constraint. */
export async function attempt(
  client: ClientBase,
  actor: Actor,
  statement: string | Statement,
  options?: { keep?: boolean },
): Promise<string> {
  return verdict(actAs(client, actor, () => client.query(statement as Statement), options));
}

export async function verdict(work: Promise<pg.QueryResult>): Promise<string> {
  try {
    const { rowCount } = await work;
    return `${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return [error.code, error.constraint].filter(Boolean).join(" ");
  }
}

export const denied = "42501";
export const taken = "23P01 occupancies_no_overlap";

export interface Booked {
  id: string;
  occupancy_id: string | null;
  status: string;
  total_amount: number;
  currency: string;
  starts_at: Date;
  ends_at: Date;
  expires_at: Date | null;
  scheduled_date: string;
  scheduled_time: string;
  service_id: string;
  student_timezone: string;
  mentor_timezone: string;
}

/** Books for good, as its student. */
export async function book(
  client: ClientBase,
  changes: Values = {},
  role: "authenticated" | "matepeak_app" = "authenticated",
): Promise<Booked> {
  const row = bookingRequest(changes);
  const { text, values } = insertInto("public.bookings", row);
  return actAs(
    client,
    { role, id: String(row.user_id) },
    async () => {
      const { rows } = await client.query<Booked>(`${text} returning *`, values);
      return rows[0]!;
    },
    { keep: true },
  );
}

/** Tries to book for good, as its student. */
export function tryToBook(client: ClientBase, changes: Values = {}): Promise<string> {
  const row = bookingRequest(changes);
  return attempt(client, signedIn(String(row.user_id)), insertInto("public.bookings", row), { keep: true });
}

/** Takes a step for good through the function that students use. */
export function changeStatus(
  client: ClientBase,
  actor: Actor,
  id: string,
  status: string,
  reason: string | null = null,
): Promise<string> {
  return attempt(
    client,
    actor,
    {
      text: "select id from public.change_booking_status(private.mentor_of_booking($1), $1, $2, $3)",
      values: [id, status, reason],
    },
    { keep: true },
  );
}

/** Lets the clock of one pending booking run out, also in the ledger. */
export async function letExpire(owner: ClientBase, bookingId: string): Promise<void> {
  await owner.query(
    `with expired as (
       update public.bookings set expires_at = now() - interval '1 minute' where id = $1 returning occupancy_id
     )
     update public.occupancies o
     set expires_at = greatest(now() - interval '1 minute', (
       select max(b.expires_at) from public.bookings b where b.occupancy_id = o.id and b.id <> $1))
     from expired where o.id = expired.occupancy_id and o.state = 'requested'`,
    [bookingId],
  );
}

export { ledgerFaults } from "../../server/testing/ledger.ts";
