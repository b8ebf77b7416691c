import type pg from "pg";

/** A table of many rows, few of them due, and the clean-ups of it. */
export interface Backlog {
  table: string;
  tasks: string[];
  /** Inserts the rows from $1 to $2 of all; those up to $3 are due. $4 are mentors, $5 their services. */
  fill: string;
  /** How many of ten million rows are due. */
  due: number;
  /** Rows of other tables that belong to these. */
  also?: (owner: pg.Client) => Promise<void>;
}

const id = (seed: string) => `md5('${seed}' || n)::uuid`;
const mentorOf = "($4::uuid[])[1 + n % cardinality($4::uuid[])]";
const serviceOf = "($5::uuid[])[1 + n % cardinality($4::uuid[])]";
const old = (age: string) => `now() - interval '${age}' - n * interval '1 millisecond'`;
const rows =
  "from generate_series($1::bigint, $2::bigint) n, (select $3::bigint as due, $4::uuid[] as m, $5::uuid[] as s) x";

/** Of the bookings that are due: so many of each kind, the rest is to be archived. */
const kind =
  "case when n > 90000 then 'old' when n % 3 = 0 then 'ended' when n % 3 = 1 then 'expired' else 'abandoned' end";

export const backlogs: readonly Backlog[] = [
  {
    table: "private.idempotency_keys",
    tasks: ["delete_idempotency_keys"],
    due: 300_000,
    fill: `insert into private.idempotency_keys (user_id, key, request_hash, body, created_at)
      select ${id("u")}, md5(n::text), md5(n::text), '{}', case when n <= x.due then ${old("2 days")} else now() end ${rows}`,
  },
  {
    table: "private.call_counts",
    tasks: ["delete_call_counts"],
    due: 300_000,
    fill: `insert into private.call_counts (key, total, ends_at)
      select decode(md5(n::text), 'hex'), 1,
        case when n <= x.due then ${old("1 hour")} else now() + interval '1 day' end ${rows}`,
  },
  {
    table: "public.notifications",
    tasks: ["delete_old_notifications"],
    due: 300_000,
    fill: `insert into public.notifications (user_id, kind, dedupe_key, created_at)
      select ${id("u")}, 'booking_created', n::text, case when n <= x.due then ${old("181 days")} else now() end ${rows}`,
  },
  {
    table: "auth.sessions",
    tasks: ["delete_expired_logins"],
    due: 300_000,
    fill: `insert into auth.sessions (user_id, token, expires_at)
      select ${id("u")}, md5(n::text) || substr(md5(n::text), 1, 11),
        case when n <= x.due then ${old("1 hour")} else now() + interval '7 days' end ${rows}`,
  },
  {
    table: "private.booking_origins",
    tasks: ["delete_booking_origins"],
    due: 300_000,
    fill: `insert into private.booking_origins (booking_id, expert_id, origin, starts_at)
      select ${id("b")}, ${mentorOf}, decode(md5(n::text), 'hex'),
        case when n <= x.due then ${old("1 hour")} else now() + interval '7 days' end ${rows}`,
  },
  {
    table: "public.time_requests",
    tasks: ["expire_time_requests"],
    due: 30_000,
    fill: `insert into public.time_requests (user_id, expert_id, service_id, duration, total_minor, currency,
        student_timezone, expires_at)
      select ${id("u")}, ${mentorOf}, ${serviceOf}, 60, 0, 'INR', 'Asia/Kolkata',
        case when n <= x.due then ${old("1 hour")} else now() + interval '7 days' end ${rows}`,
  },
  {
    table: "public.availability_alerts",
    tasks: ["expire_alerts", "check_all_alerts"],
    due: 300_000,
    fill: `insert into public.availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
      select ${id("u")}, ${mentorOf}, ${serviceOf}, 60, day, day, (array['Asia/Kolkata', 'Europe/Paris', 'America/New_York',
          'Pacific/Kiritimati', 'Etc/GMT+12'])[1 + n % 5]
      from generate_series($1::bigint, $2::bigint) n, (select $3::bigint as due, $4::uuid[] as m, $5::uuid[] as s) x,
        lateral (select current_date + case when n <= x.due then -3 else (n % 60)::int end as day) d`,
  },
  {
    table: "public.blocked_dates",
    tasks: ["remove_past_blocked_dates"],
    due: 30_000,
    fill: `insert into public.blocked_dates (expert_id, date)
      select ${mentorOf}, current_date + case when n <= x.due then -3 - (n / cardinality(x.m))::int
        else (n / cardinality(x.m))::int end ${rows}`,
  },
  {
    // Of the ended sessions half have a report, which keeps them confirmed.
    table: "public.bookings",
    tasks: [
      "archive_old_bookings",
      "free_lapsed_time",
      "cancel_abandoned_bookings",
      "complete_held_sessions",
      "expire_no_show_claims",
    ],
    due: 390_000,
    fill: `insert into public.bookings (id, user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date,
        scheduled_time, duration, status, total_minor, total_amount, currency, starts_at, ends_at, student_timezone,
        mentor_timezone, expires_at, created_at)
      select ${id("b")}, ${id("u")}, ${mentorOf}, ${serviceOf}, ${id("o")}, 'oneOnOneSession', starts_at::date, '10:00', 60,
        case kind when 'ended' then 'confirmed' when 'expired' then 'pending' when 'abandoned' then 'pending'
          else 'completed' end,
        200000, 2000, 'INR', starts_at, starts_at + interval '1 hour', 'Asia/Kolkata', 'Asia/Kolkata',
        case kind when 'expired' then ${old("1 hour")} when 'abandoned' then now() + interval '1 day' end,
        case kind when 'abandoned' then ${old("8 days")} else now() end
      from generate_series($1::bigint, $2::bigint) n, (select $3::bigint as due, $4::uuid[] as m, $5::uuid[] as s) x,
        lateral (select case when n > x.due then 'kept' else ${kind} end as kind) k,
        lateral (select case kind when 'old' then now() - interval '7 months' when 'ended' then now() - interval '3 days'
          when 'kept' then now() - interval '2 months' else now() + interval '9 days' end
          - n * interval '1 millisecond' as starts_at) t`,
    also: async (owner) => {
      await owner.query(
        `insert into public.occupancies (id, expert_id, service_id, starts_at, ends_at, during, state, expires_at)
         select occupancy_id, expert_id, service_id, hour, hour + interval '1 hour',
           tstzrange(hour, hour + interval '1 hour'), 'requested', expires_at
         from (select *, now() + row_number() over (partition by expert_id) * interval '1 hour' as hour
               from public.bookings where status = 'pending') b`,
      );
      await owner.query(
        `insert into public.no_show_claims (booking_id, expert_id, claimed_by, answer_until)
         select id, expert_id, 'student', now() - interval '1 minute' from public.bookings
         where status = 'confirmed' and id < 'f0000000-0000-0000-0000-000000000000' and id > '80000000-0000-0000-0000-000000000000'`,
      );
    },
  },
];
