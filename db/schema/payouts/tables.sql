-- Payouts: what mentors have earned, on its way to their bank accounts.

create function private.payout_minimum(of_method text) returns bigint
  language sql immutable
  return case of_method when 'csv' then 10000 else 100 end;
comment on function private.payout_minimum(text) is
  'The smallest payout in minor units: rules/limits.ts; for Route, what Razorpay transfers at least.';

create table private.payout_settings (
  id integer primary key default 1 constraint payout_settings_one_row check (id = 1),
  approval_above_minor bigint not null
    constraint payout_settings_approval_above_range check (approval_above_minor >= 0),
  currency text not null default 'INR' constraint payout_settings_currency_known check (currency in ('INR'))
);
comment on table private.payout_settings is
  'Written by the app when it starts, from the configuration. Without a row every run needs a second administrator.';
alter table private.payout_settings enable row level security;

create table private.payout_runs (
  id uuid primary key default private.uuid_v7(),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  filled_at timestamptz,
  approved_by uuid,
  approved_at timestamptz,
  exported_at timestamptz,
  cancelled_at timestamptz,
  constraint payout_runs_two_people check (approved_by <> created_by),
  constraint payout_runs_approval_has_time check ((approved_by is null) = (approved_at is null)),
  constraint payout_runs_filled_first check (filled_at is not null or num_nonnulls(approved_at, exported_at) = 0),
  constraint payout_runs_sent_or_cancelled check (exported_at is null or cancelled_at is null)
);
comment on table private.payout_runs is 'A list of payouts that an administrator sends to the bank as one file.';
comment on column private.payout_runs.created_by is 'The administrator. No reference: the run outlives accounts.';
comment on column private.payout_runs.filled_at is 'When all mentors with enough to be paid out were in it.';
comment on column private.payout_runs.exported_at is 'When the file was taken for the first time.';
alter table private.payout_runs enable row level security;

create table private.payout_accounts (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  bank_sealed bytea,
  bank_hint text constraint payout_accounts_bank_hint_form check (bank_hint ~ '^[0-9]{4}$'),
  linked_sealed bytea,
  linked_hint text constraint payout_accounts_linked_hint_form check (linked_hint ~ '^[A-Za-z0-9]{4}$'),
  usable_from timestamptz not null,
  changed_at timestamptz not null default now(),
  constraint payout_accounts_bank_has_hint check ((bank_sealed is null) = (bank_hint is null)),
  constraint payout_accounts_linked_has_hint check ((linked_sealed is null) = (linked_hint is null))
);
comment on table private.payout_accounts is
  'Where a mentor''s money goes, encrypted by the app: a bank account, or an account at the payment provider, or both.';
comment on column private.payout_accounts.bank_hint is 'The last four digits.';
comment on column private.payout_accounts.linked_sealed is 'Id of a Razorpay Route account: what is earned goes there directly.';
comment on column private.payout_accounts.usable_from is
  'A day after a change, so that a mentor who did not make it can object; at once for the first details.';
alter table private.payout_accounts enable row level security;

create table public.payouts (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  run_id uuid references private.payout_runs (id),
  payment_id uuid,
  amount_minor bigint not null,
  currency text not null,
  method text not null constraint payouts_method_known check (method in ('csv', 'route')),
  state text not null default 'requested'
    constraint payouts_state_known check (state in ('requested', 'sent', 'paid', 'failed', 'reversed')),
  bank_reference text constraint payouts_bank_reference_form check (bank_reference ~ '^[A-Za-z0-9/-]{6,40}$'),
  transfer_id text constraint payouts_transfer_id_length check (char_length(transfer_id) between 1 and 255),
  reversed_minor bigint not null default 0,
  paid_to text,
  sealed_account bytea,
  failure text,
  requested_at timestamptz not null default now(),
  sent_at timestamptz,
  settled_at timestamptz,
  calling_until timestamptz,
  earning_id uuid,
  constraint payouts_amount_minimum check (amount_minor >= private.payout_minimum(method)),
  constraint payouts_reversed_within_amount check (reversed_minor between 0 and amount_minor),
  constraint payouts_method_has_cause check (
    case method when 'csv' then run_id is not null and num_nonnulls(payment_id, earning_id) = 0
      else num_nonnulls(payment_id, earning_id) = 2 and run_id is null end),
  constraint payouts_settled_when_over check ((state in ('paid', 'failed', 'reversed')) = (settled_at is not null)),
  constraint payouts_paid_has_reference check (
    state not in ('paid', 'reversed') or case method when 'csv' then bank_reference else transfer_id end is not null),
  constraint payouts_failed_has_reason check (state <> 'failed' or failure is not null),
  constraint payouts_id_expert_id_key unique (id, expert_id),
  constraint payouts_one_per_run unique (expert_id, run_id, currency),
  constraint payouts_bank_reference_once unique (expert_id, bank_reference),
  constraint payouts_transfer_id_once unique (expert_id, transfer_id),
  constraint payouts_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.payouts is
  'Money to a mentor: all of a balance through the bank (csv), or what one payment has earned through Razorpay Route. A state never '
  'goes back.';
comment on column public.payouts.earning_id is
  'The line of the ledger (its reference) whose money a transfer takes: a payment has earned once, a package once per session.';
comment on column public.payouts.bank_reference is 'The bank''s reference (UTR).';
comment on column public.payouts.transfer_id is 'The provider''s id.';
comment on column public.payouts.reversed_minor is 'What was taken back of it, for a refund.';
comment on column public.payouts.paid_to is 'The last four digits of the account that it was sent to.';
comment on column public.payouts.sealed_account is 'The account at the provider, encrypted, until the transfer is settled.';
comment on column public.payouts.calling_until is
  'Until when a call of the provider about it may be under way: there must not be two at once.';
create unique index payouts_one_open on public.payouts (expert_id, currency)
  where method = 'csv' and state in ('requested', 'sent');
create unique index payouts_one_per_earning on public.payouts (expert_id, earning_id);
create index payouts_expert_id_idx on public.payouts (expert_id, requested_at desc, id desc);
create index payouts_run_id_idx on public.payouts (run_id);
create index payouts_payment_id_idx on public.payouts (payment_id, expert_id);
create index payouts_open_transfers_idx on public.payouts (requested_at)
  where method = 'route' and state in ('requested', 'sent');
alter table public.payouts enable row level security;

create table public.payout_reversals (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payout_id uuid not null,
  refund_id uuid not null,
  amount_minor bigint not null constraint payout_reversals_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'requested'
    constraint payout_reversals_state_known check (state in ('requested', 'done', 'refused', 'unneeded')),
  reversal_id text constraint payout_reversals_reversal_id_length check (char_length(reversal_id) between 1 and 255),
  failure text,
  requested_at timestamptz not null default now(),
  settled_at timestamptz,
  constraint payout_reversals_settled_when_over check ((state = 'requested') = (settled_at is null)),
  constraint payout_reversals_id_expert_id_key unique (id, expert_id),
  constraint payout_reversals_once unique (expert_id, refund_id, payout_id),
  constraint payout_reversals_payout_id_fkey foreign key (payout_id, expert_id) references public.payouts (id, expert_id),
  constraint payout_reversals_refund_id_fkey foreign key (refund_id, expert_id) references public.refunds (id, expert_id)
);
comment on table public.payout_reversals is
  'What is taken back of a transfer before a refund is sent. A state never goes back.';
comment on column public.payout_reversals.state is
  'refused: the refund comes from the mentor''s balance, or is our loss. unneeded: the transfer had failed.';
create index payout_reversals_payout_id_idx on public.payout_reversals (payout_id, expert_id);
create index payout_reversals_refund_id_idx on public.payout_reversals (refund_id, expert_id);
alter table public.payout_reversals enable row level security;
