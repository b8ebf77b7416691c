import { openWorkThread } from "../platform/workThread.ts";
import type { DavAnswer, DavReading, readDavAnswer } from "./davReading.ts";
import { CalendarProblem } from "./provider.ts";
import { askInTime, type Effort } from "./readingThread.ts";

/**
 * Reads an answer of a CalDAV server; null if it is no list of rows.
 * @throws CalendarProblem `too_large` if it has too many rows, or takes too long
 */
export type ReadDav = (answer: DavAnswer, effort: Effort | undefined) => Promise<DavReading | null>;

/** In a thread that is ended when it takes too long or too much memory. */
export function openDavReader(file = new URL("./davWorker.ts", import.meta.url)): ReadDav {
  const thread = openWorkThread<DavAnswer, Awaited<ReturnType<typeof readDavAnswer>>>({
    file,
    idle: 30_000,
    heapMb: 512,
    timeout: 0,
  });
  return async (answer, effort) => {
    const reading = await askInTime(thread, answer, effort);
    if (reading === "too_large") throw new CalendarProblem("too_large");
    return reading;
  };
}

export const readDav: ReadDav = openDavReader();
