-- What students say of sessions that took place, what mentors answer, and the figures that come of it.

create table public.reviews (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null constraint reviews_booking_id_key unique references public.bookings (id),
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null references public.services (id),
  author text not null,
  session_month date not null,
  rating integer not null constraint reviews_rating_range check (rating between 1 and 5),
  comment text constraint reviews_comment_length check (char_length(comment) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.reviews is
  'One review of each completed session, by its student. All but the student''s rating and words is filled in by '
  'prepare_review().';
comment on column public.reviews.author is 'First name and initial: all that the public learns of the student.';
comment on column public.reviews.session_month is 'The first day of the month of the session, on the mentor''s clock.';
create index reviews_expert_id_idx on public.reviews (expert_id, created_at desc, id desc);
create index reviews_user_id_idx on public.reviews (user_id);
create index reviews_service_id_idx on public.reviews (service_id);

create table public.review_replies (
  review_id uuid primary key references public.reviews (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id),
  body text not null constraint review_replies_body_length check (char_length(body) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.review_replies is
  'The mentor''s public answer. A table of its own, so that no right on a review is a right on its answer.';
create index review_replies_expert_id_idx on public.review_replies (expert_id);
create trigger review_replies_touch before update on public.review_replies
  for each row execute function private.touch_updated_at();

create function private.took_place(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (select from public.bookings b where b.id = booking and b.status = 'completed')
  $$;
comment on function private.took_place(uuid) is 'Whether a session has been held.';

create function private.may_review(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select private.took_place(booking)
      and exists (select from public.bookings b where b.id = booking and b.user_id = auth.uid())
  $$;
comment on function private.may_review(uuid) is 'Whether the caller is the student of a session that took place.';

alter table public.reviews enable row level security;
alter table public.review_replies enable row level security;
revoke all on public.reviews, public.review_replies from public, anon, authenticated, service_role;
-- Neither whose review it is nor of which booking: the author's line is all that is public.
grant select (id, expert_id, service_id, author, session_month, rating, comment, created_at, updated_at)
  on public.reviews to anon, authenticated;
grant select on public.reviews to matepeak_app;
grant insert (booking_id, rating, comment), update (rating, comment), delete on public.reviews to authenticated;
grant select on public.review_replies to anon, authenticated, matepeak_app;
grant insert (review_id, body), update (body), delete on public.review_replies to authenticated;

create policy reviews_read on public.reviews for select to anon, authenticated, matepeak_app using (true);
create policy reviews_insert_own on public.reviews for insert to authenticated
  with check (private.may_review(booking_id));
create policy reviews_update_own on public.reviews for update to authenticated
  using (user_id = (select auth.uid()) and created_at > now() - interval '14 days')
  with check (user_id = (select auth.uid()));
create policy reviews_delete_own on public.reviews for delete to authenticated using (user_id = (select auth.uid()));
comment on policy reviews_read on public.reviews is 'Everyone reads them; grants hide who wrote them.';
comment on policy reviews_insert_own on public.reviews is 'Of one''s own session, once it has taken place.';
comment on policy reviews_update_own on public.reviews is 'One''s own, for fourteen days: then others rely on it.';
comment on policy reviews_delete_own on public.reviews is 'One''s own words can always be taken back.';
create policy review_replies_read on public.review_replies for select to anon, authenticated, matepeak_app
  using (true);
create policy review_replies_insert_own on public.review_replies for insert to authenticated
  with check (exists (select from public.reviews r where r.id = review_id and r.expert_id = (select auth.uid())));
create policy review_replies_update_own on public.review_replies for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
create policy review_replies_delete_own on public.review_replies for delete to authenticated
  using (expert_id = (select auth.uid()));
comment on policy review_replies_read on public.review_replies is 'As public as what they answer.';
comment on policy review_replies_insert_own on public.review_replies is 'Of reviews of oneself.';
comment on policy review_replies_update_own on public.review_replies is 'One''s own.';
comment on policy review_replies_delete_own on public.review_replies is 'One''s own.';

create function private.prepare_review() returns trigger
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
comment on function private.prepare_review() is 'Takes from the booking what no client may say.';
create trigger reviews_prepare before insert or update on public.reviews
  for each row execute function private.prepare_review();

create function private.lock_reviewed_mentor() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.lock_mentor(old.expert_id);
  return old;
end
$$;
comment on function private.lock_reviewed_mentor() is 'The mentor''s figures are worked out one after the other.';
create trigger reviews_lock_mentor before delete on public.reviews
  for each row execute function private.lock_reviewed_mentor();

create function private.count_reviews() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  -- All of them each time: a sum that is kept up is a sum that can drift. The mentor's row is locked already.
  update public.expert_profiles
    set (rating, review_count) = (
      select round(avg(r.rating), 2), count(*) from public.reviews r where r.expert_id = mentor)
    where id = mentor;
  return null;
end
$$;
comment on function private.count_reviews() is 'Works out the mentor''s rating; nothing else sets it.';
create trigger reviews_count after insert or delete on public.reviews
  for each row execute function private.count_reviews();
create trigger reviews_count_change after update on public.reviews
  for each row when (new.rating is distinct from old.rating) execute function private.count_reviews();

create function private.prepare_review_reply() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  select expert_id into new.expert_id from public.reviews where id = new.review_id;
  return new;
end
$$;
comment on function private.prepare_review_reply() is 'Whose answer it is follows from the review.';
create trigger review_replies_prepare before insert on public.review_replies
  for each row execute function private.prepare_review_reply();

create function private.enqueue_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue('notify_review', jsonb_build_object('review_id', new.id));
  return null;
end
$$;
comment on function private.enqueue_review() is 'The mentor hears of a new review.';
create trigger reviews_enqueue after insert on public.reviews
  for each row execute function private.enqueue_review();

create function private.enqueue_review_reply() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  perform private.enqueue('notify_review_reply', jsonb_build_object('review_id', new.review_id));
  return null;
end
$$;
comment on function private.enqueue_review_reply() is 'The student hears of the mentor''s answer.';
create trigger review_replies_enqueue after insert on public.review_replies
  for each row execute function private.enqueue_review_reply();

create function private.review_facts(wanted uuid)
  returns table (booking_id uuid, student_id uuid, mentor_id uuid, author text, mentor_name text,
                 mentor_username text, service_title text, starts_at timestamptz, has_reply boolean)
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select r.booking_id, r.user_id, r.expert_id, b.user_name, p.full_name, p.username, s.title, b.starts_at,
      exists (select from public.review_replies a where a.review_id = r.id)
    from public.reviews r
      join public.bookings b on b.id = r.booking_id
      join public.expert_profiles p on p.id = r.expert_id
      join public.services s on s.id = r.service_id
    where r.id = wanted
  $$;
comment on function private.review_facts(uuid) is 'What there is to say about a review to the two people of it.';

revoke execute on function
    private.took_place(uuid), private.may_review(uuid), private.prepare_review(), private.lock_reviewed_mentor(),
    private.count_reviews(), private.prepare_review_reply(), private.enqueue_review(),
    private.enqueue_review_reply(), private.review_facts(uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.may_review(uuid) to authenticated;
grant execute on function private.review_facts(uuid) to matepeak_app;
