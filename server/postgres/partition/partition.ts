import { type Client, escapeIdentifier, escapeLiteral } from "pg";
import { StartupError } from "../../platform/startupError.ts";
import { withQualifiedNames } from "../distribute/catalogue.ts";
import { migrate, migrationLock } from "../migrate.ts";

/** A table that becomes a partitioned one. */
interface Divided {
  table: string;
  /** What decides on a row's partition: a mentor, a time, or a text that begins with a month (server/mail/occasion.ts). */
  by: { hashOf: "expert_id" } | { monthOf: "created_at" } | { monthIn: "dedupe_key" | "occasion" };
}

const divided: readonly Divided[] = [
  { table: "public.occupancies", by: { hashOf: "expert_id" } },
  { table: "public.bookings", by: { hashOf: "expert_id" } },
  { table: "public.booking_events", by: { monthOf: "created_at" } },
  { table: "public.notifications", by: { monthIn: "dedupe_key" } },
  { table: "private.deliveries", by: { monthIn: "occasion" } },
];

/** Exclusion constraints of partitioned tables. */
const oldestServer = 170_000;
const monthsAhead = 24;
/** An older row is in no month: its id or its time is not from now. */
const monthsBack = 24;

export interface Partitioned {
  partitions: number;
  rows: Record<string, number>;
  /** References that name no mentor, so that no partitioned table can have the key for them. */
  dropped: string[];
}

/**
 * Divides the tables that grow with each booking, in one transaction; on a divided database, makes the months that are missing.
 * The app must not run. What logic files define is applied again afterwards, here or by the next start.
 * @throws StartupError without any change
 */
export async function partition(client: Client, { parts = 16 } = {}): Promise<Partitioned> {
  const isDivided = await readIsDivided(client);
  await client.query("select pg_advisory_lock($1)", [migrationLock]);
  let done: Partitioned;
  try {
    await client.query("begin");
    done = isDivided ? await addMonths(client) : await divideAll(client, parts);
    // The next migrate() applies every logic file: triggers, policies, grants, and functions that return rows.
    await client.query("delete from private.schema_migrations where name like '%/%'");
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [migrationLock]);
  }
  await migrate(client);
  for (const { table } of divided) await client.query(`analyze ${table}`);
  return done;
}

async function readIsDivided(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ version: string; kind: string | null }>(
    `select current_setting('server_version_num') as version,
       (select relkind::text from pg_class where oid = to_regclass('public.bookings')) as kind`,
  );
  const [{ version, kind } = { version: "0", kind: null }] = rows;
  if (Number(version) < oldestServer)
    throw new StartupError("Partitions of the ledger need PostgreSQL 17 or newer; nothing was changed.");
  if (kind === null)
    throw new StartupError("The app has not started on this database yet; nothing was changed.");
  return kind === "p";
}

interface Definition {
  table: string;
  name: string;
  definition: string;
}

async function divideAll(client: Client, parts: number): Promise<Partitioned> {
  const tables = divided.map(({ table }) => table);
  const references = await readReferences(client, tables);
  const keys = await readKeys(client, tables);
  const indexes = await readIndexes(client, tables);
  for (const { table, name } of references)
    await client.query(`alter table ${table} drop constraint ${escapeIdentifier(name)}`);
  const rows: Record<string, number> = {};
  let partitions = 0;
  for (const one of divided) {
    partitions += await divide(client, one, parts);
    rows[one.table] = await countRows(client, one.table);
  }
  for (const { table, by } of divided) {
    for (const key of keys.filter((key) => key.table === table)) await addKey(client, key, columnOf(by));
  }
  for (const { definition } of indexes) await client.query(definition);
  await nameKeysLikeTheirs(client, tables);
  const isPossible = ({ definition }: Definition) =>
    !tables.some((table) => definition.includes(` REFERENCES ${table}(id)`));
  for (const { table, name, definition } of references.filter(isPossible))
    await client.query(`alter table ${table} add constraint ${escapeIdentifier(name)} ${definition}`);
  const dropped = references.filter((reference) => !isPossible(reference));
  return { partitions, rows, dropped: dropped.map(({ table, name }) => `${table}.${name}`) };
}

/** Up to two years ahead. What was in no month because there was none yet moves into it. */
async function addMonths(client: Client): Promise<Partitioned> {
  const rows: Record<string, number> = {};
  let partitions = 0;
  for (const { table, by } of divided) {
    if ("hashOf" in by) continue;
    const [, relation = ""] = table.split(".");
    const others = `month_others.${relation}`;
    const then = `${relation}_then`;
    await client.query(`alter table ${table} detach partition ${others}`);
    await client.query(`alter table ${others} rename to ${then}`);
    // One of them only replaces the old part of the others.
    partitions += (await makeParts(client, table, await monthsOf(client, table, by))) - 1;
    // Moved, not written: nothing is announced.
    await client.query(`alter table ${table} disable trigger user`);
    const { rowCount } = await client.query(
      `insert into ${table} overriding system value select * from month_others.${then}`,
    );
    await client.query(`alter table ${table} enable trigger user`);
    await client.query(`drop table month_others.${then}`);
    rows[table] = rowCount ?? 0;
  }
  if (partitions === 0)
    throw new StartupError("This database is partitioned already, for two years; nothing was changed.");
  await nameKeysLikeTheirs(
    client,
    divided.map(({ table }) => table),
  );
  return { partitions, rows, dropped: [] };
}

function columnOf(by: Divided["by"]): string {
  if ("hashOf" in by) return by.hashOf;
  return "monthOf" in by ? by.monthOf : by.monthIn;
}

async function divide(client: Client, { table, by }: Divided, parts: number): Promise<number> {
  const [schema = "", relation = ""] = table.split(".");
  const whole = `${relation}_whole`;
  const column = columnOf(by);
  const { rows } = await client.query<{ comment: string; sequence: string | null }>(
    `select obj_description($1::text::regclass, 'pg_class') as comment,
       pg_get_serial_sequence($1::text, 'id') as sequence`,
    [table],
  );
  const [{ comment, sequence } = { comment: "", sequence: null }] = rows;
  await client.query(`alter table ${table} rename to ${whole}`);
  await client.query(
    `create table ${table} (like ${schema}.${whole} including defaults including constraints including comments including identity)
     partition by ${"hashOf" in by ? "hash" : "range"} (${column})`,
  );
  const partitions =
    "hashOf" in by
      ? Array.from({ length: parts }, (_, index) => ({
          schema: `part_${index}`,
          values: `for values with (modulus ${parts}, remainder ${index})`,
        }))
      : await monthsOf(client, `${schema}.${whole}`, by);
  const made = await makeParts(client, table, partitions);
  await client.query(`insert into ${table} overriding system value select * from ${schema}.${whole}`);
  await client.query(`comment on table ${table} is ${escapeLiteral(comment)}`);
  // Also what logic files will define again: policies of other tables that ask this one, and functions that return its rows.
  await client.query(`drop table ${schema}.${whole} cascade`);
  await client.query(`alter table ${table} enable row level security`);
  if (sequence) await restoreSequence(client, table, sequence);
  return made;
}

interface Part {
  schema: string;
  values: string;
}

/** Those that are missing. Returns how many they were. */
async function makeParts(client: Client, table: string, parts: readonly Part[]): Promise<number> {
  const [, relation = ""] = table.split(".");
  let made = 0;
  for (const { schema, values } of parts) {
    // Named like the table, and so are its keys: an error names the key that it breaks, by which the app knows it.
    const name = `${schema}.${relation}`;
    const { rows } = await client.query<{ part: string | null }>("select to_regclass($1) as part", [name]);
    if (rows[0]?.part) continue;
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`create table ${name} partition of ${table} ${values}`);
    // Rows are reached through the table, whose policies and grants decide.
    await client.query(`alter table ${name} enable row level security`);
    await client.query(`comment on table ${name} is ${escapeLiteral(`A part of ${table}.`)}`);
    made++;
  }
  return made;
}

/** The old one went with its table, and grants name it. */
async function restoreSequence(client: Client, table: string, old: string): Promise<void> {
  const { rows } = await client.query<{ made: string }>("select pg_get_serial_sequence($1, 'id') as made", [
    table,
  ]);
  const [, name = ""] = old.split(".");
  await client.query(`alter sequence ${rows[0]?.made} rename to ${name}`);
  await client.query(`select setval($1, (select coalesce(max(id), 0) + 1 from ${table}), false)`, [old]);
}

async function monthsOf(
  client: Client,
  whole: string,
  by: Exclude<Divided["by"], { hashOf: string }>,
): Promise<Part[]> {
  const isTime = "monthOf" in by;
  const bound = (month: string) => (isTime ? `(${month})::text || 'Z'` : `to_char(${month}, 'YYYY-MM')`);
  const oldest = isTime
    ? `(select min(${by.monthOf}) from ${whole}) at time zone 'UTC'`
    : `(select to_date(min(${by.monthIn}), 'YYYY-MM') from ${whole}
        where ${by.monthIn} ~ '^\\d{4}-\\d\\d:' and ${by.monthIn} >= to_char(this - make_interval(months => $2), 'YYYY-MM'))`;
  const { rows } = await client.query<{ schema: string; begins: string; ends: string }>(
    `select to_char(month, '"month_"YYYY_MM') as schema, ${bound("month")} as begins,
       ${bound("month + interval '1 month'")} as ends
     from date_trunc('month', now() at time zone 'UTC') this,
       generate_series(
         date_trunc('month', least(${oldest}, this)), this + make_interval(months => $1), interval '1 month') month`,
    isTime ? [monthsAhead] : [monthsAhead, monthsBack],
  );
  return [
    ...rows.map(({ schema, begins, ends }) => ({
      schema,
      values: `for values from ('${begins}') to ('${ends}')`,
    })),
    // What is later, until months are added, and what has no month.
    { schema: "month_others", values: "default" },
  ];
}

async function countRows(client: Client, table: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? 0;
}

/** Gives the keys of partitions that are named like their table the names of the table's keys. */
async function nameKeysLikeTheirs(client: Client, tables: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ part: string; name: string }>(
    `select format('%I.%I', n.nspname, part.relname) as part, whole.relname as name
     from pg_inherits h join pg_class part on part.oid = h.inhrelid join pg_class whole on whole.oid = h.inhparent
       join pg_namespace n on n.oid = part.relnamespace join pg_index i on i.indexrelid = whole.oid
     where i.indrelid = any ($1::text[]::regclass[]) and (i.indisunique or i.indisexclusion) and n.nspname ~ '^(part|month)_' and part.relname <> whole.relname`,
    [tables],
  );
  for (const { part, name } of rows)
    await client.query(`alter index ${part} rename to ${escapeIdentifier(name)}`);
}

/** The primary key gets the column that decides on the partition, and replaces the unique key that has both. */
async function addKey(
  client: Client,
  { table, name, definition }: Definition,
  column: string,
): Promise<void> {
  const isPrimary = definition.startsWith("PRIMARY KEY (");
  if (isPrimary && !definition.includes(column)) {
    await client.query(
      `alter table ${table} add constraint ${escapeIdentifier(name)} ${definition.replace(/\)$/, `, ${column})`)}`,
    );
  } else if (definition !== `UNIQUE (id, ${column})`) {
    await client.query(`alter table ${table} add constraint ${escapeIdentifier(name)} ${definition}`);
  }
}

const qualified = "format('%I.%I', n.nspname, c.relname)";

async function readReferences(client: Client, tables: readonly string[]): Promise<Definition[]> {
  return read(
    client,
    `select ${qualified} as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and (k.conrelid = any ($1::text[]::regclass[]) or k.confrelid = any ($1::text[]::regclass[]))
     order by 1, 2`,
    tables,
  );
}

async function readKeys(client: Client, tables: readonly string[]): Promise<Definition[]> {
  return read(
    client,
    `select ${qualified} as table, k.conname as name, pg_get_constraintdef(k.oid) as definition
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype in ('p', 'u', 'x') and k.conrelid = any ($1::text[]::regclass[]) order by 1, 2`,
    tables,
  );
}

async function readIndexes(client: Client, tables: readonly string[]): Promise<Definition[]> {
  return read(
    client,
    `select ${qualified} as table, x.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
       join pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = any ($1::text[]::regclass[])
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
     order by 1, 2`,
    tables,
  );
}

async function read(client: Client, query: string, tables: readonly string[]): Promise<Definition[]> {
  return withQualifiedNames(client, async () => (await client.query<Definition>(query, [tables])).rows);
}
