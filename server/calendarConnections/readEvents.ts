import type { BusyInterval, BusyObject, CalendarProblemCode, Reach } from "./provider.ts";

/**
 * From calendar data to when its owner is busy. What cannot be read is named, or busy, never an error.
 * @throws CalendarProblem `too_large` if all of it together takes too long
 */
export type ReadEvents = (
  texts: readonly string[],
  reach: Reach,
  calendarZone: string | null,
) => Promise<EventsRead[]>;

/** What one text says. */
export interface EventsRead {
  busy: (BusyInterval & { uid: string })[];
  unreadable: string[];
  /** Why nothing of it was read. */
  refused: CalendarProblemCode | null;
}

/** One object for each event of a text that has many; those without busy times in reach are left out. */
export function objectsByUid(busy: EventsRead["busy"]): BusyObject[] {
  return [...Map.groupBy(busy, ({ uid }) => uid)].map(([uid, occurrences]) => ({
    ref: uid,
    etag: null,
    uid,
    busy: occurrences.map(({ uid: _, ...interval }) => interval),
  }));
}
