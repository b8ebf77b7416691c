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
