-- Administration: what administrators may do. Each function checks the administrator itself and writes the log, so that no
-- role of requests has rights on what they read and change.

create or replace function private.keep_admin_log() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  raise exception 'the log of administrators is append-only' using errcode = 'insufficient_privilege';
end
$$;
comment on function private.keep_admin_log() is 'Rejects every change of the log, also by its owner.';

-- The rows as JSON: a database prepared by Supabase has other columns.
create or replace function private.has_two_factor(person uuid, login uuid default null) returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  has_one boolean;
  began timestamptz;
begin
  if private.has_platform_accounts() then
    return exists (select from auth.mfa_factors f where f.user_id = person and f.status = 'verified')
      and (login is null or exists (
        select from auth.sessions s where s.id = login and s.user_id = person and s.aal in ('aal2', 'aal3')
          and (s.not_after is null or s.not_after > now())));
  end if;
  select coalesce((to_jsonb(u) ->> 'two_factor_enabled')::boolean, false) into has_one from auth.users u where u.id = person;
  if not coalesce(has_one, false) or to_regclass('auth.two_factors') is null then
    return false;
  end if;
  if login is null then
    return true;
  end if;
  select f.created_at into began from auth.two_factors f where f.user_id = person and f.verified;
  -- Every login that begins while two-factor is on has passed it.
  return exists (
    select from auth.sessions s
    where s.id = login and s.user_id = person and (to_jsonb(s) ->> 'expires_at')::timestamptz > now()
      and s.created_at >= began);
end
$$;
comment on function private.has_two_factor(uuid, uuid) is
  'Whether a person signs in with two factors and, if a login is given, whether that login did.';

create or replace function private.administrator_state(login uuid) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select case
      when not exists (select from private.administrators a where a.user_id = auth.uid())
        or private.is_closed(auth.uid()) then 'none'
      when not private.has_two_factor(auth.uid()) then 'needs_two_factor'
      when not private.has_two_factor(auth.uid(), login) then 'needs_new_login'
      else 'ready'
    end
  $$;
comment on function private.administrator_state(uuid) is
  'Whether the caller is an administrator and may act as one with this login.';

create or replace function private.begin_admin_action(
    login uuid, action text, subject uuid, details jsonb, why text, request text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  insert into private.admin_log (actor_id, action, subject_id, details, reason, request_id)
    values (auth.uid(), action, subject, details, why, request);
end
$$;
comment on function private.begin_admin_action(uuid, text, uuid, jsonb, text, text) is
  'The first thing that every function for administrators does: checks the caller and writes the log, in the transaction of '
  'the action.';

create or replace function private.admin_people(
    login uuid, request text, search text, before_id uuid, most integer)
  returns table (id uuid, name text, email text, created_at timestamptz, username text, verified boolean, closed text,
                 is_administrator boolean)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  pattern text := '%' || replace(replace(replace(lower(search), '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  -- Without the words: they are a person's name or address, and the log stays.
  perform private.begin_admin_action(login, 'people_searched', null, '{}', null, request);
  return query
    select u.id, coalesce(p.full_name, private.account_name(to_jsonb(u)), ''), u.email::text, u.created_at, e.username,
      coalesce(e.verified, false), c.why, a.user_id is not null
    from auth.users u
      left join public.profiles p on p.id = u.id
      left join public.expert_profiles e on e.id = u.id
      left join private.closed_accounts c on c.user_id = u.id
      left join private.administrators a on a.user_id = u.id
    where (before_id is null or u.id < before_id)
      and (search = '' or lower(u.email) like pattern or lower(coalesce(p.full_name, '')) like pattern
        or lower(coalesce(private.account_name(to_jsonb(u)), '')) like pattern or lower(coalesce(e.full_name, '')) like pattern
        or e.username like pattern or u.id::text = lower(search))
    order by u.id desc
    limit most;
end
$$;
comment on function private.admin_people(uuid, text, text, uuid, integer) is
  'Accounts by name, address, username or id, the newest first. For administrators.';

create or replace function private.admin_person(login uuid, request text, person uuid)
  returns table (id uuid, name text, email text, created_at timestamptz, username text, verified boolean, closed text,
                 is_administrator boolean, email_confirmed boolean, two_factor boolean, last_active_at timestamptz, logins integer,
                 upcoming integer, past integer, closed_since timestamptz, closed_reason text, deletion_step text, cancelled integer)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'person_viewed', person, '{}', null, request);
  return query
    select u.id, coalesce(p.full_name, private.account_name(to_jsonb(u)), ''), u.email::text, u.created_at, e.username,
      coalesce(e.verified, false), c.why, a.user_id is not null, private.has_confirmed_address(u.id),
      private.has_two_factor(u.id), s.last_active_at, s.logins,
      (select count(*) from public.bookings b where person in (b.user_id, b.expert_id)
        and b.status in ('pending', 'confirmed') and b.ends_at > now())::integer,
      (select count(*) from public.bookings b where person in (b.user_id, b.expert_id)
        and b.status in ('confirmed', 'completed') and b.ends_at <= now())::integer,
      c.since,
      case when c.why = 'suspended' then (
        select l.reason from private.admin_log l
        where l.subject_id = u.id and l.action = 'person_suspended' order by l.id desc limit 1) end,
      c.step, c.cancelled
    from auth.users u
      left join public.profiles p on p.id = u.id
      left join public.expert_profiles e on e.id = u.id
      left join private.closed_accounts c on c.user_id = u.id
      left join private.administrators a on a.user_id = u.id
      cross join lateral (
        select max(coalesce((to_jsonb(l) ->> 'updated_at')::timestamptz, l.created_at)) as last_active_at,
          count(*)::integer as logins
        from auth.sessions l where l.user_id = u.id) s
    where u.id = person;
end
$$;
comment on function private.admin_person(uuid, text, uuid) is 'What administrators see of one person. For administrators.';

create or replace function private.suspend_person(login uuid, request text, person uuid, why text) returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  address text;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'person_suspended', person, '{}', why, request);
  select u.email into address from auth.users u where u.id = person;
  if not found then
    return null;
  end if;
  -- Administrators are made and unmade at the command line only.
  if exists (select from private.administrators a where a.user_id = person) then
    raise exception 'an administrator cannot be suspended'
      using errcode = 'check_violation', constraint = 'closed_accounts_no_administrators';
  end if;
  perform private.close_account(person, 'suspended');
  insert into private.closed_accounts (user_id, why) values (person, 'suspended') on conflict do nothing;
  if not found then
    raise exception 'the account is closed already' using errcode = 'check_violation', constraint = 'closed_accounts_once';
  end if;
  return address;
end
$$;
comment on function private.suspend_person(uuid, text, uuid, text) is
  'Signs a person out and lets them neither sign in nor book; hides a mentor''s page. Existing sessions stay. Returns the '
  'address to be told; null if there is no such account. For administrators.';

create or replace function private.lift_suspension(login uuid, request text, person uuid, why text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'suspension_lifted', person, '{}', why, request);
  perform private.lock_mentor(person);
  delete from private.closed_accounts c where c.user_id = person and c.why = 'suspended';
  if not found then
    raise exception 'the account is not suspended' using errcode = 'check_violation', constraint = 'closed_accounts_once';
  end if;
  update public.expert_profiles p set hidden_because = null where p.id = person;
  return true;
end
$$;
comment on function private.lift_suspension(uuid, text, uuid, text) is 'Ends a suspension. For administrators.';

create or replace function private.verify_mentor(login uuid, request text, mentor uuid, is_verified boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(
    login, case when is_verified then 'mentor_verified' else 'verification_removed' end, mentor, '{}', null, request);
  perform private.lock_mentor(mentor);
  update public.expert_profiles p set verified = is_verified where p.id = mentor and p.hidden_because is distinct from 'deleted';
  return found;
end
$$;
comment on function private.verify_mentor(uuid, text, uuid, boolean) is
  'Adds or removes the badge "Verified"; false if there is no such mentor. For administrators.';

create or replace function private.undelivered_mail(login uuid, request text, before_id uuid, most integer)
  returns table (id uuid, user_id uuid, address text, kind text, attempts integer, last_error text, created_at timestamptz,
                 ended_at timestamptz)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'undelivered_mail_listed', null, '{}', null, request);
  return query
    select d.id, d.user_id, coalesce(d.address, u.email::text), d.kind, d.attempts, d.last_error, d.created_at, d.ended_at
    from private.deliveries d left join auth.users u on u.id = d.user_id
    where d.state = 'undeliverable'
      and (before_id is null or (d.ended_at, d.id) < (
        select b.ended_at, b.id from private.deliveries b where b.id = before_id))
    order by d.ended_at desc, d.id desc
    limit most;
end
$$;
comment on function private.undelivered_mail(uuid, text, uuid, integer) is
  'Mails that could not be delivered, the latest first. For administrators.';

create or replace function private.send_undelivered_mail(login uuid, request text, mail uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(
    login, 'mail_sent_again', (select d.user_id from private.deliveries d where d.id = mail),
    jsonb_build_object('delivery_id', mail), null, request);
  return private.send_again(mail);
end
$$;
comment on function private.send_undelivered_mail(uuid, text, uuid) is
  'Sends an undelivered mail again; false if there is none. For administrators.';

create or replace function private.failed_jobs(login uuid, request text, before_id bigint, most integer)
  returns table (id bigint, task text, payload json, attempts integer, max_attempts integer, last_error text,
                 created_at timestamptz, run_at timestamptz, is_running boolean)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'failed_jobs_listed', null, '{}', null, request);
  return query
    select j.id, t.identifier, j.payload, j.attempts::integer, j.max_attempts::integer, j.last_error, j.created_at, j.run_at,
      j.locked_at is not null
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.last_error is not null and (before_id is null or j.id < before_id)
    order by j.id desc
    limit most;
end
$$;
comment on function private.failed_jobs(uuid, text, bigint, integer) is
  'Jobs that have failed: for good, or those that will be tried again. The newest first. For administrators.';

create or replace function private.run_job_again(login uuid, request text, job bigint) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'job_run_again', null, private.job_details(job), null, request);
  -- The library's function leaves a running job alone.
  return exists (
    select from graphile_worker.reschedule_jobs(job_ids => array[job], run_at => now(), attempts => 0) j where j.id = job);
end
$$;
comment on function private.run_job_again(uuid, text, bigint) is
  'Runs a failed job now, with all its attempts; false if there is none or it is running. For administrators.';

create or replace function private.give_up_job(login uuid, request text, job bigint) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.begin_admin_action(login, 'job_given_up', null, private.job_details(job), null, request);
  return exists (select from graphile_worker.complete_jobs(array[job]) j where j.id = job);
end
$$;
comment on function private.give_up_job(uuid, text, bigint) is
  'Removes a job; the log keeps what it was. False if there is none or it is running. For administrators.';

create or replace function private.job_details(job bigint) returns jsonb
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((
      select jsonb_build_object('job_id', j.id, 'task', t.identifier, 'payload', j.payload, 'attempts', j.attempts)
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.id = job), jsonb_build_object('job_id', job))
  $$;
comment on function private.job_details(bigint) is 'What the log keeps of a job: payloads have ids only.';

create or replace function private.read_admin_log(
    login uuid, about uuid, of_action text, before_id bigint, most integer)
  returns table (id bigint, happened_at timestamptz, actor_id uuid, actor_name text, action text, subject_id uuid,
                 subject_name text, details jsonb, reason text, request_id text)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  return query
    select l.id, l.happened_at, l.actor_id, private.admin_name(l.actor_id), l.action, l.subject_id,
      private.admin_name(l.subject_id), l.details, l.reason, l.request_id
    from private.admin_log l
    where (about is null or about in (l.subject_id, l.actor_id)) and (of_action is null or l.action = of_action)
      and (before_id is null or l.id < before_id)
    order by l.id desc
    limit most;
end
$$;
comment on function private.read_admin_log(uuid, uuid, text, bigint, integer) is
  'The log, the latest first, by person or action, with the names as they are now. For administrators; the only reading that '
  'is not logged itself.';

create or replace function private.admin_name(person uuid) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(p.full_name, e.full_name, private.account_name(to_jsonb(u)), '')
    from auth.users u left join public.profiles p on p.id = u.id left join public.expert_profiles e on e.id = u.id
    where u.id = person
  $$;
comment on function private.admin_name(uuid) is 'A person''s name for the log; null if there is no such account.';

revoke execute on function
    private.keep_admin_log(),
    private.has_two_factor(uuid, uuid),
    private.administrator_state(uuid),
    private.begin_admin_action(uuid, text, uuid, jsonb, text, text),
    private.admin_people(uuid, text, text, uuid, integer),
    private.admin_person(uuid, text, uuid),
    private.suspend_person(uuid, text, uuid, text),
    private.lift_suspension(uuid, text, uuid, text),
    private.verify_mentor(uuid, text, uuid, boolean),
    private.undelivered_mail(uuid, text, uuid, integer),
    private.send_undelivered_mail(uuid, text, uuid),
    private.failed_jobs(uuid, text, bigint, integer),
    private.run_job_again(uuid, text, bigint),
    private.give_up_job(uuid, text, bigint),
    private.job_details(bigint),
    private.read_admin_log(uuid, uuid, text, bigint, integer),
    private.admin_name(uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.administrator_state(uuid),
    private.admin_people(uuid, text, text, uuid, integer),
    private.admin_person(uuid, text, uuid),
    private.suspend_person(uuid, text, uuid, text),
    private.lift_suspension(uuid, text, uuid, text),
    private.verify_mentor(uuid, text, uuid, boolean),
    private.undelivered_mail(uuid, text, uuid, integer),
    private.send_undelivered_mail(uuid, text, uuid),
    private.failed_jobs(uuid, text, bigint, integer),
    private.run_job_again(uuid, text, bigint),
    private.give_up_job(uuid, text, bigint),
    private.read_admin_log(uuid, uuid, text, bigint, integer)
  to matepeak_app;

-- private.administrators -----------------------------------------------------------------------------------------------

revoke all on private.administrators
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- private.admin_log ----------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_keep (update, delete, truncate)
create or replace trigger admin_log_05_keep before update or delete or truncate on private.admin_log
  for each statement execute function private.keep_admin_log();

revoke all on private.admin_log
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
revoke all on sequence private.admin_log_id_seq
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
