-- Notifications: the inbox.

create or replace function private.announce_notification() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(new.user_id, 'notifications');
  return null;
end
$$;
comment on function private.announce_notification() is 'Announces a notification to the person''s open pages.';

create or replace function private.write_notifications(
  recipients uuid[], kinds text[], dedupe_keys text[], payloads jsonb[], bookings uuid[], requests uuid[])
  returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  written integer;
  began timestamptz := clock_timestamp();
begin
  -- An inbox is in the order of the messages given, so each has a millisecond of its own.
  insert into public.notifications (user_id, kind, dedupe_key, payload, booking_id, request_id, created_at)
    select m.recipient, m.kind, m.dedupe_key, m.payload, m.booking, m.request,
      began - (cardinality(recipients) - m.place) * interval '1 millisecond'
    from unnest(recipients, kinds, dedupe_keys, payloads, bookings, requests) with ordinality
      m (recipient, kind, dedupe_key, payload, booking, request, place)
    order by m.place
    on conflict on constraint notifications_user_id_dedupe_key_key do nothing;
  get diagnostics written = row_count;
  return written;
end
$$;
comment on function private.write_notifications(uuid[], text[], text[], jsonb[], uuid[], uuid[]) is
  'Adds messages to people''s inboxes, each once per person and key. Returns how many were new.';

create or replace function private.message_parties(student uuid, mentor uuid, service uuid)
  returns table (student_email text, student_full_name text, student_zone text, mentor_email text, mentor_name text,
                 mentor_zone text, mentor_username text, service_title text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select su.email, sp.full_name, coalesce(sp.timezone, se.timezone), mu.email, p.full_name,
      coalesce(mp.timezone, p.timezone), p.username, s.title
    from public.expert_profiles p
      join public.services s on s.id = service and s.expert_id = p.id
      join auth.users su on su.id = student
      join auth.users mu on mu.id = p.id
      left join public.profiles sp on sp.id = student
      left join public.profiles mp on mp.id = p.id
      left join public.expert_profiles se on se.id = student
    where p.id = mentor
  $$;
comment on function private.message_parties(uuid, uuid, uuid) is
  'What every message about a service needs: the names and addresses of its student and its mentor.';

create or replace function private.delete_old_notifications(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  deleted integer;
  oldest interval := interval '180 days';
begin
  if private.empty_months('public.notifications', now() - oldest, 'created_at >= $1') then
    -- What a later message has kept in its month.
    oldest := interval '240 days';
  end if;
  delete from public.notifications where id = any (array(
    select n.id from public.notifications n where n.created_at < now() - oldest
    order by n.created_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function private.delete_old_notifications(integer) is
  'Deletes the oldest messages after half a year; where they are divided by month, whole months.';

revoke execute on function
    private.announce_notification(),
    private.write_notifications(uuid[], text[], text[], jsonb[], uuid[], uuid[]),
    private.message_parties(uuid, uuid, uuid),
    private.delete_old_notifications(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.write_notifications(uuid[], text[], text[], jsonb[], uuid[], uuid[]),
    private.message_parties(uuid, uuid, uuid),
    private.delete_old_notifications(integer)
  to matepeak_app;

-- public.notifications -------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (insert, update)
create or replace trigger notifications_50_announce after insert or update on public.notifications
  for each row execute function private.announce_notification();

revoke all on public.notifications
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, update (read_at) on public.notifications to authenticated;
drop policy if exists notifications_read_own on public.notifications;
create policy notifications_read_own on public.notifications for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy notifications_read_own on public.notifications is 'People read only their own inbox.';
drop policy if exists notifications_update_own on public.notifications;
create policy notifications_update_own on public.notifications for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy notifications_update_own on public.notifications is 'People mark their own messages as read.';
