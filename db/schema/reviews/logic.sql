-- Reviews: who may write one and when, the mentor's reply, and the resulting rating.

create or replace function private.session_was_held(mentor uuid, booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
        select from public.bookings b
        where b.id = booking and b.expert_id = mentor and b.status = 'completed' and b.ends_at <= now())
      and not private.has_no_show(mentor, booking)
  $$;
comment on function private.session_was_held(uuid, uuid) is
  'Whether a session is over, was completed (by its mentor, or after a day without a no-show report), and has no '
  'effective no-show report.';

create or replace function private.may_review(mentor uuid, booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(private.review_opens_at(mentor, booking) <= now(), false)
  $$;
comment on function private.may_review(uuid, uuid) is
  'Whether the caller is the student of a session that took place, and may already review it.';

create or replace function private.review_opens_at(mentor uuid, booking uuid) returns timestamptz
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select b.ends_at + case when private.has_confirmed_address(b.user_id) then interval '0' else interval '24 hours' end
    from public.bookings b
    where b.id = booking and b.expert_id = mentor and b.user_id = auth.uid() and private.session_was_held(b.expert_id, b.id)
  $$;
comment on function private.review_opens_at(uuid, uuid) is
  'When the caller may first review a session that took place; null for all but its student. A mentor can complete a '
  'session immediately, which proves nothing about the mentor: a student without a confirmed address waits for the day '
  'in which either party can report a no-show.';

create or replace function private.prepare_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.prepare_review() is 'Copies from the booking what no client may set.';

create or replace function private.lock_reviewed_mentor() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(old.expert_id);
  return old;
end
$$;
comment on function private.lock_reviewed_mentor() is 'Locks the mentor, so that the figures are computed one after the other.';

create or replace function private.count_reviews() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.count_reviews() is 'Computes the mentor''s rating; nothing else sets it.';

create or replace function private.compute_review_weight(mentor uuid) returns integer
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select least(count(distinct r.user_id), count(distinct b.occupancy_id))::integer
    from public.reviews r join public.bookings b on b.id = r.booking_id and b.expert_id = r.expert_id
    where r.expert_id = mentor
  $$;
comment on function private.compute_review_weight(uuid) is 'See expert_profiles.review_weight.';

create or replace function private.keep_review_history() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.keep_review_history() is
  'Counts the revision, and gives a review that is written again the date of the first one.';

create or replace function private.review_written_at(mentor uuid, booking uuid) returns timestamptz
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select min(e.created_at) from private.review_events e
    where e.booking_id = booking and e.expert_id = mentor and e.kind = 'written'
  $$;
comment on function private.review_written_at(uuid, uuid) is
  'When a booking was first reviewed, even if that review was deleted; null when it never was.';

create or replace function private.review_is_open(mentor uuid, booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(private.review_written_at(mentor, booking) > now() - interval '14 days', true)
  $$;
comment on function private.review_is_open(uuid, uuid) is
  'Whether a booking was first reviewed less than fourteen days ago. Writing the review again does not restart them.';

create or replace function private.record_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
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
$$;
comment on function private.record_review() is 'Records what was done with a review, also when it is deleted.';

create or replace function private.review_of_booking(mentor uuid, booking uuid) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object('id', r.id, 'rating', r.rating) from public.reviews r
    where r.booking_id = booking and r.expert_id = mentor and auth.uid() in (r.user_id, r.expert_id)
  $$;
comment on function private.review_of_booking(uuid, uuid) is
  'The review of a booking, for its parties: the booking of a review is hidden from all others.';

create or replace function private.enqueue_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not exists (
    select from private.review_events e
    where e.booking_id = new.booking_id and e.expert_id = new.expert_id and e.kind = 'withdrawn') then
    perform private.enqueue('notify_review', jsonb_build_object('review_id', new.id, 'mentor_id', new.expert_id));
  end if;
  return null;
end
$$;
comment on function private.enqueue_review() is 'Notifies the mentor of a new review, but not of one that is written again.';

create or replace function private.enqueue_review_reply() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue('notify_review_reply', jsonb_build_object('review_id', new.review_id, 'mentor_id', new.expert_id));
  return null;
end
$$;
comment on function private.enqueue_review_reply() is 'Notifies the student of the mentor''s reply.';

create or replace function private.review_facts(mentor uuid, review uuid)
  returns table (booking_id uuid, student_id uuid, mentor_id uuid, service_id uuid, student_name text,
                 student_timezone text, starts_at timestamptz, written_at timestamptz, replied_at timestamptz)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select r.booking_id, r.user_id, r.expert_id, r.service_id, b.user_name, b.student_timezone, b.starts_at, r.created_at,
      (select a.created_at from public.review_replies a where a.review_id = r.id and a.expert_id = r.expert_id)
    from public.reviews r
      join public.bookings b on b.id = r.booking_id and b.expert_id = r.expert_id
    where r.id = review and r.expert_id = mentor
  $$;
comment on function private.review_facts(uuid, uuid) is 'The facts for the messages about a review.';

revoke execute on function
    private.session_was_held(uuid, uuid),
    private.may_review(uuid, uuid),
    private.review_opens_at(uuid, uuid),
    private.prepare_review(),
    private.lock_reviewed_mentor(),
    private.count_reviews(),
    private.compute_review_weight(uuid),
    private.keep_review_history(),
    private.review_written_at(uuid, uuid),
    private.review_is_open(uuid, uuid),
    private.record_review(),
    private.review_of_booking(uuid, uuid),
    private.enqueue_review(),
    private.enqueue_review_reply(),
    private.review_facts(uuid, uuid)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant execute on function
    private.may_review(uuid, uuid),
    private.review_opens_at(uuid, uuid)
  to authenticated;
grant execute on function
    private.review_is_open(uuid, uuid),
    private.review_of_booking(uuid, uuid)
  to authenticated, matepeak_app;
grant execute on function private.review_facts(uuid, uuid) to matepeak_app;

-- public.reviews -------------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 10_lock_mentor (delete), 20_prepare (insert, update), 30_keep_history (insert, update)
-- * after a row: 50_count (insert, delete), 51_count_change (update), 60_enqueue (insert),
--   70_record (insert, update, delete)
create or replace trigger reviews_10_lock_mentor before delete on public.reviews
  for each row execute function private.lock_reviewed_mentor();
create or replace trigger reviews_20_prepare before insert or update on public.reviews
  for each row execute function private.prepare_review();
-- After reviews_20_prepare, which locks the mentor: by then a concurrent transaction has ended.
create or replace trigger reviews_30_keep_history before insert or update on public.reviews
  for each row execute function private.keep_review_history();
create or replace trigger reviews_50_count after insert or delete on public.reviews
  for each row execute function private.count_reviews();
create or replace trigger reviews_51_count_change after update on public.reviews
  for each row when (new.rating is distinct from old.rating) execute function private.count_reviews();
create or replace trigger reviews_60_enqueue after insert on public.reviews
  for each row execute function private.enqueue_review();
create or replace trigger reviews_70_record after insert or update or delete on public.reviews
  for each row execute function private.record_review();

revoke all on public.reviews from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
-- Neither the student nor the booking of a review: only the author's name and initial are public.
grant select (id, expert_id, service_id, author, session_month, rating, comment, created_at, updated_at)
  on public.reviews to anon, authenticated;
grant select on public.reviews to matepeak_app;
grant insert (booking_id, expert_id, rating, comment), update (rating, comment), delete on public.reviews to authenticated;
grant select (revision) on public.reviews to authenticated;
drop policy if exists reviews_read on public.reviews;
create policy reviews_read on public.reviews for select to anon, authenticated, matepeak_app using (true);
comment on policy reviews_read on public.reviews is 'Reviews are public; grants hide who wrote them.';
drop policy if exists reviews_insert_own on public.reviews;
create policy reviews_insert_own on public.reviews for insert to authenticated
  with check (private.may_review(expert_id, booking_id));
comment on policy reviews_insert_own on public.reviews is 'Students review their own sessions once these have taken place.';
drop policy if exists reviews_update_own on public.reviews;
create policy reviews_update_own on public.reviews for update to authenticated
  using (user_id = (select auth.uid()) and created_at > now() - interval '14 days')
  with check (user_id = (select auth.uid()));
comment on policy reviews_update_own on public.reviews is 'Students edit their own review for fourteen days.';
drop policy if exists reviews_delete_own on public.reviews;
create policy reviews_delete_own on public.reviews for delete to authenticated using (user_id = (select auth.uid()));
comment on policy reviews_delete_own on public.reviews is 'Students can delete their own review at any time.';

-- public.review_replies ------------------------------------------------------------------------------------------------

-- Triggers, in the order in which they fire:
-- * before a row: 20_touch (update)
-- * after a row: 50_enqueue (insert)
create or replace trigger review_replies_20_touch before update on public.review_replies
  for each row execute function private.touch_updated_at();
create or replace trigger review_replies_50_enqueue after insert on public.review_replies
  for each row execute function private.enqueue_review_reply();

revoke all on public.review_replies
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on public.review_replies to anon, authenticated, matepeak_app;
grant insert (review_id, expert_id, body), update (body), delete on public.review_replies to authenticated;
drop policy if exists review_replies_read on public.review_replies;
create policy review_replies_read on public.review_replies for select to anon, authenticated, matepeak_app
  using (true);
comment on policy review_replies_read on public.review_replies is 'As public as the reviews.';
drop policy if exists review_replies_insert_own on public.review_replies;
create policy review_replies_insert_own on public.review_replies for insert to authenticated
  with check (expert_id = (select auth.uid()) and exists (
    select from public.reviews r where r.id = review_id and r.expert_id = review_replies.expert_id));
comment on policy review_replies_insert_own on public.review_replies is 'Mentors reply to reviews of their own sessions.';
drop policy if exists review_replies_update_own on public.review_replies;
create policy review_replies_update_own on public.review_replies for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy review_replies_update_own on public.review_replies is 'Mentors edit their own replies.';
drop policy if exists review_replies_delete_own on public.review_replies;
create policy review_replies_delete_own on public.review_replies for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy review_replies_delete_own on public.review_replies is 'Mentors delete their own replies.';

-- private.review_events ------------------------------------------------------------------------------------------------

revoke all on private.review_events
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
revoke all on sequence private.review_events_id_seq
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
