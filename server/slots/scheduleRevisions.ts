import type { Queryable } from "../platform/database/database.ts";

/** Returns how many changes a mentor's schedule has had; undefined for an unknown mentor. */
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
 * Batches simultaneous look-ups into one statement. A look-up that arrives while a statement is in flight waits for the
 * next one: every result is read after it was asked for, so it includes all that was committed before.
 */
export function openScheduleRevisions(executor: Queryable): ReadRevision {
  let next: Batch | undefined;
  let inFlight: Promise<unknown> = Promise.resolve();

  async function query(mentorIds: Set<string>): Promise<Map<string, number>> {
    await inFlight;
    // Too late to join this batch.
    next = undefined;
    const sent = executor.query<{ expert_id: string; revision: number }>({
      ...statement,
      values: [[...mentorIds]],
    });
    inFlight = Promise.allSettled([sent]);
    const { rows } = await sent;
    return new Map(rows.map(({ expert_id, revision }) => [expert_id, revision]));
  }

  return async (mentorId) => {
    if (!next) {
      const mentorIds = new Set<string>();
      next = { mentorIds, revisions: query(mentorIds) };
    }
    next.mentorIds.add(mentorId);
    return (await next.revisions).get(mentorId);
  };
}
