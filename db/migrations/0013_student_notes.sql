-- What a mentor writes down about a student, for himself alone.

create table public.student_notes (
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  student_id uuid not null references auth.users (id) on delete cascade,
  body text not null constraint student_notes_body_length check (char_length(body) between 1 and 10000),
  revision integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (expert_id, student_id)
);
comment on table public.student_notes is 'A mentor''s private notes, one page per student. The student never sees them.';
comment on column public.student_notes.revision is 'Counts the changes: of two tabs that saw the same the second is told.';
create index student_notes_student_id_idx on public.student_notes (student_id);

create function private.count_note_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;
comment on function private.count_note_change() is 'No client says which revision its words are.';
revoke execute on function private.count_note_change() from public, anon, authenticated, service_role;
create trigger student_notes_count before update on public.student_notes
  for each row execute function private.count_note_change();

alter table public.student_notes enable row level security;
revoke all on public.student_notes from public, anon, authenticated, service_role;
grant select, delete on public.student_notes to authenticated;
-- Whose page it is never changes.
grant insert (expert_id, student_id, body), update (body) on public.student_notes to authenticated;
create policy student_notes_read_own on public.student_notes for select to authenticated
  using (expert_id = (select auth.uid()));
create policy student_notes_insert_own on public.student_notes for insert to authenticated
  with check (expert_id = (select auth.uid()) and exists (
    select from public.bookings b where b.expert_id = (select auth.uid()) and b.user_id = student_id));
create policy student_notes_update_own on public.student_notes for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
create policy student_notes_delete_own on public.student_notes for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy student_notes_read_own on public.student_notes is 'Who wrote them, nobody else.';
comment on policy student_notes_insert_own on public.student_notes is
  'Only about somebody who has or had a session with this mentor.';
comment on policy student_notes_update_own on public.student_notes is 'Who wrote them, nobody else.';
comment on policy student_notes_delete_own on public.student_notes is 'Who wrote them, nobody else.';

-- A student's sessions with one mentor, and the question whether there are any.
create index bookings_expert_id_user_id_idx on public.bookings (expert_id, user_id, starts_at desc, id desc);
