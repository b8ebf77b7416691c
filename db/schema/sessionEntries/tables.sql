-- Session entries: a mentor's sessions as they are written to the mentor's own calendar.

create table public.session_entries (
  booking_id uuid,
  group_session_id uuid,
  session_id uuid not null generated always as (coalesce(booking_id, group_session_id)) stored,
  calendar_id uuid not null references public.connected_calendars (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  ref text constraint session_entries_ref_length check (char_length(ref) between 1 and 2000),
  etag text constraint session_entries_etag_length check (char_length(etag) <= 500),
  uid text constraint session_entries_uid_length check (char_length(uid) between 1 and 1000),
  written_revision integer,
  written_starts_at timestamptz,
  writing_starts_at timestamptz,
  suspicions integer not null default 0,
  checked integer not null default 0,
  question_id uuid,
  question text constraint session_entries_question_known check (question in ('moved', 'deleted')),
  moved_to timestamptz,
  noticed_at timestamptz,
  answering_until timestamptz,
  left_out_at timestamptz,
  problem text,
  failures integer not null default 0 constraint session_entries_failures_range check (failures >= 0),
  due_at timestamptz not null default now(),
  lease uuid,
  leased_until timestamptz,
  primary key (expert_id, session_id, calendar_id),
  constraint session_entries_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade,
  constraint session_entries_group_session_id_fkey foreign key (group_session_id, expert_id)
    references public.group_sessions (id, expert_id) on delete cascade,
  constraint session_entries_of_one_session check ((booking_id is null) <> (group_session_id is null)),
  constraint session_entries_written_whole check (
    ref is null or (uid is not null and written_starts_at is not null)),
  constraint session_entries_question_whole check (
    (question is null) = (question_id is null) and (question is null) = (noticed_at is null)
    and (question is not distinct from 'moved') = (moved_to is not null)),
  constraint session_entries_lease_ends check ((lease is null) = (leased_until is null))
);
comment on table public.session_entries is
  'What was written of a mentor''s session to one of the mentor''s calendars, and what its owner has done to it there.';
comment on column public.session_entries.session_id is 'The booking, or of a group its session: the seats of a group are one entry.';
comment on column public.session_entries.ref is 'The entry''s name at its provider; null while it is not known to be there.';
comment on column public.session_entries.uid is
  'By which other readers of the calendar know the entry. Kept once it is removed: some read it late.';
comment on column public.session_entries.written_revision is
  'As server/bookings/queries.ts, or group_entries(), counts what an entry says. Another one than the present: it is written again.';
comment on column public.session_entries.writing_starts_at is
  'The start in a write whose end is not known: the entry may be that one, or the one before.';
comment on column public.session_entries.suspicions is
  'How often a read of the calendar has found another version than the written one, or none. More than were checked: the entry '
  'is compared before anything is written.';
comment on column public.session_entries.question is
  'What the owner did to the entry in the calendar, and has not said yet what the session is to do. Nothing is written meanwhile.';
comment on column public.session_entries.answering_until is 'An answer is being carried out; others wait until then.';
comment on column public.session_entries.left_out_at is 'When the owner said that the session is to be left out of this calendar.';
comment on column public.session_entries.lease is 'Which run of a worker may note what it has written.';
create index session_entries_calendar_id_idx on public.session_entries (calendar_id, ref);
create index session_entries_booking_id_idx on public.session_entries (booking_id, expert_id);
create index session_entries_group_session_id_idx on public.session_entries (group_session_id, expert_id);
alter table public.session_entries enable row level security;
