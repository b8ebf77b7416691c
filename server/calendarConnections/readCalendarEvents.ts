import { busyTimes, type RefusedCalendar } from "./busyTimes/busyTimes.ts";
import { CalendarProblem, type CalendarProblemCode } from "./provider.ts";
import type { ReadEvents } from "./readEvents.ts";

const problems: Readonly<Record<RefusedCalendar, CalendarProblemCode>> = {
  too_large: "too_large",
  too_many_events: "too_large",
  no_calendar: "unreadable",
};

/** Events without a UID, which RFC 5545 forbids, count as one. */
const nameless = "(no UID)";

/** Reads calendar data by RFC 5545. @throws CalendarProblem `too_large`, `unreadable` if nothing of it was read */
export const readCalendarEvents: ReadEvents = (text, { to, ...query }) => {
  const reading = busyTimes(text, { ...query, until: to });
  if (typeof reading === "string") throw new CalendarProblem(problems[reading]);
  return {
    busy: reading.busy.map((time) => ({ ...time, uid: time.uid ?? nameless })),
    unreadable: reading.faults.map(({ uid }) => uid ?? nameless),
  };
};
