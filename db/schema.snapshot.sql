-- Made by `npm run db:generate` to be read and diffed, not run. Do not edit it.

-- roles
role anon noinherit
role authenticated noinherit
role matepeak_app noinherit may act as anon, authenticated
role matepeak_auth noinherit
role matepeak_jobs noinherit
role service_role noinherit

-- extensions
extension btree_gist in schema extensions
extension pg_trgm in schema extensions

-- schemas
schema auth: anon usage; authenticated usage; matepeak_app usage; matepeak_auth usage
schema private: authenticated usage; matepeak_app usage; matepeak_jobs usage -- Triggers, functions and records that no client addresses by name.
schema public: PUBLIC usage; anon usage; authenticated usage; matepeak_app usage -- standard public schema

-- domains
create domain private.booking_clock_time as text
  constraint bookings_scheduled_time_form CHECK ((VALUE ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text))
create domain private.booking_duration as integer
  constraint bookings_duration_range CHECK (((VALUE >= 5) AND (VALUE <= 480)))
create domain private.booking_event_actor as text
  constraint booking_events_actor_known CHECK ((VALUE = ANY (ARRAY['student'::text, 'mentor'::text, 'system'::text])))
create domain private.booking_event_kind as text
  constraint booking_events_kind_known CHECK ((VALUE = ANY (ARRAY['created'::text, 'confirmed'::text, 'declined'::text, 'cancelled'::text, 'completed'::text, 'expired'::text, 'rescheduled'::text, 'no_show_claimed'::text, 'no_show_agreed'::text, 'no_show_disputed'::text, 'no_show_withdrawn'::text, 'no_show_unanswered'::text, 'held'::text, 'lapsed'::text, 'minimum_missed'::text, 'minimum_reached'::text, 'messaged'::text])))
create domain private.booking_event_reason as text
  constraint booking_events_reason_length CHECK ((char_length(VALUE) <= 500))
create domain private.booking_meeting_note as text
  constraint bookings_meeting_note_clean CHECK (((VALUE IS NFC NORMALIZED) AND (VALUE !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text)))
  constraint bookings_meeting_note_length CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 200)))
create domain private.booking_meeting_url as text
  constraint bookings_meeting_url_form CHECK (((VALUE ~ '^https://[^/?#@\\]+([/?#].*)?$'::text) AND (VALUE !~ '[^\x21-\x7e]'::text)))
  constraint bookings_meeting_url_length CHECK ((char_length(VALUE) <= 500))
create domain private.booking_message as text
  constraint bookings_message_clean CHECK (((VALUE IS NFC NORMALIZED) AND (VALUE !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text)))
  constraint bookings_message_length CHECK ((char_length(VALUE) <= 2000))
create domain private.booking_payment_status as text
  constraint bookings_payment_status_known CHECK ((VALUE = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text, 'refunded'::text, 'refund_pending'::text, 'partially_refunded'::text, 'free'::text])))
create domain private.booking_status as text
  constraint bookings_status_known CHECK ((VALUE = ANY (ARRAY['pending'::text, 'confirmed'::text, 'completed'::text, 'cancelled'::text])))
create domain private.booking_status_when_paid as text
  constraint bookings_status_when_paid_known CHECK ((VALUE = ANY (ARRAY['pending'::text, 'confirmed'::text])))
create domain private.booking_total as bigint
  constraint bookings_total_range CHECK ((VALUE >= 0))
create domain private.booking_user_email as text
  constraint bookings_user_email_length CHECK ((char_length(VALUE) <= 254))
create domain private.booking_user_name as text
  constraint bookings_user_name_clean CHECK (((VALUE IS NFC NORMALIZED) AND (VALUE !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text)))
  constraint bookings_user_name_length CHECK ((char_length(VALUE) <= 120))
create domain private.booking_user_phone as text
  constraint bookings_user_phone_clean CHECK (((VALUE IS NFC NORMALIZED) AND (VALUE !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text)))
  constraint bookings_user_phone_length CHECK ((char_length(VALUE) <= 32))
create domain private.idempotency_key as text
  constraint idempotency_keys_key_length CHECK (((char_length(VALUE) >= 1) AND (char_length(VALUE) <= 255)))
create domain private.ledger_account_kind as text
  constraint ledger_account_kind_known CHECK ((VALUE = ANY (ARRAY['provider'::text, 'provider_fees'::text, 'fees'::text, 'bank'::text, 'losses'::text, 'credits_issued'::text, 'credits_used'::text, 'credits_expired'::text, 'escrow'::text, 'refunds_payable'::text, 'mentor'::text, 'payouts_pending'::text, 'package_money'::text, 'credits'::text, 'credits_reserved'::text, 'basket_money'::text])))
create domain private.occupancy_capacity as integer
  constraint occupancies_capacity_positive CHECK ((VALUE >= 1))
create domain private.occupancy_seats_taken as integer
  constraint occupancies_seats_taken_counted CHECK ((VALUE >= 0))
create domain private.occupancy_state as text
  constraint occupancies_state_known CHECK ((VALUE = ANY (ARRAY['hold'::text, 'requested'::text, 'booked'::text])))

-- auth.accounts: Ways to sign in: a password hash or a provider's identity.
create table auth.accounts (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_provider_id_account_id_key UNIQUE (provider_id, account_id),
  constraint accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX accounts_user_id_idx ON auth.accounts USING btree (user_id)
row level security on
policy accounts_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every sign-in method.
grant to matepeak_auth: delete, insert, select, update

-- auth.passkeys: Passkeys: keys on people's devices or in their password managers.
create table auth.passkeys (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  name text not null, -- Of the device or password manager, for the owner to recognise it.
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null, -- Signatures so far, where the device counts them: a lower one comes from a copy.
  transports text[] not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id),
  constraint passkeys_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 80))),
  constraint passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX passkeys_user_id_idx ON auth.passkeys USING btree (user_id)
row level security on
policy passkeys_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every passkey.
grant to matepeak_auth: delete, insert, select, update

-- auth.sessions: Signed-in devices.
create table auth.sessions (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  token text not null, -- SHA-256 of the token, in base64url. Only the person's own device has the token.
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  proved_at timestamp with time zone not null default now(), -- When the person last proved who they are on this device: by signing in, or again before a change of the account.
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_token_key UNIQUE (token),
  constraint sessions_token_hashed CHECK ((token ~ '^[A-Za-z0-9_-]{43}$'::text)),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX sessions_expires_at_idx ON auth.sessions USING btree (expires_at)
CREATE INDEX sessions_user_id_idx ON auth.sessions USING btree (user_id)
CREATE TRIGGER sessions_50_announce_end AFTER DELETE ON auth.sessions FOR EACH ROW EXECUTE FUNCTION private.announce_login_end()
CREATE TRIGGER sessions_55_check_open AFTER INSERT ON auth.sessions FOR EACH ROW EXECUTE FUNCTION private.require_open_accounts()
row level security on
policy sessions_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every session.
grant to matepeak_auth: delete, insert, select, update

-- auth.two_factors: The second factor of a person: an authenticator app, and recovery codes.
create table auth.two_factors (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  secret text not null, -- Shared with the app; encrypted.
  recovery_codes text not null, -- Hashes of the codes that are left; encrypted.
  verified boolean not null default false, -- Whether the person has entered a first code of the app.
  failed_checks integer not null default 0,
  locked_until timestamp with time zone,
  last_step bigint, -- The 30-second step of the last code that was accepted: no code is accepted twice.
  created_at timestamp with time zone not null default now(), -- Since when it is asked for: administrators need a login that began later. Before that, when the set-up began.
  constraint two_factors_pkey PRIMARY KEY (id),
  constraint two_factors_user_id_key UNIQUE (user_id),
  constraint two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
row level security on
policy two_factors_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every second factor.
grant to matepeak_auth: delete, insert, select, update

-- auth.users: A person with an account. Written by the accounts library only.
create table auth.users (
  id uuid not null default private.uuid_v7(),
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  two_factor_enabled boolean not null default false, -- Whether signing in without a passkey also needs a code of auth.two_factors.
  constraint users_pkey PRIMARY KEY (id),
  constraint users_email_key UNIQUE (email),
);
CREATE TRIGGER users_50_announce_change AFTER UPDATE OF email ON auth.users FOR EACH ROW WHEN ((old.email IS DISTINCT FROM new.email)) EXECUTE FUNCTION private.announce_changed_person()
row level security on
policy users_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every account.
grant to matepeak_auth: delete, insert, select, update

-- auth.verifications: Short-lived codes and tokens.
create table auth.verifications (
  id uuid not null default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint verifications_pkey PRIMARY KEY (id),
);
CREATE INDEX verifications_expires_at_idx ON auth.verifications USING btree (expires_at)
CREATE INDEX verifications_identifier_idx ON auth.verifications USING btree (identifier)
CREATE INDEX verifications_second_step_idx ON auth.verifications USING btree (value) WHERE ((identifier ~~ 'trust-device-%'::text) OR (identifier ~~ '2fa-%'::text))
row level security on
policy verifications_library permissive for all to matepeak_auth
    using true
    with check true
    -- The accounts library works on every code.
grant to matepeak_auth: delete, insert, select, update

-- private.admin_log: What administrators did, also what they read about people. Append-only. Has ids and no names, so that it can stay when a person is deleted.
create table private.admin_log (
  id bigint not null generated always as identity,
  happened_at timestamp with time zone not null default now(),
  actor_id uuid, -- The administrator; null for the command line. No reference: the log outlives accounts.
  action text not null,
  subject_id uuid, -- The person whom it concerns, if there is one.
  details jsonb not null default '{}'::jsonb,
  reason text,
  request_id text, -- Of the request, as in the server's own log.
  constraint admin_log_pkey PRIMARY KEY (id),
  constraint admin_log_action_form CHECK ((action ~ '^[a-z]+(_[a-z]+)*$'::text)),
  constraint admin_log_reason_clean CHECK (((reason IS NFC NORMALIZED) AND (reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint admin_log_reason_length CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
);
CREATE INDEX admin_log_action_idx ON private.admin_log USING btree (action, id DESC)
CREATE INDEX admin_log_actor_id_idx ON private.admin_log USING btree (actor_id, id DESC)
CREATE INDEX admin_log_subject_id_idx ON private.admin_log USING btree (subject_id, id DESC)
CREATE TRIGGER admin_log_05_keep BEFORE DELETE OR UPDATE OR TRUNCATE ON private.admin_log FOR EACH STATEMENT EXECUTE FUNCTION private.keep_admin_log()
row level security on

-- private.administrators: People with the role administrator. Written by npm run admin only, as the owner of the schema: no role of requests can.
create table private.administrators (
  user_id uuid not null,
  granted_at timestamp with time zone not null default now(),
  constraint administrators_pkey PRIMARY KEY (user_id),
  constraint administrators_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
row level security on

-- private.booking_origins: From which network a newcomer with an unconfirmed e-mail address booked, as a keyed hash, until the session begins. Written by private.limit_open_requests() and private.follow_booking() only.
create table private.booking_origins (
  booking_id uuid not null,
  expert_id uuid not null,
  origin bytea not null,
  starts_at timestamp with time zone not null, -- When the session begins, and the row is deleted.
  constraint booking_origins_pkey PRIMARY KEY (booking_id, expert_id),
  constraint booking_origins_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
  constraint booking_origins_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX booking_origins_expert_id_origin_idx ON private.booking_origins USING btree (expert_id, origin)
CREATE INDEX booking_origins_starts_at_idx ON private.booking_origins USING btree (starts_at)
row level security on

-- private.call_counts: How often a call was made in its current window. The key is a hash of the limit's name and the caller, so no address is stored. Written by count_calls() only.
create table private.call_counts (
  key bytea not null,
  total integer not null,
  ends_at timestamp with time zone not null,
  constraint call_counts_pkey PRIMARY KEY (key),
);
CREATE INDEX call_counts_ends_at_idx ON private.call_counts USING btree (ends_at)
row level security on

-- private.closed_accounts: People who can neither sign in nor book: suspended by an administrator, or deleted. The row of a deleted person stays: it is what says so.
create table private.closed_accounts (
  user_id uuid not null,
  why text not null,
  since timestamp with time zone not null default now(),
  step text, -- How far a deletion is: cancelling what is upcoming, waiting until the other side is notified, erasing, waiting until the last mail is sent.
  cancelled integer not null default 0, -- How many sessions and requests a deletion has cancelled so far.
  address text, -- Where the last mail about a deletion goes; removed once it was sent.
  former_username text, -- Of a deleted mentor, by which messages are found that name it; removed with the last step.
  finished_at timestamp with time zone,
  constraint closed_accounts_pkey PRIMARY KEY (user_id),
  constraint closed_accounts_deletions_have_a_step CHECK (((why = 'deleted'::text) = (step IS NOT NULL))),
  constraint closed_accounts_done_forgets CHECK (((finished_at IS NULL) OR ((address IS NULL) AND (former_username IS NULL)))),
  constraint closed_accounts_done_is_finished CHECK (((NOT (step IS DISTINCT FROM 'done'::text)) = (finished_at IS NOT NULL))),
  constraint closed_accounts_step_known CHECK ((step = ANY (ARRAY['cancelling'::text, 'notifying'::text, 'erasing'::text, 'forgetting'::text, 'done'::text]))),
  constraint closed_accounts_why_known CHECK ((why = ANY (ARRAY['suspended'::text, 'deleted'::text]))),
  constraint closed_accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX closed_accounts_to_continue_idx ON private.closed_accounts USING btree (since) WHERE ((finished_at IS NULL) AND (why = 'deleted'::text))
CREATE TRIGGER closed_accounts_50_leave_waitlists AFTER INSERT ON private.closed_accounts FOR EACH ROW EXECUTE FUNCTION private.leave_waitlists_when_closed()
row level security on

-- private.deliveries: One message to one person about one occasion on one channel: written in the transaction that causes it, sent by a worker.
create table private.deliveries (
  id uuid not null default private.uuid_v7(),
  channel text not null,
  user_id uuid,
  address text, -- Where it goes if that is not the account's address when it is sent.
  kind text not null,
  occasion text not null, -- Identifies the occasion, after its month: what is written twice is sent once.
  content jsonb not null, -- The facts as they were then; emptied when it was sent or dropped.
  sealed_code bytea, -- A code for signing in or the like, encrypted by the app; removed when it was sent or dropped.
  is_urgent boolean not null, -- Sent before all that are not, also in quiet hours.
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  due_at timestamp with time zone not null default now(), -- When it is to be sent. A worker that claims it postpones this for as long as it may take, so that another one takes over if it is killed.
  expires_at timestamp with time zone not null, -- After this it is no longer sent.
  last_error text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_once UNIQUE NULLS NOT DISTINCT (channel, user_id, address, occasion),
  constraint deliveries_address_length CHECK ((char_length(address) <= 254)),
  constraint deliveries_channel_known CHECK ((channel = 'email'::text)),
  constraint deliveries_ended_when_not_waiting CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
  constraint deliveries_have_a_recipient CHECK (((user_id IS NOT NULL) OR (address IS NOT NULL))),
  constraint deliveries_kind_form CHECK ((kind ~ '^[a-z]+(_[a-z]+)*$'::text)),
  constraint deliveries_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'undeliverable'::text, 'dropped'::text]))),
  constraint deliveries_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX deliveries_due_idx ON private.deliveries USING btree (is_urgent DESC, due_at) WHERE (state = 'waiting'::text)
CREATE INDEX deliveries_ended_at_idx ON private.deliveries USING btree (ended_at) WHERE (state <> 'waiting'::text)
CREATE INDEX deliveries_undeliverable_idx ON private.deliveries USING btree (ended_at DESC, id DESC) WHERE (state = 'undeliverable'::text)
CREATE INDEX deliveries_user_id_idx ON private.deliveries USING btree (user_id)
row level security on

-- private.demo_removals: When the demo people and all their data were removed. With a row here the demo is never seeded again. Written by npm run demo:remove only.
create table private.demo_removals (
  removed_at timestamp with time zone not null default now(),
  constraint demo_removals_pkey PRIMARY KEY (removed_at),
);
row level security on

-- private.document_series: The last number of each series of documents. A row is locked from the taking of a number to the end of its transaction, so that a rolled-back one leaves no gap.
create table private.document_series (
  issuer_id uuid not null, -- The mentor, or the nil id for the platform.
  series text not null,
  start_year integer not null, -- In which the financial year of last_number began.
  last_number integer not null default 0,
  last_issued_at timestamp with time zone not null,
  constraint document_series_pkey PRIMARY KEY (issuer_id, series),
  constraint document_series_form CHECK ((series ~ '^[A-Z]{1,3}$'::text)),
  constraint document_series_number_fits CHECK ((last_number >= 0)),
);
row level security on

-- private.idempotency_keys: One row per person and key, written in the transaction of the request itself; kept for a day.
create table private.idempotency_keys (
  user_id uuid not null,
  key private.idempotency_key not null,
  request_hash text not null, -- Tells a retry from another request under the same key.
  body json,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (user_id, key),
  constraint idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX idempotency_keys_created_at_idx ON private.idempotency_keys USING btree (created_at)
row level security on
policy idempotency_keys_own permissive for all to matepeak_app
    using (user_id = ( SELECT auth.uid() AS uid))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- The app reads and writes the caller's keys only.
grant to matepeak_app: insert (user_id, key, request_hash)
grant to matepeak_app: select
grant to matepeak_app: update (body)

-- private.ledger_accounts: The balances that must not go below zero. The accounts of the platform have no row: a running balance would be locked by every payment, and is a sum over the transfers.
create table private.ledger_accounts (
  expert_id uuid not null,
  kind private.ledger_account_kind not null,
  owner_id uuid not null, -- A booking (escrow, credits_reserved), a payment (refunds_payable), a mentor (mentor), a payout (payouts_pending), a bought package (package_money, credits) or a basket (basket_money).
  currency text not null,
  balance_minor bigint not null,
  version bigint not null default 1, -- Counts the transfers.
  constraint ledger_accounts_pkey PRIMARY KEY (expert_id, owner_id, kind, currency),
  constraint ledger_accounts_never_below_zero CHECK ((balance_minor >= 0)),
  constraint ledger_accounts_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
);
CREATE INDEX ledger_accounts_to_pay_idx ON private.ledger_accounts USING btree (owner_id) WHERE (((kind)::text = 'mentor'::text) AND (balance_minor > 0))
row level security on

-- private.ledger_transfers: The lines of the ledger, all about one mentor's sessions. Only ever added, by private.transfer(); a mistake is corrected by a transfer back.
create table private.ledger_transfers (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  kind text not null,
  reference uuid not null, -- What the transfer is for; with its kind it identifies the transfer, so that none is written twice.
  from_kind private.ledger_account_kind not null,
  from_owner uuid not null,
  to_kind private.ledger_account_kind not null,
  to_owner uuid not null,
  currency text not null,
  amount_minor bigint not null, -- Minor units of the currency, or sessions of a package's service.
  event_at timestamp with time zone not null, -- When it happened, which may be long before it was learnt of.
  created_at timestamp with time zone not null default now(),
  constraint ledger_transfers_pkey PRIMARY KEY (id),
  constraint ledger_transfers_id_expert_id_key UNIQUE (id, expert_id),
  constraint ledger_transfers_once UNIQUE (expert_id, kind, reference),
  constraint ledger_transfers_amount_positive CHECK ((amount_minor > 0)),
  constraint ledger_transfers_kind_form CHECK ((kind ~ '^[a-z]+(_[a-z]+)*$'::text)),
  constraint ledger_transfers_two_accounts CHECK ((((from_kind)::text <> (to_kind)::text) OR (from_owner <> to_owner))),
  constraint ledger_transfers_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
);
CREATE INDEX ledger_transfers_created_at_idx ON private.ledger_transfers USING btree (created_at)
CREATE INDEX ledger_transfers_from_idx ON private.ledger_transfers USING btree (from_owner, from_kind, expert_id)
CREATE INDEX ledger_transfers_to_idx ON private.ledger_transfers USING btree (to_owner, to_kind, expert_id)
row level security on

-- private.local_mail: The local mailbox of an app without a mail server: whole messages (RFC 5322), shown at /dev/mail.
create table private.local_mail (
  id uuid not null default private.uuid_v7(),
  address text not null,
  subject text not null,
  source bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint local_mail_pkey PRIMARY KEY (id),
);
CREATE INDEX local_mail_created_at_idx ON private.local_mail USING btree (created_at DESC, id DESC)
row level security on
policy local_mail_app permissive for all to matepeak_app
    using true
    with check true
    -- The app shows the local mailbox, on a developer's machine only.
grant to matepeak_app: delete, select

-- private.made_meetings: What a session has at the service that its link comes from, and how far the job is that makes the two agree.
create table private.made_meetings (
  occupancy_id uuid not null, -- The session: all seats of a group share what was made. No foreign key: what is to be removed there outlives the time.
  expert_id uuid not null,
  known_as uuid not null, -- By what the session is known there: its booking, or the time of a group, whose first seat may leave.
  kind text not null,
  ref text, -- The meeting's id there; null while there is none that is known of.
  guest_url text, -- The link that all students share; some have a form of it of their own.
  note text,
  host text, -- The Zoom user whose meeting it is, who can hold one at a time.
  host_url text, -- The mentor's own link, if it differs from the student's.
  starts_at timestamp with time zone, -- The times that the meeting has there.
  ends_at timestamp with time zone,
  hosted_from timestamp with time zone, -- The time for which the host was chosen.
  hosted_until timestamp with time zone,
  is_unsure boolean not null default false, -- An attempt to make it has begun and is not known to have ended: there may be one that must be looked for first.
  asked_at timestamp with time zone, -- Since when the two do not agree; null when they do. Mails that contain the link wait for a short while.
  failures integer not null default 0,
  problem text,
  fell_back_at timestamp with time zone, -- Since when the session uses the mentor's room instead.
  was_left boolean not null default false, -- Its calendar does not receive the sessions any more, or did not for a while: the link may have gone with the entry.
  lease uuid, -- Which run of the job may record what it did.
  leased_until timestamp with time zone,
  constraint made_meetings_pkey PRIMARY KEY (expert_id, occupancy_id),
  constraint made_meetings_failures_range CHECK ((failures >= 0)),
  constraint made_meetings_kind_known CHECK ((kind = ANY (ARRAY['matepeak_room'::text, 'google_meet'::text, 'zoom'::text, 'jitsi'::text]))),
  constraint made_meetings_lease_ends CHECK (((lease IS NULL) = (leased_until IS NULL))),
  constraint made_meetings_ref_length CHECK (((char_length(ref) >= 1) AND (char_length(ref) <= 200))),
  constraint made_meetings_times_of_meeting CHECK ((((ref IS NULL) = (starts_at IS NULL)) AND ((ref IS NULL) = (ends_at IS NULL)))),
  constraint made_meetings_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX made_meetings_host_idx ON private.made_meetings USING btree (host, hosted_from)
CREATE INDEX made_meetings_ref_idx ON private.made_meetings USING btree (ref)
row level security on

-- private.money_settings: What the database needs to know of the configuration: written by the app when it starts. Without a row nothing is collected.
create table private.money_settings (
  id integer not null default 1,
  collects boolean not null default false, -- Whether students pay through the app.
  provider text,
  fee_basis_points integer not null default 0, -- The platform's share of new bookings, in hundredths of a percent.
  constraint money_settings_pkey PRIMARY KEY (id),
  constraint money_settings_collects_with_provider CHECK (((NOT collects) OR (provider IS NOT NULL))),
  constraint money_settings_fee_range CHECK (((fee_basis_points >= 0) AND (fee_basis_points <= 10000))),
  constraint money_settings_one_row CHECK ((id = 1)),
  constraint money_settings_provider_known CHECK ((provider = ANY (ARRAY['sandbox'::text, 'razorpay'::text, 'stripe'::text]))),
);
row level security on

-- private.payment_events: The inbox of the providers' webhooks, as they came. An event is a hint to ask the provider; refused ones change nothing.
create table private.payment_events (
  id uuid not null default private.uuid_v7(),
  provider text not null,
  event_id text, -- The provider's id of the event; null if it was refused.
  kind text,
  order_id text,
  verdict text not null,
  body bytea not null, -- Of a refused one the first 4 kB. Empty a month after it was processed, and if one of the people is deleted.
  received_at timestamp with time zone not null default now(),
  processed_at timestamp with time zone,
  constraint payment_events_pkey PRIMARY KEY (id),
  constraint payment_events_once UNIQUE (provider, event_id),
  constraint payment_events_body_length CHECK ((octet_length(body) <= 262144)),
  constraint payment_events_genuine_has_id CHECK (((verdict <> ALL (ARRAY['genuine'::text, 'unknown_order'::text])) OR (event_id IS NOT NULL))),
  constraint payment_events_verdict_known CHECK ((verdict = ANY (ARRAY['genuine'::text, 'forged'::text, 'stale'::text, 'unreadable'::text, 'unknown_order'::text]))),
);
CREATE INDEX payment_events_received_at_idx ON private.payment_events USING btree (received_at)
CREATE INDEX payment_events_refused_idx ON private.payment_events USING btree (received_at DESC) WHERE (verdict <> 'genuine'::text)
CREATE INDEX payment_events_to_process_idx ON private.payment_events USING btree (provider, order_id) WHERE (processed_at IS NULL)
CREATE INDEX payment_events_with_body_idx ON private.payment_events USING btree (received_at) WHERE (body <> '\x'::bytea)
row level security on

-- private.payment_orders: Which payment an order at a provider is for: the only way from what a provider says to a booking.
create table private.payment_orders (
  provider text not null,
  order_id text not null,
  payment_id uuid not null,
  expert_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint payment_orders_pkey PRIMARY KEY (provider, order_id),
  constraint payment_orders_payment_id_key UNIQUE (payment_id, expert_id),
  constraint payment_orders_order_id_length CHECK (((char_length(order_id) >= 1) AND (char_length(order_id) <= 255))),
  constraint payment_orders_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
);
row level security on

-- private.payout_accounts: Where a mentor's money goes, encrypted by the app: a bank account, or an account at the payment provider, or both.
create table private.payout_accounts (
  expert_id uuid not null,
  bank_sealed bytea,
  bank_hint text, -- The last four digits.
  linked_sealed bytea, -- Id of a Razorpay Route account: what is earned goes there directly.
  linked_hint text,
  usable_from timestamp with time zone not null, -- A day after a change, so that a mentor who did not make it can object; at once for the first details.
  changed_at timestamp with time zone not null default now(),
  constraint payout_accounts_pkey PRIMARY KEY (expert_id),
  constraint payout_accounts_bank_has_hint CHECK (((bank_sealed IS NULL) = (bank_hint IS NULL))),
  constraint payout_accounts_bank_hint_form CHECK ((bank_hint ~ '^[0-9]{4}$'::text)),
  constraint payout_accounts_linked_has_hint CHECK (((linked_sealed IS NULL) = (linked_hint IS NULL))),
  constraint payout_accounts_linked_hint_form CHECK ((linked_hint ~ '^[A-Za-z0-9]{4}$'::text)),
  constraint payout_accounts_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
row level security on

-- private.payout_runs: A list of payouts that an administrator sends to the bank as one file.
create table private.payout_runs (
  id uuid not null default private.uuid_v7(),
  created_by uuid not null, -- The administrator. No reference: the run outlives accounts.
  created_at timestamp with time zone not null default now(),
  filled_at timestamp with time zone, -- When all mentors with enough to be paid out were in it.
  approved_by uuid,
  approved_at timestamp with time zone,
  exported_at timestamp with time zone, -- When the file was taken for the first time.
  cancelled_at timestamp with time zone,
  constraint payout_runs_pkey PRIMARY KEY (id),
  constraint payout_runs_approval_has_time CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
  constraint payout_runs_filled_first CHECK (((filled_at IS NOT NULL) OR (num_nonnulls(approved_at, exported_at) = 0))),
  constraint payout_runs_sent_or_cancelled CHECK (((exported_at IS NULL) OR (cancelled_at IS NULL))),
  constraint payout_runs_two_people CHECK ((approved_by <> created_by)),
);
row level security on

-- private.payout_settings: Written by the app when it starts, from the configuration. Without a row every run needs a second administrator.
create table private.payout_settings (
  id integer not null default 1,
  approval_above_minor bigint not null,
  currency text not null default 'INR'::text,
  constraint payout_settings_pkey PRIMARY KEY (id),
  constraint payout_settings_approval_above_range CHECK ((approval_above_minor >= 0)),
  constraint payout_settings_currency_known CHECK ((currency = 'INR'::text)),
  constraint payout_settings_one_row CHECK ((id = 1)),
);
row level security on

-- private.platform_details: Who runs the platform, as its invoices to mentors say it: written by the app when it starts, from the configuration.
create table private.platform_details (
  id integer not null default 1,
  legal_name text not null,
  address text,
  state_code text,
  gstin text,
  sac text not null,
  rate_basis_points integer not null,
  constraint platform_details_pkey PRIMARY KEY (id),
  constraint platform_details_gstin_of_state CHECK (((gstin IS NULL) OR (NOT ("left"(gstin, 2) IS DISTINCT FROM state_code)))),
  constraint platform_details_gstin_valid CHECK (private.is_gstin(gstin)),
  constraint platform_details_one_row CHECK ((id = 1)),
  constraint platform_details_rate_range CHECK (((rate_basis_points >= 0) AND (rate_basis_points <= 10000))),
  constraint platform_details_state_code_form CHECK ((state_code ~ '^[0-9]{2}$'::text)),
);
row level security on

-- private.reconciliations: The checks of our payments against the provider's own list.
create table private.reconciliations (
  id uuid not null default private.uuid_v7(),
  provider text not null,
  from_at timestamp with time zone not null, -- What changed at the provider from then on was compared.
  until_at timestamp with time zone not null,
  state text not null default 'running'::text,
  orders integer not null default 0,
  put_right integer not null default 0, -- Payments that differed, and agree since the provider's answer was applied.
  differing integer not null default 0, -- Payments that still differ, and orders that are not ours.
  findings jsonb not null default '[]'::jsonb, -- The first 100 of both: {kind, order_id, mentor_id, payment_id, put_right}.
  failure text,
  started_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint reconciliations_pkey PRIMARY KEY (id),
  constraint reconciliations_ended_when_over CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint reconciliations_failed_has_reason CHECK (((state = 'failed'::text) = (failure IS NOT NULL))),
  constraint reconciliations_state_known CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text]))),
);
CREATE INDEX reconciliations_running_idx ON private.reconciliations USING btree (started_at) WHERE (state = 'running'::text)
row level security on

-- private.reminders: When to remind which person of a session. A row is deleted as its message is written.
create table private.reminders (
  booking_id uuid not null,
  expert_id uuid not null,
  user_id uuid not null,
  lead integer not null, -- How long before the start, minutes.
  due_at timestamp with time zone not null,
  constraint reminders_pkey PRIMARY KEY (booking_id, expert_id, user_id, lead),
  constraint reminders_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
  constraint reminders_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX reminders_due_at_idx ON private.reminders USING btree (due_at)
CREATE INDEX reminders_user_id_idx ON private.reminders USING btree (user_id)
row level security on

-- private.review_events: The changes of a booking's review, written by its trigger alone. Keeps the stars, for the operator, but not the text of a deleted review.
create table private.review_events (
  id bigint not null generated always as identity,
  booking_id uuid not null,
  expert_id uuid not null,
  kind text not null,
  actor_id uuid, -- Who made the change; null for the operator and the demo.
  rating integer not null,
  created_at timestamp with time zone not null default now(),
  constraint review_events_pkey PRIMARY KEY (id),
  constraint review_events_kind_known CHECK ((kind = ANY (ARRAY['written'::text, 'changed'::text, 'withdrawn'::text]))),
  constraint review_events_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
);
CREATE INDEX review_events_booking_id_idx ON private.review_events USING btree (booking_id, expert_id, id)
row level security on

-- private.sandbox_attempts: Attempts to pay an order.
create table private.sandbox_attempts (
  id text not null,
  order_id text not null,
  state text not null,
  amount_minor bigint not null,
  currency text not null,
  method text not null,
  fee_minor bigint, -- What the provider keeps: 2 % of cards, nothing of UPI. Null until it is captured.
  failure_code text,
  failure_message text,
  dispute text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint sandbox_attempts_pkey PRIMARY KEY (id),
  constraint sandbox_attempts_amount_positive CHECK ((amount_minor > 0)),
  constraint sandbox_attempts_dispute_known CHECK ((dispute = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text]))),
  constraint sandbox_attempts_disputed_when_captured CHECK (((dispute IS NULL) OR (state = 'captured'::text))),
  constraint sandbox_attempts_failed_has_reason CHECK (((state = 'failed'::text) = ((failure_code IS NOT NULL) AND (failure_message IS NOT NULL)))),
  constraint sandbox_attempts_method_known CHECK ((method = ANY (ARRAY['upi'::text, 'card'::text]))),
  constraint sandbox_attempts_state_known CHECK ((state = ANY (ARRAY['created'::text, 'failed'::text, 'authorized'::text, 'captured'::text, 'released'::text]))),
  constraint sandbox_attempts_order_id_fkey FOREIGN KEY (order_id) REFERENCES private.sandbox_orders(id) ON DELETE CASCADE,
);
CREATE INDEX sandbox_attempts_captured_idx ON private.sandbox_attempts USING btree (created_at) WHERE (state = 'captured'::text)
CREATE INDEX sandbox_attempts_order_id_idx ON private.sandbox_attempts USING btree (order_id)
row level security on

-- private.sandbox_orders: Orders of the sandbox, each for one amount. Written by private.sandbox_…() only.
create table private.sandbox_orders (
  id text not null, -- Unguessable: who has it may open the checkout page.
  reference text not null, -- What the app calls it, and the idempotency key of its creation.
  amount_minor bigint not null,
  currency text not null,
  capture text not null,
  description text not null,
  state text not null default 'open'::text,
  webhooks text not null default 'normal'::text, -- How the app is told of changes, as the payer has chosen on the checkout page.
  refunds_fail boolean not null default false, -- Whether refunds fail, as the payer has chosen.
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint sandbox_orders_pkey PRIMARY KEY (id),
  constraint sandbox_orders_reference_key UNIQUE (reference),
  constraint sandbox_orders_amount_positive CHECK ((amount_minor > 0)),
  constraint sandbox_orders_capture_known CHECK ((capture = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  constraint sandbox_orders_description_length CHECK ((char_length(description) <= 500)),
  constraint sandbox_orders_reference_length CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 100))),
  constraint sandbox_orders_state_known CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text]))),
  constraint sandbox_orders_webhooks_known CHECK ((webhooks = ANY (ARRAY['normal'::text, 'late'::text, 'twice'::text, 'out_of_order'::text, 'none'::text]))),
);
CREATE INDEX sandbox_orders_changed_at_idx ON private.sandbox_orders USING btree (changed_at, id)
row level security on

-- private.sandbox_refunds: What goes back to the payer. A refund that failed does not count.
create table private.sandbox_refunds (
  id text not null,
  attempt_id text not null,
  reference text not null,
  amount_minor bigint not null,
  currency text not null,
  state text not null default 'pending'::text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint sandbox_refunds_pkey PRIMARY KEY (id),
  constraint sandbox_refunds_reference_key UNIQUE (reference),
  constraint sandbox_refunds_amount_positive CHECK ((amount_minor > 0)),
  constraint sandbox_refunds_reference_length CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 100))),
  constraint sandbox_refunds_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'done'::text, 'failed'::text]))),
  constraint sandbox_refunds_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES private.sandbox_attempts(id) ON DELETE CASCADE,
);
CREATE INDEX sandbox_refunds_attempt_id_idx ON private.sandbox_refunds USING btree (attempt_id)
row level security on

-- private.sandbox_reversals: Transferred money that was taken back.
create table private.sandbox_reversals (
  id text not null,
  transfer_id text not null,
  reference text not null,
  amount_minor bigint not null,
  currency text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint sandbox_reversals_pkey PRIMARY KEY (id),
  constraint sandbox_reversals_reference_key UNIQUE (reference),
  constraint sandbox_reversals_amount_positive CHECK ((amount_minor > 0)),
  constraint sandbox_reversals_reference_length CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 100))),
  constraint sandbox_reversals_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES private.sandbox_transfers(id) ON DELETE CASCADE,
);
CREATE INDEX sandbox_reversals_transfer_id_idx ON private.sandbox_reversals USING btree (transfer_id)
row level security on

-- private.sandbox_transfers: Captured money that was moved on to a linked account.
create table private.sandbox_transfers (
  id text not null,
  attempt_id text not null,
  reference text not null,
  account text not null,
  amount_minor bigint not null,
  currency text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint sandbox_transfers_pkey PRIMARY KEY (id),
  constraint sandbox_transfers_reference_key UNIQUE (reference),
  constraint sandbox_transfers_account_length CHECK (((char_length(account) >= 1) AND (char_length(account) <= 100))),
  constraint sandbox_transfers_amount_positive CHECK ((amount_minor > 0)),
  constraint sandbox_transfers_reference_length CHECK (((char_length(reference) >= 1) AND (char_length(reference) <= 100))),
  constraint sandbox_transfers_attempt_id_fkey FOREIGN KEY (attempt_id) REFERENCES private.sandbox_attempts(id) ON DELETE CASCADE,
);
CREATE INDEX sandbox_transfers_attempt_id_idx ON private.sandbox_transfers USING btree (attempt_id)
row level security on

-- private.schema_migrations: Which migrations this database has seen.
create table private.schema_migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (name),
);
row level security on

-- private.unreachable_addresses: Addresses that their mail server rejected for good. They get codes only, which show that they can be reached again.
create table private.unreachable_addresses (
  address text not null,
  reason text not null,
  since timestamp with time zone not null default now(),
  constraint unreachable_addresses_pkey PRIMARY KEY (address),
  constraint unreachable_addresses_lower CHECK ((address = lower(address))),
);
CREATE TRIGGER unreachable_addresses_50_announce AFTER INSERT OR DELETE ON private.unreachable_addresses FOR EACH ROW EXECUTE FUNCTION private.announce_reachability()
row level security on

-- private.zone_rules: Clock changes of every time zone from 2000 to 2099, links included. Written by the app with the newest rules, at start-up.
create table private.zone_rules (
  timezone text not null,
  version text not null,
  changes timestamp with time zone[] not null,
  wall_changes timestamp without time zone[] not null,
  offsets integer[] not null,
  changed_at timestamp with time zone not null default now(),
  constraint zone_rules_pkey PRIMARY KEY (timezone),
  constraint zone_rules_fit CHECK (((cardinality(wall_changes) = cardinality(changes)) AND (cardinality(offsets) = (cardinality(changes) + 1)))),
);
CREATE UNIQUE INDEX idx_zone_rules_name ON private.zone_rules USING btree (lower((timezone COLLATE "C")))
row level security on
policy zone_rules_read permissive for select to matepeak_app
    using true
    -- Zone rules are not secret; each app process computes with them.
grant to matepeak_app: select

-- public.attendances: Whom the mentor marked in the roster of a session. An absence is no no-show report.
create table public.attendances (
  booking_id uuid not null,
  expert_id uuid not null,
  state text not null,
  marked_at timestamp with time zone not null default now(),
  constraint attendances_pkey PRIMARY KEY (booking_id, expert_id),
  constraint attendances_state_known CHECK ((state = ANY (ARRAY['present'::text, 'absent'::text]))),
  constraint attendances_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
);
row level security on
policy attendances_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = attendances.booking_id) AND (b.expert_id = attendances.expert_id))))
    -- The mentor, and each person their own: the policy of the booking decides.
grant to authenticated: select
grant to matepeak_app: select

-- public.availability_alerts: A student's wish to be notified, once, of a free time of a mentor on some days.
create table public.availability_alerts (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  expert_id uuid not null,
  service_id uuid not null,
  duration integer not null,
  from_date date not null,
  to_date date not null,
  timezone text not null, -- The zone of the two dates: the student's.
  status text not null default 'active'::text,
  fired_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint availability_alerts_pkey PRIMARY KEY (id),
  constraint availability_alerts_id_expert_id_key UNIQUE (id, expert_id),
  constraint availability_alerts_duration_range CHECK (((duration >= 5) AND (duration <= 480))),
  constraint availability_alerts_fired_once CHECK (((status = 'fired'::text) = (fired_at IS NOT NULL))),
  constraint availability_alerts_range_length CHECK ((((to_date - from_date) >= 0) AND ((to_date - from_date) <= 61))),
  constraint availability_alerts_status_known CHECK ((status = ANY (ARRAY['active'::text, 'fired'::text, 'expired'::text]))),
  constraint availability_alerts_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint availability_alerts_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id) ON DELETE CASCADE,
  constraint availability_alerts_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX availability_alerts_active_idx ON public.availability_alerts USING btree (expert_id) WHERE (status = 'active'::text)
CREATE UNIQUE INDEX availability_alerts_active_key ON public.availability_alerts USING btree (user_id, expert_id, service_id, duration, from_date, to_date) WHERE (status = 'active'::text)
CREATE INDEX availability_alerts_expert_id_idx ON public.availability_alerts USING btree (expert_id)
CREATE INDEX availability_alerts_service_id_idx ON public.availability_alerts USING btree (service_id, expert_id)
CREATE INDEX availability_alerts_to_delete_idx ON public.availability_alerts USING btree (created_at) WHERE (status <> 'active'::text)
CREATE INDEX availability_alerts_to_expire_idx ON public.availability_alerts USING btree (timezone, to_date) WHERE (status = 'active'::text)
CREATE INDEX availability_alerts_user_id_idx ON public.availability_alerts USING btree (user_id, created_at DESC)
CREATE TRIGGER availability_alerts_55_check_open AFTER INSERT ON public.availability_alerts FOR EACH ROW EXECUTE FUNCTION private.require_open_accounts()
CREATE TRIGGER availability_alerts_90_limit AFTER INSERT ON public.availability_alerts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('availability_alerts')
row level security on
policy availability_alerts_delete_own permissive for delete to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- Students delete their own alerts.
policy availability_alerts_insert_own permissive for insert to matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students set alerts only for themselves.
policy availability_alerts_read_own permissive for select to authenticated, matepeak_app
    using (user_id = ( SELECT auth.uid() AS uid))
    -- Students read only their own alerts.
grant to authenticated: delete, select
grant to matepeak_app: insert (user_id, expert_id, service_id, duration, from_date, to_date, timezone)
grant to matepeak_app: select

-- public.availability_slots: Windows in which a mentor takes sessions: weekly, or on one date on top of the weekly ones.
create table public.availability_slots (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  day_of_week integer, -- 0 Sunday to 6 Saturday, in the mentor's zone.
  start_time text not null,
  end_time text not null, -- 24:00 or 00:00 is midnight; an end at or before the start runs into the next day.
  is_recurring boolean not null default true,
  specific_date date,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  replaces_weekly boolean not null default false, -- Dated windows only: replaces the weekly windows that begin on the same date. One such row is enough.
  constraint availability_slots_pkey PRIMARY KEY (id),
  constraint availability_slots_id_expert_id_key UNIQUE (id, expert_id),
  constraint availability_slots_day_of_week_range CHECK (((day_of_week >= 0) AND (day_of_week <= 6))),
  constraint availability_slots_day_or_date CHECK (((is_recurring AND (day_of_week IS NOT NULL) AND (specific_date IS NULL)) OR ((NOT is_recurring) AND (day_of_week IS NULL) AND (specific_date IS NOT NULL)))),
  constraint availability_slots_end_time_form CHECK ((end_time ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'::text)),
  constraint availability_slots_replaces_on_a_date CHECK ((NOT (replaces_weekly AND is_recurring))),
  constraint availability_slots_start_time_form CHECK ((start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint availability_slots_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE UNIQUE INDEX availability_slots_dated_key ON public.availability_slots USING btree (expert_id, specific_date, start_time, end_time) WHERE (NOT is_recurring)
CREATE INDEX availability_slots_specific_date_idx ON public.availability_slots USING btree (specific_date) WHERE (NOT is_recurring)
CREATE UNIQUE INDEX availability_slots_weekly_key ON public.availability_slots USING btree (expert_id, day_of_week, start_time, end_time) WHERE is_recurring
CREATE INDEX idx_availability_slots_day_of_week ON public.availability_slots USING btree (day_of_week)
CREATE INDEX idx_availability_slots_expert_id ON public.availability_slots USING btree (expert_id)
CREATE TRIGGER availability_slots_05_lock_schedule BEFORE INSERT OR DELETE OR UPDATE ON public.availability_slots FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER availability_slots_20_touch BEFORE UPDATE ON public.availability_slots FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER availability_slots_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.availability_slots FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER availability_slots_60_check_alerts AFTER INSERT OR DELETE OR UPDATE ON public.availability_slots FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER availability_slots_80_count_delete AFTER DELETE ON public.availability_slots REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER availability_slots_81_count_insert AFTER INSERT ON public.availability_slots REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER availability_slots_82_count_update AFTER UPDATE ON public.availability_slots REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER availability_slots_90_limit AFTER INSERT ON public.availability_slots REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('availability_slots')
row level security on
policy availability_slots_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete their own hours.
policy availability_slots_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add their own hours.
policy availability_slots_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Hours are public.
policy availability_slots_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors edit their own hours.
grant to anon: select
grant to authenticated: delete, select
grant to authenticated: insert (expert_id, day_of_week, start_time, end_time, is_recurring, specific_date, replaces_weekly)
grant to authenticated: update (day_of_week, start_time, end_time, is_recurring, specific_date, replaces_weekly)
grant to matepeak_app: select

-- public.baskets: Several bookings that were made together, all or none. They are held, paid and lapse together; later each is a booking of its own.
create table public.baskets (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  user_id uuid not null,
  series_id uuid, -- The series that it pays for, if it is for one.
  total_minor bigint not null, -- What its bookings cost together; the payment is of exactly this.
  currency text not null,
  created_at timestamp with time zone not null default now(),
  before_coupon_minor bigint, -- The sum that a coupon is applied to: the prices of those of its bookings that have the coupon. null: no coupon, or it is the series'.
  constraint baskets_pkey PRIMARY KEY (id),
  constraint baskets_id_expert_id_key UNIQUE (id, expert_id),
  constraint baskets_series_id_key UNIQUE (series_id, expert_id),
  constraint baskets_before_coupon_positive CHECK ((before_coupon_minor > 0)),
  constraint baskets_not_own_sessions CHECK ((user_id <> expert_id)),
  constraint baskets_total_range CHECK ((total_minor >= 0)),
  constraint baskets_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint baskets_series_id_fkey FOREIGN KEY (series_id, expert_id) REFERENCES public.series(id, expert_id),
  constraint baskets_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX baskets_expert_id_idx ON public.baskets USING btree (expert_id, created_at DESC)
CREATE INDEX baskets_user_id_idx ON public.baskets USING btree (user_id, created_at DESC)
row level security on
policy baskets_insert_own permissive for insert to matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students book only for themselves.
policy baskets_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
grant to authenticated: select
grant to matepeak_app: insert (id, expert_id, user_id, series_id, total_minor, currency, before_coupon_minor)
grant to matepeak_app: select

-- public.billing_details: What a student's documents say about the student, besides the name of the booking. The State decides between CGST and IGST.
create table public.billing_details (
  user_id uuid not null,
  name text,
  address text,
  state_code text,
  gstin text,
  updated_at timestamp with time zone not null default now(),
  constraint billing_details_pkey PRIMARY KEY (user_id),
  constraint billing_details_address_clean CHECK (((address IS NFC NORMALIZED) AND (address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]'::text))),
  constraint billing_details_address_length CHECK (((char_length(address) >= 1) AND (char_length(address) <= 300))),
  constraint billing_details_gstin_has_state CHECK (((gstin IS NULL) OR (state_code IS NOT NULL))),
  constraint billing_details_gstin_of_state CHECK (("left"(gstin, 2) = state_code)),
  constraint billing_details_gstin_valid CHECK (private.is_gstin(gstin)),
  constraint billing_details_name_clean CHECK (((name IS NFC NORMALIZED) AND (name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint billing_details_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
  constraint billing_details_state_code_form CHECK ((state_code ~ '^[0-9]{2}$'::text)),
  constraint billing_details_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
row level security on
policy billing_details_insert_own permissive for insert to authenticated
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People write only their own details.
policy billing_details_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People read only their own details.
policy billing_details_update_own permissive for update to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People change only their own details.
grant to authenticated: insert (user_id, name, address, state_code, gstin)
grant to authenticated: select
grant to authenticated: update (name, address, state_code, gstin, updated_at)

-- public.blocked_dates: Whole days off, midnight to midnight in the mentor's zone.
create table public.blocked_dates (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  date date not null,
  reason text, -- For the mentor alone: no other role is granted this column.
  created_at timestamp with time zone not null default now(),
  constraint blocked_dates_pkey PRIMARY KEY (id),
  constraint blocked_dates_expert_id_date_key UNIQUE (expert_id, date),
  constraint blocked_dates_id_expert_id_key UNIQUE (id, expert_id),
  constraint blocked_dates_reason_clean CHECK (((reason IS NFC NORMALIZED) AND (reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint blocked_dates_reason_length CHECK ((char_length(reason) <= 500)),
  constraint blocked_dates_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX idx_blocked_dates_date ON public.blocked_dates USING btree (date)
CREATE INDEX idx_blocked_dates_expert_id ON public.blocked_dates USING btree (expert_id)
CREATE TRIGGER blocked_dates_05_lock_schedule BEFORE INSERT OR DELETE ON public.blocked_dates FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER blocked_dates_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.blocked_dates FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER blocked_dates_60_check_alerts AFTER DELETE ON public.blocked_dates FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER blocked_dates_80_count_delete AFTER DELETE ON public.blocked_dates REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER blocked_dates_81_count_insert AFTER INSERT ON public.blocked_dates REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER blocked_dates_90_limit AFTER INSERT ON public.blocked_dates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('blocked_dates')
row level security on
policy blocked_dates_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete their own days off.
policy blocked_dates_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add their own days off.
policy blocked_dates_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Days off are public, without the reason.
grant to anon: select (id, expert_id, date, created_at)
grant to authenticated: delete
grant to authenticated: insert (expert_id, date, reason)
grant to authenticated: select (id, expert_id, date, created_at)
grant to matepeak_app: select (id, expert_id, date, created_at)

-- public.booking_events: Append-only history: who changed which booking, when, from what to what, why.
create table public.booking_events (
  id bigint not null generated always as identity,
  booking_id uuid not null,
  expert_id uuid not null,
  kind private.booking_event_kind not null,
  actor_id uuid, -- Account of the student or mentor who acted; null for the system. No reference: history outlives accounts.
  actor private.booking_event_actor not null,
  from_status text,
  to_status text not null,
  reason private.booking_event_reason,
  created_at timestamp with time zone not null default now(),
  from_starts_at timestamp with time zone, -- The start before a move.
  to_starts_at timestamp with time zone, -- The start after a move.
  notified_at timestamp with time zone, -- When the messages about it were written; null until then.
  is_for_all boolean not null default false, -- It happened to every seat of a group session at once.
  constraint booking_events_pkey PRIMARY KEY (id),
  constraint booking_events_moves_have_times CHECK (((((kind)::text = 'rescheduled'::text) = (from_starts_at IS NOT NULL)) AND (((kind)::text = 'rescheduled'::text) = (to_starts_at IS NOT NULL)))),
  constraint booking_events_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
);
CREATE INDEX booking_events_booking_id_idx ON public.booking_events USING btree (booking_id, expert_id, id)
CREATE INDEX booking_events_to_notify_idx ON public.booking_events USING btree (id) WHERE (notified_at IS NULL)
CREATE TRIGGER booking_events_50_announce AFTER INSERT ON public.booking_events FOR EACH ROW WHEN (((new.kind)::text <> 'created'::text)) EXECUTE FUNCTION private.announce_booking_event()
row level security on
policy booking_events_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = booking_events.booking_id) AND (b.expert_id = booking_events.expert_id))))
    -- The same people as the booking itself, whose policy decides.
grant to authenticated: select
grant to matepeak_app: select

-- public.booking_link_generations: How often a student or mentor has revoked the links to one of their bookings. No row: never, links have generation 0.
create table public.booking_link_generations (
  booking_id uuid not null,
  expert_id uuid not null,
  user_id uuid not null,
  generation integer not null,
  ended_at timestamp with time zone not null default now(),
  constraint booking_link_generations_pkey PRIMARY KEY (booking_id, expert_id, user_id),
  constraint booking_link_generations_counted CHECK ((generation > 0)),
  constraint booking_link_generations_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
  constraint booking_link_generations_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX booking_link_generations_user_id_idx ON public.booking_link_generations USING btree (user_id)
row level security on
policy booking_link_generations_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People read how often they revoked their own links.
grant to authenticated: select (booking_id, expert_id, user_id, generation, ended_at)

-- public.bookings: A student's seat in a session. Never deleted; a called-off one is cancelled.
create table public.bookings (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  expert_id uuid not null,
  service_id uuid not null,
  occupancy_id uuid,
  session_type text not null,
  scheduled_date date not null, -- Date in the mentor's zone; starts_at is authoritative.
  scheduled_time private.booking_clock_time not null, -- HH:MM in the mentor's zone; starts_at is authoritative.
  duration private.booking_duration not null,
  status private.booking_status not null default 'pending'::text,
  message private.booking_message,
  total_minor private.booking_total not null, -- The price when it was booked, in minor units of its currency.
  total_amount numeric(10,2) not null, -- The same in major units, for clients that follow the guide.
  currency text not null,
  add_recording boolean not null default false,
  user_name private.booking_user_name not null default ''::text,
  user_email private.booking_user_email not null default ''::text,
  user_phone private.booking_user_phone,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  student_timezone text not null, -- The student's zone when booking.
  mentor_timezone text not null, -- The mentor's zone when it was booked or last rescheduled.
  expires_at timestamp with time zone, -- When an unanswered request expires.
  revision integer not null default 0, -- Counts changes: the SEQUENCE of the calendar entry (RFC 5545).
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  cancel_cutoff integer not null default 0, -- Minutes; copied from the service when it was booked.
  reschedule_cutoff integer not null default 0, -- Minutes; copied from the service when it was booked.
  archived_at timestamp with time zone, -- When a completed booking was archived, which hides it from the lists; null until then.
  meeting_url private.booking_meeting_url, -- The link of this one session: set by its mentor, or made for it; the mentor's room when null.
  meeting_note private.booking_meeting_note, -- What is needed to join, such as a passcode.
  judged_revision bigint, -- The revision of the mentor's schedule by which book_sessions() was given this booking; null when the triggers of an insert prepared it.
  payment_status private.booking_payment_status not null default 'free'::text, -- The guide's words for what has become of the money; free: nothing is charged through the app.
  status_when_paid private.booking_status_when_paid, -- The status that the payment will give it; null once it is paid, or free. An unpaid booking holds its time until expires_at.
  refund_full_cutoff integer not null default 0, -- Minutes before the start until which a cancellation is refunded in full; copied from the service when it was booked.
  refund_partial_cutoff integer not null default 0, -- Minutes before the start until which refund_partial_percent is refunded; copied from the service when it was booked.
  refund_partial_percent integer not null default 0, -- Copied from the service when it was booked.
  fee_basis_points integer not null default 0, -- The platform's share when it was booked, in hundredths of a percent.
  price_lines jsonb, -- What the price is made of: [{kind, amount_minor}], in order; null: the session alone.
  coupon_id uuid, -- The coupon that was used; whether the use was given back is in coupon_uses.
  package_purchase_id uuid, -- The bought package that pays for the session; null: money does.
  meeting_place jsonb, -- Where it takes place if not by the mentor's room, as it was agreed: {kind, caller, phone, address, map_url}, and with a link that was made for it {url, note}.
  shows_name boolean not null default false, -- Whether the other attendees of a group session may see the student's name.
  series_id uuid,
  series_place integer, -- Which session of its series it is; a cancelled one keeps its place.
  basket_id uuid, -- What it was booked with by one payment; null: alone.
  group_session_id uuid, -- The group session of this seat, also after it was cancelled; null of a session for one.
  constraint bookings_pkey PRIMARY KEY (id),
  constraint bookings_id_expert_id_key UNIQUE (id, expert_id),
  constraint bookings_ends_after_start CHECK ((ends_at = (starts_at + ((duration)::double precision * '00:01:00'::interval)))),
  constraint bookings_meeting_is_agreed CHECK ((((meeting_url IS NULL) AND (meeting_place IS NULL)) OR ((status)::text <> ALL (ARRAY['pending'::text, 'cancelled'::text])))),
  constraint bookings_meeting_note_has_url CHECK (((meeting_note IS NULL) OR (meeting_url IS NOT NULL))),
  constraint bookings_not_own_session CHECK ((user_id <> expert_id)),
  constraint bookings_only_completed_is_archived CHECK (((archived_at IS NULL) OR ((status)::text = 'completed'::text))),
  constraint bookings_only_requests_expire CHECK ((((status)::text = 'pending'::text) = (expires_at IS NOT NULL))),
  constraint bookings_price_lines_add_up CHECK (((price_lines IS NULL) OR (private.sum_of_lines(price_lines) = (total_minor)::numeric))),
  constraint bookings_series_has_places CHECK (((series_id IS NULL) = (series_place IS NULL))),
  constraint bookings_series_place_range CHECK (((series_place >= 1) AND (series_place <= 52))),
  constraint bookings_time_is_held CHECK ((((status)::text = 'cancelled'::text) = (occupancy_id IS NULL))),
  constraint bookings_total_amount_is_total CHECK (((total_amount * (100)::numeric) = (total_minor)::numeric)),
  constraint bookings_unpaid_is_open CHECK (((status_when_paid IS NULL) OR (((status)::text = ANY (ARRAY['pending'::text, 'cancelled'::text])) AND ((payment_status)::text <> 'free'::text)))),
  constraint bookings_basket_id_fkey FOREIGN KEY (basket_id, expert_id) REFERENCES public.baskets(id, expert_id),
  constraint bookings_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint bookings_group_session_id_fkey FOREIGN KEY (group_session_id, expert_id) REFERENCES public.group_sessions(id, expert_id),
  constraint bookings_occupancy_id_fkey FOREIGN KEY (occupancy_id, expert_id) REFERENCES public.occupancies(id, expert_id),
  constraint bookings_series_id_fkey FOREIGN KEY (series_id, expert_id) REFERENCES public.series(id, expert_id),
  constraint bookings_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint bookings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX bookings_basket_id_idx ON public.bookings USING btree (basket_id, expert_id) WHERE (basket_id IS NOT NULL)
CREATE INDEX bookings_expert_id_user_id_idx ON public.bookings USING btree (expert_id, user_id, starts_at DESC, id DESC)
CREATE INDEX bookings_expires_at_idx ON public.bookings USING btree (expert_id, expires_at) WHERE ((status)::text = 'pending'::text)
CREATE INDEX bookings_group_session_id_idx ON public.bookings USING btree (group_session_id, expert_id) WHERE (group_session_id IS NOT NULL)
CREATE UNIQUE INDEX bookings_one_seat_each ON public.bookings USING btree (occupancy_id, expert_id, user_id)
CREATE INDEX bookings_open_requests_idx ON public.bookings USING btree (user_id) WHERE ((status)::text = 'pending'::text)
CREATE INDEX bookings_paid_without_session_idx ON public.bookings USING btree (ends_at) WHERE (((payment_status)::text = ANY (ARRAY['completed'::text, 'partially_refunded'::text])) AND ((status)::text = ANY (ARRAY['pending'::text, 'cancelled'::text])))
CREATE UNIQUE INDEX bookings_series_places ON public.bookings USING btree (series_id, expert_id, series_place) WHERE (series_id IS NOT NULL)
CREATE INDEX bookings_service_id_idx ON public.bookings USING btree (service_id, expert_id)
CREATE INDEX bookings_to_abandon_idx ON public.bookings USING btree (created_at) WHERE ((status)::text = 'pending'::text)
CREATE INDEX bookings_to_archive_idx ON public.bookings USING btree (ends_at) WHERE (((status)::text = 'completed'::text) AND (archived_at IS NULL))
CREATE INDEX bookings_to_complete_idx ON public.bookings USING btree (ends_at, id) WHERE ((status)::text = 'confirmed'::text)
CREATE INDEX bookings_to_expire_idx ON public.bookings USING btree (expires_at) WHERE ((status)::text = 'pending'::text)
CREATE INDEX idx_bookings_expert_id ON public.bookings USING btree (expert_id, starts_at DESC, id DESC)
CREATE INDEX idx_bookings_scheduled_date ON public.bookings USING btree (scheduled_date)
CREATE INDEX idx_bookings_user_id ON public.bookings USING btree (user_id, starts_at DESC, id DESC)
CREATE TRIGGER bookings_05_lock_schedule BEFORE UPDATE ON public.bookings FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER bookings_10_clear_meeting BEFORE UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text = 'cancelled'::text) AND ((new.meeting_url IS NOT NULL) OR (new.meeting_place IS NOT NULL)))) EXECUTE FUNCTION private.clear_booking_meeting()
CREATE TRIGGER bookings_15_check_transition BEFORE UPDATE ON public.bookings FOR EACH ROW EXECUTE FUNCTION private.check_booking_transition()
CREATE TRIGGER bookings_16_join_group BEFORE UPDATE ON public.bookings FOR EACH ROW WHEN (((new.session_type = 'groupSession'::text) AND (new.occupancy_id IS NOT NULL) AND ((new.occupancy_id IS DISTINCT FROM old.occupancy_id) OR (new.starts_at IS DISTINCT FROM old.starts_at)))) EXECUTE FUNCTION private.join_group()
CREATE TRIGGER bookings_17_settle_money BEFORE UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text IS DISTINCT FROM (old.status)::text) AND ((old.payment_status)::text <> 'free'::text) AND (NOT ((new.status_when_paid)::text IS DISTINCT FROM (old.status_when_paid)::text)))) EXECUTE FUNCTION private.settle_money_of_booking()
CREATE TRIGGER bookings_18_settle_offers BEFORE UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text IS DISTINCT FROM (old.status)::text) AND ((old.coupon_id IS NOT NULL) OR (old.package_purchase_id IS NOT NULL)))) EXECUTE FUNCTION private.settle_offers_of_booking()
CREATE TRIGGER bookings_19_agree_place BEFORE UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text = 'confirmed'::text) AND (((old.status)::text <> 'confirmed'::text) OR (new.occupancy_id IS DISTINCT FROM old.occupancy_id)))) EXECUTE FUNCTION private.set_meeting_place()
CREATE TRIGGER bookings_20_prepare BEFORE INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.prepare_booking()
CREATE TRIGGER bookings_30_check_pause BEFORE INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.check_mentor_accepts()
CREATE TRIGGER bookings_35_set_mentor_wall_clock BEFORE INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.set_mentor_wall_clock()
CREATE TRIGGER bookings_36_move_mentor_wall_clock BEFORE UPDATE OF starts_at ON public.bookings FOR EACH ROW EXECUTE FUNCTION private.set_mentor_wall_clock()
CREATE TRIGGER bookings_37_take_group_seat BEFORE INSERT ON public.bookings FOR EACH ROW WHEN ((new.session_type = 'groupSession'::text)) EXECUTE FUNCTION private.join_group()
CREATE TRIGGER bookings_40_set_place BEFORE INSERT ON public.bookings FOR EACH ROW WHEN (((new.status)::text = 'confirmed'::text)) EXECUTE FUNCTION private.set_meeting_place()
CREATE TRIGGER bookings_50_announce_meeting AFTER UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.meeting_url)::text IS DISTINCT FROM (old.meeting_url)::text) OR ((new.meeting_note)::text IS DISTINCT FROM (old.meeting_note)::text))) EXECUTE FUNCTION private.announce_meeting()
CREATE TRIGGER bookings_55_limit_open AFTER INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.limit_new_booking()
CREATE TRIGGER bookings_56_take_offers AFTER INSERT ON public.bookings FOR EACH ROW WHEN (((new.coupon_id IS NOT NULL) OR (new.package_purchase_id IS NOT NULL))) EXECUTE FUNCTION private.take_offers_of_booking()
CREATE TRIGGER bookings_57_open_payment AFTER INSERT ON public.bookings FOR EACH ROW WHEN (((new.judged_revision IS NULL) AND (new.status_when_paid IS NOT NULL))) EXECUTE FUNCTION private.open_payment()
CREATE TRIGGER bookings_58_accept_offer AFTER INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.accept_offer()
CREATE TRIGGER bookings_60_record_created AFTER INSERT ON public.bookings FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.record_booking_event()
CREATE TRIGGER bookings_61_record_move AFTER UPDATE ON public.bookings FOR EACH ROW WHEN ((new.starts_at IS DISTINCT FROM old.starts_at)) EXECUTE FUNCTION private.record_booking_move()
CREATE TRIGGER bookings_62_record_step AFTER UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text IS DISTINCT FROM (old.status)::text) OR ((old.status_when_paid IS NOT NULL) AND (new.status_when_paid IS NULL)))) EXECUTE FUNCTION private.record_booking_event()
CREATE TRIGGER bookings_65_settle_offer AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((old.status_when_paid IS NOT NULL) AND ((new.status_when_paid IS NULL) OR ((new.status)::text IS DISTINCT FROM (old.status)::text)))) EXECUTE FUNCTION private.settle_offer_of_booking()
CREATE TRIGGER bookings_70_settle_occupancy AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((new.status)::text IS DISTINCT FROM (old.status)::text)) EXECUTE FUNCTION private.settle_occupancy()
CREATE TRIGGER bookings_71_follow AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((new.starts_at IS DISTINCT FROM old.starts_at) OR (((new.status)::text = 'cancelled'::text) AND ((old.status)::text <> 'cancelled'::text)))) EXECUTE FUNCTION private.follow_booking()
CREATE TRIGGER bookings_72_follow_with_payment AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((new.ends_at IS DISTINCT FROM old.ends_at) AND ((new.payment_status)::text <> 'free'::text))) EXECUTE FUNCTION private.follow_session_with_payment()
CREATE TRIGGER bookings_73_ask_for_meeting AFTER INSERT ON public.bookings FOR EACH ROW WHEN ((new.meeting_place IS NOT NULL)) EXECUTE FUNCTION private.ask_for_meeting()
CREATE TRIGGER bookings_74_follow_with_meeting AFTER UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.meeting_place IS NOT NULL) OR (old.meeting_place IS NOT NULL)) AND ((new.status)::text = ANY (ARRAY['confirmed'::text, 'cancelled'::text])) AND (((new.status)::text IS DISTINCT FROM (old.status)::text) OR (new.starts_at IS DISTINCT FROM old.starts_at)))) EXECUTE FUNCTION private.ask_for_meeting()
CREATE TRIGGER bookings_75_join_cancellation AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((CURRENT_USER = 'authenticated'::name) AND ((old.status)::text = 'cancelled'::text) AND ((new.status)::text = 'cancelled'::text))) EXECUTE FUNCTION private.join_cancellation_of_booking()
CREATE TRIGGER bookings_76_end_together AFTER UPDATE ON public.bookings FOR EACH ROW WHEN ((((new.status)::text = 'cancelled'::text) AND ((old.status)::text = 'pending'::text) AND (old.status_when_paid IS NOT NULL) AND (num_nonnulls(old.basket_id, old.series_id) > 0))) EXECUTE FUNCTION private.end_holds_together()
CREATE TRIGGER bookings_77_promise_series AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((old.status_when_paid IS NOT NULL) AND (new.status_when_paid IS NULL) AND (new.series_id IS NOT NULL))) EXECUTE FUNCTION private.promise_series()
CREATE TRIGGER bookings_78_count_seat AFTER INSERT ON public.bookings FOR EACH ROW WHEN ((new.group_session_id IS NOT NULL)) EXECUTE FUNCTION private.follow_seat()
CREATE TRIGGER bookings_79_count_seat_change AFTER UPDATE ON public.bookings FOR EACH ROW WHEN (((new.revision <> old.revision) AND ((new.group_session_id IS NOT NULL) OR (old.group_session_id IS NOT NULL)))) EXECUTE FUNCTION private.follow_seat()
row level security on
policy bookings_insert_own permissive for insert to authenticated, matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students book only for themselves.
policy bookings_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
policy bookings_update_mentor permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- The mentor approves, declines, cancels and completes. A student cancels through change_booking_status().
grant to authenticated: insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, message, add_recording, user_name, user_email, user_phone, student_timezone)
grant to authenticated: select
grant to authenticated: update (status)
grant to matepeak_app: insert (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration, status, message, add_recording, user_name, user_email, user_phone, starts_at, student_timezone, coupon_id, package_purchase_id, shows_name, series_id, series_place, basket_id)
grant to matepeak_app: select

-- public.busy_times: When a mentor is busy elsewhere: all that counts of connected_events, as one. Says nothing of calendars, so that everyone can see it, like taken time.
create table public.busy_times (
  expert_id uuid not null,
  during tstzmultirange not null default '{}'::tstzmultirange,
  pauses_offering boolean not null default false, -- A calendar is too old to rely on, and its mentor offers nothing meanwhile.
  constraint busy_times_pkey PRIMARY KEY (expert_id),
  constraint busy_times_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE TRIGGER busy_times_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.busy_times FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER busy_times_60_check_alerts AFTER UPDATE ON public.busy_times FOR EACH ROW WHEN (((NOT (new.during @> old.during)) OR (old.pauses_offering AND (NOT new.pauses_offering)))) EXECUTE FUNCTION private.enqueue_alert_check()
row level security on
policy busy_times_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- When a mentor is busy is public, because it decides what is free; where and why is not. Written by functions only.
grant to anon: select
grant to authenticated: select
grant to matepeak_app: select

-- public.calendar_connections: A login, or an address, at which a person has calendars elsewhere.
create table public.calendar_connections (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  kind text not null,
  name text not null,
  server_url text, -- Of a CalDAV server. The address of a feed is a secret, so it is part of the credential.
  host text, -- `host` or `host:port` that is asked, of a feed as well. Null: a provider whose own limits count.
  username text,
  credential bytea not null, -- Sealed by server/platform/keyring.ts for this row: a password, tokens, or the address of a feed. No person reads it.
  login_ends_at timestamp with time zone, -- When the login is known to end, if it is.
  account_id text, -- The vendor's own name for the account (`sub` of its id token), which stays when its address changes. Null of passwords and feeds.
  granted_scopes text, -- What its owner has allowed at the vendor, as the vendor has said it: not what was asked for. Null of passwords and feeds.
  may_write boolean, -- Whether granted_scopes allow to write (server/calendarConnections/oauth.ts). Null of passwords and feeds, of which each calendar tells.
  if_stale text not null default 'continue'::text, -- What the mentor wants once busy times are too old to rely on.
  shows_titles boolean not null default false, -- Whether titles of events are stored, for their owner alone.
  problem text, -- A code of server/calendarConnections/provider.ts: why the last read failed. Null after one that did not.
  problem_detail text, -- What the provider itself said.
  broken_since timestamp with time zone, -- When the first of the failures in a row was.
  needs_owner boolean not null default false, -- Whether only its owner can mend the problem (rules/calendarHealth.ts): waiting does not help.
  failures integer not null default 0,
  synced_at timestamp with time zone, -- The busy times are those of this moment.
  sync_due_at timestamp with time zone not null default now(),
  lease uuid, -- Which run of a worker may write what it reads; of another run nothing is taken, however late it comes.
  leased_until timestamp with time zone,
  stale_told_at timestamp with time zone, -- Since when the busy times are too old to rely on: their owner was notified then, and offers nothing if that is their choice.
  broken_told_at timestamp with time zone, -- When the person was last told that only they can mend it. Null after a new login.
  login_end_told_at timestamp with time zone, -- When the person was last told that the login ends soon.
  created_at timestamp with time zone not null default now(),
  constraint calendar_connections_pkey PRIMARY KEY (id),
  constraint calendar_connections_id_user_id_key UNIQUE (id, user_id),
  constraint calendar_connections_account_id_form CHECK ((account_id ~ '^[\x21-\x7e]{1,255}$'::text)),
  constraint calendar_connections_credential_length CHECK (((octet_length(credential) >= 29) AND (octet_length(credential) <= 20000))),
  constraint calendar_connections_failures_range CHECK ((failures >= 0)),
  constraint calendar_connections_granted_scopes_clean CHECK ((granted_scopes !~ '[^\x20-\x7e]'::text)),
  constraint calendar_connections_granted_scopes_length CHECK ((char_length(granted_scopes) <= 2000)),
  constraint calendar_connections_host_length CHECK (((char_length(host) >= 1) AND (char_length(host) <= 300))),
  constraint calendar_connections_if_stale_known CHECK ((if_stale = ANY (ARRAY['continue'::text, 'pause'::text]))),
  constraint calendar_connections_kind_known CHECK ((kind = ANY (ARRAY['caldav'::text, 'google'::text, 'microsoft'::text, 'feed'::text]))),
  constraint calendar_connections_lease_ends CHECK (((lease IS NULL) = (leased_until IS NULL))),
  constraint calendar_connections_name_clean CHECK (((name IS NFC NORMALIZED) AND (name !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
  constraint calendar_connections_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
  constraint calendar_connections_owner_has_problem CHECK (((problem IS NOT NULL) OR (NOT needs_owner))),
  constraint calendar_connections_problem_detail_length CHECK ((char_length(problem_detail) <= 300)),
  constraint calendar_connections_problem_since CHECK (((problem IS NULL) = (broken_since IS NULL))),
  constraint calendar_connections_server_of_caldav CHECK (((kind = 'caldav'::text) = (server_url IS NOT NULL))),
  constraint calendar_connections_server_url_form CHECK ((server_url ~ '^https?://[^/?#@\\]+([/?#].*)?$'::text)),
  constraint calendar_connections_server_url_length CHECK ((char_length(server_url) <= 500)),
  constraint calendar_connections_username_clean CHECK (((username IS NFC NORMALIZED) AND (username !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
  constraint calendar_connections_username_length CHECK (((char_length(username) >= 1) AND (char_length(username) <= 254))),
  constraint calendar_connections_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX calendar_connections_due_idx ON public.calendar_connections USING btree (sync_due_at)
CREATE INDEX calendar_connections_leased_idx ON public.calendar_connections USING btree (leased_until) WHERE (leased_until IS NOT NULL)
CREATE INDEX calendar_connections_login_ends_idx ON public.calendar_connections USING btree (login_ends_at) WHERE (login_ends_at IS NOT NULL)
CREATE INDEX calendar_connections_user_id_idx ON public.calendar_connections USING btree (user_id, created_at)
CREATE TRIGGER calendar_connections_05_lock_schedule BEFORE UPDATE OF if_stale, shows_titles ON public.calendar_connections FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER calendar_connections_10_part BEFORE DELETE ON public.calendar_connections FOR EACH ROW EXECUTE FUNCTION private.part_from_calendars()
CREATE TRIGGER calendar_connections_20_release_login BEFORE DELETE ON public.calendar_connections FOR EACH ROW WHEN ((old.kind = ANY (ARRAY['google'::text, 'microsoft'::text]))) EXECUTE FUNCTION private.release_login()
CREATE TRIGGER calendar_connections_50_apply_choice AFTER UPDATE OF if_stale, shows_titles ON public.calendar_connections FOR EACH ROW WHEN (((old.if_stale IS DISTINCT FROM new.if_stale) OR (old.shows_titles IS DISTINCT FROM new.shows_titles))) EXECUTE FUNCTION private.apply_connection_choice()
row level security on
policy calendar_connections_read_app permissive for select to matepeak_app
    using true
    -- The app reports on connections to their people.
policy calendar_connections_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People see only their own connections.
policy calendar_connections_update_own permissive for update to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People name their own connections.
grant to authenticated: select (id, user_id, kind, name, server_url, username, login_ends_at, account_id, granted_scopes, may_write, if_stale, shows_titles, problem, problem_detail, broken_since, failures, synced_at, sync_due_at, stale_told_at, created_at)
grant to authenticated: update (name, if_stale, shows_titles)
grant to matepeak_app: select (id, user_id, kind, name, server_url, username, login_ends_at, account_id, granted_scopes, may_write, if_stale, shows_titles, problem, problem_detail, broken_since, failures, synced_at, sync_due_at, stale_told_at, created_at)

-- public.calendar_feeds: A person's calendar feed. No row: it is off. Anyone who has the token can read the person's sessions.
create table public.calendar_feeds (
  user_id uuid not null,
  token_hash bytea not null, -- SHA-256 of the token in the address; the token itself is not stored.
  created_at timestamp with time zone not null default now(), -- When the present address was created.
  last_read_at timestamp with time zone, -- When a calendar last asked, to within an hour.
  constraint calendar_feeds_pkey PRIMARY KEY (user_id),
  constraint calendar_feeds_token_hash_key UNIQUE (token_hash),
  constraint calendar_feeds_hash_length CHECK ((octet_length(token_hash) = 32)),
  constraint calendar_feeds_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
row level security on
policy calendar_feeds_delete_own permissive for delete to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People turn off only their own feed.
policy calendar_feeds_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People see only whether their own feed is on.
grant to authenticated: delete, select

-- public.connected_calendars: A calendar of a connection.
create table public.connected_calendars (
  id uuid not null default private.uuid_v7(),
  connection_id uuid not null,
  user_id uuid not null,
  remote_id text not null, -- The calendar's name at its provider: the address of a CalDAV collection, or an id.
  name text not null,
  color text,
  timezone text, -- IANA zone in which its all-day events are read, if the provider names it.
  is_writable boolean not null,
  counts_as_busy boolean not null,
  receives_sessions boolean not null default false,
  entries_problem text, -- A code of server/calendarConnections/provider.ts: why the last session could not be written. Null after one that could.
  entries_problem_detail text,
  entries_failures integer not null default 0,
  entries_due_at timestamp with time zone, -- Before then no session is written, as the last one could not be.
  sync_state jsonb, -- How far it was read: what the provider needs to return only what has changed since. Null: all is read.
  read_fully_at timestamp with time zone,
  read_until timestamp with time zone, -- To where its events were expanded. Less than the mentor's booking window: all is read again.
  missing_since timestamp with time zone, -- When the provider first did not list it any more. What was busy stays busy until its owner decides.
  push_channel text, -- The provider's promise to report changes at once, if there is one.
  push_resource text,
  push_secret_hash bytea, -- SHA-256 of what a report has to contain, so that nothing but the provider can send it.
  push_ends_at timestamp with time zone,
  push_due_at timestamp with time zone, -- Not before then is the provider asked to report changes, or to go on reporting them. Null: with the next read.
  created_at timestamp with time zone not null default now(),
  constraint connected_calendars_pkey PRIMARY KEY (id),
  constraint connected_calendars_remote_key UNIQUE (connection_id, remote_id),
  constraint connected_calendars_color_form CHECK ((color ~ '^#[0-9a-f]{6}$'::text)),
  constraint connected_calendars_entries_failures_range CHECK ((entries_failures >= 0)),
  constraint connected_calendars_entries_problem_detail_length CHECK ((char_length(entries_problem_detail) <= 300)),
  constraint connected_calendars_name_clean CHECK (((name IS NFC NORMALIZED) AND (name !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
  constraint connected_calendars_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  constraint connected_calendars_push_channel_length CHECK (((char_length(push_channel) >= 1) AND (char_length(push_channel) <= 200))),
  constraint connected_calendars_push_resource_length CHECK ((char_length(push_resource) <= 500)),
  constraint connected_calendars_push_secret_hash_length CHECK ((octet_length(push_secret_hash) = 32)),
  constraint connected_calendars_remote_id_length CHECK (((char_length(remote_id) >= 1) AND (char_length(remote_id) <= 2000))),
  constraint connected_calendars_sessions_writable CHECK ((is_writable OR (NOT receives_sessions))),
  constraint connected_calendars_timezone_length CHECK (((char_length(timezone) >= 1) AND (char_length(timezone) <= 64))),
  constraint connected_calendars_connection_id_fkey FOREIGN KEY (connection_id, user_id) REFERENCES public.calendar_connections(id, user_id) ON DELETE CASCADE,
  constraint connected_calendars_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX connected_calendars_connection_id_idx ON public.connected_calendars USING btree (connection_id, user_id)
CREATE UNIQUE INDEX connected_calendars_push_channel_key ON public.connected_calendars USING btree (push_channel)
CREATE UNIQUE INDEX connected_calendars_receiver_key ON public.connected_calendars USING btree (user_id) WHERE receives_sessions
CREATE INDEX connected_calendars_user_id_idx ON public.connected_calendars USING btree (user_id)
CREATE TRIGGER connected_calendars_50_follow_receiver AFTER UPDATE ON public.connected_calendars FOR EACH ROW WHEN ((new.receives_sessions <> old.receives_sessions)) EXECUTE FUNCTION private.follow_receiving_calendar()
CREATE TRIGGER connected_calendars_60_follow_meet AFTER UPDATE ON public.connected_calendars FOR EACH ROW WHEN ((new.receives_sessions <> old.receives_sessions)) EXECUTE FUNCTION private.follow_meet_calendar()
CREATE TRIGGER connected_calendars_61_follow_meet_deleted AFTER DELETE ON public.connected_calendars FOR EACH ROW WHEN (old.receives_sessions) EXECUTE FUNCTION private.follow_meet_calendar()
row level security on
policy connected_calendars_read_app permissive for select to matepeak_app
    using true
    -- The jobs read what they are to read next.
policy connected_calendars_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People see only their own calendars.
grant to authenticated: select
grant to matepeak_app: select

-- public.connected_events: When a person is busy by a connected calendar, each occurrence a row, from yesterday to the end of what can be booked.
create table public.connected_events (
  id uuid not null default private.uuid_v7(),
  calendar_id uuid not null,
  ref text not null,
  user_id uuid not null,
  during tstzrange not null,
  is_all_day boolean not null,
  title text, -- Only if its owner wants to see titles.
  constraint connected_events_pkey PRIMARY KEY (id),
  constraint connected_events_during_bounded CHECK (((NOT isempty(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
  constraint connected_events_title_clean CHECK (((title IS NFC NORMALIZED) AND (title !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
  constraint connected_events_title_length CHECK ((char_length(title) <= 200)),
  constraint connected_events_object_fkey FOREIGN KEY (calendar_id, ref) REFERENCES public.connected_objects(calendar_id, ref) ON DELETE CASCADE,
  constraint connected_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX connected_events_object_idx ON public.connected_events USING btree (calendar_id, ref)
CREATE INDEX connected_events_user_id_during_idx ON public.connected_events USING gist (user_id, during)
row level security on
policy connected_events_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- What is in a person's calendars is for that person alone.
grant to authenticated: select

-- public.connected_objects: What was read of a calendar, so that the next read asks only for what has changed.
create table public.connected_objects (
  calendar_id uuid not null,
  ref text not null, -- The object's name at its provider: a path, or an id.
  user_id uuid not null,
  etag text,
  uid text,
  awaits_read boolean not null default false, -- Written by us and not read since. A server need not report what was made and deleted between two reads, so one that a read does not bring is gone.
  constraint connected_objects_pkey PRIMARY KEY (calendar_id, ref),
  constraint connected_objects_etag_length CHECK ((char_length(etag) <= 500)),
  constraint connected_objects_ref_length CHECK (((char_length(ref) >= 1) AND (char_length(ref) <= 2000))),
  constraint connected_objects_uid_length CHECK ((char_length(uid) <= 1000)),
  constraint connected_objects_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES public.connected_calendars(id) ON DELETE CASCADE,
  constraint connected_objects_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX connected_objects_user_id_idx ON public.connected_objects USING btree (user_id)
CREATE TRIGGER connected_objects_80_suspect_new AFTER INSERT ON public.connected_objects REFERENCING NEW TABLE AS new_objects FOR EACH STATEMENT EXECUTE FUNCTION private.suspect_entries()
CREATE TRIGGER connected_objects_81_suspect_changed AFTER UPDATE ON public.connected_objects REFERENCING NEW TABLE AS new_objects FOR EACH STATEMENT EXECUTE FUNCTION private.suspect_entries()
CREATE TRIGGER connected_objects_82_suspect_gone AFTER DELETE ON public.connected_objects REFERENCING OLD TABLE AS old_objects FOR EACH STATEMENT EXECUTE FUNCTION private.suspect_entries()
row level security on
policy connected_objects_read_app permissive for select to matepeak_app
    using true
    -- The jobs compare them with what the provider has.
policy connected_objects_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- An event in two of a person's calendars is shown to that person once.
grant to authenticated: select (calendar_id, ref, user_id, uid)
grant to matepeak_app: select

-- public.coupon_uses: Which booking used which coupon. Written in the booking's transaction only.
create table public.coupon_uses (
  booking_id uuid not null,
  expert_id uuid not null,
  coupon_id uuid not null,
  user_id uuid not null,
  used_at timestamp with time zone not null default now(),
  given_back_at timestamp with time zone, -- When it could be used again, because the session did not take place.
  together_id uuid, -- The series or the basket that was booked with this one use, which is given back with the last of its bookings; null: the booking alone.
  constraint coupon_uses_pkey PRIMARY KEY (booking_id, expert_id),
  constraint coupon_uses_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint coupon_uses_coupon_id_fkey FOREIGN KEY (coupon_id, expert_id) REFERENCES public.coupons(id, expert_id),
  constraint coupon_uses_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX coupon_uses_coupon_id_idx ON public.coupon_uses USING btree (coupon_id, expert_id, user_id)
CREATE INDEX coupon_uses_user_id_idx ON public.coupon_uses USING btree (user_id)
row level security on
policy coupon_uses_read_party permissive for select to authenticated
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only the student and the mentor of the booking.
grant to authenticated: select

-- public.coupons: A mentor's own discounts. A deleted one is kept for the bookings that used it.
create table public.coupons (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  code text not null, -- In capitals: codes are compared without regard to case.
  basis_points integer, -- Hundredths of a percent off; or else amount_minor is taken off.
  amount_minor bigint,
  currency text not null default 'INR'::text,
  active_from timestamp with time zone,
  active_until timestamp with time zone,
  max_uses integer, -- null: no limit. A use that is given back does not count.
  max_uses_per_student integer default 1, -- null: no limit.
  service_ids uuid[], -- The services that it is for; null: all.
  first_session_only boolean not null default false, -- Only for students without another session with the mentor.
  enabled boolean not null default true,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint coupons_pkey PRIMARY KEY (id),
  constraint coupons_id_expert_id_key UNIQUE (id, expert_id),
  constraint coupons_amount_range CHECK (((amount_minor >= 1) AND (amount_minor <= 1000000000))),
  constraint coupons_basis_points_range CHECK (((basis_points >= 100) AND (basis_points <= 10000))),
  constraint coupons_code_form CHECK ((code ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'::text)),
  constraint coupons_currency_known CHECK ((currency = 'INR'::text)),
  constraint coupons_ends_after_start CHECK ((active_until > active_from)),
  constraint coupons_max_uses_per_student_range CHECK (((max_uses_per_student >= 1) AND (max_uses_per_student <= 100000))),
  constraint coupons_max_uses_range CHECK (((max_uses >= 1) AND (max_uses <= 100000))),
  constraint coupons_one_discount CHECK ((num_nonnulls(basis_points, amount_minor) = 1)),
  constraint coupons_service_ids_count CHECK (((cardinality(service_ids) >= 1) AND (cardinality(service_ids) <= 30))),
  constraint coupons_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE UNIQUE INDEX coupons_expert_id_code_key ON public.coupons USING btree (expert_id, code) WHERE (deleted_at IS NULL)
CREATE INDEX coupons_expert_id_idx ON public.coupons USING btree (expert_id)
CREATE TRIGGER coupons_05_lock_schedule BEFORE INSERT OR UPDATE ON public.coupons FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER coupons_10_keep_deleted BEFORE UPDATE OF deleted_at ON public.coupons FOR EACH ROW WHEN ((old.deleted_at IS NOT NULL)) EXECUTE FUNCTION private.keep_deleted_offer()
CREATE TRIGGER coupons_20_touch BEFORE UPDATE ON public.coupons FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER coupons_90_limit AFTER INSERT ON public.coupons REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('coupons')
row level security on
policy coupons_own permissive for all to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Only their mentor: a code is a secret that the mentor gives away.
grant to authenticated: insert (expert_id, code, basis_points, amount_minor, currency, active_from, active_until, max_uses, max_uses_per_student, service_ids, first_session_only, enabled)
grant to authenticated: select
grant to authenticated: update (basis_points, amount_minor, currency, active_from, active_until, max_uses, max_uses_per_student, service_ids, first_session_only, enabled, deleted_at)

-- public.credit_uses: The sessions of a bought package that bookings have taken. Its id is the reference of the ledger's transfers.
create table public.credit_uses (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  booking_id uuid not null,
  package_purchase_id uuid not null,
  share_minor bigint not null, -- The part of the package's price that the mentor earns with the session.
  currency text not null,
  state text not null default 'reserved'::text,
  earned_at timestamp with time zone, -- When the mentor was credited with the share.
  created_at timestamp with time zone not null default now(),
  constraint credit_uses_pkey PRIMARY KEY (id),
  constraint credit_uses_id_expert_id_key UNIQUE (id, expert_id),
  constraint credit_uses_returned_is_not_earned CHECK (((state <> 'returned'::text) OR (earned_at IS NULL))),
  constraint credit_uses_share_range CHECK ((share_minor >= 0)),
  constraint credit_uses_state_known CHECK ((state = ANY (ARRAY['reserved'::text, 'used'::text, 'returned'::text]))),
  constraint credit_uses_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint credit_uses_package_purchase_id_fkey FOREIGN KEY (package_purchase_id, expert_id) REFERENCES public.package_purchases(id, expert_id),
);
CREATE INDEX credit_uses_booking_id_idx ON public.credit_uses USING btree (booking_id, expert_id)
CREATE UNIQUE INDEX credit_uses_one_each ON public.credit_uses USING btree (booking_id, expert_id) WHERE (state <> 'returned'::text)
CREATE INDEX credit_uses_package_purchase_id_idx ON public.credit_uses USING btree (package_purchase_id, expert_id)
CREATE INDEX credit_uses_to_earn_idx ON public.credit_uses USING btree (created_at) WHERE ((state <> 'returned'::text) AND (earned_at IS NULL))
row level security on
policy credit_uses_read_party permissive for select to authenticated
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = credit_uses.booking_id) AND (b.expert_id = credit_uses.expert_id))))
    -- The same people as the booking itself, whose policy decides.
grant to authenticated: select

-- public.documents: Receipts, fee invoices and credit notes for either as they were issued. Never changed; kept after people are gone, as the law wants.
create table public.documents (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  user_id uuid not null, -- For whom it is: the student, or the mentor if it is about the fee.
  kind text not null,
  series text not null, -- Receipts (R) and credit notes (C) are numbered per mentor, who issues them; fee invoices (F) and credit notes for them (N) by the platform. T before it: of the sandbox.
  start_year integer not null, -- In which the financial year of the number began.
  number_in_series integer not null,
  number text not null,
  issued_at timestamp with time zone not null,
  sandbox boolean not null, -- No real money: such documents have series of their own, and may be deleted.
  reference_id uuid not null, -- What it is about: the payment of a receipt, the refund of either credit note, the booking of a fee invoice or its fee_id.
  booking_id uuid,
  payment_id uuid,
  refund_id uuid,
  currency text not null,
  total_minor bigint not null,
  content jsonb not null, -- All that it says, as it was: names, lines, taxes. server/documents/ shows it.
  fee_id uuid, -- The reference of the fee in the ledger, if it was kept from the money of a package: for a session, or what was left.
  constraint documents_pkey PRIMARY KEY (id),
  constraint documents_id_expert_id_key UNIQUE (id, expert_id),
  constraint documents_number_key UNIQUE (expert_id, series, start_year, number_in_series),
  constraint documents_once UNIQUE (expert_id, kind, reference_id),
  constraint documents_content_object CHECK ((jsonb_typeof(content) = 'object'::text)),
  constraint documents_currency_known CHECK ((currency = 'INR'::text)),
  constraint documents_fee_invoice_is_the_mentors CHECK (((kind <> ALL (ARRAY['fee_invoice'::text, 'fee_credit_note'::text])) OR (user_id = expert_id))),
  constraint documents_fee_of_a_fee_invoice CHECK (((fee_id IS NULL) OR (kind = 'fee_invoice'::text))),
  constraint documents_kind_known CHECK ((kind = ANY (ARRAY['receipt'::text, 'fee_invoice'::text, 'credit_note'::text, 'fee_credit_note'::text]))),
  constraint documents_number_in_series_positive CHECK ((number_in_series > 0)),
  constraint documents_number_length CHECK (((char_length(number) >= 1) AND (char_length(number) <= 16))),
  constraint documents_reference_is_the_cause CHECK ((NOT (reference_id IS DISTINCT FROM
CASE kind
    WHEN 'receipt'::text THEN payment_id
    WHEN 'fee_invoice'::text THEN COALESCE(fee_id, booking_id)
    ELSE refund_id
END))),
  constraint documents_total_positive CHECK ((total_minor > 0)),
  constraint documents_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint documents_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint documents_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
  constraint documents_refund_id_fkey FOREIGN KEY (refund_id, expert_id) REFERENCES public.refunds(id, expert_id),
  constraint documents_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX documents_booking_id_idx ON public.documents USING btree (booking_id, expert_id)
CREATE INDEX documents_expert_id_idx ON public.documents USING btree (expert_id, issued_at DESC, id DESC)
CREATE INDEX documents_payment_id_idx ON public.documents USING btree (payment_id, expert_id)
CREATE UNIQUE INDEX documents_platform_number_key ON public.documents USING btree (series, start_year, number_in_series) WHERE (kind = ANY (ARRAY['fee_invoice'::text, 'fee_credit_note'::text]))
CREATE INDEX documents_refund_id_idx ON public.documents USING btree (refund_id, expert_id)
CREATE INDEX documents_user_id_idx ON public.documents USING btree (user_id, issued_at DESC, id DESC)
CREATE TRIGGER documents_10_keep BEFORE DELETE OR UPDATE ON public.documents FOR EACH ROW EXECUTE FUNCTION private.keep_document()
row level security on
policy documents_read_party permissive for select to authenticated
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Students read their receipts and credit notes, and so does the mentor in whose name they are; mentors what is about the fee.
grant to authenticated: select

-- public.expert_profiles: A mentor's public page and scheduling rules. Holds no contact or payout data.
create table public.expert_profiles (
  id uuid not null,
  username text not null,
  full_name text not null,
  headline text not null default ''::text,
  bio text not null default ''::text,
  expertise text[] not null default '{}'::text[],
  languages text[] not null default '{}'::text[],
  timezone text not null, -- IANA zone of the mentor's hours.
  slot_interval integer not null default 30, -- Minutes between offered starts.
  buffer_before integer not null default 0,
  buffer_after integer not null default 0,
  minimum_notice integer not null default 0, -- Minutes between now and the earliest offered start.
  booking_window_days integer not null default 60,
  max_per_day integer,
  max_per_week integer,
  instant_confirm boolean not null default false,
  verified boolean not null default false,
  rating numeric(3,2), -- Set by reviews of completed sessions only.
  review_count integer not null default 0,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  hours_revision integer not null default 0, -- Grows with every change of hours, days off, travels or scheduling settings. Set by triggers only.
  listed boolean not null default true, -- Whether the search shows the page. Anyone with the link can see it and book, either way.
  review_weight integer not null default 0, -- Independent reviews: at most as many as sessions, and at most as many as students. Twelve seats of one group session count as one session, twelve sessions with one student as one student.
  ranked_rating numeric(5,4) not null generated always as (private.rating_with_prior(rating, review_weight)) stored, -- The rating that the search sorts by; never shown.
  accepting_bookings boolean not null default true, -- False: no time is offered and no new booking accepted. Existing bookings are unaffected.
  entry_revision integer not null default 0, -- Counts what changes in the calendar entries of all the mentor's sessions: name, titles and room.
  entry_changed_at timestamp with time zone not null default now(),
  search_text text not null generated always as (private.mentor_search_text(full_name, headline, bio, expertise, languages)) stored,
  search_name text not null generated always as (private.words_for_search(public.fold_for_search(full_name))) stored,
  search_words text not null generated always as (private.words_for_search(private.mentor_search_text(full_name, headline, bio, expertise, languages))) stored, -- search_text by words, to rank whole words first.
  require_confirmed_address boolean not null default false, -- Only people who have confirmed their e-mail address may book.
  approve_first_timers boolean not null default false, -- A first booking needs the mentor's approval, even where bookings are confirmed automatically.
  hidden_because text, -- Why the page is not shown and no booking accepted: the account is suspended or deleted; null for all others.
  constraint expert_profiles_pkey PRIMARY KEY (id),
  constraint expert_profiles_username_key UNIQUE (username),
  constraint expert_profiles_bio_clean CHECK (((bio IS NFC NORMALIZED) AND (bio !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint expert_profiles_bio_length CHECK ((char_length(bio) <= 5000)),
  constraint expert_profiles_booking_window_range CHECK (((booking_window_days >= 1) AND (booking_window_days <= 730))),
  constraint expert_profiles_buffer_after_range CHECK (((buffer_after >= 0) AND (buffer_after <= 240))),
  constraint expert_profiles_buffer_before_range CHECK (((buffer_before >= 0) AND (buffer_before <= 240))),
  constraint expert_profiles_expertise_clean CHECK (((array_to_string(expertise, chr(32)) IS NFC NORMALIZED) AND (array_to_string(expertise, chr(32)) !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint expert_profiles_expertise_count CHECK ((cardinality(expertise) <= 12)),
  constraint expert_profiles_expertise_length CHECK ((char_length(array_to_string(expertise, ''::text, '?'::text)) <= (12 * 40))),
  constraint expert_profiles_full_name_clean CHECK (((full_name IS NFC NORMALIZED) AND (full_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text) AND (full_name ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'::text))),
  constraint expert_profiles_full_name_length CHECK (((char_length(full_name) >= 1) AND (char_length(full_name) <= 120))),
  constraint expert_profiles_headline_clean CHECK (((headline IS NFC NORMALIZED) AND (headline !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint expert_profiles_headline_length CHECK ((char_length(headline) <= 160)),
  constraint expert_profiles_hidden_because_known CHECK ((hidden_because = ANY (ARRAY['suspended'::text, 'deleted'::text]))),
  constraint expert_profiles_languages_clean CHECK (((array_to_string(languages, chr(32)) IS NFC NORMALIZED) AND (array_to_string(languages, chr(32)) !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint expert_profiles_languages_count CHECK ((cardinality(languages) <= 8)),
  constraint expert_profiles_languages_length CHECK ((char_length(array_to_string(languages, ''::text, '?'::text)) <= (8 * 40))),
  constraint expert_profiles_max_per_day_range CHECK (((max_per_day >= 1) AND (max_per_day <= 100))),
  constraint expert_profiles_max_per_week_range CHECK (((max_per_week >= 1) AND (max_per_week <= 500))),
  constraint expert_profiles_minimum_notice_range CHECK (((minimum_notice >= 0) AND (minimum_notice <= 129600))),
  constraint expert_profiles_rating_range CHECK (((rating >= (1)::numeric) AND (rating <= (5)::numeric))),
  constraint expert_profiles_review_count_range CHECK ((review_count >= 0)),
  constraint expert_profiles_review_weight_range CHECK ((review_weight >= 0)),
  constraint expert_profiles_slot_interval_range CHECK (((slot_interval >= 5) AND (slot_interval <= 480))),
  constraint expert_profiles_username_form CHECK ((username ~ '^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$'::text)),
  constraint expert_profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX expert_profiles_expertise_idx ON public.expert_profiles USING gin (expertise)
CREATE INDEX expert_profiles_ranked_idx ON public.expert_profiles USING btree (ranked_rating DESC, id) WHERE listed
CREATE INDEX expert_profiles_search_idx ON public.expert_profiles USING gin (search_text extensions.gin_trgm_ops)
CREATE TRIGGER expert_profiles_10_count_name_change BEFORE UPDATE ON public.expert_profiles FOR EACH ROW WHEN ((new.full_name IS DISTINCT FROM old.full_name)) EXECUTE FUNCTION private.count_name_change()
CREATE TRIGGER expert_profiles_20_count_settings BEFORE UPDATE ON public.expert_profiles FOR EACH ROW EXECUTE FUNCTION private.count_settings_change()
CREATE TRIGGER expert_profiles_30_check_timezone BEFORE INSERT OR UPDATE OF timezone ON public.expert_profiles FOR EACH ROW EXECUTE FUNCTION private.check_timezone()
CREATE TRIGGER expert_profiles_40_touch BEFORE UPDATE ON public.expert_profiles FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER expert_profiles_50_announce AFTER UPDATE ON public.expert_profiles FOR EACH ROW WHEN ((private.settings_of(to_jsonb(old.*)) IS DISTINCT FROM private.settings_of(to_jsonb(new.*)))) EXECUTE FUNCTION private.announce_availability('profile')
CREATE TRIGGER expert_profiles_60_check_alerts AFTER UPDATE ON public.expert_profiles FOR EACH ROW WHEN ((private.settings_of(to_jsonb(old.*)) IS DISTINCT FROM private.settings_of(to_jsonb(new.*)))) EXECUTE FUNCTION private.enqueue_alert_check('profile')
CREATE TRIGGER expert_profiles_70_hold_usernames AFTER INSERT OR UPDATE OF username ON public.expert_profiles FOR EACH ROW EXECUTE FUNCTION private.hold_usernames()
CREATE TRIGGER expert_profiles_75_start_revision AFTER INSERT ON public.expert_profiles FOR EACH ROW EXECUTE FUNCTION private.start_schedule_revision()
CREATE TRIGGER expert_profiles_77_follow_entries AFTER UPDATE ON public.expert_profiles FOR EACH ROW WHEN ((new.entry_revision <> old.entry_revision)) EXECUTE FUNCTION private.follow_entry_change()
row level security on
policy expert_profiles_insert_own permissive for insert to authenticated
    with check (id = ( SELECT auth.uid() AS uid))
    -- People create only their own mentor profile.
policy expert_profiles_read permissive for select to authenticated, matepeak_app
    using true
    -- A mentor's page is public. Their students still see whom they had sessions with if it is hidden.
policy expert_profiles_read_shown permissive for select to anon
    using (hidden_because IS NULL)
    -- The public pages and free times are read as a visitor: for them a mentor whose account is closed does not exist.
policy expert_profiles_update_own permissive for update to authenticated
    using (id = ( SELECT auth.uid() AS uid))
    with check (id = ( SELECT auth.uid() AS uid))
    -- Mentors edit their own profile.
grant to anon: select
grant to authenticated: insert (id, username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before, buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm, listed, accepting_bookings, require_confirmed_address, approve_first_timers)
grant to authenticated: select
grant to authenticated: update (username, full_name, headline, bio, expertise, languages, timezone, slot_interval, buffer_before, buffer_after, minimum_notice, booking_window_days, max_per_day, max_per_week, instant_confirm, listed, accepting_bookings, require_confirmed_address, approve_first_timers)
grant to matepeak_app: select

-- public.favourite_mentors: Mentors that a student has saved. Visible to that student only.
create table public.favourite_mentors (
  user_id uuid not null,
  expert_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint favourite_mentors_pkey PRIMARY KEY (user_id, expert_id),
  constraint favourite_mentors_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint favourite_mentors_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX favourite_mentors_expert_id_idx ON public.favourite_mentors USING btree (expert_id)
CREATE TRIGGER favourite_mentors_10_limit BEFORE INSERT ON public.favourite_mentors FOR EACH ROW EXECUTE FUNCTION private.limit_favourites()
CREATE TRIGGER favourite_mentors_55_check_open AFTER INSERT ON public.favourite_mentors FOR EACH ROW EXECUTE FUNCTION private.require_open_accounts()
row level security on
policy favourite_mentors_delete_own permissive for delete to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- Students remove their own favourites.
policy favourite_mentors_insert_own permissive for insert to authenticated
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students add only their own favourites.
policy favourite_mentors_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- Students read only their own favourites.
grant to authenticated: delete, select
grant to authenticated: insert (user_id, expert_id)

-- public.former_usernames: Former usernames of mentors. They redirect to the new one, and no other mentor can take them until held_until.
create table public.former_usernames (
  username text not null,
  expert_id uuid not null,
  held_until timestamp with time zone not null,
  constraint former_usernames_pkey PRIMARY KEY (username),
  constraint former_usernames_form CHECK ((username ~ '^[a-z0-9][a-z0-9-]{1,28}[a-z0-9]$'::text)),
  constraint former_usernames_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX former_usernames_expert_id_idx ON public.former_usernames USING btree (expert_id, held_until DESC)
row level security on
policy former_usernames_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Public, because old links lead to the new name. Written by a trigger only.
grant to anon: select
grant to authenticated: select
grant to matepeak_app: select

-- public.group_sessions: A session with several seats: scheduled by its mentor, or opened by its first booking. The seats are in the ledger of taken time.
create table public.group_sessions (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid not null,
  occupancy_id uuid,
  origin text not null,
  state text not null default 'open'::text, -- open: whether it takes place is decided later; on: it does.
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  capacity integer not null,
  min_attendees integer not null default 1, -- With fewer at the time of the decision it is cancelled.
  decide_minutes integer not null default 1440, -- Minutes before the start at which it is decided.
  late_join_minutes integer not null default 0, -- Minutes after the start until which a seat can be booked.
  cancelled_because text, -- empty: it was opened by its first booking, and has ended with its last one. It is kept for those who have it in a calendar.
  created_at timestamp with time zone not null default now(),
  decided_at timestamp with time zone,
  decide_at timestamp with time zone not null, -- When it is decided; moves with the session.
  meeting_url private.booking_meeting_url, -- The link that its mentor has set for it by hand: of all seats, also of later ones. Only people with a seat may know it.
  meeting_note private.booking_meeting_note,
  entry_revision integer not null default 0, -- Counts the changes of what its mentor's calendar says of it, seats included: the SEQUENCE of its entry (RFC 5545).
  entry_changed_at timestamp with time zone not null default now(),
  programme_id uuid, -- The programme it belongs to, and is booked with; null: it is booked by itself.
  programme_place integer,
  share_minor bigint, -- What a seat in it is of the programme's price.
  constraint group_sessions_pkey PRIMARY KEY (id),
  constraint group_sessions_id_expert_id_key UNIQUE (id, expert_id),
  constraint group_sessions_occupancy_id_key UNIQUE (occupancy_id, expert_id),
  constraint group_sessions_programme_places UNIQUE (programme_id, expert_id, programme_place),
  constraint group_sessions_cancelled_because_known CHECK ((cancelled_because = ANY (ARRAY['mentor'::text, 'minimum'::text, 'empty'::text]))),
  constraint group_sessions_cancelled_frees_time CHECK (((state = 'cancelled'::text) = (occupancy_id IS NULL))),
  constraint group_sessions_cancelled_has_reason CHECK (((state = 'cancelled'::text) = (cancelled_because IS NOT NULL))),
  constraint group_sessions_capacity_range CHECK (((capacity >= 2) AND (capacity <= 500))),
  constraint group_sessions_decide_minutes_range CHECK (((decide_minutes >= 0) AND (decide_minutes <= 43200))),
  constraint group_sessions_decided_once CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint group_sessions_ends_after_start CHECK ((starts_at < ends_at)),
  constraint group_sessions_late_join_range CHECK (((late_join_minutes >= 0) AND (late_join_minutes <= 480))),
  constraint group_sessions_meeting_note_has_url CHECK (((meeting_note IS NULL) OR (meeting_url IS NOT NULL))),
  constraint group_sessions_minimum_within_capacity CHECK (((min_attendees >= 1) AND (min_attendees <= capacity))),
  constraint group_sessions_of_programme CHECK ((num_nulls(programme_id, programme_place, share_minor) = ANY (ARRAY[0, 3]))),
  constraint group_sessions_origin_known CHECK ((origin = ANY (ARRAY['scheduled'::text, 'booked'::text]))),
  constraint group_sessions_programme_place_range CHECK (((programme_place >= 1) AND (programme_place <= 52))),
  constraint group_sessions_share_range CHECK ((share_minor >= 0)),
  constraint group_sessions_state_known CHECK ((state = ANY (ARRAY['open'::text, 'on'::text, 'cancelled'::text]))),
  constraint group_sessions_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint group_sessions_occupancy_id_fkey FOREIGN KEY (occupancy_id, expert_id) REFERENCES public.occupancies(id, expert_id),
  constraint group_sessions_programme_id_fkey FOREIGN KEY (programme_id, expert_id) REFERENCES public.programmes(id, expert_id) ON DELETE CASCADE,
  constraint group_sessions_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
);
CREATE INDEX group_sessions_decide_at_idx ON public.group_sessions USING btree (decide_at) WHERE (state = 'open'::text)
CREATE INDEX group_sessions_expert_id_idx ON public.group_sessions USING btree (expert_id, starts_at)
CREATE INDEX group_sessions_service_id_idx ON public.group_sessions USING btree (service_id, expert_id)
CREATE TRIGGER group_sessions_10_count_change BEFORE UPDATE ON public.group_sessions FOR EACH ROW WHEN (((((((new.starts_at IS DISTINCT FROM old.starts_at) OR (new.ends_at IS DISTINCT FROM old.ends_at)) OR (new.capacity IS DISTINCT FROM old.capacity)) OR ((new.state = 'cancelled'::text) IS DISTINCT FROM (old.state = 'cancelled'::text))) OR ((new.meeting_url)::text IS DISTINCT FROM (old.meeting_url)::text)) OR ((new.meeting_note)::text IS DISTINCT FROM (old.meeting_note)::text))) EXECUTE FUNCTION private.count_group_change()
CREATE TRIGGER group_sessions_50_announce AFTER UPDATE ON public.group_sessions FOR EACH ROW WHEN ((((new.state IS DISTINCT FROM old.state) OR (new.min_attendees IS DISTINCT FROM old.min_attendees)) OR (new.decide_at IS DISTINCT FROM old.decide_at))) EXECUTE FUNCTION private.announce_group_session()
CREATE TRIGGER group_sessions_60_write_entry AFTER INSERT ON public.group_sessions FOR EACH ROW EXECUTE FUNCTION private.write_group_entry()
CREATE TRIGGER group_sessions_61_write_entry_again AFTER UPDATE ON public.group_sessions FOR EACH ROW WHEN ((new.entry_revision <> old.entry_revision)) EXECUTE FUNCTION private.write_group_entry()
row level security on
policy group_sessions_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- When group sessions take place and what they need is public; who comes is not here. Written by functions only.
grant to anon: select (id, expert_id, service_id, occupancy_id, origin, state, starts_at, ends_at, capacity, min_attendees, decide_minutes, late_join_minutes, cancelled_because, created_at, decided_at, decide_at, programme_id, programme_place, share_minor)
grant to authenticated: select (id, expert_id, service_id, occupancy_id, origin, state, starts_at, ends_at, capacity, min_attendees, decide_minutes, late_join_minutes, cancelled_because, created_at, decided_at, decide_at, programme_id, programme_place, share_minor)
grant to matepeak_app: select (id, expert_id, service_id, occupancy_id, origin, state, starts_at, ends_at, capacity, min_attendees, decide_minutes, late_join_minutes, cancelled_because, created_at, decided_at, decide_at, programme_id, programme_place, share_minor)

-- public.join_events: Who joined a session and when, as far as it can be seen: both people read it.
create table public.join_events (
  id uuid not null default private.uuid_v7(),
  booking_id uuid not null,
  expert_id uuid not null,
  party text, -- Null: Zoom saw a person of a name that could be either.
  how text not null, -- button: of this app, which opens the link. zoom_…: as Zoom reported it.
  name text,
  at timestamp with time zone not null,
  constraint join_events_pkey PRIMARY KEY (id),
  constraint join_events_id_expert_id_key UNIQUE (id, expert_id),
  constraint join_events_once UNIQUE NULLS NOT DISTINCT (booking_id, expert_id, party, how, name, at),
  constraint join_events_how_known CHECK ((how = ANY (ARRAY['button'::text, 'zoom_joined'::text, 'zoom_left'::text]))),
  constraint join_events_name_clean CHECK (((name IS NFC NORMALIZED) AND (name !~ '[\u0001-\u001F\u007F-\u009F]'::text))),
  constraint join_events_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
  constraint join_events_party_known CHECK ((party = ANY (ARRAY['student'::text, 'mentor'::text]))),
  constraint join_events_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
);
row level security on
policy join_events_read_party permissive for select to authenticated
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = join_events.booking_id) AND (b.expert_id = join_events.expert_id) AND ((( SELECT auth.uid() AS uid) = b.user_id) OR (( SELECT auth.uid() AS uid) = b.expert_id)))))
    -- Both people of the session. Written by functions only: it is evidence.
grant to authenticated: select

-- public.meeting_places: How a mentor's sessions take place: by default, and for single services. Without a row: by the mentor's room.
create table public.meeting_places (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid, -- Null: the default.
  kind text not null,
  caller text, -- Who calls the other.
  phone text, -- The mentor's number, if students call.
  address text,
  map_url text,
  shows_details boolean not null default false, -- Whether number or address are shown before a session is agreed.
  constraint meeting_places_pkey PRIMARY KEY (id),
  constraint meeting_places_id_expert_id_key UNIQUE (id, expert_id),
  constraint meeting_places_service_key UNIQUE NULLS NOT DISTINCT (expert_id, service_id),
  constraint meeting_places_address_clean CHECK (((address IS NFC NORMALIZED) AND (address !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint meeting_places_address_length CHECK (((char_length(address) >= 1) AND (char_length(address) <= 300))),
  constraint meeting_places_address_of_place CHECK (((kind = 'in_person'::text) = (address IS NOT NULL))),
  constraint meeting_places_caller_known CHECK ((caller = ANY (ARRAY['student'::text, 'mentor'::text]))),
  constraint meeting_places_caller_of_phone CHECK (((kind = 'phone'::text) = (caller IS NOT NULL))),
  constraint meeting_places_kind_known CHECK ((kind = ANY (ARRAY['matepeak_room'::text, 'google_meet'::text, 'zoom'::text, 'jitsi'::text, 'link'::text, 'phone'::text, 'in_person'::text]))),
  constraint meeting_places_map_of_place CHECK (((map_url IS NULL) OR (kind = 'in_person'::text))),
  constraint meeting_places_map_url_form CHECK (((map_url ~ '^https://[^/?#@\\]+([/?#].*)?$'::text) AND (map_url !~ '[^\x21-\x7e]'::text))),
  constraint meeting_places_map_url_length CHECK ((char_length(map_url) <= 500)),
  constraint meeting_places_number_to_call CHECK (((phone IS NOT NULL) = ((kind = 'phone'::text) AND (caller = 'student'::text)))),
  constraint meeting_places_phone_form CHECK ((phone ~ '^[+]?[0-9() .-]+$'::text)),
  constraint meeting_places_phone_length CHECK ((char_length(phone) <= 32)),
  constraint meeting_places_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint meeting_places_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id) ON DELETE CASCADE,
);
CREATE INDEX meeting_places_service_id_idx ON public.meeting_places USING btree (service_id, expert_id)
CREATE TRIGGER meeting_places_10_check BEFORE INSERT OR UPDATE ON public.meeting_places FOR EACH ROW EXECUTE FUNCTION private.check_meeting_place()
row level security on
policy meeting_places_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors choose for their own sessions.
policy meeting_places_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors choose for their own sessions.
policy meeting_places_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Its mentor; shown_meeting_places() shows visitors what they may see.
policy meeting_places_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors choose for their own sessions.
grant to authenticated: delete, select
grant to authenticated: insert (expert_id, service_id, kind, caller, phone, address, map_url, shows_details)
grant to authenticated: update (kind, caller, phone, address, map_url, shows_details)

-- public.mentor_rooms: Where a mentor meets students unless a session has its own link. Not public: anyone with the link can join.
create table public.mentor_rooms (
  expert_id uuid not null,
  meeting_url text not null, -- https, without user name and password.
  meeting_note text, -- What is needed to join, such as a passcode.
  constraint mentor_rooms_pkey PRIMARY KEY (expert_id),
  constraint mentor_rooms_meeting_note_clean CHECK (((meeting_note IS NFC NORMALIZED) AND (meeting_note !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint mentor_rooms_meeting_note_length CHECK (((char_length(meeting_note) >= 1) AND (char_length(meeting_note) <= 200))),
  constraint mentor_rooms_meeting_url_form CHECK (((meeting_url ~ '^https://[^/?#@\\]+([/?#].*)?$'::text) AND (meeting_url !~ '[^\x21-\x7e]'::text))),
  constraint mentor_rooms_meeting_url_length CHECK ((char_length(meeting_url) <= 500)),
  constraint mentor_rooms_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE TRIGGER mentor_rooms_10_keep_needed BEFORE DELETE ON public.mentor_rooms FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.keep_needed_room()
CREATE TRIGGER mentor_rooms_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.mentor_rooms FOR EACH ROW EXECUTE FUNCTION private.announce_room()
CREATE TRIGGER mentor_rooms_60_count_entry_change AFTER INSERT OR DELETE OR UPDATE ON public.mentor_rooms FOR EACH ROW EXECUTE FUNCTION private.count_entry_change()
row level security on
policy mentor_rooms_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors remove their own room.
policy mentor_rooms_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors set their own room.
policy mentor_rooms_read_agreed permissive for select to authenticated, matepeak_app
    using ((expert_id = ( SELECT auth.uid() AS uid)) OR (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.user_id = ( SELECT auth.uid() AS uid)) AND (b.expert_id = mentor_rooms.expert_id) AND ((b.status)::text <> ALL (ARRAY['pending'::text, 'cancelled'::text])) AND (b.ends_at > (now() - '1 day'::interval)) AND (b.starts_at > (now() - '2 days'::interval))))))
    -- Its mentor, and students with a confirmed session with the mentor, until a day after its end.
policy mentor_rooms_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors change their own room.
grant to authenticated: delete, select
grant to authenticated: insert (expert_id, meeting_url, meeting_note)
grant to authenticated: update (meeting_url, meeting_note)
grant to matepeak_app: select

-- public.money_events: Append-only history of a payment, from which the messages about it are written.
create table public.money_events (
  id bigint not null generated always as identity,
  expert_id uuid not null,
  user_id uuid not null,
  payment_id uuid not null,
  booking_id uuid,
  refund_id uuid,
  kind text not null,
  amount_minor bigint not null,
  currency text not null,
  detail text, -- The provider's reason, or why a refund was requested.
  created_at timestamp with time zone not null default now(),
  notify_at timestamp with time zone not null default now(), -- From when messages about it are written. A failed attempt waits, as it may be repeated; what was earned waits for the mentor's next morning, and that of a day has one message; that a package is expiring waits until a week before, and that a session of a series is to be paid until three days before.
  notified_at timestamp with time zone, -- When the messages about it were written; null until then.
  constraint money_events_pkey PRIMARY KEY (id),
  constraint money_events_kind_known CHECK ((kind = ANY (ARRAY['paid'::text, 'authorized'::text, 'failed'::text, 'released'::text, 'late'::text, 'surplus'::text, 'refund_requested'::text, 'refund_done'::text, 'refund_failed'::text, 'dispute_opened'::text, 'dispute_won'::text, 'dispute_lost'::text, 'earned'::text, 'fee_returned'::text, 'expiring'::text, 'due'::text]))),
  constraint money_events_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
);
CREATE INDEX money_events_earned_idx ON public.money_events USING btree (expert_id, currency, notify_at, id) WHERE (kind = 'earned'::text)
CREATE INDEX money_events_payment_id_idx ON public.money_events USING btree (payment_id, expert_id, id)
CREATE INDEX money_events_to_notify_idx ON public.money_events USING btree (notify_at, id) WHERE (notified_at IS NULL)
row level security on
policy money_events_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.payments p
  WHERE ((p.id = money_events.payment_id) AND (p.expert_id = money_events.expert_id))))
    -- The same people as the payment itself, whose policy decides.
grant to authenticated: select
grant to matepeak_app: select

-- public.no_show_claims: A report by one party of a session that the other did not attend. Triggers set all columns but texts and status.
create table public.no_show_claims (
  id uuid not null default private.uuid_v7(),
  booking_id uuid not null,
  expert_id uuid not null,
  claimed_by text not null, -- The party who reported the other.
  reason text, -- The claimer's comment.
  state text not null default 'open'::text, -- Effective once agreed or unanswered; disputed and withdrawn claims have no effect.
  answer_until timestamp with time zone not null, -- When the other party's time to respond ends.
  answer text, -- The comment on an agreement or a dispute.
  settled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint no_show_claims_pkey PRIMARY KEY (id),
  constraint no_show_claims_id_expert_id_key UNIQUE (id, expert_id),
  constraint no_show_claims_answer_clean CHECK (((answer IS NFC NORMALIZED) AND (answer !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint no_show_claims_answer_length CHECK (((char_length(answer) >= 1) AND (char_length(answer) <= 500))),
  constraint no_show_claims_claimed_by_known CHECK ((claimed_by = ANY (ARRAY['student'::text, 'mentor'::text]))),
  constraint no_show_claims_only_answers_have_words CHECK (((answer IS NULL) OR (state = ANY (ARRAY['agreed'::text, 'disputed'::text])))),
  constraint no_show_claims_reason_clean CHECK (((reason IS NFC NORMALIZED) AND (reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint no_show_claims_reason_length CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
  constraint no_show_claims_settled_once CHECK (((state = 'open'::text) = (settled_at IS NULL))),
  constraint no_show_claims_state_known CHECK ((state = ANY (ARRAY['open'::text, 'agreed'::text, 'disputed'::text, 'withdrawn'::text, 'unanswered'::text]))),
  constraint no_show_claims_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
);
CREATE INDEX no_show_claims_answer_until_idx ON public.no_show_claims USING btree (answer_until) WHERE (state = 'open'::text)
CREATE INDEX no_show_claims_booking_id_idx ON public.no_show_claims USING btree (booking_id, expert_id, created_at DESC)
CREATE UNIQUE INDEX no_show_claims_one_key ON public.no_show_claims USING btree (booking_id, expert_id) WHERE (state <> 'withdrawn'::text)
CREATE TRIGGER no_show_claims_10_prepare BEFORE INSERT ON public.no_show_claims FOR EACH ROW EXECUTE FUNCTION private.prepare_no_show_claim()
CREATE TRIGGER no_show_claims_20_check_transition BEFORE UPDATE ON public.no_show_claims FOR EACH ROW EXECUTE FUNCTION private.check_no_show_transition()
CREATE TRIGGER no_show_claims_50_record AFTER INSERT OR UPDATE ON public.no_show_claims FOR EACH ROW EXECUTE FUNCTION private.record_no_show_step()
CREATE TRIGGER no_show_claims_60_settle_money AFTER UPDATE ON public.no_show_claims FOR EACH ROW WHEN (((new.state IS DISTINCT FROM old.state) AND (new.claimed_by = 'student'::text) AND (new.state = ANY (ARRAY['agreed'::text, 'unanswered'::text])))) EXECUTE FUNCTION private.enqueue_no_show_settlement()
row level security on
policy no_show_claims_insert_party permissive for insert to authenticated
    with check (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = no_show_claims.booking_id) AND (b.expert_id = no_show_claims.expert_id))))
    -- Either party, for their own booking.
policy no_show_claims_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = no_show_claims.booking_id) AND (b.expert_id = no_show_claims.expert_id))))
    -- The same people as the booking itself, whose policy decides.
policy no_show_claims_update_party permissive for update to authenticated
    using (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = no_show_claims.booking_id) AND (b.expert_id = no_show_claims.expert_id))))
    with check (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.id = no_show_claims.booking_id) AND (b.expert_id = no_show_claims.expert_id))))
    -- Either party; check_no_show_transition() decides who may change what.
grant to authenticated: insert (booking_id, expert_id, reason)
grant to authenticated: select
grant to authenticated: update (state, answer)
grant to matepeak_app: select

-- public.notification_settings: What a person wants to be notified of, and how. No row: the defaults.
create table public.notification_settings (
  user_id uuid not null,
  muted text[] not null default '{}'::text[], -- Topics that do not reach a channel: "<channel>:<topic>".
  reminder_leads integer[] not null default '{1440,60}'::integer[], -- How long before a session to remind, minutes.
  quiet_from text, -- HH:MM in the person's zone. What is not urgent waits from then until quiet_until; null: no quiet hours.
  quiet_until text,
  updated_at timestamp with time zone not null default now(),
  constraint notification_settings_pkey PRIMARY KEY (user_id),
  constraint notification_settings_leads_known CHECK (((reminder_leads <@ ARRAY[15, 30, 60, 120, 240, 720, 1440, 2880, 10080]) AND (cardinality(reminder_leads) <= 4))),
  constraint notification_settings_muted_known CHECK ((muted <@ ARRAY['inbox:bookings'::text, 'inbox:reminders'::text, 'inbox:time_requests'::text, 'inbox:alerts'::text, 'inbox:reviews'::text, 'inbox:payments'::text, 'inbox:calendars'::text, 'email:bookings'::text, 'email:reminders'::text, 'email:time_requests'::text, 'email:alerts'::text, 'email:reviews'::text, 'email:payments'::text, 'email:calendars'::text])),
  constraint notification_settings_quiet_from_form CHECK ((quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint notification_settings_quiet_has_both CHECK ((((quiet_from IS NULL) = (quiet_until IS NULL)) AND ((quiet_from IS NULL) OR (quiet_from <> quiet_until)))),
  constraint notification_settings_quiet_until_form CHECK ((quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint notification_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE TRIGGER notification_settings_20_touch BEFORE UPDATE ON public.notification_settings FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
row level security on
policy notification_settings_own permissive for all to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People read and change only their own settings.
grant to authenticated: insert (user_id, muted, reminder_leads, quiet_from, quiet_until)
grant to authenticated: select
grant to authenticated: update (muted, reminder_leads, quiet_from, quiet_until)

-- public.notifications: A person's inbox in the app. Written by jobs.
create table public.notifications (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  kind text not null,
  booking_id uuid,
  request_id uuid,
  payload jsonb not null default '{}'::jsonb, -- The facts for the message as they were then: names, title, start, reason.
  dedupe_key text not null, -- Identifies the occasion, after its month: a job that runs twice adds one message.
  created_at timestamp with time zone not null default now(),
  read_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (id),
  constraint notifications_user_id_dedupe_key_key UNIQUE (user_id, dedupe_key),
  constraint notifications_kind_form CHECK ((kind ~ '^[a-z]+(_[a-z]+)*$'::text)),
  constraint notifications_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES public.bookings(id),
  constraint notifications_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.time_requests(id),
  constraint notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX notifications_alert_service_idx ON public.notifications USING btree (((payload ->> 'service_id'::text))) WHERE (kind = ANY (ARRAY['alert_fired'::text, 'waitlist_offer'::text, 'waitlist_lapsed'::text]))
CREATE INDEX notifications_booking_id_idx ON public.notifications USING btree (booking_id)
CREATE INDEX notifications_created_at_idx ON public.notifications USING btree (created_at)
CREATE INDEX notifications_request_id_idx ON public.notifications USING btree (request_id)
CREATE INDEX notifications_unread_idx ON public.notifications USING btree (user_id) WHERE (read_at IS NULL)
CREATE INDEX notifications_user_id_created_at_idx ON public.notifications USING btree (user_id, created_at DESC, id DESC)
CREATE TRIGGER notifications_50_announce AFTER INSERT OR UPDATE ON public.notifications FOR EACH ROW EXECUTE FUNCTION private.announce_notification()
row level security on
policy notifications_read_own permissive for select to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- People read only their own inbox.
policy notifications_update_own permissive for update to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People mark their own messages as read.
grant to authenticated: select
grant to authenticated: update (read_at)

-- public.occupancies: Taken time: held, requested or booked. Names no student, so that everyone can see what is taken.
create table public.occupancies (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  during tstzrange not null, -- The session including the mentor's buffers.
  state private.occupancy_state not null,
  capacity private.occupancy_capacity not null default 1,
  seats_taken private.occupancy_seats_taken not null default 1,
  expires_at timestamp with time zone, -- When an unpaid hold or an unanswered request frees its time.
  created_at timestamp with time zone not null default now(),
  judged_revision bigint, -- The revision by which the time was judged free; the call that wrote it has counted the change itself.
  join_until timestamp with time zone, -- Of a group session that its mentor scheduled, which takes its time with no seat taken: until when a seat can be booked.
  programme_id uuid, -- The programme whose session it is: its seats are taken with the others only.
  constraint occupancies_pkey PRIMARY KEY (id),
  constraint occupancies_id_expert_id_key UNIQUE (id, expert_id),
  constraint occupancies_no_overlap EXCLUDE USING gist (expert_id WITH =, during WITH &&),
  constraint occupancies_booked_stays CHECK ((((state)::text <> 'booked'::text) OR (expires_at IS NULL))),
  constraint occupancies_empty_is_scheduled CHECK ((((seats_taken)::integer > 0) OR (join_until IS NOT NULL))),
  constraint occupancies_seats_within_capacity CHECK (((seats_taken)::integer <= (capacity)::integer)),
  constraint occupancies_session_within CHECK (((starts_at < ends_at) AND (during @> tstzrange(starts_at, ends_at, '[)'::text)))),
  constraint occupancies_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint occupancies_programme_id_fkey FOREIGN KEY (programme_id, expert_id) REFERENCES public.programmes(id, expert_id),
  constraint occupancies_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
);
CREATE INDEX occupancies_expert_id_starts_at_idx ON public.occupancies USING btree (expert_id, starts_at)
CREATE INDEX occupancies_holds_idx ON public.occupancies USING btree (expert_id, expires_at) WHERE ((state)::text = 'hold'::text)
CREATE INDEX occupancies_programme_id_idx ON public.occupancies USING btree (programme_id, expert_id) WHERE (programme_id IS NOT NULL)
CREATE INDEX occupancies_service_id_idx ON public.occupancies USING btree (service_id, expert_id)
CREATE INDEX occupancies_to_expire_idx ON public.occupancies USING btree (expires_at) WHERE ((state)::text = 'hold'::text)
CREATE TRIGGER occupancies_40_end_group BEFORE DELETE ON public.occupancies FOR EACH ROW WHEN (((old.capacity)::integer > 1)) EXECUTE FUNCTION private.end_emptied_group()
CREATE TRIGGER occupancies_50_announce AFTER DELETE OR UPDATE ON public.occupancies FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER occupancies_51_announce_new AFTER INSERT ON public.occupancies FOR EACH ROW WHEN ((new.judged_revision IS NULL)) EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER occupancies_55_open_group AFTER INSERT ON public.occupancies FOR EACH ROW WHEN (((new.capacity)::integer > 1)) EXECUTE FUNCTION private.open_group_session()
CREATE TRIGGER occupancies_56_follow_group AFTER UPDATE ON public.occupancies FOR EACH ROW WHEN ((((GREATEST(new.capacity, old.capacity))::integer > 1) AND (((new.starts_at IS DISTINCT FROM old.starts_at) OR (new.ends_at IS DISTINCT FROM old.ends_at)) OR ((new.capacity)::integer IS DISTINCT FROM (old.capacity)::integer)))) EXECUTE FUNCTION private.follow_group_session()
CREATE TRIGGER occupancies_60_check_alerts_deleted AFTER DELETE ON public.occupancies FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER occupancies_61_check_alerts_updated AFTER UPDATE ON public.occupancies FOR EACH ROW WHEN (((NOT (new.during @> old.during)) OR ((new.seats_taken)::integer < (old.seats_taken)::integer) OR ((new.capacity)::integer > (old.capacity)::integer))) EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER occupancies_62_check_alerts_scheduled AFTER INSERT ON public.occupancies FOR EACH ROW WHEN ((new.join_until IS NOT NULL)) EXECUTE FUNCTION private.enqueue_alert_check()
row level security on
policy occupancies_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Taken times and seats are public, because they decide what is free. Written by triggers only.
grant to anon: select
grant to authenticated: select
grant to matepeak_app: select

-- public.package_purchases: A package that a student has bought, on the terms of that moment. Its credits and its money are in the ledger.
create table public.package_purchases (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  user_id uuid not null,
  package_id uuid not null,
  service_id uuid not null,
  minutes integer not null,
  sessions integer not null,
  price_minor bigint not null,
  currency text not null,
  valid_days integer not null,
  fee_basis_points integer not null default 0, -- The platform's share when it was bought, in hundredths of a percent.
  state text not null default 'unpaid'::text,
  expires_at timestamp with time zone, -- Until when sessions can be booked with it. A credit that comes back without the student's doing postpones it.
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint package_purchases_pkey PRIMARY KEY (id),
  constraint package_purchases_id_expert_id_key UNIQUE (id, expert_id),
  constraint package_purchases_not_own CHECK ((user_id <> expert_id)),
  constraint package_purchases_paid_expires CHECK (((state = ANY (ARRAY['unpaid'::text, 'lapsed'::text])) = (expires_at IS NULL))),
  constraint package_purchases_price_positive CHECK ((price_minor > 0)),
  constraint package_purchases_sessions_positive CHECK ((sessions > 0)),
  constraint package_purchases_state_known CHECK ((state = ANY (ARRAY['unpaid'::text, 'lapsed'::text, 'active'::text, 'expired'::text, 'refunded'::text]))),
  constraint package_purchases_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint package_purchases_package_id_fkey FOREIGN KEY (package_id, expert_id) REFERENCES public.packages(id, expert_id),
  constraint package_purchases_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint package_purchases_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX package_purchases_expert_id_idx ON public.package_purchases USING btree (expert_id, created_at DESC)
CREATE INDEX package_purchases_expires_at_idx ON public.package_purchases USING btree (expires_at) WHERE (state = 'active'::text)
CREATE UNIQUE INDEX package_purchases_one_unpaid ON public.package_purchases USING btree (user_id, package_id, expert_id) WHERE (state = 'unpaid'::text)
CREATE INDEX package_purchases_package_id_idx ON public.package_purchases USING btree (package_id, expert_id)
CREATE INDEX package_purchases_service_id_idx ON public.package_purchases USING btree (service_id, expert_id)
CREATE INDEX package_purchases_unpaid_idx ON public.package_purchases USING btree (created_at) WHERE (state = 'unpaid'::text)
CREATE INDEX package_purchases_user_id_idx ON public.package_purchases USING btree (user_id, created_at DESC)
row level security on
policy package_purchases_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
grant to authenticated: select
grant to matepeak_app: select

-- public.packages: What a mentor offers: several sessions of a service and length for one price.
create table public.packages (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid not null,
  minutes integer not null,
  sessions integer not null,
  price_minor bigint not null,
  currency text not null default 'INR'::text,
  valid_days integer not null, -- For so many days after the payment sessions can be booked with it.
  enabled boolean not null default true,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint packages_pkey PRIMARY KEY (id),
  constraint packages_id_expert_id_key UNIQUE (id, expert_id),
  constraint packages_currency_known CHECK ((currency = 'INR'::text)),
  constraint packages_minutes_range CHECK (((minutes >= 5) AND (minutes <= 480))),
  constraint packages_price_range CHECK (((price_minor >= 1) AND (price_minor <= 1000000000))),
  constraint packages_sessions_range CHECK (((sessions >= 2) AND (sessions <= 50))),
  constraint packages_valid_days_range CHECK (((valid_days >= 30) AND (valid_days <= 730))),
  constraint packages_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id) ON DELETE CASCADE,
);
CREATE INDEX packages_expert_id_idx ON public.packages USING btree (expert_id)
CREATE INDEX packages_service_id_idx ON public.packages USING btree (service_id, expert_id)
CREATE TRIGGER packages_05_lock_schedule BEFORE INSERT OR UPDATE ON public.packages FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER packages_10_keep_deleted BEFORE UPDATE OF deleted_at ON public.packages FOR EACH ROW WHEN ((old.deleted_at IS NOT NULL)) EXECUTE FUNCTION private.keep_deleted_offer()
CREATE TRIGGER packages_20_touch BEFORE UPDATE ON public.packages FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER packages_90_limit AFTER INSERT ON public.packages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('packages')
row level security on
policy packages_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add their own packages.
policy packages_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Packages are public, like services and their prices.
policy packages_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors edit their own packages.
grant to anon: select
grant to authenticated: insert (expert_id, service_id, minutes, sessions, price_minor, currency, valid_days, enabled)
grant to authenticated: select
grant to authenticated: update (sessions, price_minor, valid_days, enabled, deleted_at)
grant to matepeak_app: select

-- public.payment_attempts: The attempts to pay, as the provider reports them; a state never goes back.
create table public.payment_attempts (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id text not null, -- The provider's id.
  state text not null,
  amount_minor bigint not null,
  currency text not null,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  method text,
  fee_minor bigint,
  failure_code text,
  failure_message text,
  dispute text,
  verdict text, -- accepted: it pays for the booking. All others are sent back: a second payment, another amount, too late, or after it was cancelled.
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null default now(),
  settlement_id text, -- The sum that the provider has paid out to our bank and that this attempt is part of; null until the daily check learns of it.
  settled_at timestamp with time zone, -- When that sum was paid out.
  constraint payment_attempts_pkey PRIMARY KEY (id),
  constraint payment_attempts_id_expert_id_key UNIQUE (id, expert_id),
  constraint payment_attempts_once UNIQUE (expert_id, payment_id, attempt_id),
  constraint payment_attempts_attempt_id_length CHECK (((char_length(attempt_id) >= 1) AND (char_length(attempt_id) <= 255))),
  constraint payment_attempts_captured_when_captured CHECK (((state = 'captured'::text) = (captured_minor > 0))),
  constraint payment_attempts_dispute_known CHECK ((dispute = ANY (ARRAY['open'::text, 'won'::text, 'lost'::text]))),
  constraint payment_attempts_refunds_within_capture CHECK (((refunded_minor >= 0) AND (refunded_minor <= captured_minor))),
  constraint payment_attempts_settled_in_something CHECK (((settlement_id IS NULL) = (settled_at IS NULL))),
  constraint payment_attempts_settlement_id_length CHECK (((char_length(settlement_id) >= 1) AND (char_length(settlement_id) <= 255))),
  constraint payment_attempts_state_known CHECK ((state = ANY (ARRAY['created'::text, 'failed'::text, 'authorized'::text, 'captured'::text, 'released'::text]))),
  constraint payment_attempts_verdict_known CHECK ((verdict = ANY (ARRAY['accepted'::text, 'surplus'::text, 'wrong_amount'::text, 'late'::text, 'unwanted'::text]))),
  constraint payment_attempts_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
);
CREATE INDEX payment_attempts_captured_idx ON public.payment_attempts USING btree (created_at) WHERE (state = 'captured'::text)
CREATE INDEX payment_attempts_not_released_idx ON public.payment_attempts USING btree (updated_at) WHERE ((verdict IS DISTINCT FROM 'accepted'::text) AND (state = 'authorized'::text))
CREATE INDEX payment_attempts_not_returned_idx ON public.payment_attempts USING btree (updated_at) WHERE ((verdict IS DISTINCT FROM 'accepted'::text) AND (state = 'captured'::text) AND (refunded_minor < captured_minor))
CREATE UNIQUE INDEX payment_attempts_one_accepted ON public.payment_attempts USING btree (payment_id, expert_id) WHERE (verdict = 'accepted'::text)
CREATE INDEX payment_attempts_payment_id_idx ON public.payment_attempts USING btree (payment_id, expert_id)
row level security on
policy payment_attempts_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.payments p
  WHERE ((p.id = payment_attempts.payment_id) AND (p.expert_id = payment_attempts.expert_id))))
    -- The same people as the payment itself, whose policy decides.
grant to authenticated: select
grant to matepeak_app: select

-- public.payments: One order at a provider for exactly the amount of one booking, of one bought package or of a basket. The bookings of a basket have a payment each, a part of the basket's, without an order. Written by private.settle_payment() and its kin.
create table public.payments (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  user_id uuid not null,
  booking_id uuid,
  package_purchase_id uuid,
  provider text not null,
  capture text not null, -- manual: reserved when booking, charged when the mentor confirms.
  amount_minor bigint not null,
  currency text not null,
  state text not null default 'open'::text,
  closed_because text, -- Why it is no longer wanted. A lapsed one is accepted after all while its time is free; "taken": it was not.
  accepted_attempt_id uuid,
  captured_minor bigint not null default 0, -- What arrived in all attempts, those that are sent back included.
  refunded_minor bigint not null default 0, -- What was or is being sent back of it; a refund that failed does not count.
  more_time_at timestamp with time zone, -- When the student was given more time; null until then.
  due_at timestamp with time zone, -- When the mentor has earned it, unless it is refunded or disputed; moves with the session.
  earned_at timestamp with time zone, -- When it was credited to the mentor.
  attention text, -- Why an administrator should look at it; null: all is well.
  attention_at timestamp with time zone,
  polls integer not null default 0,
  poll_at timestamp with time zone, -- When the provider is asked next, in case no webhook comes; null: not any more.
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  unclear_since timestamp with time zone, -- Since when the provider has not said what became of it; null: it has.
  basket_id uuid, -- What the payment is for, or with a booking: what it is a part of.
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_booking_id_key UNIQUE (booking_id, expert_id),
  constraint payments_id_expert_id_key UNIQUE (id, expert_id),
  constraint payments_package_purchase_id_key UNIQUE (package_purchase_id, expert_id),
  constraint payments_amount_positive CHECK ((amount_minor > 0)),
  constraint payments_attention_has_time CHECK (((attention IS NULL) = (attention_at IS NULL))),
  constraint payments_capture_known CHECK ((capture = ANY (ARRAY['automatic'::text, 'manual'::text]))),
  constraint payments_closed_because_known CHECK ((closed_because = ANY (ARRAY['lapsed'::text, 'cancelled'::text, 'taken'::text]))),
  constraint payments_closed_has_reason CHECK (((state <> 'closed'::text) OR (closed_because IS NOT NULL))),
  constraint payments_for_one_thing CHECK (((COALESCE(booking_id, package_purchase_id, basket_id) IS NOT NULL) AND ((package_purchase_id IS NULL) OR (COALESCE(booking_id, basket_id) IS NULL)))),
  constraint payments_provider_known CHECK ((provider = ANY (ARRAY['sandbox'::text, 'razorpay'::text, 'stripe'::text]))),
  constraint payments_refunds_within_captures CHECK (((refunded_minor >= 0) AND (refunded_minor <= captured_minor))),
  constraint payments_state_known CHECK ((state = ANY (ARRAY['open'::text, 'authorized'::text, 'captured'::text, 'released'::text, 'closed'::text]))),
  constraint payments_accepted_attempt_id_fkey FOREIGN KEY (accepted_attempt_id, expert_id) REFERENCES public.payment_attempts(id, expert_id) DEFERRABLE,
  constraint payments_basket_id_fkey FOREIGN KEY (basket_id, expert_id) REFERENCES public.baskets(id, expert_id),
  constraint payments_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint payments_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint payments_package_purchase_id_fkey FOREIGN KEY (package_purchase_id, expert_id) REFERENCES public.package_purchases(id, expert_id),
  constraint payments_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX payments_accepted_attempt_id_idx ON public.payments USING btree (accepted_attempt_id, expert_id)
CREATE INDEX payments_attention_idx ON public.payments USING btree (attention_at) WHERE (attention IS NOT NULL)
CREATE INDEX payments_authorized_idx ON public.payments USING btree (updated_at) WHERE (state = 'authorized'::text)
CREATE INDEX payments_basket_id_idx ON public.payments USING btree (basket_id, expert_id) WHERE (basket_id IS NOT NULL)
CREATE INDEX payments_due_at_idx ON public.payments USING btree (due_at) WHERE ((state = 'captured'::text) AND (earned_at IS NULL))
CREATE INDEX payments_expert_id_idx ON public.payments USING btree (expert_id, created_at DESC, id DESC)
CREATE UNIQUE INDEX payments_one_of_basket ON public.payments USING btree (basket_id, expert_id) WHERE ((booking_id IS NULL) AND (basket_id IS NOT NULL))
CREATE INDEX payments_poll_at_idx ON public.payments USING btree (poll_at) WHERE (poll_at IS NOT NULL)
CREATE INDEX payments_unclear_idx ON public.payments USING btree (unclear_since) WHERE (unclear_since IS NOT NULL)
CREATE INDEX payments_user_id_idx ON public.payments USING btree (user_id, created_at DESC, id DESC)
row level security on
policy payments_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
grant to authenticated: select
grant to matepeak_app: select

-- public.payout_reversals: What is taken back of a transfer before a refund is sent. A state never goes back.
create table public.payout_reversals (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  payout_id uuid not null,
  refund_id uuid not null,
  amount_minor bigint not null,
  currency text not null,
  state text not null default 'requested'::text, -- refused: the refund comes from the mentor's balance, or is our loss. unneeded: the transfer had failed.
  reversal_id text,
  failure text,
  requested_at timestamp with time zone not null default now(),
  settled_at timestamp with time zone,
  constraint payout_reversals_pkey PRIMARY KEY (id),
  constraint payout_reversals_id_expert_id_key UNIQUE (id, expert_id),
  constraint payout_reversals_once UNIQUE (expert_id, refund_id, payout_id),
  constraint payout_reversals_amount_positive CHECK ((amount_minor > 0)),
  constraint payout_reversals_reversal_id_length CHECK (((char_length(reversal_id) >= 1) AND (char_length(reversal_id) <= 255))),
  constraint payout_reversals_settled_when_over CHECK (((state = 'requested'::text) = (settled_at IS NULL))),
  constraint payout_reversals_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'done'::text, 'refused'::text, 'unneeded'::text]))),
  constraint payout_reversals_payout_id_fkey FOREIGN KEY (payout_id, expert_id) REFERENCES public.payouts(id, expert_id),
  constraint payout_reversals_refund_id_fkey FOREIGN KEY (refund_id, expert_id) REFERENCES public.refunds(id, expert_id),
);
CREATE INDEX payout_reversals_payout_id_idx ON public.payout_reversals USING btree (payout_id, expert_id)
CREATE INDEX payout_reversals_refund_id_idx ON public.payout_reversals USING btree (refund_id, expert_id)
row level security on
policy payout_reversals_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors read only their own.
grant to authenticated: select (id, expert_id, payout_id, refund_id, amount_minor, currency, state, requested_at, settled_at)

-- public.payouts: Money to a mentor: all of a balance through the bank (csv), or what one payment has earned through Razorpay Route. A state never goes back.
create table public.payouts (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  run_id uuid,
  payment_id uuid,
  amount_minor bigint not null,
  currency text not null,
  method text not null,
  state text not null default 'requested'::text,
  bank_reference text, -- The bank's reference (UTR).
  transfer_id text, -- The provider's id.
  reversed_minor bigint not null default 0, -- What was taken back of it, for a refund.
  paid_to text, -- The last four digits of the account that it was sent to.
  sealed_account bytea, -- The account at the provider, encrypted, until the transfer is settled.
  failure text,
  requested_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  settled_at timestamp with time zone,
  calling_until timestamp with time zone, -- Until when a call of the provider about it may be under way: there must not be two at once.
  earning_id uuid, -- The line of the ledger (its reference) whose money a transfer takes: a payment has earned once, a package once per session.
  constraint payouts_pkey PRIMARY KEY (id),
  constraint payouts_bank_reference_once UNIQUE (expert_id, bank_reference),
  constraint payouts_id_expert_id_key UNIQUE (id, expert_id),
  constraint payouts_one_per_run UNIQUE (expert_id, run_id, currency),
  constraint payouts_transfer_id_once UNIQUE (expert_id, transfer_id),
  constraint payouts_amount_minimum CHECK ((amount_minor >= private.payout_minimum(method))),
  constraint payouts_bank_reference_form CHECK ((bank_reference ~ '^[A-Za-z0-9/-]{6,40}$'::text)),
  constraint payouts_failed_has_reason CHECK (((state <> 'failed'::text) OR (failure IS NOT NULL))),
  constraint payouts_method_has_cause CHECK (
CASE method
    WHEN 'csv'::text THEN ((run_id IS NOT NULL) AND (num_nonnulls(payment_id, earning_id) = 0))
    ELSE ((num_nonnulls(payment_id, earning_id) = 2) AND (run_id IS NULL))
END),
  constraint payouts_method_known CHECK ((method = ANY (ARRAY['csv'::text, 'route'::text]))),
  constraint payouts_paid_has_reference CHECK (((state <> ALL (ARRAY['paid'::text, 'reversed'::text])) OR (
CASE method
    WHEN 'csv'::text THEN bank_reference
    ELSE transfer_id
END IS NOT NULL))),
  constraint payouts_reversed_within_amount CHECK (((reversed_minor >= 0) AND (reversed_minor <= amount_minor))),
  constraint payouts_settled_when_over CHECK (((state = ANY (ARRAY['paid'::text, 'failed'::text, 'reversed'::text])) = (settled_at IS NOT NULL))),
  constraint payouts_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'sent'::text, 'paid'::text, 'failed'::text, 'reversed'::text]))),
  constraint payouts_transfer_id_length CHECK (((char_length(transfer_id) >= 1) AND (char_length(transfer_id) <= 255))),
  constraint payouts_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint payouts_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
  constraint payouts_run_id_fkey FOREIGN KEY (run_id) REFERENCES private.payout_runs(id),
);
CREATE INDEX payouts_expert_id_idx ON public.payouts USING btree (expert_id, requested_at DESC, id DESC)
CREATE UNIQUE INDEX payouts_one_open ON public.payouts USING btree (expert_id, currency) WHERE ((method = 'csv'::text) AND (state = ANY (ARRAY['requested'::text, 'sent'::text])))
CREATE UNIQUE INDEX payouts_one_per_earning ON public.payouts USING btree (expert_id, earning_id)
CREATE INDEX payouts_open_transfers_idx ON public.payouts USING btree (requested_at) WHERE ((method = 'route'::text) AND (state = ANY (ARRAY['requested'::text, 'sent'::text])))
CREATE INDEX payouts_payment_id_idx ON public.payouts USING btree (payment_id, expert_id)
CREATE INDEX payouts_run_id_idx ON public.payouts USING btree (run_id)
CREATE TRIGGER payouts_10_keep BEFORE INSERT OR UPDATE ON public.payouts FOR EACH ROW EXECUTE FUNCTION private.keep_payout()
row level security on
policy payouts_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors read only their own payouts.
grant to authenticated: select (id, expert_id, payment_id, amount_minor, currency, method, state, bank_reference, transfer_id, reversed_minor, paid_to, requested_at, sent_at, settled_at)

-- public.profiles: A person's own settings; private to that person.
create table public.profiles (
  id uuid not null,
  full_name text,
  timezone text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint profiles_pkey PRIMARY KEY (id),
  constraint profiles_full_name_clean CHECK (((full_name IS NFC NORMALIZED) AND (full_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text) AND (full_name ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'::text))),
  constraint profiles_full_name_length CHECK (((char_length(full_name) >= 1) AND (char_length(full_name) <= 120))),
  constraint profiles_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE TRIGGER profiles_10_check_timezone BEFORE INSERT OR UPDATE OF timezone ON public.profiles FOR EACH ROW EXECUTE FUNCTION private.check_timezone()
CREATE TRIGGER profiles_20_touch BEFORE UPDATE ON public.profiles FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
row level security on
policy profiles_insert_own permissive for insert to authenticated
    with check (id = ( SELECT auth.uid() AS uid))
    -- People create only their own settings.
policy profiles_read_own permissive for select to authenticated
    using (id = ( SELECT auth.uid() AS uid))
    -- People read only their own settings.
policy profiles_update_own permissive for update to authenticated
    using (id = ( SELECT auth.uid() AS uid))
    with check (id = ( SELECT auth.uid() AS uid))
    -- People change only their own settings.
grant to authenticated: insert (id, full_name, timezone)
grant to authenticated: select
grant to authenticated: update (full_name, timezone)

-- public.programmes: Group sessions of a mentor that are booked together, with one price and one decision. Times and seats are those of the sessions.
create table public.programmes (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  service_id uuid not null,
  title text not null,
  description text not null default ''::text,
  duration integer not null,
  capacity integer not null, -- Seats in each of its sessions.
  price_minor bigint not null, -- Of all sessions together; each has its share.
  currency text not null,
  min_attendees integer not null, -- With fewer at the time of the decision all of its sessions are cancelled.
  decide_at timestamp with time zone not null, -- When it is decided, once for all sessions. A session that is moved does not move it.
  state text not null default 'open'::text,
  cancelled_because text,
  decided_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint programmes_pkey PRIMARY KEY (id),
  constraint programmes_id_expert_id_key UNIQUE (id, expert_id),
  constraint programmes_cancelled_because_known CHECK ((cancelled_because = ANY (ARRAY['mentor'::text, 'minimum'::text]))),
  constraint programmes_cancelled_has_reason CHECK (((state = 'cancelled'::text) = (cancelled_because IS NOT NULL))),
  constraint programmes_capacity_range CHECK (((capacity >= 2) AND (capacity <= 500))),
  constraint programmes_currency_known CHECK ((currency = 'INR'::text)),
  constraint programmes_decided_once CHECK (((state = 'open'::text) = (decided_at IS NULL))),
  constraint programmes_description_clean CHECK (((description IS NFC NORMALIZED) AND (description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint programmes_description_length CHECK ((char_length(description) <= 2000)),
  constraint programmes_duration_range CHECK (((duration >= 5) AND (duration <= 480))),
  constraint programmes_minimum_within_capacity CHECK (((min_attendees >= 1) AND (min_attendees <= capacity))),
  constraint programmes_price_range CHECK (((price_minor >= 0) AND (price_minor <= 1000000000))),
  constraint programmes_state_known CHECK ((state = ANY (ARRAY['open'::text, 'on'::text, 'cancelled'::text]))),
  constraint programmes_title_clean CHECK (((title IS NFC NORMALIZED) AND (title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text) AND (title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'::text))),
  constraint programmes_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  constraint programmes_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint programmes_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
);
CREATE INDEX programmes_decide_at_idx ON public.programmes USING btree (decide_at) WHERE (state = 'open'::text)
CREATE INDEX programmes_expert_id_idx ON public.programmes USING btree (expert_id, created_at DESC)
CREATE INDEX programmes_service_id_idx ON public.programmes USING btree (service_id, expert_id)
CREATE TRIGGER programmes_50_announce AFTER UPDATE ON public.programmes FOR EACH ROW WHEN ((new.state IS DISTINCT FROM old.state)) EXECUTE FUNCTION private.announce_programme()
row level security on
policy programmes_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- What a programme offers and needs is public; who comes is not here. Written by functions only.
grant to anon: select
grant to authenticated: select
grant to matepeak_app: select

-- public.refunds: Money on its way back to a student. A state never goes back; a failed refund is followed by another one.
create table public.refunds (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  payment_id uuid not null,
  attempt_id uuid not null,
  amount_minor bigint not null,
  currency text not null,
  why text not null, -- What entitles to it. "provider": made at the provider, not by the app. "dispute": taken back by the payer's bank. "unused": sessions of a package that cannot be used any more.
  state text not null default 'requested'::text,
  provider_refund_id text,
  failure text,
  retry_of uuid, -- The failed refund that this one repeats.
  requested_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  settled_at timestamp with time zone,
  constraint refunds_pkey PRIMARY KEY (id),
  constraint refunds_id_expert_id_key UNIQUE (id, expert_id),
  constraint refunds_provider_refund_id_key UNIQUE (expert_id, attempt_id, provider_refund_id),
  constraint refunds_amount_positive CHECK ((amount_minor > 0)),
  constraint refunds_settled_when_over CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text])) = (settled_at IS NOT NULL))),
  constraint refunds_state_known CHECK ((state = ANY (ARRAY['requested'::text, 'sent'::text, 'done'::text, 'failed'::text]))),
  constraint refunds_why_known CHECK ((why = ANY (ARRAY['student_cancelled'::text, 'mentor_cancelled'::text, 'declined'::text, 'expired'::text, 'no_show'::text, 'late'::text, 'surplus'::text, 'wrong_amount'::text, 'unwanted'::text, 'administrator'::text, 'provider'::text, 'dispute'::text, 'unused'::text]))),
  constraint refunds_attempt_id_fkey FOREIGN KEY (attempt_id, expert_id) REFERENCES public.payment_attempts(id, expert_id),
  constraint refunds_payment_id_fkey FOREIGN KEY (payment_id, expert_id) REFERENCES public.payments(id, expert_id),
  constraint refunds_retry_of_fkey FOREIGN KEY (retry_of, expert_id) REFERENCES public.refunds(id, expert_id),
);
CREATE INDEX refunds_attempt_id_idx ON public.refunds USING btree (attempt_id, expert_id)
CREATE INDEX refunds_payment_id_idx ON public.refunds USING btree (payment_id, expert_id)
CREATE UNIQUE INDEX refunds_retry_of_once ON public.refunds USING btree (retry_of, expert_id)
CREATE INDEX refunds_to_settle_idx ON public.refunds USING btree (requested_at) WHERE (state = ANY (ARRAY['requested'::text, 'sent'::text]))
row level security on
policy refunds_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.payments p
  WHERE ((p.id = refunds.payment_id) AND (p.expert_id = refunds.expert_id))))
    -- The same people as the payment itself, whose policy decides.
grant to authenticated: select
grant to matepeak_app: select

-- public.review_replies: The mentor's public reply. A separate table, so that rights on a review give no rights on its reply.
create table public.review_replies (
  review_id uuid not null,
  expert_id uuid not null,
  body text not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint review_replies_pkey PRIMARY KEY (review_id, expert_id),
  constraint review_replies_body_clean CHECK (((body IS NFC NORMALIZED) AND (body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint review_replies_body_length CHECK (((char_length(body) >= 1) AND (char_length(body) <= 2000))),
  constraint review_replies_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint review_replies_review_id_fkey FOREIGN KEY (review_id, expert_id) REFERENCES public.reviews(id, expert_id) ON DELETE CASCADE,
);
CREATE INDEX review_replies_expert_id_idx ON public.review_replies USING btree (expert_id)
CREATE TRIGGER review_replies_20_touch BEFORE UPDATE ON public.review_replies FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER review_replies_50_enqueue AFTER INSERT ON public.review_replies FOR EACH ROW EXECUTE FUNCTION private.enqueue_review_reply()
row level security on
policy review_replies_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete their own replies.
policy review_replies_insert_own permissive for insert to authenticated
    with check ((expert_id = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT
   FROM public.reviews r
  WHERE ((r.id = review_replies.review_id) AND (r.expert_id = review_replies.expert_id)))))
    -- Mentors reply to reviews of their own sessions.
policy review_replies_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- As public as the reviews.
policy review_replies_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors edit their own replies.
grant to anon: select
grant to authenticated: delete, select
grant to authenticated: insert (review_id, expert_id, body)
grant to authenticated: update (body)
grant to matepeak_app: select

-- public.reviews: One review of each completed session, by its student. All but rating and text is set by prepare_review().
create table public.reviews (
  id uuid not null default private.uuid_v7(),
  booking_id uuid not null,
  user_id uuid not null,
  expert_id uuid not null,
  service_id uuid not null,
  author text not null, -- First name and initial: all of the student that is public.
  session_month date not null, -- The first day of the session's month, in the mentor's zone.
  rating integer not null,
  comment text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  revision integer not null default 1, -- Counts the changes, so that a save from an outdated tab is rejected.
  constraint reviews_pkey PRIMARY KEY (id),
  constraint reviews_booking_id_key UNIQUE (booking_id, expert_id),
  constraint reviews_id_expert_id_key UNIQUE (id, expert_id),
  constraint reviews_comment_clean CHECK (((comment IS NFC NORMALIZED) AND (comment !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint reviews_comment_length CHECK (((char_length(comment) >= 1) AND (char_length(comment) <= 2000))),
  constraint reviews_rating_range CHECK (((rating >= 1) AND (rating <= 5))),
  constraint reviews_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint reviews_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint reviews_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint reviews_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX reviews_expert_id_idx ON public.reviews USING btree (expert_id, created_at DESC, id DESC)
CREATE INDEX reviews_service_id_idx ON public.reviews USING btree (service_id, expert_id)
CREATE INDEX reviews_user_id_idx ON public.reviews USING btree (user_id)
CREATE TRIGGER reviews_10_lock_mentor BEFORE DELETE ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.lock_reviewed_mentor()
CREATE TRIGGER reviews_20_prepare BEFORE INSERT OR UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.prepare_review()
CREATE TRIGGER reviews_30_keep_history BEFORE INSERT OR UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.keep_review_history()
CREATE TRIGGER reviews_50_count AFTER INSERT OR DELETE ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.count_reviews()
CREATE TRIGGER reviews_51_count_change AFTER UPDATE ON public.reviews FOR EACH ROW WHEN ((new.rating IS DISTINCT FROM old.rating)) EXECUTE FUNCTION private.count_reviews()
CREATE TRIGGER reviews_60_enqueue AFTER INSERT ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.enqueue_review()
CREATE TRIGGER reviews_70_record AFTER INSERT OR DELETE OR UPDATE ON public.reviews FOR EACH ROW EXECUTE FUNCTION private.record_review()
row level security on
policy reviews_delete_own permissive for delete to authenticated
    using (user_id = ( SELECT auth.uid() AS uid))
    -- Students can delete their own review at any time.
policy reviews_insert_own permissive for insert to authenticated
    with check private.may_review(expert_id, booking_id)
    -- Students review their own sessions once these have taken place.
policy reviews_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Reviews are public; grants hide who wrote them.
policy reviews_update_own permissive for update to authenticated
    using ((user_id = ( SELECT auth.uid() AS uid)) AND (created_at > (now() - '14 days'::interval)))
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students edit their own review for fourteen days.
grant to anon: select (id, expert_id, service_id, author, session_month, rating, comment, created_at, updated_at)
grant to authenticated: delete
grant to authenticated: insert (booking_id, expert_id, rating, comment)
grant to authenticated: select (id, expert_id, service_id, author, session_month, rating, comment, created_at, updated_at, revision)
grant to authenticated: update (rating, comment)
grant to matepeak_app: select

-- public.schedule_revisions: Counts the changes of a mentor's offered times, in the same transaction: equal revisions mean equal times.
create table public.schedule_revisions (
  expert_id uuid not null,
  revision bigint not null default 0,
  constraint schedule_revisions_pkey PRIMARY KEY (expert_id),
  constraint schedule_revisions_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
row level security on
policy schedule_revisions_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Offered times are public, and so is when they change. Written by triggers only.
grant to anon: select
grant to authenticated: select
grant to matepeak_app: select

-- public.series: What several bookings have in common. Written once, with all of its bookings; times and states are theirs.
create table public.series (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  user_id uuid not null,
  service_id uuid not null,
  duration integer not null,
  pattern text not null, -- As the dates were found. Some may have been replaced, left out or moved since.
  payment text not null, -- at_once: by the payment of a basket, or nothing is to be paid. per_session: the first one when it was booked, each other one until a day before it begins. credits: with sessions of a package.
  programme_id uuid,
  created_at timestamp with time zone not null default now(),
  before_coupon_minor bigint, -- The sum that a coupon is applied to: the prices of its sessions. null: no coupon.
  constraint series_pkey PRIMARY KEY (id),
  constraint series_id_expert_id_key UNIQUE (id, expert_id),
  constraint series_before_coupon_positive CHECK ((before_coupon_minor > 0)),
  constraint series_duration_range CHECK (((duration >= 5) AND (duration <= 480))),
  constraint series_not_own_sessions CHECK ((user_id <> expert_id)),
  constraint series_pattern_known CHECK ((pattern = ANY (ARRAY['weekly'::text, 'two_weeks'::text, 'chosen'::text, 'programme'::text]))),
  constraint series_pattern_of_programme CHECK (((pattern = 'programme'::text) = (programme_id IS NOT NULL))),
  constraint series_payment_known CHECK ((payment = ANY (ARRAY['at_once'::text, 'per_session'::text, 'credits'::text]))),
  constraint series_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint series_programme_id_fkey FOREIGN KEY (programme_id, expert_id) REFERENCES public.programmes(id, expert_id),
  constraint series_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint series_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX series_expert_id_idx ON public.series USING btree (expert_id, created_at DESC)
CREATE INDEX series_programme_id_idx ON public.series USING btree (programme_id, expert_id) WHERE (programme_id IS NOT NULL)
CREATE INDEX series_service_id_idx ON public.series USING btree (service_id, expert_id)
CREATE INDEX series_user_id_idx ON public.series USING btree (user_id, created_at DESC)
row level security on
policy series_insert_own permissive for insert to matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students book only for themselves.
policy series_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
grant to authenticated: select
grant to matepeak_app: insert (id, expert_id, user_id, service_id, duration, pattern, payment, programme_id, before_coupon_minor)
grant to matepeak_app: select

-- public.service_durations: The lengths of a service and the price of each.
create table public.service_durations (
  service_id uuid not null,
  expert_id uuid not null,
  minutes integer not null,
  price_minor bigint not null, -- In minor units of the service's currency.
  constraint service_durations_pkey PRIMARY KEY (service_id, expert_id, minutes),
  constraint service_durations_minutes_range CHECK (((minutes >= 5) AND (minutes <= 480))),
  constraint service_durations_price_range CHECK (((price_minor >= 0) AND (price_minor <= 1000000000))),
  constraint service_durations_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id) ON DELETE CASCADE,
);
CREATE TRIGGER service_durations_05_lock_schedule BEFORE INSERT OR DELETE OR UPDATE ON public.service_durations FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER service_durations_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.service_durations FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER service_durations_60_check_alerts AFTER INSERT ON public.service_durations FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER service_durations_90_limit AFTER INSERT ON public.service_durations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('service_durations')
row level security on
policy service_durations_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete lengths of their own services.
policy service_durations_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add lengths to their own services.
policy service_durations_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Prices are public.
policy service_durations_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors price their own services.
grant to anon: select
grant to authenticated: delete, select
grant to authenticated: insert (service_id, expert_id, minutes, price_minor)
grant to authenticated: update (price_minor)
grant to matepeak_app: select

-- public.services: A mentor's services. A deleted one is kept for the bookings that refer to it.
create table public.services (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  session_type text not null,
  title text not null,
  description text not null default ''::text,
  currency text not null default 'INR'::text,
  capacity integer not null default 1, -- Seats per session; more than one only for group sessions.
  recording_price_minor bigint, -- Price of the recording in minor units; null when it is not offered.
  enabled boolean not null default true,
  instant_confirm boolean, -- null: the mentor's default.
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  deleted_at timestamp with time zone,
  cancel_cutoff integer not null default 0, -- Minutes before the start until which the student may cancel.
  reschedule_cutoff integer not null default 0, -- Minutes before the start until which the student may move it.
  refund_full_cutoff integer not null default 1440, -- Minutes before the start until which a student who cancels gets everything back.
  refund_partial_cutoff integer not null default 120, -- Minutes before the start until which a student who cancels gets refund_partial_percent back; nothing after that.
  refund_partial_percent integer not null default 50,
  opens_by_booking boolean not null default true, -- Whether the first booking opens a group session at any free time; if not, there are only those that the mentor schedules.
  min_attendees integer not null default 1, -- With fewer at the time of the decision a group session is cancelled.
  decide_minutes integer not null default 1440, -- Minutes before the start at which that is decided.
  late_join_minutes integer not null default 0, -- Minutes after the start until which a seat can still be booked.
  constraint services_pkey PRIMARY KEY (id),
  constraint services_id_expert_id_key UNIQUE (id, expert_id),
  constraint services_cancel_cutoff_range CHECK (((cancel_cutoff >= 0) AND (cancel_cutoff <= 43200))),
  constraint services_capacity_range CHECK (((capacity >= 1) AND (capacity <= 500))),
  constraint services_currency_known CHECK ((currency = 'INR'::text)),
  constraint services_decide_minutes_range CHECK (((decide_minutes >= 0) AND (decide_minutes <= 43200))),
  constraint services_description_clean CHECK (((description IS NFC NORMALIZED) AND (description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint services_description_length CHECK ((char_length(description) <= 2000)),
  constraint services_groups_alone_are_scheduled CHECK ((opens_by_booking OR (capacity > 1))),
  constraint services_late_join_range CHECK (((late_join_minutes >= 0) AND (late_join_minutes <= 480))),
  constraint services_minimum_within_capacity CHECK (((min_attendees >= 1) AND (min_attendees <= capacity))),
  constraint services_recording_price_range CHECK (((recording_price_minor >= 0) AND (recording_price_minor <= 1000000000))),
  constraint services_refund_full_cutoff_range CHECK (((refund_full_cutoff >= 0) AND (refund_full_cutoff <= 43200))),
  constraint services_refund_partial_cutoff_range CHECK (((refund_partial_cutoff >= 0) AND (refund_partial_cutoff <= 43200))),
  constraint services_refund_partial_percent_range CHECK (((refund_partial_percent >= 0) AND (refund_partial_percent <= 100))),
  constraint services_refunds_shrink CHECK ((refund_partial_cutoff <= refund_full_cutoff)),
  constraint services_reschedule_cutoff_range CHECK (((reschedule_cutoff >= 0) AND (reschedule_cutoff <= 43200))),
  constraint services_seats_are_for_groups CHECK (((session_type = 'groupSession'::text) OR (capacity = 1))),
  constraint services_session_type_known CHECK ((session_type = ANY (ARRAY['oneOnOneSession'::text, 'groupSession'::text, 'chatAdvice'::text]))),
  constraint services_title_clean CHECK (((title IS NFC NORMALIZED) AND (title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text) AND (title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'::text))),
  constraint services_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  constraint services_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX services_expert_id_idx ON public.services USING btree (expert_id)
CREATE TRIGGER services_05_lock_schedule BEFORE INSERT OR UPDATE ON public.services FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER services_10_keep_deleted BEFORE UPDATE OF deleted_at ON public.services FOR EACH ROW WHEN ((old.deleted_at IS NOT NULL)) EXECUTE FUNCTION private.prevent_service_restore()
CREATE TRIGGER services_20_touch BEFORE UPDATE ON public.services FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER services_50_announce AFTER INSERT OR UPDATE ON public.services FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER services_60_count_entry_change AFTER UPDATE ON public.services FOR EACH ROW WHEN ((new.title IS DISTINCT FROM old.title)) EXECUTE FUNCTION private.count_entry_change()
CREATE TRIGGER services_70_check_alerts AFTER UPDATE ON public.services FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER services_90_limit AFTER INSERT ON public.services REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('services')
row level security on
policy services_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add their own services.
policy services_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Services are public, also deleted ones, which past bookings show.
policy services_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors edit their own services.
grant to anon: select
grant to authenticated: insert (expert_id, session_type, title, description, currency, capacity, recording_price_minor, enabled, instant_confirm, cancel_cutoff, reschedule_cutoff, refund_full_cutoff, refund_partial_cutoff, refund_partial_percent, opens_by_booking, min_attendees, decide_minutes, late_join_minutes)
grant to authenticated: select
grant to authenticated: update (session_type, title, description, currency, capacity, recording_price_minor, enabled, instant_confirm, deleted_at, cancel_cutoff, reschedule_cutoff, refund_full_cutoff, refund_partial_cutoff, refund_partial_percent, opens_by_booking, min_attendees, decide_minutes, late_join_minutes)
grant to matepeak_app: select

-- public.session_entries: What was written of a mentor's session to one of the mentor's calendars, and what its owner has done to it there.
create table public.session_entries (
  booking_id uuid,
  group_session_id uuid,
  session_id uuid not null generated always as (COALESCE(booking_id, group_session_id)) stored, -- The booking, or of a group its session: the seats of a group are one entry.
  calendar_id uuid not null,
  expert_id uuid not null,
  ref text, -- The entry's name at its provider; null while it is not known to be there.
  etag text,
  uid text, -- By which other readers of the calendar know the entry. Kept once it is removed: some read it late.
  written_revision integer, -- As server/bookings/queries.ts, or group_entries(), counts what an entry says. Another one than the present: it is written again.
  written_starts_at timestamp with time zone,
  writing_starts_at timestamp with time zone, -- The start in a write whose end is not known: the entry may be that one, or the one before.
  suspicions integer not null default 0, -- How often a read of the calendar has found another version than the written one, or none. More than were checked: the entry is compared before anything is written.
  checked integer not null default 0,
  question_id uuid,
  question text, -- What the owner did to the entry in the calendar, and has not said yet what the session is to do. Nothing is written meanwhile.
  moved_to timestamp with time zone,
  noticed_at timestamp with time zone,
  answering_until timestamp with time zone, -- An answer is being carried out; others wait until then.
  left_out_at timestamp with time zone, -- When the owner said that the session is to be left out of this calendar.
  problem text,
  failures integer not null default 0,
  due_at timestamp with time zone not null default now(),
  lease uuid, -- Which run of a worker may note what it has written.
  leased_until timestamp with time zone,
  constraint session_entries_pkey PRIMARY KEY (expert_id, session_id, calendar_id),
  constraint session_entries_etag_length CHECK ((char_length(etag) <= 500)),
  constraint session_entries_failures_range CHECK ((failures >= 0)),
  constraint session_entries_lease_ends CHECK (((lease IS NULL) = (leased_until IS NULL))),
  constraint session_entries_of_one_session CHECK (((booking_id IS NULL) <> (group_session_id IS NULL))),
  constraint session_entries_question_known CHECK ((question = ANY (ARRAY['moved'::text, 'deleted'::text]))),
  constraint session_entries_question_whole CHECK ((((question IS NULL) = (question_id IS NULL)) AND ((question IS NULL) = (noticed_at IS NULL)) AND ((NOT (question IS DISTINCT FROM 'moved'::text)) = (moved_to IS NOT NULL)))),
  constraint session_entries_ref_length CHECK (((char_length(ref) >= 1) AND (char_length(ref) <= 2000))),
  constraint session_entries_uid_length CHECK (((char_length(uid) >= 1) AND (char_length(uid) <= 1000))),
  constraint session_entries_written_whole CHECK (((ref IS NULL) OR ((uid IS NOT NULL) AND (written_starts_at IS NOT NULL)))),
  constraint session_entries_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id) ON DELETE CASCADE,
  constraint session_entries_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES public.connected_calendars(id) ON DELETE CASCADE,
  constraint session_entries_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint session_entries_group_session_id_fkey FOREIGN KEY (group_session_id, expert_id) REFERENCES public.group_sessions(id, expert_id) ON DELETE CASCADE,
);
CREATE INDEX session_entries_booking_id_idx ON public.session_entries USING btree (booking_id, expert_id)
CREATE INDEX session_entries_calendar_id_idx ON public.session_entries USING btree (calendar_id, ref)
CREATE INDEX session_entries_group_session_id_idx ON public.session_entries USING btree (group_session_id, expert_id)
row level security on
policy session_entries_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- What is in a mentor's calendar is for that mentor alone.
grant to authenticated: select (booking_id, group_session_id, session_id, calendar_id, expert_id, ref, etag, written_revision, written_starts_at, question_id, question, moved_to, noticed_at, left_out_at, problem, failures, due_at)

-- public.student_notes: A mentor's private notes, one page per student. The student never sees them.
create table public.student_notes (
  expert_id uuid not null,
  student_id uuid not null,
  body text not null,
  revision integer not null default 1, -- Counts the changes, so that a save from an outdated tab is rejected.
  updated_at timestamp with time zone not null default now(),
  constraint student_notes_pkey PRIMARY KEY (expert_id, student_id),
  constraint student_notes_body_clean CHECK (((body IS NFC NORMALIZED) AND (body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint student_notes_body_length CHECK (((char_length(body) >= 1) AND (char_length(body) <= 10000))),
  constraint student_notes_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint student_notes_student_id_fkey FOREIGN KEY (student_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX student_notes_student_id_idx ON public.student_notes USING btree (student_id)
CREATE TRIGGER student_notes_10_count BEFORE UPDATE ON public.student_notes FOR EACH ROW EXECUTE FUNCTION private.count_note_change()
row level security on
policy student_notes_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete only their own notes.
policy student_notes_insert_own permissive for insert to authenticated
    with check ((expert_id = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT
   FROM public.bookings b
  WHERE ((b.expert_id = ( SELECT auth.uid() AS uid)) AND (b.user_id = student_notes.student_id)))))
    -- Mentors write notes only about people who have or had a session with them.
policy student_notes_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors read only their own notes.
policy student_notes_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors edit only their own notes.
grant to authenticated: delete, select
grant to authenticated: insert (expert_id, student_id, body)
grant to authenticated: update (body)

-- public.tax_settings: What a mentor's receipts and fee invoices say about GST. No row, or not enabled: receipts are plain receipts.
create table public.tax_settings (
  expert_id uuid not null,
  enabled boolean not null default false,
  legal_name text,
  address text,
  state_code text, -- Of the State's two digits in a GSTIN.
  gstin text,
  sac text not null default '999293'::text, -- Code of the service (SAC).
  rate_basis_points integer not null default 1800, -- In hundredths of a percent; contained in the price.
  updated_at timestamp with time zone not null default now(),
  constraint tax_settings_pkey PRIMARY KEY (expert_id),
  constraint tax_settings_address_clean CHECK (((address IS NFC NORMALIZED) AND (address !~ '[\u0001-\u0009\u000B-\u001F\u007F-\u009F]'::text))),
  constraint tax_settings_address_length CHECK (((char_length(address) >= 1) AND (char_length(address) <= 300))),
  constraint tax_settings_enabled_when_complete CHECK (((NOT enabled) OR (num_nulls(legal_name, address, state_code, gstin) = 0))),
  constraint tax_settings_gstin_of_state CHECK (("left"(gstin, 2) = state_code)),
  constraint tax_settings_gstin_valid CHECK (private.is_gstin(gstin)),
  constraint tax_settings_legal_name_clean CHECK (((legal_name IS NFC NORMALIZED) AND (legal_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint tax_settings_legal_name_length CHECK (((char_length(legal_name) >= 1) AND (char_length(legal_name) <= 120))),
  constraint tax_settings_rate_range CHECK (((rate_basis_points >= 0) AND (rate_basis_points <= 10000))),
  constraint tax_settings_sac_form CHECK ((sac ~ '^99[0-9]{4}$'::text)),
  constraint tax_settings_state_code_form CHECK ((state_code ~ '^[0-9]{2}$'::text)),
  constraint tax_settings_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
row level security on
policy tax_settings_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors write only their own tax settings.
policy tax_settings_read_own permissive for select to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors read only their own tax settings.
policy tax_settings_update_own permissive for update to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors change only their own tax settings.
grant to authenticated: insert (expert_id, enabled, legal_name, address, state_code, gstin, sac, rate_basis_points)
grant to authenticated: select
grant to authenticated: update (enabled, legal_name, address, state_code, gstin, sac, rate_basis_points, updated_at)

-- public.time_proposals: The starts that one party proposes; a new round replaces the last.
create table public.time_proposals (
  id uuid not null default private.uuid_v7(),
  request_id uuid not null,
  expert_id uuid not null,
  proposed_by text not null,
  round integer not null,
  place integer not null, -- Position in its round, 1 to 3.
  starts_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint time_proposals_pkey PRIMARY KEY (id),
  constraint time_proposals_id_expert_id_key UNIQUE (id, expert_id),
  constraint time_proposals_round_place_key UNIQUE (request_id, expert_id, round, place),
  constraint time_proposals_round_start_key UNIQUE (request_id, expert_id, round, starts_at),
  constraint time_proposals_at_most_three CHECK (((place >= 1) AND (place <= 3))),
  constraint time_proposals_proposed_by_known CHECK ((proposed_by = ANY (ARRAY['student'::text, 'mentor'::text]))),
  constraint time_proposals_request_id_fkey FOREIGN KEY (request_id, expert_id) REFERENCES public.time_requests(id, expert_id),
);
row level security on
policy time_proposals_insert_party permissive for insert to matepeak_app
    with check (EXISTS ( SELECT
   FROM public.time_requests r
  WHERE ((r.id = time_proposals.request_id) AND (r.expert_id = time_proposals.expert_id))))
    -- Either party proposes, through the app.
policy time_proposals_read_party permissive for select to authenticated, matepeak_app
    using (EXISTS ( SELECT
   FROM public.time_requests r
  WHERE ((r.id = time_proposals.request_id) AND (r.expert_id = time_proposals.expert_id))))
    -- The same people as the time request itself, whose policy decides.
grant to authenticated: select
grant to matepeak_app: insert (request_id, expert_id, proposed_by, round, place, starts_at)
grant to matepeak_app: select

-- public.time_requests: A student's request for a time that is not offered. Holds no time; only the booking made from it does.
create table public.time_requests (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  expert_id uuid not null,
  service_id uuid not null,
  duration integer not null,
  total_minor bigint not null, -- The price at the time of the request, in minor units; accepting fails if it has changed.
  currency text not null,
  message text,
  user_name text not null default ''::text,
  user_email text not null default ''::text,
  student_timezone text not null,
  status text not null default 'open'::text,
  awaiting text not null default 'mentor'::text, -- Whose reply to the last round of proposals is awaited.
  round integer not null default 1,
  expires_at timestamp with time zone not null,
  reason text, -- The mentor's reason for declining.
  booking_id uuid,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  replaces_booking_id uuid, -- The booking request to which the mentor replied with other times; null when the student made the request.
  constraint time_requests_pkey PRIMARY KEY (id),
  constraint time_requests_id_expert_id_key UNIQUE (id, expert_id),
  constraint time_requests_replaces_booking_id_key UNIQUE (replaces_booking_id, expert_id),
  constraint time_requests_accepted_is_booked CHECK (((status = 'accepted'::text) = (booking_id IS NOT NULL))),
  constraint time_requests_awaiting_known CHECK ((awaiting = ANY (ARRAY['student'::text, 'mentor'::text]))),
  constraint time_requests_currency_known CHECK ((currency = 'INR'::text)),
  constraint time_requests_duration_range CHECK (((duration >= 5) AND (duration <= 480))),
  constraint time_requests_message_clean CHECK (((message IS NFC NORMALIZED) AND (message !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'::text))),
  constraint time_requests_message_length CHECK ((char_length(message) <= 2000)),
  constraint time_requests_not_own_session CHECK ((user_id <> expert_id)),
  constraint time_requests_reason_length CHECK ((char_length(reason) <= 500)),
  constraint time_requests_round_range CHECK (((round >= 1) AND (round <= 20))),
  constraint time_requests_status_known CHECK ((status = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'expired'::text, 'withdrawn'::text]))),
  constraint time_requests_total_range CHECK ((total_minor >= 0)),
  constraint time_requests_user_email_length CHECK ((char_length(user_email) <= 254)),
  constraint time_requests_user_name_clean CHECK (((user_name IS NFC NORMALIZED) AND (user_name !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'::text))),
  constraint time_requests_user_name_length CHECK ((char_length(user_name) <= 120)),
  constraint time_requests_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint time_requests_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id),
  constraint time_requests_replaces_booking_id_fkey FOREIGN KEY (replaces_booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint time_requests_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint time_requests_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id),
);
CREATE INDEX time_requests_booking_id_idx ON public.time_requests USING btree (booking_id, expert_id)
CREATE INDEX time_requests_expert_id_idx ON public.time_requests USING btree (expert_id, created_at DESC, id DESC)
CREATE INDEX time_requests_expires_at_idx ON public.time_requests USING btree (expires_at) WHERE (status = 'open'::text)
CREATE UNIQUE INDEX time_requests_one_open_key ON public.time_requests USING btree (user_id, expert_id) WHERE ((status = 'open'::text) AND (replaces_booking_id IS NULL))
CREATE INDEX time_requests_open_idx ON public.time_requests USING btree (user_id) WHERE (status = 'open'::text)
CREATE INDEX time_requests_service_id_idx ON public.time_requests USING btree (service_id, expert_id)
CREATE INDEX time_requests_user_id_idx ON public.time_requests USING btree (user_id, created_at DESC, id DESC)
CREATE TRIGGER time_requests_10_check_transition BEFORE UPDATE ON public.time_requests FOR EACH ROW EXECUTE FUNCTION private.check_time_request_transition()
CREATE TRIGGER time_requests_20_touch BEFORE UPDATE ON public.time_requests FOR EACH ROW EXECUTE FUNCTION private.touch_updated_at()
CREATE TRIGGER time_requests_50_announce AFTER INSERT OR UPDATE ON public.time_requests FOR EACH ROW EXECUTE FUNCTION private.announce_time_request()
CREATE TRIGGER time_requests_55_check_open AFTER INSERT ON public.time_requests FOR EACH ROW EXECUTE FUNCTION private.require_open_accounts()
CREATE TRIGGER time_requests_60_limit_open AFTER INSERT ON public.time_requests FOR EACH ROW WHEN ((new.replaces_booking_id IS NULL)) EXECUTE FUNCTION private.limit_time_requests()
row level security on
policy time_requests_insert_own permissive for insert to matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- Students make requests only for themselves.
policy time_requests_read_party permissive for select to authenticated, matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Only its student and its mentor.
policy time_requests_update_party permissive for update to matepeak_app
    using ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    with check ((user_id = ( SELECT auth.uid() AS uid)) OR (expert_id = ( SELECT auth.uid() AS uid)))
    -- Either party replies, through the app.
grant to authenticated: select
grant to matepeak_app: insert (user_id, expert_id, service_id, duration, total_minor, currency, message, user_name, user_email, student_timezone, expires_at)
grant to matepeak_app: select
grant to matepeak_app: update (status, awaiting, round, expires_at, reason)

-- public.timezone_periods: Travel: from one date to another, both included, the mentor's hours and days off are in another zone (docs/decisions/0010).
create table public.timezone_periods (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  starts_on date not null,
  ends_on date not null,
  timezone text not null, -- IANA zone in force on these dates instead of the profile's.
  created_at timestamp with time zone not null default now(),
  constraint timezone_periods_pkey PRIMARY KEY (id),
  constraint timezone_periods_id_expert_id_key UNIQUE (id, expert_id),
  constraint timezone_periods_no_overlap EXCLUDE USING gist (expert_id WITH =, daterange(starts_on, ends_on, '[]'::text) WITH &&),
  constraint timezone_periods_ends_after_start CHECK ((starts_on <= ends_on)),
  constraint timezone_periods_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
);
CREATE INDEX timezone_periods_ends_on_idx ON public.timezone_periods USING btree (ends_on)
CREATE TRIGGER timezone_periods_05_lock_schedule BEFORE INSERT OR DELETE OR UPDATE ON public.timezone_periods FOR EACH STATEMENT WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.lock_own_schedule()
CREATE TRIGGER timezone_periods_10_check_timezone BEFORE INSERT OR UPDATE OF timezone ON public.timezone_periods FOR EACH ROW EXECUTE FUNCTION private.check_timezone()
CREATE TRIGGER timezone_periods_50_announce AFTER INSERT OR DELETE OR UPDATE ON public.timezone_periods FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER timezone_periods_60_check_alerts AFTER INSERT OR DELETE OR UPDATE ON public.timezone_periods FOR EACH ROW EXECUTE FUNCTION private.enqueue_alert_check()
CREATE TRIGGER timezone_periods_80_count_delete AFTER DELETE ON public.timezone_periods REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER timezone_periods_81_count_insert AFTER INSERT ON public.timezone_periods REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_hours_change()
CREATE TRIGGER timezone_periods_90_limit AFTER INSERT ON public.timezone_periods REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION private.limit_owned('timezone_periods')
row level security on
policy timezone_periods_delete_own permissive for delete to authenticated
    using (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors delete their own travels.
policy timezone_periods_insert_own permissive for insert to authenticated
    with check (expert_id = ( SELECT auth.uid() AS uid))
    -- Mentors add their own travels.
policy timezone_periods_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Public like the hours, because offered times depend on it.
grant to anon: select
grant to authenticated: delete, select
grant to authenticated: insert (expert_id, starts_on, ends_on, timezone)
grant to matepeak_app: select

-- public.waitlist_entries: A person waits for a session of a service: at one time, on some days, or in a group session. First come, first served.
create table public.waitlist_entries (
  id uuid not null default private.uuid_v7(),
  user_id uuid not null,
  expert_id uuid not null,
  service_id uuid not null,
  duration integer not null,
  kind text not null,
  group_session_id uuid,
  from_date date,
  to_date date,
  timezone text not null, -- The person's: of the dates, and of the nights in which an offer pauses.
  starts_from timestamp with time zone not null, -- The sessions waited for begin from here …
  starts_until timestamp with time zone not null, -- … to before here.
  passed_starts timestamp with time zone[] not null default '{}'::timestamp with time zone[], -- Starts that were offered and passed, or that the person had booked before: the person waits for others.
  state text not null default 'waiting'::text,
  place bigint not null generated always as identity, -- The order of the queue.
  joined_at timestamp with time zone not null default now(),
  constraint waitlist_entries_pkey PRIMARY KEY (id),
  constraint waitlist_entries_id_expert_id_key UNIQUE (id, expert_id),
  constraint waitlist_entries_days_have_dates CHECK (((kind = 'days'::text) = ((from_date IS NOT NULL) AND (to_date IS NOT NULL)))),
  constraint waitlist_entries_duration_range CHECK (((duration >= 5) AND (duration <= 480))),
  constraint waitlist_entries_kind_known CHECK ((kind = ANY (ARRAY['slot'::text, 'days'::text, 'group'::text]))),
  constraint waitlist_entries_range_length CHECK ((((to_date - from_date) >= 0) AND ((to_date - from_date) <= 61))),
  constraint waitlist_entries_starts_ascend CHECK ((starts_from < starts_until)),
  constraint waitlist_entries_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'offered'::text, 'accepted'::text, 'left'::text, 'expired'::text, 'withdrawn'::text]))),
  constraint waitlist_entries_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint waitlist_entries_group_session_id_fkey FOREIGN KEY (group_session_id, expert_id) REFERENCES public.group_sessions(id, expert_id) ON DELETE SET NULL (group_session_id),
  constraint waitlist_entries_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint waitlist_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE UNIQUE INDEX waitlist_entries_active_key ON public.waitlist_entries USING btree (user_id, expert_id, service_id, duration, kind, COALESCE(group_session_id, expert_id), starts_from, starts_until) WHERE (state = ANY (ARRAY['waiting'::text, 'offered'::text]))
CREATE INDEX waitlist_entries_expert_id_idx ON public.waitlist_entries USING btree (expert_id)
CREATE INDEX waitlist_entries_group_session_id_idx ON public.waitlist_entries USING btree (group_session_id, expert_id)
CREATE INDEX waitlist_entries_service_id_idx ON public.waitlist_entries USING btree (service_id, expert_id)
CREATE INDEX waitlist_entries_user_id_idx ON public.waitlist_entries USING btree (user_id, joined_at DESC)
CREATE INDEX waitlist_entries_waiting_idx ON public.waitlist_entries USING btree (expert_id, starts_until) WHERE (state = 'waiting'::text)
CREATE TRIGGER waitlist_entries_10_begin BEFORE INSERT ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.begin_waitlist_entry()
CREATE TRIGGER waitlist_entries_15_check_step BEFORE UPDATE ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.check_waitlist_entry()
CREATE TRIGGER waitlist_entries_50_announce AFTER INSERT OR UPDATE ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.announce_availability()
CREATE TRIGGER waitlist_entries_51_announce_people AFTER INSERT OR UPDATE ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.announce_waitlist()
CREATE TRIGGER waitlist_entries_55_check_open AFTER INSERT ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.require_open_accounts()
CREATE TRIGGER waitlist_entries_60_limit AFTER INSERT ON public.waitlist_entries FOR EACH ROW EXECUTE FUNCTION private.limit_waitlist()
row level security on
policy waitlist_entries_insert_own permissive for insert to matepeak_app
    with check (user_id = ( SELECT auth.uid() AS uid))
    -- People join queues only for themselves.
policy waitlist_entries_read permissive for select to anon, authenticated, matepeak_app
    using true
    -- Which times are waited for is public, by the columns that visitors may read. The app shows people their own entries, and mentors their queue.
grant to anon: select (expert_id, service_id, duration, starts_from, starts_until, passed_starts, state)
grant to authenticated: select (expert_id, service_id, duration, starts_from, starts_until, passed_starts, state)
grant to matepeak_app: insert (user_id, expert_id, service_id, duration, kind, group_session_id, from_date, to_date, timezone, starts_from, starts_until)
grant to matepeak_app: select

-- public.waitlist_offers: Freed time that is kept for the person whose turn it is. Ends exactly once: accepted, passed, lapsed or withdrawn.
create table public.waitlist_offers (
  id uuid not null default private.uuid_v7(),
  expert_id uuid not null,
  entry_id uuid not null,
  user_id uuid not null,
  service_id uuid not null,
  occupancy_id uuid,
  booking_id uuid, -- The booking by which it is being accepted: while that is unpaid, the offer is open.
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  state text not null default 'open'::text,
  is_final boolean not null, -- The session could no longer be cancelled when it was offered.
  offered_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  constraint waitlist_offers_pkey PRIMARY KEY (id),
  constraint waitlist_offers_id_expert_id_key UNIQUE (id, expert_id),
  constraint waitlist_offers_accepted_is_booked CHECK (((state <> 'accepted'::text) OR (booking_id IS NOT NULL))),
  constraint waitlist_offers_ends_after_start CHECK ((starts_at < ends_at)),
  constraint waitlist_offers_open_holds CHECK (((state = 'open'::text) = (occupancy_id IS NOT NULL))),
  constraint waitlist_offers_settled_once CHECK (((state = 'open'::text) = (settled_at IS NULL))),
  constraint waitlist_offers_state_known CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'passed'::text, 'lapsed'::text, 'withdrawn'::text]))),
  constraint waitlist_offers_booking_id_fkey FOREIGN KEY (booking_id, expert_id) REFERENCES public.bookings(id, expert_id),
  constraint waitlist_offers_entry_id_fkey FOREIGN KEY (entry_id, expert_id) REFERENCES public.waitlist_entries(id, expert_id) ON DELETE CASCADE,
  constraint waitlist_offers_expert_id_fkey FOREIGN KEY (expert_id) REFERENCES public.expert_profiles(id) ON DELETE CASCADE,
  constraint waitlist_offers_occupancy_id_fkey FOREIGN KEY (occupancy_id, expert_id) REFERENCES public.occupancies(id, expert_id),
  constraint waitlist_offers_service_id_fkey FOREIGN KEY (service_id, expert_id) REFERENCES public.services(id, expert_id),
  constraint waitlist_offers_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE,
);
CREATE INDEX waitlist_offers_booking_id_idx ON public.waitlist_offers USING btree (booking_id, expert_id)
CREATE INDEX waitlist_offers_entry_id_idx ON public.waitlist_offers USING btree (entry_id, expert_id)
CREATE INDEX waitlist_offers_expert_id_idx ON public.waitlist_offers USING btree (expert_id)
CREATE INDEX waitlist_offers_occupancy_id_idx ON public.waitlist_offers USING btree (occupancy_id, expert_id)
CREATE INDEX waitlist_offers_oldest_idx ON public.waitlist_offers USING btree (expires_at) WHERE ((state = 'open'::text) AND (booking_id IS NULL))
CREATE UNIQUE INDEX waitlist_offers_open_key ON public.waitlist_offers USING btree (entry_id, expert_id) WHERE (state = 'open'::text)
CREATE INDEX waitlist_offers_service_id_idx ON public.waitlist_offers USING btree (service_id, expert_id)
CREATE INDEX waitlist_offers_to_lapse_idx ON public.waitlist_offers USING btree (expert_id, expires_at) WHERE ((state = 'open'::text) AND (booking_id IS NULL))
CREATE INDEX waitlist_offers_user_id_idx ON public.waitlist_offers USING btree (user_id)
CREATE TRIGGER waitlist_offers_15_check_step BEFORE UPDATE ON public.waitlist_offers FOR EACH ROW EXECUTE FUNCTION private.check_waitlist_offer()
CREATE TRIGGER waitlist_offers_50_settle AFTER UPDATE ON public.waitlist_offers FOR EACH ROW WHEN ((new.state IS DISTINCT FROM old.state)) EXECUTE FUNCTION private.settle_waitlist_offer()
row level security on
policy waitlist_offers_read_party permissive for select to authenticated, matepeak_app
    using ((( SELECT auth.uid() AS uid) = user_id) OR (( SELECT auth.uid() AS uid) = expert_id))
    -- The person to whom it is offered, and the mentor whose time it is. Written by functions only.
grant to authenticated: select
grant to matepeak_app: select

-- auth.uid(): The caller's user id, from request.jwt.claims.
-- executable by: anon, authenticated, matepeak_app
CREATE OR REPLACE FUNCTION auth.uid()
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
        select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
      $function$

-- private.abandon_purchase(uuid,uuid,text): A purchase that is not paid any more. If it lapsed and is paid after all, it becomes active; if cancelled, the money goes back.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.abandon_purchase(mentor uuid, purchase uuid, why text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  payment uuid;
begin
  update public.package_purchases p set state = 'lapsed', updated_at = now()
    where p.id = purchase and p.expert_id = mentor and p.state = 'unpaid';
  update public.payments p set state = 'closed', closed_because = why, updated_at = now()
    where p.package_purchase_id = purchase and p.expert_id = mentor and p.state = 'open' returning p.id into payment;
  if found then
    perform private.enqueue_for_payment('close_order', mentor, payment);
  end if;
end
$function$

-- private.accept_basket(uuid,uuid,boolean): Gives all bookings of a paid basket their status, or none: as accept_payment() for each.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.accept_basket(mentor uuid, basket uuid, may_retake boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  part uuid;
begin
  for part in
    select b.id from public.bookings b where b.basket_id = basket and b.expert_id = mentor order by b.starts_at, b.id
  loop
    if not private.accept_payment(mentor, part, may_retake, true) then
      raise exception 'not all of the basket can be booked' using errcode = 'MP001';
    end if;
  end loop;
  return true;
exception when sqlstate 'MP001' then
  return false;
end
$function$

-- private.accept_offer(): Accepts the offer whose hold a new booking has taken, or once the booking is paid.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.accept_offer()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.waitlist_offers o
    set booking_id = new.id, state = case when new.status_when_paid is null then 'accepted' else o.state end
    where o.expert_id = new.expert_id and o.id = (
      select w.id from public.waitlist_offers w
      where w.expert_id = new.expert_id and w.occupancy_id = new.occupancy_id and w.user_id = new.user_id
        and w.state = 'open' and w.booking_id is null
      order by w.offered_at limit 1);
  return null;
end
$function$

-- private.accept_payment(uuid,uuid,boolean,boolean): Gives an unpaid booking its status, or revives a lapsed one if its time is still free. False if there is nothing to pay for, or one of the two is deleted.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.accept_payment(mentor uuid, booking uuid, may_retake boolean, is_captured boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b public.bookings;
  becomes text;
  expiry timestamptz;
begin
  select * into b from public.bookings where id = booking and expert_id = mentor for no key update;
  becomes := b.status_when_paid;
  if becomes is null or b.status = 'cancelled' and (b.starts_at <= now() or not may_retake) then
    return false;
  end if;
  -- The deletion cancels what is held; what is paid meanwhile, or later, goes back.
  if exists (select from private.closed_accounts c where c.user_id in (b.user_id, b.expert_id) and c.why = 'deleted') then
    return false;
  end if;
  expiry := private.request_expiry(becomes, b.starts_at);
  begin
    if b.status = 'cancelled' and (b.coupon_id is not null or b.package_purchase_id is not null) then
      -- They were given back when it lapsed. In this block, so that they are again if the time is not free.
      perform private.expire_requests(mentor);
      if private.take_offers(mentor, b.id, b.user_id, b.service_id, b.duration, b.coupon_id,
                             coalesce(b.series_id, b.basket_id), b.package_purchase_id)
         is not null then
        return false;
      end if;
    end if;
    update public.bookings
      set status = becomes, status_when_paid = null, expires_at = expiry,
          occupancy_id = coalesce(b.occupancy_id, private.retake_time(mentor, booking, becomes, expiry)),
          payment_status = case when is_captured then 'completed' else 'pending' end
      where id = booking and expert_id = mentor;
  exception when exclusion_violation or unique_violation then
    -- Another session has the time, or the student already has another seat in this one.
    return false;
  end;
  if becomes = 'pending' then
    update public.occupancies o set state = 'requested', expires_at = greatest(o.expires_at, expiry)
      where o.id = b.occupancy_id and o.expert_id = mentor and o.state = 'hold';
  end if;
  return true;
end
$function$

-- private.accept_purchase(uuid,uuid): A paid package can be used from now on. False if it has been given up, or one of the two is deleted.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.accept_purchase(mentor uuid, purchase uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
begin
  update public.package_purchases p
    set state = 'active', expires_at = now() + p.valid_days * interval '1 day', updated_at = now()
    where p.id = purchase and p.expert_id = mentor and p.state in ('unpaid', 'lapsed')
      -- What a deleted person pays, or is paid, goes back.
      and not exists (
        select from private.closed_accounts c where c.user_id in (p.user_id, p.expert_id) and c.why = 'deleted')
    returning * into bought;
  if not found then
    return false;
  end if;
  perform private.transfer(mentor, 'credits_issued', purchase, 'credits_issued', mentor, 'credits', purchase,
                           private.credit_currency(bought.service_id), bought.sessions);
  perform private.remind_of_expiry(mentor, purchase);
  return true;
end
$function$

-- private.accept_time_proposal(uuid): Accepts a proposal: books and confirms the session, within the hours or not, but never in taken or past time. For the party whose reply is awaited; null for non-parties.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.accept_time_proposal(wanted uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  request public.time_requests;
  proposal public.time_proposals;
  service public.services;
  replaced public.bookings;
  zone text;
  recorded boolean;
  booked uuid;
begin
  select r.* into request
    from public.time_proposals p join public.time_requests r on r.id = p.request_id and r.expert_id = p.expert_id
    where p.id = wanted and caller in (r.user_id, r.expert_id);
  if not found then
    return null;
  end if;
  perform private.lock_mentor(request.expert_id);
  -- Read again, because the request may have changed during the wait for the locks.
  select * into request from public.time_requests r
    where r.id = request.id and r.expert_id = request.expert_id for update;
  select * into proposal from public.time_proposals p where p.id = wanted and p.expert_id = request.expert_id;
  if request.status <> 'open' or request.expires_at <= now() or proposal.round <> request.round
     or request.awaiting <> (case caller when request.user_id then 'student' else 'mentor' end) then
    raise exception 'the caller cannot accept this proposal now'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  select * into service from public.services s where s.id = request.service_id and s.expert_id = request.expert_id;
  -- What a time request does not contain is copied from the booking that it replaces.
  select * into replaced from public.bookings b
    where b.id = request.replaces_booking_id and b.expert_id = request.expert_id;
  recorded := coalesce(replaced.add_recording, false);
  if not exists (select from public.service_durations d
                 where d.service_id = service.id and d.expert_id = service.expert_id and d.minutes = request.duration
                   and service.currency = request.currency
                   and d.price_minor + case when recorded then service.recording_price_minor else 0 end
                     = request.total_minor)
  then
    raise exception 'the price has changed since the request'
      using errcode = 'check_violation', constraint = 'time_requests_price_unchanged';
  end if;

  select timezone into zone from public.expert_profiles where id = request.expert_id;
  insert into public.bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration,
                               message, add_recording, user_name, user_email, user_phone, student_timezone, starts_at,
                               status)
    values (request.user_id, request.expert_id, request.service_id, service.session_type,
            private.wall_clock(proposal.starts_at, zone)::date, to_char(private.wall_clock(proposal.starts_at, zone), 'HH24:MI'),
            request.duration, request.message, recorded, request.user_name, request.user_email, replaced.user_phone,
            request.student_timezone, proposal.starts_at, 'confirmed')
    returning id into booked;
  update public.time_proposals set accepted_at = now() where id = wanted and expert_id = request.expert_id;
  update public.time_requests set status = 'accepted', booking_id = booked
    where id = request.id and expert_id = request.expert_id;
  return booked;
end
$function$

-- private.accepted_attempt(uuid,uuid): The attempt that pays for the booking, and whether it is to be released because the booking was cancelled.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.accepted_attempt(mentor uuid, payment uuid)
 RETURNS TABLE(attempt_id text, is_unwanted boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.attempt_id, p.closed_because is not null
    from public.payments p join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor
  $function$

-- private.account_name(jsonb): The name in a row of auth.users, ours or Supabase's; null if there is none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.account_name(account jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- People write Supabase's field themselves, past every check of ours: the result is what profiles_full_name_clean accepts.
    select case when given ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'
      then given end
    from (select btrim(left(regexp_replace(
      normalize(coalesce(account ->> 'name', account #>> '{raw_user_meta_data,full_name}', account #>> '{raw_user_meta_data,name}')),
      '[\u0001-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]', ' ', 'g'), 120)) as given) cleaned
  $function$

-- private.address_was_reached(text): The owner of an address has shown that mail arrives.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.address_was_reached(reached text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    delete from private.unreachable_addresses where address = lower(reached)
  $function$

-- private.admin_name(uuid): A person's name for the log; null if there is no such account.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.admin_name(person uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(p.full_name, e.full_name, private.account_name(to_jsonb(u)), '')
    from auth.users u left join public.profiles p on p.id = u.id left join public.expert_profiles e on e.id = u.id
    where u.id = person
  $function$

-- private.admin_payment(uuid,text,uuid,uuid): One payment with its attempts, refunds, lines of the ledger and history. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.admin_payment(login uuid, request text, mentor uuid, payment uuid)
 RETURNS TABLE(id uuid, contents jsonb, kinds text[], since timestamp with time zone, attention text, refundable bigint, books text[], attempts jsonb, refunds jsonb, transfers jsonb, events jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(
    login, 'payment_viewed', (select p.user_id from public.payments p where p.id = admin_payment.payment and p.expert_id = mentor),
    jsonb_build_object('payment_id', admin_payment.payment), null, request);
  return query
    select p.id, private.describe_payment(p.expert_id, p.id), coalesce(t.kinds, '{}'), t.since, p.attention,
      coalesce(private.refundable_minor(p.expert_id, p.id), 0), private.book_faults(p.expert_id, p.id),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', a.id, 'attempt_id', a.attempt_id, 'state', a.state, 'amount', a.amount_minor, 'currency', a.currency,
          'captured', a.captured_minor, 'refunded', a.refunded_minor, 'method', a.method, 'fee', a.fee_minor,
          'failure', a.failure_message, 'dispute', a.dispute, 'verdict', a.verdict, 'created_at', a.created_at,
          'settlement_id', a.settlement_id, 'settled_at', a.settled_at)
          order by a.created_at, a.id)
        from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', r.id, 'amount', r.amount_minor, 'currency', r.currency, 'why', r.why, 'state', r.state, 'failure', r.failure,
          'provider_refund_id', r.provider_refund_id, 'requested_at', r.requested_at, 'settled_at', r.settled_at,
          'can_retry', r.state = 'failed' and not exists (
            select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id))
          order by r.id)
        from public.refunds r where r.payment_id = p.id and r.expert_id = p.expert_id), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', l.id, 'kind', l.kind, 'from', l.from_kind, 'to', l.to_kind, 'amount', l.amount_minor, 'currency', l.currency,
          'created_at', l.created_at) order by l.id)
        from (
          select l.* from private.ledger_transfers l
            where l.from_owner in (p.id, p.booking_id, p.package_purchase_id)
              and l.from_kind in ('escrow', 'refunds_payable', 'package_money') and l.expert_id = p.expert_id
          union
          select l.* from private.ledger_transfers l
            where l.to_owner in (p.id, p.booking_id, p.package_purchase_id)
              and l.to_kind in ('escrow', 'refunds_payable', 'package_money') and l.expert_id = p.expert_id
        ) l), '[]'),
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'id', e.id::text, 'kind', e.kind, 'amount', e.amount_minor, 'currency', e.currency, 'detail', e.detail,
          'created_at', e.created_at) order by e.id)
        from public.money_events e where e.payment_id = p.id and e.expert_id = p.expert_id), '[]')
    from public.payments p left join private.money_troubles() t on t.payment_id = p.id and t.mentor_id = p.expert_id
    where p.id = admin_payment.payment and p.expert_id = mentor;
end
$function$

-- private.admin_payments(uuid,text,text,text,uuid,integer): Payments with their bookings and ledgers, those that need attention or all, the newest first. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.admin_payments(login uuid, request text, which text, search text, before_id uuid, most integer)
 RETURNS TABLE(id uuid, contents jsonb, kinds text[], since timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  last_id constant uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found uuid[] := case when search <> '' then private.find_payments(search) end;
begin
  -- Without the words: they may be a person's name or address, and the log stays.
  perform private.begin_admin_action(login, 'payments_listed', null, jsonb_build_object('which', which), null, request);
  return query
    with troubled as materialized (select * from private.money_troubles()),
    wanted as (
      (select t.payment_id as id from troubled t
       where which = 'attention' and t.payment_id < last_id and (found is null or t.payment_id = any (found))
       order by t.payment_id desc limit most)
      union all
      (select p.id from public.payments p
       where which <> 'attention' and found is null and p.id < last_id order by p.id desc limit most)
      union all
      (select f.id from unnest(found) f (id) where which <> 'attention' and f.id < last_id order by f.id desc limit most)
    )
    select p.id, private.describe_payment(p.expert_id, p.id), coalesce(t.kinds, '{}'), t.since
    from wanted w join public.payments p on p.id = w.id left join troubled t on t.payment_id = p.id
    order by p.id desc limit most;
end
$function$

-- private.admin_people(uuid,text,text,uuid,integer): Accounts by name, address, username or id, the newest first. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.admin_people(login uuid, request text, search text, before_id uuid, most integer)
 RETURNS TABLE(id uuid, name text, email text, created_at timestamp with time zone, username text, verified boolean, closed text, is_administrator boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  pattern text := '%' || replace(replace(replace(lower(search), '\', '\\'), '%', '\%'), '_', '\_') || '%';
begin
  -- Without the words: they are a person's name or address, and the log stays.
  perform private.begin_admin_action(login, 'people_searched', null, '{}', null, request);
  return query
    select u.id, coalesce(p.full_name, private.account_name(to_jsonb(u)), ''), u.email::text, u.created_at, e.username,
      coalesce(e.verified, false), c.why, a.user_id is not null
    from auth.users u
      left join public.profiles p on p.id = u.id
      left join public.expert_profiles e on e.id = u.id
      left join private.closed_accounts c on c.user_id = u.id
      left join private.administrators a on a.user_id = u.id
    where (before_id is null or u.id < before_id)
      and (search = '' or lower(u.email) like pattern or lower(coalesce(p.full_name, '')) like pattern
        or lower(coalesce(private.account_name(to_jsonb(u)), '')) like pattern or lower(coalesce(e.full_name, '')) like pattern
        or e.username like pattern or u.id::text = lower(search))
    order by u.id desc
    limit most;
end
$function$

-- private.admin_person(uuid,text,uuid): What administrators see of one person. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.admin_person(login uuid, request text, person uuid)
 RETURNS TABLE(id uuid, name text, email text, created_at timestamp with time zone, username text, verified boolean, closed text, is_administrator boolean, email_confirmed boolean, two_factor boolean, last_active_at timestamp with time zone, logins integer, upcoming integer, past integer, closed_since timestamp with time zone, closed_reason text, deletion_step text, cancelled integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'person_viewed', person, '{}', null, request);
  return query
    select u.id, coalesce(p.full_name, private.account_name(to_jsonb(u)), ''), u.email::text, u.created_at, e.username,
      coalesce(e.verified, false), c.why, a.user_id is not null, private.has_confirmed_address(u.id),
      private.has_two_factor(u.id), s.last_active_at, s.logins,
      (select count(*) from public.bookings b where person in (b.user_id, b.expert_id)
        and b.status in ('pending', 'confirmed') and b.ends_at > now())::integer,
      (select count(*) from public.bookings b where person in (b.user_id, b.expert_id)
        and b.status in ('confirmed', 'completed') and b.ends_at <= now())::integer,
      c.since,
      case when c.why = 'suspended' then (
        select l.reason from private.admin_log l
        where l.subject_id = u.id and l.action = 'person_suspended' order by l.id desc limit 1) end,
      c.step, c.cancelled
    from auth.users u
      left join public.profiles p on p.id = u.id
      left join public.expert_profiles e on e.id = u.id
      left join private.closed_accounts c on c.user_id = u.id
      left join private.administrators a on a.user_id = u.id
      cross join lateral (
        select max(coalesce((to_jsonb(l) ->> 'updated_at')::timestamptz, l.created_at)) as last_active_at,
          count(*)::integer as logins
        from auth.sessions l where l.user_id = u.id) s
    where u.id = person;
end
$function$

-- private.administrator_state(uuid): Whether the caller is an administrator and may act as one with this login.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.administrator_state(login uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case
      when not exists (select from private.administrators a where a.user_id = auth.uid())
        or private.is_closed(auth.uid()) then 'none'
      when not private.has_two_factor(auth.uid()) then 'needs_two_factor'
      when not private.has_two_factor(auth.uid(), login) then 'needs_new_login'
      else 'ready'
    end
  $function$

-- private.alert_facts(uuid): The facts for the message about an alert.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.alert_facts(wanted uuid)
 RETURNS TABLE(student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, duration integer, from_date date, to_date date, fired_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.user_id, a.expert_id, a.service_id, a.timezone, a.duration, a.from_date, a.to_date, a.fired_at
    from public.availability_alerts a
    where a.id = wanted
  $function$

-- private.announce(text,text): Announces a change: at the commit, or, in a transaction of the app, by collecting it in matepeak.announcements, which the app sends after the commit (server/platform/database/announcer.ts). The payload contains ids only.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce(channel text, payload text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  line text := channel || ' ' || payload || E'\n';
  collected text;
begin
  if current_setting('matepeak.announces', true) is distinct from 'later' then
    -- On many machines (docs/decisions/0077) a row may be written for another one, where the listeners are.
    if current_setting('application_name') not like 'citus\_internal%' then
      perform pg_notify(channel, payload);
    end if;
    return;
  end if;
  collected := current_setting('matepeak.announcements', true);
  if collected is null then
    perform set_config('matepeak.announcements', line, true);
  elsif strpos(collected, line) = 0 then
    perform set_config('matepeak.announcements', collected || line, true);
  end if;
end
$function$

-- private.announce_availability(): Counts a change of a mentor's times and announces it on "availability". For every table that affects them; a table with a column expert_id needs only the trigger.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_availability()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid;
begin
  if tg_argv[0] = 'profile' then
    mentor := new.id;
  else
    mentor := coalesce(new.expert_id, old.expert_id);
  end if;
  -- No row for a mentor who is just being removed. The caller has locked the mentor already.
  update public.schedule_revisions set revision = revision + 1 where expert_id = mentor;
  if found then
    -- Once, even if many rows of the mentor change.
    perform private.announce('availability', mentor::text);
  end if;
  return null;
end
$function$

-- private.announce_booking_event(): Announces that both parties' session lists have changed.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_booking_event()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.notify_person(party, 'bookings')
    from public.bookings b, unnest(array[b.user_id, b.expert_id]) party
    where b.id = new.booking_id and b.expert_id = new.expert_id;
  return null;
end
$function$

-- private.announce_changed_person(): Announces the logins of a person whose address has changed: every process reads them again.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_changed_person()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform private.announce('login', s.id::text) from auth.sessions s where s.user_id = new.id;
    return null;
  end
  $function$

-- private.announce_group_session(): Open pages learn what has become of a session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_group_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.announce('availability', new.expert_id::text);
  return null;
end
$function$

-- private.announce_late_events(uuid[],bigint[]): Announces events again whose announcement may be lost, because the process that wrote them was killed before it sent it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.announce_late_events(mentors uuid[], events bigint[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.announce('availability', b.expert_id::text), private.notify_person(b.expert_id, 'bookings'),
      private.notify_person(b.user_id, 'bookings')
    from unnest(mentors, events) asked (mentor, event)
      join public.booking_events e on e.id = asked.event and e.expert_id = asked.mentor
      join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
    where e.created_at < now() - interval '500 milliseconds'
  $function$

-- private.announce_login_end(): Announces on "login" which login has ended: every process closes its live updates and drops the cached identity.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_login_end()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform private.announce('login', old.id::text);
    return null;
  end
  $function$

-- private.announce_meeting(): Announces a changed meeting link to both parties' pages, and to the mentor's calendar.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_meeting()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.notify_person(party, 'bookings') from unnest(array[new.user_id, new.expert_id]) party;
  perform private.enqueue_session_entries(new.expert_id);
  return null;
end
$function$

-- private.announce_notification(): Announces a notification to the person's open pages.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_notification()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.notify_person(new.user_id, 'notifications');
  return null;
end
$function$

-- private.announce_programme(): Open pages learn what has become of a programme.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_programme()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.announce('availability', new.expert_id::text);
  return null;
end
$function$

-- private.announce_reachability(): Announces to the pages of an address's owner whether mail reaches it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_reachability()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  begin
    perform private.notify_person(u.id, 'account')
      from auth.users u where u.email = case tg_op when 'INSERT' then new.address else old.address end;
    return null;
  end
  $function$

-- private.announce_room(): Announces a changed room to the mentor's pages and those of students with a coming session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_room()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  perform private.notify_person(mentor, 'bookings');
  perform private.notify_person(student.user_id, 'bookings')
    from (
      select distinct b.user_id from public.bookings b
      where b.expert_id = mentor and b.starts_at > now() - interval '2 days'
        and b.status not in ('pending', 'cancelled')
    ) student;
  return null;
end
$function$

-- private.announce_time_request(): Enqueues the messages about a time request.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_time_request()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.notify_person(new.user_id, 'requests');
  perform private.notify_person(new.expert_id, 'requests');
  if tg_op = 'INSERT' or new.status <> old.status or new.round <> old.round then
    perform private.enqueue('notify_time_request',
      jsonb_build_object('request_id', new.id, 'status', new.status, 'round', new.round));
  end if;
  return null;
end
$function$

-- private.announce_waitlist(): Open pages of both people repeat their queries.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.announce_waitlist()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.notify_person(new.user_id, 'bookings');
  perform private.notify_person(new.expert_id, 'bookings');
  return null;
end
$function$

-- private.applied_migrations(): Which migrations and logic files this database has, with their checksums.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.applied_migrations()
 RETURNS TABLE(name text, checksum text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select m.name, m.checksum from private.schema_migrations m
  $function$

-- private.apply_connection_choice(): Titles of events are read, or deleted, as soon as their owner says so; a pause of old busy times begins or ends.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.apply_connection_choice()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.shows_titles is distinct from old.shows_titles then
    -- A read that is under way knows the old choice: what it writes is not taken.
    update public.calendar_connections c set sync_due_at = now(), lease = null, leased_until = null where c.id = new.id;
    if new.shows_titles then
      -- Titles come only with events that are read again, so that all are.
      update public.connected_calendars k set sync_state = null, read_fully_at = null where k.connection_id = new.id;
    else
      update public.connected_events e set title = null
        from public.connected_calendars k
        where k.connection_id = new.id and e.calendar_id = k.id and e.title is not null;
    end if;
    perform private.enqueue('sync_calendars', '{}', 'sync_calendars');
  end if;
  perform private.refresh_busy_times(new.user_id);
  return null;
end
$function$

-- private.approve_payout_run(uuid,text,uuid,text): Approves a run that another administrator has made; false if there is none. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.approve_payout_run(login uuid, request text, run uuid, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.payout_runs;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'payout_run_approved', null, jsonb_build_object(
    'run_id', run, 'total_minor', (select sum(p.amount_minor) from public.payouts p where p.run_id = run)), why, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return false;
  end if;
  if known.created_by = auth.uid() then
    raise exception 'another administrator approves' using errcode = 'check_violation', constraint = 'payout_runs_two_people';
  end if;
  if known.filled_at is null or known.cancelled_at is not null or known.approved_at is not null then
    raise exception 'the run cannot be approved now' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  update private.payout_runs r set approved_by = auth.uid(), approved_at = now() where r.id = run;
  return true;
end
$function$

-- private.archive_old_bookings(integer): The guide's monthly clean-up: archives the oldest completed bookings after six months, which hides them from the lists.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.archive_old_bookings(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  archived integer;
begin
  update public.bookings b set archived_at = now()
    from (
      select b.id, b.expert_id from public.bookings b
      where b.status = 'completed' and b.archived_at is null and b.ends_at < now() - interval '6 months'
      order by b.ends_at limit most for no key update skip locked
    ) old
    where b.id = old.id and b.expert_id = old.expert_id;
  get diagnostics archived = row_count;
  return archived;
end
$function$

-- private.arm_own_reminders(): Schedules the reminders of the caller's sessions again, after a change of when they want to be reminded.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.arm_own_reminders()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentors uuid[];
  ids uuid[];
begin
  select array_agg(b.expert_id), array_agg(b.id) into mentors, ids
    from public.bookings b
    where (b.user_id = auth.uid() or b.expert_id = auth.uid()) and b.status = 'confirmed' and b.starts_at > now();
  perform private.arm_reminders(mentors, ids);
end
$function$

-- private.arm_reminders(uuid[],uuid[]): Schedules the reminders of sessions again: for agreed ones as both people want them, for all others none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.arm_reminders(mentors uuid[], ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  delete from private.reminders r using unnest(mentors, ids) k (mentor, id)
    where r.booking_id = k.id and r.expert_id = k.mentor;
  insert into private.reminders (booking_id, expert_id, user_id, lead, due_at)
    select b.id, b.expert_id, p.id, l.lead, b.starts_at - l.lead * interval '1 minute'
    from (select distinct mentor, id from unnest(mentors, ids) k (mentor, id)) k
      join public.bookings b on b.id = k.id and b.expert_id = k.mentor and b.status = 'confirmed' and b.starts_at > now()
      -- When the session was agreed for its present time: a reminder for before that would be about the past.
      cross join lateral (
        select max(e.created_at) as at from public.booking_events e
        where e.booking_id = b.id and e.expert_id = b.expert_id and e.kind in ('created', 'confirmed', 'rescheduled')
      ) agreed
      cross join lateral (values (b.user_id), (b.expert_id)) p (id)
      left join public.notification_settings s on s.user_id = p.id
      cross join lateral unnest(coalesce(s.reminder_leads, '{1440,60}')) l (lead)
    where b.starts_at - l.lead * interval '1 minute' > agreed.at
    on conflict do nothing;
end
$function$

-- private.arrange_meeting(uuid,uuid,interval): Enqueues the job that makes a session's link agree with the session; at most one waits.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.arrange_meeting(mentor uuid, session uuid, after interval DEFAULT NULL::interval)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.enqueue('arrange_meeting', jsonb_build_object('mentor_id', mentor, 'occupancy_id', session),
      'arrange_meeting:' || session, now() + after)
  $function$

-- private.ask_for_meeting(): Has the link of a session made, moved, shared with another seat, or deleted with the last one, after the commit.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.ask_for_meeting()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.occupancy_id is not null then
    perform private.want_meeting(new.expert_id, new.occupancy_id, new.id, new.meeting_place ->> 'kind',
      coalesce(old.occupancy_id = new.occupancy_id and old.starts_at <> new.starts_at, false));
  end if;
  if old.occupancy_id is distinct from new.occupancy_id and old.meeting_place is not null then
    -- Of a session that others still attend the run finds that nothing is to be done.
    update private.made_meetings m set failures = 0
      where m.occupancy_id = old.occupancy_id and m.expert_id = old.expert_id and not exists (
        select from public.bookings b
        where b.occupancy_id = old.occupancy_id and b.expert_id = old.expert_id and b.status = 'confirmed');
    perform private.arrange_meeting(old.expert_id, old.occupancy_id);
  end if;
  return null;
end
$function$

-- private.attendee_names(uuid,uuid,uuid): The names of the other attendees who agreed to it, for an attendee.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.attendee_names(mentor uuid, seat uuid, own_booking uuid)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(array_agg(b.user_name order by b.created_at, b.id), '{}')
    from public.bookings b
    where b.occupancy_id = seat and b.expert_id = mentor and b.status in ('confirmed', 'completed') and b.shows_name
      and b.id <> own_booking
      and exists (
        select from public.bookings own
        where own.id = own_booking and own.expert_id = mentor and own.occupancy_id = seat
          and (auth.uid() = own.expert_id or auth.uid() = own.user_id and own.status in ('confirmed', 'completed')))
  $function$

-- private.awaits_meeting(jsonb): Whether the link of the session that a mail is about is being made at this moment, and has not fallen back to the room.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.awaits_meeting(mail jsonb)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.bookings b
        join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
      where b.id = (mail #>> '{booking,id}')::uuid and b.expert_id = (mail #>> '{booking,mentor_id}')::uuid
        and m.asked_at > now() - interval '3 minutes' and m.fell_back_at is null
        -- Another seat's link may be the one that is missing.
        and not (b.meeting_place ? 'url' and (b.starts_at, b.ends_at) is not distinct from (m.starts_at, m.ends_at)))
  $function$

-- private.awaits_refund(uuid,uuid): Whether a refund of a payment is on its way.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.awaits_refund(mentor uuid, payment uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from private.parts_of_payment(mentor, payment) part (id)
        join public.refunds r on r.payment_id = part.id and r.expert_id = mentor and r.state in ('requested', 'sent'))
  $function$

-- private.balance_of(uuid,text,uuid,text): The balance of an account with a floor; 0 if it has no row yet.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.balance_of(mentor uuid, account_kind text, account_owner uuid, money_currency text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((
      select a.balance_minor from private.ledger_accounts a
      where a.expert_id = mentor and a.owner_id = account_owner and a.kind = account_kind and a.currency = money_currency), 0)
  $function$

-- private.begin_admin_action(uuid,text,uuid,jsonb,text,text): The first thing that every function for administrators does: checks the caller and writes the log, in the transaction of the action.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.begin_admin_action(login uuid, action text, subject uuid, details jsonb, why text, request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  insert into private.admin_log (actor_id, action, subject_id, details, reason, request_id)
    values (auth.uid(), action, subject, details, why, request);
end
$function$

-- private.begin_entry_write(uuid,uuid,uuid,uuid,timestamp with time zone): From now on the entry may be written, even if it is never noted; false if the lease is another worker's by now.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.begin_entry_write(mentor uuid, session uuid, calendar uuid, held uuid, at_start timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.session_entries e set writing_starts_at = at_start, leased_until = now() + interval '2 minutes'
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  return found;
end
$function$

-- private.begin_payment_action(uuid,text,text,uuid,uuid,jsonb,text): Checks the administrator, writes the log and locks the payment as everything else does; false if there is none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.begin_payment_action(login uuid, request text, action text, mentor uuid, payment uuid, details jsonb, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  student uuid;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  select p.user_id into student from public.payments p where p.id = payment and p.expert_id = mentor;
  perform private.begin_admin_action(
    login, action, student, jsonb_build_object('payment_id', payment, 'mentor_id', mentor) || details, why, request);
  if student is null then
    return false;
  end if;
  perform private.lock_mentor(mentor);
  perform from public.bookings b join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor for no key update of b;
  perform from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  return true;
end
$function$

-- private.begin_reconciliation(text,timestamp with time zone,timestamp with time zone): Records that a check has begun; one that was killed is over.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.begin_reconciliation(with_provider text, from_at timestamp with time zone, until_at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.reconciliations r set state = 'failed', failure = 'interrupted', ended_at = now() where r.state = 'running';
    insert into private.reconciliations (provider, from_at, until_at) values (with_provider, from_at, until_at) returning id
  $function$

-- private.begin_waitlist_entry(): A person does not wait for what they have: it would be offered to them, who cannot take it, before the others.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.begin_waitlist_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  own timestamptz[];
begin
  if new.kind = 'days' then
    -- A freed seat of a group is offered to others than those who have one.
    select coalesce(array_agg(b.starts_at), '{}') into own from public.bookings b
      where b.expert_id = new.expert_id and b.user_id = new.user_id and b.status in ('pending', 'confirmed')
        and b.service_id = new.service_id and b.starts_at >= new.starts_from and b.starts_at < new.starts_until;
    new.passed_starts := new.passed_starts || own;
  elsif exists (
      select from public.bookings b
      where b.expert_id = new.expert_id and b.user_id = new.user_id and b.status in ('pending', 'confirmed')
        and b.starts_at < new.starts_from + new.duration * interval '1 minute' and b.ends_at > new.starts_from) then
    raise exception 'the person has booked this time'
      using errcode = 'check_violation', constraint = 'waitlist_entries_not_booked';
  end if;
  return new;
end
$function$

-- private.book_faults(uuid,uuid): Where the ledger has another amount than a payment's attempts and refunds: captured, refunded, owed or held.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.book_faults(mentor uuid, payment uuid)
 RETURNS text[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array_remove(array[
      case when exists (
        select from public.payment_attempts a
        where a.payment_id = p.id and a.expert_id = p.expert_id and a.captured_minor is distinct from coalesce((
          select t.amount_minor from private.ledger_transfers t
          where t.expert_id = a.expert_id and t.kind in ('captured', 'basket_share') and t.reference = a.id), 0)) then 'captured' end,
      case when exists (
        select from public.refunds r
        where r.payment_id = p.id and r.expert_id = p.expert_id and (r.state = 'done') <> (
          exists (select from private.ledger_transfers t
            where t.expert_id = r.expert_id and t.kind = 'refund_done' and t.reference = r.id)
          and not exists (select from private.ledger_transfers t
            where t.expert_id = r.expert_id and t.kind = 'refund_came_back' and t.reference = r.id))) then 'refunded' end,
      case when (
          select coalesce(sum(l.balance_minor), 0) from private.ledger_accounts l
          where l.expert_id = p.expert_id and l.owner_id = p.id and l.kind = 'refunds_payable')
        <> (
          select coalesce(sum(r.amount_minor), 0) from public.refunds r
          where r.payment_id = p.id and r.expert_id = p.expert_id
            and (r.state in ('requested', 'sent') or r.state = 'failed' and not exists (
              select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id))) then 'owed' end,
      -- The money of a package moves on with each session.
      case when p.booking_id is not null and private.balance_of(p.expert_id, 'escrow', p.booking_id, p.currency)
        <> case when p.state = 'captured' and p.earned_at is null then (
          select a.captured_minor - private.returned_minor(a.expert_id, a.id) from public.payment_attempts a
          where a.id = p.accepted_attempt_id and a.expert_id = p.expert_id) else 0 end then 'held' end
      ], null)
    from public.payments p where p.id = payment and p.expert_id = mentor
  $function$

-- private.book_sessions(private.judged_booking[]): Books sessions that were judged by their mentors' schedules of the revisions given, with key, ledger and history, all or none if one is rejected. A session is missing from the result if the revision is another one by now: read and judge again; is_known: there is a response under its key. Waits for no lock. One session of each mentor.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.book_sessions(judged private.judged_booking[])
 RETURNS TABLE(booking_id uuid, is_known boolean, created_at timestamp with time zone, expires_at timestamp with time zone, room_url text, room_note text, meeting_place jsonb, meeting_url text, meeting_note text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
declare
  -- As exact as the API says it.
  made_at timestamptz := date_trunc('milliseconds', now());
  b private.judged_booking;
  mentors uuid[] := '{}';
  free uuid[] := '{}';
  keyed integer := 0;
  claimed integer;
  known uuid[] := '{}';
  joined uuid[] := '{}';
  seats uuid[] := '{}';
  seat uuid;
  unpaid integer := 0;
begin
  foreach b in array judged loop
    if b.expert_id = any(mentors) then
      raise exception 'two sessions of one mentor in one call' using errcode = 'cardinality_violation';
    end if;
    mentors := mentors || b.expert_id;
    -- By this clock, whatever the app's says.
    if b.starts_at < now() then
      raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
    end if;
    if b.student_timezone <> b.mentor_timezone and not private.is_timezone(b.student_timezone) then
      raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
    end if;
    keyed := keyed + (b.idempotency_key is not null)::integer;
    unpaid := unpaid + (b.status_when_paid is not null)::integer;
  end loop;
  -- The app announces them after the commit.
  perform set_config('matepeak.announces', 'later', true);

  if keyed > 0 then
    insert into private.idempotency_keys (user_id, key, request_hash, body)
      select a.user_id, a.idempotency_key, a.request_hash,
        -- The objects' texts are joined, which is much cheaper than to parse the first one.
        ('{"answer":' || left(a.response, -1) || ',' || substr(json_build_object(
          'created_at', private.instant_text(made_at), 'updated_at', private.instant_text(made_at),
          'expires_at', private.instant_text(private.booking_expiry(a.status, a.status_when_paid, a.starts_at)),
          'meeting_url', coalesce(l.meeting_url, r.meeting_url),
          'meeting_note', case when l.meeting_url is null then r.meeting_note else l.meeting_note end,
          'meeting_from', case when l.meeting_url is not null then 'session' when r.meeting_url is not null then 'room' end,
          'meeting_place', private.shown_place(place.agreed))::text, 2) || '}')::json
      from unnest(judged) a
        left join lateral (
          select case
            when a.capacity > 1 then private.place_of_seat(a.expert_id, a.service_id, a.starts_at, a.ends_at)
            else private.place_of(a.expert_id, a.service_id) end as agreed
          where a.status = 'confirmed') place on true
        left join public.mentor_rooms r
          on r.expert_id = a.expert_id and a.status = 'confirmed' and private.has_link(place.agreed)
        left join lateral private.link_of_group(a.expert_id, a.service_id, a.starts_at, a.ends_at) l
          on a.status = 'confirmed' and a.capacity > 1
      where a.idempotency_key is not null
      order by a.user_id, a.idempotency_key
      on conflict (user_id, key) do nothing;
    get diagnostics claimed = row_count;
    if claimed < keyed then
      -- Whose key has no response of this call, also if the other one is being cleaned up at this moment.
      select coalesce(array_agg(a.id), '{}') into known
        from unnest(judged) a
          left join private.idempotency_keys k
            on k.user_id = a.user_id and k.key = a.idempotency_key and k.body #>> '{answer,id}' = a.id::text
        where a.idempotency_key is not null and k.key is null;
    end if;
  end if;

  foreach b in array judged loop
    continue when b.id = any(known);
    -- Waits for no lock: a mentor who is locked at this moment will have another revision soon.
    perform from public.schedule_revisions r
      where r.expert_id = b.expert_id and r.revision = b.judged_revision for no key update skip locked;
    continue when not found;
    free := free || b.expert_id;
    if b.capacity > 1 then
      seat := private.join_session(
        b.expert_id, b.service_id, b.capacity, b.starts_at, b.ends_at, b.status = 'confirmed',
        private.booking_expiry(b.status, b.status_when_paid, b.starts_at));
      if seat is not null then
        -- The ledger's trigger has counted the change.
        joined := joined || b.expert_id;
        seats := seats || seat;
        continue;
      end if;
    end if;
    update public.schedule_revisions r set revision = r.revision + 1 where r.expert_id = b.expert_id;
  end loop;
  if keyed > 0 and cardinality(known) + cardinality(free) < cardinality(mentors) then
    delete from private.idempotency_keys k using unnest(judged) a
      where k.user_id = a.user_id and k.key = a.idempotency_key and a.id <> all(known) and a.expert_id <> all(free);
  end if;

  insert into public.occupancies (
      id, expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at, judged_revision)
    select a.occupancy_id, a.expert_id, a.service_id, a.starts_at, a.ends_at, tstzrange(a.busy_from, a.busy_until, '[)'),
      case when a.status = 'confirmed' then 'booked' when a.status_when_paid is not null then 'hold' else 'requested' end,
      a.capacity, private.booking_expiry(a.status, a.status_when_paid, a.starts_at), a.judged_revision
    from unnest(judged) a where a.expert_id = any(free) and a.expert_id <> all(joined);
  insert into public.bookings (
      id, user_id, expert_id, service_id, occupancy_id, session_type, scheduled_date, scheduled_time, duration, status,
      message, total_minor, total_amount, currency, add_recording, user_name, user_email, user_phone, starts_at, ends_at,
      student_timezone, mentor_timezone, expires_at, cancel_cutoff, reschedule_cutoff, judged_revision,
      created_at, updated_at, payment_status, status_when_paid, refund_full_cutoff, refund_partial_cutoff,
      refund_partial_percent, fee_basis_points, price_lines, shows_name)
    select a.id, a.user_id, a.expert_id, a.service_id,
      coalesce(seats[array_position(joined, a.expert_id)], a.occupancy_id), a.session_type, a.scheduled_date,
      a.scheduled_time, a.duration, a.status, a.message, a.total_minor, a.total_minor / 100.00, a.currency,
      a.add_recording, a.user_name, a.user_email, a.user_phone, a.starts_at, a.ends_at, a.student_timezone,
      a.mentor_timezone, private.booking_expiry(a.status, a.status_when_paid, a.starts_at), a.cancel_cutoff,
      a.reschedule_cutoff, a.judged_revision, made_at, made_at,
      case when a.status_when_paid is null then 'free' else 'pending' end, a.status_when_paid, a.refund_full_cutoff,
      a.refund_partial_cutoff, a.refund_partial_percent, a.fee_basis_points, a.price_lines,
      a.shows_name
    from unnest(judged) a where a.expert_id = any(free);
  insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, to_status)
    select a.id, a.expert_id, case when a.status_when_paid is null then 'created' else 'held' end, a.user_id, 'student',
      a.status
    from unnest(judged) a where a.expert_id = any(free);
  if unpaid > 0 then
    insert into public.payments (
        id, expert_id, user_id, booking_id, provider, capture, amount_minor, currency, due_at, created_at)
      select a.payment_id, a.expert_id, a.user_id, a.id, s.provider,
        case when a.status_when_paid = 'confirmed' then 'automatic' else 'manual' end, a.total_minor, a.currency,
        a.ends_at + interval '72 hours', made_at
      from unnest(judged) a, private.money_settings s where a.expert_id = any(free) and a.status_when_paid is not null;
  end if;

  created_at := made_at;
  foreach b in array judged loop
    is_known := b.id = any(known);
    continue when not is_known and b.expert_id <> all(free);
    booking_id := b.id;
    if not is_known then
      perform private.limit_open_requests(
        b.expert_id, b.user_id, b.id, b.starts_at,
        case b.status_when_paid when 'confirmed' then 'held' else b.status end, decode(b.origin, 'hex'));
      expires_at := private.booking_expiry(b.status, b.status_when_paid, b.starts_at);
      meeting_place := case
        when b.status = 'confirmed' and b.capacity > 1 then
          private.place_of_seat(b.expert_id, b.service_id, b.starts_at, b.ends_at)
        when b.status = 'confirmed' then private.place_of(b.expert_id, b.service_id)
      end;
      select r.meeting_url, r.meeting_note into room_url, room_note
        from public.mentor_rooms r
        where r.expert_id = b.expert_id and b.status = 'confirmed' and private.has_link(meeting_place);
      meeting_url := null;
      meeting_note := null;
      if b.status = 'confirmed' and b.capacity > 1 then
        select l.meeting_url, l.meeting_note into meeting_url, meeting_note
          from private.link_of_group(b.expert_id, b.service_id, b.starts_at, b.ends_at) l;
      end if;
    end if;
    return next;
  end loop;
  perform set_config('matepeak.announces', '', true), set_config('matepeak.announcements', '', true);
end
$function$

-- private.booking_event_facts(uuid,bigint): The facts for the messages about a booking event.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.booking_event_facts(mentor uuid, event bigint)
 RETURNS TABLE(kind text, to_status text, actor text, reason text, happened_at timestamp with time zone, from_starts_at timestamp with time zone, booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text, starts_at timestamp with time zone, claimed_by text, answer_until timestamp with time zone, money_state text, money_minor bigint, currency text, refund_full_cutoff integer, refund_partial_cutoff integer, refund_partial_percent integer, is_for_all boolean, series_id uuid, sessions integer, last_starts_at timestamp with time zone, is_promised boolean, together uuid[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.kind, e.to_status, e.actor, e.reason, e.created_at, e.from_starts_at, b.id, b.user_id, b.expert_id,
      b.service_id, b.user_name, b.student_timezone, coalesce(e.to_starts_at, b.starts_at), c.claimed_by,
      c.answer_until,
      case
        when p.id is null then null
        when e.kind = 'created' then case e.to_status when 'pending' then 'reserved' else 'paid' end
        when e.kind = 'confirmed' then case when p.captured_minor > 0 then 'paid' else 'charging' end
        when p.accepted_attempt_id is null then null
        when e.kind in ('cancelled', 'declined', 'expired', 'minimum_missed') then
          case when r.minor is not null then 'refunding' when p.state = 'captured' then 'kept' else 'released' end
      end,
      case when together.sessions > 1 then coalesce(together.refunded, together.amount) else coalesce(r.minor, p.amount_minor) end,
      p.currency, b.refund_full_cutoff, b.refund_partial_cutoff, b.refund_partial_percent,
      e.is_for_all, b.series_id, greatest(together.sessions, promised.sessions),
      greatest(together.last, promised.last), promised.is_paid, together.bookings
    from public.booking_events e
      join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
      -- What this very event sends back: it was requested in the same transaction.
      left join lateral (
        select sum(f.amount_minor)::bigint as minor from public.refunds f
        where f.payment_id = p.id and f.expert_id = mentor and f.attempt_id = p.accepted_attempt_id
          and f.requested_at = e.created_at
      ) r on true
      -- The claim that the event is about: the latest one at the time.
      left join lateral (
        select * from public.no_show_claims n
        where e.kind like 'no\_show\_%' and n.booking_id = b.id and n.expert_id = mentor
          and n.created_at <= e.created_at
        order by n.created_at desc limit 1
      ) c on true
      -- What the same transaction did to bookings that were made together: the first of them has the message about all.
      left join lateral (
        select count(*)::integer as sessions, (array_agg(o.id order by ob.starts_at, o.id))[1] as first,
          array_agg(ob.id order by ob.starts_at, o.id) as bookings,
          max(coalesce(o.to_starts_at, ob.starts_at)) as last, sum(op.amount_minor)::bigint as amount,
          sum(f.minor)::bigint as refunded
        from public.bookings ob
          join public.booking_events o on o.booking_id = ob.id and o.expert_id = ob.expert_id
          left join public.payments op on op.booking_id = ob.id and op.expert_id = ob.expert_id
          left join lateral (
            select sum(x.amount_minor)::bigint as minor from public.refunds x
            where x.payment_id = op.id and x.expert_id = mentor and x.attempt_id = op.accepted_attempt_id
              and x.requested_at = o.created_at
          ) f on true
        where ob.expert_id = mentor and (ob.series_id = b.series_id or ob.basket_id = b.basket_id)
          and o.kind = e.kind and o.created_at = e.created_at
      ) together on b.series_id is not null or b.basket_id is not null
      -- A series whose sessions are paid one by one is promised with its first one.
      left join lateral (
        select case when e.kind = 'created' and not earlier.exist then count(*)::integer end as sessions,
          case when e.kind = 'created' and not earlier.exist then max(x.starts_at) end as last, earlier.exist as is_paid
        from public.series q
          join public.bookings x on x.series_id = q.id and x.expert_id = q.expert_id and x.status <> 'cancelled'
          cross join lateral (
            select exists (
              select from public.bookings y join public.booking_events z on z.booking_id = y.id and z.expert_id = y.expert_id
              where y.series_id = q.id and y.expert_id = mentor and z.kind = 'created' and z.id < e.id) as exist
          ) earlier
        where q.id = b.series_id and q.expert_id = mentor and q.payment = 'per_session'
        group by earlier.exist
      ) promised on b.series_id is not null
    where e.id = event and e.expert_id = mentor and (together.first is null or together.first = e.id)
      -- When the mentor proposed other times, that message replaces this one.
      and not (e.kind = 'declined'
               and exists (select from public.time_requests r where r.replaces_booking_id = b.id and r.expert_id = mentor))
  $function$

-- private.booking_expiry(text,text,timestamp with time zone): When an unpaid booking or a new request expires; null for a booking that is confirmed.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.booking_expiry(status text, status_when_paid text, session_start timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (status_when_paid IS NOT NULL) THEN date_trunc('milliseconds'::text, LEAST((now() + '00:12:00'::interval), session_start)) ELSE private.request_expiry(status, session_start) END

-- private.booking_money(uuid,uuid): What became of the money of a booking, from the ledger: paid + lost = held + refunded + fee + net. Lost: refunds at the platform's expense.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.booking_money(mentor uuid, booking uuid)
 RETURNS TABLE(paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint, net_minor bigint, lost_minor bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with refund as (
      select r.id from public.payments p join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
      where p.booking_id = booking and p.expert_id = mentor
    ), line as (
      select 'in' as side, t.kind, t.from_kind, t.amount_minor from private.ledger_transfers t
        where t.to_owner = booking and t.to_kind = 'escrow' and t.expert_id = mentor
      union all
      select 'out', t.kind, t.from_kind, t.amount_minor from private.ledger_transfers t
        where t.from_owner = booking and t.from_kind = 'escrow' and t.expert_id = mentor
      union all
      select 'refund', t.kind, t.from_kind, t.amount_minor from refund r
        join private.ledger_transfers t on t.expert_id = mentor and t.reference = r.id
          and t.kind in ('refund_of_fee', 'refund_requested', 'refund_at_a_loss', 'refund_before_reversal')
        where t.from_kind <> 'escrow'
      union all
      select 'taken', t.kind, t.from_kind, t.amount_minor from refund r
        join public.payout_reversals v on v.refund_id = r.id and v.expert_id = mentor
        join private.ledger_transfers t on t.expert_id = mentor and t.reference = v.id
          and t.kind in ('payout_reversed', 'refund_from_balance')
    ), total as (
      select
        -- A session that goes back to its package was never paid for.
        coalesce(sum(case side when 'in' then amount_minor when 'out' then -amount_minor end)
          filter (where side = 'in' or side = 'out' and kind = 'package_share_returned'), 0) as came_in,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind <> 'package_share_returned'), 0) as went_out,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind in ('fee', 'package_fee')), 0) as fee,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind in ('earned', 'package_earned')), 0) as earned,
        coalesce(sum(amount_minor) filter (where side = 'refund'), 0) as refunded_later,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'fees'), 0) as of_fee,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'mentor'), 0) as of_mentor,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'losses'), 0) as of_us,
        coalesce(sum(amount_minor) filter (where side = 'taken'), 0) as taken
      from line
    )
    select came_in::bigint, (came_in - went_out)::bigint, (went_out - fee - earned + refunded_later)::bigint,
      (fee - of_fee)::bigint, (earned - of_mentor - taken)::bigint, (of_us - taken)::bigint
    from total
  $function$

-- private.bookings_paid_by(uuid,uuid): The bookings that one payment is for together, earliest first; null if it is for something else.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.bookings_paid_by(mentor uuid, payment uuid)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array_agg(b.id order by b.starts_at, b.id)
      from public.payments p join public.bookings b on b.basket_id = p.basket_id and b.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and p.booking_id is null
  $function$

-- private.busy_time(timestamp with time zone,timestamp with time zone,integer,integer): The session including the mentor's buffers.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.busy_time(session_start timestamp with time zone, session_end timestamp with time zone, buffer_before integer, buffer_after integer)
 RETURNS tstzrange
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select tstzrange(
      session_start - buffer_before * interval '1 minute', session_end + buffer_after * interval '1 minute', '[)')
  $function$

-- private.buy_package(uuid,uuid,uuid): Begins the purchase of a package on its present terms, or returns the one that was begun on the same terms.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.buy_package(student uuid, mentor uuid, package uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  offered record;
  money private.money_settings;
  bought public.package_purchases;
begin
  perform private.lock_mentor(mentor);
  select * into money from private.money_settings;
  select g.*, s.title into offered
    from public.packages g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join public.service_durations d on d.service_id = g.service_id and d.expert_id = g.expert_id and d.minutes = g.minutes
      join public.expert_profiles m on m.id = g.expert_id
    where g.id = package and g.expert_id = mentor and g.enabled and g.deleted_at is null and s.enabled
      and s.deleted_at is null and m.accepting_bookings and m.hidden_because is null;
  if not found or not coalesce(money.collects, false) then
    raise exception 'not on offer' using errcode = 'check_violation', constraint = 'packages_on_offer';
  end if;
  if exists (select from private.closed_accounts c where c.user_id = student) then
    perform private.raise_cap_reached('accounts_open');
  end if;
  select * into bought from public.package_purchases p
    where p.user_id = student and p.package_id = package and p.expert_id = mentor and p.state = 'unpaid' for no key update;
  if found then
    if (bought.sessions, bought.minutes, bought.price_minor, bought.valid_days, bought.currency)
       = (offered.sessions, offered.minutes, offered.price_minor, offered.valid_days, offered.currency)
       and exists (select from public.payments p where p.package_purchase_id = bought.id and p.expert_id = mentor and p.state = 'open') then
      return bought.id;
    end if;
    perform private.abandon_purchase(mentor, bought.id, 'cancelled');
  end if;
  insert into public.package_purchases (
      expert_id, user_id, package_id, service_id, minutes, sessions, price_minor, currency, valid_days, fee_basis_points)
    values (mentor, student, package, offered.service_id, offered.minutes, offered.sessions, offered.price_minor,
            offered.currency, offered.valid_days, money.fee_basis_points)
    returning * into bought;
  insert into public.payments (expert_id, user_id, package_purchase_id, provider, capture, amount_minor, currency)
    values (mentor, student, bought.id, money.provider, 'automatic', bought.price_minor, bought.currency);
  return bought.id;
end
$function$

-- private.calendar_feed_owner(bytea): Whose feed a token opens, by its hash; null for none. Notes that it was read.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.calendar_feed_owner(hash bytea)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  found public.calendar_feeds;
begin
  select * into found from public.calendar_feeds f where f.token_hash = hash;
  -- Programs ask every few minutes; a write each time would be more work than the answer. A feed that is being replaced
  -- is not waited for.
  if found.last_read_at is null or found.last_read_at < now() - interval '60 minutes' then
    update public.calendar_feeds f set last_read_at = now()
    where f.user_id = (
      select o.user_id from public.calendar_feeds o where o.token_hash = hash for update skip locked);
  end if;
  return found.user_id;
end
$function$

-- private.can_meet_through_google(uuid): Whether sessions are written to a Google calendar of the mentor's, with which their Meet links can be made.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.can_meet_through_google(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.calendar_connections c
        join public.connected_calendars k on k.connection_id = c.id and k.receives_sessions
      where c.user_id = person and c.kind = 'google' and c.may_write is not false)
  $function$

-- private.cancel_abandoned_bookings(uuid,integer): The guide's safety net: cancels a mentor's requests that have been pending for more than seven days.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.cancel_abandoned_bookings(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  cancelled integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings set status = 'cancelled' where id = any (array(
    select b.id from public.bookings b
    where b.expert_id = mentor and b.status = 'pending' and b.created_at < now() - interval '7 days'
      -- What is held for a payment has an end of its own.
      and b.status_when_paid is null
    limit most));
  get diagnostics cancelled = row_count;
  return cancelled;
end
$function$

-- private.cancel_group_session(uuid,uuid,text): Cancels a coming session for all, with one reason, for its mentor: every seat is refunded as when a mentor cancels.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.cancel_group_session(mentor uuid, group_session uuid, reason text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
  freed integer;
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  freed := private.end_group_session(mentor, group_session, 'mentor');
  perform set_config('matepeak.reason', '', true);
  return freed;
end
$function$

-- private.cancel_payout_run(uuid,text,uuid,text): Cancels a run whose file was not taken yet; a job returns the money. False if there is none. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.cancel_payout_run(login uuid, request text, run uuid, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.payout_runs;
begin
  perform private.begin_admin_action(
    login, 'payout_run_cancelled', null, jsonb_build_object('run_id', run), why, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return false;
  end if;
  if known.exported_at is not null then
    raise exception 'the bank''s file was taken' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  update private.payout_runs r set cancelled_at = coalesce(r.cancelled_at, now()) where r.id = run;
  perform private.enqueue('return_run_payouts', jsonb_build_object('run_id', run), 'return_run_payouts ' || run);
  return true;
end
$function$

-- private.cancel_programme(uuid,uuid,text): Cancels what is to come of a programme for all, with one reason, for its mentor: every seat is refunded as when a mentor cancels.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.cancel_programme(mentor uuid, programme uuid, reason text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  freed integer;
begin
  perform private.require_own_programme(mentor, programme);
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  freed := private.end_programme(mentor, programme, 'mentor');
  perform set_config('matepeak.reason', '', true);
  return freed;
end
$function$

-- private.cancel_upcoming(uuid,uuid,text,integer): Cancels the next of a leaving person's sessions with one mentor: history, freed time and messages follow as always.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.cancel_upcoming(mentor uuid, person uuid, why_cancelled text, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  handled integer;
begin
  perform private.require_deletion(person);
  perform private.lock_mentor(mentor);
  -- The triggers see who cancels and why, as if the person did it; no cut-off applies.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', person)::text, true),
    set_config('matepeak.reason', why_cancelled, true);
  update public.bookings b set status = 'cancelled'
    where b.expert_id = mentor and b.id = any (array(
      select u.id from public.bookings u
      where u.expert_id = mentor and person in (u.user_id, u.expert_id)
        and u.status in ('pending', 'confirmed') and u.starts_at > now()
      order by u.starts_at limit most));
  get diagnostics handled = row_count;
  perform set_config('matepeak.reason', '', true);
  update private.closed_accounts c set cancelled = c.cancelled + handled where c.user_id = person;
  return handled;
end
$function$

-- private.cap(text): How much a person may own or have open: the same numbers as rules/limits.ts; a test compares them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.cap(of_what text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN CASE of_what WHEN 'requests_with_mentor'::text THEN 5 WHEN 'requests'::text THEN 15 WHEN 'sessions_ahead_with_mentor'::text THEN 30 WHEN 'sessions_ahead_with_mentor_newcomer'::text THEN 5 WHEN 'newcomer_times_from_network'::text THEN 10 WHEN 'time_requests'::text THEN 15 WHEN 'time_requests_unconfirmed'::text THEN 6 WHEN 'waitlist_entries'::text THEN 30 WHEN 'waitlist_entries_with_mentor'::text THEN 10 WHEN 'weekly_windows'::text THEN 84 WHEN 'dated_windows'::text THEN 1000 WHEN 'blocked_dates'::text THEN 1100 WHEN 'timezone_periods'::text THEN 200 WHEN 'services'::text THEN 30 WHEN 'service_durations'::text THEN 8 WHEN 'coupons'::text THEN 100 WHEN 'packages'::text THEN 30 WHEN 'active_alerts'::text THEN 50 WHEN 'calendar_connections'::text THEN 10 ELSE NULL::integer END

-- private.captured_orders(text,timestamp with time zone,timestamp with time zone,timestamp with time zone,uuid,integer): Our orders that were paid in this time, in pages.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.captured_orders(with_provider text, from_at timestamp with time zone, until_at timestamp with time zone, after_at timestamp with time zone, after_attempt uuid, most integer)
 RETURNS TABLE(order_id text, created_at timestamp with time zone, attempt_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select o.order_id, a.created_at, a.id
    from public.payment_attempts a join private.payment_orders o on o.payment_id = a.payment_id and o.expert_id = a.expert_id
    where a.state = 'captured' and a.created_at between from_at and until_at and o.provider = with_provider
      and (after_at is null or (a.created_at, a.id) > (after_at, after_attempt))
    order by a.created_at, a.id limit most
  $function$

-- private.change_group_session(uuid,uuid,integer,integer,integer,integer): Changes the terms of a coming session, for its mentor; null keeps one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.change_group_session(mentor uuid, group_session uuid, seats integer, minimum integer, decided integer, late_join integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  if session.programme_id is not null then
    raise exception 'the programme has the terms of its sessions'
      using errcode = 'check_violation', constraint = 'programmes_have_the_terms';
  end if;
  if seats is not null and seats <> session.capacity then
    -- The ledger refuses fewer seats than are taken.
    update public.occupancies set capacity = seats where id = session.occupancy_id and expert_id = mentor;
  end if;
  update public.group_sessions g
    set min_attendees = least(coalesce(minimum, g.min_attendees), g.capacity),
        decide_minutes = coalesce(decided, g.decide_minutes),
        decide_at = g.starts_at - coalesce(decided, g.decide_minutes) * interval '1 minute',
        late_join_minutes = coalesce(late_join, g.late_join_minutes)
    where g.id = group_session and g.expert_id = mentor;
  update public.occupancies set join_until = starts_at + late_join * interval '1 minute'
    where id = session.occupancy_id and expert_id = mentor and join_until is not null and late_join is not null;
end
$function$

-- private.change_judged_status(uuid,uuid,uuid,integer,text,text): change_booking_status() for a step that was judged at this revision of the booking; no row if it has another one by now, or the mentor is locked: read and judge again. Returns what the app does not know, and what to announce.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.change_judged_status(caller uuid, mentor uuid, booking uuid, at_booking integer, new_status text, reason text)
 RETURNS TABLE(updated_at timestamp with time zone, payment_status text, room_url text, room_note text, meeting_place jsonb, meeting_url text, meeting_note text, announcements text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
begin
  if not private.lock_judged_booking(caller, mentor, null, booking, at_booking) then
    return;
  end if;
  select c.updated_at, c.payment_status, c.meeting_place, c.meeting_url, c.meeting_note
    into updated_at, payment_status, meeting_place, meeting_url, meeting_note
    from public.change_booking_status(mentor, booking, new_status, reason) c;
  if not found then
    return;
  end if;
  -- A student sees the room from the moment of the confirmation.
  if new_status = 'confirmed' then
    select r.meeting_url, r.meeting_note into room_url, room_note
      from public.mentor_rooms r where r.expert_id = mentor and private.has_link(meeting_place);
  end if;
  announcements := current_setting('matepeak.announcements', true);
  return next;
end
$function$

-- private.change_login(uuid,uuid,bytea,timestamp with time zone,text,jsonb): A new login of a connection, which is read at once; what another worker reads with the old one is not taken. login: the account's address, if it may be another one by now; granted: as of connect_calendars().
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.change_login(connection uuid, person uuid, sealed bytea, ends_at timestamp with time zone, login text, granted jsonb)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query update public.calendar_connections c
    set credential = sealed, login_ends_at = ends_at, login_end_told_at = null, username = coalesce(login, c.username),
        account_id = granted ->> 'account_id', granted_scopes = granted ->> 'scopes',
        may_write = (granted ->> 'may_write')::boolean,
        sync_due_at = now(), lease = null, leased_until = null, broken_told_at = null
    where c.id = connection and c.user_id = person returning c.id;
  if found then
    perform private.enqueue('sync_calendars', '{}', 'sync_calendars');
    -- Sessions that have waited for it are written at once, too.
    update public.connected_calendars k set entries_due_at = null where k.connection_id = connection and k.entries_due_at is not null;
    perform private.enqueue_session_entries(person);
    perform private.retry_meet_links(person);
    perform private.notify_person(person, 'calendars');
  end if;
end
$function$

-- private.change_programme(uuid,uuid,text,text,integer): Changes the words and the seats of a programme with sessions to come, for its mentor; null keeps one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.change_programme(mentor uuid, programme uuid, named text, described text, seats integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.require_own_programme(mentor, programme);
  update public.programmes p
    set title = coalesce(named, p.title), description = coalesce(described, p.description), capacity = coalesce(seats, p.capacity)
    where p.id = programme and p.expert_id = mentor;
  -- The ledger refuses fewer seats than are taken.
  update public.occupancies o set capacity = seats
    where o.programme_id = programme and o.expert_id = mentor and o.starts_at > now() and o.capacity <> seats;
end
$function$

-- private.change_together(uuid,uuid[],text,text): change_booking_status() of several bookings, all or none, for a party to them.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.change_together(mentor uuid, bookings uuid[], new_status text, reason text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  booking uuid;
  changed integer := 0;
begin
  perform private.lock_mentor(mentor);
  foreach booking in array bookings loop
    -- What is held for one payment ends with the first of them.
    continue when exists (
      select from public.bookings b where b.id = booking and b.expert_id = mentor and b.status = new_status);
    perform from public.change_booking_status(mentor, booking, new_status, reason);
    if not found then
      raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
    end if;
    changed := changed + 1;
  end loop;
  return changed;
end
$function$

-- private.check_booking_transition(): Rejects status changes that are not allowed or come at the wrong time, see rules/bookingState.ts; counts the changes.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_booking_transition()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new is not distinct from old then
    return new;
  end if;
  if new.status is distinct from old.status then
    if old.status_when_paid is not null and new.status_when_paid is null and new.status = old.status_when_paid then
      -- Paid, even if that was late: accept_payment() has taken the time again.
      null;
    elsif not private.is_booking_step(old.status, new.status)
       or (new.status = 'confirmed' and (old.expires_at <= now() or old.status_when_paid is not null))
       or (new.status = 'completed' and old.ends_at > now())
       or (new.status = 'completed' and private.has_no_show(old.expert_id, old.id))
       -- A decision about a whole session may come at its start, or late.
       or (new.status = 'cancelled' and old.status = 'confirmed' and old.starts_at <= now()
           and not (private.is_for_all() and auth.uid() is null)) then
      raise exception 'a % booking cannot become % now', old.status, new.status
        using errcode = 'check_violation', constraint = 'bookings_step_allowed';
    end if;
    if new.status <> 'pending' then
      new.expires_at := null;
    end if;
    if new.status = 'cancelled' then
      new.occupancy_id := null;
    end if;
  end if;
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$function$

-- private.check_meeting_place(): Another service may fail, and a session must never be without a way to meet: the mentor's room takes its place.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_meeting_place()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(new.expert_id);
  if new.kind in ('google_meet', 'zoom')
     and not exists (select from public.mentor_rooms r where r.expert_id = new.expert_id) then
    raise exception 'links that a service makes need a room to fall back to'
      using errcode = 'check_violation', constraint = 'meeting_places_need_room';
  end if;
  return new;
end
$function$

-- private.check_mentor_accepts(): Rejects every new booking while the mentor is paused.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_mentor_accepts()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- prepare_booking() has locked the mentor: a pause cannot begin or end in between.
  if current_user in ('anon', 'authenticated', 'matepeak_app')
     and (exists (select from public.expert_profiles where id = new.expert_id and not accepting_bookings)
       or exists (select from public.busy_times b where b.expert_id = new.expert_id and b.pauses_offering)) then
    raise exception 'the mentor takes no new bookings'
      using errcode = 'check_violation', constraint = 'bookings_mentor_accepts';
  end if;
  return new;
end
$function$

-- private.check_no_show_transition(): Allows one change from open: the other party responds in time, the claimer withdraws, or the claim expires.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_no_show_transition()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  booking public.bookings;
  side text;
begin
  -- The texts of a person whose account is deleted (private.erase_person); every client has an id.
  if caller is null and new.state = old.state then
    return new;
  end if;
  select * into booking from public.bookings b where b.id = old.booking_id and b.expert_id = old.expert_id;
  side := case when caller = booking.expert_id then 'mentor' when caller = booking.user_id then 'student' end;
  -- Only expiry sets "unanswered", and no response is accepted afterwards.
  if old.state <> 'open' or new.state = 'open' or (new.state = 'unanswered') <> (old.answer_until <= now()) then
    raise exception 'this report is closed' using errcode = 'check_violation', constraint = 'no_show_claims_step_allowed';
  end if;
  if (new.state in ('agreed', 'disputed') and side is not distinct from old.claimed_by)
     or (new.state = 'withdrawn' and side is distinct from old.claimed_by) then
    raise exception 'only the other party can do this' using errcode = 'insufficient_privilege';
  end if;
  new.settled_at := now();
  return new;
end
$function$

-- private.check_time_request_transition(): Rejects changes of a closed time request.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_time_request_transition()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Also closed ones lose the person whose account is deleted (private.erase_person), which no request's role can do.
  if current_user not in ('authenticated', 'matepeak_app')
     and (new.status, new.awaiting, new.round, new.expires_at, new.booking_id)
       is not distinct from (old.status, old.awaiting, old.round, old.expires_at, old.booking_id) then
    return new;
  end if;
  if old.status <> 'open' or (old.expires_at <= now() and new.status <> 'expired') then
    raise exception 'this time request is closed'
      using errcode = 'check_violation', constraint = 'time_requests_step_allowed';
  end if;
  return new;
end
$function$

-- private.check_timezone(): Rejects a zone without stored rules.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_timezone()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.timezone is not null and not private.is_timezone(new.timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  return new;
end
$function$

-- private.check_waitlist_entry(): An entry that has ended stays as it is.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_waitlist_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.state is distinct from old.state and old.state not in ('waiting', 'offered') then
    raise exception 'an entry of the waitlist ends once'
      using errcode = 'check_violation', constraint = 'waitlist_entries_end_once';
  end if;
  return new;
end
$function$

-- private.check_waitlist_offer(): An offer that has ended stays as it is; one that ends gives up its hold.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.check_waitlist_offer()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.state is distinct from old.state then
    if old.state <> 'open' then
      raise exception 'an offer ends once' using errcode = 'check_violation', constraint = 'waitlist_offers_end_once';
    end if;
    new.settled_at := now();
    new.occupancy_id := null;
  end if;
  return new;
end
$function$

-- private.claim_deliveries(integer,interval): The mails to be sent next, each for one worker: no other one gets them before the lease ends. Those that are too late or have no address that can be reached end here.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_deliveries(most integer, lease interval)
 RETURNS TABLE(id uuid, user_id uuid, address text, kind text, content jsonb, sealed_code bytea, attempt integer)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    with due as materialized (
      select d.id, d.kind, d.sealed_code is not null as is_code, d.expires_at <= now() as is_late,
        coalesce(d.address, u.email) as address
      from private.deliveries d left join auth.users u on u.id = d.user_id
      where d.state = 'waiting' and d.due_at <= now()
        -- Those with a link wait while it is being made; then they have it, or the one that replaces it.
        and not (d.kind in ('booking_booked', 'booking_confirmed', 'booking_rescheduled') and private.awaits_meeting(d.content))
      order by d.is_urgent desc, d.due_at
      limit most for no key update of d skip locked
    ), judged as (
      select due.*,
        case
          when is_late and (is_code or due.kind = 'booking_reminder') then 'dropped'
          when is_late or due.address is null then 'undeliverable'
          when x.address is not null and not is_code then 'undeliverable'
          else 'waiting'
        end as state,
        case
          when is_late then 'It could not be sent in time.'
          when due.address is null then 'The account has no address.'
          else 'The address cannot be reached: ' || x.reason
        end as error
      from due left join private.unreachable_addresses x on x.address = lower(due.address)
    ), changed as (
      update private.deliveries d
        set state = j.state,
          attempts = d.attempts + case j.state when 'waiting' then 1 else 0 end,
          due_at = case j.state when 'waiting' then now() + lease else d.due_at end,
          ended_at = case j.state when 'waiting' then null else now() end,
          last_error = case j.state when 'waiting' then d.last_error else coalesce(d.last_error, j.error) end,
          content = case j.state when 'dropped' then '{}' else d.content end,
          sealed_code = case j.state when 'dropped' then null else d.sealed_code end
        from judged j
        where d.id = j.id
        returning d.id, d.user_id, j.address, d.kind, d.content, d.sealed_code, d.attempts, d.state, d.is_urgent
    )
    select c.id, c.user_id, c.address, c.kind, c.content, c.sealed_code, c.attempts
    from changed c
    where c.state = 'waiting'
    order by c.is_urgent desc, c.id
  $function$

-- private.claim_due_reminders(timestamp with time zone,integer): Takes reminders that are due, and returns those whose session is still agreed for that time and that are not too late.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_due_reminders(at timestamp with time zone, most integer)
 RETURNS TABLE(booking_id uuid, mentor_id uuid, student_id uuid, service_id uuid, student_name text, student_timezone text, starts_at timestamp with time zone, user_id uuid, lead integer, group_session_id uuid)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    with due as (
      delete from private.reminders r where (r.booking_id, r.expert_id, r.user_id, r.lead) in (
        select d.booking_id, d.expert_id, d.user_id, d.lead from private.reminders d
        where d.due_at <= at order by d.due_at limit most for update skip locked)
      returning *
    )
    select b.id, b.expert_id, b.user_id, b.service_id, b.user_name, b.student_timezone, b.starts_at, due.user_id, due.lead,
      b.group_session_id
    from due join public.bookings b on b.id = due.booking_id and b.expert_id = due.expert_id
    where b.status = 'confirmed' and b.starts_at - due.lead * interval '1 minute' = due.due_at
      -- Late by more than half of its lead time, it helps less than it confuses.
      and at < due.due_at + due.lead * interval '30 seconds'
  $function$

-- private.claim_events(uuid[],bigint[]): Those of the events that no other worker has claimed. Write their messages in the same transaction, which also schedules the reminders of their sessions again, and has the sessions written to their mentors' calendars.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_events(mentors uuid[], events bigint[])
 RETURNS TABLE(event_id bigint, mentor_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  ids bigint[];
  owners uuid[];
  bookings uuid[];
begin
  with free as (
    select e.id, e.expert_id from public.booking_events e
      join unnest(mentors, events) asked (mentor, event) on e.id = asked.event and e.expert_id = asked.mentor
    where e.notified_at is null
    order by e.id for update of e skip locked
  ), claimed as (
    update public.booking_events e set notified_at = now() from free
      where e.id = free.id and e.expert_id = free.expert_id and e.notified_at is null
      returning e.id, e.expert_id, e.booking_id
  )
  select array_agg(c.id), array_agg(c.expert_id), array_agg(c.booking_id) into ids, owners, bookings from claimed c;
  perform private.arm_reminders(owners, bookings);
  perform private.write_entries_of_bookings(owners);
  return query select * from unnest(ids, owners);
end
$function$

-- private.claim_meeting(uuid,uuid,uuid,text[]): What is to be done at the service that a session's link comes from: make, move, remove or none; or share, which is to give it to a seat that was added. Leases it to one run for two minutes; is_taken: to another one at this moment. Chooses a host that is free then; null if none is.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_meeting(mentor uuid, session uuid, claim uuid, hosts text[])
 RETURNS TABLE(step text, is_taken boolean, kind text, known_as uuid, starts_at timestamp with time zone, ends_at timestamp with time zone, timezone text, service_title text, mentor_name text, student_name text, seats jsonb, ref text, guest_url text, host_url text, note text, old_host text, host text, is_unsure boolean, failures integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b public.bookings;
  m private.made_meetings;
begin
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.occupancy_id is null then
    return;
  end if;
  is_taken := coalesce(m.leased_until > now(), false);
  if is_taken then
    return next;
    return;
  end if;
  -- Seats of one session have the same times.
  select * into b from private.seats_of_meeting(mentor, session, m.kind) x order by x.status <> 'confirmed', x.id limit 1;
  select jsonb_agg(jsonb_build_object('booking_id', x.id, 'student_name', x.user_name)) into seats
    from private.seats_of_meeting(mentor, session, m.kind) x where x.status = 'confirmed';
  step := case
    when b.id is null and (m.ref is not null or m.is_unsure) then 'remove'
    when b.status is distinct from 'confirmed' or b.ends_at <= now() then 'none'
    when m.ref is null then 'make'
    when (b.starts_at, b.ends_at) is distinct from (m.starts_at, m.ends_at) or m.fell_back_at is not null or m.was_left
      then 'move'
    when exists (
      select from private.seats_of_meeting(mentor, session, m.kind) x
      where x.status = 'confirmed' and not x.meeting_place ? 'url') then 'share'
    else 'none'
  end;
  kind := m.kind;
  known_as := m.known_as;
  starts_at := coalesce(b.starts_at, m.starts_at, m.hosted_from, now());
  ends_at := coalesce(b.ends_at, m.ends_at, m.hosted_until, now());
  -- People of a group are not named to each other.
  student_name := case when m.known_as = b.id then b.user_name end;
  seats := coalesce(seats, '[]');
  select coalesce(b.mentor_timezone, p.timezone), coalesce(s.title, ''), p.full_name into timezone, service_title, mentor_name
    from public.expert_profiles p left join public.services s on s.id = b.service_id and s.expert_id = p.id
    where p.id = mentor;
  ref := m.ref;
  guest_url := m.guest_url;
  host_url := m.host_url;
  note := m.note;
  old_host := m.host;
  host := m.host;
  is_unsure := m.is_unsure;
  failures := m.failures;
  if step in ('make', 'move') and m.kind = 'zoom' then
    -- Two sessions that are made at this moment must not choose the same one.
    perform pg_advisory_xact_lock(hashtextextended('private.made_meetings.host', 0));
    select h.name into host
      from unnest(hosts) with ordinality h (name, place)
      where not exists (
        select from private.made_meetings o
        where o.host = h.name and o.hosted_from < b.ends_at and o.hosted_until > b.starts_at
          and (o.occupancy_id, o.expert_id) <> (m.occupancy_id, m.expert_id))
      order by (h.name is not distinct from m.host) desc, h.place limit 1;
  end if;
  update private.made_meetings x
    set lease = claim, leased_until = now() + interval '2 minutes', is_unsure = x.is_unsure or step = 'make',
      host = case when step in ('make', 'move') then coalesce(claim_meeting.host, x.host) else x.host end,
      hosted_from = case when claim_meeting.host is null or step not in ('make', 'move') then x.hosted_from else b.starts_at end,
      hosted_until = case when claim_meeting.host is null or step not in ('make', 'move') then x.hosted_until else b.ends_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  return next;
end
$function$

-- private.claim_money_events(uuid[],bigint[]): Those of the events that no other worker has claimed. Write their messages in the same transaction.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_money_events(mentors uuid[], events bigint[])
 RETURNS TABLE(event_id bigint, mentor_id uuid)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with free as (
      select e.id, e.expert_id from public.money_events e
        join unnest(mentors, events) asked (mentor, event) on e.id = asked.event and e.expert_id = asked.mentor
      where e.notified_at is null
      order by e.id for update of e skip locked
    )
    update public.money_events e set notified_at = now() from free
      where e.id = free.id and e.expert_id = free.expert_id and e.notified_at is null
      returning e.id, e.expert_id
  $function$

-- private.claim_polls(integer): The payments to ask the provider about, the longest overdue first; each is due again later, in case the process is killed.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_polls(most integer)
 RETURNS TABLE(mentor_id uuid, payment_id uuid)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    update public.payments p
      set polls = p.polls + 1,
          -- A minute at first, in the end every six hours, until three days after the order was made or there is nothing to learn.
          poll_at = case when p.state = 'closed' and p.created_at <= now() - interval '3 days' then null
            else now() + least(interval '1 minute' * power(1.6, least(p.polls, 20)), interval '360 minutes') end
      from (
        select q.id, q.expert_id from public.payments q where q.poll_at <= now()
        order by q.poll_at limit most for no key update skip locked
      ) due
      where p.id = due.id and p.expert_id = due.expert_id
      returning p.expert_id, p.id
  $function$

-- private.claim_reversal(uuid,uuid): The next reversal to ask the provider for before a payment is refunded; none: the refund can be sent.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_reversal(mentor uuid, payment uuid)
 RETURNS TABLE(verdict text, reversal_id uuid, payout_id uuid, payout_state text, transfer_id text, amount_minor bigint, currency text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  due record;
begin
  select r.id, r.payout_id, r.amount_minor, r.currency, p.state, p.transfer_id, p.calling_until into due
    from public.payouts p join public.payout_reversals r on r.payout_id = p.id and r.expert_id = p.expert_id
    where p.payment_id = payment and p.expert_id = mentor and r.state = 'requested'
    order by r.requested_at, r.id limit 1 for no key update of p;
  if not found then
    return;
  end if;
  if due.calling_until > now() then
    return query select 'busy', due.id, due.payout_id, due.state, due.transfer_id, due.amount_minor, due.currency;
    return;
  end if;
  update public.payouts p set calling_until = now() + interval '5 minutes' where p.id = due.payout_id and p.expert_id = mentor;
  return query select 'claimed', due.id, due.payout_id, due.state, due.transfer_id, due.amount_minor, due.currency;
end
$function$

-- private.claim_transfer(uuid,uuid): Before a call of the provider: it is sent from now on, and no other call is made for five minutes or until its end is known.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.claim_transfer(mentor uuid, payout uuid)
 RETURNS TABLE(verdict text, provider text, order_id text, attempt_id text, transfer_id text, sealed_account bytea, amount_minor bigint, currency text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.payouts;
begin
  select * into known from public.payouts p
    where p.id = payout and p.expert_id = mentor and p.method = 'route' for no key update;
  if not found or known.state not in ('requested', 'sent') then
    return query select 'over', null::text, null::text, null::text, null::text, null::bytea, null::bigint, null::text;
    return;
  end if;
  if known.calling_until > now() then
    return query select 'busy', null::text, null::text, null::text, null::text, null::bytea, null::bigint, null::text;
    return;
  end if;
  update public.payouts p
    set state = 'sent', sent_at = coalesce(p.sent_at, now()), calling_until = now() + interval '5 minutes'
    where p.id = payout and p.expert_id = mentor;
  return query
    select 'claimed', p.provider, o.order_id, a.attempt_id, known.transfer_id, known.sealed_account, known.amount_minor,
      known.currency
    from public.payments p
      join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
      join private.payment_orders o
        on o.payment_id = private.ordered_payment(p.expert_id, p.id) and o.expert_id = p.expert_id
    where p.id = known.payment_id and p.expert_id = mentor;
end
$function$

-- private.clear_attention(uuid,text,uuid,uuid,text,text): Marks as settled what an administrator saw. What was added meanwhile stays. False if there is no such payment. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.clear_attention(login uuid, request text, mentor uuid, payment uuid, attention_seen text, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not private.begin_payment_action(
      login, request, 'attention_cleared', mentor, payment, jsonb_build_object('attention', attention_seen), why) then
    return false;
  end if;
  update public.payments p set attention = null, attention_at = null
    where p.id = payment and p.expert_id = mentor and p.attention = attention_seen;
  if not found then
    raise exception 'it is another attention' using errcode = 'check_violation', constraint = 'payments_attention_as_seen';
  end if;
  return true;
end
$function$

-- private.clear_booking_meeting(): Removes where a cancelled session was to take place.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.clear_booking_meeting()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.meeting_url := null;
  new.meeting_note := null;
  new.meeting_place := null;
  return new;
end
$function$

-- private.close_account(uuid,text): Signs a person out everywhere and hides a mentor's page. The caller writes the row of closed_accounts in the same transaction.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.close_account(person uuid, because text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(person);
  if to_regclass('auth.verifications') is not null then
    -- Waits for bookings that are being written for the person, whose foreign key shares this lock. Later ones wait for us,
    -- and then see that the account is closed.
    perform from auth.users u where u.id = person for update;
  end if;
  update public.expert_profiles p set hidden_because = because where p.id = person;
  if to_regclass('auth.verifications') is not null then
    delete from auth.sessions s where s.user_id = person;
  end if;
end
$function$

-- private.close_empty_group(uuid,uuid): Ends a group session with its last seat. It stays known, as it is in calendars.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.close_empty_group(mentor uuid, seat uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- They wait for the next one at this time.
    update public.waitlist_entries e set group_session_id = null
      from public.group_sessions g
      where g.occupancy_id = seat and g.expert_id = mentor and e.group_session_id = g.id and e.expert_id = mentor;
    update public.group_sessions g
      set state = 'cancelled', cancelled_because = 'empty', occupancy_id = null, decided_at = coalesce(g.decided_at, now())
      where g.occupancy_id = seat and g.expert_id = mentor
  $function$

-- private.compare_order(text,jsonb): Where a payment, its attempts, its refunds or its ledger differ from an order of the provider; no row if the order is not ours.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.compare_order(with_provider text, provider_order jsonb)
 RETURNS TABLE(mentor_id uuid, payment_id uuid, faults text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with ours as (
      select p.* from private.payment_orders o join public.payments p on p.id = o.payment_id and p.expert_id = o.expert_id
      where o.provider = with_provider and o.order_id = provider_order ->> 'id'
    ), theirs as (
      select a.* from jsonb_to_recordset(provider_order -> 'attempts') a (
        id text, state text, amount_minor bigint, dispute text, refunds jsonb)
    ), paired as (
      select t.id as their_id, t.state as their_state, t.amount_minor, t.dispute as their_dispute, a.state, a.captured_minor, a.dispute,
        coalesce((select sum((r ->> 'amount_minor')::bigint) from jsonb_array_elements(t.refunds) r where r ->> 'state' = 'done'), 0)
          as their_refunds,
        -- What a bank took back in a dispute is no refund there.
        coalesce((select sum(r.amount_minor) from private.same_attempts(a.expert_id, a.payment_id, a.id) same (id)
          join public.refunds r on r.attempt_id = same.id and r.expert_id = a.expert_id
          where r.state = 'done' and r.why <> 'dispute'), 0) as refunds
      from theirs t full join (
          select a.* from public.payment_attempts a join ours on a.payment_id = ours.id and a.expert_id = ours.expert_id) a
        on a.attempt_id = t.id
    )
    select ours.expert_id, ours.id, array_remove(array[
      case when (provider_order ->> 'amount_minor')::bigint <> ours.amount_minor or provider_order ->> 'currency' <> ours.currency
        then 'order_differs' end,
      case when exists (select from paired q where q.their_state = 'captured' and q.captured_minor is distinct from q.amount_minor)
        then 'not_captured_here' end,
      case when exists (select from paired q where q.state = 'captured' and q.their_state is distinct from 'captured')
        then 'not_captured_there' end,
      case when exists (select from paired q
          where q.their_state in ('authorized', 'released', 'failed') and q.state is distinct from q.their_state and q.state is distinct from 'captured')
        then 'attempt_differs' end,
      case when exists (select from paired q where q.their_refunds <> q.refunds) then 'refunds_differ' end,
      case when exists (select from paired q where q.their_dispute is distinct from q.dispute and q.their_dispute is not null)
        then 'dispute_differs' end,
      case when cardinality(private.book_faults(ours.expert_id, ours.id)) > 0 then 'ledger_differs' end
      ], null)
    from ours
  $function$

-- private.complete_held_sessions(uuid,uuid[]): Completes those of a mentor's sessions that ended a day ago, except those with an effective no-show report.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.complete_held_sessions(mentor uuid, sessions uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  completed integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings b set status = 'completed'
    where b.id = any (sessions) and b.expert_id = mentor and b.status = 'confirmed'
      and b.ends_at <= now() - interval '24 hours' and not private.has_no_show(b.expert_id, b.id);
  get diagnostics completed = row_count;
  return completed;
end
$function$

-- private.compute_review_weight(uuid): See expert_profiles.review_weight.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.compute_review_weight(mentor uuid)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select least(count(distinct r.user_id), count(distinct b.occupancy_id))::integer
    from public.reviews r join public.bookings b on b.id = r.booking_id and b.expert_id = r.expert_id
    where r.expert_id = mentor
  $function$

-- private.connect_calendars(uuid,uuid,text,text,text,text,bytea,timestamp with time zone,jsonb,jsonb): Connects a person's calendars, which are read at once. The login has been tried by the caller. granted: of a vendor, whose account it is and what was allowed there; null of all others.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.connect_calendars(connection uuid, person uuid, connection_kind text, connection_name text, address text, login text, sealed bytea, ends_at timestamp with time zone, listed jsonb, granted jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(person);
  -- One at a time, so that two at once cannot exceed the cap; students have no mentor to lock.
  perform from public.profiles p where p.id = person for no key update;
  if (select count(*) from public.calendar_connections c where c.user_id = person) >= private.cap('calendar_connections') then
    perform private.raise_cap_reached('calendar_connections_cap');
  end if;
  insert into public.calendar_connections (
      id, user_id, kind, name, server_url, username, credential, login_ends_at, account_id, granted_scopes, may_write)
    values (
      connection, person, connection_kind, connection_name, address, login, sealed, ends_at,
      granted ->> 'account_id', granted ->> 'scopes', (granted ->> 'may_write')::boolean);
  perform private.list_connected_calendars(connection, listed);
  perform private.enqueue('sync_calendars', '{}', 'sync_calendars');
end
$function$

-- private.connection_message_facts(uuid): The facts for a message about a calendar connection as it is now, and how its person is reached.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.connection_message_facts(connection uuid)
 RETURNS TABLE(user_id uuid, connection_name text, connection_kind text, problem text, needs_owner boolean, if_stale text, synced_at timestamp with time zone, stale_told_at timestamp with time zone, login_ends_at timestamp with time zone, is_mentor boolean, has_busy_calendar boolean, person_name text, email text, timezone text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select c.user_id, c.name, c.kind, c.problem, c.needs_owner, c.if_stale, c.synced_at, c.stale_told_at, c.login_ends_at,
      m.id is not null,
      exists (select from public.connected_calendars k where k.connection_id = c.id and k.counts_as_busy),
      coalesce(p.full_name, m.full_name, ''), u.email, coalesce(p.timezone, m.timezone, 'UTC')
    from public.calendar_connections c
      join auth.users u on u.id = c.user_id
      left join public.profiles p on p.id = c.user_id
      left join public.expert_profiles m on m.id = c.user_id
    where c.id = connection
  $function$

-- private.continue_deletions(integer): Enqueues the jobs of deletions that began long ago again: theirs may have given up.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.continue_deletions(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  person uuid;
  enqueued integer := 0;
begin
  for person in
    select c.user_id from private.closed_accounts c
    where c.finished_at is null and c.why = 'deleted' and c.since < now() - interval '60 minutes' order by c.since limit most
  loop
    perform private.enqueue('delete_account', jsonb_build_object('user_id', person), 'delete_account:' || person);
    enqueued := enqueued + 1;
  end loop;
  return enqueued;
end
$function$

-- private.correct_mentor_clock(uuid): After a change of a zone's rules: coming sessions keep their instant, and their local date and time follow.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.correct_mentor_clock(mentor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  corrected integer;
begin
  perform private.lock_mentor(mentor);
  -- The trigger recomputes date and time.
  update public.bookings b set starts_at = b.starts_at
    where b.expert_id = mentor and b.starts_at > now() and b.status in ('pending', 'confirmed')
      and (b.scheduled_date + b.scheduled_time::time) <> private.wall_clock(b.starts_at, b.mentor_timezone);
  get diagnostics corrected = row_count;
  return corrected;
end
$function$

-- private.correct_provider_fee(uuid,text,bigint): The provider keeps more of a payment than it said at first, or less. The caller stores the new fee in the same transaction.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.correct_provider_fee(mentor uuid, money_currency text, more bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if more > 0 then
    perform private.transfer(mentor, 'provider_fee_raised', private.uuid_v7(), 'provider', mentor, 'provider_fees', mentor,
                             money_currency, more);
  else
    perform private.transfer(mentor, 'provider_fee_lowered', private.uuid_v7(), 'provider_fees', mentor, 'provider', mentor,
                             money_currency, -more);
  end if;
end
$function$

-- private.count_calendar_connections(): Calendar connections by how they are doing, 100,000 at most; and for how many seconds the oldest read has been due.
-- executable by: matepeak_jobs
CREATE OR REPLACE FUNCTION private.count_calendar_connections(OUT calendars_fine integer, OUT calendars_late integer, OUT calendars_broken integer, OUT oldest_calendar_read double precision)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- As calendarHealth() of rules/calendarHealth.ts, and too old as the job marks it.
    select (count(*) filter (where not is_broken and not is_late))::integer,
      (count(*) filter (where not is_broken and is_late))::integer,
      (count(*) filter (where is_broken))::integer,
      coalesce((
        select extract(epoch from now() - min(due.sync_due_at)) from public.calendar_connections due
        where due.sync_due_at <= now() and (due.leased_until is null or due.leased_until < now())), 0)::double precision
    from (
      select c.needs_owner or c.stale_told_at is not null as is_broken,
        c.problem is not null or coalesce(c.synced_at, c.created_at) < now() - interval '10 minutes' as is_late
      from public.calendar_connections c limit 100000
    ) judged
  $function$

-- private.count_calls(bytea[],integer[],integer[]): Counts calls in fixed windows, each beginning with its first call, and returns the counts and the ms until the windows end. Each key once.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.count_calls(keys bytea[], amounts integer[], seconds integer[])
 RETURNS TABLE(key bytea, total integer, ends_in double precision)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into private.call_counts as c (key, total, ends_at)
      select asked.key, asked.amount, clock_timestamp() + asked.seconds * interval '1 second'
      from unnest(keys, amounts, seconds) asked (key, amount, seconds)
      -- Two processes that count the same calls wait for each other in the same order.
      order by asked.key
    on conflict on constraint call_counts_pkey do update set
      total = case when c.ends_at <= clock_timestamp() then excluded.total
                   else least(c.total::bigint + excluded.total, 1000000000)::integer end,
      ends_at = case when c.ends_at <= clock_timestamp() then excluded.ends_at else c.ends_at end
    returning c.key, c.total, date_part('epoch', c.ends_at - clock_timestamp()) * 1000
  $function$

-- private.count_entry_change(): Counts a change of a service's title or of the room.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_entry_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.expert_profiles set entry_revision = entry_revision + 1, entry_changed_at = now()
    where id = coalesce(new.expert_id, old.expert_id);
  return null;
end
$function$

-- private.count_group_change(): Counts a change of a session's time, seats, link or of whether it takes place.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_group_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.entry_revision := old.entry_revision + 1;
  new.entry_changed_at := now();
  return new;
end
$function$

-- private.count_hours_change(): Counts the statements that change a mentor's hours.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_hours_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid;
begin
  -- Each by value: the mentors of one statement may be in several parts of the table.
  for mentor in select distinct c.expert_id from changed c order by c.expert_id loop
    update public.expert_profiles set hours_revision = hours_revision + 1 where id = mentor;
  end loop;
  return null;
end
$function$

-- private.count_money_troubles(): Captured payments without booking or refund, overdue refunds and payments with attention; 1000 means at least that many. Webhooks whose payment was not asked about since (10,000: at least that many), and for how many seconds the oldest has waited.
-- executable by: matepeak_jobs
CREATE OR REPLACE FUNCTION private.count_money_troubles(OUT orphaned integer, OUT refunds_overdue integer, OUT payments_attention integer, OUT payment_events integer, OUT oldest_payment_event double precision)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select
      (select count(distinct o.payment_id) from private.orphaned_payments(1000) o)::integer,
      (select count(*) from private.overdue_refunds(1000))::integer,
      (select count(*) from (select from public.payments p where p.attention is not null limit 1000) a)::integer,
      w.events, w.oldest
    from (
      select count(*)::integer as events,
        coalesce(extract(epoch from now() - min(e.received_at)), 0)::double precision as oldest
      from (select received_at from private.payment_events where processed_at is null limit 10000) e
    ) w
  $function$

-- private.count_name_change(): Counts a change of the mentor's name. A mentor who takes another one is no longer verified.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_name_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.entry_revision := old.entry_revision + 1;
  new.entry_changed_at := now();
  -- What was verified is the person of this name.
  new.verified := old.verified and new.verified and current_user <> 'authenticated';
  return new;
end
$function$

-- private.count_note_change(): Counts the revision, which clients cannot set.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_note_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$function$

-- private.count_of_uses(uuid,uuid,uuid,uuid): How often a coupon is used, by a student if one is given: several sessions that were booked together are one use. Without that of a series or a basket.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_of_uses(mentor uuid, coupon uuid, student uuid, without uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select count(distinct coalesce(u.together_id, u.booking_id)) from public.coupon_uses u
    where u.coupon_id = coupon and u.expert_id = mentor and (student is null or u.user_id = student)
      and (without is null or u.together_id is distinct from without) and u.given_back_at is null
  $function$

-- private.count_pending_work(): The numbers of active holds, pending bookings, open time requests, booking events without messages, mails that are due and mails that could not be delivered; 10,000 means at least that many. And for how many seconds the oldest mail has been due.
-- executable by: matepeak_jobs
CREATE OR REPLACE FUNCTION private.count_pending_work(OUT holds integer, OUT requests integer, OUT time_requests integer, OUT events integer, OUT mails integer, OUT undeliverable_mails integer, OUT oldest_mail double precision)
 RETURNS record
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Each from its partial index, and limited.
    select
      (select count(*) from (select from public.occupancies where state = 'hold' limit 10000) h)::integer,
      (select count(*) from (select from public.bookings where status = 'pending' limit 10000) b)::integer,
      (select count(*) from (select from public.time_requests where status = 'open' limit 10000) t)::integer,
      (select count(*) from (select from public.booking_events where notified_at is null limit 10000) e)::integer,
      (select count(*) from (
        select from private.deliveries where state = 'waiting' and due_at <= now() limit 10000) m)::integer,
      (select count(*) from (select from private.deliveries where state = 'undeliverable' limit 10000) u)::integer,
      coalesce((select extract(epoch from now() - min(d.due_at)) from (
        select due_at from private.deliveries where state = 'waiting' and due_at <= now() limit 10000) d), 0)::double precision
  $function$

-- private.count_reviews(): Computes the mentor's rating; nothing else sets it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_reviews()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  -- From all reviews each time, because a running sum can drift. The mentor is locked already.
  update public.expert_profiles
    set (rating, review_count, review_weight) = (
      select round(avg(r.rating), 2), count(*), private.compute_review_weight(mentor)
      from public.reviews r where r.expert_id = mentor)
    where id = mentor;
  return null;
end
$function$

-- private.count_settings_change(): Counts a change of the settings that cut hours into slots.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.count_settings_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Other forms save these, so changing them is no reason to reject hours that were edited in the meantime.
  if private.settings_of(to_jsonb(new)) - array['username', 'full_name', 'headline', 'instant_confirm', 'accepting_bookings']
     is distinct from
     private.settings_of(to_jsonb(old)) - array['username', 'full_name', 'headline', 'instant_confirm', 'accepting_bookings'] then
    new.hours_revision := old.hours_revision + 1;
  end if;
  return new;
end
$function$

-- private.coupon_discount(integer,bigint,bigint): What a coupon takes off a price: hundredths of a percent of it, or an amount, but no more than the price.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.coupon_discount(basis_points integer, amount_minor bigint, price_minor bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case
      when basis_points is null then least(amount_minor, price_minor)
      -- Rounded half up, and not in bigint: the product of the largest amounts does not fit.
      else div(price_minor::numeric * basis_points + 5000, 10000)::bigint end
  $function$

-- private.coupon_refusal(uuid,uuid,uuid,uuid,uuid): Why a student cannot use a coupon for a service now; null if nothing prevents it. With the series or the basket that the session is booked with, whose own use is no obstacle. Exact under the mentor's lock.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.coupon_refusal(mentor uuid, coupon uuid, student uuid, service uuid, together uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case
      when c.deleted_at is not null or not c.enabled then 'withdrawn'
      when c.active_from > now() then 'not_yet'
      when c.active_until <= now() then 'over'
      when c.service_ids is not null and service <> all (c.service_ids) then 'other_service'
      when c.first_session_only and together is not null then 'first_alone'
      when c.first_session_only and exists (
        select from public.bookings b
        where b.expert_id = mentor and b.user_id = student and b.status <> 'cancelled') then 'first_session_only'
      when c.max_uses_per_student <= (
        select private.count_of_uses(mentor, c.id, student, together)) then 'used_by_you'
      when c.max_uses <= (
        select private.count_of_uses(mentor, c.id, null, together)) then 'used_up'
      end
    from public.coupons c where c.id = coupon and c.expert_id = mentor
  $function$

-- private.coupon_share(uuid,uuid,uuid,integer,bigint,bigint): What the next booking of a series or a basket has of its coupon, in the order in which they are written.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.coupon_share(mentor uuid, series uuid, basket uuid, basis_points integer, amount_minor bigint, price_minor bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  whole bigint := private.sum_before_coupon(mentor, series, basket);
  off bigint := private.coupon_discount(basis_points, amount_minor, whole);
  before bigint := private.couponed_sum(mentor, series, basket);
begin
  return private.part_of_discount(off, before, price_minor, whole);
end
$function$

-- private.couponed_sum(uuid,uuid,uuid): What the bookings of a series or a basket that have its coupon cost without it, as far as they are written.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.couponed_sum(mentor uuid, series uuid, basket uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Volatile: a trigger sees the rows that the same statement has written before.
  return coalesce((
    select sum((l.line ->> 'amount_minor')::bigint)
    from public.bookings b cross join jsonb_array_elements(b.price_lines) l (line)
    where b.expert_id = mentor and (b.series_id = series or b.basket_id = basket) and b.coupon_id is not null
      and l.line ->> 'kind' <> 'coupon'), 0);
end
$function$

-- private.create_programme(uuid,uuid,text,text,timestamp with time zone[],integer,integer,integer,timestamp with time zone,bigint): A programme with its sessions, for its mentor, who calls it: all of them, or none if one overlaps another session.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.create_programme(mentor uuid, service uuid, named text, described text, starts timestamp with time zone[], length integer, seats integer, minimum integer, decided timestamp with time zone, price bigint)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  programme uuid;
  sessions integer := cardinality(starts);
begin
  -- Checks the mentor, and takes all of the times or none. Their own minimum is none: the programme's decides.
  perform private.schedule_group_sessions(mentor, service, starts, length, seats, 1, 0, 0);
  insert into public.programmes (
      expert_id, service_id, title, description, duration, capacity, price_minor, currency, min_attendees, decide_at)
    select mentor, s.id, named, described, length, seats, price, s.currency, minimum, decided
    from public.services s where s.id = service and s.expert_id = mentor
    returning id into programme;
  update public.occupancies o set programme_id = programme
    where o.expert_id = mentor and o.service_id = service and o.starts_at = any (starts);
  -- The smallest units that are left over are in the first sessions.
  update public.group_sessions g
    set programme_id = programme, programme_place = place.of_start,
        share_minor = price / sessions + case when place.of_start <= price % sessions then 1 else 0 end
    from (select t.start, row_number() over (order by t.start) as of_start from unnest(starts) t (start)) place
    where g.expert_id = mentor and g.service_id = service and g.starts_at = place.start and g.state = 'open';
  return programme;
end
$function$

-- private.credentials_of_other_keys(integer,bytea,uuid): Credentials that another key has sealed than the one whose name is in front.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.credentials_of_other_keys(most integer, prefix bytea, after uuid)
 RETURNS TABLE(id uuid, credential bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select c.id, c.credential from public.calendar_connections c
    where (after is null or c.id > after) and substring(c.credential for octet_length(prefix)) <> prefix
    order by c.id limit most
  $function$

-- private.credit_currency(uuid): What the ledger counts sessions of a service in.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.credit_currency(service uuid)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN ('session:'::text || service)

-- private.credit_refusal(uuid,uuid,uuid,uuid,integer): Why a student cannot book such a session with a bought package; empty if nothing prevents it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.credit_refusal(mentor uuid, purchase uuid, student uuid, service uuid, length integer)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((
      select case
        when p.service_id <> service or p.minutes <> length then 'other_service'
        when p.state in ('unpaid', 'lapsed') then 'unpaid'
        when p.state = 'refunded' then 'refunded'
        when private.is_purchase_disputed(mentor, p.id) then 'disputed'
        when p.expires_at <= now() then 'over'
        when private.balance_of(mentor, 'credits', p.id, private.credit_currency(p.service_id)) < 1 then 'used_up'
        else '' end
      from public.package_purchases p where p.id = purchase and p.expert_id = mentor and p.user_id = student), 'unknown')
  $function$

-- private.credits_left(uuid,uuid[]): The sessions that are left of bought packages, and the money in them. For their student and mentor only.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.credits_left(mentor uuid, purchases uuid[])
 RETURNS TABLE(purchase_id uuid, credits bigint, money_minor bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.id, private.balance_of(p.expert_id, 'credits', p.id, private.credit_currency(p.service_id)),
      private.balance_of(p.expert_id, 'package_money', p.id, p.currency)
    from public.package_purchases p
    where p.id = any (purchases) and p.expert_id = mentor and auth.uid() in (p.user_id, p.expert_id)
  $function$

-- private.decide_group_sessions(uuid,integer): Decides the sessions whose time for it has come: with the minimum they take place, otherwise they are cancelled and refunded.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.decide_group_sessions(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  due record;
  decided integer := 0;
begin
  perform private.lock_schedule(mentor);
  -- First: a programme that is cancelled leaves no session to decide.
  decided := private.decide_programmes(mentor, most);
  for due in
    select g.id, g.occupancy_id, g.min_attendees, seats.attendees, seats.paying
      from public.group_sessions g, lateral (
        select count(*) filter (where b.status = 'confirmed') as attendees,
          count(*) filter (where b.status = 'pending' and b.status_when_paid = 'confirmed') as paying
        from public.bookings b where b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id) seats
      where g.expert_id = mentor and g.state = 'open' and g.decide_at <= now()
      order by g.decide_at limit most
  loop
    -- A minimum of one is none: the session can be booked until it starts.
    if due.attendees >= due.min_attendees or due.min_attendees = 1 then
      update public.group_sessions set state = 'on', decided_at = now() where id = due.id and expert_id = mentor;
      if due.min_attendees > 1 then
        perform private.tell_attendees(mentor, due.occupancy_id, 'minimum_reached', 'system', null);
      end if;
    elsif due.attendees + due.paying >= due.min_attendees then
      -- It is decided when those who are paying at this moment have paid, or their time for it is over.
      continue;
    else
      perform private.end_group_session(mentor, due.id, 'minimum');
    end if;
    decided := decided + 1;
  end loop;
  return decided;
end
$function$

-- private.decide_programmes(uuid,integer): Decides the programmes of a locked mentor whose time for it has come: with the minimum all of their sessions take place, otherwise all are cancelled and refunded.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.decide_programmes(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  due record;
  decided integer := 0;
begin
  for due in
    select p.id, p.min_attendees, people.attendees, people.paying, first_session.occupancy_id
      from public.programmes p, lateral (
        -- Everyone with a seat in a session that is to come.
        select count(distinct b.user_id) filter (where b.status = 'confirmed') as attendees,
          count(distinct b.user_id) filter (where b.status = 'pending' and b.status_when_paid = 'confirmed') as paying
        from public.group_sessions g join public.bookings b on b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id
        where g.programme_id = p.id and g.expert_id = p.expert_id and g.starts_at > now()) people
        left join lateral (
          select g.occupancy_id from public.group_sessions g
          where g.programme_id = p.id and g.expert_id = p.expert_id and g.state <> 'cancelled' and g.starts_at > now()
          order by g.starts_at limit 1) first_session on true
      where p.expert_id = mentor and p.state = 'open' and p.decide_at <= now()
      order by p.decide_at limit most
  loop
    if due.attendees >= due.min_attendees or due.min_attendees = 1 then
      update public.programmes set state = 'on', decided_at = now() where id = due.id and expert_id = mentor;
      if due.min_attendees > 1 then
        perform private.tell_attendees(mentor, due.occupancy_id, 'minimum_reached', 'system', null);
      end if;
    elsif due.attendees + due.paying >= due.min_attendees then
      -- Decided when those who are paying at this moment have paid, or their time for it is over.
      continue;
    else
      perform private.end_programme(mentor, due.id, 'minimum');
    end if;
    decided := decided + 1;
  end loop;
  return decided;
end
$function$

-- private.delete_booking_origins(integer): Deletes the origins of the bookings whose sessions have started, the oldest first.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_booking_origins(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
begin
  delete from private.booking_origins b
    using (
      select o.booking_id, o.expert_id from private.booking_origins o where o.starts_at <= now()
      order by o.starts_at limit most for update skip locked
    ) started
    where b.booking_id = started.booking_id and b.expert_id = started.expert_id;
  get diagnostics deleted = row_count;
  return deleted;
end
$function$

-- private.delete_call_counts(integer): Deletes the oldest windows that are over.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_call_counts(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
begin
  -- Skips a count that another transaction is renewing at this moment.
  delete from private.call_counts where key = any (array(
    select c.key from private.call_counts c where c.ends_at < now()
    order by c.ends_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$function$

-- private.delete_expired_logins(integer): Deletes the oldest logins and codes that have expired. On Supabase the platform deletes its own.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_expired_logins(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$

-- private.delete_idempotency_keys(integer): Deletes the oldest idempotency keys after a day.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_idempotency_keys(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
begin
  delete from private.idempotency_keys where ctid = any (array(
    select k.ctid from private.idempotency_keys k where k.created_at < now() - interval '1 day'
    order by k.created_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$function$

-- private.delete_old_deliveries(integer): Deletes what is left of mails long after they were sent; where they are divided by month, whole months.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_old_deliveries(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
  local integer;
  oldest interval := interval '90 days';
begin
  if private.empty_months(
    'private.deliveries', now() - oldest, 'state = ''waiting'' or state <> ''waiting'' and ended_at >= $1') then
    -- What a later mail has kept in its month.
    oldest := interval '150 days';
  end if;
  delete from private.deliveries where id = any (array(
    select d.id from private.deliveries d where d.state <> 'waiting' and d.ended_at < now() - oldest
    order by d.ended_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  delete from private.local_mail where id = any (array(
    select m.id from private.local_mail m where m.created_at < now() - interval '30 days'
    order by m.created_at limit most - deleted for update skip locked));
  get diagnostics local = row_count;
  return deleted + local;
end
$function$

-- private.delete_old_notifications(integer): Deletes the oldest messages after half a year; where they are divided by month, whole months.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_old_notifications(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
  oldest interval := interval '180 days';
begin
  if private.empty_months('public.notifications', now() - oldest, 'created_at >= $1') then
    -- What a later message has kept in its month.
    oldest := interval '240 days';
  end if;
  delete from public.notifications where id = any (array(
    select n.id from public.notifications n where n.created_at < now() - oldest
    order by n.created_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$function$

-- private.delete_old_payment_events(integer): Deletes refused webhooks after a week, and processed ones after three months, whose bodies are emptied after one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_old_payment_events(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  handled integer;
  changed integer;
begin
  delete from private.payment_events where id = any (array(
    select e.id from private.payment_events e
    where e.verdict <> 'genuine' and e.verdict in ('forged', 'stale', 'unreadable') and e.received_at < now() - interval '7 days'
    order by e.received_at limit most for update skip locked));
  get diagnostics handled = row_count;
  delete from private.payment_events where id = any (array(
    select e.id from private.payment_events e
    where e.processed_at is not null and e.received_at < now() - interval '90 days'
    order by e.received_at limit most - handled for update skip locked));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update private.payment_events set body = '' where id = any (array(
    select e.id from private.payment_events e
    where e.body <> '' and e.processed_at is not null and e.received_at < now() - interval '30 days'
    order by e.received_at limit most - handled for no key update skip locked));
  get diagnostics changed = row_count;
  return handled + changed;
end
$function$

-- private.delete_waitlist_entries(integer): Deletes the oldest entries that have ended, after half a year, with their offers.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.delete_waitlist_entries(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  deleted integer;
begin
  delete from public.waitlist_entries where id = any (array(
    select e.id from public.waitlist_entries e
    where e.state not in ('waiting', 'offered') and e.joined_at < now() - interval '180 days'
    order by e.joined_at limit most for update skip locked));
  get diagnostics deleted = row_count;
  return deleted;
end
$function$

-- private.deletion_step(uuid): How far a deletion is.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.deletion_step(person uuid)
 RETURNS TABLE(step text, since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select c.step, c.since from private.closed_accounts c where c.user_id = person and c.why = 'deleted'
  $function$

-- private.deliveries_about(uuid): Mails to other people that are about a person and not sent yet.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.deliveries_about(person uuid)
 RETURNS SETOF private.deliveries
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select d.* from private.deliveries d
    where d.content <> '{}'
      -- By its index: the other sides of the person's sessions, requests and alerts.
      and d.user_id in (
        select case when b.user_id = person then b.expert_id else b.user_id end
          from public.bookings b where person in (b.user_id, b.expert_id)
        union
        select case when r.user_id = person then r.expert_id else r.user_id end
          from public.time_requests r where person in (r.user_id, r.expert_id)
        union
        select n.user_id from public.services s
          join public.notifications n on n.kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed') and n.payload ->> 'service_id' = s.id::text
          where s.expert_id = person)
      and (
        exists (
          select from public.bookings b
          where b.id::text = d.content -> 'booking' ->> 'id' and person in (b.user_id, b.expert_id))
        or exists (
          select from public.time_requests r
          where d.occasion like '%:time\_request:' || r.id || ':%' and person in (r.user_id, r.expert_id))
        or d.content -> 'facts' ->> 'mentor_username' = (
          select c.former_username from private.closed_accounts c where c.user_id = person))
  $function$

-- private.describe_payment(uuid,uuid): A payment, its booking and its ledger, with amounts in minor units.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.describe_payment(mentor uuid, payment uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object(
      'id', p.id, 'mentor_id', p.expert_id, 'provider', p.provider, 'order_id', o.order_id, 'capture', p.capture, 'state', p.state,
      'closed_because', p.closed_because, 'amount', p.amount_minor, 'currency', p.currency, 'captured', p.captured_minor,
      'refunded', p.refunded_minor, 'created_at', p.created_at, 'student_id', p.user_id,
      'package_purchase_id', p.package_purchase_id,
      'booking', case when b.id is not null then jsonb_build_object(
        'id', b.id, 'status', b.status, 'payment_status', b.payment_status, 'starts_at', b.starts_at, 'title', s.title,
        'student_name', b.user_name, 'mentor_name', m.full_name) end,
      'ledger', jsonb_build_object(
        'held', case when p.booking_id is null
          then private.balance_of(p.expert_id, 'package_money', p.package_purchase_id, p.currency)
          else private.balance_of(p.expert_id, 'escrow', p.booking_id, p.currency) end,
        'owed', private.balance_of(p.expert_id, 'refunds_payable', p.id, p.currency),
        'earned_at', p.earned_at))
    from public.payments p
      join public.expert_profiles m on m.id = p.expert_id
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      left join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor
  $function$

-- private.document_number(text,integer,integer): The number as it is printed: R/26-27/000123. Rule 46 of the CGST Rules: at most 16 letters, digits, "-" and "/".
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.document_number(series text, start_year integer, ordinal integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select format('%s/%s-%s/%s', series, lpad((start_year % 100)::text, 2, '0'), lpad(((start_year + 1) % 100)::text, 2, '0'),
      case when ordinal < 1000000 then lpad(ordinal::text, 6, '0') else ordinal::text end)
  $function$

-- private.document_package(uuid,uuid): The package of sessions that a document is about.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.document_package(mentor uuid, purchase uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object('title', s.title, 'mentor', m.full_name, 'sessions', p.sessions, 'minutes', p.minutes,
      'expires_at', p.expires_at)
    from public.package_purchases p
      join public.services s on s.id = p.service_id and s.expert_id = p.expert_id
      join public.expert_profiles m on m.id = p.expert_id
    where p.id = purchase and p.expert_id = mentor
  $function$

-- private.document_party(text,text,text,text): Who issues or receives a document.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.document_party(name text, address text, state_code text, gstin text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('name', name, 'address', address, 'state_code', state_code, 'gstin', gstin)

-- private.document_session(uuid,uuid,text): The session that a document is about.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.document_session(mentor uuid, booking uuid, zone text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.session_on_document(s.title, m.full_name, b.starts_at, b.duration, zone)
    from public.bookings b
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      join public.expert_profiles m on m.id = b.expert_id
    where b.id = booking and b.expert_id = mentor
  $function$

-- private.earn_payments(uuid,integer): Credits a mentor with what is left of the payments whose dispute window is over, less the platform's fee.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.earn_payments(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  due record;
  held bigint;
  fee bigint;
  earned integer := 0;
begin
  perform private.lock_mentor(mentor);
  for due in
    select p.id, p.booking_id, p.currency, b.fee_basis_points
    from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where p.expert_id = mentor and p.state = 'captured' and p.earned_at is null and p.due_at <= now()
      and private.is_earned(mentor, b.id, b.status) and not private.is_disputed(mentor, p.accepted_attempt_id)
    order by p.due_at limit most for no key update of p
  loop
    held := private.balance_of(mentor, 'escrow', due.booking_id, due.currency)
      - private.unearned_share(mentor, due.booking_id);
    fee := private.fee_minor(held, due.fee_basis_points);
    if fee > 0 then
      perform private.transfer(mentor, 'fee', due.id, 'escrow', due.booking_id, 'fees', mentor, due.currency, fee);
    end if;
    if held - fee > 0 then
      perform private.transfer(mentor, 'earned', due.id, 'escrow', due.booking_id, 'mentor', mentor, due.currency, held - fee);
      perform private.record_money(mentor, due.id, 'earned', held - fee);
      perform private.request_route_payout(mentor, due.id, due.id, held - fee);
    end if;
    perform private.issue_fee_invoice(mentor, due.booking_id);
    update public.payments p set earned_at = now() where p.id = due.id and p.expert_id = mentor;
    earned := earned + 1;
  end loop;
  return earned;
end
$function$

-- private.earn_share(uuid,uuid,uuid,uuid,text,bigint,integer): Shares the money of a package's session, or of an expired package (no booking), between the platform and the mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.earn_share(mentor uuid, reference uuid, purchase uuid, booking uuid, money_currency text, amount bigint, basis_points integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  fee bigint := private.fee_minor(amount, basis_points);
  from_kind text := case when booking is null then 'package_money' else 'escrow' end;
  from_owner uuid := coalesce(booking, purchase);
begin
  if amount - fee > 0 then
    perform private.transfer(mentor, 'package_earned', reference, from_kind, from_owner, 'mentor', mentor, money_currency, amount - fee);
    perform private.record_money(
      mentor, p.id, 'earned', amount - fee, case when booking is null then 'expired' end)
      from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor;
    perform private.request_route_payout(mentor, p.id, reference, amount - fee)
      from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor;
  end if;
  if fee > 0 then
    perform private.transfer(mentor, 'package_fee', reference, from_kind, from_owner, 'fees', mentor, money_currency, fee);
    perform private.issue_package_fee_invoice(mentor, reference, booking, purchase, fee, amount);
  end if;
end
$function$

-- private.empty_months(regclass,timestamp with time zone,text): Where a table of messages is divided by month (docs/decisions/0081): empties the months that ended before a time and have no row that is kept, a condition with that time as $1. False if it is not divided.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.empty_months(messages regclass, expired timestamp with time zone, is_kept text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '200ms'
AS $function$
declare
  month regclass;
  has_kept boolean;
begin
  if not exists (select from pg_class c where c.oid = messages and c.relkind = 'p') then
    return false;
  end if;
  for month in
    select c.oid from pg_inherits h join pg_class c on c.oid = h.inhrelid
    where h.inhparent = messages and pg_relation_size(c.oid) > 0
      and substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \(''(\d{4}-\d\d)''\)')
        <= to_char(expired at time zone 'UTC', 'YYYY-MM')
  loop
    execute format('select exists (select from %s where %s)', month, is_kept) into has_kept using expired;
    continue when has_kept;
    begin
      execute format('lock table %s in access exclusive mode', month);
      execute format('select exists (select from %s where %s)', month, is_kept) into has_kept using expired;
      if not has_kept then
        execute format('truncate table %s', month);
      end if;
    exception when lock_not_available then
      -- In use; the next run tries again.
      null;
    end;
  end loop;
  return true;
end
$function$

-- private.end_credits(uuid,uuid,text): What is left of a package cannot be used any more: expired or refunded.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_credits(mentor uuid, purchase uuid, ending text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
  credits bigint;
begin
  update public.package_purchases p set state = ending, updated_at = now()
    where p.id = purchase and p.expert_id = mentor returning * into bought;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  if credits > 0 then
    perform private.transfer(mentor, 'credits_' || ending, private.uuid_v7(), 'credits', purchase, 'credits_expired', mentor,
                             private.credit_currency(bought.service_id), credits);
  end if;
end
$function$

-- private.end_delivery(uuid,integer,text,text,text): Records the end of an attempt: sent, or rejected for good, perhaps because the address cannot be reached. False if another worker has taken over.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.end_delivery(mail uuid, attempt integer, outcome text, error text DEFAULT NULL::text, unreachable text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update private.deliveries d
    set state = outcome, ended_at = now(), last_error = error,
      content = case outcome when 'sent' then '{}' else d.content end,
      sealed_code = case outcome when 'sent' then null else d.sealed_code end
    where d.id = mail and d.attempts = attempt and d.state = 'waiting';
  if not found then
    return false;
  end if;
  if unreachable is not null then
    insert into private.unreachable_addresses (address, reason) values (lower(unreachable), error)
      on conflict (address) do update set reason = excluded.reason;
  end if;
  return true;
end
$function$

-- private.end_emptied_group(): A session that its first booking opened ends with its last one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_emptied_group()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.close_empty_group(old.expert_id, old.id);
  return old;
end
$function$

-- private.end_group_session(uuid,uuid,text): Cancels a locked session for all, and frees its time. Returns how many seats were taken.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_group_session(mentor uuid, group_session uuid, because text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seat uuid;
  freed integer;
begin
  select g.occupancy_id into seat from public.group_sessions g
    where g.id = group_session and g.expert_id = mentor;
  -- First of all, so that the session does not end with its last seat instead.
  update public.group_sessions
    set state = 'cancelled', cancelled_because = because, occupancy_id = null, decided_at = now()
    where id = group_session and expert_id = mentor;
  perform private.end_group_waits(mentor, group_session, seat);
  perform set_config('matepeak.for_all', 'on', true);
  update public.bookings set status = 'cancelled'
    where occupancy_id = seat and expert_id = mentor and status in ('pending', 'confirmed');
  get diagnostics freed = row_count;
  perform set_config('matepeak.for_all', '', true);
  delete from public.occupancies where id = seat and expert_id = mentor;
  return freed;
end
$function$

-- private.end_group_waits(uuid,uuid,uuid): A group session that is cancelled for all is so for those who wait.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_group_waits(mentor uuid, group_session uuid, seat uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  waits uuid[] := array(
    select e.id from public.waitlist_entries e
    where e.group_session_id = group_session and e.expert_id = mentor and e.state in ('waiting', 'offered')
    union
    select o.entry_id from public.waitlist_offers o
    where o.occupancy_id = seat and o.expert_id = mentor and o.booking_id is null);
begin
  perform private.enqueue(
      'notify_waitlist_lapsed', jsonb_build_object('mentor_id', mentor, 'entry_id', w.id, 'because', 'cancelled'))
    from unnest(waits) w (id);
  perform private.end_waits(mentor, waits, 'withdrawn');
end
$function$

-- private.end_holds_together(): What is held together lapses and is given up together: all or none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_holds_together()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.bookings b set status = 'cancelled'
    where b.expert_id = new.expert_id and b.id in (select private.held_together(new.expert_id, new.id));
  return null;
end
$function$

-- private.end_packages_of_deleted(uuid,integer): Sends back the money of unused sessions when their student or their mentor has deleted the account.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_packages_of_deleted(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  due record;
  ended integer := 0;
begin
  for due in
    select p.id, p.state from public.package_purchases p
      join private.closed_accounts c on c.user_id in (p.user_id, p.expert_id) and c.why = 'deleted'
    where p.expert_id = mentor and p.state in ('active', 'unpaid') and not private.is_purchase_disputed(mentor, p.id)
    order by p.created_at limit most
  loop
    if due.state = 'unpaid' then
      perform private.abandon_purchase(mentor, due.id, 'cancelled');
    else
      perform private.refund_package(mentor, due.id);
    end if;
    ended := ended + 1;
  end loop;
  return ended;
end
$function$

-- private.end_programme(uuid,uuid,text): Cancels the coming sessions of a locked programme for all. Returns how many seats were taken in them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_programme(mentor uuid, programme uuid, because text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  session uuid;
  freed integer := 0;
begin
  update public.programmes p set state = 'cancelled', cancelled_because = because, decided_at = coalesce(p.decided_at, now())
    where p.id = programme and p.expert_id = mentor;
  for session in
    select g.id from public.group_sessions g
    where g.programme_id = programme and g.expert_id = mentor and g.state <> 'cancelled' and g.starts_at > now()
    order by g.starts_at
  loop
    freed := freed + private.end_group_session(mentor, session, because);
  end loop;
  return freed;
end
$function$

-- private.end_reconciliation(uuid,integer,jsonb,integer,integer,text): Records what a check has found, or why it failed.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.end_reconciliation(reconciliation uuid, order_count integer, found jsonb, put_right integer, differing integer, why_failed text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.reconciliations r
      set state = case when why_failed is null then 'done' else 'failed' end, orders = order_count, findings = found,
          put_right = end_reconciliation.put_right, differing = end_reconciliation.differing, failure = left(why_failed, 500),
          ended_at = now()
      where r.id = reconciliation and r.state = 'running';
    delete from private.reconciliations r where r.started_at < now() - interval '400 days'
  $function$

-- private.end_sync(uuid,uuid,interval,text,text,boolean): Ends a lease: with a problem, or without; false if it had ended before.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.end_sync(connection uuid, held uuid, next_in interval, failure text, detail text, only_owner_mends boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  owner uuid := (select c.user_id from public.calendar_connections c where c.id = connection);
  was public.calendar_connections;
  tells boolean;
begin
  perform private.lock_mentor(owner);
  select * into was from public.calendar_connections c where c.id = connection and c.lease = held for no key update;
  if not found then
    return false;
  end if;
  -- Once in a row of failures, and once a day if they come and go.
  tells := failure is not null and only_owner_mends
    and coalesce(was.broken_told_at < least(coalesce(was.broken_since, now()), now() - interval '1 day'), true);
  update public.calendar_connections c
    set lease = null,
        leased_until = null,
        -- What is reported during a read may have come too late for it.
        sync_due_at = case when failure is null and c.sync_due_at < c.leased_until then now() else now() + next_in end,
        problem = failure,
        problem_detail = case when failure is not null then detail end,
        broken_since = case when failure is not null then coalesce(c.broken_since, now()) end,
        needs_owner = failure is not null and only_owner_mends,
        broken_told_at = case when tells then now() else c.broken_told_at end,
        failures = case when failure is null then 0 else c.failures + 1 end,
        synced_at = case when failure is null then now() else c.synced_at end,
        stale_told_at = case when failure is not null then c.stale_told_at end
    where c.id = connection;
  -- A pause because of old busy times ends with the first read.
  perform private.refresh_busy_times(owner);
  if was.problem is distinct from failure or failure is null and (was.synced_at is null or was.stale_told_at is not null) then
    perform private.notify_person(owner, 'calendars');
  end if;
  if tells then
    perform private.enqueue_connection_message('calendar_broken', connection);
  end if;
  return true;
end
$function$

-- private.end_waits(uuid,uuid[],text): Takes people out of the queues of a locked mentor; what was offered to them goes to the next.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.end_waits(mentor uuid, entries uuid[], becomes text)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  ended integer;
begin
  update public.waitlist_entries e set state = becomes
    where e.expert_id = mentor and e.id = any (entries) and e.state in ('waiting', 'offered');
  get diagnostics ended = row_count;
  -- What is being paid ends with its booking.
  update public.waitlist_offers o set state = 'withdrawn'
    where o.expert_id = mentor and o.entry_id = any (entries) and o.state = 'open' and o.booking_id is null;
  return ended;
end
$function$

-- private.end_wishes(uuid,text,integer): Ends a leaving person's open time requests, alerts, holds and favourites, and those of others for that mentor, with the mentor's waitlist.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.end_wishes(person uuid, why_ended text, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  handled integer;
  alerts integer;
begin
  perform private.require_deletion(person);
  update public.time_requests r
    set status = case when r.expires_at <= now() then 'expired' when r.user_id = person then 'withdrawn' else 'declined' end,
      reason = case when r.user_id = person or r.expires_at <= now() then r.reason else why_ended end
    where r.id = any (array(
      select o.id from public.time_requests o
      where o.status = 'open' and person in (o.user_id, o.expert_id) order by o.id limit most for no key update));
  get diagnostics handled = row_count;
  update private.closed_accounts c set cancelled = c.cancelled + handled where c.user_id = person;
  -- No job checks alerts for the time that is freed by a mentor who leaves.
  delete from public.availability_alerts a where a.id = any (array(
    select o.id from public.availability_alerts o
    where person = o.user_id or (person = o.expert_id and o.status = 'active') limit most - handled));
  get diagnostics alerts = row_count;
  -- Before the holds, which the offers refer to.
  perform private.withdraw_from_waitlist(person, person);
  -- A hold of a booking ends with it.
  delete from public.occupancies o
    where o.expert_id = person and o.state = 'hold' and not exists (
      select from public.bookings b where b.occupancy_id = o.id and b.expert_id = o.expert_id);
  delete from public.favourite_mentors f where person in (f.user_id, f.expert_id);
  return handled + alerts;
end
$function$

-- private.enqueue(text,jsonb,text,timestamp with time zone): Enqueues a job in the transaction that causes it. The schema graphile_worker is made by its own migrations, see server/platform/queue/installQueue.ts.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.enqueue(task text, payload jsonb DEFAULT '{}'::jsonb, job_key text DEFAULT NULL::text, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if job_key is null then
    perform graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, max_attempts => 25,
      job_key => gen_random_uuid()::text, job_key_mode => 'unsafe_dedupe');
    return;
  end if;
  loop
    -- There is at most one waiting job per key. If a worker starts it at this moment, nothing is returned and nothing
    -- was enqueued; that job may not see this transaction, so enqueue again.
    perform from graphile_worker.add_job(
      identifier => task, payload => enqueue.payload::json, run_at => enqueue.run_at, max_attempts => 25,
      job_key => enqueue.job_key) job
      where job.id is not null;
    exit when found;
  end loop;
end
$function$

-- private.enqueue_alert_check(): Enqueues one job per mentor for the alerts, and another for the waitlist, when the mentor may have more free time than before.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_alert_check()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid;
begin
  if tg_argv[0] = 'profile' then
    mentor := new.id;
  else
    mentor := coalesce(new.expert_id, old.expert_id);
  end if;
  -- Setting an alert and changing the mentor's time both lock the mentor, so neither misses the other.
  if exists (select from public.availability_alerts a where a.expert_id = mentor and a.status = 'active') then
    perform private.enqueue('check_alerts', jsonb_build_object('mentor_id', mentor), 'check_alerts:' || mentor);
  end if;
  perform private.enqueue_waitlist(mentor);
  return null;
end
$function$

-- private.enqueue_connection_message(text,uuid,uuid): Notifies the owner of a calendar connection, or of one of its calendars (server/notifications/connectionMessages.ts).
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_connection_message(kind text, connection uuid, calendar uuid DEFAULT NULL::uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.enqueue('notify_connection', jsonb_build_object(
      'kind', kind, 'connection_id', connection, 'calendar_id', calendar, 'at', now()))
  $function$

-- private.enqueue_for_payment(text,uuid,uuid): Enqueues a call of the provider; one of each kind per payment.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_for_payment(task text, mentor uuid, payment uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.enqueue(task, jsonb_build_object('mentor_id', mentor, 'payment_id', payment), task || ' ' || payment)
  $function$

-- private.enqueue_no_show_settlement(): A mentor who did not come is settled by a job, which locks in the right order.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_no_show_settlement()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.enqueue(
    'refund_no_show', jsonb_build_object('mentor_id', new.expert_id, 'booking_id', new.booking_id),
    'refund_no_show ' || new.booking_id);
  return null;
end
$function$

-- private.enqueue_review(): Notifies the mentor of a new review, but not of one that is written again.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_review()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (
    select from private.review_events e
    where e.booking_id = new.booking_id and e.expert_id = new.expert_id and e.kind = 'withdrawn') then
    perform private.enqueue('notify_review', jsonb_build_object('review_id', new.id, 'mentor_id', new.expert_id));
  end if;
  return null;
end
$function$

-- private.enqueue_review_reply(): Notifies the student of the mentor's reply.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_review_reply()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.enqueue('notify_review_reply', jsonb_build_object('review_id', new.review_id, 'mentor_id', new.expert_id));
  return null;
end
$function$

-- private.enqueue_session_entries(uuid,timestamp with time zone): Has a mentor's calendar compared with the mentor's sessions, if there is one to which they are written.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.enqueue_session_entries(mentor uuid, run_at timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.enqueue('write_session_entries', jsonb_build_object('mentor_id', mentor),
      -- Separate keys: a retry must not postpone what is to be done now.
      case when run_at is null then 'session_entries:' else 'session_entries_again:' end || mentor, run_at)
    where exists (select from public.connected_calendars k where k.user_id = mentor and k.receives_sessions)
      or exists (select from public.session_entries e where e.expert_id = mentor)
  $function$

-- private.enqueue_waitlist(uuid): Enqueues one job per mentor, which offers free time to those who wait for it. Until then the engine keeps it from everyone else.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.enqueue_waitlist(mentor uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (select from public.waitlist_entries e where e.expert_id = mentor and e.state = 'waiting') then
    perform private.enqueue('offer_waitlist', jsonb_build_object('mentor_id', mentor), 'offer_waitlist:' || mentor);
  end if;
end
$function$

-- private.entry_question_facts(uuid,uuid,uuid): What the message about an open question says; no row if it is no longer open.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.entry_question_facts(mentor uuid, session uuid, asked uuid)
 RETURNS TABLE(question text, moved_to timestamp with time zone, calendar_name text, booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text, starts_at timestamp with time zone, ends_at timestamp with time zone, noticed_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select q.question, q.moved_to, q.calendar_name, b.id,
      -- A group is about no single one of its people.
      coalesce(b.user_id, mentor), mentor, coalesce(b.service_id, g.service_id), coalesce(b.user_name, ''),
      coalesce(b.student_timezone, p.timezone), coalesce(b.starts_at, g.starts_at), coalesce(b.ends_at, g.ends_at),
      q.noticed_at
    from private.open_entry_questions(mentor, session) q
      join public.expert_profiles p on p.id = mentor
      left join public.bookings b on b.id = session and b.expert_id = mentor
      left join public.group_sessions g on g.id = session and g.expert_id = mentor
    where q.question_id = asked
  $function$

-- private.erase_person(uuid,text,text,integer): Erases a person whose account is being deleted from what is stored, table by table: server/personalData/rules.ts says what happens to each column, and why something is kept. Handles a limited number of rows and returns how many; the job repeats it until a slice is not full. `replacement` stands in for the name; `kept_reason`, why the sessions were cancelled, is kept.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.erase_person(person uuid, replacement text, kept_reason text, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  closed private.closed_accounts;
  new_username text := 'deleted-' || left(md5(person::text), 16);
  handled integer := 0;
  changed integer;
begin
  perform private.require_deletion(person);
  select * into closed from private.closed_accounts c where c.user_id = person;
  -- Each statement takes what the slice has room for; a slice without anything left to do ends at the bottom.

  -- What the person wrote or sent, in the records that the other side keeps.
  update public.bookings b set user_name = replacement, user_email = '', user_phone = null, message = null
    where (b.id, b.expert_id) in (
      select o.id, o.expert_id from public.bookings o
      where o.user_id = person
        and (o.user_name <> replacement or o.user_email <> '' or o.user_phone is not null or o.message is not null)
      order by o.id limit most);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.bookings b set meeting_url = null, meeting_note = null, meeting_place = null
    where b.expert_id = person and b.id = any (array(
      select o.id from public.bookings o
      where o.expert_id = person and (o.meeting_url is not null or o.meeting_place is not null) order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.group_sessions g set meeting_url = null, meeting_note = null
    where g.expert_id = person and g.id = any (array(
      select o.id from public.group_sessions o
      where o.expert_id = person and o.meeting_url is not null order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  -- What the sandbox shows its payers contains the mentor's name.
  update private.sandbox_orders s set description = ''
    where s.id = any (array(
      select o.id from public.payments p join private.sandbox_orders o on o.reference = p.id::text
      where person in (p.user_id, p.expert_id) and o.description <> '' order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  -- What providers say about a payment: webhooks hold addresses and numbers of the payer, reasons may quote them.
  update private.payment_events e set body = ''
    where e.id = any (array(
      select o.id from public.payments p
        join private.payment_orders k on k.payment_id = p.id and k.expert_id = p.expert_id
        join private.payment_events o on o.provider = k.provider and o.order_id = k.order_id
      where person in (p.user_id, p.expert_id) and o.body <> '' order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.payment_attempts a set failure_message = null
    where (a.id, a.expert_id) in (
      select o.id, o.expert_id from public.payments p
        join public.payment_attempts o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.failure_message is not null order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.refunds r set failure = null
    where (r.id, r.expert_id) in (
      select o.id, o.expert_id from public.payments p
        join public.refunds o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.failure is not null order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.money_events m set detail = null
    where m.id = any (array(
      select o.id from public.payments p
        join public.money_events o on o.payment_id = p.id and o.expert_id = p.expert_id
      where person in (p.user_id, p.expert_id) and o.kind in ('failed', 'refund_failed') and o.detail is not null
      order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.booking_events e set reason = null
    where (e.id, e.expert_id) in (
      select o.id, o.expert_id from public.bookings b join public.booking_events o on o.booking_id = b.id and o.expert_id = b.expert_id
      where person in (b.user_id, b.expert_id) and o.actor_id = person and o.reason <> kept_reason
      order by o.id limit most - handled);
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.no_show_claims n
    set reason = case when n.claimed_by = party.side then null else n.reason end,
      answer = case when n.claimed_by = party.side then n.answer end
    from (
      select o.id, p.side from public.bookings b
        join public.no_show_claims o on o.booking_id = b.id and o.expert_id = b.expert_id
        cross join lateral (select case when b.user_id = person then 'student' else 'mentor' end) p (side)
      where person in (b.user_id, b.expert_id)
        and case when o.claimed_by = p.side then o.reason else o.answer end is not null
      order by o.id limit most - handled
    ) party
    where n.id = party.id;
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.time_requests r
    set user_name = case when r.user_id = person then replacement else r.user_name end,
      user_email = case when r.user_id = person then '' else r.user_email end,
      message = case when r.user_id = person then null else r.message end,
      reason = case when r.expert_id = person and r.reason <> kept_reason then null else r.reason end
    where r.id = any (array(
      select o.id from public.time_requests o
      where (o.user_id = person and (o.user_name <> replacement or o.user_email <> '' or o.message is not null))
        or (o.expert_id = person and o.reason <> kept_reason)
      order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update public.reviews r set author = replacement
    where r.id = any (array(
      select o.id from public.reviews o where o.user_id = person and o.author <> replacement order by o.id limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  delete from public.review_replies a where a.expert_id = person and a.review_id = any (array(
    select o.review_id from public.review_replies o where o.expert_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;

  -- The other side's messages: in the inbox, and mails that are not sent yet.
  update public.notifications n
    set payload = private.without_person(n.payload, replacement, kept_reason, closed.former_username, new_username)
    where n.id = any (array(
      select o.id from private.notifications_about(person) o
      where o.payload is distinct from private.without_person(o.payload, replacement, kept_reason, closed.former_username, new_username)
      limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  update private.deliveries d
    set content = jsonb_set(
      d.content, '{facts}', private.without_person(d.content -> 'facts', replacement, kept_reason, closed.former_username, new_username))
    where d.id = any (array(
      select o.id from private.deliveries_about(person) o
      where o.content -> 'facts'
        is distinct from private.without_person(o.content -> 'facts', replacement, kept_reason, closed.former_username, new_username)
      limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;

  -- What is the person's alone.
  delete from public.notifications n where n.id = any (array(
    select o.id from public.notifications o where o.user_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  delete from private.deliveries d where d.id = any (array(
    select o.id from private.deliveries o where o.user_id = person limit most - handled));
  get diagnostics changed = row_count;
  handled := handled + changed;
  if handled >= most then
    return handled;
  end if;
  -- From here on few rows each: they are capped, or kept for a day.
  delete from private.reminders r where r.user_id = person;
  delete from private.idempotency_keys k where k.user_id = person or position(person::text in k.body::text) > 0;
  delete from public.notification_settings s where s.user_id = person;
  delete from public.student_notes n where person in (n.student_id, n.expert_id);
  delete from public.favourite_mentors f where person in (f.user_id, f.expert_id);
  delete from public.availability_alerts a where person in (a.user_id, a.expert_id);
  delete from public.waitlist_entries w where person in (w.user_id, w.expert_id);
  delete from private.booking_origins o using public.bookings b
    where b.user_id = person and o.booking_id = b.id and o.expert_id = b.expert_id;
  delete from public.calendar_feeds f where f.user_id = person;
  delete from public.calendar_connections c where c.user_id = person;
  delete from public.busy_times b where b.expert_id = person;
  delete from public.billing_details d where d.user_id = person;
  delete from public.booking_link_generations g where g.user_id = person;
  delete from public.profiles p where p.id = person;
  delete from private.unreachable_addresses x where x.address = lower(closed.address);
  delete from private.administrators a where a.user_id = person;

  -- A mentor's page. Sessions of the past still refer to it, and to the services.
  perform private.lock_mentor(person);
  delete from public.availability_slots a where a.expert_id = person;
  delete from public.blocked_dates d where d.expert_id = person;
  delete from public.timezone_periods t where t.expert_id = person;
  delete from public.mentor_rooms m where m.expert_id = person;
  delete from public.meeting_places m where m.expert_id = person;
  delete from public.tax_settings t where t.expert_id = person;
  update public.programmes p set description = '' where p.expert_id = person and p.description <> '';
  update public.services s set description = '', enabled = false, deleted_at = coalesce(s.deleted_at, now())
    where s.expert_id = person and (s.deleted_at is null or s.description <> '');
  update public.expert_profiles p
    set username = new_username, full_name = replacement, headline = '', bio = '', expertise = '{}', languages = '{}',
      listed = false, accepting_bookings = false, verified = false
    where p.id = person and p.full_name <> replacement;
  delete from public.former_usernames f where f.expert_id = person;
  return handled;
end
$function$

-- private.events_to_notify(integer): The oldest booking events whose messages are not written yet.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.events_to_notify(most integer)
 RETURNS TABLE(event_id bigint, mentor_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select e.id, e.expert_id from public.booking_events e where e.notified_at is null order by e.id limit most
  $function$

-- private.expire_alerts(integer): Ends the oldest alerts whose days are over, and deletes the oldest that ended after half a year.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.expire_alerts(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  expired integer;
  deleted integer;
begin
  -- Zone by zone: what is over in one is not over in another, so the date alone would not find the oldest.
  update public.availability_alerts set status = 'expired' where status = 'active' and id = any (array(
    with recursive zones (timezone) as (
      select (select a.timezone from public.availability_alerts a
              where a.status = 'active' order by a.timezone limit 1)
      union all
      select (select a.timezone from public.availability_alerts a
              where a.status = 'active' and a.timezone > z.timezone order by a.timezone limit 1)
        from zones z where z.timezone is not null
    )
    select over.id
      from zones z, lateral (
        select a.id from public.availability_alerts a
        where a.status = 'active' and a.timezone = z.timezone
          and a.to_date < private.wall_clock(now(), z.timezone)::date
        order by a.to_date limit most
      ) over
      where z.timezone is not null
      limit most));
  get diagnostics expired = row_count;
  delete from public.availability_alerts where id = any (array(
    select a.id from public.availability_alerts a
    where a.status <> 'active' and a.created_at < now() - interval '180 days'
    order by a.created_at limit most - expired for update skip locked));
  get diagnostics deleted = row_count;
  return expired + deleted;
end
$function$

-- private.expire_no_show_claims(integer): Closes the oldest claims that were not answered in time. A response locks only the same row, so no mentor is locked.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.expire_no_show_claims(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  expired integer;
begin
  update public.no_show_claims set state = 'unanswered' where id = any (array(
    select c.id from public.no_show_claims c where c.state = 'open' and c.answer_until <= now()
    order by c.answer_until limit most for no key update skip locked));
  get diagnostics expired = row_count;
  return expired;
end
$function$

-- private.expire_requests(uuid): Frees a mentor's expired time. A constraint cannot use now(), so every booking calls this.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.expire_requests(mentor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  expired integer;
begin
  update public.bookings set status = 'cancelled'
    where expert_id = mentor and status = 'pending' and expires_at <= now();
  get diagnostics expired = row_count;
  perform private.lapse_offers(mentor);
  delete from public.occupancies where expert_id = mentor and state = 'hold' and expires_at <= now();
  return expired;
end
$function$

-- private.expire_time_requests(integer): Expires the oldest unanswered requests. They hold no time, so no mentor is locked.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.expire_time_requests(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  expired integer;
begin
  -- Skips a request to which a party is replying at this moment.
  update public.time_requests set status = 'expired' where id = any (array(
    select r.id from public.time_requests r where r.status = 'open' and r.expires_at <= now()
    order by r.expires_at limit most for no key update skip locked));
  get diagnostics expired = row_count;
  return expired;
end
$function$

-- private.export_payout_run(uuid,text,uuid): What the bank's file has: the payouts are sent from now on. Those without usable bank details go back to the balance. The same file can be taken again, without what is settled or whose details have changed. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.export_payout_run(login uuid, request text, run uuid)
 RETURNS TABLE(id uuid, mentor_id uuid, amount_minor bigint, currency text, bank_sealed bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.payout_runs;
begin
  perform private.begin_admin_action(
    login, 'payout_file_taken', null, jsonb_build_object('run_id', run,
      'total_minor', (select sum(p.amount_minor) from public.payouts p where p.run_id = run)), null, request);
  select * into known from private.payout_runs r where r.id = run for update;
  if not found then
    return;
  end if;
  if known.filled_at is null or known.cancelled_at is not null then
    raise exception 'the run has no file now' using errcode = 'check_violation', constraint = 'payout_runs_open';
  end if;
  if private.needs_approval(run) then
    raise exception 'another administrator must approve first'
      using errcode = 'check_violation', constraint = 'payout_runs_approved';
  end if;
  if known.exported_at is null then
    update private.payout_runs r set exported_at = now() where r.id = run;
    -- No balance is touched, so mentors are not locked: a run is of many.
    update public.payouts p set state = 'sent', sent_at = now(), paid_to = d.bank_hint
      from private.payout_accounts d
      where p.run_id = run and p.state = 'requested' and d.expert_id = p.expert_id and d.bank_sealed is not null
        and d.usable_from <= now();
    perform private.enqueue('return_run_payouts', jsonb_build_object('run_id', run), 'return_run_payouts ' || run);
  end if;
  return query
    select p.id, p.expert_id, p.amount_minor, p.currency, d.bank_sealed
    from public.payouts p join private.payout_accounts d on d.expert_id = p.expert_id
    where p.run_id = run and p.state = 'sent' and d.bank_hint = p.paid_to
    order by p.id;
end
$function$

-- private.extend_hold(uuid,uuid,uuid): Five more minutes to pay, once. Returns until when the time is held; null for other people's bookings.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.extend_hold(student uuid, mentor uuid, booking uuid)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  held public.bookings;
  until timestamptz;
begin
  perform private.lock_mentor(mentor);
  select * into held from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.user_id = student for no key update;
  if not found then
    return null;
  end if;
  if held.status <> 'pending' or held.status_when_paid is null or held.expires_at <= now() then
    raise exception 'nothing is held' using errcode = 'check_violation', constraint = 'payments_hold_is_open';
  end if;
  update public.payments p set more_time_at = now(), updated_at = now()
    where (p.booking_id = booking or p.basket_id = held.basket_id) and p.expert_id = mentor and p.more_time_at is null;
  if not found then
    raise exception 'there was more time already' using errcode = 'check_violation', constraint = 'payments_more_time_once';
  end if;
  until := least(held.expires_at + interval '5 minutes', held.starts_at);
  update public.bookings b set expires_at = until
    where b.expert_id = mentor and (b.id = booking or b.id in (select private.held_together(mentor, booking)));
  update public.occupancies o set expires_at = greatest(o.expires_at, until)
    from public.bookings b
    where b.expert_id = mentor and (b.id = booking or b.id in (select private.held_together(mentor, booking)))
      and o.id = b.occupancy_id and o.expert_id = mentor and o.expires_at is not null;
  return until;
end
$function$

-- private.failed_jobs(uuid,text,bigint,integer): Jobs that have failed: for good, or those that will be tried again. The newest first. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.failed_jobs(login uuid, request text, before_id bigint, most integer)
 RETURNS TABLE(id bigint, task text, payload json, attempts integer, max_attempts integer, last_error text, created_at timestamp with time zone, run_at timestamp with time zone, is_running boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'failed_jobs_listed', null, '{}', null, request);
  return query
    select j.id, t.identifier, j.payload, j.attempts::integer, j.max_attempts::integer, j.last_error, j.created_at, j.run_at,
      j.locked_at is not null
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.last_error is not null and (before_id is null or j.id < before_id)
    order by j.id desc
    limit most;
end
$function$

-- private.fee_invoice_facts(uuid,text,uuid,uuid,bigint,bigint,integer): What the platform's invoice for a fee says.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.fee_invoice_facts(mentor uuid, zone text, booking uuid, purchase uuid, fee bigint, of_minor bigint, basis_points integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  platform private.platform_details;
  recipient public.tax_settings;
  tax jsonb;
begin
  select * into platform from private.platform_details;
  select * into recipient from public.tax_settings t where t.expert_id = mentor;
  if platform.gstin is not null then
    tax := private.tax_within(fee, platform.rate_basis_points, platform.sac, platform.state_code,
                              coalesce(recipient.state_code, platform.state_code));
  end if;
  return jsonb_build_object(
    'issuer', private.document_party(private.platform_name(), platform.address, platform.state_code, platform.gstin),
    'recipient', private.document_party(
      coalesce(recipient.legal_name, (select m.full_name from public.expert_profiles m where m.id = mentor)),
      recipient.address, recipient.state_code, recipient.gstin),
    'platform', private.platform_name(),
    'session', private.document_session(mentor, booking, zone),
    'package', private.document_package(mentor, purchase),
    'lines', jsonb_build_array(jsonb_build_object('kind', 'fee', 'amount_minor', fee)),
    'tax', tax,
    'payment', null, 'refund', null, 'receipt', null,
    'fee', jsonb_build_object('basis_points', basis_points, 'of_minor', of_minor));
end
$function$

-- private.fee_minor(bigint,integer): The platform's share of an amount, in hundredths of a percent, half a unit rounded up: rules/fees.ts.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.fee_minor(amount bigint, basis_points integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN (div((((amount)::numeric * (basis_points)::numeric) + (5000)::numeric), (10000)::numeric))::bigint

-- private.financial_year(timestamp with time zone): The calendar year in which India's financial year of an instant began, as rules/tax.ts.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.financial_year(at timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- April begins a year.
    select extract(year from private.wall_clock(at, 'Asia/Kolkata') - interval '3 months')::integer
  $function$

-- private.find_coupon(uuid,text,uuid,uuid[],boolean): A mentor's coupon of this code, and why the student cannot use it for a session, or for several that are booked together. Students cannot read coupons.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.find_coupon(mentor uuid, coupon_code text, student uuid, services uuid[], are_together boolean)
 RETURNS TABLE(id uuid, basis_points integer, amount_minor bigint, currency text, service_ids uuid[], refusal text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select c.id, c.basis_points, c.amount_minor, c.currency, c.service_ids,
      private.coupon_refusal(
        mentor, c.id, student,
        -- One of the services is enough: the others are booked without the coupon.
        coalesce((select s.id from unnest(services) s (id) where s.id = any (c.service_ids) limit 1), services[1]),
        case when are_together then private.uuid_v7() end)
    from public.coupons c where c.expert_id = mentor and c.code = upper(coupon_code) and c.deleted_at is null
  $function$

-- private.find_payments(text): Payments by the id of the payment, its booking or its student, the student's name or address, or the provider's order.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.find_payments(search text)
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  pattern text := '%' || replace(replace(replace(lower(search), '\', '\\'), '%', '\%'), '_', '\_') || '%';
  as_id uuid := case when search ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then search::uuid end;
begin
  if as_id is not null then
    return array(
      select p.id from public.payments p where p.id = as_id or p.booking_id = as_id
      union select p.id from public.payments p where p.user_id = as_id
      order by 1 desc limit 1000);
  end if;
  return array(
    select o.payment_id from private.payment_orders o
    where o.provider in ('sandbox', 'razorpay', 'stripe') and o.order_id = search
    union
    select p.id
    from (
      select u.id from auth.users u left join public.profiles f on f.id = u.id
      where lower(u.email) like pattern or lower(coalesce(f.full_name, '')) like pattern
        or lower(coalesce(private.account_name(to_jsonb(u)), '')) like pattern
      order by u.id desc limit 100) person
      join public.payments p on p.user_id = person.id
    order by 1 desc limit 1000);
end
$function$

-- private.finish_deletion(uuid): Forgets the address of a deleted account, once its last mail was sent or is given up; false before.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.finish_deletion(person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  old_address text;
begin
  select c.address into old_address from private.closed_accounts c
    where c.user_id = person and c.step = 'forgetting' for update;
  if not found then
    return true;
  end if;
  if exists (
    select from private.deliveries d where d.user_id is null and lower(d.address) = lower(old_address) and d.state = 'waiting'
      and d.kind = 'account_deleted') then
    return false;
  end if;
  delete from private.deliveries d
    where d.user_id is null and lower(d.address) = lower(old_address) and d.kind = 'account_deleted';
  update private.closed_accounts c set step = 'done', finished_at = now(), address = null, former_username = null
    where c.user_id = person;
  return true;
end
$function$

-- private.finish_filling(uuid): Closes a run: what is earned from now on is for the next one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.finish_filling(run uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.payout_runs r set filled_at = now() where r.id = run and r.filled_at is null and r.cancelled_at is null
  $function$

-- private.flag_payment(uuid,uuid,text): Brings a payment to the attention of administrators.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.flag_payment(mentor uuid, payment uuid, why text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.payments p
      set attention = case when p.attention is null then why
                           when strpos(p.attention, why) > 0 then p.attention else p.attention || ', ' || why end,
          attention_at = coalesce(p.attention_at, now())
      where p.id = payment and p.expert_id = mentor
  $function$

-- private.follow_booking(): The origin of a booking goes with its cancellation and moves with its start.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.status = 'cancelled' then
    delete from private.booking_origins where booking_id = new.id and expert_id = new.expert_id;
  else
    update private.booking_origins set starts_at = new.starts_at where booking_id = new.id and expert_id = new.expert_id;
  end if;
  return null;
end
$function$

-- private.follow_entry_change(): What all entries of a mentor say has changed: they are written again.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_entry_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.enqueue_session_entries(new.id);
  return null;
end
$function$

-- private.follow_group_session(): A group session has the time and the seats of the ledger.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_group_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.capacity = 1 then
    perform private.close_empty_group(new.expert_id, new.id);
    return null;
  end if;
  update public.group_sessions g
    set starts_at = new.starts_at, ends_at = new.ends_at, capacity = new.capacity,
        min_attendees = least(g.min_attendees, new.capacity),
        decide_at = new.starts_at - g.decide_minutes * interval '1 minute'
    where g.occupancy_id = new.id and g.expert_id = new.expert_id;
  -- A session for one that moves by itself has the seats that its service has by now.
  if not found then
    perform private.open_group(new.id, new.expert_id);
  elsif new.starts_at <> old.starts_at then
    perform private.follow_group_waits(g.expert_id, g.id, new.id, new.starts_at)
      from public.group_sessions g where g.occupancy_id = new.id and g.expert_id = new.expert_id;
  end if;
  return null;
end
$function$

-- private.follow_group_waits(uuid,uuid,uuid,timestamp with time zone): Those who wait for a group session wait for it at its new time.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_group_waits(mentor uuid, group_session uuid, seat uuid, session_start timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  offered uuid[] := array(
    select o.entry_id from public.waitlist_offers o
    where o.occupancy_id = seat and o.expert_id = mentor and o.state = 'open' and o.booking_id is null);
begin
  update public.waitlist_entries e
    set starts_from = session_start, starts_until = session_start + interval '1 millisecond', passed_starts = '{}'
    where e.group_session_id = group_session and e.expert_id = mentor and e.state in ('waiting', 'offered');
  -- Who was asked about the old time is asked again, in the same place of the queue.
  update public.waitlist_entries e set state = 'waiting'
    where e.expert_id = mentor and e.id = any (offered) and e.state = 'offered';
  update public.waitlist_offers o set state = 'withdrawn'
    where o.expert_id = mentor and o.entry_id = any (offered) and o.state = 'open' and o.booking_id is null;
end
$function$

-- private.follow_meet_calendar(): Sessions are written to another calendar, or to none: the Meet links of those to come are made there, or the mentor's room is used.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_meet_calendar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'DELETE' or not new.receives_sessions then
    -- Whatever is chosen next: the entries of the sessions leave this calendar, and their links with them.
    update private.made_meetings m set was_left = true
      where m.expert_id = old.user_id and m.kind = 'google_meet' and m.ref = old.id::text;
  end if;
  perform private.retry_meet_links(old.user_id);
  return null;
end
$function$

-- private.follow_receiving_calendar(): Sessions are written to another calendar: its owner's are written there, and removed from the former one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_receiving_calendar()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not new.receives_sessions then
    -- What its owner has done there is no question any more, and is none if the calendar is chosen again.
    update public.session_entries e
      set question = null, question_id = null, moved_to = null, noticed_at = null, left_out_at = null, written_revision = null
      where e.expert_id = new.user_id and e.calendar_id = new.id;
  end if;
  perform private.enqueue_session_entries(new.user_id);
  return null;
end
$function$

-- private.follow_removals(integer): Nothing: references do it. Where they cannot, because a database is distributed (docs/decisions/0077), another function of this name removes what referred to removed rows, those that were removed first.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.follow_removals(most integer)
 RETURNS integer
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select count(*)::integer from (select where false limit most) removed
  $function$

-- private.follow_seat(): The mentor's calendar says who has a seat: counts a change of one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_seat()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
begin
  update public.group_sessions g set entry_revision = g.entry_revision + 1, entry_changed_at = now()
    where g.expert_id = new.expert_id and g.id = new.group_session_id;
  if old.group_session_id is distinct from new.group_session_id then
    update public.group_sessions g set entry_revision = g.entry_revision + 1, entry_changed_at = now()
      where g.expert_id = old.expert_id and g.id = old.group_session_id;
  end if;
  return null;
end
$function$

-- private.follow_session_with_payment(): A moved session keeps its payment; when the mentor has earned it moves too.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.follow_session_with_payment()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.payments set due_at = new.ends_at + interval '72 hours'
    where booking_id = new.id and expert_id = new.expert_id and earned_at is null;
  return null;
end
$function$

-- private.forget_login(uuid,text): Removes every way to sign in to an account, its name and its address, and keeps the row that others refer to.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.forget_login(person uuid, old_address text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  logins record;
begin
  -- On Supabase the platform's own Auth deletes what is its own.
  if to_regclass('auth.verifications') is null then
    return;
  end if;
  -- Every table of the accounts library that refers to a person: logins, passwords, passkeys, second factors.
  for logins in
    select f.conrelid::regclass as name, a.attname as column
    from pg_constraint f
      join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
    where f.contype = 'f' and f.confrelid = 'auth.users'::regclass and n.nspname = 'auth'
  loop
    execute format('delete from %s where %I = $1', logins.name, logins.column) using person;
  end loop;
  delete from auth.verifications v
    where position(person::text in v.value) > 0 or position(lower(old_address) in lower(v.identifier || ' ' || v.value)) > 0;
  -- No reference to the person is lost, and no mail can be sent to an address below .invalid (RFC 2606).
  update auth.users u
    set name = 'deleted', email = person || '@deleted.invalid', email_verified = false, image = null
    where u.id = person;
end
$function$

-- private.forget_payout_accounts(integer): Deletes the bank details of mentors who have deleted their account, once they have been paid everything.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.forget_payout_accounts(most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  handled integer;
begin
  delete from private.payout_accounts a where a.expert_id in (
    select c.user_id from private.closed_accounts c join private.payout_accounts o on o.expert_id = c.user_id
    where c.why = 'deleted' and not private.is_owed(c.user_id) limit most);
  get diagnostics handled = row_count;
  return handled;
end
$function$

-- private.forgets_words(uuid,uuid): Whether what a provider says about a payment in words is not stored: one of its people is deleted, and erased only once.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.forgets_words(mentor uuid, payment uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.payments p join private.closed_accounts c on c.user_id in (p.user_id, p.expert_id)
      where p.id = payment and p.expert_id = mentor and c.why = 'deleted')
  $function$

-- private.give_everything_back(uuid,uuid,text): What is left of a booking's payment, the session of its package and its coupon's use go back, whatever the policy says. False if nothing is left. The caller has locked mentor and booking.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.give_everything_back(mentor uuid, booking uuid, refund_why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid public.payments;
  amount bigint := 0;
  coupon_is_back boolean;
  credit_is_back boolean;
begin
  update public.coupon_uses u set given_back_at = now()
    where u.booking_id = booking and u.expert_id = mentor and u.given_back_at is null;
  coupon_is_back := found;
  credit_is_back := private.return_credit(mentor, booking, false);
  select * into paid from public.payments p where p.booking_id = booking and p.expert_id = mentor for no key update;
  if not found then
    if credit_is_back then
      update public.bookings b set payment_status = 'refunded' where b.id = booking and b.expert_id = mentor;
    end if;
  elsif paid.state = 'captured' then
    select a.captured_minor - private.returned_minor(mentor, a.id) into amount from public.payment_attempts a
      where a.id = paid.accepted_attempt_id and a.expert_id = mentor;
    if amount > 0 then
      perform private.request_refund(mentor, paid.id, paid.accepted_attempt_id, amount, refund_why);
      perform private.refresh_payment_status(mentor, paid.id);
    end if;
  end if;
  return coupon_is_back or credit_is_back or amount > 0;
end
$function$

-- private.give_up_job(uuid,text,bigint): Removes a job; the log keeps what it was. False if there is none or it is running. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.give_up_job(login uuid, request text, job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'job_given_up', null, private.job_details(job), null, request);
  return exists (select from graphile_worker.complete_jobs(array[job]) j where j.id = job);
end
$function$

-- private.go_on_with_deletion(uuid,text,text): Records that a step of a deletion is done.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.go_on_with_deletion(person uuid, from_step text, to_step text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.closed_accounts c set step = to_step where c.user_id = person and c.step = from_step and c.step <> 'done'
  $function$

-- private.group_entries(uuid,uuid[],integer): Group sessions as they are now, as their mentor's calendar says them: each is one entry there for all seats.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.group_entries(mentor uuid, sessions uuid[], most_names integer)
 RETURNS TABLE(group_session_id uuid, service_title text, mentor_name text, mentor_timezone text, starts_at timestamp with time zone, ends_at timestamp with time zone, takes_place boolean, is_agreed boolean, revision integer, changed_at timestamp with time zone, capacity integer, attendees integer, requests integer, names text[], meeting_url text, meeting_note text, meeting_place jsonb, host_url text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select g.id, s.title, p.full_name, coalesce(mp.timezone, p.timezone), g.starts_at, g.ends_at,
      private.group_takes_place(g.expert_id, g.occupancy_id),
      g.origin = 'scheduled' or seats.attendees > 0,
      g.entry_revision + p.entry_revision, greatest(g.entry_changed_at, p.entry_changed_at),
      g.capacity, seats.attendees, seats.requests, seats.names,
      coalesce(g.meeting_url, made.url, r.meeting_url),
      case when g.meeting_url is not null then g.meeting_note when made.url is not null then made.note else r.meeting_note end,
      private.shown_place(place.agreed), case when g.meeting_url is null and made.url is not null then made.host_url end
    from public.group_sessions g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join public.expert_profiles p on p.id = g.expert_id
      left join public.profiles mp on mp.id = g.expert_id
      cross join lateral (
        select count(*) filter (where b.status <> 'pending')::integer as attendees,
          count(*) filter (where b.status = 'pending')::integer as requests,
          coalesce((array_agg(b.user_name order by b.created_at, b.id)
            filter (where b.status <> 'pending'))[:most_names], '{}') as names,
          bool_or(b.meeting_place ? 'url') as has_made_link,
          (array_agg(b.meeting_place order by b.id) filter (where b.status <> 'pending')) as places
        from public.bookings b
        where b.occupancy_id = g.occupancy_id and b.expert_id = g.expert_id and b.status_when_paid is null
      ) seats
      cross join lateral (
        select case when seats.attendees > 0 then seats.places[1] else private.place_of(g.expert_id, g.service_id) end as agreed
      ) place
      left join public.mentor_rooms r on r.expert_id = g.expert_id and private.has_link(place.agreed)
      -- The seats may have links with a person's name in them.
      left join lateral (
        select m.guest_url as url, m.note, m.host_url from private.made_meetings m
        where m.occupancy_id = g.occupancy_id and m.expert_id = g.expert_id and seats.has_made_link
      ) made on true
    where g.expert_id = mentor and g.id = any (sessions)
  $function$

-- private.group_takes_place(uuid,uuid): Whether a group session is one for its mentor's calendar: scheduled, or with a seat that is more than held for a payment.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.group_takes_place(mentor uuid, seat uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.occupancies o
      where o.id = seat and o.expert_id = mentor and (
        o.join_until is not null or exists (
          select from public.bookings b
          where b.occupancy_id = o.id and b.expert_id = o.expert_id and b.status_when_paid is null)))
  $function$

-- private.has_basket_lapsed(uuid,uuid): Whether what a basket's payment is for is no longer held.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_basket_lapsed(mentor uuid, payment uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.payments p join public.bookings b on b.basket_id = p.basket_id and b.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and b.status = 'cancelled' and b.status_when_paid is not null)
  $function$

-- private.has_confirmed_address(uuid): Whether a person has confirmed the e-mail address of their account.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_confirmed_address(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- The row as JSON: our own table has `email_verified`, Supabase's has `email_confirmed_at`.
    select coalesce(bool_or((account ->> 'email_verified')::boolean or account ->> 'email_confirmed_at' is not null), false)
    from (select to_jsonb(u) as account from auth.users u where u.id = person) accounts
  $function$

-- private.has_floor(private.ledger_account_kind): Whether the balance of such an account must not go below zero, and is therefore kept.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_floor(kind private.ledger_account_kind)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN ((kind)::text = ANY (ARRAY['escrow'::text, 'refunds_payable'::text, 'mentor'::text, 'payouts_pending'::text, 'package_money'::text, 'credits'::text, 'credits_reserved'::text, 'basket_money'::text]))

-- private.has_link(jsonb): Whether the mentor's room is where a session takes place that has no link of its own.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.has_link(place jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (COALESCE((place ->> 'kind'::text), 'link'::text) <> ALL (ARRAY['phone'::text, 'in_person'::text]))

-- private.has_messages_to_come(uuid): Whether messages about a person's sessions or requests are still to be written or sent, with the name that the other side knows.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.has_messages_to_come(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
        select from public.booking_events e join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
        where e.notified_at is null and person in (b.user_id, b.expert_id))
      or exists (
        select from public.money_events m
        where m.notified_at is null and m.notify_at <= now() and person in (m.user_id, m.expert_id))
      or exists (
        select from public.time_requests r join graphile_worker._private_jobs j on j.payload ->> 'request_id' = r.id::text
        where person in (r.user_id, r.expert_id) and j.attempts < j.max_attempts)
      or exists (
        select from private.deliveries_about(person) d
        where d.state = 'waiting' and d.due_at < now() + interval '5 minutes')
  $function$

-- private.has_no_show(uuid,uuid): Whether a session has an effective no-show report: open, agreed or unanswered.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_no_show(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.no_show_claims c
      where c.booking_id = booking and c.expert_id = mentor and c.state in ('open', 'agreed', 'unanswered'))
  $function$

-- private.has_password(uuid): Whether a person can sign in with a password.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.has_password(person uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if to_regclass('auth.verifications') is null then
    return false;
  end if;
  return exists (select from auth.accounts a where a.user_id = person and a.password is not null);
end
$function$

-- private.has_platform_accounts(): Whether the accounts are kept by the platform (Supabase Auth) and not by our accounts library.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_platform_accounts()
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select to_regclass('auth.verifications') is null
  $function$

-- private.has_reachable_address(): Whether mail to the caller's address arrives, as far as its mail server has said.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.has_reachable_address()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select not exists (
      select from auth.users u join private.unreachable_addresses x on x.address = lower(u.email)
      where u.id = (select auth.uid()))
  $function$

-- private.has_two_factor(uuid,uuid): Whether a person signs in with two factors and, if a login is given, whether that login did.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.has_two_factor(person uuid, login uuid DEFAULT NULL::uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  has_one boolean;
  began timestamptz;
begin
  if private.has_platform_accounts() then
    return exists (select from auth.mfa_factors f where f.user_id = person and f.status = 'verified')
      and (login is null or exists (
        select from auth.sessions s where s.id = login and s.user_id = person and s.aal in ('aal2', 'aal3')
          and (s.not_after is null or s.not_after > now())));
  end if;
  select coalesce((to_jsonb(u) ->> 'two_factor_enabled')::boolean, false) into has_one from auth.users u where u.id = person;
  if not coalesce(has_one, false) or to_regclass('auth.two_factors') is null then
    return false;
  end if;
  if login is null then
    return true;
  end if;
  select f.created_at into began from auth.two_factors f where f.user_id = person and f.verified;
  -- Every login that begins while two-factor is on has passed it.
  return exists (
    select from auth.sessions s
    where s.id = login and s.user_id = person and (to_jsonb(s) ->> 'expires_at')::timestamptz > now()
      and s.created_at >= began);
end
$function$

-- private.held_sessions(integer,timestamp with time zone,uuid): The oldest confirmed sessions that ended a day ago, behind the one given, and whether they can be completed: not while a no-show report is effective.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.held_sessions(most integer, after_end timestamp with time zone DEFAULT '-infinity'::timestamp with time zone, after_id uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid)
 RETURNS TABLE(mentor_id uuid, booking_id uuid, ends_at timestamp with time zone, can_complete boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select b.expert_id, b.id, b.ends_at, not exists (
        select from public.no_show_claims c
        where c.booking_id = b.id and c.expert_id = b.expert_id and c.state in ('open', 'agreed', 'unanswered'))
    from public.bookings b
    where b.status = 'confirmed' and b.ends_at <= now() - interval '24 hours' and (b.ends_at, b.id) > (after_end, after_id)
    order by b.ends_at, b.id limit most
  $function$

-- private.held_together(uuid,uuid): The other bookings whose time is held for the same payment, or for the first one of their series.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.held_together(mentor uuid, booking uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select o.id from public.bookings b
      join public.bookings o
        on o.expert_id = b.expert_id and o.id <> b.id and (o.basket_id = b.basket_id or o.series_id = b.series_id)
    where b.id = booking and b.expert_id = mentor and o.status = 'pending' and o.status_when_paid is not null
      -- Once one session of a series is paid, each other one is paid, and lapses, by itself.
      and (o.basket_id is not null or not exists (
        select from public.bookings p
        where p.series_id = b.series_id and p.expert_id = b.expert_id and p.status_when_paid is null))
  $function$

-- private.hold_usernames(): Rejects reserved names; former names stay reserved for a year.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.hold_usernames()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$

-- private.host_url(uuid,uuid,text): The mentor's own form of the link that a session shows, with which they moderate; null for all others.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.host_url(mentor uuid, booking uuid, shown_url text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select m.host_url from public.bookings b
      join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor and b.meeting_place ->> 'url' = shown_url
      and auth.uid() = mentor
  $function$

-- private.instant_of(date,text,text): Wall clock to instant; a repeated hour is taken the first time.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.instant_of(on_date date, at_time text, zone text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
  wall timestamp := on_date + at_time::time;
begin
  if not isfinite(wall) then
    raise exception 'no clock shows this date' using errcode = 'datetime_field_overflow';
  end if;
  -- As scheduling/zoneTable.ts: up to the later reading at a change, use the offset before it.
  return (wall - rules.offsets[width_bucket(wall, rules.wall_changes) + 1] * interval '1 second') at time zone 'UTC';
end
$function$

-- private.instant_text(timestamp with time zone): An instant of whole milliseconds as the API writes it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.instant_text(instant timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN to_char((instant AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text)

-- private.is_anonymous(): Whether the caller has signed in to Supabase Auth without saying who they are.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.is_anonymous()
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'is_anonymous')::boolean, false)
  $function$

-- private.is_booking_step(text,text): The same table as rules/bookingState.ts; a test compares them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_booking_step(from_status text, to_status text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select (from_status, to_status) in
      (('pending', 'confirmed'), ('pending', 'cancelled'), ('confirmed', 'completed'), ('confirmed', 'cancelled'))
  $function$

-- private.is_closed(uuid): Whether an account is suspended or deleted.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_closed(person uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (select from private.closed_accounts c where c.user_id = person)
  $function$

-- private.is_contested(uuid,uuid): Whether a no-show report keeps the mentor from earning: one that is open, or that the mentor did not come.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_contested(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.no_show_claims c
      where c.booking_id = booking and c.expert_id = mentor
        and (c.state = 'open' or c.claimed_by = 'student' and c.state in ('agreed', 'unanswered')))
  $function$

-- private.is_deleted(): Whether the account of the caller, who may act by a signed link, is deleted.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.is_deleted()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (select from private.closed_accounts c where c.user_id = auth.uid() and c.why = 'deleted')
  $function$

-- private.is_disputed(uuid,uuid): Whether a payer disputes an attempt, and it is not decided yet.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_disputed(mentor uuid, attempt uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.payment_attempts a where a.id = attempt and a.expert_id = mentor and a.dispute = 'open')
  $function$

-- private.is_earned(uuid,uuid,text): Whether what is left of a session's money is the mentor's, once the dispute window is over: it took place, was cancelled, or the student did not come.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_earned(mentor uuid, booking uuid, booking_status text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select not private.is_contested(mentor, booking)
      and (booking_status in ('completed', 'cancelled') or booking_status = 'confirmed' and exists (
        select from public.no_show_claims c
        where c.booking_id = booking and c.expert_id = mentor and c.claimed_by = 'mentor'
          and c.state in ('agreed', 'unanswered')))
  $function$

-- private.is_for_all(): Whether a whole group session is being changed: set by the functions of group sessions for their update of the seats.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_for_all()
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN (COALESCE(current_setting('matepeak.for_all'::text, true), ''::text) = 'on'::text)

-- private.is_gstin(text): Whether this is a tax number of India (GSTIN) with the right check character, as rules/tax.ts has it.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.is_gstin(text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE STRICT
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$

-- private.is_owed(uuid): Whether money of a mentor is held, earned or on its way.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_owed(mentor uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from private.ledger_accounts a
      where a.expert_id = mentor and a.balance_minor > 0
        and (a.kind in ('escrow', 'package_money', 'payouts_pending') or a.kind = 'mentor' and a.balance_minor >= private.payout_minimum('csv')))
  $function$

-- private.is_paused(uuid,uuid): Whether a no-show report or a dispute keeps a booking's money from being earned.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_paused(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.is_contested(mentor, booking)
      or exists (
        select from public.payments p
        where p.booking_id = booking and p.expert_id = mentor
          and private.is_disputed(p.expert_id, p.accepted_attempt_id))
      or exists (
        select from public.credit_uses u
        where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned'
          and private.is_purchase_disputed(mentor, u.package_purchase_id))
  $function$

-- private.is_purchase_disputed(uuid,uuid): Whether the payer's bank has not decided yet who has the money of a package: until then none of it is used or earned.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_purchase_disputed(mentor uuid, purchase uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.payments p
      where p.package_purchase_id = purchase and p.expert_id = mentor
        and private.is_disputed(p.expert_id, p.accepted_attempt_id))
  $function$

-- private.is_reserved_username(text): Names that look like ours or like a page. The same list as contract/usernames.ts; a test compares the two.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_reserved_username(username text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select username = any (array[
      'about', 'account', 'admin', 'administrator', 'api', 'app', 'auth', 'billing', 'blog', 'bookings', 'contact',
      'docs', 'everyone', 'favourites', 'help', 'home', 'legal', 'login', 'logout', 'mail', 'manage', 'matepeak', 'me',
      'mentors', 'moderator', 'new', 'nobody', 'null', 'official', 'privacy', 'root', 'search', 'security', 'sessions',
      'settings', 'sign-in', 'sign-up', 'signin', 'signup', 'staff', 'static', 'status', 'support', 'system', 'team',
      'terms', 'undefined', 'www'])
  $function$

-- private.is_shared(uuid,uuid,uuid): Whether the money of an attempt was divided among the bookings of a basket: what goes back of it goes back from them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_shared(mentor uuid, payment uuid, attempt uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.payments p
      where p.id = payment and p.expert_id = mentor and p.booking_id is null and p.basket_id is not null
        and p.accepted_attempt_id = attempt)
  $function$

-- private.is_timezone(text): Whether this is the name of a zone in the tz database; abbreviations and offsets are not.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.is_timezone(name text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from private.zone_rules z where lower(z.timezone collate "C") = lower(is_timezone.name collate "C"))
  $function$

-- private.issue_credit_note(uuid,uuid): Issues the credit note for a refund, by the facts of the receipt. Null for money that had none: a second payment, or one that came too late.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_credit_note(mentor uuid, refund uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  returned record;
  receipt public.documents;
  tax jsonb;
begin
  -- A refund that repeats a failed one is about the same money.
  with recursive chain as (
    select r.* from public.refunds r where r.id = refund and r.expert_id = mentor
    union all
    select r.* from public.refunds r join chain c on r.id = c.retry_of and r.expert_id = c.expert_id
  )
  select c.id, c.payment_id, c.attempt_id, c.amount_minor, c.why into returned from chain c where c.retry_of is null;
  if not found then
    return null;
  end if;
  select d.* into receipt
    from public.payments p
      join public.documents d on d.expert_id = p.expert_id and d.kind = 'receipt' and d.reference_id = p.id
    where p.id = returned.payment_id and p.expert_id = mentor and p.accepted_attempt_id = returned.attempt_id;
  if not found then
    return null;
  end if;
  tax := receipt.content -> 'tax';
  if jsonb_typeof(tax) = 'object' then
    tax := private.tax_within(returned.amount_minor, (tax ->> 'rate_basis_points')::integer, tax ->> 'sac',
                              receipt.content #>> '{issuer,state_code}', tax ->> 'place_of_supply');
  end if;
  return private.issue_document(mentor, receipt.user_id, 'credit_note', receipt.booking_id, receipt.payment_id, returned.id,
    receipt.currency, returned.amount_minor, receipt.sandbox, receipt.content || jsonb_build_object(
      'lines', jsonb_build_array(jsonb_build_object('kind', 'refund', 'amount_minor', returned.amount_minor)),
      'tax', tax,
      'refund', jsonb_build_object('why', returned.why),
      'receipt', jsonb_build_object('number', receipt.number, 'issued_at', receipt.issued_at)));
end
$function$

-- private.issue_document(uuid,uuid,text,uuid,uuid,uuid,text,bigint,boolean,jsonb,timestamp with time zone,uuid): Issues a document under the next number of its series, in the transaction that causes it. A second call for the same cause returns the same document. The series stays locked until the transaction ends: the last lock that it takes.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_document(mentor uuid, reader uuid, of_kind text, of_booking uuid, of_payment uuid, of_refund uuid, of_currency text, total bigint, is_sandbox boolean, facts jsonb, at timestamp with time zone DEFAULT NULL::timestamp with time zone, of_fee uuid DEFAULT NULL::uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  about uuid := case of_kind when 'receipt' then of_payment when 'fee_invoice' then coalesce(of_fee, of_booking) else of_refund end;
  in_series text := case when is_sandbox then 'T' else '' end
    || case of_kind when 'receipt' then 'R' when 'credit_note' then 'C' when 'fee_invoice' then 'F' else 'N' end;
  issuer uuid := case when of_kind in ('fee_invoice', 'fee_credit_note') then '00000000-0000-0000-0000-000000000000' else mentor end;
  current private.document_series;
  dated timestamptz;
  in_year integer;
  ordinal integer;
  issued uuid;
begin
  loop
    -- The lock that makes numbers gapless: held until the transaction ends.
    select * into current from private.document_series s where s.issuer_id = issuer and s.series = in_series for update;
    exit when found;
    insert into private.document_series (issuer_id, series, start_year, last_issued_at)
      values (issuer, in_series, private.financial_year(coalesce(at, clock_timestamp())), '-infinity')
      on conflict do nothing;
  end loop;
  -- Read after waiting for the lock, and never before the last number's: numbers are in the order of their dates, whatever the
  -- clock does.
  dated := greatest(coalesce(at, clock_timestamp()), current.last_issued_at);
  in_year := private.financial_year(dated);
  ordinal := case when in_year > current.start_year then 1 else current.last_number + 1 end;
  insert into public.documents (expert_id, user_id, kind, series, start_year, number_in_series, number, issued_at, sandbox,
      reference_id, booking_id, payment_id, refund_id, currency, total_minor, content, fee_id)
    values (mentor, reader, of_kind, in_series, in_year, ordinal, private.document_number(in_series, in_year, ordinal),
      dated, is_sandbox, about, of_booking, of_payment, of_refund, of_currency, total, facts, of_fee)
    -- Asked by its constraint, and not by a query, whose plan may be one from when the table was small.
    on conflict on constraint documents_once do nothing
    returning id into issued;
  if not found then
    return (select d.id from public.documents d
      where d.expert_id = mentor and d.kind = of_kind and d.reference_id = about);
  end if;
  update private.document_series s
    set start_year = in_year, last_number = ordinal, last_issued_at = dated
    where s.issuer_id = issuer and s.series = in_series;
  return issued;
end
$function$

-- private.issue_fee_invoice(uuid,uuid): Issues the platform's invoice for its fee, once it was taken. Null: there was none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_fee_invoice(mentor uuid, booking uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  charged record;
begin
  select f.amount_minor as fee, f.amount_minor + coalesce(e.amount_minor, 0) as of_minor, f.currency, p.id as payment_id,
      p.provider, b.fee_basis_points, b.mentor_timezone
    into charged
    from public.payments p
      join private.ledger_transfers f on f.expert_id = p.expert_id and f.kind = 'fee' and f.reference = p.id
      left join private.ledger_transfers e on e.expert_id = p.expert_id and e.kind = 'earned' and e.reference = p.id
      join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where p.booking_id = booking and p.expert_id = mentor;
  if not found then
    return null;
  end if;
  return private.issue_document(mentor, mentor, 'fee_invoice', booking, charged.payment_id, null, charged.currency, charged.fee,
    charged.provider = 'sandbox', private.fee_invoice_facts(
      mentor, charged.mentor_timezone, booking, null, charged.fee, charged.of_minor, charged.fee_basis_points));
end
$function$

-- private.issue_package_fee_invoice(uuid,uuid,uuid,uuid,bigint,bigint): Issues the platform's invoice for its fee from the money of a package: for a session, or for what was left when it expired (no booking).
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_package_fee_invoice(mentor uuid, fee_id uuid, booking uuid, purchase uuid, fee bigint, of_minor bigint)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select private.issue_document(mentor, mentor, 'fee_invoice', booking, p.id, null, p.currency, fee, p.provider = 'sandbox',
        private.fee_invoice_facts(mentor, m.timezone, booking, purchase, fee, of_minor, g.fee_basis_points),
        null, fee_id)
      from public.payments p
        join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
        join public.expert_profiles m on m.id = p.expert_id
      where p.package_purchase_id = purchase and p.expert_id = mentor
  $function$

-- private.issue_receipt(uuid,uuid): Issues the receipt for a payment that was captured, or the tax invoice if the mentor charges GST. Null: nothing was captured for the booking or the package.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_receipt(mentor uuid, payment uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  r record;
begin
  select * into r from private.receipts_of(array[mentor], array[payment]);
  if not found then
    return null;
  end if;
  return private.issue_document(mentor, r.reader, 'receipt', r.booking, payment, null, r.currency, r.total, r.is_sandbox, r.facts);
end
$function$

-- private.issue_receipts(uuid[],uuid[]): issue_receipt() for many payments that were just captured, in one go.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.issue_receipts(mentors uuid[], payments uuid[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with receipts as materialized (
      select r.*, case when r.is_sandbox then 'TR' else 'R' end as series,
        row_number() over (partition by r.mentor, r.is_sandbox order by r.payment) as place
      from private.receipts_of(mentors, payments) r
    ), numbers as (
      -- As in issue_document(): each series stays locked until the transaction ends, and no date is before the last number's.
      insert into private.document_series as s (issuer_id, series, start_year, last_number, last_issued_at)
        select r.mentor, r.series, private.financial_year(clock_timestamp()), count(*), clock_timestamp()
          from receipts r group by r.mentor, r.series order by r.mentor
        on conflict (issuer_id, series) do update
          set start_year = greatest(s.start_year, excluded.start_year),
              last_number = excluded.last_number + case when excluded.start_year > s.start_year then 0 else s.last_number end,
              last_issued_at = greatest(s.last_issued_at, excluded.last_issued_at)
        returning s.issuer_id, s.series, s.start_year, s.last_number, s.last_issued_at
    )
    -- A receipt that exists is an error: it would have taken a number.
    insert into public.documents (expert_id, user_id, kind, series, start_year, number_in_series, number, issued_at, sandbox,
        reference_id, booking_id, payment_id, currency, total_minor, content)
      select r.mentor, r.reader, 'receipt', r.series, n.start_year, ordinal, private.document_number(r.series, n.start_year, ordinal),
          n.last_issued_at, r.is_sandbox, r.payment, r.booking, r.payment, r.currency, r.total, r.facts
        from receipts r join numbers n on n.issuer_id = r.mentor and n.series = r.series
          cross join lateral (
            select (n.last_number - (select count(*) from receipts o where o.mentor = r.mentor and o.series = r.series) + r.place)::integer
          ) numbered (ordinal)
  $function$

-- private.job_details(bigint): What the log keeps of a job: payloads have ids only.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.job_details(job bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((
      select jsonb_build_object('job_id', j.id, 'task', t.identifier, 'payload', j.payload, 'attempts', j.attempts)
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where j.id = job), jsonb_build_object('job_id', job))
  $function$

-- private.join_cancellation(uuid,uuid): A mentor cancels what the student has cancelled less than a minute before: they did so at once, and the larger entitlement wins. Gives back what the student's cancellation has left; any number of times. False, and without effect, if it is another case. The caller has locked mentor and booking.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.join_cancellation(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  cancelled_at timestamptz;
  something_is_back boolean;
  postponed uuid;
begin
  select max(e.created_at) into cancelled_at
    from public.bookings b join public.booking_events e on e.booking_id = b.id and e.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor and b.status = 'cancelled' and b.starts_at > now()
      and e.to_status = 'cancelled' and e.actor = 'student';
  if cancelled_at is null or cancelled_at <= now() - interval '60 seconds' then
    return false;
  end if;
  something_is_back := private.give_everything_back(mentor, booking, 'mentor_cancelled');
  update public.refunds r set why = 'mentor_cancelled'
    from public.payments p
    where p.booking_id = booking and p.expert_id = mentor and r.payment_id = p.id and r.expert_id = p.expert_id
      and r.attempt_id = p.accepted_attempt_id and r.why = 'student_cancelled';
  -- The student's cancellation may have given back the session of a package already, but for no longer than it was usable.
  -- From the same moment however often this is called.
  update public.package_purchases p set expires_at = cancelled_at + interval '30 days', updated_at = now()
    from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state = 'returned' and p.id = u.package_purchase_id
      and p.expert_id = u.expert_id and p.state = 'active' and p.expires_at < cancelled_at + interval '30 days'
    returning p.id into postponed;
  if postponed is not null then
    perform private.remind_of_expiry(mentor, postponed);
  end if;
  -- A second event, and with it a message, only if the mentor's cancellation has changed something.
  if something_is_back or postponed is not null then
    insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason)
      values (booking, mentor, 'cancelled', mentor, 'mentor', 'cancelled', 'cancelled',
              nullif(current_setting('matepeak.reason', true), ''));
  end if;
  return true;
end
$function$

-- private.join_cancellation_of_booking(): A mentor's plain update of a cancelled booking to cancelled, which is the guide's way to cancel.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.join_cancellation_of_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if auth.uid() = new.expert_id then
    perform private.join_cancellation(new.expert_id, new.id);
  end if;
  return null;
end
$function$

-- private.join_group(): A seat knows its group session, and keeps it when it is cancelled.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.join_group()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
begin
  new.group_session_id := (
    select g.id from public.group_sessions g where g.occupancy_id = new.occupancy_id and g.expert_id = new.expert_id);
  return new;
end
$function$

-- private.join_session(uuid,uuid,integer,timestamp with time zone,timestamp with time zone,boolean,timestamp with time zone): A seat in the group session at this time, if it has room; null when there is none. Not in a session of a programme.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.join_session(mentor uuid, service uuid, seats integer, session_start timestamp with time zone, session_end timestamp with time zone, confirmed boolean, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seat uuid;
begin
  update public.occupancies
    set seats_taken = seats_taken + 1,
        state = case when confirmed then 'booked' else state end,
        expires_at = case when confirmed or state = 'booked' then null else greatest(expires_at, expiry) end
    where seats > 1 and expert_id = mentor and service_id = service
      and starts_at = session_start and ends_at = session_end and seats_taken < capacity and programme_id is null
    returning id into seat;
  return seat;
end
$function$

-- private.keep_admin_log(): Rejects every change of the log, also by its owner.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_admin_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'the log of administrators is append-only' using errcode = 'insufficient_privilege';
end
$function$

-- private.keep_deleted_offer(): Prevents restoring a deleted coupon or package, which would bypass the cap.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_deleted_offer()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.deleted_at := old.deleted_at;
  return new;
end
$function$

-- private.keep_document(): Rejects every change of a document, and the deletion of any but the sandbox's, which the removal of the demo deletes.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_document()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'DELETE' and old.sandbox then
    return old;
  end if;
  raise exception 'documents are never changed' using errcode = 'check_violation', constraint = 'documents_never_change';
end
$function$

-- private.keep_local_mail(text,text,bytea): Delivers a mail to the local mailbox.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.keep_local_mail(recipient text, subject_line text, message bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into private.local_mail (address, subject, source) values (recipient, subject_line, message)
  $function$

-- private.keep_needed_room(): Keeps a mentor from removing the room that their links fall back to.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_needed_room()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(old.expert_id);
  if exists (
      select from public.meeting_places p where p.expert_id = old.expert_id and p.kind in ('google_meet', 'zoom')) then
    raise exception 'links that a service makes fall back to this room'
      using errcode = 'check_violation', constraint = 'meeting_places_need_room';
  end if;
  return old;
end
$function$

-- private.keep_payout(): A payout only goes forward (requested, sent, then paid or failed; a paid one may be reversed), and its amount never changes.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_payout()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'requested' then
      raise exception 'a payout begins as requested' using errcode = 'check_violation', constraint = 'payouts_forward_only';
    end if;
    return new;
  end if;
  if new.state <> old.state and (old.state, new.state) not in (
      ('requested', 'sent'), ('requested', 'failed'), ('sent', 'paid'), ('sent', 'failed'), ('paid', 'reversed')) then
    raise exception 'a payout does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'payouts_forward_only';
  end if;
  if (new.id, new.expert_id, new.run_id, new.payment_id, new.earning_id, new.amount_minor, new.currency, new.method)
      is distinct from (old.id, old.expert_id, old.run_id, old.payment_id, old.earning_id, old.amount_minor, old.currency, old.method)
    or new.reversed_minor < old.reversed_minor
    or old.bank_reference is not null and new.bank_reference is distinct from old.bank_reference
    or old.transfer_id is not null and new.transfer_id is distinct from old.transfer_id then
    raise exception 'what a payout is does not change' using errcode = 'check_violation', constraint = 'payouts_never_change';
  end if;
  return new;
end
$function$

-- private.keep_review_history(): Counts the revision, and gives a review that is written again the date of the first one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.keep_review_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if tg_op = 'UPDATE' and new.author is distinct from old.author then
    return new;
  end if;
  if tg_op = 'UPDATE' then
    new.revision := old.revision + 1;
    return new;
  end if;
  if not private.review_is_open(new.expert_id, new.booking_id) then
    raise exception 'a deleted review cannot be written again after its fourteen days'
      using errcode = 'check_violation', constraint = 'reviews_written_in_time';
  end if;
  new.revision := 1;
  new.created_at := coalesce(private.review_written_at(new.expert_id, new.booking_id), new.created_at);
  return new;
end
$function$

-- private.lapse_offers(uuid): Ends the offers of a locked mentor whose time is over, and frees what they held.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lapse_offers(mentor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  lapsed integer;
begin
  update public.waitlist_offers o set state = 'lapsed'
    where o.expert_id = mentor and o.state = 'open' and o.booking_id is null and o.expires_at <= now();
  get diagnostics lapsed = row_count;
  return lapsed;
end
$function$

-- private.lease_connection(integer,uuid): A connection that is due, or a certain one, for the worker that asked and for five minutes. Of one host no more are read at once than said, by all workers together, so that a slow one does not hold up the others; a person who waits comes on top.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.lease_connection(per_host integer, only_one uuid DEFAULT NULL::uuid)
 RETURNS TABLE(id uuid, user_id uuid, kind text, server_url text, username text, credential bytea, shows_titles boolean, lease uuid, failures integer, person_zone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  taken uuid;
begin
  if only_one is null then
    -- One worker at a time counts the reads of a host.
    perform pg_advisory_xact_lock(hashtextextended('private.lease_connection', 0));
    with full_hosts as materialized (
      select l.host from public.calendar_connections l
      where l.leased_until > now() and l.host is not null
      group by l.host having count(*) >= per_host)
    select due.id into taken from public.calendar_connections due
      where due.sync_due_at <= now() and (due.leased_until is null or due.leased_until < now())
        and not exists (select from full_hosts f where f.host = due.host)
      order by due.sync_due_at limit 1 for update skip locked;
  else
    select one.id into taken from public.calendar_connections one
      where one.id = only_one and (one.leased_until is null or one.leased_until < now())
      for update skip locked;
  end if;
  if taken is null then
    return;
  end if;
  return query update public.calendar_connections c
    set lease = gen_random_uuid(), leased_until = now() + interval '5 minutes',
        -- Due earlier than that when the lease ends: a change was reported meanwhile.
        sync_due_at = now() + interval '5 minutes'
    where c.id = taken
    returning c.id, c.user_id, c.kind, c.server_url, c.username, c.credential, c.shows_titles, c.lease, c.failures,
      coalesce((select m.timezone from public.expert_profiles m where m.id = c.user_id),
               (select p.timezone from public.profiles p where p.id = c.user_id), 'UTC');
end
$function$

-- private.leave_overlapping(uuid,uuid,uuid,timestamp with time zone,timestamp with time zone): A person who has accepted a time waits neither for another one of the same days and service, nor for what overlaps it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.leave_overlapping(mentor uuid, person uuid, service uuid, session_start timestamp with time zone, session_end timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.user_id = person and e.expert_id = mentor and e.state in ('waiting', 'offered')
        and case when e.kind = 'days'
          then e.service_id = service and session_start >= e.starts_from and session_start < e.starts_until
          else e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start end),
    'withdrawn');
  -- One transaction locks one mentor.
  perform private.enqueue('leave_overlapping', jsonb_build_object(
      'mentor_id', elsewhere.id, 'user_id', person, 'starts_at', session_start, 'ends_at', session_end))
    from (
      select distinct e.expert_id as id from public.waitlist_entries e
      where e.user_id = person and e.expert_id <> mentor and e.state in ('waiting', 'offered') and e.kind <> 'days'
        and e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start
    ) elsewhere;
end
$function$

-- private.leave_overlapping_elsewhere(uuid,uuid,timestamp with time zone,timestamp with time zone): leave_overlapping() with another mentor than the one of the accepted time.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.leave_overlapping_elsewhere(mentor uuid, person uuid, session_start timestamp with time zone, session_end timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.user_id = person and e.expert_id = mentor and e.state in ('waiting', 'offered') and e.kind <> 'days'
        and e.starts_from < session_end and e.starts_from + e.duration * interval '1 minute' > session_start),
    'withdrawn');
end
$function$

-- private.leave_waitlist(uuid,uuid): Takes the caller out of a queue; false if the caller was not in it any more.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.leave_waitlist(mentor uuid, entry uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.id = entry and e.expert_id = mentor and e.user_id = auth.uid()), 'left') > 0;
end
$function$

-- private.leave_waitlists_when_closed(): A person whose account is closed waits for nothing.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.leave_waitlists_when_closed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.enqueue('leave_waitlists', jsonb_build_object('user_id', new.user_id), 'leave_waitlists:' || new.user_id);
  return null;
end
$function$

-- private.lift_suspension(uuid,text,uuid,text): Ends a suspension. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.lift_suspension(login uuid, request text, person uuid, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'suspension_lifted', person, '{}', why, request);
  perform private.lock_mentor(person);
  delete from private.closed_accounts c where c.user_id = person and c.why = 'suspended';
  if not found then
    raise exception 'the account is not suspended' using errcode = 'check_violation', constraint = 'closed_accounts_once';
  end if;
  update public.expert_profiles p set hidden_because = null where p.id = person;
  return true;
end
$function$

-- private.limit_favourites(): Limits the favourites, because their list is read as a whole.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_favourites()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- One at a time per person: two concurrent inserts would not see each other.
  perform pg_advisory_xact_lock(hashtextextended('favourite_mentors ' || new.user_id, 0));
  -- An existing favourite is inserted again when a request is repeated, and does not count twice.
  if (select count(*) from public.favourite_mentors f where f.user_id = new.user_id) >= 200
     and not exists (
       select from public.favourite_mentors f where f.user_id = new.user_id and f.expert_id = new.expert_id) then
    raise exception 'too many favourite mentors'
      using errcode = 'check_violation', constraint = 'favourite_mentors_at_most_200';
  end if;
  return new;
end
$function$

-- private.limit_new_booking(): limit_open_requests() for an insert.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_new_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.limit_open_requests(
    new.expert_id, new.user_id, new.id, new.starts_at, case new.status_when_paid when 'confirmed' then 'held' else new.status end,
    decode(nullif(current_setting('matepeak.origin', true), ''), 'hex'));
  return null;
end
$function$

-- private.limit_open_requests(uuid,uuid,uuid,timestamp with time zone,text,bytea): Prevents a few people from taking all of a mentor's time: caps on open requests and on coming sessions, counted under the mentor's lock, and lower for people without an earlier session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_open_requests(mentor uuid, student uuid, booking uuid, session_start timestamp with time zone, first_status text, network bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  needs_address boolean;
  approves_first boolean;
  is_hidden boolean;
  ahead integer;
  ahead_as_one integer;
  has_address boolean;
  is_known boolean;
begin
  -- The mentor is locked, so the counts for this mentor cannot change.
  select p.require_confirmed_address, p.approve_first_timers, p.hidden_because is not null, a.sessions, a.decisions
    into needs_address, approves_first, is_hidden, ahead, ahead_as_one
    from public.expert_profiles p, lateral (
      -- A series was decided on once, by both. A programme is one offer of its mentor, also for a newcomer.
      select count(distinct case when q.programme_id is not null then q.id else b.id end) as sessions,
        count(distinct coalesce(b.series_id, b.id)) as decisions
      from public.bookings b left join public.series q on q.id = b.series_id and q.expert_id = b.expert_id
      where b.expert_id = mentor and b.user_id = student and b.starts_at > now() and b.status in ('pending', 'confirmed')) a
    where p.id = mentor;
  if is_hidden then
    perform private.raise_cap_reached('mentors_open');
  end if;
  -- The booking is written, so it has waited for an account that was being closed (private.close_account).
  if exists (select from private.closed_accounts c where c.user_id = student) then
    perform private.raise_cap_reached('accounts_open');
  end if;
  -- Most bookings: nothing else can reject them.
  if first_status = 'confirmed' and ahead <= private.cap('sessions_ahead_with_mentor_newcomer')
     and network is null and not needs_address and not approves_first then
    return;
  end if;
  -- Both sides have agreed to the time of an accepted time request, so it is no attack.
  if first_status = 'confirmed' and exists (
    select from public.time_requests r
      join public.time_proposals p on p.request_id = r.id and p.expert_id = r.expert_id
    where r.user_id = student and r.status = 'open' and r.expert_id = mentor
      and p.starts_at = session_start) then
    return;
  end if;
  has_address := private.has_confirmed_address(student);
  is_known := exists (
    select from public.bookings b
    where b.expert_id = mentor and b.user_id = student and b.status = 'completed');

  if needs_address and not has_address then
    perform private.raise_cap_reached('bookings_address_confirmed');
  end if;
  -- A request takes a mentor's time and attention for nothing, and its answer must reach the student.
  if first_status = 'pending' and not has_address then
    perform private.raise_cap_reached('bookings_request_confirmed');
  end if;
  if approves_first and not is_known and first_status in ('confirmed', 'held') then
    perform private.raise_cap_reached('bookings_first_is_approved');
  end if;
  if has_address or is_known then
    ahead := ahead_as_one;
  end if;
  if ahead > private.cap(case when has_address or is_known then 'sessions_ahead_with_mentor'
                             else 'sessions_ahead_with_mentor_newcomer' end) then
    perform private.raise_cap_reached('bookings_ahead_with_mentor');
  end if;
  if first_status in ('pending', 'held') then
    -- One at a time per person: two concurrent bookings with different mentors would not see each other. Always locked
    -- after the mentor.
    perform pg_advisory_xact_lock(hashtextextended('open requests ' || student, 0));
    -- What was booked together is one request.
    if (select count(distinct coalesce(b.series_id, b.basket_id, b.id)) from public.bookings b
        where b.user_id = student and b.status = 'pending' and b.expert_id = mentor and b.expires_at > now())
       > private.cap('requests_with_mentor') then
      perform private.raise_cap_reached('bookings_open_with_mentor');
    end if;
    if (select count(distinct coalesce(b.series_id, b.basket_id, b.id)) from public.bookings b
        where b.user_id = student and b.status = 'pending' and b.expires_at > now())
       > private.cap('requests') then
      perform private.raise_cap_reached('bookings_open_in_all');
    end if;
  end if;
  if network is not null and not has_address and not is_known then
    insert into private.booking_origins (booking_id, expert_id, origin, starts_at)
      values (booking, mentor, network, session_start);
    -- Times, not people: a class that joins one group session takes one.
    if (select count(distinct b.occupancy_id)
        from private.booking_origins o join public.bookings b on b.id = o.booking_id and b.expert_id = o.expert_id
        where o.expert_id = mentor and o.origin = network and b.starts_at > now()
          and b.status in ('pending', 'confirmed'))
       > private.cap('newcomer_times_from_network') then
      perform private.raise_cap_reached('bookings_newcomers_from_network');
    end if;
  end if;
  return;
end
$function$

-- private.limit_owned(): Rejects rows over the cap of their table, which is named by the argument: a part of a table has a name of its own.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_owned()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  owner uuid;
begin
  -- A mentor's own statement has locked the mentor (…_lock_schedule), so no other counts at the same time. Each count names
  -- its owner by value, so that it finds the part of the table, or the machine, with the owner's rows.
  case tg_argv[0]
    when 'availability_slots' then
      for owner in select distinct a.expert_id from added a where a.is_recurring loop
        if (select count(*) from public.availability_slots s where s.expert_id = owner and s.is_recurring)
           > private.cap('weekly_windows') then
          perform private.raise_cap_reached('availability_slots_weekly_cap');
        end if;
      end loop;
      for owner in select distinct a.expert_id from added a where not a.is_recurring loop
        if (select count(*) from public.availability_slots s where s.expert_id = owner and not s.is_recurring)
           > private.cap('dated_windows') then
          perform private.raise_cap_reached('availability_slots_dated_cap');
        end if;
      end loop;
    when 'blocked_dates' then
      for owner in select distinct a.expert_id from added a loop
        if (select count(*) from public.blocked_dates b where b.expert_id = owner) > private.cap('blocked_dates') then
          perform private.raise_cap_reached('blocked_dates_cap');
        end if;
      end loop;
    when 'timezone_periods' then
      for owner in select distinct a.expert_id from added a loop
        if (select count(*) from public.timezone_periods z where z.expert_id = owner) > private.cap('timezone_periods') then
          perform private.raise_cap_reached('timezone_periods_cap');
        end if;
      end loop;
    when 'services' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.services s where s.expert_id = owner and s.deleted_at is null)
           > private.cap('services') then
          perform private.raise_cap_reached('services_cap');
        end if;
      end loop;
    when 'coupons' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.coupons c where c.expert_id = owner and c.deleted_at is null)
           > private.cap('coupons') then
          perform private.raise_cap_reached('coupons_cap');
        end if;
      end loop;
    when 'packages' then
      for owner in select distinct a.expert_id from added a where a.deleted_at is null loop
        if (select count(*) from public.packages p where p.expert_id = owner and p.deleted_at is null)
           > private.cap('packages') then
          perform private.raise_cap_reached('packages_cap');
        end if;
      end loop;
    when 'service_durations' then
      for owner in select distinct a.expert_id from added a loop
        if exists (
          select 1 from public.service_durations d where d.expert_id = owner
          group by d.service_id having count(*) > private.cap('service_durations')) then
          perform private.raise_cap_reached('service_durations_cap');
        end if;
      end loop;
    when 'availability_alerts' then
      for owner in select distinct a.user_id from added a order by a.user_id loop
        perform pg_advisory_xact_lock(hashtextextended('availability_alerts ' || owner, 0));
        if (select count(*) from public.availability_alerts w where w.user_id = owner and w.status = 'active')
           > private.cap('active_alerts') then
          perform private.raise_cap_reached('availability_alerts_cap');
        end if;
      end loop;
  end case;
  return null;
end
$function$

-- private.limit_time_requests(): Caps the open time requests of a person.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_time_requests()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('open requests ' || new.user_id, 0));
  if (select count(*) from public.time_requests r
      where r.user_id = new.user_id and r.status = 'open' and r.replaces_booking_id is null and r.expires_at > now())
     > private.cap(case when private.has_confirmed_address(new.user_id) then 'time_requests'
                        else 'time_requests_unconfirmed' end) then
    perform private.raise_cap_reached('time_requests_open_in_all');
  end if;
  return null;
end
$function$

-- private.limit_waitlist(): Rejects entries over the caps.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.limit_waitlist()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- The mentor is locked, but two mentors' entries of one person are not.
  perform pg_advisory_xact_lock(hashtextextended('waitlist_entries ' || new.user_id, 0));
  if (select count(*) from public.waitlist_entries e
      where e.user_id = new.user_id and e.expert_id = new.expert_id and e.state in ('waiting', 'offered'))
     > private.cap('waitlist_entries_with_mentor') then
    perform private.raise_cap_reached('waitlist_entries_with_mentor_cap');
  end if;
  if (select count(*) from public.waitlist_entries e
      where e.user_id = new.user_id and e.state in ('waiting', 'offered')) > private.cap('waitlist_entries') then
    perform private.raise_cap_reached('waitlist_entries_cap');
  end if;
  return null;
end
$function$

-- private.link_of_group(uuid,uuid,timestamp with time zone,timestamp with time zone): The link that a mentor has set by hand for a group session, which a seat that is booked now gets; no row if there is none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.link_of_group(mentor uuid, service uuid, session_start timestamp with time zone, session_end timestamp with time zone)
 RETURNS TABLE(meeting_url text, meeting_note text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select g.meeting_url, g.meeting_note
    from public.occupancies o join public.group_sessions g on g.occupancy_id = o.id and g.expert_id = o.expert_id
    where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
      and g.meeting_url is not null
  $function$

-- private.list_connected_calendars(uuid,jsonb): Adds and renames calendars as their provider lists them; one that it no longer lists is missing from now on.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.list_connected_calendars(connection uuid, listed jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  owner uuid;
  gone record;
  changed integer;
begin
  select c.user_id into owner from public.calendar_connections c where c.id = connection;
  perform private.lock_mentor(owner);
  perform from public.calendar_connections c where c.id = connection for no key update;
  if not found then
    return;
  end if;
  insert into public.connected_calendars as k
      (connection_id, user_id, remote_id, name, color, timezone, is_writable, counts_as_busy)
    select connection, owner, l.remote_id, l.name, l.color, l.timezone, l.is_writable, l.counts_as_busy
    from jsonb_to_recordset(listed) l (
      remote_id text, name text, color text, timezone text, is_writable boolean, counts_as_busy boolean)
    on conflict (connection_id, remote_id) do update
    set name = excluded.name, color = excluded.color, timezone = excluded.timezone, missing_since = null,
        is_writable = excluded.is_writable, receives_sessions = k.receives_sessions and excluded.is_writable
    where (k.name, k.color, k.timezone, k.missing_since, k.is_writable)
      is distinct from (excluded.name, excluded.color, excluded.timezone, null::timestamptz, excluded.is_writable);
  get diagnostics changed = row_count;
  -- What its owner has turned off, and what was never used, is gone for good.
  delete from public.connected_calendars k
    where k.connection_id = connection and not k.counts_as_busy and not k.receives_sessions
      and not exists (select from jsonb_to_recordset(listed) l (remote_id text) where l.remote_id = k.remote_id)
      and not exists (select from public.session_entries s where s.calendar_id = k.id);
  if found then
    changed := changed + 1;
  end if;
  for gone in
    update public.connected_calendars k set missing_since = now()
      where k.connection_id = connection and k.missing_since is null
        and not exists (
          select from jsonb_to_recordset(listed) l (remote_id text) where l.remote_id = k.remote_id)
      returning k.id, k.counts_as_busy or k.receives_sessions as is_used
  loop
    changed := changed + 1;
    -- One that is not used is gone without a word.
    if gone.is_used then
      perform private.enqueue_connection_message('calendar_missing', connection, gone.id);
    end if;
  end loop;
  if changed > 0 then
    perform private.notify_person(owner, 'calendars');
  end if;
end
$function$

-- private.lock_active_alerts(uuid): The active alerts for a mentor, locked: a second job waits.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.lock_active_alerts(mentor uuid)
 RETURNS SETOF public.availability_alerts
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select * from public.availability_alerts where expert_id = mentor and status = 'active' order by id for update
  $function$

-- private.lock_entry_calendar(uuid): Reads of a calendar lock it, too, so that they and the notes about its entries never wait for each other.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lock_entry_calendar(calendar uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select from public.connected_calendars k where k.id = calendar for no key update
  $function$

-- private.lock_group_session(uuid,uuid): Locks the mentor, then the session; what has expired is freed.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lock_group_session(mentor uuid, group_session uuid)
 RETURNS public.group_sessions
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  found_session public.group_sessions;
begin
  if not private.lock_schedule(mentor) then
    return null;
  end if;
  select * into found_session from public.group_sessions g
    where g.id = group_session and g.expert_id = mentor for update;
  return found_session;
end
$function$

-- private.lock_judged_booking(uuid,uuid,bigint,uuid,integer): Locks the mentor, then the booking, if both still have the revisions that were judged, and lets the caller act.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lock_judged_booking(caller uuid, mentor uuid, at_schedule bigint, booking uuid, at_booking integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- Waits for no lock: a mentor who is locked at this moment may have another revision soon.
  perform from public.schedule_revisions r
    where r.expert_id = mentor and (at_schedule is null or r.revision = at_schedule) for no key update skip locked;
  if not found then
    return false;
  end if;
  perform from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.revision = at_booking for no key update;
  if not found then
    return false;
  end if;
  -- From here on checks and triggers see the person, and the app announces after the commit.
  perform set_config('request.jwt.claims', jsonb_build_object('sub', caller)::text, true),
    set_config('matepeak.announces', 'later', true);
  return true;
end
$function$

-- private.lock_mentor(uuid): Locks the mentor's revision until the transaction ends, and with it the mentor's time; false for an unknown mentor.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.lock_mentor(mentor uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- First in the lock order (mentor, occupancy, booking). The same row that book_sessions() updates: one lock for all.
  perform from public.schedule_revisions where expert_id = mentor for no key update;
  return found;
end
$function$

-- private.lock_own_mentor(): lock_mentor() for the caller, ahead of several statements; false if the caller is not a mentor.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.lock_own_mentor()
 RETURNS boolean
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.lock_mentor(auth.uid())
  $function$

-- private.lock_own_schedule(): A mentor's own edits wait for a booking that is being checked, and it for them. Before any row is locked, so that the lock order is kept.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lock_own_schedule()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(auth.uid());
  return null;
end
$function$

-- private.lock_reviewed_mentor(): Locks the mentor, so that the figures are computed one after the other.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lock_reviewed_mentor()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(old.expert_id);
  return old;
end
$function$

-- private.lock_schedule(uuid): lock_mentor(), and what has run out of the mentor's time is freed: what a judgement must see.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.lock_schedule(mentor uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not private.lock_mentor(mentor) then
    return false;
  end if;
  -- The seat of an expired request is free for the booking that is being checked.
  perform private.expire_requests(mentor);
  return true;
end
$function$

-- private.lose_dispute(uuid,uuid,uuid): The payer's bank has taken back what is left of an attempt.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.lose_dispute(mentor uuid, payment uuid, attempt uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  part record;
  owed record;
  refund uuid;
begin
  for part in
    select a.id, a.payment_id from private.same_attempts(mentor, payment, attempt) same (id)
      join public.payment_attempts a on a.id = same.id and a.expert_id = mentor
    order by a.id
  loop
    -- A refund that had failed is not owed any more either.
    for owed in
      select r.id, r.amount_minor from public.refunds r
      where r.attempt_id = part.id and r.expert_id = mentor and r.state = 'failed' and not exists (
        select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)
    loop
      refund := private.request_refund(mentor, part.payment_id, part.id, owed.amount_minor, 'dispute', owed.id);
      perform private.merge_refund(mentor, refund, 'done', null, null);
    end loop;
    select a.captured_minor - a.refunded_minor as minor into owed from public.payment_attempts a
      where a.id = part.id and a.expert_id = mentor and not private.is_shared(mentor, a.payment_id, a.id);
    if owed.minor > 0 then
      refund := private.request_refund(mentor, part.payment_id, part.id, owed.minor, 'dispute');
      perform private.merge_refund(mentor, refund, 'done', null, null);
    end if;
  end loop;
end
$function$

-- private.made_meeting_ref(uuid,uuid): The meeting that a session has.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.made_meeting_ref(mentor uuid, session uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select m.ref from private.made_meetings m where m.occupancy_id = session and m.expert_id = mentor
  $function$

-- private.mail_sessions(uuid[],uuid[]): Sessions as they are now, for the mails about them: what their invitations and links are made of.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mail_sessions(mentors uuid[], ids uuid[])
 RETURNS TABLE(booking_id uuid, mentor_id uuid, student_id uuid, status text, revision integer, changed_at timestamp with time zone, starts_at timestamp with time zone, ends_at timestamp with time zone, duration integer, service_title text, message text, student_name text, mentor_name text, student_timezone text, mentor_timezone text, meeting_url text, meeting_note text, meeting_place jsonb, host_url text, student_phone text, student_link integer, mentor_link integer, was_agreed boolean, group_session_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- As calendar files count: what the mentor changes is in the entry too (EntryState of server/bookings/queries.ts).
    select b.id, b.expert_id, b.user_id, b.status, b.revision + p.entry_revision,
      greatest(b.updated_at, p.entry_changed_at), b.starts_at, b.ends_at, b.duration, s.title,
      b.message, b.user_name, p.full_name, coalesce(sp.timezone, se.timezone, b.student_timezone),
      coalesce(mp.timezone, p.timezone),
      case when b.status in ('confirmed', 'completed') then coalesce(b.meeting_url, r.meeting_url) end,
      case when b.status in ('confirmed', 'completed') then case when b.meeting_url is null then r.meeting_note else b.meeting_note end end,
      private.shown_place(b.meeting_place), case when b.meeting_url = b.meeting_place ->> 'url' then mm.host_url end, b.user_phone,
      coalesce(gs.generation, 0), coalesce(gm.generation, 0),
      exists (select from public.booking_events e
              where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'confirmed'),
      b.group_session_id
    from unnest(mentors, ids) k (mentor, id)
      join public.bookings b on b.id = k.id and b.expert_id = k.mentor
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      join public.expert_profiles p on p.id = b.expert_id
      left join public.profiles sp on sp.id = b.user_id
      left join public.profiles mp on mp.id = b.expert_id
      left join public.expert_profiles se on se.id = b.user_id
      left join public.mentor_rooms r on r.expert_id = b.expert_id and private.has_link(b.meeting_place)
      left join private.made_meetings mm on mm.occupancy_id = b.occupancy_id and mm.expert_id = b.expert_id
      left join public.booking_link_generations gs
        on gs.booking_id = b.id and gs.expert_id = b.expert_id and gs.user_id = b.user_id
      left join public.booking_link_generations gm
        on gm.booking_id = b.id and gm.expert_id = b.expert_id and gm.user_id = b.expert_id
  $function$

-- private.make_offer(uuid,uuid,timestamp with time zone,timestamp with time zone,boolean): Holds free time of a locked mentor for the person whose turn it is; the exclusion constraint rejects taken time.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.make_offer(mentor uuid, entry uuid, session_start timestamp with time zone, expiry timestamp with time zone, final boolean)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  e record;
  terms record;
  session_end timestamptz;
  offer uuid;
begin
  select w.user_id, w.service_id, w.duration into e from public.waitlist_entries w
    where w.id = entry and w.expert_id = mentor and w.state = 'waiting';
  if not found then
    return null;
  end if;
  select s.capacity, p.buffer_before, p.buffer_after into terms
    from public.services s join public.expert_profiles p on p.id = s.expert_id
    where s.id = e.service_id and s.expert_id = mentor;
  session_end := session_start + e.duration * interval '1 minute';
  insert into public.waitlist_offers (
      expert_id, entry_id, user_id, service_id, occupancy_id, starts_at, ends_at, is_final, expires_at)
    values (
      mentor, entry, e.user_id, e.service_id,
      private.take_seat(
        mentor, e.service_id, terms.capacity, session_start, session_end,
        private.busy_time(session_start, session_end, terms.buffer_before, terms.buffer_after), 'hold', expiry),
      session_start, session_end, final, expiry)
    returning id into offer;
  update public.waitlist_entries w set state = 'offered' where w.id = entry and w.expert_id = mentor;
  perform private.enqueue('notify_waitlist_offer', jsonb_build_object('mentor_id', mentor, 'offer_id', offer));
  -- As soon as it has lapsed, the next in the queue is asked.
  perform private.enqueue('offer_waitlist', jsonb_build_object('mentor_id', mentor), 'lapse_offer:' || offer, expiry);
  return offer;
end
$function$

-- private.mark_attendance(uuid,uuid,text): Whether a person came, as the mentor marks it in the roster; null takes the mark away.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mark_attendance(mentor uuid, booking uuid, mark text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b record;
begin
  perform private.lock_mentor(mentor);
  select l.status, l.starts_at into b from public.bookings l where l.id = booking and l.expert_id = mentor;
  if not found or auth.uid() is distinct from mentor then
    raise exception 'no such booking of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if b.status not in ('confirmed', 'completed') or b.starts_at > now() then
    raise exception 'the session has not begun' using errcode = 'check_violation', constraint = 'attendances_session_begun';
  end if;
  if mark is null then
    delete from public.attendances where booking_id = booking and expert_id = mentor;
  else
    insert into public.attendances (booking_id, expert_id, state) values (booking, mentor, mark)
      on conflict (booking_id, expert_id) do update set state = excluded.state, marked_at = now();
  end if;
end
$function$

-- private.mark_ending_logins(integer,interval): Marks connections whose logins end soon, each once for an end: their owners are notified.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mark_ending_logins(most integer, notice interval)
 RETURNS SETOF uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with ending as (
      update public.calendar_connections c set login_end_told_at = now()
      where c.id in (
        select soon.id from public.calendar_connections soon
        where soon.login_ends_at between now() and now() + notice
          -- A login that was renewed has another end.
          and coalesce(soon.login_end_told_at < soon.login_ends_at - notice, true)
        order by soon.login_ends_at limit most for update skip locked)
      returning c.id, c.user_id)
    select e.id from ending e, private.enqueue_connection_message('calendar_login_ends', e.id),
      private.notify_person(e.user_id, 'calendars')
  $function$

-- private.mark_stale_connections(integer,interval): Marks connections whose busy times have become too old to rely on: their mentors pause if they wanted to.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mark_stale_connections(most integer, stale_after interval)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  stale record;
begin
  for stale in
    select c.id, c.user_id from public.calendar_connections c
    where c.stale_told_at is null and coalesce(c.synced_at, c.created_at) < now() - stale_after
    order by c.id limit most
  loop
    perform private.lock_mentor(stale.user_id);
    update public.calendar_connections c set stale_told_at = now()
      where c.id = stale.id and c.stale_told_at is null and coalesce(c.synced_at, c.created_at) < now() - stale_after;
    if found then
      perform private.refresh_busy_times(stale.user_id);
      perform private.notify_person(stale.user_id, 'calendars');
      perform private.enqueue_connection_message('calendar_stale', stale.id);
      return next stale.id;
    end if;
  end loop;
end
$function$

-- private.may_join_late(uuid,uuid,timestamp with time zone,timestamp with time zone): Whether there is a scheduled group session at this time that can still be joined.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.may_join_late(mentor uuid, service uuid, session_start timestamp with time zone, session_end timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
      select from public.occupancies o
      where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
        and o.join_until > now())
  $function$

-- private.may_review(uuid,uuid): Whether the caller is the student of a session that took place, and may already review it.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.may_review(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(private.review_opens_at(mentor, booking) <= now(), false)
  $function$

-- private.meet_calendar(uuid,uuid,uuid): The Google calendar that a mentor's sessions are written to, or a certain one, and whether it has the session's entry.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.meet_calendar(mentor uuid, session uuid, calendar uuid)
 RETURNS TABLE(calendar_id uuid, remote_id text, connection_id uuid, username text, credential bytea, has_entry boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select k.id, k.remote_id, c.id, c.username, c.credential, exists (
        select from public.session_entries e
        where e.expert_id = mentor and e.session_id = session and e.calendar_id = k.id
          and (e.ref is not null or e.writing_starts_at is not null))
    from public.connected_calendars k join public.calendar_connections c on c.id = k.connection_id
    where k.user_id = mentor and c.kind = 'google' and k.missing_since is null
      and case when calendar is null then k.receives_sessions and c.may_write is not false else k.id = calendar end
  $function$

-- private.meeting_facts(uuid,uuid): The facts for the messages about another way to meet.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.meeting_facts(mentor uuid, booking uuid)
 RETURNS TABLE(student_id uuid, mentor_id uuid, service_id uuid, occupancy_id uuid, student_name text, student_timezone text, status text, starts_at timestamp with time zone, ends_at timestamp with time zone, meeting_url text, has_fallen_back boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select b.user_id, b.expert_id, b.service_id, b.occupancy_id, b.user_name, b.student_timezone, b.status, b.starts_at, b.ends_at,
      coalesce(b.meeting_url, r.meeting_url), m.fell_back_at is not null
    from public.bookings b
      join private.made_meetings m on m.occupancy_id = b.occupancy_id and m.expert_id = b.expert_id
      left join public.mentor_rooms r on r.expert_id = b.expert_id
    where b.id = booking and b.expert_id = mentor
  $function$

-- private.mentor_of_booking(uuid): The mentor of a booking, for callers that may read it; null for all others. The only look-up of a booking by its id alone: everything else also takes the mentor, so that a mentor's rows can be stored together.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.mentor_of_booking(booking uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select b.expert_id from public.bookings b where b.id = booking
  $function$

-- private.mentor_of_waitlist(uuid): The mentor of an entry or an offer of the caller's; null for all others.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentor_of_waitlist(entry_or_offer uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.expert_id from public.waitlist_entries e where e.id = entry_or_offer and auth.uid() = e.user_id
    union all
    select o.expert_id from public.waitlist_offers o where o.id = entry_or_offer and auth.uid() = o.user_id
  $function$

-- private.mentor_search_text(text,text,text,text[],text[]): The text that the mentor search matches.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.mentor_search_text(full_name text, headline text, bio text, expertise text[], languages text[])
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select public.fold_for_search(concat_ws(
      ' ', full_name, headline, array_to_string(expertise, ' '), array_to_string(languages, ' '), bio))
  $function$

-- private.mentor_zone_at(uuid,timestamp with time zone): The zone a mentor is in at an instant, as in scheduling/zonePeriods.ts.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.mentor_zone_at(mentor uuid, instant timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return coalesce(
    -- The dates on which the zone changes, each at local midnight; the last one that has begun is in force. Skipped for
    -- the many mentors who do not travel.
    case when exists (select from public.timezone_periods p where p.expert_id = mentor) then
      (select change.timezone
       from (
         select p.starts_on as on_date, p.timezone from public.timezone_periods p where p.expert_id = mentor
         union all
         select p.ends_on + 1, e.timezone
         from public.timezone_periods p join public.expert_profiles e on e.id = p.expert_id
         where p.expert_id = mentor and not exists (
           select from public.timezone_periods n where n.expert_id = mentor and n.starts_on = p.ends_on + 1)
       ) change
       where private.start_of_day(change.on_date, change.timezone) <= instant
       order by change.on_date desc limit 1)
    end,
    (select e.timezone from public.expert_profiles e where e.id = mentor));
end
$function$

-- private.mentors_to_pay(uuid,integer): Mentors with enough to be paid out, in the order of their ids.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_to_pay(after_id uuid, most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select distinct a.owner_id from private.ledger_accounts a
    where a.kind = 'mentor' and a.balance_minor > 0 and a.balance_minor >= private.payout_minimum('csv')
      and (after_id is null or a.owner_id > after_id)
    order by a.owner_id limit most
  $function$

-- private.mentors_waited_for(uuid): The mentors whose queues a person with a closed account is in, and the person if others wait for them.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_waited_for(person uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select distinct e.expert_id from public.waitlist_entries e
    where e.user_id = person and e.state in ('waiting', 'offered') and private.is_closed(person)
    union
    select person where private.is_closed(person) and exists (
      select from public.waitlist_entries e where e.expert_id = person and e.state in ('waiting', 'offered'))
  $function$

-- private.mentors_with_abandoned_bookings(integer): The mentors of the oldest requests that have been pending for more than seven days.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_abandoned_bookings(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select distinct oldest.expert_id
    from (
      select b.expert_id from public.bookings b
      where b.status = 'pending' and b.created_at < now() - interval '7 days' and b.status_when_paid is null
      order by b.created_at limit most
    ) oldest
  $function$

-- private.mentors_with_alerts(integer,uuid): The next mentors with active alerts, in the order of their ids, for the regular check: days also open as the booking window moves on.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_alerts(most integer, after uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    -- From one mentor to the next in the index, past all further alerts for the same mentor.
    with recursive mentors (id, place) as (
      select (select a.expert_id from public.availability_alerts a
              where a.status = 'active' and a.expert_id > after order by a.expert_id limit 1), 1
      union all
      select (select a.expert_id from public.availability_alerts a
              where a.status = 'active' and a.expert_id > m.id order by a.expert_id limit 1), m.place + 1
        from mentors m where m.id is not null and m.place < most
    )
    select id from mentors where id is not null
  $function$

-- private.mentors_with_due_earnings(integer): The mentors of the payments that are earned and have been due for the longest.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_due_earnings(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select distinct due.expert_id
    from (
      select p.expert_id from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      where p.state = 'captured' and p.earned_at is null and p.due_at <= now()
        -- Judged before the limit, so that what a report or a dispute holds up is not in the way of others.
        and private.is_earned(p.expert_id, b.id, b.status) and not private.is_disputed(p.expert_id, p.accepted_attempt_id)
      order by p.due_at limit most
    ) due
  $function$

-- private.mentors_with_expired_time(integer): The mentors of the oldest expired requests, holds and offers.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_expired_time(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    (select b.expert_id from public.bookings b where b.status = 'pending' and b.expires_at <= now()
     order by b.expires_at limit most)
    union
    (select o.expert_id from public.occupancies o where o.state = 'hold' and o.expires_at <= now()
     order by o.expires_at limit most)
    union
    (select w.expert_id from public.waitlist_offers w where w.state = 'open' and w.booking_id is null and w.expires_at <= now()
     order by w.expires_at limit most)
  $function$

-- private.mentors_with_groups_to_decide(integer): The mentors of the group sessions that are to be decided now.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_groups_to_decide(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select d.expert_id from (
      select g.expert_id from public.group_sessions g
      where g.state = 'open' and g.decide_at <= now() order by g.decide_at limit most) d
    union
    select d.expert_id from (
      select p.expert_id from public.programmes p
      where p.state = 'open' and p.decide_at <= now() order by p.decide_at limit most) d
  $function$

-- private.mentors_with_offers_to_settle(integer): The mentors whose packages have expired, were not paid or are of a deleted person, or who have earned a session of one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_offers_to_settle(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select distinct due.expert_id
    from (
      (select p.expert_id from public.package_purchases p
       where p.state = 'active' and p.expires_at <= now() and not private.is_purchase_disputed(p.expert_id, p.id)
       order by p.expires_at limit most)
      union all
      (select p.expert_id from public.package_purchases p
       where p.state = 'unpaid' and p.created_at <= now() - interval '1 day' order by p.created_at limit most)
      union all
      (select u.expert_id from public.credit_uses u
         join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
       where u.state <> 'returned' and u.earned_at is null and b.ends_at + interval '72 hours' <= now()
         -- Judged before the limit, so that what a report holds up is not in the way of others.
         and private.is_earned(u.expert_id, b.id, b.status)
         and not private.is_purchase_disputed(u.expert_id, u.package_purchase_id)
       order by u.created_at limit most)
      union all
      (select p.expert_id from private.closed_accounts c
         join public.package_purchases p on p.user_id = c.user_id and p.state in ('active', 'unpaid')
       where c.why = 'deleted' limit most)
      union all
      (select p.expert_id from private.closed_accounts c
         join public.package_purchases p on p.expert_id = c.user_id and p.state in ('active', 'unpaid')
       where c.why = 'deleted' limit most)
    ) due
  $function$

-- private.mentors_with_past_blocked_dates(integer): The mentors of the oldest days off, dated hours and travels that are over.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_past_blocked_dates(most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    with today (timezone, on_date) as materialized (
      select z.timezone, private.wall_clock(now(), z.timezone)::date from private.zone_rules z
    )
    (select past.expert_id
     from (
       select b.expert_id
       from public.blocked_dates b join public.expert_profiles p on p.id = b.expert_id
         join today t on t.timezone = p.timezone
       -- No zone is a whole day ahead of UTC, so this finds everything that may be over.
       where b.date <= (now() at time zone 'UTC')::date and b.date < t.on_date
       order by b.date limit most
     ) past)
    union
    (select s.expert_id from public.availability_slots s
     where not s.is_recurring and s.specific_date < current_date - 60 order by s.specific_date limit most)
    union
    (select z.expert_id from public.timezone_periods z where z.ends_on < current_date - 365
     order by z.ends_on limit most)
  $function$

-- private.mentors_with_upcoming(uuid,integer): The mentors of a person's upcoming sessions, the person included.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_upcoming(person uuid, most integer)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    (select distinct b.expert_id from public.bookings b
     where b.user_id = person and b.status in ('pending', 'confirmed') and b.starts_at > now() limit most)
    union
    (select b.expert_id from public.bookings b
     where b.expert_id = person and b.status in ('pending', 'confirmed') and b.starts_at > now() limit 1)
  $function$

-- private.mentors_with_waits(integer,uuid): The next mentors with a queue, in the order of their ids, for the regular check: days also open as the booking window moves on.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mentors_with_waits(most integer, after uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    -- From one mentor to the next in the index, past all further entries for the same mentor.
    with recursive mentors (id, place) as (
      select (select e.expert_id from public.waitlist_entries e
              where e.state = 'waiting' and e.expert_id > after order by e.expert_id limit 1), 1
      union all
      select (select e.expert_id from public.waitlist_entries e
              where e.state = 'waiting' and e.expert_id > m.id order by e.expert_id limit 1), m.place + 1
        from mentors m where m.id is not null and m.place < most
    )
    select id from mentors where id is not null
  $function$

-- private.merge_refund(uuid,uuid,text,text,text): Learns the state of a refund: requested, sent, done or failed, in this order and never back.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.merge_refund(mentor uuid, refund uuid, new_state text, provider_id text, why_failed text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.refunds;
begin
  select * into known from public.refunds r where r.id = refund and r.expert_id = mentor for no key update;
  if private.forgets_words(mentor, known.payment_id) then
    why_failed := null;
  end if;
  update public.refunds r set provider_refund_id = coalesce(r.provider_refund_id, provider_id)
    where r.id = refund and r.expert_id = mentor and provider_id is not null and r.provider_refund_id is null;
  -- A refund that arrived may still come back, if the payer's account is closed; nothing else goes back.
  if array_position(array['requested', 'sent', 'done', 'failed'], new_state)
     <= array_position(array['requested', 'sent', 'done', 'failed'], known.state) then
    return;
  end if;
  update public.refunds r
    set state = new_state, failure = why_failed, sent_at = coalesce(r.sent_at, now()),
        settled_at = case when new_state in ('done', 'failed') then now() end
    where r.id = refund and r.expert_id = mentor;
  if new_state = 'done' then
    perform private.transfer(mentor, 'refund_done', refund, 'refunds_payable', known.payment_id, 'provider', mentor,
                             known.currency, known.amount_minor);
    perform private.record_money(mentor, known.payment_id, 'refund_done', known.amount_minor, known.why, refund, known.currency);
    perform private.issue_credit_note(mentor, refund);
    perform private.return_fee(mentor, refund);
  elsif new_state = 'failed' then
    if known.state = 'done' then
      perform private.transfer(mentor, 'refund_came_back', refund, 'provider', mentor, 'refunds_payable', known.payment_id,
                               known.currency, known.amount_minor);
    end if;
    -- Still owed; what is sent back of the attempt is less.
    update public.payment_attempts a set refunded_minor = a.refunded_minor - known.amount_minor, updated_at = now()
      where a.id = known.attempt_id and a.expert_id = mentor;
    update public.payments p
      set refunded_minor = p.refunded_minor - case when p.currency = known.currency then known.amount_minor else 0 end,
          updated_at = now()
      where p.id = known.payment_id and p.expert_id = mentor;
    perform private.flag_payment(mentor, known.payment_id, 'refund_failed');
    perform private.record_money(mentor, known.payment_id, 'refund_failed', known.amount_minor, why_failed, refund, known.currency);
  end if;
end
$function$

-- private.message_group(uuid,uuid,text): A message of the mentor to everyone with a confirmed seat. Returns how many they are.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.message_group(mentor uuid, group_session uuid, said text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
begin
  if session.id is null or auth.uid() is distinct from mentor then
    raise exception 'no such session of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if session.state = 'cancelled' or session.ends_at <= now() - interval '7 days' then
    raise exception 'the session is over or cancelled'
      using errcode = 'check_violation', constraint = 'group_sessions_step_allowed';
  end if;
  return private.tell_attendees(mentor, session.occupancy_id, 'messaged', 'mentor', said);
end
$function$

-- private.message_parties(uuid,uuid,uuid): What every message about a service needs: the names and addresses of its student and its mentor.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.message_parties(student uuid, mentor uuid, service uuid)
 RETURNS TABLE(student_email text, student_full_name text, student_zone text, mentor_email text, mentor_name text, mentor_zone text, mentor_username text, service_title text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select su.email, sp.full_name, coalesce(sp.timezone, se.timezone), mu.email, p.full_name,
      coalesce(mp.timezone, p.timezone), p.username, s.title
    from public.expert_profiles p
      join public.services s on s.id = service and s.expert_id = p.id
      join auth.users su on su.id = student
      join auth.users mu on mu.id = p.id
      left join public.profiles sp on sp.id = student
      left join public.profiles mp on mp.id = p.id
      left join public.expert_profiles se on se.id = student
    where p.id = mentor
  $function$

-- private.money_event_facts(uuid,bigint): The facts for the message about a money event; no row if another message says it, or if it is out of date.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.money_event_facts(mentor uuid, event bigint)
 RETURNS TABLE(kind text, amount_minor bigint, currency text, why text, happened_at timestamp with time zone, payment_id uuid, booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text, starts_at timestamp with time zone, document_id uuid, held_until timestamp with time zone, session_count integer, purchase_id uuid, package_sessions integer, expires_at timestamp with time zone, first_failed_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.kind, coalesce(day.earned, e.amount_minor), e.currency, coalesce(r.why, e.detail),
      case when e.kind in ('expiring', 'due') then e.notify_at else e.created_at end, e.payment_id, b.id, e.user_id, e.expert_id,
      coalesce(b.service_id, g.service_id), coalesce(b.user_name, z.full_name, private.account_name(to_jsonb(u))), coalesce(b.student_timezone, z.timezone, m.timezone), b.starts_at,
      (select d.id from public.documents d
       where d.expert_id = e.expert_id
         and case e.kind when 'paid' then d.kind = 'receipt' and d.reference_id = e.payment_id
                         when 'refund_done' then d.kind = 'credit_note' and d.reference_id = e.refund_id
                         when 'fee_returned' then d.kind = 'fee_credit_note' and d.reference_id = e.refund_id end),
      case when p.state = 'open' then b.expires_at end, case e.kind when 'earned' then day.sessions else parts.sessions end, g.id,
      case e.kind when 'expiring' then private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id))
        else g.sessions end::integer,
      g.expires_at,
      case when e.kind = 'failed' then (
        select min(f.created_at) from public.money_events f
        where f.payment_id = e.payment_id and f.expert_id = e.expert_id and f.kind = 'failed') end
    from public.money_events e
      join public.payments p on p.id = e.payment_id and p.expert_id = e.expert_id
      join public.expert_profiles m on m.id = e.expert_id
      join auth.users u on u.id = e.user_id
      left join public.profiles z on z.id = e.user_id
      -- Of a basket its first session, and how many there are.
      left join lateral (
        select (array_agg(x.id order by x.starts_at, x.id))[1] as first, count(*)::integer as sessions
        from public.bookings x where x.basket_id = p.basket_id and x.expert_id = p.expert_id
      ) parts on p.booking_id is null and p.basket_id is not null
      left join public.bookings b on b.id = coalesce(e.booking_id, parts.first) and b.expert_id = e.expert_id
      left join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
      left join public.refunds r on r.id = e.refund_id and r.expert_id = e.expert_id
      left join lateral (
        select sum(o.amount_minor)::bigint as earned,
          -- What is left of an expired package is no session's.
          (count(*) filter (where o.detail is distinct from 'expired'))::integer as sessions, min(o.id) as first
        from public.money_events o
        where o.kind = 'earned' and e.kind = 'earned' and o.expert_id = e.expert_id and o.currency = e.currency
          and o.notify_at = e.notify_at
      ) day on e.kind = 'earned'
    where e.id = event and e.expert_id = mentor
      and case e.kind
        -- Of a day's earnings one message, with their sum.
        when 'earned' then day.first = e.id
        -- The last attempt so far, if nothing else came of it.
        when 'failed' then
          (p.state = 'open' and (b.status = 'pending' and b.expires_at > now() or g.state = 'unpaid')
           or p.state in ('open', 'closed') and (p.closed_because is null or p.closed_because = 'lapsed'))
          and not exists (
            select from public.money_events o
            where o.payment_id = e.payment_id and o.expert_id = e.expert_id and o.kind = 'failed' and o.id > e.id)
          and not exists (
            select from public.payment_attempts t
            where t.payment_id = e.payment_id and t.expert_id = e.expert_id and t.state = 'created'
              and t.created_at > e.created_at)
        -- Charged although it was to be let go: what counts for the student is that it goes back.
        when 'paid' then p.closed_because is null
          or not exists (
            select from public.refunds f
            where f.payment_id = e.payment_id and f.expert_id = e.expert_id and f.requested_at = e.created_at
              and f.why = 'unwanted')
        when 'refund_requested' then
          -- The message about the failure said that it would be repeated.
          r.retry_of is null
          -- Said in the message about the payment that is not wanted, or done by now.
          and not exists (
            select from public.money_events o
            where o.payment_id = e.payment_id and o.expert_id = e.expert_id and o.created_at = e.created_at
              and (o.kind in ('late', 'surplus') and o.amount_minor = e.amount_minor
                   or o.kind = 'refund_done' and o.refund_id = e.refund_id))
          -- Said in the message about the cancellation.
          and not exists (
            select from public.booking_events o
            where o.booking_id = e.booking_id and o.expert_id = e.expert_id and o.created_at = e.created_at
              and (o.kind in ('cancelled', 'expired')
                   or o.kind = 'declined' and not exists (
                     select from public.time_requests q
                     where q.replaces_booking_id = b.id and q.expert_id = b.expert_id)))
        -- The payer's bank took it and says so.
        when 'refund_done' then r.why <> 'dispute'
        -- A session that came back has postponed it, and has a message of its own.
        when 'expiring' then g.state = 'active' and g.expires_at > now() and e.notify_at = g.expires_at - interval '7 days'
          and private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)) > 0
        -- Neither paid nor given up, and not moved since.
        when 'due' then p.state = 'open' and b.status = 'pending' and b.expires_at > now()
          and e.notify_at = b.starts_at - interval '72 hours'
        else true
      end
  $function$

-- private.money_overview(uuid): How many payments need attention, what the latest checks found and which webhooks were refused, without their contents. Names no person, so that it is not logged. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.money_overview(login uuid)
 RETURNS TABLE(orphaned integer, refunds_overdue integer, attention integer, since timestamp with time zone, webhooks jsonb, checks jsonb)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  return query
    select c.orphaned, c.refunds_overdue, t.attention, t.since,
      jsonb_build_object(
        'refused', (select count(*) from (
          select from private.payment_events e
          where e.verdict <> 'genuine' and e.received_at > now() - interval '24 hours' limit 10000) w),
        'latest', coalesce((select jsonb_agg(w) from (
          select e.id, e.provider, e.verdict, e.kind, e.order_id, e.received_at from private.payment_events e
          where e.verdict <> 'genuine' order by e.received_at desc limit 10) w), '[]')),
      coalesce((select jsonb_agg(r) from (
        select r.id, r.provider, r.state, r.from_at, r.until_at, r.started_at, r.ended_at, r.orders, r.put_right, r.differing,
          r.failure, r.findings
        from private.reconciliations r order by r.id desc limit 7) r), '[]')
    from private.count_money_troubles() c,
      (select count(*)::integer as attention, min(t.since) as since from private.money_troubles() t) t;
end
$function$

-- private.money_to_notify(integer): The money events whose messages have been due for the longest.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.money_to_notify(most integer)
 RETURNS TABLE(event_id bigint, mentor_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select e.id, e.expert_id from public.money_events e
      where e.notified_at is null and e.notify_at <= now() order by e.notify_at, e.id limit most
  $function$

-- private.money_troubles(): The payments that need an administrator, why and since when.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.money_troubles()
 RETURNS TABLE(mentor_id uuid, payment_id uuid, kinds text[], since timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    -- Each from its partial index, which has only what is not settled yet; and limited.
    with found as (
      (select p.expert_id, p.id as payment_id, k.kind, p.attention_at as since
       from public.payments p, unnest(string_to_array(p.attention, ', ')) k (kind)
       where p.attention is not null order by p.attention_at limit 10000)
      union all
      select o.mentor_id, o.payment_id, 'orphaned', o.since from private.orphaned_payments(1000) o
      union all
      select o.mentor_id, o.payment_id, 'refund_overdue', o.since from private.overdue_refunds(1000) o
      union all
      (select p.expert_id, p.id, 'unclear', p.unclear_since from public.payments p
       where p.unclear_since is not null order by p.unclear_since limit 1000)
      union all
      -- Charged when the mentor confirms; let go of when they do not. Razorpay has no call for that: it takes two days by itself.
      (select p.expert_id, p.id, case when p.closed_because is null then 'not_captured' else 'not_released' end, p.updated_at
       from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
       where p.state = 'authorized' and b.status <> 'pending'
         and p.updated_at < now() - case
           when p.provider = 'razorpay' and p.closed_because is not null then interval '60 hours' else interval '10 minutes' end
       order by p.updated_at limit 1000)
      union all
      (select a.expert_id, a.payment_id, 'not_released', a.updated_at
       from public.payment_attempts a join public.payments p on p.id = a.payment_id and p.expert_id = a.expert_id
       where a.verdict is distinct from 'accepted' and a.state = 'authorized'
         and a.updated_at < now() - case p.provider when 'razorpay' then interval '60 hours' else interval '10 minutes' end
       order by a.updated_at limit 1000)
    )
    select f.expert_id, f.payment_id, array_agg(distinct f.kind order by f.kind), min(f.since)
    from found f group by f.expert_id, f.payment_id
  $function$

-- private.move_booking(uuid,uuid,timestamp with time zone,date,text,text,text): Moves a booking to a start that the slot engine has checked: takes the new time, then frees the old one. Id, price and status stay.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.move_booking(mentor uuid, booking uuid, new_start timestamp with time zone, new_date date, new_time text, new_student_zone text, reason text)
 RETURNS SETOF public.bookings
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  locked public.bookings;
  moved public.bookings;
  profile public.expert_profiles;
  service public.services;
begin
  -- For a party to it only; no row for others. Locks the mentor, then the booking.
  select * into locked from public.lock_booking(mentor, booking);
  if not found then
    return;
  end if;
  if locked.status not in ('pending', 'confirmed') or locked.starts_at <= now() or locked.expires_at <= now()
     or locked.status_when_paid is not null then
    raise exception 'a % booking cannot be moved now', locked.status
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if auth.uid() is distinct from locked.expert_id
     and locked.starts_at - locked.reschedule_cutoff * interval '1 minute' <= now() then
    raise exception 'too late to move it' using errcode = 'check_violation', constraint = 'bookings_cutoff_kept';
  end if;
  if new_start < now() then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new_start = locked.starts_at then
    return next locked;
    return;
  end if;
  if locked.series_id is not null and exists (
      select from public.series q
      where q.id = locked.series_id and q.expert_id = locked.expert_id and q.programme_id is not null) then
    raise exception 'a session of a programme moves for all'
      using errcode = 'check_violation', constraint = 'programmes_move_for_all';
  end if;
  if new_student_zone is not null and not private.is_timezone(new_student_zone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  perform private.expire_requests(locked.expert_id);

  select * into profile from public.expert_profiles where id = locked.expert_id;
  -- Also a service that is no longer offered: existing bookings are unaffected.
  select * into service from public.services where id = locked.service_id and expert_id = locked.expert_id;
  moved := locked;
  moved.starts_at := new_start;
  moved.ends_at := new_start + locked.duration * interval '1 minute';
  -- least() of a null and a time is the time.
  moved.expires_at := case when locked.expires_at is not null then least(locked.expires_at, new_start) end;
  moved.occupancy_id := private.move_seat(
    moved.expert_id, locked.occupancy_id, service.id, service.capacity, moved.starts_at, moved.ends_at,
    private.busy_time(moved.starts_at, moved.ends_at, profile.buffer_before, profile.buffer_after),
    moved.status = 'confirmed', moved.expires_at);

  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  update public.bookings
    set starts_at = moved.starts_at, ends_at = moved.ends_at, expires_at = moved.expires_at,
        occupancy_id = moved.occupancy_id, scheduled_date = new_date, scheduled_time = new_time,
        mentor_timezone = profile.timezone, student_timezone = coalesce(new_student_zone, student_timezone)
    where id = booking and expert_id = locked.expert_id returning * into moved;
  perform set_config('matepeak.reason', '', true);
  if moved.occupancy_id is distinct from locked.occupancy_id then
    perform private.release_seat(locked.expert_id, locked.occupancy_id);
  end if;
  return next moved;
end
$function$

-- private.move_group_session(uuid,uuid,timestamp with time zone,text): Moves a coming session for all, with one reason, for its mentor; the exclusion constraint rejects taken time.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.move_group_session(mentor uuid, group_session uuid, new_start timestamp with time zone, reason text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  session public.group_sessions := private.lock_group_session(mentor, group_session);
  new_end timestamptz := new_start + (session.ends_at - session.starts_at);
  profile record;
  moved integer;
begin
  perform private.require_own_group(mentor, session.state, session.starts_at);
  if new_start <= now() then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new_start = session.starts_at then
    return 0;
  end if;
  select p.buffer_before, p.buffer_after into profile from public.expert_profiles p where p.id = mentor;
  update public.occupancies
    set starts_at = new_start, ends_at = new_end,
        during = private.busy_time(new_start, new_end, profile.buffer_before, profile.buffer_after),
        join_until = new_start + (join_until - starts_at)
    where id = session.occupancy_id and expert_id = mentor;
  -- The decision that was made for another time is open again, if there is time for it.
  update public.group_sessions g set state = 'open', decided_at = null
    where g.id = group_session and g.expert_id = mentor and g.state = 'on' and g.decide_at > now();
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  perform set_config('matepeak.for_all', 'on', true);
  -- No attendee has chosen this time: until it begins each attendee can leave, and gets everything back.
  update public.bookings
    set starts_at = new_start, ends_at = new_end, cancel_cutoff = 0, refund_full_cutoff = 0, refund_partial_cutoff = 0,
        expires_at = case when expires_at is not null then least(expires_at, new_start) end
    where occupancy_id = session.occupancy_id and expert_id = mentor and status in ('pending', 'confirmed');
  get diagnostics moved = row_count;
  perform set_config('matepeak.for_all', '', true);
  perform set_config('matepeak.reason', '', true);
  return moved;
end
$function$

-- private.move_judged_booking(uuid,uuid,bigint,uuid,integer,timestamp with time zone,date,text,text,text,text,text,jsonb): move_booking() for a start that was judged at these revisions of the schedule and the booking, with the key of the request and its response; no row if they have others by now, or the mentor is locked: read and judge again. is_known: there is a response under the key.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.move_judged_booking(caller uuid, mentor uuid, at_schedule bigint, booking uuid, at_booking integer, new_start timestamp with time zone, new_date date, new_time text, new_student_zone text, reason text, key text, hash text, answer jsonb)
 RETURNS TABLE(is_known boolean, updated_at timestamp with time zone, announcements text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '100ms'
AS $function$
begin
  -- As the trigger writes it, and as exact as the API says it.
  updated_at := date_trunc('milliseconds', now());
  is_known := false;
  if key is not null then
    insert into private.idempotency_keys as k (user_id, key, request_hash, body)
      values (caller, move_judged_booking.key, hash, jsonb_build_object(
        'answer', answer || jsonb_build_object('updated_at', private.instant_text(updated_at))))
      on conflict do nothing;
    if not found then
      is_known := true;
      return next;
      return;
    end if;
  end if;
  if not private.lock_judged_booking(caller, mentor, at_schedule, booking, at_booking) then
    delete from private.idempotency_keys k where k.user_id = caller and k.key = move_judged_booking.key;
    return;
  end if;
  perform from private.move_booking(mentor, booking, new_start, new_date, new_time, new_student_zone, reason);
  if not found then
    raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
  end if;
  announcements := current_setting('matepeak.announcements', true);
  return next;
end
$function$

-- private.move_payout(uuid,uuid,text,text,text): Takes a payout one step forward, with its line in the ledger; false if it is there or further already. The caller has locked the mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.move_payout(mentor uuid, payout uuid, new_state text, reference text DEFAULT NULL::text, why text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.payouts;
begin
  select * into known from public.payouts p where p.id = payout and p.expert_id = mentor for no key update;
  if not found or (known.state, new_state) not in (
      ('requested', 'sent'), ('requested', 'failed'), ('sent', 'paid'), ('sent', 'failed'), ('paid', 'reversed')) then
    return false;
  end if;
  update public.payouts p
    set state = new_state,
        bank_reference = case when p.method = 'csv' then coalesce(p.bank_reference, reference) end,
        transfer_id = case when p.method = 'route' then coalesce(p.transfer_id, reference) end,
        failure = case when new_state in ('failed', 'reversed') then coalesce(why, p.failure) end,
        reversed_minor = case when new_state = 'reversed' then p.amount_minor else p.reversed_minor end,
        sealed_account = case when new_state in ('paid', 'failed') then null else p.sealed_account end,
        sent_at = case when new_state = 'failed' then p.sent_at else coalesce(p.sent_at, now()) end,
        settled_at = case when new_state <> 'sent' then now() end, calling_until = null
    where p.id = payout and p.expert_id = mentor;
  if new_state = 'paid' then
    perform private.transfer(mentor, 'payout_paid', payout, 'payouts_pending', payout, 'bank', mentor, known.currency,
                             known.amount_minor);
  elsif new_state = 'failed' then
    perform private.transfer(mentor, 'payout_failed', payout, 'payouts_pending', payout, 'mentor', mentor, known.currency,
                             known.amount_minor);
  elsif new_state = 'reversed' and known.amount_minor > known.reversed_minor then
    perform private.transfer(mentor, 'payout_returned', payout, 'bank', mentor, 'mentor', mentor, known.currency,
                             known.amount_minor - known.reversed_minor);
  end if;
  -- A transfer through the provider is part of one payment, and the mentor hears of the day's earnings. What was never sent did
  -- not fail for the mentor.
  if known.method = 'csv' and (new_state in ('paid', 'reversed') or new_state = 'failed' and known.state = 'sent') then
    perform private.enqueue('notify_payout', jsonb_build_object('mentor_id', mentor, 'payout_id', payout, 'state', new_state));
  end if;
  return true;
end
$function$

-- private.move_seat(uuid,uuid,uuid,integer,timestamp with time zone,timestamp with time zone,tstzrange,boolean,timestamp with time zone): Takes the new time of a booking that still has its old seat; the exclusion constraint rejects taken time.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.move_seat(mentor uuid, old_seat uuid, service uuid, seats integer, session_start timestamp with time zone, session_end timestamp with time zone, busy tstzrange, confirmed boolean, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seat uuid := private.join_session(mentor, service, seats, session_start, session_end, confirmed, expiry);
begin
  if seat is null then
    -- A session without other seats moves as a whole, so that it cannot conflict with itself; one that its mentor scheduled stays.
    update public.occupancies
      set starts_at = session_start, ends_at = session_end, during = busy, capacity = seats, expires_at = expiry
      where id = old_seat and expert_id = mentor and seats_taken = 1 and join_until is null
      returning id into seat;
  end if;
  return coalesce(
    seat, private.take_seat(
      mentor, service, seats, session_start, session_end, busy, case when confirmed then 'booked' else 'requested' end, expiry));
end
$function$

-- private.move_together(uuid,jsonb,text,text): move_booking() of several bookings in the order given, all or none, for a party to them.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.move_together(mentor uuid, moves jsonb, new_student_zone text, reason text)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  move record;
  moved integer := 0;
begin
  perform private.lock_mentor(mentor);
  for move in
    select m.* from jsonb_array_elements(moves) with ordinality e (value, place),
      jsonb_to_record(e.value) m (id uuid, starts_at timestamptz, date date, time text)
    order by e.place
  loop
    perform from private.move_booking(mentor, move.id, move.starts_at, move.date, move.time, new_student_zone, reason);
    if not found then
      raise exception 'not a party to the booking' using errcode = 'insufficient_privilege';
    end if;
    moved := moved + 1;
  end loop;
  return moved;
end
$function$

-- private.mute_topic(uuid,text): Ends messages of a topic on a channel for a person, who follows a signed link and may have done so before.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.mute_topic(person uuid, mute text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into public.notification_settings as s (user_id, muted)
    select u.id, array[mute] from auth.users u where u.id = person
    on conflict (user_id) do update set muted = s.muted || excluded.muted where not s.muted @> excluded.muted;
  if found then
    perform private.notify_person(person, 'account');
  end if;
end
$function$

-- private.needs_approval(uuid): Whether a run must be approved by an administrator who has not made it: it is large, and there is another one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.needs_approval(run uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select r.approved_at is null
      and (select count(*) from private.administrators a where not private.is_closed(a.user_id)) > 1
      and coalesce((select sum(p.amount_minor) from public.payouts p where p.run_id = run), 0)
        > coalesce((select s.approval_above_minor from private.payout_settings s), 0)
    from private.payout_runs r where r.id = run
  $function$

-- private.next_morning(uuid): Nine o'clock on the mentor's clock.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.next_morning(mentor uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Ten minutes before it is too late for today: what is written until then is committed by nine.
    select private.instant_of(
        (private.wall_clock(now() + interval '10 minutes', zone) - time '09:00')::date + 1, '09:00', zone)
      from (
        select coalesce(u.timezone, m.timezone) as zone
        from public.expert_profiles m left join public.profiles u on u.id = m.id where m.id = mentor
      ) clock
  $function$

-- private.note_difference(uuid,uuid): Brings a payment that still differs from the provider's list to the attention of administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_difference(mentor uuid, payment uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.flag_payment(mentor, payment, 'provider_differs')
  $function$

-- private.note_entries_work(uuid,uuid): A calendar could be written: what has waited for that is due.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.note_entries_work(mentor uuid, calendar uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.connected_calendars k
    set entries_problem = null, entries_problem_detail = null, entries_failures = 0, entries_due_at = null
    where k.id = calendar and (k.entries_problem is not null or k.entries_due_at is not null);
  if found then
    perform private.notify_person(mentor, 'calendars');
  end if;
end
$function$

-- private.note_entry_failed(uuid,uuid,uuid,uuid,text,text,interval,boolean,boolean): Notes that an entry could not be written, and when to try again; for its whole calendar if the reason is not the entry.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_entry_failed(mentor uuid, session uuid, calendar uuid, held uuid, failure text, detail text, pause interval, was_not_written boolean, is_of_calendar boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_entry_calendar(calendar);
  update public.session_entries e
    set problem = case when not is_of_calendar then failure end,
        failures = case when is_of_calendar then e.failures else e.failures + 1 end,
        due_at = case when is_of_calendar then e.due_at else now() + pause end,
        writing_starts_at = case when not was_not_written then e.writing_starts_at end,
        lease = null, leased_until = null
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  if not found then
    return false;
  end if;
  if is_of_calendar then
    -- What the provider refuses for one entry it refuses for the next one.
    update public.connected_calendars k
      set entries_problem = failure, entries_problem_detail = detail, entries_failures = k.entries_failures + 1,
          entries_due_at = now() + pause
      where k.id = calendar;
    perform private.notify_person(mentor, 'calendars');
  end if;
  return true;
end
$function$

-- private.note_entry_found(uuid,uuid,uuid,uuid,integer,boolean,text,timestamp with time zone): Notes how an entry was found in its calendar: the same, moved or deleted, of which its owner is asked once. A start of null cannot be told.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_entry_found(mentor uuid, session uuid, calendar uuid, held uuid, seen integer, is_there boolean, at_etag text, found_start timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  entry public.session_entries;
  asks text;
  is_new boolean;
begin
  perform private.lock_entry_calendar(calendar);
  select * into entry from public.session_entries e
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held for no key update;
  if not found then
    return 'lost';
  end if;
  asks := case
    when not is_there then 'deleted'
    when found_start <> entry.written_starts_at and found_start is distinct from entry.writing_starts_at then 'moved'
  end;
  -- The same question keeps its id: an answer to it on an open page counts.
  is_new := asks is not null and (entry.question, entry.moved_to) is distinct from (asks, case when asks = 'moved' then found_start end);
  update public.session_entries e
    set ref = case when is_there then e.ref end,
        etag = case when is_there then at_etag end,
        written_starts_at = case when found_start = e.writing_starts_at then found_start else e.written_starts_at end,
        writing_starts_at = null, checked = seen, problem = null, lease = null, leased_until = null,
        question = asks,
        moved_to = case when asks = 'moved' then found_start end,
        noticed_at = case when is_new then now() when asks is not null then e.noticed_at end,
        question_id = case when is_new then gen_random_uuid() when asks is not null then e.question_id end
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar;
  -- What no read of the calendar has seen is still awaited: some servers never say that it is gone.
  insert into public.connected_objects as o (calendar_id, ref, user_id, uid, awaits_read)
    select calendar, entry.ref, k.user_id, entry.uid, true from public.connected_calendars k
    where k.id = calendar and is_there
    on conflict (calendar_id, ref) do update set etag = case when not o.awaits_read then at_etag end, uid = excluded.uid;
  if is_new then
    perform private.enqueue('ask_entry_owner', jsonb_build_object(
      'mentor_id', mentor, 'session_id', session, 'question_id', (
        select e.question_id from public.session_entries e
        where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar)));
  end if;
  if is_new or (asks is null and entry.question is not null) then
    perform private.notify_person(mentor, 'bookings');
  end if;
  return coalesce(asks, 'same');
end
$function$

-- private.note_entry_removed(uuid,uuid,uuid,uuid): Notes that an entry is gone from a calendar; false if it took longer than its lease.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_entry_removed(mentor uuid, session uuid, calendar uuid, held uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  removed text := (select e.ref from public.session_entries e where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar);
begin
  perform private.lock_entry_calendar(calendar);
  update public.session_entries e
    set ref = null, etag = null, written_revision = null, writing_starts_at = null,
        question = null, question_id = null, moved_to = null, noticed_at = null,
        problem = null, failures = 0, due_at = now(), lease = null, leased_until = null
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  if not found then
    return false;
  end if;
  perform private.note_entries_work(mentor, calendar);
  delete from public.connected_objects o where o.calendar_id = calendar and o.ref = removed;
  return true;
end
$function$

-- private.note_entry_written(uuid,uuid,uuid,uuid,text,text,text,integer,timestamp with time zone): Notes what a worker has written; false if it took longer than its lease.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_entry_written(mentor uuid, session uuid, calendar uuid, held uuid, at_ref text, at_etag text, at_uid text, at_revision integer, at_start timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(mentor);
  perform private.lock_entry_calendar(calendar);
  update public.session_entries e
    set ref = at_ref, etag = at_etag, uid = at_uid, written_revision = at_revision, written_starts_at = at_start,
        writing_starts_at = null, question = null, question_id = null, moved_to = null, noticed_at = null,
        problem = null, failures = 0, due_at = now(), lease = null, leased_until = null
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  if not found then
    return false;
  end if;
  perform private.note_entries_work(mentor, calendar);
  -- Without its version, the next read brings it, or else shows that it is gone.
  insert into public.connected_objects (calendar_id, ref, user_id, uid, awaits_read) values (calendar, at_ref, mentor, at_uid, true)
    on conflict (calendar_id, ref) do update set etag = null, uid = excluded.uid, awaits_read = true;
  -- It may have been read before it was known to be ours.
  delete from public.connected_events e using public.connected_objects o
    where o.user_id = mentor and (o.uid = at_uid or o.calendar_id = calendar and o.ref = at_ref)
      and e.calendar_id = o.calendar_id and e.ref = o.ref;
  if found then
    perform private.refresh_busy_times(mentor);
  end if;
  return true;
end
$function$

-- private.note_host(uuid,text): Where a connection is read, in the transaction that sets its address.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_host(connection uuid, reached text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.calendar_connections set host = reached where id = connection
  $function$

-- private.note_meeting(uuid,uuid,uuid,text,text,uuid[],text[],text,text,timestamp with time zone,timestamp with time zone): Records a meeting that was made or moved, and its link in the bookings of the session, unless their mentor has set another one. False if the run has lost its lease.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_meeting(mentor uuid, session uuid, claim uuid, new_ref text, shared_url text, seats uuid[], seat_urls text[], host_url text, note text, from_then timestamp with time zone, until_then timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  m private.made_meetings;
  agrees boolean;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  update public.bookings x
    set meeting_place = (x.meeting_place - 'note') || jsonb_strip_nulls(jsonb_build_object('url', s.url, 'note', note)),
      meeting_url = case when x.meeting_url is not distinct from x.meeting_place ->> 'url' then s.url else x.meeting_url end,
      meeting_note = case
        when x.meeting_url is not distinct from x.meeting_place ->> 'url' then note_meeting.note else x.meeting_note end
    from unnest(seats, seat_urls) s (id, url)
    where x.id = s.id and x.expert_id = mentor and x.occupancy_id = session and x.status = 'confirmed'
      and x.meeting_place ->> 'kind' = m.kind
      and (x.meeting_place ->> 'url', x.meeting_place ->> 'note') is distinct from (s.url, note_meeting.note);
  select bool_and((b.starts_at, b.ends_at) = (from_then, until_then) and b.meeting_place ? 'url') into agrees
    from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  update private.made_meetings x
    set ref = new_ref, guest_url = shared_url, note = note_meeting.note, host_url = note_meeting.host_url,
      starts_at = from_then, ends_at = until_then, is_unsure = false,
      failures = 0, problem = null, fell_back_at = null, was_left = false, lease = null, leased_until = null,
      asked_at = case when agrees then null else x.asked_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  if m.fell_back_at is not null then
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_restored', 'at', m.fell_back_at))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  elsif m.was_left and m.guest_url <> shared_url then
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_changed', 'at', now()))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
  end if;
  return true;
end
$function$

-- private.note_meeting_failure(uuid,uuid,uuid,text,boolean,boolean,interval): Records a failed attempt and when the next one is. falls_back: from now on the session uses the mentor's room, and all its people are told, once. may_exist: there was no answer, so it may have been made.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_meeting_failure(mentor uuid, session uuid, claim uuid, code text, may_exist boolean, falls_back boolean, again_after interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  m private.made_meetings;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  update private.made_meetings x
    set failures = x.failures + 1, problem = code, is_unsure = may_exist, lease = null, leased_until = null
    where x.occupancy_id = session and x.expert_id = mentor;
  if falls_back and m.fell_back_at is null
     and exists (select from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed') then
    update private.made_meetings x set fell_back_at = now(), asked_at = null
      where x.occupancy_id = session and x.expert_id = mentor;
    perform private.notify_person(party.id, 'bookings')
      from private.seats_of_meeting(mentor, session, m.kind) b
        cross join lateral unnest(array[b.user_id, b.expert_id]) party (id)
      where b.status = 'confirmed' group by party.id;
    perform private.enqueue('notify_meeting', jsonb_build_object(
        'mentor_id', mentor, 'booking_id', b.id, 'kind', 'meeting_fell_back', 'at', now()))
      from private.seats_of_meeting(mentor, session, m.kind) b where b.status = 'confirmed';
    update public.bookings x
      set meeting_place = x.meeting_place - 'url' - 'note',
        meeting_url = case when x.meeting_url is distinct from x.meeting_place ->> 'url' then x.meeting_url end,
        meeting_note = case when x.meeting_url is distinct from x.meeting_place ->> 'url' then x.meeting_note end
      where x.occupancy_id = session and x.expert_id = mentor and x.status = 'confirmed'
        and x.meeting_place ->> 'kind' = m.kind and x.meeting_place ? 'url';
  end if;
  if again_after is not null then
    perform private.arrange_meeting(mentor, session, again_after);
  end if;
  return true;
end
$function$

-- private.note_push_channel(uuid,uuid,uuid,text,text,bytea,timestamp with time zone,interval): Notes how a provider reports changes of a calendar, or that it does not; false if the lease is another worker's by now. Without a secret, that of before holds.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_push_channel(connection uuid, held uuid, calendar uuid, channel text, resource text, secret_hash bytea, ends_at timestamp with time zone, due_in interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.calendar_connections c where c.id = connection and c.lease = held for no key update;
  if not found then
    return false;
  end if;
  update public.connected_calendars k
    set push_channel = channel,
        push_resource = resource,
        push_secret_hash = case when channel is not null then coalesce(secret_hash, k.push_secret_hash) end,
        push_ends_at = ends_at,
        push_due_at = now() + due_in
    where k.id = calendar and k.connection_id = connection;
  return found;
end
$function$

-- private.note_refund(uuid,uuid,text,text,text): What the provider answered to a refund: sent, done or failed. Returns its payment.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_refund(mentor uuid, refund uuid, new_state text, provider_id text DEFAULT NULL::text, why_failed text DEFAULT NULL::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  payment uuid;
begin
  perform private.lock_mentor(mentor);
  select r.payment_id into payment from public.refunds r where r.id = refund and r.expert_id = mentor;
  if not found then
    return null;
  end if;
  perform from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  perform private.merge_refund(mentor, refund, new_state, provider_id, why_failed);
  perform private.refresh_payment_status(mentor, payment);
  return payment;
end
$function$

-- private.note_refund_by_hand(uuid,uuid,uuid,bigint): A refund that was made at the provider. Of a basket it is taken from its sessions, the latest first.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.note_refund_by_hand(mentor uuid, payment uuid, attempt uuid, amount bigint)
 RETURNS uuid[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  failed record;
  part record;
  rest bigint := amount;
  noted uuid[] := '{}';
begin
  -- Perhaps instead of one that had failed.
  select r.id, r.payment_id, r.attempt_id into failed
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.refunds r on r.attempt_id = same.id and r.expert_id = mentor
    where r.state = 'failed' and r.amount_minor = amount
      and not exists (select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)
    order by r.id limit 1;
  if found then
    return array[private.request_refund(mentor, failed.payment_id, failed.attempt_id, amount, 'provider', failed.id)];
  end if;
  for part in
    select a.id, a.payment_id, a.captured_minor - private.returned_minor(mentor, a.id) as is_left
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.payment_attempts a on a.id = same.id and a.expert_id = mentor
      join public.payments p on p.id = a.payment_id and p.expert_id = a.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where a.id <> attempt
    order by b.starts_at desc, b.id
  loop
    continue when rest = 0 or part.is_left <= 0;
    noted := noted || private.request_refund(mentor, part.payment_id, part.id, least(rest, part.is_left), 'provider');
    rest := rest - least(rest, part.is_left);
  end loop;
  if rest > 0 then
    noted := noted || private.request_refund(mentor, payment, attempt, rest, 'provider');
  end if;
  return noted;
end
$function$

-- private.note_reversal(uuid,uuid,text,text,text): How a reversal ended. Until then its part of the refund is our loss; one that is refused is taken from the balance, as far as that goes.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_reversal(mentor uuid, reversal uuid, new_state text, provider_id text DEFAULT NULL::text, why text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.payout_reversals;
  payment uuid;
  part bigint;
begin
  perform private.lock_mentor(mentor);
  select * into known from public.payout_reversals r where r.id = reversal and r.expert_id = mentor;
  select p.payment_id into payment from public.payouts p
    where p.id = known.payout_id and p.expert_id = mentor for no key update;
  select * into known from public.payout_reversals r where r.id = reversal and r.expert_id = mentor for no key update;
  update public.payouts p set calling_until = null where p.id = known.payout_id and p.expert_id = mentor;
  if known.state is distinct from 'requested' then
    return;
  end if;
  update public.payout_reversals r set state = new_state, reversal_id = provider_id, failure = why, settled_at = now()
    where r.id = reversal and r.expert_id = mentor;
  if new_state = 'done' then
    perform private.transfer(mentor, 'payout_reversed', reversal, 'bank', mentor, 'losses', mentor, known.currency,
                             known.amount_minor);
    update public.payouts p
      set reversed_minor = p.reversed_minor + known.amount_minor,
          state = case when p.reversed_minor + known.amount_minor = p.amount_minor then 'reversed' else p.state end
      where p.id = known.payout_id and p.expert_id = mentor;
  else
    part := least(known.amount_minor, private.balance_of(mentor, 'mentor', mentor, known.currency));
    if part > 0 then
      perform private.transfer(mentor, 'refund_from_balance', reversal, 'mentor', mentor, 'losses', mentor, known.currency, part);
    end if;
    if new_state = 'refused' then
      perform private.flag_payment(mentor, payment, 'reversal_refused');
    end if;
  end if;
end
$function$

-- private.note_settlement(text,text,text,text,timestamp with time zone,bigint,text,bigint): Notes that the provider has paid out the money of an attempt, and what differs: the amount, the settlement or the fee. Any number of times; no row if the order is not ours.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_settlement(with_provider text, of_order text, of_attempt text, settlement text, paid_out_at timestamp with time zone, amount bigint, money_currency text, fee bigint)
 RETURNS TABLE(mentor_id uuid, payment_id uuid, faults text[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  known record;
  attempt record;
  trouble text;
begin
  select p.id, p.expert_id, p.attention into known
    from private.payment_orders o join public.payments p on p.id = o.payment_id and p.expert_id = o.expert_id
    where o.provider = with_provider and o.order_id = of_order;
  if not found then
    return;
  end if;
  mentor_id := known.expert_id;
  payment_id := known.id;
  select a.id, a.settlement_id, a.fee_minor, a.currency into attempt
    from public.payment_attempts a
    where a.expert_id = mentor_id and a.payment_id = known.id and a.attempt_id = of_attempt;
  faults := case when attempt.id is null then '{settlement_differs}'
                 else private.settlement_faults(mentor_id, attempt.id, settlement, amount, money_currency, fee) end;
  -- Most lines were noted by an earlier check.
  if attempt.settlement_id is not null and faults = '{}' and known.attention is null then
    return next;
    return;
  end if;
  perform private.lock_mentor(mentor_id);
  perform from public.payments p where p.id = known.id and p.expert_id = mentor_id for no key update;
  if attempt.id is not null then
    update public.payment_attempts a set settlement_id = settlement, settled_at = paid_out_at
      where a.id = attempt.id and a.expert_id = mentor_id and a.settlement_id is null;
    -- The order may not have said yet what the provider keeps.
    update public.payment_attempts a set fee_minor = fee
      where a.id = attempt.id and a.expert_id = mentor_id and a.state = 'captured' and a.fee_minor is null
        and a.currency = money_currency;
    if found and fee > 0 then
      perform private.transfer(mentor_id, 'provider_fee', attempt.id, 'provider', mentor_id, 'provider_fees', mentor_id,
                               money_currency, fee);
    end if;
    faults := private.settlement_faults(mentor_id, attempt.id, settlement, amount, money_currency, fee);
    perform private.unflag_payment(mentor_id, known.id, 'not_settled');
  end if;
  foreach trouble in array array['settlement_differs', 'fee_differs'] loop
    if trouble = any (faults) then
      perform private.flag_payment(mentor_id, known.id, trouble);
    else
      perform private.unflag_payment(mentor_id, known.id, trouble);
    end if;
  end loop;
  return next;
end
$function$

-- private.note_transfer(uuid,uuid,text,text,text): What the provider says about a transfer: sent, paid, failed or reversed. Returns the state of the payout.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_transfer(mentor uuid, payout uuid, new_state text, provider_id text DEFAULT NULL::text, why text DEFAULT NULL::text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.payouts;
begin
  perform private.lock_mentor(mentor);
  select * into known from public.payouts p
    where p.id = payout and p.expert_id = mentor and p.method = 'route' for no key update;
  if not found then
    return null;
  end if;
  update public.payouts p set calling_until = null, transfer_id = coalesce(p.transfer_id, provider_id)
    where p.id = payout and p.expert_id = mentor;
  if new_state = 'reversed' and known.state = 'sent' then
    -- It had arrived before it was taken back.
    perform private.move_payout(mentor, payout, 'paid', provider_id);
  end if;
  if new_state <> 'sent' and private.move_payout(mentor, payout, new_state, provider_id, why) and new_state <> 'paid' then
    perform private.flag_payment(mentor, known.payment_id, 'transfer_' || new_state);
  end if;
  return (select p.state from public.payouts p where p.id = payout and p.expert_id = mentor);
end
$function$

-- private.note_unclear(uuid,uuid): The provider did not say what became of a payment.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_unclear(mentor uuid, payment uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.payments p set unclear_since = now()
      where p.id = payment and p.expert_id = mentor and p.unclear_since is null
  $function$

-- private.note_unsettled(uuid,uuid): Brings a payment whose money the provider has not paid out to the attention of administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.note_unsettled(mentor uuid, payment uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.flag_payment(mentor, payment, 'not_settled')
  $function$

-- private.notifications_about(uuid): What other people's inboxes have about a person.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.notifications_about(person uuid)
 RETURNS SETOF public.notifications
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select n.* from public.bookings b join public.notifications n on n.booking_id = b.id
      where person in (b.user_id, b.expert_id) and n.user_id <> person
    union all
    select n.* from public.time_requests r join public.notifications n on n.request_id = r.id
      where person in (r.user_id, r.expert_id) and n.user_id <> person and n.booking_id is null
    union all
    select n.* from public.services s
        join public.notifications n on n.kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed') and n.payload ->> 'service_id' = s.id::text
      where s.expert_id = person and n.user_id <> person and n.booking_id is null and n.request_id is null
  $function$

-- private.notify_person(uuid,text): Announces to a person's open pages what has changed: bookings, requests, notifications, calendars or account.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.notify_person(person uuid, about text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.announce('person', person || ' ' || about)
  $function$

-- private.open_basket(uuid,uuid): Opens the payment of a basket, which its bookings' payments are the parts of. For its student, after the bookings are written.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.open_basket(mentor uuid, basket uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  total bigint;
  parts bigint;
begin
  select k.total_minor, (
      select coalesce(sum(b.total_minor), 0) from public.bookings b where b.basket_id = k.id and b.expert_id = k.expert_id)
    into total, parts
    from public.baskets k where k.id = basket and k.expert_id = mentor and k.user_id = auth.uid();
  if total is distinct from parts then
    raise exception 'the basket has bookings of %, not %', parts, total
      using errcode = 'check_violation', constraint = 'baskets_total_is_sum';
  end if;
  -- Nothing is paid if nothing is collected.
  insert into public.payments (expert_id, user_id, basket_id, provider, capture, amount_minor, currency)
    select k.expert_id, k.user_id, k.id, s.provider, 'automatic', k.total_minor, k.currency
    from public.baskets k, private.money_settings s
    where k.id = basket and k.expert_id = mentor and exists (
      select from public.payments p where p.basket_id = k.id and p.expert_id = k.expert_id);
end
$function$

-- private.open_entry_questions(uuid,uuid): What a mentor has done to a session in the calendar that receives the sessions, and has not said yet what it is to mean.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.open_entry_questions(mentor uuid, session uuid)
 RETURNS TABLE(calendar_id uuid, calendar_name text, question_id uuid, question text, moved_to timestamp with time zone, noticed_at timestamp with time zone, seats integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.calendar_id, k.name, e.question_id, e.question, e.moved_to, e.noticed_at,
      (select o.seats_taken from public.occupancies o where o.id = g.occupancy_id and o.expert_id = g.expert_id)
    from public.session_entries e
      join public.connected_calendars k on k.id = e.calendar_id and k.receives_sessions
      left join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
      left join public.group_sessions g on g.id = e.group_session_id and g.expert_id = e.expert_id
    where e.expert_id = mentor and e.session_id = session and e.question_id is not null and e.left_out_at is null
      -- Of the session as it was written: one that was moved or cancelled meanwhile is no question any more.
      and coalesce(b.starts_at, g.starts_at) = e.written_starts_at and coalesce(b.ends_at, g.ends_at) > now()
      and (b.status in ('pending', 'confirmed') or private.group_takes_place(g.expert_id, g.occupancy_id))
  $function$

-- private.open_group(uuid,uuid): Opens a group session with the terms of its service as they are now. Those who wait for one that has ended with its last seat wait for the new one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.open_group(seat uuid, mentor uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into public.group_sessions (
        expert_id, service_id, occupancy_id, origin, starts_at, ends_at, capacity, min_attendees, decide_minutes, decide_at,
        late_join_minutes)
      select o.expert_id, o.service_id, o.id, case when o.join_until is null then 'booked' else 'scheduled' end, o.starts_at,
        o.ends_at, o.capacity, least(s.min_attendees, o.capacity), s.decide_minutes,
        o.starts_at - s.decide_minutes * interval '1 minute', s.late_join_minutes
      from public.occupancies o join public.services s on s.id = o.service_id and s.expert_id = o.expert_id
      where o.id = seat and o.expert_id = mentor;
    update public.waitlist_entries e set group_session_id = g.id
      from public.group_sessions g
      where g.occupancy_id = seat and g.expert_id = mentor and e.expert_id = mentor and e.kind = 'group'
        and e.group_session_id is null and e.service_id = g.service_id and e.starts_from = g.starts_at
        and e.state in ('waiting', 'offered');
  $function$

-- private.open_group_session(): A time in the ledger with several seats is a group session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.open_group_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.open_group(new.id, new.expert_id);
  return null;
end
$function$

-- private.open_logins(uuid[]): Those of Supabase Auth's logins that count: not ended, and of a person with an address who is neither banned nor closed.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.open_logins(logins uuid[])
 RETURNS TABLE(login uuid, person uuid, email text, name text, has_settings boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$

-- private.open_payment(): Every unpaid booking has a payment of exactly its price.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.open_payment()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into public.payments (
      expert_id, user_id, booking_id, basket_id, provider, capture, amount_minor, currency, due_at, poll_at)
    select new.expert_id, new.user_id, new.id, new.basket_id, s.provider,
      -- A part of what is reserved for several sessions could not be charged by itself.
      case when new.status_when_paid = 'confirmed' or new.basket_id is not null then 'automatic' else 'manual' end,
      new.total_minor, new.currency, new.ends_at + interval '72 hours', null
    from private.money_settings s;
  return null;
end
$function$

-- private.open_transfers(integer): The transfers whose end is not known: those that were never asked about, then those asked about longest ago.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.open_transfers(most integer)
 RETURNS TABLE(mentor_id uuid, payout_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select p.expert_id, p.id from public.payouts p
    where p.method = 'route' and p.state in ('requested', 'sent') and (p.calling_until is null or p.calling_until <= now())
    -- What was asked about longest ago comes first, so that transfers that stay unclear are not in the way of others.
    order by p.calling_until nulls first, p.requested_at limit most
  $function$

-- private.ordered_payment(uuid,uuid): The payment that has the order at the provider: the basket's for a part of one, or else the payment itself.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.ordered_payment(mentor uuid, payment uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((
        select whole.id from public.payments whole
        where whole.basket_id = p.basket_id and whole.expert_id = p.expert_id and whole.booking_id is null), p.id)
    from public.payments p where p.id = payment and p.expert_id = mentor
  $function$

-- private.orders_of(uuid[],uuid[]): The orders to ask the provider about, if there are any yet.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.orders_of(mentors uuid[], payments uuid[])
 RETURNS TABLE(payment_id uuid, provider text, order_id text, state text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
    select p.id, p.provider, o.order_id, p.state
    from unnest(mentors, payments) asked (mentor, payment)
      join public.payments p on p.id = asked.payment and p.expert_id = asked.mentor
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
  $function$

-- private.orphaned_payments(integer): Payments whose money has had neither a booking nor the refund that is owed for ten minutes.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.orphaned_payments(most integer)
 RETURNS TABLE(mentor_id uuid, payment_id uuid, since timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Money that pays for nothing and is not on its way back.
    (select a.expert_id, a.payment_id, a.updated_at
     from public.payment_attempts a
     where a.verdict is distinct from 'accepted' and a.state = 'captured' and a.refunded_minor < a.captured_minor
       and a.updated_at < now() - interval '10 minutes'
     order by a.updated_at limit most)
    union all
    -- Money of a session that is called off, of which less is on its way back than the stored policy says.
    (select p.expert_id, p.id, coalesce(ended.at, p.updated_at)
     from public.bookings b
       join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
       join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
       left join lateral (
         -- What the mentor has not agreed to yet goes back entirely.
         select e.created_at as at, case when e.from_status = 'pending' then 'system' else e.actor end as actor
         from public.booking_events e
         where e.booking_id = b.id and e.expert_id = b.expert_id and e.to_status = 'cancelled'
         order by e.id desc limit 1) ended on true
     -- Ten days after the session the mentor has been credited, unless that is disputed.
     where b.payment_status in ('completed', 'partially_refunded') and b.status in ('pending', 'cancelled')
       and b.ends_at > now() - interval '10 days' and p.state = 'captured' and p.earned_at is null
       and (b.status = 'cancelled' or b.status_when_paid is not null)
       and coalesce(ended.at, p.updated_at) < now() - interval '10 minutes'
       and private.refund_minor(
         a.captured_minor, private.returned_minor(a.expert_id, a.id), b.refund_full_cutoff, b.refund_partial_cutoff,
         b.refund_partial_percent, b.starts_at, coalesce(ended.at, now()), coalesce(ended.actor, 'system')) > 0
     order by b.ends_at limit most)
  $function$

-- private.overdue_refunds(integer): Refunds that the provider has not taken for an hour, or that have been on their way for ten days. The oldest first.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.overdue_refunds(most integer)
 RETURNS TABLE(mentor_id uuid, payment_id uuid, since timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- The app sends a refund within minutes; a bank may take a week, and our patience ends after ten days.
    select r.expert_id, r.payment_id, r.requested_at
    from public.refunds r
    where r.state in ('requested', 'sent') and r.requested_at < now() - interval '60 minutes'
      and (r.state = 'requested' or r.requested_at < now() - interval '10 days')
    order by r.requested_at limit most
  $function$

-- private.own_address_is_confirmed(): Whether the caller has confirmed their e-mail address.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.own_address_is_confirmed()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.has_confirmed_address(auth.uid())
  $function$

-- private.own_data(text,text,integer): What one table has about the caller, in pages: rows with keys after the one given. For the download of one's own data; server/personalData/ownData.ts has the list of tables.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.own_data(of_table text, after_key text, most integer)
 RETURNS TABLE(key text, data json)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  query text := coalesce(private.own_table(of_table), private.own_login_table(of_table));
begin
  if query is null then
    return;
  end if;
  return query execute format(
    'select t.key, to_json(t) from (%s) t where t.key > $2 order by t.key limit $3', query)
    using auth.uid(), after_key, most;
end
$function$

-- private.own_earnings(text): The caller's money in one currency: earned, held until it is, and on its way. From the ledger.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.own_earnings(of_currency text)
 RETURNS TABLE(balance_minor bigint, held_minor bigint, held_net_minor bigint, on_its_way_minor bigint, paid_this_year_minor bigint, fee_basis_points integer, this_month text, packages_minor bigint, packages_net_minor bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.balance_of(auth.uid(), 'mentor', auth.uid(), of_currency), held.amount, held.net,
      (select coalesce(sum(a.balance_minor), 0)::bigint from private.ledger_accounts a
        where a.expert_id = auth.uid() and a.kind = 'payouts_pending' and a.currency = of_currency),
      (select coalesce(sum(p.amount_minor - p.reversed_minor), 0)::bigint from public.payouts p
        where p.expert_id = auth.uid() and p.currency = of_currency and p.state in ('paid', 'reversed')
          and p.settled_at >= private.start_of_day(
            date_trunc('year', private.wall_clock(now(), private.own_zone()))::date, private.own_zone())),
      coalesce((select s.fee_basis_points from private.money_settings s), 0),
      to_char(private.wall_clock(now(), private.own_zone()), 'YYYY-MM'), packages.amount, packages.net
    from (
      select coalesce(sum(a.balance_minor), 0)::bigint as amount,
        coalesce(sum(a.balance_minor - private.fee_minor(a.balance_minor, g.fee_basis_points)), 0)::bigint as net
      from private.ledger_accounts a join public.package_purchases g on g.id = a.owner_id and g.expert_id = a.expert_id
      where a.expert_id = auth.uid() and a.kind = 'package_money' and a.balance_minor > 0 and a.currency = of_currency
    ) packages, (
      select coalesce(sum(a.balance_minor), 0)::bigint as amount,
        coalesce(sum(a.balance_minor - private.fee_minor(a.balance_minor, b.fee_basis_points)), 0)::bigint as net
      from private.ledger_accounts a join public.bookings b on b.id = a.owner_id and b.expert_id = a.expert_id
      where a.expert_id = auth.uid() and a.kind = 'escrow' and a.balance_minor > 0 and a.currency = of_currency
    ) held
  $function$

-- private.own_login_table(text): own_table() for the accounts library's tables: how and where the person signs in, without what proves it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.own_login_table(of_table text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Not on Supabase, whose own Auth has these.
    select case when to_regclass('auth.verifications') is null then null else case of_table
      when 'sign_in_methods' then
        $q$select a.id::text as key, a.provider_id as method,
          case when a.provider_id <> 'credential' then a.account_id end as account, a.scope, a.created_at, a.updated_at
        from auth.accounts a where a.user_id = $1$q$
      when 'signed_in_devices' then
        $q$select s.id::text as key, s.user_agent, s.ip_address, s.created_at, s.updated_at as last_used_at, s.expires_at
        from auth.sessions s where s.user_id = $1$q$
      when 'passkeys' then
        case when to_regclass('auth.passkeys') is not null then
          $q$select k.id::text as key, to_jsonb(k) ->> 'name' as name, k.created_at from auth.passkeys k where k.user_id = $1$q$
        end
      end end
  $function$

-- private.own_months(text,integer): What the caller earned, less what was refunded later, and was paid out, by the month in which it happened in the caller's zone.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.own_months(of_currency text, months integer)
 RETURNS TABLE(month text, net_minor bigint, fee_minor bigint, paid_out_minor bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select to_char(private.wall_clock(t.created_at, private.own_zone()), 'YYYY-MM'),
      coalesce(sum(case when t.kind in ('earned', 'package_earned') then t.amount_minor
        when t.kind in ('refund_requested', 'refund_of_used_sessions', 'refund_from_balance', 'payout_reversed')
          then -t.amount_minor end), 0)::bigint,
      coalesce(sum(case when t.kind in ('fee', 'package_fee') then t.amount_minor
        when t.kind = 'refund_of_fee' then -t.amount_minor end), 0)::bigint,
      coalesce(sum(case t.kind when 'payout_paid' then t.amount_minor when 'payout_returned' then -t.amount_minor
        when 'payout_reversed' then -t.amount_minor end), 0)::bigint
    from private.ledger_transfers t
    where t.expert_id = auth.uid() and t.currency = of_currency
      and t.created_at >= private.start_of_day(
        (date_trunc('month', private.wall_clock(now(), private.own_zone())) - (months - 1) * interval '1 month')::date,
        private.own_zone())
      and (t.kind in ('earned', 'package_earned', 'fee', 'package_fee', 'refund_of_fee', 'refund_of_used_sessions',
          'refund_from_balance', 'payout_paid', 'payout_returned', 'payout_reversed')
        or t.kind = 'refund_requested' and t.from_kind = 'mentor')
    group by 1 order by 1
  $function$

-- private.own_objects(uuid,uuid,text[],text[]): Those of the objects of a calendar that are a mentor's own sessions, whatever connection shows them. They make the mentor no busier, as the sessions do so themselves; a session at another mentor does.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.own_objects(person uuid, calendar uuid, refs text[], uids text[])
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array(
      select o.ref from unnest(refs, uids) o (ref, uid)
      where o.ref in (select e.ref from public.session_entries e where e.expert_id = person and e.calendar_id = calendar)
        or o.uid in (select e.uid from public.session_entries e where e.expert_id = person)
        -- As our mails and feeds name them.
        or case when o.uid ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@matepeak$'
             then exists (select from public.bookings b where b.id = left(o.uid, 36)::uuid and b.expert_id = person)
               or exists (select from public.group_sessions g where g.id = left(o.uid, 36)::uuid and g.expert_id = person)
             else false end)
  $function$

-- private.own_releases(text,integer): What is held for the caller and until when, the next first. Only an account of a booking has the kind escrow.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.own_releases(of_currency text, most integer)
 RETURNS TABLE(booking_id uuid, starts_at timestamp with time zone, title text, student_name text, held_minor bigint, net_minor bigint, due_at timestamp with time zone, is_paused boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select b.id, b.starts_at, s.title, b.user_name, a.balance_minor,
      a.balance_minor - private.fee_minor(a.balance_minor, b.fee_basis_points),
      coalesce(p.due_at, b.ends_at + interval '72 hours'), private.is_paused(b.expert_id, b.id)
    from private.ledger_accounts a
      join public.bookings b on b.id = a.owner_id and b.expert_id = a.expert_id
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where a.expert_id = auth.uid() and a.kind = 'escrow' and a.balance_minor > 0 and a.currency = of_currency
    order by 7, b.id limit most
  $function$

-- private.own_statement(date,date,timestamp with time zone,uuid,integer): The caller's bookings that money was paid for, and the packages that students have bought, by what no booking has taken of them; the latest first, with what became of it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.own_statement(from_day date, until_day date, before_at timestamp with time zone, before_id uuid, most integer)
 RETURNS TABLE(id uuid, booking_id uuid, package_sessions integer, starts_at timestamp with time zone, title text, student_name text, booking_status text, currency text, paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint, net_minor bigint, expected_net_minor bigint, due_at timestamp with time zone, earned_at timestamp with time zone, is_paused boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    (select b.id, b.id, null::integer, b.starts_at, s.title, b.user_name, b.status, b.currency, m.paid_minor, m.held_minor, m.refunded_minor,
      m.fee_minor + private.fee_minor(m.held_minor, b.fee_basis_points), m.net_minor,
      m.net_minor + m.held_minor - private.fee_minor(m.held_minor, b.fee_basis_points),
      coalesce(p.due_at, b.ends_at + interval '72 hours'), p.earned_at,
      m.held_minor > 0 and private.is_paused(b.expert_id, b.id)
    from (
        select o.* from public.bookings o
        where o.expert_id = auth.uid()
          and (from_day is null or o.starts_at >= private.start_of_day(from_day, private.own_zone()))
          and (until_day is null or o.starts_at < private.start_of_day(until_day + 1, private.own_zone()))
          and (before_at is null or (o.starts_at, o.id) < (before_at, before_id))
          and exists (
            select from private.ledger_accounts a
            where a.expert_id = o.expert_id and a.owner_id = o.id and a.kind = 'escrow')
          -- A session that went back to its package left nothing here.
          and (o.package_purchase_id is null or exists (
              select from public.credit_uses u where u.booking_id = o.id and u.expert_id = o.expert_id and u.state <> 'returned')
            or exists (select from public.payments p where p.booking_id = o.id and p.expert_id = o.expert_id))
        order by o.starts_at desc, o.id desc limit most
      ) b
      join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
      cross join lateral private.booking_money(b.expert_id, b.id) m)
    union all
    (select g.id, null, g.sessions, g.created_at, s.title, coalesce(n.full_name, private.account_name(to_jsonb(u))), g.state, g.currency, m.paid_minor,
      m.held_minor, m.refunded_minor,
      m.fee_minor + private.fee_minor(m.held_minor, g.fee_basis_points), m.net_minor,
      m.net_minor + m.held_minor - private.fee_minor(m.held_minor, g.fee_basis_points), g.expires_at,
      case when g.state = 'expired' then g.updated_at end,
      m.held_minor > 0 and private.is_purchase_disputed(g.expert_id, g.id)
    from (
        select o.* from public.package_purchases o
        where o.expert_id = auth.uid() and o.expires_at is not null
          and (from_day is null or o.created_at >= private.start_of_day(from_day, private.own_zone()))
          and (until_day is null or o.created_at < private.start_of_day(until_day + 1, private.own_zone()))
          and (before_at is null or (o.created_at, o.id) < (before_at, before_id))
        order by o.created_at desc, o.id desc limit most
      ) g
      join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
      join auth.users u on u.id = g.user_id
      left join public.profiles n on n.id = g.user_id
      cross join lateral private.purchase_money(g.expert_id, g.id) m)
    order by 4 desc, 1 desc limit most
  $function$

-- private.own_table(text): The query behind each table of own_data().
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.own_table(of_table text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case of_table
      when 'account' then
        $q$select u.id::text as key, u.id, u.email, coalesce(p.full_name, private.account_name(to_jsonb(u))) as name, p.timezone,
          private.has_confirmed_address(u.id) as email_confirmed, private.has_two_factor(u.id) as two_factor,
          u.created_at, p.updated_at, x.reason as address_unreachable_because, c.why as closed
        from auth.users u left join public.profiles p on p.id = u.id
          left join private.unreachable_addresses x on x.address = lower(u.email)
          left join private.closed_accounts c on c.user_id = u.id
        where u.id = $1$q$
      when 'notification_settings' then
        $q$select s.user_id::text as key, s.muted, s.reminder_leads, s.quiet_from, s.quiet_until, s.updated_at
        from public.notification_settings s where s.user_id = $1$q$
      when 'calendar_feed' then
        $q$select f.user_id::text as key, f.created_at, f.last_read_at from public.calendar_feeds f where f.user_id = $1$q$
      when 'calendar_connections' then
        $q$select c.id::text as key, c.id, c.kind, c.name, c.server_url, c.username, c.account_id, c.granted_scopes, c.login_ends_at, c.if_stale, c.shows_titles,
          c.problem, c.problem_detail, c.broken_since, c.synced_at, c.created_at
        from public.calendar_connections c where c.user_id = $1$q$
      when 'connected_calendars' then
        $q$select k.id::text as key, k.id, k.connection_id, k.remote_id, k.name, k.timezone, k.counts_as_busy, k.receives_sessions,
          k.missing_since, k.created_at
        from public.connected_calendars k where k.user_id = $1$q$
      when 'busy_in_calendars' then
        $q$select e.id::text as key, e.calendar_id, lower(e.during) as starts_at, upper(e.during) as ends_at, e.is_all_day, e.title
        from public.connected_events e where e.user_id = $1$q$
      when 'sessions_in_calendars' then
        $q$select e.session_id || ' ' || e.calendar_id as key, e.booking_id, e.group_session_id, e.calendar_id, e.ref, e.uid, e.written_starts_at,
          e.question, e.moved_to, e.noticed_at, e.left_out_at
        from public.session_entries e where e.expert_id = $1$q$
      when 'billing_details' then
        $q$select b.user_id::text as key, b.name, b.address, b.state_code, b.gstin, b.updated_at
        from public.billing_details b where b.user_id = $1$q$
      when 'tax_settings' then
        $q$select t.expert_id::text as key, t.enabled, t.legal_name, t.address, t.state_code, t.gstin, t.sac,
          t.rate_basis_points, t.updated_at
        from public.tax_settings t where t.expert_id = $1$q$
      when 'payout_account' then
        $q$select a.expert_id::text as key, a.bank_hint as bank_account_ends_in, a.linked_hint as linked_account_ends_in,
          a.usable_from, a.changed_at
        from private.payout_accounts a where a.expert_id = $1$q$
      when 'payouts' then
        $q$select p.id::text as key, p.id, p.amount_minor, p.reversed_minor, p.currency, p.method, p.state, p.bank_reference,
          p.transfer_id, p.paid_to, p.payment_id, p.failure, p.requested_at, p.sent_at, p.settled_at
        from public.payouts p where p.expert_id = $1$q$
      when 'payout_reversals' then
        $q$select r.id::text as key, r.payout_id, r.refund_id, r.amount_minor, r.currency, r.state, r.requested_at, r.settled_at
        from public.payout_reversals r where r.expert_id = $1$q$
      when 'documents' then
        $q$select d.id::text as key, d.id, d.kind, d.number, d.issued_at, d.total_minor, d.currency, d.sandbox, d.booking_id,
          d.content
        from public.documents d where $1 in (d.user_id, d.expert_id)$q$
      when 'mentor_page' then
        $q$select p.id::text as key, p.id, p.username, p.full_name, p.headline, p.bio, p.expertise, p.languages, p.timezone,
          p.slot_interval, p.buffer_before, p.buffer_after, p.minimum_notice, p.booking_window_days, p.max_per_day,
          p.max_per_week, p.instant_confirm, p.require_confirmed_address, p.approve_first_timers, p.listed,
          p.accepting_bookings, p.verified, p.rating, p.review_count, p.created_at, p.updated_at
        from public.expert_profiles p where p.id = $1$q$
      when 'former_usernames' then
        $q$select f.username as key, f.username, f.held_until from public.former_usernames f where f.expert_id = $1$q$
      when 'meeting_room' then
        $q$select m.expert_id::text as key, m.meeting_url, m.meeting_note from public.mentor_rooms m where m.expert_id = $1$q$
      when 'meeting_places' then
        $q$select m.id::text as key, m.id, m.service_id, m.kind, m.caller, m.phone, m.address, m.map_url, m.shows_details
        from public.meeting_places m where m.expert_id = $1$q$
      when 'join_events' then
        $q$select e.id::text as key, e.booking_id, e.party, e.how, case when e.party is null then e.name end as name, e.at
        from public.bookings b join public.join_events e on e.booking_id = b.id and e.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'services' then
        $q$select s.id::text as key, s.id, s.session_type, s.title, s.description, s.currency, s.capacity,
          s.recording_price_minor, s.enabled, s.instant_confirm, s.cancel_cutoff, s.reschedule_cutoff,
          s.refund_full_cutoff, s.refund_partial_cutoff, s.refund_partial_percent, s.opens_by_booking, s.min_attendees,
          s.decide_minutes, s.late_join_minutes, s.created_at, s.updated_at, s.deleted_at
        from public.services s where s.expert_id = $1$q$
      when 'service_durations' then
        $q$select d.service_id || ' ' || lpad(d.minutes::text, 4, '0') as key, d.service_id, d.minutes, d.price_minor
        from public.service_durations d where d.expert_id = $1$q$
      when 'hours' then
        $q$select a.id::text as key, a.id, a.day_of_week, a.specific_date, a.start_time, a.end_time, a.replaces_weekly,
          a.created_at, a.updated_at
        from public.availability_slots a where a.expert_id = $1$q$
      when 'days_off' then
        $q$select b.id::text as key, b.id, b.date, b.reason, b.created_at from public.blocked_dates b where b.expert_id = $1$q$
      when 'travel' then
        $q$select t.id::text as key, t.id, t.starts_on, t.ends_on, t.timezone, t.created_at
        from public.timezone_periods t where t.expert_id = $1$q$
      when 'taken_time' then
        $q$select o.id::text as key, o.id, o.service_id, o.starts_at, o.ends_at, o.state, o.capacity, o.seats_taken, o.join_until, o.created_at
        from public.occupancies o where o.expert_id = $1$q$
      when 'sessions_as_student' then
        $q$select b.id::text as key, b.id, p.full_name as mentor, b.session_type, s.title, b.starts_at, b.ends_at, b.duration,
          b.status, b.message, b.total_minor, b.currency, b.add_recording, b.user_name, b.user_email, b.user_phone,
          b.student_timezone, b.created_at, b.updated_at
        from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
          join public.expert_profiles p on p.id = b.expert_id
        where b.user_id = $1$q$
      when 'sessions_as_mentor' then
        $q$select b.id::text as key, b.id, b.user_name as student, b.session_type, s.title, b.starts_at, b.ends_at, b.duration,
          b.status, b.total_minor, b.currency, b.add_recording, b.mentor_timezone, b.meeting_url, b.meeting_note, b.meeting_place,
          b.created_at,
          b.updated_at
        from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
        where b.expert_id = $1$q$
      when 'session_history' then
        $q$select lpad(e.id::text, 20, '0') as key, e.booking_id, e.kind, e.actor, e.from_status, e.to_status, e.reason,
          e.from_starts_at, e.to_starts_at, e.created_at
        from public.bookings b join public.booking_events e on e.booking_id = b.id and e.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'session_links' then
        $q$select g.booking_id::text as key, g.booking_id, g.generation as times_ended, g.ended_at
        from public.booking_link_generations g where g.user_id = $1$q$
      when 'session_networks' then
        $q$select o.booking_id::text as key, o.booking_id, encode(o.origin, 'hex') as network_hash
        from private.booking_origins o join public.bookings b on b.id = o.booking_id and b.expert_id = o.expert_id
        where b.user_id = $1$q$
      when 'payments' then
        $q$select p.id::text as key, p.id, case when p.user_id = $1 then 'student' else 'mentor' end as my_role, p.booking_id,
          p.amount_minor, p.currency, p.state, p.captured_minor, p.refunded_minor, p.provider,
          case when p.user_id = $1 then k.order_id end as order_id, case when p.user_id = $1 then a.method end as method,
          p.created_at, p.updated_at, p.earned_at
        from public.payments p
          left join private.payment_orders k on k.payment_id = p.id and k.expert_id = p.expert_id
          left join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'packages_bought' then
        $q$select g.id::text as key, g.id, case when g.user_id = $1 then 'student' else 'mentor' end as my_role,
          p.full_name as mentor, s.title, g.minutes, g.sessions, g.price_minor, g.currency, g.state, g.created_at, g.expires_at,
          private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)) as sessions_left,
          private.balance_of(g.expert_id, 'package_money', g.id, g.currency) as money_left_minor
        from public.package_purchases g join public.expert_profiles p on p.id = g.expert_id
          join public.services s on s.id = g.service_id and s.expert_id = g.expert_id
        where $1 in (g.user_id, g.expert_id)$q$
      when 'package_sessions' then
        $q$select u.id::text as key, u.package_purchase_id, u.booking_id, u.share_minor, u.currency, u.state, u.earned_at,
          u.created_at
        from public.package_purchases g join public.credit_uses u on u.package_purchase_id = g.id and u.expert_id = g.expert_id
        where $1 in (g.user_id, g.expert_id)$q$
      when 'packages_offered' then
        $q$select k.id::text as key, k.id, s.title, k.minutes, k.sessions, k.price_minor, k.currency, k.valid_days, k.enabled,
          k.deleted_at, k.created_at, k.updated_at
        from public.packages k join public.services s on s.id = k.service_id and s.expert_id = k.expert_id
        where k.expert_id = $1$q$
      when 'series' then
        $q$select q.id::text as key, q.id, case when q.user_id = $1 then 'student' else 'mentor' end as my_role, q.service_id,
          q.duration, q.pattern, q.payment, q.created_at
        from public.series q where $1 in (q.user_id, q.expert_id)$q$
      when 'baskets' then
        $q$select k.id::text as key, k.id, case when k.user_id = $1 then 'student' else 'mentor' end as my_role, k.series_id,
          k.total_minor, k.currency, k.created_at
        from public.baskets k where $1 in (k.user_id, k.expert_id)$q$
      when 'group_sessions' then
        $q$select g.id::text as key, g.id, g.service_id, g.origin, g.state, g.starts_at, g.ends_at, g.capacity, g.min_attendees,
          g.decide_at, g.late_join_minutes, g.cancelled_because, g.meeting_url, g.meeting_note, g.programme_id, g.created_at
        from public.group_sessions g where g.expert_id = $1$q$
      when 'programmes' then
        $q$select p.id::text as key, p.id, p.service_id, p.title, p.description, p.duration, p.capacity,
          p.price_minor::numeric / 100 as price, p.currency, p.min_attendees, p.decide_at, p.state, p.cancelled_because,
          p.decided_at, p.created_at
        from public.programmes p where p.expert_id = $1$q$
      when 'attendances' then
        $q$select a.booking_id::text as key, a.booking_id, a.state, a.marked_at
        from public.bookings b join public.attendances a on a.booking_id = b.id and a.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'coupons_used' then
        $q$select u.booking_id::text as key, u.booking_id, u.together_id, c.code, u.used_at, u.given_back_at
        from public.coupon_uses u join public.coupons c on c.id = u.coupon_id and c.expert_id = u.expert_id
        where $1 in (u.user_id, u.expert_id)$q$
      when 'coupons' then
        $q$select c.id::text as key, c.code, c.basis_points, c.amount_minor, c.currency, c.active_from, c.active_until,
          c.max_uses, c.max_uses_per_student, c.first_session_only, c.enabled, c.created_at
        from public.coupons c where c.expert_id = $1$q$
      when 'payment_attempts' then
        $q$select a.id::text as key, a.payment_id, a.attempt_id, a.state, a.amount_minor, a.currency, a.method,
          a.failure_message, a.dispute, a.created_at
        from public.payments p join public.payment_attempts a on a.payment_id = p.id and a.expert_id = p.expert_id
        where p.user_id = $1$q$
      when 'refunds' then
        $q$select r.id::text as key, r.id, r.payment_id, p.booking_id, r.amount_minor, r.currency, r.why, r.state,
          r.requested_at, r.settled_at
        from public.payments p join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'payment_history' then
        $q$select lpad(m.id::text, 20, '0') as key, m.payment_id, m.booking_id, m.kind, m.amount_minor, m.currency, m.created_at
        from public.payments p join public.money_events m on m.payment_id = p.id and m.expert_id = p.expert_id
        where $1 in (p.user_id, p.expert_id)$q$
      when 'earnings' then
        $q$select t.id::text as key, t.kind, t.from_kind as from_account, t.to_kind as to_account, t.currency, t.amount_minor,
          t.event_at, t.created_at
        from private.ledger_transfers t where t.expert_id = $1 and $1 in (t.from_owner, t.to_owner)
          and 'mentor' in (t.from_kind, t.to_kind)$q$
      when 'no_show_reports' then
        $q$select n.id::text as key, n.booking_id, n.claimed_by, n.reason, n.state, n.answer, n.answer_until, n.settled_at,
          n.created_at
        from public.bookings b join public.no_show_claims n on n.booking_id = b.id and n.expert_id = b.expert_id
        where $1 in (b.user_id, b.expert_id)$q$
      when 'time_requests' then
        $q$select r.id::text as key, r.id, case when r.user_id = $1 then 'student' else 'mentor' end as my_role,
          case when r.user_id = $1 then p.full_name else r.user_name end as other_person, s.title, r.duration, r.total_minor,
          r.currency, case when r.user_id = $1 then r.message end as message,
          case when r.user_id = $1 then r.user_email end as user_email, r.status, r.awaiting, r.round, r.expires_at, r.reason,
          r.booking_id, r.created_at, r.updated_at
        from public.time_requests r join public.expert_profiles p on p.id = r.expert_id
          join public.services s on s.id = r.service_id and s.expert_id = r.expert_id
        where $1 in (r.user_id, r.expert_id)$q$
      when 'suggested_times' then
        $q$select t.id::text as key, t.request_id, t.proposed_by, t.round, t.starts_at, t.accepted_at, t.created_at
        from public.time_requests r join public.time_proposals t on t.request_id = r.id and t.expert_id = r.expert_id
        where $1 in (r.user_id, r.expert_id)$q$
      when 'reviews_written' then
        $q$select r.id::text as key, r.booking_id, p.full_name as mentor, r.author as shown_as, r.rating, r.comment, r.created_at,
          r.updated_at
        from public.reviews r join public.expert_profiles p on p.id = r.expert_id where r.user_id = $1$q$
      when 'reviews_received' then
        $q$select r.id::text as key, r.author, r.rating, r.comment, r.created_at, a.body as reply, a.updated_at as replied_at
        from public.reviews r left join public.review_replies a on a.review_id = r.id and a.expert_id = r.expert_id
        where r.expert_id = $1$q$
      when 'review_history' then
        $q$select lpad(e.id::text, 20, '0') as key, e.booking_id, e.kind, e.rating, e.created_at
        from private.review_events e join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
        where b.user_id = $1$q$
      when 'private_notes' then
        $q$select n.student_id::text as key, (
            select b.user_name from public.bookings b where b.expert_id = n.expert_id and b.user_id = n.student_id
            order by b.created_at desc limit 1) as about, n.body, n.updated_at
        from public.student_notes n where n.expert_id = $1$q$
      when 'favourite_mentors' then
        $q$select f.expert_id::text as key, p.full_name as mentor, f.created_at
        from public.favourite_mentors f join public.expert_profiles p on p.id = f.expert_id where f.user_id = $1$q$
      when 'alerts' then
        $q$select a.id::text as key, p.full_name as mentor, s.title, a.duration, a.from_date, a.to_date, a.timezone, a.status,
          a.fired_at, a.created_at
        from public.availability_alerts a join public.expert_profiles p on p.id = a.expert_id
          join public.services s on s.id = a.service_id and s.expert_id = a.expert_id
        where a.user_id = $1$q$
      when 'waitlist' then
        $q$select e.id::text as key, p.full_name as mentor, s.title, e.duration, e.kind, e.starts_from, e.starts_until,
          e.from_date, e.to_date, e.timezone, e.passed_starts, e.state, e.joined_at
        from public.waitlist_entries e join public.expert_profiles p on p.id = e.expert_id
          join public.services s on s.id = e.service_id and s.expert_id = e.expert_id
        where e.user_id = $1$q$
      when 'waitlist_offers' then
        $q$select o.id::text as key, p.full_name as mentor, s.title, o.starts_at, o.ends_at, o.state, o.is_final, o.offered_at,
          o.expires_at, o.settled_at, o.booking_id
        from public.waitlist_offers o join public.expert_profiles p on p.id = o.expert_id
          join public.services s on s.id = o.service_id and s.expert_id = o.expert_id
        where o.user_id = $1$q$
      when 'notifications' then
        $q$select n.id::text as key, n.kind, n.payload, n.booking_id, n.request_id, n.created_at, n.read_at
        from public.notifications n where n.user_id = $1$q$
      when 'mails' then
        $q$select d.id::text as key, d.kind, coalesce(d.address, u.email) as address, d.state, d.created_at, d.due_at, d.ended_at,
          d.last_error
        from private.deliveries d join auth.users u on u.id = d.user_id where d.user_id = $1$q$
      when 'reminders' then
        $q$select r.booking_id || ' ' || lpad(r.lead::text, 6, '0') as key, r.booking_id, r.lead as minutes_before, r.due_at
        from private.reminders r where r.user_id = $1$q$
      when 'repeatable_requests' then
        $q$select k.key::text as key, k.created_at from private.idempotency_keys k where k.user_id = $1$q$
      when 'administration' then
        $q$select lpad(l.id::text, 20, '0') as key, l.happened_at, l.action, l.reason
        from private.admin_log l where l.subject_id = $1$q$
    end
  $function$

-- private.own_zone(): The time zone of the caller, if that is a mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.own_zone()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.timezone from public.expert_profiles p where p.id = auth.uid()
  $function$

-- private.part_from_calendars(): A connection ends: for a minute its sealed login is kept in a job that removes the coming sessions from its calendars.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.part_from_calendars()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  entries jsonb;
begin
  select jsonb_agg(jsonb_build_object('remote_id', k.remote_id, 'ref', e.ref, 'etag', e.etag)) into entries
    from public.session_entries e
      join public.connected_calendars k on k.id = e.calendar_id
      left join public.bookings b on b.id = e.booking_id and b.expert_id = e.expert_id
      left join public.group_sessions g on g.id = e.group_session_id and g.expert_id = e.expert_id
    where k.connection_id = old.id and e.ref is not null and coalesce(b.ends_at, g.ends_at) > now();
  if entries is not null then
    perform private.enqueue('remove_session_entries', jsonb_build_object(
      'connection_id', old.id, 'kind', old.kind, 'server_url', old.server_url, 'username', old.username,
      'credential', encode(old.credential, 'hex'), 'entries', entries, 'until', now() + interval '1 minute'));
  end if;
  return old;
end
$function$

-- private.part_of_discount(bigint,bigint,bigint,bigint): The part of a price in a discount on the whole, after prices that add up to before: by proportion. Differences of rounded running sums, so the parts add up: the same as rules/couponShares.ts; a test compares them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.part_of_discount(discount bigint, before bigint, price_minor bigint, whole bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Not in bigint: the product of the largest amounts does not fit.
    select div(2 * discount::numeric * (before + price_minor) + whole, 2 * whole)
      - div(2 * discount::numeric * before + whole, 2 * whole)
  $function$

-- private.parts_of_payment(uuid,uuid): The payment, and of a basket's the parts.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.parts_of_payment(mentor uuid, payment uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.id from public.payments p where p.id = payment and p.expert_id = mentor
    union all
    select part.id from public.payments p
      join public.payments part
        on part.basket_id = p.basket_id and part.expert_id = p.expert_id and part.booking_id is not null
    where p.id = payment and p.expert_id = mentor and p.booking_id is null and p.basket_id is not null
  $function$

-- private.pass_offer(uuid,uuid): The caller does not want what was offered to them; false if the offer is not open any more.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.pass_offer(mentor uuid, offer uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_schedule(mentor);
  update public.waitlist_offers o set state = 'passed'
    where o.id = offer and o.expert_id = mentor and o.user_id = auth.uid() and o.state = 'open' and o.booking_id is null;
  return found;
end
$function$

-- private.payment_facts(uuid,uuid): What the app needs to know about a payment to deal with its provider.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payment_facts(mentor uuid, payment uuid)
 RETURNS TABLE(provider text, capture text, state text, amount_minor bigint, currency text, order_id text, booking_id uuid, booking_status text, is_unpaid boolean, starts_at timestamp with time zone, duration integer, booked_at timestamp with time zone, service_id uuid, service_title text, mentor_name text, student_name text, student_email text, sessions jsonb, is_programme boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
    select p.provider, p.capture, p.state, p.amount_minor, p.currency, o.order_id, b.id, b.status,
      coalesce(b.status_when_paid is not null and b.id is not null or g.state = 'unpaid', false), b.starts_at,
      coalesce(b.duration, g.minutes), coalesce(b.created_at, g.created_at), s.id, s.title, m.full_name,
      coalesce(b.user_name, private.account_name(to_jsonb(u))), coalesce(b.user_email, u.email), parts.sessions,
      exists (
        select from public.series q
        where q.id = b.series_id and q.expert_id = b.expert_id and q.programme_id is not null)
    from public.payments p
      left join lateral (
        select (array_agg(x.id order by x.starts_at, x.id))[1] as first,
          jsonb_agg(jsonb_build_object('starts_at', x.starts_at, 'duration', x.duration, 'service_id', x.service_id)
                    order by x.starts_at, x.id) as sessions
        from public.bookings x where x.basket_id = p.basket_id and x.expert_id = p.expert_id
      ) parts on p.booking_id is null and p.basket_id is not null
      left join public.bookings b on b.id = coalesce(p.booking_id, parts.first) and b.expert_id = p.expert_id
      left join public.package_purchases g on g.id = p.package_purchase_id and g.expert_id = p.expert_id
      join public.services s on s.id = coalesce(b.service_id, g.service_id) and s.expert_id = p.expert_id
      join public.expert_profiles m on m.id = p.expert_id
      join auth.users u on u.id = p.user_id
      left join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor
  $function$

-- private.payment_status_of(uuid,uuid): The guide's word for a payment. Money that is sent back for another reason than the booking does not count, once the booking is paid.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.payment_status_of(mentor uuid, payment uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case
      when p.state = 'captured' or p.captured_minor > 0 then case
        when r.owed > 0 then 'refund_pending'
        when r.done >= r.paid then 'refunded'
        when r.done > 0 then 'partially_refunded'
        else 'completed' end
      when p.state = 'released' then 'refunded'
      when p.state = 'authorized' and p.closed_because is not null then 'refund_pending'
      when p.state = 'closed' then 'failed'
      -- Nothing is known of a part before the whole is paid.
      when p.state = 'open' and p.basket_id is not null and p.booking_id is not null then coalesce((
        select private.payment_status_of(o.expert_id, o.id) from public.payments o
        where o.basket_id = p.basket_id and o.booking_id is null and o.expert_id = p.expert_id and o.state = 'open'), 'pending')
      when p.state = 'open' and exists (
        select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id and a.state = 'failed')
        and not exists (
        select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id and a.state = 'created')
        then 'failed'
      else 'pending' end
    from public.payments p,
      lateral (
        select coalesce(sum(a.captured_minor), 0) as paid,
          coalesce(sum((select sum(f.amount_minor) from public.refunds f
            where f.attempt_id = a.id and f.expert_id = a.expert_id and f.state = 'done')), 0) as done,
          coalesce(sum((select sum(f.amount_minor) from public.refunds f
            where f.attempt_id = a.id and f.expert_id = a.expert_id
              and (f.state in ('requested', 'sent') or f.state = 'failed' and not exists (
                select from public.refunds n where n.retry_of = f.id and n.expert_id = f.expert_id)))), 0) as owed
        from public.payment_attempts a
        where a.payment_id = p.id and a.expert_id = p.expert_id
          and (p.accepted_attempt_id is null or a.id = p.accepted_attempt_id)
      ) r
    where p.id = payment and p.expert_id = mentor
  $function$

-- private.payout_account(): The last characters of where the caller's money goes.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payout_account()
 RETURNS TABLE(bank_hint text, linked_hint text, usable_from timestamp with time zone, changed_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.bank_hint, a.linked_hint, a.usable_from, a.changed_at from private.payout_accounts a where a.expert_id = auth.uid()
  $function$

-- private.payout_message_facts(uuid,uuid): The facts for a message about a payout, and how its mentor is reached.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payout_message_facts(mentor uuid, payout uuid)
 RETURNS TABLE(amount_minor bigint, currency text, account text, mentor_name text, mentor_email text, mentor_zone text, mentor_username text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.amount_minor, p.currency, p.paid_to, m.full_name, u.email, coalesce(o.timezone, m.timezone), m.username
    from public.payouts p
      join public.expert_profiles m on m.id = p.expert_id
      join auth.users u on u.id = p.expert_id
      left join public.profiles o on o.id = p.expert_id
    where p.id = payout and p.expert_id = mentor
  $function$

-- private.payout_minimum(text): The smallest payout in minor units: rules/limits.ts; for Route, what Razorpay transfers at least.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.payout_minimum(of_method text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN CASE of_method WHEN 'csv'::text THEN 10000 ELSE 100 END

-- private.payout_runs(uuid,text,uuid,integer): Runs, the latest first. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payout_runs(login uuid, request text, before_id uuid, most integer)
 RETURNS TABLE(id uuid, created_by uuid, created_by_name text, created_at timestamp with time zone, filled_at timestamp with time zone, approved_by_name text, approved_at timestamp with time zone, exported_at timestamp with time zone, cancelled_at timestamp with time zone, needs_approval boolean, payouts integer, open_payouts integer, total_minor bigint, paid_minor bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'payout_runs_listed', null, '{}', null, request);
  return query
    select r.id, r.created_by, private.admin_name(r.created_by), r.created_at, r.filled_at,
      private.admin_name(r.approved_by), r.approved_at, r.exported_at, r.cancelled_at, private.needs_approval(r.id),
      s.payouts, s.open, s.total, s.paid
    from private.payout_runs r, lateral (
      select count(*)::integer as payouts, count(*) filter (where p.state in ('requested', 'sent'))::integer as open,
        coalesce(sum(p.amount_minor), 0)::bigint as total,
        coalesce(sum(p.amount_minor) filter (where p.state = 'paid'), 0)::bigint as paid
      from public.payouts p where p.run_id = r.id) s
    where before_id is null or r.id < before_id
    order by r.id desc limit most;
end
$function$

-- private.payouts_due(uuid,text,uuid,integer): Mentors with a balance, and what keeps it from being paid out. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payouts_due(login uuid, request text, after_id uuid, most integer)
 RETURNS TABLE(id uuid, name text, currency text, balance_minor bigint, bank_hint text, linked_hint text, usable_from timestamp with time zone, has_open boolean, closed text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'payouts_due_listed', null, '{}', null, request);
  return query
    select a.owner_id, private.admin_name(a.owner_id), a.currency, a.balance_minor, d.bank_hint, d.linked_hint, d.usable_from,
      exists (select from public.payouts o
        where o.expert_id = a.expert_id and o.currency = a.currency and o.method = 'csv' and o.state in ('requested', 'sent')),
      c.why
    from private.ledger_accounts a
      left join private.payout_accounts d on d.expert_id = a.expert_id
      left join private.closed_accounts c on c.user_id = a.expert_id
    where a.kind = 'mentor' and a.balance_minor > 0 and (after_id is null or a.owner_id > after_id)
    order by a.owner_id, a.currency
    limit most;
end
$function$

-- private.payouts_of_run(uuid,text,uuid,uuid,integer): The payouts of a run. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payouts_of_run(login uuid, request text, run uuid, after_id uuid, most integer)
 RETURNS TABLE(id uuid, mentor_id uuid, mentor_name text, amount_minor bigint, currency text, state text, paid_to text, bank_reference text, failure text, requested_at timestamp with time zone, sent_at timestamp with time zone, settled_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'payout_run_viewed', null, jsonb_build_object('run_id', run), null, request);
  return query
    select p.id, p.expert_id, private.admin_name(p.expert_id), p.amount_minor, p.currency, p.state, p.paid_to,
      p.bank_reference, p.failure, p.requested_at, p.sent_at, p.settled_at
    from public.payouts p where p.run_id = run and (after_id is null or p.id > after_id)
    order by p.id limit most;
end
$function$

-- private.payouts_to_return(uuid): The payouts of a run that will not be sent: of a cancelled one, or without bank details when the file was taken.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.payouts_to_return(run uuid)
 RETURNS TABLE(mentor_id uuid, payout_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.expert_id, p.id from public.payouts p join private.payout_runs r on r.id = p.run_id
    where p.run_id = run and p.state = 'requested' and (r.cancelled_at is not null or r.exported_at is not null)
    order by p.id
  $function$

-- private.place_of(uuid,uuid): Where sessions of a service take place, in full: for sessions that are agreed. Null: by the mentor's room.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.place_of(mentor uuid, service uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_strip_nulls(jsonb_build_object(
      'kind', chosen.kind, 'caller', chosen.caller, 'phone', chosen.phone, 'address', chosen.address, 'map_url', chosen.map_url))
    from (
      select p.* from public.meeting_places p
      where p.expert_id = mentor and (p.service_id = service or p.service_id is null)
      order by p.service_id nulls last limit 1
    ) chosen
    where chosen.kind <> 'link'
  $function$

-- private.place_of_seat(uuid,uuid,timestamp with time zone,timestamp with time zone): Where a seat in a group takes place that is booked now: where those who are in it agreed to, whatever the mentor has chosen since.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.place_of_seat(mentor uuid, service uuid, session_start timestamp with time zone, session_end timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  shared jsonb;
begin
  select b.meeting_place - 'url' - 'note' into shared
    from public.occupancies o join public.bookings b on b.occupancy_id = o.id and b.expert_id = o.expert_id
    where o.expert_id = mentor and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
      and b.status = 'confirmed'
    limit 1;
  return case when found then shared else private.place_of(mentor, service) end;
end
$function$

-- private.platform_name(): Who runs the platform; its own name until the app has stored another.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.platform_name()
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce((select p.legal_name from private.platform_details p), 'MatePeak')
  $function$

-- private.postpone_delivery(uuid,integer,interval,text,boolean): Records a failure that may pass: the mail is due again after the pause. One that is not the mail's own does not count.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.postpone_delivery(mail uuid, attempt integer, pause interval, error text, counts boolean)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.deliveries
      set due_at = now() + pause, last_error = error, attempts = attempts - case when counts then 0 else 1 end
      where id = mail and attempts = attempt and state = 'waiting'
  $function$

-- private.prepare_booking(): Locks the mentor, computes price and instants, and takes the time, for every insert from any client.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.prepare_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor public.expert_profiles;
  service record;
  money private.money_settings;
  coupon public.coupons;
  package_fee integer;
  first_state text;
  of_programme uuid;
  share bigint;
begin
  -- The mentor's pages compute with it. Before the lock, because looking up a zone may take a while.
  if new.student_timezone is not null and not private.is_timezone(new.student_timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  perform private.lock_mentor(new.expert_id);
  select * into mentor from public.expert_profiles where id = new.expert_id;
  if not found then
    raise exception 'no such mentor' using errcode = 'foreign_key_violation', constraint = 'bookings_expert_id_fkey';
  end if;
  perform private.expire_requests(new.expert_id);

  select s.id, s.capacity, s.currency, s.recording_price_minor, s.cancel_cutoff, s.reschedule_cutoff, s.refund_full_cutoff,
      s.refund_partial_cutoff, s.refund_partial_percent, d.price_minor
    into service
    from public.services s
      join public.service_durations d
        on d.service_id = s.id and d.expert_id = s.expert_id and d.minutes = new.duration
    where s.expert_id = new.expert_id and s.session_type = new.session_type and s.enabled and s.deleted_at is null
      and (new.service_id is null or s.id = new.service_id)
    order by s.created_at, s.id limit 1;
  if not found then
    raise exception 'the mentor does not offer this'
      using errcode = 'check_violation', constraint = 'bookings_service_offered';
  end if;
  -- Clients cannot choose the status, but a booking that starts with another one would skip the checks.
  if new.status not in ('pending', 'confirmed') then
    raise exception 'a booking starts pending or confirmed'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if new.add_recording and service.recording_price_minor is null then
    raise exception 'no recording offered'
      using errcode = 'check_violation', constraint = 'bookings_recording_offered';
  end if;

  new.service_id := service.id;
  if new.series_id is not null then
    select q.programme_id, g.share_minor into of_programme, share
      from public.series q left join public.group_sessions g
        on g.programme_id = q.programme_id and g.expert_id = q.expert_id and g.starts_at = new.starts_at
          and g.service_id = service.id and g.state <> 'cancelled'
      where q.id = new.series_id and q.expert_id = new.expert_id;
    if of_programme is not null then
      if share is null or new.add_recording or new.package_purchase_id is not null then
        raise exception 'not a session of the programme'
          using errcode = 'check_violation', constraint = 'programmes_booked_as_a_whole';
      end if;
      -- A coupon lowers this price, as it does any other.
      service.price_minor := share;
    end if;
  end if;
  new.total_minor := service.price_minor + case when new.add_recording then service.recording_price_minor else 0 end;
  -- The session alone has no lines.
  new.price_lines := null;
  if new.coupon_id is not null then
    select * into coupon from public.coupons c where c.id = new.coupon_id and c.expert_id = new.expert_id;
    if not found or private.coupon_refusal(
        new.expert_id, coupon.id, new.user_id, service.id, coalesce(new.series_id, new.basket_id)) is not null then
      raise exception 'the coupon cannot be used' using errcode = 'check_violation', constraint = 'coupons_usable';
    end if;
  end if;
  if new.package_purchase_id is not null then
    if private.credit_refusal(new.expert_id, new.package_purchase_id, new.user_id, service.id, new.duration) <> '' then
      raise exception 'the package cannot be used' using errcode = 'check_violation', constraint = 'package_purchases_usable';
    end if;
    select p.fee_basis_points into package_fee from public.package_purchases p
      where p.id = new.package_purchase_id and p.expert_id = new.expert_id;
  end if;
  if new.add_recording or new.coupon_id is not null or new.package_purchase_id is not null then
    if coupon.id is not null and coalesce(new.series_id, new.basket_id) is not null then
      coupon.amount_minor := private.coupon_share(
        new.expert_id, new.series_id, new.basket_id, coupon.basis_points, coupon.amount_minor,
        case when new.package_purchase_id is null then service.price_minor else 0 end
          + case when new.add_recording then service.recording_price_minor else 0 end);
      coupon.basis_points := null;
    end if;
    new.price_lines := private.price_lines_of(
      service.price_minor, case when new.add_recording then service.recording_price_minor end,
      new.package_purchase_id is not null, coupon.basis_points, coupon.amount_minor);
    new.total_minor := private.sum_of_lines(new.price_lines);
  end if;
  new.total_amount := new.total_minor / 100.00;
  new.currency := service.currency;
  -- A booking keeps the terms that its student was shown: the mentor cannot tighten them afterwards.
  new.cancel_cutoff := service.cancel_cutoff;
  new.reschedule_cutoff := service.reschedule_cutoff;
  new.refund_full_cutoff := service.refund_full_cutoff;
  new.refund_partial_cutoff := service.refund_partial_cutoff;
  new.refund_partial_percent := service.refund_partial_percent;
  select * into money from private.money_settings;
  new.payment_status := case when new.package_purchase_id is null then 'free' else 'completed' end;
  new.fee_basis_points := coalesce(package_fee, 0);
  if money.collects and new.total_minor > 0 then
    new.payment_status := 'pending';
    new.status_when_paid := new.status;
    new.status := 'pending';
    new.fee_basis_points := money.fee_basis_points;
  end if;
  new.mentor_timezone := mentor.timezone;
  new.student_timezone := coalesce(new.student_timezone, mentor.timezone);
  if new.starts_at is null then
    new.starts_at := private.instant_of(new.scheduled_date, new.scheduled_time, mentor.timezone);
    -- A skipped hour is moved on: the row has what the mentor's clock will show.
    new.scheduled_date := private.wall_clock(new.starts_at, mentor.timezone)::date;
    new.scheduled_time := to_char(private.wall_clock(new.starts_at, mentor.timezone), 'HH24:MI');
  end if;
  new.ends_at := new.starts_at + new.duration * interval '1 minute';
  if new.starts_at < now() and not private.may_join_late(new.expert_id, service.id, new.starts_at, new.ends_at) then
    raise exception 'this time has passed' using errcode = 'check_violation', constraint = 'bookings_in_future';
  end if;
  if new.status = 'pending' then
    new.expires_at := private.booking_expiry(new.status, new.status_when_paid, new.starts_at);
  end if;
  first_state := case
    when new.status = 'confirmed' then 'booked' when new.status_when_paid is not null then 'hold' else 'requested' end;
  new.occupancy_id := case
    when of_programme is not null then private.take_programme_seat(
      new.expert_id, of_programme, new.starts_at, new.status = 'confirmed', new.expires_at)
    else private.take_offered_time(
      new.expert_id, new.user_id, service.id, new.starts_at, new.ends_at, first_state, new.expires_at) end;
  if new.occupancy_id is null then
    new.occupancy_id := private.take_seat(
      new.expert_id, service.id, service.capacity, new.starts_at, new.ends_at,
      private.busy_time(new.starts_at, new.ends_at, mentor.buffer_before, mentor.buffer_after), first_state, new.expires_at);
  end if;
  return new;
end
$function$

-- private.prepare_no_show_claim(): Accepts a claim of a party within three days of the session's end: rules/noShow.ts, under the mentor's lock.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.prepare_no_show_claim()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  booking public.bookings;
  latest public.no_show_claims;
begin
  select * into booking from public.bookings b
    where b.id = new.booking_id and b.expert_id = new.expert_id and caller in (b.user_id, b.expert_id);
  if not found then
    raise exception 'only the parties of a session can report a no-show' using errcode = 'insufficient_privilege';
  end if;
  -- First in the lock order. Completing and reviewing take it too, so that neither misses a claim.
  perform private.lock_mentor(booking.expert_id);
  select * into booking from public.bookings b where b.id = new.booking_id and b.expert_id = new.expert_id;
  if booking.status not in ('confirmed', 'completed')
     or booking.ends_at > now() or booking.ends_at + interval '72 hours' <= now() then
    raise exception 'too early or too late to report a no-show'
      using errcode = 'check_violation', constraint = 'no_show_claims_in_time';
  end if;
  new.claimed_by := case when caller = booking.expert_id then 'mentor' else 'student' end;
  select * into latest from public.no_show_claims c
    where c.booking_id = new.booking_id and c.expert_id = new.expert_id
    order by (c.state = 'withdrawn'), c.created_at desc limit 1;
  -- A claim that the other party withdrew leaves room for this one.
  if found and (latest.state <> 'withdrawn' or latest.claimed_by = new.claimed_by) then
    raise exception 'a no-show has already been reported'
      using errcode = 'unique_violation', constraint = 'no_show_claims_one_key';
  end if;
  if exists (select from public.reviews r where r.booking_id = new.booking_id and r.expert_id = new.expert_id) then
    raise exception 'a reviewed session took place'
      using errcode = 'check_violation', constraint = 'no_show_claims_not_reviewed';
  end if;
  new.answer_until := now() + interval '48 hours';
  return new;
end
$function$

-- private.prepare_review(): Copies from the booking what no client may set.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.prepare_review()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  booking public.bookings;
  names text[];
begin
  -- The author is erased (private.erase_person), which is no change of the review.
  if tg_op = 'UPDATE' and new.author is distinct from old.author then
    return new;
  end if;
  select * into booking from public.bookings b where b.id = new.booking_id and b.expert_id = new.expert_id;
  -- First in the lock order, so that the figures below are computed one after the other.
  perform private.lock_mentor(booking.expert_id);
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    return new;
  end if;
  -- The policy checks this too, but as of before the wait for the lock.
  if private.has_no_show(new.expert_id, new.booking_id) then
    raise exception 'this session has a no-show report'
      using errcode = 'check_violation', constraint = 'reviews_session_took_place';
  end if;
  names := regexp_split_to_array(trim(booking.user_name), '\s+');
  new.user_id := booking.user_id;
  new.service_id := booking.service_id;
  new.author := coalesce(nullif(names[1], ''), 'A student')
    || case when cardinality(names) > 1 then ' ' || left(names[cardinality(names)], 1) || '.' else '' end;
  new.session_month := date_trunc('month', booking.scheduled_date)::date;
  return new;
end
$function$

-- private.prevent_service_restore(): Prevents restoring a deleted service, which would bypass the cap.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.prevent_service_restore()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.deleted_at := old.deleted_at;
  return new;
end
$function$

-- private.price_lines_of(bigint,bigint,boolean,integer,bigint): The lines of a price, which add up to it: the same as rules/priceLines.ts; a test compares them. recording_minor: null without a recording.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.price_lines_of(session_minor bigint, recording_minor bigint, with_credit boolean, coupon_basis_points integer, coupon_minor bigint)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with list as (
      select case when with_credit then 0 else session_minor end + coalesce(recording_minor, 0) as before_coupon
    ), lines (place, kind, amount) as (
      select 1, 'session', session_minor
      union all select 2, 'credit', -session_minor where with_credit
      union all select 3, 'recording', recording_minor where recording_minor is not null
      union all select 4, 'coupon', -private.coupon_discount(coupon_basis_points, coupon_minor, l.before_coupon)
        from list l where num_nonnulls(coupon_basis_points, coupon_minor) > 0
    )
    select jsonb_agg(jsonb_build_object('kind', kind, 'amount_minor', amount) order by place) from lines
  $function$

-- private.price_on_document(bigint,jsonb,jsonb): The lines of a receipt: those of the price that was agreed on, without the tax, which is stated below them.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.price_on_document(total bigint, price_lines jsonb, tax jsonb)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- Lines that name the tax are net of it. If it was another one, the price is one line.
    select case
      when price_lines is null then private.whole_price(total)
      when tax is null or stated.amount is null then price_lines
      when stated.amount = total - (tax ->> 'taxable_minor')::bigint then stated.others
      else private.whole_price(total) end
    from (
      select sum((l ->> 'amount_minor')::bigint) filter (where l ->> 'kind' = 'tax'),
        jsonb_agg(l order by place) filter (where l ->> 'kind' <> 'tax')
      from jsonb_array_elements(price_lines) with ordinality e (l, place)
    ) stated (amount, others)
  $function$

-- private.promise_series(): With the first payment of a series whose sessions are paid one by one, the time of the others is held until a day before each, and the reminders of their payments are planned.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.promise_series()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  promised uuid[];
begin
  if not exists (
      select from public.series s
      where s.id = new.series_id and s.expert_id = new.expert_id and s.payment = 'per_session')
    -- The first that is paid.
    or exists (
      select from public.bookings b
      where b.series_id = new.series_id and b.expert_id = new.expert_id and b.id <> new.id and b.status_when_paid is null) then
    return null;
  end if;
  with held as (
    update public.bookings b set expires_at = b.starts_at - interval '24 hours'
      where b.series_id = new.series_id and b.expert_id = new.expert_id and b.status = 'pending'
        and b.status_when_paid is not null
      returning b.id, b.occupancy_id, b.expires_at
  ), kept as (
    update public.occupancies o set expires_at = greatest(o.expires_at, h.expires_at)
      from held h where o.id = h.occupancy_id and o.expert_id = new.expert_id and o.expires_at is not null
  )
  select array_agg(h.id) into promised from held h;
  insert into public.money_events (expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency, notify_at)
    select p.expert_id, p.user_id, p.id, b.id, 'due', p.amount_minor, p.currency, b.starts_at - interval '72 hours'
    from public.payments p join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
    where b.id = any (promised) and b.expert_id = new.expert_id;
  return null;
end
$function$

-- private.propose_instead(uuid,uuid,timestamp with time zone,text,text): Ends a booking request and opens a time request in its place that awaits the student; the app adds the times. For the booking's mentor; null for others.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.propose_instead(mentor uuid, booking uuid, expires_at timestamp with time zone, words text, reason text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  locked public.bookings;
  made uuid;
begin
  select * into locked from public.lock_booking(mentor, booking);
  if not found or auth.uid() is distinct from locked.expert_id then
    return null;
  end if;
  if locked.status <> 'pending' or locked.expires_at <= now() then
    raise exception 'the booking is no longer pending'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  -- Before the booking ends, so that the message about its end can refer to the new request.
  insert into public.time_requests (user_id, expert_id, service_id, duration, total_minor, currency, message, user_name,
                                    user_email, student_timezone, awaiting, expires_at, reason, replaces_booking_id)
    values (locked.user_id, locked.expert_id, locked.service_id, locked.duration, locked.total_minor, locked.currency,
            locked.message, locked.user_name, locked.user_email, locked.student_timezone, 'student',
            propose_instead.expires_at, words, locked.id)
    returning id into made;
  perform public.change_booking_status(mentor, booking, 'cancelled', reason);
  return made;
end
$function$

-- private.purchase_money(uuid,uuid): What became of the money of a package that no booking has taken, as booking_money() of a booking: the two never count the same money.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.purchase_money(mentor uuid, purchase uuid)
 RETURNS TABLE(paid_minor bigint, held_minor bigint, refunded_minor bigint, fee_minor bigint, net_minor bigint, lost_minor bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with line as (
      select 'in' as side, t.kind, t.from_kind, t.to_kind, t.amount_minor from private.ledger_transfers t
        where t.to_owner = purchase and t.to_kind = 'package_money' and t.expert_id = mentor
      union all
      select 'out', t.kind, t.from_kind, t.to_kind, t.amount_minor from private.ledger_transfers t
        where t.from_owner = purchase and t.from_kind = 'package_money' and t.expert_id = mentor
      union all
      select 'refund', t.kind, t.from_kind, t.to_kind, t.amount_minor
        from public.payments p
          join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
          join private.ledger_transfers t on t.expert_id = p.expert_id and t.reference = r.id
            and t.kind in ('refund_of_fee', 'refund_of_used_sessions', 'refund_at_a_loss', 'refund_before_reversal')
        where p.package_purchase_id = purchase and p.expert_id = mentor
      union all
      select 'taken', t.kind, t.from_kind, t.to_kind, t.amount_minor
        from public.payments p
          join public.refunds r on r.payment_id = p.id and r.expert_id = p.expert_id
          join public.payout_reversals v on v.refund_id = r.id and v.expert_id = r.expert_id
          join private.ledger_transfers t on t.expert_id = p.expert_id and t.reference = v.id
            and t.kind in ('payout_reversed', 'refund_from_balance')
        where p.package_purchase_id = purchase and p.expert_id = mentor
    ), total as (
      select
        coalesce(sum(amount_minor) filter (where side = 'in'), 0)
          - coalesce(sum(amount_minor) filter (where side = 'out' and kind = 'package_share'), 0) as came_in,
        coalesce(sum(amount_minor) filter (where side = 'out' and kind <> 'package_share'), 0) as went_out,
        coalesce(sum(amount_minor) filter (where side = 'out' and to_kind = 'fees'), 0) as fee,
        coalesce(sum(amount_minor) filter (where side = 'out' and to_kind = 'mentor'), 0) as earned,
        coalesce(sum(amount_minor) filter (where side = 'refund'), 0) as refunded_later,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'fees'), 0) as of_fee,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'mentor'), 0) as of_mentor,
        coalesce(sum(amount_minor) filter (where side = 'refund' and from_kind = 'losses'), 0) as of_us,
        coalesce(sum(amount_minor) filter (where side = 'taken'), 0) as taken
      from line
    )
    select came_in::bigint, (came_in - went_out)::bigint, (went_out - fee - earned + refunded_later)::bigint,
      (fee - of_fee)::bigint, (earned - of_mentor - taken)::bigint, (of_us - taken)::bigint
    from total
  $function$

-- private.raise_cap_reached(text): Reports which cap was reached, by the name of its constraint.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.raise_cap_reached(constraint_name text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'cap reached' using errcode = 'check_violation', constraint = constraint_name;
end
$function$

-- private.rating_with_prior(numeric,integer): A Bayesian mean: few ratings are drawn towards the usual one. The only place of the prior's two numbers.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.rating_with_prior(rating numeric, weight integer)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    -- The prior: as if every mentor had started with ten sessions of four stars.
    select case when rating is null then 4.0 else round((4.0 * 10 + rating * weight) / (10 + weight), 4) end
  $function$

-- private.read_admin_log(uuid,uuid,text,bigint,integer): The log, the latest first, by person or action, with the names as they are now. For administrators; the only reading that is not logged itself.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.read_admin_log(login uuid, about uuid, of_action text, before_id bigint, most integer)
 RETURNS TABLE(id bigint, happened_at timestamp with time zone, actor_id uuid, actor_name text, action text, subject_id uuid, subject_name text, details jsonb, reason text, request_id text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if private.administrator_state(login) <> 'ready' then
    raise exception 'for administrators only' using errcode = 'insufficient_privilege';
  end if;
  return query
    select l.id, l.happened_at, l.actor_id, private.admin_name(l.actor_id), l.action, l.subject_id,
      private.admin_name(l.subject_id), l.details, l.reason, l.request_id
    from private.admin_log l
    where (about is null or about in (l.subject_id, l.actor_id)) and (of_action is null or l.action = of_action)
      and (before_id is null or l.id < before_id)
    order by l.id desc
    limit most;
end
$function$

-- private.receipts_of(uuid[],uuid[]): What the receipts for payments say, or the tax invoices if the mentor charges GST; no row where nothing was captured for the booking or the package.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.receipts_of(mentors uuid[], payments uuid[])
 RETURNS TABLE(mentor uuid, payment uuid, reader uuid, booking uuid, currency text, total bigint, is_sandbox boolean, facts jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with platform as materialized (select private.platform_name() as name)
    select p.expert_id, p.id, p.user_id, p.booking_id, p.currency, a.amount_minor, p.provider = 'sandbox', jsonb_build_object(
        'issuer', private.document_party(coalesce(t.legal_name, m.full_name), t.address, t.state_code, t.gstin),
        'recipient', private.document_party(coalesce(d.name, b.user_name, private.account_name(to_jsonb(u))), d.address, d.state_code, d.gstin),
        'platform', platform.name,
        'session', case when b.id is not null then
          private.session_on_document(s.title, m.full_name, b.starts_at, b.duration, b.student_timezone) end,
        'package', case when b.id is null then private.document_package(p.expert_id, p.package_purchase_id) end,
        'lines', case
          when b.id is null then jsonb_build_array(jsonb_build_object('kind', 'package', 'amount_minor', a.amount_minor))
          when b.price_lines is null then private.whole_price(a.amount_minor)
          else private.price_on_document(a.amount_minor, b.price_lines, tax.stated) end,
        'tax', tax.stated,
        'payment', jsonb_build_object('method', a.method, 'reference', a.attempt_id, 'at', a.created_at),
        'refund', null, 'receipt', null, 'fee', null)
    from unnest(mentors, payments) asked (mentor, payment)
      join public.payments p on p.id = asked.payment and p.expert_id = asked.mentor
      join public.payment_attempts a on a.id = p.accepted_attempt_id and a.payment_id = p.id and a.expert_id = p.expert_id
        and a.state = 'captured'
      join auth.users u on u.id = p.user_id
      join public.expert_profiles m on m.id = p.expert_id
      left join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      left join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      left join public.billing_details d on d.user_id = p.user_id
      left join public.tax_settings t on t.expert_id = p.expert_id and t.enabled
      cross join platform
      cross join lateral (
        select case when t.expert_id is not null then
          private.tax_within(a.amount_minor, t.rate_basis_points, t.sac, t.state_code, coalesce(d.state_code, t.state_code)) end
      ) tax (stated)
  $function$

-- private.receive_payment_event(text,text,text,text,text,bytea): Stores a webhook's event and enqueues the question to the provider. An event that is known changes nothing.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.receive_payment_event(from_provider text, event_key text, event_kind text, about_order text, judged text, raw bytea)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  payment record;
begin
  -- Strangers must not fill the table.
  if judged <> 'genuine' then
    if (select count(*) from (
          select from private.payment_events e where e.verdict <> 'genuine' and e.received_at > now() - interval '60 minutes' limit 200) recent)
       < 200 then
      insert into private.payment_events (provider, verdict, body, processed_at)
        values (from_provider, judged, substr(raw, 1, 4096), now());
    end if;
    return judged;
  end if;
  select o.payment_id, o.expert_id into payment from private.payment_orders o
    where o.provider = from_provider and o.order_id = about_order;
  if not found then
    judged := 'unknown_order';
  end if;
  insert into private.payment_events (provider, event_id, kind, order_id, verdict, body, processed_at)
    values (from_provider, event_key, event_kind, about_order, judged,
            case when private.forgets_words(payment.expert_id, payment.payment_id) then '' else raw end,
            case when payment.payment_id is null then now() end)
    on conflict (provider, event_id) do nothing;
  if found and payment.payment_id is not null then
    perform private.enqueue_for_payment('sync_payment', payment.expert_id, payment.payment_id);
  end if;
  return judged;
end
$function$

-- private.receive_payments(uuid[],uuid[],uuid[],text[],bigint[],bigint[],timestamp with time zone[]): The transfers of many captured payments at once: into the escrow of each booking, and what the provider keeps. The caller has locked the mentors.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.receive_payments(mentors uuid[], attempts uuid[], bookings uuid[], currencies text[], amounts bigint[], fees bigint[], times timestamp with time zone[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with received as (
      select * from unnest(mentors, attempts, bookings, currencies, amounts, fees, times)
        r (mentor, attempt, booking, currency, amount, fee, at)
    ), balances as (
      insert into private.ledger_accounts as a (expert_id, kind, owner_id, currency, balance_minor)
        select r.mentor, 'escrow', r.booking, r.currency, r.amount from received r
        on conflict (expert_id, owner_id, kind, currency)
          do update set balance_minor = a.balance_minor + excluded.balance_minor, version = a.version + 1
    )
    -- A transfer that exists is an error: its balance would be counted twice.
    insert into private.ledger_transfers (
        expert_id, kind, reference, from_kind, from_owner, to_kind, to_owner, currency, amount_minor, event_at)
      select r.mentor, 'captured', r.attempt, 'provider', r.mentor, 'escrow', r.booking, r.currency, r.amount, r.at
        from received r
      union all
      select r.mentor, 'provider_fee', r.attempt, 'provider', r.mentor, 'provider_fees', r.mentor, r.currency, r.fee, r.at
        from received r where r.fee > 0
  $function$

-- private.receive_pushes(text[],text): What providers have reported, which was found to be genuine: that calendars have "changed", that a channel is to be "renew"ed at once, or has "ended". Their connections are read now.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.receive_pushes(channels text[], happened text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.calendar_connections c
    where c.id in (select k.connection_id from public.connected_calendars k where k.push_channel = any (channels))
    order by c.id for no key update;
  -- A provider that failed is asked again in its time, whatever is reported.
  update public.calendar_connections c set sync_due_at = least(c.sync_due_at, now())
    where c.failures = 0
      and c.id in (select k.connection_id from public.connected_calendars k where k.push_channel = any (channels));
  if found then
    perform private.enqueue('sync_calendars', '{}', 'sync_calendars');
  end if;
  if happened <> 'changed' then
    update public.connected_calendars k
      set push_due_at = null,
          push_channel = case when happened = 'renew' then k.push_channel end,
          push_resource = case when happened = 'renew' then k.push_resource end,
          push_secret_hash = case when happened = 'renew' then k.push_secret_hash end,
          push_ends_at = case when happened = 'renew' then k.push_ends_at end
      where k.push_channel = any (channels);
  end if;
end
$function$

-- private.recipient_settings(uuid[]): What decides on which channels people get a message, and when.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.recipient_settings(people uuid[])
 RETURNS TABLE(user_id uuid, muted text[], quiet_from text, quiet_until text, has_confirmed_address boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.id, coalesce(s.muted, '{}'), s.quiet_from, s.quiet_until, private.has_confirmed_address(p.id)
    from unnest(people) p (id) left join public.notification_settings s on s.user_id = p.id
  $function$

-- private.record_booking_event(): Writes the history; nothing else does.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.record_booking_event()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
  was text := case when tg_op = 'UPDATE' then old.status end;
begin
  if tg_op = 'INSERT' or old.status_when_paid is not null and new.status_when_paid is null then
    perform private.notify_person(new.user_id, 'bookings');
    perform private.notify_person(new.expert_id, 'bookings');
  end if;
  -- A request expires when another person's booking needs the mentor's time: that person is not the actor.
  if new.status = 'cancelled' and was = 'pending' and old.expires_at <= now() then
    acting := 'system';
  end if;
  -- For everyone but its student a booking begins when it is paid.
  if tg_op = 'UPDATE' and old.status_when_paid is not null and new.status_when_paid is null then
    acting := 'student';
    caller := new.user_id;
    was := null;
  end if;
  insert into public.booking_events (
      booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason, is_for_all)
    values (
      new.id, new.expert_id,
      case
        when was is null and new.status_when_paid is not null then 'held'
        when was is null then 'created'
        when new.status = 'cancelled' and new.status_when_paid is not null then 'lapsed'
        when new.status = 'cancelled' and was = 'pending' and acting = 'mentor' then 'declined'
        when new.status = 'cancelled' and acting = 'system' and private.is_for_all() then 'minimum_missed'
        when new.status = 'cancelled' and was = 'pending' and acting = 'system' then 'expired'
        else new.status
      end,
      case when acting = 'system' then null else caller end, acting, was, new.status,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end,
      private.is_for_all());
  return null;
end
$function$

-- private.record_booking_move(): Writes the moves of the history; nothing else does.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.record_booking_move()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  acting text := case
    when caller = new.user_id then 'student' when caller = new.expert_id then 'mentor' else 'system' end;
begin
  insert into public.booking_events (
      booking_id, expert_id, kind, actor_id, actor, from_status, to_status, from_starts_at, to_starts_at, reason, is_for_all)
    values (
      new.id, new.expert_id, 'rescheduled', case when acting = 'system' then null else caller end, acting, old.status, new.status,
      old.starts_at, new.starts_at,
      case when acting <> 'system' then nullif(current_setting('matepeak.reason', true), '') end, private.is_for_all());
  return null;
end
$function$

-- private.record_money(uuid,uuid,text,bigint,text,uuid,text): Adds a line to a payment's history. money_currency: of the amount, if it is not the price's.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.record_money(mentor uuid, payment uuid, event_kind text, amount bigint, event_detail text DEFAULT NULL::text, refund uuid DEFAULT NULL::uuid, money_currency text DEFAULT NULL::text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into public.money_events (
        expert_id, user_id, payment_id, booking_id, refund_id, kind, amount_minor, currency, detail, notify_at)
      select p.expert_id, p.user_id, p.id, p.booking_id, refund, event_kind, amount, coalesce(money_currency, p.currency),
        event_detail,
        case event_kind when 'failed' then now() + interval '3 minutes' when 'earned' then private.next_morning(p.expert_id)
          else now() end
      from public.payments p where p.id = payment and p.expert_id = mentor
  $function$

-- private.record_no_show_step(): Writes each change of a claim to the booking's history, whose triggers enqueue the messages.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.record_no_show_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
begin
  if tg_op = 'UPDATE' and new.state = old.state then
    return null;
  end if;
  insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason)
    select b.id, b.expert_id, 'no_show_' || case when new.state = 'open' then 'claimed' else new.state end,
      case when caller in (b.user_id, b.expert_id) then caller end,
      case caller when b.user_id then 'student' when b.expert_id then 'mentor' else 'system' end,
      b.status, b.status, case when new.state = 'open' then new.reason else new.answer end
    from public.bookings b where b.id = new.booking_id and b.expert_id = new.expert_id;
  return null;
end
$function$

-- private.record_review(): Records what was done with a review, also when it is deleted.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.record_review()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  subject public.reviews;
begin
  if tg_op = 'UPDATE' and new.author is distinct from old.author then
    return null;
  end if;
  if tg_op = 'DELETE' then subject := old; else subject := new; end if;
  insert into private.review_events (booking_id, expert_id, kind, actor_id, rating, created_at)
    values (
      subject.booking_id,
      subject.expert_id,
      case tg_op when 'INSERT' then 'written' when 'UPDATE' then 'changed' else 'withdrawn' end,
      auth.uid(),
      subject.rating,
      case tg_op when 'INSERT' then subject.created_at else now() end
    );
  return null;
end
$function$

-- private.record_zoom_event(text,text,text,text,timestamp with time zone,integer): Records who came to a meeting or left it, as Zoom reports it, once; false if no session has this meeting. Of a group, only people that are known by their address.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.record_zoom_event(meeting text, what text, address text, shown_name text, happened_at timestamp with time zone, most integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  m private.made_meetings;
  b public.bookings;
  comer uuid;
  is_known boolean := false;
begin
  select * into m from private.made_meetings x where x.ref = meeting and x.kind = 'zoom' limit 1;
  select u.id into comer from auth.users u
    where lower(u.email) = lower(address) and (u.id = m.expert_id or exists (
      select from private.seats_of_meeting(m.expert_id, m.occupancy_id, m.kind) x where x.user_id = u.id));
  for b in select * from private.seats_of_meeting(m.expert_id, m.occupancy_id, m.kind) loop
    is_known := true;
    -- Students of a group are not named to each other: others read the row of a seat than sit in it.
    continue when m.known_as <> b.id and coalesce(comer not in (b.expert_id, b.user_id), true);
    -- A stranger with the link could go in and out for ever.
    continue when (
      select count(*) from public.join_events e where e.booking_id = b.id and e.expert_id = b.expert_id) >= most;
    insert into public.join_events (booking_id, expert_id, party, how, name, at)
      values (b.id, b.expert_id, case comer when b.expert_id then 'mentor' when b.user_id then 'student' end, what,
        case when comer is null then shown_name end, happened_at)
      on conflict do nothing;
    perform private.notify_person(party, 'bookings') from unnest(array[b.user_id, b.expert_id]) party;
  end loop;
  return is_known;
end
$function$

-- private.refresh_busy_times(uuid): Joins what counts as busy in a mentor's connected calendars. Counts as a change of the mentor's times only if it is one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.refresh_busy_times(person uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  busy tstzmultirange;
  pauses boolean;
begin
  -- Students' busy times are for themselves alone.
  if not private.lock_mentor(person) then
    return;
  end if;
  select coalesce(range_agg(e.during), '{}') into busy
    from public.connected_events e join public.connected_calendars c on c.id = e.calendar_id
    where e.user_id = person and c.counts_as_busy;
  select coalesce(bool_or(c.stale_told_at is not null and c.if_stale = 'pause'), false) into pauses
    from public.calendar_connections c
    where c.user_id = person
      and exists (select from public.connected_calendars k where k.connection_id = c.id and k.counts_as_busy);
  insert into public.busy_times as b (expert_id, during, pauses_offering) values (person, busy, pauses)
    on conflict (expert_id) do update set during = excluded.during, pauses_offering = excluded.pauses_offering
    where (b.during, b.pauses_offering) is distinct from (excluded.during, excluded.pauses_offering);
end
$function$

-- private.refresh_payment_status(uuid,uuid): Keeps the booking's payment_status in step with its payment.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.refresh_payment_status(mentor uuid, payment uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.bookings b set payment_status = s.current_status
    from private.parts_of_payment(mentor, payment) part (id)
      join public.payments p on p.id = part.id and p.expert_id = mentor,
      lateral (select private.payment_status_of(mentor, p.id) as current_status) s
    where b.id = p.booking_id and b.expert_id = p.expert_id and b.payment_status <> s.current_status;
  if found then
    perform private.notify_person(party, 'bookings')
      from public.payments p, unnest(array[p.user_id, p.expert_id]) party where p.id = payment and p.expert_id = mentor;
  end if;
end
$function$

-- private.refund_by_hand(uuid,text,uuid,uuid,bigint,bigint,text): Sends back a part of a booking's money. `left_seen`: what was left when the administrator decided. Null if there is no such payment. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.refund_by_hand(login uuid, request text, mentor uuid, payment uuid, amount bigint, left_seen bigint, why text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  is_left bigint;
  attempt uuid;
  refund uuid;
begin
  if not private.begin_payment_action(
      login, request, 'refunded_by_hand', mentor, payment, jsonb_build_object('amount_minor', amount), why) then
    return null;
  end if;
  is_left := coalesce(private.refundable_minor(mentor, payment), 0);
  -- Two administrators, or one who presses twice, saw the same amount.
  if is_left <> left_seen then
    raise exception 'another amount is left' using errcode = 'check_violation', constraint = 'payments_left_as_seen';
  end if;
  if amount > is_left then
    raise exception 'more than is left' using errcode = 'check_violation', constraint = 'payments_refund_within_left';
  end if;
  select p.accepted_attempt_id into attempt
    from public.payments p where p.id = payment and p.expert_id = mentor;
  refund := private.request_refund(mentor, payment, attempt, amount, 'administrator');
  perform private.refresh_payment_status(mentor, payment);
  return refund;
end
$function$

-- private.refund_facts(uuid,uuid): What the app needs to know to send a refund.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.refund_facts(mentor uuid, refund uuid)
 RETURNS TABLE(state text, amount_minor bigint, currency text, attempt_id text, provider text, order_id text, payment_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select r.state, r.amount_minor, r.currency, a.attempt_id, p.provider, o.order_id, p.id
    from public.refunds r
      join public.payment_attempts a on a.id = r.attempt_id and a.expert_id = r.expert_id
      join public.payments p on p.id = r.payment_id and p.expert_id = r.expert_id
      join private.payment_orders o on o.payment_id = private.ordered_payment(p.expert_id, p.id) and o.expert_id = p.expert_id
    where r.id = refund and r.expert_id = mentor
  $function$

-- private.refund_from_package(uuid,uuid,uuid,uuid,bigint,text): Where the money of a package's refund comes from: what is left of it, then its sessions that are not earned yet, then the platform's fee, what was transferred to the mentor, and the mentor's balance, then it is our loss.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.refund_from_package(mentor uuid, purchase uuid, payment uuid, refund uuid, amount bigint, refund_why text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
  rest bigint := amount;
  part bigint;
  used record;
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor;
  if refund_why = 'provider' then
    -- What was sent back by hand may be what a failed refund owes already.
    rest := amount - least(amount, private.balance_of(mentor, 'refunds_payable', payment, bought.currency) - (
      select coalesce(sum(r.amount_minor), 0) from public.refunds r
      where r.payment_id = payment and r.expert_id = mentor and r.state in ('requested', 'sent') and r.id <> refund));
  end if;
  part := least(rest, private.balance_of(mentor, 'package_money', purchase, bought.currency));
  if part > 0 then
    perform private.transfer(mentor, 'refund_requested', refund, 'package_money', purchase, 'refunds_payable', payment,
                             bought.currency, part);
    rest := rest - part;
  end if;
  -- More than is left of it, by hand at the provider or by a lost dispute: from the sessions that are not earned yet, the latest
  -- first, then as from a booking that is earned.
  for used in
    select u.id, u.booking_id, u.share_minor from public.credit_uses u
      join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
    where u.package_purchase_id = purchase and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null
      and u.share_minor > 0
    order by b.starts_at desc, u.id for no key update of u
  loop
    exit when rest = 0;
    part := least(rest, used.share_minor);
    perform private.transfer(mentor, 'refund_of_session', private.uuid_v7(), 'escrow', used.booking_id, 'refunds_payable', payment,
                             bought.currency, part);
    update public.credit_uses u set share_minor = u.share_minor - part where u.id = used.id and u.expert_id = mentor;
    rest := rest - part;
  end loop;
  if rest > 0 then
    part := private.fee_minor(rest, bought.fee_basis_points);
    if part > 0 then
      perform private.transfer(mentor, 'refund_of_fee', refund, 'fees', mentor, 'refunds_payable', payment, bought.currency, part);
      rest := rest - part;
    end if;
    -- As from a booking that is earned: what went to the mentor's account at the provider is our loss until it comes back.
    part := private.request_reversal(mentor, payment, refund, rest);
    if part > 0 then
      perform private.transfer(mentor, 'refund_before_reversal', refund, 'losses', mentor, 'refunds_payable', payment,
                               bought.currency, part);
      rest := rest - part;
    end if;
    part := least(rest, private.balance_of(mentor, 'mentor', mentor, bought.currency));
    if part > 0 then
      perform private.transfer(mentor, 'refund_of_used_sessions', refund, 'mentor', mentor, 'refunds_payable', payment,
                               bought.currency, part);
      rest := rest - part;
    end if;
    if rest > 0 then
      perform private.transfer(mentor, 'refund_at_a_loss', refund, 'losses', mentor, 'refunds_payable', payment,
                               bought.currency, rest);
    end if;
  end if;
  -- What is not paid for any more cannot be booked.
  perform private.withdraw_credits(mentor, purchase);
end
$function$

-- private.refund_minor(bigint,bigint,integer,integer,integer,timestamp with time zone,timestamp with time zone,text): What goes back when a booking is cancelled at this time by the student's choice, or for another reason by anyone: rules/refundPolicy.ts.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.refund_minor(paid bigint, refunded bigint, full_cutoff integer, partial_cutoff integer, partial_percent integer, starts_at timestamp with time zone, at timestamp with time zone, fault text)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN GREATEST((0)::bigint, (CASE WHEN ((fault <> 'student'::text) OR (at < (starts_at - ((full_cutoff)::double precision * '00:01:00'::interval)))) THEN paid WHEN (at < (starts_at - ((partial_cutoff)::double precision * '00:01:00'::interval))) THEN (((paid * partial_percent) + 50) / 100) ELSE (0)::bigint END - refunded))

-- private.refund_no_show(uuid,uuid): Everything goes back for a session that its mentor did not come to, once that is final.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.refund_no_show(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(mentor);
  perform from public.bookings b where b.id = booking and b.expert_id = mentor for no key update;
  if not exists (
    select from public.no_show_claims c
    where c.booking_id = booking and c.expert_id = mentor and c.claimed_by = 'student' and c.state in ('agreed', 'unanswered')) then
    return false;
  end if;
  return private.give_everything_back(mentor, booking, 'no_show');
end
$function$

-- private.refund_package(uuid,uuid): Sends back the money of the sessions that no booking has taken, and returns how much that is.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.refund_package(mentor uuid, purchase uuid)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
  paid public.payments;
  amount bigint;
begin
  perform private.lock_mentor(mentor);
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  select * into paid from public.payments p where p.package_purchase_id = purchase and p.expert_id = mentor for no key update;
  if bought.state is distinct from 'active' or paid.state <> 'captured' then
    return 0;
  end if;
  amount := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  if amount > 0 then
    perform private.request_refund(mentor, paid.id, paid.accepted_attempt_id, amount, 'unused');
  else
    perform private.end_credits(mentor, purchase, 'refunded');
  end if;
  return amount;
end
$function$

-- private.refundable_minor(uuid,uuid): What is left of a booking's money; null if it has none. A failed refund is owed, and repeated. What was paid for a basket is the money of its bookings.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.refundable_minor(mentor uuid, payment uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case when private.is_shared(p.expert_id, p.id, a.id) then null else least(
      a.captured_minor - private.returned_minor(a.expert_id, a.id),
      -- Of a package, what no session has used.
      case when p.booking_id is null then private.balance_of(p.expert_id, 'package_money', p.package_purchase_id, p.currency) end) end
    from public.payments p join public.payment_attempts a on a.id = p.accepted_attempt_id and a.expert_id = p.expert_id
    where p.id = payment and p.expert_id = mentor and p.state = 'captured'
  $function$

-- private.refunds_known_as(uuid,uuid,uuid,uuid,text): Our refunds that the provider means: several, if it made one of a basket that was divided.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.refunds_known_as(mentor uuid, payment uuid, attempt uuid, our_reference uuid, their_id text)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(array_agg(r.id order by r.id), '{}')
    from private.same_attempts(mentor, payment, attempt) same (id)
      join public.refunds r on r.attempt_id = same.id and r.expert_id = mentor
        and (r.id = our_reference or r.provider_refund_id = their_id)
  $function$

-- private.release_by_hand(uuid,text,uuid,uuid,text): Lets go of what was reserved and is not wanted any more. What a booking waits for is released by declining or cancelling it. False if there is no such payment. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.release_by_hand(login uuid, request text, mentor uuid, payment uuid, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not private.begin_payment_action(login, request, 'authorization_released', mentor, payment, '{}', why) then
    return false;
  end if;
  if not exists (
      select from public.payments p
      where p.id = payment and p.expert_id = mentor and p.state = 'authorized' and p.closed_because is not null)
    and not exists (
      select from public.payment_attempts a
      where a.payment_id = payment and a.expert_id = mentor and a.state = 'authorized' and a.verdict is distinct from 'accepted') then
    raise exception 'nothing is to be released' using errcode = 'check_violation', constraint = 'payments_something_to_release';
  end if;
  perform private.enqueue_for_payment('release_authorizations', mentor, payment);
  return true;
end
$function$

-- private.release_login(): Ends the login, and the reports of changes, of a connection that is gone at the vendor that gave it: of the person, and of an account that was deleted.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.release_login()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  channels jsonb;
begin
  select jsonb_agg(jsonb_build_object('id', k.push_channel, 'resource', k.push_resource)) into channels
    from public.connected_calendars k where k.connection_id = old.id and k.push_channel is not null;
  -- Microsoft ends no single login.
  if old.kind = 'google' or channels is not null then
    -- A minute later: what is still to be done in the calendars needs the login.
    perform private.enqueue('release_calendar_login', jsonb_build_object(
      'connection_id', old.id, 'kind', old.kind, 'credential', encode(old.credential, 'hex'),
      'channels', coalesce(channels, '[]'), 'ended_at', now()),
      run_at => now() + interval '1 minute');
  end if;
  return old;
end
$function$

-- private.release_seat(uuid,uuid): Releases a seat that its booking has left already.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.release_seat(mentor uuid, seat uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- With the last seat the session is deleted, unless its mentor scheduled it.
  delete from public.occupancies where id = seat and expert_id = mentor and seats_taken = 1 and join_until is null;
  if not found then
    -- If only requests and offers are left, the time expires with the last of them.
    update public.occupancies o
      set seats_taken = o.seats_taken - 1,
          state = case when others.answered or o.join_until is not null then 'booked' else 'requested' end,
          expires_at = case when not others.answered and o.join_until is null then others.expires_at end
      from (
        select coalesce(bool_or(taker.answered), true) as answered, max(taker.expires_at) as expires_at
        from (
          select b.status <> 'pending' as answered, b.expires_at
            from public.bookings b where b.occupancy_id = seat and b.expert_id = mentor
          union all
          select false, w.expires_at from public.waitlist_offers w
            where w.occupancy_id = seat and w.expert_id = mentor and w.booking_id is null
        ) taker
      ) others
      where o.id = seat and o.expert_id = mentor;
  end if;
end
$function$

-- private.remind_of_expiry(uuid,uuid): Plans the message that sessions of a package expire soon. It is written only if that is still so.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.remind_of_expiry(mentor uuid, purchase uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into public.money_events (expert_id, user_id, payment_id, kind, amount_minor, currency, notify_at)
      select p.expert_id, p.user_id, p.id, 'expiring', p.amount_minor, p.currency, g.expires_at - interval '7 days'
      from public.package_purchases g join public.payments p on p.package_purchase_id = g.id and p.expert_id = g.expert_id
      where g.id = purchase and g.expert_id = mentor
  $function$

-- private.remove_past_blocked_dates(uuid,integer): The weekly clean-up: the oldest days off that are over on the mentor's calendar, and dated hours and travels long over.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.remove_past_blocked_dates(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  today date;
  windows integer;
  travels integer;
  days_off integer;
begin
  perform private.lock_mentor(mentor);
  -- Long over: they count against the caps and have no use.
  delete from public.availability_slots where id = any (array(
    select s.id from public.availability_slots s
    where s.expert_id = mentor and not s.is_recurring and s.specific_date < current_date - 60
    order by s.specific_date limit most));
  get diagnostics windows = row_count;
  delete from public.timezone_periods where id = any (array(
    select z.id from public.timezone_periods z where z.expert_id = mentor and z.ends_on < current_date - 365
    order by z.ends_on limit most - windows));
  get diagnostics travels = row_count;
  select private.wall_clock(now(), p.timezone)::date into today from public.expert_profiles p where p.id = mentor;
  delete from public.blocked_dates where id = any (array(
    select b.id from public.blocked_dates b where b.expert_id = mentor and b.date < today
    order by b.date limit most - windows - travels));
  get diagnostics days_off = row_count;
  return windows + travels + days_off;
end
$function$

-- private.renew_claims(uuid[],integer[],interval): Keeps mails that a worker has claimed and not yet sent.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.renew_claims(mails uuid[], attempts_then integer[], lease interval)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.deliveries d set due_at = now() + lease
      from unnest(mails, attempts_then) m (id, attempt)
      where d.id = m.id and d.attempts = m.attempt and d.state = 'waiting'
  $function$

-- private.request_deletion(): Begins the deletion of the caller's account: from now on it cannot be signed in to, and its address can be used for another one. The job delete_account does the rest. False if it has begun before.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.request_deletion()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  person uuid := auth.uid();
  old_address text;
begin
  perform private.close_account(person, 'deleted');
  insert into private.closed_accounts as c (user_id, why, step, address, former_username)
    select u.id, 'deleted', 'cancelling', u.email, p.username
    from auth.users u left join public.expert_profiles p on p.id = u.id
    where u.id = person
    on conflict (user_id) do update
      set why = 'deleted', since = now(), step = 'cancelling', address = excluded.address,
        former_username = excluded.former_username
      where c.why = 'suspended'
    returning address into old_address;
  if not found then
    return false;
  end if;
  perform private.forget_login(person, old_address);
  -- A name that Zoom reported may be either person's.
  delete from public.join_events e using public.bookings b
    where person in (b.user_id, b.expert_id) and e.booking_id = b.id and e.expert_id = b.expert_id and e.name is not null;
  delete from private.made_meetings m where m.expert_id = person and (m.ends_at is null or m.ends_at < now());
  delete from public.calendar_feeds f where f.user_id = person;
  delete from public.calendar_connections c where c.user_id = person;
  perform private.enqueue('delete_account', jsonb_build_object('user_id', person), 'delete_account:' || person);
  return true;
end
$function$

-- private.request_expiry(text,timestamp with time zone): When a new request expires; null for a booking that is confirmed.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.request_expiry(status text, session_start timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
RETURN CASE WHEN (status = 'pending'::text) THEN date_trunc('milliseconds'::text, LEAST((now() + '48:00:00'::interval), session_start)) ELSE NULL::timestamp with time zone END

-- private.request_refund(uuid,uuid,uuid,bigint,text,uuid): Sends back a part of an attempt: never more than it captured, by constraint. The caller has locked mentor and payment.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.request_refund(mentor uuid, payment uuid, attempt uuid, amount bigint, refund_why text, retries uuid DEFAULT NULL::uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid public.payments;
  paying public.payment_attempts;
  refund uuid := private.uuid_v7();
  basis_points integer;
  fee_part bigint := 0;
  transferred_part bigint;
  mentor_part bigint;
  held bigint;
begin
  select * into paid from public.payments p where p.id = payment and p.expert_id = mentor;
  update public.payment_attempts a set refunded_minor = a.refunded_minor + amount, updated_at = now()
    where a.id = attempt and a.expert_id = mentor returning * into paying;
  update public.payments p
    set refunded_minor = p.refunded_minor + case when p.currency = paying.currency then amount else 0 end,
        -- Often again, however rarely the payment was asked about before: a killed worker may leave the outcome unknown.
        updated_at = now(), polls = 0,
        poll_at = case when p.basket_id is null or p.booking_id is null then least(p.poll_at, now() + interval '1 minute') end
    where p.id = payment and p.expert_id = mentor;
  if paid.basket_id is not null and paid.booking_id is not null then
    update public.payments p set updated_at = now(), polls = 0, poll_at = least(p.poll_at, now() + interval '1 minute')
      where p.basket_id = paid.basket_id and p.booking_id is null and p.expert_id = mentor;
  end if;
  insert into public.refunds (id, expert_id, payment_id, attempt_id, amount_minor, currency, why, retry_of)
    values (refund, mentor, payment, attempt, amount, paying.currency, refund_why, retries);
  -- A repeated refund is owed already. All other money but that of the booking is owed since it arrived.
  if retries is null and paying.verdict = 'accepted' then
    if paid.booking_id is null then
      perform private.refund_from_package(mentor, paid.package_purchase_id, payment, refund, amount, refund_why);
    elsif paid.earned_at is null then
      -- What was sent back by hand may be what a failed refund owes already.
      held := private.balance_of(mentor, 'escrow', paid.booking_id, paid.currency);
      if refund_why <> 'provider' or held > 0 then
        perform private.transfer(mentor, 'refund_requested', refund, 'escrow', paid.booking_id, 'refunds_payable', payment,
                                 paid.currency, case refund_why when 'provider' then least(amount, held) else amount end);
      end if;
    else
      -- The mentor has been credited: it is taken back with the platform's part, and what the balance lacks is our loss.
      select b.fee_basis_points into basis_points from public.bookings b where b.id = paid.booking_id and b.expert_id = mentor;
      fee_part := private.fee_minor(amount, coalesce(basis_points, 0));
      -- What went to the mentor's account at the provider comes back from there, and is our loss until then.
      transferred_part := private.request_reversal(mentor, payment, refund, amount - fee_part);
      mentor_part := least(
        amount - fee_part - transferred_part, private.balance_of(mentor, 'mentor', mentor, paid.currency));
      if fee_part > 0 then
        perform private.transfer(mentor, 'refund_of_fee', refund, 'fees', mentor, 'refunds_payable', payment, paid.currency, fee_part);
      end if;
      if mentor_part > 0 then
        perform private.transfer(mentor, 'refund_requested', refund, 'mentor', mentor, 'refunds_payable', payment,
                                 paid.currency, mentor_part);
      end if;
      if transferred_part > 0 then
        perform private.transfer(mentor, 'refund_before_reversal', refund, 'losses', mentor, 'refunds_payable', payment,
                                 paid.currency, transferred_part);
      end if;
      if amount - fee_part - transferred_part - mentor_part > 0 then
        perform private.transfer(mentor, 'refund_at_a_loss', refund, 'losses', mentor, 'refunds_payable', payment,
                                 paid.currency, amount - fee_part - transferred_part - mentor_part);
      end if;
    end if;
  end if;
  perform private.record_money(mentor, payment, 'refund_requested', amount, refund_why, refund, paying.currency);
  perform private.enqueue('send_refund', jsonb_build_object('mentor_id', mentor, 'refund_id', refund), 'send_refund ' || refund);
  return refund;
end
$function$

-- private.request_reversal(uuid,uuid,uuid,bigint): How much of a refund comes back from the mentor's account at the provider; what is asked for is written down. The caller has locked mentor and payment.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.request_reversal(mentor uuid, payment uuid, refund uuid, amount bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known record;
  part bigint;
  rest bigint := amount;
begin
  -- A package may have been transferred session by session: the latest comes back first.
  for known in
    select p.id, p.state, p.currency, p.amount_minor - p.reversed_minor as there
    from public.payouts p
    where p.payment_id = payment and p.expert_id = mentor and p.method = 'route' and p.state in ('requested', 'sent', 'paid')
    order by p.requested_at desc, p.id desc for no key update
  loop
    exit when rest <= 0;
    if known.state = 'requested' then
      -- No call was made: it is in the balance again.
      perform private.move_payout(mentor, known.id, 'failed', null, 'refunded');
      continue;
    end if;
    select least(rest, known.there - coalesce(sum(r.amount_minor), 0)) into part
      from public.payout_reversals r
      where r.payout_id = known.id and r.expert_id = mentor and r.state = 'requested';
    -- The provider reverses no less than it transfers.
    if part >= private.payout_minimum('route') then
      insert into public.payout_reversals (expert_id, payout_id, refund_id, amount_minor, currency)
        values (mentor, known.id, refund, part, known.currency);
      rest := rest - part;
    end if;
  end loop;
  return greatest(amount - rest, 0);
end
$function$

-- private.request_route_payout(uuid,uuid,uuid,bigint): Sends what a payment has earned (earning: the reference of that line in the ledger; a package earns session by session) to the mentor's account at the provider, if there is one; null if not. The provider makes no transfer of a payment that was refunded in part: that waits for the next run. The caller has locked the mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.request_route_payout(mentor uuid, payment uuid, earning uuid, amount bigint)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  payout uuid := private.uuid_v7();
begin
  if amount < private.payout_minimum('route') then
    return null;
  end if;
  insert into public.payouts (id, expert_id, payment_id, earning_id, amount_minor, currency, method, paid_to, sealed_account)
    select payout, mentor, p.id, earning, amount, p.currency, 'route', a.linked_hint, a.linked_sealed
    from public.payments p
      join private.money_settings s on s.provider = p.provider
      join private.payout_accounts a on a.expert_id = p.expert_id and a.linked_sealed is not null and a.usable_from <= now()
    where p.id = payment and p.expert_id = mentor and p.provider in ('razorpay', 'sandbox') and p.refunded_minor = 0
      and not exists (select from private.closed_accounts c where c.user_id = mentor and c.why = 'suspended')
    on conflict do nothing
    -- Without it Citus would count the row of a conflict too.
    returning id into payout;
  if not found then
    return null;
  end if;
  perform private.transfer(
    mentor, 'payout_requested', payout, 'mentor', mentor, 'payouts_pending', payout,
    (select p.currency from public.payouts p where p.id = payout and p.expert_id = mentor), amount);
  perform private.enqueue(
    'send_transfer', jsonb_build_object('mentor_id', mentor, 'payout_id', payout), 'send_transfer ' || payout);
  return payout;
end
$function$

-- private.request_run_payouts(uuid,uuid): Puts a mentor's whole balance into a run that is being filled, unless a payout is open; any number of times.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.request_run_payouts(run uuid, mentor uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  due record;
  payout uuid;
  requested integer := 0;
begin
  perform private.lock_mentor(mentor);
  perform from private.payout_runs r where r.id = run and r.filled_at is null and r.cancelled_at is null for share;
  if not found then
    return 0;
  end if;
  for due in
    select a.currency, a.balance_minor, d.bank_hint
    from private.ledger_accounts a join private.payout_accounts d on d.expert_id = a.expert_id
    where a.expert_id = mentor and a.owner_id = mentor and a.kind = 'mentor'
      and a.balance_minor >= private.payout_minimum('csv') and d.bank_sealed is not null and d.usable_from <= now()
      and not exists (
        select from private.closed_accounts c where c.user_id = mentor and c.why = 'suspended')
      and not exists (
        select from public.payouts o where o.expert_id = mentor and o.currency = a.currency and o.method = 'csv'
          and (o.state in ('requested', 'sent') or o.run_id = run))
    order by a.currency
  loop
    payout := private.uuid_v7();
    insert into public.payouts (id, expert_id, run_id, amount_minor, currency, method, paid_to)
      values (payout, mentor, run, due.balance_minor, due.currency, 'csv', due.bank_hint);
    perform private.transfer(mentor, 'payout_requested', payout, 'mentor', mentor, 'payouts_pending', payout, due.currency,
                             due.balance_minor);
    requested := requested + 1;
  end loop;
  return requested;
end
$function$

-- private.require_deletion(uuid): Rejects the steps of a deletion for everyone who has not asked for it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.require_deletion(person uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select from private.closed_accounts c where c.user_id = person and c.why = 'deleted') then
    raise exception 'this account is not being deleted' using errcode = 'insufficient_privilege';
  end if;
end
$function$

-- private.require_open_accounts(): Rejects a new row of a person whose account is closed, and in public of such a mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.require_open_accounts()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- After the row, whose reference to the person has waited for an account that is being closed (close_account).
  if private.is_closed(new.user_id) then
    raise exception 'the account is closed' using errcode = 'check_violation', constraint = 'accounts_open';
  end if;
  if tg_table_schema = 'public' then
    if private.is_closed(new.expert_id) then
      raise exception 'the mentor''s account is closed' using errcode = 'check_violation', constraint = 'mentors_open';
    end if;
  end if;
  return null;
end
$function$

-- private.require_own_group(uuid,text,timestamp with time zone): Rejects everyone but the mentor, and a session that has begun or was cancelled.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.require_own_group(mentor uuid, session_state text, session_start timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if session_state is null or auth.uid() is distinct from mentor then
    raise exception 'no such session of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if session_state = 'cancelled' or session_start <= now() then
    raise exception 'the session is over or cancelled'
      using errcode = 'check_violation', constraint = 'group_sessions_step_allowed';
  end if;
end
$function$

-- private.require_own_programme(uuid,uuid): Locks the mentor, then the programme. Rejects everyone but the mentor, and one without a session to come.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.require_own_programme(mentor uuid, programme uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  found_state text;
begin
  if not private.lock_schedule(mentor) then
    raise exception 'no such mentor' using errcode = 'insufficient_privilege';
  end if;
  select p.state into found_state from public.programmes p where p.id = programme and p.expert_id = mentor for update;
  if found_state is null or auth.uid() is distinct from mentor then
    raise exception 'no such programme of this mentor' using errcode = 'insufficient_privilege';
  end if;
  if found_state = 'cancelled' or not exists (
      select from public.group_sessions g
      where g.programme_id = programme and g.expert_id = mentor and g.state <> 'cancelled' and g.starts_at > now()) then
    raise exception 'the programme is over or cancelled'
      using errcode = 'check_violation', constraint = 'programmes_step_allowed';
  end if;
end
$function$

-- private.require_revision(uuid,bigint): lock_mentor() for what was judged without the lock, by a schedule of this revision. If it has another one by now, the transaction fails, and is run again from its beginning.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.require_revision(mentor uuid, judged bigint)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.schedule_revisions r where r.expert_id = mentor and r.revision = judged for no key update;
  if not found then
    raise exception 'the schedule has changed' using errcode = 'serialization_failure';
  end if;
end
$function$

-- private.reseal_credential(uuid,bytea,bytea): Replaces a credential by the same under another key.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.reseal_credential(connection uuid, was bytea, sealed bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.calendar_connections set credential = sealed where id = connection and credential = was
  $function$

-- private.reserve_credit(uuid,uuid,uuid): Takes one session of a package, and its part of the money, for a booking.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.reserve_credit(mentor uuid, booking uuid, purchase uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
  credits bigint;
  money bigint;
  share bigint;
  use uuid := private.uuid_v7();
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  money := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  -- Equal parts of what is there: less, after a refund of a part. The last session has the remainder.
  share := money / credits;
  insert into public.credit_uses (id, expert_id, booking_id, package_purchase_id, share_minor, currency)
    values (use, mentor, booking, purchase, share, bought.currency);
  perform private.transfer(mentor, 'credit_reserved', use, 'credits', purchase, 'credits_reserved', booking,
                           private.credit_currency(bought.service_id), 1);
  if share > 0 then
    perform private.transfer(mentor, 'package_share', use, 'package_money', purchase, 'escrow', booking, bought.currency, share);
  end if;
end
$function$

-- private.retake_time(uuid,uuid,text,timestamp with time zone): Takes the time of a lapsed booking again; the exclusion constraint rejects taken time.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.retake_time(mentor uuid, booking uuid, becomes text, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b record;
begin
  perform private.expire_requests(mentor);
  select l.service_id, l.starts_at, l.ends_at, s.capacity, p.buffer_before, p.buffer_after, q.programme_id into b
    from public.bookings l
      left join public.series q on q.id = l.series_id and q.expert_id = l.expert_id
      join public.services s on s.id = l.service_id and s.expert_id = l.expert_id
      join public.expert_profiles p on p.id = l.expert_id
    where l.id = booking and l.expert_id = mentor;
  if b.programme_id is not null then
    return private.take_programme_seat(mentor, b.programme_id, b.starts_at, becomes = 'confirmed', expiry);
  end if;
  return private.take_seat(
    mentor, b.service_id, b.capacity, b.starts_at, b.ends_at,
    private.busy_time(b.starts_at, b.ends_at, b.buffer_before, b.buffer_after),
    case when becomes = 'confirmed' then 'booked' else 'requested' end, expiry);
end
$function$

-- private.retry_meet_links(uuid): Has the Meet links of coming sessions made that could not be made before, or were left behind: there may be a way now.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.retry_meet_links(mentor uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    with coming as (
      update private.made_meetings m set asked_at = now(), failures = 0
      where m.expert_id = mentor and m.kind = 'google_meet'
        and (m.was_left or m.fell_back_at is not null or m.ref is null)
        and exists (
          select from public.bookings b
          where b.occupancy_id = m.occupancy_id and b.expert_id = m.expert_id and b.status = 'confirmed' and b.ends_at > now())
      returning m.occupancy_id)
    select private.arrange_meeting(mentor, c.occupancy_id) from coming c
  $function$

-- private.retry_refund(uuid,text,uuid,uuid,uuid,text): Repeats a failed refund, once; null if there is none. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.retry_refund(login uuid, request text, mentor uuid, payment uuid, refund uuid, why text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  failed public.refunds;
  repeated uuid;
begin
  if not private.begin_payment_action(
      login, request, 'refund_retried', mentor, payment, jsonb_build_object('refund_id', refund), why) then
    return null;
  end if;
  select * into failed from public.refunds r
    where r.id = refund and r.payment_id = retry_refund.payment and r.expert_id = mentor for no key update;
  if not found then
    return null;
  end if;
  if failed.state <> 'failed' then
    raise exception 'the refund has not failed' using errcode = 'check_violation', constraint = 'refunds_retried_has_failed';
  end if;
  repeated := private.request_refund(mentor, payment, failed.attempt_id, failed.amount_minor, failed.why, failed.id);
  perform private.unflag_payment(mentor, payment, 'refund_failed');
  perform private.refresh_payment_status(mentor, payment);
  return repeated;
end
$function$

-- private.return_credit(uuid,uuid,boolean): Gives back the session of a package that a booking has taken, with its money; false if there is none. One that comes back without the student's doing can be used for at least 30 days.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.return_credit(mentor uuid, booking uuid, is_students_doing boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  taken public.credit_uses;
  bought public.package_purchases;
  expired_at timestamptz;
begin
  select * into taken from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null;
  if not found then
    return false;
  end if;
  select * into bought from public.package_purchases p where p.id = taken.package_purchase_id and p.expert_id = mentor;
  if taken.share_minor = 0 and bought.price_minor >= bought.sessions then
    -- Its money went back by a dispute, or by hand at the provider: there is no session to give back.
    perform private.use_credit(mentor, booking);
    return false;
  end if;
  expired_at := bought.expires_at;
  update public.package_purchases p
    set state = 'active', updated_at = now(),
        -- Otherwise a mentor who cancels could let it expire.
        expires_at = case when is_students_doing then p.expires_at else greatest(p.expires_at, now() + interval '30 days') end
    where p.id = taken.package_purchase_id and p.expert_id = mentor
    returning * into bought;
  update public.credit_uses u set state = 'returned' where u.id = taken.id and u.expert_id = mentor;
  if taken.state = 'reserved' then
    perform private.transfer(mentor, 'credit_returned', taken.id, 'credits_reserved', booking, 'credits', bought.id,
                             private.credit_currency(bought.service_id), 1);
  else
    perform private.transfer(mentor, 'credit_returned', taken.id, 'credits_used', mentor, 'credits', bought.id,
                             private.credit_currency(bought.service_id), 1);
  end if;
  if taken.share_minor > 0 then
    perform private.transfer(mentor, 'package_share_returned', taken.id, 'escrow', booking, 'package_money', bought.id,
                             bought.currency, taken.share_minor);
  end if;
  if bought.expires_at > expired_at then
    perform private.remind_of_expiry(mentor, bought.id);
  end if;
  return true;
end
$function$

-- private.return_fee(uuid,uuid): Issues the platform's credit note for the part of its fee that a refund gave back, once the refund is done, and lets the mentor hear of it. Null: the fee was not taken yet, or the note is there.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.return_fee(mentor uuid, refund uuid)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  returned record;
  invoice public.documents;
  tax jsonb;
  issued uuid;
begin
  -- A refund that repeats a failed one is about the same money: the fee was returned when the first was requested.
  with recursive chain as (
    select r.* from public.refunds r where r.id = refund and r.expert_id = mentor
    union all
    select r.* from public.refunds r join chain c on r.id = c.retry_of and r.expert_id = c.expert_id
  )
  select c.id, c.payment_id, c.why, f.amount_minor into returned
    from chain c
      join private.ledger_transfers f on f.expert_id = c.expert_id and f.kind = 'refund_of_fee' and f.reference = c.id
    where c.retry_of is null;
  if not found or exists (
    select from public.documents d
    where d.expert_id = mentor and d.kind = 'fee_credit_note' and d.reference_id = returned.id)
  then
    return null;
  end if;
  select d.* into invoice
    from public.payments p
      join public.documents d on d.expert_id = p.expert_id and d.kind = 'fee_invoice'
        -- Sessions of a package have an invoice each: it is for the last of them.
        and (d.reference_id = p.booking_id or p.booking_id is null and d.payment_id = p.id)
    where p.id = returned.payment_id and p.expert_id = mentor
    order by d.issued_at desc, d.number_in_series desc limit 1;
  if not found then
    return null;
  end if;
  tax := invoice.content -> 'tax';
  if jsonb_typeof(tax) = 'object' then
    tax := private.tax_within(returned.amount_minor, (tax ->> 'rate_basis_points')::integer, tax ->> 'sac',
                              invoice.content #>> '{issuer,state_code}', tax ->> 'place_of_supply');
  end if;
  issued := private.issue_document(mentor, mentor, 'fee_credit_note', case when invoice.fee_id is null then invoice.booking_id end, returned.payment_id, returned.id,
    invoice.currency, returned.amount_minor, invoice.sandbox, invoice.content || jsonb_build_object(
      'lines', jsonb_build_array(jsonb_build_object('kind', 'fee_returned', 'amount_minor', returned.amount_minor)),
      'tax', tax,
      'fee', null,
      'session', case when invoice.fee_id is null then invoice.content -> 'session' end,
      'refund', jsonb_build_object('why', returned.why),
      'receipt', jsonb_build_object('number', invoice.number, 'issued_at', invoice.issued_at)));
  perform private.record_money(mentor, returned.payment_id, 'fee_returned', returned.amount_minor, returned.why, returned.id);
  return issued;
end
$function$

-- private.return_payout(uuid,uuid): Gives a payout that was never sent back to the balance.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.return_payout(mentor uuid, payout uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(mentor);
  if not exists (
    select from private.payouts_to_return((select p.run_id from public.payouts p where p.id = payout and p.expert_id = mentor)) o
    where o.payout_id = payout) then
    return false;
  end if;
  return private.move_payout(mentor, payout, 'failed', null, 'not_sent');
end
$function$

-- private.returned_minor(uuid,uuid): What of an attempt was or is being sent back, or is owed since a refund of it failed: no other refund may be of this money.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.returned_minor(mentor uuid, attempt uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.refunded_minor + coalesce((
        select sum(r.amount_minor) from public.refunds r
        where r.attempt_id = a.id and r.expert_id = a.expert_id and r.state = 'failed' and not exists (
          select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)), 0)::bigint
    from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
  $function$

-- private.review_facts(uuid,uuid): The facts for the messages about a review.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.review_facts(mentor uuid, review uuid)
 RETURNS TABLE(booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text, starts_at timestamp with time zone, written_at timestamp with time zone, replied_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select r.booking_id, r.user_id, r.expert_id, r.service_id, b.user_name, b.student_timezone, b.starts_at, r.created_at,
      (select a.created_at from public.review_replies a where a.review_id = r.id and a.expert_id = r.expert_id)
    from public.reviews r
      join public.bookings b on b.id = r.booking_id and b.expert_id = r.expert_id
    where r.id = review and r.expert_id = mentor
  $function$

-- private.review_is_open(uuid,uuid): Whether a booking was first reviewed less than fourteen days ago. Writing the review again does not restart them.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.review_is_open(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(private.review_written_at(mentor, booking) > now() - interval '14 days', true)
  $function$

-- private.review_of_booking(uuid,uuid): The review of a booking, for its parties: the booking of a review is hidden from all others.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.review_of_booking(mentor uuid, booking uuid)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object('id', r.id, 'rating', r.rating) from public.reviews r
    where r.booking_id = booking and r.expert_id = mentor and auth.uid() in (r.user_id, r.expert_id)
  $function$

-- private.review_opens_at(uuid,uuid): When the caller may first review a session that took place; null for all but its student. A mentor can complete a session immediately, which proves nothing about the mentor: a student without a confirmed address waits for the day in which either party can report a no-show.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.review_opens_at(mentor uuid, booking uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select b.ends_at + case when private.has_confirmed_address(b.user_id) then interval '0' else interval '24 hours' end
    from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.user_id = auth.uid() and private.session_was_held(b.expert_id, b.id)
  $function$

-- private.review_written_at(uuid,uuid): When a booking was first reviewed, even if that review was deleted; null when it never was.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.review_written_at(mentor uuid, booking uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select min(e.created_at) from private.review_events e
    where e.booking_id = booking and e.expert_id = mentor and e.kind = 'written'
  $function$

-- private.run_job_again(uuid,text,bigint): Runs a failed job now, with all its attempts; false if there is none or it is running. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.run_job_again(login uuid, request text, job bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'job_run_again', null, private.job_details(job), null, request);
  -- The library's function leaves a running job alone.
  return exists (
    select from graphile_worker.reschedule_jobs(job_ids => array[job], run_at => now(), attempts => 0) j where j.id = job);
end
$function$

-- private.same_attempts(uuid,uuid,uuid): An attempt, and if it paid for a basket its parts: the provider knows them as one.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.same_attempts(mentor uuid, payment uuid, attempt uuid)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select attempt
    union all
    select part.id from public.payment_attempts a
      join private.parts_of_payment(mentor, payment) p (id) on p.id <> payment
      join public.payment_attempts part
        on part.payment_id = p.id and part.expert_id = a.expert_id and part.attempt_id = a.attempt_id
    where a.id = attempt and a.expert_id = mentor
  $function$

-- private.sandbox_capture(text,text,bigint,text): Charges an authorized attempt, the whole of it and once.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_capture(order_key text, attempt_key text, amount bigint, money_currency text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
begin
  if known.order_id is distinct from order_key then
    return private.sandbox_refusal('not_found');
  end if;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  if known.state = 'authorized' then
    perform private.sandbox_charge(attempt_key);
  elsif known.state <> 'captured' then
    return private.sandbox_refusal('not_authorized');
  end if;
  return private.sandbox_order(order_key);
end
$function$

-- private.sandbox_changed_orders(timestamp with time zone,timestamp with time zone,timestamp with time zone,text,integer): A page of the orders that changed in this time, from the first after this instant and id.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_changed_orders(changed_from timestamp with time zone, changed_to timestamp with time zone, after_at timestamp with time zone, after_id text, most integer)
 RETURNS TABLE(id text, changed_at text, contents jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select o.id, o.changed_at::text, private.sandbox_order(o.id) from private.sandbox_orders o
    where o.changed_at between changed_from and changed_to
      and (after_at is null or (o.changed_at, o.id) > (after_at, after_id))
    order by o.changed_at, o.id limit most
  $function$

-- private.sandbox_charge(text): Charges an authorized attempt.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_charge(attempt_key text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid_order text;
begin
  update private.sandbox_attempts a
    set state = 'captured', fee_minor = case a.method when 'card' then (a.amount_minor + 25) / 50 else 0 end
    where a.id = attempt_key returning a.order_id into paid_order;
  perform private.sandbox_note(paid_order, 'payment.captured');
end
$function$

-- private.sandbox_close_order(text): Makes an order unpayable. An attempt that is under way may still succeed, as with a bank that is slow.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_close_order(order_key text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update private.sandbox_orders o set state = 'closed', changed_at = clock_timestamp()
    where o.id = order_key and o.state = 'open';
  return coalesce(private.sandbox_order(order_key), private.sandbox_refusal('not_found'));
end
$function$

-- private.sandbox_create_order(text,bigint,text,text,text): Creates an order, or returns the one with this reference.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_create_order(order_reference text, amount bigint, money_currency text, capture_mode text, what text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.sandbox_orders;
begin
  -- As with other providers, a rupee is the least.
  if amount < 100 then
    return private.sandbox_refusal('amount_too_small');
  end if;
  insert into private.sandbox_orders (id, reference, amount_minor, currency, capture, description)
    values (private.sandbox_id('order'), order_reference, amount, money_currency, capture_mode, left(what, 500))
    on conflict (reference) do nothing;
  select * into known from private.sandbox_orders o where o.reference = order_reference;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  return private.sandbox_order(known.id);
end
$function$

-- private.sandbox_dispute(text,text,text): The payer disputes the first captured attempt that is not disputed, or such a dispute is decided: "won" by the app, or "lost".
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_dispute(order_key text, verdict text, manner text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  update private.sandbox_attempts a set dispute = verdict
    where a.id = (
      select d.id from private.sandbox_attempts d
      where d.order_id = order_key and d.state = 'captured' and (d.dispute is null) = (verdict = 'open')
      order by d.created_at, d.id limit 1);
  if not found then
    return private.sandbox_refusal(case verdict when 'open' then 'nothing_to_dispute' else 'not_disputed' end);
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  perform private.sandbox_note(order_key, case verdict when 'open' then 'dispute.created' else 'dispute.' || verdict end);
  return private.sandbox_order(order_key);
end
$function$

-- private.sandbox_epoch_ms(timestamp with time zone): An instant in ms.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_epoch_ms(at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select floor(extract(epoch from at) * 1000)::bigint
  $function$

-- private.sandbox_fail(text,text,text,text,text): The payer tries to pay, in vain. The order stays open.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_fail(order_key text, pay_method text, code text, message text, manner text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  tried private.sandbox_orders;
begin
  select * into tried from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if exists (
    select from private.sandbox_attempts a
    where a.order_id = order_key and a.state in ('authorized', 'captured', 'released')) then
    return private.sandbox_refusal('order_paid');
  end if;
  if tried.state = 'closed' then
    return private.sandbox_refusal('order_closed');
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  insert into private.sandbox_attempts (
      id, order_id, state, amount_minor, currency, method, failure_code, failure_message)
    values (private.sandbox_id('pay'), order_key, 'failed', tried.amount_minor, tried.currency, pay_method, code, message);
  perform private.sandbox_note(order_key, 'payment.failed');
  return private.sandbox_order(order_key);
end
$function$

-- private.sandbox_finish_payment(text): An attempt that was under way succeeds, whatever has become of its order meanwhile.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_finish_payment(attempt_key text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid_order text := (select a.order_id from private.sandbox_attempts a where a.id = attempt_key);
begin
  perform from private.sandbox_orders o where o.id = paid_order for no key update;
  if exists (select from private.sandbox_attempts a where a.id = attempt_key and a.state = 'created') then
    perform private.sandbox_succeed(attempt_key);
  end if;
  return coalesce(private.sandbox_order(paid_order), private.sandbox_refusal('not_found'));
end
$function$

-- private.sandbox_finish_refund(text): A refund under way arrives, or fails if the payer has chosen so.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_finish_refund(refund_key text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid private.sandbox_attempts;
  became text;
begin
  paid := private.sandbox_locked_attempt((select r.attempt_id from private.sandbox_refunds r where r.id = refund_key));
  update private.sandbox_refunds r set state = case when o.refunds_fail then 'failed' else 'done' end
    from private.sandbox_orders o
    where r.id = refund_key and r.state = 'pending' and o.id = paid.order_id
    returning r.state into became;
  if became is not null then
    perform private.sandbox_note(paid.order_id, 'refund.' || became);
  end if;
  return coalesce(private.sandbox_order(paid.order_id), private.sandbox_refusal('not_found'));
end
$function$

-- private.sandbox_free_minor(text): What is left of a captured attempt: neither refunded nor moved on.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_free_minor(attempt_key text)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.amount_minor
      - coalesce((select sum(r.amount_minor) from private.sandbox_refunds r
                  where r.attempt_id = a.id and r.state <> 'failed'), 0)::bigint
      - coalesce((select sum(t.amount_minor) from private.sandbox_transfers t where t.attempt_id = a.id), 0)::bigint
      + coalesce((select sum(v.amount_minor) from private.sandbox_reversals v
                  join private.sandbox_transfers t on t.id = v.transfer_id where t.attempt_id = a.id), 0)::bigint
    from private.sandbox_attempts a where a.id = attempt_key
  $function$

-- private.sandbox_id(text): A new id with 122 random bits.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_id(kind text)
 RETURNS text
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select kind || '_' || replace(gen_random_uuid()::text, '-', '')
  $function$

-- private.sandbox_locked_attempt(text): Locks the order of an attempt and returns the attempt; nulls if there is none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_locked_attempt(attempt_key text)
 RETURNS private.sandbox_attempts
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  found_attempt private.sandbox_attempts;
begin
  perform from private.sandbox_orders o
    where o.id = (select a.order_id from private.sandbox_attempts a where a.id = attempt_key) for no key update;
  -- Read after waiting for the lock.
  select * into found_attempt from private.sandbox_attempts a where a.id = attempt_key;
  return found_attempt;
end
$function$

-- private.sandbox_note(text,text): Notes that something has happened to an order, and enqueues the webhook that says so, in the way the payer has chosen.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_note(order_key text, kind text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  how text;
  event jsonb := jsonb_build_object('id', private.sandbox_id('evt'), 'type', kind, 'order_id', order_key);
begin
  update private.sandbox_orders o set changed_at = clock_timestamp() where o.id = order_key returning o.webhooks into how;
  if how = 'none' then
    return;
  end if;
  -- Out of order: what begins something is sent after what ends it.
  perform private.enqueue('sandbox_send_webhook', event, run_at => case
      when how = 'late' then now() + interval '2 minutes'
      when how = 'out_of_order' and kind in ('payment.authorized', 'refund.created') then now() + interval '10 seconds' end);
  if how = 'twice' then
    perform private.enqueue('sandbox_send_webhook', event);
  end if;
end
$function$

-- private.sandbox_order(text): An order with its attempts and their refunds, oldest first; null if there is none.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_order(order_key text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object(
      'id', o.id, 'reference', o.reference, 'amount_minor', o.amount_minor, 'currency', o.currency,
      'capture', o.capture, 'description', o.description, 'state', o.state, 'webhooks', o.webhooks,
      'refunds_fail', o.refunds_fail,
      'attempts', coalesce((
        select jsonb_agg(jsonb_build_object(
            'id', a.id, 'state', a.state, 'amount_minor', a.amount_minor, 'currency', a.currency, 'method', a.method,
            'fee_minor', a.fee_minor, 'failure_code', a.failure_code, 'failure_message', a.failure_message,
            'dispute', a.dispute, 'created_at', private.sandbox_epoch_ms(a.created_at),
            'refunds', coalesce((
              select jsonb_agg(jsonb_build_object(
                  'id', r.id, 'reference', r.reference, 'amount_minor', r.amount_minor, 'currency', r.currency,
                  'state', r.state) order by r.created_at, r.id)
              from private.sandbox_refunds r where r.attempt_id = a.id), '[]'))
          order by a.created_at, a.id)
        from private.sandbox_attempts a where a.order_id = o.id), '[]'))
    from private.sandbox_orders o where o.id = order_key
  $function$

-- private.sandbox_pay(text,text,integer,boolean,text,integer): The payer pays: `times` times at once, also a closed order if it is to be too late, or in `after_seconds`. Which manner the app is told in holds for the order from now on; null leaves it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_pay(order_key text, pay_method text, times integer, too_late boolean, manner text, after_seconds integer DEFAULT NULL::integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid private.sandbox_orders;
  attempt text;
begin
  select * into paid from private.sandbox_orders o where o.id = order_key for no key update;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if exists (
    select from private.sandbox_attempts a
    where a.order_id = order_key and a.state in ('authorized', 'captured', 'released')) then
    return private.sandbox_refusal('order_paid');
  end if;
  if paid.state = 'closed' and not too_late then
    return private.sandbox_refusal('order_closed');
  end if;
  perform private.sandbox_set_manner(order_key, manner);
  for i in 1 .. times loop
    insert into private.sandbox_attempts (id, order_id, state, amount_minor, currency, method)
      values (private.sandbox_id('pay'), order_key, 'created', paid.amount_minor, paid.currency, pay_method)
      returning id into attempt;
    if after_seconds is null then
      perform private.sandbox_succeed(attempt);
    else
      update private.sandbox_orders o set changed_at = clock_timestamp() where o.id = order_key;
      perform private.enqueue('sandbox_finish_payment', jsonb_build_object('attempt_id', attempt),
                              run_at => now() + after_seconds * interval '1 second');
    end if;
  end loop;
  return private.sandbox_order(order_key);
end
$function$

-- private.sandbox_refund(text,text,bigint,text,integer): Begins to send money back, or returns the refund with this reference. It is done, or fails, in `after_seconds`.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_refund(attempt_key text, refund_reference text, amount bigint, money_currency text, after_seconds integer)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
  known private.sandbox_refunds;
  refund text := private.sandbox_id('rfnd');
begin
  select * into known from private.sandbox_refunds r where r.reference = refund_reference;
  if found then
    if (known.attempt_id, known.amount_minor, known.currency) <> (attempt_key, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return private.sandbox_order(paid.order_id);
  end if;
  if paid.id is null then
    return private.sandbox_refusal('not_found');
  end if;
  if paid.state <> 'captured' then
    return private.sandbox_refusal('not_captured');
  end if;
  if amount < 1 then
    return private.sandbox_refusal('amount_too_small');
  end if;
  -- The bank decides what becomes of disputed money.
  if paid.dispute in ('open', 'lost') then
    return private.sandbox_refusal('disputed');
  end if;
  if money_currency <> paid.currency or amount > private.sandbox_free_minor(attempt_key) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_refunds (id, attempt_id, reference, amount_minor, currency)
    values (refund, attempt_key, refund_reference, amount, money_currency);
  perform private.sandbox_note(paid.order_id, 'refund.created');
  if after_seconds <= 0 then
    return private.sandbox_finish_refund(refund);
  end if;
  perform private.enqueue('sandbox_finish_refund', jsonb_build_object('refund_id', refund),
                          run_at => now() + after_seconds * interval '1 second');
  return private.sandbox_order(paid.order_id);
end
$function$

-- private.sandbox_refusal(text): The answer to a call that was not done and will not be.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_refusal(code text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object('refused', code)
  $function$

-- private.sandbox_release(text,text,bigint,text): Lets go of an authorized attempt.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_release(order_key text, attempt_key text, amount bigint, money_currency text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
begin
  if known.order_id is distinct from order_key then
    return private.sandbox_refusal('not_found');
  end if;
  if (known.amount_minor, known.currency) <> (amount, money_currency) then
    return private.sandbox_refusal('other_amount');
  end if;
  if known.state = 'authorized' then
    update private.sandbox_attempts a set state = 'released' where a.id = attempt_key;
    perform private.sandbox_note(order_key, 'payment.released');
  elsif known.state <> 'released' then
    return private.sandbox_refusal('not_authorized');
  end if;
  return private.sandbox_order(order_key);
end
$function$

-- private.sandbox_reverse(text,text,bigint,text): Takes transferred money back, or returns the reversal with this reference.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_reverse(transfer_key text, reversal_reference text, amount bigint, money_currency text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  moved private.sandbox_transfers;
  known private.sandbox_reversals;
begin
  perform private.sandbox_locked_attempt((select t.attempt_id from private.sandbox_transfers t where t.id = transfer_key));
  select * into known from private.sandbox_reversals v where v.reference = reversal_reference;
  if found then
    if (known.transfer_id, known.amount_minor, known.currency) <> (transfer_key, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return jsonb_build_object('id', known.id);
  end if;
  select * into moved from private.sandbox_transfers t where t.id = transfer_key;
  if not found then
    return private.sandbox_refusal('not_found');
  end if;
  if money_currency <> moved.currency or amount > moved.amount_minor - coalesce((
    select sum(v.amount_minor) from private.sandbox_reversals v where v.transfer_id = transfer_key), 0) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_reversals (id, transfer_id, reference, amount_minor, currency)
    values (private.sandbox_id('rvrsl'), transfer_key, reversal_reference, amount, money_currency)
    returning * into known;
  return jsonb_build_object('id', known.id);
end
$function$

-- private.sandbox_set_manner(text,text): Sets how the app is told from now on; null: as before.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_set_manner(order_key text, manner text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update private.sandbox_orders o set webhooks = manner where o.id = order_key and manner is not null
  $function$

-- private.sandbox_set_refunds(text,boolean): Whether refunds of this order fail from now on.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_set_refunds(order_key text, do_fail boolean)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update private.sandbox_orders o set refunds_fail = do_fail where o.id = order_key;
  return coalesce(private.sandbox_order(order_key), private.sandbox_refusal('not_found'));
end
$function$

-- private.sandbox_settlements(timestamp with time zone,timestamp with time zone,text,integer): A page of the attempts that were paid out in this time, after this one: all of a day in one sum, on the third day after it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_settlements(settled_from timestamp with time zone, settled_to timestamp with time zone, after_attempt text, most integer)
 RETURNS TABLE(order_id text, attempt_id text, settlement_id text, settled_at timestamp with time zone, amount_minor bigint, fee_minor bigint, currency text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select a.order_id, a.id, 'setl_' || to_char(s.at at time zone 'UTC', 'YYYYMMDD'), s.at, a.amount_minor, a.fee_minor, a.currency
    from private.sandbox_attempts a
      cross join lateral (
        select (date_trunc('day', a.created_at at time zone 'UTC') + interval '3 days') at time zone 'UTC' as at) s
    where a.state = 'captured' and s.at between settled_from and settled_to
      and a.created_at >= date_trunc('day', settled_from at time zone 'UTC') at time zone 'UTC' - interval '3 days'
      and a.created_at <= settled_to
      and (after_attempt is null or a.id > after_attempt)
    order by a.id limit most
  $function$

-- private.sandbox_succeed(text): What follows when an attempt succeeds: authorized, and captured if the order says so.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sandbox_succeed(attempt_key text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid record;
begin
  select a.*, o.capture into paid
    from private.sandbox_attempts a join private.sandbox_orders o on o.id = a.order_id where a.id = attempt_key;
  update private.sandbox_attempts a set state = 'authorized' where a.id = attempt_key;
  perform private.sandbox_note(paid.order_id, 'payment.authorized');
  if paid.capture = 'automatic' then
    perform private.sandbox_charge(attempt_key);
  end if;
end
$function$

-- private.sandbox_transfer(text,text,text,bigint,text): Moves captured money to a linked account, or returns the transfer with this reference.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_transfer(attempt_key text, transfer_reference text, to_account text, amount bigint, money_currency text)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  paid private.sandbox_attempts := private.sandbox_locked_attempt(attempt_key);
  known private.sandbox_transfers;
begin
  select * into known from private.sandbox_transfers t where t.reference = transfer_reference;
  if found then
    if (known.attempt_id, known.account, known.amount_minor, known.currency)
       <> (attempt_key, to_account, amount, money_currency) then
      return private.sandbox_refusal('other_amount');
    end if;
    return private.sandbox_transfer_state(known.id);
  end if;
  if paid.id is null then
    return private.sandbox_refusal('not_found');
  end if;
  if paid.state <> 'captured' then
    return private.sandbox_refusal('not_captured');
  end if;
  if money_currency <> paid.currency or amount > private.sandbox_free_minor(attempt_key) then
    return private.sandbox_refusal('too_much');
  end if;
  insert into private.sandbox_transfers (id, attempt_id, reference, account, amount_minor, currency)
    values (private.sandbox_id('trf'), attempt_key, transfer_reference, to_account, amount, money_currency)
    returning * into known;
  return private.sandbox_transfer_state(known.id);
end
$function$

-- private.sandbox_transfer_state(text): A transfer as it is now; null if there is none.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sandbox_transfer_state(transfer_key text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object(
      'id', t.id, 'amount_minor', t.amount_minor, 'currency', t.currency,
      'state', case when t.amount_minor = coalesce((
          select sum(v.amount_minor) from private.sandbox_reversals v where v.transfer_id = t.id), 0)
        then 'reversed' else 'done' end)
    from private.sandbox_transfers t where t.id = transfer_key
  $function$

-- private.save_credential(uuid,bytea,bytea,timestamp with time zone,text,boolean): Stores tokens that a provider has renewed, and what they allow if it has said so, unless their owner has signed in again meanwhile.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.save_credential(connection uuid, was bytea, sealed bytea, ends_at timestamp with time zone, scopes text, writes boolean)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  before public.calendar_connections;
begin
  select * into before from public.calendar_connections c
    where c.id = connection and c.credential = was for no key update;
  if not found then
    return;
  end if;
  update public.calendar_connections c
    set credential = sealed, login_ends_at = ends_at, granted_scopes = coalesce(scopes, c.granted_scopes),
        may_write = coalesce(writes, c.may_write)
    where c.id = connection;
  if writes <> before.may_write then
    perform private.notify_person(before.user_id, 'calendars');
  end if;
end
$function$

-- private.schedule_group_sessions(uuid,uuid,timestamp with time zone[],integer,integer,integer,integer,integer): Takes the time of group sessions for their mentor, who calls it: all of them, or none if one overlaps another session.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.schedule_group_sessions(mentor uuid, service uuid, starts timestamp with time zone[], length integer, seats integer, minimum integer, decided integer, late_join integer)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  profile record;
begin
  if auth.uid() is distinct from mentor or not private.lock_schedule(mentor) then
    raise exception 'not the mentor' using errcode = 'insufficient_privilege';
  end if;
  select p.buffer_before, p.buffer_after into profile from public.expert_profiles p where p.id = mentor;
  insert into public.occupancies (
      expert_id, service_id, starts_at, ends_at, during, state, capacity, seats_taken, join_until)
    select mentor, service, s.start, s.start + length * interval '1 minute',
      private.busy_time(s.start, s.start + length * interval '1 minute', profile.buffer_before, profile.buffer_after),
      'booked', seats, 0, s.start + late_join * interval '1 minute'
    from unnest(starts) s (start);
  return query update public.group_sessions g
    set min_attendees = minimum, decide_minutes = decided, decide_at = g.starts_at - decided * interval '1 minute',
        late_join_minutes = late_join
    where g.expert_id = mentor and g.service_id = service and g.starts_at = any (starts) and g.origin = 'scheduled'
      and g.state = 'open'
    returning g.id;
end
$function$

-- private.sealed_login(uuid,uuid): The login of one of a person's connections, for the app, which alone can open it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sealed_login(connection uuid, person uuid)
 RETURNS TABLE(id uuid, server_url text, username text, credential bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select c.id, c.server_url, c.username, c.credential from public.calendar_connections c
    where c.id = connection and c.user_id = person
  $function$

-- private.seats_of_meeting(uuid,uuid,text): The bookings that a made meeting is for: one, or those of a group. None: the session is cancelled.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.seats_of_meeting(mentor uuid, session uuid, kind text)
 RETURNS SETOF public.bookings
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select * from public.bookings b
    where b.occupancy_id = session and b.expert_id = mentor and b.status in ('confirmed', 'completed')
      and b.meeting_place ->> 'kind' = kind
    order by b.id
  $function$

-- private.send_again(uuid): Sends an undeliverable mail again, for another day, also if its address could not be reached. False if there is none.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.send_again(mail uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  again private.deliveries;
begin
  update private.deliveries
    set state = 'waiting', ended_at = null, attempts = attempts + 1, due_at = now(), expires_at = now() + interval '1 day'
    where id = mail and state = 'undeliverable'
    returning * into again;
  if not found then
    return false;
  end if;
  delete from private.unreachable_addresses x
    where x.address = lower(coalesce(again.address, (select u.email from auth.users u where u.id = again.user_id)));
  return true;
end
$function$

-- private.send_announcements(text[],text[]): Sends what transactions of the app have collected, many in one commit.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.send_announcements(channels text[], payloads text[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select pg_notify(a.channel, a.payload) from unnest(channels, payloads) a (channel, payload)
  $function$

-- private.send_undelivered_mail(uuid,text,uuid): Sends an undelivered mail again; false if there is none. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.send_undelivered_mail(login uuid, request text, mail uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(
    login, 'mail_sent_again', (select d.user_id from private.deliveries d where d.id = mail),
    jsonb_build_object('delivery_id', mail), null, request);
  return private.send_again(mail);
end
$function$

-- private.series_paid_by(uuid,uuid): The series whose sessions one payment is for; null if it is for something else.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.series_paid_by(mentor uuid, payment uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select k.series_id from public.payments p join public.baskets k on k.id = p.basket_id and k.expert_id = p.expert_id
      where p.id = payment and p.expert_id = mentor and p.booking_id is null
  $function$

-- private.session_entries_due(uuid): When there is next something to write for a mentor; null if all agrees.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.session_entries_due(mentor uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select min(coalesce(w.due_at, now())) from private.session_entry_work(mentor) w
  $function$

-- private.session_entry_work(uuid): Where a mentor's calendars do not agree with the mentor's sessions, and what is to be done: check, put or remove.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.session_entry_work(mentor uuid)
 RETURNS TABLE(session_id uuid, is_group boolean, calendar_id uuid, act text, due_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    with sessions as (
      select b.id, false as is_group, b.starts_at, b.ends_at, b.revision + p.entry_revision as revision,
        b.status <> 'cancelled' and b.status_when_paid is null and b.group_session_id is null as takes_place
      from public.bookings b join public.expert_profiles p on p.id = b.expert_id
      where b.expert_id = mentor
        -- What was cancelled while a calendar was out of reach is removed later, but not for ever.
        and b.starts_at > now() - interval '31 days'
      union all
      select g.id, true, g.starts_at, g.ends_at, g.entry_revision + p.entry_revision,
        private.group_takes_place(g.expert_id, g.occupancy_id)
      from public.group_sessions g join public.expert_profiles p on p.id = g.expert_id
      where g.expert_id = mentor and g.starts_at > now() - interval '31 days'
    ), wanted as (
      select s.*, k.id as calendar_id, k.entries_due_at, s.takes_place and k.receives_sessions as is_wanted
      from sessions s
        join public.connected_calendars k on k.user_id = mentor and k.is_writable and k.missing_since is null
        left join public.session_entries e on e.expert_id = mentor and e.session_id = s.id and e.calendar_id = k.id
      where e.calendar_id is not null or (k.receives_sessions and s.takes_place and s.ends_at > now())
    ), acts as (
      select w.*, e.due_at, e.leased_until, e.answering_until, case
          -- What took place stays where it is.
          when w.takes_place and w.ends_at <= now() then null
          when not w.is_wanted then case when coalesce(e.ref, e.writing_starts_at::text) is not null then 'remove' end
          when e.left_out_at is not null then null
          when e.ref is not null and (e.suspicions <> e.checked or e.writing_starts_at is not null) then 'check'
          -- Unless the session is another one by now than the owner was asked about.
          when e.question is not null and w.starts_at = e.written_starts_at then null
          when e.written_revision is distinct from w.revision then 'put'
        end as act
      from wanted w left join public.session_entries e on e.expert_id = mentor and e.session_id = w.id and e.calendar_id = w.calendar_id
    )
    select a.id, a.is_group, a.calendar_id, a.act, greatest(a.due_at, a.leased_until, a.answering_until, a.entries_due_at)
    from acts a where a.act is not null
    order by a.starts_at, a.id, a.calendar_id
  $function$

-- private.session_on_document(text,text,timestamp with time zone,integer,text): What a document says about a session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.session_on_document(title text, mentor_name text, starts_at timestamp with time zone, minutes integer, zone text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('title', title, 'mentor', mentor_name, 'starts_at', starts_at, 'minutes', minutes, 'timezone', zone)

-- private.session_was_held(uuid,uuid): Whether a session is over, was completed (by its mentor, or after a day without a no-show report), and has no effective no-show report.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.session_was_held(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select exists (
        select from public.bookings b
        where b.id = booking and b.expert_id = mentor and b.status = 'completed' and b.ends_at <= now())
      and not private.has_no_show(mentor, booking)
  $function$

-- private.set_meeting_place(): Writes into a session that becomes agreed where it takes place: later changes are for later sessions. A seat in a group takes place where the others do, also one that comes from another session.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.set_meeting_place()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  is_move boolean := coalesce(old.status = 'confirmed', false);
  shared jsonb;
  link record;
begin
  -- One session takes place in one way, whatever the mentor has chosen since its first seat was agreed.
  select b.meeting_place - 'url' - 'note' into shared from public.bookings b
    where b.occupancy_id = new.occupancy_id and b.expert_id = new.expert_id and b.id <> new.id and b.status = 'confirmed'
    limit 1;
  if found then
    new.meeting_place := shared;
  elsif is_move then
    new.meeting_place := old.meeting_place - 'url' - 'note';
  else
    new.meeting_place := private.place_of(new.expert_id, new.service_id);
  end if;
  -- The link belongs to the session that was left.
  if is_move and (new.meeting_url = old.meeting_place ->> 'url' or old.group_session_id <> new.group_session_id) then
    new.meeting_url := null;
    new.meeting_note := null;
  end if;
  if new.group_session_id is not null then
    select g.meeting_url, g.meeting_note into link from public.group_sessions g
      where g.id = new.group_session_id and g.expert_id = new.expert_id and g.meeting_url is not null;
    if found then
      new.meeting_url := link.meeting_url;
      new.meeting_note := link.meeting_note;
    end if;
  end if;
  return new;
end
$function$

-- private.set_mentor_wall_clock(): Sets date and time of a booking to the mentor's wall clock at its start, also while the mentor travels.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.set_mentor_wall_clock()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  wall timestamp;
begin
  -- Overwrites what the client sent: there is one source of zone rules.
  new.mentor_timezone := private.mentor_zone_at(new.expert_id, new.starts_at);
  wall := private.wall_clock(new.starts_at, new.mentor_timezone);
  new.scheduled_date := wall::date;
  new.scheduled_time := to_char(wall, 'HH24:MI');
  return new;
end
$function$

-- private.set_money_settings(boolean,text,integer): Adopts the configuration of the app that starts.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.set_money_settings(collects boolean, provider text, fee_basis_points integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into private.money_settings as s (id, collects, provider, fee_basis_points)
      values (1, collects, provider, fee_basis_points)
      on conflict (id) do update
        set collects = excluded.collects, provider = excluded.provider, fee_basis_points = excluded.fee_basis_points
        where (s.collects, s.provider, s.fee_basis_points)
          is distinct from (excluded.collects, excluded.provider, excluded.fee_basis_points)
  $function$

-- private.set_payment_order(uuid,uuid,text): Records the provider's order of a payment, and from when the provider is asked about it. False if the payment has another order, or the order another payment.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.set_payment_order(mentor uuid, payment uuid, order_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  written uuid;
begin
  insert into private.payment_orders (provider, order_id, payment_id, expert_id)
    select p.provider, set_payment_order.order_id, p.id, p.expert_id
    from public.payments p where p.id = payment and p.expert_id = mentor
    on conflict do nothing
    -- Without it Citus would count the row of a conflict too.
    returning payment_id into written;
  if not found then
    return exists (
      select from private.payment_orders o
      where o.payment_id = payment and o.expert_id = mentor and o.order_id = set_payment_order.order_id);
  end if;
  update public.payments p set poll_at = now() + interval '1 minute', updated_at = now()
    where p.id = payment and p.expert_id = mentor;
  return true;
end
$function$

-- private.set_payout_account(text,bytea,text): Stores where the caller's money goes; null removes it. A change counts from a day later.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.set_payout_account(of_kind text, sealed bytea, hint text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentor uuid := auth.uid();
begin
  if not private.lock_mentor(mentor) or private.is_closed(mentor) then
    raise exception 'for mentors only' using errcode = 'insufficient_privilege';
  end if;
  insert into private.payout_accounts as a (expert_id, bank_sealed, bank_hint, linked_sealed, linked_hint, usable_from)
    values (mentor, case of_kind when 'bank' then sealed end, case of_kind when 'bank' then hint end,
            case of_kind when 'linked' then sealed end, case of_kind when 'linked' then hint end, now())
    on conflict (expert_id) do update
      set bank_sealed = case of_kind when 'bank' then excluded.bank_sealed else a.bank_sealed end,
          bank_hint = case of_kind when 'bank' then excluded.bank_hint else a.bank_hint end,
          linked_sealed = case of_kind when 'linked' then excluded.linked_sealed else a.linked_sealed end,
          linked_hint = case of_kind when 'linked' then excluded.linked_hint else a.linked_hint end,
          usable_from = now() + interval '24 hours', changed_at = now();
end
$function$

-- private.set_payout_settings(bigint): Adopts the configuration of the app that starts.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.set_payout_settings(approval_above bigint)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into private.payout_settings as s (id, approval_above_minor) values (1, approval_above)
      on conflict (id) do update set approval_above_minor = excluded.approval_above_minor
        where s.approval_above_minor <> excluded.approval_above_minor
  $function$

-- private.set_platform_details(text,text,text,text,text,integer): Stores who runs the platform, for the invoices that are issued from now on.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.set_platform_details(legal_name text, address text, state_code text, gstin text, sac text, rate_basis_points integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into private.platform_details as p (legal_name, address, state_code, gstin, sac, rate_basis_points)
      values (legal_name, address, state_code, gstin, sac, rate_basis_points)
    on conflict (id) do update set legal_name = excluded.legal_name, address = excluded.address,
      state_code = excluded.state_code, gstin = excluded.gstin, sac = excluded.sac,
      rate_basis_points = excluded.rate_basis_points
  $function$

-- private.settings_of(jsonb): The columns of a mentor's row that decide which times are offered, under which name and address.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.settings_of(profile jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select profile - array[
      -- What the page shows.
      'bio', 'expertise', 'languages', 'verified', 'rating', 'review_count', 'listed',
      -- Who may book, and whether a first booking needs approval: the offered times are the same.
      'require_confirmed_address', 'approve_first_timers',
      -- Kept by triggers.
      'created_at', 'updated_at', 'hours_revision', 'entry_revision', 'entry_changed_at', 'review_weight', 'ranked_rating',
      'search_text', 'search_name', 'search_words']
  $function$

-- private.settle_bank_payout(uuid,text,uuid,uuid,text,text,text): What the bank did with a payout: paid (with its reference), failed, or sent back later (reversed). Says "unchanged" when it is known; null if there is no such payout. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.settle_bank_payout(login uuid, request text, run uuid, payout uuid, becomes text, reference text, why text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known public.payouts;
begin
  if becomes not in ('paid', 'failed', 'reversed') then
    raise exception 'not a result' using errcode = 'check_violation', constraint = 'payouts_state_known';
  end if;
  select * into known from public.payouts p where p.id = payout and p.run_id = run;
  perform private.begin_admin_action(
    login, 'payout_' || becomes, known.expert_id, jsonb_build_object(
      'payout_id', payout, 'amount_minor', known.amount_minor, 'reference', reference), why, request);
  if known.id is null then
    return null;
  end if;
  perform private.lock_mentor(known.expert_id);
  select * into known from public.payouts p where p.id = payout and p.expert_id = known.expert_id for no key update;
  if known.state = becomes and (becomes <> 'paid' or known.bank_reference = reference) then
    return 'unchanged';
  end if;
  -- Only what is in a file is settled: so that no run is paid without its approval.
  if known.state = 'requested' or not private.move_payout(known.expert_id, payout, becomes, reference, why) then
    raise exception 'the payout is %', known.state using errcode = 'check_violation', constraint = 'payouts_forward_only';
  end if;
  return becomes;
end
$function$

-- private.settle_captures(uuid[],uuid[],text[],text[],bigint[],text[],text[],bigint[],timestamp with time zone[]): settle_payment() for many payments of which there is nothing to say but that their only attempt has captured exactly the price of a booking that is held for it. Returns those; all others, and those of mentors who are locked at this moment, are settled one by one.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.settle_captures(mentors uuid[], payments uuid[], orders text[], attempts text[], amounts bigint[], currencies text[], methods text[], fees bigint[], times timestamp with time zone[])
 RETURNS TABLE(payment_ids uuid[], announcements text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET lock_timeout TO '100ms'
AS $function$
declare
  free uuid[];
  made record;
begin
  -- The app announces them after the commit.
  perform set_config('matepeak.announces', 'later', true);
  -- Waits for no mentor, so that the order of their locks is no matter.
  select array_agg(l.expert_id) into free from (
    select r.expert_id from public.schedule_revisions r where r.expert_id = any (mentors) for no key update skip locked) l;
  with plain as (
    select p.expert_id, p.id, p.user_id, p.booking_id, p.provider, p.amount_minor, p.currency, c.order_id, c.attempt_id, c.method,
        c.fee, c.at
      from (
        select distinct on (g.payment) * from unnest(mentors, payments, orders, attempts, amounts, currencies, methods, fees, times)
          g (mentor, payment, order_id, attempt_id, amount, currency, method, fee, at)
      ) c
        join public.payments p on p.id = c.payment and p.expert_id = c.mentor
        join private.payment_orders o on o.payment_id = p.id and o.expert_id = p.expert_id and o.order_id = c.order_id
        join public.bookings b on b.id = p.booking_id and b.expert_id = p.expert_id
      where p.expert_id = any (free) and p.state = 'open' and p.capture = 'automatic'
        and p.amount_minor = c.amount and p.currency = c.currency
        and b.status = 'pending' and b.status_when_paid = 'confirmed'
        and not exists (select from public.payment_attempts a where a.payment_id = p.id and a.expert_id = p.expert_id)
        and not exists (
          select from private.closed_accounts d where d.user_id in (p.user_id, p.expert_id) and d.why = 'deleted')
      for no key update of b, p
  ), attempted as (
    insert into public.payment_attempts (
        expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, fee_minor, verdict, created_at)
      select c.expert_id, c.id, c.attempt_id, 'captured', c.amount_minor, c.currency, c.amount_minor, c.method, c.fee, 'accepted', c.at
        from plain c
      returning id, payment_id, expert_id
  ), booked as (
    update public.bookings b
      set status = 'confirmed', status_when_paid = null, expires_at = null, payment_status = 'completed'
      from plain c where b.id = c.booking_id and b.expert_id = c.expert_id
  ), captured as (
    update public.payments p
      set state = 'captured', accepted_attempt_id = a.id, captured_minor = p.amount_minor, unclear_since = null, updated_at = now(),
          poll_at = null
      from attempted a where p.id = a.payment_id and p.expert_id = a.expert_id
  ), told as (
    insert into public.money_events (expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency)
      select c.expert_id, c.user_id, c.id, c.booking_id, 'paid', c.amount_minor, c.currency from plain c
  ), processed as (
    update private.payment_events e set processed_at = now()
      from plain c where e.provider = c.provider and e.order_id = c.order_id and e.processed_at is null
  )
  select array_agg(c.expert_id) as mentors, array_agg(c.id) as payments, array_agg(a.id) as attempts,
      array_agg(c.booking_id) as bookings, array_agg(c.currency) as currencies, array_agg(c.amount_minor) as amounts,
      array_agg(c.fee) as fees, array_agg(c.at) as times
    into made from plain c join attempted a on a.payment_id = c.id and a.expert_id = c.expert_id;
  if made.payments is not null then
    perform private.receive_payments(
      made.mentors, made.attempts, made.bookings, made.currencies, made.amounts, made.fees, made.times);
    perform private.issue_receipts(made.mentors, made.payments);
  end if;
  payment_ids := coalesce(made.payments, '{}');
  announcements := coalesce(current_setting('matepeak.announcements', true), '');
  perform set_config('matepeak.announces', '', true), set_config('matepeak.announcements', '', true);
  return next;
end
$function$

-- private.settle_meeting(uuid,uuid,uuid,boolean): Ends a run that had nothing to make: the meeting is as it should be, or was removed.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.settle_meeting(mentor uuid, session uuid, claim uuid, was_removed boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  m private.made_meetings;
  seat public.bookings;
begin
  perform private.lock_mentor(mentor);
  select * into m from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor for update;
  if m.lease is distinct from claim then
    return false;
  end if;
  if was_removed or (m.ref is null and not m.is_unsure
      and not exists (select from private.seats_of_meeting(mentor, session, m.kind))) then
    delete from private.made_meetings x where x.occupancy_id = session and x.expert_id = mentor;
    -- A request for a seat may have been accepted while the last seat's meeting was removed.
    select * into seat from public.bookings b
      where b.occupancy_id = session and b.expert_id = mentor and b.status = 'confirmed' order by b.id limit 1;
    perform private.want_meeting(mentor, session, seat.id, seat.meeting_place ->> 'kind');
    return true;
  end if;
  update private.made_meetings x
    set lease = null, leased_until = null,
      asked_at = case when exists (
        select from private.seats_of_meeting(mentor, session, m.kind) b
        where b.status = 'confirmed'
          and ((x.starts_at, x.ends_at) is distinct from (b.starts_at, b.ends_at) or not b.meeting_place ? 'url')) then x.asked_at end
    where x.occupancy_id = session and x.expert_id = mentor;
  return true;
end
$function$

-- private.settle_money_of_booking(): A cancellation sends back what the stored policy says, and everything while the mentor has not agreed, or lets go of what was reserved; a confirmation charges it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settle_money_of_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
  is_expired boolean := old.status = 'pending' and old.expires_at <= now();
  by_student boolean := caller = new.user_id and not (old.status = 'pending' and old.expires_at <= now());
  paid public.payments;
  whole uuid;
  refund_why text;
  amount bigint;
begin
  select * into paid from public.payments p where p.booking_id = new.id and p.expert_id = new.expert_id for no key update;
  if not found then
    return new;
  end if;
  if new.status = 'confirmed' and paid.state = 'authorized' then
    perform private.enqueue_for_payment('capture_payment', new.expert_id, paid.id);
    return new;
  end if;
  if new.status <> 'cancelled' then
    return new;
  end if;
  if paid.state = 'open' then
    update public.payments p
      set state = 'closed', closed_because = case when is_expired then 'lapsed' else 'cancelled' end, updated_at = now()
      where p.id = paid.id and p.expert_id = new.expert_id;
    if paid.basket_id is not null then
      update public.payments p
        set state = 'closed', closed_because = case when is_expired then 'lapsed' else 'cancelled' end, updated_at = now()
        where p.basket_id = paid.basket_id and p.booking_id is null and p.expert_id = new.expert_id and p.state = 'open'
        returning p.id into whole;
      -- Null: with the first of its bookings it was closed.
      if whole is not null then
        perform private.enqueue_for_payment('close_order', new.expert_id, whole);
      end if;
    else
      perform private.enqueue_for_payment('close_order', new.expert_id, paid.id);
    end if;
  elsif paid.state = 'authorized' then
    update public.payments p set closed_because = 'cancelled', updated_at = now()
      where p.id = paid.id and p.expert_id = new.expert_id;
    perform private.enqueue_for_payment('release_authorizations', new.expert_id, paid.id);
  elsif paid.state = 'captured' then
    refund_why := case
      when by_student then 'student_cancelled'
      when old.status = 'pending' and is_expired then 'expired'
      when old.status = 'pending' then 'declined'
      else 'mentor_cancelled' end;
    select private.refund_minor(
        a.captured_minor, private.returned_minor(a.expert_id, a.id), old.refund_full_cutoff, old.refund_partial_cutoff, old.refund_partial_percent,
        -- What the mentor has not agreed to yet costs its student nothing.
        old.starts_at, now(), case when by_student and old.status <> 'pending' then 'student' else 'mentor' end)
      into amount from public.payment_attempts a where a.id = paid.accepted_attempt_id and a.expert_id = paid.expert_id;
    if amount > 0 then
      perform private.request_refund(new.expert_id, paid.id, paid.accepted_attempt_id, amount, refund_why);
    end if;
  end if;
  new.payment_status := private.payment_status_of(new.expert_id, paid.id);
  return new;
end
$function$

-- private.settle_occupancy(): Keeps the ledger in step with the booking.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settle_occupancy()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.status = 'confirmed' then
    update public.occupancies set state = 'booked', expires_at = null
      where id = new.occupancy_id and expert_id = new.expert_id;
  elsif new.status = 'cancelled' then
    perform private.release_seat(old.expert_id, old.occupancy_id);
  end if;
  return null;
end
$function$

-- private.settle_offer_of_booking(): An offer that was being paid is accepted, or ends with its booking.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settle_offer_of_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.waitlist_offers o
    set state = case
      when new.status_when_paid is null then 'accepted' when auth.uid() = new.user_id then 'passed' else 'lapsed' end
    where o.booking_id = new.id and o.expert_id = new.expert_id and o.state = 'open';
  return null;
end
$function$

-- private.settle_offers(uuid,integer): Ends a mentor's packages that have expired, whose money is the mentor's, and purchases that were not paid for a day; credits the sessions of packages whose dispute window is over. Less the platform's fee, with its invoice. Nothing of a package whose payment is disputed.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.settle_offers(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  due record;
  held bigint;
  reference uuid;
  settled integer := 0;
begin
  perform private.lock_mentor(mentor);
  settled := private.end_packages_of_deleted(mentor, most);
  for due in
    select p.id, p.state, p.currency, p.fee_basis_points from public.package_purchases p
    where p.expert_id = mentor and (
      p.state = 'active' and p.expires_at <= now() and not private.is_purchase_disputed(mentor, p.id) or p.state = 'unpaid' and p.created_at <= now() - interval '1 day')
    order by p.created_at limit most for no key update
  loop
    settled := settled + 1;
    if due.state = 'unpaid' then
      perform private.abandon_purchase(mentor, due.id, 'lapsed');
      continue;
    end if;
    perform private.end_credits(mentor, due.id, 'expired');
    held := private.balance_of(mentor, 'package_money', due.id, due.currency);
    reference := private.uuid_v7();
    perform private.earn_share(mentor, reference, due.id, null, due.currency, held, due.fee_basis_points);
  end loop;
  for due in
    select u.id, u.booking_id, u.share_minor, p.id as purchase_id, p.currency, p.fee_basis_points
    from public.credit_uses u
      join public.package_purchases p on p.id = u.package_purchase_id and p.expert_id = u.expert_id
      join public.bookings b on b.id = u.booking_id and b.expert_id = u.expert_id
    where u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null and b.ends_at + interval '72 hours' <= now()
      and private.is_earned(mentor, b.id, b.status) and not private.is_purchase_disputed(mentor, p.id)
    order by u.created_at limit most for no key update of u
  loop
    perform private.use_credit(mentor, due.booking_id);
    perform private.earn_share(
      mentor, due.id, due.purchase_id, due.booking_id, due.currency, due.share_minor, due.fee_basis_points);
    update public.credit_uses u set earned_at = now() where u.id = due.id and u.expert_id = mentor;
    settled := settled + 1;
  end loop;
  return settled;
end
$function$

-- private.settle_offers_of_booking(): Gives back the coupon's use and the session of a package when a session is called off, or uses them up, by the stored policy.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settle_offers_of_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  by_student boolean := coalesce(auth.uid() = new.user_id, false) and not (old.status = 'pending' and old.expires_at <= now());
  credit_is_back boolean;
begin
  if new.status = 'completed' then
    perform private.use_credit(new.expert_id, new.id);
  elsif new.status = 'cancelled' then
    -- What was not agreed yet costs nothing. Later the policy of a full refund decides about what the student does.
    if old.status = 'pending' or not by_student
       or private.refund_minor(100, 0, old.refund_full_cutoff, old.refund_partial_cutoff, old.refund_partial_percent,
                               old.starts_at, now(), 'student') = 100 then
      update public.coupon_uses u set given_back_at = now()
        where u.booking_id = new.id and u.expert_id = new.expert_id and u.given_back_at is null;
      -- In a statement of its own: an AND whose other side is known to be false may leave out the call.
      credit_is_back := private.return_credit(new.expert_id, new.id, by_student);
      if credit_is_back and new.payment_status = 'completed' and not exists (
        select from public.payments p where p.booking_id = new.id and p.expert_id = new.expert_id) then
        new.payment_status := 'refunded';
      end if;
    else
      perform private.use_credit(new.expert_id, new.id);
    end if;
  end if;
  return new;
end
$function$

-- private.settle_payment(uuid,uuid,jsonb,boolean): Applies what a provider says about an order: confirms, books the money, sends back what is not owed. It may be said in any order and any number of times, and an old answer undoes nothing. Returns the state of the payment. may_retake: whether the time of a lapsed booking may be taken again, if it is free; null if it is not known, which returns 'lapsed' and does nothing if the answer needs it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.settle_payment(mentor uuid, payment uuid, provider_order jsonb, may_retake boolean)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  held record;
  paid public.payments;
  given record;
  known public.payment_attempts;
  refunded record;
  our_refund uuid;
  our_refunds uuid[];
  is_new_state boolean;
  is_right_amount boolean;
  becomes text;
  judged text;
  is_wordless boolean;
  -- A payment that was just captured, and about which there is nothing else: its one update was the last.
  is_in_step boolean := false;
  ranks constant text[] := array['created', 'failed', 'authorized', 'released', 'captured'];
begin
  perform private.lock_mentor(mentor);
  select b.status = 'cancelled' and b.status_when_paid is not null as has_lapsed into held
    from public.bookings b join public.payments p on p.booking_id = b.id and p.expert_id = b.expert_id
    where p.id = payment and p.expert_id = mentor for no key update of b;
  if (held.has_lapsed or not found and private.has_basket_lapsed(mentor, payment)) and may_retake is null then
    return 'lapsed';
  end if;
  select * into paid from public.payments p where p.id = payment and p.expert_id = mentor for no key update;
  if not found then
    return null;
  end if;
  if not exists (
    select from private.payment_orders o
    where o.payment_id = payment and o.expert_id = mentor and o.order_id = provider_order ->> 'id') then
    raise exception 'another order' using errcode = 'check_violation', constraint = 'payment_orders_is_this_one';
  end if;
  if (provider_order ->> 'amount_minor')::bigint <> paid.amount_minor or provider_order ->> 'currency' <> paid.currency
     or coalesce(provider_order ->> 'reference', payment::text) <> payment::text then
    perform private.flag_payment(mentor, payment, 'order_differs');
  end if;

  for given in
    select a.* from jsonb_to_recordset(provider_order -> 'attempts') a (
      id text, state text, amount_minor bigint, currency text, method text, fee_minor bigint, failure_code text,
      failure_message text, dispute text, created_at timestamptz, refunds jsonb)
    -- The first one that was paid is the one that counts.
    order by a.state <> 'captured', a.created_at, a.id
  loop
    select * into known from public.payment_attempts a
      where a.payment_id = payment and a.expert_id = mentor and a.attempt_id = given.id;
    is_new_state := known.id is null or array_position(ranks, given.state) > array_position(ranks, known.state);
    becomes := case when is_new_state then given.state else known.state end;
    judged := known.verdict;
    is_right_amount := given.amount_minor = paid.amount_minor and given.currency = paid.currency;
    is_wordless := given.failure_message is not null and private.forgets_words(mentor, payment);
    if is_wordless then
      given.failure_message := null;
    end if;

    -- Judged before it is written, so that it is written once.
    if is_new_state and becomes = 'authorized' and paid.capture = 'manual' then
      if is_right_amount and paid.state in ('open', 'closed')
         and paid.closed_because is distinct from 'cancelled' and paid.closed_because is distinct from 'taken'
         and private.accept_payment(mentor, paid.booking_id, may_retake, false) then
        judged := 'accepted';
      else
        judged := case when not is_right_amount then 'wrong_amount' when paid.accepted_attempt_id is not null then 'surplus'
                       when paid.closed_because = 'cancelled' then 'unwanted' else 'late' end;
      end if;
    elsif is_new_state and becomes = 'captured' then
      if not is_right_amount then
        judged := 'wrong_amount';
      elsif known.id = paid.accepted_attempt_id then
        judged := 'accepted';
      elsif paid.accepted_attempt_id is not null then
        judged := 'surplus';
      elsif paid.closed_because in ('cancelled', 'taken') then
        judged := case paid.closed_because when 'cancelled' then 'unwanted' else 'late' end;
      elsif paid.package_purchase_id is not null and private.accept_purchase(mentor, paid.package_purchase_id)
            or paid.booking_id is not null and private.accept_payment(mentor, paid.booking_id, may_retake, true)
            or paid.booking_id is null and paid.basket_id is not null
              and private.accept_basket(mentor, paid.basket_id, may_retake) then
        judged := 'accepted';
        is_in_step := paid.booking_id is not null and jsonb_array_length(provider_order -> 'attempts') = 1
          and jsonb_array_length(given.refunds) = 0 and given.dispute is null;
      else
        judged := 'late';
      end if;
    end if;

    if known.id is null then
      insert into public.payment_attempts (
          expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, fee_minor, failure_code,
          failure_message, dispute, verdict, created_at)
        values (mentor, payment, given.id, becomes, given.amount_minor, given.currency,
          case when becomes = 'captured' then given.amount_minor else 0 end, given.method, given.fee_minor,
          given.failure_code, given.failure_message, null, judged, given.created_at)
        returning * into known;
    elsif is_new_state or given.fee_minor is distinct from known.fee_minor then
      update public.payment_attempts a
        set state = becomes, amount_minor = given.amount_minor, currency = given.currency,
            captured_minor = case when becomes = 'captured' then given.amount_minor else 0 end,
            method = coalesce(given.method, a.method), fee_minor = coalesce(given.fee_minor, a.fee_minor),
            failure_code = case when becomes = 'failed' then given.failure_code end,
            failure_message = case when becomes = 'failed' then given.failure_message end, verdict = judged, updated_at = now()
        where a.id = known.id and a.expert_id = mentor;
      known.verdict := judged;
    end if;

    if is_new_state and becomes = 'failed' and paid.state = 'open' then
      perform private.record_money(mentor, payment, 'failed', given.amount_minor, given.failure_message,
                                   money_currency => given.currency);
    elsif is_new_state and becomes = 'authorized' then
      if judged = 'accepted' then
        update public.payments p set state = 'authorized', accepted_attempt_id = known.id, closed_because = null
          where p.id = payment and p.expert_id = mentor returning * into paid;
        perform private.record_money(mentor, payment, 'authorized', given.amount_minor);
      elsif paid.capture = 'manual' then
        perform private.enqueue_for_payment('release_authorizations', mentor, payment);
      end if;
      -- With automatic capture it is charged in a moment.
    elsif is_new_state and becomes = 'released' and known.id = paid.accepted_attempt_id then
      update public.payments p set state = 'released' where p.id = payment and p.expert_id = mentor returning * into paid;
      perform private.record_money(mentor, payment, 'released', given.amount_minor);
      if paid.closed_because is null then
        -- The reservation ran out while the mentor had not answered, or before it was charged.
        perform private.flag_payment(mentor, payment, 'reservation_ended');
        update public.bookings b set status = 'cancelled'
          where b.id = paid.booking_id and b.expert_id = mentor and b.status in ('pending', 'confirmed') and b.starts_at > now();
      end if;
    elsif is_new_state and becomes = 'captured' then
      update public.payments p
        set captured_minor = p.captured_minor + case when p.currency = given.currency then given.amount_minor else 0 end,
            accepted_attempt_id = case judged when 'accepted' then known.id else p.accepted_attempt_id end,
            state = case when judged = 'accepted' then 'captured' when judged = 'late' and p.state = 'open' then 'closed'
                         else p.state end,
            closed_because = case when judged = 'late' then 'taken'
                                  when judged = 'accepted' and p.closed_because = 'lapsed' then null else p.closed_because end,
            unclear_since = null, updated_at = now(),
            poll_at = case when is_in_step and not private.awaits_refund(mentor, payment) then null else p.poll_at end
        where p.id = payment and p.expert_id = mentor returning * into paid;
      if judged = 'accepted' then
        perform private.transfer(
          mentor, 'captured', known.id, 'provider', mentor,
          case when paid.booking_id is not null then 'escrow' when paid.basket_id is not null then 'basket_money'
               else 'package_money' end,
          coalesce(paid.booking_id, paid.package_purchase_id, paid.basket_id), paid.currency, given.amount_minor, given.created_at);
        perform private.record_money(mentor, payment, 'paid', given.amount_minor);
        if paid.booking_id is null and paid.basket_id is not null then
          perform private.share_payment(mentor, payment, known.id);
        else
          perform private.issue_receipt(mentor, payment);
        end if;
        if paid.closed_because is not null then
          -- It was charged although it was to be released.
          perform private.request_refund(mentor, payment, known.id, given.amount_minor, 'unwanted');
        end if;
      else
        perform private.transfer(mentor, 'captured', known.id, 'provider', mentor, 'refunds_payable', payment,
                                 given.currency, given.amount_minor, given.created_at);
        perform private.record_money(
          mentor, payment, case when judged = 'surplus' then 'surplus' else 'late' end, given.amount_minor, judged,
          money_currency => given.currency);
        if judged = 'wrong_amount' then
          perform private.flag_payment(mentor, payment, 'wrong_amount');
        end if;
        perform private.request_refund(mentor, payment, known.id, given.amount_minor, judged);
      end if;
    end if;
    if becomes = 'captured' and coalesce(given.fee_minor, 0) > 0 then
      perform private.transfer(mentor, 'provider_fee', known.id, 'provider', mentor, 'provider_fees', mentor, given.currency,
                               given.fee_minor, given.created_at);
    end if;
    if not is_new_state and becomes = 'captured' and given.fee_minor <> known.fee_minor and known.fee_minor > 0 then
      perform private.correct_provider_fee(mentor, given.currency, given.fee_minor - known.fee_minor);
    end if;

    for refunded in
      select r.* from jsonb_to_recordset(given.refunds) r (id text, reference uuid, amount_minor bigint, state text, failure text)
        order by r.id
    loop
      -- One, but for what was sent back of a basket by hand.
      our_refunds := private.refunds_known_as(mentor, payment, known.id, refunded.reference, refunded.id);
      if cardinality(our_refunds) = 0 then
        our_refunds := private.note_refund_by_hand(mentor, payment, known.id, refunded.amount_minor);
        perform private.flag_payment(mentor, payment, 'refund_by_hand');
      end if;
      foreach our_refund in array our_refunds loop
        perform private.merge_refund(
          mentor, our_refund, case refunded.state when 'pending' then 'sent' else refunded.state end, refunded.id,
          refunded.failure);
      end loop;
    end loop;

    if given.dispute is distinct from known.dispute and given.dispute is not null
       and known.dispute is distinct from 'won' and known.dispute is distinct from 'lost' then
      update public.payment_attempts a set dispute = given.dispute, updated_at = now()
        from private.same_attempts(mentor, payment, known.id) same (id)
        where a.id = same.id and a.expert_id = mentor;
      perform private.record_money(mentor, payment, case given.dispute when 'open' then 'dispute_opened' else 'dispute_' || given.dispute end,
                                   given.amount_minor, money_currency => given.currency);
      perform private.flag_payment(mentor, payment, 'dispute');
      if given.dispute = 'lost' then
        perform private.lose_dispute(mentor, payment, known.id);
      end if;
    end if;
  end loop;

  -- accept_payment() has set the booking's payment_status already.
  if not is_in_step or paid.poll_at is not null or paid.state <> 'captured' or paid.closed_because is not null then
    perform private.refresh_payment_status(mentor, payment);
    update public.payments p
      set updated_at = now(), unclear_since = null,
          -- What will not change any more is not asked for again, but for a dispute, which the provider reports.
          poll_at = case
            when p.state in ('open', 'authorized') then p.poll_at
            when private.awaits_refund(mentor, payment) then coalesce(p.poll_at, now() + interval '1 minute')
            when p.state = 'closed' and p.created_at > now() - interval '3 days' then coalesce(p.poll_at, now() + interval '1 minute')
          end
      where p.id = payment and p.expert_id = mentor returning * into paid;
  end if;
  update private.payment_events e set processed_at = now()
    where e.provider = paid.provider and e.order_id = provider_order ->> 'id' and e.processed_at is null;
  return paid.state;
end
$function$

-- private.settle_waitlist_offer(): What the end of an offer means: its hold is free, its entry goes on or ends, and the next in the queue is asked.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settle_waitlist_offer()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- A booking keeps the time, or has freed it itself.
  if new.booking_id is null then
    perform private.release_seat(old.expert_id, old.occupancy_id);
  end if;
  update public.waitlist_entries e
    set state = case
          when new.state = 'accepted' then 'accepted'
          when new.state = 'passed' and e.kind = 'days' then 'waiting'
          when new.state = 'passed' then 'left'
          when new.state = 'lapsed' then 'expired'
          else 'withdrawn'
        end,
        passed_starts = case
          when new.state = 'passed' and e.kind = 'days' then e.passed_starts || new.starts_at else e.passed_starts end
    where e.id = new.entry_id and e.expert_id = new.expert_id and e.state = 'offered';
  if new.state = 'accepted' then
    perform private.leave_overlapping(new.expert_id, new.user_id, new.service_id, new.starts_at, new.ends_at);
  elsif new.state = 'lapsed' then
    perform private.enqueue(
      'notify_waitlist_lapsed', jsonb_build_object('mentor_id', new.expert_id, 'entry_id', new.entry_id, 'because', 'lapsed'));
  end if;
  perform private.enqueue_waitlist(new.expert_id);
  return null;
end
$function$

-- private.settlement_faults(uuid,uuid,text,bigint,text,bigint): Where an attempt differs from what the provider has paid out for it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.settlement_faults(mentor uuid, attempt uuid, settlement text, amount bigint, money_currency text, fee bigint)
 RETURNS text[]
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array_remove(array[
      case when a.state <> 'captured' or a.settlement_id <> settlement
          -- What is settled in another currency cannot be compared.
          or a.currency = money_currency and a.captured_minor <> amount then 'settlement_differs' end,
      case when a.currency = money_currency and a.fee_minor <> fee then 'fee_differs' end], null)
    from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
  $function$

-- private.share_payment(uuid,uuid,uuid): Divides what was paid for a basket among its bookings: each has its price in escrow, its part of the attempt and its receipt.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.share_payment(mentor uuid, payment uuid, attempt uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  part record;
  share uuid;
begin
  for part in
    select p.id, p.booking_id, p.basket_id, p.amount_minor, p.currency
    from public.payments whole
      join public.payments p on p.basket_id = whole.basket_id and p.expert_id = whole.expert_id and p.booking_id is not null
    where whole.id = payment and whole.expert_id = mentor
    order by p.id for no key update of p
  loop
    insert into public.payment_attempts (
        expert_id, payment_id, attempt_id, state, amount_minor, currency, captured_minor, method, verdict, created_at)
      select a.expert_id, part.id, a.attempt_id, a.state, part.amount_minor, a.currency, part.amount_minor, a.method, 'accepted',
        a.created_at
      from public.payment_attempts a where a.id = attempt and a.expert_id = mentor
      returning id into share;
    update public.payments p
      set state = 'captured', closed_because = null, accepted_attempt_id = share, captured_minor = part.amount_minor,
          updated_at = now()
      where p.id = part.id and p.expert_id = mentor;
    perform private.transfer(mentor, 'basket_share', share, 'basket_money', part.basket_id, 'escrow', part.booking_id,
                             part.currency, part.amount_minor, (select a.created_at from public.payment_attempts a
                               where a.id = attempt and a.expert_id = mentor));
    -- The message about the payment is about all of them.
    insert into public.money_events (
        expert_id, user_id, payment_id, booking_id, kind, amount_minor, currency, notified_at)
      select p.expert_id, p.user_id, p.id, p.booking_id, 'paid', p.amount_minor, p.currency, now()
      from public.payments p where p.id = part.id and p.expert_id = mentor;
    perform private.issue_receipt(mentor, part.id);
  end loop;
end
$function$

-- private.show_name(uuid,uuid,boolean): Whether the other attendees see the name of the caller, whose booking it is.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.show_name(mentor uuid, booking uuid, shown boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.lock_mentor(mentor);
  update public.bookings b set shows_name = shown
    where b.id = booking and b.expert_id = mentor and b.user_id = auth.uid() and (b.status <> 'cancelled' or not shown);
  return found;
end
$function$

-- private.shown_place(jsonb): A place as the API shows it: a link is shown as the session's.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.shown_place(place jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (place IS NOT NULL) THEN jsonb_build_object('kind', (place -> 'kind'::text), 'caller', (place -> 'caller'::text), 'phone', (place -> 'phone'::text), 'address', (place -> 'address'::text), 'map_url', (place -> 'map_url'::text)) ELSE NULL::jsonb END

-- private.start_of_day(date,text): The first instant of a local date, as startOfDay of scheduling/zonedTime.ts.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.start_of_day(on_date date, zone text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
  midnight timestamptz := private.instant_of(on_date, '00:00', zone);
begin
  if private.wall_clock(midnight, zone) = on_date then
    return midnight;
  end if;
  -- Midnight is skipped: the day begins with the change itself.
  return rules.changes[width_bucket(midnight, rules.changes)];
end
$function$

-- private.start_payout_run(uuid,text,text): Begins a run. The app fills it; a job does, if the app is killed before the end. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.start_payout_run(login uuid, request text, why text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  run uuid := private.uuid_v7();
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'payout_run_started', null, jsonb_build_object('run_id', run), why, request);
  insert into private.payout_runs (id, created_by) values (run, auth.uid());
  perform private.enqueue('fill_payout_run', jsonb_build_object('run_id', run), 'fill_payout_run ' || run,
                          now() + interval '1 minute');
  return run;
end
$function$

-- private.start_reconciliation(uuid,text): Compares our payments with the provider's list now. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.start_reconciliation(login uuid, request text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'reconciliation_started', null, '{}', null, request);
  perform private.enqueue('reconcile_payments', '{}', 'reconcile_payments');
  return true;
end
$function$

-- private.start_schedule_revision(): Creates the revision of a new mentor's times.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.start_schedule_revision()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into public.schedule_revisions (expert_id) values (new.id);
  return null;
end
$function$

-- private.sum_before_coupon(uuid,uuid,uuid): The sum that the coupon of a series or a basket is applied to, as it was announced. take_offers_of_booking() compares.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.sum_before_coupon(mentor uuid, series uuid, basket uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case
      when series is not null then (
        select q.before_coupon_minor from public.series q where q.id = series and q.expert_id = mentor)
      else (select k.before_coupon_minor from public.baskets k where k.id = basket and k.expert_id = mentor) end
  $function$

-- private.sum_of_lines(jsonb): What the lines of a price add up to; null for no lines.
-- executable by: authenticated, matepeak_app
CREATE OR REPLACE FUNCTION private.sum_of_lines(lines jsonb)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select sum((line ->> 'amount_minor')::numeric) from jsonb_array_elements(lines) line $function$

-- private.suspect_entries(): A read of a calendar has found another version of our entry than the written one, or none.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.suspect_entries()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  mentors uuid[];
begin
  if tg_op = 'DELETE' then
    with suspected as (
      update public.session_entries e set suspicions = e.suspicions + 1 from old_objects o
      where e.calendar_id = o.calendar_id and e.ref = o.ref returning e.expert_id
    )
    select array_agg(s.expert_id) into mentors from suspected s;
  else
    with suspected as (
      update public.session_entries e set suspicions = e.suspicions + 1, ref = o.ref from new_objects o
      where e.calendar_id = o.calendar_id and not o.awaits_read
        and (e.ref = o.ref and e.etag is distinct from o.etag
             -- Its owner has brought it back.
             or e.ref is null and e.question = 'deleted' and e.uid = o.uid)
      returning e.expert_id
    )
    select array_agg(s.expert_id) into mentors from suspected s;
  end if;
  perform private.write_entries_of_bookings(mentors);
  return null;
end
$function$

-- private.suspect_entry(uuid,uuid,uuid,uuid): An entry could not be written because it is another one by now: it is compared next.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.suspect_entry(mentor uuid, session uuid, calendar uuid, held uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.session_entries e
    set suspicions = e.suspicions + 1, writing_starts_at = null, failures = e.failures + 1, lease = null, leased_until = null,
        -- At once, but not again and again at a server that names another version each time.
        due_at = now() + (least(2 ^ e.failures, 64) - 1) * interval '1 minute'
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  return found;
end
$function$

-- private.suspend_person(uuid,text,uuid,text): Signs a person out and lets them neither sign in nor book; hides a mentor's page. Existing sessions stay. Returns the address to be told; null if there is no such account. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.suspend_person(login uuid, request text, person uuid, why text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  address text;
begin
  if why is null then
    raise exception 'a reason is needed' using errcode = 'check_violation', constraint = 'admin_log_reason_length';
  end if;
  perform private.begin_admin_action(login, 'person_suspended', person, '{}', why, request);
  select u.email into address from auth.users u where u.id = person;
  if not found then
    return null;
  end if;
  -- Administrators are made and unmade at the command line only.
  if exists (select from private.administrators a where a.user_id = person) then
    raise exception 'an administrator cannot be suspended'
      using errcode = 'check_violation', constraint = 'closed_accounts_no_administrators';
  end if;
  perform private.close_account(person, 'suspended');
  insert into private.closed_accounts (user_id, why) values (person, 'suspended') on conflict do nothing;
  if not found then
    raise exception 'the account is closed already' using errcode = 'check_violation', constraint = 'closed_accounts_once';
  end if;
  return address;
end
$function$

-- private.sweep_mentor(uuid,integer): Frees the oldest of a mentor's expired time, in the lock order. One transaction sweeps one mentor.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sweep_mentor(mentor uuid, most integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  requests integer;
  holds integer;
begin
  perform private.lock_mentor(mentor);
  perform private.lapse_offers(mentor);
  update public.bookings set status = 'cancelled' where id = any (array(
    select b.id from public.bookings b where b.expert_id = mentor and b.status = 'pending' and b.expires_at <= now()
    order by b.expires_at limit most));
  get diagnostics requests = row_count;
  delete from public.occupancies where id = any (array(
    select o.id from public.occupancies o where o.expert_id = mentor and o.state = 'hold' and o.expires_at <= now()
    order by o.expires_at limit most - requests));
  get diagnostics holds = row_count;
  return requests + holds;
end
$function$

-- private.sync_by_hand(uuid,text,uuid,uuid,text): Asks the provider about a payment; false if there is none. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.sync_by_hand(login uuid, request text, mentor uuid, payment uuid, why text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not private.begin_payment_action(login, request, 'payment_synced', mentor, payment, '{}', why) then
    return false;
  end if;
  perform private.enqueue_for_payment('sync_payment', mentor, payment);
  return true;
end
$function$

-- private.take_offered_time(uuid,uuid,uuid,timestamp with time zone,timestamp with time zone,text,timestamp with time zone): A booking of a time that is held for its student takes the hold; null if nothing is.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.take_offered_time(mentor uuid, person uuid, service uuid, session_start timestamp with time zone, session_end timestamp with time zone, first_state text, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
declare
  seat uuid;
begin
  select o.occupancy_id into seat from public.waitlist_offers o
    where o.expert_id = mentor and o.state = 'open' and o.booking_id is null and o.expires_at > now()
      and o.user_id = person and o.service_id = service and o.starts_at = session_start and o.ends_at = session_end
    limit 1;
  if not found then
    return null;
  end if;
  update public.occupancies o
    set state = case when held.is_booked then 'booked' when o.capacity > 1 then o.state else first_state end,
        expires_at = case when held.is_booked then null when o.capacity > 1 then greatest(o.expires_at, expiry) else expiry end
    from (
      select l.id, first_state = 'booked' or (l.capacity > 1 and l.state = 'booked') as is_booked
      from public.occupancies l where l.id = seat and l.expert_id = mentor
    ) held
    where o.id = held.id and o.expert_id = mentor;
  return seat;
end
$function$

-- private.take_offers(uuid,uuid,uuid,uuid,integer,uuid,uuid,uuid): Uses a booking's coupon and session of a package, again if they were given back when it lapsed. Returns what cannot be used. The caller has locked the mentor.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.take_offers(mentor uuid, booking uuid, student uuid, service uuid, length integer, coupon uuid, together uuid, purchase uuid)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if coupon is not null and (
    select private.coupon_refusal(mentor, coupon, student, service, together)) is not null then
    return 'coupon';
  end if;
  if purchase is not null and private.credit_refusal(mentor, purchase, student, service, length) <> '' then
    return 'credit';
  end if;
  if coupon is not null then
    insert into public.coupon_uses as u (booking_id, expert_id, coupon_id, user_id, together_id)
      values (booking, mentor, coupon, student, together)
      on conflict (booking_id, expert_id) do update set given_back_at = null, used_at = now();
  end if;
  if purchase is not null then
    perform private.reserve_credit(mentor, booking, purchase);
  end if;
  return null;
end
$function$

-- private.take_offers_of_booking(): Uses what prepare_booking() has found usable under the same lock.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.take_offers_of_booking()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.coupon_id is not null then
    if coalesce(new.series_id, new.basket_id) is not null
       and private.sum_before_coupon(new.expert_id, new.series_id, new.basket_id)
         is distinct from private.couponed_sum(new.expert_id, new.series_id, new.basket_id) then
      raise exception 'the coupon was applied to another sum than that of the bookings'
        using errcode = 'check_violation', constraint = 'coupons_apply_to_sum';
    end if;
    insert into public.coupon_uses (booking_id, expert_id, coupon_id, user_id, together_id)
      values (new.id, new.expert_id, new.coupon_id, new.user_id, coalesce(new.series_id, new.basket_id));
  end if;
  if new.package_purchase_id is not null then
    perform private.reserve_credit(new.expert_id, new.id, new.package_purchase_id);
  end if;
  return null;
end
$function$

-- private.take_programme_seat(uuid,uuid,timestamp with time zone,boolean,timestamp with time zone): A seat in a session of a programme; no booking opens another session of it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.take_programme_seat(mentor uuid, programme uuid, session_start timestamp with time zone, confirmed boolean, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seat uuid;
begin
  update public.occupancies o
    set seats_taken = o.seats_taken + 1,
        state = case when confirmed then 'booked' else o.state end,
        expires_at = case when confirmed or o.state = 'booked' then null else greatest(o.expires_at, expiry) end
    where o.programme_id = programme and o.expert_id = mentor and o.starts_at = session_start and o.seats_taken < o.capacity
    returning o.id into seat;
  if seat is null then
    raise exception 'no seat in this session of the programme'
      using errcode = 'exclusion_violation', constraint = 'occupancies_seats_within_capacity';
  end if;
  return seat;
end
$function$

-- private.take_seat(uuid,uuid,integer,timestamp with time zone,timestamp with time zone,tstzrange,text,timestamp with time zone): Takes a seat in a group session that has room, else new time; the exclusion constraint rejects taken time.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.take_seat(mentor uuid, service uuid, seats integer, session_start timestamp with time zone, session_end timestamp with time zone, busy tstzrange, first_state text, expiry timestamp with time zone)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  confirmed boolean := first_state = 'booked';
  seat uuid;
begin
  -- Only group sessions can be joined.
  if seats > 1 then
    seat := private.join_session(mentor, service, seats, session_start, session_end, confirmed, expiry);
  end if;
  if seat is null then
    insert into public.occupancies (expert_id, service_id, starts_at, ends_at, during, state, capacity, expires_at)
      values (mentor, service, session_start, session_end, busy, first_state, seats, expiry)
      returning id into seat;
  end if;
  return seat;
end
$function$

-- private.take_session_entry(uuid): The next entry of a mentor that is to be compared, written or removed, for the worker that asked and for two minutes.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.take_session_entry(mentor uuid)
 RETURNS TABLE(session_id uuid, is_group boolean, calendar_id uuid, act text, lease uuid, ref text, etag text, is_in_doubt boolean, suspicions integer, failures integer, connection_id uuid, kind text, server_url text, username text, credential bytea, remote_id text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  work record;
begin
  -- One worker at a time looks for work; what it takes is leased before another one looks.
  perform pg_advisory_xact_lock(hashtextextended('session entries ' || mentor, 0));
  select * into work from private.session_entry_work(mentor) w where w.due_at is null or w.due_at <= now() limit 1;
  if not found then
    return;
  end if;
  insert into public.session_entries as e (booking_id, group_session_id, calendar_id, expert_id, lease, leased_until)
    values (
      case when not work.is_group then work.session_id end, case when work.is_group then work.session_id end, work.calendar_id, mentor, gen_random_uuid(), now() + interval '2 minutes')
    on conflict on constraint session_entries_pkey do update
    set lease = excluded.lease, leased_until = excluded.leased_until;
  return query
    select e.session_id, work.is_group, e.calendar_id, work.act, e.lease, e.ref, e.etag, e.writing_starts_at is not null, e.suspicions,
      greatest(e.failures, k.entries_failures), c.id, c.kind, c.server_url, c.username, c.credential, k.remote_id
    from public.session_entries e
      join public.connected_calendars k on k.id = e.calendar_id
      join public.calendar_connections c on c.id = k.connection_id
    where e.expert_id = mentor and e.session_id = work.session_id and e.calendar_id = work.calendar_id;
end
$function$

-- private.tax_contained(bigint,integer): The tax in an amount that contains it: rules/priceLines.ts, taxContained.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.tax_contained(total bigint, basis_points integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN (div((((((2)::numeric * (total)::numeric) * (basis_points)::numeric) + (10000)::numeric) + (basis_points)::numeric), ((2 * (10000 + basis_points)))::numeric))::bigint

-- private.tax_within(bigint,integer,text,text,text): The GST that an amount contains, by the States of the supplier and of the place of supply: rules/tax.ts, splitGst.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.tax_within(total bigint, basis_points integer, sac text, supplier text, place text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select jsonb_build_object('sac', sac, 'rate_basis_points', basis_points, 'place_of_supply', place,
      'taxable_minor', total - t.tax,
      'cgst_minor', case when supplier = place then (t.tax + 1) / 2 else 0 end,
      'sgst_minor', case when supplier = place then t.tax / 2 else 0 end,
      'igst_minor', case when supplier = place then 0 else t.tax end)
    from (select private.tax_contained(total, basis_points)) t (tax)
  $function$

-- private.tell_attendees(uuid,uuid,text,text,text): Writes into the history of each seat what concerns the whole session; the messages follow from it.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.tell_attendees(mentor uuid, seat uuid, about text, actor text, said text)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  told integer;
begin
  insert into public.booking_events (booking_id, expert_id, kind, actor_id, actor, from_status, to_status, reason, is_for_all)
    select b.id, b.expert_id, about, case when actor = 'mentor' then mentor end, actor, b.status, b.status, said, true
    from public.bookings b
    where b.occupancy_id = seat and b.expert_id = mentor and b.status in ('confirmed', 'completed');
  get diagnostics told = row_count;
  return told;
end
$function$

-- private.time_request_facts(uuid): The facts for the messages about a time request.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.time_request_facts(wanted uuid)
 RETURNS TABLE(status text, round integer, awaiting text, reason text, student_id uuid, mentor_id uuid, service_id uuid, student_name text, student_timezone text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select r.status, r.round, r.awaiting, r.reason, r.user_id, r.expert_id, r.service_id, r.user_name, r.student_timezone
    from public.time_requests r
    where r.id = wanted
  $function$

-- private.titles_of(uuid,uuid[]): What the services of some bookings are called, each once, in the order of their first starts.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.titles_of(mentor uuid, bookings uuid[])
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array_agg(x.title order by x.first, x.title) from (
      select s.title, min(b.starts_at) as first
      from public.bookings b join public.services s on s.id = b.service_id and s.expert_id = b.expert_id
      where b.id = any (bookings) and b.expert_id = mentor
      group by s.title) x
  $function$

-- private.touch_updated_at(): Sets updated_at.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.updated_at := now();
  return new;
end
$function$

-- private.transfer(uuid,text,uuid,text,uuid,text,uuid,text,bigint,timestamp with time zone): Writes one transfer and the balances with a floor; false if the transfer of this kind and reference exists. The caller has locked the mentor, so that transfers about one mentor never wait for each other in two orders.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.transfer(mentor uuid, transfer_kind text, transfer_reference uuid, from_kind text, from_owner uuid, to_kind text, to_owner uuid, money_currency text, amount bigint, happened_at timestamp with time zone DEFAULT now())
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into private.ledger_transfers (
      expert_id, kind, reference, from_kind, from_owner, to_kind, to_owner, currency, amount_minor, event_at)
    values (mentor, transfer_kind, transfer_reference, from_kind, from_owner, to_kind, to_owner, money_currency, amount,
            happened_at)
    on conflict (expert_id, kind, reference) do nothing;
  if not found then
    return false;
  end if;
  if private.has_floor(from_kind) then
    -- The account of a debit exists, or the debit is refused.
    update private.ledger_accounts a set balance_minor = a.balance_minor - amount, version = a.version + 1
      where a.expert_id = mentor and a.owner_id = from_owner and a.kind = from_kind and a.currency = money_currency;
    if not found then
      raise exception 'the account % of % is empty', from_kind, from_owner
        using errcode = 'check_violation', constraint = 'ledger_accounts_never_below_zero';
    end if;
  end if;
  if private.has_floor(to_kind) then
    insert into private.ledger_accounts as a (expert_id, kind, owner_id, currency, balance_minor)
      values (mentor, to_kind, to_owner, money_currency, amount)
      on conflict (expert_id, owner_id, kind, currency)
        do update set balance_minor = a.balance_minor + amount, version = a.version + 1;
  end if;
  return true;
end
$function$

-- private.trigger_alert(uuid,timestamp with time zone): Ends an alert and enqueues its message, in one transaction; false if it had ended before.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.trigger_alert(wanted uuid, first_free timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.availability_alerts set status = 'fired', fired_at = now() where id = wanted and status = 'active';
  if not found then
    return false;
  end if;
  perform private.enqueue('notify_alert', jsonb_build_object('alert_id', wanted, 'starts_at', first_free));
  return true;
end
$function$

-- private.undelivered_mail(uuid,text,uuid,integer): Mails that could not be delivered, the latest first. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.undelivered_mail(login uuid, request text, before_id uuid, most integer)
 RETURNS TABLE(id uuid, user_id uuid, address text, kind text, attempts integer, last_error text, created_at timestamp with time zone, ended_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(login, 'undelivered_mail_listed', null, '{}', null, request);
  return query
    select d.id, d.user_id, coalesce(d.address, u.email::text), d.kind, d.attempts, d.last_error, d.created_at, d.ended_at
    from private.deliveries d left join auth.users u on u.id = d.user_id
    where d.state = 'undeliverable'
      and (before_id is null or (d.ended_at, d.id) < (
        select b.ended_at, b.id from private.deliveries b where b.id = before_id))
    order by d.ended_at desc, d.id desc
    limit most;
end
$function$

-- private.unearned_share(uuid,uuid): The package's money in a booking's escrow, next to what the student paid for the recording.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.unearned_share(mentor uuid, booking uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select coalesce(sum(u.share_minor), 0)::bigint from public.credit_uses u
    where u.booking_id = booking and u.expert_id = mentor and u.state <> 'returned' and u.earned_at is null
  $function$

-- private.unflag_payment(uuid,uuid,text): Takes one reason for attention away; a failed refund stays one until all are repeated.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.unflag_payment(mentor uuid, payment uuid, why text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.payments p
      set attention = rest.attention, attention_at = case when rest.attention is not null then p.attention_at end
      from (
        select nullif(array_to_string(array_remove(string_to_array(q.attention, ', '), why), ', '), '') as attention
        from public.payments q where q.id = payment and q.expert_id = mentor) rest
      where p.id = payment and p.expert_id = mentor and p.attention is not null
        and not (why = 'refund_failed' and exists (
          select from public.refunds r
          where r.payment_id = p.id and r.expert_id = p.expert_id and r.state = 'failed' and not exists (
            select from public.refunds n where n.retry_of = r.id and n.expert_id = r.expert_id)))
  $function$

-- private.unsettled_orders(text,timestamp with time zone,timestamp with time zone,integer): Our orders that were paid in this time and whose money the provider has not paid out, the oldest first.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.unsettled_orders(with_provider text, from_at timestamp with time zone, until_at timestamp with time zone, most integer)
 RETURNS TABLE(mentor_id uuid, payment_id uuid, order_id text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
    select a.expert_id, a.payment_id, o.order_id
    from public.payment_attempts a join private.payment_orders o on o.payment_id = a.payment_id and o.expert_id = a.expert_id
    where a.state = 'captured' and a.settled_at is null and a.created_at between from_at and until_at and o.provider = with_provider
    order by a.created_at, a.id limit most
  $function$

-- private.unused_packages_of(uuid): The sessions of packages that a person has bought, or sold, and that no booking has taken: a deletion sends back their money.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.unused_packages_of(person uuid)
 RETURNS TABLE(my_role text, sessions integer, refund_minor bigint, currency text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select case when g.user_id = person then 'student' else 'mentor' end,
      sum(private.balance_of(g.expert_id, 'credits', g.id, private.credit_currency(g.service_id)))::integer,
      sum(private.balance_of(g.expert_id, 'package_money', g.id, g.currency))::bigint, g.currency
    from public.package_purchases g
    where person in (g.user_id, g.expert_id) and g.state = 'active' and g.expires_at > now()
      and not private.is_purchase_disputed(g.expert_id, g.id)
      and private.balance_of(g.expert_id, 'package_money', g.id, g.currency) > 0
    group by 1, g.currency
    order by 1 desc, g.currency
  $function$

-- private.upcoming_of(uuid): How much a deletion would cancel.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.upcoming_of(person uuid)
 RETURNS TABLE(sessions integer, time_requests integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select
      (select count(*) from public.bookings b
        where person in (b.user_id, b.expert_id) and b.status in ('pending', 'confirmed') and b.starts_at > now())::integer,
      (select count(*) from public.time_requests r
        where person in (r.user_id, r.expert_id) and r.status = 'open' and r.expires_at > now())::integer
  $function$

-- private.use_credit(uuid,uuid): The reserved session of a package is used up.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.use_credit(mentor uuid, booking uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  taken record;
begin
  update public.credit_uses u set state = 'used'
    from public.package_purchases p
    where u.booking_id = booking and u.expert_id = mentor and u.state = 'reserved' and p.id = u.package_purchase_id
      and p.expert_id = u.expert_id
    returning u.id, p.service_id into taken;
  if found then
    perform private.transfer(mentor, 'credit_used', taken.id, 'credits_reserved', booking, 'credits_used', mentor,
                             private.credit_currency(taken.service_id), 1);
  end if;
end
$function$

-- private.uuid_v7(): A new id, time-ordered; uuidv7() of PostgreSQL 18, for 15 and later.
-- executable by: authenticated, matepeak_app, matepeak_auth
CREATE OR REPLACE FUNCTION private.uuid_v7()
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- The first 48 bits are the time in ms, then the version; the rest stays random. PL/pgSQL, not SQL: it keeps its plan.
  return encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send(floor(date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid;
end
$function$

-- private.verify_mentor(uuid,text,uuid,boolean): Adds or removes the badge "Verified"; false if there is no such mentor. For administrators.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.verify_mentor(login uuid, request text, mentor uuid, is_verified boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.begin_admin_action(
    login, case when is_verified then 'mentor_verified' else 'verification_removed' end, mentor, '{}', null, request);
  perform private.lock_mentor(mentor);
  update public.expert_profiles p set verified = is_verified where p.id = mentor and p.hidden_because is distinct from 'deleted';
  return found;
end
$function$

-- private.waiting_entries(uuid): The queue of a locked mentor, the first first. Entries whose time is over end.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.waiting_entries(mentor uuid)
 RETURNS TABLE(id uuid, user_id uuid, service_id uuid, duration integer, starts_from timestamp with time zone, starts_until timestamp with time zone, passed_starts timestamp with time zone[], timezone text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update public.waitlist_entries e set state = 'expired'
    where e.expert_id = mentor and e.state = 'waiting' and e.starts_until <= now();
  return query
    select e.id, e.user_id, e.service_id, e.duration, e.starts_from, e.starts_until,
      -- A person who waits in several ways is offered one seat of a session.
      e.passed_starts || array(
        select o.starts_at from public.waitlist_offers o
        where o.expert_id = mentor and o.user_id = e.user_id and o.state = 'open'),
      e.timezone
    from public.waitlist_entries e
    where e.expert_id = mentor and e.state = 'waiting' and not private.is_closed(e.user_id)
    order by e.place;
end
$function$

-- private.waiting_people(uuid): The names of those who wait, for the mentor, who calls it.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.waiting_people(mentor uuid)
 RETURNS TABLE(entry_id uuid, full_name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.id, coalesce(p.full_name, x.full_name, '')
    from public.waitlist_entries e
      left join public.profiles p on p.id = e.user_id
      left join public.expert_profiles x on x.id = e.user_id
    where e.expert_id = mentor and e.state in ('waiting', 'offered') and auth.uid() = mentor
  $function$

-- private.waitlist_entry_facts(uuid,uuid): The facts for the message about the end of an entry.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.waitlist_entry_facts(mentor uuid, entry uuid)
 RETURNS TABLE(student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, starts_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select e.user_id, e.expert_id, e.service_id, e.timezone, coalesce((
        select o.starts_at from public.waitlist_offers o
        where o.entry_id = e.id and o.expert_id = e.expert_id order by o.offered_at desc limit 1), e.starts_from)
    from public.waitlist_entries e
    where e.id = entry and e.expert_id = mentor
  $function$

-- private.waitlist_offer_facts(uuid,uuid): The facts for the message about an offer.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.waitlist_offer_facts(mentor uuid, offer uuid)
 RETURNS TABLE(student_id uuid, mentor_id uuid, service_id uuid, student_timezone text, entry_id uuid, starts_at timestamp with time zone, ends_at timestamp with time zone, expires_at timestamp with time zone, is_final boolean, state text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select o.user_id, o.expert_id, o.service_id, e.timezone, o.entry_id, o.starts_at, o.ends_at, o.expires_at, o.is_final, o.state
    from public.waitlist_offers o join public.waitlist_entries e on e.id = o.entry_id and e.expert_id = o.expert_id
    where o.id = offer and o.expert_id = mentor
  $function$

-- private.wall_clock(timestamp with time zone,text): The wall clock of a zone. Used instead of "at time zone", which uses PostgreSQL's own rules.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.wall_clock(instant timestamp with time zone, zone text)
 RETURNS timestamp without time zone
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
begin
  return instant at time zone 'UTC'
    + rules.offsets[width_bucket(instant, rules.changes) + 1] * interval '1 second';
end
$function$

-- private.want_meeting(uuid,uuid,uuid,text,boolean): Has the meeting of a session agree with it; the first seat's is that of all. starts_anew: earlier failures do not count.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.want_meeting(mentor uuid, session uuid, booking uuid, wanted text, starts_anew boolean DEFAULT false)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if wanted is null or wanted in ('phone', 'in_person') then
    return;
  end if;
  insert into private.made_meetings as m (occupancy_id, expert_id, known_as, kind, asked_at)
    select o.id, o.expert_id, coalesce(g.id, booking), wanted, now()
    from public.occupancies o left join public.group_sessions g on g.occupancy_id = o.id and g.expert_id = o.expert_id
    where o.id = session and o.expert_id = mentor
    on conflict (occupancy_id, expert_id) do update
      set asked_at = now(), failures = case when starts_anew then 0 else m.failures end;
  perform private.arrange_meeting(mentor, session);
end
$function$

-- private.whole_price(bigint): The price of a session without anything else, as lines.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.whole_price(total bigint)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_array(jsonb_build_object('kind', 'session', 'amount_minor', total))

-- private.withdraw_credits(uuid,uuid): After a refund: as many sessions can still be booked as what is left of the money pays for.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.withdraw_credits(mentor uuid, purchase uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  bought public.package_purchases;
  credits bigint;
  money bigint;
  kept bigint;
begin
  select * into bought from public.package_purchases p where p.id = purchase and p.expert_id = mentor for no key update;
  credits := private.balance_of(mentor, 'credits', purchase, private.credit_currency(bought.service_id));
  money := private.balance_of(mentor, 'package_money', purchase, bought.currency);
  if money = 0 then
    perform private.end_credits(mentor, purchase, 'refunded');
    return;
  end if;
  -- Rounded, so that a small sum out of kindness takes no session away.
  kept := round(money * bought.sessions / bought.price_minor::numeric);
  if credits > greatest(kept, 1) then
    perform private.transfer(mentor, 'credits_refunded', private.uuid_v7(), 'credits', purchase, 'credits_expired', mentor,
                             private.credit_currency(bought.service_id), credits - greatest(kept, 1));
  end if;
end
$function$

-- private.withdraw_from_waitlist(uuid,uuid): Takes a person with a closed account out of a mentor's queues; all people out of the person's own.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.withdraw_from_waitlist(mentor uuid, person uuid)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not private.is_closed(person) then
    return 0;
  end if;
  perform private.lock_schedule(mentor);
  return private.end_waits(
    mentor, array(
      select e.id from public.waitlist_entries e
      where e.expert_id = mentor and person in (e.user_id, e.expert_id) and e.state in ('waiting', 'offered')),
    'withdrawn');
end
$function$

-- private.without_person(jsonb,text,text,text,text): The facts of a message without the name of the other person, and without what that person wrote.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.without_person(facts jsonb, replacement text, kept_reason text, old_username text, new_username text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select (case when facts ->> 'reason' = kept_reason then facts else facts - 'reason' end)
      || jsonb_build_object('counterpart', replacement)
      || case when facts ->> 'mentor_username' = old_username then jsonb_build_object('mentor_username', new_username) else '{}' end
  $function$

-- private.words_for_search(text): Folded text with a blank before and after each word.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION private.words_for_search(folded text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select ' ' || regexp_replace(folded, '[[:space:]\u00A0,;:/()\[\]{}"“”„«»|·•–—!?।+-]+|\.+([[:space:]]|$)', ' ', 'g') || ' '
  $function$

-- private.write_connected_calendar(uuid,uuid,uuid,text[],text[],text[],text[],boolean,text[],timestamp with time zone[],timestamp with time zone[],boolean[],text[],jsonb,timestamp with time zone): Writes what one read of a calendar found, all or nothing; false if the lease is another worker's by now, or the calendar is no longer connected.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.write_connected_calendar(connection uuid, held uuid, calendar uuid, refs text[], etags text[], uids text[], removed text[], is_full boolean, event_refs text[], starts timestamp with time zone[], ends timestamp with time zone[], all_day boolean[], titles text[], state jsonb, reach timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  owner uuid := (select c.user_id from public.calendar_connections c where c.id = connection);
  own text[];
begin
  -- First in the lock order.
  perform private.lock_mentor(owner);
  perform from public.calendar_connections c where c.id = connection and c.lease = held for no key update;
  if not found then
    return false;
  end if;
  perform from public.connected_calendars k where k.id = calendar and k.connection_id = connection for no key update;
  if not found then
    return false;
  end if;

  delete from public.connected_objects o
    where o.calendar_id = calendar and (o.ref = any (removed) or is_full and not o.ref = any (refs));
  insert into public.connected_objects (calendar_id, ref, user_id, etag, uid)
    select calendar, r.ref, owner, r.etag, r.uid from unnest(refs, etags, uids) r (ref, etag, uid)
    on conflict (calendar_id, ref) do update set etag = excluded.etag, uid = excluded.uid, awaits_read = false;
  delete from public.connected_events e where e.calendar_id = calendar and e.ref = any (refs);
  own := private.own_objects(owner, calendar, refs, uids);
  insert into public.connected_events (calendar_id, ref, user_id, during, is_all_day, title)
    select calendar, e.ref, owner, tstzrange(e.from_at, e.until_at, '[)'), e.is_all_day, e.title
    from unnest(event_refs, starts, ends, all_day, titles) e (ref, from_at, until_at, is_all_day, title)
    where e.from_at < e.until_at and not e.ref = any (own);
  update public.connected_calendars k
    set sync_state = state,
        read_fully_at = case when is_full then now() else k.read_fully_at end,
        read_until = case when is_full then reach else least(k.read_until, reach) end
    where k.id = calendar;
  perform private.refresh_busy_times(owner);
  if cardinality(refs) + cardinality(removed) > 0 then
    perform private.notify_person(owner, 'calendars');
  end if;
  return true;
end
$function$

-- private.write_deliveries(uuid[],text[],text[],text[],jsonb[],bytea[],boolean[],timestamp with time zone[],timestamp with time zone[]): Adds mails to be sent, each once per recipient and occasion. Returns how many were new.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.write_deliveries(people uuid[], addresses text[], kinds text[], occasions text[], contents jsonb[], codes bytea[], urgent boolean[], due timestamp with time zone[], expires timestamp with time zone[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  written integer;
begin
  insert into private.deliveries
      (channel, user_id, address, kind, occasion, content, sealed_code, is_urgent, due_at, expires_at)
    select 'email', m.person, m.address, m.kind, m.occasion, m.content, m.code, m.urgent, coalesce(m.due, now()), m.expires
    from unnest(people, addresses, kinds, occasions, contents, codes, urgent, due, expires) with ordinality
      m (person, address, kind, occasion, content, code, urgent, due, expires, place)
    order by m.place
    on conflict on constraint deliveries_once do nothing;
  get diagnostics written = row_count;
  return written;
end
$function$

-- private.write_entries_of_bookings(uuid[]): Has the calendars of mentors compared whose bookings have changed.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.write_entries_of_bookings(mentors uuid[])
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select private.enqueue_session_entries(m.id)
    from (select distinct unnest as id from unnest(mentors)) m
  $function$

-- private.write_group_entry(): Has a group session written to its mentor's calendar.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.write_group_entry()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform private.enqueue_session_entries(new.expert_id);
  return null;
end
$function$

-- private.write_notifications(uuid[],text[],text[],jsonb[],uuid[],uuid[]): Adds messages to people's inboxes, each once per person and key. Returns how many were new.
-- executable by: matepeak_app
CREATE OR REPLACE FUNCTION private.write_notifications(recipients uuid[], kinds text[], dedupe_keys text[], payloads jsonb[], bookings uuid[], requests uuid[])
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  written integer;
  began timestamptz := clock_timestamp();
begin
  -- An inbox is in the order of the messages given, so each has a millisecond of its own.
  insert into public.notifications (user_id, kind, dedupe_key, payload, booking_id, request_id, created_at)
    select m.recipient, m.kind, m.dedupe_key, m.payload, m.booking, m.request,
      began - (cardinality(recipients) - m.place) * interval '1 millisecond'
    from unnest(recipients, kinds, dedupe_keys, payloads, bookings, requests) with ordinality
      m (recipient, kind, dedupe_key, payload, booking, request, place)
    order by m.place
    on conflict on constraint notifications_user_id_dedupe_key_key do nothing;
  get diagnostics written = row_count;
  return written;
end
$function$

-- private.zone_rules_of(text): The rules of a zone, by its name in any case.
-- executable by: no other role
CREATE OR REPLACE FUNCTION private.zone_rules_of(zone text)
 RETURNS private.zone_rules
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  rules private.zone_rules;
begin
  select * into rules from private.zone_rules z where lower(z.timezone collate "C") = lower(zone collate "C");
  if not found then
    raise exception 'unknown time zone: %', zone using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  return rules;
end
$function$

-- public.change_booking_status(uuid,uuid,text,text): One step of a booking's life by a party to it: for the mentor any allowed one, for the student a cancellation before the start. A mentor may also cancel what the student has cancelled within the last minute.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.change_booking_status(mentor uuid, booking uuid, new_status text, reason text DEFAULT NULL::text)
 RETURNS SETOF public.bookings
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  locked public.bookings;
begin
  select * into locked from public.lock_booking(mentor, booking);
  if not found then
    return;
  end if;
  if auth.uid() is distinct from locked.expert_id and new_status is distinct from 'cancelled' then
    raise exception 'a student may only cancel' using errcode = 'insufficient_privilege';
  end if;
  if auth.uid() is distinct from locked.expert_id and locked.starts_at <= now() then
    raise exception 'the session has begun' using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if new_status = 'cancelled' and locked.status = 'cancelled' and auth.uid() = locked.expert_id then
    perform set_config('matepeak.reason', coalesce(reason, ''), true);
    if private.join_cancellation(locked.expert_id, booking) then
      return query select * from public.bookings where id = booking and expert_id = locked.expert_id;
      perform set_config('matepeak.reason', '', true);
      return;
    end if;
  end if;
  -- A plain update to the same status changes nothing; here it comes too late.
  if new_status is not distinct from locked.status then
    raise exception 'the booking is % already', new_status
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if auth.uid() is distinct from locked.expert_id and private.is_booking_step(locked.status, new_status)
     and locked.starts_at - locked.cancel_cutoff * interval '1 minute' <= now() then
    raise exception 'too late to cancel' using errcode = 'check_violation', constraint = 'bookings_cutoff_kept';
  end if;
  perform set_config('matepeak.reason', coalesce(reason, ''), true);
  return query update public.bookings set status = new_status
    where id = booking and expert_id = locked.expert_id returning *;
  perform set_config('matepeak.reason', '', true);
end
$function$

-- public.choose_connected_calendar(uuid,boolean,boolean): Whether one of the caller's calendars counts as busy and receives the sessions; null leaves it as it is. No row for another person's calendar.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.choose_connected_calendar(calendar uuid, busy boolean, receives boolean)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
begin
  perform private.lock_mentor(caller);
  if receives then
    if exists (
        select from public.connected_calendars k join public.calendar_connections c on c.id = k.connection_id
        where k.id = calendar and k.user_id = caller and not c.may_write) then
      raise exception 'the login may only read'
        using errcode = 'check_violation', constraint = 'calendar_connections_may_write';
    end if;
    update public.connected_calendars k set receives_sessions = false
      where k.user_id = caller and k.receives_sessions and k.id <> calendar
        and exists (select from public.connected_calendars own where own.id = calendar and own.user_id = caller);
  end if;
  return query update public.connected_calendars k
    set counts_as_busy = coalesce(busy, k.counts_as_busy), receives_sessions = coalesce(receives, k.receives_sessions)
    where k.id = calendar and k.user_id = caller returning k.id;
  if found then
    perform private.refresh_busy_times(caller);
  end if;
end
$function$

-- public.claim_entry_answer(uuid,uuid,uuid): For the calendar's owner: this answer is being carried out. No row if the question is no longer open, or another answer is being carried out.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.claim_entry_answer(mentor uuid, session uuid, asked uuid)
 RETURNS TABLE(question text, moved_to timestamp with time zone)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    update public.session_entries e set answering_until = now() + interval '30 seconds'
    from private.open_entry_questions(mentor, session) q
    where mentor = auth.uid() and e.expert_id = mentor and e.session_id = session and e.calendar_id = q.calendar_id
      and q.question_id = asked and e.question_id = asked and (e.answering_until is null or e.answering_until < now())
    returning e.question, e.moved_to
  $function$

-- public.disconnect_calendars(uuid): Ends one of the caller's connections, with all that was read through it. No row for another person's.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.disconnect_calendars(connection uuid)
 RETURNS SETOF uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  caller uuid := auth.uid();
begin
  perform private.lock_mentor(caller);
  return query delete from public.calendar_connections c where c.id = connection and c.user_id = caller returning c.id;
  if found then
    perform private.refresh_busy_times(caller);
  end if;
end
$function$

-- public.end_booking_links(uuid,uuid): Revokes all links that the caller has made to a booking of theirs. Null for other people's bookings.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.end_booking_links(mentor uuid, booking uuid)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into public.booking_link_generations as g (booking_id, expert_id, user_id, generation)
    select b.id, b.expert_id, auth.uid(), 1 from public.bookings b
    where b.id = booking and b.expert_id = mentor and auth.uid() in (b.user_id, b.expert_id)
    on conflict (booking_id, expert_id, user_id) do update set generation = g.generation + 1, ended_at = now()
    returning generation
  $function$

-- public.fold_for_search(text): Text as the search compares it: Unicode's compatible form, small letters, Latin letters without accents, no apostrophes.
-- executable by: anon, authenticated, matepeak_app
CREATE OR REPLACE FUNCTION public.fold_for_search(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  $function$

-- public.lock_booking(uuid,uuid): The booking, locked in the right order (mentor, then booking), for a party to it; no row for all others.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.lock_booking(mentor uuid, booking uuid)
 RETURNS SETOF public.bookings
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from public.bookings where id = booking and expert_id = mentor and auth.uid() in (user_id, expert_id);
  if not found then
    return;
  end if;
  perform private.lock_mentor(mentor);
  return query select * from public.bookings where id = booking and expert_id = mentor for no key update;
end
$function$

-- public.my_blocked_dates(): The caller's own days off, reasons included.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.my_blocked_dates()
 RETURNS SETOF public.blocked_dates
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select * from public.blocked_dates where expert_id = (select auth.uid()) order by date
  $function$

-- public.own_entry_questions(uuid,uuid): open_entry_questions() for the calendar's owner; nothing for others.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.own_entry_questions(mentor uuid, session uuid)
 RETURNS TABLE(calendar_name text, question_id uuid, question text, moved_to timestamp with time zone, noticed_at timestamp with time zone, seats integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select q.calendar_name, q.question_id, q.question, q.moved_to, q.noticed_at, q.seats
    from private.open_entry_questions(mentor, session) q where mentor = auth.uid()
  $function$

-- public.own_group_entries(uuid,uuid[],integer): group_entries() for the mentor; nothing for others.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.own_group_entries(mentor uuid, sessions uuid[], most_names integer)
 RETURNS TABLE(group_session_id uuid, service_title text, mentor_name text, mentor_timezone text, starts_at timestamp with time zone, ends_at timestamp with time zone, takes_place boolean, is_agreed boolean, revision integer, changed_at timestamp with time zone, capacity integer, attendees integer, requests integer, names text[], meeting_url text, meeting_note text, meeting_place jsonb, host_url text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select * from private.group_entries(mentor, sessions, most_names) where mentor = auth.uid()
  $function$

-- public.own_groups_after(uuid,timestamp with time zone,integer): The group sessions of a mentor that are in the mentor's calendar and begin after an instant, for that mentor.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.own_groups_after(mentor uuid, after timestamp with time zone, most integer)
 RETURNS uuid[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select array(
      select g.id from public.group_sessions g
      where g.expert_id = mentor and mentor = auth.uid() and g.starts_at > after and g.state <> 'cancelled'
        and private.group_takes_place(g.expert_id, g.occupancy_id)
      order by g.starts_at desc limit most)
  $function$

-- public.record_join(uuid,uuid): Records that the caller joins a session of theirs, once a minute; false if it cannot be joined at this moment.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.record_join(mentor uuid, booking uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  b public.bookings;
begin
  select * into b from public.bookings x
    where x.id = booking and x.expert_id = mentor and auth.uid() in (x.user_id, x.expert_id);
  if b.id is null or b.status not in ('confirmed', 'completed')
     or now() < b.starts_at - interval '15 minutes' or now() >= b.ends_at then
    return false;
  end if;
  insert into public.join_events (booking_id, expert_id, party, how, at)
    values (booking, mentor, case when auth.uid() = b.expert_id then 'mentor' else 'student' end, 'button',
      date_trunc('minute', now()))
    on conflict do nothing;
  perform private.notify_person(party, 'bookings') from unnest(array[b.user_id, b.expert_id]) party;
  return true;
end
$function$

-- public.replace_calendar_feed(bytea): Turns on the caller's feed under a token with this hash. An address that it had before ends.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.replace_calendar_feed(hash bytea)
 RETURNS timestamp with time zone
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    insert into public.calendar_feeds as f (user_id, token_hash)
      select auth.uid(), hash where not private.is_anonymous()
    on conflict (user_id) do update set token_hash = hash, created_at = now(), last_read_at = null
    returning created_at
  $function$

-- public.set_booking_meeting(uuid,uuid,text,text): Sets where a confirmed session takes place, for its mentor; null for the link that was made for it, or the mentor's room. Of a group it is that of all seats. No row for non-parties.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.set_booking_meeting(mentor uuid, booking uuid, url text, note text DEFAULT NULL::text)
 RETURNS SETOF public.bookings
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  locked public.bookings;
begin
  select * into locked from public.lock_booking(mentor, booking);
  if not found then
    return;
  end if;
  if auth.uid() is distinct from locked.expert_id then
    raise exception 'only the mentor sets the meeting link' using errcode = 'insufficient_privilege';
  end if;
  if locked.status in ('pending', 'cancelled') or locked.ends_at <= now() then
    raise exception 'this session has no meeting now'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  if locked.group_session_id is not null then
    -- One session takes place in one way: for those who have a seat, and for those who will have one.
    update public.group_sessions set meeting_url = url, meeting_note = note
      where id = locked.group_session_id and expert_id = locked.expert_id;
    update public.bookings b
      set meeting_url = coalesce(url, b.meeting_place ->> 'url'),
        meeting_note = case when url is null and b.meeting_place ? 'url' then b.meeting_place ->> 'note' else note end
      where b.occupancy_id = locked.occupancy_id and b.expert_id = locked.expert_id and b.id <> booking
        and b.status = 'confirmed';
  end if;
  return query update public.bookings
    set meeting_url = coalesce(url, locked.meeting_place ->> 'url'),
      meeting_note = case when url is null and locked.meeting_place ? 'url' then locked.meeting_place ->> 'note' else note end
    where id = booking and expert_id = locked.expert_id returning *;
end
$function$

-- public.settle_entry_question(uuid,uuid,uuid,text): For the calendar's owner: the answer has been carried out, or, with null, could not be.
-- executable by: authenticated
CREATE OR REPLACE FUNCTION public.settle_entry_question(mentor uuid, session uuid, asked uuid, answer text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if answer is null then
    -- It could not be carried out: the question stays.
    update public.session_entries e set answering_until = null
      where e.expert_id = auth.uid() and e.expert_id = mentor and e.session_id = session and e.question_id = asked;
    return found;
  end if;
  update public.session_entries e
    set written_revision = null, question = null, question_id = null, moved_to = null, noticed_at = null, answering_until = null,
        left_out_at = case when answer = 'leave_out' then now() end, due_at = now()
    where e.expert_id = auth.uid() and e.expert_id = mentor and e.session_id = session and e.question_id = asked;
  if not found then
    return false;
  end if;
  perform private.enqueue_session_entries(mentor);
  perform private.notify_person(mentor, 'bookings');
  return true;
end
$function$

-- public.shown_meeting_places(uuid): How a mentor's sessions take place, as visitors see it: numbers and addresses only if the mentor shows them.
-- executable by: anon, authenticated
CREATE OR REPLACE FUNCTION public.shown_meeting_places(mentor uuid)
 RETURNS TABLE(service_id uuid, kind text, caller text, phone text, address text, map_url text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    select p.service_id, p.kind, p.caller, case when p.shows_details then p.phone end,
      case when p.shows_details then p.address end, case when p.shows_details then p.map_url end
    from public.meeting_places p join public.expert_profiles e on e.id = p.expert_id
      left join public.services s on s.id = p.service_id and s.expert_id = p.expert_id
    where p.expert_id = mentor and e.hidden_because is null
      and (p.service_id is null or (s.enabled and s.deleted_at is null))
    order by p.service_id nulls first
  $function$
