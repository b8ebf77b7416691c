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
