import type { AdminLog, AdminPerson } from "#contract/administration.ts";

type Row = Record<string, unknown>;

/** A row as JSON has it: instants as text, ids of 64 bits as text. */
export function presentRow(row: Row): Row & { id: string } {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return { ...Object.fromEntries(entries), id: String(row.id) };
}

/** A row of private.admin_people() or private.admin_person(). */
export function presentPerson(row: Row): AdminPerson {
  return presentRow(row) as unknown as AdminPerson;
}

/** A row of private.read_admin_log(). */
export function presentLog(row: Row): AdminLog["data"][number] {
  return presentRow(row) as unknown as AdminLog["data"][number];
}
