-- Waitlists: freed time is offered to the next in the queue as a hold in the ledger; each offer has exactly one end.

create or replace function private.enqueue_waitlist(mentor uuid) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if exists (select from public.waitlist_entries e where e.expert_id = mentor and e.state = 'waiting') then
    perform private.enqueue('offer_waitlist', jsonb_build_object('mentor_id', mentor), 'offer_waitlist:' || mentor);
  end if;
end
$$;
comment on function private.enqueue_waitlist(uuid) is
  'Enqueues one job per mentor, which offers free time to those who wait for it. Until then the engine keeps it from everyone else.';

create or replace function private.begin_waitlist_entry() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  own timestamptz[];
begin
  if new.kind = 'days' then
    -- A freed seat of a group is offered to others than those who have one.
    select coalesce(array_agg(b.starts_at), '{}') into own from public.bookings b
      where b.expert_id = new.expert_id and b.user_id = new.user_id and b.status in ('pending', 'confirmed')
        and b.service_id = new.service_id and b.starts_at >= new.starts_from and b.starts_at < new.starts_until;
    new.passed_starts := new.passed_starts || own;
  elsif exists (
      select from public.bookings b
      where b.expert_id = new.expert_id and b.user_id = new.user_id and b.status in ('pending', 'confirmed')
        and b.starts_at < new.starts_from + new.duration * interval '1 minute' and b.ends_at > new.starts_from) then
    raise exception 'the person has booked this time'
      using errcode = 'check_violation', constraint = 'waitlist_entries_not_booked';
  end if;
  return new;
end
$$;
comment on function private.begin_waitlist_entry() is
  'A person does not wait for what they have: it would be offered to them, who cannot take it, before the others.';

create or replace function private.check_waitlist_entry() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.state is distinct from old.state and old.state not in ('waiting', 'offered') then
    raise exception 'an entry of the waitlist ends once'
      using errcode = 'check_violation', constraint = 'waitlist_entries_end_once';
  end if;
  return new;
end
$$;
comment on function private.check_waitlist_entry() is 'An entry that has ended stays as it is.';

create or replace function private.announce_waitlist() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(new.user_id, 'bookings');
  perform private.notify_person(new.expert_id, 'bookings');
  return null;
end
$$;
comment on function private.announce_waitlist() is 'Open pages of both people repeat their queries.';

create or replace function private.limit_waitlist() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- The mentor is locked, but two mentors' entries of one person are not.
  perform pg_advisory_xact_lock(hashtextextended('waitlist_entries ' || new.user_id, 0));
  if (select count(*) from public.waitlist_entries e
      where e.user_id = new.user_id and e.expert_id = new.expert_id and e.state in ('waiting', 'offered'))
     > private.cap('waitlist_entries_with_mentor') then
    perform private.raise_cap_reached('waitlist_entries_with_mentor_cap');
  end if;
  if (select count(*) from public.waitlist_entries e
      where e.user_id = new.user_id and e.state in ('waiting', 'offered')) > private.cap('waitlist_entries') then
    perform private.raise_cap_reached('waitlist_entries_cap');
  end if;
  return null;
end
$$;
comment on function private.limit_waitlist() is 'Rejects entries over the caps.';

create or replace function private.end_waits(mentor uuid, entries uuid[], becomes text) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  ended integer;
begin
  update public.waitlist_entries e set state = becomes
    where e.expert_id = mentor and e.id = any (entries) and e.state in ('waiting', 'offered');
  get diagnostics ended = row_count;
  -- What is being paid ends with its booking.
  update public.waitlist_offers o set state = 'withdrawn'
    where o.expert_id = mentor and o.entry_id = any (entries) and o.state = 'open' and o.booking_id is null;
  return ended;
end
$$;
comment on function private.end_waits(uuid, uuid[], text) is
  'Takes people out of the queues of a locked mentor; what was offered to them goes to the next.';

create or replace function private.leave_waitlist(mentor uuid, entry uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.id = entry and e.expert_id = mentor and e.user_id = auth.uid()), 'left') > 0;
end
$$;
comment on function private.leave_waitlist(uuid, uuid) is 'Takes the caller out of a queue; false if the caller was not in it any more.';

create or replace function private.pass_offer(mentor uuid, offer uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_schedule(mentor);
  update public.waitlist_offers o set state = 'passed'
    where o.id = offer and o.expert_id = mentor and o.user_id = auth.uid() and o.state = 'open' and o.booking_id is null;
  return found;
end
$$;
comment on function private.pass_offer(uuid, uuid) is
  'The caller does not want what was offered to them; false if the offer is not open any more.';

-- For every booking that is judged under the lock, so it does no more than it must.
create or replace function private.lapse_offers(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  lapsed integer;
begin
  update public.waitlist_offers o set state = 'lapsed'
    where o.expert_id = mentor and o.state = 'open' and o.booking_id is null and o.expires_at <= now();
  get diagnostics lapsed = row_count;
  return lapsed;
end
$$;
comment on function private.lapse_offers(uuid) is 'Ends the offers of a locked mentor whose time is over, and frees what they held.';

create or replace function private.check_waitlist_offer() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.state is distinct from old.state then
    if old.state <> 'open' then
      raise exception 'an offer ends once' using errcode = 'check_violation', constraint = 'waitlist_offers_end_once';
    end if;
    new.settled_at := now();
    new.occupancy_id := null;
  end if;
  return new;
end
$$;
comment on function private.check_waitlist_offer() is 'An offer that has ended stays as it is; one that ends gives up its hold.';

create or replace function private.settle_waitlist_offer() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- A booking keeps the time, or has freed it itself.
  if new.booking_id is null then
    perform private.release_seat(old.expert_id, old.occupancy_id);
  end if;
  update public.waitlist_entries e
    set state = case
          when new.state = 'accepted' then 'accepted'
          when new.state = 'passed' and e.kind = 'days' then 'waiting'
          when new.state = 'passed' then 'left'
          when new.state = 'lapsed' then 'expired'
          else 'withdrawn'
        end,
        passed_starts = case
          when new.state = 'passed' and e.kind = 'days' then e.passed_starts || new.starts_at else e.passed_starts end
    where e.id = new.entry_id and e.expert_id = new.expert_id and e.state = 'offered';
  if new.state = 'accepted' then
    perform private.leave_overlapping(new.expert_id, new.user_id, new.service_id, new.starts_at, new.ends_at);
  elsif new.state = 'lapsed' then
    perform private.enqueue(
      'notify_waitlist_lapsed', jsonb_build_object('mentor_id', new.expert_id, 'entry_id', new.entry_id, 'because', 'lapsed'));
  end if;
  perform private.enqueue_waitlist(new.expert_id);
  return null;
end
$$;
comment on function private.settle_waitlist_offer() is
  'What the end of an offer means: its hold is free, its entry goes on or ends, and the next in the queue is asked.';

create or replace function private.leave_overlapping(
    mentor uuid, person uuid, service uuid, session_start timestamptz, session_end timestamptz) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.user_id = person and e.expert_id = mentor and e.state in ('waiting', 'offered')
        and case when e.kind = 'days'
          then e.service_id = service and session_start >= e.starts_from and session_start < e.starts_until
          else e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start end),
    'withdrawn');
  -- One transaction locks one mentor.
  perform private.enqueue('leave_overlapping', jsonb_build_object(
      'mentor_id', elsewhere.id, 'user_id', person, 'starts_at', session_start, 'ends_at', session_end))
    from (
      select distinct e.expert_id as id from public.waitlist_entries e
      where e.user_id = person and e.expert_id <> mentor and e.state in ('waiting', 'offered') and e.kind <> 'days'
        and e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start
    ) elsewhere;
end
$$;
comment on function private.leave_overlapping(uuid, uuid, uuid, timestamptz, timestamptz) is
  'A person who has accepted a time waits neither for another one of the same days and service, nor for what overlaps it.';

create or replace function private.leave_overlapping_elsewhere(
    mentor uuid, person uuid, session_start timestamptz, session_end timestamptz) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.user_id = person and e.expert_id = mentor and e.state in ('waiting', 'offered') and e.kind <> 'days'
        and e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start),
    'withdrawn');
end
$$;
comment on function private.leave_overlapping_elsewhere(uuid, uuid, timestamptz, timestamptz) is
  'leave_overlapping() with another mentor than the one of the accepted time.';

create or replace function private.waiting_entries(mentor uuid)
  returns table (id uuid, user_id uuid, service_id uuid, duration integer, starts_from timestamptz, starts_until timestamptz,
                 passed_starts timestamptz[], timezone text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.waitlist_entries e set state = 'expired'
    where e.expert_id = mentor and e.state = 'waiting' and e.starts_until <= now();
  return query
    select e.id, e.user_id, e.service_id, e.duration, e.starts_from, e.starts_until,
      -- A person who waits in several ways is offered one seat of a session.
      e.passed_starts || array(
        select o.starts_at from public.waitlist_offers o
        where o.expert_id = mentor and o.user_id = e.user_id and o.state = 'open'),
      e.timezone
    from public.waitlist_entries e
    where e.expert_id = mentor and e.state = 'waiting' and not private.is_closed(e.user_id)
    order by e.place;
end
$$;
comment on function private.waiting_entries(uuid) is
  'The queue of a locked mentor, the first first. Entries whose time is over end.';

create or replace function private.make_offer(
    mentor uuid, entry uuid, session_start timestamptz, expiry timestamptz, final boolean) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  e record;
  terms record;
  session_end timestamptz;
  offer uuid;
begin
  select w.user_id, w.service_id, w.duration into e from public.waitlist_entries w
    where w.id = entry and w.expert_id = mentor and w.state = 'waiting';
  if not found then
    return null;
  end if;
  select s.capacity, p.buffer_before, p.buffer_after into terms
    from public.services s join public.expert_profiles p on p.id = s.expert_id
    where s.id = e.service_id and s.expert_id = mentor;
  session_end := session_start + e.duration * interval '1 minute';
  insert into public.waitlist_offers (
      expert_id, entry_id, user_id, service_id, occupancy_id, starts_at, ends_at, is_final, expires_at)
    values (
      mentor, entry, e.user_id, e.service_id,
      private.take_seat(
        mentor, e.service_id, terms.capacity, session_start, session_end,
        private.busy_time(session_start, session_end, terms.buffer_before, terms.buffer_after), 'hold', expiry),
      session_start, session_end, final, expiry)
    returning id into offer;
  update public.waitlist_entries w set state = 'offered' where w.id = entry and w.expert_id = mentor;
  perform private.enqueue('notify_waitlist_offer', jsonb_build_object('mentor_id', mentor, 'offer_id', offer));
  -- As soon as it has lapsed, the next in the queue is asked.
  perform private.enqueue('offer_waitlist', jsonb_build_object('mentor_id', mentor), 'lapse_offer:' || offer, expiry);
  return offer;
end
$$;
comment on function private.make_offer(uuid, uuid, timestamptz, timestamptz, boolean) is
  'Holds free time of a locked mentor for the person whose turn it is; the exclusion constraint rejects taken time.';

create or replace function private.take_offered_time(
    mentor uuid, person uuid, service uuid, session_start timestamptz, session_end timestamptz, first_state text,
    expiry timestamptz)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  seat uuid;
begin
  select o.occupancy_id into seat from public.waitlist_offers o
    where o.expert_id = mentor and o.state = 'open' and o.booking_id is null and o.expires_at > now()
      and o.user_id = person and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
    limit 1;
  if not found then
    return null;
  end if;
  update public.occupancies o
    set state = case when held.is_booked then 'booked' when o.capacity > 1 then o.state else first_state end,
        expires_at = case when held.is_booked then null when o.capacity > 1 then greatest(o.expires_at, expiry) else expiry end
    from (
      select l.id, first_state = 'booked' or (l.capacity > 1 and l.state = 'booked') as is_booked
      from public.occupancies l where l.id = seat and l.expert_id = mentor
    ) held
    where o.id = held.id and o.expert_id = mentor;
  return seat;
end
$$;
comment on function private.take_offered_time(uuid, uuid, uuid, timestamptz, timestamptz, text, timestamptz) is
  'A booking of a time that is held for its student takes the hold; null if nothing is.';

create or replace function private.accept_offer() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.waitlist_offers o
    set booking_id = new.id, state = case when new.status_when_paid is null then 'accepted' else o.state end
    where o.expert_id = new.expert_id and o.id = (
      select w.id from public.waitlist_offers w
      where w.expert_id = new.expert_id and w.occupancy_id = new.occupancy_id and w.user_id = new.user_id
        and w.state = 'open' and w.booking_id is null
      order by w.offered_at limit 1);
  return null;
end
$$;
comment on function private.accept_offer() is 'Accepts the offer whose hold a new booking has taken, or once the booking is paid.';

create or replace function private.settle_offer_of_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.waitlist_offers o
    set state = case
      when new.status_when_paid is null then 'accepted' when auth.uid() = new.user_id then 'passed' else 'lapsed' end
    where o.booking_id = new.id and o.expert_id = new.expert_id and o.state = 'open';
  return null;
end
$$;
comment on function private.settle_offer_of_booking() is 'An offer that was being paid is accepted, or ends with its booking.';

create or replace function private.end_group_waits(mentor uuid, group_session uuid, seat uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  waits uuid[] := array(
    select e.id from public.waitlist_entries e
    where e.group_session_id = group_session and e.expert_id = mentor and e.state in ('waiting', 'offered')
    union
    select o.entry_id from public.waitlist_offers o
    where o.occupancy_id = seat and o.expert_id = mentor and o.booking_id is null);
begin
  perform private.enqueue(
      'notify_waitlist_lapsed', jsonb_build_object('mentor_id', mentor, 'entry_id', w.id, 'because', 'cancelled'))
    from unnest(waits) w (id);
  perform private.end_waits(mentor, waits, 'withdrawn');
end
$$;
comment on function private.end_group_waits(uuid, uuid, uuid) is 'A group session that is cancelled for all is so for those who wait.';

create or replace function private.follow_group_waits(mentor uuid, group_session uuid, seat uuid, session_start timestamptz)
  returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  offered uuid[] := array(
    select o.entry_id from public.waitlist_offers o
    where o.occupancy_id = seat and o.expert_id = mentor and o.state = 'open' and o.booking_id is null);
begin
  update public.waitlist_entries e
    set starts_from = session_start, starts_until = session_start + interval '1 millisecond', passed_starts = '{}'
    where e.group_session_id = group_session and e.expert_id = mentor and e.state in ('waiting', 'offered');
  -- Who was asked about the old time is asked again, in the same place of the queue.
  update public.waitlist_entries e set state = 'waiting'
    where e.expert_id = mentor and e.id = any (offered) and e.state = 'offered';
  update public.waitlist_offers o set state = 'withdrawn'
    where o.expert_id = mentor and o.entry_id = any (offered) and o.state = 'open' and o.booking_id is null;
end
$$;
comment on function private.follow_group_waits(uuid, uuid, uuid, timestamptz) is
  'Those who wait for a group session wait for it at its new time.';

create or replace function private.mentors_with_waits(
    most integer, after uuid default '00000000-0000-0000-0000-000000000000') returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    -- From one mentor to the next in the index, past all further entries for the same mentor.
    with recursive mentors (id, place) as (
      select (select e.expert_id from public.waitlist_entries e
              where e.state = 'waiting' and e.expert_id > after order by e.expert_id limit 1), 1
      union all
      select (select e.expert_id from public.waitlist_entries e
              where e.state = 'waiting' and e.expert_id > m.id order by e.expert_id limit 1), m.place + 1
        from mentors m where m.id is not null and m.place < most
    )
    select id from mentors where id is not null
  $$;
comment on function private.mentors_with_waits(integer, uuid) is
  'The next mentors with a queue, in the order of their ids, for the regular check: days also open as the booking window moves on.';

create or replace function private.delete_waitlist_entries(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  deleted integer;
begin
  delete from public.waitlist_entries where id = any (array(
    select e.id from public.waitlist_entries e
    where e.state not in ('waiting', 'offered') and e.joined_at < now() - interval '180 days'
    order by e.joined_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function private.delete_waitlist_entries(integer) is 'Deletes the oldest entries that have ended, after half a year, with their offers.';

create or replace function private.leave_waitlists_when_closed() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue('leave_waitlists', jsonb_build_object('user_id', new.user_id), 'leave_waitlists:' || new.user_id);
  return null;
end
$$;
comment on function private.leave_waitlists_when_closed() is 'A person whose account is closed waits for nothing.';

create or replace function private.mentors_waited_for(person uuid) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct e.expert_id from public.waitlist_entries e
    where e.user_id = person and e.state in ('waiting', 'offered') and private.is_closed(person)
    union
    select person where private.is_closed(person) and exists (
      select from public.waitlist_entries e where e.expert_id = person and e.state in ('waiting', 'offered'))
  $$;
comment on function private.mentors_waited_for(uuid) is
  'The mentors whose queues a person with a closed account is in, and the person if others wait for them.';

create or replace function private.withdraw_from_waitlist(mentor uuid, person uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.is_closed(person) then
    return 0;
  end if;
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.expert_id = mentor and person in (e.user_id, e.expert_id) and e.state in ('waiting', 'offered')),
    'withdrawn');
end
$$;
comment on function private.withdraw_from_waitlist(uuid, uuid) is
  'Takes a person with a closed account out of a mentor''s queues; all people out of the person''s own.';

create or replace function private.waitlist_offer_facts(mentor uuid, offer uuid)
  returns table (student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, entry_id uuid, starts_at timestamptz,
                 ends_at timestamptz, expires_at timestamptz, is_final boolean, state text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select o.user_id, o.expert_id, o.service_id, e.timezone, o.entry_id, o.starts_at, o.ends_at, o.expires_at, o.is_final, o.state
    from public.waitlist_offers o join public.waitlist_entries e on e.id = o.entry_id and e.expert_id = o.expert_id
    where o.id = offer and o.expert_id = mentor
  $$;
comment on function private.waitlist_offer_facts(uuid, uuid) is 'The facts for the message about an offer.';

create or replace function private.waitlist_entry_facts(mentor uuid, entry uuid)
  returns table (student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, starts_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.user_id, e.expert_id, e.service_id, e.timezone, coalesce((
        select o.starts_at from public.waitlist_offers o
        where o.entry_id = e.id and o.expert_id = e.expert_id order by o.offered_at desc limit 1), e.starts_from)
    from public.waitlist_entries e
    where e.id = entry and e.expert_id = mentor
  $$;
comment on function private.waitlist_entry_facts(uuid, uuid) is 'The facts for the message about the end of an entry.';

create or replace function private.mentor_of_waitlist(entry_or_offer uuid) returns uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.expert_id from public.waitlist_entries e where e.id = entry_or_offer and auth.uid() = e.user_id
    union all
    select o.expert_id from public.waitlist_offers o where o.id = entry_or_offer and auth.uid() = o.user_id
  $$;
comment on function private.mentor_of_waitlist(uuid) is 'The mentor of an entry or an offer of the caller''s; null for all others.';

create or replace function private.waiting_people(mentor uuid) returns table (entry_id uuid, full_name text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.id, coalesce(p.full_name, x.full_name, '')
    from public.waitlist_entries e
      left join public.profiles p on p.id = e.user_id
      left join public.expert_profiles x on x.id = e.user_id
    where e.expert_id = mentor and e.state in ('waiting', 'offered') and auth.uid() = mentor
  $$;
comment on function private.waiting_people(uuid) is 'The names of those who wait, for the mentor, who calls it.';

revoke execute on function
    private.waiting_people(uuid),
    private.enqueue_waitlist(uuid),
    private.begin_waitlist_entry(),
    private.check_waitlist_entry(),
    private.announce_waitlist(),
    private.limit_waitlist(),
    private.end_waits(uuid, uuid[], text),
    private.leave_waitlist(uuid, uuid),
    private.pass_offer(uuid, uuid),
    private.lapse_offers(uuid),
    private.check_waitlist_offer(),
    private.settle_waitlist_offer(),
    private.leave_overlapping(uuid, uuid, uuid, timestamptz, timestamptz),
    private.leave_overlapping_elsewhere(uuid, uuid, timestamptz, timestamptz),
    private.waiting_entries(uuid),
    private.make_offer(uuid, uuid, timestamptz, timestamptz, boolean),
    private.take_offered_time(uuid, uuid, uuid, timestamptz, timestamptz, text, timestamptz),
    private.accept_offer(),
    private.settle_offer_of_booking(),
    private.end_group_waits(uuid, uuid, uuid),
    private.follow_group_waits(uuid, uuid, uuid, timestamptz),
    private.mentors_with_waits(integer, uuid),
    private.delete_waitlist_entries(integer),
    private.leave_waitlists_when_closed(),
    private.mentors_waited_for(uuid),
    private.withdraw_from_waitlist(uuid, uuid),
    private.waitlist_offer_facts(uuid, uuid),
    private.waitlist_entry_facts(uuid, uuid),
    private.mentor_of_waitlist(uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.waiting_people(uuid),
    private.leave_waitlist(uuid, uuid),
    private.pass_offer(uuid, uuid),
    private.leave_overlapping_elsewhere(uuid, uuid, timestamptz, timestamptz),
    private.waiting_entries(uuid),
    private.make_offer(uuid, uuid, timestamptz, timestamptz, boolean),
    private.mentors_with_waits(integer, uuid),
    private.delete_waitlist_entries(integer),
    private.mentors_waited_for(uuid),
    private.withdraw_from_waitlist(uuid, uuid),
    private.waitlist_offer_facts(uuid, uuid),
    private.waitlist_entry_facts(uuid, uuid),
    private.mentor_of_waitlist(uuid)
  to matepeak_app;

-- public.waitlist_entries ----------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_begin (insert), 15_check_step (update)
-- * after a row: 50_announce (insert, update), 51_announce_people (insert, update), 55_check_open (insert), 60_limit (insert)
create or replace trigger waitlist_entries_10_begin before insert on public.waitlist_entries
  for each row execute function private.begin_waitlist_entry();
create or replace trigger waitlist_entries_15_check_step before update on public.waitlist_entries
  for each row execute function private.check_waitlist_entry();
-- What is waited for is part of what the engine judges by.
create or replace trigger waitlist_entries_50_announce after insert or update on public.waitlist_entries
  for each row execute function private.announce_availability();
create or replace trigger waitlist_entries_51_announce_people after insert or update on public.waitlist_entries
  for each row execute function private.announce_waitlist();
create or replace trigger waitlist_entries_55_check_open after insert on public.waitlist_entries
  for each row execute function private.require_open_accounts();
create or replace trigger waitlist_entries_60_limit after insert on public.waitlist_entries
  for each row execute function private.limit_waitlist();

revoke all on public.waitlist_entries
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
revoke all on sequence public.waitlist_entries_place_seq
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- What is waited for decides what is offered, so it is public; who waits is not.
grant select (expert_id, service_id, duration, starts_from, starts_until, passed_starts, state)
  on public.waitlist_entries to anon, authenticated;
-- The app has checked with the slot engine that no such time is free yet.
grant select,
    insert (user_id, expert_id, service_id, duration, kind, group_session_id, from_date, to_date, timezone, starts_from, starts_until)
  on public.waitlist_entries to matepeak_app;
drop policy if exists waitlist_entries_read on public.waitlist_entries;
create policy waitlist_entries_read on public.waitlist_entries for select to anon, authenticated, matepeak_app using (true);
comment on policy waitlist_entries_read on public.waitlist_entries is
  'Which times are waited for is public, by the columns that visitors may read. The app shows people their own entries, and mentors their queue.';
drop policy if exists waitlist_entries_insert_own on public.waitlist_entries;
create policy waitlist_entries_insert_own on public.waitlist_entries for insert to matepeak_app
  with check (user_id = (select auth.uid()));
comment on policy waitlist_entries_insert_own on public.waitlist_entries is 'People join queues only for themselves.';

-- public.waitlist_offers -----------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 15_check_step (update)
-- * after a row: 50_settle (update)
create or replace trigger waitlist_offers_15_check_step before update on public.waitlist_offers
  for each row execute function private.check_waitlist_offer();
create or replace trigger waitlist_offers_50_settle after update on public.waitlist_offers
  for each row when (new.state is distinct from old.state) execute function private.settle_waitlist_offer();

revoke all on public.waitlist_offers
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.waitlist_offers to authenticated, matepeak_app;
drop policy if exists waitlist_offers_read_party on public.waitlist_offers;
create policy waitlist_offers_read_party on public.waitlist_offers for select to authenticated, matepeak_app
  using ((select auth.uid()) in (user_id, expert_id));
comment on policy waitlist_offers_read_party on public.waitlist_offers is
  'The person to whom it is offered, and the mentor whose time it is. Written by functions only.';
