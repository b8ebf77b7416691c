import { LruMap } from "toad-cache";
import type { SlotAnswer } from "#contract/slots.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { zoneRulesGeneration } from "#scheduling/zoneTable.ts";
import type { Database } from "../platform/database/database.ts";
import { answerSlots, answerStandsUntil, findService, readSchedule, type SlotRequest } from "./queries.ts";
import { openScheduleRevisions } from "./scheduleRevisions.ts";

interface KeptAnswer {
  json: string;
  mentorId: string;
  /** Of the schedule, when the answer was made. */
  revision: number;
  /** Epoch ms, both included: at these instants the answer is the same, as far as it is only time that passes. */
  madeAt: number;
  standsUntil: number;
  /** On the clock of `performance.now()`: when a request that is still in the way runs out. */
  runsOutAt: number;
}

export interface SlotAnswers {
  /**
   * A `SlotAnswer`, written down: as text a thousand of them are nothing to the garbage collector.
   * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`
   */
  read(mentor: string, request: SlotRequest): Promise<{ json: string; source: "kept" | "computed" }>;
}

/** Some 64 MiB at the most. */
const keptAtMost = 1000;
const longestJson = 65_536;
const keptFor = 10 * MINUTE_MS;
/** How often one waits for another's answer, while the schedule changes all the time, before one asks for one's own. */
const mostTurns = 3;

/**
 * Answers which starts a mentor offers. An answer is kept and given again while the schedule has the same revision,
 * which is asked each time: what is taken is not offered, whoever took it and through whichever process. Of those who
 * ask the same at one moment (a change is announced to everybody who looks) one lets it be computed.
 */
export function openSlotAnswers(
  { public: executor, quick }: Pick<Database, "public" | "quick">,
  now: () => number,
): SlotAnswers {
  const kept = new LruMap<KeptAnswer>(keptAtMost, keptFor);
  const underWay = new Map<string, Promise<KeptAnswer>>();
  const readRevision = openScheduleRevisions(quick);

  async function standsNow(known: KeptAnswer): Promise<boolean> {
    const at = now();
    return (
      known.madeAt <= at &&
      at <= known.standsUntil &&
      performance.now() < known.runsOutAt &&
      (await readRevision(known.mentorId)) === known.revision
    );
  }

  async function compute(mentor: string, request: SlotRequest): Promise<KeptAnswer> {
    const askedAt = performance.now();
    const madeAt = now();
    const read = await readSchedule(executor, mentor, request);
    const { duration, include } = request;
    const session = { duration, include, service: findService(read.services, request), now: madeAt };
    const answer: SlotAnswer = answerSlots(read, request, session);
    return {
      json: JSON.stringify(answer),
      mentorId: read.mentor.id,
      revision: read.revision,
      madeAt,
      standsUntil: answerStandsUntil(read, request, session, keptFor),
      runsOutAt: askedAt + read.standsFor,
    };
  }

  async function computeAndKeep(key: string, mentor: string, request: SlotRequest): Promise<KeptAnswer> {
    const computing = compute(mentor, request);
    underWay.set(key, computing);
    try {
      const made = await computing;
      if (made.json.length <= longestJson) kept.set(key, made);
      return made;
    } finally {
      if (underWay.get(key) === computing) underWay.delete(key);
    }
  }

  async function read(mentor: string, request: SlotRequest): ReturnType<SlotAnswers["read"]> {
    const { from, to, timezone, duration, service_id, include } = request;
    const rules = zoneRulesGeneration();
    const key = JSON.stringify([mentor, from, to, timezone, duration, service_id, include, rules]);
    for (let turn = 1; ; turn++) {
      // What another one waits for was perhaps read before our question: it is asked whether it stands, like all that is kept.
      const known = (await underWay.get(key)?.catch(() => undefined)) ?? kept.get(key);
      if (known && (await standsNow(known))) return { json: known.json, source: "kept" };
      if (!underWay.has(key) || turn === mostTurns) break;
    }
    return { json: (await computeAndKeep(key, mentor, request)).json, source: "computed" };
  }

  return { read };
}
