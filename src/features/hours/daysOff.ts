import type { BlockedDate } from "#contract/hours.ts";
import { addDays } from "#scheduling/dates.ts";
import type { LocalDate } from "#scheduling/units.ts";

/** Consecutive days off with the same reason. */
export type DaysOffRange = { id: string; from: LocalDate; to: LocalDate; reason: string | null };

/** @param days ascending */
export function rangesOf(days: readonly BlockedDate[]): DaysOffRange[] {
  const ranges: DaysOffRange[] = [];
  for (const { id, date, reason } of days) {
    const last = ranges.at(-1);
    if (last && last.reason === reason && addDays(last.to, 1) === date) last.to = date;
    else ranges.push({ id, from: date, to: date, reason });
  }
  return ranges;
}
