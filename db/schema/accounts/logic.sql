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

create or replace function private.account_name(account jsonb) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    -- People write Supabase's field themselves, past every check of ours: the result is what profiles_full_name_clean accepts.
    select case when given ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'
      then given end
    from (select btrim(left(regexp_replace(
      normalize(coalesce(account ->> 'name', account #>> '{raw_user_meta_data,full_name}', account #>> '{raw_user_meta_data,name}')),
      '[\u0001-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]', ' ', 'g'), 120)) as given) cleaned
  $$;
comment on function private.account_name(jsonb) is
  'The name in a row of auth.users, ours or Supabase''s; null if there is none.';

create or replace function private.has_platform_accounts() returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select to_regclass('auth.verifications') is null
  $$;
comment on function private.has_platform_accounts() is
  'Whether the accounts are kept by the platform (Supabase Auth) and not by our accounts library.';

create or replace function private.open_logins(logins uuid[])
  returns table (login uuid, person uuid, email text, name text, has_settings boolean)
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not private.has_platform_accounts() then
    return;
  end if;
  return query
    select s.id, u.id, u.email::text, private.account_name(to_jsonb(u)), p.id is not null
    from auth.sessions s
      join auth.users u on u.id = s.user_id
      left join public.profiles p on p.id = u.id
    where s.id = any (logins)
      and (s.not_after is null or s.not_after > now())
      and (u.banned_until is null or u.banned_until <= now())
      and u.deleted_at is null and not u.is_anonymous and u.email <> ''
      and not private.is_closed(u.id)
      -- A second factor that is set up is asked for.
      and (s.aal in ('aal2', 'aal3') or not private.has_two_factor(u.id));
end
$$;
comment on function private.open_logins(uuid[]) is
  'Those of Supabase Auth''s logins that count: not ended, and of a person with an address who is neither banned nor closed.';

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
    private.account_name(jsonb),
    private.has_platform_accounts(),
    private.open_logins(uuid[]),
    private.announce_changed_person(),
    private.announce_login_end(),
    private.delete_expired_logins(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.delete_expired_logins(integer), private.open_logins(uuid[]) to matepeak_app;
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
