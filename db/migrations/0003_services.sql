-- What a mentor offers, in which lengths and at which price.

create table public.services (
  id uuid primary key default gen_random_uuid(),
  expert_id uuid not null references public.expert_profiles (id) on delete cascade,
  session_type text not null
    constraint services_session_type_known check (session_type in ('oneOnOneSession', 'groupSession', 'chatAdvice')),
  title text not null constraint services_title_length check (char_length(title) between 1 and 120),
  description text not null default '' constraint services_description_length check (char_length(description) <= 2000),
  currency text not null default 'INR' constraint services_currency_known check (currency = 'INR'),
  capacity integer not null default 1 constraint services_capacity_range check (capacity between 1 and 500),
  recording_price numeric(10, 2) constraint services_recording_price_range check (recording_price >= 0),
  enabled boolean not null default true,
  instant_confirm boolean,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint services_seats_are_for_groups check (session_type = 'groupSession' or capacity = 1)
);
comment on table public.services is 'A mentor''s offers. A deleted one stays for the bookings that name it.';
comment on column public.services.capacity is 'Seats per session; more than one only for group sessions.';
comment on column public.services.recording_price is 'Price of the recording add-on; null when it is not offered.';
comment on column public.services.instant_confirm is 'null: as the mentor''s profile says.';
create index services_expert_id_idx on public.services (expert_id);
create trigger services_touch before update on public.services
  for each row execute function private.touch_updated_at();

create table public.service_durations (
  service_id uuid not null references public.services (id) on delete cascade,
  minutes integer not null constraint service_durations_minutes_range check (minutes between 5 and 480),
  price numeric(10, 2) not null constraint service_durations_price_range check (price between 0 and 10000000),
  primary key (service_id, minutes)
);
comment on table public.service_durations is 'The lengths of a service and the price of each.';

-- The price and length that a booking is made at are those that it was judged by.
create trigger services_lock_schedule before insert or update on public.services
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();
create trigger service_durations_lock_schedule before insert or update or delete on public.service_durations
  for each statement when (current_user = 'authenticated') execute function private.lock_own_schedule();

alter table public.services enable row level security;
alter table public.service_durations enable row level security;
revoke all on public.services, public.service_durations from public, anon, authenticated, service_role;
grant select on public.services, public.service_durations to anon, authenticated, matepeak_app;
grant insert (expert_id, session_type, title, description, currency, capacity, recording_price, enabled,
              instant_confirm),
      update (session_type, title, description, currency, capacity, recording_price, enabled, instant_confirm,
              deleted_at)
  on public.services to authenticated;
grant insert (service_id, minutes, price), update (price), delete on public.service_durations to authenticated;

create policy services_read on public.services for select to anon, authenticated, matepeak_app using (true);
create policy services_insert_own on public.services for insert to authenticated
  with check (expert_id = (select auth.uid()));
create policy services_update_own on public.services for update to authenticated
  using (expert_id = (select auth.uid())) with check (expert_id = (select auth.uid()));
comment on policy services_read on public.services is 'Offers are public, deleted ones too: past bookings name them.';
comment on policy services_insert_own on public.services is 'A mentor makes his own offers.';
comment on policy services_update_own on public.services is 'A mentor edits his own offers.';

create policy service_durations_read on public.service_durations for select to anon, authenticated, matepeak_app
  using (true);
create policy service_durations_insert_own on public.service_durations for insert to authenticated
  with check (exists (select from public.services s where s.id = service_id and s.expert_id = (select auth.uid())));
create policy service_durations_update_own on public.service_durations for update to authenticated
  using (exists (select from public.services s where s.id = service_id and s.expert_id = (select auth.uid())));
create policy service_durations_delete_own on public.service_durations for delete to authenticated
  using (exists (select from public.services s where s.id = service_id and s.expert_id = (select auth.uid())));
comment on policy service_durations_read on public.service_durations is 'Prices are public.';
comment on policy service_durations_insert_own on public.service_durations is 'A mentor prices his own services.';
comment on policy service_durations_update_own on public.service_durations is 'A mentor prices his own services.';
comment on policy service_durations_delete_own on public.service_durations is 'A mentor drops his own lengths.';
