import type { ClientBase } from "pg";
import { keptColumns, readSequences, type SequencePosition, type Table } from "./tables.ts";

/** PostgreSQL's own figures for a table's rows, independent of their order. */
interface TableFingerprint {
  rows: number;
  /** The sum of each money column, in minor units, regardless of the currency. */
  sums: Record<string, string>;
  /** Sum over all rows of the first 60 bits of the row's MD5: any row that differs changes it. */
  checksum: string;
}

export interface Fingerprint {
  tables: Record<string, TableFingerprint>;
  sequences: Record<string, SequencePosition>;
}

/** Settings that affect how values are written: the same when a backup is made, loaded and compared. */
export async function writeValuesAlike(client: ClientBase): Promise<void> {
  // row_security off: a policy that would hide rows causes an error instead of an incomplete backup.
  await client.query(
    `set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres';
     set local extra_float_digits = 1; set local bytea_output = 'hex'; set local row_security = off;
     set local search_path = ''; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
     set local client_encoding = 'UTF8'; set local standard_conforming_strings = on`,
  );
}

/** `client` owns the schema and is in a transaction of `writeValuesAlike`. */
export async function takeFingerprint(client: ClientBase, tables: readonly Table[]): Promise<Fingerprint> {
  const found: Record<string, TableFingerprint> = {};
  for (const table of tables) found[table.name] = await fingerprintTable(client, table);
  return { tables: found, sequences: await readSequences(client) };
}

async function fingerprintTable(client: ClientBase, table: Table): Promise<TableFingerprint> {
  const sums = table.sums.map((column) => `coalesce(sum(${column}), 0)::text`);
  const { rows } = await client.query<{ rows: string; checksum: string; sums: string[] }>(
    `select count(*)::text as rows, array[${sums.join(", ")}]::text[] as sums,
       coalesce(sum(('x' || left(md5(kept::text), 15))::bit(60)::bigint), 0)::text as checksum
     from (select ${keptColumns(table)} from ${table.name}) as kept`,
  );
  const [row] = rows;
  if (!row) throw new Error(`${table.name} has no fingerprint.`);
  return {
    rows: Number(row.rows),
    sums: Object.fromEntries(table.sums.map((column, index) => [column, row.sums[index] ?? ""])),
    checksum: row.checksum,
  };
}

/** The differences of two fingerprints, one line each; empty when they are equal. */
export function differences(kept: Fingerprint, found: Fingerprint): string[] {
  const lines: string[] = [];
  for (const name of namesOf(kept.tables, found.tables)) {
    const [one, other] = [kept.tables[name], found.tables[name]];
    if (!one || !other) lines.push(`${name} is ${one ? "missing" : "not in the backup"}`);
    else lines.push(...tableDifferences(name, one, other));
  }
  for (const name of namesOf(kept.sequences, found.sequences)) {
    const [one, other] = [kept.sequences[name], found.sequences[name]].map((position) =>
      position ? `${position.last_value}${position.is_called ? "" : " (not used)"}` : "missing",
    );
    if (one !== other) lines.push(`${name} is at ${other} instead of ${one}`);
  }
  return lines;
}

function tableDifferences(name: string, kept: TableFingerprint, found: TableFingerprint): string[] {
  const lines: string[] = [];
  if (kept.rows !== found.rows) lines.push(`${name} has ${found.rows} rows instead of ${kept.rows}`);
  for (const column of namesOf(kept.sums, found.sums)) {
    const [one, other] = [kept.sums[column], found.sums[column]];
    if (one !== other) lines.push(`${name}.${column} adds up to ${other} instead of ${one}`);
  }
  if (lines.length === 0 && kept.checksum !== found.checksum) lines.push(`${name} has rows that differ`);
  return lines;
}

function namesOf(one: object, other: object): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
