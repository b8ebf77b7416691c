-- Time requests: a student requests a time that is not offered, or a mentor suggests others.

create table public.time_requests (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null,
  duration integer not null constraint time_requests_duration_range check (duration between 5 and 480),
  total_minor bigint not null constraint time_requests_total_range check (total_minor >= 0),
  currency text not null constraint time_requests_currency_known check (currency = 'INR'),
  message text constraint time_requests_message_length check (char_length(message) <= 2000),
  user_name text not null default '' constraint time_requests_user_name_length check (char_length(user_name) <= 120),
  user_email text not null default ''
    constraint time_requests_user_email_length check (char_length(user_email) <= 254),
  student_timezone text not null,
  status text not null default 'open'
    constraint time_requests_status_known check (status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  awaiting text not null default 'mentor'
    constraint time_requests_awaiting_known check (awaiting in ('student', 'mentor')),
  round integer not null default 1 constraint time_requests_round_range check (round between 1 and 20),
  expires_at timestamptz not null,
  reason text constraint time_requests_reason_length check (char_length(reason) <= 500),
  booking_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  replaces_booking_id uuid,
  constraint time_requests_not_own_session check (user_id <> expert_id),
  constraint time_requests_accepted_is_booked check ((status = 'accepted') = (booking_id is not null)),
  constraint time_requests_user_name_clean check (
    user_name is nfc normalized and user_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint time_requests_message_clean check (
    message is nfc normalized and message !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint time_requests_id_expert_id_key unique (id, expert_id),
  constraint time_requests_replaces_booking_id_key unique (replaces_booking_id, expert_id),
  constraint time_requests_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint time_requests_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id),
  constraint time_requests_replaces_booking_id_fkey foreign key (replaces_booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.time_requests is
  'A student''s request for a time that is not offered. Holds no time; only the booking made from it does.';
comment on column public.time_requests.total_minor is
  'The price at the time of the request, in minor units; accepting fails if it has changed.';
comment on column public.time_requests.awaiting is 'Whose reply to the last round of proposals is awaited.';
comment on column public.time_requests.reason is 'The mentor''s reason for declining.';
comment on column public.time_requests.replaces_booking_id is
  'The booking request to which the mentor replied with other times; null when the student made the request.';
create index time_requests_user_id_idx on public.time_requests (user_id, created_at desc, id desc);
create index time_requests_expert_id_idx on public.time_requests (expert_id, created_at desc, id desc);
create index time_requests_service_id_idx on public.time_requests (service_id, expert_id);
create index time_requests_booking_id_idx on public.time_requests (booking_id, expert_id);
create index time_requests_expires_at_idx on public.time_requests (expires_at) where status = 'open';
create index time_requests_open_idx on public.time_requests (user_id) where status = 'open';
create unique index time_requests_one_open_key on public.time_requests (user_id, expert_id)
  where status = 'open' and replaces_booking_id is null;
alter table public.time_requests enable row level security;

create table public.time_proposals (
  id uuid primary key default private.uuid_v7(),
  request_id uuid not null,
  expert_id uuid not null,
  proposed_by text not null
    constraint time_proposals_proposed_by_known check (proposed_by in ('student', 'mentor')),
  round integer not null,
  place integer not null constraint time_proposals_at_most_three check (place between 1 and 3),
  starts_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint time_proposals_round_place_key unique (request_id, expert_id, round, place),
  constraint time_proposals_round_start_key unique (request_id, expert_id, round, starts_at),
  constraint time_proposals_id_expert_id_key unique (id, expert_id),
  constraint time_proposals_request_id_fkey foreign key (request_id, expert_id)
    references public.time_requests (id, expert_id)
);
comment on table public.time_proposals is 'The starts that one party proposes; a new round replaces the last.';
comment on column public.time_proposals.place is 'Position in its round, 1 to 3.';
alter table public.time_proposals enable row level security;
