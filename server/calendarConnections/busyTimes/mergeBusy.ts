import { type Intervals, tidyIntervals } from "#scheduling/interval.ts";
import { epochMs } from "#scheduling/units.ts";
import type { BusyInterval } from "./busyInterval.ts";

/**
 * Joins intervals that overlap or touch, if they have the same title and are both of whole days or both not, and leaves out
 * what lies outside of [from, until). Ascending.
 */
export function mergeBusy(
  busy: readonly BusyInterval[],
  { from, until }: { from: number; until: number },
): BusyInterval[] {
  const alike = new Map<string, { facts: Pick<BusyInterval, "isAllDay" | "title">; times: Intervals }>();
  for (const { startsAt, endsAt, isAllDay, title } of busy) {
    const key = JSON.stringify([isAllDay, title]);
    const group = alike.get(key) ?? { facts: { isAllDay, title }, times: [] };
    alike.set(key, group);
    group.times.push(Math.max(startsAt, from), Math.min(endsAt, until));
  }
  const merged: BusyInterval[] = [];
  for (const { facts, times } of alike.values()) {
    const tidy = tidyIntervals(times);
    for (let at = 0; at < tidy.length; at += 2) {
      merged.push({ startsAt: epochMs(tidy[at]!), endsAt: epochMs(tidy[at + 1]!), ...facts });
    }
  }
  return merged.sort((one, other) => one.startsAt - other.startsAt || one.endsAt - other.endsAt);
}
