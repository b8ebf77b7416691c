-- Administration: who runs the platform, and what they did.

create table private.administrators (
  user_id uuid primary key references auth.users (id) on delete cascade,
  granted_at timestamptz not null default now()
);
comment on table private.administrators is
  'People with the role administrator. Written by npm run admin only, as the owner of the schema: no role of requests can.';
alter table private.administrators enable row level security;

create table private.admin_log (
  id bigint generated always as identity primary key,
  happened_at timestamptz not null default now(),
  actor_id uuid,
  action text not null constraint admin_log_action_form check (action ~ '^[a-z]+(_[a-z]+)*$'),
  subject_id uuid,
  details jsonb not null default '{}',
  reason text constraint admin_log_reason_length check (char_length(reason) between 1 and 500)
    constraint admin_log_reason_clean check (
      reason is nfc normalized and reason !~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F]'),
  request_id text
);
comment on table private.admin_log is
  'What administrators did, also what they read about people. Append-only. Has ids and no names, so that it can stay when a '
  'person is deleted.';
comment on column private.admin_log.actor_id is
  'The administrator; null for the command line. No reference: the log outlives accounts.';
comment on column private.admin_log.subject_id is 'The person whom it concerns, if there is one.';
comment on column private.admin_log.request_id is 'Of the request, as in the server''s own log.';
create index admin_log_subject_id_idx on private.admin_log (subject_id, id desc);
create index admin_log_actor_id_idx on private.admin_log (actor_id, id desc);
create index admin_log_action_idx on private.admin_log (action, id desc);
alter table private.admin_log enable row level security;
