-- A mentor answers a booking request with other times: the request ends, and its student is asked to choose.

alter table public.time_requests
  add column replaces_booking_id uuid references public.bookings (id)
    constraint time_requests_replaces_booking_id_key unique;
comment on column public.time_requests.replaces_booking_id is
  'The booking request that the mentor answered with other times; null when the student asked for a time.';

-- The limit is on what a student asks for. A mentor's answer must not fail because the student has asked him too.
drop index public.time_requests_one_open_key;
create unique index time_requests_one_open_key on public.time_requests (user_id, expert_id)
  where status = 'open' and replaces_booking_id is null;

create or replace function private.limit_time_requests() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('open requests ' || new.user_id, 0));
  if (select count(*) from public.time_requests r
      where r.user_id = new.user_id and r.status = 'open' and r.replaces_booking_id is null and r.expires_at > now())
     > private.cap(case when private.has_confirmed_address(new.user_id) then 'time_requests'
                        else 'time_requests_unconfirmed' end) then
    perform private.refuse_cap('time_requests_open_in_all');
  end if;
  return null;
end
$$;
drop trigger time_requests_limit_open on public.time_requests;
create trigger time_requests_limit_open after insert on public.time_requests
  for each row when (new.replaces_booking_id is null) execute function private.limit_time_requests();

create function private.propose_instead(
  wanted uuid, expires_at timestamptz, words text, reason text) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
  made uuid;
begin
  select * into locked from public.lock_booking(wanted);
  if not found or auth.uid() is distinct from locked.expert_id then
    return null;
  end if;
  if locked.status <> 'pending' or locked.expires_at <= now() then
    raise exception 'the booking is no request any more'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  -- Before the booking ends: whoever is told of its end finds what stands in its place.
  insert into public.time_requests (user_id, expert_id, service_id, duration, total_amount, message, user_name,
                                    user_email, student_timezone, awaiting, expires_at, reason, replaces_booking_id)
    values (locked.user_id, locked.expert_id, locked.service_id, locked.duration, locked.total_amount, locked.message,
            locked.user_name, locked.user_email, locked.student_timezone, 'student', propose_instead.expires_at, words,
            locked.id)
    returning id into made;
  perform public.change_booking_status(wanted, 'cancelled', reason);
  return made;
end
$$;
comment on function private.propose_instead(uuid, timestamptz, text, text) is
  'Ends a booking request and opens a time request in its place that awaits the student; the app adds the times. For the '
  'booking''s mentor; null for anybody else.';
revoke execute on function private.propose_instead(uuid, timestamptz, text, text)
  from public, anon, authenticated, service_role;
grant execute on function private.propose_instead(uuid, timestamptz, text, text) to matepeak_app;

create or replace function private.accept_time_proposal(wanted uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  request public.time_requests;
  proposal public.time_proposals;
  service public.services;
  replaced public.bookings;
  zone text;
  recorded boolean;
  booked uuid;
begin
  select r.* into request
    from public.time_proposals p join public.time_requests r on r.id = p.request_id
    where p.id = wanted and caller in (r.user_id, r.expert_id);
  if not found then
    return null;
  end if;
  perform private.lock_mentor(request.expert_id);
  -- Read again: what was true before waiting for the locks may no longer be.
  select * into request from public.time_requests where id = request.id for update;
  select * into proposal from public.time_proposals where id = wanted;
  if request.status <> 'open' or request.expires_at <= now() or proposal.round <> request.round
     or request.awaiting <> (case caller when request.user_id then 'student' else 'mentor' end) then
    raise exception 'this proposal is not the caller''s to accept now'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  select * into service from public.services where id = request.service_id;
  -- What a request for a time does not ask about stays as it was in the booking that it replaces.
  select * into replaced from public.bookings where id = request.replaces_booking_id;
  recorded := coalesce(replaced.add_recording, false);
  if not exists (select from public.service_durations d
                 where d.service_id = service.id and d.minutes = request.duration
                   and d.price + case when recorded then service.recording_price else 0 end = request.total_amount)
  then
    raise exception 'the price is not the one that was asked for'
      using errcode = 'check_violation', constraint = 'time_requests_price_stands';
  end if;

  select timezone into zone from public.expert_profiles where id = request.expert_id;
  insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
                               message, add_recording, user_name, user_email, user_phone, student_timezone, starts_at,
                               status)
    values (request.user_id, request.expert_id, request.service_id, service.session_type,
            private.wall_clock(proposal.starts_at, zone)::date, to_char(private.wall_clock(proposal.starts_at, zone), 'HH24:MI'),
            request.duration, request.message, recorded, request.user_name, request.user_email, replaced.user_phone,
            request.student_timezone, proposal.starts_at, 'confirmed')
    returning id into booked;
  update public.time_proposals set accepted_at = now() where id = wanted;
  update public.time_requests set status = 'accepted', booking_id = booked where id = request.id;
  return booked;
end
$$;

create or replace function private.booking_event_facts(wanted bigint)
  returns table (kind text, to_status text, actor text, reason text, happened_at timestamptz,
                 from_starts_at timestamptz, booking_id uuid, student_id uuid, mentor_id uuid, student_name text,
                 mentor_name text, mentor_username text, service_title text, starts_at timestamptz,
                 claimed_by text, answer_until timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.kind, e.to_status, e.actor, e.reason, e.created_at, e.from_starts_at, b.id, b.user_id, b.expert_id,
      b.user_name, p.full_name, p.username, s.title, coalesce(e.to_starts_at, b.starts_at), c.claimed_by,
      c.answer_until
    from public.booking_events e
      join public.bookings b on b.id = e.booking_id
      join public.expert_profiles p on p.id = b.expert_id
      join public.services s on s.id = b.service_id
      -- The claim that the line is about: the latest one of its time.
      left join lateral (
        select * from public.no_show_claims n
        where e.kind like 'no\_show\_%' and n.booking_id = b.id and n.created_at <= e.created_at
        order by n.created_at desc limit 1
      ) c on true
    where e.id = wanted
      -- The times that were proposed in its place are the news.
      and not (e.kind = 'declined'
               and exists (select from public.time_requests r where r.replaces_booking_id = b.id))
  $$;
