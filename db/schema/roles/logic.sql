-- Which role may use which schema.

-- Two rules for all files here, both tested:
-- * Every function pins search_path with pg_temp last. If it is left out, pg_temp is searched first for types, and a
--   caller's temporary domain named `uuid` would run the caller's code with the function owner's rights.
-- * Every table, sequence and function is revoked from every role before anything is granted. So a grant that is deleted
--   here disappears, and Supabase's default privileges, which grant everything to its roles, have no effect.

revoke all on schema private from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant usage on schema private to authenticated, matepeak_app, matepeak_jobs;
grant usage on schema public to anon, authenticated, matepeak_app;
-- A column default is evaluated with the writer's rights.
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
