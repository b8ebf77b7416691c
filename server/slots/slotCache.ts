import { LruMap } from "toad-cache";
import type { SlotAnswer } from "#contract/slots.ts";
import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { zoneRulesGeneration } from "#scheduling/zoneTable.ts";
import type { Database } from "../platform/database/database.ts";
import { findService, presentSlots, readSchedule, type SlotRequest, slotsValidUntil } from "./queries.ts";
import { openScheduleRevisions } from "./scheduleRevisions.ts";

interface CacheEntry {
  json: string;
  mentorId: string;
  /** Of the schedule that the response was computed from. */
  revision: number;
  /** Epoch ms, both included: the response is valid between these while the schedule doesn't change. */
  computedAt: number;
  validUntil: number;
  /** On the clock of `performance.now()`: when the first open request in the way expires. */
  expiresAt: number;
}

export interface SlotCache {
  /**
   * A `SlotAnswer` as JSON: text costs the garbage collector nothing, even a thousand entries.
   * @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed`
   */
  read(mentor: string, request: SlotRequest): Promise<{ json: string; source: "cached" | "computed" }>;
}

/** At most some 64 MiB. */
const maxEntries = 1000;
const maxJsonLength = 65_536;
const maxAgeMs = 10 * MINUTE_MS;
/** Joins another request's computation at most this many times before computing itself. */
const maxSharedWaits = 3;

/**
 * Caches which starts a mentor offers. A cached response is returned only while the schedule's revision is unchanged,
 * which is checked on every request, so a time taken through any process is never offered. Of equal requests at the same
 * moment (every open page reloads after a change) only one computes.
 */
export function createSlotCache(
  { public: executor, revisionPool }: Pick<Database, "public" | "revisionPool">,
  now: () => EpochMs,
): SlotCache {
  const entries = new LruMap<CacheEntry>(maxEntries, maxAgeMs);
  const inFlight = new Map<string, Promise<CacheEntry>>();
  const readRevision = openScheduleRevisions(revisionPool);

  async function isValid(known: CacheEntry): Promise<boolean> {
    const at = now();
    return (
      known.computedAt <= at &&
      at <= known.validUntil &&
      performance.now() < known.expiresAt &&
      (await readRevision(known.mentorId)) === known.revision
    );
  }

  async function compute(mentor: string, request: SlotRequest): Promise<CacheEntry> {
    const askedAt = performance.now();
    const computedAt = now();
    const read = await readSchedule(executor, mentor, request);
    const { duration, include } = request;
    const session = { duration, include, service: findService(read.services, request), now: computedAt };
    const answer: SlotAnswer = presentSlots(read, request, session);
    return {
      json: JSON.stringify(answer),
      mentorId: read.mentor.id,
      revision: read.revision,
      computedAt,
      validUntil: slotsValidUntil(read, request, session, maxAgeMs),
      expiresAt: askedAt + read.earliestExpiryMs,
    };
  }

  async function computeAndStore(key: string, mentor: string, request: SlotRequest): Promise<CacheEntry> {
    const computing = compute(mentor, request);
    inFlight.set(key, computing);
    try {
      const entry = await computing;
      if (entry.json.length <= maxJsonLength) entries.set(key, entry);
      return entry;
    } finally {
      if (inFlight.get(key) === computing) inFlight.delete(key);
    }
  }

  async function read(mentor: string, request: SlotRequest): ReturnType<SlotCache["read"]> {
    const { from, to, timezone, duration, service_id, include } = request;
    const rules = zoneRulesGeneration();
    const key = JSON.stringify([mentor, from, to, timezone, duration, service_id, include, rules]);
    for (let attempt = 1; ; attempt++) {
      // A computation in flight may have read an older revision, so its result is checked like a cached one.
      const known = (await inFlight.get(key)?.catch(() => undefined)) ?? entries.get(key);
      if (known && (await isValid(known))) return { json: known.json, source: "cached" };
      if (!inFlight.has(key) || attempt === maxSharedWaits) break;
    }
    return { json: (await computeAndStore(key, mentor, request)).json, source: "computed" };
  }

  return { read };
}
