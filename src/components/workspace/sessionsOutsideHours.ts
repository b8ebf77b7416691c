import type { Booking } from "../../../contract/bookings.ts";
import { dayOfWeek, parseDate, parseEndTime, parseTime } from "../../../scheduling/calendar.ts";
import type { HoursWindow, WeekForm } from "./weekForm.ts";

const DAY_MINUTES = 1440;

export type DatedWindow = HoursWindow & { date: string };
type Session = Pick<Booking, "scheduled_date" | "scheduled_time" | "duration">;

/**
 * The sessions that would no longer lie in open time. Reckoned on the mentor's wall clock, so that on the day of a clock
 * change it may be an hour out: it is a reminder, what may be booked is decided elsewhere.
 */
export function sessionsOutside<T extends Session>(
  sessions: readonly T[],
  week: WeekForm,
  dated: readonly DatedWindow[],
): T[] {
  return sessions.filter((session) => !liesWithin(session, week, dated));
}

function liesWithin(session: Session, week: WeekForm, dated: readonly DatedWindow[]): boolean {
  const day = parseDate(session.scheduled_date);
  const time = parseTime(session.scheduled_time);
  // Nothing can be said about what cannot be read.
  if (day === null || time === null) return true;
  const start = day * DAY_MINUTES + time;
  const end = start + session.duration;
  const open = [day - 1, day, day + 1]
    .flatMap((each) => windowsOf(each, week, dated))
    .sort(([one], [other]) => one - other);
  let reached = start;
  for (const [from, until] of open) {
    if (from > reached) break;
    reached = Math.max(reached, until);
  }
  return reached >= end;
}

/** [from, until) in minutes since 1970 on the wall clock. */
function windowsOf(day: number, week: WeekForm, dated: readonly DatedWindow[]): [number, number][] {
  const weekly = week.days[dayOfWeek(day)]?.windows ?? [];
  return [...weekly, ...dated.filter(({ date }) => parseDate(date) === day)].flatMap((window) => {
    const start = parseTime(window.start);
    const end = parseEndTime(window.end);
    if (start === null || end === null) return [];
    const from = day * DAY_MINUTES + start;
    return [[from, from + (end > start ? end - start : end - start + DAY_MINUTES)]];
  });
}
