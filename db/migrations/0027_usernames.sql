-- A username is an address that others have kept: an old one leads to the new one and is nobody else's for a year. And
-- what a calendar entry says changes with the mentor's name, room and titles, which it has to tell.

create table public.former_usernames (
  username text primary key
    constraint former_usernames_form check (username ~ '^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$'),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  held_until timestamptz not null
);
comment on table public.former_usernames is
  'Usernames that mentors gave up. They lead to the new one, and nobody else can take them until held_until.';
create index former_usernames_expert_id_idx on public.former_usernames (expert_id, held_until desc);
alter table public.former_usernames enable row level security;
revoke all on public.former_usernames from public, anon, authenticated, service_role;
grant select on public.former_usernames to anon, authenticated, matepeak_app;
create policy former_usernames_read on public.former_usernames for select to anon, authenticated, matepeak_app
  using (true);
comment on policy former_usernames_read on public.former_usernames is
  'Who follows an old link learns the new name. Written by a trigger only.';

create function private.is_reserved_username(username text) returns boolean
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select username = any (array[
      'about', 'account', 'admin', 'administrator', 'api', 'app', 'auth', 'billing', 'blog', 'bookings', 'contact',
      'docs', 'everyone', 'favourites', 'help', 'home', 'legal', 'login', 'logout', 'mail', 'manage', 'matepeak', 'me',
      'mentors', 'moderator', 'new', 'nobody', 'null', 'official', 'privacy', 'root', 'search', 'security', 'sessions',
      'settings', 'sign-in', 'sign-up', 'signin', 'signup', 'staff', 'static', 'status', 'support', 'system', 'team',
      'terms', 'undefined', 'www'])
  $$;
comment on function private.is_reserved_username(text) is
  'Names that would pass for ours or for a page. The same list as contract/usernames.ts; a test compares the two.';

create function private.keep_usernames() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'UPDATE' and new.username = old.username then
    return null;
  end if;
  if private.is_reserved_username(new.username) then
    raise exception 'a reserved username'
      using errcode = 'check_violation', constraint = 'expert_profiles_username_reserved';
  end if;
  -- After the row, not before it: whoever has waited for the name to become free sees by now who holds it.
  if exists (
    select from public.former_usernames f
    where f.username = new.username and f.expert_id <> new.id and f.held_until > now()) then
    raise exception 'this username is held for the mentor who had it'
      using errcode = 'unique_violation', constraint = 'expert_profiles_username_key';
  end if;
  delete from public.former_usernames where username = new.username;
  if tg_op = 'UPDATE' then
    insert into public.former_usernames (username, expert_id, held_until)
      values (old.username, new.id, now() + interval '1 year')
      on conflict (username) do update set expert_id = excluded.expert_id, held_until = excluded.held_until;
    -- Nobody collects names: the five latest are held.
    delete from public.former_usernames f
      where f.expert_id = new.id and f.username not in (
        select k.username from public.former_usernames k
        where k.expert_id = new.id order by k.held_until desc, k.username = old.username desc limit 5);
  end if;
  return null;
end
$$;
comment on function private.keep_usernames() is 'Reserved names are nobody''s; given up ones are held for a year.';
create trigger expert_profiles_keep_usernames after insert or update of username on public.expert_profiles
  for each row execute function private.keep_usernames();

-- What a calendar entry says ------------------------------------------------------------------------------------------

alter table public.expert_profiles
  add column entry_revision integer not null default 0,
  add column entry_changed_at timestamptz not null default now();
comment on column public.expert_profiles.entry_revision is
  'Counts what changes in the calendar entries of all the mentor''s sessions: name, titles and room.';
update public.expert_profiles set entry_changed_at = created_at;

create function private.count_entry_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.expert_profiles set entry_revision = entry_revision + 1, entry_changed_at = now()
    where id = coalesce(new.expert_id, old.expert_id);
  return null;
end
$$;
comment on function private.count_entry_change() is 'A title or the room has changed.';
create trigger services_count_entry_change after update on public.services
  for each row when (new.title is distinct from old.title) execute function private.count_entry_change();
create trigger mentor_rooms_count_entry_change after insert or update or delete on public.mentor_rooms
  for each row execute function private.count_entry_change();

create function private.count_name_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.entry_revision := old.entry_revision + 1;
  new.entry_changed_at := now();
  return new;
end
$$;
comment on function private.count_name_change() is 'The mentor''s name has changed.';
create trigger expert_profiles_count_name_change before update on public.expert_profiles
  for each row when (new.full_name is distinct from old.full_name) execute function private.count_name_change();

revoke execute on function
    private.is_reserved_username(text), private.keep_usernames(), private.count_entry_change(),
    private.count_name_change()
  from public, anon, authenticated, service_role;
