/** The walk alone: open and taken time are there as instants already, only the starts between them are left to find. */
import type { Workload } from "#scheduling/testing/workloads.ts";
import type { ZoneTable } from "#scheduling/zoneTable.ts";
import { bareLoop } from "./bareLoop.ts";

const MINUTE = 60_000;

export interface ReadyIntervals {
  /** `[from0, until0, …]`, epoch ms, ascending. */
  readonly open: readonly number[];
  readonly busy: readonly number[];
  readonly step: number;
  readonly length: number;
}

/** Prepares a workload outside of the measured time. */
export function readyIntervals(workload: Workload, table: ZoneTable): ReadyIntervals {
  const { schedule, taken, query } = workload;
  const step = schedule.slot_interval * MINUTE;
  // Without bookings and with sessions as long as a step, the starts are the cells of open time.
  const cells = bareLoop(
    { schedule, taken: [], query: { ...query, duration: schedule.slot_interval } },
    table,
  );
  const open: number[] = [];
  for (const start of cells) {
    if (open.at(-1) === start) open[open.length - 1] = start + step;
    else open.push(start, start + step);
  }
  const busy = taken.flatMap(({ busyFrom, busyUntil }) => [busyFrom, busyUntil]);
  return { open, busy, step, length: query.duration * MINUTE };
}

export function walkReady({ open, busy, step, length }: ReadyIntervals): number[] {
  const starts: number[] = [];
  let b = 0;
  for (let w = 0; w < open.length; w += 2) {
    const end = open[w + 1]! - length;
    for (let start = open[w]!; start <= end; start += step) {
      while (b < busy.length && busy[b + 1]! <= start) b += 2;
      if (b === busy.length || busy[b]! >= start + length) starts.push(start);
    }
  }
  return starts;
}
