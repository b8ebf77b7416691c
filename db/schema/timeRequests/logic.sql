-- Time requests: a student requests a time that is not offered, or a mentor suggests others.

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
    perform private.raise_cap_reached('time_requests_open_in_all');
  end if;
  return null;
end
$$;
comment on function private.limit_time_requests() is 'Caps the open time requests of a person.';

create or replace function private.check_time_request_transition() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- Also closed ones lose the person whose account is deleted (private.erase_person), which no request's role can do.
  if current_user not in ('authenticated', 'matepeak_app')
     and (new.status, new.awaiting, new.round, new.expires_at, new.booking_id)
       is not distinct from (old.status, old.awaiting, old.round, old.expires_at, old.booking_id) then
    return new;
  end if;
  if old.status <> 'open' or (old.expires_at <= now() and new.status <> 'expired') then
    raise exception 'this time request is closed'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  return new;
end
$$;
comment on function private.check_time_request_transition() is 'Rejects changes of a closed time request.';

create or replace function private.announce_time_request() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(new.user_id, 'requests');
  perform private.notify_person(new.expert_id, 'requests');
  if tg_op = 'INSERT' or new.status <> old.status or new.round <> old.round then
    perform private.enqueue('notify_time_request',
      jsonb_build_object('request_id', new.id, 'status', new.status, 'round', new.round));
  end if;
  return null;
end
$$;
comment on function private.announce_time_request() is 'Enqueues the messages about a time request.';

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
    from public.time_proposals p join public.time_requests r on r.id = p.request_id and r.expert_id = p.expert_id
    where p.id = wanted and caller in (r.user_id, r.expert_id);
  if not found then
    return null;
  end if;
  perform private.lock_mentor(request.expert_id);
  -- Read again, because the request may have changed during the wait for the locks.
  select * into request from public.time_requests r
    where r.id = request.id and r.expert_id = request.expert_id for update;
  select * into proposal from public.time_proposals p where p.id = wanted and p.expert_id = request.expert_id;
  if request.status <> 'open' or request.expires_at <= now() or proposal.round <> request.round
     or request.awaiting <> (case caller when request.user_id then 'student' else 'mentor' end) then
    raise exception 'the caller cannot accept this proposal now'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  select * into service from public.services s where s.id = request.service_id and s.expert_id = request.expert_id;
  -- What a time request does not contain is copied from the booking that it replaces.
  select * into replaced from public.bookings b
    where b.id = request.replaces_booking_id and b.expert_id = request.expert_id;
  recorded := coalesce(replaced.add_recording, false);
  if not exists (select from public.service_durations d
                 where d.service_id = service.id and d.expert_id = service.expert_id and d.minutes = request.duration
                   and service.currency = request.currency
                   and d.price_minor + case when recorded then service.recording_price_minor else 0 end
                     = request.total_minor)
  then
    raise exception 'the price has changed since the request'
      using errcode = 'check_violation', constraint = 'time_requests_price_unchanged';
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
  update public.time_proposals set accepted_at = now() where id = wanted and expert_id = request.expert_id;
  update public.time_requests set status = 'accepted', booking_id = booked
    where id = request.id and expert_id = request.expert_id;
  return booked;
end
$$;
comment on function private.accept_time_proposal(uuid) is
  'Accepts a proposal: books and confirms the session, within the hours or not, but never in taken or past time. For the '
  'party whose reply is awaited; null for non-parties.';

create or replace function private.propose_instead(
  mentor uuid, booking uuid, expires_at timestamptz, words text, reason text) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
  made uuid;
begin
  select * into locked from public.lock_booking(mentor, booking);
  if not found or auth.uid() is distinct from locked.expert_id then
    return null;
  end if;
  if locked.status <> 'pending' or locked.expires_at <= now() then
    raise exception 'the booking is no longer pending'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  -- Before the booking ends, so that the message about its end can refer to the new request.
  insert into public.time_requests (user_id, expert_id, service_id, duration, total_minor, currency, message, user_name,
                                    user_email, student_timezone, awaiting, expires_at, reason, replaces_booking_id)
    values (locked.user_id, locked.expert_id, locked.service_id, locked.duration, locked.total_minor, locked.currency,
            locked.message, locked.user_name, locked.user_email, locked.student_timezone, 'student',
            propose_instead.expires_at, words, locked.id)
    returning id into made;
  perform public.change_booking_status(mentor, booking, 'cancelled', reason);
  return made;
end
$$;
comment on function private.propose_instead(uuid, uuid, timestamptz, text, text) is
  'Ends a booking request and opens a time request in its place that awaits the student; the app adds the times. For the '
  'booking''s mentor; null for others.';

create or replace function private.expire_time_requests(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  expired integer;
begin
  -- Skips a request to which a party is replying at this moment.
  update public.time_requests set status = 'expired' where id = any (array(
    select r.id from public.time_requests r where r.status = 'open' and r.expires_at <= now()
    order by r.expires_at limit most for no key update skip locked));
  get diagnostics expired = row_count;
  return expired;
end
$$;
comment on function private.expire_time_requests(integer) is
  'Expires the oldest unanswered requests. They hold no time, so no mentor is locked.';

create or replace function private.time_request_facts(wanted uuid)
  returns table (status text, round integer, awaiting text, reason text, student_id uuid, mentor_id uuid,
                 service_id uuid, student_name text, student_timezone text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select r.status, r.round, r.awaiting, r.reason, r.user_id, r.expert_id, r.service_id, r.user_name, r.student_timezone
    from public.time_requests r
    where r.id = wanted
  $$;
comment on function private.time_request_facts(uuid) is 'The facts for the messages about a time request.';

revoke execute on function
    private.limit_time_requests(),
    private.check_time_request_transition(),
    private.announce_time_request(),
    private.accept_time_proposal(uuid),
    private.propose_instead(uuid, uuid, timestamptz, text, text),
    private.expire_time_requests(integer),
    private.time_request_facts(uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.accept_time_proposal(uuid),
    private.propose_instead(uuid, uuid, timestamptz, text, text),
    private.expire_time_requests(integer),
    private.time_request_facts(uuid)
  to matepeak_app;

-- public.time_requests -------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_check_transition (update), 20_touch (update)
-- * after a row: 50_announce (insert, update), 55_check_open (insert), 60_limit_open (insert)
create or replace trigger time_requests_10_check_transition before update on public.time_requests
  for each row execute function private.check_time_request_transition();
create or replace trigger time_requests_20_touch before update on public.time_requests
  for each row execute function private.touch_updated_at();
create or replace trigger time_requests_50_announce after insert or update on public.time_requests
  for each row execute function private.announce_time_request();
create or replace trigger time_requests_55_check_open after insert on public.time_requests
  for each row execute function private.require_open_accounts();
create or replace trigger time_requests_60_limit_open after insert on public.time_requests
  for each row when (new.replaces_booking_id is null) execute function private.limit_time_requests();

revoke all on public.time_requests
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.time_requests to authenticated, matepeak_app;
-- The app has checked slots and services; a request is accepted in accept_time_proposal() only.
grant insert (user_id, expert_id, service_id, duration, total_minor, currency, message, user_name, user_email,
              student_timezone, expires_at),
      update (status, awaiting, round, expires_at, reason)
  on public.time_requests to matepeak_app;
drop policy if exists time_requests_read_party on public.time_requests;
create policy time_requests_read_party on public.time_requests for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy time_requests_read_party on public.time_requests is 'Only its student and its mentor.';
drop policy if exists time_requests_insert_own on public.time_requests;
create policy time_requests_insert_own on public.time_requests for insert to matepeak_app
  with check (user_id = (select auth.uid()));
comment on policy time_requests_insert_own on public.time_requests is 'Students make requests only for themselves.';
drop policy if exists time_requests_update_party on public.time_requests;
create policy time_requests_update_party on public.time_requests for update to matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()))
  with check (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy time_requests_update_party on public.time_requests is 'Either party replies, through the app.';

-- public.time_proposals ------------------------------------------------------------------------------------------------

revoke all on public.time_proposals
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.time_proposals to authenticated, matepeak_app;
grant insert (request_id, expert_id, proposed_by, round, place, starts_at) on public.time_proposals to matepeak_app;
drop policy if exists time_proposals_read_party on public.time_proposals;
create policy time_proposals_read_party on public.time_proposals for select to authenticated, matepeak_app
  using (exists (
    select from public.time_requests r where r.id = request_id and r.expert_id = time_proposals.expert_id));
comment on policy time_proposals_read_party on public.time_proposals is
  'The same people as the time request itself, whose policy decides.';
drop policy if exists time_proposals_insert_party on public.time_proposals;
create policy time_proposals_insert_party on public.time_proposals for insert to matepeak_app
  with check (exists (
    select from public.time_requests r where r.id = request_id and r.expert_id = time_proposals.expert_id));
comment on policy time_proposals_insert_party on public.time_proposals is 'Either party proposes, through the app.';
