-- When a session counts as held, who may review it and when, and what a rating weighs.

create function private.has_confirmed_address(person uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    -- The row as JSON: our own table has `email_verified`, Supabase's has `email_confirmed_at`.
    select coalesce(bool_or((account ->> 'email_verified')::boolean or account ->> 'email_confirmed_at' is not null), false)
    from (select to_jsonb(u) as account from auth.users u where u.id = person) accounts
  $$;
comment on function private.has_confirmed_address(uuid) is
  'Whether a person has shown that the e-mail address of the account is theirs.';

-- A group session ends for all its seats at once, so "ended" is asked of the booking alone.
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
       or (new.status = 'completed' and old.ends_at > now())
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

create or replace function private.took_place(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
        select from public.bookings b where b.id = booking and b.status = 'completed' and b.ends_at <= now())
      and not private.has_no_show(booking)
  $$;
comment on function private.took_place(uuid) is
  'Whether a session is over, was completed (by its mentor, or by a day without a no-show), and nobody is said to have '
  'missed it.';

create function private.review_opens_at(booking uuid) returns timestamptz
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select b.ends_at + case when private.has_confirmed_address(b.user_id) then interval '0' else interval '24 hours' end
    from public.bookings b
    where b.id = booking and b.user_id = auth.uid() and private.took_place(b.id)
  $$;
comment on function private.review_opens_at(uuid) is
  'From when on the caller may review a session that took place; null for everybody but its student. The mentor alone '
  'says at once that it was held, and his word is worth nothing about himself: without a confirmed address the day '
  'passes first in which either side may say that the other did not come.';

create or replace function private.may_review(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(private.review_opens_at(booking) <= now(), false)
  $$;
comment on function private.may_review(uuid) is
  'Whether the caller is the student of a session that took place, and may review it by now.';

-- What a rating weighs in the search ----------------------------------------------------------------------------------

create function private.rating_with_prior(rating numeric, weight integer) returns numeric
  language sql immutable
  set search_path = pg_catalog, pg_temp
  as $$
    -- The prior: as if every mentor began with ten sessions of four stars.
    select case when rating is null then 4.0 else round((4.0 * 10 + rating * weight) / (10 + weight), 4) end
  $$;
comment on function private.rating_with_prior(numeric, integer) is
  'A mean of few voices drawn towards what is usual (Bayesian mean). The prior''s two numbers stand here and nowhere else.';

alter table public.expert_profiles
  add column review_weight integer not null default 0
    constraint expert_profiles_review_weight_range check (review_weight >= 0),
  add column ranked_rating numeric(5, 4) not null
    generated always as (private.rating_with_prior(rating, review_weight)) stored;
comment on column public.expert_profiles.review_weight is
  'Independent voices among the reviews: no more than there are sessions, and no more than there are students. Twelve seats '
  'of one group session weigh as one session, twelve sessions with one friend as one student.';
comment on column public.expert_profiles.ranked_rating is 'The rating as the search ranks by it; never shown.';
create index expert_profiles_ranked_idx on public.expert_profiles (ranked_rating desc, id) where listed;

create function private.weigh_reviews(mentor uuid) returns integer
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select least(count(distinct r.user_id), count(distinct b.occupancy_id))::integer
    from public.reviews r join public.bookings b on b.id = r.booking_id where r.expert_id = mentor
  $$;
comment on function private.weigh_reviews(uuid) is 'See expert_profiles.review_weight.';

create or replace function private.count_reviews() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  mentor uuid := coalesce(new.expert_id, old.expert_id);
begin
  -- All of them each time: a sum that is kept up is a sum that can drift. The mentor's row is locked already.
  update public.expert_profiles
    set (rating, review_count, review_weight) = (
      select round(avg(r.rating), 2), count(*), private.weigh_reviews(mentor)
      from public.reviews r where r.expert_id = mentor)
    where id = mentor;
  return null;
end
$$;

update public.expert_profiles p set review_weight = private.weigh_reviews(p.id) where p.review_count > 0;

revoke execute on function
    private.has_confirmed_address(uuid), private.review_opens_at(uuid), private.rating_with_prior(numeric, integer),
    private.weigh_reviews(uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.review_opens_at(uuid) to authenticated;
-- A generated column is computed with the writer's rights.
grant execute on function private.rating_with_prior(numeric, integer) to authenticated;
