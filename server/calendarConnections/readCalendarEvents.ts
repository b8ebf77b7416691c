import { calendarLimits } from "#rules/limits.ts";
import { adoptedZoneTables, zoneRulesGeneration } from "#scheduling/zoneTable.ts";
import { openWorkThread, type WorkThread } from "../platform/workThread.ts";
import type { RefusedCalendar } from "./busyTimes/busyTimes.ts";
import type { BusyQuestion, BusyReply } from "./busyTimes/busyWorker.ts";
import type { CalendarProblemCode } from "./provider.ts";
import type { EventsRead, ReadEvents } from "./readEvents.ts";
import { askInTime } from "./readingThread.ts";

const problems: Readonly<Record<RefusedCalendar, CalendarProblemCode>> = {
  too_large: "too_large",
  too_many_events: "too_large",
  no_calendar: "unreadable",
};

/** Events without a UID, which RFC 5545 forbids, count as one. */
const nameless = "(no UID)";

type Thread = WorkThread<BusyQuestion, BusyReply>;

/** Reads calendar data by RFC 5545, in a thread that is ended when it takes too long or too much memory. */
export function openEventReader({
  file = new URL("./busyTimes/busyWorker.ts", import.meta.url),
  idle = 30_000,
  heapMb = 512,
}: {
  file?: URL;
  idle?: number;
  heapMb?: number;
} = {}): ReadEvents {
  let thread: Thread | undefined;
  let generation = -1;

  /** Its clocks are those of the app. */
  function threadWithZones(): Thread {
    if (generation !== zoneRulesGeneration()) {
      generation = zoneRulesGeneration();
      // What it is doing is finished; it ends when it has nothing more to do.
      thread = undefined;
    }
    thread ??= openWorkThread({
      file,
      idle,
      timeout: calendarLimits.readingMs,
      heapMb,
      startWith: adoptedZoneTables,
    });
    return thread;
  }

  return async (texts, { effort, ...reach }, calendarZone) => {
    if (texts.length === 0) return [];
    const { from, until, personZone } = reach;
    const question = { texts, query: { from, until, personZone, calendarZone } };
    const reply = await askInTime(threadWithZones(), question, effort);
    return reply.map((reading): EventsRead => {
      if (typeof reading === "string") return { busy: [], unreadable: [], refused: problems[reading] };
      const { busy, faults } = reading;
      return {
        busy: busy.map((time) => ({ ...time, uid: time.uid ?? nameless })),
        unreadable: faults.map(({ uid }) => uid ?? nameless),
        refused: null,
      };
    });
  };
}

export const readCalendarEvents: ReadEvents = openEventReader();
