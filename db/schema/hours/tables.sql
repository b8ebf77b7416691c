-- Hours: windows and days off in wall-clock time of the mentor's zone, and weeks spent in another zone.

create table public.availability_slots (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  day_of_week integer constraint availability_slots_day_of_week_range check (day_of_week between 0 and 6),
  start_time text not null
    constraint availability_slots_start_time_form check (start_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  end_time text not null
    constraint availability_slots_end_time_form check (end_time ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'),
  is_recurring boolean not null default true,
  specific_date date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  replaces_weekly boolean not null default false,
  constraint availability_slots_day_or_date check (
    (is_recurring and day_of_week is not null and specific_date is null)
    or (not is_recurring and day_of_week is null and specific_date is not null)
  ),
  constraint availability_slots_replaces_on_a_date check (not (replaces_weekly and is_recurring)),
  constraint availability_slots_id_expert_id_key unique (id, expert_id)
);
comment on table public.availability_slots is
  'Windows in which a mentor takes sessions: weekly, or on one date on top of the weekly ones.';
comment on column public.availability_slots.day_of_week is '0 Sunday to 6 Saturday, in the mentor''s zone.';
comment on column public.availability_slots.end_time is
  '24:00 or 00:00 is midnight; an end at or before the start runs into the next day.';
comment on column public.availability_slots.replaces_weekly is
  'Dated windows only: replaces the weekly windows that begin on the same date. One such row is enough.';
create index idx_availability_slots_expert_id on public.availability_slots (expert_id);
create index idx_availability_slots_day_of_week on public.availability_slots (day_of_week);
-- The same window twice is a mistake, not more time.
create unique index availability_slots_weekly_key
  on public.availability_slots (expert_id, day_of_week, start_time, end_time) where is_recurring;
create unique index availability_slots_dated_key
  on public.availability_slots (expert_id, specific_date, start_time, end_time) where not is_recurring;
-- For the weekly clean-up.
create index availability_slots_specific_date_idx on public.availability_slots (specific_date) where not is_recurring;
alter table public.availability_slots enable row level security;

create table public.blocked_dates (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  date date not null,
  reason text constraint blocked_dates_reason_length check (char_length(reason) <= 500),
  created_at timestamptz not null default now(),
  constraint blocked_dates_expert_id_date_key unique (expert_id, date),
  constraint blocked_dates_reason_clean check (
    reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint blocked_dates_id_expert_id_key unique (id, expert_id)
);
comment on table public.blocked_dates is 'Whole days off, midnight to midnight in the mentor''s zone.';
comment on column public.blocked_dates.reason is 'For the mentor alone: no other role is granted this column.';
create index idx_blocked_dates_expert_id on public.blocked_dates (expert_id);
create index idx_blocked_dates_date on public.blocked_dates (date);
alter table public.blocked_dates enable row level security;

create table public.timezone_periods (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  starts_on date not null,
  ends_on date not null,
  timezone text not null,
  created_at timestamptz not null default now(),
  constraint timezone_periods_ends_after_start check (starts_on <= ends_on),
  -- Also the index of the foreign key.
  constraint timezone_periods_no_overlap exclude using gist (
    expert_id with =, daterange(starts_on, ends_on, '[]') with &&),
  constraint timezone_periods_id_expert_id_key unique (id, expert_id)
);
comment on table public.timezone_periods is
  'Travel: from one date to another, both included, the mentor''s hours and days off are in another zone '
  '(docs/decisions/0010).';
comment on column public.timezone_periods.timezone is 'IANA zone in force on these dates instead of the profile''s.';
create index timezone_periods_ends_on_idx on public.timezone_periods (ends_on);
alter table public.timezone_periods enable row level security;
