import { brokenEngines } from "#scheduling/testing/brokenEngines.ts";
import {
  findCounterexample,
  PROVE_RUNS,
  PROVE_SEED,
  proveInEveryZone,
  ZONES,
} from "#scheduling/testing/comparison.ts";
import type { Finding, Prove } from "../proof.ts";
import { compare } from "./comparison.ts";

/** Enough to find each mistake; the search ends at the first counterexample. */
const twinRuns = 8000;

export const zones: Prove = async (scale) => {
  const runs = scale === "long" ? Math.max(10_000, PROVE_RUNS) : PROVE_RUNS;
  const twins = Object.entries(brokenEngines).map(([mistake, engine]): Finding => {
    const found = findCounterexample(engine, twinRuns);
    return {
      promise: `an engine that ${mistake} is detected`,
      figure: found === null ? `not in ${twinRuns} cases` : `in ${found.schedule.timezone}`,
      holds: found !== null,
      twin: true,
    };
  });
  return { title: "Every zone of the world", findings: [compareInEveryZone(runs), ...twins], notes };
};

function compareInEveryZone(runs: number): Finding {
  const startedAt = performance.now();
  let cases = 0;
  let starts = 0;
  let complaint = "no difference";
  try {
    proveInEveryZone(runs, (scenario) => {
      cases += 1;
      starts += compare(scenario);
    });
  } catch (error) {
    complaint = String(error).slice(0, 600);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return {
    promise: "The slot engine and a second implementation agree on every start and on every reason",
    figure: `${cases} cases in ${ZONES.length} zones, ${starts} starts judged, seed ${PROVE_SEED} · ${complaint} · ${seconds} s`,
    holds: complaint === "no difference" && cases >= runs,
  };
}

const notes = `Random mentors, journeys, sessions and queries between 1973 and 2038, half of them around a day on which the zone's
clocks change. The second implementation is a brute force in Temporal that shares no code with the engine
(scheduling/testing/bruteForce.ts). \`PROVE_RUNS\` sets the number of cases and \`PROVE_SEED\` the seed.`;
