import { dayOfWeek, parseDate } from "#scheduling/dates.ts";
import { wallClock } from "@/lib/time.ts";
import type { FreeSlot } from "./bookingStep.ts";

/** At most so many of one day, so that the list reaches into the week. */
const PER_DAY = 2;

/**
 * The first free time on the weekday and hour of an earlier session, by the clock the reader reads; null when none of
 * these is free. The earlier session is over, so the first is a week or more after it.
 * @param slots earliest first, listed in `timeZone`
 */
export function sameTimeAgain(
  slots: readonly FreeSlot[],
  startsAt: string,
  timeZone: string,
): FreeSlot | null {
  const { date, time } = wallClock(startsAt, timeZone);
  return slots.find((slot) => slot.time === time && weekdayOf(slot.date) === weekdayOf(date)) ?? null;
}

/** The next free times, a few of each day, earliest first and without the suggested one. */
export function otherTimes(
  slots: readonly FreeSlot[],
  suggested: FreeSlot | null,
  count: number,
): FreeSlot[] {
  const perDay = new Map<string, number>();
  const others = slots.filter((slot) => {
    if (slot.starts_at === suggested?.starts_at) return false;
    const before = perDay.get(slot.date) ?? 0;
    perDay.set(slot.date, before + 1);
    return before < PER_DAY;
  });
  return others.slice(0, count);
}

function weekdayOf(date: string): number {
  const epochDay = parseDate(date);
  if (epochDay === null) throw new RangeError(`Not a date: ${date}`);
  return dayOfWeek(epochDay);
}
