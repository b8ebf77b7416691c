-- A row of auth.sessions is no login: the table holds hashes of tokens. Pages and processes are told when a session ends,
-- and sessions that have expired are removed. On Supabase sessions belong to the platform, and nothing of this is done.

do $$
begin
  if not exists (select from pg_attribute
                 where attrelid = to_regclass('auth.sessions') and attname = 'token' and not attisdropped) then
    return;
  end if;

  update auth.sessions set token = translate(encode(sha256(convert_to(token, 'UTF8')), 'base64'), '+/=', '-_');
  alter table auth.sessions add constraint sessions_token_hashed check (token ~ '^[A-Za-z0-9_-]{43}$');
  comment on column auth.sessions.token is
    'SHA-256 of the token, in base64url. The token itself is known to its person alone.';
  create index sessions_expires_at_idx on auth.sessions (expires_at);

  create function private.announce_session_end() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $fn$
  begin
    perform pg_notify('session', old.id::text);
    return null;
  end
  $fn$;
  comment on function private.announce_session_end() is
    'Tells every process on "session" which session has ended: its live updates are closed, its person is forgotten.';
  revoke execute on function private.announce_session_end() from public, anon, authenticated, service_role;
  create trigger sessions_announce_end after delete on auth.sessions
    for each row execute function private.announce_session_end();
end
$$;

create function private.forget_expired_sessions() returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if exists (select from pg_trigger where tgrelid = to_regclass('auth.sessions') and tgname = 'sessions_announce_end') then
    delete from auth.sessions where expires_at <= now();
    delete from auth.verifications where expires_at <= now();
  end if;
end
$$;
comment on function private.forget_expired_sessions() is
  'Removes sessions and codes that have expired. On Supabase the platform removes its own.';
revoke execute on function private.forget_expired_sessions() from public, anon, authenticated, service_role;
grant execute on function private.forget_expired_sessions() to matepeak_app;
