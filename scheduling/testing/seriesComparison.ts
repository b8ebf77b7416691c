/** Random series for the engine and its second implementation (bruteSeries.ts). */

import fc from "fast-check";
import { parseTime } from "../dates.ts";
import { judgeSeries, seriesStarts } from "../series.ts";
import { epochMs } from "../units.ts";
import { wallClockOf } from "../zonedTime.ts";
import { bruteSeries, bruteStarts } from "./bruteSeries.ts";
import { type Scenario, scenarioIn } from "./scenarios.ts";

export interface SeriesCase {
  scenario: Scenario;
  recurrence: { time: string; everyWeeks: 1 | 2; sessions: number };
}

/** A random mentor and a series that begins on a day of the scenario. */
export const seriesCaseIn = (zone: string): fc.Arbitrary<SeriesCase> =>
  fc.record({
    scenario: scenarioIn(zone),
    recurrence: fc.record({
      time: fc
        .integer({ min: 0, max: 95 })
        .map((quarter) => new Date(quarter * 900_000).toISOString().slice(11, 16)),
      everyWeeks: fc.constantFrom(1 as const, 2 as const),
      sessions: fc.integer({ min: 2, max: 5 }),
    }),
  });

export type SeriesEngine = (...args: Parameters<typeof judgeSeries>) => readonly { startsAt: number }[];

/** Whether engine and second implementation agree on a case. */
export function seriesAgree(
  { scenario: { schedule, taken, query }, recurrence }: SeriesCase,
  engine = judgeSeries as SeriesEngine,
  startsOf = seriesStarts,
): boolean {
  const { time, everyWeeks, sessions } = recurrence;
  const { date } = wallClockOf(schedule.timezone, epochMs(query.from));
  const starts = startsOf(schedule, { date, minuteOfDay: parseTime(time)!, everyWeeks, sessions });
  const terms = {
    duration: query.duration,
    now: query.now,
    serviceId: query.serviceId ?? "coaching",
    capacity: 2,
  };
  const expected = bruteStarts(schedule, { date, time, everyWeeks, sessions });
  return (
    JSON.stringify(starts) === JSON.stringify(expected) &&
    JSON.stringify(engine(schedule, taken, starts.toSorted(), terms)) ===
      JSON.stringify(bruteSeries(schedule, taken, expected.toSorted(), terms))
  );
}
