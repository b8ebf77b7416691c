import { dayOf, dayOfWeek } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { type Instant, wallClock } from "@/lib/time.ts";
import type { FreeSlot } from "./bookingStep.ts";

/** Limits the times of one day, so that the list covers several days. */
const PER_DAY = 2;

/**
 * The first available time on the weekday and at the time of day of an earlier session, in the viewer's zone; null when none
 * is available. It is at least a week after the earlier session, which is over.
 * @param slots earliest first, listed in `timeZone`
 * @param held the start of the earlier session
 */
export function sameTimeAgain(slots: readonly FreeSlot[], held: Instant, timeZone: string): FreeSlot | null {
  const { date, time } = wallClock(held, timeZone);
  return slots.find((slot) => slot.time === time && weekdayOf(slot.date) === weekdayOf(date)) ?? null;
}

/** The next available times, a few of each day, earliest first and without the suggested one. */
export function otherTimes(
  slots: readonly FreeSlot[],
  suggested: FreeSlot | null,
  count: number,
): FreeSlot[] {
  const perDay = new Map<string, number>();
  const others = slots.filter((slot) => {
    if (slot.startsAt === suggested?.startsAt) return false;
    const before = perDay.get(slot.date) ?? 0;
    perDay.set(slot.date, before + 1);
    return before < PER_DAY;
  });
  return others.slice(0, count);
}

function weekdayOf(date: LocalDate): number {
  return dayOfWeek(dayOf(date));
}
