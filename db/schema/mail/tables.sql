-- Mail: messages on their way to people, and what each person wants to get.

create table private.deliveries (
  id uuid primary key default private.uuid_v7(),
  channel text not null constraint deliveries_channel_known check (channel in ('email')),
  user_id uuid references auth.users (id) on delete cascade,
  address text constraint deliveries_address_length check (char_length(address) <= 254),
  kind text not null constraint deliveries_kind_form check (kind ~ '^[a-z]+(_[a-z]+)*$'),
  occasion text collate "C" not null,
  content jsonb not null,
  sealed_code bytea,
  is_urgent boolean not null,
  state text not null default 'waiting'
    constraint deliveries_state_known check (state in ('waiting', 'sent', 'undeliverable', 'dropped')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  constraint deliveries_have_a_recipient check (user_id is not null or address is not null),
  constraint deliveries_ended_when_not_waiting check ((state = 'waiting') = (ended_at is null)),
  constraint deliveries_once unique nulls not distinct (channel, user_id, address, occasion)
);
comment on table private.deliveries is
  'One message to one person about one occasion on one channel: written in the transaction that causes it, sent by a worker.';
comment on column private.deliveries.address is
  'Where it goes if that is not the account''s address when it is sent.';
comment on column private.deliveries.occasion is
  'Identifies the occasion, after its month: what is written twice is sent once.';
comment on column private.deliveries.content is 'The facts as they were then; emptied when it was sent or dropped.';
comment on column private.deliveries.sealed_code is
  'A code for signing in or the like, encrypted by the app; removed when it was sent or dropped.';
comment on column private.deliveries.is_urgent is 'Sent before all that are not, also in quiet hours.';
comment on column private.deliveries.due_at is
  'When it is to be sent. A worker that claims it postpones this for as long as it may take, so that another one takes over '
  'if it is killed.';
comment on column private.deliveries.expires_at is 'After this it is no longer sent.';
create index deliveries_due_idx on private.deliveries (is_urgent desc, due_at) where state = 'waiting';
create index deliveries_user_id_idx on private.deliveries (user_id);
create index deliveries_undeliverable_idx on private.deliveries (ended_at desc, id desc) where state = 'undeliverable';
create index deliveries_ended_at_idx on private.deliveries (ended_at) where state <> 'waiting';
alter table private.deliveries enable row level security;

create table private.unreachable_addresses (
  address text primary key constraint unreachable_addresses_lower check (address = lower(address)),
  reason text not null,
  since timestamptz not null default now()
);
comment on table private.unreachable_addresses is
  'Addresses that their mail server rejected for good. They get codes only, which show that they can be reached again.';
alter table private.unreachable_addresses enable row level security;

create table private.local_mail (
  id uuid primary key default private.uuid_v7(),
  address text not null,
  subject text not null,
  source bytea not null,
  created_at timestamptz not null default now()
);
comment on table private.local_mail is
  'The local mailbox of an app without a mail server: whole messages (RFC 5322), shown at /dev/mail.';
create index local_mail_created_at_idx on private.local_mail (created_at desc, id desc);
alter table private.local_mail enable row level security;

create table public.notification_settings (
  user_id uuid primary key references auth.users (id) on delete cascade,
  muted text[] not null default '{}'
    constraint notification_settings_muted_known check (muted <@ array[
      'inbox:bookings', 'inbox:reminders', 'inbox:time_requests', 'inbox:alerts', 'inbox:reviews', 'inbox:payments',
      'inbox:calendars',
      'email:bookings', 'email:reminders', 'email:time_requests', 'email:alerts', 'email:reviews', 'email:payments',
      'email:calendars']),
  reminder_leads integer[] not null default '{1440,60}'
    constraint notification_settings_leads_known check (
      reminder_leads <@ array[15, 30, 60, 120, 240, 720, 1440, 2880, 10080] and cardinality(reminder_leads) <= 4),
  quiet_from text constraint notification_settings_quiet_from_form check (quiet_from ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  quiet_until text
    constraint notification_settings_quiet_until_form check (quiet_until ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  updated_at timestamptz not null default now(),
  constraint notification_settings_quiet_has_both check (
    (quiet_from is null) = (quiet_until is null) and (quiet_from is null or quiet_from <> quiet_until))
);
comment on table public.notification_settings is 'What a person wants to be notified of, and how. No row: the defaults.';
comment on column public.notification_settings.muted is 'Topics that do not reach a channel: "<channel>:<topic>".';
comment on column public.notification_settings.reminder_leads is 'How long before a session to remind, minutes.';
comment on column public.notification_settings.quiet_from is
  'HH:MM in the person''s zone. What is not urgent waits from then until quiet_until; null: no quiet hours.';
alter table public.notification_settings enable row level security;

create table private.reminders (
  booking_id uuid not null,
  expert_id uuid not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  lead integer not null,
  due_at timestamptz not null,
  primary key (booking_id, expert_id, user_id, lead),
  constraint reminders_booking_id_fkey foreign key (booking_id, expert_id)
    references public.bookings (id, expert_id) on delete cascade
);
comment on table private.reminders is 'When to remind which person of a session. A row is deleted as its message is written.';
comment on column private.reminders.lead is 'How long before the start, minutes.';
create index reminders_due_at_idx on private.reminders (due_at);
create index reminders_user_id_idx on private.reminders (user_id);
alter table private.reminders enable row level security;
