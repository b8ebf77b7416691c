-- Slots: the ledger of taken time, and the revision of a mentor's offered times.

-- Why these are domains: ../bookings/tables.sql.
create domain private.occupancy_state as text
  constraint occupancies_state_known check (value in ('hold', 'requested', 'booked'));
create domain private.occupancy_capacity as integer
  constraint occupancies_capacity_positive check (value >= 1);
create domain private.occupancy_seats_taken as integer
  constraint occupancies_seats_taken_counted check (value >= 0);

create table public.occupancies (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  during tstzrange not null,
  state private.occupancy_state not null,
  capacity private.occupancy_capacity not null default 1,
  seats_taken private.occupancy_seats_taken not null default 1,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  judged_revision bigint,
  join_until timestamptz,
  programme_id uuid,
  constraint occupancies_empty_is_scheduled check (seats_taken > 0 or join_until is not null),
  constraint occupancies_session_within check (starts_at < ends_at and during @> tstzrange(starts_at, ends_at, '[)')),
  constraint occupancies_seats_within_capacity check (seats_taken <= capacity),
  constraint occupancies_booked_stays check (state <> 'booked' or expires_at is null),
  -- The product's main promise: one mentor, one session at a time, for every client and every statement.
  constraint occupancies_no_overlap exclude using gist (expert_id with =, during with &&),
  constraint occupancies_id_expert_id_key unique (id, expert_id),
  constraint occupancies_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint occupancies_programme_id_fkey foreign key (programme_id, expert_id)
    references public.programmes (id, expert_id)
);
comment on table public.occupancies is
  'Taken time: held, requested or booked. Names no student, so that everyone can see what is taken.';
comment on column public.occupancies.during is 'The session including the mentor''s buffers.';
comment on column public.occupancies.judged_revision is
  'The revision by which the time was judged free; the call that wrote it has counted the change itself.';
comment on column public.occupancies.join_until is
  'Of a group session that its mentor scheduled, which takes its time with no seat taken: until when a seat can be booked.';
comment on column public.occupancies.programme_id is 'The programme whose session it is: its seats are taken with the others only.';
comment on column public.occupancies.expires_at is 'When an unpaid hold or an unanswered request frees its time.';
create index occupancies_service_id_idx on public.occupancies (service_id, expert_id);
create index occupancies_expert_id_starts_at_idx on public.occupancies (expert_id, starts_at);
create index occupancies_programme_id_idx on public.occupancies (programme_id, expert_id) where programme_id is not null;
-- For expire_requests(), which every booking calls: without it the mentor's whole history is searched.
create index occupancies_holds_idx on public.occupancies (expert_id, expires_at) where state = 'hold';
-- For the clean-up, which takes the oldest first.
create index occupancies_to_expire_idx on public.occupancies (expires_at) where state = 'hold';
alter table public.occupancies enable row level security;

-- A cached answer about a mentor's times is valid while the revision is the same.
create table public.schedule_revisions (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  revision bigint not null default 0
) with (fillfactor = 50);
comment on table public.schedule_revisions is
  'Counts the changes of a mentor''s offered times, in the same transaction: equal revisions mean equal times.';
alter table public.schedule_revisions enable row level security;
