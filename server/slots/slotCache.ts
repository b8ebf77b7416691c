import { LruMap } from "toad-cache";
import type { SlotAnswer } from "#contract/slots.ts";
import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { zoneRulesGeneration } from "#scheduling/zoneTable.ts";
import type { Database } from "../platform/database/database.ts";
import { type PreparedResponse, prepareResponse } from "../platform/http/preparedResponse.ts";
import type { LiveRevisions, Position } from "./liveRevisions.ts";
import {
  findService,
  type MentorSchedule,
  presentSlots,
  readSchedule,
  type SlotRequest,
  slotsValidUntil,
} from "./queries.ts";
import { openScheduleRevisions } from "./scheduleRevisions.ts";

interface CacheEntry {
  /** A `SlotAnswer`: bytes cost the garbage collector nothing, even a thousand entries. */
  response: PreparedResponse;
  mentorId: string;
  /** Of the schedule that the response was computed from. */
  revision: number;
  /** Epoch ms, both included: the response is valid between these while the schedule doesn't change. */
  computedAt: number;
  validUntil: number;
  /** On the clock of `performance.now()`: when the first open request in the way expires. */
  expiresAt: number;
  /** `zoneRulesGeneration` of the rules that the response was computed with. */
  rules: number;
  /** Taken before the revision was read last. */
  position: Position;
}

interface CachedSlots {
  mentorId: string;
  response: PreparedResponse;
  source: "cached" | "computed";
  /** Whether the response can be sent again now without reading the revision. */
  isCurrent(): boolean;
}

export interface SlotCache {
  /** @throws Refusal `mentor_not_found`, `service_not_found`, `validation_failed` */
  read(mentor: string, request: SlotRequest): Promise<CachedSlots>;
}

/** At most some 64 MiB. */
const maxEntries = 1000;
/** Bytes. */
const maxLength = 65_536;
const maxAgeMs = 10 * MINUTE_MS;
/** Joins another request's computation at most this many times before computing itself. */
const maxSharedWaits = 3;

/**
 * Caches which starts a mentor offers. `read` returns a cached response only while the schedule's revision is unchanged,
 * which it reads each time; `isCurrent` tells without reading, as long as the live feed is healthy. Of equal requests at the
 * same moment (every open page reloads after a change) only one computes.
 */
export function createSlotCache(
  {
    public: executor,
    revisionPool,
    replica,
  }: Pick<Database, "public" | "revisionPool"> & Partial<Pick<Database, "replica">>,
  now: () => EpochMs,
  live: Omit<LiveRevisions, "close">,
): SlotCache {
  const entries = new LruMap<CacheEntry>(maxEntries, maxAgeMs);
  const inFlight = new Map<string, Promise<CacheEntry>>();
  const readRevision = openScheduleRevisions(revisionPool);

  function isInTime({ computedAt, validUntil, expiresAt }: CacheEntry): boolean {
    const at = now();
    return computedAt <= at && at <= validUntil && performance.now() < expiresAt;
  }

  async function isValid(known: CacheEntry): Promise<boolean> {
    if (!isInTime(known)) return false;
    const position = live.position();
    if ((await readRevision(known.mentorId)) !== known.revision) return false;
    known.position = Math.max(known.position, position);
    return true;
  }

  const isCurrent = (known: CacheEntry) =>
    known.rules === zoneRulesGeneration() &&
    isInTime(known) &&
    live.isCurrent(known.mentorId, known.revision, known.position);

  function present(entry: CacheEntry, source: CachedSlots["source"]): CachedSlots {
    const { mentorId, response, revision } = entry;
    live.watch(mentorId, revision);
    return { mentorId, response, source, isCurrent: () => isCurrent(entry) };
  }

  /** Whether a schedule that a replica has read has all that was committed before: the revision is the primary's. */
  async function isOfPrimary(read: MentorSchedule): Promise<boolean> {
    return read.revision >= ((await readRevision(read.mentor.id)) ?? Number.POSITIVE_INFINITY);
  }

  async function compute(mentor: string, request: SlotRequest): Promise<CacheEntry> {
    const askedAt = performance.now();
    const computedAt = now();
    const rules = zoneRulesGeneration();
    const position = live.position();
    const readOn = (reads: Pick<Database, "public">) => readSchedule(reads.public, mentor, request);
    const read = replica ? await replica.read(readOn, isOfPrimary) : await readOn({ public: executor });
    const { duration, include } = request;
    const session = { duration, include, service: findService(read.services, request), now: computedAt };
    const answer: SlotAnswer = presentSlots(read, request, session);
    return {
      response: prepareResponse(JSON.stringify(answer)),
      mentorId: read.mentor.id,
      revision: read.revision,
      computedAt,
      validUntil: slotsValidUntil(read, request, session, maxAgeMs),
      expiresAt: askedAt + read.earliestExpiryMs,
      rules,
      position,
    };
  }

  async function computeAndStore(key: string, mentor: string, request: SlotRequest): Promise<CacheEntry> {
    const computing = compute(mentor, request);
    inFlight.set(key, computing);
    try {
      const entry = await computing;
      if (entry.response.body("identity").length <= maxLength) entries.set(key, entry);
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
      if (known && (await isValid(known))) return present(known, "cached");
      if (!inFlight.has(key) || attempt === maxSharedWaits) break;
    }
    return present(await computeAndStore(key, mentor, request), "computed");
  }

  return { read };
}
