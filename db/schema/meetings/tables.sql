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
