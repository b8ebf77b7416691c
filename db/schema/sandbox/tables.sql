-- Sandbox: a payment provider of our own that moves no money. It is written as another company's database would be: nothing
-- refers to the app's tables, and the app knows only what the provider's interface says.

create table private.sandbox_orders (
  id text primary key,
  reference text not null constraint sandbox_orders_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_orders_amount_positive check (amount_minor > 0),
  currency text not null,
  capture text not null constraint sandbox_orders_capture_known check (capture in ('automatic', 'manual')),
  description text not null constraint sandbox_orders_description_length check (char_length(description) <= 500),
  state text not null default 'open' constraint sandbox_orders_state_known check (state in ('open', 'closed')),
  webhooks text not null default 'normal'
    constraint sandbox_orders_webhooks_known check (webhooks in ('normal', 'late', 'twice', 'out_of_order', 'none')),
  refunds_fail boolean not null default false,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  constraint sandbox_orders_reference_key unique (reference)
);
comment on table private.sandbox_orders is 'Orders of the sandbox, each for one amount. Written by private.sandbox_…() only.';
comment on column private.sandbox_orders.id is 'Unguessable: who has it may open the checkout page.';
comment on column private.sandbox_orders.reference is 'What the app calls it, and the idempotency key of its creation.';
comment on column private.sandbox_orders.webhooks is 'How the app is told of changes, as the payer has chosen on the checkout page.';
comment on column private.sandbox_orders.refunds_fail is 'Whether refunds fail, as the payer has chosen.';
create index sandbox_orders_changed_at_idx on private.sandbox_orders (changed_at, id);
alter table private.sandbox_orders enable row level security;

create table private.sandbox_attempts (
  id text primary key,
  order_id text not null references private.sandbox_orders (id) on delete cascade,
  state text not null
    constraint sandbox_attempts_state_known check (state in ('created', 'failed', 'authorized', 'captured', 'released')),
  amount_minor bigint not null constraint sandbox_attempts_amount_positive check (amount_minor > 0),
  currency text not null,
  method text not null constraint sandbox_attempts_method_known check (method in ('upi', 'card')),
  fee_minor bigint,
  failure_code text,
  failure_message text,
  dispute text constraint sandbox_attempts_dispute_known check (dispute in ('open', 'won', 'lost')),
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_attempts_failed_has_reason
    check ((state = 'failed') = (failure_code is not null and failure_message is not null)),
  constraint sandbox_attempts_disputed_when_captured check (dispute is null or state = 'captured')
);
comment on table private.sandbox_attempts is 'Attempts to pay an order.';
comment on column private.sandbox_attempts.fee_minor is 'What the provider keeps: 2 % of cards, nothing of UPI. Null until it is captured.';
create index sandbox_attempts_captured_idx on private.sandbox_attempts (created_at) where state = 'captured';
create index sandbox_attempts_order_id_idx on private.sandbox_attempts (order_id);
alter table private.sandbox_attempts enable row level security;

create table private.sandbox_refunds (
  id text primary key,
  attempt_id text not null references private.sandbox_attempts (id) on delete cascade,
  reference text not null constraint sandbox_refunds_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_refunds_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'pending' constraint sandbox_refunds_state_known check (state in ('pending', 'done', 'failed')),
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_refunds_reference_key unique (reference)
);
comment on table private.sandbox_refunds is 'What goes back to the payer. A refund that failed does not count.';
create index sandbox_refunds_attempt_id_idx on private.sandbox_refunds (attempt_id);
alter table private.sandbox_refunds enable row level security;

create table private.sandbox_transfers (
  id text primary key,
  attempt_id text not null references private.sandbox_attempts (id) on delete cascade,
  reference text not null constraint sandbox_transfers_reference_length check (char_length(reference) between 1 and 100),
  account text not null constraint sandbox_transfers_account_length check (char_length(account) between 1 and 100),
  amount_minor bigint not null constraint sandbox_transfers_amount_positive check (amount_minor > 0),
  currency text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_transfers_reference_key unique (reference)
);
comment on table private.sandbox_transfers is 'Captured money that was moved on to a linked account.';
create index sandbox_transfers_attempt_id_idx on private.sandbox_transfers (attempt_id);
alter table private.sandbox_transfers enable row level security;

create table private.sandbox_reversals (
  id text primary key,
  transfer_id text not null references private.sandbox_transfers (id) on delete cascade,
  reference text not null constraint sandbox_reversals_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_reversals_amount_positive check (amount_minor > 0),
  currency text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_reversals_reference_key unique (reference)
);
comment on table private.sandbox_reversals is 'Transferred money that was taken back.';
create index sandbox_reversals_transfer_id_idx on private.sandbox_reversals (transfer_id);
alter table private.sandbox_reversals enable row level security;
