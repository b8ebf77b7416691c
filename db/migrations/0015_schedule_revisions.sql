-- How often what decides a mentor's times has changed. Whoever keeps an answer about them can ask, for next to nothing,
-- whether it still stands.

create table public.schedule_revisions (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  revision bigint not null default 0
) with (fillfactor = 50);
comment on table public.schedule_revisions is
  'Counts the changes of a mentor''s offered times, in the transaction that makes them: two equal figures, one answer.';

alter table public.schedule_revisions enable row level security;
revoke all on public.schedule_revisions from public, anon, authenticated, service_role;
grant select on public.schedule_revisions to anon, authenticated, matepeak_app;
create policy schedule_revisions_read on public.schedule_revisions for select
  to anon, authenticated, matepeak_app using (true);
comment on policy schedule_revisions_read on public.schedule_revisions is
  'Offered times are public, and so is when they change. Written by triggers only.';

insert into public.schedule_revisions (expert_id) select id from public.expert_profiles;

create function private.start_schedule_revision() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into public.schedule_revisions (expert_id) values (new.id);
  return null;
end
$$;
comment on function private.start_schedule_revision() is 'Every mentor''s times are counted from the first day on.';
create trigger expert_profiles_start_revision after insert on public.expert_profiles
  for each row execute function private.start_schedule_revision();

create or replace function private.announce_availability() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid;
begin
  if tg_table_name = 'expert_profiles' then
    mentor := new.id;
  elsif tg_table_name = 'service_durations' then
    select s.expert_id into mentor from public.services s where s.id = coalesce(new.service_id, old.service_id);
  else
    mentor := coalesce(new.expert_id, old.expert_id);
  end if;
  -- No row for a mentor who is just being removed. Whoever comes here holds the mentor's place in line already.
  update public.schedule_revisions set revision = revision + 1 where expert_id = mentor;
  if found then
    -- Sent at commit, and once however many rows of the mentor's change.
    perform pg_notify('availability', mentor::text);
  end if;
  return null;
end
$$;
comment on function private.announce_availability() is
  'Counts a change of a mentor''s times and tells who listens on "availability". For every table that decides about '
  'them; one with a column expert_id needs nothing but the trigger.';

-- The username too: it is an address of these times.
drop trigger expert_profiles_announce on public.expert_profiles;
create trigger expert_profiles_announce after update on public.expert_profiles
  for each row when (
    (old.username, old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice,
     old.booking_window_days, old.max_per_day, old.max_per_week, old.instant_confirm)
    is distinct from
    (new.username, new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice,
     new.booking_window_days, new.max_per_day, new.max_per_week, new.instant_confirm))
  execute function private.announce_availability();

revoke execute on function private.start_schedule_revision() from public, anon, authenticated, service_role;
