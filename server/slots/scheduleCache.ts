import { LruMap } from "toad-cache";
import { type AskedStarts, startsOf } from "#scheduling/neededRange.ts";
import { withSeat } from "#scheduling/seats.ts";
import type { Occupancy } from "#scheduling/slots.ts";
import { addMs, DAY_MS, type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { zoneRulesGeneration } from "#scheduling/zoneTable.ts";
import type { Database } from "../platform/database/database.ts";
import { type MentorSchedule, readSchedule } from "./queries.ts";

/**
 * Keeps mentors' schedules with the revision that they were read at. They may be out of date: they are for statements that
 * only take effect if the revision is still the same one (private.book_sessions).
 */
export interface ScheduleCache {
  /**
   * Returns the schedule for judging starts that are asked about; undefined if they are not within the next weeks.
   * @throws Refusal `mentor_not_found`
   */
  read(mentorId: string, asked: AskedStarts): Promise<MentorSchedule | undefined>;
  /** Adds time that was taken at the revision of this schedule, which counted the revision up by one. */
  take(read: MentorSchedule, session: Occupancy): void;
  /** Drops a schedule that turned out to be out of date. */
  drop(read: MentorSchedule): void;
  /** Drops a mentor's schedule, which this process has just changed. */
  forget(mentorId: string): void;
}

/** Starts in [from, until). */
interface Span {
  from: EpochMs;
  until: EpochMs;
}

interface Entry extends Span {
  /** For judging all starts of the span. */
  read: MentorSchedule;
  zoneRules: number;
  /** On the clock of `performance.now()`. */
  expiresAt: number;
}

/** Some 10 to 50 kB each. */
const maxEntries = 1000;
const maxAgeMs = 10 * MINUTE_MS;
/** How far ahead sessions are judged from memory. Most are booked within weeks. */
const reachMs = 62 * DAY_MS;
/** A date that is asked about without its zone may have begun this long ago. */
const slackMs = 2 * DAY_MS;

export function openScheduleCache(
  { public: executor }: Pick<Database, "public">,
  now: () => EpochMs,
): ScheduleCache {
  const entries = new LruMap<Entry>(maxEntries, maxAgeMs);
  const inFlight = new Map<string, Promise<Entry>>();

  const covers = (entry: Entry, { from, until }: Span) =>
    entry.from <= from &&
    until <= entry.until &&
    entry.zoneRules === zoneRulesGeneration() &&
    performance.now() < entry.expiresAt;

  const spanNow = (): Span => ({ from: addMs(now(), -slackMs), until: addMs(now(), reachMs) });

  async function load(mentorId: string): Promise<Entry> {
    const { from, until } = spanNow();
    const zoneRules = zoneRulesGeneration();
    const askedAt = performance.now();
    const read = await readSchedule(executor, mentorId, { from, until });
    const entry = { read, from, until, zoneRules, expiresAt: askedAt + read.earliestExpiryMs };
    entries.set(mentorId, entry);
    return entry;
  }

  /** Of requests at the same moment only one reads. */
  function loadOnce(mentorId: string): Promise<Entry> {
    const loading = inFlight.get(mentorId) ?? load(mentorId).finally(() => inFlight.delete(mentorId));
    inFlight.set(mentorId, loading);
    return loading;
  }

  return {
    read: async (mentorId, asked) => {
      const wanted = startsOf(asked);
      const known = entries.get(mentorId);
      if (known && covers(known, wanted)) return known.read;
      const { from, until } = spanNow();
      if (wanted.from < from || wanted.until > until) return undefined;
      return (await loadOnce(mentorId)).read;
    },
    take: (read, session) => {
      const entry = entries.get(read.mentor.id);
      if (entry?.read !== read) return;
      const taken = withSeat(read.taken, session);
      entries.set(read.mentor.id, { ...entry, read: { ...read, taken, revision: read.revision + 1 } });
    },
    drop: (read) => {
      if (entries.get(read.mentor.id)?.read === read) entries.delete(read.mentor.id);
    },
    forget: (mentorId) => entries.delete(mentorId),
  };
}
