-- What became of a review: two tabs that change it, and one that is taken back and written again.

alter table public.reviews add column revision integer not null default 1;
comment on column public.reviews.revision is 'Counts the changes: of two tabs that saw the same the second is told.';
grant select (revision) on public.reviews to authenticated;

create table private.review_events (
  id bigint generated always as identity primary key,
  booking_id uuid not null references public.bookings (id),
  kind text not null constraint review_events_kind_known check (kind in ('written', 'changed', 'withdrawn')),
  actor_id uuid,
  rating integer not null,
  created_at timestamptz not null default now()
);
comment on table private.review_events is
  'What was done with the review of a booking, written by its trigger alone. The stars stay, for the operator; words that '
  'were taken back do not.';
comment on column private.review_events.actor_id is 'Who did it; null when it was the operator or the demo.';
create index review_events_booking_id_idx on private.review_events (booking_id, id);
alter table private.review_events enable row level security;
revoke all on private.review_events from public, anon, authenticated, service_role;
revoke all on sequence private.review_events_id_seq from public, anon, authenticated, service_role;

insert into private.review_events (booking_id, kind, actor_id, rating, created_at)
  select booking_id, 'written', user_id, rating, created_at from public.reviews;

create function private.review_written_at(booking uuid) returns timestamptz
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select min(e.created_at) from private.review_events e where e.booking_id = booking and e.kind = 'written'
  $$;
comment on function private.review_written_at(uuid) is
  'When a booking was reviewed for the first time, also if that review is gone; null when it never was.';

create function private.review_is_open(booking uuid) returns boolean
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select coalesce(private.review_written_at(booking) > now() - interval '14 days', true)
  $$;
comment on function private.review_is_open(uuid) is
  'Whether it is less than fourteen days since a booking was first reviewed. Writing it anew does not begin them anew.';

create function private.resume_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'UPDATE' then
    new.revision := old.revision + 1;
    return new;
  end if;
  if not private.review_is_open(new.booking_id) then
    raise exception 'a review that was taken back is written again after its fourteen days'
      using errcode = 'check_violation', constraint = 'reviews_written_in_time';
  end if;
  new.revision := 1;
  new.created_at := coalesce(private.review_written_at(new.booking_id), new.created_at);
  return new;
end
$$;
comment on function private.resume_review() is
  'No client counts the revision, and a review that is written again is as old as the first one.';
-- After reviews_prepare, which takes the mentor''s row: by then whoever else was at it is done.
create trigger reviews_resume before insert or update on public.reviews
  for each row execute function private.resume_review();

create function private.record_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  subject public.reviews;
begin
  if tg_op = 'DELETE' then subject := old; else subject := new; end if;
  insert into private.review_events (booking_id, kind, actor_id, rating, created_at)
    values (
      subject.booking_id,
      case tg_op when 'INSERT' then 'written' when 'UPDATE' then 'changed' else 'withdrawn' end,
      auth.uid(),
      subject.rating,
      case tg_op when 'INSERT' then subject.created_at else now() end
    );
  return null;
end
$$;
comment on function private.record_review() is 'Keeps what was done with a review, also when nothing else of it is left.';
create trigger reviews_record after insert or update or delete on public.reviews
  for each row execute function private.record_review();

create or replace function private.enqueue_review() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if not exists (
    select from private.review_events e where e.booking_id = new.booking_id and e.kind = 'withdrawn') then
    perform private.enqueue('notify_review', jsonb_build_object('review_id', new.id));
  end if;
  return null;
end
$$;
comment on function private.enqueue_review() is 'The mentor hears of a new review, not of one that is written again.';

create function private.review_mark(booking uuid) returns jsonb
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select jsonb_build_object('id', r.id, 'rating', r.rating) from public.reviews r
    where r.booking_id = booking and auth.uid() in (r.user_id, r.expert_id)
  $$;
comment on function private.review_mark(uuid) is
  'The review of a booking, for its two people: of which booking a review is, is hidden from everybody else.';

revoke execute on function
    private.review_written_at(uuid), private.review_is_open(uuid), private.resume_review(), private.record_review(),
    private.review_mark(uuid)
  from public, anon, authenticated, service_role;
grant execute on function private.review_is_open(uuid), private.review_mark(uuid) to authenticated, matepeak_app;

-- A mentor's page is made in steps and shown in the search when its mentor says so.

alter table public.expert_profiles add column listed boolean not null default true;
comment on column public.expert_profiles.listed is
  'Whether the search shows the page. Whoever has its link sees it, and may book, either way.';
grant insert (listed), update (listed) on public.expert_profiles to authenticated;
