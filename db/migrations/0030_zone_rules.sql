-- One source of time zone rules for everything that is stored. PostgreSQL's own zone files and the app's differ, in other
-- zones with every release of either: times of day written by SQL were not those that had been offered. From here on SQL
-- reads the rules that the app has written down (server/zoneRules.ts).

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
  'Clock changes of every time zone from 2000 to 2099, links included. Written at start-up by the app with the newest rules.';
-- The arrays are short and read with every booking.
alter table private.zone_rules alter column changes set storage main;
alter table private.zone_rules alter column wall_changes set storage main;
alter table private.zone_rules alter column offsets set storage main;
create unique index idx_zone_rules_name on private.zone_rules (lower(timezone collate "C"));

alter table private.zone_rules enable row level security;
revoke all on private.zone_rules from public, anon, authenticated, service_role;
grant select on private.zone_rules to matepeak_app;
create policy zone_rules_read on private.zone_rules for select to matepeak_app using (true);
comment on policy zone_rules_read on private.zone_rules is 'Rules of clocks are no secret; each app process computes with them.';

create function private.zone_rules_of(zone text) returns private.zone_rules
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
comment on function private.zone_rules_of(text) is 'The rules of a zone, whatever the capitals of its name.';

create function private.wall_clock(instant timestamptz, zone text) returns timestamp
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
  'What a zone''s clock shows. Used instead of "at time zone", which has rules of its own.';

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
  -- As scheduling/zoneTable.ts: up to the later reading at a change the offset before it is the one to use.
  return (wall - rules.offsets[width_bucket(wall, rules.wall_changes) + 1] * interval '1 second') at time zone 'UTC';
end
$$;

create function private.start_of_day(on_date date, zone text) returns timestamptz
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
  'The first instant of a local date, as startOfDay of scheduling/zonedTime.ts has it.';

-- A name is looked up, no longer tried out: what PostgreSQL alone can compute with has no rules here.
create or replace function private.is_timezone(name text) returns boolean
  language sql stable
  set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from private.zone_rules z where lower(z.timezone collate "C") = lower(is_timezone.name collate "C"))
  $$;

create or replace function private.mentor_zone_at(mentor uuid, instant timestamptz) returns text
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return coalesce(
    -- The dates on which the zone changes, each at its own midnight; the last one that has begun is in force. Most
    -- mentors do not travel, and are spared the question.
    case when exists (select from public.timezone_periods p where p.expert_id = mentor) then
      (select change.timezone
       from (
         select p.starts_on as on_date, p.timezone from public.timezone_periods p where p.expert_id = mentor
         union all
         select p.ends_on + 1, e.timezone
         from public.timezone_periods p join public.expert_profiles e on e.id = p.expert_id
         where p.expert_id = mentor and not exists (
           select from public.timezone_periods n where n.expert_id = mentor and n.starts_on = p.ends_on + 1)
       ) change
       where private.start_of_day(change.on_date, change.timezone) <= instant
       order by change.on_date desc limit 1)
    end,
    (select e.timezone from public.expert_profiles e where e.id = mentor));
end
$$;

create or replace function private.say_mentor_clock() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  wall timestamp;
begin
  -- Always, whatever the writer says: there is one source of rules.
  new.mentor_timezone := private.mentor_zone_at(new.expert_id, new.starts_at);
  wall := private.wall_clock(new.starts_at, new.mentor_timezone);
  new.scheduled_date := wall::date;
  new.scheduled_time := to_char(wall, 'HH24:MI');
  return new;
end
$$;

create function private.correct_mentor_clock(mentor uuid) returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  as $$
declare
  corrected integer;
begin
  perform private.lock_mentor(mentor);
  -- The trigger works date and time out anew.
  update public.bookings b set starts_at = b.starts_at
    where b.expert_id = mentor and b.starts_at > now() and b.status in ('pending', 'confirmed')
      and (b.scheduled_date + b.scheduled_time::time) <> private.wall_clock(b.starts_at, b.mentor_timezone);
  get diagnostics corrected = row_count;
  return corrected;
end
$$;
comment on function private.correct_mentor_clock(uuid) is
  'After a change of a zone''s rules: coming sessions keep their instant, their date and time on the clock follow.';

create or replace function private.mentors_with_past_blocked_dates() returns setof uuid
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
    select distinct p.id from public.blocked_dates b join public.expert_profiles p on p.id = b.expert_id
    -- No clock is a whole day ahead of UTC: only what may be over is asked about.
    where b.date <= (now() at time zone 'UTC')::date and b.date < private.wall_clock(now(), p.timezone)::date
    union
    select s.expert_id from public.availability_slots s
    where not s.is_recurring and s.specific_date < current_date - 60
    union
    select z.expert_id from public.timezone_periods z where z.ends_on < current_date - 365
  $$;

create or replace function private.remove_past_blocked_dates(mentor uuid) returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  removed integer;
begin
  perform private.lock_mentor(mentor);
  -- Long over: they count against the caps and serve nobody.
  delete from public.availability_slots
    where expert_id = mentor and not is_recurring and specific_date < current_date - 60;
  delete from public.timezone_periods where expert_id = mentor and ends_on < current_date - 365;
  delete from public.blocked_dates b using public.expert_profiles p
    where p.id = mentor and b.expert_id = mentor and b.date < private.wall_clock(now(), p.timezone)::date;
  get diagnostics removed = row_count;
  return removed;
end
$$;

create or replace function private.expire_alerts() returns integer
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $$
declare
  expired integer;
begin
  update public.availability_alerts set status = 'expired'
    where status = 'active' and to_date <= (now() at time zone 'UTC')::date
      and to_date < private.wall_clock(now(), timezone)::date;
  get diagnostics expired = row_count;
  delete from public.availability_alerts where status <> 'active' and created_at < now() - interval '180 days';
  return expired;
end
$$;

-- The rest of these functions stays as it is, whatever it is by now.
do $$
declare
  name text;
  before text;
  after text;
begin
  foreach name in array array['private.prepare_booking()', 'private.accept_time_proposal(uuid)'] loop
    before := pg_get_functiondef(name::regprocedure);
    after := regexp_replace(before, '\((\w+\.starts_at) at time zone ([\w.]+)\)::date', 'private.wall_clock(\1, \2)::date', 'g');
    after := regexp_replace(after, 'to_char\((\w+\.starts_at) at time zone ([\w.]+),', 'to_char(private.wall_clock(\1, \2),', 'g');
    if after = before or after ~ 'at time zone' then
      raise exception '% reads the clock in another way than expected', name;
    end if;
    execute after;
  end loop;
end
$$;

revoke execute on function
    private.zone_rules_of(text),
    private.wall_clock(timestamptz, text),
    private.start_of_day(date, text),
    private.correct_mentor_clock(uuid)
  from public, anon, authenticated, service_role;
