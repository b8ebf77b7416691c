import type { Queryable } from "../platform/database/database.ts";
import { readScheduleRevisions } from "../platform/database/scheduleRevisions.ts";

/** Returns how many changes a mentor's schedule has had; undefined for an unknown mentor. */
export type ReadRevision = (mentorId: string) => Promise<number | undefined>;

interface Batch {
  mentorIds: Set<string>;
  revisions: Promise<Map<string, number>>;
}

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
    const sent = readScheduleRevisions(executor, [...mentorIds]);
    inFlight = Promise.allSettled([sent]);
    return sent;
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
