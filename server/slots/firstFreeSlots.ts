import type { Slot, SlotAnswer } from "#contract/slots.ts";
import { countLimits } from "#rules/limits.ts";
import { addDays } from "#scheduling/dates.ts";
import type { EpochMs, LocalDate, Minutes } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import type { SlotCache } from "./slotCache.ts";

/** A week is enough for most mentors, and a small response. */
const firstDays = 7;

export interface FirstFreeRequest {
  mentorId: string;
  service_id: string;
  duration: Minutes;
  /** How many to find. */
  count: number;
  /** The mentor's booking window. */
  windowDays: number;
}

/**
 * Returns the first free starts of a mentor, earliest first, from the same cache as `GET slots`: none that is known to be
 * taken. It searches as far as the page does (src/features/book/useFreeTimes.ts): this month and the next, and if they are
 * empty another 62 days. null if these are empty too and the booking window is longer.
 */
export async function firstFreeSlots(
  cache: Pick<SlotCache, "read">,
  { mentorId, service_id, duration, count, windowDays }: FirstFreeRequest,
  now: EpochMs,
): Promise<Slot[] | null> {
  // Every later instant is on this date of UTC or a later one. The last one of the window may be a day later in a zone.
  const timezone = "UTC";
  const today = wallClockOf(timezone, now).date;
  const last = addDays(today, windowDays + 1);
  const find = async (from: LocalDate, to: LocalDate): Promise<Slot[]> => {
    const asked = { from, to: to < last ? to : last, timezone, duration, service_id };
    if (asked.from > asked.to) return [];
    const { response } = await cache.read(mentorId, { ...asked, include: "available" });
    return (JSON.parse(response.body("identity").toString()) as SlotAnswer).days.flatMap(
      ({ slots }) => slots,
    );
  };

  const week = await find(today, addDays(today, firstDays - 1));
  if (week.length >= count) return week.slice(0, count);
  const endOfNext = endOfNextMonth(today);
  const found = [...week, ...(await find(addDays(today, firstDays), endOfNext))];
  if (found.length > 0) return found.slice(0, count);
  const furthest = addDays(endOfNext, countLimits.slotDays);
  const later = await find(addDays(endOfNext, 1), furthest);
  return later.length > 0 || last <= furthest ? later.slice(0, count) : null;
}

/** At most 61 days after a date. */
function endOfNextMonth(date: LocalDate): LocalDate {
  const [year = 0, month = 0] = date.split("-").map(Number);
  const [afterYear, afterMonth] = month >= 11 ? [year + 1, month - 10] : [year, month + 2];
  return addDays(`${afterYear}-${String(afterMonth).padStart(2, "0")}-01` as LocalDate, -1);
}
