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
comment on function private.announce_notification() is 'The bell of every open page of this person is out of date.';

create or replace function private.write_notification(
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

create or replace function private.delete_old_notifications() returns integer
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
comment on function private.delete_old_notifications() is 'The inbox keeps half a year.';

revoke execute on function
    private.announce_notification(),
    private.write_notification(uuid, text, text, jsonb, uuid, uuid),
    private.delete_old_notifications()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.write_notification(uuid, text, text, jsonb, uuid, uuid),
    private.delete_old_notifications()
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
comment on policy notifications_read_own on public.notifications is 'One''s own inbox only.';
drop policy if exists notifications_update_own on public.notifications;
create policy notifications_update_own on public.notifications for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy notifications_update_own on public.notifications is 'One marks one''s own as read.';
