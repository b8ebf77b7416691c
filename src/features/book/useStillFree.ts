import { useQuery } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import { type EpochMs, MINUTE_MS } from "#scheduling/units.ts";
import { monthOf } from "@/lib/months.ts";
import { wallClock } from "@/lib/time.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { bookableDates, bookablePart, freeSlotsOf, slotSearch } from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";

/**
 * Whether the chosen time is still available while the student types, and the available times from its day on. It keeps the
 * answer of the time step fresh. null until known.
 */
export function useStillFree(
  mentor: Mentor,
  choice: Choice,
  startsAt: EpochMs,
  timeZone: string,
): { isFree: boolean; next: FreeSlot[] } | null {
  const bookable = bookableDates(mentor.booking_window_days, timeZone);
  const { date } = wallClock(startsAt, timeZone);
  const range = bookablePart(monthOf(date), bookable) ?? { from: date, to: date };
  const times = useQuery({
    ...slotsQuery(slotSearch(mentor.id, choice, timeZone, range)),
    refetchInterval: MINUTE_MS,
  });
  if (!times.data) return null;
  const slots = freeSlotsOf(times.data);
  const isFree = slots.some((slot) => slot.startsAt === startsAt);
  return { isFree, next: slots.filter((slot) => slot.date >= date) };
}
