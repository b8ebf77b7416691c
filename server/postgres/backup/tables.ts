import type { ClientBase } from "pg";
import { BackupError } from "./backupError.ts";

/** The schemas with the app's rows. The last one is the job queue's. */
const backedUpSchemas = ["auth", "private", "public", "graphile_worker"] as const;

/**
 * Written by the migrations, or by the restoring app with its own zone rules. Unlogged tables are not backed up either,
 * because their rows are short-lived.
 */
const writtenByMigrations = ["private.schema_migrations", "private.zone_rules", "graphile_worker.migrations"];

/**
 * Rows that give access without a password. They are never backed up or restored: a session that ended after the backup
 * must stay ended, and a stolen backup must not give access.
 */
export const leftOut: readonly string[] = ["auth.sessions", "auth.verifications"];

/** Which worker holds a job is valid only at that moment: in a restored queue no job is held. */
const momentary: Readonly<Record<string, readonly string[]>> = {
  "graphile_worker._private_jobs": ["locked_at", "locked_by"],
  "graphile_worker._private_job_queues": ["locked_at", "locked_by"],
};

export interface Table {
  /** With its schema, quoted where SQL needs it. */
  name: string;
  /** The writable columns, in their order, without generated ones. Quoted. */
  columns: string[];
  /** Columns of money in minor units. Quoted. */
  sums: string[];
}

interface TableRow extends Table {
  ours: boolean;
  refers_to: string[];
}

/**
 * The tables to back up, each after those it refers to, deferrable references aside. `client` owns the schema.
 * @throws BackupError if some have another owner, or refer to each other in a circle
 */
export async function readTables(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<TableRow>(tablesSql, [backedUpSchemas]);
  const tables = rows.filter(({ name }) => !writtenByMigrations.includes(name) && !leftOut.includes(name));
  const foreign = tables.find(({ ours }) => !ours);
  if (foreign) {
    throw new BackupError(
      `${foreign.name} has another owner (on Supabase, the platform): back up this database with its provider's tools.`,
    );
  }
  return inOrder(tables);
}

function inOrder(tables: readonly TableRow[]): Table[] {
  const ordered: Table[] = [];
  let left = tables;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const ready = left.filter(
      ({ name, refers_to }) => !refers_to.some((other) => other !== name && waiting.has(other)),
    );
    if (ready.length === 0)
      throw new BackupError(`These tables refer to each other: ${[...waiting].join(", ")}.`);
    ordered.push(...ready.map(({ name, columns, sums }) => ({ name, columns, sums })));
    left = left.filter((table) => !ready.includes(table));
  }
  return ordered;
}

/** The expressions of a table's columns as they are backed up. */
export function keptColumns({ name, columns }: Pick<Table, "name" | "columns">): string {
  const blanks = momentary[name] ?? [];
  return columns.map((column) => (blanks.includes(column) ? `null as ${column}` : column)).join(", ");
}

export interface SequencePosition {
  last_value: string;
  is_called: boolean;
}

/** The value of each sequence. Sequences ignore snapshots, so read them after the rows: then they are never behind. */
export async function readSequences(client: ClientBase): Promise<Record<string, SequencePosition>> {
  const { rows } = await client.query<{ name: string }>(sequencesSql, [backedUpSchemas]);
  const positions: Record<string, SequencePosition> = {};
  for (const { name } of rows) {
    const found = await client.query<SequencePosition>(
      `select last_value::text as last_value, is_called from ${name}`,
    );
    const [position] = found.rows;
    if (position) positions[name] = position;
  }
  return positions;
}

const tablesSql = `
  select format('%I.%I', n.nspname, c.relname) as name, pg_has_role(c.relowner, 'usage') as ours,
    array(select format('%I', a.attname) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by a.attnum) as columns,
    array(select format('%I', a.attname) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        and a.attname like '%\\_minor' order by a.attnum) as sums,
    array(select distinct format('%I.%I', rn.nspname, r.relname)
      from pg_constraint k join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
      where k.conrelid = c.oid and k.contype = 'f' and not k.condeferrable) as refers_to
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
  order by n.nspname, c.relname`;

const sequencesSql = `
  select format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any ($1) and c.relkind = 'S' order by n.nspname, c.relname`;
