-- Platform: what every noun uses.

-- Why this is a domain: ../bookings/tables.sql.
create domain private.idempotency_key as text
  constraint idempotency_keys_key_length check (char_length(value) between 1 and 255);

create table private.idempotency_keys (
  user_id uuid not null references auth.users (id) on delete cascade,
  key private.idempotency_key not null,
  request_hash text not null,
  body json,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
comment on table private.idempotency_keys is
  'One row per person and key, written in the transaction of the request itself; kept for a day.';
comment on column private.idempotency_keys.request_hash is 'Tells a retry from another request under the same key.';
create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);
alter table private.idempotency_keys enable row level security;

-- Unlogged, so that counting does not wait for the disk. After a crash of the server the counts restart, and a standby
-- does not have them.
create unlogged table private.call_counts (
  key bytea primary key,
  total integer not null,
  ends_at timestamptz not null
) with (fillfactor = 50);
comment on table private.call_counts is
  'How often a call was made in its current window. The key is a hash of the limit''s name and the caller, so no address '
  'is stored. Written by count_calls() only.';
create index call_counts_ends_at_idx on private.call_counts (ends_at);
alter table private.call_counts enable row level security;

-- A demo that was removed from a database does not come back.
create table private.demo_removals (
  removed_at timestamptz primary key default now()
);
comment on table private.demo_removals is
  'When the demo people and all their data were removed. With a row here the demo is never seeded again. '
  'Written by npm run demo:remove only.';
alter table private.demo_removals enable row level security;
