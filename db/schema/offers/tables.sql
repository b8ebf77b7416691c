-- Offers: coupons and packages of sessions, and what became of each use.

create table public.coupons (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  code text not null constraint coupons_code_form check (code ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
  basis_points integer constraint coupons_basis_points_range check (basis_points between 100 and 10000),
  amount_minor bigint constraint coupons_amount_range check (amount_minor between 1 and 1000000000),
  currency text not null default 'INR' constraint coupons_currency_known check (currency = 'INR'),
  active_from timestamptz,
  active_until timestamptz,
  max_uses integer constraint coupons_max_uses_range check (max_uses between 1 and 100000),
  max_uses_per_student integer default 1
    constraint coupons_max_uses_per_student_range check (max_uses_per_student between 1 and 100000),
  service_ids uuid[] constraint coupons_service_ids_count check (cardinality(service_ids) between 1 and 30),
  first_session_only boolean not null default false,
  enabled boolean not null default true,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint coupons_one_discount check (num_nonnulls(basis_points, amount_minor) = 1),
  constraint coupons_ends_after_start check (active_until > active_from),
  constraint coupons_id_expert_id_key unique (id, expert_id)
);
comment on table public.coupons is 'A mentor''s own discounts. A deleted one is kept for the bookings that used it.';
comment on column public.coupons.code is 'In capitals: codes are compared without regard to case.';
comment on column public.coupons.basis_points is 'Hundredths of a percent off; or else amount_minor is taken off.';
comment on column public.coupons.max_uses is 'null: no limit. A use that is given back does not count.';
comment on column public.coupons.max_uses_per_student is 'null: no limit.';
comment on column public.coupons.service_ids is 'The services that it is for; null: all.';
comment on column public.coupons.first_session_only is 'Only for students without another session with the mentor.';
create unique index coupons_expert_id_code_key on public.coupons (expert_id, code) where deleted_at is null;
create index coupons_expert_id_idx on public.coupons (expert_id);
alter table public.coupons enable row level security;

create table public.coupon_uses (
  booking_id uuid not null,
  expert_id uuid not null,
  coupon_id uuid not null,
  user_id uuid not null references auth.users (id),
  used_at timestamptz not null default now(),
  given_back_at timestamptz,
  together_id uuid,
  primary key (booking_id, expert_id),
  constraint coupon_uses_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint coupon_uses_coupon_id_fkey foreign key (coupon_id, expert_id) references public.coupons (id, expert_id)
);
comment on table public.coupon_uses is 'Which booking used which coupon. Written in the booking''s transaction only.';
comment on column public.coupon_uses.together_id is
  'The series or the basket that was booked with this one use, which is given back with the last of its bookings; null: the booking alone.';
comment on column public.coupon_uses.given_back_at is 'When it could be used again, because the session did not take place.';
create index coupon_uses_coupon_id_idx on public.coupon_uses (coupon_id, expert_id, user_id);
create index coupon_uses_user_id_idx on public.coupon_uses (user_id);
alter table public.coupon_uses enable row level security;

create table public.packages (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid not null,
  minutes integer not null constraint packages_minutes_range check (minutes between 5 and 480),
  sessions integer not null constraint packages_sessions_range check (sessions between 2 and 50),
  price_minor bigint not null constraint packages_price_range check (price_minor between 1 and 1000000000),
  currency text not null default 'INR' constraint packages_currency_known check (currency = 'INR'),
  valid_days integer not null constraint packages_valid_days_range check (valid_days between 30 and 730),
  enabled boolean not null default true,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint packages_id_expert_id_key unique (id, expert_id),
  constraint packages_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.packages is 'What a mentor offers: several sessions of a service and length for one price.';
comment on column public.packages.valid_days is 'For so many days after the payment sessions can be booked with it.';
create index packages_service_id_idx on public.packages (service_id, expert_id);
create index packages_expert_id_idx on public.packages (expert_id);
alter table public.packages enable row level security;

create table public.package_purchases (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  package_id uuid not null,
  service_id uuid not null,
  minutes integer not null,
  sessions integer not null constraint package_purchases_sessions_positive check (sessions > 0),
  price_minor bigint not null constraint package_purchases_price_positive check (price_minor > 0),
  currency text not null,
  valid_days integer not null,
  fee_basis_points integer not null default 0,
  state text not null default 'unpaid' constraint package_purchases_state_known
    check (state in ('unpaid', 'lapsed', 'active', 'expired', 'refunded')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint package_purchases_paid_expires check (state in ('unpaid', 'lapsed') = (expires_at is null)),
  constraint package_purchases_not_own check (user_id <> expert_id),
  constraint package_purchases_id_expert_id_key unique (id, expert_id),
  constraint package_purchases_package_id_fkey foreign key (package_id, expert_id)
    references public.packages (id, expert_id),
  constraint package_purchases_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.package_purchases is
  'A package that a student has bought, on the terms of that moment. Its credits and its money are in the ledger.';
comment on column public.package_purchases.expires_at is
  'Until when sessions can be booked with it. A credit that comes back without the student''s doing postpones it.';
comment on column public.package_purchases.fee_basis_points is 'The platform''s share when it was bought, in hundredths of a percent.';
create index package_purchases_package_id_idx on public.package_purchases (package_id, expert_id);
create index package_purchases_service_id_idx on public.package_purchases (service_id, expert_id);
create index package_purchases_user_id_idx on public.package_purchases (user_id, created_at desc);
create index package_purchases_expert_id_idx on public.package_purchases (expert_id, created_at desc);
create index package_purchases_expires_at_idx on public.package_purchases (expires_at) where state = 'active';
create index package_purchases_unpaid_idx on public.package_purchases (created_at) where state = 'unpaid';
create unique index package_purchases_one_unpaid on public.package_purchases (user_id, package_id, expert_id) where state = 'unpaid';
alter table public.package_purchases enable row level security;

create table public.credit_uses (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  booking_id uuid not null,
  package_purchase_id uuid not null,
  share_minor bigint not null constraint credit_uses_share_range check (share_minor >= 0),
  currency text not null,
  state text not null default 'reserved'
    constraint credit_uses_state_known check (state in ('reserved', 'used', 'returned')),
  earned_at timestamptz,
  created_at timestamptz not null default now(),
  constraint credit_uses_returned_is_not_earned check (state <> 'returned' or earned_at is null),
  constraint credit_uses_id_expert_id_key unique (id, expert_id),
  constraint credit_uses_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint credit_uses_package_purchase_id_fkey foreign key (package_purchase_id, expert_id)
    references public.package_purchases (id, expert_id)
);
comment on table public.credit_uses is
  'The sessions of a bought package that bookings have taken. Its id is the reference of the ledger''s transfers.';
comment on column public.credit_uses.share_minor is 'The part of the package''s price that the mentor earns with the session.';
comment on column public.credit_uses.earned_at is 'When the mentor was credited with the share.';
create unique index credit_uses_one_each on public.credit_uses (booking_id, expert_id) where state <> 'returned';
create index credit_uses_booking_id_idx on public.credit_uses (booking_id, expert_id);
create index credit_uses_package_purchase_id_idx on public.credit_uses (package_purchase_id, expert_id);
create index credit_uses_to_earn_idx on public.credit_uses (created_at) where state <> 'returned' and earned_at is null;
alter table public.credit_uses enable row level security;

-- Bookings have no foreign keys to coupons and packages: their indexes would be written with every booking. What they refer to
-- was found by private.prepare_booking(), which alone sets it, and coupon_uses and credit_uses refer to both.
alter table public.payments
  add constraint payments_package_purchase_id_fkey foreign key (package_purchase_id, expert_id)
    references public.package_purchases (id, expert_id),
  add constraint payments_package_purchase_id_key unique (package_purchase_id, expert_id);
