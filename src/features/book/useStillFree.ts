import { useQuery } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import { MINUTE_MS } from "#scheduling/units.ts";
import { monthOf } from "@/lib/months.ts";
import { wallClock } from "@/lib/time.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { bookableDates, bookablePart, freeSlotsOf, isSame, timesQuestion } from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";

/**
 * Whether a chosen time is still offered while somebody types: the answer the time step asked for, kept fresh. Also the free
 * times from then on. null while nobody knows.
 */
export function useStillFree(
  mentor: Mentor,
  choice: Choice,
  startsAt: string,
  timeZone: string,
): { isFree: boolean; next: FreeSlot[] } | null {
  const bookable = bookableDates(mentor.booking_window_days, timeZone);
  const { date } = wallClock(startsAt, timeZone);
  const range = bookablePart(monthOf(date), bookable) ?? { from: date, to: date };
  const times = useQuery({
    ...slotsQuery(timesQuestion(mentor.id, choice, timeZone, range)),
    refetchInterval: MINUTE_MS,
  });
  if (!times.data) return null;
  const slots = freeSlotsOf(times.data);
  const isFree = slots.some((slot) => isSame(slot.starts_at, startsAt));
  return { isFree, next: slots.filter((slot) => slot.date >= date) };
}
