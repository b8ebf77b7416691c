import type { Database } from "../platform/database/database.ts";
import { readScheduleRevisions } from "../platform/database/scheduleRevisions.ts";
import { anyId, type LiveFeed } from "../platform/live/feed.ts";

/** A point in the order of the changes that this process has heard of. */
export type Position = number;

/**
 * Tells without a query whether a mentor's schedule has changed (docs/decisions/0043): changes of this process are known at
 * once, those of others from the live feed, and those whose announcement was lost from a sweep.
 */
export interface LiveRevisions {
  /** Take it before reading a schedule: changes that the reading missed come later. */
  position(): Position;
  /** Adds a mentor whose schedule was read to the sweep. */
  watch(mentorId: string, revision: number): void;
  /**
   * Whether a revision that was read after `position` is known to be the current one; false if the feed or the sweep is
   * silent, or the mentor is not watched any more.
   */
  isCurrent(mentorId: string, revision: number, position: Position): boolean;
  close(): Promise<void>;
}

export interface LiveRevisionOptions {
  /** ms between two sweeps. */
  sweepEvery?: number;
  /** When the feed or the sweep has been silent for longer than this, ms, changes may be missing. */
  longestSilence?: number;
}

const maxWatched = 1000;
/** Mentors whose last change is remembered one by one. */
const maxChanged = 10_000;

export function openLiveRevisions(
  { revisionPool, onAnnouncement }: Pick<Database, "revisionPool" | "onAnnouncement">,
  feed: Pick<LiveFeed, "subscribe" | "silentFor">,
  { sweepEvery = 1_000, longestSilence = 2_000 }: LiveRevisionOptions = {},
): LiveRevisions {
  let last: Position = 0;
  /** Every mentor may have changed at this position. */
  let floor: Position = 0;
  const changed = new Map<string, Position>();
  /** The revision under which each mentor's schedule was read last, the latest reading at the end. */
  const watched = new Map<string, number>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  let sweeping: NodeJS.Timeout | undefined;
  let inFlight: Promise<void> = Promise.resolve();

  const changeAll = () => {
    floor = ++last;
    changed.clear();
  };
  const change = (mentorId: string) => {
    if (changed.size >= maxChanged) changeAll();
    changed.set(mentorId, ++last);
  };

  async function sweep(): Promise<void> {
    const askedAt = performance.now();
    const mentorIds = Array.from(watched.keys());
    const revisions = await readScheduleRevisions(revisionPool, mentorIds);
    for (const mentorId of mentorIds) {
      if (watched.get(mentorId) !== revisions.get(mentorId)) watched.delete(mentorId);
    }
    sweptAt = askedAt;
  }
  function sweepLater(): void {
    sweeping = setTimeout(() => {
      // A database that is out of reach is for the next request to report.
      inFlight = sweep()
        .catch(() => undefined)
        .then(sweepLater);
    }, sweepEvery).unref();
  }
  function start(): void {
    feed.subscribe("availability", anyId, (about) => {
      if (about === "everything") changeAll();
      else change(about);
    });
    onAnnouncement((channel, payload) => {
      if (channel === "availability") change(payload);
    });
    sweptAt = performance.now();
    sweepLater();
  }

  return {
    position: () => last,
    watch: (mentorId, revision) => {
      if (sweeping === undefined) start();
      watched.delete(mentorId);
      watched.set(mentorId, revision);
      if (watched.size > maxWatched) {
        const [oldest = ""] = watched.keys();
        watched.delete(oldest);
      }
    },
    isCurrent: (mentorId, revision, position) =>
      watched.get(mentorId) === revision &&
      (changed.get(mentorId) ?? floor) <= position &&
      feed.silentFor() <= longestSilence &&
      performance.now() - sweptAt <= longestSilence,
    close: async () => {
      clearTimeout(sweeping);
      await inFlight;
      clearTimeout(sweeping);
    },
  };
}
