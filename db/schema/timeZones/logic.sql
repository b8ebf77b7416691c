-- Time zones: conversion between instants and wall clocks by the rules that the app has stored.

-- A look-up, not a trial: PostgreSQL accepts names that have no rules here.
create or replace function private.is_timezone(name text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from private.zone_rules z where lower(z.timezone collate "C") = lower(is_timezone.name collate "C"))
  $$;
comment on function private.is_timezone(text) is
  'Whether this is the name of a zone in the tz database; abbreviations and offsets are not.';

create or replace function private.check_timezone() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  if new.timezone is not null and not private.is_timezone(new.timezone) then
    raise exception 'unknown time zone' using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  return new;
end
$$;
comment on function private.check_timezone() is 'Rejects a zone without stored rules.';

create or replace function private.zone_rules_of(zone text) returns private.zone_rules
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  rules private.zone_rules;
begin
  select * into rules from private.zone_rules z where lower(z.timezone collate "C") = lower(zone collate "C");
  if not found then
    raise exception 'unknown time zone: %', zone using errcode = 'check_violation', constraint = 'timezone_exists';
  end if;
  return rules;
end
$$;
comment on function private.zone_rules_of(text) is 'The rules of a zone, by its name in any case.';

create or replace function private.wall_clock(instant timestamptz, zone text) returns timestamp
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
begin
  return instant at time zone 'UTC'
    + rules.offsets[width_bucket(instant, rules.changes) + 1] * interval '1 second';
end
$$;
comment on function private.wall_clock(timestamptz, text) is
  'The wall clock of a zone. Used instead of "at time zone", which uses PostgreSQL''s own rules.';

create or replace function private.instant_of(on_date date, at_time text, zone text) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
  wall timestamp := on_date + at_time::time;
begin
  if not isfinite(wall) then
    raise exception 'no clock shows this date' using errcode = 'datetime_field_overflow';
  end if;
  -- As scheduling/zoneTable.ts: up to the later reading at a change, use the offset before it.
  return (wall - rules.offsets[width_bucket(wall, rules.wall_changes) + 1] * interval '1 second') at time zone 'UTC';
end
$$;
comment on function private.instant_of(date, text, text) is
  'Wall clock to instant; a repeated hour is taken the first time.';

create or replace function private.start_of_day(on_date date, zone text) returns timestamptz
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
declare
  rules private.zone_rules := private.zone_rules_of(zone);
  midnight timestamptz := private.instant_of(on_date, '00:00', zone);
begin
  if private.wall_clock(midnight, zone) = on_date then
    return midnight;
  end if;
  -- Midnight is skipped: the day begins with the change itself.
  return rules.changes[width_bucket(midnight, rules.changes)];
end
$$;
comment on function private.start_of_day(date, text) is
  'The first instant of a local date, as startOfDay of scheduling/zonedTime.ts.';

revoke execute on function
    private.is_timezone(text),
    private.check_timezone(),
    private.zone_rules_of(text),
    private.wall_clock(timestamptz, text),
    private.instant_of(date, text, text),
    private.start_of_day(date, text)
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;

-- private.zone_rules ---------------------------------------------------------------------------------------------------

revoke all on private.zone_rules
  from public, anon, authenticated, service_role, matepeak_app, matepeak_auth, matepeak_jobs;
grant select on private.zone_rules to matepeak_app;
drop policy if exists zone_rules_read on private.zone_rules;
create policy zone_rules_read on private.zone_rules for select to matepeak_app using (true);
comment on policy zone_rules_read on private.zone_rules is 'Zone rules are not secret; each app process computes with them.';
