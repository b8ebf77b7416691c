-- Waitlists: who waits for which time of a mentor, and the private offers of what became free.

create table public.waitlist_entries (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  duration integer not null constraint waitlist_entries_duration_range check (duration between 5 and 480),
  kind text not null constraint waitlist_entries_kind_known check (kind in ('slot', 'days', 'group')),
  group_session_id uuid,
  from_date date,
  to_date date,
  timezone text not null,
  starts_from timestamptz not null,
  starts_until timestamptz not null,
  passed_starts timestamptz[] not null default '{}',
  state text not null default 'waiting' constraint waitlist_entries_state_known
    check (state in ('waiting', 'offered', 'accepted', 'left', 'expired', 'withdrawn')),
  place bigint generated always as identity,
  joined_at timestamptz not null default now(),
  constraint waitlist_entries_days_have_dates check ((kind = 'days') = (from_date is not null and to_date is not null)),
  constraint waitlist_entries_range_length check (to_date - from_date between 0 and 61),
  constraint waitlist_entries_starts_ascend check (starts_from < starts_until),
  constraint waitlist_entries_id_expert_id_key unique (id, expert_id),
  constraint waitlist_entries_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  -- A session that its first booking opened is deleted with its last one; who waits for that time still does.
  constraint waitlist_entries_group_session_id_fkey foreign key (group_session_id, expert_id)
    references public.group_sessions (id, expert_id) on delete set null (group_session_id)
);
comment on table public.waitlist_entries is
  'A person waits for a session of a service: at one time, on some days, or in a group session. First come, first served.';
comment on column public.waitlist_entries.timezone is 'The person''s: of the dates, and of the nights in which an offer pauses.';
comment on column public.waitlist_entries.starts_from is 'The sessions waited for begin from here …';
comment on column public.waitlist_entries.starts_until is '… to before here.';
comment on column public.waitlist_entries.passed_starts is
  'Starts that were offered and passed, or that the person had booked before: the person waits for others.';
comment on column public.waitlist_entries.place is 'The order of the queue.';
create index waitlist_entries_user_id_idx on public.waitlist_entries (user_id, joined_at desc);
create index waitlist_entries_expert_id_idx on public.waitlist_entries (expert_id);
create index waitlist_entries_waiting_idx on public.waitlist_entries (expert_id, starts_until) where state = 'waiting';
create index waitlist_entries_service_id_idx on public.waitlist_entries (service_id, expert_id);
create index waitlist_entries_group_session_id_idx on public.waitlist_entries (group_session_id, expert_id);
create unique index waitlist_entries_active_key
  on public.waitlist_entries (
    user_id, expert_id, service_id, duration, kind, coalesce(group_session_id, expert_id), starts_from, starts_until)
  where state in ('waiting', 'offered');
alter table public.waitlist_entries enable row level security;

create table public.waitlist_offers (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  entry_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  service_id uuid not null,
  -- The hold: time of its own, or a seat of a group session; null once the offer has ended.
  occupancy_id uuid,
  booking_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null default 'open' constraint waitlist_offers_state_known
    check (state in ('open', 'accepted', 'passed', 'lapsed', 'withdrawn')),
  is_final boolean not null,
  -- Not when its transaction began, which waits for the mentor: offers are in the order in which they are made.
  offered_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  settled_at timestamptz,
  constraint waitlist_offers_ends_after_start check (starts_at < ends_at),
  constraint waitlist_offers_open_holds check ((state = 'open') = (occupancy_id is not null)),
  constraint waitlist_offers_settled_once check ((state = 'open') = (settled_at is null)),
  constraint waitlist_offers_accepted_is_booked check (state <> 'accepted' or booking_id is not null),
  constraint waitlist_offers_id_expert_id_key unique (id, expert_id),
  constraint waitlist_offers_entry_id_fkey foreign key (entry_id, expert_id)
    references public.waitlist_entries (id, expert_id) on delete cascade,
  constraint waitlist_offers_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint waitlist_offers_occupancy_id_fkey foreign key (occupancy_id, expert_id)
    references public.occupancies (id, expert_id),
  constraint waitlist_offers_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.waitlist_offers is
  'Freed time that is kept for the person whose turn it is. Ends exactly once: accepted, passed, lapsed or withdrawn.';
comment on column public.waitlist_offers.booking_id is 'The booking by which it is being accepted: while that is unpaid, the offer is open.';
comment on column public.waitlist_offers.is_final is 'The session could no longer be cancelled when it was offered.';
create unique index waitlist_offers_open_key on public.waitlist_offers (entry_id, expert_id) where state = 'open';
create index waitlist_offers_entry_id_idx on public.waitlist_offers (entry_id, expert_id);
create index waitlist_offers_expert_id_idx on public.waitlist_offers (expert_id);
create index waitlist_offers_user_id_idx on public.waitlist_offers (user_id);
create index waitlist_offers_service_id_idx on public.waitlist_offers (service_id, expert_id);
create index waitlist_offers_occupancy_id_idx on public.waitlist_offers (occupancy_id, expert_id);
create index waitlist_offers_booking_id_idx on public.waitlist_offers (booking_id, expert_id);
-- For every locked booking, and for the sweep.
create index waitlist_offers_to_lapse_idx on public.waitlist_offers (expert_id, expires_at)
  where state = 'open' and booking_id is null;
create index waitlist_offers_oldest_idx on public.waitlist_offers (expires_at) where state = 'open' and booking_id is null;
alter table public.waitlist_offers enable row level security;
