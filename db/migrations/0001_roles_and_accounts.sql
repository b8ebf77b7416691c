-- Roles, accounts and the caller's identity. On a Supabase database all of `auth` and the three API roles are
-- already there; only what is missing is made, and nothing that exists is touched.

-- Not in `public`: there their functions would be everybody's, and part of an API made of that schema.
create schema if not exists extensions;
create extension if not exists btree_gist schema extensions;
create extension if not exists pg_trgm schema extensions;

do $$
declare
  wanted text;
  -- Since PostgreSQL 16 the maker of a role is a member of it without being able to act as it.
  acting text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach wanted in array array['anon', 'authenticated', 'service_role', 'matepeak_app', 'matepeak_auth'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      -- noinherit: a login role has nothing of its own and must say as whom it acts.
      execute format('create role %I nologin noinherit', wanted);
    end if;
    if not pg_has_role(current_user, wanted, acting) then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end
$$;

-- The app acts as a visitor or as a signed-in person; matepeak_auth alone reaches passwords and sessions.
grant anon, authenticated to matepeak_app;

create schema if not exists auth;
create schema if not exists private;
comment on schema private is 'Triggers, functions and records that no client addresses by name.';
grant usage on schema private to matepeak_app;
grant usage on schema public to anon, authenticated, matepeak_app;
do $$
begin
  -- Made by the migrator, if it is ours that runs this.
  if to_regclass('private.schema_migrations') is not null then
    revoke all on private.schema_migrations from public, anon, authenticated, service_role;
  end if;
end
$$;
-- A database that was upgraded from PostgreSQL 14 or older lets everybody make objects here.
revoke create on schema public from public;

-- Two habits of everything below, both kept by tests:
-- * Every function pins search_path with pg_temp last. Left out, pg_temp is searched first for types, and a caller's
--   temporary domain named `uuid` would run the caller's code with the function owner's rights.
-- * Every table, sequence and function is taken from public, anon, authenticated and service_role before anything is
--   granted: Supabase's default privileges have given it to them.

do $$
begin
  if to_regclass('auth.users') is not null then
    return;
  end if;

  create table auth.users (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    email text not null constraint users_email_key unique,
    email_verified boolean not null default false,
    image text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  comment on table auth.users is 'A person with an account. Written by the accounts library only.';

  create table auth.sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    token text not null constraint sessions_token_key unique,
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index sessions_user_id_idx on auth.sessions (user_id);
  comment on table auth.sessions is 'Signed-in devices.';

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
  create index accounts_user_id_idx on auth.accounts (user_id);
  comment on table auth.accounts is 'Ways to sign in: a password hash or a provider''s identity.';

  create table auth.verifications (
    id uuid primary key default gen_random_uuid(),
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index verifications_identifier_idx on auth.verifications (identifier);
  comment on table auth.verifications is 'Short-lived codes and tokens.';

  revoke all on auth.users, auth.sessions, auth.accounts, auth.verifications
    from public, anon, authenticated, service_role;
  grant usage on schema auth to matepeak_auth;
  grant select, insert, update, delete on auth.users, auth.sessions, auth.accounts, auth.verifications
    to matepeak_auth;

  -- Nobody but the accounts library sees these rows, whatever is granted later by mistake.
  alter table auth.users enable row level security;
  alter table auth.sessions enable row level security;
  alter table auth.accounts enable row level security;
  alter table auth.verifications enable row level security;
  create policy users_library on auth.users to matepeak_auth using (true) with check (true);
  create policy sessions_library on auth.sessions to matepeak_auth using (true) with check (true);
  create policy accounts_library on auth.accounts to matepeak_auth using (true) with check (true);
  create policy verifications_library on auth.verifications to matepeak_auth using (true) with check (true);
  comment on policy users_library on auth.users is 'The accounts library works on every account.';
  comment on policy sessions_library on auth.sessions is 'The accounts library works on every session.';
  comment on policy accounts_library on auth.accounts is 'The accounts library works on every sign-in method.';
  comment on policy verifications_library on auth.verifications is 'The accounts library works on every code.';
end
$$;

do $$
begin
  if to_regprocedure('auth.uid()') is null then
    -- Same answer as on Supabase: the `sub` of the request's claims, null for a visitor.
    create function auth.uid() returns uuid
      language sql stable
      set search_path = pg_catalog, pg_temp
      as $fn$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
      $fn$;
    comment on function auth.uid() is 'Who is asking: user id from request.jwt.claims.';
    revoke execute on function auth.uid() from public, anon, authenticated, service_role;
    grant usage on schema auth to anon, authenticated, matepeak_app;
    grant execute on function auth.uid() to anon, authenticated, matepeak_app;
  end if;
end
$$;

create function private.touch_updated_at() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.updated_at := now();
  return new;
end
$$;
comment on function private.touch_updated_at() is 'Keeps updated_at true.';
revoke execute on function private.touch_updated_at() from public, anon, authenticated, service_role;
