// What a distributed database has in addition. Each list is in the order in which it is executed.
import { escapeLiteral } from "pg";
import { profiles } from "./placement.ts";

export const requestRoles = [
  "anon",
  "authenticated",
  "service_role",
  "matepeak_app",
  "matepeak_auth",
  "matepeak_jobs",
] as const;

export const closedToAll = `from public, ${requestRoles.join(", ")}`;

/** Tables of these lists, which are on the coordinator. */
export const ownTables = ["private.removed_rows", "private.usernames", "private.job_requests"] as const;

/** No machine sees the usernames of all mentors. */
export const usernameDirectory = [
  // The name of the key that it takes the place of: a taken username is the same error.
  `create table private.usernames (
  username text constraint expert_profiles_username_key primary key, expert_id uuid not null)`,
  "comment on table private.usernames is 'Which mentor has which username.'",
  "create index usernames_expert_id_idx on private.usernames (expert_id)",
  "alter table private.usernames enable row level security",
  `revoke all on private.usernames ${closedToAll}`,
  "insert into private.usernames select username, id from public.expert_profiles",
  "create index expert_profiles_username_idx on public.expert_profiles (username)",
  `create function private.list_username() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from private.usernames where username = old.username;
  end if;
  if tg_op <> 'DELETE' then
    insert into private.usernames (username, expert_id) values (new.username, new.id);
  end if;
  return null;
end
$$`,
  `revoke execute on function private.list_username() ${closedToAll}`,
  `create trigger expert_profiles_51_list_username after insert or delete on public.expert_profiles
  for each row execute function private.list_username()`,
  `create trigger expert_profiles_52_list_new_username after update on public.expert_profiles
  for each row when (new.username <> old.username) execute function private.list_username()`,
];

const enqueue = "private.enqueue(text, jsonb, text, timestamptz)";
const enqueueHere = "private.enqueue_here(text, jsonb, text, timestamptz)";

/** The queue counts its tasks with integers, which the machines have no ranges of; so the coordinator alone enqueues. */
export const jobTray = [
  `create table private.job_requests (
  id uuid primary key, task text not null, payload jsonb not null, job_key text, run_at timestamptz)`,
  "comment on table private.job_requests is 'Jobs on their way from any machine to the queue; a row that arrives is enqueued.'",
  "alter table private.job_requests enable row level security",
  `revoke all on private.job_requests ${closedToAll}`,
  `do $$
begin
  execute replace(replace(pg_get_functiondef('${enqueue}'::regprocedure),
    'private.enqueue(', 'private.enqueue_here('), 'enqueue.', 'enqueue_here.');
end
$$`,
  `revoke execute on function ${enqueueHere} ${closedToAll}`,
  // The queue's functions notify its workers, which a transaction of another machine may not: they find such a job as they poll.
  `create function private.pg_notify(channel text, payload text) returns void language plpgsql
  set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('application_name') not like 'citus\\_internal%' then
    perform pg_catalog.pg_notify(channel, payload);
  end if;
end
$$`,
  `revoke execute on function private.pg_notify(text, text) ${closedToAll}`,
  `alter function ${enqueueHere} set search_path = private, pg_catalog, pg_temp`,
  `create function private.accept_job_request() returns trigger language plpgsql security definer
  set search_path = pg_catalog, pg_temp as $$
begin
  perform private.enqueue_here(new.task, new.payload, new.job_key, new.run_at);
  -- It need not be kept.
  return null;
end
$$`,
  `revoke execute on function private.accept_job_request() ${closedToAll}`,
  `create trigger job_requests_20_accept before insert on private.job_requests
  for each row execute function private.accept_job_request()`,
];

export const enqueueByTray = [
  `create or replace function private.enqueue(
  task text, payload jsonb default '{}', job_key text default null, run_at timestamptz default null)
  returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into private.job_requests (id, task, payload, job_key, run_at)
    values (gen_random_uuid(), enqueue.task, enqueue.payload, enqueue.job_key, enqueue.run_at);
end
$$`,
];

/** Citus has sent the others already; these name the type of a table, which no machine had. */
export const missingFunctions = `do $$
declare
  missing record;
begin
  for missing in
    select p.oid from pg_proc p
    where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace, 'auth'::regnamespace)
      and not exists (select from pg_dist_object o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  loop
    execute pg_get_functiondef(missing.oid);
  end loop;
end
$$`;

const bookingFunction = "private.book_sessions_of(uuid, private.judged_booking[])";

/** What transactions of several statements call. */
const callsWithin = ["lock_mentor", "lock_schedule", "require_revision", "waiting_entries", "make_offer"];

/**
 * What concerns one mentor and is called by itself runs on the mentor's machine as a whole. Some do so within a transaction too
 * (force_delegation): what follows in it, as the same role, then uses the same connection to the machine. Locked or changed by a
 * function's owner, the rows would be closed to the rest of the transaction.
 */
export const mentorCalls = [
  `do $$
declare
  call record;
begin
  for call in
    select p.oid::regprocedure as name, p.proname in (${callsWithin.map(escapeLiteral).join(", ")}) as is_within
    from pg_proc p
    where p.pronamespace in ('private'::regnamespace, 'public'::regnamespace) and p.prokind = 'f' and p.provolatile = 'v'
      and p.prosecdef and 'mentor' = any (p.proargnames[1:p.pronargs]) and p.proname <> 'book_sessions_of'
      and (has_function_privilege('matepeak_app', p.oid, 'execute') or has_function_privilege('authenticated', p.oid, 'execute'))
  loop
    perform create_distributed_function(call.name, 'mentor', ${escapeLiteral(profiles)}, call.is_within);
  end loop;
end
$$`,
  "grant execute on function private.lock_mentor(uuid) to authenticated",
  `create or replace function private.lock_own_mentor() returns boolean language plpgsql
  set search_path = pg_catalog, pg_temp as $$
declare
  person uuid := auth.uid();
  is_locked boolean;
begin
  select locked into is_locked from private.lock_mentor(person) locked;
  return is_locked;
end
$$`,
];

/** private.book_sessions() for one mentor, whose id tells Citus the machine to run it on. */
export const bookingCall = [
  `create function private.book_sessions_of(mentor uuid, judged private.judged_booking[])
  returns table (booking_id uuid, is_known boolean, created_at timestamptz, expires_at timestamptz, room_url text,
                 room_note text, meeting_place jsonb, meeting_url text, meeting_note text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from unnest(judged) j where j.expert_id <> mentor) then
    raise exception 'a session of another mentor' using errcode = 'cardinality_violation';
  end if;
  return query select * from private.book_sessions(judged);
end
$$`,
  `revoke execute on function ${bookingFunction} ${closedToAll}`,
  `grant execute on function ${bookingFunction} to matepeak_app`,
  `select create_distributed_function(
  ${escapeLiteral(bookingFunction)}, 'mentor', colocate_with => ${escapeLiteral(profiles)})`,
];
