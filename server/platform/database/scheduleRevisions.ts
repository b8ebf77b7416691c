import type { Queryable } from "./database.ts";

/** Reads how many changes each mentor's schedule has had, in one statement; unknown mentors are missing. */
export async function readScheduleRevisions(
  executor: Queryable,
  mentorIds: readonly string[],
): Promise<Map<string, number>> {
  const { rows } = await executor.query<{ expert_id: string; revision: number }>({
    name: "schedule_revisions",
    text: "select expert_id, revision from schedule_revisions where expert_id = any($1)",
    values: [mentorIds],
  });
  return new Map(rows.map(({ expert_id, revision }) => [expert_id, revision]));
}
