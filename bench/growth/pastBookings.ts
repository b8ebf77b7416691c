import type pg from "pg";
import { type BenchMentor, type BenchStudent, sessionPrice, sessionPriceMinor } from "../people.ts";

/**
 * Past completed sessions, `count` of them dealt out to the mentors: each mentor's last hours before today, one after the
 * other. Written by the owner past every trigger; the indexes and the ledger's constraint do their work.
 */
export async function plantPast(
  owner: pg.Client,
  mentors: readonly BenchMentor[],
  students: readonly BenchStudent[],
  count: number,
): Promise<void> {
  // Mentor by mentor, in pieces that stay in memory.
  const batch = 50_000;
  await owner.query("set session_replication_role = replica");
  // A load of this size would otherwise wait for its log again and again; what is measured runs with fsync as usual.
  await owner.query("set synchronous_commit = off");
  for (let from = 0; from < count; from += batch) {
    await owner.query(
      `with planned as (
         select gen_random_uuid() as seat, ($1::uuid[])[1 + n / $5] as expert_id, ($2::uuid[])[1 + n / $5] as service_id,
           ($3::uuid[])[1 + n % $6] as user_id, date_trunc('day', now()) - (1 + n % $5) * interval '1 hour' as starts_at
         from generate_series($4::int, $7::int) n
       ), seats as (
         insert into occupancies (id, expert_id, service_id, starts_at, ends_at, during, state)
         select seat, expert_id, service_id, starts_at, starts_at + interval '1 hour',
           tstzrange(starts_at, starts_at + interval '1 hour'), 'booked' from planned
       )
       insert into bookings (user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date, scheduled_time,
         duration, status, total_minor, total_amount, currency, starts_at, ends_at, student_timezone, mentor_timezone)
       select user_id, expert_id, service_id, seat, 'oneOnOneSession', (starts_at at time zone 'Asia/Kolkata')::date,
         to_char(starts_at at time zone 'Asia/Kolkata', 'HH24:MI'), 60, 'completed', $8, $9, 'INR', starts_at,
         starts_at + interval '1 hour', 'Asia/Kolkata', 'Asia/Kolkata' from planned`,
      [
        mentors.map(({ id }) => id),
        mentors.map(({ serviceId }) => serviceId),
        students.map(({ id }) => id),
        from,
        Math.ceil(count / mentors.length),
        students.length,
        Math.min(from + batch, count) - 1,
        sessionPriceMinor,
        sessionPrice,
      ],
    );
  }
  await owner.query("reset session_replication_role");
  await owner.query("reset synchronous_commit");
}
