-- What a request with an Idempotency-Key answered, so that a retry answers the same and does nothing.

create table private.idempotency_keys (
  user_id uuid not null references auth.users (id) on delete cascade,
  key text not null constraint idempotency_keys_key_length check (char_length(key) between 1 and 255),
  request_hash text not null,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
comment on table private.idempotency_keys is
  'One row per person and key, written in the transaction of the request itself; kept for a day.';
comment on column private.idempotency_keys.request_hash is 'Tells a retry from another request under the same key.';
create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);

alter table private.idempotency_keys enable row level security;
revoke all on private.idempotency_keys from public, anon, authenticated, service_role;
grant select, insert (user_id, key, request_hash), update (body) on private.idempotency_keys to matepeak_app;
create policy idempotency_keys_own on private.idempotency_keys to matepeak_app
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy idempotency_keys_own on private.idempotency_keys is
  'The app reads and writes the caller''s keys only.';
