import {
  type CalendarConnection,
  calendarConnection,
  type OwnBusyTimes,
} from "#contract/calendarConnections.ts";
import { calendarHealth } from "#rules/calendarHealth.ts";
import { type EpochMs, fromDate } from "#scheduling/units.ts";
import type { UserTx } from "../platform/database/database.ts";

interface ConnectionRow {
  id: string;
  kind: string;
  name: string;
  server_url: string | null;
  username: string | null;
  may_write: boolean | null;
  problem: string | null;
  problem_detail: string | null;
  broken_since: Date | null;
  synced_at: Date | null;
  login_ends_at: Date | null;
  if_stale: string;
  shows_titles: boolean;
  created_at: Date;
  calendars: unknown[];
}

/** The caller's connections, or one of them, the first that was made first. */
export async function readConnections(
  { client }: UserTx,
  { now, staleMinutes }: { now: EpochMs; staleMinutes: number },
  onlyOne: string | null = null,
): Promise<CalendarConnection[]> {
  const { rows } = await client.query<ConnectionRow>(
    `select c.id, c.kind, c.name, c.server_url, c.username, c.may_write, c.problem, c.problem_detail, c.broken_since, c.synced_at,
       c.login_ends_at, c.if_stale, c.shows_titles, c.created_at,
       coalesce((
         select json_agg(json_build_object(
           'id', k.id, 'name', k.name, 'color', k.color, 'timezone', k.timezone, 'is_writable', k.is_writable,
           'counts_as_busy', k.counts_as_busy, 'receives_sessions', k.receives_sessions,
           'sessions_problem', k.entries_problem, 'sessions_problem_detail', k.entries_problem_detail,
           'missing_since', to_char(k.missing_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by k.name, k.id)
         from connected_calendars k where k.connection_id = c.id), '[]') as calendars
     from calendar_connections c where $1::uuid is null or c.id = $1 order by c.created_at, c.id`,
    [onlyOne],
  );
  return rows.map((row) => {
    const { broken_since, synced_at, login_ends_at, created_at, may_write, ...rest } = row;
    const text = (at: Date | null) => at?.toISOString() ?? null;
    return calendarConnection.parse({
      ...rest,
      permission: may_write === null ? null : may_write ? "write" : "read",
      health: calendarHealth(
        {
          syncedAt: synced_at && fromDate(synced_at),
          createdAt: fromDate(created_at),
          problem: rest.problem,
        },
        now,
        staleMinutes,
      ),
      broken_since: text(broken_since),
      synced_at: text(synced_at),
      login_ends_at: text(login_ends_at),
      created_at: created_at.toISOString(),
    });
  });
}

/** When the caller is busy by calendars that count, ascending; an event that is in several of them once, with its title if any has it. */
export async function readOwnBusyTimes(
  { client }: UserTx,
  { start, end }: { start: string; end: string },
): Promise<OwnBusyTimes["data"]> {
  const { rows } = await client.query<{
    starts_at: Date;
    ends_at: Date;
    is_all_day: boolean;
    calendar_id: string;
    calendar: string;
    title: string | null;
  }>(
    `select starts_at, ends_at, is_all_day, calendar_id, calendar, title
     from (
       select distinct on (coalesce(o.uid, e.id::text), e.during) e.id, lower(e.during) as starts_at,
         upper(e.during) as ends_at, e.is_all_day, k.id as calendar_id, k.name as calendar, e.title
       from connected_events e join connected_calendars k on k.id = e.calendar_id
         join connected_objects o on o.calendar_id = e.calendar_id and o.ref = e.ref
       where e.user_id = auth.uid() and e.during && tstzrange($1, $2) and k.counts_as_busy
       order by coalesce(o.uid, e.id::text), e.during, e.title is null, k.created_at, k.id) busy
     order by starts_at, id limit 2000`,
    [start, end],
  );
  return rows.map(({ starts_at, ends_at, ...rest }) => ({
    ...rest,
    starts_at: starts_at.toISOString(),
    ends_at: ends_at.toISOString(),
  }));
}
