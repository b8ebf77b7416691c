-- Series: what the payment of the first session does to the others, and changes of several sessions at once.

create or replace function private.promise_series() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  promised uuid[];
begin
  if not exists (
      select from public.series s
      where s.id = new.series_id and s.expert_id = new.expert_id and s.payment = 'per_session')
    -- The first that is paid.
    or exists (
      select from public.bookings b
      where b.series_id = new.series_id and b.expert_id = new.expert_id and b.id <> new.id and b.status_when_paid is null) then
    return null;
  end if;
  with held as (
    update public.bookings b set expires_at = b.starts_at - interval '24 hours'
      where b.series_id = new.series_id and b.expert_id = new.expert_id and b.status = 'pending'
        and b.status_when_paid is not null
      returning b.id, b.occupancy_id, b.expires_at
  ), kept as (
    update public.occupancies o set expires_at = greatest(o.expires_at, h.expires_at)
      from held h where o.id = h.occupancy_id and o.expert_id = new.expert_id and o.expires_at is not null
  )
  select array_agg(h.id) into promised from held h;
  insert into public.money_events (expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency, notify_at)
    select p.expert_id, p.user_id, p.id, b.id, 'due', p.amount_minor, p.currency, b.starts_at - interval '72 hours'
    from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where b.id = any (promised) and b.expert_id = new.expert_id;
  return null;
end
$$;
comment on function private.promise_series() is
  'With the first payment of a series whose sessions are paid one by one, the time of the others is held until a day before each, '
  'and the reminders of their payments are planned.';

create or replace function private.change_together(mentor uuid, bookings uuid[], new_status text, reason text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  booking uuid;
  changed integer := 0;
begin
  perform private.lock_mentor(mentor);
  foreach booking in array bookings loop
    -- What is held for one payment ends with the first of them.
    continue when exists (
      select from public.bookings b where b.id = booking and b.expert_id = mentor and b.status = new_status);
    perform from public.change_booking_status(mentor, booking, new_status, reason);
    if not found then
      raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
    end if;
    changed := changed + 1;
  end loop;
  return changed;
end
$$;
comment on function private.change_together(uuid, uuid[], text, text) is
  'change_booking_status() of several bookings, all or none, for a party to them.';

create or replace function private.move_together(mentor uuid, moves jsonb, new_student_zone text, reason text) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  move record;
  moved integer := 0;
begin
  perform private.lock_mentor(mentor);
  for move in
    select m.* from jsonb_array_elements(moves) with ordinality e (value, place),
      jsonb_to_record(e.value) m (id uuid, starts_at timestamptz, date date, time text)
    order by e.place
  loop
    perform from private.move_booking(mentor, move.id, move.starts_at, move.date, move.time, new_student_zone, reason);
    if not found then
      raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
    end if;
    moved := moved + 1;
  end loop;
  return moved;
end
$$;
comment on function private.move_together(uuid, jsonb, text, text) is
  'move_booking() of several bookings in the order given, all or none, for a party to them.';

revoke execute on function
    private.promise_series(),
    private.change_together(uuid, uuid[], text, text),
    private.move_together(uuid, jsonb, text, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.change_together(uuid, uuid[], text, text),
    private.move_together(uuid, jsonb, text, text)
  to matepeak_app;

-- public.series --------------------------------------------------------------------------------------------------------

revoke all on public.series
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.series to authenticated, matepeak_app;
grant insert (id, expert_id, user_id, service_id, duration, pattern, payment, programme_id, before_coupon_minor) on public.series to matepeak_app;
drop policy if exists series_read_party on public.series;
create policy series_read_party on public.series for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy series_read_party on public.series is 'Only its student and its mentor.';
drop policy if exists series_insert_own on public.series;
create policy series_insert_own on public.series for insert to matepeak_app with check (user_id = (select auth.uid()));
comment on policy series_insert_own on public.series is 'Students book only for themselves.';
