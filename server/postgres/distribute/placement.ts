import type { Table } from "./catalogue.ts";

/**
 * Where a table's rows live on many machines: with their mentor; as a copy on every machine; or on the coordinator,
 * through which the others read and write them.
 */
export type Placement = "mentor" | "everywhere" | "coordinator";

/** A mentor's own row, to which all others are added. */
export const profiles = "public.expert_profiles";

/** Small and rarely changed, and read by what runs beside a mentor's rows. */
const everywhere: ReadonlySet<string> = new Set([
  "private.money_settings",
  "private.payout_runs",
  "private.payout_settings",
  "private.platform_details",
  "private.zone_rules",
]);

/** They lead from a name to its mentor, so they are asked before the mentor is known. */
const directories: ReadonlySet<string> = new Set(["private.payment_orders", "public.former_usernames"]);

/** Keys that are unique across all mentors, and what upholds each of them when the mentors are on many machines. */
export const keptElsewhere: Readonly<Record<string, string>> = {
  expert_profiles_username_key: "a directory of usernames on the coordinator",
  documents_platform_number_key: "the locked row of private.document_series that its numbers are drawn from",
};

/** The column that says which mentor a row belongs to. */
export function mentorColumn({ name }: Pick<Table, "name">): string {
  return name === profiles ? "id" : "expert_id";
}

export function placementOf(table: Table): Placement {
  if (everywhere.has(table.name)) return "everywhere";
  const ofMentor = table.columns.some(({ name }) => name === mentorColumn(table));
  return ofMentor && !directories.has(table.name) ? "mentor" : "coordinator";
}
