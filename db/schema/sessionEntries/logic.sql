-- Session entries: what is to be written to a mentor's calendar, by which worker, and the questions to its owner.

create or replace function private.session_entry_work(mentor uuid)
  returns table (session_id uuid, is_group boolean, calendar_id uuid, act text, due_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  $$;
comment on function private.session_entry_work(uuid) is
  'Where a mentor''s calendars do not agree with the mentor''s sessions, and what is to be done: check, put or remove.';

create or replace function private.take_session_entry(mentor uuid)
  returns table (session_id uuid, is_group boolean, calendar_id uuid, act text, lease uuid, ref text, etag text, is_in_doubt boolean,
                 suspicions integer, failures integer, connection_id uuid, kind text, server_url text, username text,
                 credential bytea, remote_id text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.take_session_entry(uuid) is
  'The next entry of a mentor that is to be compared, written or removed, for the worker that asked and for two minutes.';

create or replace function private.begin_entry_write(mentor uuid, session uuid, calendar uuid, held uuid, at_start timestamptz) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.session_entries e set writing_starts_at = at_start, leased_until = now() + interval '2 minutes'
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  return found;
end
$$;
comment on function private.begin_entry_write(uuid, uuid, uuid, uuid, timestamptz) is
  'From now on the entry may be written, even if it is never noted; false if the lease is another worker''s by now.';

create or replace function private.session_entries_due(mentor uuid) returns timestamptz
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select min(coalesce(w.due_at, now())) from private.session_entry_work(mentor) w
  $$;
comment on function private.session_entries_due(uuid) is 'When there is next something to write for a mentor; null if all agrees.';

create or replace function private.lock_entry_calendar(calendar uuid) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select from public.connected_calendars k where k.id = calendar for no key update
  $$;
comment on function private.lock_entry_calendar(uuid) is
  'Reads of a calendar lock it, too, so that they and the notes about its entries never wait for each other.';

create or replace function private.note_entry_written(
    mentor uuid, session uuid, calendar uuid, held uuid, at_ref text, at_etag text, at_uid text, at_revision integer,
    at_start timestamptz)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.note_entry_written(uuid, uuid, uuid, uuid, text, text, text, integer, timestamptz) is
  'Notes what a worker has written; false if it took longer than its lease.';

create or replace function private.note_entries_work(mentor uuid, calendar uuid) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.connected_calendars k
    set entries_problem = null, entries_problem_detail = null, entries_failures = 0, entries_due_at = null
    where k.id = calendar and (k.entries_problem is not null or k.entries_due_at is not null);
  if found then
    perform private.notify_person(mentor, 'calendars');
  end if;
end
$$;
comment on function private.note_entries_work(uuid, uuid) is 'A calendar could be written: what has waited for that is due.';

create or replace function private.note_entry_removed(mentor uuid, session uuid, calendar uuid, held uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.note_entry_removed(uuid, uuid, uuid, uuid) is
  'Notes that an entry is gone from a calendar; false if it took longer than its lease.';

create or replace function private.note_entry_found(
    mentor uuid, session uuid, calendar uuid, held uuid, seen integer, is_there boolean, at_etag text, found_start timestamptz)
  returns text
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.note_entry_found(uuid, uuid, uuid, uuid, integer, boolean, text, timestamptz) is
  'Notes how an entry was found in its calendar: the same, moved or deleted, of which its owner is asked once. '
  'A start of null cannot be told.';

create or replace function private.suspect_entry(mentor uuid, session uuid, calendar uuid, held uuid) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  update public.session_entries e
    set suspicions = e.suspicions + 1, writing_starts_at = null, failures = e.failures + 1, lease = null, leased_until = null,
        -- At once, but not again and again at a server that names another version each time.
        due_at = now() + (least(2 ^ e.failures, 64) - 1) * interval '1 minute'
    where e.expert_id = mentor and e.session_id = session and e.calendar_id = calendar and e.lease = held;
  return found;
end
$$;
comment on function private.suspect_entry(uuid, uuid, uuid, uuid) is
  'An entry could not be written because it is another one by now: it is compared next.';

create or replace function private.note_entry_failed(
    mentor uuid, session uuid, calendar uuid, held uuid, failure text, detail text, pause interval, was_not_written boolean,
    is_of_calendar boolean)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.note_entry_failed(uuid, uuid, uuid, uuid, text, text, interval, boolean, boolean) is
  'Notes that an entry could not be written, and when to try again; for its whole calendar if the reason is not the entry.';

create or replace function private.enqueue_session_entries(mentor uuid, run_at timestamptz default null) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.enqueue('write_session_entries', jsonb_build_object('mentor_id', mentor),
      -- Separate keys: a retry must not postpone what is to be done now.
      case when run_at is null then 'session_entries:' else 'session_entries_again:' end || mentor, run_at)
    where exists (select from public.connected_calendars k where k.user_id = mentor and k.receives_sessions)
      or exists (select from public.session_entries e where e.expert_id = mentor)
  $$;
comment on function private.enqueue_session_entries(uuid, timestamptz) is
  'Has a mentor''s calendar compared with the mentor''s sessions, if there is one to which they are written.';

create or replace function private.write_entries_of_bookings(mentors uuid[]) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.enqueue_session_entries(m.id)
    from (select distinct unnest as id from unnest(mentors)) m
  $$;
comment on function private.write_entries_of_bookings(uuid[]) is 'Has the calendars of mentors compared whose bookings have changed.';

create or replace function private.follow_entry_change() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue_session_entries(new.id);
  return null;
end
$$;
comment on function private.follow_entry_change() is 'What all entries of a mentor say has changed: they are written again.';

create or replace function private.follow_receiving_calendar() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.follow_receiving_calendar() is
  'Sessions are written to another calendar: its owner''s are written there, and removed from the former one.';

create or replace function private.suspect_entries() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.suspect_entries() is
  'A read of a calendar has found another version of our entry than the written one, or none.';

create or replace function private.part_from_calendars() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.part_from_calendars() is
  'A connection ends: for a minute its sealed login is kept in a job that removes the coming sessions from its calendars.';

create or replace function private.open_entry_questions(mentor uuid, session uuid)
  returns table (calendar_id uuid, calendar_name text, question_id uuid, question text, moved_to timestamptz,
                 noticed_at timestamptz, seats integer)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  $$;
comment on function private.open_entry_questions(uuid, uuid) is
  'What a mentor has done to a session in the calendar that receives the sessions, and has not said yet what it is to mean.';

create or replace function public.own_entry_questions(mentor uuid, session uuid)
  returns table (calendar_name text, question_id uuid, question text, moved_to timestamptz, noticed_at timestamptz, seats integer)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select q.calendar_name, q.question_id, q.question, q.moved_to, q.noticed_at, q.seats
    from private.open_entry_questions(mentor, session) q where mentor = auth.uid()
  $$;
comment on function public.own_entry_questions(uuid, uuid) is 'open_entry_questions() for the calendar''s owner; nothing for others.';

create or replace function public.claim_entry_answer(mentor uuid, session uuid, asked uuid)
  returns table (question text, moved_to timestamptz)
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update public.session_entries e set answering_until = now() + interval '30 seconds'
    from private.open_entry_questions(mentor, session) q
    where mentor = auth.uid() and e.expert_id = mentor and e.session_id = session and e.calendar_id = q.calendar_id
      and q.question_id = asked and e.question_id = asked and (e.answering_until is null or e.answering_until < now())
    returning e.question, e.moved_to
  $$;
comment on function public.claim_entry_answer(uuid, uuid, uuid) is
  'For the calendar''s owner: this answer is being carried out. No row if the question is no longer open, or another answer is '
  'being carried out.';

create or replace function public.settle_entry_question(mentor uuid, session uuid, asked uuid, answer text) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function public.settle_entry_question(uuid, uuid, uuid, text) is
  'For the calendar''s owner: the answer has been carried out, or, with null, could not be.';

create or replace function private.entry_question_facts(mentor uuid, session uuid, asked uuid)
  returns table (question text, moved_to timestamptz, calendar_name text, booking_id uuid, student_id uuid, mentor_id uuid,
                 service_id uuid, student_name text, student_timezone text, starts_at timestamptz, ends_at timestamptz,
                 noticed_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  $$;
comment on function private.entry_question_facts(uuid, uuid, uuid) is
  'What the message about an open question says; no row if it is no longer open.';

create or replace function private.own_objects(person uuid, calendar uuid, refs text[], uids text[]) returns text[]
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select array(
      select o.ref from unnest(refs, uids) o (ref, uid)
      where o.ref in (select e.ref from public.session_entries e where e.expert_id = person and e.calendar_id = calendar)
        or o.uid in (select e.uid from public.session_entries e where e.expert_id = person)
        -- As our mails and feeds name them.
        or case when o.uid ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@matepeak$'
             then exists (select from public.bookings b where b.id = left(o.uid, 36)::uuid and b.expert_id = person)
               or exists (select from public.group_sessions g where g.id = left(o.uid, 36)::uuid and g.expert_id = person)
             else false end)
  $$;
comment on function private.own_objects(uuid, uuid, text[], text[]) is
  'Those of the objects of a calendar that are a mentor''s own sessions, whatever connection shows them. They make the mentor '
  'no busier, as the sessions do so themselves; a session at another mentor does.';

revoke execute on function
    private.session_entry_work(uuid),
    private.lock_entry_calendar(uuid),
    private.open_entry_questions(uuid, uuid),
    private.note_entries_work(uuid, uuid),
    private.take_session_entry(uuid),
    private.begin_entry_write(uuid, uuid, uuid, uuid, timestamptz),
    private.session_entries_due(uuid),
    private.note_entry_written(uuid, uuid, uuid, uuid, text, text, text, integer, timestamptz),
    private.note_entry_removed(uuid, uuid, uuid, uuid),
    private.note_entry_found(uuid, uuid, uuid, uuid, integer, boolean, text, timestamptz),
    private.suspect_entry(uuid, uuid, uuid, uuid),
    private.note_entry_failed(uuid, uuid, uuid, uuid, text, text, interval, boolean, boolean),
    private.enqueue_session_entries(uuid, timestamptz),
    private.write_entries_of_bookings(uuid[]),
    private.follow_entry_change(),
    private.follow_receiving_calendar(),
    private.suspect_entries(),
    private.part_from_calendars(),
    public.own_entry_questions(uuid, uuid),
    public.claim_entry_answer(uuid, uuid, uuid),
    public.settle_entry_question(uuid, uuid, uuid, text),
    private.entry_question_facts(uuid, uuid, uuid),
    private.own_objects(uuid, uuid, text[], text[])
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.take_session_entry(uuid),
    private.begin_entry_write(uuid, uuid, uuid, uuid, timestamptz),
    private.session_entries_due(uuid),
    private.note_entry_written(uuid, uuid, uuid, uuid, text, text, text, integer, timestamptz),
    private.note_entry_removed(uuid, uuid, uuid, uuid),
    private.note_entry_found(uuid, uuid, uuid, uuid, integer, boolean, text, timestamptz),
    private.suspect_entry(uuid, uuid, uuid, uuid),
    private.note_entry_failed(uuid, uuid, uuid, uuid, text, text, interval, boolean, boolean),
    private.enqueue_session_entries(uuid, timestamptz),
    private.entry_question_facts(uuid, uuid, uuid)
  to matepeak_app;
grant execute on function
    public.own_entry_questions(uuid, uuid),
    public.claim_entry_answer(uuid, uuid, uuid),
    public.settle_entry_question(uuid, uuid, uuid, text)
  to authenticated;

-- public.session_entries -----------------------------------------------------------------------------------------------

revoke all on public.session_entries
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- All but the lease.
grant select (
    booking_id, group_session_id, session_id, calendar_id, expert_id, ref, etag, written_revision, written_starts_at,
    question_id, question, moved_to, noticed_at, left_out_at, problem, failures, due_at)
  on public.session_entries to authenticated;
drop policy if exists session_entries_read_own on public.session_entries;
create policy session_entries_read_own on public.session_entries for select to authenticated
  using (expert_id = (select auth.uid()));
comment on policy session_entries_read_own on public.session_entries is 'What is in a mentor''s calendar is for that mentor alone.';
