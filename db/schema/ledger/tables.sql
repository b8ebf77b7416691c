-- The ledger of money: who owes what to whom, in double entry. Every line moves one positive amount from one account to another.

create domain private.ledger_account_kind as text
  constraint ledger_account_kind_known check (value in (
    'provider', 'provider_fees', 'fees', 'bank', 'losses', 'credits_issued', 'credits_used', 'credits_expired',
    'escrow', 'refunds_payable', 'mentor', 'payouts_pending', 'package_money', 'credits', 'credits_reserved', 'basket_money'));

create table private.ledger_transfers (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  kind text not null constraint ledger_transfers_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  reference uuid not null,
  from_kind private.ledger_account_kind not null,
  from_owner uuid not null,
  to_kind private.ledger_account_kind not null,
  to_owner uuid not null,
  currency text not null,
  amount_minor bigint not null constraint ledger_transfers_amount_positive check (amount_minor > 0),
  event_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint ledger_transfers_two_accounts check ((from_kind, from_owner) <> (to_kind, to_owner)),
  constraint ledger_transfers_id_expert_id_key unique (id, expert_id),
  constraint ledger_transfers_once unique (expert_id, kind, reference)
);
comment on table private.ledger_transfers is
  'The lines of the ledger, all about one mentor''s sessions. Only ever added, by private.transfer(); a mistake is corrected by '
  'a transfer back.';
comment on column private.ledger_transfers.reference is
  'What the transfer is for; with its kind it identifies the transfer, so that none is written twice.';
comment on column private.ledger_transfers.event_at is 'When it happened, which may be long before it was learnt of.';
comment on column private.ledger_transfers.amount_minor is 'Minor units of the currency, or sessions of a package''s service.';
create index ledger_transfers_from_idx on private.ledger_transfers (from_owner, from_kind, expert_id);
create index ledger_transfers_to_idx on private.ledger_transfers (to_owner, to_kind, expert_id);
create index ledger_transfers_created_at_idx on private.ledger_transfers (created_at);
alter table private.ledger_transfers enable row level security;

create table private.ledger_accounts (
  expert_id uuid not null references public.expert_profiles (id),
  kind private.ledger_account_kind not null,
  owner_id uuid not null,
  currency text not null,
  balance_minor bigint not null constraint ledger_accounts_never_below_zero check (balance_minor >= 0),
  version bigint not null default 1,
  primary key (expert_id, owner_id, kind, currency)
);
create index ledger_accounts_to_pay_idx on private.ledger_accounts (owner_id) where kind = 'mentor' and balance_minor > 0;
comment on table private.ledger_accounts is
  'The balances that must not go below zero. The accounts of the platform have no row: a running balance would be locked by '
  'every payment, and is a sum over the transfers.';
comment on column private.ledger_accounts.owner_id is
  'A booking (escrow, credits_reserved), a payment (refunds_payable), a mentor (mentor), a payout (payouts_pending), a bought '
  'package (package_money, credits) or a basket (basket_money).';
comment on column private.ledger_accounts.version is 'Counts the transfers.';
alter table private.ledger_accounts enable row level security;
