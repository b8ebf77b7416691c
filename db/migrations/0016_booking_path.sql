-- What every booking goes through, without what it need not do.

create or replace function private.lapse_requests(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  -- A plan made while the tables were small would stay: every booking would read all of them.
  set enable_seqscan = off
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

create or replace function private.take_seat(
    booking public.bookings, service public.services, mentor public.expert_profiles)
  returns uuid
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  seat uuid;
begin
  -- Only a group has a session that one can join.
  if service.capacity > 1 then
    seat := private.join_session(booking, service);
  end if;
  if seat is null then
    insert into public.occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at)
      values (
        booking.expert_id, service.id, booking.starts_at, booking.ends_at, private.busy_time(booking, mentor),
        case when booking.status = 'confirmed' then 'booked' else 'requested' end,
        service.capacity, booking.expires_at)
      returning id into seat;
  end if;
  return seat;
end
$$;

create or replace function private.mentor_zone_at(mentor uuid, instant timestamptz) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return coalesce(
    -- The dates on which the zone changes, each at its own midnight; the last one that has begun is in force. Most
    -- mentors do not travel, and are spared the question.
    case when exists (select from public.timezone_periods p where p.expert_id = mentor) then
      (select change.timezone
       from (
         select p.starts_on as on_date, p.timezone from public.timezone_periods p where p.expert_id = mentor
         union all
         select p.ends_on + 1, e.timezone
         from public.timezone_periods p join public.expert_profiles e on e.id = p.expert_id
         where p.expert_id = mentor and not exists (
           select from public.timezone_periods n where n.expert_id = mentor and n.starts_on = p.ends_on + 1)
       ) change
       where private.instant_of(change.on_date, '00:00', change.timezone) <= instant
       order by change.on_date desc limit 1)
    end,
    (select e.timezone from public.expert_profiles e where e.id = mentor));
end
$$;
