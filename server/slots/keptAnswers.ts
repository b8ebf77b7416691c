import { LruMap } from "toad-cache";
import type { SlotAnswer } from "../../contract/slots.ts";
import { MINUTE_MS } from "../../scheduling/zonedTime.ts";
import type { Database } from "../database.ts";
import { answerSlots, findService, readDays, type SlotRequest } from "./queries.ts";
import { openScheduleRevisions } from "./scheduleRevisions.ts";

interface KeptAnswer {
  json: string;
  mentorId: string;
  /** Of the schedule, when the answer was made. */
  revision: number;
  minute: number;
  /** On the clock of `performance.now()`: when a request that is still in the way runs out. */
  standsUntil: number;
}

export interface SlotAnswers {
  /**
   * A `SlotAnswer`, written down: as text a thousand of them are nothing to the garbage collector.
   * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`
   */
  read(mentor: string, request: SlotRequest): Promise<{ json: string; source: "kept" | "computed" }>;
}

/** Some 64 MiB at the most, and nothing for long: a zone's rules may change under us. */
const keptAtMost = 1000;
const longestJson = 65_536;
const keptFor = 10 * MINUTE_MS;

/**
 * Answers which starts a mentor offers. An answer is kept and given again while the schedule has the same revision,
 * which is asked each time: what is taken is not offered, whoever took it and through whichever process.
 */
export function openSlotAnswers(
  { public: executor, quick }: Pick<Database, "public" | "quick">,
  now: () => number,
): SlotAnswers {
  const kept = new LruMap<KeptAnswer>(keptAtMost, keptFor);
  const readRevision = openScheduleRevisions(quick);

  async function read(mentor: string, request: SlotRequest): ReturnType<SlotAnswers["read"]> {
    const { from, to, timezone, duration, service_id, include } = request;
    const key = JSON.stringify([mentor, from, to, timezone, duration, service_id, include]);
    const at = now();
    const minute = minuteOf(at);
    const known = kept.get(key);
    if (
      known?.minute === minute &&
      performance.now() < known.standsUntil &&
      (await readRevision(known.mentorId)) === known.revision
    ) {
      return { json: known.json, source: "kept" };
    }
    const askedAt = performance.now();
    const schedule = await readDays(executor, mentor, request);
    const service = findService(schedule.services, request);
    const answer: SlotAnswer = answerSlots(schedule, request, { duration, include, service, now: at });
    const json = JSON.stringify(answer);
    if (json.length <= longestJson) {
      const { revision, standsFor } = schedule;
      const standsUntil = askedAt + standsFor;
      kept.set(key, { json, mentorId: schedule.mentor.id, revision, minute, standsUntil });
    }
    return { json, source: "computed" };
  }

  return { read };
}

/**
 * Starts, notice and windows are whole minutes, so no start is judged otherwise at two instants of one such minute. It
 * ends with its last instant: a start at 10:00 can still be booked at 10:00:00.000.
 */
function minuteOf(epochMs: number): number {
  return Math.ceil(epochMs / MINUTE_MS);
}
