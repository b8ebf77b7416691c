import type { Queryable } from "../database/database.ts";
import { readScheduleRevisions } from "../database/scheduleRevisions.ts";

/** Finds changes of mentors' times whose announcement was lost. */
export interface RevisionSweep {
  /** Returns those of the mentors whose revision is not the one of the look before; a mentor's first look finds nothing. */
  look(mentorIds: readonly string[]): Promise<string[]>;
}

export function openRevisionSweep(executor: Queryable): RevisionSweep {
  let known = new Map<string, number>();
  return {
    look: async (mentorIds) => {
      const before = known;
      known = await readScheduleRevisions(executor, mentorIds);
      return Array.from(known.keys()).filter((id) => (before.get(id) ?? known.get(id)) !== known.get(id));
    },
  };
}
