-- What only a Supabase database has: anonymous sign-ins, and Realtime. Elsewhere these blocks do nothing.

create or replace function private.is_anonymous() returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce((nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'is_anonymous')::boolean, false)
  $$;
comment on function private.is_anonymous() is
  'Whether the caller has signed in to Supabase Auth without saying who they are.';

revoke execute on function private.is_anonymous()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.is_anonymous() to authenticated;

-- Supabase gives such callers the role `authenticated`. They read what visitors read, as they own no row, and write none.
do $$
declare
  writable record;
begin
  if not private.has_platform_accounts() then
    return;
  end if;
  for writable in
    select distinct c.oid::regclass as name, c.relname || '_not_anonymous' as policy
    from pg_policy p join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'public'::regnamespace and p.polpermissive and p.polcmd in ('a', '*')
      and 'authenticated'::regrole = any (p.polroles)
  loop
    execute format('drop policy if exists %I on %s', writable.policy, writable.name);
    execute format(
      'create policy %I on %s as restrictive for insert to authenticated with check (not (select private.is_anonymous()))',
      writable.policy, writable.name);
    execute format('comment on policy %I on %s is %L', writable.policy, writable.name,
      'Nothing is written for a caller who has not said who they are.');
  end loop;
end
$$;

-- Realtime tells each subscriber about the rows that they may select, and of those the columns that they may select. Only
-- the ids of deleted rows reach every subscriber, so no row of these tables is secret by its id.
do $$
declare
  published text;
  shown text;
begin
  if not exists (
    select from pg_publication where pubname = 'supabase_realtime' and pg_has_role(pubowner, 'usage') and not puballtables)
  then
    return;
  end if;
  foreach published in array array['availability_slots', 'blocked_dates', 'bookings', 'notifications', 'occupancies'] loop
    if exists (
      select from pg_publication_tables
      where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = published)
    then
      continue;
    end if;
    -- Columns that no caller of Realtime may read do not leave the database. PostgreSQL 17 and older take no computed ones.
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into shown
    from pg_attribute a
    where a.attrelid = format('public.%I', published)::regclass and a.attnum > 0 and not a.attisdropped
      and a.attgenerated = '' and has_column_privilege('authenticated', a.attrelid, a.attnum, 'select');
    execute format('alter publication supabase_realtime add table public.%I (%s)', published, shown);
  end loop;
end
$$;
