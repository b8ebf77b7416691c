-- A mentor who takes no new bookings for now. Sessions that are booked stay, and can still be moved.

alter table public.expert_profiles add column accepting_bookings boolean not null default true;
comment on column public.expert_profiles.accepting_bookings is
  'False: no time is offered and no new booking is taken. What is booked stays.';
grant insert (accepting_bookings), update (accepting_bookings) on public.expert_profiles to authenticated;

-- By caller, not definer: what private.accept_time_proposal() books runs as the functions' owner. There the mentor himself
-- has agreed to the time, so his pause does not stand in its way.
create function private.respect_pause() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- bookings_prepare holds the mentor's row already: nobody pauses or resumes in between.
  if exists (select from public.expert_profiles where id = new.expert_id and not accepting_bookings) then
    raise exception 'the mentor takes no new bookings'
      using errcode = 'check_violation', constraint = 'bookings_mentor_accepts';
  end if;
  return new;
end
$$;
comment on function private.respect_pause() is 'A paused mentor takes no new bookings, whoever makes them.';
revoke execute on function private.respect_pause() from public, anon, authenticated, service_role;
-- By its name after bookings_prepare.
create trigger bookings_respect_pause before insert on public.bookings
  for each row when (current_user in ('anon', 'authenticated', 'matepeak_app'))
  execute function private.respect_pause();

drop trigger expert_profiles_announce on public.expert_profiles;
create trigger expert_profiles_announce after update on public.expert_profiles
  for each row when (
    (old.username, old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice,
     old.booking_window_days, old.max_per_day, old.max_per_week, old.instant_confirm, old.accepting_bookings)
    is distinct from
    (new.username, new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice,
     new.booking_window_days, new.max_per_day, new.max_per_week, new.instant_confirm, new.accepting_bookings))
  execute function private.announce_availability();

drop trigger expert_profiles_grown on public.expert_profiles;
create trigger expert_profiles_grown after update on public.expert_profiles
  for each row when (
    (old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice, old.booking_window_days,
     old.max_per_day, old.max_per_week, old.accepting_bookings)
    is distinct from
    (new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice, new.booking_window_days,
     new.max_per_day, new.max_per_week, new.accepting_bookings))
  execute function private.watch_growth();
