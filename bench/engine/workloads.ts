import {
  buildDay,
  buildMarketplace,
  buildMonth,
  buildQuarter,
  type Workload,
} from "#scheduling/testing/workloads.ts";
import { DAY_MS } from "#scheduling/units.ts";
import { type ZoneTable, zoneTable } from "#scheduling/zoneTable.ts";

export interface NamedWork {
  readonly name: string;
  readonly budgetMicros: number;
  /** One mentor each. */
  readonly parts: readonly Workload[];
}

/** The four pieces of work of the design's "Pace" with their budgets. */
export function workloads(): NamedWork[] {
  return [
    { name: "W1: a day, 3 busy", budgetMicros: 3, parts: [buildDay()] },
    { name: "W2: a month, 80 busy", budgetMicros: 20, parts: [buildMonth()] },
    { name: "W3: 90 days over a clock change, 500 busy", budgetMicros: 100, parts: [buildQuarter()] },
    { name: "W4: 1,000 mentors × 14 days", budgetMicros: 10_000, parts: buildMarketplace() },
  ];
}

/** The zone's table for a workload, warm. */
export function tableOf({ schedule, query }: Workload): ZoneTable {
  return zoneTable(schedule.timezone, query.from - 5 * DAY_MS, query.until + 5 * DAY_MS);
}
