import type { Queryable } from "../platform/database/database.ts";

/** How many changes a mentor's schedule has seen so far; undefined when there is no such mentor. */
export type ReadRevision = (mentorId: string) => Promise<number | undefined>;

interface Batch {
  mentorIds: Set<string>;
  revisions: Promise<Map<string, number>>;
}

const statement = {
  name: "schedule_revisions",
  text: "select expert_id, revision from schedule_revisions where expert_id = any($1)",
};

/**
 * Asks for all who want to know at one moment with one statement. While a statement is under way, whoever comes waits for
 * the next one: each answer is of a time after its question, so what was committed before is in it.
 */
export function openScheduleRevisions(executor: Queryable): ReadRevision {
  let next: Batch | undefined;
  let underWay: Promise<unknown> = Promise.resolve();

  async function ask(mentorIds: Set<string>): Promise<Map<string, number>> {
    await underWay;
    // From here on it is too late to join.
    next = undefined;
    const asked = executor.query<{ expert_id: string; revision: number }>({
      ...statement,
      values: [[...mentorIds]],
    });
    underWay = Promise.allSettled([asked]);
    const { rows } = await asked;
    return new Map(rows.map(({ expert_id, revision }) => [expert_id, revision]));
  }

  return async (mentorId) => {
    if (!next) {
      const mentorIds = new Set<string>();
      next = { mentorIds, revisions: ask(mentorIds) };
    }
    next.mentorIds.add(mentorId);
    return (await next.revisions).get(mentorId);
  };
}
