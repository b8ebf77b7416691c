-- Baskets: several bookings of one mentor that one payment is for.

create table public.baskets (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  series_id uuid,
  total_minor bigint not null constraint baskets_total_range check (total_minor >= 0),
  currency text not null,
  created_at timestamptz not null default now(),
  before_coupon_minor bigint constraint baskets_before_coupon_positive check (before_coupon_minor > 0),
  constraint baskets_not_own_sessions check (user_id <> expert_id),
  constraint baskets_id_expert_id_key unique (id, expert_id),
  constraint baskets_series_id_key unique (series_id, expert_id),
  constraint baskets_series_id_fkey foreign key (series_id, expert_id) references public.series (id, expert_id)
);
comment on table public.baskets is
  'Several bookings that were made together, all or none. They are held, paid and lapse together; later each is a booking of its own.';
comment on column public.baskets.series_id is 'The series that it pays for, if it is for one.';
comment on column public.baskets.total_minor is 'What its bookings cost together; the payment is of exactly this.';
comment on column public.baskets.before_coupon_minor is
  'The sum that a coupon is applied to: the prices of those of its bookings that have the coupon. null: no coupon, or it is the series''.';
create index baskets_user_id_idx on public.baskets (user_id, created_at desc);
create index baskets_expert_id_idx on public.baskets (expert_id, created_at desc);
alter table public.baskets enable row level security;
