-- A mentor's hours in wall-clock time of the mentor's zone, and the days off.

create table public.availability_slots (
  id uuid primary key default gen_random_uuid(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  day_of_week integer constraint availability_slots_day_of_week_range check (day_of_week between 0 and 6),
  start_time text not null
    constraint availability_slots_start_time_form check (start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  end_time text not null
    constraint availability_slots_end_time_form check (end_time ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  is_recurring boolean not null default true,
  specific_date date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint availability_slots_day_or_date check (
    (is_recurring and day_of_week is not null and specific_date is null)
    or (not is_recurring and day_of_week is null and specific_date is not null)
  )
);
comment on table public.availability_slots is
  'Windows in which a mentor takes sessions: weekly, or on one date on top of the weekly ones.';
comment on column public.availability_slots.day_of_week is '0 Sunday to 6 Saturday, in the mentor''s zone.';
comment on column public.availability_slots.end_time is
  '24:00 or 00:00 is midnight; an end at or before the start runs into the next day.';
create index idx_availability_slots_expert_id on public.availability_slots (expert_id);
create index idx_availability_slots_day_of_week on public.availability_slots (day_of_week);
-- The same window twice is a slip of the finger, not more time.
create unique index availability_slots_weekly_key
  on public.availability_slots (expert_id, day_of_week, start_time, end_time) where is_recurring;
create unique index availability_slots_dated_key
  on public.availability_slots (expert_id, specific_date, start_time, end_time) where not is_recurring;
create trigger availability_slots_touch before update on public.availability_slots
  for each row execute function private.touch_updated_at();

create table public.blocked_dates (
  id uuid primary key default gen_random_uuid(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  date date not null,
  reason text constraint blocked_dates_reason_length check (char_length(reason) <= 500),
  created_at timestamptz not null default now(),
  constraint blocked_dates_expert_id_date_key unique (expert_id, date)
);
comment on table public.blocked_dates is 'Whole days off, midnight to midnight in the mentor''s zone.';
comment on column public.blocked_dates.reason is 'For the mentor alone: nobody else is granted this column.';
create index idx_blocked_dates_expert_id on public.blocked_dates (expert_id);
create index idx_blocked_dates_date on public.blocked_dates (date);

-- Hours and days off do not change between a booking's judgement and its insert.
create trigger availability_slots_lock_schedule before insert or update or delete on public.availability_slots
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create trigger blocked_dates_lock_schedule before insert or delete on public.blocked_dates
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();

alter table public.availability_slots enable row level security;
alter table public.blocked_dates enable row level security;
revoke all on public.availability_slots, public.blocked_dates from public, anon, authenticated, service_role;
grant select on public.availability_slots to anon, authenticated, matepeak_app;
grant insert (expert_id, day_of_week, start_time, end_time, is_recurring, specific_date),
      update (day_of_week, start_time, end_time, is_recurring, specific_date), delete
  on public.availability_slots to authenticated;
-- Not the reason: a day off is public, why is not. The mentor reads it through my_blocked_dates().
grant select (id, expert_id, date, created_at) on public.blocked_dates to anon, authenticated, matepeak_app;
grant insert (expert_id, date, reason), delete on public.blocked_dates to authenticated;

create policy availability_slots_read on public.availability_slots for select to anon, authenticated, matepeak_app
  using (true);
create policy availability_slots_insert_own on public.availability_slots for insert to authenticated
  with check (expert_id = (select auth.uid()));
create policy availability_slots_update_own on public.availability_slots for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
create policy availability_slots_delete_own on public.availability_slots for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy availability_slots_read on public.availability_slots is 'Hours are public.';
comment on policy availability_slots_insert_own on public.availability_slots is 'A mentor sets his own hours.';
comment on policy availability_slots_update_own on public.availability_slots is 'A mentor edits his own hours.';
comment on policy availability_slots_delete_own on public.availability_slots is 'A mentor drops his own hours.';

create policy blocked_dates_read on public.blocked_dates for select to anon, authenticated, matepeak_app using (true);
create policy blocked_dates_insert_own on public.blocked_dates for insert to authenticated
  with check (expert_id = (select auth.uid()));
create policy blocked_dates_delete_own on public.blocked_dates for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy blocked_dates_read on public.blocked_dates is 'Days off are public, without the reason.';
comment on policy blocked_dates_insert_own on public.blocked_dates is 'A mentor blocks his own days.';
comment on policy blocked_dates_delete_own on public.blocked_dates is 'A mentor frees his own days.';

create function public.my_blocked_dates() returns setof public.blocked_dates
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select * from public.blocked_dates where expert_id = (select auth.uid()) order by date
  $$;
comment on function public.my_blocked_dates() is 'The caller''s own days off, reasons included.';
revoke execute on function public.my_blocked_dates() from public, anon, authenticated, service_role;
grant execute on function public.my_blocked_dates() to authenticated;
