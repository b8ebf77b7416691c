-- No-shows: one party of a session reports that the other did not attend.

create or replace function private.has_no_show(mentor uuid, booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from public.no_show_claims c
      where c.booking_id = booking and c.expert_id = mentor and c.state in ('open', 'agreed', 'unanswered'))
  $$;
comment on function private.has_no_show(uuid, uuid) is
  'Whether a session has an effective no-show report: open, agreed or unanswered.';

create or replace function private.prepare_no_show_claim() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.prepare_no_show_claim() is
  'Accepts a claim of a party within three days of the session''s end: rules/noShow.ts, under the mentor''s lock.';

create or replace function private.check_no_show_transition() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.check_no_show_transition() is
  'Allows one change from open: the other party responds in time, the claimer withdraws, or the claim expires.';

create or replace function private.record_no_show_step() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.record_no_show_step() is
  'Writes each change of a claim to the booking''s history, whose triggers enqueue the messages.';

create or replace function private.expire_no_show_claims(most integer) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set enable_seqscan = off
  as $$
declare
  expired integer;
begin
  update public.no_show_claims set state = 'unanswered' where id = any (array(
    select c.id from public.no_show_claims c where c.state = 'open' and c.answer_until <= now()
    order by c.answer_until limit most for no key update skip locked));
  get diagnostics expired = row_count;
  return expired;
end
$$;
comment on function private.expire_no_show_claims(integer) is
  'Closes the oldest claims that were not answered in time. A response locks only the same row, so no mentor is locked.';

revoke execute on function
    private.has_no_show(uuid, uuid),
    private.prepare_no_show_claim(),
    private.check_no_show_transition(),
    private.record_no_show_step(),
    private.expire_no_show_claims(integer)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function private.expire_no_show_claims(integer) to matepeak_app;

-- public.no_show_claims ------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_prepare (insert), 20_check_transition (update)
-- * after a row: 50_record (insert, update), 60_settle_money (update)
create or replace trigger no_show_claims_10_prepare before insert on public.no_show_claims
  for each row execute function private.prepare_no_show_claim();
create or replace trigger no_show_claims_20_check_transition before update on public.no_show_claims
  for each row execute function private.check_no_show_transition();
create or replace trigger no_show_claims_50_record after insert or update on public.no_show_claims
  for each row execute function private.record_no_show_step();
create or replace trigger no_show_claims_60_settle_money after update on public.no_show_claims
  for each row when (new.state is distinct from old.state and new.claimed_by = 'student' and new.state in ('agreed', 'unanswered'))
  execute function private.enqueue_no_show_settlement();

revoke all on public.no_show_claims
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.no_show_claims to authenticated, matepeak_app;
grant insert (booking_id, expert_id, reason), update (state, answer) on public.no_show_claims to authenticated;
drop policy if exists no_show_claims_read_party on public.no_show_claims;
create policy no_show_claims_read_party on public.no_show_claims for select to authenticated, matepeak_app
  using (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = no_show_claims.expert_id));
comment on policy no_show_claims_read_party on public.no_show_claims is
  'The same people as the booking itself, whose policy decides.';
drop policy if exists no_show_claims_insert_party on public.no_show_claims;
create policy no_show_claims_insert_party on public.no_show_claims for insert to authenticated
  with check (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = no_show_claims.expert_id));
comment on policy no_show_claims_insert_party on public.no_show_claims is 'Either party, for their own booking.';
drop policy if exists no_show_claims_update_party on public.no_show_claims;
create policy no_show_claims_update_party on public.no_show_claims for update to authenticated
  using (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = no_show_claims.expert_id))
  with check (exists (
    select from public.bookings b where b.id = booking_id and b.expert_id = no_show_claims.expert_id));
comment on policy no_show_claims_update_party on public.no_show_claims is
  'Either party; check_no_show_transition() decides who may change what.';
