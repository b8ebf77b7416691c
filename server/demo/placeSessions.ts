/** Places the demo sessions at starts that the mentors really offer. Pure: the same `now` gives the same times. */

import { windowMs } from "#rules/windows.ts";
import { addDays } from "#scheduling/dates.ts";
import { withBuffers } from "#scheduling/seats.ts";
import { findSlots, type Occupancy, type Schedule } from "#scheduling/slots.ts";
import { addMs, asMinutes, DAY_MS, type EpochMs, epochMs, HOUR_MS, MINUTE_MS } from "#scheduling/units.ts";
import { instantOf, parseTime, wallClockOf } from "#scheduling/zonedTime.ts";
import type { DemoMentor, DemoService, DemoSession } from "./demoTypes.ts";

export interface PlacedSession {
  session: DemoSession;
  mentor: DemoMentor;
  service: DemoService;
  /** Epoch ms. */
  startsAt: number;
  endsAt: number;
}

/** How many days a session may be away from its preferred day: two weekends and a few days off. */
const reach = 10 * DAY_MS;
/** Past sessions ended long enough ago to be completed; coming ones do not start while a visitor tries the demo. */
const margin = 3 * HOUR_MS;
/** For a session that should start soon: more than its mentor's minimum notice. */
const soonMargin = 75 * MINUTE_MS;
/** A request must not expire because its session starts before its reply is due. */
const requestMargin = windowMs("requestAnswer") + HOUR_MS;

/**
 * @param now epoch ms
 * @throws Error when a mentor offers no start near the preferred one: a mistake in the data
 */
export function placeSessions(
  mentors: readonly DemoMentor[],
  sessions: readonly DemoSession[],
  now: EpochMs,
): PlacedSession[] {
  const taken = new Map<string, Occupancy[]>();
  return sessions.map((session) => {
    const mentor = mentors.find(({ handle }) => handle === session.mentor);
    const service = mentor?.services.find(({ key }) => key === session.service);
    if (!mentor || !service)
      throw new Error(`There is no demo service ${session.mentor}/${session.service}.`);
    const schedule = scheduleOf(mentor, now);
    const known = taken.get(mentor.handle) ?? [];
    const startsAt = nearestStart(schedule, known, session, now);
    const endsAt = addMs(startsAt, session.minutes * MINUTE_MS);
    taken.set(mentor.handle, [
      ...known,
      withBuffers(schedule, { startsAt, duration: asMinutes(session.minutes), serviceId: null, capacity: 1 }),
    ]);
    return { session, mentor, service, startsAt, endsAt };
  });
}

/** The mentor's settings, with the database's defaults for lengths of time. */
export function settingsOf({ settings }: DemoMentor) {
  const { slot_interval = 30, buffer_before = 0, buffer_after = 0, minimum_notice = 0 } = settings;
  return {
    ...settings,
    slot_interval: asMinutes(slot_interval),
    buffer_before: asMinutes(buffer_before),
    buffer_after: asMinutes(buffer_after),
    minimum_notice: asMinutes(minimum_notice),
  };
}

/** The mentor's rules as the slot engine reads them, with the defaults of the database. */
function scheduleOf(mentor: DemoMentor, now: EpochMs): Schedule {
  const { timezone, weekly, extra = [], daysOff = [] } = mentor;
  const today = wallClockOf(timezone, now).date;
  const recurring = weekly.flatMap(({ days, from, until }) =>
    days.map((day) => ({ day_of_week: day, specific_date: null, start_time: from, end_time: until })),
  );
  const dated = extra.map(({ inDays, from, until }) => ({
    day_of_week: null,
    specific_date: addDays(today, inDays),
    start_time: from,
    end_time: until,
  }));
  return {
    booking_window_days: 60,
    max_per_day: null,
    max_per_week: null,
    ...settingsOf(mentor),
    timezone,
    windows: [...recurring, ...dated],
    blocked_dates: daysOff.map(({ inDays }) => addDays(today, inDays)),
  };
}

function nearestStart(
  schedule: Schedule,
  taken: readonly Occupancy[],
  session: DemoSession,
  now: EpochMs,
): EpochMs {
  const today = wallClockOf(schedule.timezone, now).date;
  const wished = instantOf(schedule.timezone, addDays(today, session.inDays), parseTime(session.near)!);
  const past = session.inDays < 0;
  const asked = session.seats.some(({ outcome }) => outcome === "pending");
  const soonest = now + (asked ? requestMargin : session.soon ? soonMargin : margin);
  const from = past ? wished - reach : Math.max(wished - reach, soonest);
  const until = past ? Math.min(wished + reach, now - margin - session.minutes * MINUTE_MS) : wished + reach;
  const starts = findSlots(schedule, taken, {
    from: epochMs(from),
    until: epochMs(until),
    duration: asMinutes(session.minutes),
    // Past sessions are checked as if they had been booked with just enough notice.
    now: epochMs(past ? from - schedule.minimum_notice * MINUTE_MS : now),
  });
  const [first, ...others] = starts;
  if (first === undefined) throw new Error(`${session.mentor} offers nothing near ${session.near}.`);
  return others.reduce(
    (best, start) => (Math.abs(start - wished) < Math.abs(best - wished) ? start : best),
    first,
  );
}
