-- After a session: who says that the other did not come, what the other answers, and what completes by itself.

create table public.no_show_claims (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null references public.bookings (id),
  claimed_by text not null constraint no_show_claims_claimed_by_known check (claimed_by in ('student', 'mentor')),
  reason text constraint no_show_claims_reason_length check (char_length(reason) between 1 and 500),
  state text not null default 'open' constraint no_show_claims_state_known
    check (state in ('open', 'agreed', 'disputed', 'withdrawn', 'unanswered')),
  answer_until timestamptz not null,
  answer text constraint no_show_claims_answer_length check (char_length(answer) between 1 and 500),
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  constraint no_show_claims_settled_once check ((state = 'open') = (settled_at is null)),
  constraint no_show_claims_only_answers_have_words check (answer is null or state in ('agreed', 'disputed'))
);
comment on table public.no_show_claims is
  'One side of a session says that the other did not come. All but the words and the step is filled in by triggers.';
comment on column public.no_show_claims.claimed_by is 'Who says so; it is the other side that did not come.';
comment on column public.no_show_claims.reason is 'The claimer''s words.';
comment on column public.no_show_claims.state is
  'It stands once it is agreed or unanswered; disputed and withdrawn ones are as if they had never been.';
comment on column public.no_show_claims.answer_until is 'Until when the other side may answer.';
comment on column public.no_show_claims.answer is 'The words that go with an agreement or a dispute.';
create index no_show_claims_booking_id_idx on public.no_show_claims (booking_id, created_at desc);
-- Of two people who say so at the same moment one is first. A disputed one counts: both have had their say.
create unique index no_show_claims_one_key on public.no_show_claims (booking_id) where state <> 'withdrawn';
create index no_show_claims_answer_until_idx on public.no_show_claims (answer_until) where state = 'open';

create function private.has_no_show(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.no_show_claims c
      where c.booking_id = booking and c.state in ('open', 'agreed', 'unanswered'))
  $$;
comment on function private.has_no_show(uuid) is
  'Whether somebody is said not to have come: the claim waits for its answer, or it stands.';

create or replace function private.took_place(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (select from public.bookings b where b.id = booking and b.status = 'completed')
      and not private.has_no_show(booking)
  $$;
comment on function private.took_place(uuid) is 'Whether a session has been held, and nobody is said to have missed it.';

create function private.prepare_no_show_claim() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  booking public.bookings;
  latest public.no_show_claims;
begin
  select * into booking from public.bookings b where b.id = new.booking_id and caller in (b.user_id, b.expert_id);
  if not found then
    raise exception 'only its two people can say who did not come' using errcode = 'insufficient_privilege';
  end if;
  -- First in the lock order. Completing and reviewing hold it too, so that neither passes a claim by.
  perform private.lock_mentor(booking.expert_id);
  select * into booking from public.bookings b where b.id = new.booking_id;
  if booking.status not in ('confirmed', 'completed')
     or booking.ends_at > now() or booking.ends_at + interval '72 hours' <= now() then
    raise exception 'too early or too late to say who did not come'
      using errcode = 'check_violation', constraint = 'no_show_claims_in_time';
  end if;
  new.claimed_by := case when caller = booking.expert_id then 'mentor' else 'student' end;
  select * into latest from public.no_show_claims c
    where c.booking_id = new.booking_id order by (c.state = 'withdrawn'), c.created_at desc limit 1;
  -- Taken back by the other side, it leaves room for this one's.
  if found and (latest.state <> 'withdrawn' or latest.claimed_by = new.claimed_by) then
    raise exception 'it has been said already'
      using errcode = 'unique_violation', constraint = 'no_show_claims_one_key';
  end if;
  if exists (select from public.reviews r where r.booking_id = new.booking_id) then
    raise exception 'a session that was reviewed took place'
      using errcode = 'check_violation', constraint = 'no_show_claims_not_reviewed';
  end if;
  new.answer_until := now() + interval '48 hours';
  return new;
end
$$;
comment on function private.prepare_no_show_claim() is
  'Once a session is over, for three days, by its two people: the rules of scheduling/noShow.ts, under the mentor''s lock.';
create trigger no_show_claims_prepare before insert on public.no_show_claims
  for each row execute function private.prepare_no_show_claim();

create function private.keep_no_show_claim_honest() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
  booking public.bookings;
  side text;
begin
  select * into booking from public.bookings b where b.id = old.booking_id;
  side := case when caller = booking.expert_id then 'mentor' when caller = booking.user_id then 'student' end;
  -- Time alone makes it unanswered, and nobody's answer comes later than that.
  if old.state <> 'open' or new.state = 'open' or (new.state = 'unanswered') <> (old.answer_until <= now()) then
    raise exception 'this is settled' using errcode = 'check_violation', constraint = 'no_show_claims_step_allowed';
  end if;
  if (new.state in ('agreed', 'disputed') and side is not distinct from old.claimed_by)
     or (new.state = 'withdrawn' and side is distinct from old.claimed_by) then
    raise exception 'this is the other side''s to say' using errcode = 'insufficient_privilege';
  end if;
  new.settled_at := now();
  return new;
end
$$;
comment on function private.keep_no_show_claim_honest() is
  'One step from open: the other side answers in time, the claimer withdraws, or time runs out.';
create trigger no_show_claims_keep_honest before update on public.no_show_claims
  for each row execute function private.keep_no_show_claim_honest();

alter table public.no_show_claims enable row level security;
revoke all on public.no_show_claims from public, anon, authenticated, service_role;
grant select on public.no_show_claims to authenticated, matepeak_app;
grant insert (booking_id, reason), update (state, answer) on public.no_show_claims to authenticated;
create policy no_show_claims_read_party on public.no_show_claims for select to authenticated, matepeak_app
  using (exists (select from public.bookings b where b.id = booking_id));
create policy no_show_claims_insert_party on public.no_show_claims for insert to authenticated
  with check (exists (select from public.bookings b where b.id = booking_id));
create policy no_show_claims_update_party on public.no_show_claims for update to authenticated
  using (exists (select from public.bookings b where b.id = booking_id))
  with check (exists (select from public.bookings b where b.id = booking_id));
comment on policy no_show_claims_read_party on public.no_show_claims is
  'Who may see the booking (bookings'' own policy decides).';
comment on policy no_show_claims_insert_party on public.no_show_claims is 'Either party, of its own booking.';
comment on policy no_show_claims_update_party on public.no_show_claims is
  'Either party; which step is whose, keep_no_show_claim_honest() says.';

-- The history, and who hears of it -----------------------------------------------------------------------------------

alter table public.booking_events
  drop constraint booking_events_kind_known,
  add constraint booking_events_kind_known check (
    kind in ('created', 'confirmed', 'declined', 'cancelled', 'completed', 'expired', 'rescheduled',
             'no_show_claimed', 'no_show_agreed', 'no_show_disputed', 'no_show_withdrawn', 'no_show_unanswered'));

create function private.record_no_show_step() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  caller uuid := auth.uid();
begin
  insert into public.booking_events (booking_id, kind, actor_id, actor, from_status, to_status, reason)
    select b.id, 'no_show_' || case when new.state = 'open' then 'claimed' else new.state end,
      case when caller in (b.user_id, b.expert_id) then caller end,
      case caller when b.user_id then 'student' when b.expert_id then 'mentor' else 'system' end,
      b.status, b.status, case when new.state = 'open' then new.reason else new.answer end
    from public.bookings b where b.id = new.booking_id;
  return null;
end
$$;
comment on function private.record_no_show_step() is
  'Each step of a claim is a line of the booking''s history, whose own triggers tell people.';
create trigger no_show_claims_record after insert or update on public.no_show_claims
  for each row execute function private.record_no_show_step();

-- Two columns more than before; no function is replaced by one that returns something else.
drop function private.booking_event_facts(bigint);
create function private.booking_event_facts(wanted bigint)
  returns table (kind text, to_status text, actor text, reason text, happened_at timestamptz,
                 from_starts_at timestamptz, booking_id uuid, student_id uuid, mentor_id uuid, student_name text,
                 mentor_name text, mentor_username text, service_title text, starts_at timestamptz,
                 claimed_by text, answer_until timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select e.kind, e.to_status, e.actor, e.reason, e.created_at, e.from_starts_at, b.id, b.user_id, b.expert_id,
      b.user_name, p.full_name, p.username, s.title, coalesce(e.to_starts_at, b.starts_at), c.claimed_by,
      c.answer_until
    from public.booking_events e
      join public.bookings b on b.id = e.booking_id
      join public.expert_profiles p on p.id = b.expert_id
      join public.services s on s.id = b.service_id
      -- The claim that the line is about: the latest one of its time.
      left join lateral (
        select * from public.no_show_claims n
        where e.kind like 'no\_show\_%' and n.booking_id = b.id and n.created_at <= e.created_at
        order by n.created_at desc limit 1
      ) c on true
    where e.id = wanted
  $$;
comment on function private.booking_event_facts(bigint) is 'What there is to say about one step of a booking''s life.';

-- What holds while somebody is said not to have come -----------------------------------------------------------------

create or replace function private.keep_booking_honest() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new is not distinct from old then
    return new;
  end if;
  if new.status is distinct from old.status then
    if not private.is_booking_step(old.status, new.status)
       or (new.status = 'confirmed' and old.expires_at <= now())
       or (new.status = 'completed' and old.starts_at > now())
       or (new.status = 'completed' and private.has_no_show(old.id))
       or (new.status = 'cancelled' and old.status = 'confirmed' and old.starts_at <= now()) then
      raise exception 'a % booking cannot become % now', old.status, new.status
        using errcode = 'check_violation', constraint = 'bookings_step_allowed';
    end if;
    new.expires_at := null;
    if new.status = 'cancelled' then
      new.occupancy_id := null;
    end if;
  end if;
  new.revision := old.revision + 1;
  new.updated_at := now();
  return new;
end
$$;

create or replace function private.prepare_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  booking public.bookings;
  names text[];
begin
  select * into booking from public.bookings where id = new.booking_id;
  -- First in the lock order: the figures below are worked out one after the other.
  perform private.lock_mentor(booking.expert_id);
  if tg_op = 'UPDATE' then
    new.updated_at := now();
    return new;
  end if;
  -- The policy asks too, but as of before the wait for the lock.
  if private.has_no_show(new.booking_id) then
    raise exception 'somebody is said not to have come'
      using errcode = 'check_violation', constraint = 'reviews_session_took_place';
  end if;
  names := regexp_split_to_array(trim(booking.user_name), '\s+');
  new.user_id := booking.user_id;
  new.expert_id := booking.expert_id;
  new.service_id := booking.service_id;
  new.author := coalesce(nullif(names[1], ''), 'A student')
    || case when cardinality(names) > 1 then ' ' || left(names[cardinality(names)], 1) || '.' else '' end;
  new.session_month := date_trunc('month', booking.scheduled_date)::date;
  return new;
end
$$;

-- What time does by itself -------------------------------------------------------------------------------------------

create function private.lapse_no_show_claims() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  lapsed integer;
begin
  update public.no_show_claims set state = 'unanswered' where state = 'open' and answer_until <= now();
  get diagnostics lapsed = row_count;
  return lapsed;
end
$$;
comment on function private.lapse_no_show_claims() is
  'Claims that nobody answered stand. An answer takes the same row and no other, so no mentor is locked.';

create index bookings_to_complete_idx on public.bookings (ends_at) where status = 'confirmed';

create function private.mentors_with_held_sessions() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct b.expert_id from public.bookings b
    where b.status = 'confirmed' and b.ends_at <= now() - interval '24 hours' and not private.has_no_show(b.id)
  $$;
comment on function private.mentors_with_held_sessions() is
  'Whose sessions ended a day ago without a word of anybody.';

create function private.complete_held_sessions(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  completed integer;
begin
  perform private.lock_mentor(mentor);
  update public.bookings b set status = 'completed'
    where b.expert_id = mentor and b.status = 'confirmed' and b.ends_at <= now() - interval '24 hours'
      and not private.has_no_show(b.id);
  get diagnostics completed = row_count;
  return completed;
end
$$;
comment on function private.complete_held_sessions(uuid) is
  'Completes one mentor''s sessions that ended a day ago, unless somebody is said not to have come.';

revoke execute on function
    private.has_no_show(uuid),
    private.prepare_no_show_claim(),
    private.keep_no_show_claim_honest(),
    private.record_no_show_step(),
    private.booking_event_facts(bigint),
    private.lapse_no_show_claims(),
    private.mentors_with_held_sessions(),
    private.complete_held_sessions(uuid)
  from public, anon, authenticated, service_role;
grant execute on function
    private.booking_event_facts(bigint),
    private.lapse_no_show_claims(),
    private.mentors_with_held_sessions(),
    private.complete_held_sessions(uuid)
  to matepeak_app;
