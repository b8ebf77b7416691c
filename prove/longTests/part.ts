import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { projectRoot } from "../../server/platform/config.ts";
import type { Prove } from "../proof.ts";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Of Playwright's report. */
interface JourneyReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** Of Vitest's report. */
interface TestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
}

/** The tests in files named `*.long.test.ts`. All others run in `npm test`. */
export const tests: Prove = async () => {
  const code = await run("unit", { TESTS: "long" });
  const report: TestReport = await read("vitest.json");
  const { numPassedTests, numFailedTests, numPendingTests } = report;
  const counts = { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  return {
    title: "Tests that are long, or about rare faults",
    findings: [finding("every test in a file *.long.test.ts passes", code, counts)],
  };
};

/** The journeys with the tag @long. All others run in `npm test`. */
export const journeys: Prove = async () => {
  const code = await run("e2e", { JOURNEYS: "long" });
  const { stats }: JourneyReport = await read("playwright.json");
  const { expected, unexpected, flaky, skipped } = stats;
  const counts = { passed: expected, failed: unexpected + flaky, skipped };
  return {
    title: "Journeys that are long, or about rare devices",
    findings: [finding("every journey with the tag @long passes", code, counts)],
  };
};

function run(step: string, env: Record<string, string>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/test.mjs", step], {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("close", resolve);
  });
}

async function read<Report>(name: string): Promise<Report> {
  return JSON.parse(await readFile(`${projectRoot}/artefacts/${name}`, "utf8"));
}

function finding(promise: string, code: number | null, { passed, failed, skipped }: Counts) {
  return {
    promise,
    figure: `${passed} passed, ${failed} failed, ${skipped} skipped`,
    holds: code === 0 && passed > 0 && failed + skipped === 0,
  };
}
