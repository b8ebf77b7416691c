-- Alerts: a student wants to be notified of a mentor's free time.

create table public.availability_alerts (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references auth.users (id) on delete cascade,
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  service_id uuid not null,
  duration integer not null constraint availability_alerts_duration_range check (duration between 5 and 480),
  from_date date not null,
  to_date date not null,
  timezone text not null,
  status text not null default 'active'
    constraint availability_alerts_status_known check (status in ('active', 'fired', 'expired')),
  fired_at timestamptz,
  created_at timestamptz not null default now(),
  constraint availability_alerts_range_length check (to_date - from_date between 0 and 61),
  constraint availability_alerts_fired_once check ((status = 'fired') = (fired_at is not null)),
  constraint availability_alerts_id_expert_id_key unique (id, expert_id),
  constraint availability_alerts_service_id_fkey foreign key (service_id, expert_id)
    references public.services (id, expert_id) on delete cascade
);
comment on table public.availability_alerts is 'A student''s wish to be notified, once, of a free time of a mentor on some days.';
comment on column public.availability_alerts.timezone is 'The zone of the two dates: the student''s.';
create index availability_alerts_user_id_idx on public.availability_alerts (user_id, created_at desc);
create index availability_alerts_expert_id_idx on public.availability_alerts (expert_id);
create index availability_alerts_active_idx on public.availability_alerts (expert_id) where status = 'active';
-- Both for the daily clean-up. The days of an alert end at the midnight of its zone.
create index availability_alerts_to_expire_idx on public.availability_alerts (timezone, to_date) where status = 'active';
create index availability_alerts_to_delete_idx on public.availability_alerts (created_at) where status <> 'active';
create index availability_alerts_service_id_idx on public.availability_alerts (service_id, expert_id);
create unique index availability_alerts_active_key
  on public.availability_alerts (user_id, expert_id, service_id, duration, from_date, to_date)
  where status = 'active';
alter table public.availability_alerts enable row level security;
