import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import { moneyOf } from "#rules/money.ts";
import { newLoginToken } from "../server/accounts/loginToken.ts";

/** The accounts' secret of the apps that are measured: the students' logins are signed with it. */
export const benchSecret = randomBytes(32).toString("hex");

export interface BenchMentor {
  id: string;
  username: string;
  serviceId: string;
}

export interface BenchStudent {
  id: string;
  token: string;
}

export const sessionMinutes = 60;
/** Rupees. */
export const sessionPrice = 2000;
export const sessionPriceMinor: number = moneyOf(sessionPrice, "INR").minor;

/** Mentors of Asia/Kolkata who confirm automatically, open on these weekdays and hours, with 1:1 sessions of an hour. */
export async function makeMentors(
  owner: pg.Client,
  count: number,
  hours: { days: readonly number[]; start: string; end: string },
): Promise<BenchMentor[]> {
  const mentors = Array.from({ length: count }, () => {
    const id = randomUUID();
    return { id, username: `m-${id.replaceAll("-", "").slice(0, 20)}`, serviceId: randomUUID() };
  });
  const ids = mentors.map(({ id }) => id);
  await owner.query(
    `insert into auth.users (id, name, email) select id, 'Asha Rao', id || '@example.com' from unnest($1::uuid[]) id`,
    [ids],
  );
  await owner.query(
    `insert into expert_profiles (id, username, full_name, timezone, instant_confirm)
     select id, username, 'Asha Rao', 'Asia/Kolkata', true from unnest($1::uuid[], $2::text[]) m(id, username)`,
    [ids, mentors.map(({ username }) => username)],
  );
  await owner.query(
    `insert into services (id, expert_id, session_type, title)
     select s.id, s.expert_id, 'oneOnOneSession', '1:1 session' from unnest($1::uuid[], $2::uuid[]) s(id, expert_id)`,
    [mentors.map(({ serviceId }) => serviceId), ids],
  );
  await owner.query(
    `insert into service_durations (service_id, expert_id, minutes, price_minor)
     select s.id, s.expert_id, minutes, $2
     from unnest($1::uuid[], $4::uuid[]) s(id, expert_id), unnest($3::int[]) minutes`,
    [mentors.map(({ serviceId }) => serviceId), sessionPriceMinor, [30, sessionMinutes, 90], ids],
  );
  await owner.query(
    `insert into availability_slots (expert_id, day_of_week, start_time, end_time)
     select id, day, $3, $4 from unnest($1::uuid[]) id, unnest($2::int[]) day`,
    [ids, hours.days, hours.start, hours.end],
  );
  return mentors;
}

/** Students who signed in just now: an older login would be prolonged, by another write, with their first request. */
export async function makeStudents(owner: pg.Client, count: number): Promise<BenchStudent[]> {
  const logins = Array.from({ length: count }, () => newLoginToken(benchSecret));
  const students = logins.map(({ bearer }) => ({ id: randomUUID(), token: bearer }));
  const ids = students.map(({ id }) => id);
  await owner.query(
    `insert into auth.users (id, name, email, email_verified) select id, 'Student', id || '@example.com', true from unnest($1::uuid[]) id`,
    [ids],
  );
  await owner.query(
    `insert into auth.sessions (user_id, token, expires_at)
     select id, token, now() + interval '7 days' from unnest($1::uuid[], $2::text[]) s(id, token)`,
    [ids, logins.map(({ stored }) => stored)],
  );
  return students;
}

export interface PlannedSession {
  mentor: BenchMentor;
  student: BenchStudent;
  /** Epoch ms. */
  startsAt: number;
  minutes: number;
}

/** Sessions, ledger and bookings, written past every trigger: confirmed ones, completed when they began over a day ago. */
export async function plantSessions(owner: pg.Client, sessions: readonly PlannedSession[]): Promise<void> {
  await owner.query("set session_replication_role = replica");
  await owner.query(
    `with planned as (
       select gen_random_uuid() as seat, * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::int[])
         p(expert_id, service_id, user_id, starts_at, minutes)
     ), seats as (
       insert into occupancies (id, expert_id, service_id, starts_at, ends_at, during, state)
       select seat, expert_id, service_id, starts_at, starts_at + minutes * interval '1 minute',
         tstzrange(starts_at, starts_at + minutes * interval '1 minute'), 'booked' from planned
     )
     insert into bookings (user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date, scheduled_time,
       duration, status, total_minor, total_amount, currency, starts_at, ends_at, student_timezone, mentor_timezone)
     select user_id, expert_id, service_id, seat, 'oneOnOneSession', (starts_at at time zone 'Asia/Kolkata')::date,
       to_char(starts_at at time zone 'Asia/Kolkata', 'HH24:MI'), minutes,
       case when starts_at < now() - interval '1 day' then 'completed' else 'confirmed' end, $6, $7, 'INR', starts_at,
       starts_at + minutes * interval '1 minute', 'Asia/Kolkata', 'Asia/Kolkata' from planned`,
    [
      sessions.map(({ mentor }) => mentor.id),
      sessions.map(({ mentor }) => mentor.serviceId),
      sessions.map(({ student }) => student.id),
      sessions.map(({ startsAt }) => new Date(startsAt)),
      sessions.map(({ minutes }) => minutes),
      sessionPriceMinor,
      sessionPrice,
    ],
  );
  await owner.query("reset session_replication_role");
}
