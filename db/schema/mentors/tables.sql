-- Mentors: profiles with their scheduling settings, and usernames.

-- One function folds both sides of a search, so that accents and case do not matter. It does without `unaccent`, which
-- many servers do not have.
create function public.fold_for_search(words text) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select
      -- Letters that Unicode does not take apart, and the small sigma that ends a word.
      translate(replace(replace(replace(replace(replace(
        lower(normalize(
          -- Accents of Latin letters alone: in other scripts such a mark makes another letter.
          regexp_replace(
            -- Apostrophes, before one of them is taken apart: O’Brien, O'Brien and OBrien are one.
            normalize(translate(words, '''’‘‛ʼʻʹ´`＇', ''), NFKD),
            '([A-Za-zıøØłŁđĐðÐħĦœŒæÆ])[\u0300-\u036F]+', '\1', 'g'),
          NFKC)),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ẞ', 'ss'),
        'ıøłđðħςØŁĐÐĦ', 'iolddhσolddh')
  $$;
comment on function public.fold_for_search(text) is
  'Text as the search compares it: Unicode''s compatible form, small letters, Latin letters without accents, no apostrophes.';

create function private.words_for_search(folded text) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select ' ' || regexp_replace(folded, '[[:space:]\u00A0,;:/()\[\]{}"“”„«»|·•–—!?।+-]+|\.+([[:space:]]|$)', ' ', 'g') || ' '
  $$;
comment on function private.words_for_search(text) is 'Folded text with a blank before and after each word.';

create function private.mentor_search_text(
    full_name text, headline text, bio text, expertise text[], languages text[]) returns text
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    select public.fold_for_search(concat_ws(
      ' ', full_name, headline, array_to_string(expertise, ' '), array_to_string(languages, ' '), bio))
  $$;
comment on function private.mentor_search_text(text, text, text, text[], text[]) is
  'The text that the mentor search matches.';

create function private.rating_with_prior(rating numeric, weight integer) returns numeric
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    -- The prior: as if every mentor had started with ten sessions of four stars.
    select case when rating is null then 4.0 else round((4.0 * 10 + rating * weight) / (10 + weight), 4) end
  $$;
comment on function private.rating_with_prior(numeric, integer) is
  'A Bayesian mean: few ratings are drawn towards the usual one. The only place of the prior''s two numbers.';

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
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  hours_revision integer not null default 0,
  listed boolean not null default true,
  review_weight integer not null default 0
    constraint expert_profiles_review_weight_range check (review_weight >= 0),
  ranked_rating numeric(5, 4) not null
    generated always as (private.rating_with_prior(rating, review_weight)) stored,
  accepting_bookings boolean not null default true,
  entry_revision integer not null default 0,
  entry_changed_at timestamptz not null default now(),
  search_text text not null
    generated always as (private.mentor_search_text(full_name, headline, bio, expertise, languages)) stored,
  search_name text not null
    generated always as (private.words_for_search(public.fold_for_search(full_name))) stored,
  search_words text not null
    generated always as (private.words_for_search(private.mentor_search_text(full_name, headline, bio, expertise, languages)))
    stored,
  require_confirmed_address boolean not null default false,
  approve_first_timers boolean not null default false,
  hidden_because text constraint expert_profiles_hidden_because_known check (hidden_because in ('suspended', 'deleted')),
  constraint expert_profiles_full_name_clean check (
    full_name is nfc normalized and full_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and full_name ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'),
  constraint expert_profiles_headline_clean check (
    headline is nfc normalized and headline !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint expert_profiles_bio_clean check (
    bio is nfc normalized and bio !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint expert_profiles_expertise_clean check (
    array_to_string(expertise, chr(32)) is nfc normalized and array_to_string(expertise, chr(32)) !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint expert_profiles_languages_clean check (
    array_to_string(languages, chr(32)) is nfc normalized and array_to_string(languages, chr(32)) !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]')
);
comment on table public.expert_profiles is
  'A mentor''s public page and scheduling rules. Holds no contact or payout data.';
comment on column public.expert_profiles.timezone is 'IANA zone of the mentor''s hours.';
comment on column public.expert_profiles.slot_interval is 'Minutes between offered starts.';
comment on column public.expert_profiles.minimum_notice is 'Minutes between now and the earliest offered start.';
comment on column public.expert_profiles.rating is 'Set by reviews of completed sessions only.';
comment on column public.expert_profiles.hours_revision is
  'Grows with every change of hours, days off, travels or scheduling settings. Set by triggers only.';
comment on column public.expert_profiles.listed is
  'Whether the search shows the page. Anyone with the link can see it and book, either way.';
comment on column public.expert_profiles.review_weight is
  'Independent reviews: at most as many as sessions, and at most as many as students. Twelve seats of one group session '
  'count as one session, twelve sessions with one student as one student.';
comment on column public.expert_profiles.ranked_rating is 'The rating that the search sorts by; never shown.';
comment on column public.expert_profiles.accepting_bookings is
  'False: no time is offered and no new booking accepted. Existing bookings are unaffected.';
comment on column public.expert_profiles.entry_revision is
  'Counts what changes in the calendar entries of all the mentor''s sessions: name, titles and room.';
comment on column public.expert_profiles.search_words is 'search_text by words, to rank whole words first.';
comment on column public.expert_profiles.require_confirmed_address is
  'Only people who have confirmed their e-mail address may book.';
comment on column public.expert_profiles.approve_first_timers is
  'A first booking needs the mentor''s approval, even where bookings are confirmed automatically.';
comment on column public.expert_profiles.hidden_because is
  'Why the page is not shown and no booking accepted: the account is suspended or deleted; null for all others.';
create index expert_profiles_expertise_idx on public.expert_profiles using gin (expertise);
create index expert_profiles_ranked_idx on public.expert_profiles (ranked_rating desc, id) where listed;
do $$
begin
  execute format(
    'create index expert_profiles_search_idx on public.expert_profiles using gin (search_text %I.gin_trgm_ops)',
    (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'));
end
$$;
alter table public.expert_profiles enable row level security;

-- People have links with a mentor's username: an old one redirects to the new one and is reserved for a year.
create table public.former_usernames (
  username text primary key
    constraint former_usernames_form check (username ~ '^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$'),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  held_until timestamptz not null
);
comment on table public.former_usernames is
  'Former usernames of mentors. They redirect to the new one, and no other mentor can take them until held_until.';
create index former_usernames_expert_id_idx on public.former_usernames (expert_id, held_until desc);
alter table public.former_usernames enable row level security;
