import type { Queryable } from "../database/database.ts";

/** Finds changes of mentors' times whose announcement was lost. */
export interface RevisionSweep {
  /** Returns those of the mentors whose revision is not the one of the look before; a mentor's first look finds nothing. */
  look(mentorIds: readonly string[]): Promise<string[]>;
}

export function openRevisionSweep(executor: Queryable): RevisionSweep {
  let known = new Map<string, number>();
  return {
    look: async (mentorIds) => {
      const { rows } = await executor.query<{ expert_id: string; revision: number }>({
        name: "schedule_revisions",
        text: "select expert_id, revision from schedule_revisions where expert_id = any($1)",
        values: [mentorIds],
      });
      const before = known;
      known = new Map(rows.map(({ expert_id, revision }) => [expert_id, revision]));
      return Array.from(known.keys()).filter((id) => (before.get(id) ?? known.get(id)) !== known.get(id));
    },
  };
}
