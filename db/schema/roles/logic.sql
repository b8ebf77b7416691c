-- Which role may name what stands in which schema.

-- Two habits of all files here, both kept by tests:
-- * Every function pins search_path with pg_temp last. Left out, pg_temp is searched first for types, and a caller's
--   temporary domain named `uuid` would run the caller's code with the function owner's rights.
-- * Every table, sequence and function is taken from every role before anything is granted: what a file no longer grants
--   is gone, and Supabase's default privileges, which give everything to its roles, open nothing.

revoke all on schema private from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant usage on schema private to authenticated, matepeak_app, matepeak_jobs;
grant usage on schema public to anon, authenticated, matepeak_app;
-- A default is computed with the writer's rights.
revoke execute on function private.uuid_v7()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.uuid_v7() to authenticated, matepeak_app, matepeak_auth;
revoke all on private.schema_migrations
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

do $$
begin
  -- Ours, not Supabase's.
  if to_regclass('auth.verifications') is not null then
    grant usage on schema auth to anon, authenticated, matepeak_app, matepeak_auth;
  end if;
end
$$;
