-- Series: sessions that were booked together because they repeat. Each is a booking of its own.

create table public.series (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  service_id uuid not null,
  duration integer not null constraint series_duration_range check (duration between 5 and 480),
  pattern text not null constraint series_pattern_known check (pattern in ('weekly', 'two_weeks', 'chosen', 'programme')),
  payment text not null constraint series_payment_known check (payment in ('at_once', 'per_session', 'credits')),
  programme_id uuid,
  created_at timestamptz not null default now(),
  before_coupon_minor bigint constraint series_before_coupon_positive check (before_coupon_minor > 0),
  constraint series_pattern_of_programme check ((pattern = 'programme') = (programme_id is not null)),
  constraint series_not_own_sessions check (user_id <> expert_id),
  constraint series_id_expert_id_key unique (id, expert_id),
  constraint series_service_id_fkey foreign key (service_id, expert_id) references public.services (id, expert_id),
  constraint series_programme_id_fkey foreign key (programme_id, expert_id) references public.programmes (id, expert_id)
);
comment on table public.series is 'What several bookings have in common. Written once, with all of its bookings; times and states are theirs.';
comment on column public.series.pattern is 'As the dates were found. Some may have been replaced, left out or moved since.';
comment on column public.series.payment is
  'at_once: by the payment of a basket, or nothing is to be paid. per_session: the first one when it was booked, each other one '
  'until a day before it begins. credits: with sessions of a package.';
comment on column public.series.before_coupon_minor is
  'The sum that a coupon is applied to: the prices of its sessions. null: no coupon.';
create index series_user_id_idx on public.series (user_id, created_at desc);
create index series_expert_id_idx on public.series (expert_id, created_at desc);
create index series_programme_id_idx on public.series (programme_id, expert_id) where programme_id is not null;
create index series_service_id_idx on public.series (service_id, expert_id);
alter table public.series enable row level security;
