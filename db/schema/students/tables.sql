-- Students: a mentor's private notes about them.

create table public.student_notes (
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  student_id uuid not null references auth.users (id) on delete cascade,
  body text not null constraint student_notes_body_length check (char_length(body) between 1 and 10000),
  revision integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (expert_id, student_id),
  constraint student_notes_body_clean check (
    body is nfc normalized and body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]')
);
comment on table public.student_notes is 'A mentor''s private notes, one page per student. The student never sees them.';
comment on column public.student_notes.revision is 'Counts the changes, so that a save from an outdated tab is rejected.';
create index student_notes_student_id_idx on public.student_notes (student_id);
alter table public.student_notes enable row level security;
