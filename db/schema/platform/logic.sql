-- Platform: what every noun uses: the queue, live updates, caps, shared counts and metrics.

create or replace function private.touch_updated_at() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.updated_at := now();
  return new;
end
$$;
comment on function private.touch_updated_at() is 'Sets updated_at.';

-- A job that no other replaces is added by the library's function for single jobs, which is less than half the work of
-- the one for lists, in every booking. It needs a key and merges jobs with the same key ("unsafe"), so each gets a random
-- one.
create or replace function private.enqueue(
  task text, payload jsonb default '{}', job_key text default null, run_at timestamptz default null)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if job_key is null then
    perform graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, max_attempts => 25,
      job_key => gen_random_uuid()::text, job_key_mode => 'unsafe_dedupe');
    return;
  end if;
  loop
    -- There is at most one waiting job per key. If a worker starts it at this moment, nothing is returned and nothing
    -- was enqueued; that job may not see this transaction, so enqueue again.
    perform from graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, max_attempts => 25,
      job_key => enqueue.job_key) job
      where job.id is not null;
    exit when found;
  end loop;
end
$$;
comment on function private.enqueue(text, jsonb, text, timestamptz) is
  'Enqueues a job in the transaction that causes it. The schema graphile_worker is made by its own migrations, '
  'see server/platform/queue/installQueue.ts.';

-- NOTIFY takes one lock for the whole server from before the commit is flushed until after, so that no two transactions
-- that notify commit together. The app therefore sends announcements itself, after the commit.
create or replace function private.announce(channel text, payload text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  line text := channel || ' ' || payload || E'\n';
  collected text;
begin
  if current_setting('matepeak.announces', true) is distinct from 'later' then
    -- On many machines (docs/decisions/0077) a row may be written for another one, where the listeners are.
    if current_setting('application_name') not like 'citus\_internal%' then
      perform pg_notify(channel, payload);
    end if;
    return;
  end if;
  collected := current_setting('matepeak.announcements', true);
  if collected is null then
    perform set_config('matepeak.announcements', line, true);
  elsif strpos(collected, line) = 0 then
    perform set_config('matepeak.announcements', collected || line, true);
  end if;
end
$$;
comment on function private.announce(text, text) is
  'Announces a change: at the commit, or, in a transaction of the app, by collecting it in matepeak.announcements, which '
  'the app sends after the commit (server/platform/database/announcer.ts). The payload contains ids only.';

create or replace function private.notify_person(person uuid, about text) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    select private.announce('person', person || ' ' || about)
  $$;
comment on function private.notify_person(uuid, text) is
  'Announces to a person''s open pages what has changed: bookings, requests, notifications, calendars or account.';

create or replace function private.send_announcements(channels text[], payloads text[]) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    select pg_notify(a.channel, a.payload) from unnest(channels, payloads) a (channel, payload)
  $$;
comment on function private.send_announcements(text[], text[]) is
  'Sends what transactions of the app have collected, many in one commit.';

create or replace function private.count_calls(keys bytea[], amounts integer[], seconds integer[])
  returns table (key bytea, total integer, ends_in double precision)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.call_counts as c (key, total, ends_at)
      select asked.key, asked.amount, clock_timestamp() + asked.seconds * interval '1 second'
      from unnest(keys, amounts, seconds) asked (key, amount, seconds)
      -- Two processes that count the same calls wait for each other in the same order.
      order by asked.key
    on conflict on constraint call_counts_pkey do update set
      total = case when c.ends_at <= clock_timestamp() then excluded.total
                   else least(c.total::bigint + excluded.total, 1000000000)::integer end,
      ends_at = case when c.ends_at <= clock_timestamp() then excluded.ends_at else c.ends_at end
    returning c.key, c.total, date_part('epoch', c.ends_at - clock_timestamp()) * 1000
  $$;
comment on function private.count_calls(bytea[], integer[], integer[]) is
  'Counts calls in fixed windows, each beginning with its first call, and returns the counts and the ms until the '
  'windows end. Each key once.';

create or replace function private.delete_call_counts(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  -- A plan cached while the table was small would stay in use.
  set enable_seqscan = off
  as $$
declare
  deleted integer;
begin
  -- Skips a count that another transaction is renewing at this moment.
  delete from private.call_counts where key = any (array(
    select c.key from private.call_counts c where c.ends_at < now()
    order by c.ends_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function private.delete_call_counts(integer) is 'Deletes the oldest windows that are over.';

create or replace function private.delete_idempotency_keys(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  deleted integer;
begin
  delete from private.idempotency_keys where ctid = any (array(
    select k.ctid from private.idempotency_keys k where k.created_at < now() - interval '1 day'
    order by k.created_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function private.delete_idempotency_keys(integer) is 'Deletes the oldest idempotency keys after a day.';

create or replace function private.cap(of_what text) returns integer
  language sql immutable
  return case of_what
      when 'requests_with_mentor' then 5
      when 'requests' then 15
      when 'sessions_ahead_with_mentor' then 30
      when 'sessions_ahead_with_mentor_newcomer' then 5
      when 'newcomer_times_from_network' then 10
      when 'time_requests' then 15
      when 'time_requests_unconfirmed' then 6
      when 'waitlist_entries' then 30
      when 'waitlist_entries_with_mentor' then 10
      when 'weekly_windows' then 84
      when 'dated_windows' then 1000
      when 'blocked_dates' then 1100
      when 'timezone_periods' then 200
      when 'services' then 30
      when 'service_durations' then 8
      when 'coupons' then 100
      when 'packages' then 30
      when 'active_alerts' then 50
      when 'calendar_connections' then 10
    end;
comment on function private.cap(text) is
  'How much a person may own or have open: the same numbers as rules/limits.ts; a test compares them.';

create or replace function private.raise_cap_reached(constraint_name text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  raise exception 'cap reached' using errcode = 'check_violation', constraint = constraint_name;
end
$$;
comment on function private.raise_cap_reached(text) is 'Reports which cap was reached, by the name of its constraint.';

-- What a person owns is read as a whole, partly by everyone, so it is limited. Existing rows are never removed.
create or replace function private.limit_owned() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  owner uuid;
begin
  -- A mentor's own statement has locked the mentor (…_lock_schedule), so no other counts at the same time. Each count names
  -- its owner by value, so that it finds the part of the table, or the machine, with the owner's rows.
  case tg_argv[0]
    when 'availability_slots' then
      for owner in select distinct a.expert_id from added a where a.is_recurring loop
        if (select count(*) from public.availability_slots s where s.expert_id = owner and s.is_recurring)
           > private.cap('weekly_windows') then
          perform private.raise_cap_reached('availability_slots_weekly_cap');
        end if;
      end loop;
      for owner in select distinct a.expert_id from added a where not a.is_recurring loop
        if (select count(*) from public.availability_slots s where s.expert_id = owner and not s.is_recurring)
           > private.cap('dated_windows') then
          perform private.raise_cap_reached('availability_slots_dated_cap');
        end if;
      end loop;
    when 'blocked_dates' then
      for owner in select distinct a.expert_id from added a loop
        if (select count(*) from public.blocked_dates b where b.expert_id = owner) > private.cap('blocked_dates') then
          perform private.raise_cap_reached('blocked_dates_cap');
        end if;
      end loop;
    when 'timezone_periods' then
      for owner in select distinct a.expert_id from added a loop
        if (select count(*) from public.timezone_periods z where z.expert_id = owner) > private.cap('timezone_periods') then
          perform private.raise_cap_reached('timezone_periods_cap');
        end if;
      end loop;
    when 'services' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.services s where s.expert_id = owner and s.deleted_at is null)
           > private.cap('services') then
          perform private.raise_cap_reached('services_cap');
        end if;
      end loop;
    when 'coupons' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.coupons c where c.expert_id = owner and c.deleted_at is null)
           > private.cap('coupons') then
          perform private.raise_cap_reached('coupons_cap');
        end if;
      end loop;
    when 'packages' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.packages p where p.expert_id = owner and p.deleted_at is null)
           > private.cap('packages') then
          perform private.raise_cap_reached('packages_cap');
        end if;
      end loop;
    when 'service_durations' then
      for owner in select distinct a.expert_id from added a loop
        if exists (
          select 1 from public.service_durations d where d.expert_id = owner
          group by d.service_id having count(*) > private.cap('service_durations')) then
          perform private.raise_cap_reached('service_durations_cap');
        end if;
      end loop;
    when 'availability_alerts' then
      for owner in select distinct a.user_id from added a order by a.user_id loop
        perform pg_advisory_xact_lock(hashtextextended('availability_alerts ' || owner, 0));
        if (select count(*) from public.availability_alerts w where w.user_id = owner and w.status = 'active')
           > private.cap('active_alerts') then
          perform private.raise_cap_reached('availability_alerts_cap');
        end if;
      end loop;
  end case;
  return null;
end
$$;
comment on function private.limit_owned() is
  'Rejects rows over the cap of their table, which is named by the argument: a part of a table has a name of its own.';

create or replace function private.follow_removals(most integer) returns integer
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    select count(*)::integer from (select where false limit most) removed
  $$;
comment on function private.follow_removals(integer) is
  'Nothing: references do it. Where they cannot, because a database is distributed (docs/decisions/0077), another function of '
  'this name removes what referred to removed rows, those that were removed first.';

create or replace function private.empty_months(messages regclass, expired timestamptz, is_kept text) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  -- A page that waits for a month must not wait longer.
  set lock_timeout = '200ms'
  as $$
declare
  month regclass;
  has_kept boolean;
begin
  if not exists (select from pg_class c where c.oid = messages and c.relkind = 'p') then
    return false;
  end if;
  for month in
    select c.oid from pg_inherits h join pg_class c on c.oid = h.inhrelid
    where h.inhparent = messages and pg_relation_size(c.oid) > 0
      and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d{4}-\d\d)''\)')
        <= to_char(expired at time zone 'UTC', 'YYYY-MM')
  loop
    execute format('select exists (select from %s where %s)', month, is_kept) into has_kept using expired;
    continue when has_kept;
    begin
      execute format('lock table %s in access exclusive mode', month);
      execute format('select exists (select from %s where %s)', month, is_kept) into has_kept using expired;
      if not has_kept then
        execute format('truncate table %s', month);
      end if;
    exception when lock_not_available then
      -- In use; the next run tries again.
      null;
    end;
  end loop;
  return true;
end
$$;
comment on function private.empty_months(regclass, timestamptz, text) is
  'Where a table of messages is divided by month (docs/decisions/0081): empties the months that ended before a time and have no row '
  'that is kept, a condition with that time as $1. False if it is not divided.';

create or replace function private.count_pending_work(
  out holds integer, out requests integer, out time_requests integer, out events integer, out mails integer,
  out undeliverable_mails integer, out oldest_mail double precision)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- Each from its partial index, and limited.
    select
      (select count(*) from (select from public.occupancies where state = 'hold' limit 10000) h)::integer,
      (select count(*) from (select from public.bookings where status = 'pending' limit 10000) b)::integer,
      (select count(*) from (select from public.time_requests where status = 'open' limit 10000) t)::integer,
      (select count(*) from (select from public.booking_events where notified_at is null limit 10000) e)::integer,
      (select count(*) from (
        select from private.deliveries where state = 'waiting' and due_at <= now() limit 10000) m)::integer,
      (select count(*) from (select from private.deliveries where state = 'undeliverable' limit 10000) u)::integer,
      coalesce((select extract(epoch from now() - min(d.due_at)) from (
        select due_at from private.deliveries where state = 'waiting' and due_at <= now() limit 10000) d), 0)::double precision
  $$;
comment on function private.count_pending_work() is
  'The numbers of active holds, pending bookings, open time requests, booking events without messages, mails that are due and '
  'mails that could not be delivered; 10,000 means at least that many. And for how many seconds the oldest mail has been due.';

revoke execute on function
    private.touch_updated_at(),
    private.enqueue(text, jsonb, text, timestamptz),
    private.announce(text, text),
    private.notify_person(uuid, text),
    private.send_announcements(text[], text[]),
    private.count_calls(bytea[], integer[], integer[]),
    private.delete_call_counts(integer),
    private.delete_idempotency_keys(integer),
    private.cap(text),
    private.raise_cap_reached(text),
    private.limit_owned(),
    private.follow_removals(integer),
    private.empty_months(regclass, timestamptz, text),
    private.count_pending_work()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.enqueue(text, jsonb, text, timestamptz),
    private.count_calls(bytea[], integer[], integer[]),
    private.delete_call_counts(integer),
    private.delete_idempotency_keys(integer),
    private.follow_removals(integer),
    private.send_announcements(text[], text[])
  to matepeak_app;
grant execute on function private.count_pending_work() to matepeak_jobs;

-- private.idempotency_keys ---------------------------------------------------------------------------------------------

revoke all on private.idempotency_keys
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, insert (user_id, key, request_hash), update (body) on private.idempotency_keys to matepeak_app;
drop policy if exists idempotency_keys_own on private.idempotency_keys;
create policy idempotency_keys_own on private.idempotency_keys to matepeak_app
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy idempotency_keys_own on private.idempotency_keys is
  'The app reads and writes the caller''s keys only.';

-- private.call_counts --------------------------------------------------------------------------------------------------

revoke all on private.call_counts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- Processes that migrate nothing themselves look here at their start.
create or replace function private.applied_migrations() returns table (name text, checksum text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select m.name, m.checksum from private.schema_migrations m
  $$;
comment on function private.applied_migrations() is 'Which migrations and logic files this database has, with their checksums.';
revoke execute on function private.applied_migrations()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.applied_migrations() to matepeak_app;

-- private.demo_removals ------------------------------------------------------------------------------------------------

revoke all on private.demo_removals
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
