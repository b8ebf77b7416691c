// The bound of one booking: one function, written by hand, that writes the rows of a booking and nothing else, into copies of
// the tables with the same columns, indexes, checks and foreign keys but without triggers.
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { sessionMinutes } from "../people.ts";
import type { FreeSlots } from "./freeSlots.ts";

const copied = [
  "public.schedule_revisions",
  "public.occupancies",
  "public.bookings",
  "public.booking_events",
  "private.idempotency_keys",
];

const bookFunction = `
  create function by_hand.book(
      student uuid, mentor uuid, service uuid, starts timestamptz, length integer, on_date date, at_time text,
      name text, email text, zone text, idempotency_key text, hash text)
    returns setof by_hand.bookings
    language plpgsql
    as $$
  declare
    seat uuid := gen_random_uuid();
    ends timestamptz := starts + length * interval '1 minute';
    made by_hand.bookings;
  begin
    update by_hand.schedule_revisions set revision = revision + 1 where expert_id = mentor;
    insert into by_hand.occupancies (id, expert_id, service_id, starts_at, ends_at, during, state)
      values (seat, mentor, service, starts, ends, tstzrange(starts, ends, '[)'), 'booked');
    insert into by_hand.bookings (user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date,
        scheduled_time, duration, status, total_minor, total_amount, currency, user_name, user_email, starts_at, ends_at,
        student_timezone, mentor_timezone, cancel_cutoff, reschedule_cutoff)
      select student, mentor, service, seat, s.session_type, on_date, at_time, length, 'confirmed', d.price_minor,
        d.price_minor / 100.00, s.currency, name, email, starts, ends, zone, zone, s.cancel_cutoff, s.reschedule_cutoff
      from public.services s join public.service_durations d on d.service_id = s.id and d.expert_id = s.expert_id
      where s.id = service and s.expert_id = mentor and d.minutes = length
      returning * into made;
    insert into by_hand.booking_events (booking_id, expert_id, kind, actor_id, actor, to_status)
      values (made.id, mentor, 'created', student, 'student', 'confirmed');
    insert into by_hand.idempotency_keys (user_id, key, request_hash, body)
      values (student, idempotency_key, hash, to_jsonb(made));
    return next made;
  end
  $$`;

/** Creates the schema `by_hand` with the copies and the function. */
export async function createHandWritten(owner: pg.Client): Promise<void> {
  await owner.query("create schema by_hand");
  const nameOf = (table: string) => table.replace(/^\w+/, "by_hand");
  for (const table of copied)
    await owner.query(`create table ${nameOf(table)} (like ${table} including all)`);
  // With an empty path the definitions have the names of the schemas.
  await owner.query("set search_path = ''");
  for (const table of copied) {
    const { rows } = await owner.query<{ definition: string }>(
      "select pg_catalog.pg_get_constraintdef(oid) as definition from pg_catalog.pg_constraint where conrelid = $1::regclass and contype = 'f'",
      [table],
    );
    for (const { definition } of rows) {
      const own = copied.reduce(
        (text, other) => text.replace(` ${other}(`, ` ${nameOf(other)}(`),
        definition,
      );
      await owner.query(`alter table ${nameOf(table)} add ${own}`);
    }
  }
  await owner.query("reset search_path");
  await owner.query("insert into by_hand.schedule_revisions select * from public.schedule_revisions");
  await owner.query(bookFunction);
  await owner.query("vacuum analyze");
}

/** The arguments of the next call: another free hour and another student, as the app books them. */
export function nextCall(slots: FreeSlots): pg.QueryConfig {
  const { student, mentor, startsAt, body } = slots.takeOne();
  return {
    name: "book_by_hand",
    text: "select * from by_hand.book($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    values: [
      student.id,
      mentor.id,
      mentor.serviceId,
      startsAt,
      sessionMinutes,
      body.scheduled_date,
      body.scheduled_time,
      body.user_name,
      body.user_email,
      body.timezone,
      randomUUID(),
      "0".repeat(64),
    ],
  };
}

export interface HandWritten {
  /** Calls the function for so long, or so often, with so many concurrent clients: calls per second. */
  book(slots: FreeSlots, clients: number, milliseconds: number, limit: number): Promise<number>;
}

export async function openHandWritten(owner: pg.Client, pool: pg.Pool): Promise<HandWritten> {
  await createHandWritten(owner);
  return {
    async book(slots, clients, milliseconds, limit) {
      const connections = await Promise.all(Array.from({ length: clients }, () => pool.connect()));
      const startedAt = performance.now();
      let count = 0;
      try {
        await Promise.all(
          connections.map(async (client) => {
            while (count < limit && performance.now() - startedAt < milliseconds) {
              count += 1;
              await client.query(nextCall(slots));
            }
          }),
        );
      } finally {
        for (const client of connections) client.release();
      }
      return count / ((performance.now() - startedAt) / 1000);
    },
  };
}
