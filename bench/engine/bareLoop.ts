/**
 * How fast the work could be at best: one loop of integers from the same rows to the same starts, with everything left
 * out that the four workloads do not need (windows that touch, cross midnight or a clock change, buffers, notice,
 * limits, seats, rows in the wrong order, malformed rows).
 */
import type { Workload } from "#scheduling/testing/workloads.ts";
import { changesUpTo, type ZoneTable } from "#scheduling/zoneTable.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** @param table a warm table of the zone's offsets that covers the query */
export function bareLoop({ schedule, taken, query }: Workload, table: ZoneTable): number[] {
  const weekly: number[][] = [[], [], [], [], [], [], []];
  const dated: number[] = [];
  for (const { day_of_week, specific_date, start_time, end_time } of schedule.windows) {
    if (day_of_week === null)
      dated.push(epochDay(specific_date!), milliseconds(start_time), milliseconds(end_time));
    else weekly[day_of_week]!.push(milliseconds(start_time), milliseconds(end_time));
  }
  const blocked = schedule.blocked_dates.map(epochDay);
  const length = query.duration * MINUTE;
  const step = schedule.slot_interval * MINUTE;
  const { changes, wallChanges, offsets } = table;
  const firstDay = (query.from + offsets[changesUpTo(changes, query.from)]!) / DAY;
  const lastDay = (query.until + offsets[changesUpTo(changes, query.until)]!) / DAY;

  const starts: number[] = [];
  let change = changesUpTo(wallChanges, firstDay * DAY);
  let weekday = (firstDay + 4) % 7;
  let b = 0;
  let d = 0;
  for (let day = firstDay; day < lastDay; day++) {
    const windows = weekly[weekday]!;
    weekday = weekday === 6 ? 0 : weekday + 1;
    let extra = 0;
    while (d + extra < dated.length && dated[d + extra] === day) extra += 3;
    if (!blocked.includes(day)) {
      const count = windows.length + extra;
      for (let w = 0; w < count; ) {
        const isDated = w >= windows.length;
        const opens = isDated ? dated[d + w - windows.length + 1]! : windows[w]!;
        const closes = isDated ? dated[d + w - windows.length + 2]! : windows[w + 1]!;
        w += isDated ? 3 : 2;
        while (wallChanges[change]! <= day * DAY + opens) change += 1;
        const midnight = day * DAY - offsets[change]!;
        const end = midnight + closes - length;
        for (let start = midnight + opens; start <= end; start += step) {
          while (b < taken.length && taken[b]!.busyUntil <= start) b += 1;
          if (b === taken.length || taken[b]!.busyFrom >= start + length) starts.push(start);
        }
      }
    }
    d += extra;
  }
  return starts;
}

/** 'HH:MM' since midnight. */
function milliseconds(time: string): number {
  const hour = (time.charCodeAt(0) - 48) * 10 + time.charCodeAt(1) - 48;
  return (hour * 60 + (time.charCodeAt(3) - 48) * 10 + time.charCodeAt(4) - 48) * MINUTE;
}

function epochDay(date: string): number {
  return Date.parse(date) / DAY;
}
