-- Services: what a mentor offers, in which lengths and at which price.

create table public.services (
  id uuid primary key default private.uuid_v7(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  session_type text not null
    constraint services_session_type_known check (session_type in ('oneOnOneSession', 'groupSession', 'chatAdvice')),
  title text not null constraint services_title_length check (char_length(title) between 1 and 120),
  description text not null default '' constraint services_description_length check (char_length(description) <= 2000),
  currency text not null default 'INR' constraint services_currency_known check (currency = 'INR'),
  capacity integer not null default 1 constraint services_capacity_range check (capacity between 1 and 500),
  recording_price_minor bigint
    constraint services_recording_price_range check (recording_price_minor between 0 and 1000000000),
  enabled boolean not null default true,
  instant_confirm boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  cancel_cutoff integer not null default 0
    constraint services_cancel_cutoff_range check (cancel_cutoff between 0 and 43200),
  reschedule_cutoff integer not null default 0
    constraint services_reschedule_cutoff_range check (reschedule_cutoff between 0 and 43200),
  refund_full_cutoff integer not null default 1440
    constraint services_refund_full_cutoff_range check (refund_full_cutoff between 0 and 43200),
  refund_partial_cutoff integer not null default 120
    constraint services_refund_partial_cutoff_range check (refund_partial_cutoff between 0 and 43200),
  refund_partial_percent integer not null default 50
    constraint services_refund_partial_percent_range check (refund_partial_percent between 0 and 100),
  opens_by_booking boolean not null default true,
  min_attendees integer not null default 1,
  decide_minutes integer not null default 1440
    constraint services_decide_minutes_range check (decide_minutes between 0 and 43200),
  late_join_minutes integer not null default 0
    constraint services_late_join_range check (late_join_minutes between 0 and 480),
  constraint services_minimum_within_capacity check (min_attendees between 1 and capacity),
  constraint services_groups_alone_are_scheduled check (opens_by_booking or capacity > 1),
  constraint services_refunds_shrink check (refund_partial_cutoff <= refund_full_cutoff),
  constraint services_seats_are_for_groups check (session_type = 'groupSession' or capacity = 1),
  constraint services_title_clean check (
    title is nfc normalized and title !~ '[\u0001-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]'
    and title ~ '[^\u0001-\u0020\u007F-\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB\U000E0000-\U000E0FFF]'),
  constraint services_description_clean check (
    description is nfc normalized and description !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  constraint services_id_expert_id_key unique (id, expert_id)
);
comment on table public.services is 'A mentor''s services. A deleted one is kept for the bookings that refer to it.';
comment on column public.services.capacity is 'Seats per session; more than one only for group sessions.';
comment on column public.services.recording_price_minor is
  'Price of the recording in minor units; null when it is not offered.';
comment on column public.services.instant_confirm is 'null: the mentor''s default.';
comment on column public.services.cancel_cutoff is 'Minutes before the start until which the student may cancel.';
comment on column public.services.reschedule_cutoff is
  'Minutes before the start until which the student may move it.';
comment on column public.services.refund_full_cutoff is
  'Minutes before the start until which a student who cancels gets everything back.';
comment on column public.services.refund_partial_cutoff is
  'Minutes before the start until which a student who cancels gets refund_partial_percent back; nothing after that.';
comment on column public.services.opens_by_booking is
  'Whether the first booking opens a group session at any free time; if not, there are only those that the mentor schedules.';
comment on column public.services.min_attendees is 'With fewer at the time of the decision a group session is cancelled.';
comment on column public.services.decide_minutes is 'Minutes before the start at which that is decided.';
comment on column public.services.late_join_minutes is 'Minutes after the start until which a seat can still be booked.';
create index services_expert_id_idx on public.services (expert_id);
alter table public.services enable row level security;

create table public.service_durations (
  service_id uuid not null,
  expert_id uuid not null,
  minutes integer not null constraint service_durations_minutes_range check (minutes between 5 and 480),
  price_minor bigint not null
    constraint service_durations_price_range check (price_minor between 0 and 1000000000),
  primary key (service_id, expert_id, minutes),
  constraint service_durations_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.service_durations is 'The lengths of a service and the price of each.';
comment on column public.service_durations.price_minor is 'In minor units of the service''s currency.';
alter table public.service_durations enable row level security;
