-- Roles, schemas and extensions. A Supabase database already has `auth` and three of the roles: only what is missing is
-- created, and nothing that exists is changed.

-- Not in `public`, where their functions would be callable by everyone and part of the API made of that schema.
create schema if not exists extensions;
create extension if not exists btree_gist schema extensions;
create extension if not exists pg_trgm schema extensions;

do $$
declare
  wanted text;
  -- Since PostgreSQL 16 the creator of a role is a member of it but cannot act as it.
  acting text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach wanted in array array['anon', 'authenticated', 'service_role', 'matepeak_app', 'matepeak_auth'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      -- noinherit: a login role has no rights of its own and must choose the role it acts as.
      execute format('create role %I nologin noinherit', wanted);
    end if;
    if not pg_has_role(current_user, wanted, acting) then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end
$$;

-- The job queue belongs to a separate role with no other rights.
do $$
begin
  if not exists (select from pg_roles where rolname = 'matepeak_jobs') then
    create role matepeak_jobs nologin noinherit;
  end if;
  -- Inherited, because private.enqueue() runs as the schema's owner and needs that role's rights; settable, because the
  -- owner installs the queue as that role.
  if current_setting('server_version_num')::int < 160000 then
    if not pg_has_role(current_user, 'matepeak_jobs', 'member') then
      grant matepeak_jobs to current_user;
    end if;
  elsif not (pg_has_role(current_user, 'matepeak_jobs', 'usage') and pg_has_role(current_user, 'matepeak_jobs', 'set'))
  then
    execute 'grant matepeak_jobs to current_user with inherit true, set true';
  end if;
end
$$;

-- The app acts as a visitor or as a signed-in person; matepeak_auth alone reaches passwords and logins.
grant anon, authenticated to matepeak_app;

create schema if not exists auth;
create schema if not exists private;
comment on schema private is 'Triggers, functions and records that no client addresses by name.';

-- Time-ordered ids (RFC 9562, version 7): rows that are created together are close together in the indexes. An id reveals
-- when it was created, so what must not be guessed has a random id or an additional token.
create function private.uuid_v7() returns uuid
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- The first 48 bits are the time in ms, then the version; the rest stays random. PL/pgSQL, not SQL: it keeps its plan.
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid;
end
$$;
comment on function private.uuid_v7() is 'A new id, time-ordered; uuidv7() of PostgreSQL 18, for 15 and later.';

-- A database that was upgraded from PostgreSQL 14 or older lets every role create objects here.
revoke create on schema public from public;
