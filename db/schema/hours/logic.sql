-- Hours: weekly and dated windows, days off, and weeks spent in another time zone.

create or replace function private.count_hours_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid;
begin
  -- Each by value: the mentors of one statement may be in several parts of the table.
  for mentor in select distinct c.expert_id from changed c order by c.expert_id loop
    update public.expert_profiles set hours_revision = hours_revision + 1 where id = mentor;
  end loop;
  return null;
end
$$;
comment on function private.count_hours_change() is 'Counts the statements that change a mentor''s hours.';

create or replace function public.my_blocked_dates() returns setof public.blocked_dates
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select * from public.blocked_dates where expert_id = (select auth.uid()) order by date
  $$;
comment on function public.my_blocked_dates() is 'The caller''s own days off, reasons included.';

-- A booking shows the mentor's local time at the place where the mentor is then.
create or replace function private.mentor_zone_at(mentor uuid, instant timestamptz) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return coalesce(
    -- The dates on which the zone changes, each at local midnight; the last one that has begun is in force. Skipped for
    -- the many mentors who do not travel.
    case when exists (select from public.timezone_periods p where p.expert_id = mentor) then
      (select change.timezone
       from (
         select p.starts_on as on_date, p.timezone from public.timezone_periods p where p.expert_id = mentor
         union all
         select p.ends_on + 1, e.timezone
         from public.timezone_periods p join public.expert_profiles e on e.id = p.expert_id
         where p.expert_id = mentor and not exists (
           select from public.timezone_periods n where n.expert_id = mentor and n.starts_on = p.ends_on + 1)
       ) change
       where private.start_of_day(change.on_date, change.timezone) <= instant
       order by change.on_date desc limit 1)
    end,
    (select e.timezone from public.expert_profiles e where e.id = mentor));
end
$$;
comment on function private.mentor_zone_at(uuid, timestamptz) is
  'The zone a mentor is in at an instant, as in scheduling/zonePeriods.ts.';

create or replace function private.mentors_with_past_blocked_dates(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    with today (timezone, on_date) as materialized (
      select z.timezone, private.wall_clock(now(), z.timezone)::date from private.zone_rules z
    )
    (select past.expert_id
     from (
       select b.expert_id
       from public.blocked_dates b join public.expert_profiles p on p.id = b.expert_id
         join today t on t.timezone = p.timezone
       -- No zone is a whole day ahead of UTC, so this finds everything that may be over.
       where b.date <= (now() at time zone 'UTC')::date and b.date < t.on_date
       order by b.date limit most
     ) past)
    union
    (select s.expert_id from public.availability_slots s
     where not s.is_recurring and s.specific_date < current_date - 60 order by s.specific_date limit most)
    union
    (select z.expert_id from public.timezone_periods z where z.ends_on < current_date - 365
     order by z.ends_on limit most)
  $$;
comment on function private.mentors_with_past_blocked_dates(integer) is
  'The mentors of the oldest days off, dated hours and travels that are over.';

create or replace function private.remove_past_blocked_dates(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  today date;
  windows integer;
  travels integer;
  days_off integer;
begin
  perform private.lock_mentor(mentor);
  -- Long over: they count against the caps and have no use.
  delete from public.availability_slots where id = any (array(
    select s.id from public.availability_slots s
    where s.expert_id = mentor and not s.is_recurring and s.specific_date < current_date - 60
    order by s.specific_date limit most));
  get diagnostics windows = row_count;
  delete from public.timezone_periods where id = any (array(
    select z.id from public.timezone_periods z where z.expert_id = mentor and z.ends_on < current_date - 365
    order by z.ends_on limit most - windows));
  get diagnostics travels = row_count;
  select private.wall_clock(now(), p.timezone)::date into today from public.expert_profiles p where p.id = mentor;
  delete from public.blocked_dates where id = any (array(
    select b.id from public.blocked_dates b where b.expert_id = mentor and b.date < today
    order by b.date limit most - windows - travels));
  get diagnostics days_off = row_count;
  return windows + travels + days_off;
end
$$;
comment on function private.remove_past_blocked_dates(uuid, integer) is
  'The weekly clean-up: the oldest days off that are over on the mentor''s calendar, and dated hours and travels long over.';

revoke execute on function
    private.count_hours_change(),
    public.my_blocked_dates(),
    private.mentor_zone_at(uuid, timestamptz),
    private.mentors_with_past_blocked_dates(integer),
    private.remove_past_blocked_dates(uuid, integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function public.my_blocked_dates() to authenticated;
grant execute on function
    private.mentors_with_past_blocked_dates(integer),
    private.remove_past_blocked_dates(uuid, integer)
  to matepeak_app;

-- public.availability_slots --------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update, delete)
-- * before a row: 20_touch (update)
-- * after a row: 50_announce (insert, update, delete), 60_check_alerts (insert, update, delete)
-- * after a statement: 80_count_delete (delete), 81_count_insert (insert), 82_count_update (update),
--   90_limit (insert)
-- Hours and days off do not change between a booking's judgement and its insert.
create or replace trigger availability_slots_05_lock_schedule before insert or update or delete on public.availability_slots
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger availability_slots_20_touch before update on public.availability_slots
  for each row execute function private.touch_updated_at();
create or replace trigger availability_slots_50_announce after insert or update or delete on public.availability_slots
  for each row execute function private.announce_availability();
-- A deletion too: a dated window may have replaced the weekly ones.
create or replace trigger availability_slots_60_check_alerts after insert or update or delete on public.availability_slots
  for each row execute function private.enqueue_alert_check();
create or replace trigger availability_slots_80_count_delete after delete on public.availability_slots
  referencing old table as changed for each statement execute function private.count_hours_change();
-- A trigger with a transition table watches one kind of statement only.
create or replace trigger availability_slots_81_count_insert after insert on public.availability_slots
  referencing new table as changed for each statement execute function private.count_hours_change();
create or replace trigger availability_slots_82_count_update after update on public.availability_slots
  referencing new table as changed for each statement execute function private.count_hours_change();
create or replace trigger availability_slots_90_limit after insert on public.availability_slots
  referencing new table as added for each statement execute function private.limit_owned('availability_slots');

revoke all on public.availability_slots
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.availability_slots to anon, authenticated, matepeak_app;
grant insert (expert_id, day_of_week, start_time, end_time, is_recurring, specific_date),
      update (day_of_week, start_time, end_time, is_recurring, specific_date), delete
  on public.availability_slots to authenticated;
grant insert (replaces_weekly), update (replaces_weekly) on public.availability_slots to authenticated;
drop policy if exists availability_slots_read on public.availability_slots;
create policy availability_slots_read on public.availability_slots for select to anon, authenticated, matepeak_app
  using (true);
comment on policy availability_slots_read on public.availability_slots is 'Hours are public.';
drop policy if exists availability_slots_insert_own on public.availability_slots;
create policy availability_slots_insert_own on public.availability_slots for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy availability_slots_insert_own on public.availability_slots is 'Mentors add their own hours.';
drop policy if exists availability_slots_update_own on public.availability_slots;
create policy availability_slots_update_own on public.availability_slots for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy availability_slots_update_own on public.availability_slots is 'Mentors edit their own hours.';
drop policy if exists availability_slots_delete_own on public.availability_slots;
create policy availability_slots_delete_own on public.availability_slots for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy availability_slots_delete_own on public.availability_slots is 'Mentors delete their own hours.';

-- public.blocked_dates -------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, delete)
-- * after a row: 50_announce (insert, update, delete), 60_check_alerts (delete)
-- * after a statement: 80_count_delete (delete), 81_count_insert (insert), 90_limit (insert)
create or replace trigger blocked_dates_05_lock_schedule before insert or delete on public.blocked_dates
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger blocked_dates_50_announce after insert or update or delete on public.blocked_dates
  for each row execute function private.announce_availability();
create or replace trigger blocked_dates_60_check_alerts after delete on public.blocked_dates
  for each row execute function private.enqueue_alert_check();
create or replace trigger blocked_dates_80_count_delete after delete on public.blocked_dates
  referencing old table as changed for each statement execute function private.count_hours_change();
create or replace trigger blocked_dates_81_count_insert after insert on public.blocked_dates
  referencing new table as changed for each statement execute function private.count_hours_change();
create or replace trigger blocked_dates_90_limit after insert on public.blocked_dates
  referencing new table as added for each statement execute function private.limit_owned('blocked_dates');

revoke all on public.blocked_dates
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- Not the reason, which is private. The mentor reads it through my_blocked_dates().
grant select (id, expert_id, date, created_at) on public.blocked_dates to anon, authenticated, matepeak_app;
grant insert (expert_id, date, reason), delete on public.blocked_dates to authenticated;
drop policy if exists blocked_dates_read on public.blocked_dates;
create policy blocked_dates_read on public.blocked_dates for select to anon, authenticated, matepeak_app using (true);
comment on policy blocked_dates_read on public.blocked_dates is 'Days off are public, without the reason.';
drop policy if exists blocked_dates_insert_own on public.blocked_dates;
create policy blocked_dates_insert_own on public.blocked_dates for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy blocked_dates_insert_own on public.blocked_dates is 'Mentors add their own days off.';
drop policy if exists blocked_dates_delete_own on public.blocked_dates;
create policy blocked_dates_delete_own on public.blocked_dates for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy blocked_dates_delete_own on public.blocked_dates is 'Mentors delete their own days off.';

-- public.timezone_periods ----------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update, delete)
-- * before a row: 10_check_timezone (insert, update)
-- * after a row: 50_announce (insert, update, delete), 60_check_alerts (insert, update, delete)
-- * after a statement: 80_count_delete (delete), 81_count_insert (insert), 90_limit (insert)
create or replace trigger timezone_periods_05_lock_schedule before insert or update or delete on public.timezone_periods
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger timezone_periods_10_check_timezone before insert or update of timezone on public.timezone_periods
  for each row execute function private.check_timezone();
create or replace trigger timezone_periods_50_announce after insert or update or delete on public.timezone_periods
  for each row execute function private.announce_availability();
create or replace trigger timezone_periods_60_check_alerts after insert or update or delete on public.timezone_periods
  for each row execute function private.enqueue_alert_check();
create or replace trigger timezone_periods_80_count_delete after delete on public.timezone_periods
  referencing old table as changed for each statement execute function private.count_hours_change();
create or replace trigger timezone_periods_81_count_insert after insert on public.timezone_periods
  referencing new table as changed for each statement execute function private.count_hours_change();
create or replace trigger timezone_periods_90_limit after insert on public.timezone_periods
  referencing new table as added for each statement execute function private.limit_owned('timezone_periods');

revoke all on public.timezone_periods
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.timezone_periods to anon, authenticated, matepeak_app;
grant insert (expert_id, starts_on, ends_on, timezone), delete on public.timezone_periods to authenticated;
drop policy if exists timezone_periods_read on public.timezone_periods;
create policy timezone_periods_read on public.timezone_periods for select to anon, authenticated, matepeak_app
  using (true);
comment on policy timezone_periods_read on public.timezone_periods is
  'Public like the hours, because offered times depend on it.';
drop policy if exists timezone_periods_insert_own on public.timezone_periods;
create policy timezone_periods_insert_own on public.timezone_periods for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy timezone_periods_insert_own on public.timezone_periods is 'Mentors add their own travels.';
drop policy if exists timezone_periods_delete_own on public.timezone_periods;
create policy timezone_periods_delete_own on public.timezone_periods for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy timezone_periods_delete_own on public.timezone_periods is 'Mentors delete their own travels.';
