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
