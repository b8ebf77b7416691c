import assert from "node:assert/strict";
import { plainStarts } from "#scheduling/plainWalk.ts";
import { findSlots } from "#scheduling/slots.ts";
import { earliestStart } from "#scheduling/startJudge.ts";
import { brokenEngines } from "#scheduling/testing/brokenEngines.ts";
import { brokenWalks, judgedFree } from "#scheduling/testing/brokenWalks.ts";
import {
  findCounterexample,
  PROVE_RUNS,
  PROVE_SEED,
  proveInEveryZone,
  ZONES,
} from "#scheduling/testing/comparison.ts";
import { nearlyPlainScenarioIn } from "#scheduling/testing/plainScenarios.ts";
import type { Finding, Prove } from "../proof.ts";
import { compare } from "./comparison.ts";

/** At least one in each zone. */
const shortRuns = Math.ceil(PROVE_RUNS / 4);
/** Enough to find each mistake; the search ends at the first counterexample. */
const twinRuns = 8000;
/** Few zones ever changed their clocks over midnight. */
const walkTwinRuns = 30_000;

export const zones: Prove = async (scale) => {
  const runs = scale === "long" ? Math.max(10_000, PROVE_RUNS) : shortRuns;
  const twins = Object.entries(brokenEngines).map(([mistake, engine]): Finding => {
    const found = findCounterexample(engine, twinRuns);
    return {
      promise: `an engine that ${mistake} is detected`,
      figure: found === null ? `not in ${twinRuns} cases` : `in ${found.schedule.timezone}`,
      holds: found !== null,
      twin: true,
    };
  });
  const walks = Object.entries(brokenWalks).map(([mistake, engine]): Finding => {
    const found = findCounterexample(engine, walkTwinRuns, judgedFree, nearlyPlainScenarioIn);
    return {
      promise: `${mistake} is detected`,
      figure: found === null ? `not in ${walkTwinRuns} cases` : `in ${found.schedule.timezone}`,
      holds: found !== null,
      twin: true,
    };
  });
  const findings = [
    compareInEveryZone(runs),
    ...twins,
    compareWalk(scale === "long" ? Math.max(100_000, PROVE_RUNS) : shortRuns),
    ...walks,
  ];
  return { title: "Every zone of the world", findings, notes };
};

/** The plain walk against the judge, on schedules of which only some are plain. */
function compareWalk(runs: number): Finding {
  const startedAt = performance.now();
  let cases = 0;
  let plain = 0;
  let starts = 0;
  let complaint = "no difference";
  try {
    proveInEveryZone(
      runs,
      ({ schedule, taken, query }) => {
        cases += 1;
        const found = findSlots(schedule, taken, query);
        assert.deepEqual(found, judgedFree(schedule, taken, query));
        starts += found.length;
        const from = Math.max(query.from, earliestStart(schedule, query.now));
        if (from < query.until && plainStarts(schedule, taken, query, from) !== null) plain += 1;
      },
      nearlyPlainScenarioIn,
    );
  } catch (error) {
    complaint = String(error).slice(0, 600);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return {
    promise: "The walk for plain schedules and the judge for all others find the same free starts",
    figure: `${cases} cases, ${plain} of them plain, ${starts} starts, seed ${PROVE_SEED} · ${complaint} · ${seconds} s`,
    // Enough of both kinds, or the test between them was not tried.
    holds: complaint === "no difference" && cases >= runs && plain > cases / 10 && plain < cases * 0.9,
  };
}

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
(scheduling/testing/bruteForce.ts). The walk is compared on schedules at the border of what is plain: most have at most one
feature that only the judge decides about. \`PROVE_RUNS\` sets the number of cases and \`PROVE_SEED\` the seed.`;
