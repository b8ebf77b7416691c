-- Meetings: the mentor's room and the link of a single session.

create or replace function private.announce_room() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.announce_room() is
  'Announces a changed room to the mentor''s pages and those of students with a coming session.';

create or replace function private.announce_meeting() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.notify_person(party, 'bookings') from unnest(array[new.user_id, new.expert_id]) party;
  return null;
end
$$;
comment on function private.announce_meeting() is 'Announces a changed meeting link to both parties'' pages.';

create or replace function private.clear_booking_meeting() returns trigger
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
begin
  new.meeting_url := null;
  new.meeting_note := null;
  return new;
end
$$;
comment on function private.clear_booking_meeting() is 'Removes the meeting link of a cancelled session.';

create or replace function public.set_booking_meeting(mentor uuid, booking uuid, url text, note text default null)
  returns setof public.bookings
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  return query update public.bookings set meeting_url = url, meeting_note = note
    where id = booking and expert_id = locked.expert_id returning *;
end
$$;
comment on function public.set_booking_meeting(uuid, uuid, text, text) is
  'Sets where a confirmed session takes place, for its mentor; null for the mentor''s room. No row for non-parties.';

revoke execute on function
    private.announce_room(),
    private.announce_meeting(),
    private.clear_booking_meeting(),
    public.set_booking_meeting(uuid, uuid, text, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function public.set_booking_meeting(uuid, uuid, text, text) to authenticated;

-- public.mentor_rooms --------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (insert, update, delete), 60_count_entry_change (insert, update, delete)
create or replace trigger mentor_rooms_50_announce after insert or update or delete on public.mentor_rooms
  for each row execute function private.announce_room();
create or replace trigger mentor_rooms_60_count_entry_change after insert or update or delete on public.mentor_rooms
  for each row execute function private.count_entry_change();

revoke all on public.mentor_rooms
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.mentor_rooms to authenticated, matepeak_app;
grant insert (expert_id, meeting_url, meeting_note), update (meeting_url, meeting_note), delete
  on public.mentor_rooms to authenticated;
drop policy if exists mentor_rooms_read_agreed on public.mentor_rooms;
create policy mentor_rooms_read_agreed on public.mentor_rooms for select to authenticated, matepeak_app
  using (expert_id = (select auth.uid()) or exists (
    select from public.bookings b
    where b.user_id = (select auth.uid()) and b.expert_id = mentor_rooms.expert_id
      and b.status not in ('pending', 'cancelled') and b.ends_at > now() - interval '1 day'
      -- Sessions last hours, so this changes no result; but the index is by start, and this skips a long history.
      and b.starts_at > now() - interval '2 days'));
comment on policy mentor_rooms_read_agreed on public.mentor_rooms is
  'Its mentor, and students with a confirmed session with the mentor, until a day after its end.';
drop policy if exists mentor_rooms_insert_own on public.mentor_rooms;
create policy mentor_rooms_insert_own on public.mentor_rooms for insert to authenticated
  with check (expert_id = (select auth.uid()));
comment on policy mentor_rooms_insert_own on public.mentor_rooms is 'Mentors set their own room.';
drop policy if exists mentor_rooms_update_own on public.mentor_rooms;
create policy mentor_rooms_update_own on public.mentor_rooms for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy mentor_rooms_update_own on public.mentor_rooms is 'Mentors change their own room.';
drop policy if exists mentor_rooms_delete_own on public.mentor_rooms;
create policy mentor_rooms_delete_own on public.mentor_rooms for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy mentor_rooms_delete_own on public.mentor_rooms is 'Mentors remove their own room.';
