import { type RawBuilder, sql } from "kysely";
import { type NoShow, noShow } from "#contract/noShow.ts";
import { holdingStates } from "#rules/noShow.ts";

/** A claim as JSON, with instants in PostgreSQL's format. */
export type NoShowRow = { [Field in keyof NoShow]: unknown } & Pick<
  NoShow,
  "created_at" | "answer_until" | "settled_at"
>;

/** SQL: whether a report holds up completion and reviews of the booking with the alias `booking`. */
export function holdsUpSql(booking: string): string {
  const states = holdingStates.map((state) => `'${state}'`).join(", ");
  return `exists (
    select from no_show_claims c
    where c.booking_id = ${booking}.id and c.expert_id = ${booking}.expert_id and c.state in (${states}))`;
}

/** The latest claim of the booking with the alias `booking`, as a column; null when there never was one. */
export function latestClaimOf(booking: string): RawBuilder<NoShowRow | null> {
  // At most one claim was not withdrawn, and it is the last one.
  return sql<NoShowRow | null>`(
    select to_jsonb(n) from no_show_claims n where n.booking_id = ${sql.ref(`${booking}.id`)} and n.expert_id = ${sql.ref(`${booking}.expert_id`)}
    order by (n.state = 'withdrawn'), n.created_at desc limit 1)`;
}

export function presentNoShow({ created_at, answer_until, settled_at, ...row }: NoShowRow): NoShow {
  return noShow.parse({
    ...row,
    created_at: new Date(created_at).toISOString(),
    answer_until: new Date(answer_until).toISOString(),
    settled_at: settled_at && new Date(settled_at).toISOString(),
  });
}
