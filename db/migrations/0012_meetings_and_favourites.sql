-- Where sessions take place, for the two people who meet there; and the mentors that somebody wants to find again.

-- Meetings ------------------------------------------------------------------------------------------------------------

create table public.mentor_rooms (
  expert_id uuid primary key references public.expert_profiles (id) on delete cascade,
  meeting_url text not null
    constraint mentor_rooms_meeting_url_length check (char_length(meeting_url) <= 500)
    -- What stands before an @ is a user name, or another host's name made to look like the real one.
    constraint mentor_rooms_meeting_url_form check (
      meeting_url ~ '^https://[^/?#@\\]+([/?#].*)?$' and meeting_url !~ '[^\x21-\x7e]'),
  meeting_note text
    constraint mentor_rooms_meeting_note_length check (char_length(meeting_note) between 1 and 200)
);
comment on table public.mentor_rooms is
  'Where a mentor meets his students unless a session says otherwise. No part of his public page: whoever has the '
  'address can walk in.';
comment on column public.mentor_rooms.meeting_url is 'https, without user name and password.';
comment on column public.mentor_rooms.meeting_note is 'What one needs to get in, such as a passcode.';

alter table public.mentor_rooms enable row level security;
revoke all on public.mentor_rooms from public, anon, authenticated, service_role;
grant select on public.mentor_rooms to authenticated, matepeak_app;
grant insert (expert_id, meeting_url, meeting_note), update (meeting_url, meeting_note), delete
  on public.mentor_rooms to authenticated;
create policy mentor_rooms_read_agreed on public.mentor_rooms for select to authenticated, matepeak_app
  using (expert_id = (select auth.uid()) or exists (
    select from public.bookings b
    where b.user_id = (select auth.uid()) and b.expert_id = mentor_rooms.expert_id
      and b.status not in ('pending', 'cancelled') and b.ends_at > now() - interval '1 day'
      -- Sessions last hours, so this changes nothing; but the index knows starts and spares a long history.
      and b.starts_at > now() - interval '2 days'));
create policy mentor_rooms_insert_own on public.mentor_rooms for insert to authenticated
  with check (expert_id = (select auth.uid()));
create policy mentor_rooms_update_own on public.mentor_rooms for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
create policy mentor_rooms_delete_own on public.mentor_rooms for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy mentor_rooms_read_agreed on public.mentor_rooms is
  'Its mentor, and students who have an agreed session with him, until a day after its end.';
comment on policy mentor_rooms_insert_own on public.mentor_rooms is 'A mentor sets his own room.';
comment on policy mentor_rooms_update_own on public.mentor_rooms is 'A mentor changes his own room.';
comment on policy mentor_rooms_delete_own on public.mentor_rooms is 'A mentor gives up his own room.';

alter table public.bookings
  add column meeting_url text
    constraint bookings_meeting_url_length check (char_length(meeting_url) <= 500)
    constraint bookings_meeting_url_form check (
      meeting_url ~ '^https://[^/?#@\\]+([/?#].*)?$' and meeting_url !~ '[^\x21-\x7e]'),
  add column meeting_note text
    constraint bookings_meeting_note_length check (char_length(meeting_note) between 1 and 200),
  add constraint bookings_meeting_note_has_url check (meeting_note is null or meeting_url is not null),
  -- Both parties read every column of their booking: what they may not see yet must not be there.
  add constraint bookings_meeting_is_agreed check (meeting_url is null or status not in ('pending', 'cancelled'));
comment on column public.bookings.meeting_url is
  'Where this one session takes place; the mentor''s room when null. Set by set_booking_meeting() only.';
comment on column public.bookings.meeting_note is 'What one needs to get in there, such as a passcode.';

create function private.forget_meeting() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.meeting_url := null;
  new.meeting_note := null;
  return new;
end
$$;
comment on function private.forget_meeting() is 'Nobody meets for a session that was called off.';
create trigger bookings_forget_meeting before update on public.bookings
  for each row when (new.status = 'cancelled' and new.meeting_url is not null) execute function private.forget_meeting();

create function public.set_booking_meeting(wanted uuid, url text, note text default null)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  locked public.bookings;
begin
  select * into locked from public.lock_booking(wanted);
  if not found then
    return;
  end if;
  if auth.uid() is distinct from locked.expert_id then
    raise exception 'the mentor says where they meet' using errcode = 'insufficient_privilege';
  end if;
  if locked.status in ('pending', 'cancelled') or locked.ends_at <= now() then
    raise exception 'nobody meets for this session now'
      using errcode = 'check_violation', constraint = 'bookings_step_allowed';
  end if;
  return query update public.bookings set meeting_url = url, meeting_note = note where id = wanted returning *;
end
$$;
comment on function public.set_booking_meeting(uuid, text, text) is
  'Where one agreed session takes place, by its mentor; null for his room again. No row for anybody who is no party.';

create function private.announce_meeting() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.tell_person(party, 'bookings') from unnest(array[new.user_id, new.expert_id]) party;
  return null;
end
$$;
comment on function private.announce_meeting() is 'Both parties'' pages show where they meet.';
create trigger bookings_announce_meeting after update on public.bookings
  for each row when ((new.meeting_url, new.meeting_note) is distinct from (old.meeting_url, old.meeting_note))
  execute function private.announce_meeting();

create function private.announce_room() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  perform private.tell_person(mentor, 'bookings');
  perform private.tell_person(student.user_id, 'bookings')
    from (
      select distinct b.user_id from public.bookings b
      where b.expert_id = mentor and b.starts_at > now() - interval '2 days'
        and b.status not in ('pending', 'cancelled')
    ) student;
  return null;
end
$$;
comment on function private.announce_room() is
  'The pages of the mentor and of those who are about to meet him show his room.';
create trigger mentor_rooms_announce after insert or update or delete on public.mentor_rooms
  for each row execute function private.announce_room();

-- Favourite mentors ---------------------------------------------------------------------------------------------------

create table public.favourite_mentors (
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (user_id, expert_id)
);
comment on table public.favourite_mentors is 'Mentors that somebody wants to find again. Nobody else sees whose.';
create index favourite_mentors_expert_id_idx on public.favourite_mentors (expert_id);

alter table public.favourite_mentors enable row level security;
revoke all on public.favourite_mentors from public, anon, authenticated, service_role;
grant select, insert (user_id, expert_id), delete on public.favourite_mentors to authenticated;
create policy favourite_mentors_read_own on public.favourite_mentors for select to authenticated
  using (user_id = (select auth.uid()));
create policy favourite_mentors_insert_own on public.favourite_mentors for insert to authenticated
  with check (user_id = (select auth.uid()));
create policy favourite_mentors_delete_own on public.favourite_mentors for delete to authenticated
  using (user_id = (select auth.uid()));
comment on policy favourite_mentors_read_own on public.favourite_mentors is 'One sees one''s own favourites only.';
comment on policy favourite_mentors_insert_own on public.favourite_mentors is 'One chooses one''s own favourites.';
comment on policy favourite_mentors_delete_own on public.favourite_mentors is 'One drops one''s own favourites.';

create function private.limit_favourites() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  -- One at a time for each person: two at once would count the same.
  perform pg_advisory_xact_lock(hashtextextended('favourite_mentors ' || new.user_id, 0));
  -- One that is there already comes by again when a request is repeated, and makes nothing more.
  if (select count(*) from public.favourite_mentors f where f.user_id = new.user_id) >= 200
     and not exists (
       select from public.favourite_mentors f where f.user_id = new.user_id and f.expert_id = new.expert_id) then
    raise exception 'too many favourite mentors'
      using errcode = 'check_violation', constraint = 'favourite_mentors_at_most_200';
  end if;
  return new;
end
$$;
comment on function private.limit_favourites() is 'A list of favourites that is read as a whole stays short.';
create trigger favourite_mentors_limit before insert on public.favourite_mentors
  for each row execute function private.limit_favourites();

revoke execute on function
    private.forget_meeting(),
    public.set_booking_meeting(uuid, text, text),
    private.announce_meeting(),
    private.announce_room(),
    private.limit_favourites()
  from public, anon, authenticated, service_role;
grant execute on function public.set_booking_meeting(uuid, text, text) to authenticated;
