-- Group sessions: when one takes place, how many it needs, and who came.

create table public.group_sessions (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  -- The session takes this time; null once it is cancelled.
  occupancy_id uuid,
  origin text not null constraint group_sessions_origin_known check (origin in ('scheduled', 'booked')),
  state text not null default 'open'
    constraint group_sessions_state_known check (state in ('open', 'on', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null constraint group_sessions_capacity_range check (capacity between 2 and 500),
  min_attendees integer not null default 1,
  decide_minutes integer not null default 1440
    constraint group_sessions_decide_minutes_range check (decide_minutes between 0 and 43200),
  late_join_minutes integer not null default 0
    constraint group_sessions_late_join_range check (late_join_minutes between 0 and 480),
  cancelled_because text
    constraint group_sessions_cancelled_because_known check (cancelled_because in ('mentor', 'minimum', 'empty')),
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decide_at timestamptz not null,
  meeting_url private.booking_meeting_url,
  meeting_note private.booking_meeting_note,
  entry_revision integer not null default 0,
  entry_changed_at timestamptz not null default now(),
  programme_id uuid,
  programme_place integer constraint group_sessions_programme_place_range check (programme_place between 1 and 52),
  share_minor bigint constraint group_sessions_share_range check (share_minor >= 0),
  constraint group_sessions_ends_after_start check (starts_at < ends_at),
  constraint group_sessions_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint group_sessions_cancelled_has_reason check ((state = 'cancelled') = (cancelled_because is not null)),
  constraint group_sessions_cancelled_frees_time check ((state = 'cancelled') = (occupancy_id is null)),
  constraint group_sessions_decided_once check ((state = 'open') = (decided_at is null)),
  constraint group_sessions_meeting_note_has_url check (meeting_note is null or meeting_url is not null),
  constraint group_sessions_of_programme check (num_nulls(programme_id, programme_place, share_minor) in (0, 3)),
  constraint group_sessions_programme_places unique (programme_id, expert_id, programme_place),
  constraint group_sessions_programme_id_fkey foreign key (programme_id, expert_id)
    references public.programmes (id, expert_id) on delete cascade,
  constraint group_sessions_id_expert_id_key unique (id, expert_id),
  constraint group_sessions_occupancy_id_key unique (occupancy_id, expert_id),
  constraint group_sessions_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint group_sessions_occupancy_id_fkey foreign key (occupancy_id, expert_id)
    references public.occupancies (id, expert_id)
);
comment on table public.group_sessions is
  'A session with several seats: scheduled by its mentor, or opened by its first booking. The seats are in the ledger of taken time.';
comment on column public.group_sessions.state is 'open: whether it takes place is decided later; on: it does.';
comment on column public.group_sessions.cancelled_because is
  'empty: it was opened by its first booking, and has ended with its last one. It is kept for those who have it in a calendar.';
comment on column public.group_sessions.meeting_url is
  'The link that its mentor has set for it by hand: of all seats, also of later ones. Only people with a seat may know it.';
comment on column public.group_sessions.entry_revision is
  'Counts the changes of what its mentor''s calendar says of it, seats included: the SEQUENCE of its entry (RFC 5545).';
comment on column public.group_sessions.min_attendees is 'With fewer at the time of the decision it is cancelled.';
comment on column public.group_sessions.decide_minutes is 'Minutes before the start at which it is decided.';
comment on column public.group_sessions.decide_at is 'When it is decided; moves with the session.';
comment on column public.group_sessions.programme_id is 'The programme it belongs to, and is booked with; null: it is booked by itself.';
comment on column public.group_sessions.share_minor is 'What a seat in it is of the programme''s price.';
comment on column public.group_sessions.late_join_minutes is 'Minutes after the start until which a seat can be booked.';
create index group_sessions_expert_id_idx on public.group_sessions (expert_id, starts_at);
create index group_sessions_service_id_idx on public.group_sessions (service_id, expert_id);
create index group_sessions_decide_at_idx on public.group_sessions (decide_at) where state = 'open';
alter table public.group_sessions enable row level security;
alter table public.bookings add constraint bookings_group_session_id_fkey foreign key (group_session_id, expert_id)
  references public.group_sessions (id, expert_id);
create index bookings_group_session_id_idx on public.bookings (group_session_id, expert_id) where group_session_id is not null;

create table public.attendances (
  booking_id uuid not null,
  expert_id uuid not null,
  state text not null constraint attendances_state_known check (state in ('present', 'absent')),
  marked_at timestamptz not null default now(),
  primary key (booking_id, expert_id),
  constraint attendances_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table public.attendances is 'Whom the mentor marked in the roster of a session. An absence is no no-show report.';
alter table public.attendances enable row level security;
