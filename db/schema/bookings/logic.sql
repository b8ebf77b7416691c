-- Bookings: what an insert and each status change do, who may make them, and the history.

create or replace function private.is_booking_step(from_status text, to_status text) returns boolean
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select (from_status, to_status) in
      (('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'completed'), ('confirmed', 'cancelled'))
  $$;
comment on function private.is_booking_step(text, text) is
  'The same table as rules/bookingState.ts; a test compares them.';

create or replace function private.prepare_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor public.expert_profiles;
  service record;
  money private.money_settings;
  coupon public.coupons;
  package_fee integer;
  first_state text;
  of_programme uuid;
  share bigint;
begin
  -- The mentor's pages compute with it. Before the lock, because looking up a zone may take a while.
  if new.student_timezone is not null and not private.is_timezone(new.student_timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  perform private.lock_mentor(new.expert_id);
  select * into mentor from public.expert_profiles where id = new.expert_id;
  if not found then
    raise exception 'no such mentor' using errcode = 'foreign_key_violation', constraint = 'bookings_expert_id_fkey';
  end if;
  perform private.expire_requests(new.expert_id);

  select s.id, s.capacity, s.currency, s.recording_price_minor, s.cancel_cutoff, s.reschedule_cutoff, s.refund_full_cutoff,
      s.refund_partial_cutoff, s.refund_partial_percent, d.price_minor
    into service
    from public.services s
      join public.service_durations d
        on d.service_id = s.id and d.expert_id = s.expert_id and d.minutes = new.duration
    where s.expert_id = new.expert_id and s.session_type = new.session_type and s.enabled and s.deleted_at is null
      and (new.service_id is null or s.id = new.service_id)
    order by s.created_at, s.id limit 1;
  if not found then
    raise exception 'the mentor does not offer this'
      using errcode = 'check_violation', constraint = 'bookings_service_offered';
  end if;
  -- Clients cannot choose the status, but a booking that starts with another one would skip the checks.
  if new.status not in ('pending', 'confirmed') then
    raise exception 'a booking starts pending or confirmed'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if new.add_recording and service.recording_price_minor is null then
    raise exception 'no recording offered'
      using errcode = 'check_violation', constraint = 'bookings_recording_offered';
  end if;

  new.service_id := service.id;
  if new.series_id is not null then
    select q.programme_id, g.share_minor into of_programme, share
      from public.series q left join public.group_sessions g
        on g.programme_id = q.programme_id and g.expert_id = q.expert_id and g.starts_at = new.starts_at
          and g.service_id = service.id and g.state <> 'cancelled'
      where q.id = new.series_id and q.expert_id = new.expert_id;
    if of_programme is not null then
      if share is null or new.add_recording or new.package_purchase_id is not null then
        raise exception 'not a session of the programme'
          using errcode = 'check_violation', constraint = 'programmes_booked_as_a_whole';
      end if;
      -- A coupon lowers this price, as it does any other.
      service.price_minor := share;
    end if;
  end if;
  new.total_minor := service.price_minor + case when new.add_recording then service.recording_price_minor else 0 end;
  -- The session alone has no lines.
  new.price_lines := null;
  if new.coupon_id is not null then
    select * into coupon from public.coupons c where c.id = new.coupon_id and c.expert_id = new.expert_id;
    if not found or private.coupon_refusal(
        new.expert_id, coupon.id, new.user_id, service.id, coalesce(new.series_id, new.basket_id)) is not null then
      raise exception 'the coupon cannot be used' using errcode = 'check_violation', constraint = 'coupons_usable';
    end if;
  end if;
  if new.package_purchase_id is not null then
    if private.credit_refusal(new.expert_id, new.package_purchase_id, new.user_id, service.id, new.duration) <> '' then
      raise exception 'the package cannot be used' using errcode = 'check_violation', constraint = 'package_purchases_usable';
    end if;
    select p.fee_basis_points into package_fee from public.package_purchases p
      where p.id = new.package_purchase_id and p.expert_id = new.expert_id;
  end if;
  if new.add_recording or new.coupon_id is not null or new.package_purchase_id is not null then
    if coupon.id is not null and coalesce(new.series_id, new.basket_id) is not null then
      coupon.amount_minor := private.coupon_share(
        new.expert_id, new.series_id, new.basket_id, coupon.basis_points, coupon.amount_minor,
        case when new.package_purchase_id is null then service.price_minor else 0 end
          + case when new.add_recording then service.recording_price_minor else 0 end);
      coupon.basis_points := null;
    end if;
    new.price_lines := private.price_lines_of(
      service.price_minor, case when new.add_recording then service.recording_price_minor end,
      new.package_purchase_id is not null, coupon.basis_points, coupon.amount_minor);
    new.total_minor := private.sum_of_lines(new.price_lines);
  end if;
  new.total_amount := new.total_minor / 100.00;
  new.currency := service.currency;
  -- A booking keeps the terms that its student was shown: the mentor cannot tighten them afterwards.
  new.cancel_cutoff := service.cancel_cutoff;
  new.reschedule_cutoff := service.reschedule_cutoff;
  new.refund_full_cutoff := service.refund_full_cutoff;
  new.refund_partial_cutoff := service.refund_partial_cutoff;
  new.refund_partial_percent := service.refund_partial_percent;
  select * into money from private.money_settings;
  new.payment_status := case when new.package_purchase_id is null then 'free' else 'completed' end;
  new.fee_basis_points := coalesce(package_fee, 0);
  if money.collects and new.total_minor > 0 then
    new.payment_status := 'pending';
    new.status_when_paid := new.status;
    new.status := 'pending';
    new.fee_basis_points := money.fee_basis_points;
  end if;
  new.mentor_timezone := mentor.timezone;
  new.student_timezone := coalesce(new.student_timezone, mentor.timezone);
  if new.starts_at is null then
    new.starts_at := private.instant_of(new.scheduled_date, new.scheduled_time, mentor.timezone);
    -- A skipped hour is moved on: the row has what the mentor's clock will show.
    new.scheduled_date := private.wall_clock(new.starts_at, mentor.timezone)::date;
    new.scheduled_time := to_char(private.wall_clock(new.starts_at, mentor.timezone), 'HH24:MI');
  end if;
  new.ends_at := new.starts_at + new.duration * interval '1 minute';
  if new.starts_at < now() and not private.may_join_late(new.expert_id, service.id, new.starts_at, new.ends_at) then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new.status = 'pending' then
    new.expires_at := private.booking_expiry(new.status, new.status_when_paid, new.starts_at);
  end if;
  first_state := case
    when new.status = 'confirmed' then 'booked' when new.status_when_paid is not null then 'hold' else 'requested' end;
  new.occupancy_id := case
    when of_programme is not null then private.take_programme_seat(
      new.expert_id, of_programme, new.starts_at, new.status = 'confirmed', new.expires_at)
    else private.take_offered_time(
      new.expert_id, new.user_id, service.id, new.starts_at, new.ends_at, first_state, new.expires_at) end;
  if new.occupancy_id is null then
    new.occupancy_id := private.take_seat(
      new.expert_id, service.id, service.capacity, new.starts_at, new.ends_at,
      private.busy_time(new.starts_at, new.ends_at, mentor.buffer_before, mentor.buffer_after), first_state, new.expires_at);
  end if;
  return new;
end
$$;
comment on function private.prepare_booking() is
  'Locks the mentor, computes price and instants, and takes the time, for every insert from any client.';

create or replace function private.set_mentor_wall_clock() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  wall timestamp;
begin
  -- Overwrites what the client sent: there is one source of zone rules.
  new.mentor_timezone := private.mentor_zone_at(new.expert_id, new.starts_at);
  wall := private.wall_clock(new.starts_at, new.mentor_timezone);
  new.scheduled_date := wall::date;
  new.scheduled_time := to_char(wall, 'HH24:MI');
  return new;
end
$$;
comment on function private.set_mentor_wall_clock() is
  'Sets date and time of a booking to the mentor''s wall clock at its start, also while the mentor travels.';

-- Depends on the caller: private.accept_time_proposal() books as the functions' owner. The mentor has agreed to that time,
-- so a pause does not prevent it.
create or replace function private.check_mentor_accepts() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- prepare_booking() has locked the mentor: a pause cannot begin or end in between.
  if current_user in ('anon', 'authenticated', 'matepeak_app')
     and (exists (select from public.expert_profiles where id = new.expert_id and not accepting_bookings)
       or exists (select from public.busy_times b where b.expert_id = new.expert_id and b.pauses_offering)) then
    raise exception 'the mentor takes no new bookings'
      using errcode = 'check_violation', constraint = 'bookings_mentor_accepts';
  end if;
  return new;
end
$$;
comment on function private.check_mentor_accepts() is 'Rejects every new booking while the mentor is paused.';

create or replace function private.limit_open_requests(
  mentor uuid, student uuid, booking uuid, session_start timestamptz, first_status text, network bytea) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  -- A plan cached while the tables were small would stay in use.
  set enable_seqscan = off
  as $$
declare
  needs_address boolean;
  approves_first boolean;
  is_hidden boolean;
  ahead integer;
  ahead_as_one integer;
  has_address boolean;
  is_known boolean;
begin
  -- The mentor is locked, so the counts for this mentor cannot change.
  select p.require_confirmed_address, p.approve_first_timers, p.hidden_because is not null, a.sessions, a.decisions
    into needs_address, approves_first, is_hidden, ahead, ahead_as_one
    from public.expert_profiles p, lateral (
      -- A series was decided on once, by both. A programme is one offer of its mentor, also for a newcomer.
      select count(distinct case when q.programme_id is not null then q.id else b.id end) as sessions,
        count(distinct coalesce(b.series_id, b.id)) as decisions
      from public.bookings b left join public.series q on q.id = b.series_id and q.expert_id = b.expert_id
      where b.expert_id = mentor and b.user_id = student and b.starts_at > now() and b.status in ('pending', 'confirmed')) a
    where p.id = mentor;
  if is_hidden then
    perform private.raise_cap_reached('mentors_open');
  end if;
  -- The booking is written, so it has waited for an account that was being closed (private.close_account).
  if exists (select from private.closed_accounts c where c.user_id = student) then
    perform private.raise_cap_reached('accounts_open');
  end if;
  -- Most bookings: nothing else can reject them.
  if first_status = 'confirmed' and ahead <= private.cap('sessions_ahead_with_mentor_newcomer')
     and network is null and not needs_address and not approves_first then
    return;
  end if;
  -- Both sides have agreed to the time of an accepted time request, so it is no attack.
  if first_status = 'confirmed' and exists (
    select from public.time_requests r
      join public.time_proposals p on p.request_id = r.id and p.expert_id = r.expert_id
    where r.user_id = student and r.status = 'open' and r.expert_id = mentor
      and p.starts_at = session_start) then
    return;
  end if;
  has_address := private.has_confirmed_address(student);
  is_known := exists (
    select from public.bookings b
    where b.expert_id = mentor and b.user_id = student and b.status = 'completed');

  if needs_address and not has_address then
    perform private.raise_cap_reached('bookings_address_confirmed');
  end if;
  -- A request takes a mentor's time and attention for nothing, and its answer must reach the student.
  if first_status = 'pending' and not has_address then
    perform private.raise_cap_reached('bookings_request_confirmed');
  end if;
  if approves_first and not is_known and first_status in ('confirmed', 'held') then
    perform private.raise_cap_reached('bookings_first_is_approved');
  end if;
  if has_address or is_known then
    ahead := ahead_as_one;
  end if;
  if ahead > private.cap(case when has_address or is_known then 'sessions_ahead_with_mentor'
                             else 'sessions_ahead_with_mentor_newcomer' end) then
    perform private.raise_cap_reached('bookings_ahead_with_mentor');
  end if;
  if first_status in ('pending', 'held') then
    -- One at a time per person: two concurrent bookings with different mentors would not see each other. Always locked
    -- after the mentor.
    perform pg_advisory_xact_lock(hashtextextended('open requests ' || student, 0));
    -- What was booked together is one request.
    if (select count(distinct coalesce(b.series_id, b.basket_id, b.id)) from public.bookings b
        where b.user_id = student and b.status = 'pending' and b.expert_id = mentor and b.expires_at > now())
       > private.cap('requests_with_mentor') then
      perform private.raise_cap_reached('bookings_open_with_mentor');
    end if;
    if (select count(distinct coalesce(b.series_id, b.basket_id, b.id)) from public.bookings b
        where b.user_id = student and b.status = 'pending' and b.expires_at > now())
       > private.cap('requests') then
      perform private.raise_cap_reached('bookings_open_in_all');
    end if;
  end if;
  if network is not null and not has_address and not is_known then
    insert into private.booking_origins (booking_id, expert_id, origin, starts_at)
      values (booking, mentor, network, session_start);
    -- Times, not people: a class that joins one group session takes one.
    if (select count(distinct b.occupancy_id)
        from private.booking_origins o join public.bookings b on b.id = o.booking_id and b.expert_id = o.expert_id
        where o.expert_id = mentor and o.origin = network and b.starts_at > now()
          and b.status in ('pending', 'confirmed'))
       > private.cap('newcomer_times_from_network') then
      perform private.raise_cap_reached('bookings_newcomers_from_network');
    end if;
  end if;
  return;
end
$$;
comment on function private.limit_open_requests(uuid, uuid, uuid, timestamptz, text, bytea) is
  'Prevents a few people from taking all of a mentor''s time: caps on open requests and on coming sessions, counted under '
  'the mentor''s lock, and lower for people without an earlier session.';

create or replace function private.limit_new_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.limit_open_requests(
    new.expert_id, new.user_id, new.id, new.starts_at, case new.status_when_paid when 'confirmed' then 'held' else new.status end,
    decode(nullif(current_setting('matepeak.origin', true), ''), 'hex'));
  return null;
end
$$;
comment on function private.limit_new_booking() is 'limit_open_requests() for an insert.';

create or replace function private.request_expiry(status text, session_start timestamptz) returns timestamptz
  language sql stable
  return case when status = 'pending'
    then date_trunc('milliseconds', least(now() + interval '48 hours', session_start)) end;
comment on function private.request_expiry(text, timestamptz) is 'When a new request expires; null for a booking that is confirmed.';

create or replace function private.instant_text(instant timestamptz) returns text
  language sql immutable
  return to_char(instant at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
comment on function private.instant_text(timestamptz) is 'An instant of whole milliseconds as the API writes it.';

-- The time was judged by the one judge, in the app, from a schedule of the revision given. The lock, the comparison and the
-- count of the change are one call; nothing is locked across a round trip. Names, prices, cut-offs, hours and taken time are
-- all part of what the revision counts.
create or replace function private.book_sessions(judged private.judged_booking[])
  returns table (booking_id uuid, is_known boolean, created_at timestamptz, expires_at timestamptz, room_url text, room_note text,
                 meeting_place jsonb, meeting_url text, meeting_note text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  -- Several people wait for this call: what is locked for longer goes the other way.
  set lock_timeout = '100ms'
  as $$
declare
  -- As exact as the API says it.
  made_at timestamptz := date_trunc('milliseconds', now());
  b private.judged_booking;
  mentors uuid[] := '{}';
  free uuid[] := '{}';
  keyed integer := 0;
  claimed integer;
  known uuid[] := '{}';
  joined uuid[] := '{}';
  seats uuid[] := '{}';
  seat uuid;
  unpaid integer := 0;
begin
  foreach b in array judged loop
    if b.expert_id = any(mentors) then
      raise exception 'two sessions of one mentor in one call' using errcode = 'cardinality_violation';
    end if;
    mentors := mentors || b.expert_id;
    -- By this clock, whatever the app's says.
    if b.starts_at < now() then
      raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
    end if;
    if b.student_timezone <> b.mentor_timezone and not private.is_timezone(b.student_timezone) then
      raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
    end if;
    keyed := keyed + (b.idempotency_key is not null)::integer;
    unpaid := unpaid + (b.status_when_paid is not null)::integer;
  end loop;
  -- The app announces them after the commit.
  perform set_config('matepeak.announces', 'later', true);

  if keyed > 0 then
    insert into private.idempotency_keys (user_id, key, request_hash, body)
      select a.user_id, a.idempotency_key, a.request_hash,
        -- The objects' texts are joined, which is much cheaper than to parse the first one.
        ('{"answer":' || left(a.response, -1) || ',' || substr(json_build_object(
          'created_at', private.instant_text(made_at), 'updated_at', private.instant_text(made_at),
          'expires_at', private.instant_text(private.booking_expiry(a.status, a.status_when_paid, a.starts_at)),
          'meeting_url', coalesce(l.meeting_url, r.meeting_url),
          'meeting_note', case when l.meeting_url is null then r.meeting_note else l.meeting_note end,
          'meeting_from', case when l.meeting_url is not null then 'session' when r.meeting_url is not null then 'room' end,
          'meeting_place', private.shown_place(place.agreed))::text, 2) || '}')::json
      from unnest(judged) a
        left join lateral (
          select case
            when a.capacity > 1 then private.place_of_seat(a.expert_id, a.service_id, a.starts_at, a.ends_at)
            else private.place_of(a.expert_id, a.service_id) end as agreed
          where a.status = 'confirmed') place on true
        left join public.mentor_rooms r
          on r.expert_id = a.expert_id and a.status = 'confirmed' and private.has_link(place.agreed)
        left join lateral private.link_of_group(a.expert_id, a.service_id, a.starts_at, a.ends_at) l
          on a.status = 'confirmed' and a.capacity > 1
      where a.idempotency_key is not null
      order by a.user_id, a.idempotency_key
      on conflict (user_id, key) do nothing;
    get diagnostics claimed = row_count;
    if claimed < keyed then
      -- Whose key has no response of this call, also if the other one is being cleaned up at this moment.
      select coalesce(array_agg(a.id), '{}') into known
        from unnest(judged) a
          left join private.idempotency_keys k
            on k.user_id = a.user_id and k.key = a.idempotency_key and k.body #>> '{answer,id}' = a.id::text
        where a.idempotency_key is not null and k.key is null;
    end if;
  end if;

  foreach b in array judged loop
    continue when b.id = any(known);
    -- Waits for no lock: a mentor who is locked at this moment will have another revision soon.
    perform from public.schedule_revisions r
      where r.expert_id = b.expert_id and r.revision = b.judged_revision for no key update skip locked;
    continue when not found;
    free := free || b.expert_id;
    if b.capacity > 1 then
      seat := private.join_session(
        b.expert_id, b.service_id, b.capacity, b.starts_at, b.ends_at, b.status = 'confirmed',
        private.booking_expiry(b.status, b.status_when_paid, b.starts_at));
      if seat is not null then
        -- The ledger's trigger has counted the change.
        joined := joined || b.expert_id;
        seats := seats || seat;
        continue;
      end if;
    end if;
    update public.schedule_revisions r set revision = r.revision + 1 where r.expert_id = b.expert_id;
  end loop;
  if keyed > 0 and cardinality(known) + cardinality(free) < cardinality(mentors) then
    delete from private.idempotency_keys k using unnest(judged) a
      where k.user_id = a.user_id and k.key = a.idempotency_key and a.id <> all(known) and a.expert_id <> all(free);
  end if;

  insert into public.occupancies (
      id, expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at, judged_revision)
    select a.occupancy_id, a.expert_id, a.service_id, a.starts_at, a.ends_at, tstzrange(a.busy_from, a.busy_until, '[)'),
      case when a.status = 'confirmed' then 'booked' when a.status_when_paid is not null then 'hold' else 'requested' end,
      a.capacity, private.booking_expiry(a.status, a.status_when_paid, a.starts_at), a.judged_revision
    from unnest(judged) a where a.expert_id = any(free) and a.expert_id <> all(joined);
  insert into public.bookings (
      id, user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date, scheduled_time, duration, status,
      message, total_minor, total_amount, currency, add_recording, user_name, user_email, user_phone, starts_at, ends_at,
      student_timezone, mentor_timezone, expires_at, cancel_cutoff, reschedule_cutoff, judged_revision,
      created_at, updated_at, payment_status, status_when_paid, refund_full_cutoff, refund_partial_cutoff,
      refund_partial_percent, fee_basis_points, price_lines, shows_name)
    select a.id, a.user_id, a.expert_id, a.service_id,
      coalesce(seats[array_position(joined, a.expert_id)], a.occupancy_id), a.session_type, a.scheduled_date,
      a.scheduled_time, a.duration, a.status, a.message, a.total_minor, a.total_minor / 100.00, a.currency,
      a.add_recording, a.user_name, a.user_email, a.user_phone, a.starts_at, a.ends_at, a.student_timezone,
      a.mentor_timezone, private.booking_expiry(a.status, a.status_when_paid, a.starts_at), a.cancel_cutoff,
      a.reschedule_cutoff, a.judged_revision, made_at, made_at,
      case when a.status_when_paid is null then 'free' else 'pending' end, a.status_when_paid, a.refund_full_cutoff,
      a.refund_partial_cutoff, a.refund_partial_percent, a.fee_basis_points, a.price_lines,
      a.shows_name
    from unnest(judged) a where a.expert_id = any(free);
  insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, to_status)
    select a.id, a.expert_id, case when a.status_when_paid is null then 'created' else 'held' end, a.user_id, 'student',
      a.status
    from unnest(judged) a where a.expert_id = any(free);
  if unpaid > 0 then
    insert into public.payments (
        id, expert_id, user_id, booking_id, provider, capture, amount_minor, currency, due_at, created_at)
      select a.payment_id, a.expert_id, a.user_id, a.id, s.provider,
        case when a.status_when_paid = 'confirmed' then 'automatic' else 'manual' end, a.total_minor, a.currency,
        a.ends_at + interval '72 hours', made_at
      from unnest(judged) a, private.money_settings s where a.expert_id = any(free) and a.status_when_paid is not null;
  end if;

  created_at := made_at;
  foreach b in array judged loop
    is_known := b.id = any(known);
    continue when not is_known and b.expert_id <> all(free);
    booking_id := b.id;
    if not is_known then
      perform private.limit_open_requests(
        b.expert_id, b.user_id, b.id, b.starts_at,
        case b.status_when_paid when 'confirmed' then 'held' else b.status end, decode(b.origin, 'hex'));
      expires_at := private.booking_expiry(b.status, b.status_when_paid, b.starts_at);
      meeting_place := case
        when b.status = 'confirmed' and b.capacity > 1 then
          private.place_of_seat(b.expert_id, b.service_id, b.starts_at, b.ends_at)
        when b.status = 'confirmed' then private.place_of(b.expert_id, b.service_id)
      end;
      select r.meeting_url, r.meeting_note into room_url, room_note
        from public.mentor_rooms r
        where r.expert_id = b.expert_id and b.status = 'confirmed' and private.has_link(meeting_place);
      meeting_url := null;
      meeting_note := null;
      if b.status = 'confirmed' and b.capacity > 1 then
        select l.meeting_url, l.meeting_note into meeting_url, meeting_note
          from private.link_of_group(b.expert_id, b.service_id, b.starts_at, b.ends_at) l;
      end if;
    end if;
    return next;
  end loop;
  perform set_config('matepeak.announces', '', true), set_config('matepeak.announcements', '', true);
end
$$;
comment on function private.book_sessions(private.judged_booking[]) is
  'Books sessions that were judged by their mentors'' schedules of the revisions given, with key, ledger and history, all '
  'or none if one is rejected. A session is missing from the result if the revision is another one by now: read and judge '
  'again; is_known: there is a response under its key. Waits for no lock. One session of each mentor.';

create or replace function private.follow_booking() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.status = 'cancelled' then
    delete from private.booking_origins where booking_id = new.id and expert_id = new.expert_id;
  else
    update private.booking_origins set starts_at = new.starts_at where booking_id = new.id and expert_id = new.expert_id;
  end if;
  return null;
end
$$;
comment on function private.follow_booking() is 'The origin of a booking goes with its cancellation and moves with its start.';

create or replace function private.delete_booking_origins(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  deleted integer;
begin
  delete from private.booking_origins b
    using (
      select o.booking_id, o.expert_id from private.booking_origins o where o.starts_at <= now()
      order by o.starts_at limit most for update skip locked
    ) started
    where b.booking_id = started.booking_id and b.expert_id = started.expert_id;
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function private.delete_booking_origins(integer) is
  'Deletes the origins of the bookings whose sessions have started, the oldest first.';

-- A group session ends for all its seats at the same time, so the booking alone tells whether it has ended.
create or replace function private.check_booking_transition() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new is not distinct from old then
    return new;
  end if;
  if new.status is distinct from old.status then
    if old.status_when_paid is not null and new.status_when_paid is null and new.status = old.status_when_paid then
      -- Paid, even if that was late: accept_payment() has taken the time again.
      null;
    elsif not private.is_booking_step(old.status, new.status)
       or (new.status = 'confirmed' and (old.expires_at <= now() or old.status_when_paid is not null))
       or (new.status = 'completed' and old.ends_at > now())
       or (new.status = 'completed' and private.has_no_show(old.expert_id, old.id))
       -- A decision about a whole session may come at its start, or late.
       or (new.status = 'cancelled' and old.status = 'confirmed' and old.starts_at <= now()
           and not (private.is_for_all() and auth.uid() is null)) then
      raise exception 'a % booking cannot become % now', old.status, new.status
        using errcode = 'check_violation', constraint = 'bookings_step_allowed';
    end if;
    if new.status <> 'pending' then
      new.expires_at := null;
    end if;
    if new.status = 'cancelled' then
      new.occupancy_id := null;
    end if;
  end if;
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;
comment on function private.check_booking_transition() is
  'Rejects status changes that are not allowed or come at the wrong time, see rules/bookingState.ts; counts the changes.';

create or replace function private.settle_occupancy() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.status = 'confirmed' then
    update public.occupancies set state = 'booked', expires_at = null
      where id = new.occupancy_id and expert_id = new.expert_id;
  elsif new.status = 'cancelled' then
    perform private.release_seat(old.expert_id, old.occupancy_id);
  end if;
  return null;
end
$$;
comment on function private.settle_occupancy() is 'Keeps the ledger in step with the booking.';

create or replace function private.is_for_all() returns boolean
  language sql stable
  return coalesce(current_setting('matepeak.for_all', true), '') = 'on';
comment on function private.is_for_all() is
  'Whether a whole group session is being changed: set by the functions of group sessions for their update of the seats.';

create or replace function private.record_booking_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
  was text := case when tg_op = 'UPDATE' then old.status end;
begin
  if tg_op = 'INSERT' or old.status_when_paid is not null and new.status_when_paid is null then
    perform private.notify_person(new.user_id, 'bookings');
    perform private.notify_person(new.expert_id, 'bookings');
  end if;
  -- A request expires when another person's booking needs the mentor's time: that person is not the actor.
  if new.status = 'cancelled' and was = 'pending' and old.expires_at <= now() then
    acting := 'system';
  end if;
  -- For everyone but its student a booking begins when it is paid.
  if tg_op = 'UPDATE' and old.status_when_paid is not null and new.status_when_paid is null then
    acting := 'student';
    caller := new.user_id;
    was := null;
  end if;
  insert into public.booking_events (
      booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason, is_for_all)
    values (
      new.id, new.expert_id,
      case
        when was is null and new.status_when_paid is not null then 'held'
        when was is null then 'created'
        when new.status = 'cancelled' and new.status_when_paid is not null then 'lapsed'
        when new.status = 'cancelled' and was = 'pending' and acting = 'mentor' then 'declined'
        when new.status = 'cancelled' and acting = 'system' and private.is_for_all() then 'minimum_missed'
        when new.status = 'cancelled' and was = 'pending' and acting = 'system' then 'expired'
        else new.status
      end,
      case when acting = 'system' then null else caller end, acting, was, new.status,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end,
      private.is_for_all());
  return null;
end
$$;
comment on function private.record_booking_event() is 'Writes the history; nothing else does.';

create or replace function private.record_booking_move() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
begin
  insert into public.booking_events (
      booking_id, expert_id, kind, actor_id, actor, from_status, to_status, from_starts_at, to_starts_at, reason, is_for_all)
    values (
      new.id, new.expert_id, 'rescheduled', case when acting = 'system' then null else caller end, acting, old.status, new.status,
      old.starts_at, new.starts_at,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end, private.is_for_all());
  return null;
end
$$;
comment on function private.record_booking_move() is 'Writes the moves of the history; nothing else does.';

create or replace function private.announce_booking_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(party, 'bookings')
    from public.bookings b, unnest(array[b.user_id, b.expert_id]) party
    where b.id = new.booking_id and b.expert_id = new.expert_id;
  return null;
end
$$;
comment on function private.announce_booking_event() is 'Announces that both parties'' session lists have changed.';

-- The history is its own outbox: no job per event. `server/notifications/outbox.ts` takes them in batches.
create or replace function private.events_to_notify(most integer) returns table (event_id bigint, mentor_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  -- A plan cached while the table was small would stay in use.
  set enable_seqscan = off
  as $$
    select e.id, e.expert_id from public.booking_events e where e.notified_at is null order by e.id limit most
  $$;
comment on function private.events_to_notify(integer) is 'The oldest booking events whose messages are not written yet.';

create or replace function private.claim_events(mentors uuid[], events bigint[])
  returns table (event_id bigint, mentor_id uuid)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  ids bigint[];
  owners uuid[];
  bookings uuid[];
begin
  with free as (
    select e.id, e.expert_id from public.booking_events e
      join unnest(mentors, events) asked (mentor, event) on e.id = asked.event and e.expert_id = asked.mentor
    where e.notified_at is null
    order by e.id for update of e skip locked
  ), claimed as (
    update public.booking_events e set notified_at = now() from free
      where e.id = free.id and e.expert_id = free.expert_id and e.notified_at is null
      returning e.id, e.expert_id, e.booking_id
  )
  select array_agg(c.id), array_agg(c.expert_id), array_agg(c.booking_id) into ids, owners, bookings from claimed c;
  perform private.arm_reminders(owners, bookings);
  perform private.write_entries_of_bookings(owners);
  return query select * from unnest(ids, owners);
end
$$;
comment on function private.claim_events(uuid[], bigint[]) is
  'Those of the events that no other worker has claimed. Write their messages in the same transaction, which also schedules '
  'the reminders of their sessions again, and has the sessions written to their mentors'' calendars.';

create or replace function private.announce_late_events(mentors uuid[], events bigint[]) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.announce('availability', b.expert_id::text), private.notify_person(b.expert_id, 'bookings'),
      private.notify_person(b.user_id, 'bookings')
    from unnest(mentors, events) asked (mentor, event)
      join public.booking_events e on e.id = asked.event and e.expert_id = asked.mentor
      join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
    where e.created_at < now() - interval '500 milliseconds'
  $$;
comment on function private.announce_late_events(uuid[], bigint[]) is
  'Announces events again whose announcement may be lost, because the process that wrote them was killed before it sent it.';

create or replace function private.booking_event_facts(mentor uuid, event bigint)
  returns table (kind text, to_status text, actor text, reason text, happened_at timestamptz,
                 from_starts_at timestamptz, booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid,
                 student_name text, student_timezone text, starts_at timestamptz, claimed_by text,
                 answer_until timestamptz, money_state text, money_minor bigint, currency text, refund_full_cutoff integer,
                 refund_partial_cutoff integer, refund_partial_percent integer, is_for_all boolean, series_id uuid,
                 sessions integer, last_starts_at timestamptz, is_promised boolean, together uuid[])
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.kind, e.to_status, e.actor, e.reason, e.created_at, e.from_starts_at, b.id, b.user_id, b.expert_id,
      b.service_id, b.user_name, b.student_timezone, coalesce(e.to_starts_at, b.starts_at), c.claimed_by,
      c.answer_until,
      case
        when p.id is null then null
        when e.kind = 'created' then case e.to_status when 'pending' then 'reserved' else 'paid' end
        when e.kind = 'confirmed' then case when p.captured_minor > 0 then 'paid' else 'charging' end
        when p.accepted_attempt_id is null then null
        when e.kind in ('cancelled', 'declined', 'expired', 'minimum_missed') then
          case when r.minor is not null then 'refunding' when p.state = 'captured' then 'kept' else 'released' end
      end,
      case when together.sessions > 1 then coalesce(together.refunded, together.amount) else coalesce(r.minor, p.amount_minor) end,
      p.currency, b.refund_full_cutoff, b.refund_partial_cutoff, b.refund_partial_percent,
      e.is_for_all, b.series_id, greatest(together.sessions, promised.sessions),
      greatest(together.last, promised.last), promised.is_paid, together.bookings
    from public.booking_events e
      join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
      -- What this very event sends back: it was requested in the same transaction.
      left join lateral (
        select sum(f.amount_minor)::bigint as minor from public.refunds f
        where f.payment_id = p.id and f.expert_id = mentor and f.attempt_id = p.accepted_attempt_id
          and f.requested_at = e.created_at
      ) r on true
      -- The claim that the event is about: the latest one at the time.
      left join lateral (
        select * from public.no_show_claims n
        where e.kind like 'no\_show\_%' and n.booking_id = b.id and n.expert_id = mentor
          and n.created_at <= e.created_at
        order by n.created_at desc limit 1
      ) c on true
      -- What the same transaction did to bookings that were made together: the first of them has the message about all.
      left join lateral (
        select count(*)::integer as sessions, (array_agg(o.id order by ob.starts_at, o.id))[1] as first,
          array_agg(ob.id order by ob.starts_at, o.id) as bookings,
          max(coalesce(o.to_starts_at, ob.starts_at)) as last, sum(op.amount_minor)::bigint as amount,
          sum(f.minor)::bigint as refunded
        from public.bookings ob
          join public.booking_events o on o.booking_id = ob.id and o.expert_id = ob.expert_id
          left join public.payments op on op.booking_id = ob.id and op.expert_id = ob.expert_id
          left join lateral (
            select sum(x.amount_minor)::bigint as minor from public.refunds x
            where x.payment_id = op.id and x.expert_id = mentor and x.attempt_id = op.accepted_attempt_id
              and x.requested_at = o.created_at
          ) f on true
        where ob.expert_id = mentor and (ob.series_id = b.series_id or ob.basket_id = b.basket_id)
          and o.kind = e.kind and o.created_at = e.created_at
      ) together on b.series_id is not null or b.basket_id is not null
      -- A series whose sessions are paid one by one is promised with its first one.
      left join lateral (
        select case when e.kind = 'created' and not earlier.exist then count(*)::integer end as sessions,
          case when e.kind = 'created' and not earlier.exist then max(x.starts_at) end as last, earlier.exist as is_paid
        from public.series q
          join public.bookings x on x.series_id = q.id and x.expert_id = q.expert_id and x.status <> 'cancelled'
          cross join lateral (
            select exists (
              select from public.bookings y join public.booking_events z on z.booking_id = y.id and z.expert_id = y.expert_id
              where y.series_id = q.id and y.expert_id = mentor and z.kind = 'created' and z.id < e.id) as exist
          ) earlier
        where q.id = b.series_id and q.expert_id = mentor and q.payment = 'per_session'
        group by earlier.exist
      ) promised on b.series_id is not null
    where e.id = event and e.expert_id = mentor and (together.first is null or together.first = e.id)
      -- When the mentor proposed other times, that message replaces this one.
      and not (e.kind = 'declined'
               and exists (select from public.time_requests r where r.replaces_booking_id = b.id and r.expert_id = mentor))
  $$;
comment on function private.booking_event_facts(uuid, bigint) is 'The facts for the messages about a booking event.';

create or replace function private.mentor_of_booking(booking uuid) returns uuid
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select b.expert_id from public.bookings b where b.id = booking
  $$;
comment on function private.mentor_of_booking(uuid) is
  'The mentor of a booking, for callers that may read it; null for all others. The only look-up of a booking by its id '
  'alone: everything else also takes the mentor, so that a mentor''s rows can be stored together.';

create or replace function public.lock_booking(mentor uuid, booking uuid) returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform from public.bookings where id = booking and expert_id = mentor and auth.uid() in (user_id, expert_id);
  if not found then
    return;
  end if;
  perform private.lock_mentor(mentor);
  return query select * from public.bookings where id = booking and expert_id = mentor for no key update;
end
$$;
comment on function public.lock_booking(uuid, uuid) is
  'The booking, locked in the right order (mentor, then booking), for a party to it; no row for all others.';

create or replace function public.change_booking_status(mentor uuid, booking uuid, new_status text, reason text default null)
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
  if auth.uid() is distinct from locked.expert_id and new_status is distinct from 'cancelled' then
    raise exception 'a student may only cancel' using errcode = 'insufficient_privilege';
  end if;
  if auth.uid() is distinct from locked.expert_id and locked.starts_at <= now() then
    raise exception 'the session has begun' using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if new_status = 'cancelled' and locked.status = 'cancelled' and auth.uid() = locked.expert_id then
    perform set_config('matepeak.reason', coalesce(reason, ''), true);
    if private.join_cancellation(locked.expert_id, booking) then
      return query select * from public.bookings where id = booking and expert_id = locked.expert_id;
      perform set_config('matepeak.reason', '', true);
      return;
    end if;
  end if;
  -- A plain update to the same status changes nothing; here it comes too late.
  if new_status is not distinct from locked.status then
    raise exception 'the booking is % already', new_status
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if auth.uid() is distinct from locked.expert_id and private.is_booking_step(locked.status, new_status)
     and locked.starts_at - locked.cancel_cutoff * interval '1 minute' <= now() then
    raise exception 'too late to cancel' using errcode = 'check_violation', constraint = 'bookings_cutoff_kept';
  end if;
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  return query update public.bookings set status = new_status
    where id = booking and expert_id = locked.expert_id returning *;
  perform set_config('matepeak.reason', '', true);
end
$$;
comment on function public.change_booking_status(uuid, uuid, text, text) is
  'One step of a booking''s life by a party to it: for the mentor any allowed one, for the student a cancellation '
  'before the start. A mentor may also cancel what the student has cancelled within the last minute.';

create or replace function private.move_booking(
    mentor uuid, booking uuid, new_start timestamptz, new_date date, new_time text, new_student_zone text, reason text)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
  moved public.bookings;
  profile public.expert_profiles;
  service public.services;
begin
  -- For a party to it only; no row for others. Locks the mentor, then the booking.
  select * into locked from public.lock_booking(mentor, booking);
  if not found then
    return;
  end if;
  if locked.status not in ('pending', 'confirmed') or locked.starts_at <= now() or locked.expires_at <= now()
     or locked.status_when_paid is not null then
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
  if locked.series_id is not null and exists (
      select from public.series q
      where q.id = locked.series_id and q.expert_id = locked.expert_id and q.programme_id is not null) then
    raise exception 'a session of a programme moves for all'
      using errcode = 'check_violation', constraint = 'programmes_move_for_all';
  end if;
  if new_student_zone is not null and not private.is_timezone(new_student_zone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  perform private.expire_requests(locked.expert_id);

  select * into profile from public.expert_profiles where id = locked.expert_id;
  -- Also a service that is no longer offered: existing bookings are unaffected.
  select * into service from public.services where id = locked.service_id and expert_id = locked.expert_id;
  moved := locked;
  moved.starts_at := new_start;
  moved.ends_at := new_start + locked.duration * interval '1 minute';
  -- least() of a null and a time is the time.
  moved.expires_at := case when locked.expires_at is not null then least(locked.expires_at, new_start) end;
  moved.occupancy_id := private.move_seat(
    moved.expert_id, locked.occupancy_id, service.id, service.capacity, moved.starts_at, moved.ends_at,
    private.busy_time(moved.starts_at, moved.ends_at, profile.buffer_before, profile.buffer_after),
    moved.status = 'confirmed', moved.expires_at);

  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  update public.bookings
    set starts_at = moved.starts_at, ends_at = moved.ends_at, expires_at = moved.expires_at,
        occupancy_id = moved.occupancy_id, scheduled_date = new_date, scheduled_time = new_time,
        mentor_timezone = profile.timezone, student_timezone = coalesce(new_student_zone, student_timezone)
    where id = booking and expert_id = locked.expert_id returning * into moved;
  perform set_config('matepeak.reason', '', true);
  if moved.occupancy_id is distinct from locked.occupancy_id then
    perform private.release_seat(locked.expert_id, locked.occupancy_id);
  end if;
  return next moved;
end
$$;
comment on function private.move_booking(uuid, uuid, timestamptz, date, text, text, text) is
  'Moves a booking to a start that the slot engine has checked: takes the new time, then frees the old one. Id, price '
  'and status stay.';

-- The steps and moves that the app has judged without a lock, each one call. What they rely on is part of what the revisions
-- count, or is checked again by the functions that they call.
create or replace function private.lock_judged_booking(
    caller uuid, mentor uuid, at_schedule bigint, booking uuid, at_booking integer) returns boolean
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- Waits for no lock: a mentor who is locked at this moment may have another revision soon.
  perform from public.schedule_revisions r
    where r.expert_id = mentor and (at_schedule is null or r.revision = at_schedule) for no key update skip locked;
  if not found then
    return false;
  end if;
  perform from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.revision = at_booking for no key update;
  if not found then
    return false;
  end if;
  -- From here on checks and triggers see the person, and the app announces after the commit.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', caller)::text, true),
    set_config('matepeak.announces', 'later', true);
  return true;
end
$$;
comment on function private.lock_judged_booking(uuid, uuid, bigint, uuid, integer) is
  'Locks the mentor, then the booking, if both still have the revisions that were judged, and lets the caller act.';

create or replace function private.change_judged_status(
    caller uuid, mentor uuid, booking uuid, at_booking integer, new_status text, reason text)
  returns table (updated_at timestamptz, payment_status text, room_url text, room_note text, meeting_place jsonb,
                 meeting_url text, meeting_note text, announcements text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '100ms'
  as $$
begin
  if not private.lock_judged_booking(caller, mentor, null, booking, at_booking) then
    return;
  end if;
  select c.updated_at, c.payment_status, c.meeting_place, c.meeting_url, c.meeting_note
    into updated_at, payment_status, meeting_place, meeting_url, meeting_note
    from public.change_booking_status(mentor, booking, new_status, reason) c;
  if not found then
    return;
  end if;
  -- A student sees the room from the moment of the confirmation.
  if new_status = 'confirmed' then
    select r.meeting_url, r.meeting_note into room_url, room_note
      from public.mentor_rooms r where r.expert_id = mentor and private.has_link(meeting_place);
  end if;
  announcements := current_setting('matepeak.announcements', true);
  return next;
end
$$;
comment on function private.change_judged_status(uuid, uuid, uuid, integer, text, text) is
  'change_booking_status() for a step that was judged at this revision of the booking; no row if it has another one by now, '
  'or the mentor is locked: read and judge again. Returns what the app does not know, and what to announce.';

create or replace function private.move_judged_booking(
    caller uuid, mentor uuid, at_schedule bigint, booking uuid, at_booking integer, new_start timestamptz, new_date date,
    new_time text, new_student_zone text, reason text, key text, hash text, answer jsonb)
  returns table (is_known boolean, updated_at timestamptz, announcements text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '100ms'
  as $$
begin
  -- As the trigger writes it, and as exact as the API says it.
  updated_at := date_trunc('milliseconds', now());
  is_known := false;
  if key is not null then
    insert into private.idempotency_keys as k (user_id, key, request_hash, body)
      values (caller, move_judged_booking.key, hash, jsonb_build_object(
        'answer', answer || jsonb_build_object('updated_at', private.instant_text(updated_at))))
      on conflict do nothing;
    if not found then
      is_known := true;
      return next;
      return;
    end if;
  end if;
  if not private.lock_judged_booking(caller, mentor, at_schedule, booking, at_booking) then
    delete from private.idempotency_keys k where k.user_id = caller and k.key = move_judged_booking.key;
    return;
  end if;
  perform from private.move_booking(mentor, booking, new_start, new_date, new_time, new_student_zone, reason);
  if not found then
    raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
  end if;
  announcements := current_setting('matepeak.announcements', true);
  return next;
end
$$;
comment on function private.move_judged_booking(
  uuid, uuid, bigint, uuid, integer, timestamptz, date, text, text, text, text, text, jsonb) is
  'move_booking() for a start that was judged at these revisions of the schedule and the booking, with the key of the '
  'request and its response; no row if they have others by now, or the mentor is locked: read and judge again. is_known: '
  'there is a response under the key.';

create or replace function private.correct_mentor_clock(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  corrected integer;
begin
  perform private.lock_mentor(mentor);
  -- The trigger recomputes date and time.
  update public.bookings b set starts_at = b.starts_at
    where b.expert_id = mentor and b.starts_at > now() and b.status in ('pending', 'confirmed')
      and (b.scheduled_date + b.scheduled_time::time) <> private.wall_clock(b.starts_at, b.mentor_timezone);
  get diagnostics corrected = row_count;
  return corrected;
end
$$;
comment on function private.correct_mentor_clock(uuid) is
  'After a change of a zone''s rules: coming sessions keep their instant, and their local date and time follow.';

create or replace function private.mentors_with_abandoned_bookings(most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select distinct oldest.expert_id
    from (
      select b.expert_id from public.bookings b
      where b.status = 'pending' and b.created_at < now() - interval '7 days' and b.status_when_paid is null
      order by b.created_at limit most
    ) oldest
  $$;
comment on function private.mentors_with_abandoned_bookings(integer) is
  'The mentors of the oldest requests that have been pending for more than seven days.';

create or replace function private.cancel_abandoned_bookings(mentor uuid, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  cancelled integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings set status = 'cancelled' where id = any (array(
    select b.id from public.bookings b
    where b.expert_id = mentor and b.status = 'pending' and b.created_at < now() - interval '7 days'
      -- What is held for a payment has an end of its own.
      and b.status_when_paid is null
    limit most));
  get diagnostics cancelled = row_count;
  return cancelled;
end
$$;
comment on function private.cancel_abandoned_bookings(uuid, integer) is
  'The guide''s safety net: cancels a mentor''s requests that have been pending for more than seven days.';

create or replace function private.archive_old_bookings(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  archived integer;
begin
  update public.bookings b set archived_at = now()
    from (
      select b.id, b.expert_id from public.bookings b
      where b.status = 'completed' and b.archived_at is null and b.ends_at < now() - interval '6 months'
      order by b.ends_at limit most for no key update skip locked
    ) old
    where b.id = old.id and b.expert_id = old.expert_id;
  get diagnostics archived = row_count;
  return archived;
end
$$;
comment on function private.archive_old_bookings(integer) is
  'The guide''s monthly clean-up: archives the oldest completed bookings after six months, which hides them from the lists.';

-- A session with an effective report stays confirmed, so the oldest are not always those to complete: the caller goes on
-- behind the last session it has seen.
create or replace function private.held_sessions(
    most integer, after_end timestamptz default '-infinity', after_id uuid default '00000000-0000-0000-0000-000000000000')
  returns table (mentor_id uuid, booking_id uuid, ends_at timestamptz, can_complete boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    select b.expert_id, b.id, b.ends_at, not exists (
        select from public.no_show_claims c
        where c.booking_id = b.id and c.expert_id = b.expert_id and c.state in ('open', 'agreed', 'unanswered'))
    from public.bookings b
    where b.status = 'confirmed' and b.ends_at <= now() - interval '24 hours' and (b.ends_at, b.id) > (after_end, after_id)
    order by b.ends_at, b.id limit most
  $$;
comment on function private.held_sessions(integer, timestamptz, uuid) is
  'The oldest confirmed sessions that ended a day ago, behind the one given, and whether they can be completed: not while '
  'a no-show report is effective.';

create or replace function private.complete_held_sessions(mentor uuid, sessions uuid[]) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  completed integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings b set status = 'completed'
    where b.id = any (sessions) and b.expert_id = mentor and b.status = 'confirmed'
      and b.ends_at <= now() - interval '24 hours' and not private.has_no_show(b.expert_id, b.id);
  get diagnostics completed = row_count;
  return completed;
end
$$;
comment on function private.complete_held_sessions(uuid, uuid[]) is
  'Completes those of a mentor''s sessions that ended a day ago, except those with an effective no-show report.';

create or replace function public.end_booking_links(mentor uuid, booking uuid) returns integer
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into public.booking_link_generations as g (booking_id, expert_id, user_id, generation)
    select b.id, b.expert_id, auth.uid(), 1 from public.bookings b
    where b.id = booking and b.expert_id = mentor and auth.uid() in (b.user_id, b.expert_id)
    on conflict (booking_id, expert_id, user_id) do update set generation = g.generation + 1, ended_at = now()
    returning generation
  $$;
comment on function public.end_booking_links(uuid, uuid) is
  'Revokes all links that the caller has made to a booking of theirs. Null for other people''s bookings.';

revoke execute on function
    private.is_booking_step(text, text),
    private.prepare_booking(),
    private.set_mentor_wall_clock(),
    private.check_mentor_accepts(),
    private.limit_open_requests(uuid, uuid, uuid, timestamptz, text, bytea),
    private.limit_new_booking(),
    private.request_expiry(text, timestamptz),
    private.instant_text(timestamptz),
    private.book_sessions(private.judged_booking[]),
    private.follow_booking(),
    private.delete_booking_origins(integer),
    private.check_booking_transition(),
    private.settle_occupancy(),
    private.is_for_all(),
    private.record_booking_event(),
    private.record_booking_move(),
    private.announce_booking_event(),
    private.events_to_notify(integer),
    private.claim_events(uuid[], bigint[]),
    private.announce_late_events(uuid[], bigint[]),
    private.booking_event_facts(uuid, bigint),
    private.mentor_of_booking(uuid),
    public.lock_booking(uuid, uuid),
    public.change_booking_status(uuid, uuid, text, text),
    private.move_booking(uuid, uuid, timestamptz, date, text, text, text),
    private.lock_judged_booking(uuid, uuid, bigint, uuid, integer),
    private.change_judged_status(uuid, uuid, uuid, integer, text, text),
    private.move_judged_booking(
      uuid, uuid, bigint, uuid, integer, timestamptz, date, text, text, text, text, text, jsonb),
    private.correct_mentor_clock(uuid),
    private.mentors_with_abandoned_bookings(integer),
    private.cancel_abandoned_bookings(uuid, integer),
    private.archive_old_bookings(integer),
    private.held_sessions(integer, timestamptz, uuid),
    private.complete_held_sessions(uuid, uuid[]),
    public.end_booking_links(uuid, uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.book_sessions(private.judged_booking[]),
    private.events_to_notify(integer),
    private.claim_events(uuid[], bigint[]),
    private.announce_late_events(uuid[], bigint[]),
    private.delete_booking_origins(integer),
    private.booking_event_facts(uuid, bigint),
    private.move_booking(uuid, uuid, timestamptz, date, text, text, text),
    private.change_judged_status(uuid, uuid, uuid, integer, text, text),
    private.move_judged_booking(
      uuid, uuid, bigint, uuid, integer, timestamptz, date, text, text, text, text, text, jsonb),
    private.mentors_with_abandoned_bookings(integer),
    private.cancel_abandoned_bookings(uuid, integer),
    private.archive_old_bookings(integer),
    private.held_sessions(integer, timestamptz, uuid),
    private.complete_held_sessions(uuid, uuid[])
  to matepeak_app;
grant execute on function
    public.lock_booking(uuid, uuid),
    public.change_booking_status(uuid, uuid, text, text),
    public.end_booking_links(uuid, uuid)
  to authenticated;
grant execute on function private.mentor_of_booking(uuid) to authenticated, matepeak_app;

-- public.bookings ------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (update)
-- * before a row: 10_clear_meeting (update), 15_check_transition (update), 16_join_group (update),
--   17_settle_money (update), 18_settle_offers (update), 19_agree_place (update), 20_prepare (insert), 30_check_pause (insert),
--   35_set_mentor_wall_clock (insert), 36_move_mentor_wall_clock (update), 37_take_group_seat (insert),
--   40_set_place (insert)
-- * after a row: 50_announce_meeting (update), 55_limit_open (insert), 56_take_offers (insert), 57_open_payment (insert),
--   58_accept_offer (insert), 60_record_created (insert), 61_record_move (update), 62_record_step (update),
--   65_settle_offer (update), 70_settle_occupancy (update), 71_follow (update),
--   72_follow_with_payment (update), 73_ask_for_meeting (insert), 74_follow_with_meeting (update),
--   75_join_cancellation (update), 76_end_together (update), 77_promise_series (update), 78_count_seat (insert),
--   79_count_seat_change (update)
-- Ahead of any row, so that a mentor's plain update keeps the lock order too. change_booking_status() has its own lock.
create or replace trigger bookings_05_lock_schedule before update on public.bookings
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger bookings_10_clear_meeting before update on public.bookings
  for each row
  when (new.status = 'cancelled' and (new.meeting_url is not null or new.meeting_place is not null))
  execute function private.clear_booking_meeting();
create or replace trigger bookings_15_check_transition before update on public.bookings
  for each row execute function private.check_booking_transition();
-- A session for one that moves by itself may have become one with several seats.
create or replace trigger bookings_16_join_group before update on public.bookings
  for each row
  when (
    new.session_type = 'groupSession' and new.occupancy_id is not null
    and (new.occupancy_id, new.starts_at) is distinct from (old.occupancy_id, old.starts_at))
  execute function private.join_group();
create or replace trigger bookings_17_settle_money before update on public.bookings
  for each row
  when (
    new.status is distinct from old.status and old.payment_status <> 'free'
    -- What it becomes by being paid was settled with the payment.
    and new.status_when_paid is not distinct from old.status_when_paid)
  execute function private.settle_money_of_booking();
create or replace trigger bookings_18_settle_offers before update on public.bookings
  for each row
  when (new.status is distinct from old.status and (old.coupon_id is not null or old.package_purchase_id is not null))
  execute function private.settle_offers_of_booking();
-- book_sessions() gives the revision that a booking was judged by, and no client can: it has done the work of the triggers.
create or replace trigger bookings_19_agree_place before update on public.bookings
  for each row
  when (new.status = 'confirmed' and (old.status <> 'confirmed' or new.occupancy_id is distinct from old.occupancy_id))
  execute function private.set_meeting_place();
create or replace trigger bookings_20_prepare before insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.prepare_booking();
create or replace trigger bookings_30_check_pause before insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.check_mentor_accepts();
-- After prepare, which finds the instant.
create or replace trigger bookings_35_set_mentor_wall_clock before insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.set_mentor_wall_clock();
create or replace trigger bookings_36_move_mentor_wall_clock before update of starts_at on public.bookings
  for each row execute function private.set_mentor_wall_clock();
-- Before the place, which may be that of the group.
create or replace trigger bookings_37_take_group_seat before insert on public.bookings
  for each row when (new.session_type = 'groupSession') execute function private.join_group();
create or replace trigger bookings_40_set_place before insert on public.bookings
  for each row when (new.status = 'confirmed') execute function private.set_meeting_place();
create or replace trigger bookings_50_announce_meeting after update on public.bookings
  for each row when ((new.meeting_url, new.meeting_note) is distinct from (old.meeting_url, old.meeting_note))
  execute function private.announce_meeting();
create or replace trigger bookings_55_limit_open after insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.limit_new_booking();
create or replace trigger bookings_56_take_offers after insert on public.bookings
  for each row when (new.coupon_id is not null or new.package_purchase_id is not null)
  execute function private.take_offers_of_booking();
create or replace trigger bookings_57_open_payment after insert on public.bookings
  for each row when (new.judged_revision is null and new.status_when_paid is not null)
  execute function private.open_payment();
create or replace trigger bookings_58_accept_offer after insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.accept_offer();
create or replace trigger bookings_60_record_created after insert on public.bookings
  for each row when (new.judged_revision is null) execute function private.record_booking_event();
create or replace trigger bookings_61_record_move after update on public.bookings
  for each row when (new.starts_at is distinct from old.starts_at) execute function private.record_booking_move();
create or replace trigger bookings_62_record_step after update on public.bookings
  for each row
  when (new.status is distinct from old.status or (old.status_when_paid is not null and new.status_when_paid is null))
  execute function private.record_booking_event();
-- Before the occupancy, which the offer refers to.
create or replace trigger bookings_65_settle_offer after update on public.bookings
  for each row
  when (old.status_when_paid is not null and (new.status_when_paid is null or new.status is distinct from old.status))
  execute function private.settle_offer_of_booking();
create or replace trigger bookings_70_settle_occupancy after update on public.bookings
  for each row when (new.status is distinct from old.status) execute function private.settle_occupancy();
create or replace trigger bookings_71_follow after update on public.bookings
  for each row when (new.starts_at is distinct from old.starts_at or (new.status = 'cancelled' and old.status <> 'cancelled'))
  execute function private.follow_booking();
create or replace trigger bookings_72_follow_with_payment after update on public.bookings
  for each row when (new.ends_at is distinct from old.ends_at and new.payment_status <> 'free')
  execute function private.follow_session_with_payment();
create or replace trigger bookings_73_ask_for_meeting after insert on public.bookings
  for each row when (new.meeting_place is not null) execute function private.ask_for_meeting();
create or replace trigger bookings_74_follow_with_meeting after update on public.bookings
  for each row
  when (
    (new.meeting_place is not null or old.meeting_place is not null) and new.status in ('confirmed', 'cancelled')
    and (new.status is distinct from old.status or new.starts_at is distinct from old.starts_at))
  execute function private.ask_for_meeting();
-- No change for all others: change_booking_status() does this by itself.
create or replace trigger bookings_75_join_cancellation after update on public.bookings
  for each row when (current_user = 'authenticated' and old.status = 'cancelled' and new.status = 'cancelled')
  execute function private.join_cancellation_of_booking();
create or replace trigger bookings_76_end_together after update on public.bookings
  for each row
  when (
    new.status = 'cancelled' and old.status = 'pending' and old.status_when_paid is not null
    and num_nonnulls(old.basket_id, old.series_id) > 0)
  execute function private.end_holds_together();
create or replace trigger bookings_77_promise_series after update on public.bookings
  for each row when (old.status_when_paid is not null and new.status_when_paid is null and new.series_id is not null)
  execute function private.promise_series();
create or replace trigger bookings_78_count_seat after insert on public.bookings
  for each row when (new.group_session_id is not null) execute function private.follow_seat();
create or replace trigger bookings_79_count_seat_change after update on public.bookings
  for each row
  when (new.revision <> old.revision and (new.group_session_id is not null or old.group_session_id is not null))
  execute function private.follow_seat();

revoke all on public.bookings
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.bookings to authenticated, matepeak_app;
-- What a student may choose. prepare_booking() computes price, status, instants and expiry.
grant insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, message,
              add_recording, user_name, user_email, user_phone, student_timezone)
  on public.bookings to authenticated;
-- The app has consulted the slot engine, so it also sets the instant and the first status.
grant insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, message,
              add_recording, user_name, user_email, user_phone, student_timezone, starts_at, status, coupon_id,
              package_purchase_id, series_id, series_place, basket_id, shows_name)
  on public.bookings to matepeak_app;
-- Allowed status changes only, see check_booking_transition(). No role may delete.
grant update (status) on public.bookings to authenticated;
drop policy if exists bookings_read_party on public.bookings;
create policy bookings_read_party on public.bookings for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
comment on policy bookings_read_party on public.bookings is 'Only its student and its mentor.';
drop policy if exists bookings_insert_own on public.bookings;
create policy bookings_insert_own on public.bookings for insert to authenticated, matepeak_app
  with check (user_id = (select auth.uid()));
comment on policy bookings_insert_own on public.bookings is 'Students book only for themselves.';
drop policy if exists bookings_update_mentor on public.bookings;
create policy bookings_update_mentor on public.bookings for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy bookings_update_mentor on public.bookings is
  'The mentor approves, declines, cancels and completes. A student cancels through change_booking_status().';

-- public.booking_events ------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (insert)
-- The beginning is announced by record_booking_event(), or by the app after book_sessions().
create or replace trigger booking_events_50_announce after insert on public.booking_events
  for each row when (new.kind <> 'created') execute function private.announce_booking_event();

revoke all on public.booking_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
revoke all on sequence public.booking_events_id_seq
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.booking_events to authenticated, matepeak_app;
drop policy if exists booking_events_read_party on public.booking_events;
create policy booking_events_read_party on public.booking_events for select to authenticated, matepeak_app
  using (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = booking_events.expert_id));
comment on policy booking_events_read_party on public.booking_events is
  'The same people as the booking itself, whose policy decides.';

-- public.booking_link_generations --------------------------------------------------------------------------------------

revoke all on public.booking_link_generations
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select (booking_id, user_id, generation, ended_at, expert_id) on public.booking_link_generations to authenticated;
drop policy if exists booking_link_generations_own on public.booking_link_generations;
create policy booking_link_generations_own on public.booking_link_generations
  for select to authenticated using (user_id = (select auth.uid()));
comment on policy booking_link_generations_own on public.booking_link_generations is
  'People read how often they revoked their own links.';

-- private.booking_origins ----------------------------------------------------------------------------------------------

revoke all on private.booking_origins
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
