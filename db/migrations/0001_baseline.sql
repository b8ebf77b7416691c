-- Composed of schema/*/tables.sql by `npm run db:generate`. Do not edit it.

-- schema/roles/tables.sql

-- Roles, schemas and extensions. A Supabase database already has `auth` and three of the roles: only what is missing is
-- created, and nothing that exists is changed.

-- Not in `public`, where their functions would be callable by everyone and part of the API made of that schema.
create schema if not exists extensions;
create extension if not exists btree_gist schema extensions;
create extension if not exists pg_trgm schema extensions;

do $$
declare
  wanted text;
  -- Since PostgreSQL 16 the creator of a role is a member of it but cannot act as it.
  acting text := case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end;
begin
  foreach wanted in array array['anon', 'authenticated', 'service_role', 'matepeak_app', 'matepeak_auth'] loop
    if not exists (select from pg_roles where rolname = wanted) then
      -- noinherit: a login role has no rights of its own and must choose the role it acts as.
      execute format('create role %I nologin noinherit', wanted);
    end if;
    if not pg_has_role(current_user, wanted, acting) then
      execute format('grant %I to current_user', wanted);
    end if;
  end loop;
end
$$;

-- The job queue belongs to a separate role with no other rights.
do $$
begin
  if not exists (select from pg_roles where rolname = 'matepeak_jobs') then
    create role matepeak_jobs nologin noinherit;
  end if;
  -- Inherited, because private.enqueue() runs as the schema's owner and needs that role's rights; settable, because the
  -- owner installs the queue as that role.
  if current_setting('server_version_num')::int < 160000 then
    if not pg_has_role(current_user, 'matepeak_jobs', 'member') then
      grant matepeak_jobs to current_user;
    end if;
  elsif not (pg_has_role(current_user, 'matepeak_jobs', 'usage') and pg_has_role(current_user, 'matepeak_jobs', 'set'))
  then
    execute 'grant matepeak_jobs to current_user with inherit true, set true';
  end if;
end
$$;

-- The app acts as a visitor or as a signed-in person; matepeak_auth alone reaches passwords and logins.
grant anon, authenticated to matepeak_app;

create schema if not exists auth;
create schema if not exists private;
comment on schema private is 'Triggers, functions and records that no client addresses by name.';

-- Time-ordered ids (RFC 9562, version 7): rows that are created together are close together in the indexes. An id reveals
-- when it was created, so what must not be guessed has a random id or an additional token.
create function private.uuid_v7() returns uuid
  language plpgsql volatile
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- The first 48 bits are the time in ms, then the version; the rest stays random. PL/pgSQL, not SQL: it keeps its plan.
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid;
end
$$;
comment on function private.uuid_v7() is 'A new id, time-ordered; uuidv7() of PostgreSQL 18, for 15 and later.';

-- A database that was upgraded from PostgreSQL 14 or older lets every role create objects here.
revoke create on schema public from public;

-- schema/accounts/tables.sql

-- The schema `auth` as Supabase has it, created where it is missing: people, their logins and the caller's id.
do $$
begin
  if to_regclass('auth.users') is not null then
    return;
  end if;

  create table auth.users (
    id uuid primary key default private.uuid_v7(),
    name text not null,
    email text not null constraint users_email_key unique,
    email_verified boolean not null default false,
    image text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    two_factor_enabled boolean not null default false
  );
  comment on table auth.users is 'A person with an account. Written by the accounts library only.';
  comment on column auth.users.two_factor_enabled is
    'Whether signing in without a passkey also needs a code of auth.two_factors.';
  alter table auth.users enable row level security;

  create table auth.sessions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    token text not null constraint sessions_token_key unique
      constraint sessions_token_hashed check (token ~ '^[A-Za-z0-9_-]{43}$'),
    expires_at timestamptz not null,
    ip_address text,
    user_agent text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    proved_at timestamptz not null default now()
  );
  comment on table auth.sessions is 'Signed-in devices.';
  comment on column auth.sessions.proved_at is
    'When the person last proved who they are on this device: by signing in, or again before a change of the account.';
  comment on column auth.sessions.token is
    'SHA-256 of the token, in base64url. Only the person''s own device has the token.';
  create index sessions_user_id_idx on auth.sessions (user_id);
  create index sessions_expires_at_idx on auth.sessions (expires_at);
  alter table auth.sessions enable row level security;

  create table auth.accounts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    account_id text not null,
    provider_id text not null,
    access_token text,
    refresh_token text,
    id_token text,
    access_token_expires_at timestamptz,
    refresh_token_expires_at timestamptz,
    scope text,
    password text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint accounts_provider_id_account_id_key unique (provider_id, account_id)
  );
  comment on table auth.accounts is 'Ways to sign in: a password hash or a provider''s identity.';
  create index accounts_user_id_idx on auth.accounts (user_id);
  alter table auth.accounts enable row level security;

  create table auth.verifications (
    id uuid primary key default gen_random_uuid(),
    identifier text not null,
    value text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  comment on table auth.verifications is 'Short-lived codes and tokens.';
  create index verifications_identifier_idx on auth.verifications (identifier);
  create index verifications_expires_at_idx on auth.verifications (expires_at);
  create index verifications_second_step_idx on auth.verifications (value)
    where identifier like 'trust-device-%' or identifier like '2fa-%';
  alter table auth.verifications enable row level security;

  create table auth.two_factors (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null constraint two_factors_user_id_key unique references auth.users (id) on delete cascade,
    secret text not null,
    recovery_codes text not null,
    verified boolean not null default false,
    failed_checks integer not null default 0,
    locked_until timestamptz,
    last_step bigint,
    created_at timestamptz not null default now()
  );
  comment on table auth.two_factors is 'The second factor of a person: an authenticator app, and recovery codes.';
  comment on column auth.two_factors.secret is 'Shared with the app; encrypted.';
  comment on column auth.two_factors.recovery_codes is 'Hashes of the codes that are left; encrypted.';
  comment on column auth.two_factors.created_at is
    'Since when it is asked for: administrators need a login that began later. Before that, when the set-up began.';
  comment on column auth.two_factors.verified is 'Whether the person has entered a first code of the app.';
  comment on column auth.two_factors.last_step is
    'The 30-second step of the last code that was accepted: no code is accepted twice.';
  alter table auth.two_factors enable row level security;

  create table auth.passkeys (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    name text not null constraint passkeys_name_length check (char_length(name) between 1 and 80),
    credential_id text not null constraint passkeys_credential_id_key unique,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz
  );
  comment on table auth.passkeys is 'Passkeys: keys on people''s devices or in their password managers.';
  comment on column auth.passkeys.name is 'Of the device or password manager, for the owner to recognise it.';
  comment on column auth.passkeys.counter is 'Signatures so far, where the device counts them: a lower one comes from a copy.';
  create index passkeys_user_id_idx on auth.passkeys (user_id);
  alter table auth.passkeys enable row level security;
end
$$;

do $$
begin
  if to_regprocedure('auth.uid()') is null then
    -- The same as on Supabase: the `sub` of the request's claims, null for a visitor.
    create function auth.uid() returns uuid
      language sql stable
      set search_path = pg_catalog, pg_temp
      as $fn$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
      $fn$;
    comment on function auth.uid() is 'The caller''s user id, from request.jwt.claims.';
    revoke execute on function auth.uid() from public, anon, authenticated, service_role;
    grant execute on function auth.uid() to anon, authenticated, matepeak_app;
  end if;
end
$$;

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  full_name text constraint profiles_full_name_length check (char_length(full_name) between 1 and 120),
  timezone text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_full_name_clean check (
    full_name is nfc normalized and full_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and full_name ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]')
);
comment on table public.profiles is 'A person''s own settings; private to that person.';
alter table public.profiles enable row level security;

-- schema/platform/tables.sql

-- Platform: what every noun uses.

-- Why this is a domain: ../bookings/tables.sql.
create domain private.idempotency_key as text
  constraint idempotency_keys_key_length check (char_length(value) between 1 and 255);

create table private.idempotency_keys (
  user_id uuid not null references auth.users (id) on delete cascade,
  key private.idempotency_key not null,
  request_hash text not null,
  body json,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
comment on table private.idempotency_keys is
  'One row per person and key, written in the transaction of the request itself; kept for a day.';
comment on column private.idempotency_keys.request_hash is 'Tells a retry from another request under the same key.';
create index idempotency_keys_created_at_idx on private.idempotency_keys (created_at);
alter table private.idempotency_keys enable row level security;

-- Unlogged, so that counting does not wait for the disk. After a crash of the server the counts restart, and a standby
-- does not have them.
create unlogged table private.call_counts (
  key bytea primary key,
  total integer not null,
  ends_at timestamptz not null
) with (fillfactor = 50);
comment on table private.call_counts is
  'How often a call was made in its current window. The key is a hash of the limit''s name and the caller, so no address '
  'is stored. Written by count_calls() only.';
create index call_counts_ends_at_idx on private.call_counts (ends_at);
alter table private.call_counts enable row level security;

-- A demo that was removed from a database does not come back.
create table private.demo_removals (
  removed_at timestamptz primary key default now()
);
comment on table private.demo_removals is
  'When the demo people and all their data were removed. With a row here the demo is never seeded again. '
  'Written by npm run demo:remove only.';
alter table private.demo_removals enable row level security;

-- schema/sandbox/tables.sql

-- Sandbox: a payment provider of our own that moves no money. It is written as another company's database would be: nothing
-- refers to the app's tables, and the app knows only what the provider's interface says.

create table private.sandbox_orders (
  id text primary key,
  reference text not null constraint sandbox_orders_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_orders_amount_positive check (amount_minor > 0),
  currency text not null,
  capture text not null constraint sandbox_orders_capture_known check (capture in ('automatic', 'manual')),
  description text not null constraint sandbox_orders_description_length check (char_length(description) <= 500),
  state text not null default 'open' constraint sandbox_orders_state_known check (state in ('open', 'closed')),
  webhooks text not null default 'normal'
    constraint sandbox_orders_webhooks_known check (webhooks in ('normal', 'late', 'twice', 'out_of_order', 'none')),
  refunds_fail boolean not null default false,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  constraint sandbox_orders_reference_key unique (reference)
);
comment on table private.sandbox_orders is 'Orders of the sandbox, each for one amount. Written by private.sandbox_…() only.';
comment on column private.sandbox_orders.id is 'Unguessable: who has it may open the checkout page.';
comment on column private.sandbox_orders.reference is 'What the app calls it, and the idempotency key of its creation.';
comment on column private.sandbox_orders.webhooks is 'How the app is told of changes, as the payer has chosen on the checkout page.';
comment on column private.sandbox_orders.refunds_fail is 'Whether refunds fail, as the payer has chosen.';
create index sandbox_orders_changed_at_idx on private.sandbox_orders (changed_at, id);
alter table private.sandbox_orders enable row level security;

create table private.sandbox_attempts (
  id text primary key,
  order_id text not null references private.sandbox_orders (id) on delete cascade,
  state text not null
    constraint sandbox_attempts_state_known check (state in ('created', 'failed', 'authorized', 'captured', 'released')),
  amount_minor bigint not null constraint sandbox_attempts_amount_positive check (amount_minor > 0),
  currency text not null,
  method text not null constraint sandbox_attempts_method_known check (method in ('upi', 'card')),
  fee_minor bigint,
  failure_code text,
  failure_message text,
  dispute text constraint sandbox_attempts_dispute_known check (dispute in ('open', 'won', 'lost')),
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_attempts_failed_has_reason
    check ((state = 'failed') = (failure_code is not null and failure_message is not null)),
  constraint sandbox_attempts_disputed_when_captured check (dispute is null or state = 'captured')
);
comment on table private.sandbox_attempts is 'Attempts to pay an order.';
comment on column private.sandbox_attempts.fee_minor is 'What the provider keeps: 2 % of cards, nothing of UPI. Null until it is captured.';
create index sandbox_attempts_captured_idx on private.sandbox_attempts (created_at) where state = 'captured';
create index sandbox_attempts_order_id_idx on private.sandbox_attempts (order_id);
alter table private.sandbox_attempts enable row level security;

create table private.sandbox_refunds (
  id text primary key,
  attempt_id text not null references private.sandbox_attempts (id) on delete cascade,
  reference text not null constraint sandbox_refunds_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_refunds_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'pending' constraint sandbox_refunds_state_known check (state in ('pending', 'done', 'failed')),
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_refunds_reference_key unique (reference)
);
comment on table private.sandbox_refunds is 'What goes back to the payer. A refund that failed does not count.';
create index sandbox_refunds_attempt_id_idx on private.sandbox_refunds (attempt_id);
alter table private.sandbox_refunds enable row level security;

create table private.sandbox_transfers (
  id text primary key,
  attempt_id text not null references private.sandbox_attempts (id) on delete cascade,
  reference text not null constraint sandbox_transfers_reference_length check (char_length(reference) between 1 and 100),
  account text not null constraint sandbox_transfers_account_length check (char_length(account) between 1 and 100),
  amount_minor bigint not null constraint sandbox_transfers_amount_positive check (amount_minor > 0),
  currency text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_transfers_reference_key unique (reference)
);
comment on table private.sandbox_transfers is 'Captured money that was moved on to a linked account.';
create index sandbox_transfers_attempt_id_idx on private.sandbox_transfers (attempt_id);
alter table private.sandbox_transfers enable row level security;

create table private.sandbox_reversals (
  id text primary key,
  transfer_id text not null references private.sandbox_transfers (id) on delete cascade,
  reference text not null constraint sandbox_reversals_reference_length check (char_length(reference) between 1 and 100),
  amount_minor bigint not null constraint sandbox_reversals_amount_positive check (amount_minor > 0),
  currency text not null,
  created_at timestamptz not null default clock_timestamp(),
  constraint sandbox_reversals_reference_key unique (reference)
);
comment on table private.sandbox_reversals is 'Transferred money that was taken back.';
create index sandbox_reversals_transfer_id_idx on private.sandbox_reversals (transfer_id);
alter table private.sandbox_reversals enable row level security;

-- schema/timeZones/tables.sql

-- Time zones: one source of rules for everything that is stored. PostgreSQL's zone files and the app's differ, in
-- different zones with every release of either, so SQL reads the rules that the app has stored
-- (server/postgres/zoneRules.ts).

create table private.zone_rules (
  timezone text primary key,
  version text not null, -- Release of the tz database, such as 2026c.
  changes timestamptz[] not null,
  wall_changes timestamp[] not null, -- The clock at `changes`: the later of its two readings.
  offsets integer[] not null, -- Seconds east of UTC: before the first change, after it, after the second, …
  changed_at timestamptz not null default now(),
  constraint zone_rules_fit check (
    cardinality(wall_changes) = cardinality(changes) and cardinality(offsets) = cardinality(changes) + 1)
);
comment on table private.zone_rules is
  'Clock changes of every time zone from 2000 to 2099, links included. Written by the app with the newest rules, at start-up.';
alter table private.zone_rules alter column changes set storage main;
alter table private.zone_rules alter column wall_changes set storage main;
alter table private.zone_rules alter column offsets set storage main;
create unique index idx_zone_rules_name on private.zone_rules (lower(timezone collate "C"));
alter table private.zone_rules enable row level security;

-- schema/mentors/tables.sql

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

-- schema/services/tables.sql

-- Services: what a mentor offers, in which lengths and at which price.

create table public.services (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  session_type text not null
    constraint services_session_type_known check (session_type in ('oneOnOneSession', 'groupSession', 'chatAdvice')),
  title text not null constraint services_title_length check (char_length(title) between 1 and 120),
  description text not null default '' constraint services_description_length check (char_length(description) <= 2000),
  currency text not null default 'INR' constraint services_currency_known check (currency = 'INR'),
  capacity integer not null default 1 constraint services_capacity_range check (capacity between 1 and 500),
  recording_price_minor bigint
    constraint services_recording_price_range check (recording_price_minor between 0 and 1000000000),
  enabled boolean not null default true,
  instant_confirm boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  cancel_cutoff integer not null default 0
    constraint services_cancel_cutoff_range check (cancel_cutoff between 0 and 43200),
  reschedule_cutoff integer not null default 0
    constraint services_reschedule_cutoff_range check (reschedule_cutoff between 0 and 43200),
  refund_full_cutoff integer not null default 1440
    constraint services_refund_full_cutoff_range check (refund_full_cutoff between 0 and 43200),
  refund_partial_cutoff integer not null default 120
    constraint services_refund_partial_cutoff_range check (refund_partial_cutoff between 0 and 43200),
  refund_partial_percent integer not null default 50
    constraint services_refund_partial_percent_range check (refund_partial_percent between 0 and 100),
  opens_by_booking boolean not null default true,
  min_attendees integer not null default 1,
  decide_minutes integer not null default 1440
    constraint services_decide_minutes_range check (decide_minutes between 0 and 43200),
  late_join_minutes integer not null default 0
    constraint services_late_join_range check (late_join_minutes between 0 and 480),
  constraint services_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint services_groups_alone_are_scheduled check (opens_by_booking or capacity > 1),
  constraint services_refunds_shrink check (refund_partial_cutoff <= refund_full_cutoff),
  constraint services_seats_are_for_groups check (session_type = 'groupSession' or capacity = 1),
  constraint services_title_clean check (
    title is nfc normalized and title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'),
  constraint services_description_clean check (
    description is nfc normalized and description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint services_id_expert_id_key unique (id, expert_id)
);
comment on table public.services is 'A mentor''s services. A deleted one is kept for the bookings that refer to it.';
comment on column public.services.capacity is 'Seats per session; more than one only for group sessions.';
comment on column public.services.recording_price_minor is
  'Price of the recording in minor units; null when it is not offered.';
comment on column public.services.instant_confirm is 'null: the mentor''s default.';
comment on column public.services.cancel_cutoff is 'Minutes before the start until which the student may cancel.';
comment on column public.services.reschedule_cutoff is
  'Minutes before the start until which the student may move it.';
comment on column public.services.refund_full_cutoff is
  'Minutes before the start until which a student who cancels gets everything back.';
comment on column public.services.refund_partial_cutoff is
  'Minutes before the start until which a student who cancels gets refund_partial_percent back; nothing after that.';
comment on column public.services.opens_by_booking is
  'Whether the first booking opens a group session at any free time; if not, there are only those that the mentor schedules.';
comment on column public.services.min_attendees is 'With fewer at the time of the decision a group session is cancelled.';
comment on column public.services.decide_minutes is 'Minutes before the start at which that is decided.';
comment on column public.services.late_join_minutes is 'Minutes after the start until which a seat can still be booked.';
create index services_expert_id_idx on public.services (expert_id);
alter table public.services enable row level security;

create table public.service_durations (
  service_id uuid not null,
  expert_id uuid not null,
  minutes integer not null constraint service_durations_minutes_range check (minutes between 5 and 480),
  price_minor bigint not null
    constraint service_durations_price_range check (price_minor between 0 and 1000000000),
  primary key (service_id, expert_id, minutes),
  constraint service_durations_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.service_durations is 'The lengths of a service and the price of each.';
comment on column public.service_durations.price_minor is 'In minor units of the service''s currency.';
alter table public.service_durations enable row level security;

-- schema/hours/tables.sql

-- Hours: windows and days off in wall-clock time of the mentor's zone, and weeks spent in another zone.

create table public.availability_slots (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  day_of_week integer constraint availability_slots_day_of_week_range check (day_of_week between 0 and 6),
  start_time text not null
    constraint availability_slots_start_time_form check (start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  end_time text not null
    constraint availability_slots_end_time_form check (end_time ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  is_recurring boolean not null default true,
  specific_date date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  replaces_weekly boolean not null default false,
  constraint availability_slots_day_or_date check (
    (is_recurring and day_of_week is not null and specific_date is null)
    or (not is_recurring and day_of_week is null and specific_date is not null)
  ),
  constraint availability_slots_replaces_on_a_date check (not (replaces_weekly and is_recurring)),
  constraint availability_slots_id_expert_id_key unique (id, expert_id)
);
comment on table public.availability_slots is
  'Windows in which a mentor takes sessions: weekly, or on one date on top of the weekly ones.';
comment on column public.availability_slots.day_of_week is '0 Sunday to 6 Saturday, in the mentor''s zone.';
comment on column public.availability_slots.end_time is
  '24:00 or 00:00 is midnight; an end at or before the start runs into the next day.';
comment on column public.availability_slots.replaces_weekly is
  'Dated windows only: replaces the weekly windows that begin on the same date. One such row is enough.';
create index idx_availability_slots_expert_id on public.availability_slots (expert_id);
create index idx_availability_slots_day_of_week on public.availability_slots (day_of_week);
-- The same window twice is a mistake, not more time.
create unique index availability_slots_weekly_key
  on public.availability_slots (expert_id, day_of_week, start_time, end_time) where is_recurring;
create unique index availability_slots_dated_key
  on public.availability_slots (expert_id, specific_date, start_time, end_time) where not is_recurring;
-- For the weekly clean-up.
create index availability_slots_specific_date_idx on public.availability_slots (specific_date) where not is_recurring;
alter table public.availability_slots enable row level security;

create table public.blocked_dates (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  date date not null,
  reason text constraint blocked_dates_reason_length check (char_length(reason) <= 500),
  created_at timestamptz not null default now(),
  constraint blocked_dates_expert_id_date_key unique (expert_id, date),
  constraint blocked_dates_reason_clean check (
    reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint blocked_dates_id_expert_id_key unique (id, expert_id)
);
comment on table public.blocked_dates is 'Whole days off, midnight to midnight in the mentor''s zone.';
comment on column public.blocked_dates.reason is 'For the mentor alone: no other role is granted this column.';
create index idx_blocked_dates_expert_id on public.blocked_dates (expert_id);
create index idx_blocked_dates_date on public.blocked_dates (date);
alter table public.blocked_dates enable row level security;

create table public.timezone_periods (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  starts_on date not null,
  ends_on date not null,
  timezone text not null,
  created_at timestamptz not null default now(),
  constraint timezone_periods_ends_after_start check (starts_on <= ends_on),
  -- Also the index of the foreign key.
  constraint timezone_periods_no_overlap exclude using gist (
    expert_id with =, daterange(starts_on, ends_on, '[]') with &&),
  constraint timezone_periods_id_expert_id_key unique (id, expert_id)
);
comment on table public.timezone_periods is
  'Travel: from one date to another, both included, the mentor''s hours and days off are in another zone '
  '(docs/decisions/0010).';
comment on column public.timezone_periods.timezone is 'IANA zone in force on these dates instead of the profile''s.';
create index timezone_periods_ends_on_idx on public.timezone_periods (ends_on);
alter table public.timezone_periods enable row level security;

-- schema/programmes/tables.sql

-- Programmes: group sessions on several dates that are booked as one.

create table public.programmes (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  title text not null constraint programmes_title_length check (char_length(title) between 1 and 120),
  description text not null default '' constraint programmes_description_length check (char_length(description) <= 2000),
  duration integer not null constraint programmes_duration_range check (duration between 5 and 480),
  capacity integer not null constraint programmes_capacity_range check (capacity between 2 and 500),
  price_minor bigint not null constraint programmes_price_range check (price_minor between 0 and 1000000000),
  currency text not null constraint programmes_currency_known check (currency = 'INR'),
  min_attendees integer not null,
  decide_at timestamptz not null,
  state text not null default 'open' constraint programmes_state_known check (state in ('open', 'on', 'cancelled')),
  cancelled_because text
    constraint programmes_cancelled_because_known check (cancelled_because in ('mentor', 'minimum')),
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  constraint programmes_title_clean check (
    title is nfc normalized and title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'),
  constraint programmes_description_clean check (
    description is nfc normalized and description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint programmes_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint programmes_cancelled_has_reason check ((state = 'cancelled') = (cancelled_because is not null)),
  constraint programmes_decided_once check ((state = 'open') = (decided_at is null)),
  constraint programmes_id_expert_id_key unique (id, expert_id),
  constraint programmes_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.programmes is
  'Group sessions of a mentor that are booked together, with one price and one decision. Times and seats are those of the sessions.';
comment on column public.programmes.capacity is 'Seats in each of its sessions.';
comment on column public.programmes.price_minor is 'Of all sessions together; each has its share.';
comment on column public.programmes.min_attendees is 'With fewer at the time of the decision all of its sessions are cancelled.';
comment on column public.programmes.decide_at is 'When it is decided, once for all sessions. A session that is moved does not move it.';
create index programmes_expert_id_idx on public.programmes (expert_id, created_at desc);
create index programmes_service_id_idx on public.programmes (service_id, expert_id);
create index programmes_decide_at_idx on public.programmes (decide_at) where state = 'open';
alter table public.programmes enable row level security;

-- schema/slots/tables.sql

-- Slots: the ledger of taken time, and the revision of a mentor's offered times.

-- Why these are domains: ../bookings/tables.sql.
create domain private.occupancy_state as text
  constraint occupancies_state_known check (value in ('hold', 'requested', 'booked'));
create domain private.occupancy_capacity as integer
  constraint occupancies_capacity_positive check (value >= 1);
create domain private.occupancy_seats_taken as integer
  constraint occupancies_seats_taken_counted check (value >= 0);

create table public.occupancies (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  during tstzrange not null,
  state private.occupancy_state not null,
  capacity private.occupancy_capacity not null default 1,
  seats_taken private.occupancy_seats_taken not null default 1,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  judged_revision bigint,
  join_until timestamptz,
  programme_id uuid,
  constraint occupancies_empty_is_scheduled check (seats_taken > 0 or join_until is not null),
  constraint occupancies_session_within check (starts_at < ends_at and during @> tstzrange(starts_at, ends_at, '[)')),
  constraint occupancies_seats_within_capacity check (seats_taken <= capacity),
  constraint occupancies_booked_stays check (state <> 'booked' or expires_at is null),
  -- The product's main promise: one mentor, one session at a time, for every client and every statement.
  constraint occupancies_no_overlap exclude using gist (expert_id with =, during with &&),
  constraint occupancies_id_expert_id_key unique (id, expert_id),
  constraint occupancies_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint occupancies_programme_id_fkey foreign key (programme_id, expert_id)
    references public.programmes (id, expert_id)
);
comment on table public.occupancies is
  'Taken time: held, requested or booked. Names no student, so that everyone can see what is taken.';
comment on column public.occupancies.during is 'The session including the mentor''s buffers.';
comment on column public.occupancies.judged_revision is
  'The revision by which the time was judged free; the call that wrote it has counted the change itself.';
comment on column public.occupancies.join_until is
  'Of a group session that its mentor scheduled, which takes its time with no seat taken: until when a seat can be booked.';
comment on column public.occupancies.programme_id is 'The programme whose session it is: its seats are taken with the others only.';
comment on column public.occupancies.expires_at is 'When an unpaid hold or an unanswered request frees its time.';
create index occupancies_service_id_idx on public.occupancies (service_id, expert_id);
create index occupancies_expert_id_starts_at_idx on public.occupancies (expert_id, starts_at);
create index occupancies_programme_id_idx on public.occupancies (programme_id, expert_id) where programme_id is not null;
-- For expire_requests(), which every booking calls: without it the mentor's whole history is searched.
create index occupancies_holds_idx on public.occupancies (expert_id, expires_at) where state = 'hold';
-- For the clean-up, which takes the oldest first.
create index occupancies_to_expire_idx on public.occupancies (expires_at) where state = 'hold';
alter table public.occupancies enable row level security;

-- A cached answer about a mentor's times is valid while the revision is the same.
create table public.schedule_revisions (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  revision bigint not null default 0
) with (fillfactor = 50);
comment on table public.schedule_revisions is
  'Counts the changes of a mentor''s offered times, in the same transaction: equal revisions mean equal times.';
alter table public.schedule_revisions enable row level security;

-- schema/series/tables.sql

-- Series: sessions that were booked together because they repeat. Each is a booking of its own.

create table public.series (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  service_id uuid not null,
  duration integer not null constraint series_duration_range check (duration between 5 and 480),
  pattern text not null constraint series_pattern_known check (pattern in ('weekly', 'two_weeks', 'chosen', 'programme')),
  payment text not null constraint series_payment_known check (payment in ('at_once', 'per_session', 'credits')),
  programme_id uuid,
  created_at timestamptz not null default now(),
  before_coupon_minor bigint constraint series_before_coupon_positive check (before_coupon_minor > 0),
  constraint series_pattern_of_programme check ((pattern = 'programme') = (programme_id is not null)),
  constraint series_not_own_sessions check (user_id <> expert_id),
  constraint series_id_expert_id_key unique (id, expert_id),
  constraint series_service_id_fkey foreign key (service_id, expert_id) references public.services (id, expert_id),
  constraint series_programme_id_fkey foreign key (programme_id, expert_id) references public.programmes (id, expert_id)
);
comment on table public.series is 'What several bookings have in common. Written once, with all of its bookings; times and states are theirs.';
comment on column public.series.pattern is 'As the dates were found. Some may have been replaced, left out or moved since.';
comment on column public.series.payment is
  'at_once: by the payment of a basket, or nothing is to be paid. per_session: the first one when it was booked, each other one '
  'until a day before it begins. credits: with sessions of a package.';
comment on column public.series.before_coupon_minor is
  'The sum that a coupon is applied to: the prices of its sessions. null: no coupon.';
create index series_user_id_idx on public.series (user_id, created_at desc);
create index series_expert_id_idx on public.series (expert_id, created_at desc);
create index series_programme_id_idx on public.series (programme_id, expert_id) where programme_id is not null;
create index series_service_id_idx on public.series (service_id, expert_id);
alter table public.series enable row level security;

-- schema/baskets/tables.sql

-- Baskets: several bookings of one mentor that one payment is for.

create table public.baskets (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  series_id uuid,
  total_minor bigint not null constraint baskets_total_range check (total_minor >= 0),
  currency text not null,
  created_at timestamptz not null default now(),
  before_coupon_minor bigint constraint baskets_before_coupon_positive check (before_coupon_minor > 0),
  constraint baskets_not_own_sessions check (user_id <> expert_id),
  constraint baskets_id_expert_id_key unique (id, expert_id),
  constraint baskets_series_id_key unique (series_id, expert_id),
  constraint baskets_series_id_fkey foreign key (series_id, expert_id) references public.series (id, expert_id)
);
comment on table public.baskets is
  'Several bookings that were made together, all or none. They are held, paid and lapse together; later each is a booking of its own.';
comment on column public.baskets.series_id is 'The series that it pays for, if it is for one.';
comment on column public.baskets.total_minor is 'What its bookings cost together; the payment is of exactly this.';
comment on column public.baskets.before_coupon_minor is
  'The sum that a coupon is applied to: the prices of those of its bookings that have the coupon. null: no coupon, or it is the series''.';
create index baskets_user_id_idx on public.baskets (user_id, created_at desc);
create index baskets_expert_id_idx on public.baskets (expert_id, created_at desc);
alter table public.baskets enable row level security;

-- schema/bookings/tables.sql

-- Bookings, their history, and what belongs to a single booking.

-- PostgreSQL parses the CHECKs of a table again for each statement that writes to it, those of a domain once per connection.
-- So what concerns a single column of a row that every booking writes is in its type, under the table's name.
create domain private.booking_clock_time as text
  constraint bookings_scheduled_time_form check (value ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$');
create domain private.booking_duration as integer
  constraint bookings_duration_range check (value between 5 and 480);
create domain private.booking_status as text
  constraint bookings_status_known check (value in ('pending', 'confirmed', 'completed', 'cancelled'));
create domain private.booking_message as text
  constraint bookings_message_length check (char_length(value) <= 2000)
  constraint bookings_message_clean check (
    value is nfc normalized and value !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]');
create domain private.booking_total as bigint
  constraint bookings_total_range check (value >= 0);
create domain private.booking_user_name as text
  constraint bookings_user_name_length check (char_length(value) <= 120)
  constraint bookings_user_name_clean check (
    value is nfc normalized and value !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]');
create domain private.booking_user_email as text
  constraint bookings_user_email_length check (char_length(value) <= 254);
create domain private.booking_user_phone as text
  constraint bookings_user_phone_length check (char_length(value) <= 32)
  constraint bookings_user_phone_clean check (
    value is nfc normalized and value !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]');
create domain private.booking_meeting_url as text
  constraint bookings_meeting_url_length check (char_length(value) <= 500)
  constraint bookings_meeting_url_form check (
    value ~ '^https://[^/?#@\\]+([/?#].*)?$' and value !~ '[^\x21-\x7e]');
create domain private.booking_meeting_note as text
  constraint bookings_meeting_note_length check (char_length(value) between 1 and 200)
  constraint bookings_meeting_note_clean check (
    value is nfc normalized and value !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]');

create domain private.booking_payment_status as text
  constraint bookings_payment_status_known check (value in (
    'pending', 'completed', 'failed', 'refunded', 'refund_pending', 'partially_refunded', 'free'));
create domain private.booking_status_when_paid as text
  constraint bookings_status_when_paid_known check (value in ('pending', 'confirmed'));

create function private.sum_of_lines(lines jsonb) returns numeric
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$ select sum((line ->> 'amount_minor')::numeric) from jsonb_array_elements(lines) line $$;
comment on function private.sum_of_lines(jsonb) is 'What the lines of a price add up to; null for no lines.';

create table public.bookings (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null,
  occupancy_id uuid,
  session_type text not null,
  scheduled_date date not null,
  scheduled_time private.booking_clock_time not null,
  duration private.booking_duration not null,
  status private.booking_status not null default 'pending',
  message private.booking_message,
  total_minor private.booking_total not null,
  -- 100 is minorPerMajor of rules/money.ts.
  total_amount numeric(10, 2) not null constraint bookings_total_amount_is_total check (total_amount * 100 = total_minor),
  currency text not null,
  add_recording boolean not null default false,
  user_name private.booking_user_name not null default '',
  user_email private.booking_user_email not null default '',
  user_phone private.booking_user_phone,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  student_timezone text not null,
  mentor_timezone text not null,
  expires_at timestamptz,
  revision integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  cancel_cutoff integer not null default 0,
  reschedule_cutoff integer not null default 0,
  archived_at timestamptz
  constraint bookings_only_completed_is_archived check (archived_at is null or status = 'completed'),
  meeting_url private.booking_meeting_url,
  meeting_note private.booking_meeting_note,
  judged_revision bigint,
  payment_status private.booking_payment_status not null default 'free',
  status_when_paid private.booking_status_when_paid,
  refund_full_cutoff integer not null default 0,
  refund_partial_cutoff integer not null default 0,
  refund_partial_percent integer not null default 0,
  fee_basis_points integer not null default 0,
  price_lines jsonb,
  coupon_id uuid,
  package_purchase_id uuid,
  meeting_place jsonb,
  shows_name boolean not null default false,
  series_id uuid,
  series_place integer constraint bookings_series_place_range check (series_place between 1 and 52),
  basket_id uuid,
  group_session_id uuid,
  constraint bookings_price_lines_add_up check (price_lines is null or private.sum_of_lines(price_lines) = total_minor),
  constraint bookings_unpaid_is_open check (
    status_when_paid is null or (status in ('pending', 'cancelled') and payment_status <> 'free')),
  constraint bookings_not_own_session check (user_id <> expert_id),
  constraint bookings_ends_after_start check (ends_at = starts_at + duration * interval '1 minute'),
  constraint bookings_time_is_held check ((status = 'cancelled') = (occupancy_id is null)),
  constraint bookings_only_requests_expire check ((status = 'pending') = (expires_at is not null)),
  constraint bookings_meeting_note_has_url check (meeting_note is null or meeting_url is not null),
  -- Both parties can read every column of their booking, so what they may not see yet must not be stored here.
  constraint bookings_meeting_is_agreed check (
    (meeting_url is null and meeting_place is null) or status not in ('pending', 'cancelled')),
  constraint bookings_series_has_places check ((series_id is null) = (series_place is null)),
  constraint bookings_id_expert_id_key unique (id, expert_id),
  constraint bookings_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint bookings_occupancy_id_fkey foreign key (occupancy_id, expert_id)
    references public.occupancies (id, expert_id),
  constraint bookings_series_id_fkey foreign key (series_id, expert_id) references public.series (id, expert_id),
  constraint bookings_basket_id_fkey foreign key (basket_id, expert_id) references public.baskets (id, expert_id)
);
comment on table public.bookings is 'A student''s seat in a session. Never deleted; a called-off one is cancelled.';
comment on column public.bookings.scheduled_date is 'Date in the mentor''s zone; starts_at is authoritative.';
comment on column public.bookings.scheduled_time is 'HH:MM in the mentor''s zone; starts_at is authoritative.';
comment on column public.bookings.total_minor is 'The price when it was booked, in minor units of its currency.';
comment on column public.bookings.total_amount is 'The same in major units, for clients that follow the guide.';
comment on column public.bookings.student_timezone is 'The student''s zone when booking.';
comment on column public.bookings.expires_at is 'When an unanswered request expires.';
comment on column public.bookings.revision is 'Counts changes: the SEQUENCE of the calendar entry (RFC 5545).';
comment on column public.bookings.cancel_cutoff is
  'Minutes; copied from the service when it was booked.';
comment on column public.bookings.reschedule_cutoff is
  'Minutes; copied from the service when it was booked.';
comment on column public.bookings.mentor_timezone is 'The mentor''s zone when it was booked or last rescheduled.';
comment on column public.bookings.archived_at is
  'When a completed booking was archived, which hides it from the lists; null until then.';
comment on column public.bookings.meeting_url is
  'The link of this one session: set by its mentor, or made for it; the mentor''s room when null.';
comment on column public.bookings.payment_status is
  'The guide''s words for what has become of the money; free: nothing is charged through the app.';
comment on column public.bookings.status_when_paid is
  'The status that the payment will give it; null once it is paid, or free. An unpaid booking holds its time until expires_at.';
comment on column public.bookings.refund_full_cutoff is
  'Minutes before the start until which a cancellation is refunded in full; copied from the service when it was booked.';
comment on column public.bookings.refund_partial_cutoff is
  'Minutes before the start until which refund_partial_percent is refunded; copied from the service when it was booked.';
comment on column public.bookings.refund_partial_percent is 'Copied from the service when it was booked.';
comment on column public.bookings.fee_basis_points is 'The platform''s share when it was booked, in hundredths of a percent.';
comment on column public.bookings.price_lines is
  'What the price is made of: [{kind, amount_minor}], in order; null: the session alone.';
comment on column public.bookings.coupon_id is 'The coupon that was used; whether the use was given back is in coupon_uses.';
comment on column public.bookings.package_purchase_id is 'The bought package that pays for the session; null: money does.';
comment on column public.bookings.meeting_place is
  'Where it takes place if not by the mentor''s room, as it was agreed: {kind, caller, phone, address, map_url}, and with a link '
  'that was made for it {url, note}.';
comment on column public.bookings.group_session_id is
  'The group session of this seat, also after it was cancelled; null of a session for one.';
comment on column public.bookings.shows_name is 'Whether the other attendees of a group session may see the student''s name.';
comment on column public.bookings.series_place is 'Which session of its series it is; a cancelled one keeps its place.';
comment on column public.bookings.basket_id is 'What it was booked with by one payment; null: alone.';
comment on column public.bookings.judged_revision is
  'The revision of the mentor''s schedule by which book_sessions() was given this booking; null when the triggers of an '
  'insert prepared it.';
comment on column public.bookings.meeting_note is 'What is needed to join, such as a passcode.';
create index idx_bookings_user_id on public.bookings (user_id, starts_at desc, id desc);
create index idx_bookings_expert_id on public.bookings (expert_id, starts_at desc, id desc);
create index idx_bookings_scheduled_date on public.bookings (scheduled_date);
create index bookings_service_id_idx on public.bookings (service_id, expert_id);
-- Each seat of a group session is for another person.
create unique index bookings_one_seat_each on public.bookings (occupancy_id, expert_id, user_id);
-- Not written with bookings that are alone.
create unique index bookings_series_places on public.bookings (series_id, expert_id, series_place) where series_id is not null;
create index bookings_basket_id_idx on public.bookings (basket_id, expert_id) where basket_id is not null;
create index bookings_expires_at_idx on public.bookings (expert_id, expires_at) where status = 'pending';
-- For the clean-ups, which take the oldest first: all expired requests, and those pending for too long.
create index bookings_to_expire_idx on public.bookings (expires_at) where status = 'pending';
create index bookings_to_abandon_idx on public.bookings (created_at) where status = 'pending';
-- For the monthly archiving; archived bookings leave the index.
create index bookings_to_archive_idx on public.bookings (ends_at) where status = 'completed' and archived_at is null;
-- For a student's sessions with one mentor, and whether there are any.
create index bookings_expert_id_user_id_idx on public.bookings (expert_id, user_id, starts_at desc, id desc);
create index bookings_to_complete_idx on public.bookings (ends_at, id) where status = 'confirmed';
-- Both for the counts below: neither grows with a person's history.
create index bookings_open_requests_idx on public.bookings (user_id) where status = 'pending';
create index bookings_paid_without_session_idx on public.bookings (ends_at)
  where payment_status in ('completed', 'partially_refunded') and status in ('pending', 'cancelled');
alter table public.bookings enable row level security;

create domain private.booking_event_actor as text
  constraint booking_events_actor_known check (value in ('student', 'mentor', 'system'));
create domain private.booking_event_reason as text
  constraint booking_events_reason_length check (char_length(value) <= 500);
create domain private.booking_event_kind as text
  constraint booking_events_kind_known check (
    value in ('created', 'confirmed', 'declined', 'cancelled', 'completed', 'expired', 'rescheduled',
              'no_show_claimed', 'no_show_agreed', 'no_show_disputed', 'no_show_withdrawn', 'no_show_unanswered',
              'held', 'lapsed', 'minimum_missed', 'minimum_reached', 'messaged'));

create table public.booking_events (
  id bigint generated always as identity primary key,
  booking_id uuid not null,
  expert_id uuid not null,
  kind private.booking_event_kind not null,
  actor_id uuid,
  actor private.booking_event_actor not null,
  from_status text,
  to_status text not null,
  reason private.booking_event_reason,
  created_at timestamptz not null default now(),
  from_starts_at timestamptz,
  to_starts_at timestamptz,
  notified_at timestamptz,
  is_for_all boolean not null default false,
  constraint booking_events_moves_have_times check (
    (kind = 'rescheduled') = (from_starts_at is not null) and (kind = 'rescheduled') = (to_starts_at is not null)),
  constraint booking_events_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.booking_events is
  'Append-only history: who changed which booking, when, from what to what, why.';
comment on column public.booking_events.actor_id is
  'Account of the student or mentor who acted; null for the system. No reference: history outlives accounts.';
comment on column public.booking_events.from_starts_at is 'The start before a move.';
comment on column public.booking_events.to_starts_at is 'The start after a move.';
comment on column public.booking_events.is_for_all is 'It happened to every seat of a group session at once.';
comment on column public.booking_events.notified_at is 'When the messages about it were written; null until then.';
create index booking_events_to_notify_idx on public.booking_events (id) where notified_at is null;
create index booking_events_booking_id_idx on public.booking_events (booking_id, expert_id, id);
alter table public.booking_events enable row level security;

-- What private.book_sessions() is called with: a booking with the schedule's revision that its time was judged by, its time in
-- the ledger, and its request.
create type private.judged_booking as (
  expert_id uuid,
  judged_revision bigint,
  id uuid,
  user_id uuid,
  service_id uuid,
  session_type text,
  scheduled_date date,
  scheduled_time private.booking_clock_time,
  duration private.booking_duration,
  starts_at timestamptz,
  ends_at timestamptz,
  status private.booking_status,
  message private.booking_message,
  total_minor private.booking_total,
  currency text,
  add_recording boolean,
  user_name private.booking_user_name,
  user_email private.booking_user_email,
  user_phone private.booking_user_phone,
  student_timezone text,
  mentor_timezone text,
  cancel_cutoff integer,
  reschedule_cutoff integer,
  occupancy_id uuid,
  busy_from timestamptz,
  busy_until timestamptz,
  capacity integer,
  origin text,
  idempotency_key text,
  request_hash text,
  response text,
  status_when_paid private.booking_status_when_paid,
  refund_full_cutoff integer,
  refund_partial_cutoff integer,
  refund_partial_percent integer,
  fee_basis_points integer,
  payment_id uuid,
  price_lines jsonb,
  shows_name boolean
);
comment on type private.judged_booking is
  'A booking whose time the app has judged free. Without an Idempotency-Key the last three are null.';
comment on column private.judged_booking.occupancy_id is 'Of the time that is taken; another one if the booking joins a session.';
comment on column private.judged_booking.busy_from is 'When the mentor''s buffer before the session begins.';
comment on column private.judged_booking.origin is 'Which network the request comes from, as a keyed hash in hexadecimal.';
comment on column private.judged_booking.response is 'A JSON object: the booking as the API presents it, without what only the call knows.';

-- Signed links can be revoked: a link contains the generation it was made in, and a person can end all earlier ones.
create table public.booking_link_generations (
  booking_id uuid not null,
  expert_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  generation integer not null
    constraint booking_link_generations_counted check (generation > 0),
  ended_at timestamptz not null default now(),
  primary key (booking_id, expert_id, user_id),
  constraint booking_link_generations_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table public.booking_link_generations is
  'How often a student or mentor has revoked the links to one of their bookings. No row: never, links have generation 0.';
create index booking_link_generations_user_id_idx on public.booking_link_generations (user_id);
alter table public.booking_link_generations enable row level security;

create table private.booking_origins (
  booking_id uuid not null,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  origin bytea not null,
  starts_at timestamptz not null,
  primary key (booking_id, expert_id),
  constraint booking_origins_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table private.booking_origins is
  'From which network a newcomer with an unconfirmed e-mail address booked, as a keyed hash, until the session begins. '
  'Written by private.limit_open_requests() and private.follow_booking() only.';
comment on column private.booking_origins.starts_at is 'When the session begins, and the row is deleted.';
create index booking_origins_expert_id_origin_idx on private.booking_origins (expert_id, origin);
create index booking_origins_starts_at_idx on private.booking_origins (starts_at);
alter table private.booking_origins enable row level security;

-- schema/noShow/tables.sql

-- No-shows: one party of a session reports that the other did not attend.

create table public.no_show_claims (
  id uuid primary key default private.uuid_v7(),
  booking_id uuid not null,
  expert_id uuid not null,
  claimed_by text not null constraint no_show_claims_claimed_by_known check (claimed_by in ('student', 'mentor')),
  reason text constraint no_show_claims_reason_length check (char_length(reason) between 1 and 500),
  state text not null default 'open' constraint no_show_claims_state_known
    check (state in ('open', 'agreed', 'disputed', 'withdrawn', 'unanswered')),
  answer_until timestamptz not null,
  answer text constraint no_show_claims_answer_length check (char_length(answer) between 1 and 500),
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint no_show_claims_settled_once check ((state = 'open') = (settled_at is null)),
  constraint no_show_claims_only_answers_have_words check (answer is null or state in ('agreed', 'disputed')),
  constraint no_show_claims_reason_clean check (
    reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint no_show_claims_answer_clean check (
    answer is nfc normalized and answer !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint no_show_claims_id_expert_id_key unique (id, expert_id),
  constraint no_show_claims_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.no_show_claims is
  'A report by one party of a session that the other did not attend. Triggers set all columns but texts and status.';
comment on column public.no_show_claims.claimed_by is 'The party who reported the other.';
comment on column public.no_show_claims.reason is 'The claimer''s comment.';
comment on column public.no_show_claims.state is
  'Effective once agreed or unanswered; disputed and withdrawn claims have no effect.';
comment on column public.no_show_claims.answer_until is 'When the other party''s time to respond ends.';
comment on column public.no_show_claims.answer is 'The comment on an agreement or a dispute.';
create index no_show_claims_booking_id_idx on public.no_show_claims (booking_id, expert_id, created_at desc);
-- When both parties report at the same moment, one is first. A disputed claim counts: both have given their view.
create unique index no_show_claims_one_key on public.no_show_claims (booking_id, expert_id) where state <> 'withdrawn';
create index no_show_claims_answer_until_idx on public.no_show_claims (answer_until) where state = 'open';
alter table public.no_show_claims enable row level security;

-- schema/groupSessions/tables.sql

-- Group sessions: when one takes place, how many it needs, and who came.

create table public.group_sessions (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  -- The session takes this time; null once it is cancelled.
  occupancy_id uuid,
  origin text not null constraint group_sessions_origin_known check (origin in ('scheduled', 'booked')),
  state text not null default 'open'
    constraint group_sessions_state_known check (state in ('open', 'on', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity integer not null constraint group_sessions_capacity_range check (capacity between 2 and 500),
  min_attendees integer not null default 1,
  decide_minutes integer not null default 1440
    constraint group_sessions_decide_minutes_range check (decide_minutes between 0 and 43200),
  late_join_minutes integer not null default 0
    constraint group_sessions_late_join_range check (late_join_minutes between 0 and 480),
  cancelled_because text
    constraint group_sessions_cancelled_because_known check (cancelled_because in ('mentor', 'minimum', 'empty')),
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  decide_at timestamptz not null,
  meeting_url private.booking_meeting_url,
  meeting_note private.booking_meeting_note,
  entry_revision integer not null default 0,
  entry_changed_at timestamptz not null default now(),
  programme_id uuid,
  programme_place integer constraint group_sessions_programme_place_range check (programme_place between 1 and 52),
  share_minor bigint constraint group_sessions_share_range check (share_minor >= 0),
  constraint group_sessions_ends_after_start check (starts_at < ends_at),
  constraint group_sessions_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint group_sessions_cancelled_has_reason check ((state = 'cancelled') = (cancelled_because is not null)),
  constraint group_sessions_cancelled_frees_time check ((state = 'cancelled') = (occupancy_id is null)),
  constraint group_sessions_decided_once check ((state = 'open') = (decided_at is null)),
  constraint group_sessions_meeting_note_has_url check (meeting_note is null or meeting_url is not null),
  constraint group_sessions_of_programme check (num_nulls(programme_id, programme_place, share_minor) in (0, 3)),
  constraint group_sessions_programme_places unique (programme_id, expert_id, programme_place),
  constraint group_sessions_programme_id_fkey foreign key (programme_id, expert_id)
    references public.programmes (id, expert_id) on delete cascade,
  constraint group_sessions_id_expert_id_key unique (id, expert_id),
  constraint group_sessions_occupancy_id_key unique (occupancy_id, expert_id),
  constraint group_sessions_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint group_sessions_occupancy_id_fkey foreign key (occupancy_id, expert_id)
    references public.occupancies (id, expert_id)
);
comment on table public.group_sessions is
  'A session with several seats: scheduled by its mentor, or opened by its first booking. The seats are in the ledger of taken time.';
comment on column public.group_sessions.state is 'open: whether it takes place is decided later; on: it does.';
comment on column public.group_sessions.cancelled_because is
  'empty: it was opened by its first booking, and has ended with its last one. It is kept for those who have it in a calendar.';
comment on column public.group_sessions.meeting_url is
  'The link that its mentor has set for it by hand: of all seats, also of later ones. Only people with a seat may know it.';
comment on column public.group_sessions.entry_revision is
  'Counts the changes of what its mentor''s calendar says of it, seats included: the SEQUENCE of its entry (RFC 5545).';
comment on column public.group_sessions.min_attendees is 'With fewer at the time of the decision it is cancelled.';
comment on column public.group_sessions.decide_minutes is 'Minutes before the start at which it is decided.';
comment on column public.group_sessions.decide_at is 'When it is decided; moves with the session.';
comment on column public.group_sessions.programme_id is 'The programme it belongs to, and is booked with; null: it is booked by itself.';
comment on column public.group_sessions.share_minor is 'What a seat in it is of the programme''s price.';
comment on column public.group_sessions.late_join_minutes is 'Minutes after the start until which a seat can be booked.';
create index group_sessions_expert_id_idx on public.group_sessions (expert_id, starts_at);
create index group_sessions_service_id_idx on public.group_sessions (service_id, expert_id);
create index group_sessions_decide_at_idx on public.group_sessions (decide_at) where state = 'open';
alter table public.group_sessions enable row level security;
alter table public.bookings add constraint bookings_group_session_id_fkey foreign key (group_session_id, expert_id)
  references public.group_sessions (id, expert_id);
create index bookings_group_session_id_idx on public.bookings (group_session_id, expert_id) where group_session_id is not null;

create table public.attendances (
  booking_id uuid not null,
  expert_id uuid not null,
  state text not null constraint attendances_state_known check (state in ('present', 'absent')),
  marked_at timestamptz not null default now(),
  primary key (booking_id, expert_id),
  constraint attendances_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table public.attendances is 'Whom the mentor marked in the roster of a session. An absence is no no-show report.';
alter table public.attendances enable row level security;

-- schema/money/tables.sql

-- Money: no tables of its own; logic.sql has the arithmetic that the others use.

-- schema/ledger/tables.sql

-- The ledger of money: who owes what to whom, in double entry. Every line moves one positive amount from one account to another.

create domain private.ledger_account_kind as text
  constraint ledger_account_kind_known check (value in (
    'provider', 'provider_fees', 'fees', 'bank', 'losses', 'credits_issued', 'credits_used', 'credits_expired',
    'escrow', 'refunds_payable', 'mentor', 'payouts_pending', 'package_money', 'credits', 'credits_reserved', 'basket_money'));

create table private.ledger_transfers (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  kind text not null constraint ledger_transfers_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  reference uuid not null,
  from_kind private.ledger_account_kind not null,
  from_owner uuid not null,
  to_kind private.ledger_account_kind not null,
  to_owner uuid not null,
  currency text not null,
  amount_minor bigint not null constraint ledger_transfers_amount_positive check (amount_minor > 0),
  event_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint ledger_transfers_two_accounts check ((from_kind, from_owner) <> (to_kind, to_owner)),
  constraint ledger_transfers_id_expert_id_key unique (id, expert_id),
  constraint ledger_transfers_once unique (expert_id, kind, reference)
);
comment on table private.ledger_transfers is
  'The lines of the ledger, all about one mentor''s sessions. Only ever added, by private.transfer(); a mistake is corrected by '
  'a transfer back.';
comment on column private.ledger_transfers.reference is
  'What the transfer is for; with its kind it identifies the transfer, so that none is written twice.';
comment on column private.ledger_transfers.event_at is 'When it happened, which may be long before it was learnt of.';
comment on column private.ledger_transfers.amount_minor is 'Minor units of the currency, or sessions of a package''s service.';
create index ledger_transfers_from_idx on private.ledger_transfers (from_owner, from_kind, expert_id);
create index ledger_transfers_to_idx on private.ledger_transfers (to_owner, to_kind, expert_id);
create index ledger_transfers_created_at_idx on private.ledger_transfers (created_at);
alter table private.ledger_transfers enable row level security;

create table private.ledger_accounts (
  expert_id uuid not null references public.expert_profiles (id),
  kind private.ledger_account_kind not null,
  owner_id uuid not null,
  currency text not null,
  balance_minor bigint not null constraint ledger_accounts_never_below_zero check (balance_minor >= 0),
  version bigint not null default 1,
  primary key (expert_id, owner_id, kind, currency)
);
create index ledger_accounts_to_pay_idx on private.ledger_accounts (owner_id) where kind = 'mentor' and balance_minor > 0;
comment on table private.ledger_accounts is
  'The balances that must not go below zero. The accounts of the platform have no row: a running balance would be locked by '
  'every payment, and is a sum over the transfers.';
comment on column private.ledger_accounts.owner_id is
  'A booking (escrow, credits_reserved), a payment (refunds_payable), a mentor (mentor), a payout (payouts_pending), a bought '
  'package (package_money, credits) or a basket (basket_money).';
comment on column private.ledger_accounts.version is 'Counts the transfers.';
alter table private.ledger_accounts enable row level security;

-- schema/payments/tables.sql

-- Payments: what a student pays for a booking, how that went at the provider, and what goes back.

create table private.money_settings (
  id integer primary key default 1 constraint money_settings_one_row check (id = 1),
  collects boolean not null default false,
  provider text constraint money_settings_provider_known check (provider in ('sandbox', 'razorpay', 'stripe')),
  fee_basis_points integer not null default 0
    constraint money_settings_fee_range check (fee_basis_points between 0 and 10000),
  constraint money_settings_collects_with_provider check (not collects or provider is not null)
);
comment on table private.money_settings is
  'What the database needs to know of the configuration: written by the app when it starts. Without a row nothing is collected.';
comment on column private.money_settings.collects is 'Whether students pay through the app.';
comment on column private.money_settings.fee_basis_points is 'The platform''s share of new bookings, in hundredths of a percent.';
alter table private.money_settings enable row level security;

create table public.payments (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  booking_id uuid,
  package_purchase_id uuid,
  provider text not null constraint payments_provider_known check (provider in ('sandbox', 'razorpay', 'stripe')),
  capture text not null constraint payments_capture_known check (capture in ('automatic', 'manual')),
  amount_minor bigint not null constraint payments_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'open'
    constraint payments_state_known check (state in ('open', 'authorized', 'captured', 'released', 'closed')),
  closed_because text
    constraint payments_closed_because_known check (closed_because in ('lapsed', 'cancelled', 'taken')),
  accepted_attempt_id uuid,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  more_time_at timestamptz,
  due_at timestamptz,
  earned_at timestamptz,
  attention text,
  attention_at timestamptz,
  polls integer not null default 0,
  poll_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unclear_since timestamptz,
  basket_id uuid,
  constraint payments_for_one_thing check (
    coalesce(booking_id, package_purchase_id, basket_id) is not null
    and (package_purchase_id is null or coalesce(booking_id, basket_id) is null)),
  constraint payments_refunds_within_captures check (refunded_minor between 0 and captured_minor),
  constraint payments_closed_has_reason check (state <> 'closed' or closed_because is not null),
  constraint payments_attention_has_time check ((attention is null) = (attention_at is null)),
  constraint payments_id_expert_id_key unique (id, expert_id),
  constraint payments_booking_id_key unique (booking_id, expert_id),
  constraint payments_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint payments_basket_id_fkey foreign key (basket_id, expert_id) references public.baskets (id, expert_id)
);
comment on table public.payments is
  'One order at a provider for exactly the amount of one booking, of one bought package or of a basket. The bookings of a basket '
  'have a payment each, a part of the basket''s, without an order. Written by private.settle_payment() and its kin.';
comment on column public.payments.basket_id is 'What the payment is for, or with a booking: what it is a part of.';
comment on column public.payments.capture is 'manual: reserved when booking, charged when the mentor confirms.';
comment on column public.payments.closed_because is
  'Why it is no longer wanted. A lapsed one is accepted after all while its time is free; "taken": it was not.';
comment on column public.payments.captured_minor is 'What arrived in all attempts, those that are sent back included.';
comment on column public.payments.refunded_minor is 'What was or is being sent back of it; a refund that failed does not count.';
comment on column public.payments.more_time_at is 'When the student was given more time; null until then.';
comment on column public.payments.due_at is 'When the mentor has earned it, unless it is refunded or disputed; moves with the session.';
comment on column public.payments.earned_at is 'When it was credited to the mentor.';
comment on column public.payments.attention is 'Why an administrator should look at it; null: all is well.';
comment on column public.payments.poll_at is 'When the provider is asked next, in case no webhook comes; null: not any more.';
comment on column public.payments.unclear_since is 'Since when the provider has not said what became of it; null: it has.';
create unique index payments_one_of_basket on public.payments (basket_id, expert_id) where booking_id is null and basket_id is not null;
create index payments_basket_id_idx on public.payments (basket_id, expert_id) where basket_id is not null;
create index payments_user_id_idx on public.payments (user_id, created_at desc, id desc);
create index payments_expert_id_idx on public.payments (expert_id, created_at desc, id desc);
create index payments_poll_at_idx on public.payments (poll_at) where poll_at is not null;
create index payments_due_at_idx on public.payments (due_at) where state = 'captured' and earned_at is null;
create index payments_attention_idx on public.payments (attention_at) where attention is not null;
create index payments_unclear_idx on public.payments (unclear_since) where unclear_since is not null;
create index payments_authorized_idx on public.payments (updated_at) where state = 'authorized';
alter table public.payments enable row level security;

create table private.payment_orders (
  provider text not null,
  order_id text not null constraint payment_orders_order_id_length check (char_length(order_id) between 1 and 255),
  payment_id uuid not null,
  expert_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (provider, order_id),
  constraint payment_orders_payment_id_key unique (payment_id, expert_id),
  constraint payment_orders_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table private.payment_orders is
  'Which payment an order at a provider is for: the only way from what a provider says to a booking.';
alter table private.payment_orders enable row level security;

create table public.payment_attempts (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id text not null constraint payment_attempts_attempt_id_length check (char_length(attempt_id) between 1 and 255),
  state text not null
    constraint payment_attempts_state_known check (state in ('created', 'failed', 'authorized', 'captured', 'released')),
  amount_minor bigint not null,
  currency text not null,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  method text,
  fee_minor bigint,
  failure_code text,
  failure_message text,
  dispute text constraint payment_attempts_dispute_known check (dispute in ('open', 'won', 'lost')),
  verdict text constraint payment_attempts_verdict_known check (verdict in ('accepted', 'surplus', 'wrong_amount', 'late', 'unwanted')),
  created_at timestamptz not null,
  updated_at timestamptz not null default now(),
  settlement_id text constraint payment_attempts_settlement_id_length check (char_length(settlement_id) between 1 and 255),
  settled_at timestamptz,
  constraint payment_attempts_settled_in_something check ((settlement_id is null) = (settled_at is null)),
  constraint payment_attempts_refunds_within_capture check (refunded_minor between 0 and captured_minor),
  constraint payment_attempts_captured_when_captured check ((state = 'captured') = (captured_minor > 0)),
  constraint payment_attempts_id_expert_id_key unique (id, expert_id),
  constraint payment_attempts_once unique (expert_id, payment_id, attempt_id),
  constraint payment_attempts_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.payment_attempts is 'The attempts to pay, as the provider reports them; a state never goes back.';
comment on column public.payment_attempts.attempt_id is 'The provider''s id.';
comment on column public.payment_attempts.verdict is
  'accepted: it pays for the booking. All others are sent back: a second payment, another amount, too late, or after it was cancelled.';
comment on column public.payment_attempts.settlement_id is
  'The sum that the provider has paid out to our bank and that this attempt is part of; null until the daily check learns of it.';
comment on column public.payment_attempts.settled_at is 'When that sum was paid out.';
create index payment_attempts_payment_id_idx on public.payment_attempts (payment_id, expert_id);
create unique index payment_attempts_one_accepted on public.payment_attempts (payment_id, expert_id) where verdict = 'accepted';
create index payment_attempts_captured_idx on public.payment_attempts (created_at) where state = 'captured';
create index payment_attempts_not_returned_idx on public.payment_attempts (updated_at)
  where verdict is distinct from 'accepted' and state = 'captured' and refunded_minor < captured_minor;
create index payment_attempts_not_released_idx on public.payment_attempts (updated_at)
  where verdict is distinct from 'accepted' and state = 'authorized';
alter table public.payment_attempts enable row level security;
alter table public.payments add constraint payments_accepted_attempt_id_fkey
  foreign key (accepted_attempt_id, expert_id) references public.payment_attempts (id, expert_id)
  -- The two tables refer to each other: a restore loads one first.
  deferrable initially immediate;
create index payments_accepted_attempt_id_idx on public.payments (accepted_attempt_id, expert_id);

create table public.refunds (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id uuid not null,
  amount_minor bigint not null constraint refunds_amount_positive check (amount_minor > 0),
  currency text not null,
  why text not null constraint refunds_why_known check (why in (
    'student_cancelled', 'mentor_cancelled', 'declined', 'expired', 'no_show', 'late', 'surplus', 'wrong_amount', 'unwanted',
    'administrator', 'provider', 'dispute', 'unused')),
  state text not null default 'requested'
    constraint refunds_state_known check (state in ('requested', 'sent', 'done', 'failed')),
  provider_refund_id text,
  failure text,
  retry_of uuid,
  requested_at timestamptz not null default now(),
  sent_at timestamptz,
  settled_at timestamptz,
  constraint refunds_settled_when_over check ((state in ('done', 'failed')) = (settled_at is not null)),
  constraint refunds_id_expert_id_key unique (id, expert_id),
  constraint refunds_provider_refund_id_key unique (expert_id, attempt_id, provider_refund_id),
  constraint refunds_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id),
  constraint refunds_attempt_id_fkey foreign key (attempt_id, expert_id) references public.payment_attempts (id, expert_id),
  constraint refunds_retry_of_fkey foreign key (retry_of, expert_id) references public.refunds (id, expert_id)
);
comment on table public.refunds is 'Money on its way back to a student. A state never goes back; a failed refund is followed by another one.';
comment on column public.refunds.why is
  'What entitles to it. "provider": made at the provider, not by the app. "dispute": taken back by the payer''s bank. "unused": '
  'sessions of a package that cannot be used any more.';
comment on column public.refunds.retry_of is 'The failed refund that this one repeats.';
create index refunds_payment_id_idx on public.refunds (payment_id, expert_id);
create index refunds_attempt_id_idx on public.refunds (attempt_id, expert_id);
create unique index refunds_retry_of_once on public.refunds (retry_of, expert_id);
create index refunds_to_settle_idx on public.refunds (requested_at) where state in ('requested', 'sent');
alter table public.refunds enable row level security;

create table public.money_events (
  id bigint generated always as identity primary key,
  expert_id uuid not null,
  user_id uuid not null,
  payment_id uuid not null,
  booking_id uuid,
  refund_id uuid,
  kind text not null constraint money_events_kind_known check (kind in (
    'paid', 'authorized', 'failed', 'released', 'late', 'surplus', 'refund_requested', 'refund_done', 'refund_failed',
    'dispute_opened', 'dispute_won', 'dispute_lost', 'earned', 'fee_returned', 'expiring', 'due')),
  amount_minor bigint not null,
  currency text not null,
  detail text,
  created_at timestamptz not null default now(),
  notify_at timestamptz not null default now(),
  notified_at timestamptz,
  constraint money_events_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.money_events is
  'Append-only history of a payment, from which the messages about it are written.';
comment on column public.money_events.detail is 'The provider''s reason, or why a refund was requested.';
comment on column public.money_events.notify_at is
  'From when messages about it are written. A failed attempt waits, as it may be repeated; what was earned waits for the mentor''s '
  'next morning, and that of a day has one message; that a package is expiring waits until a week before, and that a session of a '
  'series is to be paid until three days before.';
comment on column public.money_events.notified_at is 'When the messages about it were written; null until then.';
create index money_events_payment_id_idx on public.money_events (payment_id, expert_id, id);
create index money_events_to_notify_idx on public.money_events (notify_at, id) where notified_at is null;
create index money_events_earned_idx on public.money_events (expert_id, currency, notify_at, id) where kind = 'earned';
alter table public.money_events enable row level security;

create table private.payment_events (
  id uuid primary key default private.uuid_v7(),
  provider text not null,
  event_id text,
  kind text,
  order_id text,
  verdict text not null constraint payment_events_verdict_known
    check (verdict in ('genuine', 'forged', 'stale', 'unreadable', 'unknown_order')),
  body bytea not null constraint payment_events_body_length check (octet_length(body) <= 262144),
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  constraint payment_events_once unique (provider, event_id),
  constraint payment_events_genuine_has_id check (verdict not in ('genuine', 'unknown_order') or event_id is not null)
);
comment on table private.payment_events is
  'The inbox of the providers'' webhooks, as they came. An event is a hint to ask the provider; refused ones change nothing.';
comment on column private.payment_events.body is
  'Of a refused one the first 4 kB. Empty a month after it was processed, and if one of the people is deleted.';
comment on column private.payment_events.event_id is 'The provider''s id of the event; null if it was refused.';
create index payment_events_to_process_idx on private.payment_events (provider, order_id) where processed_at is null;
create index payment_events_refused_idx on private.payment_events (received_at desc) where verdict <> 'genuine';
create index payment_events_received_at_idx on private.payment_events (received_at);
create index payment_events_with_body_idx on private.payment_events (received_at) where body <> '';
alter table private.payment_events enable row level security;

-- schema/payouts/tables.sql

-- Payouts: what mentors have earned, on its way to their bank accounts.

create function private.payout_minimum(of_method text) returns bigint
  language sql immutable
  return case of_method when 'csv' then 10000 else 100 end;
comment on function private.payout_minimum(text) is
  'The smallest payout in minor units: rules/limits.ts; for Route, what Razorpay transfers at least.';

create table private.payout_settings (
  id integer primary key default 1 constraint payout_settings_one_row check (id = 1),
  approval_above_minor bigint not null
    constraint payout_settings_approval_above_range check (approval_above_minor >= 0),
  currency text not null default 'INR' constraint payout_settings_currency_known check (currency in ('INR'))
);
comment on table private.payout_settings is
  'Written by the app when it starts, from the configuration. Without a row every run needs a second administrator.';
alter table private.payout_settings enable row level security;

create table private.payout_runs (
  id uuid primary key default private.uuid_v7(),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  filled_at timestamptz,
  approved_by uuid,
  approved_at timestamptz,
  exported_at timestamptz,
  cancelled_at timestamptz,
  constraint payout_runs_two_people check (approved_by <> created_by),
  constraint payout_runs_approval_has_time check ((approved_by is null) = (approved_at is null)),
  constraint payout_runs_filled_first check (filled_at is not null or num_nonnulls(approved_at, exported_at) = 0),
  constraint payout_runs_sent_or_cancelled check (exported_at is null or cancelled_at is null)
);
comment on table private.payout_runs is 'A list of payouts that an administrator sends to the bank as one file.';
comment on column private.payout_runs.created_by is 'The administrator. No reference: the run outlives accounts.';
comment on column private.payout_runs.filled_at is 'When all mentors with enough to be paid out were in it.';
comment on column private.payout_runs.exported_at is 'When the file was taken for the first time.';
alter table private.payout_runs enable row level security;

create table private.payout_accounts (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  bank_sealed bytea,
  bank_hint text constraint payout_accounts_bank_hint_form check (bank_hint ~ '^[0-9]{4}$'),
  linked_sealed bytea,
  linked_hint text constraint payout_accounts_linked_hint_form check (linked_hint ~ '^[A-Za-z0-9]{4}$'),
  usable_from timestamptz not null,
  changed_at timestamptz not null default now(),
  constraint payout_accounts_bank_has_hint check ((bank_sealed is null) = (bank_hint is null)),
  constraint payout_accounts_linked_has_hint check ((linked_sealed is null) = (linked_hint is null))
);
comment on table private.payout_accounts is
  'Where a mentor''s money goes, encrypted by the app: a bank account, or an account at the payment provider, or both.';
comment on column private.payout_accounts.bank_hint is 'The last four digits.';
comment on column private.payout_accounts.linked_sealed is 'Id of a Razorpay Route account: what is earned goes there directly.';
comment on column private.payout_accounts.usable_from is
  'A day after a change, so that a mentor who did not make it can object; at once for the first details.';
alter table private.payout_accounts enable row level security;

create table public.payouts (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  run_id uuid references private.payout_runs (id),
  payment_id uuid,
  amount_minor bigint not null,
  currency text not null,
  method text not null constraint payouts_method_known check (method in ('csv', 'route')),
  state text not null default 'requested'
    constraint payouts_state_known check (state in ('requested', 'sent', 'paid', 'failed', 'reversed')),
  bank_reference text constraint payouts_bank_reference_form check (bank_reference ~ '^[A-Za-z0-9/-]{6,40}$'),
  transfer_id text constraint payouts_transfer_id_length check (char_length(transfer_id) between 1 and 255),
  reversed_minor bigint not null default 0,
  paid_to text,
  sealed_account bytea,
  failure text,
  requested_at timestamptz not null default now(),
  sent_at timestamptz,
  settled_at timestamptz,
  calling_until timestamptz,
  earning_id uuid,
  constraint payouts_amount_minimum check (amount_minor >= private.payout_minimum(method)),
  constraint payouts_reversed_within_amount check (reversed_minor between 0 and amount_minor),
  constraint payouts_method_has_cause check (
    case method when 'csv' then run_id is not null and num_nonnulls(payment_id, earning_id) = 0
      else num_nonnulls(payment_id, earning_id) = 2 and run_id is null end),
  constraint payouts_settled_when_over check ((state in ('paid', 'failed', 'reversed')) = (settled_at is not null)),
  constraint payouts_paid_has_reference check (
    state not in ('paid', 'reversed') or case method when 'csv' then bank_reference else transfer_id end is not null),
  constraint payouts_failed_has_reason check (state <> 'failed' or failure is not null),
  constraint payouts_id_expert_id_key unique (id, expert_id),
  constraint payouts_one_per_run unique (expert_id, run_id, currency),
  constraint payouts_bank_reference_once unique (expert_id, bank_reference),
  constraint payouts_transfer_id_once unique (expert_id, transfer_id),
  constraint payouts_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id)
);
comment on table public.payouts is
  'Money to a mentor: all of a balance through the bank (csv), or what one payment has earned through Razorpay Route. A state never '
  'goes back.';
comment on column public.payouts.earning_id is
  'The line of the ledger (its reference) whose money a transfer takes: a payment has earned once, a package once per session.';
comment on column public.payouts.bank_reference is 'The bank''s reference (UTR).';
comment on column public.payouts.transfer_id is 'The provider''s id.';
comment on column public.payouts.reversed_minor is 'What was taken back of it, for a refund.';
comment on column public.payouts.paid_to is 'The last four digits of the account that it was sent to.';
comment on column public.payouts.sealed_account is 'The account at the provider, encrypted, until the transfer is settled.';
comment on column public.payouts.calling_until is
  'Until when a call of the provider about it may be under way: there must not be two at once.';
create unique index payouts_one_open on public.payouts (expert_id, currency)
  where method = 'csv' and state in ('requested', 'sent');
create unique index payouts_one_per_earning on public.payouts (expert_id, earning_id);
create index payouts_expert_id_idx on public.payouts (expert_id, requested_at desc, id desc);
create index payouts_run_id_idx on public.payouts (run_id);
create index payouts_payment_id_idx on public.payouts (payment_id, expert_id);
create index payouts_open_transfers_idx on public.payouts (requested_at)
  where method = 'route' and state in ('requested', 'sent');
alter table public.payouts enable row level security;

create table public.payout_reversals (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  payout_id uuid not null,
  refund_id uuid not null,
  amount_minor bigint not null constraint payout_reversals_amount_positive check (amount_minor > 0),
  currency text not null,
  state text not null default 'requested'
    constraint payout_reversals_state_known check (state in ('requested', 'done', 'refused', 'unneeded')),
  reversal_id text constraint payout_reversals_reversal_id_length check (char_length(reversal_id) between 1 and 255),
  failure text,
  requested_at timestamptz not null default now(),
  settled_at timestamptz,
  constraint payout_reversals_settled_when_over check ((state = 'requested') = (settled_at is null)),
  constraint payout_reversals_id_expert_id_key unique (id, expert_id),
  constraint payout_reversals_once unique (expert_id, refund_id, payout_id),
  constraint payout_reversals_payout_id_fkey foreign key (payout_id, expert_id) references public.payouts (id, expert_id),
  constraint payout_reversals_refund_id_fkey foreign key (refund_id, expert_id) references public.refunds (id, expert_id)
);
comment on table public.payout_reversals is
  'What is taken back of a transfer before a refund is sent. A state never goes back.';
comment on column public.payout_reversals.state is
  'refused: the refund comes from the mentor''s balance, or is our loss. unneeded: the transfer had failed.';
create index payout_reversals_payout_id_idx on public.payout_reversals (payout_id, expert_id);
create index payout_reversals_refund_id_idx on public.payout_reversals (refund_id, expert_id);
alter table public.payout_reversals enable row level security;

-- schema/offers/tables.sql

-- Offers: coupons and packages of sessions, and what became of each use.

create table public.coupons (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  code text not null constraint coupons_code_form check (code ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
  basis_points integer constraint coupons_basis_points_range check (basis_points between 100 and 10000),
  amount_minor bigint constraint coupons_amount_range check (amount_minor between 1 and 1000000000),
  currency text not null default 'INR' constraint coupons_currency_known check (currency = 'INR'),
  active_from timestamptz,
  active_until timestamptz,
  max_uses integer constraint coupons_max_uses_range check (max_uses between 1 and 100000),
  max_uses_per_student integer default 1
    constraint coupons_max_uses_per_student_range check (max_uses_per_student between 1 and 100000),
  service_ids uuid[] constraint coupons_service_ids_count check (cardinality(service_ids) between 1 and 30),
  first_session_only boolean not null default false,
  enabled boolean not null default true,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint coupons_one_discount check (num_nonnulls(basis_points, amount_minor) = 1),
  constraint coupons_ends_after_start check (active_until > active_from),
  constraint coupons_id_expert_id_key unique (id, expert_id)
);
comment on table public.coupons is 'A mentor''s own discounts. A deleted one is kept for the bookings that used it.';
comment on column public.coupons.code is 'In capitals: codes are compared without regard to case.';
comment on column public.coupons.basis_points is 'Hundredths of a percent off; or else amount_minor is taken off.';
comment on column public.coupons.max_uses is 'null: no limit. A use that is given back does not count.';
comment on column public.coupons.max_uses_per_student is 'null: no limit.';
comment on column public.coupons.service_ids is 'The services that it is for; null: all.';
comment on column public.coupons.first_session_only is 'Only for students without another session with the mentor.';
create unique index coupons_expert_id_code_key on public.coupons (expert_id, code) where deleted_at is null;
create index coupons_expert_id_idx on public.coupons (expert_id);
alter table public.coupons enable row level security;

create table public.coupon_uses (
  booking_id uuid not null,
  expert_id uuid not null,
  coupon_id uuid not null,
  user_id uuid not null references auth.users (id),
  used_at timestamptz not null default now(),
  given_back_at timestamptz,
  together_id uuid,
  primary key (booking_id, expert_id),
  constraint coupon_uses_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint coupon_uses_coupon_id_fkey foreign key (coupon_id, expert_id) references public.coupons (id, expert_id)
);
comment on table public.coupon_uses is 'Which booking used which coupon. Written in the booking''s transaction only.';
comment on column public.coupon_uses.together_id is
  'The series or the basket that was booked with this one use, which is given back with the last of its bookings; null: the booking alone.';
comment on column public.coupon_uses.given_back_at is 'When it could be used again, because the session did not take place.';
create index coupon_uses_coupon_id_idx on public.coupon_uses (coupon_id, expert_id, user_id);
create index coupon_uses_user_id_idx on public.coupon_uses (user_id);
alter table public.coupon_uses enable row level security;

create table public.packages (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid not null,
  minutes integer not null constraint packages_minutes_range check (minutes between 5 and 480),
  sessions integer not null constraint packages_sessions_range check (sessions between 2 and 50),
  price_minor bigint not null constraint packages_price_range check (price_minor between 1 and 1000000000),
  currency text not null default 'INR' constraint packages_currency_known check (currency = 'INR'),
  valid_days integer not null constraint packages_valid_days_range check (valid_days between 30 and 730),
  enabled boolean not null default true,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint packages_id_expert_id_key unique (id, expert_id),
  constraint packages_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.packages is 'What a mentor offers: several sessions of a service and length for one price.';
comment on column public.packages.valid_days is 'For so many days after the payment sessions can be booked with it.';
create index packages_service_id_idx on public.packages (service_id, expert_id);
create index packages_expert_id_idx on public.packages (expert_id);
alter table public.packages enable row level security;

create table public.package_purchases (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  package_id uuid not null,
  service_id uuid not null,
  minutes integer not null,
  sessions integer not null constraint package_purchases_sessions_positive check (sessions > 0),
  price_minor bigint not null constraint package_purchases_price_positive check (price_minor > 0),
  currency text not null,
  valid_days integer not null,
  fee_basis_points integer not null default 0,
  state text not null default 'unpaid' constraint package_purchases_state_known
    check (state in ('unpaid', 'lapsed', 'active', 'expired', 'refunded')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint package_purchases_paid_expires check (state in ('unpaid', 'lapsed') = (expires_at is null)),
  constraint package_purchases_not_own check (user_id <> expert_id),
  constraint package_purchases_id_expert_id_key unique (id, expert_id),
  constraint package_purchases_package_id_fkey foreign key (package_id, expert_id)
    references public.packages (id, expert_id),
  constraint package_purchases_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.package_purchases is
  'A package that a student has bought, on the terms of that moment. Its credits and its money are in the ledger.';
comment on column public.package_purchases.expires_at is
  'Until when sessions can be booked with it. A credit that comes back without the student''s doing postpones it.';
comment on column public.package_purchases.fee_basis_points is 'The platform''s share when it was bought, in hundredths of a percent.';
create index package_purchases_package_id_idx on public.package_purchases (package_id, expert_id);
create index package_purchases_service_id_idx on public.package_purchases (service_id, expert_id);
create index package_purchases_user_id_idx on public.package_purchases (user_id, created_at desc);
create index package_purchases_expert_id_idx on public.package_purchases (expert_id, created_at desc);
create index package_purchases_expires_at_idx on public.package_purchases (expires_at) where state = 'active';
create index package_purchases_unpaid_idx on public.package_purchases (created_at) where state = 'unpaid';
create unique index package_purchases_one_unpaid on public.package_purchases (user_id, package_id, expert_id) where state = 'unpaid';
alter table public.package_purchases enable row level security;

create table public.credit_uses (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null,
  booking_id uuid not null,
  package_purchase_id uuid not null,
  share_minor bigint not null constraint credit_uses_share_range check (share_minor >= 0),
  currency text not null,
  state text not null default 'reserved'
    constraint credit_uses_state_known check (state in ('reserved', 'used', 'returned')),
  earned_at timestamptz,
  created_at timestamptz not null default now(),
  constraint credit_uses_returned_is_not_earned check (state <> 'returned' or earned_at is null),
  constraint credit_uses_id_expert_id_key unique (id, expert_id),
  constraint credit_uses_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint credit_uses_package_purchase_id_fkey foreign key (package_purchase_id, expert_id)
    references public.package_purchases (id, expert_id)
);
comment on table public.credit_uses is
  'The sessions of a bought package that bookings have taken. Its id is the reference of the ledger''s transfers.';
comment on column public.credit_uses.share_minor is 'The part of the package''s price that the mentor earns with the session.';
comment on column public.credit_uses.earned_at is 'When the mentor was credited with the share.';
create unique index credit_uses_one_each on public.credit_uses (booking_id, expert_id) where state <> 'returned';
create index credit_uses_booking_id_idx on public.credit_uses (booking_id, expert_id);
create index credit_uses_package_purchase_id_idx on public.credit_uses (package_purchase_id, expert_id);
create index credit_uses_to_earn_idx on public.credit_uses (created_at) where state <> 'returned' and earned_at is null;
alter table public.credit_uses enable row level security;

-- Bookings have no foreign keys to coupons and packages: their indexes would be written with every booking. What they refer to
-- was found by private.prepare_booking(), which alone sets it, and coupon_uses and credit_uses refer to both.
alter table public.payments
  add constraint payments_package_purchase_id_fkey foreign key (package_purchase_id, expert_id)
    references public.package_purchases (id, expert_id),
  add constraint payments_package_purchase_id_key unique (package_purchase_id, expert_id);

-- schema/meetings/tables.sql

-- Meetings: where sessions take place.

create table public.mentor_rooms (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  meeting_url text not null
    constraint mentor_rooms_meeting_url_length check (char_length(meeting_url) <= 500)
    -- The part before an @ is a user name, or another host's name that imitates the real one.
    constraint mentor_rooms_meeting_url_form check (
      meeting_url ~ '^https://[^/?#@\\]+([/?#].*)?$' and meeting_url !~ '[^\x21-\x7e]'),
  meeting_note text
    constraint mentor_rooms_meeting_note_length check (char_length(meeting_note) between 1 and 200),
  constraint mentor_rooms_meeting_note_clean check (
    meeting_note is nfc normalized and meeting_note !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]')
);
comment on table public.mentor_rooms is
  'Where a mentor meets students unless a session has its own link. Not public: anyone with the link can join.';
comment on column public.mentor_rooms.meeting_url is 'https, without user name and password.';
comment on column public.mentor_rooms.meeting_note is 'What is needed to join, such as a passcode.';
alter table public.mentor_rooms enable row level security;

create table public.meeting_places (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid,
  kind text not null constraint meeting_places_kind_known check (
    kind in ('matepeak_room', 'google_meet', 'zoom', 'jitsi', 'link', 'phone', 'in_person')),
  caller text constraint meeting_places_caller_known check (caller in ('student', 'mentor')),
  phone text
    constraint meeting_places_phone_length check (char_length(phone) <= 32)
    constraint meeting_places_phone_form check (phone ~ '^[+]?[0-9() .-]+$'),
  address text
    constraint meeting_places_address_length check (char_length(address) between 1 and 300)
    constraint meeting_places_address_clean check (
      address is nfc normalized and address !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  map_url text
    constraint meeting_places_map_url_length check (char_length(map_url) <= 500)
    constraint meeting_places_map_url_form check (
      map_url ~ '^https://[^/?#@\\]+([/?#].*)?$' and map_url !~ '[^\x21-\x7e]'),
  shows_details boolean not null default false,
  constraint meeting_places_service_key unique nulls not distinct (expert_id, service_id),
  constraint meeting_places_id_expert_id_key unique (id, expert_id),
  constraint meeting_places_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade,
  constraint meeting_places_caller_of_phone check ((kind = 'phone') = (caller is not null)),
  -- The mentor calls the number that is in the booking.
  constraint meeting_places_number_to_call check ((phone is not null) = (kind = 'phone' and caller = 'student')),
  constraint meeting_places_address_of_place check ((kind = 'in_person') = (address is not null)),
  constraint meeting_places_map_of_place check (map_url is null or kind = 'in_person')
);
comment on table public.meeting_places is
  'How a mentor''s sessions take place: by default, and for single services. Without a row: by the mentor''s room.';
comment on column public.meeting_places.service_id is 'Null: the default.';
comment on column public.meeting_places.caller is 'Who calls the other.';
comment on column public.meeting_places.phone is 'The mentor''s number, if students call.';
comment on column public.meeting_places.shows_details is 'Whether number or address are shown before a session is agreed.';
create index meeting_places_service_id_idx on public.meeting_places (service_id, expert_id);
alter table public.meeting_places enable row level security;

create table private.made_meetings (
  occupancy_id uuid not null,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  known_as uuid not null,
  kind text not null constraint made_meetings_kind_known check (
    kind in ('matepeak_room', 'google_meet', 'zoom', 'jitsi')),
  ref text constraint made_meetings_ref_length check (char_length(ref) between 1 and 200),
  guest_url text,
  note text,
  host text,
  host_url text,
  starts_at timestamptz,
  ends_at timestamptz,
  hosted_from timestamptz,
  hosted_until timestamptz,
  is_unsure boolean not null default false,
  asked_at timestamptz,
  failures integer not null default 0 constraint made_meetings_failures_range check (failures >= 0),
  problem text,
  fell_back_at timestamptz,
  was_left boolean not null default false,
  lease uuid,
  leased_until timestamptz,
  primary key (expert_id, occupancy_id),
  constraint made_meetings_times_of_meeting check ((ref is null) = (starts_at is null) and (ref is null) = (ends_at is null)),
  constraint made_meetings_lease_ends check ((lease is null) = (leased_until is null))
);
comment on table private.made_meetings is
  'What a session has at the service that its link comes from, and how far the job is that makes the two agree.';
comment on column private.made_meetings.occupancy_id is
  'The session: all seats of a group share what was made. No foreign key: what is to be removed there outlives the time.';
comment on column private.made_meetings.known_as is
  'By what the session is known there: its booking, or the time of a group, whose first seat may leave.';
comment on column private.made_meetings.guest_url is 'The link that all students share; some have a form of it of their own.';
comment on column private.made_meetings.ref is 'The meeting''s id there; null while there is none that is known of.';
comment on column private.made_meetings.host is 'The Zoom user whose meeting it is, who can hold one at a time.';
comment on column private.made_meetings.host_url is 'The mentor''s own link, if it differs from the student''s.';
comment on column private.made_meetings.starts_at is 'The times that the meeting has there.';
comment on column private.made_meetings.hosted_from is 'The time for which the host was chosen.';
comment on column private.made_meetings.is_unsure is
  'An attempt to make it has begun and is not known to have ended: there may be one that must be looked for first.';
comment on column private.made_meetings.asked_at is
  'Since when the two do not agree; null when they do. Mails that contain the link wait for a short while.';
comment on column private.made_meetings.fell_back_at is 'Since when the session uses the mentor''s room instead.';
comment on column private.made_meetings.was_left is
  'Its calendar does not receive the sessions any more, or did not for a while: the link may have gone with the entry.';
comment on column private.made_meetings.lease is 'Which run of the job may record what it did.';
create index made_meetings_ref_idx on private.made_meetings (ref);
create index made_meetings_host_idx on private.made_meetings (host, hosted_from);
alter table private.made_meetings enable row level security;

create table public.join_events (
  id uuid primary key default private.uuid_v7(),
  booking_id uuid not null,
  expert_id uuid not null,
  party text constraint join_events_party_known check (party in ('student', 'mentor')),
  how text not null constraint join_events_how_known check (how in ('button', 'zoom_joined', 'zoom_left')),
  name text
    constraint join_events_name_length check (char_length(name) between 1 and 120)
    constraint join_events_name_clean check (name is nfc normalized and name !~ '[\u0001-\u001F\u007F-\u009F]'),
  at timestamptz not null,
  constraint join_events_id_expert_id_key unique (id, expert_id),
  constraint join_events_once unique nulls not distinct (booking_id, expert_id, party, how, name, at),
  constraint join_events_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table public.join_events is 'Who joined a session and when, as far as it can be seen: both people read it.';
comment on column public.join_events.party is 'Null: Zoom saw a person of a name that could be either.';
comment on column public.join_events.how is 'button: of this app, which opens the link. zoom_…: as Zoom reported it.';
alter table public.join_events enable row level security;

-- schema/favourites/tables.sql

-- Favourites: mentors that a student has saved.

create table public.favourite_mentors (
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, expert_id)
);
comment on table public.favourite_mentors is 'Mentors that a student has saved. Visible to that student only.';
create index favourite_mentors_expert_id_idx on public.favourite_mentors (expert_id);
alter table public.favourite_mentors enable row level security;

-- schema/students/tables.sql

-- Students: a mentor's private notes about them.

create table public.student_notes (
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  student_id uuid not null references auth.users (id) on delete cascade,
  body text not null constraint student_notes_body_length check (char_length(body) between 1 and 10000),
  revision integer not null default 1,
  updated_at timestamptz not null default now(),
  primary key (expert_id, student_id),
  constraint student_notes_body_clean check (
    body is nfc normalized and body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]')
);
comment on table public.student_notes is 'A mentor''s private notes, one page per student. The student never sees them.';
comment on column public.student_notes.revision is 'Counts the changes, so that a save from an outdated tab is rejected.';
create index student_notes_student_id_idx on public.student_notes (student_id);
alter table public.student_notes enable row level security;

-- schema/reviews/tables.sql

-- Reviews, the mentor's replies, and the record of their changes.

create table public.reviews (
  id uuid primary key default private.uuid_v7(),
  booking_id uuid not null,
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null,
  author text not null,
  session_month date not null,
  rating integer not null constraint reviews_rating_range check (rating between 1 and 5),
  comment text constraint reviews_comment_length check (char_length(comment) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  revision integer not null default 1,
  constraint reviews_comment_clean check (
    comment is nfc normalized and comment !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint reviews_id_expert_id_key unique (id, expert_id),
  constraint reviews_booking_id_key unique (booking_id, expert_id),
  constraint reviews_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id),
  constraint reviews_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.reviews is
  'One review of each completed session, by its student. All but rating and text is set by prepare_review().';
comment on column public.reviews.author is 'First name and initial: all of the student that is public.';
comment on column public.reviews.session_month is 'The first day of the session''s month, in the mentor''s zone.';
comment on column public.reviews.revision is 'Counts the changes, so that a save from an outdated tab is rejected.';
create index reviews_expert_id_idx on public.reviews (expert_id, created_at desc, id desc);
create index reviews_user_id_idx on public.reviews (user_id);
create index reviews_service_id_idx on public.reviews (service_id, expert_id);
alter table public.reviews enable row level security;

create table public.review_replies (
  review_id uuid not null,
  expert_id uuid not null references public.expert_profiles (id),
  body text not null constraint review_replies_body_length check (char_length(body) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint review_replies_body_clean check (
    body is nfc normalized and body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  primary key (review_id, expert_id),
  constraint review_replies_review_id_fkey foreign key (review_id, expert_id)
    references public.reviews (id, expert_id) on delete cascade
);
comment on table public.review_replies is
  'The mentor''s public reply. A separate table, so that rights on a review give no rights on its reply.';
create index review_replies_expert_id_idx on public.review_replies (expert_id);
alter table public.review_replies enable row level security;

create table private.review_events (
  id bigint generated always as identity primary key,
  booking_id uuid not null,
  expert_id uuid not null,
  kind text not null constraint review_events_kind_known check (kind in ('written', 'changed', 'withdrawn')),
  actor_id uuid,
  rating integer not null,
  created_at timestamptz not null default now(),
  constraint review_events_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table private.review_events is
  'The changes of a booking''s review, written by its trigger alone. Keeps the stars, for the operator, but not the text '
  'of a deleted review.';
comment on column private.review_events.actor_id is 'Who made the change; null for the operator and the demo.';
create index review_events_booking_id_idx on private.review_events (booking_id, expert_id, id);
alter table private.review_events enable row level security;

-- schema/timeRequests/tables.sql

-- Time requests: a student requests a time that is not offered, or a mentor suggests others.

create table public.time_requests (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null,
  duration integer not null constraint time_requests_duration_range check (duration between 5 and 480),
  total_minor bigint not null constraint time_requests_total_range check (total_minor >= 0),
  currency text not null constraint time_requests_currency_known check (currency = 'INR'),
  message text constraint time_requests_message_length check (char_length(message) <= 2000),
  user_name text not null default '' constraint time_requests_user_name_length check (char_length(user_name) <= 120),
  user_email text not null default ''
    constraint time_requests_user_email_length check (char_length(user_email) <= 254),
  student_timezone text not null,
  status text not null default 'open'
    constraint time_requests_status_known check (status in ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  awaiting text not null default 'mentor'
    constraint time_requests_awaiting_known check (awaiting in ('student', 'mentor')),
  round integer not null default 1 constraint time_requests_round_range check (round between 1 and 20),
  expires_at timestamptz not null,
  reason text constraint time_requests_reason_length check (char_length(reason) <= 500),
  booking_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  replaces_booking_id uuid,
  constraint time_requests_not_own_session check (user_id <> expert_id),
  constraint time_requests_accepted_is_booked check ((status = 'accepted') = (booking_id is not null)),
  constraint time_requests_user_name_clean check (
    user_name is nfc normalized and user_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint time_requests_message_clean check (
    message is nfc normalized and message !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint time_requests_id_expert_id_key unique (id, expert_id),
  constraint time_requests_replaces_booking_id_key unique (replaces_booking_id, expert_id),
  constraint time_requests_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint time_requests_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id),
  constraint time_requests_replaces_booking_id_fkey foreign key (replaces_booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.time_requests is
  'A student''s request for a time that is not offered. Holds no time; only the booking made from it does.';
comment on column public.time_requests.total_minor is
  'The price at the time of the request, in minor units; accepting fails if it has changed.';
comment on column public.time_requests.awaiting is 'Whose reply to the last round of proposals is awaited.';
comment on column public.time_requests.reason is 'The mentor''s reason for declining.';
comment on column public.time_requests.replaces_booking_id is
  'The booking request to which the mentor replied with other times; null when the student made the request.';
create index time_requests_user_id_idx on public.time_requests (user_id, created_at desc, id desc);
create index time_requests_expert_id_idx on public.time_requests (expert_id, created_at desc, id desc);
create index time_requests_service_id_idx on public.time_requests (service_id, expert_id);
create index time_requests_booking_id_idx on public.time_requests (booking_id, expert_id);
create index time_requests_expires_at_idx on public.time_requests (expires_at) where status = 'open';
create index time_requests_open_idx on public.time_requests (user_id) where status = 'open';
create unique index time_requests_one_open_key on public.time_requests (user_id, expert_id)
  where status = 'open' and replaces_booking_id is null;
alter table public.time_requests enable row level security;

create table public.time_proposals (
  id uuid primary key default private.uuid_v7(),
  request_id uuid not null,
  expert_id uuid not null,
  proposed_by text not null
    constraint time_proposals_proposed_by_known check (proposed_by in ('student', 'mentor')),
  round integer not null,
  place integer not null constraint time_proposals_at_most_three check (place between 1 and 3),
  starts_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint time_proposals_round_place_key unique (request_id, expert_id, round, place),
  constraint time_proposals_round_start_key unique (request_id, expert_id, round, starts_at),
  constraint time_proposals_id_expert_id_key unique (id, expert_id),
  constraint time_proposals_request_id_fkey foreign key (request_id, expert_id)
    references public.time_requests (id, expert_id)
);
comment on table public.time_proposals is 'The starts that one party proposes; a new round replaces the last.';
comment on column public.time_proposals.place is 'Position in its round, 1 to 3.';
alter table public.time_proposals enable row level security;

-- schema/alerts/tables.sql

-- Alerts: a student wants to be notified of a mentor's free time.

create table public.availability_alerts (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  duration integer not null constraint availability_alerts_duration_range check (duration between 5 and 480),
  from_date date not null,
  to_date date not null,
  timezone text not null,
  status text not null default 'active'
    constraint availability_alerts_status_known check (status in ('active', 'fired', 'expired')),
  fired_at timestamptz,
  created_at timestamptz not null default now(),
  constraint availability_alerts_range_length check (to_date - from_date between 0 and 61),
  constraint availability_alerts_fired_once check ((status = 'fired') = (fired_at is not null)),
  constraint availability_alerts_id_expert_id_key unique (id, expert_id),
  constraint availability_alerts_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.availability_alerts is 'A student''s wish to be notified, once, of a free time of a mentor on some days.';
comment on column public.availability_alerts.timezone is 'The zone of the two dates: the student''s.';
create index availability_alerts_user_id_idx on public.availability_alerts (user_id, created_at desc);
create index availability_alerts_expert_id_idx on public.availability_alerts (expert_id);
create index availability_alerts_active_idx on public.availability_alerts (expert_id) where status = 'active';
-- Both for the daily clean-up. The days of an alert end at the midnight of its zone.
create index availability_alerts_to_expire_idx on public.availability_alerts (timezone, to_date) where status = 'active';
create index availability_alerts_to_delete_idx on public.availability_alerts (created_at) where status <> 'active';
create index availability_alerts_service_id_idx on public.availability_alerts (service_id, expert_id);
create unique index availability_alerts_active_key
  on public.availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date)
  where status = 'active';
alter table public.availability_alerts enable row level security;

-- schema/waitlist/tables.sql

-- Waitlists: who waits for which time of a mentor, and the private offers of what became free.

create table public.waitlist_entries (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  duration integer not null constraint waitlist_entries_duration_range check (duration between 5 and 480),
  kind text not null constraint waitlist_entries_kind_known check (kind in ('slot', 'days', 'group')),
  group_session_id uuid,
  from_date date,
  to_date date,
  timezone text not null,
  starts_from timestamptz not null,
  starts_until timestamptz not null,
  passed_starts timestamptz[] not null default '{}',
  state text not null default 'waiting' constraint waitlist_entries_state_known
    check (state in ('waiting', 'offered', 'accepted', 'left', 'expired', 'withdrawn')),
  place bigint generated always as identity,
  joined_at timestamptz not null default now(),
  constraint waitlist_entries_days_have_dates check ((kind = 'days') = (from_date is not null and to_date is not null)),
  constraint waitlist_entries_range_length check (to_date - from_date between 0 and 61),
  constraint waitlist_entries_starts_ascend check (starts_from < starts_until),
  constraint waitlist_entries_id_expert_id_key unique (id, expert_id),
  constraint waitlist_entries_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  -- A session that its first booking opened is deleted with its last one; who waits for that time still does.
  constraint waitlist_entries_group_session_id_fkey foreign key (group_session_id, expert_id)
    references public.group_sessions (id, expert_id) on delete set null (group_session_id)
);
comment on table public.waitlist_entries is
  'A person waits for a session of a service: at one time, on some days, or in a group session. First come, first served.';
comment on column public.waitlist_entries.timezone is 'The person''s: of the dates, and of the nights in which an offer pauses.';
comment on column public.waitlist_entries.starts_from is 'The sessions waited for begin from here …';
comment on column public.waitlist_entries.starts_until is '… to before here.';
comment on column public.waitlist_entries.passed_starts is
  'Starts that were offered and passed, or that the person had booked before: the person waits for others.';
comment on column public.waitlist_entries.place is 'The order of the queue.';
create index waitlist_entries_user_id_idx on public.waitlist_entries (user_id, joined_at desc);
create index waitlist_entries_expert_id_idx on public.waitlist_entries (expert_id);
create index waitlist_entries_waiting_idx on public.waitlist_entries (expert_id, starts_until) where state = 'waiting';
create index waitlist_entries_service_id_idx on public.waitlist_entries (service_id, expert_id);
create index waitlist_entries_group_session_id_idx on public.waitlist_entries (group_session_id, expert_id);
create unique index waitlist_entries_active_key
  on public.waitlist_entries (
    user_id, expert_id, service_id, duration, kind, coalesce(group_session_id, expert_id), starts_from, starts_until)
  where state in ('waiting', 'offered');
alter table public.waitlist_entries enable row level security;

create table public.waitlist_offers (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  entry_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  service_id uuid not null,
  -- The hold: time of its own, or a seat of a group session; null once the offer has ended.
  occupancy_id uuid,
  booking_id uuid,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  state text not null default 'open' constraint waitlist_offers_state_known
    check (state in ('open', 'accepted', 'passed', 'lapsed', 'withdrawn')),
  is_final boolean not null,
  -- Not when its transaction began, which waits for the mentor: offers are in the order in which they are made.
  offered_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  settled_at timestamptz,
  constraint waitlist_offers_ends_after_start check (starts_at < ends_at),
  constraint waitlist_offers_open_holds check ((state = 'open') = (occupancy_id is not null)),
  constraint waitlist_offers_settled_once check ((state = 'open') = (settled_at is null)),
  constraint waitlist_offers_accepted_is_booked check (state <> 'accepted' or booking_id is not null),
  constraint waitlist_offers_id_expert_id_key unique (id, expert_id),
  constraint waitlist_offers_entry_id_fkey foreign key (entry_id, expert_id)
    references public.waitlist_entries (id, expert_id) on delete cascade,
  constraint waitlist_offers_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id),
  constraint waitlist_offers_occupancy_id_fkey foreign key (occupancy_id, expert_id)
    references public.occupancies (id, expert_id),
  constraint waitlist_offers_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table public.waitlist_offers is
  'Freed time that is kept for the person whose turn it is. Ends exactly once: accepted, passed, lapsed or withdrawn.';
comment on column public.waitlist_offers.booking_id is 'The booking by which it is being accepted: while that is unpaid, the offer is open.';
comment on column public.waitlist_offers.is_final is 'The session could no longer be cancelled when it was offered.';
create unique index waitlist_offers_open_key on public.waitlist_offers (entry_id, expert_id) where state = 'open';
create index waitlist_offers_entry_id_idx on public.waitlist_offers (entry_id, expert_id);
create index waitlist_offers_expert_id_idx on public.waitlist_offers (expert_id);
create index waitlist_offers_user_id_idx on public.waitlist_offers (user_id);
create index waitlist_offers_service_id_idx on public.waitlist_offers (service_id, expert_id);
create index waitlist_offers_occupancy_id_idx on public.waitlist_offers (occupancy_id, expert_id);
create index waitlist_offers_booking_id_idx on public.waitlist_offers (booking_id, expert_id);
-- For every locked booking, and for the sweep.
create index waitlist_offers_to_lapse_idx on public.waitlist_offers (expert_id, expires_at)
  where state = 'open' and booking_id is null;
create index waitlist_offers_oldest_idx on public.waitlist_offers (expires_at) where state = 'open' and booking_id is null;
alter table public.waitlist_offers enable row level security;

-- schema/notifications/tables.sql

-- Notifications: the inbox.

create table public.notifications (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null constraint notifications_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  booking_id uuid references public.bookings (id),
  request_id uuid references public.time_requests (id),
  payload jsonb not null default '{}',
  dedupe_key text collate "C" not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint notifications_user_id_dedupe_key_key unique (user_id, dedupe_key)
);
comment on table public.notifications is 'A person''s inbox in the app. Written by jobs.';
comment on column public.notifications.payload is 'The facts for the message as they were then: names, title, start, reason.';
comment on column public.notifications.dedupe_key is
  'Identifies the occasion, after its month: a job that runs twice adds one message.';
create index notifications_user_id_created_at_idx on public.notifications (user_id, created_at desc, id desc);
create index notifications_unread_idx on public.notifications (user_id) where read_at is null;
create index notifications_booking_id_idx on public.notifications (booking_id);
create index notifications_request_id_idx on public.notifications (request_id);
create index notifications_created_at_idx on public.notifications (created_at);
-- For the messages of alerts and waitlists, which refer to the mentor by the service alone.
create index notifications_alert_service_idx on public.notifications ((payload ->> 'service_id'))
  where kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed');
alter table public.notifications enable row level security;

-- schema/mail/tables.sql

-- Mail: messages on their way to people, and what each person wants to get.

create table private.deliveries (
  id uuid primary key default private.uuid_v7(),
  channel text not null constraint deliveries_channel_known check (channel in ('email')),
  user_id uuid references auth.users (id) on delete cascade,
  address text constraint deliveries_address_length check (char_length(address) <= 254),
  kind text not null constraint deliveries_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  occasion text collate "C" not null,
  content jsonb not null,
  sealed_code bytea,
  is_urgent boolean not null,
  state text not null default 'waiting'
    constraint deliveries_state_known check (state in ('waiting', 'sent', 'undeliverable', 'dropped')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint deliveries_have_a_recipient check (user_id is not null or address is not null),
  constraint deliveries_ended_when_not_waiting check ((state = 'waiting') = (ended_at is null)),
  constraint deliveries_once unique nulls not distinct (channel, user_id, address, occasion)
);
comment on table private.deliveries is
  'One message to one person about one occasion on one channel: written in the transaction that causes it, sent by a worker.';
comment on column private.deliveries.address is
  'Where it goes if that is not the account''s address when it is sent.';
comment on column private.deliveries.occasion is
  'Identifies the occasion, after its month: what is written twice is sent once.';
comment on column private.deliveries.content is 'The facts as they were then; emptied when it was sent or dropped.';
comment on column private.deliveries.sealed_code is
  'A code for signing in or the like, encrypted by the app; removed when it was sent or dropped.';
comment on column private.deliveries.is_urgent is 'Sent before all that are not, also in quiet hours.';
comment on column private.deliveries.due_at is
  'When it is to be sent. A worker that claims it postpones this for as long as it may take, so that another one takes over '
  'if it is killed.';
comment on column private.deliveries.expires_at is 'After this it is no longer sent.';
create index deliveries_due_idx on private.deliveries (is_urgent desc, due_at) where state = 'waiting';
create index deliveries_user_id_idx on private.deliveries (user_id);
create index deliveries_undeliverable_idx on private.deliveries (ended_at desc, id desc) where state = 'undeliverable';
create index deliveries_ended_at_idx on private.deliveries (ended_at) where state <> 'waiting';
alter table private.deliveries enable row level security;

create table private.unreachable_addresses (
  address text primary key constraint unreachable_addresses_lower check (address = lower(address)),
  reason text not null,
  since timestamptz not null default now()
);
comment on table private.unreachable_addresses is
  'Addresses that their mail server rejected for good. They get codes only, which show that they can be reached again.';
alter table private.unreachable_addresses enable row level security;

create table private.local_mail (
  id uuid primary key default private.uuid_v7(),
  address text not null,
  subject text not null,
  source bytea not null,
  created_at timestamptz not null default now()
);
comment on table private.local_mail is
  'The local mailbox of an app without a mail server: whole messages (RFC 5322), shown at /dev/mail.';
create index local_mail_created_at_idx on private.local_mail (created_at desc, id desc);
alter table private.local_mail enable row level security;

create table public.notification_settings (
  user_id uuid primary key references auth.users (id) on delete cascade,
  muted text[] not null default '{}'
    constraint notification_settings_muted_known check (muted <@ array[
      'inbox:bookings', 'inbox:reminders', 'inbox:time_requests', 'inbox:alerts', 'inbox:reviews', 'inbox:payments',
      'inbox:calendars',
      'email:bookings', 'email:reminders', 'email:time_requests', 'email:alerts', 'email:reviews', 'email:payments',
      'email:calendars']),
  reminder_leads integer[] not null default '{1440,60}'
    constraint notification_settings_leads_known check (
      reminder_leads <@ array[15, 30, 60, 120, 240, 720, 1440, 2880, 10080] and cardinality(reminder_leads) <= 4),
  quiet_from text constraint notification_settings_quiet_from_form check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_until text
    constraint notification_settings_quiet_until_form check (quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  updated_at timestamptz not null default now(),
  constraint notification_settings_quiet_has_both check (
    (quiet_from is null) = (quiet_until is null) and (quiet_from is null or quiet_from <> quiet_until))
);
comment on table public.notification_settings is 'What a person wants to be notified of, and how. No row: the defaults.';
comment on column public.notification_settings.muted is 'Topics that do not reach a channel: "<channel>:<topic>".';
comment on column public.notification_settings.reminder_leads is 'How long before a session to remind, minutes.';
comment on column public.notification_settings.quiet_from is
  'HH:MM in the person''s zone. What is not urgent waits from then until quiet_until; null: no quiet hours.';
alter table public.notification_settings enable row level security;

create table private.reminders (
  booking_id uuid not null,
  expert_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  lead integer not null,
  due_at timestamptz not null,
  primary key (booking_id, expert_id, user_id, lead),
  constraint reminders_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table private.reminders is 'When to remind which person of a session. A row is deleted as its message is written.';
comment on column private.reminders.lead is 'How long before the start, minutes.';
create index reminders_due_at_idx on private.reminders (due_at);
create index reminders_user_id_idx on private.reminders (user_id);
alter table private.reminders enable row level security;

-- schema/calendarFeed/tables.sql

-- The calendar feed: a private address at which calendar programs read a person's sessions.

create table public.calendar_feeds (
  user_id uuid primary key references auth.users (id) on delete cascade,
  token_hash bytea not null unique constraint calendar_feeds_hash_length check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  last_read_at timestamptz
);
comment on table public.calendar_feeds is
  'A person''s calendar feed. No row: it is off. Anyone who has the token can read the person''s sessions.';
comment on column public.calendar_feeds.token_hash is 'SHA-256 of the token in the address; the token itself is not stored.';
comment on column public.calendar_feeds.created_at is 'When the present address was created.';
comment on column public.calendar_feeds.last_read_at is 'When a calendar last asked, to within an hour.';
alter table public.calendar_feeds enable row level security;

-- schema/calendarConnections/tables.sql

-- Calendar connections: calendars elsewhere, what is busy in them, and where a person's sessions are written.

create table public.calendar_connections (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null constraint calendar_connections_kind_known check (kind in ('caldav', 'google', 'microsoft', 'feed')),
  name text not null
    constraint calendar_connections_name_length check (char_length(name) between 1 and 100)
    constraint calendar_connections_name_clean check (name is nfc normalized and name !~ '[\u0001-\u001F\u007F-\u009F]'),
  server_url text
    constraint calendar_connections_server_url_length check (char_length(server_url) <= 500)
    constraint calendar_connections_server_url_form check (server_url ~ '^https?://[^/?#@\\]+([/?#].*)?$'),
  host text constraint calendar_connections_host_length check (char_length(host) between 1 and 300),
  username text
    constraint calendar_connections_username_length check (char_length(username) between 1 and 254)
    constraint calendar_connections_username_clean check (
      username is nfc normalized and username !~ '[\u0001-\u001F\u007F-\u009F]'),
  credential bytea not null
    constraint calendar_connections_credential_length check (octet_length(credential) between 29 and 20000),
  login_ends_at timestamptz,
  account_id text constraint calendar_connections_account_id_form check (account_id ~ '^[\x21-\x7e]{1,255}$'),
  granted_scopes text
    constraint calendar_connections_granted_scopes_length check (char_length(granted_scopes) <= 2000)
    constraint calendar_connections_granted_scopes_clean check (granted_scopes !~ '[^\x20-\x7e]'),
  may_write boolean,
  if_stale text not null default 'continue'
    constraint calendar_connections_if_stale_known check (if_stale in ('continue', 'pause')),
  shows_titles boolean not null default false,
  problem text,
  problem_detail text constraint calendar_connections_problem_detail_length check (char_length(problem_detail) <= 300),
  broken_since timestamptz,
  needs_owner boolean not null default false,
  failures integer not null default 0 constraint calendar_connections_failures_range check (failures >= 0),
  synced_at timestamptz,
  sync_due_at timestamptz not null default now(),
  lease uuid,
  leased_until timestamptz,
  stale_told_at timestamptz,
  broken_told_at timestamptz,
  login_end_told_at timestamptz,
  created_at timestamptz not null default now(),
  constraint calendar_connections_id_user_id_key unique (id, user_id),
  constraint calendar_connections_server_of_caldav check ((kind = 'caldav') = (server_url is not null)),
  constraint calendar_connections_problem_since check ((problem is null) = (broken_since is null)),
  constraint calendar_connections_owner_has_problem check (problem is not null or not needs_owner),
  constraint calendar_connections_lease_ends check ((lease is null) = (leased_until is null))
);
comment on table public.calendar_connections is 'A login, or an address, at which a person has calendars elsewhere.';
comment on column public.calendar_connections.server_url is 'Of a CalDAV server. The address of a feed is a secret, so it is part of the credential.';
comment on column public.calendar_connections.host is
  '`host` or `host:port` that is asked, of a feed as well. Null: a provider whose own limits count.';
comment on column public.calendar_connections.credential is
  'Sealed by server/platform/keyring.ts for this row: a password, tokens, or the address of a feed. No person reads it.';
comment on column public.calendar_connections.login_ends_at is 'When the login is known to end, if it is.';
comment on column public.calendar_connections.account_id is
  'The vendor''s own name for the account (`sub` of its id token), which stays when its address changes. Null of passwords and feeds.';
comment on column public.calendar_connections.granted_scopes is
  'What its owner has allowed at the vendor, as the vendor has said it: not what was asked for. Null of passwords and feeds.';
comment on column public.calendar_connections.may_write is
  'Whether granted_scopes allow to write (server/calendarConnections/oauth.ts). Null of passwords and feeds, of which each calendar tells.';
comment on column public.calendar_connections.if_stale is 'What the mentor wants once busy times are too old to rely on.';
comment on column public.calendar_connections.shows_titles is 'Whether titles of events are stored, for their owner alone.';
comment on column public.calendar_connections.problem is
  'A code of server/calendarConnections/provider.ts: why the last read failed. Null after one that did not.';
comment on column public.calendar_connections.problem_detail is 'What the provider itself said.';
comment on column public.calendar_connections.broken_since is 'When the first of the failures in a row was.';
comment on column public.calendar_connections.needs_owner is
  'Whether only its owner can mend the problem (rules/calendarHealth.ts): waiting does not help.';
comment on column public.calendar_connections.synced_at is 'The busy times are those of this moment.';
comment on column public.calendar_connections.lease is
  'Which run of a worker may write what it reads; of another run nothing is taken, however late it comes.';
comment on column public.calendar_connections.stale_told_at is
  'Since when the busy times are too old to rely on: their owner was notified then, and offers nothing if that is their choice.';
comment on column public.calendar_connections.broken_told_at is
  'When the person was last told that only they can mend it. Null after a new login.';
comment on column public.calendar_connections.login_end_told_at is 'When the person was last told that the login ends soon.';
create index calendar_connections_user_id_idx on public.calendar_connections (user_id, created_at);
create index calendar_connections_due_idx on public.calendar_connections (sync_due_at);
create index calendar_connections_leased_idx on public.calendar_connections (leased_until) where leased_until is not null;
create index calendar_connections_login_ends_idx on public.calendar_connections (login_ends_at) where login_ends_at is not null;
alter table public.calendar_connections enable row level security;

create table public.connected_calendars (
  id uuid primary key default private.uuid_v7(),
  connection_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  remote_id text not null constraint connected_calendars_remote_id_length check (char_length(remote_id) between 1 and 2000),
  name text not null
    constraint connected_calendars_name_length check (char_length(name) between 1 and 200)
    constraint connected_calendars_name_clean check (name is nfc normalized and name !~ '[\u0001-\u001F\u007F-\u009F]'),
  color text constraint connected_calendars_color_form check (color ~ '^#[0-9a-f]{6}$'),
  timezone text constraint connected_calendars_timezone_length check (char_length(timezone) between 1 and 64),
  is_writable boolean not null,
  counts_as_busy boolean not null,
  receives_sessions boolean not null default false,
  entries_problem text,
  entries_problem_detail text
    constraint connected_calendars_entries_problem_detail_length check (char_length(entries_problem_detail) <= 300),
  entries_failures integer not null default 0
    constraint connected_calendars_entries_failures_range check (entries_failures >= 0),
  entries_due_at timestamptz,
  sync_state jsonb,
  read_fully_at timestamptz,
  read_until timestamptz,
  missing_since timestamptz,
  push_channel text constraint connected_calendars_push_channel_length check (char_length(push_channel) between 1 and 200),
  push_resource text constraint connected_calendars_push_resource_length check (char_length(push_resource) <= 500),
  push_secret_hash bytea constraint connected_calendars_push_secret_hash_length check (octet_length(push_secret_hash) = 32),
  push_ends_at timestamptz,
  push_due_at timestamptz,
  created_at timestamptz not null default now(),
  constraint connected_calendars_remote_key unique (connection_id, remote_id),
  constraint connected_calendars_sessions_writable check (is_writable or not receives_sessions),
  constraint connected_calendars_connection_id_fkey foreign key (connection_id, user_id)
    references public.calendar_connections (id, user_id) on delete cascade
);
comment on table public.connected_calendars is 'A calendar of a connection.';
comment on column public.connected_calendars.remote_id is 'The calendar''s name at its provider: the address of a CalDAV collection, or an id.';
comment on column public.connected_calendars.timezone is 'IANA zone in which its all-day events are read, if the provider names it.';
comment on column public.connected_calendars.sync_state is
  'How far it was read: what the provider needs to return only what has changed since. Null: all is read.';
comment on column public.connected_calendars.read_until is
  'To where its events were expanded. Less than the mentor''s booking window: all is read again.';
comment on column public.connected_calendars.missing_since is
  'When the provider first did not list it any more. What was busy stays busy until its owner decides.';
comment on column public.connected_calendars.push_channel is 'The provider''s promise to report changes at once, if there is one.';
comment on column public.connected_calendars.entries_problem is
  'A code of server/calendarConnections/provider.ts: why the last session could not be written. Null after one that could.';
comment on column public.connected_calendars.entries_due_at is 'Before then no session is written, as the last one could not be.';
comment on column public.connected_calendars.push_secret_hash is
  'SHA-256 of what a report has to contain, so that nothing but the provider can send it.';
comment on column public.connected_calendars.push_due_at is
  'Not before then is the provider asked to report changes, or to go on reporting them. Null: with the next read.';
create index connected_calendars_connection_id_idx on public.connected_calendars (connection_id, user_id);
create index connected_calendars_user_id_idx on public.connected_calendars (user_id);
-- Sessions are written to one calendar of a person.
create unique index connected_calendars_receiver_key on public.connected_calendars (user_id) where receives_sessions;
create unique index connected_calendars_push_channel_key on public.connected_calendars (push_channel);
alter table public.connected_calendars enable row level security;

create table public.connected_objects (
  calendar_id uuid not null references public.connected_calendars (id) on delete cascade,
  ref text not null constraint connected_objects_ref_length check (char_length(ref) between 1 and 2000),
  user_id uuid not null references auth.users (id) on delete cascade,
  etag text constraint connected_objects_etag_length check (char_length(etag) <= 500),
  uid text constraint connected_objects_uid_length check (char_length(uid) <= 1000),
  awaits_read boolean not null default false,
  primary key (calendar_id, ref)
);
comment on table public.connected_objects is 'What was read of a calendar, so that the next read asks only for what has changed.';
comment on column public.connected_objects.ref is 'The object''s name at its provider: a path, or an id.';
comment on column public.connected_objects.awaits_read is
  'Written by us and not read since. A server need not report what was made and deleted between two reads, so one that a read does '
  'not bring is gone.';
create index connected_objects_user_id_idx on public.connected_objects (user_id);
alter table public.connected_objects enable row level security;

create table public.connected_events (
  id uuid primary key default private.uuid_v7(),
  calendar_id uuid not null,
  ref text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  during tstzrange not null constraint connected_events_during_bounded check (
    not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  is_all_day boolean not null,
  title text
    constraint connected_events_title_length check (char_length(title) <= 200)
    constraint connected_events_title_clean check (title is nfc normalized and title !~ '[\u0001-\u001F\u007F-\u009F]'),
  constraint connected_events_object_fkey foreign key (calendar_id, ref)
    references public.connected_objects (calendar_id, ref) on delete cascade
);
comment on table public.connected_events is
  'When a person is busy by a connected calendar, each occurrence a row, from yesterday to the end of what can be booked.';
comment on column public.connected_events.title is 'Only if its owner wants to see titles.';
create index connected_events_object_idx on public.connected_events (calendar_id, ref);
create index connected_events_user_id_during_idx on public.connected_events using gist (user_id, during);
alter table public.connected_events enable row level security;

create table public.busy_times (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  during tstzmultirange not null default '{}',
  pauses_offering boolean not null default false
);
comment on table public.busy_times is
  'When a mentor is busy elsewhere: all that counts of connected_events, as one. Says nothing of calendars, so that everyone can see it, like taken time.';
comment on column public.busy_times.pauses_offering is
  'A calendar is too old to rely on, and its mentor offers nothing meanwhile.';
alter table public.busy_times enable row level security;

-- schema/sessionEntries/tables.sql

-- Session entries: a mentor's sessions as they are written to the mentor's own calendar.

create table public.session_entries (
  booking_id uuid,
  group_session_id uuid,
  session_id uuid not null generated always as (coalesce(booking_id, group_session_id)) stored,
  calendar_id uuid not null references public.connected_calendars (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  ref text constraint session_entries_ref_length check (char_length(ref) between 1 and 2000),
  etag text constraint session_entries_etag_length check (char_length(etag) <= 500),
  uid text constraint session_entries_uid_length check (char_length(uid) between 1 and 1000),
  written_revision integer,
  written_starts_at timestamptz,
  writing_starts_at timestamptz,
  suspicions integer not null default 0,
  checked integer not null default 0,
  question_id uuid,
  question text constraint session_entries_question_known check (question in ('moved', 'deleted')),
  moved_to timestamptz,
  noticed_at timestamptz,
  answering_until timestamptz,
  left_out_at timestamptz,
  problem text,
  failures integer not null default 0 constraint session_entries_failures_range check (failures >= 0),
  due_at timestamptz not null default now(),
  lease uuid,
  leased_until timestamptz,
  primary key (expert_id, session_id, calendar_id),
  constraint session_entries_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade,
  constraint session_entries_group_session_id_fkey foreign key (group_session_id, expert_id)
    references public.group_sessions (id, expert_id) on delete cascade,
  constraint session_entries_of_one_session check ((booking_id is null) <> (group_session_id is null)),
  constraint session_entries_written_whole check (
    ref is null or (uid is not null and written_starts_at is not null)),
  constraint session_entries_question_whole check (
    (question is null) = (question_id is null) and (question is null) = (noticed_at is null)
    and (question is not distinct from 'moved') = (moved_to is not null)),
  constraint session_entries_lease_ends check ((lease is null) = (leased_until is null))
);
comment on table public.session_entries is
  'What was written of a mentor''s session to one of the mentor''s calendars, and what its owner has done to it there.';
comment on column public.session_entries.session_id is 'The booking, or of a group its session: the seats of a group are one entry.';
comment on column public.session_entries.ref is 'The entry''s name at its provider; null while it is not known to be there.';
comment on column public.session_entries.uid is
  'By which other readers of the calendar know the entry. Kept once it is removed: some read it late.';
comment on column public.session_entries.written_revision is
  'As server/bookings/queries.ts, or group_entries(), counts what an entry says. Another one than the present: it is written again.';
comment on column public.session_entries.writing_starts_at is
  'The start in a write whose end is not known: the entry may be that one, or the one before.';
comment on column public.session_entries.suspicions is
  'How often a read of the calendar has found another version than the written one, or none. More than were checked: the entry '
  'is compared before anything is written.';
comment on column public.session_entries.question is
  'What the owner did to the entry in the calendar, and has not said yet what the session is to do. Nothing is written meanwhile.';
comment on column public.session_entries.answering_until is 'An answer is being carried out; others wait until then.';
comment on column public.session_entries.left_out_at is 'When the owner said that the session is to be left out of this calendar.';
comment on column public.session_entries.lease is 'Which run of a worker may note what it has written.';
create index session_entries_calendar_id_idx on public.session_entries (calendar_id, ref);
create index session_entries_booking_id_idx on public.session_entries (booking_id, expert_id);
create index session_entries_group_session_id_idx on public.session_entries (group_session_id, expert_id);
alter table public.session_entries enable row level security;

-- schema/documents/tables.sql

-- Documents: receipts, fee invoices and credit notes, and what they say about who issues and who receives them.

create function private.is_gstin(text) returns boolean
  language plpgsql immutable strict
  set search_path = pg_catalog, pg_temp
  as $$
declare
  letters constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  total integer := 0;
  product integer;
begin
  if $1 !~ '^[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$' then
    return false;
  end if;
  -- Every second character counts twice, and a product is the sum of its two digits to the base of 36.
  for place in 1..14 loop
    product := (strpos(letters, substr($1, place, 1)) - 1) * (2 - place % 2);
    total := total + product / 36 + product % 36;
  end loop;
  return substr(letters, (36 - total % 36) % 36 + 1, 1) = substr($1, 15, 1);
end
$$;
comment on function private.is_gstin(text) is
  'Whether this is a tax number of India (GSTIN) with the right check character, as rules/tax.ts has it.';

create table public.tax_settings (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  enabled boolean not null default false,
  legal_name text constraint tax_settings_legal_name_length check (char_length(legal_name) between 1 and 120),
  address text constraint tax_settings_address_length check (char_length(address) between 1 and 300),
  state_code text constraint tax_settings_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint tax_settings_gstin_valid check (private.is_gstin(gstin)),
  sac text not null default '999293' constraint tax_settings_sac_form check (sac ~ '^99[0-9]{4}$'),
  rate_basis_points integer not null default 1800
    constraint tax_settings_rate_range check (rate_basis_points between 0 and 10000),
  updated_at timestamptz not null default now(),
  constraint tax_settings_enabled_when_complete check (
    not enabled or num_nulls(legal_name, address, state_code, gstin) = 0),
  constraint tax_settings_gstin_of_state check (left(gstin, 2) = state_code),
  constraint tax_settings_legal_name_clean check (
    legal_name is nfc normalized and legal_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint tax_settings_address_clean check (
    address is nfc normalized and address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]')
);
comment on table public.tax_settings is
  'What a mentor''s receipts and fee invoices say about GST. No row, or not enabled: receipts are plain receipts.';
comment on column public.tax_settings.state_code is 'Of the State''s two digits in a GSTIN.';
comment on column public.tax_settings.sac is 'Code of the service (SAC).';
comment on column public.tax_settings.rate_basis_points is 'In hundredths of a percent; contained in the price.';
alter table public.tax_settings enable row level security;

create table public.billing_details (
  user_id uuid primary key references auth.users (id) on delete cascade,
  name text constraint billing_details_name_length check (char_length(name) between 1 and 120),
  address text constraint billing_details_address_length check (char_length(address) between 1 and 300),
  state_code text constraint billing_details_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint billing_details_gstin_valid check (private.is_gstin(gstin)),
  updated_at timestamptz not null default now(),
  constraint billing_details_gstin_of_state check (left(gstin, 2) = state_code),
  constraint billing_details_gstin_has_state check (gstin is null or state_code is not null),
  constraint billing_details_name_clean check (
    name is nfc normalized and name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'),
  constraint billing_details_address_clean check (
    address is nfc normalized and address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]')
);
comment on table public.billing_details is
  'What a student''s documents say about the student, besides the name of the booking. The State decides between CGST and IGST.';
alter table public.billing_details enable row level security;

create table private.platform_details (
  id integer primary key default 1 constraint platform_details_one_row check (id = 1),
  legal_name text not null,
  address text,
  state_code text constraint platform_details_state_code_form check (state_code ~ '^[0-9]{2}$'),
  gstin text constraint platform_details_gstin_valid check (private.is_gstin(gstin)),
  sac text not null,
  rate_basis_points integer not null
    constraint platform_details_rate_range check (rate_basis_points between 0 and 10000),
  constraint platform_details_gstin_of_state check (gstin is null or left(gstin, 2) is not distinct from state_code)
);
comment on table private.platform_details is
  'Who runs the platform, as its invoices to mentors say it: written by the app when it starts, from the configuration.';
alter table private.platform_details enable row level security;

create table private.document_series (
  issuer_id uuid not null,
  series text not null constraint document_series_form check (series ~ '^[A-Z]{1,3}$'),
  start_year integer not null,
  last_number integer not null default 0
    constraint document_series_number_fits check (last_number >= 0),
  last_issued_at timestamptz not null,
  primary key (issuer_id, series)
);
comment on table private.document_series is
  'The last number of each series of documents. A row is locked from the taking of a number to the end of its transaction, so '
  'that a rolled-back one leaves no gap.';
comment on column private.document_series.issuer_id is 'The mentor, or the nil id for the platform.';
comment on column private.document_series.start_year is 'In which the financial year of last_number began.';
alter table private.document_series enable row level security;

create table public.documents (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id),
  user_id uuid not null references auth.users (id),
  kind text not null constraint documents_kind_known check (
    kind in ('receipt', 'fee_invoice', 'credit_note', 'fee_credit_note')),
  series text not null,
  start_year integer not null,
  number_in_series integer not null constraint documents_number_in_series_positive check (number_in_series > 0),
  number text not null constraint documents_number_length check (char_length(number) between 1 and 16),
  issued_at timestamptz not null,
  sandbox boolean not null,
  reference_id uuid not null,
  booking_id uuid,
  payment_id uuid,
  refund_id uuid,
  currency text not null constraint documents_currency_known check (currency in ('INR')),
  total_minor bigint not null constraint documents_total_positive check (total_minor > 0),
  content jsonb not null constraint documents_content_object check (jsonb_typeof(content) = 'object'),
  fee_id uuid,
  constraint documents_id_expert_id_key unique (id, expert_id),
  constraint documents_number_key unique (expert_id, series, start_year, number_in_series),
  constraint documents_once unique (expert_id, kind, reference_id),
  constraint documents_reference_is_the_cause check (
    reference_id is not distinct from
      case kind when 'receipt' then payment_id when 'fee_invoice' then coalesce(fee_id, booking_id) else refund_id end),
  constraint documents_fee_of_a_fee_invoice check (fee_id is null or kind = 'fee_invoice'),
  constraint documents_fee_invoice_is_the_mentors check (
    kind not in ('fee_invoice', 'fee_credit_note') or user_id = expert_id),
  constraint documents_booking_id_fkey foreign key (booking_id, expert_id) references public.bookings (id, expert_id),
  constraint documents_payment_id_fkey foreign key (payment_id, expert_id) references public.payments (id, expert_id),
  constraint documents_refund_id_fkey foreign key (refund_id, expert_id) references public.refunds (id, expert_id)
);
comment on table public.documents is
  'Receipts, fee invoices and credit notes for either as they were issued. Never changed; kept after people are gone, as the law wants.';
comment on column public.documents.user_id is 'For whom it is: the student, or the mentor if it is about the fee.';
comment on column public.documents.series is
  'Receipts (R) and credit notes (C) are numbered per mentor, who issues them; fee invoices (F) and credit notes for them (N) by '
  'the platform. T before it: '
  'of the sandbox.';
comment on column public.documents.start_year is 'In which the financial year of the number began.';
comment on column public.documents.sandbox is 'No real money: such documents have series of their own, and may be deleted.';
comment on column public.documents.reference_id is
  'What it is about: the payment of a receipt, the refund of either credit note, the booking of a fee invoice or its fee_id.';
comment on column public.documents.fee_id is
  'The reference of the fee in the ledger, if it was kept from the money of a package: for a session, or what was left.';
comment on column public.documents.content is 'All that it says, as it was: names, lines, taxes. server/documents/ shows it.';
-- The platform's numbers are of all mentors together.
create unique index documents_platform_number_key on public.documents (series, start_year, number_in_series)
  where kind in ('fee_invoice', 'fee_credit_note');
create index documents_user_id_idx on public.documents (user_id, issued_at desc, id desc);
create index documents_expert_id_idx on public.documents (expert_id, issued_at desc, id desc);
create index documents_booking_id_idx on public.documents (booking_id, expert_id);
create index documents_payment_id_idx on public.documents (payment_id, expert_id);
create index documents_refund_id_idx on public.documents (refund_id, expert_id);
alter table public.documents enable row level security;

-- schema/personalData/tables.sql

-- Personal data: accounts that are closed, because they were suspended or deleted.

create table private.closed_accounts (
  user_id uuid primary key references auth.users (id) on delete cascade,
  why text not null constraint closed_accounts_why_known check (why in ('suspended', 'deleted')),
  since timestamptz not null default now(),
  -- Of a deletion.
  step text constraint closed_accounts_step_known check (step in ('cancelling', 'notifying', 'erasing', 'forgetting', 'done')),
  cancelled integer not null default 0,
  address text,
  former_username text,
  finished_at timestamptz,
  constraint closed_accounts_deletions_have_a_step check ((why = 'deleted') = (step is not null)),
  constraint closed_accounts_done_is_finished check ((step is not distinct from 'done') = (finished_at is not null)),
  constraint closed_accounts_done_forgets check (finished_at is null or (address is null and former_username is null))
);
comment on table private.closed_accounts is
  'People who can neither sign in nor book: suspended by an administrator, or deleted. The row of a deleted person stays: it '
  'is what says so.';
comment on column private.closed_accounts.step is
  'How far a deletion is: cancelling what is upcoming, waiting until the other side is notified, erasing, waiting until the '
  'last mail is sent.';
comment on column private.closed_accounts.cancelled is 'How many sessions and requests a deletion has cancelled so far.';
comment on column private.closed_accounts.address is
  'Where the last mail about a deletion goes; removed once it was sent.';
comment on column private.closed_accounts.former_username is
  'Of a deleted mentor, by which messages are found that name it; removed with the last step.';
create index closed_accounts_to_continue_idx on private.closed_accounts (since) where finished_at is null and why = 'deleted';
alter table private.closed_accounts enable row level security;

-- schema/administration/tables.sql

-- Administration: who runs the platform, and what they did.

create table private.administrators (
  user_id uuid primary key references auth.users (id) on delete cascade,
  granted_at timestamptz not null default now()
);
comment on table private.administrators is
  'People with the role administrator. Written by npm run admin only, as the owner of the schema: no role of requests can.';
alter table private.administrators enable row level security;

create table private.admin_log (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  actor_id uuid,
  action text not null constraint admin_log_action_form check (action ~ '^[a-z]+(_[a-z]+)*$'),
  subject_id uuid,
  details jsonb not null default '{}',
  reason text constraint admin_log_reason_length check (char_length(reason) between 1 and 500)
    constraint admin_log_reason_clean check (
      reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  request_id text
);
comment on table private.admin_log is
  'What administrators did, also what they read about people. Append-only. Has ids and no names, so that it can stay when a '
  'person is deleted.';
comment on column private.admin_log.actor_id is
  'The administrator; null for the command line. No reference: the log outlives accounts.';
comment on column private.admin_log.subject_id is 'The person whom it concerns, if there is one.';
comment on column private.admin_log.request_id is 'Of the request, as in the server''s own log.';
create index admin_log_subject_id_idx on private.admin_log (subject_id, id desc);
create index admin_log_actor_id_idx on private.admin_log (actor_id, id desc);
create index admin_log_action_idx on private.admin_log (action, id desc);
alter table private.admin_log enable row level security;

-- schema/reconciliation/tables.sql

-- Reconciliation: whether payments, bookings and the ledger agree with each other and with the provider.

create table private.reconciliations (
  id uuid primary key default private.uuid_v7(),
  provider text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  state text not null default 'running' constraint reconciliations_state_known check (state in ('running', 'done', 'failed')),
  orders integer not null default 0,
  put_right integer not null default 0,
  differing integer not null default 0,
  findings jsonb not null default '[]',
  failure text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint reconciliations_ended_when_over check ((state = 'running') = (ended_at is null)),
  constraint reconciliations_failed_has_reason check ((state = 'failed') = (failure is not null))
);
comment on table private.reconciliations is 'The checks of our payments against the provider''s own list.';
comment on column private.reconciliations.from_at is 'What changed at the provider from then on was compared.';
comment on column private.reconciliations.put_right is 'Payments that differed, and agree since the provider''s answer was applied.';
comment on column private.reconciliations.differing is 'Payments that still differ, and orders that are not ours.';
comment on column private.reconciliations.findings is 'The first 100 of both: {kind, order_id, mentor_id, payment_id, put_right}.';
create index reconciliations_running_idx on private.reconciliations (started_at) where state = 'running';
alter table private.reconciliations enable row level security;

-- schema/supabase/tables.sql

-- No table: logic.sql adds what only a Supabase database needs.
