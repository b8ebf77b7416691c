-- Alerts: a student wants to be notified of a free time; every change that may free time enqueues a check.

create or replace function private.enqueue_alert_check() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid;
begin
  if tg_argv[0] = 'profile' then
    mentor := new.id;
  else
    mentor := coalesce(new.expert_id, old.expert_id);
  end if;
  -- Setting an alert and changing the mentor's time both lock the mentor, so neither misses the other.
  if exists (select from public.availability_alerts a where a.expert_id = mentor and a.status = 'active') then
    perform private.enqueue('check_alerts', jsonb_build_object('mentor_id', mentor), 'check_alerts:' || mentor);
  end if;
  perform private.enqueue_waitlist(mentor);
  return null;
end
$$;
comment on function private.enqueue_alert_check() is
  'Enqueues one job per mentor for the alerts, and another for the waitlist, when the mentor may have more free time than before.';

create or replace function private.lock_active_alerts(mentor uuid) returns setof public.availability_alerts
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select * from public.availability_alerts where expert_id = mentor and status = 'active' order by id for update
  $$;
comment on function private.lock_active_alerts(uuid) is 'The active alerts for a mentor, locked: a second job waits.';

create or replace function private.trigger_alert(wanted uuid, first_free timestamptz) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.availability_alerts set status = 'fired', fired_at = now() where id = wanted and status = 'active';
  if not found then
    return false;
  end if;
  perform private.enqueue('notify_alert', jsonb_build_object('alert_id', wanted, 'starts_at', first_free));
  return true;
end
$$;
comment on function private.trigger_alert(uuid, timestamptz) is
  'Ends an alert and enqueues its message, in one transaction; false if it had ended before.';

create or replace function private.alert_facts(wanted uuid)
  returns table (student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, duration integer,
                 from_date date, to_date date, fired_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select a.user_id, a.expert_id, a.service_id, a.timezone, a.duration, a.from_date, a.to_date, a.fired_at
    from public.availability_alerts a
    where a.id = wanted
  $$;
comment on function private.alert_facts(uuid) is 'The facts for the message about an alert.';

create or replace function private.mentors_with_alerts(
    most integer, after uuid default '00000000-0000-0000-0000-000000000000') returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    -- From one mentor to the next in the index, past all further alerts for the same mentor.
    with recursive mentors (id, place) as (
      select (select a.expert_id from public.availability_alerts a
              where a.status = 'active' and a.expert_id > after order by a.expert_id limit 1), 1
      union all
      select (select a.expert_id from public.availability_alerts a
              where a.status = 'active' and a.expert_id > m.id order by a.expert_id limit 1), m.place + 1
        from mentors m where m.id is not null and m.place < most
    )
    select id from mentors where id is not null
  $$;
comment on function private.mentors_with_alerts(integer, uuid) is
  'The next mentors with active alerts, in the order of their ids, for the regular check: days also open as the booking '
  'window moves on.';

create or replace function private.expire_alerts(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  expired integer;
  deleted integer;
begin
  -- Zone by zone: what is over in one is not over in another, so the date alone would not find the oldest.
  update public.availability_alerts set status = 'expired' where status = 'active' and id = any (array(
    with recursive zones (timezone) as (
      select (select a.timezone from public.availability_alerts a
              where a.status = 'active' order by a.timezone limit 1)
      union all
      select (select a.timezone from public.availability_alerts a
              where a.status = 'active' and a.timezone > z.timezone order by a.timezone limit 1)
        from zones z where z.timezone is not null
    )
    select over.id
      from zones z, lateral (
        select a.id from public.availability_alerts a
        where a.status = 'active' and a.timezone = z.timezone
          and a.to_date < private.wall_clock(now(), z.timezone)::date
        order by a.to_date limit most
      ) over
      where z.timezone is not null
      limit most));
  get diagnostics expired = row_count;
  delete from public.availability_alerts where id = any (array(
    select a.id from public.availability_alerts a
    where a.status <> 'active' and a.created_at < now() - interval '180 days'
    order by a.created_at limit most - expired for update skip locked));
  get diagnostics deleted = row_count;
  return expired + deleted;
end
$$;
comment on function private.expire_alerts(integer) is
  'Ends the oldest alerts whose days are over, and deletes the oldest that ended after half a year.';

revoke execute on function
    private.enqueue_alert_check(),
    private.lock_active_alerts(uuid),
    private.trigger_alert(uuid, timestamptz),
    private.alert_facts(uuid),
    private.mentors_with_alerts(integer, uuid),
    private.expire_alerts(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.lock_active_alerts(uuid),
    private.trigger_alert(uuid, timestamptz),
    private.alert_facts(uuid),
    private.mentors_with_alerts(integer, uuid),
    private.expire_alerts(integer)
  to matepeak_app;

-- public.availability_alerts -------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 55_check_open (insert)
-- * after a statement: 90_limit (insert)
create or replace trigger availability_alerts_55_check_open after insert on public.availability_alerts
  for each row execute function private.require_open_accounts();
create or replace trigger availability_alerts_90_limit after insert on public.availability_alerts
  referencing new table as added for each statement execute function private.limit_owned('availability_alerts');

revoke all on public.availability_alerts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, delete on public.availability_alerts to authenticated;
-- The app has checked with the slot engine that no such time is free yet.
grant select, insert (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
  on public.availability_alerts to matepeak_app;
drop policy if exists availability_alerts_read_own on public.availability_alerts;
create policy availability_alerts_read_own on public.availability_alerts for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()));
comment on policy availability_alerts_read_own on public.availability_alerts is 'Students read only their own alerts.';
drop policy if exists availability_alerts_insert_own on public.availability_alerts;
create policy availability_alerts_insert_own on public.availability_alerts for insert to matepeak_app
  with check (user_id = (select auth.uid()));
comment on policy availability_alerts_insert_own on public.availability_alerts is 'Students set alerts only for themselves.';
drop policy if exists availability_alerts_delete_own on public.availability_alerts;
create policy availability_alerts_delete_own on public.availability_alerts for delete to authenticated
  using (user_id = (select auth.uid()));
comment on policy availability_alerts_delete_own on public.availability_alerts is 'Students delete their own alerts.';
