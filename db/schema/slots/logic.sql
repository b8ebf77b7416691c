-- Slots: the ledger of taken time, and the revision that shows whether a mentor's offered times have changed.

-- Open pages are notified when they are out of date. Payloads contain ids only, because every connection may listen.
create or replace function private.announce_availability() returns trigger
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
  -- No row for a mentor who is just being removed. The caller has locked the mentor already.
  update public.schedule_revisions set revision = revision + 1 where expert_id = mentor;
  if found then
    -- Once, even if many rows of the mentor change.
    perform private.announce('availability', mentor::text);
  end if;
  return null;
end
$$;
comment on function private.announce_availability() is
  'Counts a change of a mentor''s times and announces it on "availability". For every table that affects them; a table '
  'with a column expert_id needs only the trigger.';

create or replace function private.start_schedule_revision() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into public.schedule_revisions (expert_id) values (new.id);
  return null;
end
$$;
comment on function private.start_schedule_revision() is 'Creates the revision of a new mentor''s times.';

create or replace function private.lock_schedule(mentor uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.lock_mentor(mentor) then
    return false;
  end if;
  -- The seat of an expired request is free for the booking that is being checked.
  perform private.expire_requests(mentor);
  return true;
end
$$;
comment on function private.lock_schedule(uuid) is
  'lock_mentor(), and what has run out of the mentor''s time is freed: what a judgement must see.';

create or replace function private.require_revision(mentor uuid, judged bigint) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform from public.schedule_revisions r where r.expert_id = mentor and r.revision = judged for no key update;
  if not found then
    raise exception 'the schedule has changed' using errcode = 'serialization_failure';
  end if;
end
$$;
comment on function private.require_revision(uuid, bigint) is
  'lock_mentor() for what was judged without the lock, by a schedule of this revision. If it has another one by now, the '
  'transaction fails, and is run again from its beginning.';

-- For every booking, so it does no more than it must.
create or replace function private.expire_requests(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  -- A plan cached while the tables were small would stay in use, and every booking would read whole tables.
  set enable_seqscan = off
  as $$
declare
  expired integer;
begin
  update public.bookings set status = 'cancelled'
    where expert_id = mentor and status = 'pending' and expires_at <= now();
  get diagnostics expired = row_count;
  perform private.lapse_offers(mentor);
  delete from public.occupancies where expert_id = mentor and state = 'hold' and expires_at <= now();
  return expired;
end
$$;
comment on function private.expire_requests(uuid) is
  'Frees a mentor''s expired time. A constraint cannot use now(), so every booking calls this.';

create or replace function private.mentors_with_expired_time(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    (select b.expert_id from public.bookings b where b.status = 'pending' and b.expires_at <= now()
     order by b.expires_at limit most)
    union
    (select o.expert_id from public.occupancies o where o.state = 'hold' and o.expires_at <= now()
     order by o.expires_at limit most)
    union
    (select w.expert_id from public.waitlist_offers w where w.state = 'open' and w.booking_id is null and w.expires_at <= now()
     order by w.expires_at limit most)
  $$;
comment on function private.mentors_with_expired_time(integer) is 'The mentors of the oldest expired requests, holds and offers.';

create or replace function private.sweep_mentor(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  requests integer;
  holds integer;
begin
  perform private.lock_mentor(mentor);
  perform private.lapse_offers(mentor);
  update public.bookings set status = 'cancelled' where id = any (array(
    select b.id from public.bookings b where b.expert_id = mentor and b.status = 'pending' and b.expires_at <= now()
    order by b.expires_at limit most));
  get diagnostics requests = row_count;
  delete from public.occupancies where id = any (array(
    select o.id from public.occupancies o where o.expert_id = mentor and o.state = 'hold' and o.expires_at <= now()
    order by o.expires_at limit most - requests));
  get diagnostics holds = row_count;
  return requests + holds;
end
$$;
comment on function private.sweep_mentor(uuid, integer) is
  'Frees the oldest of a mentor''s expired time, in the lock order. One transaction sweeps one mentor.';

-- Seats. Functions that triggers call take columns, never a table's row type, which differs between the parts of a
-- partitioned or distributed table.

create or replace function private.take_seat(
    mentor uuid, service uuid, seats integer, session_start timestamptz, session_end timestamptz, busy tstzrange,
    first_state text, expiry timestamptz)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  confirmed boolean := first_state = 'booked';
  seat uuid;
begin
  -- Only group sessions can be joined.
  if seats > 1 then
    seat := private.join_session(mentor, service, seats, session_start, session_end, confirmed, expiry);
  end if;
  if seat is null then
    insert into public.occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at)
      values (mentor, service, session_start, session_end, busy, first_state, seats, expiry)
      returning id into seat;
  end if;
  return seat;
end
$$;
comment on function private.take_seat(uuid, uuid, integer, timestamptz, timestamptz, tstzrange, text, timestamptz) is
  'Takes a seat in a group session that has room, else new time; the exclusion constraint rejects taken time.';

create or replace function private.join_session(
    mentor uuid, service uuid, seats integer, session_start timestamptz, session_end timestamptz, confirmed boolean,
    expiry timestamptz)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid;
begin
  update public.occupancies
    set seats_taken = seats_taken + 1,
        state = case when confirmed then 'booked' else state end,
        expires_at = case when confirmed or state = 'booked' then null else greatest(expires_at, expiry) end
    where seats > 1 and expert_id = mentor and service_id = service
      and starts_at = session_start and ends_at = session_end and seats_taken < capacity and programme_id is null
    returning id into seat;
  return seat;
end
$$;
comment on function private.join_session(uuid, uuid, integer, timestamptz, timestamptz, boolean, timestamptz) is
  'A seat in the group session at this time, if it has room; null when there is none. Not in a session of a programme.';

create or replace function private.busy_time(
    session_start timestamptz, session_end timestamptz, buffer_before integer, buffer_after integer)
  returns tstzrange
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select tstzrange(
      session_start - buffer_before * interval '1 minute', session_end + buffer_after * interval '1 minute', '[)')
  $$;
comment on function private.busy_time(timestamptz, timestamptz, integer, integer) is
  'The session including the mentor''s buffers.';

create or replace function private.release_seat(mentor uuid, seat uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- With the last seat the session is deleted, unless its mentor scheduled it.
  delete from public.occupancies where id = seat and expert_id = mentor and seats_taken = 1 and join_until is null;
  if not found then
    -- If only requests and offers are left, the time expires with the last of them.
    update public.occupancies o
      set seats_taken = o.seats_taken - 1,
          state = case when others.answered or o.join_until is not null then 'booked' else 'requested' end,
          expires_at = case when not others.answered and o.join_until is null then others.expires_at end
      from (
        select coalesce(bool_or(taker.answered), true) as answered, max(taker.expires_at) as expires_at
        from (
          select b.status <> 'pending' as answered, b.expires_at
            from public.bookings b where b.occupancy_id = seat and b.expert_id = mentor
          union all
          select false, w.expires_at from public.waitlist_offers w
            where w.occupancy_id = seat and w.expert_id = mentor and w.booking_id is null
        ) taker
      ) others
      where o.id = seat and o.expert_id = mentor;
  end if;
end
$$;
comment on function private.release_seat(uuid, uuid) is 'Releases a seat that its booking has left already.';

create or replace function private.move_seat(
    mentor uuid, old_seat uuid, service uuid, seats integer, session_start timestamptz, session_end timestamptz,
    busy tstzrange, confirmed boolean, expiry timestamptz)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid := private.join_session(mentor, service, seats, session_start, session_end, confirmed, expiry);
begin
  if seat is null then
    -- A session without other seats moves as a whole, so that it cannot conflict with itself; one that its mentor scheduled stays.
    update public.occupancies
      set starts_at = session_start, ends_at = session_end, during = busy, capacity = seats, expires_at = expiry
      where id = old_seat and expert_id = mentor and seats_taken = 1 and join_until is null
      returning id into seat;
  end if;
  return coalesce(
    seat, private.take_seat(
      mentor, service, seats, session_start, session_end, busy, case when confirmed then 'booked' else 'requested' end, expiry));
end
$$;
comment on function
  private.move_seat(uuid, uuid, uuid, integer, timestamptz, timestamptz, tstzrange, boolean, timestamptz) is
  'Takes the new time of a booking that still has its old seat; the exclusion constraint rejects taken time.';

revoke execute on function
    private.announce_availability(),
    private.start_schedule_revision(),
    private.lock_schedule(uuid),
    private.require_revision(uuid, bigint),
    private.expire_requests(uuid),
    private.mentors_with_expired_time(integer),
    private.sweep_mentor(uuid, integer),
    private.take_seat(uuid, uuid, integer, timestamptz, timestamptz, tstzrange, text, timestamptz),
    private.join_session(uuid, uuid, integer, timestamptz, timestamptz, boolean, timestamptz),
    private.busy_time(timestamptz, timestamptz, integer, integer),
    private.release_seat(uuid, uuid),
    private.move_seat(uuid, uuid, uuid, integer, timestamptz, timestamptz, tstzrange, boolean, timestamptz)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.lock_schedule(uuid),
    private.require_revision(uuid, bigint),
    private.mentors_with_expired_time(integer),
    private.sweep_mentor(uuid, integer)
  to matepeak_app;

-- public.occupancies ---------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 40_end_group (delete)
-- * after a row: 50_announce (update, delete), 51_announce_new (insert), 55_open_group (insert), 56_follow_group (update),
--   60_check_alerts_deleted (delete), 61_check_alerts_updated (update), 62_check_alerts_scheduled (insert)
create or replace trigger occupancies_40_end_group before delete on public.occupancies
  for each row when (old.capacity > 1) execute function private.end_emptied_group();
create or replace trigger occupancies_50_announce after update or delete on public.occupancies
  for each row execute function private.announce_availability();
-- book_sessions() has counted the change itself.
create or replace trigger occupancies_51_announce_new after insert on public.occupancies
  for each row when (new.judged_revision is null) execute function private.announce_availability();
create or replace trigger occupancies_55_open_group after insert on public.occupancies
  for each row when (new.capacity > 1) execute function private.open_group_session();
create or replace trigger occupancies_56_follow_group after update on public.occupancies
  for each row
  when (greatest(new.capacity, old.capacity) > 1 and (new.starts_at, new.ends_at, new.capacity) is distinct from (old.starts_at, old.ends_at, old.capacity))
  execute function private.follow_group_session();
create or replace trigger occupancies_60_check_alerts_deleted after delete on public.occupancies
  for each row execute function private.enqueue_alert_check();
create or replace trigger occupancies_61_check_alerts_updated after update on public.occupancies
  for each row when (not new.during @> old.during or new.seats_taken < old.seats_taken or new.capacity > old.capacity)
  execute function private.enqueue_alert_check();
create or replace trigger occupancies_62_check_alerts_scheduled after insert on public.occupancies
  for each row when (new.join_until is not null) execute function private.enqueue_alert_check();

revoke all on public.occupancies
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.occupancies to anon, authenticated, matepeak_app;
drop policy if exists occupancies_read on public.occupancies;
create policy occupancies_read on public.occupancies for select to anon, authenticated, matepeak_app using (true);
comment on policy occupancies_read on public.occupancies is
  'Taken times and seats are public, because they decide what is free. Written by triggers only.';

-- public.schedule_revisions --------------------------------------------------------------------------------------------

revoke all on public.schedule_revisions
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.schedule_revisions to anon, authenticated, matepeak_app;
drop policy if exists schedule_revisions_read on public.schedule_revisions;
create policy schedule_revisions_read on public.schedule_revisions for select
  to anon, authenticated, matepeak_app using (true);
comment on policy schedule_revisions_read on public.schedule_revisions is
  'Offered times are public, and so is when they change. Written by triggers only.';
