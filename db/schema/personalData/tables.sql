-- Personal data: accounts that are closed, because they were suspended or deleted.

create table private.closed_accounts (
  user_id uuid primary key references auth.users (id) on delete cascade,
  why text not null constraint closed_accounts_why_known check (why in ('suspended', 'deleted')),
  since timestamptz not null default now(),
  -- Of a deletion.
  step text constraint closed_accounts_step_known check (step in ('cancelling', 'notifying', 'erasing', 'forgetting', 'done')),
  cancelled integer not null default 0,
  address text,
  former_username text,
  finished_at timestamptz,
  constraint closed_accounts_deletions_have_a_step check ((why = 'deleted') = (step is not null)),
  constraint closed_accounts_done_is_finished check ((step is not distinct from 'done') = (finished_at is not null)),
  constraint closed_accounts_done_forgets check (finished_at is null or (address is null and former_username is null))
);
comment on table private.closed_accounts is
  'People who can neither sign in nor book: suspended by an administrator, or deleted. The row of a deleted person stays: it '
  'is what says so.';
comment on column private.closed_accounts.step is
  'How far a deletion is: cancelling what is upcoming, waiting until the other side is notified, erasing, waiting until the '
  'last mail is sent.';
comment on column private.closed_accounts.cancelled is 'How many sessions and requests a deletion has cancelled so far.';
comment on column private.closed_accounts.address is
  'Where the last mail about a deletion goes; removed once it was sent.';
comment on column private.closed_accounts.former_username is
  'Of a deleted mentor, by which messages are found that name it; removed with the last step.';
create index closed_accounts_to_continue_idx on private.closed_accounts (since) where finished_at is null and why = 'deleted';
alter table private.closed_accounts enable row level security;
