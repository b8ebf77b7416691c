-- Time zones: one source of rules for everything that is stored. PostgreSQL's zone files and the app's differ, in
-- different zones with every release of either, so SQL reads the rules that the app has stored
-- (server/postgres/zoneRules.ts).

create table private.zone_rules (
  timezone text primary key,
  version text not null, -- Release of the tz database, such as 2026c.
  changes timestamptz[] not null,
  wall_changes timestamp[] not null, -- The clock at `changes`: the later of its two readings.
  offsets integer[] not null, -- Seconds east of UTC: before the first change, after it, after the second, …
  changed_at timestamptz not null default now(),
  constraint zone_rules_fit check (
    cardinality(wall_changes) = cardinality(changes) and cardinality(offsets) = cardinality(changes) + 1)
);
comment on table private.zone_rules is
  'Clock changes of every time zone from 2000 to 2099, links included. Written by the app with the newest rules, at start-up.';
alter table private.zone_rules alter column changes set storage main;
alter table private.zone_rules alter column wall_changes set storage main;
alter table private.zone_rules alter column offsets set storage main;
create unique index idx_zone_rules_name on private.zone_rules (lower(timezone collate "C"));
alter table private.zone_rules enable row level security;
