-- Work that is done later, by graphile-worker in this same database: a job is enqueued in the transaction that causes
-- it, so that it is there if and only if its cause is. The queue belongs to a role of its own, which reaches nothing
-- else; what a job does to people's data it does as the app, through the functions below.

do $$
begin
  if not exists (select from pg_roles where rolname = 'matepeak_jobs') then
    create role matepeak_jobs nologin noinherit;
  end if;
  -- Inherited, because private.enqueue() runs as the schema's owner and needs that role's rights; and to act as it,
  -- because the owner installs the queue in its name.
  if current_setting('server_version_num')::int < 160000 then
    if not pg_has_role(current_user, 'matepeak_jobs', 'member') then
      grant matepeak_jobs to current_user;
    end if;
  elsif not (pg_has_role(current_user, 'matepeak_jobs', 'usage') and pg_has_role(current_user, 'matepeak_jobs', 'set'))
  then
    execute 'grant matepeak_jobs to current_user with inherit true, set true';
  end if;
end
$$;

create function private.enqueue(
  task text, payload jsonb default '{}', job_key text default null, run_at timestamptz default null)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  loop
    -- Of jobs with one key that nobody has begun there is one. Nothing comes back, and nothing was enqueued, if a
    -- worker takes the earlier one at this moment: it may not see this transaction, so the job is wanted again.
    perform from graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, job_key => enqueue.job_key) job
      where job.id is not null;
    exit when found;
  end loop;
end
$$;
comment on function private.enqueue(text, jsonb, text, timestamptz) is
  'Puts a job in the queue in the transaction that causes it. The schema graphile_worker is made by its own migrations, '
  'see server/jobs/installQueue.ts.';

-- What nobody needs to book for ---------------------------------------------------------------------------------------

create function private.mentors_with_lapsed_time() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select expert_id from public.bookings where status = 'pending' and expires_at <= now()
    union
    select expert_id from public.occupancies where state = 'hold' and expires_at <= now()
  $$;
comment on function private.mentors_with_lapsed_time() is 'Whose requests or holds have run out and still stand.';

create function private.sweep_mentor(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(mentor);
  return private.lapse_requests(mentor);
end
$$;
comment on function private.sweep_mentor(uuid) is
  'Frees what has run out of one mentor''s time, in the lock order. One transaction sweeps one mentor.';

create function private.mentors_with_abandoned_bookings() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct expert_id from public.bookings where status = 'pending' and created_at < now() - interval '7 days'
  $$;
comment on function private.mentors_with_abandoned_bookings() is 'Who has requests older than seven days.';

create function private.cancel_abandoned_bookings(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  cancelled integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings set status = 'cancelled'
    where expert_id = mentor and status = 'pending' and created_at < now() - interval '7 days';
  get diagnostics cancelled = row_count;
  return cancelled;
end
$$;
comment on function private.cancel_abandoned_bookings(uuid) is
  'The guide''s last net: no request of one mentor stays pending for more than seven days.';

create function private.forget_idempotency_keys() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  forgotten integer;
begin
  delete from private.idempotency_keys where created_at < now() - interval '1 day';
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function private.forget_idempotency_keys() is 'Idempotency keys are kept for a day.';

create function private.mentors_with_past_blocked_dates() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct p.id from public.blocked_dates b join public.expert_profiles p on p.id = b.expert_id
    where b.date < (now() at time zone p.timezone)::date
  $$;
comment on function private.mentors_with_past_blocked_dates() is 'Whose days off are partly over.';

create function private.remove_past_blocked_dates(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  removed integer;
begin
  perform private.lock_mentor(mentor);
  delete from public.blocked_dates b using public.expert_profiles p
    where p.id = mentor and b.expert_id = mentor and b.date < (now() at time zone p.timezone)::date;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function private.remove_past_blocked_dates(uuid) is
  'The guide''s weekly clean-up: days off that are over on the mentor''s calendar.';

alter table public.bookings add column archived_at timestamptz
  constraint bookings_only_completed_is_archived check (archived_at is null or status = 'completed');
comment on column public.bookings.archived_at is
  'When a completed booking left the everyday lists; null while it is in them.';
-- For the monthly search; what is archived leaves the index.
create index bookings_to_archive_idx on public.bookings (ends_at) where status = 'completed' and archived_at is null;

create function private.archive_old_bookings() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  archived integer;
begin
  update public.bookings set archived_at = now()
    where status = 'completed' and archived_at is null and ends_at < now() - interval '6 months';
  get diagnostics archived = row_count;
  return archived;
end
$$;
comment on function private.archive_old_bookings() is
  'The guide''s monthly clean-up: completed bookings older than six months leave the everyday lists.';

revoke execute on function
    private.enqueue(text, jsonb, text, timestamptz),
    private.mentors_with_lapsed_time(),
    private.sweep_mentor(uuid),
    private.mentors_with_abandoned_bookings(),
    private.cancel_abandoned_bookings(uuid),
    private.forget_idempotency_keys(),
    private.mentors_with_past_blocked_dates(),
    private.remove_past_blocked_dates(uuid),
    private.archive_old_bookings()
  from public, anon, authenticated, service_role;
grant execute on function
    private.enqueue(text, jsonb, text, timestamptz),
    private.mentors_with_lapsed_time(),
    private.sweep_mentor(uuid),
    private.mentors_with_abandoned_bookings(),
    private.cancel_abandoned_bookings(uuid),
    private.forget_idempotency_keys(),
    private.mentors_with_past_blocked_dates(),
    private.remove_past_blocked_dates(uuid),
    private.archive_old_bookings()
  to matepeak_app;
