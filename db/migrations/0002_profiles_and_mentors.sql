-- People as the product knows them, and those among them who mentor.

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  full_name text constraint profiles_full_name_length check (char_length(full_name) between 1 and 120),
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.profiles is 'A person''s own settings; private to that person.';
create trigger profiles_touch before update on public.profiles
  for each row execute function private.touch_updated_at();

alter table public.profiles enable row level security;
revoke all on public.profiles from public, anon, authenticated, service_role;
grant select on public.profiles to authenticated;
grant insert (id, full_name, timezone), update (full_name, timezone) on public.profiles to authenticated;
create policy profiles_read_own on public.profiles for select to authenticated using (id = (select auth.uid()));
create policy profiles_insert_own on public.profiles for insert to authenticated
  with check (id = (select auth.uid()));
create policy profiles_update_own on public.profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
comment on policy profiles_read_own on public.profiles is 'Everyone sees his own settings only.';
comment on policy profiles_insert_own on public.profiles is 'Everyone makes his own settings only.';
comment on policy profiles_update_own on public.profiles is 'Everyone changes his own settings only.';

create function private.is_timezone(name text) returns boolean
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- PostgreSQL takes abbreviations and POSIX rules for zones too ('IST', 'Nowhere+5'), which nobody else can compute
  -- with. Neither can hide in a name with a slash and without digits; all others are looked up, which is slow.
  if name = 'UTC' or name ~ '^[A-Za-z_]+(/[A-Za-z_-]+)+$' then
    perform now() at time zone name;
    return name !~* '^(posix|right)/';
  end if;
  return exists (
    select from pg_timezone_names z
    where lower(z.name) = lower(is_timezone.name) and z.name !~ '^((posix|right)/|(localtime|posixrules|Factory)$)');
exception when invalid_parameter_value then
  return false;
end
$$;
comment on function private.is_timezone(text) is
  'Whether this is the name of a zone in the tz database; abbreviations and offsets are not.';
revoke execute on function private.is_timezone(text) from public, anon, authenticated, service_role;

create function private.mentor_search_text(full_name text, headline text, bio text, expertise text[]) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select lower(concat_ws(' ', full_name, headline, array_to_string(expertise, ' '), bio))
  $$;
comment on function private.mentor_search_text(text, text, text, text[]) is 'What the search over mentors looks at.';
revoke execute on function private.mentor_search_text(text, text, text, text[])
  from public, anon, authenticated, service_role;
-- A generated column is computed with the writer's rights.
grant execute on function private.mentor_search_text(text, text, text, text[]) to authenticated;
grant usage on schema private to authenticated;

create table public.expert_profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  username text not null constraint expert_profiles_username_key unique
    constraint expert_profiles_username_form check (username ~ '^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$'),
  full_name text not null constraint expert_profiles_full_name_length check (char_length(full_name) between 1 and 120),
  headline text not null default '' constraint expert_profiles_headline_length check (char_length(headline) <= 160),
  bio text not null default '' constraint expert_profiles_bio_length check (char_length(bio) <= 5000),
  expertise text[] not null default '{}' constraint expert_profiles_expertise_count check (cardinality(expertise) <= 12)
    constraint expert_profiles_expertise_length check (char_length(array_to_string(expertise, '', '?')) <= 12 * 40),
  languages text[] not null default '{}' constraint expert_profiles_languages_count check (cardinality(languages) <= 8)
    constraint expert_profiles_languages_length check (char_length(array_to_string(languages, '', '?')) <= 8 * 40),
  timezone text not null,
  slot_interval integer not null default 30
    constraint expert_profiles_slot_interval_range check (slot_interval between 5 and 480),
  buffer_before integer not null default 0
    constraint expert_profiles_buffer_before_range check (buffer_before between 0 and 240),
  buffer_after integer not null default 0
    constraint expert_profiles_buffer_after_range check (buffer_after between 0 and 240),
  minimum_notice integer not null default 0
    constraint expert_profiles_minimum_notice_range check (minimum_notice between 0 and 129600),
  booking_window_days integer not null default 60
    constraint expert_profiles_booking_window_range check (booking_window_days between 1 and 730),
  max_per_day integer constraint expert_profiles_max_per_day_range check (max_per_day between 1 and 100),
  max_per_week integer constraint expert_profiles_max_per_week_range check (max_per_week between 1 and 500),
  instant_confirm boolean not null default false,
  verified boolean not null default false,
  rating numeric(3, 2) constraint expert_profiles_rating_range check (rating between 1 and 5),
  review_count integer not null default 0 constraint expert_profiles_review_count_range check (review_count >= 0),
  search_text text not null
    generated always as (private.mentor_search_text(full_name, headline, bio, expertise)) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.expert_profiles is
  'A mentor''s public page and scheduling rules. Holds no contact or payout data.';
comment on column public.expert_profiles.timezone is 'IANA zone in which the mentor''s hours are meant.';
comment on column public.expert_profiles.slot_interval is 'Minutes between offered starts.';
comment on column public.expert_profiles.minimum_notice is 'Minutes between now and the earliest offered start.';
comment on column public.expert_profiles.rating is 'Set by reviews of completed sessions only.';
do $$
begin
  -- The operator class stands in the schema of its extension, which need not be on anybody's search_path.
  execute format(
    'create index expert_profiles_search_idx on public.expert_profiles using gin (search_text %I.gin_trgm_ops)',
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'));
end
$$;
create index expert_profiles_expertise_idx on public.expert_profiles using gin (expertise);
create trigger expert_profiles_touch before update on public.expert_profiles
  for each row execute function private.touch_updated_at();

create function private.check_timezone() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.timezone is not null and not private.is_timezone(new.timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  return new;
end
$$;
comment on function private.check_timezone() is 'Refuses a zone the server cannot compute with.';
revoke execute on function private.check_timezone() from public, anon, authenticated, service_role;
create trigger expert_profiles_timezone before insert or update of timezone on public.expert_profiles
  for each row execute function private.check_timezone();
create trigger profiles_timezone before insert or update of timezone on public.profiles
  for each row execute function private.check_timezone();

alter table public.expert_profiles enable row level security;
revoke all on public.expert_profiles from public, anon, authenticated, service_role;
grant select on public.expert_profiles to anon, authenticated, matepeak_app;
-- Never verified, rating or review_count: those are earned, not typed.
grant insert (id, username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before,
              buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm),
      update (username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before,
              buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm)
  on public.expert_profiles to authenticated;
create policy expert_profiles_read on public.expert_profiles for select to anon, authenticated, matepeak_app
  using (true);
create policy expert_profiles_insert_own on public.expert_profiles for insert to authenticated
  with check (id = (select auth.uid()));
create policy expert_profiles_update_own on public.expert_profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
comment on policy expert_profiles_read on public.expert_profiles is 'A mentor''s page is public.';
comment on policy expert_profiles_insert_own on public.expert_profiles is 'One becomes a mentor oneself.';
comment on policy expert_profiles_update_own on public.expert_profiles is 'A mentor edits his own page.';

create function private.lock_mentor(mentor uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- First in the lock order (mentor, occupancy, booking). "No key update" lets foreign keys to the mentor pass.
  perform from public.expert_profiles where id = mentor for no key update;
  return found;
end
$$;
comment on function private.lock_mentor(uuid) is
  'Takes the mentor''s place in line until the transaction ends; false when there is no such mentor.';
revoke execute on function private.lock_mentor(uuid) from public, anon, authenticated, service_role;
grant execute on function private.lock_mentor(uuid) to matepeak_app;

create function private.lock_own_schedule() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(auth.uid());
  return null;
end
$$;
comment on function private.lock_own_schedule() is
  'A mentor''s own edits wait for the booking that is being judged, and it for them. Before any row is locked, so that '
  'the lock order holds.';
revoke execute on function private.lock_own_schedule() from public, anon, authenticated, service_role;
