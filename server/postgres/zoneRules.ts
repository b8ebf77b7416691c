/**
 * One source of time zone rules per installation (docs/decisions/0033). Node, PostgreSQL and other Nodes have rules of
 * different releases, but stored times must be those that were offered. The app process with the newest rules writes them
 * to `private.zone_rules`, and SQL and every process compute with that table instead of their own rules.
 */
import type { ClientBase } from "pg";
import { adoptZoneTable, readZone, resolveTimeZone, type ZoneTable } from "#scheduling/zoneTable.ts";
import type { Database, Queryable } from "../platform/database/database.ts";
import type { Log } from "../platform/queue/queueLogger.ts";

/** The period of the table, epoch ms. Before and after it each process uses its own rules. */
const rulesFrom = Date.UTC(2000, 0, 1);
const rulesUntil = Date.UTC(2100, 0, 1);

/** How often a running process checks for rules written by a newer one, ms. */
const checkInterval = 60_000;

/** The tz database's release in this Node, such as '2026c'; releases sort by name. '' is older than any. */
export const ownVersion = process.versions.tz ?? "";

interface Rules {
  timezone: string;
  /** Epoch seconds. */
  changes: number[];
  /** Seconds east of UTC. */
  offsets: number[];
}

/**
 * Writes this process's rules of each zone that the table lacks or has from an older release. Coming sessions keep their
 * instant; where the rules have changed, their local date and time follow. `owner` owns the schema. Returns the zones
 * written.
 */
export async function writeZoneRules(owner: ClientBase, version = ownVersion): Promise<string[]> {
  const { rows: found } = await owner.query<{ there: boolean }>(
    "select to_regclass('private.zone_rules') is not null as there",
  );
  if (!found[0]?.there) return [];
  const { rows } = await owner.query<{ timezone: string; version: string }>(
    "select timezone, version from private.zone_rules",
  );
  const known = new Map(rows.map((row) => [row.timezone, row.version]));
  const names = (await zoneNames(owner)).filter((name) => {
    const release = known.get(name);
    return release === undefined || release < version;
  });
  const written = await owner.query<{ timezone: string }>(writeSql, [
    JSON.stringify(names.map(ownRules)),
    version,
  ]);
  await correctClocks(owner);
  return written.rows.map(({ timezone }) => timezone);
}

/** For equal rules only the release is updated. Of two concurrent processes the newer release wins. */
const writeSql = `
  with given as (
    select timezone,
      array(select to_timestamp(c::bigint) from json_array_elements_text(changes) with ordinality t (c, at) order by at) as changes,
      array(select o::integer from json_array_elements_text(offsets) with ordinality t (o, at) order by at) as offsets
    from json_to_recordset($1) as r (timezone text, changes json, offsets json)
  ), ready as (
    select timezone, changes, offsets,
      array(select (changes[i] at time zone 'UTC') + greatest(offsets[i], offsets[i + 1]) * interval '1 second'
            from generate_subscripts(changes, 1) i order by i) as wall_changes
    from given
  ), written as (
    insert into private.zone_rules as known (timezone, version, changes, wall_changes, offsets)
    select timezone, $2, changes, wall_changes, offsets from ready
    on conflict (timezone) do update
      set version = excluded.version, changes = excluded.changes, wall_changes = excluded.wall_changes,
        offsets = excluded.offsets,
        changed_at = case when (known.changes, known.offsets) = (excluded.changes, excluded.offsets)
          then known.changed_at else excluded.changed_at end
      where known.version < excluded.version
    returning timezone, changed_at
  )
  select timezone from written where changed_at = now()`;

/** One transaction per mentor, which locks the mentor's row first. The next start continues an interrupted one. */
async function correctClocks(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<{ expert_id: string }>(
    `select distinct b.expert_id from public.bookings b
     where b.starts_at > now() and b.status in ('pending', 'confirmed')
       and b.mentor_timezone in (
         select timezone from private.zone_rules where changed_at > now() - interval '1 day')
       and b.scheduled_date + b.scheduled_time::time <> private.wall_clock(b.starts_at, b.mentor_timezone)`,
  );
  for (const { expert_id } of rows) await owner.query("select private.correct_mentor_clock($1)", [expert_id]);
}

/** All zones of this process, and the links among PostgreSQL's names, which no other source lists. */
async function zoneNames(executor: Queryable): Promise<string[]> {
  const { rows } = await executor.query<{ name: string }>("select name from pg_timezone_names");
  const names = [...Intl.supportedValuesOf("timeZone"), "UTC", "GMT", ...rows.map(({ name }) => name)];
  const resolved = names.map(resolveTimeZone).filter((name) => name !== null);
  return [...new Set(resolved)].sort();
}

function ownRules(timezone: string): Rules {
  const { changes, offsets } = readZone(timezone, rulesFrom, rulesUntil);
  return {
    timezone,
    changes: changes.slice(0, -1).map((change) => change / 1000),
    offsets: offsets.map((offset) => offset / 1000),
  };
}

/** The rules this process computes with: their state of the table, and the zones in which its own rules differ. */
let current: { state: string | undefined; differing: string[] } | undefined;

/** Changes whenever the rules of a zone do. */
async function readState(executor: Queryable): Promise<string | undefined> {
  const { rows } = await executor.query<{ state: string }>(
    "select count(*) || ' ' || max(changed_at) as state from private.zone_rules",
  );
  return rows[0]?.state;
}

/** Makes this process compute with the stored rules. Returns the zones in which its own rules differ. */
export async function adoptZoneRules(executor: Queryable): Promise<string[]> {
  // Before the rules: those that are written in the meantime are adopted at the next check.
  const state = await readState(executor);
  const { rows } = await executor.query<Rules>(
    `select timezone, offsets,
       array(select date_part('epoch', c)::bigint from unnest(changes) with ordinality t (c, at) order by at)::float8[] as changes
     from private.zone_rules order by timezone`,
  );
  const differing: string[] = [];
  for (const { timezone, changes, offsets } of rows) {
    if (resolveTimeZone(timezone) !== timezone) continue;
    const rules = { timezone, changes, offsets };
    const differs = JSON.stringify(ownRules(timezone)) !== JSON.stringify(rules);
    if (differs) differing.push(timezone);
    adoptZoneTable(timezone, differs ? tableOf(rules) : null);
  }
  current = { state, differing };
  return differing;
}

function tableOf({ changes, offsets }: Rules): ZoneTable {
  const at = changes.map((change) => change * 1000);
  const ms = offsets.map((offset) => offset * 1000);
  return {
    from: rulesFrom,
    until: rulesUntil,
    changes: [...at, Number.POSITIVE_INFINITY],
    offsets: ms,
    wallChanges: [
      ...at.map((change, index) => change + Math.max(ms[index]!, ms[index + 1]!)),
      Number.POSITIVE_INFINITY,
    ],
  };
}

/** Adopts the rules that another process writes while this one runs, within a minute. Returns a function that stops it. */
export function watchZoneRules(database: Database, log: Log): () => void {
  let announced: typeof current;
  const look = async () => {
    await database.asSystem("computes with the shared rules of time zones", null, async ({ client }) => {
      if ((await readState(client)) !== current?.state) await adoptZoneRules(client);
    });
    if (announced === current) return;
    announced = current;
    log.info({ tz: ownVersion, differing: current?.differing }, "Time zone rules are those of the database");
  };
  const tick = () => look().catch((err: unknown) => log.warn({ err }, "Time zone rules could not be read"));
  void tick();
  const timer = setInterval(tick, checkInterval).unref();
  return () => clearInterval(timer);
}
