-- Personal data: closing accounts, what is stored about a person, and erasing it.

create or replace function private.is_closed(person uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (select from private.closed_accounts c where c.user_id = person)
  $$;
comment on function private.is_closed(uuid) is 'Whether an account is suspended or deleted.';

create or replace function private.is_deleted() returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (select from private.closed_accounts c where c.user_id = auth.uid() and c.why = 'deleted')
  $$;
comment on function private.is_deleted() is 'Whether the account of the caller, who may act by a signed link, is deleted.';

create or replace function private.require_open_accounts() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- After the row, whose reference to the person has waited for an account that is being closed (close_account).
  if private.is_closed(new.user_id) then
    raise exception 'the account is closed' using errcode = 'check_violation', constraint = 'accounts_open';
  end if;
  if tg_table_schema = 'public' then
    if private.is_closed(new.expert_id) then
      raise exception 'the mentor''s account is closed' using errcode = 'check_violation', constraint = 'mentors_open';
    end if;
  end if;
  return null;
end
$$;
comment on function private.require_open_accounts() is
  'Rejects a new row of a person whose account is closed, and in public of such a mentor.';

-- The one place where an account is closed. In the lock order: the mentor, then the person.
create or replace function private.close_account(person uuid, because text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(person);
  if to_regclass('auth.verifications') is not null then
    -- Waits for bookings that are being written for the person, whose foreign key shares this lock. Later ones wait for us,
    -- and then see that the account is closed.
    perform from auth.users u where u.id = person for update;
  end if;
  update public.expert_profiles p set hidden_because = because where p.id = person;
  if to_regclass('auth.verifications') is not null then
    delete from auth.sessions s where s.user_id = person;
  end if;
end
$$;
comment on function private.close_account(uuid, text) is
  'Signs a person out everywhere and hides a mentor''s page. The caller writes the row of closed_accounts in the same '
  'transaction.';

create or replace function private.request_deletion() returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  person uuid := auth.uid();
  old_address text;
begin
  perform private.close_account(person, 'deleted');
  insert into private.closed_accounts as c (user_id, why, step, address, former_username)
    select u.id, 'deleted', 'cancelling', u.email, p.username
    from auth.users u left join public.expert_profiles p on p.id = u.id
    where u.id = person
    on conflict (user_id) do update
      set why = 'deleted', since = now(), step = 'cancelling', address = excluded.address,
        former_username = excluded.former_username
      where c.why = 'suspended'
    returning address into old_address;
  if not found then
    return false;
  end if;
  perform private.forget_login(person, old_address);
  -- A name that Zoom reported may be either person's.
  delete from public.join_events e using public.bookings b
    where person in (b.user_id, b.expert_id) and e.booking_id = b.id and e.expert_id = b.expert_id and e.name is not null;
  delete from private.made_meetings m where m.expert_id = person and (m.ends_at is null or m.ends_at < now());
  delete from public.calendar_feeds f where f.user_id = person;
  delete from public.calendar_connections c where c.user_id = person;
  perform private.enqueue('delete_account', jsonb_build_object('user_id', person), 'delete_account:' || person);
  return true;
end
$$;
comment on function private.request_deletion() is
  'Begins the deletion of the caller''s account: from now on it cannot be signed in to, and its address can be used for '
  'another one. The job delete_account does the rest. False if it has begun before.';

create or replace function private.forget_login(person uuid, old_address text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  logins record;
begin
  -- On Supabase the platform's own Auth deletes what is its own.
  if to_regclass('auth.verifications') is null then
    return;
  end if;
  -- Every table of the accounts library that refers to a person: logins, passwords, passkeys, second factors.
  for logins in
    select f.conrelid::regclass as name, a.attname as column
    from pg_constraint f
      join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    where f.contype = 'f' and f.confrelid = 'auth.users'::regclass and n.nspname = 'auth'
  loop
    execute format('delete from %s where %I = $1', logins.name, logins.column) using person;
  end loop;
  delete from auth.verifications v
    where position(person::text in v.value) > 0 or position(lower(old_address) in lower(v.identifier || ' ' || v.value)) > 0;
  -- No reference to the person is lost, and no mail can be sent to an address below .invalid (RFC 2606).
  update auth.users u
    set name = 'deleted', email = person || '@deleted.invalid', email_verified = false, image = null
    where u.id = person;
end
$$;
comment on function private.forget_login(uuid, text) is
  'Removes every way to sign in to an account, its name and its address, and keeps the row that others refer to.';

create or replace function private.require_deletion(person uuid) returns void
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not exists (select from private.closed_accounts c where c.user_id = person and c.why = 'deleted') then
    raise exception 'this account is not being deleted' using errcode = 'insufficient_privilege';
  end if;
end
$$;
comment on function private.require_deletion(uuid) is
  'Rejects the steps of a deletion for everyone who has not asked for it.';

create or replace function private.mentors_with_upcoming(person uuid, most integer) returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    (select distinct b.expert_id from public.bookings b
     where b.user_id = person and b.status in ('pending', 'confirmed') and b.starts_at > now() limit most)
    union
    (select b.expert_id from public.bookings b
     where b.expert_id = person and b.status in ('pending', 'confirmed') and b.starts_at > now() limit 1)
  $$;
comment on function private.mentors_with_upcoming(uuid, integer) is
  'The mentors of a person''s upcoming sessions, the person included.';

create or replace function private.cancel_upcoming(mentor uuid, person uuid, why_cancelled text, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  handled integer;
begin
  perform private.require_deletion(person);
  perform private.lock_mentor(mentor);
  -- The triggers see who cancels and why, as if the person did it; no cut-off applies.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', person)::text, true),
    set_config('matepeak.reason', why_cancelled, true);
  update public.bookings b set status = 'cancelled'
    where b.expert_id = mentor and b.id = any (array(
      select u.id from public.bookings u
      where u.expert_id = mentor and person in (u.user_id, u.expert_id)
        and u.status in ('pending', 'confirmed') and u.starts_at > now()
      order by u.starts_at limit most));
  get diagnostics handled = row_count;
  perform set_config('matepeak.reason', '', true);
  update private.closed_accounts c set cancelled = c.cancelled + handled where c.user_id = person;
  return handled;
end
$$;
comment on function private.cancel_upcoming(uuid, uuid, text, integer) is
  'Cancels the next of a leaving person''s sessions with one mentor: history, freed time and messages follow as always.';

create or replace function private.end_wishes(person uuid, why_ended text, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  handled integer;
  alerts integer;
begin
  perform private.require_deletion(person);
  update public.time_requests r
    set status = case when r.expires_at <= now() then 'expired' when r.user_id = person then 'withdrawn' else 'declined' end,
      reason = case when r.user_id = person or r.expires_at <= now() then r.reason else why_ended end
    where r.id = any (array(
      select o.id from public.time_requests o
      where o.status = 'open' and person in (o.user_id, o.expert_id) order by o.id limit most for no key update));
  get diagnostics handled = row_count;
  update private.closed_accounts c set cancelled = c.cancelled + handled where c.user_id = person;
  -- No job checks alerts for the time that is freed by a mentor who leaves.
  delete from public.availability_alerts a where a.id = any (array(
    select o.id from public.availability_alerts o
    where person = o.user_id or (person = o.expert_id and o.status = 'active') limit most - handled));
  get diagnostics alerts = row_count;
  -- Before the holds, which the offers refer to.
  perform private.withdraw_from_waitlist(person, person);
  -- A hold of a booking ends with it.
  delete from public.occupancies o
    where o.expert_id = person and o.state = 'hold' and not exists (
      select from public.bookings b where b.occupancy_id = o.id and b.expert_id = o.expert_id);
  delete from public.favourite_mentors f where person in (f.user_id, f.expert_id);
  return handled + alerts;
end
$$;
comment on function private.end_wishes(uuid, text, integer) is
  'Ends a leaving person''s open time requests, alerts, holds and favourites, and those of others for that mentor, with the '
  'mentor''s waitlist.';

create or replace function private.has_messages_to_come(person uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
        select from public.booking_events e join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
        where e.notified_at is null and person in (b.user_id, b.expert_id))
      or exists (
        select from public.money_events m
        where m.notified_at is null and m.notify_at <= now() and person in (m.user_id, m.expert_id))
      or exists (
        select from public.time_requests r join graphile_worker._private_jobs j on j.payload ->> 'request_id' = r.id::text
        where person in (r.user_id, r.expert_id) and j.attempts < j.max_attempts)
      or exists (
        select from private.deliveries_about(person) d
        where d.state = 'waiting' and d.due_at < now() + interval '5 minutes')
  $$;
comment on function private.has_messages_to_come(uuid) is
  'Whether messages about a person''s sessions or requests are still to be written or sent, with the name that the other side '
  'knows.';

create or replace function private.erase_person(person uuid, replacement text, kept_reason text, most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  closed private.closed_accounts;
  new_username text := 'deleted-' || left(md5(person::text), 16);
  handled integer := 0;
  changed integer;
begin
  perform private.require_deletion(person);
  select * into closed from private.closed_accounts c where c.user_id = person;
  -- Each statement takes what the slice has room for; a slice without anything left to do ends at the bottom.

  -- What the person wrote or sent, in the records that the other side keeps.
  update public.bookings b set user_name = replacement, user_email = '', user_phone = null, message = null
    where (b.id, b.expert_id) in (
      select o.id, o.expert_id from public.bookings o
      where o.user_id = person
        and (o.user_name <> replacement or o.user_email <> '' or o.user_phone is not null or o.message is not null)
      order by o.id limit most);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.bookings b set meeting_url = null, meeting_note = null, meeting_place = null
    where b.expert_id = person and b.id = any (array(
      select o.id from public.bookings o
      where o.expert_id = person and (o.meeting_url is not null or o.meeting_place is not null) order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.group_sessions g set meeting_url = null, meeting_note = null
    where g.expert_id = person and g.id = any (array(
      select o.id from public.group_sessions o
      where o.expert_id = person and o.meeting_url is not null order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  -- What the sandbox shows its payers contains the mentor's name.
  update private.sandbox_orders s set description = ''
    where s.id = any (array(
      select o.id from public.payments p join private.sandbox_orders o on o.reference = p.id::text
      where person in (p.user_id, p.expert_id) and o.description <> '' order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  -- What providers say about a payment: webhooks hold addresses and numbers of the payer, reasons may quote them.
  update private.payment_events e set body = ''
    where e.id = any (array(
      select o.id from public.payments p
        join private.payment_orders k on k.payment_id = p.id and k.expert_id = p.expert_id
        join private.payment_events o on o.provider = k.provider and o.order_id = k.order_id
      where person in (p.user_id, p.expert_id) and o.body <> '' order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.payment_attempts a set failure_message = null
    where (a.id, a.expert_id) in (
      select o.id, o.expert_id from public.payments p
        join public.payment_attempts o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.failure_message is not null order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.refunds r set failure = null
    where (r.id, r.expert_id) in (
      select o.id, o.expert_id from public.payments p
        join public.refunds o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.failure is not null order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.money_events m set detail = null
    where m.id = any (array(
      select o.id from public.payments p
        join public.money_events o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.kind in ('failed', 'refund_failed') and o.detail is not null
      order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.booking_events e set reason = null
    where (e.id, e.expert_id) in (
      select o.id, o.expert_id from public.bookings b join public.booking_events o on o.booking_id = b.id and o.expert_id = b.expert_id
      where person in (b.user_id, b.expert_id) and o.actor_id = person and o.reason <> kept_reason
      order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.no_show_claims n
    set reason = case when n.claimed_by = party.side then null else n.reason end,
      answer = case when n.claimed_by = party.side then n.answer end
    from (
      select o.id, p.side from public.bookings b
        join public.no_show_claims o on o.booking_id = b.id and o.expert_id = b.expert_id
        cross join lateral (select case when b.user_id = person then 'student' else 'mentor' end) p (side)
      where person in (b.user_id, b.expert_id)
        and case when o.claimed_by = p.side then o.reason else o.answer end is not null
      order by o.id limit most - handled
    ) party
    where n.id = party.id;
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.time_requests r
    set user_name = case when r.user_id = person then replacement else r.user_name end,
      user_email = case when r.user_id = person then '' else r.user_email end,
      message = case when r.user_id = person then null else r.message end,
      reason = case when r.expert_id = person and r.reason <> kept_reason then null else r.reason end
    where r.id = any (array(
      select o.id from public.time_requests o
      where (o.user_id = person and (o.user_name <> replacement or o.user_email <> '' or o.message is not null))
        or (o.expert_id = person and o.reason <> kept_reason)
      order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.reviews r set author = replacement
    where r.id = any (array(
      select o.id from public.reviews o where o.user_id = person and o.author <> replacement order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  delete from public.review_replies a where a.expert_id = person and a.review_id = any (array(
    select o.review_id from public.review_replies o where o.expert_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;

  -- The other side's messages: in the inbox, and mails that are not sent yet.
  update public.notifications n
    set payload = private.without_person(n.payload, replacement, kept_reason, closed.former_username, new_username)
    where n.id = any (array(
      select o.id from private.notifications_about(person) o
      where o.payload is distinct from private.without_person(o.payload, replacement, kept_reason, closed.former_username, new_username)
      limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update private.deliveries d
    set content = jsonb_set(
      d.content, '{facts}', private.without_person(d.content -> 'facts', replacement, kept_reason, closed.former_username, new_username))
    where d.id = any (array(
      select o.id from private.deliveries_about(person) o
      where o.content -> 'facts'
        is distinct from private.without_person(o.content -> 'facts', replacement, kept_reason, closed.former_username, new_username)
      limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;

  -- What is the person's alone.
  delete from public.notifications n where n.id = any (array(
    select o.id from public.notifications o where o.user_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  delete from private.deliveries d where d.id = any (array(
    select o.id from private.deliveries o where o.user_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  if handled >= most then
    return handled;
  end if;
  -- From here on few rows each: they are capped, or kept for a day.
  delete from private.reminders r where r.user_id = person;
  delete from private.idempotency_keys k where k.user_id = person or position(person::text in k.body::text) > 0;
  delete from public.notification_settings s where s.user_id = person;
  delete from public.student_notes n where person in (n.student_id, n.expert_id);
  delete from public.favourite_mentors f where person in (f.user_id, f.expert_id);
  delete from public.availability_alerts a where person in (a.user_id, a.expert_id);
  delete from public.waitlist_entries w where person in (w.user_id, w.expert_id);
  delete from private.booking_origins o using public.bookings b
    where b.user_id = person and o.booking_id = b.id and o.expert_id = b.expert_id;
  delete from public.calendar_feeds f where f.user_id = person;
  delete from public.calendar_connections c where c.user_id = person;
  delete from public.busy_times b where b.expert_id = person;
  delete from public.billing_details d where d.user_id = person;
  delete from public.booking_link_generations g where g.user_id = person;
  delete from public.profiles p where p.id = person;
  delete from private.unreachable_addresses x where x.address = lower(closed.address);
  delete from private.administrators a where a.user_id = person;

  -- A mentor's page. Sessions of the past still refer to it, and to the services.
  perform private.lock_mentor(person);
  delete from public.availability_slots a where a.expert_id = person;
  delete from public.blocked_dates d where d.expert_id = person;
  delete from public.timezone_periods t where t.expert_id = person;
  delete from public.mentor_rooms m where m.expert_id = person;
  delete from public.meeting_places m where m.expert_id = person;
  delete from public.tax_settings t where t.expert_id = person;
  update public.programmes p set description = '' where p.expert_id = person and p.description <> '';
  update public.services s set description = '', enabled = false, deleted_at = coalesce(s.deleted_at, now())
    where s.expert_id = person and (s.deleted_at is null or s.description <> '');
  update public.expert_profiles p
    set username = new_username, full_name = replacement, headline = '', bio = '', expertise = '{}', languages = '{}',
      listed = false, accepting_bookings = false, verified = false
    where p.id = person and p.full_name <> replacement;
  delete from public.former_usernames f where f.expert_id = person;
  return handled;
end
$$;
comment on function private.erase_person(uuid, text, text, integer) is
  'Erases a person whose account is being deleted from what is stored, table by table: server/personalData/rules.ts says what '
  'happens to each column, and why something is kept. Handles a limited number of rows and returns how many; the job repeats '
  'it until a slice is not full. `replacement` stands in for the name; `kept_reason`, why the sessions were cancelled, is kept.';

create or replace function private.without_person(
    facts jsonb, replacement text, kept_reason text, old_username text, new_username text)
  returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select (case when facts ->> 'reason' = kept_reason then facts else facts - 'reason' end)
      || jsonb_build_object('counterpart', replacement)
      || case when facts ->> 'mentor_username' = old_username then jsonb_build_object('mentor_username', new_username) else '{}' end
  $$;
comment on function private.without_person(jsonb, text, text, text, text) is
  'The facts of a message without the name of the other person, and without what that person wrote.';

create or replace function private.notifications_about(person uuid) returns setof public.notifications
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select n.* from public.bookings b join public.notifications n on n.booking_id = b.id
      where person in (b.user_id, b.expert_id) and n.user_id <> person
    union all
    select n.* from public.time_requests r join public.notifications n on n.request_id = r.id
      where person in (r.user_id, r.expert_id) and n.user_id <> person and n.booking_id is null
    union all
    select n.* from public.services s
        join public.notifications n on n.kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed') and n.payload ->> 'service_id' = s.id::text
      where s.expert_id = person and n.user_id <> person and n.booking_id is null and n.request_id is null
  $$;
comment on function private.notifications_about(uuid) is 'What other people''s inboxes have about a person.';

create or replace function private.deliveries_about(person uuid) returns setof private.deliveries
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select d.* from private.deliveries d
    where d.content <> '{}'
      -- By its index: the other sides of the person's sessions, requests and alerts.
      and d.user_id in (
        select case when b.user_id = person then b.expert_id else b.user_id end
          from public.bookings b where person in (b.user_id, b.expert_id)
        union
        select case when r.user_id = person then r.expert_id else r.user_id end
          from public.time_requests r where person in (r.user_id, r.expert_id)
        union
        select n.user_id from public.services s
          join public.notifications n on n.kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed') and n.payload ->> 'service_id' = s.id::text
          where s.expert_id = person)
      and (
        exists (
          select from public.bookings b
          where b.id::text = d.content -> 'booking' ->> 'id' and person in (b.user_id, b.expert_id))
        or exists (
          select from public.time_requests r
          where d.occasion like '%:time\_request:' || r.id || ':%' and person in (r.user_id, r.expert_id))
        or d.content -> 'facts' ->> 'mentor_username' = (
          select c.former_username from private.closed_accounts c where c.user_id = person))
  $$;
comment on function private.deliveries_about(uuid) is 'Mails to other people that are about a person and not sent yet.';

create or replace function private.deletion_step(person uuid)
  returns table (step text, since timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select c.step, c.since from private.closed_accounts c where c.user_id = person and c.why = 'deleted'
  $$;
comment on function private.deletion_step(uuid) is 'How far a deletion is.';

create or replace function private.go_on_with_deletion(person uuid, from_step text, to_step text) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.closed_accounts c set step = to_step where c.user_id = person and c.step = from_step and c.step <> 'done'
  $$;
comment on function private.go_on_with_deletion(uuid, text, text) is 'Records that a step of a deletion is done.';

create or replace function private.finish_deletion(person uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  old_address text;
begin
  select c.address into old_address from private.closed_accounts c
    where c.user_id = person and c.step = 'forgetting' for update;
  if not found then
    return true;
  end if;
  if exists (
    select from private.deliveries d where d.user_id is null and lower(d.address) = lower(old_address) and d.state = 'waiting'
      and d.kind = 'account_deleted') then
    return false;
  end if;
  delete from private.deliveries d
    where d.user_id is null and lower(d.address) = lower(old_address) and d.kind = 'account_deleted';
  update private.closed_accounts c set step = 'done', finished_at = now(), address = null, former_username = null
    where c.user_id = person;
  return true;
end
$$;
comment on function private.finish_deletion(uuid) is
  'Forgets the address of a deleted account, once its last mail was sent or is given up; false before.';

create or replace function private.continue_deletions(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  person uuid;
  enqueued integer := 0;
begin
  for person in
    select c.user_id from private.closed_accounts c
    where c.finished_at is null and c.why = 'deleted' and c.since < now() - interval '60 minutes' order by c.since limit most
  loop
    perform private.enqueue('delete_account', jsonb_build_object('user_id', person), 'delete_account:' || person);
    enqueued := enqueued + 1;
  end loop;
  return enqueued;
end
$$;
comment on function private.continue_deletions(integer) is
  'Enqueues the jobs of deletions that began long ago again: theirs may have given up.';

create or replace function private.upcoming_of(person uuid)
  returns table (sessions integer, time_requests integer)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select
      (select count(*) from public.bookings b
        where person in (b.user_id, b.expert_id) and b.status in ('pending', 'confirmed') and b.starts_at > now())::integer,
      (select count(*) from public.time_requests r
        where person in (r.user_id, r.expert_id) and r.status = 'open' and r.expires_at > now())::integer
  $$;
comment on function private.upcoming_of(uuid) is 'How much a deletion would cancel.';

create or replace function private.unused_packages_of(person uuid)
  returns table (my_role text, sessions integer, refund_minor bigint, currency text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select case when g.user_id = person then 'student' else 'mentor' end,
      sum(private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)))::integer,
      sum(private.balance_of(g.expert_id, 'package_money', g.id, g.currency))::bigint, g.currency
    from public.package_purchases g
    where person in (g.user_id, g.expert_id) and g.state = 'active' and g.expires_at > now()
      and not private.is_purchase_disputed(g.expert_id, g.id)
      and private.balance_of(g.expert_id, 'package_money', g.id, g.currency) > 0
    group by 1, g.currency
    order by 1 desc, g.currency
  $$;
comment on function private.unused_packages_of(uuid) is
  'The sessions of packages that a person has bought, or sold, and that no booking has taken: a deletion sends back their money.';

create or replace function private.has_password(person uuid) returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if to_regclass('auth.verifications') is null then
    return false;
  end if;
  return exists (select from auth.accounts a where a.user_id = person and a.password is not null);
end
$$;
comment on function private.has_password(uuid) is 'Whether a person can sign in with a password.';

-- What is stored about the caller, one table at a time. Every query names the caller ($1) and takes no contact data of other
-- people: of the other side of a session there is what the session's page shows.
create or replace function private.own_data(of_table text, after_key text, most integer)
  returns table (key text, data json)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  query text := coalesce(private.own_table(of_table), private.own_login_table(of_table));
begin
  if query is null then
    return;
  end if;
  return query execute format(
    'select t.key, to_json(t) from (%s) t where t.key > $2 order by t.key limit $3', query)
    using auth.uid(), after_key, most;
end
$$;
comment on function private.own_data(text, text, integer) is
  'What one table has about the caller, in pages: rows with keys after the one given. For the download of one''s own data; '
  'server/personalData/ownData.ts has the list of tables.';

create or replace function private.own_table(of_table text) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select case of_table
      when 'account' then
        $q$select u.id::text as key, u.id, u.email, coalesce(p.full_name, private.account_name(to_jsonb(u))) as name, p.timezone,
          private.has_confirmed_address(u.id) as email_confirmed, private.has_two_factor(u.id) as two_factor,
          u.created_at, p.updated_at, x.reason as address_unreachable_because, c.why as closed
        from auth.users u left join public.profiles p on p.id = u.id
          left join private.unreachable_addresses x on x.address = lower(u.email)
          left join private.closed_accounts c on c.user_id = u.id
        where u.id = $1$q$
      when 'notification_settings' then
        $q$select s.user_id::text as key, s.muted, s.reminder_leads, s.quiet_from, s.quiet_until, s.updated_at
        from public.notification_settings s where s.user_id = $1$q$
      when 'calendar_feed' then
        $q$select f.user_id::text as key, f.created_at, f.last_read_at from public.calendar_feeds f where f.user_id = $1$q$
      when 'calendar_connections' then
        $q$select c.id::text as key, c.id, c.kind, c.name, c.server_url, c.username, c.account_id, c.granted_scopes, c.login_ends_at, c.if_stale, c.shows_titles,
          c.problem, c.problem_detail, c.broken_since, c.synced_at, c.created_at
        from public.calendar_connections c where c.user_id = $1$q$
      when 'connected_calendars' then
        $q$select k.id::text as key, k.id, k.connection_id, k.remote_id, k.name, k.timezone, k.counts_as_busy, k.receives_sessions,
          k.missing_since, k.created_at
        from public.connected_calendars k where k.user_id = $1$q$
      when 'busy_in_calendars' then
        $q$select e.id::text as key, e.calendar_id, lower(e.during) as starts_at, upper(e.during) as ends_at, e.is_all_day, e.title
        from public.connected_events e where e.user_id = $1$q$
      when 'sessions_in_calendars' then
        $q$select e.session_id || ' ' || e.calendar_id as key, e.booking_id, e.group_session_id, e.calendar_id, e.ref, e.uid, e.written_starts_at,
          e.question, e.moved_to, e.noticed_at, e.left_out_at
        from public.session_entries e where e.expert_id = $1$q$
      when 'billing_details' then
        $q$select b.user_id::text as key, b.name, b.address, b.state_code, b.gstin, b.updated_at
        from public.billing_details b where b.user_id = $1$q$
      when 'tax_settings' then
        $q$select t.expert_id::text as key, t.enabled, t.legal_name, t.address, t.state_code, t.gstin, t.sac,
          t.rate_basis_points, t.updated_at
        from public.tax_settings t where t.expert_id = $1$q$
      when 'payout_account' then
        $q$select a.expert_id::text as key, a.bank_hint as bank_account_ends_in, a.linked_hint as linked_account_ends_in,
          a.usable_from, a.changed_at
        from private.payout_accounts a where a.expert_id = $1$q$
      when 'payouts' then
        $q$select p.id::text as key, p.id, p.amount_minor, p.reversed_minor, p.currency, p.method, p.state, p.bank_reference,
          p.transfer_id, p.paid_to, p.payment_id, p.failure, p.requested_at, p.sent_at, p.settled_at
        from public.payouts p where p.expert_id = $1$q$
      when 'payout_reversals' then
        $q$select r.id::text as key, r.payout_id, r.refund_id, r.amount_minor, r.currency, r.state, r.requested_at, r.settled_at
        from public.payout_reversals r where r.expert_id = $1$q$
      when 'documents' then
        $q$select d.id::text as key, d.id, d.kind, d.number, d.issued_at, d.total_minor, d.currency, d.sandbox, d.booking_id,
          d.content
        from public.documents d where $1 in (d.user_id, d.expert_id)$q$
      when 'mentor_page' then
        $q$select p.id::text as key, p.id, p.username, p.full_name, p.headline, p.bio, p.expertise, p.languages, p.timezone,
          p.slot_interval, p.buffer_before, p.buffer_after, p.minimum_notice, p.booking_window_days, p.max_per_day,
          p.max_per_week, p.instant_confirm, p.require_confirmed_address, p.approve_first_timers, p.listed,
          p.accepting_bookings, p.verified, p.rating, p.review_count, p.created_at, p.updated_at
        from public.expert_profiles p where p.id = $1$q$
      when 'former_usernames' then
        $q$select f.username as key, f.username, f.held_until from public.former_usernames f where f.expert_id = $1$q$
      when 'meeting_room' then
        $q$select m.expert_id::text as key, m.meeting_url, m.meeting_note from public.mentor_rooms m where m.expert_id = $1$q$
      when 'meeting_places' then
        $q$select m.id::text as key, m.id, m.service_id, m.kind, m.caller, m.phone, m.address, m.map_url, m.shows_details
        from public.meeting_places m where m.expert_id = $1$q$
      when 'join_events' then
        $q$select e.id::text as key, e.booking_id, e.party, e.how, case when e.party is null then e.name end as name, e.at
        from public.bookings b join public.join_events e on e.booking_id = b.id and e.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'services' then
        $q$select s.id::text as key, s.id, s.session_type, s.title, s.description, s.currency, s.capacity,
          s.recording_price_minor, s.enabled, s.instant_confirm, s.cancel_cutoff, s.reschedule_cutoff,
          s.refund_full_cutoff, s.refund_partial_cutoff, s.refund_partial_percent, s.opens_by_booking, s.min_attendees,
          s.decide_minutes, s.late_join_minutes, s.created_at, s.updated_at, s.deleted_at
        from public.services s where s.expert_id = $1$q$
      when 'service_durations' then
        $q$select d.service_id || ' ' || lpad(d.minutes::text, 4, '0') as key, d.service_id, d.minutes, d.price_minor
        from public.service_durations d where d.expert_id = $1$q$
      when 'hours' then
        $q$select a.id::text as key, a.id, a.day_of_week, a.specific_date, a.start_time, a.end_time, a.replaces_weekly,
          a.created_at, a.updated_at
        from public.availability_slots a where a.expert_id = $1$q$
      when 'days_off' then
        $q$select b.id::text as key, b.id, b.date, b.reason, b.created_at from public.blocked_dates b where b.expert_id = $1$q$
      when 'travel' then
        $q$select t.id::text as key, t.id, t.starts_on, t.ends_on, t.timezone, t.created_at
        from public.timezone_periods t where t.expert_id = $1$q$
      when 'taken_time' then
        $q$select o.id::text as key, o.id, o.service_id, o.starts_at, o.ends_at, o.state, o.capacity, o.seats_taken, o.join_until, o.created_at
        from public.occupancies o where o.expert_id = $1$q$
      when 'sessions_as_student' then
        $q$select b.id::text as key, b.id, p.full_name as mentor, b.session_type, s.title, b.starts_at, b.ends_at, b.duration,
          b.status, b.message, b.total_minor, b.currency, b.add_recording, b.user_name, b.user_email, b.user_phone,
          b.student_timezone, b.created_at, b.updated_at
        from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
          join public.expert_profiles p on p.id = b.expert_id
        where b.user_id = $1$q$
      when 'sessions_as_mentor' then
        $q$select b.id::text as key, b.id, b.user_name as student, b.session_type, s.title, b.starts_at, b.ends_at, b.duration,
          b.status, b.total_minor, b.currency, b.add_recording, b.mentor_timezone, b.meeting_url, b.meeting_note, b.meeting_place,
          b.created_at,
          b.updated_at
        from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
        where b.expert_id = $1$q$
      when 'session_history' then
        $q$select lpad(e.id::text, 20, '0') as key, e.booking_id, e.kind, e.actor, e.from_status, e.to_status, e.reason,
          e.from_starts_at, e.to_starts_at, e.created_at
        from public.bookings b join public.booking_events e on e.booking_id = b.id and e.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'session_links' then
        $q$select g.booking_id::text as key, g.booking_id, g.generation as times_ended, g.ended_at
        from public.booking_link_generations g where g.user_id = $1$q$
      when 'session_networks' then
        $q$select o.booking_id::text as key, o.booking_id, encode(o.origin, 'hex') as network_hash
        from private.booking_origins o join public.bookings b on b.id = o.booking_id and b.expert_id = o.expert_id
        where b.user_id = $1$q$
      when 'payments' then
        $q$select p.id::text as key, p.id, case when p.user_id = $1 then 'student' else 'mentor' end as my_role, p.booking_id,
          p.amount_minor, p.currency, p.state, p.captured_minor, p.refunded_minor, p.provider,
          case when p.user_id = $1 then k.order_id end as order_id, case when p.user_id = $1 then a.method end as method,
          p.created_at, p.updated_at, p.earned_at
        from public.payments p
          left join private.payment_orders k on k.payment_id = p.id and k.expert_id = p.expert_id
          left join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'packages_bought' then
        $q$select g.id::text as key, g.id, case when g.user_id = $1 then 'student' else 'mentor' end as my_role,
          p.full_name as mentor, s.title, g.minutes, g.sessions, g.price_minor, g.currency, g.state, g.created_at, g.expires_at,
          private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)) as sessions_left,
          private.balance_of(g.expert_id, 'package_money', g.id, g.currency) as money_left_minor
        from public.package_purchases g join public.expert_profiles p on p.id = g.expert_id
          join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
        where $1 in (g.user_id, g.expert_id)$q$
      when 'package_sessions' then
        $q$select u.id::text as key, u.package_purchase_id, u.booking_id, u.share_minor, u.currency, u.state, u.earned_at,
          u.created_at
        from public.package_purchases g join public.credit_uses u on u.package_purchase_id = g.id and u.expert_id = g.expert_id
        where $1 in (g.user_id, g.expert_id)$q$
      when 'packages_offered' then
        $q$select k.id::text as key, k.id, s.title, k.minutes, k.sessions, k.price_minor, k.currency, k.valid_days, k.enabled,
          k.deleted_at, k.created_at, k.updated_at
        from public.packages k join public.services s on s.id = k.service_id and s.expert_id = k.expert_id
        where k.expert_id = $1$q$
      when 'series' then
        $q$select q.id::text as key, q.id, case when q.user_id = $1 then 'student' else 'mentor' end as my_role, q.service_id,
          q.duration, q.pattern, q.payment, q.created_at
        from public.series q where $1 in (q.user_id, q.expert_id)$q$
      when 'baskets' then
        $q$select k.id::text as key, k.id, case when k.user_id = $1 then 'student' else 'mentor' end as my_role, k.series_id,
          k.total_minor, k.currency, k.created_at
        from public.baskets k where $1 in (k.user_id, k.expert_id)$q$
      when 'group_sessions' then
        $q$select g.id::text as key, g.id, g.service_id, g.origin, g.state, g.starts_at, g.ends_at, g.capacity, g.min_attendees,
          g.decide_at, g.late_join_minutes, g.cancelled_because, g.meeting_url, g.meeting_note, g.programme_id, g.created_at
        from public.group_sessions g where g.expert_id = $1$q$
      when 'programmes' then
        $q$select p.id::text as key, p.id, p.service_id, p.title, p.description, p.duration, p.capacity,
          p.price_minor::numeric / 100 as price, p.currency, p.min_attendees, p.decide_at, p.state, p.cancelled_because,
          p.decided_at, p.created_at
        from public.programmes p where p.expert_id = $1$q$
      when 'attendances' then
        $q$select a.booking_id::text as key, a.booking_id, a.state, a.marked_at
        from public.bookings b join public.attendances a on a.booking_id = b.id and a.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'coupons_used' then
        $q$select u.booking_id::text as key, u.booking_id, u.together_id, c.code, u.used_at, u.given_back_at
        from public.coupon_uses u join public.coupons c on c.id = u.coupon_id and c.expert_id = u.expert_id
        where $1 in (u.user_id, u.expert_id)$q$
      when 'coupons' then
        $q$select c.id::text as key, c.code, c.basis_points, c.amount_minor, c.currency, c.active_from, c.active_until,
          c.max_uses, c.max_uses_per_student, c.first_session_only, c.enabled, c.created_at
        from public.coupons c where c.expert_id = $1$q$
      when 'payment_attempts' then
        $q$select a.id::text as key, a.payment_id, a.attempt_id, a.state, a.amount_minor, a.currency, a.method,
          a.failure_message, a.dispute, a.created_at
        from public.payments p join public.payment_attempts a on a.payment_id = p.id and a.expert_id = p.expert_id
        where p.user_id = $1$q$
      when 'refunds' then
        $q$select r.id::text as key, r.id, r.payment_id, p.booking_id, r.amount_minor, r.currency, r.why, r.state,
          r.requested_at, r.settled_at
        from public.payments p join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'payment_history' then
        $q$select lpad(m.id::text, 20, '0') as key, m.payment_id, m.booking_id, m.kind, m.amount_minor, m.currency, m.created_at
        from public.payments p join public.money_events m on m.payment_id = p.id and m.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'earnings' then
        $q$select t.id::text as key, t.kind, t.from_kind as from_account, t.to_kind as to_account, t.currency, t.amount_minor,
          t.event_at, t.created_at
        from private.ledger_transfers t where t.expert_id = $1 and $1 in (t.from_owner, t.to_owner)
          and 'mentor' in (t.from_kind, t.to_kind)$q$
      when 'no_show_reports' then
        $q$select n.id::text as key, n.booking_id, n.claimed_by, n.reason, n.state, n.answer, n.answer_until, n.settled_at,
          n.created_at
        from public.bookings b join public.no_show_claims n on n.booking_id = b.id and n.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'time_requests' then
        $q$select r.id::text as key, r.id, case when r.user_id = $1 then 'student' else 'mentor' end as my_role,
          case when r.user_id = $1 then p.full_name else r.user_name end as other_person, s.title, r.duration, r.total_minor,
          r.currency, case when r.user_id = $1 then r.message end as message,
          case when r.user_id = $1 then r.user_email end as user_email, r.status, r.awaiting, r.round, r.expires_at, r.reason,
          r.booking_id, r.created_at, r.updated_at
        from public.time_requests r join public.expert_profiles p on p.id = r.expert_id
          join public.services s on s.id = r.service_id and s.expert_id = r.expert_id
        where $1 in (r.user_id, r.expert_id)$q$
      when 'suggested_times' then
        $q$select t.id::text as key, t.request_id, t.proposed_by, t.round, t.starts_at, t.accepted_at, t.created_at
        from public.time_requests r join public.time_proposals t on t.request_id = r.id and t.expert_id = r.expert_id
        where $1 in (r.user_id, r.expert_id)$q$
      when 'reviews_written' then
        $q$select r.id::text as key, r.booking_id, p.full_name as mentor, r.author as shown_as, r.rating, r.comment, r.created_at,
          r.updated_at
        from public.reviews r join public.expert_profiles p on p.id = r.expert_id where r.user_id = $1$q$
      when 'reviews_received' then
        $q$select r.id::text as key, r.author, r.rating, r.comment, r.created_at, a.body as reply, a.updated_at as replied_at
        from public.reviews r left join public.review_replies a on a.review_id = r.id and a.expert_id = r.expert_id
        where r.expert_id = $1$q$
      when 'review_history' then
        $q$select lpad(e.id::text, 20, '0') as key, e.booking_id, e.kind, e.rating, e.created_at
        from private.review_events e join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
        where b.user_id = $1$q$
      when 'private_notes' then
        $q$select n.student_id::text as key, (
            select b.user_name from public.bookings b where b.expert_id = n.expert_id and b.user_id = n.student_id
            order by b.created_at desc limit 1) as about, n.body, n.updated_at
        from public.student_notes n where n.expert_id = $1$q$
      when 'favourite_mentors' then
        $q$select f.expert_id::text as key, p.full_name as mentor, f.created_at
        from public.favourite_mentors f join public.expert_profiles p on p.id = f.expert_id where f.user_id = $1$q$
      when 'alerts' then
        $q$select a.id::text as key, p.full_name as mentor, s.title, a.duration, a.from_date, a.to_date, a.timezone, a.status,
          a.fired_at, a.created_at
        from public.availability_alerts a join public.expert_profiles p on p.id = a.expert_id
          join public.services s on s.id = a.service_id and s.expert_id = a.expert_id
        where a.user_id = $1$q$
      when 'waitlist' then
        $q$select e.id::text as key, p.full_name as mentor, s.title, e.duration, e.kind, e.starts_from, e.starts_until,
          e.from_date, e.to_date, e.timezone, e.passed_starts, e.state, e.joined_at
        from public.waitlist_entries e join public.expert_profiles p on p.id = e.expert_id
          join public.services s on s.id = e.service_id and s.expert_id = e.expert_id
        where e.user_id = $1$q$
      when 'waitlist_offers' then
        $q$select o.id::text as key, p.full_name as mentor, s.title, o.starts_at, o.ends_at, o.state, o.is_final, o.offered_at,
          o.expires_at, o.settled_at, o.booking_id
        from public.waitlist_offers o join public.expert_profiles p on p.id = o.expert_id
          join public.services s on s.id = o.service_id and s.expert_id = o.expert_id
        where o.user_id = $1$q$
      when 'notifications' then
        $q$select n.id::text as key, n.kind, n.payload, n.booking_id, n.request_id, n.created_at, n.read_at
        from public.notifications n where n.user_id = $1$q$
      when 'mails' then
        $q$select d.id::text as key, d.kind, coalesce(d.address, u.email) as address, d.state, d.created_at, d.due_at, d.ended_at,
          d.last_error
        from private.deliveries d join auth.users u on u.id = d.user_id where d.user_id = $1$q$
      when 'reminders' then
        $q$select r.booking_id || ' ' || lpad(r.lead::text, 6, '0') as key, r.booking_id, r.lead as minutes_before, r.due_at
        from private.reminders r where r.user_id = $1$q$
      when 'repeatable_requests' then
        $q$select k.key::text as key, k.created_at from private.idempotency_keys k where k.user_id = $1$q$
      when 'administration' then
        $q$select lpad(l.id::text, 20, '0') as key, l.happened_at, l.action, l.reason
        from private.admin_log l where l.subject_id = $1$q$
    end
  $$;
comment on function private.own_table(text) is 'The query behind each table of own_data().';

create or replace function private.own_login_table(of_table text) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- Not on Supabase, whose own Auth has these.
    select case when to_regclass('auth.verifications') is null then null else case of_table
      when 'sign_in_methods' then
        $q$select a.id::text as key, a.provider_id as method,
          case when a.provider_id <> 'credential' then a.account_id end as account, a.scope, a.created_at, a.updated_at
        from auth.accounts a where a.user_id = $1$q$
      when 'signed_in_devices' then
        $q$select s.id::text as key, s.user_agent, s.ip_address, s.created_at, s.updated_at as last_used_at, s.expires_at
        from auth.sessions s where s.user_id = $1$q$
      when 'passkeys' then
        case when to_regclass('auth.passkeys') is not null then
          $q$select k.id::text as key, to_jsonb(k) ->> 'name' as name, k.created_at from auth.passkeys k where k.user_id = $1$q$
        end
      end end
  $$;
comment on function private.own_login_table(text) is
  'own_table() for the accounts library''s tables: how and where the person signs in, without what proves it.';

revoke execute on function
    private.is_closed(uuid),
    private.is_deleted(),
    private.require_open_accounts(),
    private.close_account(uuid, text),
    private.request_deletion(),
    private.forget_login(uuid, text),
    private.require_deletion(uuid),
    private.mentors_with_upcoming(uuid, integer),
    private.cancel_upcoming(uuid, uuid, text, integer),
    private.end_wishes(uuid, text, integer),
    private.has_messages_to_come(uuid),
    private.erase_person(uuid, text, text, integer),
    private.without_person(jsonb, text, text, text, text),
    private.notifications_about(uuid),
    private.deliveries_about(uuid),
    private.deletion_step(uuid),
    private.go_on_with_deletion(uuid, text, text),
    private.finish_deletion(uuid),
    private.continue_deletions(integer),
    private.upcoming_of(uuid),
    private.unused_packages_of(uuid),
    private.has_password(uuid),
    private.own_data(text, text, integer),
    private.own_table(text),
    private.own_login_table(text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.request_deletion(),
    private.mentors_with_upcoming(uuid, integer),
    private.cancel_upcoming(uuid, uuid, text, integer),
    private.end_wishes(uuid, text, integer),
    private.has_messages_to_come(uuid),
    private.erase_person(uuid, text, text, integer),
    private.deletion_step(uuid),
    private.go_on_with_deletion(uuid, text, text),
    private.finish_deletion(uuid),
    private.continue_deletions(integer),
    private.upcoming_of(uuid),
    private.unused_packages_of(uuid),
    private.has_password(uuid),
    private.own_data(text, text, integer)
  to matepeak_app;
grant execute on function private.is_deleted() to authenticated;

-- private.closed_accounts ----------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_leave_waitlists (insert)
create or replace trigger closed_accounts_50_leave_waitlists after insert on private.closed_accounts
  for each row execute function private.leave_waitlists_when_closed();

revoke all on private.closed_accounts
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
