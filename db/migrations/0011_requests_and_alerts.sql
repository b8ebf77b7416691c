-- What a student does when no offered time fits: ask for another, or wait for one. And the inbox that tells people.

-- Ask for another time ------------------------------------------------------------------------------------------------

create table public.time_requests (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null references public.services (id),
  duration integer not null constraint time_requests_duration_range check (duration between 5 and 480),
  total_amount numeric(10, 2) not null constraint time_requests_total_amount_range check (total_amount >= 0),
  message text constraint time_requests_message_length check (char_length(message) <= 2000),
  user_name text not null default '' constraint time_requests_user_name_length check (char_length(user_name) <= 120),
  user_email text not null default ''
    constraint time_requests_user_email_length check (char_length(user_email) <= 254),
  student_timezone text not null,
  status text not null default 'open'
    constraint time_requests_status_known check (status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  awaiting text not null default 'mentor'
    constraint time_requests_awaiting_known check (awaiting in ('student', 'mentor')),
  round integer not null default 1 constraint time_requests_round_range check (round between 1 and 20),
  expires_at timestamptz not null,
  reason text constraint time_requests_reason_length check (char_length(reason) <= 500),
  booking_id uuid references public.bookings (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint time_requests_not_own_session check (user_id <> expert_id),
  constraint time_requests_accepted_is_booked check ((status = 'accepted') = (booking_id is not null))
);
comment on table public.time_requests is
  'A student asks a mentor for a time that is not offered. Holds no time: only the booking it may become does.';
comment on column public.time_requests.total_amount is 'The price when the student asked; nobody is booked at another.';
comment on column public.time_requests.awaiting is 'Whose answer to the last round of proposals is awaited.';
comment on column public.time_requests.reason is 'The mentor''s words to a decline.';
create index time_requests_user_id_idx on public.time_requests (user_id, created_at desc, id desc);
create index time_requests_expert_id_idx on public.time_requests (expert_id, created_at desc, id desc);
create index time_requests_service_id_idx on public.time_requests (service_id);
create index time_requests_booking_id_idx on public.time_requests (booking_id);
create index time_requests_expires_at_idx on public.time_requests (expires_at) where status = 'open';
create unique index time_requests_one_open_key on public.time_requests (user_id, expert_id) where status = 'open';
create trigger time_requests_touch before update on public.time_requests
  for each row execute function private.touch_updated_at();

create table public.time_proposals (
  id uuid primary key default gen_random_uuid(),
  request_id uuid not null references public.time_requests (id),
  proposed_by text not null
    constraint time_proposals_proposed_by_known check (proposed_by in ('student', 'mentor')),
  round integer not null,
  place integer not null constraint time_proposals_at_most_three check (place between 1 and 3),
  starts_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint time_proposals_round_place_key unique (request_id, round, place),
  constraint time_proposals_round_start_key unique (request_id, round, starts_at)
);
comment on table public.time_proposals is 'The starts that one side proposes; a new round replaces the last.';
comment on column public.time_proposals.place is 'First, second or third of its round.';

create function private.keep_time_request_honest() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if old.status <> 'open' or (old.expires_at <= now() and new.status <> 'expired') then
    raise exception 'a request that was answered or has expired is not changed'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  return new;
end
$$;
comment on function private.keep_time_request_honest() is 'What is answered, withdrawn or expired stays so.';
create trigger time_requests_keep_honest before update on public.time_requests
  for each row execute function private.keep_time_request_honest();

create function private.accept_time_proposal(wanted uuid) returns uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  request public.time_requests;
  proposal public.time_proposals;
  service public.services;
  zone text;
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
  if not exists (select from public.service_durations d
                 where d.service_id = service.id and d.minutes = request.duration and d.price = request.total_amount)
  then
    raise exception 'the price is not the one that was asked for'
      using errcode = 'check_violation', constraint = 'time_requests_price_stands';
  end if;

  select timezone into zone from public.expert_profiles where id = request.expert_id;
  insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
                               message, user_name, user_email, student_timezone, starts_at, status)
    values (request.user_id, request.expert_id, request.service_id, service.session_type,
            (proposal.starts_at at time zone zone)::date, to_char(proposal.starts_at at time zone zone, 'HH24:MI'),
            request.duration, request.message, request.user_name, request.user_email, request.student_timezone,
            proposal.starts_at, 'confirmed')
    returning id into booked;
  update public.time_proposals set accepted_at = now() where id = wanted;
  update public.time_requests set status = 'accepted', booking_id = booked where id = request.id;
  return booked;
end
$$;
comment on function private.accept_time_proposal(uuid) is
  'Both have said yes: the session is booked and confirmed, in hours or not, but never in taken or past time. For the '
  'party whose answer is awaited; null for anybody who is no party.';

create function private.lapse_time_requests() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  lapsed integer;
begin
  update public.time_requests set status = 'expired' where status = 'open' and expires_at <= now();
  get diagnostics lapsed = row_count;
  return lapsed;
end
$$;
comment on function private.lapse_time_requests() is 'Requests nobody answered. They hold no time, so no mentor is locked.';

alter table public.time_requests enable row level security;
alter table public.time_proposals enable row level security;
revoke all on public.time_requests, public.time_proposals from public, anon, authenticated, service_role;
grant select on public.time_requests, public.time_proposals to authenticated, matepeak_app;
-- The app has asked the slot engine and the services; a request becomes accepted in accept_time_proposal() only.
grant insert (user_id, expert_id, service_id, duration, total_amount, message, user_name, user_email, student_timezone,
              expires_at),
      update (status, awaiting, round, expires_at, reason)
  on public.time_requests to matepeak_app;
grant insert (request_id, proposed_by, round, place, starts_at) on public.time_proposals to matepeak_app;

create policy time_requests_read_party on public.time_requests for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
create policy time_requests_insert_own on public.time_requests for insert to matepeak_app
  with check (user_id = (select auth.uid()));
create policy time_requests_update_party on public.time_requests for update to matepeak_app
  using (user_id = (select auth.uid()) or expert_id = (select auth.uid()))
  with check (user_id = (select auth.uid()) or expert_id = (select auth.uid()));
create policy time_proposals_read_party on public.time_proposals for select to authenticated, matepeak_app
  using (exists (select from public.time_requests r where r.id = request_id));
create policy time_proposals_insert_party on public.time_proposals for insert to matepeak_app
  with check (exists (select from public.time_requests r where r.id = request_id));
comment on policy time_requests_read_party on public.time_requests is 'Its student and its mentor, nobody else.';
comment on policy time_requests_insert_own on public.time_requests is 'A student asks for himself.';
comment on policy time_requests_update_party on public.time_requests is 'Either party answers, through the app.';
comment on policy time_proposals_read_party on public.time_proposals is
  'Who may see the request may see its proposals (time_requests'' own policy decides).';
comment on policy time_proposals_insert_party on public.time_proposals is 'Either party proposes, through the app.';

-- The inbox -----------------------------------------------------------------------------------------------------------

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null constraint notifications_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  booking_id uuid references public.bookings (id),
  request_id uuid references public.time_requests (id),
  payload jsonb not null default '{}',
  dedupe_key text not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint notifications_user_id_dedupe_key_key unique (user_id, dedupe_key)
);
comment on table public.notifications is 'What a person is told inside the app. Written by jobs.';
comment on column public.notifications.payload is 'What the sentence needs, as it was: names, title, start, reason.';
comment on column public.notifications.dedupe_key is 'Names the occasion: a job that runs twice tells once.';
create index notifications_user_id_created_at_idx on public.notifications (user_id, created_at desc, id desc);
create index notifications_unread_idx on public.notifications (user_id) where read_at is null;
create index notifications_booking_id_idx on public.notifications (booking_id);
create index notifications_request_id_idx on public.notifications (request_id);
create index notifications_created_at_idx on public.notifications (created_at);

alter table public.notifications enable row level security;
revoke all on public.notifications from public, anon, authenticated, service_role;
grant select, update (read_at) on public.notifications to authenticated;
create policy notifications_read_own on public.notifications for select to authenticated
  using (user_id = (select auth.uid()));
create policy notifications_update_own on public.notifications for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy notifications_read_own on public.notifications is 'One''s own inbox only.';
comment on policy notifications_update_own on public.notifications is 'One marks one''s own as read.';

create function private.write_notification(
  recipient uuid, kind text, dedupe_key text, payload jsonb,
  booking_id uuid default null, request_id uuid default null)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into public.notifications (user_id, kind, dedupe_key, payload, booking_id, request_id)
    values (recipient, write_notification.kind, write_notification.dedupe_key, write_notification.payload,
            write_notification.booking_id, write_notification.request_id)
    on conflict on constraint notifications_user_id_dedupe_key_key do nothing;
  return found;
end
$$;
comment on function private.write_notification(uuid, text, text, jsonb, uuid, uuid) is
  'Puts something in a person''s inbox, once per occasion; false if it was there already.';

create function private.announce_notification() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.tell_person(new.user_id, 'notifications');
  return null;
end
$$;
comment on function private.announce_notification() is 'The bell of every open page of this person is out of date.';
create trigger notifications_announce after insert or update on public.notifications
  for each row execute function private.announce_notification();

create function private.forget_old_notifications() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  forgotten integer;
begin
  delete from public.notifications where created_at < now() - interval '180 days';
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function private.forget_old_notifications() is 'The inbox keeps half a year.';

create function private.enqueue_booking_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue('notify_booking_event', jsonb_build_object('event_id', new.id));
  return null;
end
$$;
comment on function private.enqueue_booking_event() is 'People hear of every step of a booking''s life.';
create trigger booking_events_enqueue after insert on public.booking_events
  for each row execute function private.enqueue_booking_event();

create function private.booking_event_facts(wanted bigint)
  returns table (kind text, to_status text, actor text, reason text, happened_at timestamptz,
                 from_starts_at timestamptz, booking_id uuid, student_id uuid, mentor_id uuid, student_name text,
                 mentor_name text, mentor_username text, service_title text, starts_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.kind, e.to_status, e.actor, e.reason, e.created_at, e.from_starts_at, b.id, b.user_id, b.expert_id,
      b.user_name, p.full_name, p.username, s.title, coalesce(e.to_starts_at, b.starts_at)
    from public.booking_events e
      join public.bookings b on b.id = e.booking_id
      join public.expert_profiles p on p.id = b.expert_id
      join public.services s on s.id = b.service_id
    where e.id = wanted
  $$;
comment on function private.booking_event_facts(bigint) is 'What there is to say about one step of a booking''s life.';

create function private.announce_time_request() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.tell_person(new.user_id, 'requests');
  perform private.tell_person(new.expert_id, 'requests');
  if tg_op = 'INSERT' or new.status <> old.status or new.round <> old.round then
    perform private.enqueue('notify_time_request',
      jsonb_build_object('request_id', new.id, 'status', new.status, 'round', new.round));
  end if;
  return null;
end
$$;
comment on function private.announce_time_request() is 'People hear of every step of a request''s life.';
create trigger time_requests_announce after insert or update on public.time_requests
  for each row execute function private.announce_time_request();

create function private.time_request_facts(wanted uuid)
  returns table (status text, round integer, awaiting text, reason text, student_id uuid, mentor_id uuid,
                 student_name text, mentor_name text, mentor_username text, service_title text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select r.status, r.round, r.awaiting, r.reason, r.user_id, r.expert_id, r.user_name, p.full_name,
      p.username, s.title
    from public.time_requests r
      join public.expert_profiles p on p.id = r.expert_id
      join public.services s on s.id = r.service_id
    where r.id = wanted
  $$;
comment on function private.time_request_facts(uuid) is 'What there is to say about a request.';

-- Tell me when it opens -----------------------------------------------------------------------------------------------

create table public.availability_alerts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null references public.services (id) on delete cascade,
  duration integer not null constraint availability_alerts_duration_range check (duration between 5 and 480),
  from_date date not null,
  to_date date not null,
  timezone text not null,
  status text not null default 'active'
    constraint availability_alerts_status_known check (status in ('active', 'fired', 'expired')),
  fired_at timestamptz,
  created_at timestamptz not null default now(),
  constraint availability_alerts_range_length check (to_date - from_date between 0 and 61),
  constraint availability_alerts_fired_once check ((status = 'fired') = (fired_at is not null))
);
comment on table public.availability_alerts is 'Somebody waits for a fitting time of a mentor on some days; told once.';
comment on column public.availability_alerts.timezone is 'The zone in which the two dates are meant: the student''s.';
create index availability_alerts_user_id_idx on public.availability_alerts (user_id, created_at desc);
create index availability_alerts_expert_id_idx on public.availability_alerts (expert_id);
create index availability_alerts_active_idx on public.availability_alerts (expert_id) where status = 'active';
create index availability_alerts_service_id_idx on public.availability_alerts (service_id);
create unique index availability_alerts_active_key
  on public.availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date)
  where status = 'active';

alter table public.availability_alerts enable row level security;
revoke all on public.availability_alerts from public, anon, authenticated, service_role;
grant select, delete on public.availability_alerts to authenticated;
-- The app has asked the slot engine that there is no such time yet.
grant select, insert (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
  on public.availability_alerts to matepeak_app;
create policy availability_alerts_read_own on public.availability_alerts for select to authenticated, matepeak_app
  using (user_id = (select auth.uid()));
create policy availability_alerts_insert_own on public.availability_alerts for insert to matepeak_app
  with check (user_id = (select auth.uid()));
create policy availability_alerts_delete_own on public.availability_alerts for delete to authenticated
  using (user_id = (select auth.uid()));
comment on policy availability_alerts_read_own on public.availability_alerts is 'One sees one''s own alerts only.';
comment on policy availability_alerts_insert_own on public.availability_alerts is 'One sets alerts for oneself.';
comment on policy availability_alerts_delete_own on public.availability_alerts is 'One drops one''s own alerts.';

create function private.watch_growth() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid;
begin
  if tg_table_name = 'expert_profiles' then
    mentor := new.id;
  elsif tg_table_name = 'service_durations' then
    select s.expert_id into mentor from public.services s where s.id = new.service_id;
  else
    mentor := coalesce(new.expert_id, old.expert_id);
  end if;
  -- Who sets an alert and who changes the mentor's time both hold the mentor's row: neither misses the other.
  if exists (select from public.availability_alerts a where a.expert_id = mentor and a.status = 'active') then
    perform private.enqueue('check_alerts', jsonb_build_object('mentor_id', mentor), 'check_alerts:' || mentor);
  end if;
  return null;
end
$$;
comment on function private.watch_growth() is
  'A mentor may have more free time than before: one job per mentor looks whether somebody waits for it.';

create trigger occupancies_freed after delete on public.occupancies
  for each row execute function private.watch_growth();
create trigger occupancies_shrunk after update on public.occupancies
  for each row when (not new.during @> old.during or new.seats_taken < old.seats_taken or new.capacity > old.capacity)
  execute function private.watch_growth();
-- A deletion too: a dated window may have stood in place of the week's.
create trigger availability_slots_grown after insert or update or delete on public.availability_slots
  for each row execute function private.watch_growth();
create trigger blocked_dates_freed after delete on public.blocked_dates
  for each row execute function private.watch_growth();
create trigger timezone_periods_grown after insert or update or delete on public.timezone_periods
  for each row execute function private.watch_growth();
create trigger services_grown after update on public.services
  for each row execute function private.watch_growth();
create trigger service_durations_grown after insert on public.service_durations
  for each row execute function private.watch_growth();
create trigger expert_profiles_grown after update on public.expert_profiles
  for each row when (
    (old.timezone, old.slot_interval, old.buffer_before, old.buffer_after, old.minimum_notice, old.booking_window_days,
     old.max_per_day, old.max_per_week)
    is distinct from
    (new.timezone, new.slot_interval, new.buffer_before, new.buffer_after, new.minimum_notice, new.booking_window_days,
     new.max_per_day, new.max_per_week))
  execute function private.watch_growth();

create function private.mentors_with_alerts() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct expert_id from public.availability_alerts where status = 'active'
  $$;
comment on function private.mentors_with_alerts() is
  'Whom somebody waits for. Time alone opens days too: the booking window moves on.';

create function private.lock_active_alerts(mentor uuid) returns setof public.availability_alerts
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select * from public.availability_alerts where expert_id = mentor and status = 'active' order by id for update
  $$;
comment on function private.lock_active_alerts(uuid) is 'Those who wait for this mentor; of two jobs the second waits.';

create function private.fire_alert(wanted uuid, payload jsonb) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  waiting uuid;
begin
  update public.availability_alerts set status = 'fired', fired_at = now()
    where id = wanted and status = 'active' returning user_id into waiting;
  if not found then
    return false;
  end if;
  return private.write_notification(waiting, 'alert_fired', 'alert:' || wanted, fire_alert.payload);
end
$$;
comment on function private.fire_alert(uuid, jsonb) is 'Tells who waits, once, in the transaction that ends the waiting.';

create function private.expire_alerts() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  expired integer;
begin
  update public.availability_alerts set status = 'expired'
    where status = 'active' and to_date < (now() at time zone timezone)::date;
  get diagnostics expired = row_count;
  delete from public.availability_alerts where status <> 'active' and created_at < now() - interval '180 days';
  return expired;
end
$$;
comment on function private.expire_alerts() is 'Nobody waits for days that are over; after half a year they are forgotten.';

revoke execute on function
    private.keep_time_request_honest(),
    private.accept_time_proposal(uuid),
    private.lapse_time_requests(),
    private.write_notification(uuid, text, text, jsonb, uuid, uuid),
    private.announce_notification(),
    private.forget_old_notifications(),
    private.enqueue_booking_event(),
    private.booking_event_facts(bigint),
    private.announce_time_request(),
    private.time_request_facts(uuid),
    private.watch_growth(),
    private.mentors_with_alerts(),
    private.lock_active_alerts(uuid),
    private.fire_alert(uuid, jsonb),
    private.expire_alerts()
  from public, anon, authenticated, service_role;
grant execute on function
    private.accept_time_proposal(uuid),
    private.lapse_time_requests(),
    private.write_notification(uuid, text, text, jsonb, uuid, uuid),
    private.forget_old_notifications(),
    private.booking_event_facts(bigint),
    private.time_request_facts(uuid),
    private.mentors_with_alerts(),
    private.lock_active_alerts(uuid),
    private.fire_alert(uuid, jsonb),
    private.expire_alerts()
  to matepeak_app;
