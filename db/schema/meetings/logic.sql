-- Meetings: the mentor's room and the link of a single session.

create or replace function private.announce_room() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  perform private.notify_person(mentor, 'bookings');
  perform private.notify_person(student.user_id, 'bookings')
    from (
      select distinct b.user_id from public.bookings b
      where b.expert_id = mentor and b.starts_at > now() - interval '2 days'
        and b.status not in ('pending', 'cancelled')
    ) student;
  return null;
end
$$;
comment on function private.announce_room() is
  'Announces a changed room to the mentor''s pages and those of students with a coming session.';

create or replace function private.announce_meeting() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(party, 'bookings') from unnest(array[new.user_id, new.expert_id]) party;
  perform private.enqueue_session_entries(new.expert_id);
  return null;
end
$$;
comment on function private.announce_meeting() is
  'Announces a changed meeting link to both parties'' pages, and to the mentor''s calendar.';

create or replace function private.clear_booking_meeting() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.meeting_url := null;
  new.meeting_note := null;
  new.meeting_place := null;
  return new;
end
$$;
comment on function private.clear_booking_meeting() is 'Removes where a cancelled session was to take place.';

create or replace function public.set_booking_meeting(mentor uuid, booking uuid, url text, note text default null)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
begin
  select * into locked from public.lock_booking(mentor, booking);
  if not found then
    return;
  end if;
  if auth.uid() is distinct from locked.expert_id then
    raise exception 'only the mentor sets the meeting link' using errcode = 'insufficient_privilege';
  end if;
  if locked.status in ('pending', 'cancelled') or locked.ends_at <= now() then
    raise exception 'this session has no meeting now'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if locked.group_session_id is not null then
    -- One session takes place in one way: for those who have a seat, and for those who will have one.
    update public.group_sessions set meeting_url = url, meeting_note = note
      where id = locked.group_session_id and expert_id = locked.expert_id;
    update public.bookings b
      set meeting_url = coalesce(url, b.meeting_place ->> 'url'),
        meeting_note = case when url is null and b.meeting_place ? 'url' then b.meeting_place ->> 'note' else note end
      where b.occupancy_id = locked.occupancy_id and b.expert_id = locked.expert_id and b.id <> booking
        and b.status = 'confirmed';
  end if;
  return query update public.bookings
    set meeting_url = coalesce(url, locked.meeting_place ->> 'url'),
      meeting_note = case when url is null and locked.meeting_place ? 'url' then locked.meeting_place ->> 'note' else note end
    where id = booking and expert_id = locked.expert_id returning *;
end
$$;
comment on function public.set_booking_meeting(uuid, uuid, text, text) is
  'Sets where a confirmed session takes place, for its mentor; null for the link that was made for it, or the mentor''s '
  'room. Of a group it is that of all seats. No row for non-parties.';

create or replace function private.place_of(mentor uuid, service uuid) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_strip_nulls(jsonb_build_object(
      'kind', chosen.kind, 'caller', chosen.caller, 'phone', chosen.phone, 'address', chosen.address, 'map_url', chosen.map_url))
    from (
      select p.* from public.meeting_places p
      where p.expert_id = mentor and (p.service_id = service or p.service_id is null)
      order by p.service_id nulls last limit 1
    ) chosen
    where chosen.kind <> 'link'
  $$;
comment on function private.place_of(uuid, uuid) is
  'Where sessions of a service take place, in full: for sessions that are agreed. Null: by the mentor''s room.';

create or replace function private.place_of_seat(mentor uuid, service uuid, session_start timestamptz, session_end timestamptz)
  returns jsonb
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  shared jsonb;
begin
  select b.meeting_place - 'url' - 'note' into shared
    from public.occupancies o join public.bookings b on b.occupancy_id = o.id and b.expert_id = o.expert_id
    where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
      and b.status = 'confirmed'
    limit 1;
  return case when found then shared else private.place_of(mentor, service) end;
end
$$;
comment on function private.place_of_seat(uuid, uuid, timestamptz, timestamptz) is
  'Where a seat in a group takes place that is booked now: where those who are in it agreed to, whatever the mentor has chosen '
  'since.';

create or replace function private.has_link(place jsonb) returns boolean
  language sql immutable
  return coalesce(place ->> 'kind', 'link') not in ('phone', 'in_person');
comment on function private.has_link(jsonb) is
  'Whether the mentor''s room is where a session takes place that has no link of its own.';

create or replace function private.shown_place(place jsonb) returns jsonb
  language sql immutable
  return case when place is not null then jsonb_build_object(
    'kind', place -> 'kind', 'caller', place -> 'caller', 'phone', place -> 'phone', 'address', place -> 'address',
    'map_url', place -> 'map_url') end;
comment on function private.shown_place(jsonb) is 'A place as the API shows it: a link is shown as the session''s.';

create or replace function public.shown_meeting_places(mentor uuid)
  returns table (service_id uuid, kind text, caller text, phone text, address text, map_url text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select p.service_id, p.kind, p.caller, case when p.shows_details then p.phone end,
      case when p.shows_details then p.address end, case when p.shows_details then p.map_url end
    from public.meeting_places p join public.expert_profiles e on e.id = p.expert_id
      left join public.services s on s.id = p.service_id and s.expert_id = p.expert_id
    where p.expert_id = mentor and e.hidden_because is null
      and (p.service_id is null or (s.enabled and s.deleted_at is null))
    order by p.service_id nulls first
  $$;
comment on function public.shown_meeting_places(uuid) is
  'How a mentor''s sessions take place, as visitors see it: numbers and addresses only if the mentor shows them.';

create or replace function private.check_meeting_place() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(new.expert_id);
  if new.kind in ('google_meet', 'zoom')
     and not exists (select from public.mentor_rooms r where r.expert_id = new.expert_id) then
    raise exception 'links that a service makes need a room to fall back to'
      using errcode = 'check_violation', constraint = 'meeting_places_need_room';
  end if;
  return new;
end
$$;
comment on function private.check_meeting_place() is
  'Another service may fail, and a session must never be without a way to meet: the mentor''s room takes its place.';

create or replace function private.keep_needed_room() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(old.expert_id);
  if exists (
      select from public.meeting_places p where p.expert_id = old.expert_id and p.kind in ('google_meet', 'zoom')) then
    raise exception 'links that a service makes fall back to this room'
      using errcode = 'check_violation', constraint = 'meeting_places_need_room';
  end if;
  return old;
end
$$;
comment on function private.keep_needed_room() is 'Keeps a mentor from removing the room that their links fall back to.';

create or replace function private.set_meeting_place() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  -- For every booking, so by the index, whatever size the table had when this was planned.
  set enable_seqscan = off
  as $$
declare
  is_move boolean := coalesce(old.status = 'confirmed', false);
  shared jsonb;
  link record;
begin
  -- One session takes place in one way, whatever the mentor has chosen since its first seat was agreed.
  select b.meeting_place - 'url' - 'note' into shared from public.bookings b
    where b.occupancy_id = new.occupancy_id and b.expert_id = new.expert_id and b.id <> new.id and b.status = 'confirmed'
    limit 1;
  if found then
    new.meeting_place := shared;
  elsif is_move then
    new.meeting_place := old.meeting_place - 'url' - 'note';
  else
    new.meeting_place := private.place_of(new.expert_id, new.service_id);
  end if;
  -- The link belongs to the session that was left.
  if is_move and (new.meeting_url = old.meeting_place ->> 'url' or old.group_session_id <> new.group_session_id) then
    new.meeting_url := null;
    new.meeting_note := null;
  end if;
  if new.group_session_id is not null then
    select g.meeting_url, g.meeting_note into link from public.group_sessions g
      where g.id = new.group_session_id and g.expert_id = new.expert_id and g.meeting_url is not null;
    if found then
      new.meeting_url := link.meeting_url;
      new.meeting_note := link.meeting_note;
    end if;
  end if;
  return new;
end
$$;
comment on function private.set_meeting_place() is
  'Writes into a session that becomes agreed where it takes place: later changes are for later sessions. A seat in a group '
  'takes place where the others do, also one that comes from another session.';

create or replace function private.ask_for_meeting() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.occupancy_id is not null then
    perform private.want_meeting(new.expert_id, new.occupancy_id, new.id, new.meeting_place ->> 'kind',
      coalesce(old.occupancy_id = new.occupancy_id and old.starts_at <> new.starts_at, false));
  end if;
  if old.occupancy_id is distinct from new.occupancy_id and old.meeting_place is not null then
    -- Of a session that others still attend the run finds that nothing is to be done.
    update private.made_meetings m set failures = 0
      where m.occupancy_id = old.occupancy_id and m.expert_id = old.expert_id and not exists (
        select from public.bookings b
        where b.occupancy_id = old.occupancy_id and b.expert_id = old.expert_id and b.status = 'confirmed');
    perform private.arrange_meeting(old.expert_id, old.occupancy_id);
  end if;
  return null;
end
$$;
comment on function private.ask_for_meeting() is
  'Has the link of a session made, moved, shared with another seat, or deleted with the last one, after the commit.';

create or replace function private.want_meeting(
    mentor uuid, session uuid, booking uuid, wanted text, starts_anew boolean default false) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if wanted is null or wanted in ('phone', 'in_person') then
    return;
  end if;
  insert into private.made_meetings as m (occupancy_id, expert_id, known_as, kind, asked_at)
    select o.id, o.expert_id, coalesce(g.id, booking), wanted, now()
    from public.occupancies o left join public.group_sessions g on g.occupancy_id = o.id and g.expert_id = o.expert_id
    where o.id = session and o.expert_id = mentor
    on conflict (occupancy_id, expert_id) do update
      set asked_at = now(), failures = case when starts_anew then 0 else m.failures end;
  perform private.arrange_meeting(mentor, session);
end
$$;
comment on function private.want_meeting(uuid, uuid, uuid, text, boolean) is
  'Has the meeting of a session agree with it; the first seat''s is that of all. starts_anew: earlier failures do not count.';

create or replace function private.seats_of_meeting(mentor uuid, session uuid, kind text) returns setof public.bookings
  language sql stable
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select * from public.bookings b
    where b.occupancy_id = session and b.expert_id = mentor and b.status in ('confirmed', 'completed')
      and b.meeting_place ->> 'kind' = kind
    order by b.id
  $$;
comment on function private.seats_of_meeting(uuid, uuid, text) is
  'The bookings that a made meeting is for: one, or those of a group. None: the session is cancelled.';

create or replace function private.arrange_meeting(mentor uuid, session uuid, after interval default null) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.enqueue('arrange_meeting', jsonb_build_object('mentor_id', mentor, 'occupancy_id', session),
      'arrange_meeting:' || session, now() + after)
  $$;
comment on function private.arrange_meeting(uuid, uuid, interval) is
  'Enqueues the job that makes a session''s link agree with the session; at most one waits.';

create or replace function private.awaits_meeting(mail jsonb) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.bookings b
        join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
      where b.id = (mail #>> '{booking,id}')::uuid and b.expert_id = (mail #>> '{booking,mentor_id}')::uuid
        and m.asked_at > now() - interval '3 minutes' and m.fell_back_at is null
        -- Another seat's link may be the one that is missing.
        and not (b.meeting_place ? 'url' and (b.starts_at, b.ends_at) is not distinct from (m.starts_at, m.ends_at)))
  $$;
comment on function private.awaits_meeting(jsonb) is
  'Whether the link of the session that a mail is about is being made at this moment, and has not fallen back to the room.';

create or replace function private.host_url(mentor uuid, booking uuid, shown_url text) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select m.host_url from public.bookings b
      join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor and b.meeting_place ->> 'url' = shown_url
      and auth.uid() = mentor
  $$;
comment on function private.host_url(uuid, uuid, text) is
  'The mentor''s own form of the link that a session shows, with which they moderate; null for all others.';

-- The job: what it finds, and what it writes. A run that has lost its lease writes nothing.
create or replace function private.claim_meeting(mentor uuid, session uuid, claim uuid, hosts text[])
  returns table (step text, is_taken boolean, kind text, known_as uuid, starts_at timestamptz, ends_at timestamptz,
                 timezone text, service_title text, mentor_name text, student_name text, seats jsonb, ref text, guest_url text,
                 host_url text, note text, old_host text, host text, is_unsure boolean, failures integer)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  b public.bookings;
  m private.made_meetings;
begin
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.occupancy_id is null then
    return;
  end if;
  is_taken := coalesce(m.leased_until > now(), false);
  if is_taken then
    return next;
    return;
  end if;
  -- Seats of one session have the same times.
  select * into b from private.seats_of_meeting(mentor, session, m.kind) x order by x.status <> 'confirmed', x.id limit 1;
  select jsonb_agg(jsonb_build_object('booking_id', x.id, 'student_name', x.user_name)) into seats
    from private.seats_of_meeting(mentor, session, m.kind) x where x.status = 'confirmed';
  step := case
    when b.id is null and (m.ref is not null or m.is_unsure) then 'remove'
    when b.status is distinct from 'confirmed' or b.ends_at <= now() then 'none'
    when m.ref is null then 'make'
    when (b.starts_at, b.ends_at) is distinct from (m.starts_at, m.ends_at) or m.fell_back_at is not null or m.was_left
      then 'move'
    when exists (
      select from private.seats_of_meeting(mentor, session, m.kind) x
      where x.status = 'confirmed' and not x.meeting_place ? 'url') then 'share'
    else 'none'
  end;
  kind := m.kind;
  known_as := m.known_as;
  starts_at := coalesce(b.starts_at, m.starts_at, m.hosted_from, now());
  ends_at := coalesce(b.ends_at, m.ends_at, m.hosted_until, now());
  -- People of a group are not named to each other.
  student_name := case when m.known_as = b.id then b.user_name end;
  seats := coalesce(seats, '[]');
  select coalesce(b.mentor_timezone, p.timezone), coalesce(s.title, ''), p.full_name into timezone, service_title, mentor_name
    from public.expert_profiles p left join public.services s on s.id = b.service_id and s.expert_id = p.id
    where p.id = mentor;
  ref := m.ref;
  guest_url := m.guest_url;
  host_url := m.host_url;
  note := m.note;
  old_host := m.host;
  host := m.host;
  is_unsure := m.is_unsure;
  failures := m.failures;
  if step in ('make', 'move') and m.kind = 'zoom' then
    -- Two sessions that are made at this moment must not choose the same one.
    perform pg_advisory_xact_lock(hashtextextended('private.made_meetings.host', 0));
    select h.name into host
      from unnest(hosts) with ordinality h (name, place)
      where not exists (
        select from private.made_meetings o
        where o.host = h.name and o.hosted_from < b.ends_at and o.hosted_until > b.starts_at
          and (o.occupancy_id, o.expert_id) <> (m.occupancy_id, m.expert_id))
      order by (h.name is not distinct from m.host) desc, h.place limit 1;
  end if;
  update private.made_meetings x
    set lease = claim, leased_until = now() + interval '2 minutes', is_unsure = x.is_unsure or step = 'make',
      host = case when step in ('make', 'move') then coalesce(claim_meeting.host, x.host) else x.host end,
      hosted_from = case when claim_meeting.host is null or step not in ('make', 'move') then x.hosted_from else b.starts_at end,
      hosted_until = case when claim_meeting.host is null or step not in ('make', 'move') then x.hosted_until else b.ends_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  return next;
end
$$;
comment on function private.claim_meeting(uuid, uuid, uuid, text[]) is
  'What is to be done at the service that a session''s link comes from: make, move, remove or none; or share, which is to give '
  'it to a seat that was added. Leases it to one run for two minutes; is_taken: to another one at this moment. Chooses a host '
  'that is free then; null if none is.';

create or replace function private.note_meeting(
    mentor uuid, session uuid, claim uuid, new_ref text, shared_url text, seats uuid[], seat_urls text[], host_url text,
    note text, from_then timestamptz, until_then timestamptz) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  m private.made_meetings;
  agrees boolean;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  update public.bookings x
    set meeting_place = (x.meeting_place - 'note') || jsonb_strip_nulls(jsonb_build_object('url', s.url, 'note', note)),
      meeting_url = case when x.meeting_url is not distinct from x.meeting_place ->> 'url' then s.url else x.meeting_url end,
      meeting_note = case
        when x.meeting_url is not distinct from x.meeting_place ->> 'url' then note_meeting.note else x.meeting_note end
    from unnest(seats, seat_urls) s (id, url)
    where x.id = s.id and x.expert_id = mentor and x.occupancy_id = session and x.status = 'confirmed'
      and x.meeting_place ->> 'kind' = m.kind
      and (x.meeting_place ->> 'url', x.meeting_place ->> 'note') is distinct from (s.url, note_meeting.note);
  select bool_and((b.starts_at, b.ends_at) = (from_then, until_then) and b.meeting_place ? 'url') into agrees
    from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  update private.made_meetings x
    set ref = new_ref, guest_url = shared_url, note = note_meeting.note, host_url = note_meeting.host_url,
      starts_at = from_then, ends_at = until_then, is_unsure = false,
      failures = 0, problem = null, fell_back_at = null, was_left = false, lease = null, leased_until = null,
      asked_at = case when agrees then null else x.asked_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  if m.fell_back_at is not null then
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_restored', 'at', m.fell_back_at))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  elsif m.was_left and m.guest_url <> shared_url then
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_changed', 'at', now()))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  end if;
  return true;
end
$$;
comment on function private.note_meeting(uuid, uuid, uuid, text, text, uuid[], text[], text, text, timestamptz, timestamptz) is
  'Records a meeting that was made or moved, and its link in the bookings of the session, unless their mentor has set another '
  'one. False if the run has lost its lease.';

create or replace function private.settle_meeting(mentor uuid, session uuid, claim uuid, was_removed boolean) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  m private.made_meetings;
  seat public.bookings;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  if was_removed or (m.ref is null and not m.is_unsure
      and not exists (select from private.seats_of_meeting(mentor, session, m.kind))) then
    delete from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor;
    -- A request for a seat may have been accepted while the last seat's meeting was removed.
    select * into seat from public.bookings b
      where b.occupancy_id = session and b.expert_id = mentor and b.status = 'confirmed' order by b.id limit 1;
    perform private.want_meeting(mentor, session, seat.id, seat.meeting_place ->> 'kind');
    return true;
  end if;
  update private.made_meetings x
    set lease = null, leased_until = null,
      asked_at = case when exists (
        select from private.seats_of_meeting(mentor, session, m.kind) b
        where b.status = 'confirmed'
          and ((x.starts_at, x.ends_at) is distinct from (b.starts_at, b.ends_at) or not b.meeting_place ? 'url')) then x.asked_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  return true;
end
$$;
comment on function private.settle_meeting(uuid, uuid, uuid, boolean) is
  'Ends a run that had nothing to make: the meeting is as it should be, or was removed.';

create or replace function private.note_meeting_failure(
    mentor uuid, session uuid, claim uuid, code text, may_exist boolean, falls_back boolean, again_after interval) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  m private.made_meetings;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  update private.made_meetings x
    set failures = x.failures + 1, problem = code, is_unsure = may_exist, lease = null, leased_until = null
    where x.occupancy_id = session and x.expert_id = mentor;
  if falls_back and m.fell_back_at is null
     and exists (select from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed') then
    update private.made_meetings x set fell_back_at = now(), asked_at = null
      where x.occupancy_id = session and x.expert_id = mentor;
    perform private.notify_person(party.id, 'bookings')
      from private.seats_of_meeting(mentor, session, m.kind) b
        cross join lateral unnest(array[b.user_id, b.expert_id]) party (id)
      where b.status = 'confirmed' group by party.id;
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_fell_back', 'at', now()))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
    update public.bookings x
      set meeting_place = x.meeting_place - 'url' - 'note',
        meeting_url = case when x.meeting_url is distinct from x.meeting_place ->> 'url' then x.meeting_url end,
        meeting_note = case when x.meeting_url is distinct from x.meeting_place ->> 'url' then x.meeting_note end
      where x.occupancy_id = session and x.expert_id = mentor and x.status = 'confirmed'
        and x.meeting_place ->> 'kind' = m.kind and x.meeting_place ? 'url';
  end if;
  if again_after is not null then
    perform private.arrange_meeting(mentor, session, again_after);
  end if;
  return true;
end
$$;
comment on function private.note_meeting_failure(uuid, uuid, uuid, text, boolean, boolean, interval) is
  'Records a failed attempt and when the next one is. falls_back: from now on the session uses the mentor''s room, and all '
  'its people are told, once. may_exist: there was no answer, so it may have been made.';

create or replace function private.made_meeting_ref(mentor uuid, session uuid) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select m.ref from private.made_meetings m where m.occupancy_id = session and m.expert_id = mentor
  $$;
comment on function private.made_meeting_ref(uuid, uuid) is 'The meeting that a session has.';

create or replace function private.meeting_facts(mentor uuid, booking uuid)
  returns table (student_id uuid, mentor_id uuid, service_id uuid, occupancy_id uuid, student_name text, student_timezone text,
                 status text, starts_at timestamptz, ends_at timestamptz, meeting_url text, has_fallen_back boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select b.user_id, b.expert_id, b.service_id, b.occupancy_id, b.user_name, b.student_timezone, b.status, b.starts_at, b.ends_at,
      coalesce(b.meeting_url, r.meeting_url), m.fell_back_at is not null
    from public.bookings b
      join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
      left join public.mentor_rooms r on r.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor
  $$;
comment on function private.meeting_facts(uuid, uuid) is 'The facts for the messages about another way to meet.';

create or replace function public.record_join(mentor uuid, booking uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  b public.bookings;
begin
  select * into b from public.bookings x
    where x.id = booking and x.expert_id = mentor and auth.uid() in (x.user_id, x.expert_id);
  if b.id is null or b.status not in ('confirmed', 'completed')
     or now() < b.starts_at - interval '15 minutes' or now() >= b.ends_at then
    return false;
  end if;
  insert into public.join_events (booking_id, expert_id, party, how, at)
    values (booking, mentor, case when auth.uid() = b.expert_id then 'mentor' else 'student' end, 'button',
      date_trunc('minute', now()))
    on conflict do nothing;
  perform private.notify_person(party, 'bookings') from unnest(array[b.user_id, b.expert_id]) party;
  return true;
end
$$;
comment on function public.record_join(uuid, uuid) is
  'Records that the caller joins a session of theirs, once a minute; false if it cannot be joined at this moment.';

create or replace function private.record_zoom_event(
    meeting text, what text, address text, shown_name text, happened_at timestamptz, most integer) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  m private.made_meetings;
  b public.bookings;
  comer uuid;
  is_known boolean := false;
begin
  select * into m from private.made_meetings x where x.ref = meeting and x.kind = 'zoom' limit 1;
  select u.id into comer from auth.users u
    where lower(u.email) = lower(address) and (u.id = m.expert_id or exists (
      select from private.seats_of_meeting(m.expert_id, m.occupancy_id, m.kind) x where x.user_id = u.id));
  for b in select * from private.seats_of_meeting(m.expert_id, m.occupancy_id, m.kind) loop
    is_known := true;
    -- Students of a group are not named to each other: others read the row of a seat than sit in it.
    continue when m.known_as <> b.id and coalesce(comer not in (b.expert_id, b.user_id), true);
    -- A stranger with the link could go in and out for ever.
    continue when (
      select count(*) from public.join_events e where e.booking_id = b.id and e.expert_id = b.expert_id) >= most;
    insert into public.join_events (booking_id, expert_id, party, how, name, at)
      values (b.id, b.expert_id, case comer when b.expert_id then 'mentor' when b.user_id then 'student' end, what,
        case when comer is null then shown_name end, happened_at)
      on conflict do nothing;
    perform private.notify_person(party, 'bookings') from unnest(array[b.user_id, b.expert_id]) party;
  end loop;
  return is_known;
end
$$;
comment on function private.record_zoom_event(text, text, text, text, timestamptz, integer) is
  'Records who came to a meeting or left it, as Zoom reports it, once; false if no session has this meeting. Of a group, only '
  'people that are known by their address.';

create or replace function private.retry_meet_links(mentor uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    with coming as (
      update private.made_meetings m set asked_at = now(), failures = 0
      where m.expert_id = mentor and m.kind = 'google_meet'
        and (m.was_left or m.fell_back_at is not null or m.ref is null)
        and exists (
          select from public.bookings b
          where b.occupancy_id = m.occupancy_id and b.expert_id = m.expert_id and b.status = 'confirmed' and b.ends_at > now())
      returning m.occupancy_id)
    select private.arrange_meeting(mentor, c.occupancy_id) from coming c
  $$;
comment on function private.retry_meet_links(uuid) is
  'Has the Meet links of coming sessions made that could not be made before, or were left behind: there may be a way now.';

create or replace function private.follow_meet_calendar() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'DELETE' or not new.receives_sessions then
    -- Whatever is chosen next: the entries of the sessions leave this calendar, and their links with them.
    update private.made_meetings m set was_left = true
      where m.expert_id = old.user_id and m.kind = 'google_meet' and m.ref = old.id::text;
  end if;
  perform private.retry_meet_links(old.user_id);
  return null;
end
$$;
comment on function private.follow_meet_calendar() is
  'Sessions are written to another calendar, or to none: the Meet links of those to come are made there, or the mentor''s room is used.';

create or replace function private.can_meet_through_google(person uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.calendar_connections c
        join public.connected_calendars k on k.connection_id = c.id and k.receives_sessions
      where c.user_id = person and c.kind = 'google' and c.may_write is not false)
  $$;
comment on function private.can_meet_through_google(uuid) is
  'Whether sessions are written to a Google calendar of the mentor''s, with which their Meet links can be made.';

create or replace function private.meet_calendar(mentor uuid, session uuid, calendar uuid)
  returns table (calendar_id uuid, remote_id text, connection_id uuid, username text, credential bytea, has_entry boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select k.id, k.remote_id, c.id, c.username, c.credential, exists (
        select from public.session_entries e
        where e.expert_id = mentor and e.session_id = session and e.calendar_id = k.id
          and (e.ref is not null or e.writing_starts_at is not null))
    from public.connected_calendars k join public.calendar_connections c on c.id = k.connection_id
    where k.user_id = mentor and c.kind = 'google' and k.missing_since is null
      and case when calendar is null then k.receives_sessions and c.may_write is not false else k.id = calendar end
  $$;
comment on function private.meet_calendar(uuid, uuid, uuid) is
  'The Google calendar that a mentor''s sessions are written to, or a certain one, and whether it has the session''s entry.';

revoke execute on function
    private.follow_meet_calendar(),
    private.retry_meet_links(uuid),
    private.announce_room(),
    private.place_of(uuid, uuid),
    private.place_of_seat(uuid, uuid, timestamptz, timestamptz),
    private.has_link(jsonb),
    private.shown_place(jsonb),
    public.shown_meeting_places(uuid),
    private.check_meeting_place(),
    private.keep_needed_room(),
    private.set_meeting_place(),
    private.ask_for_meeting(),
    private.want_meeting(uuid, uuid, uuid, text, boolean),
    private.seats_of_meeting(uuid, uuid, text),
    private.arrange_meeting(uuid, uuid, interval),
    private.awaits_meeting(jsonb),
    private.host_url(uuid, uuid, text),
    private.claim_meeting(uuid, uuid, uuid, text[]),
    private.note_meeting(uuid, uuid, uuid, text, text, uuid[], text[], text, text, timestamptz, timestamptz),
    private.settle_meeting(uuid, uuid, uuid, boolean),
    private.note_meeting_failure(uuid, uuid, uuid, text, boolean, boolean, interval),
    private.made_meeting_ref(uuid, uuid),
    private.meeting_facts(uuid, uuid),
    public.record_join(uuid, uuid),
    private.record_zoom_event(text, text, text, text, timestamptz, integer),
    private.can_meet_through_google(uuid),
    private.meet_calendar(uuid, uuid, uuid),
    private.announce_meeting(),
    private.clear_booking_meeting(),
    public.set_booking_meeting(uuid, uuid, text, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    public.set_booking_meeting(uuid, uuid, text, text),
    public.record_join(uuid, uuid)
  to authenticated;
grant execute on function public.shown_meeting_places(uuid) to anon, authenticated;
grant execute on function
    private.has_link(jsonb),
    private.host_url(uuid, uuid, text)
  to authenticated, matepeak_app;
grant execute on function
    private.place_of(uuid, uuid),
    private.arrange_meeting(uuid, uuid, interval),
    private.claim_meeting(uuid, uuid, uuid, text[]),
    private.note_meeting(uuid, uuid, uuid, text, text, uuid[], text[], text, text, timestamptz, timestamptz),
    private.settle_meeting(uuid, uuid, uuid, boolean),
    private.note_meeting_failure(uuid, uuid, uuid, text, boolean, boolean, interval),
    private.made_meeting_ref(uuid, uuid),
    private.meeting_facts(uuid, uuid),
    private.record_zoom_event(text, text, text, text, timestamptz, integer),
    private.can_meet_through_google(uuid),
    private.meet_calendar(uuid, uuid, uuid)
  to matepeak_app;

-- public.mentor_rooms --------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_keep_needed (delete)
-- * after a row: 50_announce (insert, update, delete), 60_count_entry_change (insert, update, delete)
create or replace trigger mentor_rooms_10_keep_needed before delete on public.mentor_rooms
  for each row when (current_user = 'authenticated') execute function private.keep_needed_room();
create or replace trigger mentor_rooms_50_announce after insert or update or delete on public.mentor_rooms
  for each row execute function private.announce_room();
create or replace trigger mentor_rooms_60_count_entry_change after insert or update or delete on public.mentor_rooms
  for each row execute function private.count_entry_change();

revoke all on public.mentor_rooms
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.mentor_rooms to authenticated, matepeak_app;
grant insert (expert_id, meeting_url, meeting_note), update (meeting_url, meeting_note), delete
  on public.mentor_rooms to authenticated;
drop policy if exists mentor_rooms_read_agreed on public.mentor_rooms;
create policy mentor_rooms_read_agreed on public.mentor_rooms for select to authenticated, matepeak_app
  using (expert_id = (select auth.uid()) or exists (
    select from public.bookings b
    where b.user_id = (select auth.uid()) and b.expert_id = mentor_rooms.expert_id
      and b.status not in ('pending', 'cancelled') and b.ends_at > now() - interval '1 day'
      -- Sessions last hours, so this changes no result; but the index is by start, and this skips a long history.
      and b.starts_at > now() - interval '2 days'));
comment on policy mentor_rooms_read_agreed on public.mentor_rooms is
  'Its mentor, and students with a confirmed session with the mentor, until a day after its end.';
drop policy if exists mentor_rooms_insert_own on public.mentor_rooms;
create policy mentor_rooms_insert_own on public.mentor_rooms for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy mentor_rooms_insert_own on public.mentor_rooms is 'Mentors set their own room.';
drop policy if exists mentor_rooms_update_own on public.mentor_rooms;
create policy mentor_rooms_update_own on public.mentor_rooms for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy mentor_rooms_update_own on public.mentor_rooms is 'Mentors change their own room.';
drop policy if exists mentor_rooms_delete_own on public.mentor_rooms;
create policy mentor_rooms_delete_own on public.mentor_rooms for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy mentor_rooms_delete_own on public.mentor_rooms is 'Mentors remove their own room.';

-- public.meeting_places ------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_check (insert, update)
create or replace trigger meeting_places_10_check before insert or update on public.meeting_places
  for each row execute function private.check_meeting_place();

revoke all on public.meeting_places
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.meeting_places to authenticated;
grant insert (expert_id, service_id, kind, caller, phone, address, map_url, shows_details),
  update (kind, caller, phone, address, map_url, shows_details), delete on public.meeting_places to authenticated;
drop policy if exists meeting_places_read_own on public.meeting_places;
create policy meeting_places_read_own on public.meeting_places for select to authenticated
  using (expert_id = (select auth.uid()));
comment on policy meeting_places_read_own on public.meeting_places is
  'Its mentor; shown_meeting_places() shows visitors what they may see.';
drop policy if exists meeting_places_insert_own on public.meeting_places;
create policy meeting_places_insert_own on public.meeting_places for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy meeting_places_insert_own on public.meeting_places is 'Mentors choose for their own sessions.';
drop policy if exists meeting_places_update_own on public.meeting_places;
create policy meeting_places_update_own on public.meeting_places for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy meeting_places_update_own on public.meeting_places is 'Mentors choose for their own sessions.';
drop policy if exists meeting_places_delete_own on public.meeting_places;
create policy meeting_places_delete_own on public.meeting_places for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy meeting_places_delete_own on public.meeting_places is 'Mentors choose for their own sessions.';

-- private.made_meetings ------------------------------------------------------------------------------------------------

revoke all on private.made_meetings
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.join_events ---------------------------------------------------------------------------------------------------

revoke all on public.join_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.join_events to authenticated;
drop policy if exists join_events_read_party on public.join_events;
create policy join_events_read_party on public.join_events for select to authenticated
  using (exists (
    select from public.bookings b
    where b.id = join_events.booking_id and b.expert_id = join_events.expert_id
      and (select auth.uid()) in (b.user_id, b.expert_id)));
comment on policy join_events_read_party on public.join_events is
  'Both people of the session. Written by functions only: it is evidence.';
