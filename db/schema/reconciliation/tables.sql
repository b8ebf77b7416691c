-- Reconciliation: whether payments, bookings and the ledger agree with each other and with the provider.

create table private.reconciliations (
  id uuid primary key default private.uuid_v7(),
  provider text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  state text not null default 'running' constraint reconciliations_state_known check (state in ('running', 'done', 'failed')),
  orders integer not null default 0,
  put_right integer not null default 0,
  differing integer not null default 0,
  findings jsonb not null default '[]',
  failure text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint reconciliations_ended_when_over check ((state = 'running') = (ended_at is null)),
  constraint reconciliations_failed_has_reason check ((state = 'failed') = (failure is not null))
);
comment on table private.reconciliations is 'The checks of our payments against the provider''s own list.';
comment on column private.reconciliations.from_at is 'What changed at the provider from then on was compared.';
comment on column private.reconciliations.put_right is 'Payments that differed, and agree since the provider''s answer was applied.';
comment on column private.reconciliations.differing is 'Payments that still differ, and orders that are not ours.';
comment on column private.reconciliations.findings is 'The first 100 of both: {kind, order_id, mentor_id, payment_id, put_right}.';
create index reconciliations_running_idx on private.reconciliations (started_at) where state = 'running';
alter table private.reconciliations enable row level security;
