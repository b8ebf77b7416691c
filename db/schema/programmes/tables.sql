-- Programmes: group sessions on several dates that are booked as one.

create table public.programmes (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  title text not null constraint programmes_title_length check (char_length(title) between 1 and 120),
  description text not null default '' constraint programmes_description_length check (char_length(description) <= 2000),
  duration integer not null constraint programmes_duration_range check (duration between 5 and 480),
  capacity integer not null constraint programmes_capacity_range check (capacity between 2 and 500),
  price_minor bigint not null constraint programmes_price_range check (price_minor between 0 and 1000000000),
  currency text not null constraint programmes_currency_known check (currency = 'INR'),
  min_attendees integer not null,
  decide_at timestamptz not null,
  state text not null default 'open' constraint programmes_state_known check (state in ('open', 'on', 'cancelled')),
  cancelled_because text
    constraint programmes_cancelled_because_known check (cancelled_because in ('mentor', 'minimum')),
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  constraint programmes_title_clean check (
    title is nfc normalized and title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'),
  constraint programmes_description_clean check (
    description is nfc normalized and description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint programmes_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint programmes_cancelled_has_reason check ((state = 'cancelled') = (cancelled_because is not null)),
  constraint programmes_decided_once check ((state = 'open') = (decided_at is null)),
  constraint programmes_id_expert_id_key unique (id, expert_id),
  constraint programmes_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.programmes is
  'Group sessions of a mentor that are booked together, with one price and one decision. Times and seats are those of the sessions.';
comment on column public.programmes.capacity is 'Seats in each of its sessions.';
comment on column public.programmes.price_minor is 'Of all sessions together; each has its share.';
comment on column public.programmes.min_attendees is 'With fewer at the time of the decision all of its sessions are cancelled.';
comment on column public.programmes.decide_at is 'When it is decided, once for all sessions. A session that is moved does not move it.';
create index programmes_expert_id_idx on public.programmes (expert_id, created_at desc);
create index programmes_service_id_idx on public.programmes (service_id, expert_id);
create index programmes_decide_at_idx on public.programmes (decide_at) where state = 'open';
alter table public.programmes enable row level security;
