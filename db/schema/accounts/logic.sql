-- Accounts: the accounts library's tables, and each person's own settings.

create or replace function private.has_confirmed_address(person uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- The row as JSON: our own table has `email_verified`, Supabase's has `email_confirmed_at`.
    select coalesce(bool_or((account ->> 'email_verified')::boolean or account ->> 'email_confirmed_at' is not null), false)
    from (select to_jsonb(u) as account from auth.users u where u.id = person) accounts
  $$;
comment on function private.has_confirmed_address(uuid) is
  'Whether a person has confirmed the e-mail address of their account.';

create or replace function private.own_address_is_confirmed() returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.has_confirmed_address(auth.uid())
  $$;
comment on function private.own_address_is_confirmed() is 'Whether the caller has confirmed their e-mail address.';

create or replace function private.announce_changed_person() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
  begin
    perform private.announce('login', s.id::text) from auth.sessions s where s.user_id = new.id;
    return null;
  end
  $$;
comment on function private.announce_changed_person() is
  'Announces the logins of a person whose address has changed: every process reads them again.';

create or replace function private.announce_login_end() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
  begin
    perform private.announce('login', old.id::text);
    return null;
  end
  $$;
comment on function private.announce_login_end() is
  'Announces on "login" which login has ended: every process closes its live updates and drops the cached identity.';

create or replace function private.delete_expired_logins(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  logins integer := 0;
  codes integer := 0;
begin
  if exists (select from pg_trigger where tgrelid = to_regclass('auth.sessions') and tgname = 'sessions_50_announce_end') then
    delete from auth.sessions where id = any (array(
      select s.id from auth.sessions s where s.expires_at <= now()
      order by s.expires_at limit most for update skip locked));
    get diagnostics logins = row_count;
    delete from auth.verifications where id = any (array(
      select v.id from auth.verifications v where v.expires_at <= now()
      order by v.expires_at limit most - logins for update skip locked));
    get diagnostics codes = row_count;
  end if;
  return logins + codes;
end
$$;
comment on function private.delete_expired_logins(integer) is
  'Deletes the oldest logins and codes that have expired. On Supabase the platform deletes its own.';

revoke execute on function
    private.has_confirmed_address(uuid),
    private.own_address_is_confirmed(),
    private.announce_changed_person(),
    private.announce_login_end(),
    private.delete_expired_logins(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.delete_expired_logins(integer) to matepeak_app;
grant execute on function private.own_address_is_confirmed() to authenticated;

-- auth: for the accounts library alone. On Supabase these tables are the platform's and stay untouched. -----------------

do $$
begin
  if to_regclass('auth.verifications') is null then
    return;
  end if;

  -- auth.users
  -- Triggers, in the order in which they fire:
  -- * after a row: 50_announce_change (update)
  create or replace trigger users_50_announce_change after update of email on auth.users
    for each row when (old.email is distinct from new.email) execute function private.announce_changed_person();
  revoke all on auth.users from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.users
    to matepeak_auth;
  drop policy if exists users_library on auth.users;
  create policy users_library on auth.users to matepeak_auth using (true) with check (true);
  comment on policy users_library on auth.users is 'The accounts library works on every account.';
  -- auth.sessions
  -- Triggers, in the order in which they fire:
  -- * after a row: 50_announce_end (delete), 55_check_open (insert)
  create or replace trigger sessions_50_announce_end after delete on auth.sessions
    for each row execute function private.announce_login_end();
  create or replace trigger sessions_55_check_open after insert on auth.sessions
    for each row execute function private.require_open_accounts();
  revoke all on auth.sessions
    from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.sessions
    to matepeak_auth;
  drop policy if exists sessions_library on auth.sessions;
  create policy sessions_library on auth.sessions to matepeak_auth using (true) with check (true);
  comment on policy sessions_library on auth.sessions is 'The accounts library works on every session.';
  -- auth.accounts
  revoke all on auth.accounts
    from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.accounts
    to matepeak_auth;
  drop policy if exists accounts_library on auth.accounts;
  create policy accounts_library on auth.accounts to matepeak_auth using (true) with check (true);
  comment on policy accounts_library on auth.accounts is 'The accounts library works on every sign-in method.';
  -- auth.verifications
  revoke all on auth.verifications
    from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.verifications
    to matepeak_auth;
  drop policy if exists verifications_library on auth.verifications;
  create policy verifications_library on auth.verifications to matepeak_auth using (true) with check (true);
  comment on policy verifications_library on auth.verifications is 'The accounts library works on every code.';
  -- auth.two_factors
  revoke all on auth.two_factors
    from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.two_factors
    to matepeak_auth;
  drop policy if exists two_factors_library on auth.two_factors;
  create policy two_factors_library on auth.two_factors to matepeak_auth using (true) with check (true);
  comment on policy two_factors_library on auth.two_factors is 'The accounts library works on every second factor.';
  -- auth.passkeys
  revoke all on auth.passkeys
    from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
  grant select, insert, update, delete on auth.passkeys
    to matepeak_auth;
  drop policy if exists passkeys_library on auth.passkeys;
  create policy passkeys_library on auth.passkeys to matepeak_auth using (true) with check (true);
  comment on policy passkeys_library on auth.passkeys is 'The accounts library works on every passkey.';
end
$$;

-- public.profiles ------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_check_timezone (insert, update), 20_touch (update)
create or replace trigger profiles_10_check_timezone before insert or update of timezone on public.profiles
  for each row execute function private.check_timezone();
create or replace trigger profiles_20_touch before update on public.profiles
  for each row execute function private.touch_updated_at();

revoke all on public.profiles
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.profiles to authenticated;
grant insert (id, full_name, timezone), update (full_name, timezone) on public.profiles to authenticated;
drop policy if exists profiles_read_own on public.profiles;
create policy profiles_read_own on public.profiles for select to authenticated using (id = (select auth.uid()));
comment on policy profiles_read_own on public.profiles is 'People read only their own settings.';
drop policy if exists profiles_insert_own on public.profiles;
create policy profiles_insert_own on public.profiles for insert to authenticated
  with check (id = (select auth.uid()));
comment on policy profiles_insert_own on public.profiles is 'People create only their own settings.';
drop policy if exists profiles_update_own on public.profiles;
create policy profiles_update_own on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
comment on policy profiles_update_own on public.profiles is 'People change only their own settings.';
