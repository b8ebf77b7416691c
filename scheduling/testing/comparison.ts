/** Engine against brute force, over every zone, in a form that a deliberately broken engine can be put through too. */
import fc from "fast-check";
import type { Occupancy, SlotQuery } from "../availability.ts";
import type { Schedule } from "../schedule.ts";
import { bruteForce } from "./bruteForce.ts";
import { type Scenario, scenarioIn } from "./scenarios.ts";

export type Engine = (schedule: Schedule, taken: readonly Occupancy[], query: SlotQuery) => number[];

/** Scenarios of an ordinary run; `PROVE_RUNS=1000000` for a long one, `PROVE_SEED` for others than the usual ones. */
export const PROVE_RUNS = Number(process.env.PROVE_RUNS ?? 1500);
export const PROVE_SEED = Number(process.env.PROVE_SEED ?? 20_260_329);

/** Every zone the runtime names, and links and zones it leaves out of that list. */
export const ZONES: readonly string[] = [
  ...new Set([...Intl.supportedValuesOf("timeZone"), "UTC", "Asia/Kolkata", "Asia/Kathmandu", "Etc/GMT+12"]),
];

/** The starts the brute force finds free. */
const bruteStarts: Engine = (schedule, taken, query) =>
  bruteForce(schedule, taken, query)
    .filter((slot) => slot.verdict === "free")
    .map((slot) => slot.startsAt);

/** Runs `check` on `runs` scenarios, at least one in every zone; it throws to refuse one. */
export function proveInEveryZone(
  runs: number,
  check: (scenario: Scenario) => void,
  scenarios = scenarioIn,
): void {
  const perZone = Math.max(1, Math.ceil(runs / ZONES.length));
  for (const [index, zone] of ZONES.entries()) {
    fc.assert(fc.property(scenarios(zone), check), { numRuns: perZone, seed: PROVE_SEED + index });
  }
}

/** The first scenario on which an engine differs from another, or null when `runs` of them show none. */
export function findCounterexample(
  engine: Engine,
  runs: number,
  other = bruteStarts,
  scenarios = scenarioIn,
): Scenario | null {
  const perZone = Math.max(1, Math.ceil(runs / ZONES.length));
  for (const [index, zone] of ZONES.entries()) {
    const property = fc.property(scenarios(zone), ({ schedule, taken, query }) => {
      const found = engine(schedule, taken, query);
      return JSON.stringify(found) === JSON.stringify(other(schedule, taken, query));
    });
    const result = fc.check(property, { numRuns: perZone, seed: PROVE_SEED + index, endOnFailure: true });
    if (result.counterexample !== null) return result.counterexample[0];
  }
  return null;
}
