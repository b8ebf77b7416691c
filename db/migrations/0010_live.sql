-- Who looks at a page is told when it is out of date. Payloads carry ids only: anybody with a connection may listen.

create function private.announce_availability() returns trigger
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
  if mentor is not null then
    -- Sent at commit, and once however many rows of the mentor's change.
    perform pg_notify('availability', mentor::text);
  end if;
  return null;
end
$$;
comment on function private.announce_availability() is
  'Tells who listens on "availability" whose offered times may have changed. For every table that decides about them; '
  'one with a column expert_id needs nothing but the trigger.';

create trigger occupancies_announce after insert or update or delete on public.occupancies
  for each row execute function private.announce_availability();
create trigger availability_slots_announce after insert or update or delete on public.availability_slots
  for each row execute function private.announce_availability();
create trigger blocked_dates_announce after insert or update or delete on public.blocked_dates
  for each row execute function private.announce_availability();
create trigger timezone_periods_announce after insert or update or delete on public.timezone_periods
  for each row execute function private.announce_availability();
create trigger services_announce after insert or update on public.services
  for each row execute function private.announce_availability();
create trigger service_durations_announce after insert or update or delete on public.service_durations
  for each row execute function private.announce_availability();
create trigger expert_profiles_announce after update on public.expert_profiles
  for each row when (
    (old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice, old.booking_window_days,
     old.max_per_day, old.max_per_week, old.instant_confirm)
    is distinct from
    (new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice, new.booking_window_days,
     new.max_per_day, new.max_per_week, new.instant_confirm))
  execute function private.announce_availability();

create function private.tell_person(person uuid, about text) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    select pg_notify('person', person || ' ' || about)
  $$;
comment on function private.tell_person(uuid, text) is
  'Tells the pages of one person what of theirs changed: bookings, requests or notifications.';

create function private.announce_booking_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.tell_person(party, 'bookings')
    from public.bookings b, unnest(array[b.user_id, b.expert_id]) party where b.id = new.booking_id;
  return null;
end
$$;
comment on function private.announce_booking_event() is 'Both parties'' lists of sessions are out of date.';
create trigger booking_events_announce after insert on public.booking_events
  for each row execute function private.announce_booking_event();

revoke execute on function
    private.announce_availability(),
    private.tell_person(uuid, text),
    private.announce_booking_event()
  from public, anon, authenticated, service_role;
