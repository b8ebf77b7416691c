-- The demo that was removed from a database does not come back to it.

create table private.demo_removals (
  removed_at timestamptz primary key default now()
);
comment on table private.demo_removals is
  'When the demo people were removed, with all that was theirs. With a row here they are never planted again. '
  'Written by npm run demo:remove only.';
alter table private.demo_removals enable row level security;
revoke all on private.demo_removals from public, anon, authenticated, service_role;
