import type { Calendar, CalendarDay } from "#contract/calendar.ts";
import { addDays } from "#scheduling/dates.ts";
import { type Intervals, subtractIntervals } from "#scheduling/interval.ts";
import { startsOf } from "#scheduling/neededRange.ts";
import type { Schedule } from "#scheduling/slots.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { mentorDay, mentorZoneAt, openTime } from "#scheduling/zoneCalendar.ts";
import { listSessionsBetween } from "../bookings/queries.ts";
import type { UserTx } from "../platform/database/database.ts";
import { readSchedule } from "../slots/queries.ts";

/**
 * What a mentor's calendar shows of some dates on the mentor's own clock, both included: hours, days off, sessions.
 * @throws Refusal `mentor_not_found`
 */
export async function readCalendar(
  tx: UserTx,
  mentorId: string,
  dates: { from: LocalDate; to: LocalDate },
): Promise<Calendar> {
  const { schedule } = await readSchedule(tx.client, mentorId, dates);
  const { from, until } = startsOf(dates);
  const { open, off } = openTime(schedule, from, until);
  const bookable = subtractIntervals(open, off);
  const days: CalendarDay[] = [];
  for (let date = dates.from; date <= dates.to; date = addDays(date, 1)) {
    days.push(dayOf(schedule, date, bookable));
  }
  return {
    timezone: schedule.timezone,
    days,
    sessions: await listSessionsBetween(tx, mentorId, days[0]?.starts_at ?? "", days.at(-1)?.ends_at ?? ""),
  };
}

function dayOf(schedule: Schedule, date: LocalDate, open: Intervals): CalendarDay {
  const { from, until } = mentorDay(schedule, date);
  const stretches: CalendarDay["open"] = [];
  for (let i = 0; i < open.length; i += 2) {
    const begins = Math.max(open[i]!, from);
    const ends = Math.min(open[i + 1]!, until);
    if (begins < ends) stretches.push({ starts_at: isoOf(begins), ends_at: isoOf(ends) });
  }
  return {
    date,
    timezone: mentorZoneAt(schedule, from),
    starts_at: isoOf(from),
    ends_at: isoOf(until),
    open: stretches,
    is_off: schedule.blocked_dates.includes(date),
  };
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
