-- Programmes: scheduled with all of their sessions, booked as one, decided and cancelled for all.

create or replace function private.create_programme(
    mentor uuid, service uuid, named text, described text, starts timestamptz[], length integer, seats integer, minimum integer,
    decided timestamptz, price bigint)
  returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  programme uuid;
  sessions integer := cardinality(starts);
begin
  -- Checks the mentor, and takes all of the times or none. Their own minimum is none: the programme's decides.
  perform private.schedule_group_sessions(mentor, service, starts, length, seats, 1, 0, 0);
  insert into public.programmes (
      expert_id, service_id, title, description, duration, capacity, price_minor, currency, min_attendees, decide_at)
    select mentor, s.id, named, described, length, seats, price, s.currency, minimum, decided
    from public.services s where s.id = service and s.expert_id = mentor
    returning id into programme;
  update public.occupancies o set programme_id = programme
    where o.expert_id = mentor and o.service_id = service and o.starts_at = any (starts);
  -- The smallest units that are left over are in the first sessions.
  update public.group_sessions g
    set programme_id = programme, programme_place = place.of_start,
        share_minor = price / sessions + case when place.of_start <= price % sessions then 1 else 0 end
    from (select t.start, row_number() over (order by t.start) as of_start from unnest(starts) t (start)) place
    where g.expert_id = mentor and g.service_id = service and g.starts_at = place.start and g.state = 'open';
  return programme;
end
$$;
comment on function private.create_programme(
    uuid, uuid, text, text, timestamptz[], integer, integer, integer, timestamptz, bigint) is
  'A programme with its sessions, for its mentor, who calls it: all of them, or none if one overlaps another session.';

create or replace function private.take_programme_seat(
    mentor uuid, programme uuid, session_start timestamptz, confirmed boolean, expiry timestamptz)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid;
begin
  update public.occupancies o
    set seats_taken = o.seats_taken + 1,
        state = case when confirmed then 'booked' else o.state end,
        expires_at = case when confirmed or o.state = 'booked' then null else greatest(o.expires_at, expiry) end
    where o.programme_id = programme and o.expert_id = mentor and o.starts_at = session_start and o.seats_taken < o.capacity
    returning o.id into seat;
  if seat is null then
    raise exception 'no seat in this session of the programme'
      using errcode = 'exclusion_violation', constraint = 'occupancies_seats_within_capacity';
  end if;
  return seat;
end
$$;
comment on function private.take_programme_seat(uuid, uuid, timestamptz, boolean, timestamptz) is
  'A seat in a session of a programme; no booking opens another session of it.';

create or replace function private.require_own_programme(mentor uuid, programme uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  found_state text;
begin
  if not private.lock_schedule(mentor) then
    raise exception 'no such mentor' using errcode = 'insufficient_privilege';
  end if;
  select p.state into found_state from public.programmes p where p.id = programme and p.expert_id = mentor for update;
  if found_state is null or auth.uid() is distinct from mentor then
    raise exception 'no such programme of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if found_state = 'cancelled' or not exists (
      select from public.group_sessions g
      where g.programme_id = programme and g.expert_id = mentor and g.state <> 'cancelled' and g.starts_at > now()) then
    raise exception 'the programme is over or cancelled'
      using errcode = 'check_violation', constraint = 'programmes_step_allowed';
  end if;
end
$$;
comment on function private.require_own_programme(uuid, uuid) is
  'Locks the mentor, then the programme. Rejects everyone but the mentor, and one without a session to come.';

create or replace function private.change_programme(mentor uuid, programme uuid, named text, described text, seats integer)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.require_own_programme(mentor, programme);
  update public.programmes p
    set title = coalesce(named, p.title), description = coalesce(described, p.description), capacity = coalesce(seats, p.capacity)
    where p.id = programme and p.expert_id = mentor;
  -- The ledger refuses fewer seats than are taken.
  update public.occupancies o set capacity = seats
    where o.programme_id = programme and o.expert_id = mentor and o.starts_at > now() and o.capacity <> seats;
end
$$;
comment on function private.change_programme(uuid, uuid, text, text, integer) is
  'Changes the words and the seats of a programme with sessions to come, for its mentor; null keeps one.';

create or replace function private.end_programme(mentor uuid, programme uuid, because text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  session uuid;
  freed integer := 0;
begin
  update public.programmes p set state = 'cancelled', cancelled_because = because, decided_at = coalesce(p.decided_at, now())
    where p.id = programme and p.expert_id = mentor;
  for session in
    select g.id from public.group_sessions g
    where g.programme_id = programme and g.expert_id = mentor and g.state <> 'cancelled' and g.starts_at > now()
    order by g.starts_at
  loop
    freed := freed + private.end_group_session(mentor, session, because);
  end loop;
  return freed;
end
$$;
comment on function private.end_programme(uuid, uuid, text) is
  'Cancels the coming sessions of a locked programme for all. Returns how many seats were taken in them.';

create or replace function private.cancel_programme(mentor uuid, programme uuid, reason text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  freed integer;
begin
  perform private.require_own_programme(mentor, programme);
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  freed := private.end_programme(mentor, programme, 'mentor');
  perform set_config('matepeak.reason', '', true);
  return freed;
end
$$;
comment on function private.cancel_programme(uuid, uuid, text) is
  'Cancels what is to come of a programme for all, with one reason, for its mentor: every seat is refunded as when a mentor cancels.';

create or replace function private.decide_programmes(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  due record;
  decided integer := 0;
begin
  for due in
    select p.id, p.min_attendees, people.attendees, people.paying, first_session.occupancy_id
      from public.programmes p, lateral (
        -- Everyone with a seat in a session that is to come.
        select count(distinct b.user_id) filter (where b.status = 'confirmed') as attendees,
          count(distinct b.user_id) filter (where b.status = 'pending' and b.status_when_paid = 'confirmed') as paying
        from public.group_sessions g join public.bookings b on b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id
        where g.programme_id = p.id and g.expert_id = p.expert_id and g.starts_at > now()) people
        left join lateral (
          select g.occupancy_id from public.group_sessions g
          where g.programme_id = p.id and g.expert_id = p.expert_id and g.state <> 'cancelled' and g.starts_at > now()
          order by g.starts_at limit 1) first_session on true
      where p.expert_id = mentor and p.state = 'open' and p.decide_at <= now()
      order by p.decide_at limit most
  loop
    if due.attendees >= due.min_attendees or due.min_attendees = 1 then
      update public.programmes set state = 'on', decided_at = now() where id = due.id and expert_id = mentor;
      if due.min_attendees > 1 then
        perform private.tell_attendees(mentor, due.occupancy_id, 'minimum_reached', 'system', null);
      end if;
    elsif due.attendees + due.paying >= due.min_attendees then
      -- Decided when those who are paying at this moment have paid, or their time for it is over.
      continue;
    else
      perform private.end_programme(mentor, due.id, 'minimum');
    end if;
    decided := decided + 1;
  end loop;
  return decided;
end
$$;
comment on function private.decide_programmes(uuid, integer) is
  'Decides the programmes of a locked mentor whose time for it has come: with the minimum all of their sessions take place, '
  'otherwise all are cancelled and refunded.';

create or replace function private.announce_programme() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.announce('availability', new.expert_id::text);
  return null;
end
$$;
comment on function private.announce_programme() is 'Open pages learn what has become of a programme.';

revoke execute on function
    private.announce_programme(),
    private.create_programme(uuid, uuid, text, text, timestamptz[], integer, integer, integer, timestamptz, bigint),
    private.take_programme_seat(uuid, uuid, timestamptz, boolean, timestamptz),
    private.require_own_programme(uuid, uuid),
    private.change_programme(uuid, uuid, text, text, integer),
    private.end_programme(uuid, uuid, text),
    private.cancel_programme(uuid, uuid, text),
    private.decide_programmes(uuid, integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.create_programme(uuid, uuid, text, text, timestamptz[], integer, integer, integer, timestamptz, bigint),
    private.change_programme(uuid, uuid, text, text, integer),
    private.cancel_programme(uuid, uuid, text)
  to matepeak_app;

-- public.programmes ----------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (update)
create or replace trigger programmes_50_announce after update on public.programmes
  for each row when (new.state is distinct from old.state) execute function private.announce_programme();

revoke all on public.programmes
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.programmes to anon, authenticated, matepeak_app;
drop policy if exists programmes_read on public.programmes;
create policy programmes_read on public.programmes for select to anon, authenticated, matepeak_app using (true);
comment on policy programmes_read on public.programmes is
  'What a programme offers and needs is public; who comes is not here. Written by functions only.';
