import { LruMap } from "toad-cache";
import type { SlotAnswer } from "../../contract/slots.ts";
import { MINUTE_MS } from "../../scheduling/zonedTime.ts";
import type { Queryable } from "../database.ts";
import { answerSlots, findService, readDays, type SlotRequest } from "./queries.ts";
import { openScheduleRevisions } from "./scheduleRevisions.ts";

interface KeptAnswer {
  answer: SlotAnswer;
  mentorId: string;
  /** Of the schedule, when the answer was made. */
  revision: number;
  minute: number;
  /** On the clock of `performance.now()`: when a request that is still in the way runs out. */
  standsUntil: number;
}

export interface SlotAnswers {
  /** @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed` */
  read(mentor: string, request: SlotRequest): Promise<SlotAnswer>;
  /** Writes an answer down, once however often it is given. */
  toJson(answer: SlotAnswer): string;
}

/** Some 64 MiB at the most, and nothing for long: a zone's rules may change under us. */
const keptAtMost = 1000;
const longestJson = 65_536;
const keptFor = 10 * MINUTE_MS;

/**
 * Answers which starts a mentor offers. An answer is kept and given again while the schedule has the same revision,
 * which is asked each time: what is taken is not offered, whoever took it and through whichever process.
 */
export function openSlotAnswers(executor: Queryable, now: () => number): SlotAnswers {
  const kept = new LruMap<KeptAnswer>(keptAtMost, keptFor);
  const written = new WeakMap<SlotAnswer, string>();
  const readRevision = openScheduleRevisions(executor);

  function toJson(answer: SlotAnswer): string {
    const known = written.get(answer);
    if (known !== undefined) return known;
    const json = JSON.stringify(answer);
    written.set(answer, json);
    return json;
  }

  async function read(mentor: string, request: SlotRequest): Promise<SlotAnswer> {
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
      return known.answer;
    }
    const askedAt = performance.now();
    const schedule = await readDays(executor, mentor, request);
    const service = findService(schedule.services, request);
    const answer = answerSlots(schedule, request, { duration, include, service, now: at });
    if (toJson(answer).length <= longestJson) {
      const { revision, standsFor } = schedule;
      const standsUntil = askedAt + standsFor;
      kept.set(key, { answer, mentorId: schedule.mentor.id, revision, minute, standsUntil });
    }
    return answer;
  }

  return { read, toJson };
}

/**
 * Starts, notice and windows are whole minutes, so no start is judged otherwise at two instants of one such minute. It
 * ends with its last instant: a start at 10:00 can still be booked at 10:00:00.000.
 */
function minuteOf(epochMs: number): number {
  return Math.ceil(epochMs / MINUTE_MS);
}
