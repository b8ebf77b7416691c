-- The ledger of taken time, the bookings that sit in it, and their history.

create table public.occupancies (
  id uuid primary key default gen_random_uuid(),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid references public.services (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  during tstzrange not null,
  state text not null constraint occupancies_state_known check (state in ('hold', 'requested', 'booked')),
  capacity integer not null default 1 constraint occupancies_capacity_positive check (capacity >= 1),
  seats_taken integer not null default 1 constraint occupancies_seats_taken_positive check (seats_taken >= 1),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  constraint occupancies_session_within check (starts_at < ends_at and during @> tstzrange(starts_at, ends_at, '[)')),
  constraint occupancies_seats_within_capacity check (seats_taken <= capacity),
  constraint occupancies_booked_stays check (state <> 'booked' or expires_at is null),
  -- The promise of the whole product: one mentor, one session at a time, whoever writes and however.
  constraint occupancies_no_overlap exclude using gist (expert_id with =, during with &&)
);
comment on table public.occupancies is
  'Taken time: held, requested or booked. Names no student, so that everyone can see what is taken.';
comment on column public.occupancies.during is 'The session with the mentor''s buffers folded in.';
comment on column public.occupancies.expires_at is 'When an unpaid hold or an unanswered request frees its time.';
create index occupancies_service_id_idx on public.occupancies (service_id);
create index occupancies_expert_id_starts_at_idx on public.occupancies (expert_id, starts_at);
-- For lapse_requests(), which every booking calls: without it the mentor's whole past is searched.
create index occupancies_holds_idx on public.occupancies (expert_id, expires_at) where state = 'hold';

alter table public.occupancies enable row level security;
revoke all on public.occupancies from public, anon, authenticated, service_role;
grant select on public.occupancies to anon, authenticated, matepeak_app;
create policy occupancies_read on public.occupancies for select to anon, authenticated, matepeak_app using (true);
comment on policy occupancies_read on public.occupancies is
  'Times and seats are public; without this nobody could tell what is free. Written by triggers only.';

create table public.bookings (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null references public.services (id),
  occupancy_id uuid references public.occupancies (id),
  session_type text not null,
  scheduled_date date not null,
  scheduled_time text not null
    constraint bookings_scheduled_time_form check (scheduled_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  duration integer not null constraint bookings_duration_range check (duration between 5 and 480),
  status text not null default 'pending'
    constraint bookings_status_known check (status in ('pending', 'confirmed', 'completed', 'cancelled')),
  message text constraint bookings_message_length check (char_length(message) <= 2000),
  total_amount numeric(10, 2) not null constraint bookings_total_amount_range check (total_amount >= 0),
  currency text not null,
  add_recording boolean not null default false,
  user_name text not null default '' constraint bookings_user_name_length check (char_length(user_name) <= 120),
  user_email text not null default '' constraint bookings_user_email_length check (char_length(user_email) <= 254),
  user_phone text constraint bookings_user_phone_length check (char_length(user_phone) <= 32),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  student_timezone text not null,
  mentor_timezone text not null,
  expires_at timestamptz,
  revision integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint bookings_not_own_session check (user_id <> expert_id),
  constraint bookings_ends_after_start check (ends_at = starts_at + duration * interval '1 minute'),
  constraint bookings_time_is_held check ((status = 'cancelled') = (occupancy_id is null)),
  constraint bookings_only_requests_expire check ((status = 'pending') = (expires_at is not null))
);
comment on table public.bookings is 'A student''s seat in a session. Never deleted; a called-off one is cancelled.';
comment on column public.bookings.scheduled_date is 'Date in the mentor''s zone; starts_at is the truth.';
comment on column public.bookings.scheduled_time is 'HH:MM in the mentor''s zone; starts_at is the truth.';
comment on column public.bookings.student_timezone is 'The student''s zone when booking.';
comment on column public.bookings.mentor_timezone is 'The mentor''s zone when booking.';
comment on column public.bookings.expires_at is 'When a request nobody answers lapses.';
comment on column public.bookings.revision is 'Counts changes: the SEQUENCE of the calendar entry (RFC 5545).';
create index idx_bookings_user_id on public.bookings (user_id, starts_at desc, id desc);
create index idx_bookings_expert_id on public.bookings (expert_id, starts_at desc, id desc);
create index idx_bookings_scheduled_date on public.bookings (scheduled_date);
create index bookings_service_id_idx on public.bookings (service_id);
-- A group's seats are for as many people.
create unique index bookings_one_seat_each on public.bookings (occupancy_id, user_id);
create index bookings_expires_at_idx on public.bookings (expert_id, expires_at) where status = 'pending';

create table public.booking_events (
  id bigint generated always as identity primary key,
  booking_id uuid not null references public.bookings (id),
  kind text not null constraint booking_events_kind_known
    check (kind in ('created', 'confirmed', 'declined', 'cancelled', 'completed', 'expired')),
  actor_id uuid,
  actor text not null constraint booking_events_actor_known check (actor in ('student', 'mentor', 'system')),
  from_status text,
  to_status text not null,
  reason text constraint booking_events_reason_length check (char_length(reason) <= 500),
  created_at timestamptz not null default now()
);
comment on table public.booking_events is
  'Append-only history: who changed which booking, when, from what to what, why.';
comment on column public.booking_events.actor_id is
  'Account of the student or mentor who acted; null for the system. No reference: history outlives accounts.';
create index booking_events_booking_id_idx on public.booking_events (booking_id, id);

alter table public.bookings enable row level security;
alter table public.booking_events enable row level security;
revoke all on public.bookings, public.booking_events from public, anon, authenticated, service_role;
revoke all on sequence public.booking_events_id_seq from public, anon, authenticated, service_role;
grant select on public.bookings, public.booking_events to authenticated, matepeak_app;
-- What a student may ask for. Price, status, instants and expiry are worked out by prepare_booking().
grant insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, message,
              add_recording, user_name, user_email, user_phone, student_timezone)
  on public.bookings to authenticated;
-- The app has asked the slot engine, so it also gives the instant and the first status.
grant insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, message,
              add_recording, user_name, user_email, user_phone, student_timezone, starts_at, status)
  on public.bookings to matepeak_app;
-- Allowed steps only, see keep_booking_honest(). Nobody deletes.
grant update (status) on public.bookings to authenticated;

create policy bookings_read_party on public.bookings for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
create policy bookings_insert_own on public.bookings for insert to authenticated, matepeak_app
  with check (user_id = (select auth.uid()));
create policy bookings_update_mentor on public.bookings for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy bookings_read_party on public.bookings is 'Its student and its mentor, nobody else.';
comment on policy bookings_insert_own on public.bookings is 'A student books for himself.';
comment on policy bookings_update_mentor on public.bookings is
  'The mentor answers. A student cancels through change_booking_status().';
create policy booking_events_read_party on public.booking_events for select to authenticated, matepeak_app
  using (exists (select from public.bookings b where b.id = booking_id));
comment on policy booking_events_read_party on public.booking_events is
  'Who may see the booking may see its history (bookings'' own policy decides).';

create function private.instant_of(on_date date, at_time text, zone text) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  wall timestamp := on_date + at_time::time;
  found_at timestamptz := wall at time zone zone;
  -- The same wall clock, read with the offset of a day before.
  day_before timestamptz := found_at - interval '24 hours';
  earlier timestamptz := day_before + (wall - day_before at time zone zone);
begin
  -- Of a repeated hour PostgreSQL takes the second, Temporal's "compatible" the first (design §4). A skipped one both
  -- move on by the length of the gap.
  return case when earlier < found_at and earlier at time zone zone = wall then earlier else found_at end;
end
$$;
comment on function private.instant_of(date, text, text) is
  'Wall clock to instant; a repeated hour is taken the first time.';

create function private.lapse_requests(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  lapsed integer;
begin
  update public.bookings set status = 'cancelled'
    where expert_id = mentor and status = 'pending' and expires_at <= now();
  get diagnostics lapsed = row_count;
  delete from public.occupancies where expert_id = mentor and state = 'hold' and expires_at <= now();
  return lapsed;
end
$$;
comment on function private.lapse_requests(uuid) is
  'Frees what has run out of one mentor''s time. now() cannot stand in a constraint, so every booking calls this.';

create function private.lock_schedule(mentor uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.lock_mentor(mentor) then
    return false;
  end if;
  -- A seat whose request has run out is free for whoever is judged now.
  perform private.lapse_requests(mentor);
  return true;
end
$$;
comment on function private.lock_schedule(uuid) is
  'lock_mentor(), and what has run out of the mentor''s time is freed: what a judgement must see.';

create function private.take_seat(booking public.bookings, service public.services, mentor public.expert_profiles)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid;
begin
  update public.occupancies
    set seats_taken = seats_taken + 1,
        state = case when booking.status = 'confirmed' then 'booked' else state end,
        expires_at = case when booking.status = 'confirmed' or state = 'booked' then null
                          else greatest(expires_at, booking.expires_at) end
    where service.capacity > 1 and expert_id = booking.expert_id and service_id = service.id
      and starts_at = booking.starts_at and ends_at = booking.ends_at and seats_taken < capacity
    returning id into seat;
  if found then
    return seat;
  end if;

  insert into public.occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at)
    values (
      booking.expert_id, service.id, booking.starts_at, booking.ends_at,
      tstzrange(
        booking.starts_at - mentor.buffer_before * interval '1 minute',
        booking.ends_at + mentor.buffer_after * interval '1 minute', '[)'),
      case when booking.status = 'confirmed' then 'booked' else 'requested' end,
      service.capacity, booking.expires_at)
    returning id into seat;
  return seat;
end
$$;
comment on function private.take_seat(public.bookings, public.services, public.expert_profiles) is
  'A seat in a group session that has room, else time of its own; the exclusion constraint refuses taken time.';

create function private.prepare_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor public.expert_profiles;
  service public.services;
  price numeric;
begin
  -- The mentor's pages compute with it. Before the lock: looking a zone up may take a while.
  if new.student_timezone is not null and not private.is_timezone(new.student_timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  select * into mentor from public.expert_profiles where id = new.expert_id for no key update;
  if not found then
    raise exception 'no such mentor' using errcode = 'foreign_key_violation', constraint = 'bookings_expert_id_fkey';
  end if;
  perform private.lapse_requests(new.expert_id);

  select s.* into service
    from public.services s join public.service_durations d on d.service_id = s.id and d.minutes = new.duration
    where s.expert_id = new.expert_id and s.session_type = new.session_type and s.enabled and s.deleted_at is null
      and (new.service_id is null or s.id = new.service_id)
    order by s.created_at, s.id limit 1;
  if not found then
    raise exception 'the mentor does not offer this'
      using errcode = 'check_violation', constraint = 'bookings_service_offered';
  end if;
  -- Clients cannot choose it, but a booking that begins as anything else would skip its steps.
  if new.status not in ('pending', 'confirmed') then
    raise exception 'a booking begins as a request or confirmed'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if new.add_recording and service.recording_price is null then
    raise exception 'no recording offered'
      using errcode = 'check_violation', constraint = 'bookings_recording_offered';
  end if;
  select d.price into price from public.service_durations d
    where d.service_id = service.id and d.minutes = new.duration;

  new.service_id := service.id;
  new.total_amount := price + case when new.add_recording then service.recording_price else 0 end;
  new.currency := service.currency;
  new.mentor_timezone := mentor.timezone;
  new.student_timezone := coalesce(new.student_timezone, mentor.timezone);
  if new.starts_at is null then
    new.starts_at := private.instant_of(new.scheduled_date, new.scheduled_time, mentor.timezone);
    -- A skipped hour is moved on: the row says what the mentor's clock will show.
    new.scheduled_date := (new.starts_at at time zone mentor.timezone)::date;
    new.scheduled_time := to_char(new.starts_at at time zone mentor.timezone, 'HH24:MI');
  end if;
  new.ends_at := new.starts_at + new.duration * interval '1 minute';
  if new.starts_at < now() then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new.status = 'pending' then
    new.expires_at := least(now() + interval '48 hours', new.starts_at);
  end if;
  new.occupancy_id := private.take_seat(new, service, mentor);
  return new;
end
$$;
comment on function private.prepare_booking() is
  'Locks the mentor, works out price and instants, and takes the time: for every insert, whoever makes it.';

create function private.is_booking_step(from_status text, to_status text) returns boolean
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select (from_status, to_status) in
      (('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'completed'), ('confirmed', 'cancelled'))
  $$;
comment on function private.is_booking_step(text, text) is
  'The same table as scheduling/bookingState.ts; a test compares them.';

create function private.keep_booking_honest() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new is not distinct from old then
    return new;
  end if;
  if new.status is distinct from old.status then
    if not private.is_booking_step(old.status, new.status)
       or (new.status = 'confirmed' and old.expires_at <= now())
       or (new.status = 'completed' and old.starts_at > now())
       or (new.status = 'cancelled' and old.status = 'confirmed' and old.starts_at <= now()) then
      raise exception 'a % booking cannot become % now', old.status, new.status
        using errcode = 'check_violation', constraint = 'bookings_step_allowed';
    end if;
    new.expires_at := null;
    if new.status = 'cancelled' then
      new.occupancy_id := null;
    end if;
  end if;
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;
comment on function private.keep_booking_honest() is
  'Allowed steps at their time only, see scheduling/bookingState.ts; counts the changes.';

create function private.settle_occupancy() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.status = 'confirmed' then
    update public.occupancies set state = 'booked', expires_at = null where id = new.occupancy_id;
  elsif new.status = 'cancelled' then
    -- The last seat takes the session with it.
    delete from public.occupancies where id = old.occupancy_id and seats_taken = 1;
    if not found then
      -- What is left may be requests only: then the time runs out with the last of them.
      update public.occupancies o
        set seats_taken = o.seats_taken - 1,
            state = case when others.answered then 'booked' else 'requested' end,
            expires_at = case when not others.answered then others.expires_at end
        from (
          select coalesce(bool_or(b.status <> 'pending'), true) as answered, max(b.expires_at) as expires_at
          from public.bookings b where b.occupancy_id = old.occupancy_id
        ) others
        where o.id = old.occupancy_id;
    end if;
  end if;
  return null;
end
$$;
comment on function private.settle_occupancy() is 'Keeps the ledger in step with the booking.';

create function private.record_booking_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
  was text := case when tg_op = 'UPDATE' then old.status end;
begin
  -- A booking lapses when somebody else's asks for the mentor's time: that somebody is not its actor.
  if new.status = 'cancelled' and was = 'pending' and old.expires_at <= now() then
    acting := 'system';
  end if;
  insert into public.booking_events (booking_id, kind, actor_id, actor, from_status, to_status, reason)
    values (
      new.id,
      case
        when tg_op = 'INSERT' then 'created'
        when new.status = 'cancelled' and was = 'pending' and acting = 'mentor' then 'declined'
        when new.status = 'cancelled' and was = 'pending' and acting = 'system' then 'expired'
        else new.status
      end,
      case when acting = 'system' then null else caller end, acting, was, new.status,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end);
  return null;
end
$$;
comment on function private.record_booking_event() is 'Writes the history; nothing else does.';

-- Ahead of any row, so that a mentor's plain update keeps the lock order too. change_booking_status() has its own lock.
create trigger bookings_lock_schedule before update on public.bookings
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create trigger bookings_prepare before insert on public.bookings
  for each row execute function private.prepare_booking();
create trigger bookings_keep_honest before update on public.bookings
  for each row execute function private.keep_booking_honest();
create trigger bookings_settle_occupancy after update on public.bookings
  for each row when (new.status is distinct from old.status) execute function private.settle_occupancy();
create trigger bookings_record_created after insert on public.bookings
  for each row execute function private.record_booking_event();
create trigger bookings_record_step after update on public.bookings
  for each row when (new.status is distinct from old.status) execute function private.record_booking_event();

create function public.lock_booking(wanted uuid) returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid;
begin
  select expert_id into mentor from public.bookings
    where id = wanted and auth.uid() in (user_id, expert_id);
  if not found then
    return;
  end if;
  perform private.lock_mentor(mentor);
  return query select * from public.bookings where id = wanted for no key update;
end
$$;
comment on function public.lock_booking(uuid) is
  'The booking, locked in the right order (mentor, then booking), for a party to it; no row for anybody else.';

create function public.change_booking_status(wanted uuid, new_status text, reason text default null)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
begin
  select * into locked from public.lock_booking(wanted);
  if not found then
    return;
  end if;
  if auth.uid() is distinct from locked.expert_id and new_status is distinct from 'cancelled' then
    raise exception 'a student may only cancel' using errcode = 'insufficient_privilege';
  end if;
  if auth.uid() is distinct from locked.expert_id and locked.starts_at <= now() then
    raise exception 'the session has begun' using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  -- A plain update to the same status changes nothing; here it is a step that comes too late.
  if new_status is not distinct from locked.status then
    raise exception 'the booking is % already', new_status
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  return query update public.bookings set status = new_status where id = wanted returning *;
  perform set_config('matepeak.reason', '', true);
end
$$;
comment on function public.change_booking_status(uuid, text, text) is
  'One step of a booking''s life by a party to it: for the mentor any allowed one, for the student a cancellation '
  'before the start.';

revoke execute on function
    private.instant_of(date, text, text),
    private.lapse_requests(uuid),
    private.lock_schedule(uuid),
    private.take_seat(public.bookings, public.services, public.expert_profiles),
    private.prepare_booking(),
    private.is_booking_step(text, text),
    private.keep_booking_honest(),
    private.settle_occupancy(),
    private.record_booking_event(),
    public.lock_booking(uuid),
    public.change_booking_status(uuid, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.lock_booking(uuid), public.change_booking_status(uuid, text, text)
  to authenticated;
grant execute on function private.lock_schedule(uuid) to matepeak_app;
