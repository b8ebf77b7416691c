-- Reviews, the mentor's replies, and the record of their changes.

create table public.reviews (
  id uuid primary key default private.uuid_v7(),
  booking_id uuid not null,
  user_id uuid not null references auth.users (id),
  expert_id uuid not null references public.expert_profiles (id),
  service_id uuid not null,
  author text not null,
  session_month date not null,
  rating integer not null constraint reviews_rating_range check (rating between 1 and 5),
  comment text constraint reviews_comment_length check (char_length(comment) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  revision integer not null default 1,
  constraint reviews_comment_clean check (
    comment is nfc normalized and comment !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint reviews_id_expert_id_key unique (id, expert_id),
  constraint reviews_booking_id_key unique (booking_id, expert_id),
  constraint reviews_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id),
  constraint reviews_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id)
);
comment on table public.reviews is
  'One review of each completed session, by its student. All but rating and text is set by prepare_review().';
comment on column public.reviews.author is 'First name and initial: all of the student that is public.';
comment on column public.reviews.session_month is 'The first day of the session''s month, in the mentor''s zone.';
comment on column public.reviews.revision is 'Counts the changes, so that a save from an outdated tab is rejected.';
create index reviews_expert_id_idx on public.reviews (expert_id, created_at desc, id desc);
create index reviews_user_id_idx on public.reviews (user_id);
create index reviews_service_id_idx on public.reviews (service_id, expert_id);
alter table public.reviews enable row level security;

create table public.review_replies (
  review_id uuid not null,
  expert_id uuid not null references public.expert_profiles (id),
  body text not null constraint review_replies_body_length check (char_length(body) between 1 and 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint review_replies_body_clean check (
    body is nfc normalized and body !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  primary key (review_id, expert_id),
  constraint review_replies_review_id_fkey foreign key (review_id, expert_id)
    references public.reviews (id, expert_id) on delete cascade
);
comment on table public.review_replies is
  'The mentor''s public reply. A separate table, so that rights on a review give no rights on its reply.';
create index review_replies_expert_id_idx on public.review_replies (expert_id);
alter table public.review_replies enable row level security;

create table private.review_events (
  id bigint generated always as identity primary key,
  booking_id uuid not null,
  expert_id uuid not null,
  kind text not null constraint review_events_kind_known check (kind in ('written', 'changed', 'withdrawn')),
  actor_id uuid,
  rating integer not null,
  created_at timestamptz not null default now(),
  constraint review_events_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id)
);
comment on table private.review_events is
  'The changes of a booking''s review, written by its trigger alone. Keeps the stars, for the operator, but not the text '
  'of a deleted review.';
comment on column private.review_events.actor_id is 'Who made the change; null for the operator and the demo.';
create index review_events_booking_id_idx on private.review_events (booking_id, expert_id, id);
alter table private.review_events enable row level security;
