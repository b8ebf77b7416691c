-- The schema `auth` as Supabase has it, created where it is missing: people, their logins and the caller's id.
do $$
begin
  if to_regclass('auth.users') is not null then
    return;
  end if;

  create table auth.users (
    id uuid primary key default private.uuid_v7(),
    name text not null,
    email text not null constraint users_email_key unique,
    email_verified boolean not null default false,
    image text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    two_factor_enabled boolean not null default false
  );
  comment on table auth.users is 'A person with an account. Written by the accounts library only.';
  comment on column auth.users.two_factor_enabled is
    'Whether signing in without a passkey also needs a code of auth.two_factors.';
  alter table auth.users enable row level security;

  create table auth.sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    token text not null constraint sessions_token_key unique
      constraint sessions_token_hashed check (token ~ '^[A-Za-z0-9_-]{43}$'),
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    proved_at timestamptz not null default now()
  );
  comment on table auth.sessions is 'Signed-in devices.';
  comment on column auth.sessions.proved_at is
    'When the person last proved who they are on this device: by signing in, or again before a change of the account.';
  comment on column auth.sessions.token is
    'SHA-256 of the token, in base64url. Only the person''s own device has the token.';
  create index sessions_user_id_idx on auth.sessions (user_id);
  create index sessions_expires_at_idx on auth.sessions (expires_at);
  alter table auth.sessions enable row level security;

  create table auth.accounts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    account_id text not null,
    provider_id text not null,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    password text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint accounts_provider_id_account_id_key unique (provider_id, account_id)
  );
  comment on table auth.accounts is 'Ways to sign in: a password hash or a provider''s identity.';
  create index accounts_user_id_idx on auth.accounts (user_id);
  alter table auth.accounts enable row level security;

  create table auth.verifications (
    id uuid primary key default gen_random_uuid(),
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  comment on table auth.verifications is 'Short-lived codes and tokens.';
  create index verifications_identifier_idx on auth.verifications (identifier);
  create index verifications_expires_at_idx on auth.verifications (expires_at);
  create index verifications_second_step_idx on auth.verifications (value)
    where identifier like 'trust-device-%' or identifier like '2fa-%';
  alter table auth.verifications enable row level security;

  create table auth.two_factors (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null constraint two_factors_user_id_key unique references auth.users (id) on delete cascade,
    secret text not null,
    recovery_codes text not null,
    verified boolean not null default false,
    failed_checks integer not null default 0,
    locked_until timestamptz,
    last_step bigint,
    created_at timestamptz not null default now()
  );
  comment on table auth.two_factors is 'The second factor of a person: an authenticator app, and recovery codes.';
  comment on column auth.two_factors.secret is 'Shared with the app; encrypted.';
  comment on column auth.two_factors.recovery_codes is 'Hashes of the codes that are left; encrypted.';
  comment on column auth.two_factors.created_at is
    'Since when it is asked for: administrators need a login that began later. Before that, when the set-up began.';
  comment on column auth.two_factors.verified is 'Whether the person has entered a first code of the app.';
  comment on column auth.two_factors.last_step is
    'The 30-second step of the last code that was accepted: no code is accepted twice.';
  alter table auth.two_factors enable row level security;

  create table auth.passkeys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null constraint passkeys_name_length check (char_length(name) between 1 and 80),
    credential_id text not null constraint passkeys_credential_id_key unique,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  );
  comment on table auth.passkeys is 'Passkeys: keys on people''s devices or in their password managers.';
  comment on column auth.passkeys.name is 'Of the device or password manager, for the owner to recognise it.';
  comment on column auth.passkeys.counter is 'Signatures so far, where the device counts them: a lower one comes from a copy.';
  create index passkeys_user_id_idx on auth.passkeys (user_id);
  alter table auth.passkeys enable row level security;
end
$$;

do $$
begin
  if to_regprocedure('auth.uid()') is null then
    -- The same as on Supabase: the `sub` of the request's claims, null for a visitor.
    create function auth.uid() returns uuid
      language sql stable
      set search_path = pg_catalog, pg_temp
      as $fn$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
      $fn$;
    comment on function auth.uid() is 'The caller''s user id, from request.jwt.claims.';
    revoke execute on function auth.uid() from public, anon, authenticated, service_role;
    grant execute on function auth.uid() to anon, authenticated, matepeak_app;
  end if;
end
$$;

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  full_name text constraint profiles_full_name_length check (char_length(full_name) between 1 and 120),
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_full_name_clean check (
    full_name is nfc normalized and full_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and full_name ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]')
);
comment on table public.profiles is 'A person''s own settings; private to that person.';
alter table public.profiles enable row level security;
