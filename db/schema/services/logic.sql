-- Services: what a mentor offers.

create or replace function private.prevent_service_restore() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.deleted_at := old.deleted_at;
  return new;
end
$$;
comment on function private.prevent_service_restore() is 'Prevents restoring a deleted service, which would bypass the cap.';

revoke execute on function private.prevent_service_restore()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.services ------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update)
-- * before a row: 10_keep_deleted (update), 20_touch (update)
-- * after a row: 50_announce (insert, update), 60_count_entry_change (update), 70_check_alerts (update)
-- * after a statement: 90_limit (insert)
-- Prices and lengths do not change between a booking's check and its insert.
create or replace trigger services_05_lock_schedule before insert or update on public.services
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger services_10_keep_deleted before update of deleted_at on public.services
  for each row when (old.deleted_at is not null) execute function private.prevent_service_restore();
create or replace trigger services_20_touch before update on public.services
  for each row execute function private.touch_updated_at();
create or replace trigger services_50_announce after insert or update on public.services
  for each row execute function private.announce_availability();
create or replace trigger services_60_count_entry_change after update on public.services
  for each row when (new.title is distinct from old.title) execute function private.count_entry_change();
create or replace trigger services_70_check_alerts after update on public.services
  for each row execute function private.enqueue_alert_check();
create or replace trigger services_90_limit after insert on public.services
  referencing new table as added for each statement execute function private.limit_owned('services');

revoke all on public.services
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.services to anon, authenticated, matepeak_app;
grant insert (expert_id, session_type, title, description, currency, capacity, recording_price_minor, enabled,
              instant_confirm, cancel_cutoff, reschedule_cutoff,
              refund_full_cutoff, refund_partial_cutoff, refund_partial_percent, opens_by_booking, min_attendees,
              decide_minutes, late_join_minutes),
      update (session_type, title, description, currency, capacity, recording_price_minor, enabled, instant_confirm,
              deleted_at, cancel_cutoff, reschedule_cutoff,
              refund_full_cutoff, refund_partial_cutoff, refund_partial_percent, opens_by_booking, min_attendees,
              decide_minutes, late_join_minutes)
  on public.services to authenticated;
drop policy if exists services_read on public.services;
create policy services_read on public.services for select to anon, authenticated, matepeak_app using (true);
comment on policy services_read on public.services is 'Services are public, also deleted ones, which past bookings show.';
drop policy if exists services_insert_own on public.services;
create policy services_insert_own on public.services for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy services_insert_own on public.services is 'Mentors add their own services.';
drop policy if exists services_update_own on public.services;
create policy services_update_own on public.services for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy services_update_own on public.services is 'Mentors edit their own services.';

-- public.service_durations ---------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (insert, update, delete)
-- * after a row: 50_announce (insert, update, delete), 60_check_alerts (insert)
-- * after a statement: 90_limit (insert)
create or replace trigger service_durations_05_lock_schedule before insert or update or delete on public.service_durations
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger service_durations_50_announce after insert or update or delete on public.service_durations
  for each row execute function private.announce_availability();
create or replace trigger service_durations_60_check_alerts after insert on public.service_durations
  for each row execute function private.enqueue_alert_check();
create or replace trigger service_durations_90_limit after insert on public.service_durations
  referencing new table as added for each statement execute function private.limit_owned('service_durations');

revoke all on public.service_durations
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.service_durations to anon, authenticated, matepeak_app;
grant insert (service_id, expert_id, minutes, price_minor), update (price_minor), delete
  on public.service_durations to authenticated;
drop policy if exists service_durations_read on public.service_durations;
create policy service_durations_read on public.service_durations for select to anon, authenticated, matepeak_app
  using (true);
comment on policy service_durations_read on public.service_durations is 'Prices are public.';
drop policy if exists service_durations_insert_own on public.service_durations;
create policy service_durations_insert_own on public.service_durations for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy service_durations_insert_own on public.service_durations is 'Mentors add lengths to their own services.';
drop policy if exists service_durations_update_own on public.service_durations;
create policy service_durations_update_own on public.service_durations for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy service_durations_update_own on public.service_durations is 'Mentors price their own services.';
drop policy if exists service_durations_delete_own on public.service_durations;
create policy service_durations_delete_own on public.service_durations for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy service_durations_delete_own on public.service_durations is 'Mentors delete lengths of their own services.';
