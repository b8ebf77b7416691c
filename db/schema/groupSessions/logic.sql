-- Group sessions: each follows its time in the ledger; its mentor schedules, moves and cancels it for all; the minimum decides.

create or replace function private.open_group_session() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.open_group(new.id, new.expert_id);
  return null;
end
$$;
comment on function private.open_group_session() is 'A time in the ledger with several seats is a group session.';

create or replace function private.open_group(seat uuid, mentor uuid) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.group_sessions (
        expert_id, service_id, occupancy_id, origin, starts_at, ends_at, capacity, min_attendees, decide_minutes, decide_at,
        late_join_minutes)
      select o.expert_id, o.service_id, o.id, case when o.join_until is null then 'booked' else 'scheduled' end, o.starts_at,
        o.ends_at, o.capacity, least(s.min_attendees, o.capacity), s.decide_minutes,
        o.starts_at - s.decide_minutes * interval '1 minute', s.late_join_minutes
      from public.occupancies o join public.services s on s.id = o.service_id and s.expert_id = o.expert_id
      where o.id = seat and o.expert_id = mentor;
    update public.waitlist_entries e set group_session_id = g.id
      from public.group_sessions g
      where g.occupancy_id = seat and g.expert_id = mentor and e.expert_id = mentor and e.kind = 'group'
        and e.group_session_id is null and e.service_id = g.service_id and e.starts_from = g.starts_at
        and e.state in ('waiting', 'offered');
  $$;
comment on function private.open_group(uuid, uuid) is
  'Opens a group session with the terms of its service as they are now. Those who wait for one that has ended with its last seat '
  'wait for the new one.';

create or replace function private.follow_group_session() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.capacity = 1 then
    perform private.close_empty_group(new.expert_id, new.id);
    return null;
  end if;
  update public.group_sessions g
    set starts_at = new.starts_at, ends_at = new.ends_at, capacity = new.capacity,
        min_attendees = least(g.min_attendees, new.capacity),
        decide_at = new.starts_at - g.decide_minutes * interval '1 minute'
    where g.occupancy_id = new.id and g.expert_id = new.expert_id;
  -- A session for one that moves by itself has the seats that its service has by now.
  if not found then
    perform private.open_group(new.id, new.expert_id);
  elsif new.starts_at <> old.starts_at then
    perform private.follow_group_waits(g.expert_id, g.id, new.id, new.starts_at)
      from public.group_sessions g where g.occupancy_id = new.id and g.expert_id = new.expert_id;
  end if;
  return null;
end
$$;
comment on function private.follow_group_session() is 'A group session has the time and the seats of the ledger.';

create or replace function private.close_empty_group(mentor uuid, seat uuid) returns void
  language sql
  set search_path = pg_catalog, pg_temp
  as $$
    -- They wait for the next one at this time.
    update public.waitlist_entries e set group_session_id = null
      from public.group_sessions g
      where g.occupancy_id = seat and g.expert_id = mentor and e.group_session_id = g.id and e.expert_id = mentor;
    update public.group_sessions g
      set state = 'cancelled', cancelled_because = 'empty', occupancy_id = null, decided_at = coalesce(g.decided_at, now())
      where g.occupancy_id = seat and g.expert_id = mentor
  $$;
comment on function private.close_empty_group(uuid, uuid) is
  'Ends a group session with its last seat. It stays known, as it is in calendars.';

create or replace function private.end_emptied_group() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.close_empty_group(old.expert_id, old.id);
  return old;
end
$$;
comment on function private.end_emptied_group() is 'A session that its first booking opened ends with its last one.';

create or replace function private.join_group() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
begin
  new.group_session_id := (
    select g.id from public.group_sessions g where g.occupancy_id = new.occupancy_id and g.expert_id = new.expert_id);
  return new;
end
$$;
comment on function private.join_group() is 'A seat knows its group session, and keeps it when it is cancelled.';

create or replace function private.link_of_group(mentor uuid, service uuid, session_start timestamptz, session_end timestamptz)
  returns table (meeting_url text, meeting_note text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select g.meeting_url, g.meeting_note
    from public.occupancies o join public.group_sessions g on g.occupancy_id = o.id and g.expert_id = o.expert_id
    where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
      and g.meeting_url is not null
  $$;
comment on function private.link_of_group(uuid, uuid, timestamptz, timestamptz) is
  'The link that a mentor has set by hand for a group session, which a seat that is booked now gets; no row if there is none.';

create or replace function private.follow_seat() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
begin
  update public.group_sessions g set entry_revision = g.entry_revision + 1, entry_changed_at = now()
    where g.expert_id = new.expert_id and g.id = new.group_session_id;
  if old.group_session_id is distinct from new.group_session_id then
    update public.group_sessions g set entry_revision = g.entry_revision + 1, entry_changed_at = now()
      where g.expert_id = old.expert_id and g.id = old.group_session_id;
  end if;
  return null;
end
$$;
comment on function private.follow_seat() is 'The mentor''s calendar says who has a seat: counts a change of one.';

create or replace function private.count_group_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.entry_revision := old.entry_revision + 1;
  new.entry_changed_at := now();
  return new;
end
$$;
comment on function private.count_group_change() is 'Counts a change of a session''s time, seats, link or of whether it takes place.';

create or replace function private.write_group_entry() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue_session_entries(new.expert_id);
  return null;
end
$$;
comment on function private.write_group_entry() is 'Has a group session written to its mentor''s calendar.';

create or replace function private.group_takes_place(mentor uuid, seat uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.occupancies o
      where o.id = seat and o.expert_id = mentor and (
        o.join_until is not null or exists (
          select from public.bookings b
          where b.occupancy_id = o.id and b.expert_id = o.expert_id and b.status_when_paid is null)))
  $$;
comment on function private.group_takes_place(uuid, uuid) is
  'Whether a group session is one for its mentor''s calendar: scheduled, or with a seat that is more than held for a payment.';

create or replace function private.group_entries(mentor uuid, sessions uuid[], most_names integer)
  returns table (group_session_id uuid, service_title text, mentor_name text, mentor_timezone text, starts_at timestamptz,
                 ends_at timestamptz, takes_place boolean, is_agreed boolean, revision integer, changed_at timestamptz,
                 capacity integer, attendees integer, requests integer, names text[], meeting_url text, meeting_note text,
                 meeting_place jsonb, host_url text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select g.id, s.title, p.full_name, coalesce(mp.timezone, p.timezone), g.starts_at, g.ends_at,
      private.group_takes_place(g.expert_id, g.occupancy_id),
      g.origin = 'scheduled' or seats.attendees > 0,
      g.entry_revision + p.entry_revision, greatest(g.entry_changed_at, p.entry_changed_at),
      g.capacity, seats.attendees, seats.requests, seats.names,
      coalesce(g.meeting_url, made.url, r.meeting_url),
      case when g.meeting_url is not null then g.meeting_note when made.url is not null then made.note else r.meeting_note end,
      private.shown_place(place.agreed), case when g.meeting_url is null and made.url is not null then made.host_url end
    from public.group_sessions g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join public.expert_profiles p on p.id = g.expert_id
      left join public.profiles mp on mp.id = g.expert_id
      cross join lateral (
        select count(*) filter (where b.status <> 'pending')::integer as attendees,
          count(*) filter (where b.status = 'pending')::integer as requests,
          coalesce((array_agg(b.user_name order by b.created_at, b.id)
            filter (where b.status <> 'pending'))[:most_names], '{}') as names,
          bool_or(b.meeting_place ? 'url') as has_made_link,
          (array_agg(b.meeting_place order by b.id) filter (where b.status <> 'pending')) as places
        from public.bookings b
        where b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id and b.status_when_paid is null
      ) seats
      cross join lateral (
        select case when seats.attendees > 0 then seats.places[1] else private.place_of(g.expert_id, g.service_id) end as agreed
      ) place
      left join public.mentor_rooms r on r.expert_id = g.expert_id and private.has_link(place.agreed)
      -- The seats may have links with a person's name in them.
      left join lateral (
        select m.guest_url as url, m.note, m.host_url from private.made_meetings m
        where m.occupancy_id = g.occupancy_id and m.expert_id = g.expert_id and seats.has_made_link
      ) made on true
    where g.expert_id = mentor and g.id = any (sessions)
  $$;
comment on function private.group_entries(uuid, uuid[], integer) is
  'Group sessions as they are now, as their mentor''s calendar says them: each is one entry there for all seats.';

create or replace function public.own_group_entries(mentor uuid, sessions uuid[], most_names integer)
  returns table (group_session_id uuid, service_title text, mentor_name text, mentor_timezone text, starts_at timestamptz,
                 ends_at timestamptz, takes_place boolean, is_agreed boolean, revision integer, changed_at timestamptz,
                 capacity integer, attendees integer, requests integer, names text[], meeting_url text, meeting_note text,
                 meeting_place jsonb, host_url text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select * from private.group_entries(mentor, sessions, most_names) where mentor = auth.uid()
  $$;
comment on function public.own_group_entries(uuid, uuid[], integer) is 'group_entries() for the mentor; nothing for others.';

create or replace function public.own_groups_after(mentor uuid, after timestamptz, most integer) returns uuid[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select array(
      select g.id from public.group_sessions g
      where g.expert_id = mentor and mentor = auth.uid() and g.starts_at > after and g.state <> 'cancelled'
        and private.group_takes_place(g.expert_id, g.occupancy_id)
      order by g.starts_at desc limit most)
  $$;
comment on function public.own_groups_after(uuid, timestamptz, integer) is
  'The group sessions of a mentor that are in the mentor''s calendar and begin after an instant, for that mentor.';

create or replace function private.announce_group_session() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.announce('availability', new.expert_id::text);
  return null;
end
$$;
comment on function private.announce_group_session() is 'Open pages learn what has become of a session.';

create or replace function private.may_join_late(mentor uuid, service uuid, session_start timestamptz, session_end timestamptz)
  returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.occupancies o
      where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
        and o.join_until > now())
  $$;
comment on function private.may_join_late(uuid, uuid, timestamptz, timestamptz) is
  'Whether there is a scheduled group session at this time that can still be joined.';

create or replace function private.schedule_group_sessions(
    mentor uuid, service uuid, starts timestamptz[], length integer, seats integer, minimum integer, decided integer,
    late_join integer)
  returns setof uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  profile record;
begin
  if auth.uid() is distinct from mentor or not private.lock_schedule(mentor) then
    raise exception 'not the mentor' using errcode = 'insufficient_privilege';
  end if;
  select p.buffer_before, p.buffer_after into profile from public.expert_profiles p where p.id = mentor;
  insert into public.occupancies (
      expert_id, service_id, starts_at, ends_at, during, state, capacity, seats_taken, join_until)
    select mentor, service, s.start, s.start + length * interval '1 minute',
      private.busy_time(s.start, s.start + length * interval '1 minute', profile.buffer_before, profile.buffer_after),
      'booked', seats, 0, s.start + late_join * interval '1 minute'
    from unnest(starts) s (start);
  return query update public.group_sessions g
    set min_attendees = minimum, decide_minutes = decided, decide_at = g.starts_at - decided * interval '1 minute',
        late_join_minutes = late_join
    where g.expert_id = mentor and g.service_id = service and g.starts_at = any (starts) and g.origin = 'scheduled'
      and g.state = 'open'
    returning g.id;
end
$$;
comment on function private.schedule_group_sessions(uuid, uuid, timestamptz[], integer, integer, integer, integer, integer) is
  'Takes the time of group sessions for their mentor, who calls it: all of them, or none if one overlaps another session.';

create or replace function private.lock_group_session(mentor uuid, group_session uuid) returns public.group_sessions
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  found_session public.group_sessions;
begin
  if not private.lock_schedule(mentor) then
    return null;
  end if;
  select * into found_session from public.group_sessions g
    where g.id = group_session and g.expert_id = mentor for update;
  return found_session;
end
$$;
comment on function private.lock_group_session(uuid, uuid) is 'Locks the mentor, then the session; what has expired is freed.';

create or replace function private.require_own_group(mentor uuid, session_state text, session_start timestamptz) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if session_state is null or auth.uid() is distinct from mentor then
    raise exception 'no such session of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if session_state = 'cancelled' or session_start <= now() then
    raise exception 'the session is over or cancelled'
      using errcode = 'check_violation', constraint = 'group_sessions_step_allowed';
  end if;
end
$$;
comment on function private.require_own_group(uuid, text, timestamptz) is
  'Rejects everyone but the mentor, and a session that has begun or was cancelled.';

create or replace function private.change_group_session(
    mentor uuid, group_session uuid, seats integer, minimum integer, decided integer, late_join integer)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  if session.programme_id is not null then
    raise exception 'the programme has the terms of its sessions'
      using errcode = 'check_violation', constraint = 'programmes_have_the_terms';
  end if;
  if seats is not null and seats <> session.capacity then
    -- The ledger refuses fewer seats than are taken.
    update public.occupancies set capacity = seats where id = session.occupancy_id and expert_id = mentor;
  end if;
  update public.group_sessions g
    set min_attendees = least(coalesce(minimum, g.min_attendees), g.capacity),
        decide_minutes = coalesce(decided, g.decide_minutes),
        decide_at = g.starts_at - coalesce(decided, g.decide_minutes) * interval '1 minute',
        late_join_minutes = coalesce(late_join, g.late_join_minutes)
    where g.id = group_session and g.expert_id = mentor;
  update public.occupancies set join_until = starts_at + late_join * interval '1 minute'
    where id = session.occupancy_id and expert_id = mentor and join_until is not null and late_join is not null;
end
$$;
comment on function private.change_group_session(uuid, uuid, integer, integer, integer, integer) is
  'Changes the terms of a coming session, for its mentor; null keeps one.';

create or replace function private.end_group_session(mentor uuid, group_session uuid, because text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid;
  freed integer;
begin
  select g.occupancy_id into seat from public.group_sessions g
    where g.id = group_session and g.expert_id = mentor;
  -- First of all, so that the session does not end with its last seat instead.
  update public.group_sessions
    set state = 'cancelled', cancelled_because = because, occupancy_id = null, decided_at = now()
    where id = group_session and expert_id = mentor;
  perform private.end_group_waits(mentor, group_session, seat);
  perform set_config('matepeak.for_all', 'on', true);
  update public.bookings set status = 'cancelled'
    where occupancy_id = seat and expert_id = mentor and status in ('pending', 'confirmed');
  get diagnostics freed = row_count;
  perform set_config('matepeak.for_all', '', true);
  delete from public.occupancies where id = seat and expert_id = mentor;
  return freed;
end
$$;
comment on function private.end_group_session(uuid, uuid, text) is
  'Cancels a locked session for all, and frees its time. Returns how many seats were taken.';

create or replace function private.cancel_group_session(mentor uuid, group_session uuid, reason text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
  freed integer;
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  freed := private.end_group_session(mentor, group_session, 'mentor');
  perform set_config('matepeak.reason', '', true);
  return freed;
end
$$;
comment on function private.cancel_group_session(uuid, uuid, text) is
  'Cancels a coming session for all, with one reason, for its mentor: every seat is refunded as when a mentor cancels.';

create or replace function private.move_group_session(mentor uuid, group_session uuid, new_start timestamptz, reason text)
  returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
  new_end timestamptz := new_start + (session.ends_at - session.starts_at);
  profile record;
  moved integer;
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  if new_start <= now() then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new_start = session.starts_at then
    return 0;
  end if;
  select p.buffer_before, p.buffer_after into profile from public.expert_profiles p where p.id = mentor;
  update public.occupancies
    set starts_at = new_start, ends_at = new_end,
        during = private.busy_time(new_start, new_end, profile.buffer_before, profile.buffer_after),
        join_until = new_start + (join_until - starts_at)
    where id = session.occupancy_id and expert_id = mentor;
  -- The decision that was made for another time is open again, if there is time for it.
  update public.group_sessions g set state = 'open', decided_at = null
    where g.id = group_session and g.expert_id = mentor and g.state = 'on' and g.decide_at > now();
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  perform set_config('matepeak.for_all', 'on', true);
  -- No attendee has chosen this time: until it begins each attendee can leave, and gets everything back.
  update public.bookings
    set starts_at = new_start, ends_at = new_end, cancel_cutoff = 0, refund_full_cutoff = 0, refund_partial_cutoff = 0,
        expires_at = case when expires_at is not null then least(expires_at, new_start) end
    where occupancy_id = session.occupancy_id and expert_id = mentor and status in ('pending', 'confirmed');
  get diagnostics moved = row_count;
  perform set_config('matepeak.for_all', '', true);
  perform set_config('matepeak.reason', '', true);
  return moved;
end
$$;
comment on function private.move_group_session(uuid, uuid, timestamptz, text) is
  'Moves a coming session for all, with one reason, for its mentor; the exclusion constraint rejects taken time.';

create or replace function private.mentors_with_groups_to_decide(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select d.expert_id from (
      select g.expert_id from public.group_sessions g
      where g.state = 'open' and g.decide_at <= now() order by g.decide_at limit most) d
    union
    select d.expert_id from (
      select p.expert_id from public.programmes p
      where p.state = 'open' and p.decide_at <= now() order by p.decide_at limit most) d
  $$;
comment on function private.mentors_with_groups_to_decide(integer) is 'The mentors of the group sessions that are to be decided now.';

create or replace function private.decide_group_sessions(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  due record;
  decided integer := 0;
begin
  perform private.lock_schedule(mentor);
  -- First: a programme that is cancelled leaves no session to decide.
  decided := private.decide_programmes(mentor, most);
  for due in
    select g.id, g.occupancy_id, g.min_attendees, seats.attendees, seats.paying
      from public.group_sessions g, lateral (
        select count(*) filter (where b.status = 'confirmed') as attendees,
          count(*) filter (where b.status = 'pending' and b.status_when_paid = 'confirmed') as paying
        from public.bookings b where b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id) seats
      where g.expert_id = mentor and g.state = 'open' and g.decide_at <= now()
      order by g.decide_at limit most
  loop
    -- A minimum of one is none: the session can be booked until it starts.
    if due.attendees >= due.min_attendees or due.min_attendees = 1 then
      update public.group_sessions set state = 'on', decided_at = now() where id = due.id and expert_id = mentor;
      if due.min_attendees > 1 then
        perform private.tell_attendees(mentor, due.occupancy_id, 'minimum_reached', 'system', null);
      end if;
    elsif due.attendees + due.paying >= due.min_attendees then
      -- It is decided when those who are paying at this moment have paid, or their time for it is over.
      continue;
    else
      perform private.end_group_session(mentor, due.id, 'minimum');
    end if;
    decided := decided + 1;
  end loop;
  return decided;
end
$$;
comment on function private.decide_group_sessions(uuid, integer) is
  'Decides the sessions whose time for it has come: with the minimum they take place, otherwise they are cancelled and refunded.';

create or replace function private.tell_attendees(mentor uuid, seat uuid, about text, actor text, said text) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  told integer;
begin
  insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason, is_for_all)
    select b.id, b.expert_id, about, case when actor = 'mentor' then mentor end, actor, b.status, b.status, said, true
    from public.bookings b
    where b.occupancy_id = seat and b.expert_id = mentor and b.status in ('confirmed', 'completed');
  get diagnostics told = row_count;
  return told;
end
$$;
comment on function private.tell_attendees(uuid, uuid, text, text, text) is
  'Writes into the history of each seat what concerns the whole session; the messages follow from it.';

create or replace function private.message_group(mentor uuid, group_session uuid, said text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
begin
  if session.id is null or auth.uid() is distinct from mentor then
    raise exception 'no such session of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if session.state = 'cancelled' or session.ends_at <= now() - interval '7 days' then
    raise exception 'the session is over or cancelled'
      using errcode = 'check_violation', constraint = 'group_sessions_step_allowed';
  end if;
  return private.tell_attendees(mentor, session.occupancy_id, 'messaged', 'mentor', said);
end
$$;
comment on function private.message_group(uuid, uuid, text) is
  'A message of the mentor to everyone with a confirmed seat. Returns how many they are.';

create or replace function private.mark_attendance(mentor uuid, booking uuid, mark text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  b record;
begin
  perform private.lock_mentor(mentor);
  select l.status, l.starts_at into b from public.bookings l where l.id = booking and l.expert_id = mentor;
  if not found or auth.uid() is distinct from mentor then
    raise exception 'no such booking of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if b.status not in ('confirmed', 'completed') or b.starts_at > now() then
    raise exception 'the session has not begun' using errcode = 'check_violation', constraint = 'attendances_session_begun';
  end if;
  if mark is null then
    delete from public.attendances where booking_id = booking and expert_id = mentor;
  else
    insert into public.attendances (booking_id, expert_id, state) values (booking, mentor, mark)
      on conflict (booking_id, expert_id) do update set state = excluded.state, marked_at = now();
  end if;
end
$$;
comment on function private.mark_attendance(uuid, uuid, text) is
  'Whether a person came, as the mentor marks it in the roster; null takes the mark away.';

create or replace function private.attendee_names(mentor uuid, seat uuid, own_booking uuid) returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(array_agg(b.user_name order by b.created_at, b.id), '{}')
    from public.bookings b
    where b.occupancy_id = seat and b.expert_id = mentor and b.status in ('confirmed', 'completed') and b.shows_name
      and b.id <> own_booking
      and exists (
        select from public.bookings own
        where own.id = own_booking and own.expert_id = mentor and own.occupancy_id = seat
          and (auth.uid() = own.expert_id or auth.uid() = own.user_id and own.status in ('confirmed', 'completed')))
  $$;
comment on function private.attendee_names(uuid, uuid, uuid) is
  'The names of the other attendees who agreed to it, for an attendee.';

create or replace function private.show_name(mentor uuid, booking uuid, shown boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(mentor);
  update public.bookings b set shows_name = shown
    where b.id = booking and b.expert_id = mentor and b.user_id = auth.uid() and (b.status <> 'cancelled' or not shown);
  return found;
end
$$;
comment on function private.show_name(uuid, uuid, boolean) is
  'Whether the other attendees see the name of the caller, whose booking it is.';

revoke execute on function
    private.open_group_session(),
    private.open_group(uuid, uuid),
    private.follow_group_session(),
    private.close_empty_group(uuid, uuid),
    private.end_emptied_group(),
    private.join_group(),
    private.link_of_group(uuid, uuid, timestamptz, timestamptz),
    private.follow_seat(),
    private.count_group_change(),
    private.write_group_entry(),
    private.group_takes_place(uuid, uuid),
    private.group_entries(uuid, uuid[], integer),
    public.own_group_entries(uuid, uuid[], integer),
    public.own_groups_after(uuid, timestamptz, integer),
    private.announce_group_session(),
    private.may_join_late(uuid, uuid, timestamptz, timestamptz),
    private.schedule_group_sessions(uuid, uuid, timestamptz[], integer, integer, integer, integer, integer),
    private.lock_group_session(uuid, uuid),
    private.require_own_group(uuid, text, timestamptz),
    private.change_group_session(uuid, uuid, integer, integer, integer, integer),
    private.end_group_session(uuid, uuid, text),
    private.cancel_group_session(uuid, uuid, text),
    private.move_group_session(uuid, uuid, timestamptz, text),
    private.mentors_with_groups_to_decide(integer),
    private.decide_group_sessions(uuid, integer),
    private.tell_attendees(uuid, uuid, text, text, text),
    private.message_group(uuid, uuid, text),
    private.mark_attendance(uuid, uuid, text),
    private.attendee_names(uuid, uuid, uuid),
    private.show_name(uuid, uuid, boolean)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.schedule_group_sessions(uuid, uuid, timestamptz[], integer, integer, integer, integer, integer),
    private.change_group_session(uuid, uuid, integer, integer, integer, integer),
    private.cancel_group_session(uuid, uuid, text),
    private.move_group_session(uuid, uuid, timestamptz, text),
    private.message_group(uuid, uuid, text),
    private.mark_attendance(uuid, uuid, text),
    private.show_name(uuid, uuid, boolean),
    private.mentors_with_groups_to_decide(integer),
    private.decide_group_sessions(uuid, integer)
  to matepeak_app;
grant execute on function private.group_entries(uuid, uuid[], integer) to matepeak_app;
grant execute on function
    private.attendee_names(uuid, uuid, uuid),
    public.own_group_entries(uuid, uuid[], integer),
    public.own_groups_after(uuid, timestamptz, integer)
  to authenticated;

-- public.group_sessions ------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_count_change (update)
-- * after a row: 50_announce (update), 60_write_entry (insert), 61_write_entry_again (update)
create or replace trigger group_sessions_10_count_change before update on public.group_sessions
  for each row
  when ((new.starts_at, new.ends_at, new.capacity, new.state = 'cancelled', new.meeting_url, new.meeting_note)
    is distinct from (old.starts_at, old.ends_at, old.capacity, old.state = 'cancelled', old.meeting_url, old.meeting_note))
  execute function private.count_group_change();
-- The ledger announces new and freed time itself.
create or replace trigger group_sessions_50_announce after update on public.group_sessions
  for each row when ((new.state, new.min_attendees, new.decide_at) is distinct from (old.state, old.min_attendees, old.decide_at))
  execute function private.announce_group_session();
create or replace trigger group_sessions_60_write_entry after insert on public.group_sessions
  for each row execute function private.write_group_entry();
create or replace trigger group_sessions_61_write_entry_again after update on public.group_sessions
  for each row when (new.entry_revision <> old.entry_revision) execute function private.write_group_entry();

revoke all on public.group_sessions
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- All but the link, which people with a seat read in their bookings.
grant select (
    id, expert_id, service_id, occupancy_id, origin, state, starts_at, ends_at, capacity, min_attendees, decide_minutes,
    late_join_minutes, cancelled_because, created_at, decided_at, decide_at, programme_id, programme_place, share_minor)
  on public.group_sessions to anon, authenticated, matepeak_app;
drop policy if exists group_sessions_read on public.group_sessions;
create policy group_sessions_read on public.group_sessions for select to anon, authenticated, matepeak_app using (true);
comment on policy group_sessions_read on public.group_sessions is
  'When group sessions take place and what they need is public; who comes is not here. Written by functions only.';

-- public.attendances ---------------------------------------------------------------------------------------------------

revoke all on public.attendances
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.attendances to authenticated, matepeak_app;
drop policy if exists attendances_read_party on public.attendances;
create policy attendances_read_party on public.attendances for select to authenticated, matepeak_app
  using (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = attendances.expert_id));
comment on policy attendances_read_party on public.attendances is
  'The mentor, and each person their own: the policy of the booking decides.';
