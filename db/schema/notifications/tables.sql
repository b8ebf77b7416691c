-- Notifications: the inbox.

create table public.notifications (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  kind text not null constraint notifications_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  booking_id uuid references public.bookings (id),
  request_id uuid references public.time_requests (id),
  payload jsonb not null default '{}',
  dedupe_key text collate "C" not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint notifications_user_id_dedupe_key_key unique (user_id, dedupe_key)
);
comment on table public.notifications is 'A person''s inbox in the app. Written by jobs.';
comment on column public.notifications.payload is 'The facts for the message as they were then: names, title, start, reason.';
comment on column public.notifications.dedupe_key is
  'Identifies the occasion, after its month: a job that runs twice adds one message.';
create index notifications_user_id_created_at_idx on public.notifications (user_id, created_at desc, id desc);
create index notifications_unread_idx on public.notifications (user_id) where read_at is null;
create index notifications_booking_id_idx on public.notifications (booking_id);
create index notifications_request_id_idx on public.notifications (request_id);
create index notifications_created_at_idx on public.notifications (created_at);
-- For the messages of alerts and waitlists, which refer to the mentor by the service alone.
create index notifications_alert_service_idx on public.notifications ((payload ->> 'service_id'))
  where kind in ('alert_fired', 'waitlist_offer', 'waitlist_lapsed');
alter table public.notifications enable row level security;
