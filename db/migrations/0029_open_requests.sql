-- How much of one mentor's time people may ask for before they are known, and whom a mentor wants to know first.

alter table public.expert_profiles
  add column require_confirmed_address boolean not null default false,
  add column approve_first_timers boolean not null default false;
comment on column public.expert_profiles.require_confirmed_address is
  'Only people who have confirmed their e-mail address may book.';
comment on column public.expert_profiles.approve_first_timers is
  'A first booking waits for the mentor, also where bookings are confirmed at once.';
grant insert (require_confirmed_address, approve_first_timers),
      update (require_confirmed_address, approve_first_timers)
  on public.expert_profiles to authenticated;

create function private.cap(of_what text) returns integer
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select case of_what
      when 'requests_with_mentor' then 5
      when 'requests_with_mentor_unconfirmed' then 3
      when 'requests' then 15
      when 'requests_unconfirmed' then 6
      when 'sessions_ahead_with_mentor' then 30
      when 'sessions_ahead_with_mentor_newcomer' then 5
      when 'newcomer_times_from_network' then 10
      when 'time_requests' then 15
      when 'time_requests_unconfirmed' then 6
      when 'weekly_windows' then 84
      when 'dated_windows' then 1000
      when 'blocked_dates' then 1100
      when 'timezone_periods' then 200
      when 'services' then 30
      when 'service_durations' then 8
      when 'active_alerts' then 50
    end
  $$;
comment on function private.cap(text) is
  'How much one person may own or have open: the same table as scheduling/limits.ts, a test compares them.';

-- Both for the counts below: neither grows with a person's history.
create index bookings_open_requests_idx on public.bookings (user_id) where status = 'pending';
create index time_requests_open_idx on public.time_requests (user_id) where status = 'open';

create table private.booking_origins (
  booking_id uuid primary key references public.bookings (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  origin bytea not null
);
comment on table private.booking_origins is
  'From which network a newcomer with an unconfirmed e-mail address booked, as a keyed hash, until the session begins. '
  'Written by private.limit_open_requests() only.';
create index booking_origins_expert_id_origin_idx on private.booking_origins (expert_id, origin);
alter table private.booking_origins enable row level security;
revoke all on private.booking_origins from public, anon, authenticated, service_role;

create function private.refuse_cap(constraint_name text) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  raise exception 'more than one may have' using errcode = 'check_violation', constraint = constraint_name;
end
$$;
comment on function private.refuse_cap(text) is 'Says which cap is reached, by the name of its constraint.';

create function private.limit_open_requests() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  -- A plan made while the tables were small would stay.
  set enable_seqscan = off
  as $$
declare
  mentor public.expert_profiles;
  has_address boolean;
  is_known boolean;
  network bytea := decode(nullif(current_setting('matepeak.origin', true), ''), 'hex');
begin
  -- What both sides have agreed on in a time request is nobody's attack.
  if new.status = 'confirmed' and exists (
    select from public.time_requests r join public.time_proposals p on p.request_id = r.id
    where r.user_id = new.user_id and r.status = 'open' and r.expert_id = new.expert_id
      and p.starts_at = new.starts_at) then
    return null;
  end if;
  select * into mentor from public.expert_profiles where id = new.expert_id;
  has_address := private.has_confirmed_address(new.user_id);
  is_known := exists (
    select from public.bookings b
    where b.expert_id = new.expert_id and b.user_id = new.user_id and b.status = 'completed');

  if mentor.require_confirmed_address and not has_address then
    perform private.refuse_cap('bookings_address_confirmed');
  end if;
  if mentor.approve_first_timers and not is_known and new.status = 'confirmed' then
    perform private.refuse_cap('bookings_first_is_approved');
  end if;
  -- The mentor's row is locked, so whatever is counted with this mentor stands still.
  if (select count(*) from public.bookings b
      where b.expert_id = new.expert_id and b.user_id = new.user_id and b.starts_at > now()
        and b.status in ('pending', 'confirmed'))
     > private.cap(case when has_address or is_known then 'sessions_ahead_with_mentor'
                        else 'sessions_ahead_with_mentor_newcomer' end) then
    perform private.refuse_cap('bookings_ahead_with_mentor');
  end if;
  if new.status = 'pending' then
    -- One at a time for each person: with another mentor two at once would count the same. Always after the mentor.
    perform pg_advisory_xact_lock(hashtextextended('open requests ' || new.user_id, 0));
    if (select count(*) from public.bookings b
        where b.user_id = new.user_id and b.status = 'pending' and b.expert_id = new.expert_id and b.expires_at > now())
       > private.cap(case when has_address then 'requests_with_mentor' else 'requests_with_mentor_unconfirmed' end) then
      perform private.refuse_cap('bookings_open_with_mentor');
    end if;
    if (select count(*) from public.bookings b
        where b.user_id = new.user_id and b.status = 'pending' and b.expires_at > now())
       > private.cap(case when has_address then 'requests' else 'requests_unconfirmed' end) then
      perform private.refuse_cap('bookings_open_in_all');
    end if;
  end if;
  if network is not null and not has_address and not is_known then
    insert into private.booking_origins (booking_id, expert_id, origin) values (new.id, new.expert_id, network);
    -- Times, not people: a class that joins one group session takes one.
    if (select count(distinct b.occupancy_id)
        from private.booking_origins o join public.bookings b on b.id = o.booking_id
        where o.expert_id = new.expert_id and o.origin = network and b.starts_at > now()
          and b.status in ('pending', 'confirmed'))
       > private.cap('newcomer_times_from_network') then
      perform private.refuse_cap('bookings_newcomers_from_network');
    end if;
  end if;
  return null;
end
$$;
comment on function private.limit_open_requests() is
  'Few people cannot take a mentor''s whole time: caps on open requests and on sessions ahead, counted under the mentor''s '
  'lock, and lower ones for people nobody knows yet.';
create trigger bookings_limit_open after insert on public.bookings
  for each row execute function private.limit_open_requests();

create function private.limit_time_requests() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('open requests ' || new.user_id, 0));
  if (select count(*) from public.time_requests r
      where r.user_id = new.user_id and r.status = 'open' and r.expires_at > now())
     > private.cap(case when private.has_confirmed_address(new.user_id) then 'time_requests'
                        else 'time_requests_unconfirmed' end) then
    perform private.refuse_cap('time_requests_open_in_all');
  end if;
  return null;
end
$$;
comment on function private.limit_time_requests() is 'Nobody asks all mentors at once.';
create trigger time_requests_limit_open after insert on public.time_requests
  for each row execute function private.limit_time_requests();

-- What somebody owns is read as a whole, by everybody in part: it stays short. What is there already is never taken away.

create function private.limit_owned() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- Whoever acts as a mentor has locked the own row (…_lock_schedule): nobody counts at the same time.
  case tg_table_name
    when 'availability_slots' then
      if exists (select from added where is_recurring) and exists (
        select from (select distinct expert_id from added) a where private.cap('weekly_windows') < (
          select count(*) from public.availability_slots s where s.expert_id = a.expert_id and s.is_recurring)) then
        perform private.refuse_cap('availability_slots_weekly_cap');
      end if;
      if exists (select from added where not is_recurring) and exists (
        select from (select distinct expert_id from added) a where private.cap('dated_windows') < (
          select count(*) from public.availability_slots s where s.expert_id = a.expert_id and not s.is_recurring)) then
        perform private.refuse_cap('availability_slots_dated_cap');
      end if;
    when 'blocked_dates' then
      if exists (
        select from (select distinct expert_id from added) a where private.cap('blocked_dates') < (
          select count(*) from public.blocked_dates b where b.expert_id = a.expert_id)) then
        perform private.refuse_cap('blocked_dates_cap');
      end if;
    when 'timezone_periods' then
      if exists (
        select from (select distinct expert_id from added) a where private.cap('timezone_periods') < (
          select count(*) from public.timezone_periods z where z.expert_id = a.expert_id)) then
        perform private.refuse_cap('timezone_periods_cap');
      end if;
    when 'services' then
      if exists (
        select from (select distinct expert_id from added where deleted_at is null) a where private.cap('services') < (
          select count(*) from public.services s where s.expert_id = a.expert_id and s.deleted_at is null)) then
        perform private.refuse_cap('services_cap');
      end if;
    when 'service_durations' then
      if exists (
        select from (select distinct service_id from added) a where private.cap('service_durations') < (
          select count(*) from public.service_durations d where d.service_id = a.service_id)) then
        perform private.refuse_cap('service_durations_cap');
      end if;
    when 'availability_alerts' then
      perform pg_advisory_xact_lock(hashtextextended('availability_alerts ' || a.user_id, 0))
        from (select distinct user_id from added order by user_id) a;
      if exists (
        select from (select distinct user_id from added) a where private.cap('active_alerts') < (
          select count(*) from public.availability_alerts w where w.user_id = a.user_id and w.status = 'active')) then
        perform private.refuse_cap('availability_alerts_cap');
      end if;
  end case;
  return null;
end
$$;
comment on function private.limit_owned() is 'Refuses what would be more than one may own, table by table.';
create trigger availability_slots_limit after insert on public.availability_slots
  referencing new table as added for each statement execute function private.limit_owned();
create trigger blocked_dates_limit after insert on public.blocked_dates
  referencing new table as added for each statement execute function private.limit_owned();
create trigger timezone_periods_limit after insert on public.timezone_periods
  referencing new table as added for each statement execute function private.limit_owned();
create trigger services_limit after insert on public.services
  referencing new table as added for each statement execute function private.limit_owned();
create trigger service_durations_limit after insert on public.service_durations
  referencing new table as added for each statement execute function private.limit_owned();
create trigger availability_alerts_limit after insert on public.availability_alerts
  referencing new table as added for each statement execute function private.limit_owned();

create function private.keep_service_deleted() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.deleted_at := old.deleted_at;
  return new;
end
$$;
comment on function private.keep_service_deleted() is 'A deleted service does not come back past the cap.';
create trigger services_keep_deleted before update of deleted_at on public.services
  for each row when (old.deleted_at is not null) execute function private.keep_service_deleted();

create function private.forget_booking_origins() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  forgotten integer;
begin
  delete from private.booking_origins o using public.bookings b
    where b.id = o.booking_id and (b.starts_at <= now() or b.status not in ('pending', 'confirmed'));
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function private.forget_booking_origins() is 'Where somebody booked from matters until the session begins.';

create or replace function private.mentors_with_past_blocked_dates() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct p.id from public.blocked_dates b join public.expert_profiles p on p.id = b.expert_id
    where b.date < (now() at time zone p.timezone)::date
    union
    select s.expert_id from public.availability_slots s
    where not s.is_recurring and s.specific_date < current_date - 60
    union
    select z.expert_id from public.timezone_periods z where z.ends_on < current_date - 365
  $$;
comment on function private.mentors_with_past_blocked_dates() is
  'Whose days off, dated hours or travels are partly over.';

create or replace function private.remove_past_blocked_dates(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  removed integer;
begin
  perform private.lock_mentor(mentor);
  -- Long over: they count against the caps and serve nobody.
  delete from public.availability_slots
    where expert_id = mentor and not is_recurring and specific_date < current_date - 60;
  delete from public.timezone_periods where expert_id = mentor and ends_on < current_date - 365;
  delete from public.blocked_dates b using public.expert_profiles p
    where p.id = mentor and b.expert_id = mentor and b.date < (now() at time zone p.timezone)::date;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function private.remove_past_blocked_dates(uuid) is
  'The weekly clean-up: days off that are over on the mentor''s calendar, and dated hours and travels long over.';

revoke execute on function
    private.cap(text), private.refuse_cap(text), private.limit_open_requests(), private.limit_time_requests(),
    private.limit_owned(), private.keep_service_deleted(),
    private.forget_booking_origins()
  from public, anon, authenticated, service_role;
grant execute on function private.forget_booking_origins() to matepeak_app;
