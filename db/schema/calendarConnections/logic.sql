-- Calendar connections: leases of the reading jobs, what they write, and the busy times of a mentor.

create or replace function private.refresh_busy_times(person uuid) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.refresh_busy_times(uuid) is
  'Joins what counts as busy in a mentor''s connected calendars. Counts as a change of the mentor''s times only if it is one.';

create or replace function private.lease_connection(per_host integer, only_one uuid default null)
  returns table (id uuid, user_id uuid, kind text, server_url text, username text, credential bytea, shows_titles boolean,
                 lease uuid, failures integer, person_zone text)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
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
$$;
comment on function private.lease_connection(integer, uuid) is
  'A connection that is due, or a certain one, for the worker that asked and for five minutes. Of one host no more are read at '
  'once than said, by all workers together, so that a slow one does not hold up the others; a person who waits comes on top.';

create or replace function private.write_connected_calendar(
    connection uuid, held uuid, calendar uuid, refs text[], etags text[], uids text[], removed text[], is_full boolean,
    event_refs text[], starts timestamptz[], ends timestamptz[], all_day boolean[], titles text[], state jsonb, reach timestamptz)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.write_connected_calendar(
    uuid, uuid, uuid, text[], text[], text[], text[], boolean, text[], timestamptz[], timestamptz[], boolean[], text[], jsonb,
      timestamptz) is
  'Writes what one read of a calendar found, all or nothing; false if the lease is another worker''s by now, or the '
  'calendar is no longer connected.';

create or replace function private.enqueue_connection_message(kind text, connection uuid, calendar uuid default null)
  returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.enqueue('notify_connection', jsonb_build_object(
      'kind', kind, 'connection_id', connection, 'calendar_id', calendar, 'at', now()))
  $$;
comment on function private.enqueue_connection_message(text, uuid, uuid) is
  'Notifies the owner of a calendar connection, or of one of its calendars (server/notifications/connectionMessages.ts).';

create or replace function private.end_sync(
    connection uuid, held uuid, next_in interval, failure text, detail text, only_owner_mends boolean)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.end_sync(uuid, uuid, interval, text, text, boolean) is
  'Ends a lease: with a problem, or without; false if it had ended before.';

create or replace function private.note_push_channel(
    connection uuid, held uuid, calendar uuid, channel text, resource text, secret_hash bytea, ends_at timestamptz,
    due_in interval)
  returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.note_push_channel(uuid, uuid, uuid, text, text, bytea, timestamptz, interval) is
  'Notes how a provider reports changes of a calendar, or that it does not; false if the lease is another worker''s by now. '
  'Without a secret, that of before holds.';

create or replace function private.receive_pushes(channels text[], happened text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.receive_pushes(text[], text) is
  'What providers have reported, which was found to be genuine: that calendars have "changed", that a channel is to be '
  '"renew"ed at once, or has "ended". Their connections are read now.';

create or replace function private.apply_connection_choice() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.apply_connection_choice() is
  'Titles of events are read, or deleted, as soon as their owner says so; a pause of old busy times begins or ends.';

create or replace function private.save_credential(
    connection uuid, was bytea, sealed bytea, ends_at timestamptz, scopes text, writes boolean) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.save_credential(uuid, bytea, bytea, timestamptz, text, boolean) is
  'Stores tokens that a provider has renewed, and what they allow if it has said so, unless their owner has signed in again meanwhile.';

create or replace function private.list_connected_calendars(connection uuid, listed jsonb) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.list_connected_calendars(uuid, jsonb) is
  'Adds and renames calendars as their provider lists them; one that it no longer lists is missing from now on.';

create or replace function private.connect_calendars(
    connection uuid, person uuid, connection_kind text, connection_name text, address text, login text, sealed bytea,
    ends_at timestamptz, listed jsonb, granted jsonb)
  returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.connect_calendars(uuid, uuid, text, text, text, text, bytea, timestamptz, jsonb, jsonb) is
  'Connects a person''s calendars, which are read at once. The login has been tried by the caller. granted: of a vendor, whose '
  'account it is and what was allowed there; null of all others.';

create or replace function private.note_host(connection uuid, reached text) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update public.calendar_connections set host = reached where id = connection
  $$;
comment on function private.note_host(uuid, text) is 'Where a connection is read, in the transaction that sets its address.';

create or replace function private.change_login(
    connection uuid, person uuid, sealed bytea, ends_at timestamptz, login text, granted jsonb)
  returns setof uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.change_login(uuid, uuid, bytea, timestamptz, text, jsonb) is
  'A new login of a connection, which is read at once; what another worker reads with the old one is not taken. login: the '
  'account''s address, if it may be another one by now; granted: as of connect_calendars().';

create or replace function private.sealed_login(connection uuid, person uuid)
  returns table (id uuid, server_url text, username text, credential bytea)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select c.id, c.server_url, c.username, c.credential from public.calendar_connections c
    where c.id = connection and c.user_id = person
  $$;
comment on function private.sealed_login(uuid, uuid) is 'The login of one of a person''s connections, for the app, which alone can open it.';

create or replace function private.mark_stale_connections(most integer, stale_after interval) returns setof uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.mark_stale_connections(integer, interval) is
  'Marks connections whose busy times have become too old to rely on: their mentors pause if they wanted to.';

create or replace function private.mark_ending_logins(most integer, notice interval) returns setof uuid
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  $$;
comment on function private.mark_ending_logins(integer, interval) is
  'Marks connections whose logins end soon, each once for an end: their owners are notified.';

create or replace function private.connection_message_facts(connection uuid)
  returns table (user_id uuid, connection_name text, connection_kind text, problem text, needs_owner boolean, if_stale text, synced_at timestamptz,
                 stale_told_at timestamptz, login_ends_at timestamptz, is_mentor boolean, has_busy_calendar boolean,
                 person_name text, email text, timezone text)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select c.user_id, c.name, c.kind, c.problem, c.needs_owner, c.if_stale, c.synced_at, c.stale_told_at, c.login_ends_at,
      m.id is not null,
      exists (select from public.connected_calendars k where k.connection_id = c.id and k.counts_as_busy),
      coalesce(p.full_name, m.full_name, ''), u.email, coalesce(p.timezone, m.timezone, 'UTC')
    from public.calendar_connections c
      join auth.users u on u.id = c.user_id
      left join public.profiles p on p.id = c.user_id
      left join public.expert_profiles m on m.id = c.user_id
    where c.id = connection
  $$;
comment on function private.connection_message_facts(uuid) is
  'The facts for a message about a calendar connection as it is now, and how its person is reached.';

create or replace function private.count_calendar_connections(
  out calendars_fine integer, out calendars_late integer, out calendars_broken integer, out oldest_calendar_read double precision)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
  $$;
comment on function private.count_calendar_connections() is
  'Calendar connections by how they are doing, 100,000 at most; and for how many seconds the oldest read has been due.';

create or replace function private.credentials_of_other_keys(most integer, prefix bytea, after uuid)
  returns table (id uuid, credential bytea)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select c.id, c.credential from public.calendar_connections c
    where (after is null or c.id > after) and substring(c.credential for octet_length(prefix)) <> prefix
    order by c.id limit most
  $$;
comment on function private.credentials_of_other_keys(integer, bytea, uuid) is
  'Credentials that another key has sealed than the one whose name is in front.';

create or replace function private.reseal_credential(connection uuid, was bytea, sealed bytea) returns void
  language sql security definer
  set search_path = pg_catalog, pg_temp
  as $$
    update public.calendar_connections set credential = sealed where id = connection and credential = was
  $$;
comment on function private.reseal_credential(uuid, bytea, bytea) is 'Replaces a credential by the same under another key.';

create or replace function public.choose_connected_calendar(calendar uuid, busy boolean, receives boolean)
  returns setof uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function public.choose_connected_calendar(uuid, boolean, boolean) is
  'Whether one of the caller''s calendars counts as busy and receives the sessions; null leaves it as it is. No row for '
  'another person''s calendar.';

create or replace function public.disconnect_calendars(connection uuid) returns setof uuid
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
begin
  perform private.lock_mentor(caller);
  return query delete from public.calendar_connections c where c.id = connection and c.user_id = caller returning c.id;
  if found then
    perform private.refresh_busy_times(caller);
  end if;
end
$$;
comment on function public.disconnect_calendars(uuid) is
  'Ends one of the caller''s connections, with all that was read through it. No row for another person''s.';

create or replace function private.release_login() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.release_login() is
  'Ends the login, and the reports of changes, of a connection that is gone at the vendor that gave it: of the person, and of an '
  'account that was deleted.';

revoke execute on function
    private.release_login(),
    private.refresh_busy_times(uuid),
    private.apply_connection_choice(),
    private.enqueue_connection_message(text, uuid, uuid),
    private.mark_ending_logins(integer, interval),
    private.connection_message_facts(uuid),
    private.count_calendar_connections(),
    private.connect_calendars(uuid, uuid, text, text, text, text, bytea, timestamptz, jsonb, jsonb),
    private.change_login(uuid, uuid, bytea, timestamptz, text, jsonb),
    private.sealed_login(uuid, uuid),
    private.mark_stale_connections(integer, interval),
    private.credentials_of_other_keys(integer, bytea, uuid),
    private.reseal_credential(uuid, bytea, bytea),
    private.lease_connection(integer, uuid),
    private.note_host(uuid, text),
    private.write_connected_calendar(
      uuid, uuid, uuid, text[], text[], text[], text[], boolean, text[], timestamptz[], timestamptz[], boolean[], text[], jsonb,
      timestamptz),
    private.end_sync(uuid, uuid, interval, text, text, boolean),
    private.save_credential(uuid, bytea, bytea, timestamptz, text, boolean),
    private.list_connected_calendars(uuid, jsonb),
    private.note_push_channel(uuid, uuid, uuid, text, text, bytea, timestamptz, interval),
    private.receive_pushes(text[], text),
    public.choose_connected_calendar(uuid, boolean, boolean),
    public.disconnect_calendars(uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.connect_calendars(uuid, uuid, text, text, text, text, bytea, timestamptz, jsonb, jsonb),
    private.change_login(uuid, uuid, bytea, timestamptz, text, jsonb),
    private.sealed_login(uuid, uuid),
    private.mark_stale_connections(integer, interval),
    private.mark_ending_logins(integer, interval),
    private.connection_message_facts(uuid),
    private.credentials_of_other_keys(integer, bytea, uuid),
    private.reseal_credential(uuid, bytea, bytea),
    private.lease_connection(integer, uuid),
    private.note_host(uuid, text),
    private.write_connected_calendar(
      uuid, uuid, uuid, text[], text[], text[], text[], boolean, text[], timestamptz[], timestamptz[], boolean[], text[], jsonb,
      timestamptz),
    private.end_sync(uuid, uuid, interval, text, text, boolean),
    private.save_credential(uuid, bytea, bytea, timestamptz, text, boolean),
    private.list_connected_calendars(uuid, jsonb),
    private.note_push_channel(uuid, uuid, uuid, text, text, bytea, timestamptz, interval),
    private.receive_pushes(text[], text)
  to matepeak_app;
grant execute on function private.count_calendar_connections() to matepeak_jobs;
grant execute on function
    public.choose_connected_calendar(uuid, boolean, boolean),
    public.disconnect_calendars(uuid)
  to authenticated;

-- public.calendar_connections ------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a statement: 05_lock_schedule (update)
-- * before a row: 10_part (delete), 20_release_login (delete)
-- * after a row: 50_apply_choice (update)
create or replace trigger calendar_connections_05_lock_schedule
  before update of if_stale, shows_titles on public.calendar_connections
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create or replace trigger calendar_connections_10_part before delete on public.calendar_connections
  for each row execute function private.part_from_calendars();
create or replace trigger calendar_connections_20_release_login before delete on public.calendar_connections
  for each row when (old.kind in ('google', 'microsoft')) execute function private.release_login();
create or replace trigger calendar_connections_50_apply_choice
  after update of if_stale, shows_titles on public.calendar_connections
  for each row when ((old.if_stale, old.shows_titles) is distinct from (new.if_stale, new.shows_titles))
  execute function private.apply_connection_choice();

revoke all on public.calendar_connections
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- All but the credential and the lease.
grant select (
    id, user_id, kind, name, server_url, username, login_ends_at, account_id, granted_scopes, may_write, if_stale, shows_titles, problem, problem_detail,
    broken_since, failures, synced_at, sync_due_at, stale_told_at, created_at)
  on public.calendar_connections to authenticated, matepeak_app;
grant update (name, if_stale, shows_titles) on public.calendar_connections to authenticated;
drop policy if exists calendar_connections_read_own on public.calendar_connections;
create policy calendar_connections_read_own on public.calendar_connections for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy calendar_connections_read_own on public.calendar_connections is 'People see only their own connections.';
drop policy if exists calendar_connections_read_app on public.calendar_connections;
create policy calendar_connections_read_app on public.calendar_connections for select to matepeak_app using (true);
comment on policy calendar_connections_read_app on public.calendar_connections is 'The app reports on connections to their people.';
drop policy if exists calendar_connections_update_own on public.calendar_connections;
create policy calendar_connections_update_own on public.calendar_connections for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
comment on policy calendar_connections_update_own on public.calendar_connections is 'People name their own connections.';

-- public.connected_calendars -------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_follow_receiver (update), 60_follow_meet (update), 61_follow_meet_deleted (delete)
create or replace trigger connected_calendars_50_follow_receiver after update on public.connected_calendars
  for each row when (new.receives_sessions <> old.receives_sessions) execute function private.follow_receiving_calendar();
create or replace trigger connected_calendars_60_follow_meet after update on public.connected_calendars
  for each row when (new.receives_sessions <> old.receives_sessions) execute function private.follow_meet_calendar();
create or replace trigger connected_calendars_61_follow_meet_deleted after delete on public.connected_calendars
  for each row when (old.receives_sessions) execute function private.follow_meet_calendar();

revoke all on public.connected_calendars
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.connected_calendars to authenticated, matepeak_app;
drop policy if exists connected_calendars_read_own on public.connected_calendars;
create policy connected_calendars_read_own on public.connected_calendars for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy connected_calendars_read_own on public.connected_calendars is 'People see only their own calendars.';
drop policy if exists connected_calendars_read_app on public.connected_calendars;
create policy connected_calendars_read_app on public.connected_calendars for select to matepeak_app using (true);
comment on policy connected_calendars_read_app on public.connected_calendars is 'The jobs read what they are to read next.';

-- public.connected_objects ---------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a statement: 80_suspect_new (insert), 81_suspect_changed (update), 82_suspect_gone (delete)
create or replace trigger connected_objects_80_suspect_new after insert on public.connected_objects
  referencing new table as new_objects for each statement execute function private.suspect_entries();
create or replace trigger connected_objects_81_suspect_changed after update on public.connected_objects
  referencing new table as new_objects for each statement execute function private.suspect_entries();
create or replace trigger connected_objects_82_suspect_gone after delete on public.connected_objects
  referencing old table as old_objects for each statement execute function private.suspect_entries();

revoke all on public.connected_objects
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.connected_objects to matepeak_app;
grant select (calendar_id, ref, user_id, uid) on public.connected_objects to authenticated;
drop policy if exists connected_objects_read_own on public.connected_objects;
create policy connected_objects_read_own on public.connected_objects for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy connected_objects_read_own on public.connected_objects is
  'An event in two of a person''s calendars is shown to that person once.';
drop policy if exists connected_objects_read_app on public.connected_objects;
create policy connected_objects_read_app on public.connected_objects for select to matepeak_app using (true);
comment on policy connected_objects_read_app on public.connected_objects is 'The jobs compare them with what the provider has.';

-- public.connected_events ----------------------------------------------------------------------------------------------

revoke all on public.connected_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.connected_events to authenticated;
drop policy if exists connected_events_read_own on public.connected_events;
create policy connected_events_read_own on public.connected_events for select to authenticated
  using (user_id = (select auth.uid()));
comment on policy connected_events_read_own on public.connected_events is 'What is in a person''s calendars is for that person alone.';

-- public.busy_times ----------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * after a row: 50_announce (insert, update, delete), 60_check_alerts (update)
create or replace trigger busy_times_50_announce after insert or update or delete on public.busy_times
  for each row execute function private.announce_availability();
create or replace trigger busy_times_60_check_alerts after update on public.busy_times
  for each row when (not new.during @> old.during or old.pauses_offering and not new.pauses_offering)
  execute function private.enqueue_alert_check();

revoke all on public.busy_times
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.busy_times to anon, authenticated, matepeak_app;
drop policy if exists busy_times_read on public.busy_times;
create policy busy_times_read on public.busy_times for select to anon, authenticated, matepeak_app using (true);
comment on policy busy_times_read on public.busy_times is
  'When a mentor is busy is public, because it decides what is free; where and why is not. Written by functions only.';
