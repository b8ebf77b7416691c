-- Mentors: the lock of a mentor's time, usernames, and what the search and calendar entries show of a profile.

create or replace function private.lock_mentor(mentor uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- First in the lock order (mentor, occupancy, booking). The same row that book_sessions() updates: one lock for all.
  perform from public.schedule_revisions where expert_id = mentor for no key update;
  return found;
end
$$;
comment on function private.lock_mentor(uuid) is
  'Locks the mentor''s revision until the transaction ends, and with it the mentor''s time; false for an unknown mentor.';

create or replace function private.lock_own_mentor() returns boolean
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.lock_mentor(auth.uid())
  $$;
comment on function private.lock_own_mentor() is
  'lock_mentor() for the caller, ahead of several statements; false if the caller is not a mentor.';

create or replace function private.lock_own_schedule() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(auth.uid());
  return null;
end
$$;
comment on function private.lock_own_schedule() is
  'A mentor''s own edits wait for a booking that is being checked, and it for them. Before any row is locked, so that the '
  'lock order is kept.';

-- Every column of a profile is a scheduling setting unless it is listed here: forgetting a new column costs an
-- unnecessary reload and never shows stale times. A booking at a judged revision also copies the mentor's name and headline.
create or replace function private.settings_of(profile jsonb) returns jsonb
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select profile - array[
      -- What the page shows.
      'bio', 'expertise', 'languages', 'verified', 'rating', 'review_count', 'listed',
      -- Who may book, and whether a first booking needs approval: the offered times are the same.
      'require_confirmed_address', 'approve_first_timers',
      -- Kept by triggers.
      'created_at', 'updated_at', 'hours_revision', 'entry_revision', 'entry_changed_at', 'review_weight', 'ranked_rating',
      'search_text', 'search_name', 'search_words']
  $$;
comment on function private.settings_of(jsonb) is
  'The columns of a mentor''s row that decide which times are offered, under which name and address.';

create or replace function private.count_settings_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- Other forms save these, so changing them is no reason to reject hours that were edited in the meantime.
  if private.settings_of(to_jsonb(new)) - array['username', 'full_name', 'headline', 'instant_confirm', 'accepting_bookings']
     is distinct from
     private.settings_of(to_jsonb(old)) - array['username', 'full_name', 'headline', 'instant_confirm', 'accepting_bookings'] then
    new.hours_revision := old.hours_revision + 1;
  end if;
  return new;
end
$$;
comment on function private.count_settings_change() is 'Counts a change of the settings that cut hours into slots.';

create or replace function private.is_reserved_username(username text) returns boolean
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
  'Names that look like ours or like a page. The same list as contract/usernames.ts; a test compares the two.';

create or replace function private.hold_usernames() returns trigger
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
  -- After the row, not before: a transaction that waited for the unique key sees by now who holds the name.
  if exists (
    select from public.former_usernames f
    where f.username = new.username and f.expert_id <> new.id and f.held_until > now()) then
    raise exception 'this username is reserved for the mentor who had it'
      using errcode = 'unique_violation', constraint = 'expert_profiles_username_key';
  end if;
  delete from public.former_usernames where username = new.username;
  if tg_op = 'UPDATE' then
    insert into public.former_usernames (username, expert_id, held_until)
      values (old.username, new.id, now() + interval '1 year')
      on conflict (username) do update set expert_id = excluded.expert_id, held_until = excluded.held_until;
    -- Only the five latest are reserved, so that no mentor can collect names.
    delete from public.former_usernames f
      where f.expert_id = new.id and f.username not in (
        select k.username from public.former_usernames k
        where k.expert_id = new.id order by k.held_until desc, k.username = old.username desc limit 5);
  end if;
  return null;
end
$$;
comment on function private.hold_usernames() is 'Rejects reserved names; former names stay reserved for a year.';

create or replace function private.count_name_change() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.entry_revision := old.entry_revision + 1;
  new.entry_changed_at := now();
  -- What was verified is the person of this name.
  new.verified := old.verified and new.verified and current_user <> 'authenticated';
  return new;
end
$$;
comment on function private.count_name_change() is
  'Counts a change of the mentor''s name. A mentor who takes another one is no longer verified.';

create or replace function private.count_entry_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.expert_profiles set entry_revision = entry_revision + 1, entry_changed_at = now()
    where id = coalesce(new.expert_id, old.expert_id);
  return null;
end
$$;
comment on function private.count_entry_change() is 'Counts a change of a service''s title or of the room.';

revoke execute on function
    public.fold_for_search(text),
    private.words_for_search(text),
    private.mentor_search_text(text, text, text, text[], text[]),
    private.rating_with_prior(numeric, integer),
    private.lock_mentor(uuid),
    private.lock_own_mentor(),
    private.lock_own_schedule(),
    private.settings_of(jsonb),
    private.count_settings_change(),
    private.is_reserved_username(text),
    private.hold_usernames(),
    private.count_name_change(),
    private.count_entry_change()
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function public.fold_for_search(text) to anon, authenticated, matepeak_app;
grant execute on function
    private.words_for_search(text),
    private.mentor_search_text(text, text, text, text[], text[]),
    private.rating_with_prior(numeric, integer)
  to authenticated;
-- A trigger's condition is evaluated with the writer's rights.
grant execute on function private.settings_of(jsonb) to authenticated;
grant execute on function private.lock_mentor(uuid) to matepeak_app;
grant execute on function private.lock_own_mentor() to authenticated;

-- public.expert_profiles -----------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_count_name_change (update), 20_count_settings (update), 30_check_timezone (insert, update),
--   40_touch (update)
-- * after a row: 50_announce (update), 60_check_alerts (update), 70_hold_usernames (insert, update),
--   75_start_revision (insert), 77_follow_entries (update)
create or replace trigger expert_profiles_10_count_name_change before update on public.expert_profiles
  for each row when (new.full_name is distinct from old.full_name) execute function private.count_name_change();
create or replace trigger expert_profiles_20_count_settings before update on public.expert_profiles
  for each row execute function private.count_settings_change();
create or replace trigger expert_profiles_30_check_timezone before insert or update of timezone on public.expert_profiles
  for each row execute function private.check_timezone();
create or replace trigger expert_profiles_40_touch before update on public.expert_profiles
  for each row execute function private.touch_updated_at();
create or replace trigger expert_profiles_50_announce after update on public.expert_profiles
  for each row when (private.settings_of(to_jsonb(old)) is distinct from private.settings_of(to_jsonb(new)))
  execute function private.announce_availability('profile');
create or replace trigger expert_profiles_60_check_alerts after update on public.expert_profiles
  for each row when (private.settings_of(to_jsonb(old)) is distinct from private.settings_of(to_jsonb(new)))
  execute function private.enqueue_alert_check('profile');
create or replace trigger expert_profiles_70_hold_usernames after insert or update of username on public.expert_profiles
  for each row execute function private.hold_usernames();
create or replace trigger expert_profiles_75_start_revision after insert on public.expert_profiles
  for each row execute function private.start_schedule_revision();
create or replace trigger expert_profiles_77_follow_entries after update on public.expert_profiles
  for each row when (new.entry_revision <> old.entry_revision) execute function private.follow_entry_change();

revoke all on public.expert_profiles
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.expert_profiles to anon, authenticated, matepeak_app;
-- Never verified, rating or review_count, which mentors cannot set themselves.
grant insert (id, username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before,
              buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm, listed,
              accepting_bookings, require_confirmed_address, approve_first_timers),
      update (username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before,
              buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm, listed,
              accepting_bookings, require_confirmed_address, approve_first_timers)
  on public.expert_profiles to authenticated;
drop policy if exists expert_profiles_read on public.expert_profiles;
create policy expert_profiles_read on public.expert_profiles for select to authenticated, matepeak_app using (true);
comment on policy expert_profiles_read on public.expert_profiles is
  'A mentor''s page is public. Their students still see whom they had sessions with if it is hidden.';
drop policy if exists expert_profiles_read_shown on public.expert_profiles;
create policy expert_profiles_read_shown on public.expert_profiles for select to anon using (hidden_because is null);
comment on policy expert_profiles_read_shown on public.expert_profiles is
  'The public pages and free times are read as a visitor: for them a mentor whose account is closed does not exist.';
drop policy if exists expert_profiles_insert_own on public.expert_profiles;
create policy expert_profiles_insert_own on public.expert_profiles for insert to authenticated
  with check (id = (select auth.uid()));
comment on policy expert_profiles_insert_own on public.expert_profiles is 'People create only their own mentor profile.';
drop policy if exists expert_profiles_update_own on public.expert_profiles;
create policy expert_profiles_update_own on public.expert_profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
comment on policy expert_profiles_update_own on public.expert_profiles is 'Mentors edit their own profile.';

-- public.former_usernames ----------------------------------------------------------------------------------------------

revoke all on public.former_usernames
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.former_usernames to anon, authenticated, matepeak_app;
drop policy if exists former_usernames_read on public.former_usernames;
create policy former_usernames_read on public.former_usernames for select to anon, authenticated, matepeak_app
  using (true);
comment on policy former_usernames_read on public.former_usernames is
  'Public, because old links lead to the new name. Written by a trigger only.';
