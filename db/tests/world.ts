import type { ClientBase } from "pg";

/** The people and offers that the tests are about; no hours, as the database does not judge them. */
export const student = "00000000-0000-4000-8000-00000000000a";
export const otherStudent = "00000000-0000-4000-8000-00000000000b";
export const mentor = "00000000-0000-4000-8000-0000000000aa";
export const otherMentor = "00000000-0000-4000-8000-0000000000bb";
export const stranger = "00000000-0000-4000-8000-0000000000ff";

export const personalService = "00000000-0000-4000-8000-000000000101";
export const groupService = "00000000-0000-4000-8000-000000000102";
export const otherService = "00000000-0000-4000-8000-000000000103";
export const groupSeats = 3;

/** Far enough ahead that no test ever finds it in the past. */
export const someDay = "2040-06-04";

const people = { student, otherStudent, mentor, otherMentor, stranger };

export async function plantWorld(owner: ClientBase): Promise<void> {
  for (const [name, id] of Object.entries(people)) await plantUser(owner, id, name);
  await owner.query(`
    insert into public.expert_profiles (id, username, full_name, timezone) values
      ('${mentor}', 'mentor', 'The mentor', 'Asia/Kolkata'),
      ('${otherMentor}', 'other-mentor', 'Another mentor', 'America/New_York');
    insert into public.services (id, expert_id, session_type, title, capacity, recording_price_minor) values
      ('${personalService}', '${mentor}', 'oneOnOneSession', 'One to one', 1, 30000),
      ('${groupService}', '${mentor}', 'groupSession', 'Together', ${groupSeats}, null),
      ('${otherService}', '${otherMentor}', 'oneOnOneSession', 'One to one', 1, null);
    insert into public.service_durations (service_id, expert_id, minutes, price_minor) values
      ('${personalService}', '${mentor}', 30, 50000), ('${personalService}', '${mentor}', 60, 90050),
      ('${groupService}', '${mentor}', 60, 20000), ('${otherService}', '${otherMentor}', 60, 100000)`);
}

/** On a Supabase project `auth.users` has other columns than ours. */
export async function plantUser(owner: ClientBase, id: string, name: string): Promise<void> {
  const { rowCount } = await owner.query(
    "select from pg_attribute where attrelid = 'auth.users'::regclass and attname = 'name'",
  );
  await owner.query(
    rowCount === 0
      ? "insert into auth.users (id, email, email_confirmed_at) values ($1, $2 || '@example.test', now())"
      : "insert into auth.users (id, name, email, email_verified) values ($1, $2, $2 || '@example.test', true)",
    [id, name],
  );
}

export type Values = Record<string, unknown>;

/** A statement that inserts one row. */
export function insertInto(table: string, row: Values): { text: string; values: unknown[] } {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  return {
    text: `insert into ${table} (${columns.join(", ")}) values (${places.join(", ")})`,
    values: Object.values(row),
  };
}

/** What a student may send: an hour with the mentor at 10:00 unless told otherwise. */
export function bookingRequest(changes: Values = {}): Values {
  return {
    user_id: student,
    expert_id: mentor,
    session_type: "oneOnOneSession",
    scheduled_date: someDay,
    scheduled_time: "10:00",
    duration: 60,
    ...changes,
  };
}

const withBookings = `
  with recursive emptied as (
    select unnest(array['public.booking_events', 'public.bookings', 'public.occupancies']::regclass[]) as at
    union
    select c.conrelid from pg_constraint c join emptied e on c.confrelid = e.at where c.contype = 'f'
  )
  select string_agg(format('delete from %s', at::regclass), ';') as deletes from emptied`;

/**
 * Removes every booking with all that refers to it, past the triggers. As `truncate … cascade` would, which makes new files for
 * each table and index, and after which every connection plans its statements again.
 */
export async function forgetBookings(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ deletes: string }>(withBookings);
  await owner.query(`begin; set local session_replication_role = replica; ${rows[0]?.deletes}; commit`);
}
