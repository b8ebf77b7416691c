-- Mail: messages on their way to people, and what each person wants to get.

create or replace function private.recipient_settings(people uuid[])
  returns table (user_id uuid, muted text[], quiet_from text, quiet_until text, has_confirmed_address boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select p.id, coalesce(s.muted, '{}'), s.quiet_from, s.quiet_until, private.has_confirmed_address(p.id)
    from unnest(people) p (id) left join public.notification_settings s on s.user_id = p.id
  $$;
comment on function private.recipient_settings(uuid[]) is 'What decides on which channels people get a message, and when.';

create or replace function private.write_deliveries(
  people uuid[], addresses text[], kinds text[], occasions text[], contents jsonb[], codes bytea[], urgent boolean[],
  due timestamptz[], expires timestamptz[])
  returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  written integer;
begin
  insert into private.deliveries
      (channel, user_id, address, kind, occasion, content, sealed_code, is_urgent, due_at, expires_at)
    select 'email', m.person, m.address, m.kind, m.occasion, m.content, m.code, m.urgent, coalesce(m.due, now()), m.expires
    from unnest(people, addresses, kinds, occasions, contents, codes, urgent, due, expires) with ordinality
      m (person, address, kind, occasion, content, code, urgent, due, expires, place)
    order by m.place
    on conflict on constraint deliveries_once do nothing;
  get diagnostics written = row_count;
  return written;
end
$$;
comment on function private.write_deliveries(
    uuid[], text[], text[], text[], jsonb[], bytea[], boolean[], timestamptz[], timestamptz[]) is
  'Adds mails to be sent, each once per recipient and occasion. Returns how many were new.';

create or replace function private.claim_deliveries(most integer, lease interval)
  returns table (id uuid, user_id uuid, address text, kind text, content jsonb, sealed_code bytea, attempt integer)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    with due as materialized (
      select d.id, d.kind, d.sealed_code is not null as is_code, d.expires_at <= now() as is_late,
        coalesce(d.address, u.email) as address
      from private.deliveries d left join auth.users u on u.id = d.user_id
      where d.state = 'waiting' and d.due_at <= now()
        -- Those with a link wait while it is being made; then they have it, or the one that replaces it.
        and not (d.kind in ('booking_booked', 'booking_confirmed', 'booking_rescheduled') and private.awaits_meeting(d.content))
      order by d.is_urgent desc, d.due_at
      limit most for no key update of d skip locked
    ), judged as (
      select due.*,
        case
          when is_late and (is_code or due.kind = 'booking_reminder') then 'dropped'
          when is_late or due.address is null then 'undeliverable'
          when x.address is not null and not is_code then 'undeliverable'
          else 'waiting'
        end as state,
        case
          when is_late then 'It could not be sent in time.'
          when due.address is null then 'The account has no address.'
          else 'The address cannot be reached: ' || x.reason
        end as error
      from due left join private.unreachable_addresses x on x.address = lower(due.address)
    ), changed as (
      update private.deliveries d
        set state = j.state,
          attempts = d.attempts + case j.state when 'waiting' then 1 else 0 end,
          due_at = case j.state when 'waiting' then now() + lease else d.due_at end,
          ended_at = case j.state when 'waiting' then null else now() end,
          last_error = case j.state when 'waiting' then d.last_error else coalesce(d.last_error, j.error) end,
          content = case j.state when 'dropped' then '{}' else d.content end,
          sealed_code = case j.state when 'dropped' then null else d.sealed_code end
        from judged j
        where d.id = j.id
        returning d.id, d.user_id, j.address, d.kind, d.content, d.sealed_code, d.attempts, d.state, d.is_urgent
    )
    select c.id, c.user_id, c.address, c.kind, c.content, c.sealed_code, c.attempts
    from changed c
    where c.state = 'waiting'
    order by c.is_urgent desc, c.id
  $$;
comment on function private.claim_deliveries(integer, interval) is
  'The mails to be sent next, each for one worker: no other one gets them before the lease ends. Those that are too late or '
  'have no address that can be reached end here.';

create or replace function private.renew_claims(mails uuid[], attempts_then integer[], lease interval) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.deliveries d set due_at = now() + lease
      from unnest(mails, attempts_then) m (id, attempt)
      where d.id = m.id and d.attempts = m.attempt and d.state = 'waiting'
  $$;
comment on function private.renew_claims(uuid[], integer[], interval) is 'Keeps mails that a worker has claimed and not yet sent.';

create or replace function private.end_delivery(
  mail uuid, attempt integer, outcome text, error text default null, unreachable text default null) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update private.deliveries d
    set state = outcome, ended_at = now(), last_error = error,
      content = case outcome when 'sent' then '{}' else d.content end,
      sealed_code = case outcome when 'sent' then null else d.sealed_code end
    where d.id = mail and d.attempts = attempt and d.state = 'waiting';
  if not found then
    return false;
  end if;
  if unreachable is not null then
    insert into private.unreachable_addresses (address, reason) values (lower(unreachable), error)
      on conflict (address) do update set reason = excluded.reason;
  end if;
  return true;
end
$$;
comment on function private.end_delivery(uuid, integer, text, text, text) is
  'Records the end of an attempt: sent, or rejected for good, perhaps because the address cannot be reached. False if another '
  'worker has taken over.';

create or replace function private.announce_reachability() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
  begin
    perform private.notify_person(u.id, 'account')
      from auth.users u where u.email = case tg_op when 'INSERT' then new.address else old.address end;
    return null;
  end
  $$;
comment on function private.announce_reachability() is
  'Announces to the pages of an address''s owner whether mail reaches it.';

create or replace function private.address_was_reached(reached text) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    delete from private.unreachable_addresses where address = lower(reached)
  $$;
comment on function private.address_was_reached(text) is 'The owner of an address has shown that mail arrives.';

create or replace function private.postpone_delivery(mail uuid, attempt integer, pause interval, error text, counts boolean)
  returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update private.deliveries
      set due_at = now() + pause, last_error = error, attempts = attempts - case when counts then 0 else 1 end
      where id = mail and attempts = attempt and state = 'waiting'
  $$;
comment on function private.postpone_delivery(uuid, integer, interval, text, boolean) is
  'Records a failure that may pass: the mail is due again after the pause. One that is not the mail''s own does not count.';

create or replace function private.send_again(mail uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  again private.deliveries;
begin
  update private.deliveries
    set state = 'waiting', ended_at = null, attempts = attempts + 1, due_at = now(), expires_at = now() + interval '1 day'
    where id = mail and state = 'undeliverable'
    returning * into again;
  if not found then
    return false;
  end if;
  delete from private.unreachable_addresses x
    where x.address = lower(coalesce(again.address, (select u.email from auth.users u where u.id = again.user_id)));
  return true;
end
$$;
comment on function private.send_again(uuid) is
  'Sends an undeliverable mail again, for another day, also if its address could not be reached. False if there is none.';

create or replace function private.mail_sessions(mentors uuid[], ids uuid[])
  returns table (booking_id uuid, mentor_id uuid, student_id uuid, status text, revision integer, changed_at timestamptz,
                 starts_at timestamptz, ends_at timestamptz, duration integer, service_title text, message text,
                 student_name text, mentor_name text, student_timezone text, mentor_timezone text,
                 meeting_url text, meeting_note text, meeting_place jsonb, host_url text, student_phone text, student_link integer, mentor_link integer, was_agreed boolean,
                 group_session_id uuid)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- As calendar files count: what the mentor changes is in the entry too (EntryState of server/bookings/queries.ts).
    select b.id, b.expert_id, b.user_id, b.status, b.revision + p.entry_revision,
      greatest(b.updated_at, p.entry_changed_at), b.starts_at, b.ends_at, b.duration, s.title,
      b.message, b.user_name, p.full_name, coalesce(sp.timezone, se.timezone, b.student_timezone),
      coalesce(mp.timezone, p.timezone),
      case when b.status in ('confirmed', 'completed') then coalesce(b.meeting_url, r.meeting_url) end,
      case when b.status in ('confirmed', 'completed') then case when b.meeting_url is null then r.meeting_note else b.meeting_note end end,
      private.shown_place(b.meeting_place), case when b.meeting_url = b.meeting_place ->> 'url' then mm.host_url end, b.user_phone,
      coalesce(gs.generation, 0), coalesce(gm.generation, 0),
      exists (select from public.booking_events e
              where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'confirmed'),
      b.group_session_id
    from unnest(mentors, ids) k (mentor, id)
      join public.bookings b on b.id = k.id and b.expert_id = k.mentor
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      join public.expert_profiles p on p.id = b.expert_id
      left join public.profiles sp on sp.id = b.user_id
      left join public.profiles mp on mp.id = b.expert_id
      left join public.expert_profiles se on se.id = b.user_id
      left join public.mentor_rooms r on r.expert_id = b.expert_id and private.has_link(b.meeting_place)
      left join private.made_meetings mm on mm.occupancy_id = b.occupancy_id and mm.expert_id = b.expert_id
      left join public.booking_link_generations gs
        on gs.booking_id = b.id and gs.expert_id = b.expert_id and gs.user_id = b.user_id
      left join public.booking_link_generations gm
        on gm.booking_id = b.id and gm.expert_id = b.expert_id and gm.user_id = b.expert_id
  $$;
comment on function private.mail_sessions(uuid[], uuid[]) is
  'Sessions as they are now, for the mails about them: what their invitations and links are made of.';

create or replace function private.arm_reminders(mentors uuid[], ids uuid[]) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  delete from private.reminders r using unnest(mentors, ids) k (mentor, id)
    where r.booking_id = k.id and r.expert_id = k.mentor;
  insert into private.reminders (booking_id, expert_id, user_id, lead, due_at)
    select b.id, b.expert_id, p.id, l.lead, b.starts_at - l.lead * interval '1 minute'
    from (select distinct mentor, id from unnest(mentors, ids) k (mentor, id)) k
      join public.bookings b on b.id = k.id and b.expert_id = k.mentor and b.status = 'confirmed' and b.starts_at > now()
      -- When the session was agreed for its present time: a reminder for before that would be about the past.
      cross join lateral (
        select max(e.created_at) as at from public.booking_events e
        where e.booking_id = b.id and e.expert_id = b.expert_id and e.kind in ('created', 'confirmed', 'rescheduled')
      ) agreed
      cross join lateral (values (b.user_id), (b.expert_id)) p (id)
      left join public.notification_settings s on s.user_id = p.id
      cross join lateral unnest(coalesce(s.reminder_leads, '{1440,60}')) l (lead)
    where b.starts_at - l.lead * interval '1 minute' > agreed.at
    on conflict do nothing;
end
$$;
comment on function private.arm_reminders(uuid[], uuid[]) is
  'Schedules the reminders of sessions again: for agreed ones as both people want them, for all others none.';

create or replace function private.arm_own_reminders() returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentors uuid[];
  ids uuid[];
begin
  select array_agg(b.expert_id), array_agg(b.id) into mentors, ids
    from public.bookings b
    where (b.user_id = auth.uid() or b.expert_id = auth.uid()) and b.status = 'confirmed' and b.starts_at > now();
  perform private.arm_reminders(mentors, ids);
end
$$;
comment on function private.arm_own_reminders() is
  'Schedules the reminders of the caller''s sessions again, after a change of when they want to be reminded.';

create or replace function private.claim_due_reminders(at timestamptz, most integer)
  returns table (booking_id uuid, mentor_id uuid, student_id uuid, service_id uuid, student_name text,
                 student_timezone text, starts_at timestamptz, user_id uuid, lead integer, group_session_id uuid)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
    with due as (
      delete from private.reminders r where (r.booking_id, r.expert_id, r.user_id, r.lead) in (
        select d.booking_id, d.expert_id, d.user_id, d.lead from private.reminders d
        where d.due_at <= at order by d.due_at limit most for update skip locked)
      returning *
    )
    select b.id, b.expert_id, b.user_id, b.service_id, b.user_name, b.student_timezone, b.starts_at, due.user_id, due.lead,
      b.group_session_id
    from due join public.bookings b on b.id = due.booking_id and b.expert_id = due.expert_id
    where b.status = 'confirmed' and b.starts_at - due.lead * interval '1 minute' = due.due_at
      -- Late by more than half of its lead time, it helps less than it confuses.
      and at < due.due_at + due.lead * interval '30 seconds'
  $$;
comment on function private.claim_due_reminders(timestamptz, integer) is
  'Takes reminders that are due, and returns those whose session is still agreed for that time and that are not too late.';

create or replace function private.keep_local_mail(recipient text, subject_line text, message bytea) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    insert into private.local_mail (address, subject, source) values (recipient, subject_line, message)
  $$;
comment on function private.keep_local_mail(text, text, bytea) is 'Delivers a mail to the local mailbox.';

create or replace function private.has_reachable_address() returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select not exists (
      select from auth.users u join private.unreachable_addresses x on x.address = lower(u.email)
      where u.id = (select auth.uid()))
  $$;
comment on function private.has_reachable_address() is
  'Whether mail to the caller''s address arrives, as far as its mail server has said.';

create or replace function private.mute_topic(person uuid, mute text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into public.notification_settings as s (user_id, muted)
    select u.id, array[mute] from auth.users u where u.id = person
    on conflict (user_id) do update set muted = s.muted || excluded.muted where not s.muted @> excluded.muted;
  if found then
    perform private.notify_person(person, 'account');
  end if;
end
$$;
comment on function private.mute_topic(uuid, text) is
  'Ends messages of a topic on a channel for a person, who follows a signed link and may have done so before.';

create or replace function private.delete_old_deliveries(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  deleted integer;
  local integer;
  oldest interval := interval '90 days';
begin
  if private.empty_months(
    'private.deliveries', now() - oldest, 'state = ''waiting'' or state <> ''waiting'' and ended_at >= $1') then
    -- What a later mail has kept in its month.
    oldest := interval '150 days';
  end if;
  delete from private.deliveries where id = any (array(
    select d.id from private.deliveries d where d.state <> 'waiting' and d.ended_at < now() - oldest
    order by d.ended_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  delete from private.local_mail where id = any (array(
    select m.id from private.local_mail m where m.created_at < now() - interval '30 days'
    order by m.created_at limit most - deleted for update skip locked));
  get diagnostics local = row_count;
  return deleted + local;
end
$$;
comment on function private.delete_old_deliveries(integer) is
  'Deletes what is left of mails long after they were sent; where they are divided by month, whole months.';

revoke execute on function
    private.recipient_settings(uuid[]),
    private.write_deliveries(uuid[], text[], text[], text[], jsonb[], bytea[], boolean[], timestamptz[], timestamptz[]),
    private.claim_deliveries(integer, interval),
    private.renew_claims(uuid[], integer[], interval),
    private.end_delivery(uuid, integer, text, text, text),
    private.announce_reachability(),
    private.address_was_reached(text),
    private.postpone_delivery(uuid, integer, interval, text, boolean),
    private.send_again(uuid),
    private.mail_sessions(uuid[], uuid[]),
    private.arm_reminders(uuid[], uuid[]),
    private.arm_own_reminders(),
    private.claim_due_reminders(timestamptz, integer),
    private.keep_local_mail(text, text, bytea),
    private.has_reachable_address(),
    private.mute_topic(uuid, text),
    private.delete_old_deliveries(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.recipient_settings(uuid[]),
    private.write_deliveries(uuid[], text[], text[], text[], jsonb[], bytea[], boolean[], timestamptz[], timestamptz[]),
    private.claim_deliveries(integer, interval),
    private.renew_claims(uuid[], integer[], interval),
    private.end_delivery(uuid, integer, text, text, text),
    private.address_was_reached(text),
    private.postpone_delivery(uuid, integer, interval, text, boolean),
    private.send_again(uuid),
    private.mail_sessions(uuid[], uuid[]),
    private.claim_due_reminders(timestamptz, integer),
    private.keep_local_mail(text, text, bytea),
    private.mute_topic(uuid, text),
    private.delete_old_deliveries(integer)
  to matepeak_app;
grant execute on function private.has_reachable_address(), private.arm_own_reminders() to authenticated;

-- private.deliveries ---------------------------------------------------------------------------------------------------

revoke all on private.deliveries
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- private.unreachable_addresses ----------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (insert, delete)
create or replace trigger unreachable_addresses_50_announce after insert or delete on private.unreachable_addresses
  for each row execute function private.announce_reachability();

revoke all on private.unreachable_addresses
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- private.local_mail ---------------------------------------------------------------------------------------------------

revoke all on private.local_mail
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, delete on private.local_mail to matepeak_app;
drop policy if exists local_mail_app on private.local_mail;
create policy local_mail_app on private.local_mail to matepeak_app using (true) with check (true);
comment on policy local_mail_app on private.local_mail is 'The app shows the local mailbox, on a developer''s machine only.';

-- private.reminders ----------------------------------------------------------------------------------------------------

revoke all on private.reminders
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.notification_settings -----------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 20_touch (update)
create or replace trigger notification_settings_20_touch before update on public.notification_settings
  for each row execute function private.touch_updated_at();

revoke all on public.notification_settings
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.notification_settings to authenticated;
grant insert (user_id, muted, reminder_leads, quiet_from, quiet_until),
  update (muted, reminder_leads, quiet_from, quiet_until) on public.notification_settings to authenticated;
drop policy if exists notification_settings_own on public.notification_settings;
create policy notification_settings_own on public.notification_settings to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy notification_settings_own on public.notification_settings is
  'People read and change only their own settings.';
