-- Change of plans: until when a student may cancel or move a session, and how a booking moves to another time.

alter table public.services
  add column cancel_cutoff integer not null default 0
    constraint services_cancel_cutoff_range check (cancel_cutoff between 0 and 43200),
  add column reschedule_cutoff integer not null default 0
    constraint services_reschedule_cutoff_range check (reschedule_cutoff between 0 and 43200);
comment on column public.services.cancel_cutoff is 'Minutes before the start until which the student may cancel.';
comment on column public.services.reschedule_cutoff is
  'Minutes before the start until which the student may move it.';
grant insert (cancel_cutoff, reschedule_cutoff), update (cancel_cutoff, reschedule_cutoff)
  on public.services to authenticated;

alter table public.bookings
  add column cancel_cutoff integer not null default 0,
  add column reschedule_cutoff integer not null default 0;
comment on column public.bookings.cancel_cutoff is
  'Minutes; the service''s when it was booked, whatever it says later.';
comment on column public.bookings.reschedule_cutoff is
  'Minutes; the service''s when it was booked, whatever it says later.';
comment on column public.bookings.mentor_timezone is 'The mentor''s zone when booking or last moving it.';

alter table public.booking_events
  add column from_starts_at timestamptz,
  add column to_starts_at timestamptz,
  drop constraint booking_events_kind_known,
  add constraint booking_events_kind_known check (
    kind in ('created', 'confirmed', 'declined', 'cancelled', 'completed', 'expired', 'rescheduled')),
  add constraint booking_events_moves_have_times check (
    (kind = 'rescheduled') = (from_starts_at is not null) and (kind = 'rescheduled') = (to_starts_at is not null));
comment on column public.booking_events.from_starts_at is 'The start before a move.';
comment on column public.booking_events.to_starts_at is 'The start after a move.';

create function private.remember_policy() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  select s.cancel_cutoff, s.reschedule_cutoff into new.cancel_cutoff, new.reschedule_cutoff
    from public.services s where s.id = new.service_id;
  return new;
end
$$;
comment on function private.remember_policy() is
  'A booking keeps the cut-offs that its student was shown: the mentor cannot tighten them afterwards.';
-- After bookings_prepare, which finds the service: triggers fire in the order of their names.
create trigger bookings_remember_policy before insert on public.bookings
  for each row execute function private.remember_policy();

-- take_seat() in its two halves, so that a move may choose between them.

create function private.join_session(booking public.bookings, service public.services) returns uuid
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
  return seat;
end
$$;
comment on function private.join_session(public.bookings, public.services) is
  'A seat in the group session that stands at this time and has room; null when there is none.';

create function private.busy_time(booking public.bookings, mentor public.expert_profiles) returns tstzrange
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select tstzrange(
      booking.starts_at - mentor.buffer_before * interval '1 minute',
      booking.ends_at + mentor.buffer_after * interval '1 minute', '[)')
  $$;
comment on function private.busy_time(public.bookings, public.expert_profiles) is
  'The session with the mentor''s buffers folded in.';

create or replace function private.take_seat(
    booking public.bookings, service public.services, mentor public.expert_profiles)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid := private.join_session(booking, service);
begin
  if seat is not null then
    return seat;
  end if;
  insert into public.occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at)
    values (
      booking.expert_id, service.id, booking.starts_at, booking.ends_at, private.busy_time(booking, mentor),
      case when booking.status = 'confirmed' then 'booked' else 'requested' end,
      service.capacity, booking.expires_at)
    returning id into seat;
  return seat;
end
$$;

create function private.free_seat(seat uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- The last seat takes the session with it.
  delete from public.occupancies where id = seat and seats_taken = 1;
  if not found then
    -- What is left may be requests only: then the time runs out with the last of them.
    update public.occupancies o
      set seats_taken = o.seats_taken - 1,
          state = case when others.answered then 'booked' else 'requested' end,
          expires_at = case when not others.answered then others.expires_at end
      from (
        select coalesce(bool_or(b.status <> 'pending'), true) as answered, max(b.expires_at) as expires_at
        from public.bookings b where b.occupancy_id = seat
      ) others
      where o.id = seat;
  end if;
end
$$;
comment on function private.free_seat(uuid) is 'Gives back one seat whose booking has left it already.';

create or replace function private.settle_occupancy() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.status = 'confirmed' then
    update public.occupancies set state = 'booked', expires_at = null where id = new.occupancy_id;
  elsif new.status = 'cancelled' then
    perform private.free_seat(old.occupancy_id);
  end if;
  return null;
end
$$;

create function private.move_seat(
    booking public.bookings, service public.services, mentor public.expert_profiles)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid := private.join_session(booking, service);
begin
  if seat is null then
    -- Nobody else sits in the old session: it moves as a whole, and cannot be in its own way.
    update public.occupancies
      set starts_at = booking.starts_at, ends_at = booking.ends_at, during = private.busy_time(booking, mentor),
          capacity = service.capacity, expires_at = booking.expires_at
      where id = booking.occupancy_id and seats_taken = 1
      returning id into seat;
  end if;
  return coalesce(seat, private.take_seat(booking, service, mentor));
end
$$;
comment on function private.move_seat(public.bookings, public.services, public.expert_profiles) is
  'Takes the new time of a booking that still has its old seat; the exclusion constraint refuses taken time.';

create function private.move_booking(
    wanted uuid, new_start timestamptz, new_date date, new_time text, new_student_zone text, reason text)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
  moved public.bookings;
  mentor public.expert_profiles;
  service public.services;
begin
  -- For a party to it only; no row for anybody else. Locks the mentor, then the booking.
  select * into locked from public.lock_booking(wanted);
  if not found then
    return;
  end if;
  if locked.status not in ('pending', 'confirmed') or locked.starts_at <= now() or locked.expires_at <= now() then
    raise exception 'a % booking cannot be moved now', locked.status
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if auth.uid() is distinct from locked.expert_id
     and locked.starts_at - locked.reschedule_cutoff * interval '1 minute' <= now() then
    raise exception 'too late to move it' using errcode = 'check_violation', constraint = 'bookings_cutoff_kept';
  end if;
  if new_start < now() then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new_start = locked.starts_at then
    return next locked;
    return;
  end if;
  if new_student_zone is not null and not private.is_timezone(new_student_zone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  perform private.lapse_requests(locked.expert_id);

  select * into mentor from public.expert_profiles where id = locked.expert_id;
  -- Also one that is no longer offered: what was booked stands.
  select * into service from public.services where id = locked.service_id;
  moved := locked;
  moved.starts_at := new_start;
  moved.ends_at := new_start + locked.duration * interval '1 minute';
  -- least() of a null and a time is the time.
  moved.expires_at := case when locked.expires_at is not null then least(locked.expires_at, new_start) end;
  moved.occupancy_id := private.move_seat(moved, service, mentor);

  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  update public.bookings
    set starts_at = moved.starts_at, ends_at = moved.ends_at, expires_at = moved.expires_at,
        occupancy_id = moved.occupancy_id, scheduled_date = new_date, scheduled_time = new_time,
        mentor_timezone = mentor.timezone, student_timezone = coalesce(new_student_zone, student_timezone)
    where id = wanted returning * into moved;
  perform set_config('matepeak.reason', '', true);
  if moved.occupancy_id is distinct from locked.occupancy_id then
    perform private.free_seat(locked.occupancy_id);
  end if;
  return next moved;
end
$$;
comment on function private.move_booking(uuid, timestamptz, date, text, text, text) is
  'Moves a booking to a start that the slot engine has judged: takes the new time, then frees the old one. Id, price '
  'and status stay.';

create function private.record_booking_move() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
begin
  insert into public.booking_events (
      booking_id, kind, actor_id, actor, from_status, to_status, from_starts_at, to_starts_at, reason)
    values (
      new.id, 'rescheduled', case when acting = 'system' then null else caller end, acting, old.status, new.status,
      old.starts_at, new.starts_at,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end);
  return null;
end
$$;
comment on function private.record_booking_move() is 'Writes the moves of the history; nothing else does.';
create trigger bookings_record_move after update on public.bookings
  for each row when (new.starts_at is distinct from old.starts_at) execute function private.record_booking_move();

create or replace function public.change_booking_status(wanted uuid, new_status text, reason text default null)
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
  if auth.uid() is distinct from locked.expert_id and private.is_booking_step(locked.status, new_status)
     and locked.starts_at - locked.cancel_cutoff * interval '1 minute' <= now() then
    raise exception 'too late to cancel' using errcode = 'check_violation', constraint = 'bookings_cutoff_kept';
  end if;
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  return query update public.bookings set status = new_status where id = wanted returning *;
  perform set_config('matepeak.reason', '', true);
end
$$;

revoke execute on function
    private.remember_policy(),
    private.join_session(public.bookings, public.services),
    private.busy_time(public.bookings, public.expert_profiles),
    private.free_seat(uuid),
    private.move_seat(public.bookings, public.services, public.expert_profiles),
    private.move_booking(uuid, timestamptz, date, text, text, text),
    private.record_booking_move()
  from public, anon, authenticated, service_role;
-- The app only, like the instant of a new booking (docs/decisions/0002): it has asked the slot engine.
grant execute on function private.move_booking(uuid, timestamptz, date, text, text, text) to matepeak_app;
