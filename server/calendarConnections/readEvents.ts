import type { EpochMs } from "#scheduling/units.ts";
import type { BusyInterval, BusyObject, Reach } from "./provider.ts";

/** From calendar data to when its owner is busy. What cannot be read is named, or busy, never an error. */
export type ReadEvents = (
  text: string,
  options: Omit<Reach, "until"> & { to: EpochMs; calendarZone: string | null },
) => { busy: (BusyInterval & { uid: string })[]; unreadable: string[] };

/** One object for each event of a text that has many; those without busy times in reach are left out. */
export function objectsByUid(busy: ReturnType<ReadEvents>["busy"]): BusyObject[] {
  return [...Map.groupBy(busy, ({ uid }) => uid)].map(([uid, occurrences]) => ({
    ref: uid,
    etag: null,
    uid,
    busy: occurrences.map(({ uid: _, ...interval }) => interval),
  }));
}
