-- Hours: dated windows that replace the week's, weeks spent in another zone, and a number that tells old hours from new.

alter table public.availability_slots
  add column replaces_weekly boolean not null default false,
  add constraint availability_slots_replaces_on_a_date check (not (replaces_weekly and is_recurring));
comment on column public.availability_slots.replaces_weekly is
  'Dated windows only: the weekly windows that begin on the same date do not hold. One such row is enough.';
grant insert (replaces_weekly), update (replaces_weekly) on public.availability_slots to authenticated;

create table public.timezone_periods (
  id uuid primary key default gen_random_uuid(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  starts_on date not null,
  ends_on date not null,
  timezone text not null,
  created_at timestamptz not null default now(),
  constraint timezone_periods_ends_after_start check (starts_on <= ends_on),
  -- Also the index of the foreign key.
  constraint timezone_periods_no_overlap exclude using gist (
    expert_id with =, daterange(starts_on, ends_on, '[]') with &&)
);
comment on table public.timezone_periods is
  'Travel: from one date to another, both included, the mentor''s hours and days off are meant in another zone '
  '(docs/decisions/0010).';
comment on column public.timezone_periods.timezone is 'IANA zone in force on these dates instead of the profile''s.';
create trigger timezone_periods_timezone before insert or update of timezone on public.timezone_periods
  for each row execute function private.check_timezone();
create trigger timezone_periods_lock_schedule before insert or update or delete on public.timezone_periods
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();

alter table public.timezone_periods enable row level security;
revoke all on public.timezone_periods from public, anon, authenticated, service_role;
grant select on public.timezone_periods to anon, authenticated, matepeak_app;
grant insert (expert_id, starts_on, ends_on, timezone), delete on public.timezone_periods to authenticated;
create policy timezone_periods_read on public.timezone_periods for select to anon, authenticated, matepeak_app
  using (true);
create policy timezone_periods_insert_own on public.timezone_periods for insert to authenticated
  with check (expert_id = (select auth.uid()));
create policy timezone_periods_delete_own on public.timezone_periods for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy timezone_periods_read on public.timezone_periods is
  'Public like the hours: without it nobody could tell which times are offered.';
comment on policy timezone_periods_insert_own on public.timezone_periods is 'A mentor plans his own travels.';
comment on policy timezone_periods_delete_own on public.timezone_periods is 'A mentor drops his own travels.';

-- Two tabs: whoever saves says which hours he has seen, and is told when they are no longer those.

alter table public.expert_profiles add column hours_revision integer not null default 0;
comment on column public.expert_profiles.hours_revision is
  'Grows with every change of hours, days off, travels or scheduling settings. Kept by triggers; nobody sets it.';

create function private.count_hours_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.expert_profiles set hours_revision = hours_revision + 1
    where id in (select c.expert_id from changed c);
  return null;
end
$$;
comment on function private.count_hours_change() is 'Counts a statement that changed rows of somebody''s hours.';

create function private.count_settings_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if (new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice,
      new.booking_window_days, new.max_per_day, new.max_per_week)
     is distinct from
     (old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice,
      old.booking_window_days, old.max_per_day, old.max_per_week) then
    new.hours_revision := old.hours_revision + 1;
  end if;
  return new;
end
$$;
comment on function private.count_settings_change() is 'Counts a change of the settings that cut hours into slots.';
create trigger expert_profiles_count_settings
  before update of timezone, slot_interval, buffer_before, buffer_after, minimum_notice, booking_window_days,
    max_per_day, max_per_week
  on public.expert_profiles for each row execute function private.count_settings_change();

-- A trigger with a transition table watches one kind of statement only.
create trigger availability_slots_count_insert after insert on public.availability_slots
  referencing new table as changed for each statement execute function private.count_hours_change();
create trigger availability_slots_count_update after update on public.availability_slots
  referencing new table as changed for each statement execute function private.count_hours_change();
create trigger availability_slots_count_delete after delete on public.availability_slots
  referencing old table as changed for each statement execute function private.count_hours_change();
create trigger blocked_dates_count_insert after insert on public.blocked_dates
  referencing new table as changed for each statement execute function private.count_hours_change();
create trigger blocked_dates_count_delete after delete on public.blocked_dates
  referencing old table as changed for each statement execute function private.count_hours_change();
create trigger timezone_periods_count_insert after insert on public.timezone_periods
  referencing new table as changed for each statement execute function private.count_hours_change();
create trigger timezone_periods_count_delete after delete on public.timezone_periods
  referencing old table as changed for each statement execute function private.count_hours_change();

-- The mentor's clock beside a booking is the one that hangs where the mentor is then.

create function private.mentor_zone_at(mentor uuid, instant timestamptz) returns text
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    -- The dates on which the zone changes, each at its own midnight; the last one that has begun is in force.
    select coalesce(
      (select change.timezone
       from (
         select p.starts_on as on_date, p.timezone from public.timezone_periods p where p.expert_id = mentor
         union all
         select p.ends_on + 1, e.timezone
         from public.timezone_periods p join public.expert_profiles e on e.id = p.expert_id
         where p.expert_id = mentor and not exists (
           select from public.timezone_periods n where n.expert_id = mentor and n.starts_on = p.ends_on + 1)
       ) change
       where private.instant_of(change.on_date, '00:00', change.timezone) <= instant
       order by change.on_date desc limit 1),
      (select e.timezone from public.expert_profiles e where e.id = mentor))
  $$;
comment on function private.mentor_zone_at(uuid, timestamptz) is
  'The zone a mentor is in at an instant, as scheduling/zonePeriods.ts has it.';

create function private.say_mentor_clock() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  zone text := private.mentor_zone_at(new.expert_id, new.starts_at);
begin
  if zone is distinct from new.mentor_timezone then
    new.mentor_timezone := zone;
    new.scheduled_date := (new.starts_at at time zone zone)::date;
    new.scheduled_time := to_char(new.starts_at at time zone zone, 'HH24:MI');
  end if;
  return new;
end
$$;
comment on function private.say_mentor_clock() is
  'Date and time of a booking are those on the mentor''s clock at its start, also when the mentor travels.';
-- After bookings_prepare, which finds the instant: triggers fire in the order of their names.
create trigger bookings_say_mentor_clock before insert or update of starts_at on public.bookings
  for each row execute function private.say_mentor_clock();

revoke execute on function
    private.count_hours_change(),
    private.count_settings_change(),
    private.mentor_zone_at(uuid, timestamptz),
    private.say_mentor_clock()
  from public, anon, authenticated, service_role;
