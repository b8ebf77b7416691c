-- The calendar feed: a private address at which calendar programs read a person's sessions.

create table public.calendar_feeds (
  user_id uuid primary key references auth.users (id) on delete cascade,
  token_hash bytea not null unique constraint calendar_feeds_hash_length check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  last_read_at timestamptz
);
comment on table public.calendar_feeds is
  'A person''s calendar feed. No row: it is off. Anyone who has the token can read the person''s sessions.';
comment on column public.calendar_feeds.token_hash is 'SHA-256 of the token in the address; the token itself is not stored.';
comment on column public.calendar_feeds.created_at is 'When the present address was created.';
comment on column public.calendar_feeds.last_read_at is 'When a calendar last asked, to within an hour.';
alter table public.calendar_feeds enable row level security;
