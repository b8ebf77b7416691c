-- Payments: what a student pays for a booking, how that went at the provider, and what goes back.

create table private.money_settings (
  id integer primary key default 1 constraint money_settings_one_row check (id = 1),
  collects boolean not null default false,
  provider text constraint money_settings_provider_known check (provider in ('sandbox', 'razorpay', 'stripe')),
  fee_basis_points integer not null default 0
    constraint money_settings_fee_range check (fee_basis_points between 0 and 10000),
  constraint money_settings_collects_with_provider check (not collects or provider is not null)
);
comment on table private.money_settings is
  'What the database needs to know of the configuration: written by the app when it starts. Without a row nothing is collected.';
comment on column private.money_settings.collects is 'Whether students pay through the app.';
comment on column private.money_settings.fee_basis_points is 'The platform''s share of new bookings, in hundredths of a percent.';
alter table private.money_settings enable row level security;

create table public.payments (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  booking_id uuid,
  package_purchase_id uuid,
  provider text not null constraint payments_provider_known check (provider in ('sandbox', 'razorpay', 'stripe')),
  capture text not null constraint payments_capture_known check (capture in ('automatic', 'manual')),
  amount_minor bigint not null constraint payments_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'open'
    constraint payments_state_known check (state in ('open', 'authorized', 'captured', 'released', 'closed')),
  closed_because text
    constraint payments_closed_because_known check (closed_because in ('lapsed', 'cancelled', 'taken')),
  accepted_attempt_id uuid,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  more_time_at timestamptz,
  due_at timestamptz,
  earned_at timestamptz,
  attention text,
  attention_at timestamptz,
  polls integer not null default 0,
  poll_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unclear_since timestamptz,
  basket_id uuid,
  constraint payments_for_one_thing check (
    coalesce(booking_id, package_purchase_id, basket_id) is not null
    and (package_purchase_id is null or coalesce(booking_id, basket_id) is null)),
  constraint payments_refunds_within_captures check (refunded_minor between 0 and captured_minor),
  constraint payments_closed_has_reason check (state <> 'closed' or closed_because is not null),
  constraint payments_attention_has_time check ((attention is null) = (attention_at is null)),
  constraint payments_id_expert_id_key unique (id, expert_id),
  constraint payments_booking_id_key unique (booking_id, expert_id),
  constraint payments_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint payments_basket_id_fkey foreign key (basket_id, expert_id) references public.baskets (id, expert_id)
);
comment on table public.payments is
  'One order at a provider for exactly the amount of one booking, of one bought package or of a basket. The bookings of a basket '
  'have a payment each, a part of the basket''s, without an order. Written by private.settle_payment() and its kin.';
comment on column public.payments.basket_id is 'What the payment is for, or with a booking: what it is a part of.';
comment on column public.payments.capture is 'manual: reserved when booking, charged when the mentor confirms.';
comment on column public.payments.closed_because is
  'Why it is no longer wanted. A lapsed one is accepted after all while its time is free; "taken": it was not.';
comment on column public.payments.captured_minor is 'What arrived in all attempts, those that are sent back included.';
comment on column public.payments.refunded_minor is 'What was or is being sent back of it; a refund that failed does not count.';
comment on column public.payments.more_time_at is 'When the student was given more time; null until then.';
comment on column public.payments.due_at is 'When the mentor has earned it, unless it is refunded or disputed; moves with the session.';
comment on column public.payments.earned_at is 'When it was credited to the mentor.';
comment on column public.payments.attention is 'Why an administrator should look at it; null: all is well.';
comment on column public.payments.poll_at is 'When the provider is asked next, in case no webhook comes; null: not any more.';
comment on column public.payments.unclear_since is 'Since when the provider has not said what became of it; null: it has.';
create unique index payments_one_of_basket on public.payments (basket_id, expert_id) where booking_id is null and basket_id is not null;
create index payments_basket_id_idx on public.payments (basket_id, expert_id) where basket_id is not null;
create index payments_user_id_idx on public.payments (user_id, created_at desc, id desc);
create index payments_expert_id_idx on public.payments (expert_id, created_at desc, id desc);
create index payments_poll_at_idx on public.payments (poll_at) where poll_at is not null;
create index payments_due_at_idx on public.payments (due_at) where state = 'captured' and earned_at is null;
create index payments_attention_idx on public.payments (attention_at) where attention is not null;
create index payments_unclear_idx on public.payments (unclear_since) where unclear_since is not null;
create index payments_authorized_idx on public.payments (updated_at) where state = 'authorized';
alter table public.payments enable row level security;

create table private.payment_orders (
  provider text not null,
  order_id text not null constraint payment_orders_order_id_length check (char_length(order_id) between 1 and 255),
  payment_id uuid not null,
  expert_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (provider, order_id),
  constraint payment_orders_payment_id_key unique (payment_id, expert_id),
  constraint payment_orders_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table private.payment_orders is
  'Which payment an order at a provider is for: the only way from what a provider says to a booking.';
alter table private.payment_orders enable row level security;

create table public.payment_attempts (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id text not null constraint payment_attempts_attempt_id_length check (char_length(attempt_id) between 1 and 255),
  state text not null
    constraint payment_attempts_state_known check (state in ('created', 'failed', 'authorized', 'captured', 'released')),
  amount_minor bigint not null,
  currency text not null,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  method text,
  fee_minor bigint,
  failure_code text,
  failure_message text,
  dispute text constraint payment_attempts_dispute_known check (dispute in ('open', 'won', 'lost')),
  verdict text constraint payment_attempts_verdict_known check (verdict in ('accepted', 'surplus', 'wrong_amount', 'late', 'unwanted')),
  created_at timestamptz not null,
  updated_at timestamptz not null default now(),
  settlement_id text constraint payment_attempts_settlement_id_length check (char_length(settlement_id) between 1 and 255),
  settled_at timestamptz,
  constraint payment_attempts_settled_in_something check ((settlement_id is null) = (settled_at is null)),
  constraint payment_attempts_refunds_within_capture check (refunded_minor between 0 and captured_minor),
  constraint payment_attempts_captured_when_captured check ((state = 'captured') = (captured_minor > 0)),
  constraint payment_attempts_id_expert_id_key unique (id, expert_id),
  constraint payment_attempts_once unique (expert_id, payment_id, attempt_id),
  constraint payment_attempts_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.payment_attempts is 'The attempts to pay, as the provider reports them; a state never goes back.';
comment on column public.payment_attempts.attempt_id is 'The provider''s id.';
comment on column public.payment_attempts.verdict is
  'accepted: it pays for the booking. All others are sent back: a second payment, another amount, too late, or after it was cancelled.';
comment on column public.payment_attempts.settlement_id is
  'The sum that the provider has paid out to our bank and that this attempt is part of; null until the daily check learns of it.';
comment on column public.payment_attempts.settled_at is 'When that sum was paid out.';
create index payment_attempts_payment_id_idx on public.payment_attempts (payment_id, expert_id);
create unique index payment_attempts_one_accepted on public.payment_attempts (payment_id, expert_id) where verdict = 'accepted';
create index payment_attempts_captured_idx on public.payment_attempts (created_at) where state = 'captured';
create index payment_attempts_not_returned_idx on public.payment_attempts (updated_at)
  where verdict is distinct from 'accepted' and state = 'captured' and refunded_minor < captured_minor;
create index payment_attempts_not_released_idx on public.payment_attempts (updated_at)
  where verdict is distinct from 'accepted' and state = 'authorized';
alter table public.payment_attempts enable row level security;
alter table public.payments add constraint payments_accepted_attempt_id_fkey
  foreign key (accepted_attempt_id, expert_id) references public.payment_attempts (id, expert_id)
  -- The two tables refer to each other: a restore loads one first.
  deferrable initially immediate;
create index payments_accepted_attempt_id_idx on public.payments (accepted_attempt_id, expert_id);

create table public.refunds (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id uuid not null,
  amount_minor bigint not null constraint refunds_amount_positive check (amount_minor > 0),
  currency text not null,
  why text not null constraint refunds_why_known check (why in (
    'student_cancelled', 'mentor_cancelled', 'declined', 'expired', 'no_show', 'late', 'surplus', 'wrong_amount', 'unwanted',
    'administrator', 'provider', 'dispute', 'unused')),
  state text not null default 'requested'
    constraint refunds_state_known check (state in ('requested', 'sent', 'done', 'failed')),
  provider_refund_id text,
  failure text,
  retry_of uuid,
  requested_at timestamptz not null default now(),
  sent_at timestamptz,
  settled_at timestamptz,
  constraint refunds_settled_when_over check ((state in ('done', 'failed')) = (settled_at is not null)),
  constraint refunds_id_expert_id_key unique (id, expert_id),
  constraint refunds_provider_refund_id_key unique (expert_id, attempt_id, provider_refund_id),
  constraint refunds_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id),
  constraint refunds_attempt_id_fkey foreign key (attempt_id, expert_id) references public.payment_attempts (id, expert_id),
  constraint refunds_retry_of_fkey foreign key (retry_of, expert_id) references public.refunds (id, expert_id)
);
comment on table public.refunds is 'Money on its way back to a student. A state never goes back; a failed refund is followed by another one.';
comment on column public.refunds.why is
  'What entitles to it. "provider": made at the provider, not by the app. "dispute": taken back by the payer''s bank. "unused": '
  'sessions of a package that cannot be used any more.';
comment on column public.refunds.retry_of is 'The failed refund that this one repeats.';
create index refunds_payment_id_idx on public.refunds (payment_id, expert_id);
create index refunds_attempt_id_idx on public.refunds (attempt_id, expert_id);
create unique index refunds_retry_of_once on public.refunds (retry_of, expert_id);
create index refunds_to_settle_idx on public.refunds (requested_at) where state in ('requested', 'sent');
alter table public.refunds enable row level security;

create table public.money_events (
  id bigint generated always as identity primary key,
  expert_id uuid not null,
  user_id uuid not null,
  payment_id uuid not null,
  booking_id uuid,
  refund_id uuid,
  kind text not null constraint money_events_kind_known check (kind in (
    'paid', 'authorized', 'failed', 'released', 'late', 'surplus', 'refund_requested', 'refund_done', 'refund_failed',
    'dispute_opened', 'dispute_won', 'dispute_lost', 'earned', 'fee_returned', 'expiring', 'due')),
  amount_minor bigint not null,
  currency text not null,
  detail text,
  created_at timestamptz not null default now(),
  notify_at timestamptz not null default now(),
  notified_at timestamptz,
  constraint money_events_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.money_events is
  'Append-only history of a payment, from which the messages about it are written.';
comment on column public.money_events.detail is 'The provider''s reason, or why a refund was requested.';
comment on column public.money_events.notify_at is
  'From when messages about it are written. A failed attempt waits, as it may be repeated; what was earned waits for the mentor''s '
  'next morning, and that of a day has one message; that a package is expiring waits until a week before, and that a session of a '
  'series is to be paid until three days before.';
comment on column public.money_events.notified_at is 'When the messages about it were written; null until then.';
create index money_events_payment_id_idx on public.money_events (payment_id, expert_id, id);
create index money_events_to_notify_idx on public.money_events (notify_at, id) where notified_at is null;
create index money_events_earned_idx on public.money_events (expert_id, currency, notify_at, id) where kind = 'earned';
alter table public.money_events enable row level security;

create table private.payment_events (
  id uuid primary key default private.uuid_v7(),
  provider text not null,
  event_id text,
  kind text,
  order_id text,
  verdict text not null constraint payment_events_verdict_known
    check (verdict in ('genuine', 'forged', 'stale', 'unreadable', 'unknown_order')),
  body bytea not null constraint payment_events_body_length check (octet_length(body) <= 262144),
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  constraint payment_events_once unique (provider, event_id),
  constraint payment_events_genuine_has_id check (verdict not in ('genuine', 'unknown_order') or event_id is not null)
);
comment on table private.payment_events is
  'The inbox of the providers'' webhooks, as they came. An event is a hint to ask the provider; refused ones change nothing.';
comment on column private.payment_events.body is
  'Of a refused one the first 4 kB. Empty a month after it was processed, and if one of the people is deleted.';
comment on column private.payment_events.event_id is 'The provider''s id of the event; null if it was refused.';
create index payment_events_to_process_idx on private.payment_events (provider, order_id) where processed_at is null;
create index payment_events_refused_idx on private.payment_events (received_at desc) where verdict <> 'genuine';
create index payment_events_received_at_idx on private.payment_events (received_at);
create index payment_events_with_body_idx on private.payment_events (received_at) where body <> '';
alter table private.payment_events enable row level security;
