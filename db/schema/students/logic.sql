-- Students: a mentor's private notes about them.

create or replace function private.count_note_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;
comment on function private.count_note_change() is 'Counts the revision, which clients cannot set.';

revoke execute on function private.count_note_change()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- public.student_notes -------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_count (update)
create or replace trigger student_notes_10_count before update on public.student_notes
  for each row execute function private.count_note_change();

revoke all on public.student_notes
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select, delete on public.student_notes to authenticated;
-- The owner of a note never changes.
grant insert (expert_id, student_id, body), update (body) on public.student_notes to authenticated;
drop policy if exists student_notes_read_own on public.student_notes;
create policy student_notes_read_own on public.student_notes for select to authenticated
  using (expert_id = (select auth.uid()));
comment on policy student_notes_read_own on public.student_notes is 'Mentors read only their own notes.';
drop policy if exists student_notes_insert_own on public.student_notes;
create policy student_notes_insert_own on public.student_notes for insert to authenticated
  with check (expert_id = (select auth.uid()) and exists (
    select from public.bookings b where b.expert_id = (select auth.uid()) and b.user_id = student_id));
comment on policy student_notes_insert_own on public.student_notes is
  'Mentors write notes only about people who have or had a session with them.';
drop policy if exists student_notes_update_own on public.student_notes;
create policy student_notes_update_own on public.student_notes for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy student_notes_update_own on public.student_notes is 'Mentors edit only their own notes.';
drop policy if exists student_notes_delete_own on public.student_notes;
create policy student_notes_delete_own on public.student_notes for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy student_notes_delete_own on public.student_notes is 'Mentors delete only their own notes.';
